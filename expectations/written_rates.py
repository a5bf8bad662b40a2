"""A rate as somebody wrote it, beside its fraction: in whole numbers only, so that half-up is exact in any database.

``99,55%`` is read as 9955 at a scale of 100. SQLite has no exact decimals, and PostgreSQL's would be others.
"""

from __future__ import annotations

from dataclasses import dataclass

from expectations import predicates

_DIGITS = "'0123456789'"


@dataclass(frozen=True)
class WrittenRate:
    """SQL about one written rate. Counts up to 10^10 at six decimals do not overflow.

    Attributes:
        numerator, denominator, stated: columns, as SQL.
        decimals: how many the column is to be read with, if it is a number; None: it is a text, which tells.
    """

    numerator: str
    denominator: str
    stated: str
    decimals: int | None

    def differs(self, tolerance_points: float) -> str:
        """True where the rate does not fit by more than the tolerance, or a text is no rate."""
        broken = predicates.rate_differs(self.numerator, self.denominator, self._scaled, self._rounded)
        if tolerance_points:
            off = (f"abs({self._scaled} * {self.denominator} - 100 * {self._scale} * {self.numerator})"
                   f" > {tolerance_points!r} * {self._scale} * {self.denominator}")
            broken = f"{broken} and {off}"
        if self.decimals is not None:
            return broken
        return f"(({broken}) or ({self._text} <> '' and not {self._readable}))"

    def right(self) -> str:
        """The rate that would fit, as text, at the same decimals."""
        point = "'.'" if self.decimals is not None else f"case when {self._written} like '%,%' then ',' else '.' end"
        return (f"cast({self._rounded} / {self._scale} as varchar(20)) || case when {self._scale} > 1 then {point} ||"
                f" substr(cast({self._scale} + {self._rounded} % {self._scale} as varchar(20)), 2) else '' end || '%'")

    @property
    def _written(self) -> str:
        return f"cast({self.stated} as varchar(40))"

    @property
    def _text(self) -> str:
        return f"trim(replace(replace({self._written}, '%', ''), ',', '.'))"

    @property
    def _readable(self) -> str:
        """Digits, with at most one point among them."""
        around = f"rtrim(ltrim({self._text}, {_DIGITS}), {_DIGITS})"
        return f"({around} in ('', '.') and {self._text} not in ('', '.') and length({self._text}) <= 16)"

    @property
    def _scale(self) -> str:
        """Ten to the power of the decimals."""
        if self.decimals is not None:
            return str(10**self.decimals)
        has_point = f"(length({self._text}) - length(replace({self._text}, '.', '')))"
        decimals = f"{has_point} * (length({self._text}) - length(rtrim({self._text}, {_DIGITS})))"
        return f"case when {self._readable} then cast('1' || substr('000000', 1, {decimals}) as bigint) end"

    @property
    def _scaled(self) -> str:
        """The written rate without its point."""
        if self.decimals is not None:
            return f"cast(round({self.stated} * {self._scale}) as bigint)"
        return f"case when {self._readable} then cast(replace({self._text}, '.', '') as bigint) end"

    @property
    def _rounded(self) -> str:
        """The exact rate, rounded half-up, without its point: floor(100 n s / d + 1/2)."""
        numerator, denominator = (f"cast({count} as bigint)" for count in (self.numerator, self.denominator))
        return f"((200 * {self._scale} * {numerator} + {denominator}) / nullif(2 * {denominator}, 0))"
