"""Expectations about numerators, denominators and rates for any table: name its columns, nothing else is asked for.

They judge tables of PostgreSQL and SQLite, and pandas frames (through SQLite in memory; a batch of Spark is an error).
Counts are whole numbers; a null leaves no verdict. The predicates are those of the nightly rules (``predicates.py``)::

    suite.add_expectation(ExpectDenominatorToEqualPopulation(
        denominator="reviewed_of", population="registered", keys=["province", "period"]))

``keys`` are columns that say which row it is, beside the figures, in the sample of unexpected rows.
"""

from __future__ import annotations

from typing import Any, ClassVar

from great_expectations.compatibility import pydantic

from expectations import predicates, written_rates
from expectations.broken_rows import BROKEN_AMONG
from expectations.showing import NoBrokenRows


class _Anywhere(NoBrokenRows):
    """Fills the condition from the columns that were named, and refuses columns that the batch does not have.

    SQLite takes an unknown name in quotes for a text: what was misspelt would be judged, and pass.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = (*NoBrokenRows.metric_dependencies, "table.columns")
    says: ClassVar[str]

    keys: list[str] = []

    @pydantic.root_validator(skip_on_failure=True)
    def _fill_from_columns(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805 - a validator of pydantic
        values["broken_where"] = cls.broken(values)
        return values

    @classmethod
    def broken(cls, fields: dict[str, Any]) -> str:
        """The condition, over the columns that the fields name."""
        raise NotImplementedError

    @classmethod
    def columns(cls, fields: dict[str, Any]) -> list[str]:
        """The columns that the batch must have."""
        raise NotImplementedError

    @classmethod
    def shown(cls, fields: dict[str, Any]) -> dict[str, str]:
        return {name: quoted(name) for name in [*fields["keys"], *cls.columns(fields)]}

    @classmethod
    def sentence(cls, fields: dict[str, Any], meta: dict[str, Any]) -> tuple[str, dict[str, str]]:
        own = {name for name in cls.__fields__ if f"${name}" in cls.says}
        return cls.says, {name: _worded(fields.get(name)) for name in own}

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        there = [str(name) for name in metrics["table.columns"]]
        if missing := [name for name in [*self.columns(self.dict()), *self.keys] if name not in there]:
            raise ValueError(f"{type(self).__name__}: the batch has no column {', '.join(map(repr, missing))};"
                             f" it has {', '.join(there)}. Name one of these.")
        return super()._validate(metrics, runtime_configuration, execution_engine)


class _AnywhereAmong(_Anywhere):
    """Judges the rows of a query over the batch, such as one row a population."""

    metric_dependencies: ClassVar[tuple[str, ...]] = (BROKEN_AMONG, "table.columns")
    success_keys: ClassVar[tuple[str, ...]] = ("broken_where", "among")

    among: str = ""

    @pydantic.root_validator(skip_on_failure=True)
    def _fill_query(cls, values: dict[str, Any]) -> dict[str, Any]:  # noqa: N805
        values["among"] = cls.query(values)
        return values

    @classmethod
    def query(cls, fields: dict[str, Any]) -> str:
        """The query over ``batch`` whose rows are judged."""
        raise NotImplementedError

    def _counted(self, metrics: dict[str, Any]) -> tuple[int, int]:
        return metrics[BROKEN_AMONG]["broken"], metrics[BROKEN_AMONG]["judged"]

    def _source(self) -> str:
        return f"({self.among}) as judged"


class ExpectNumeratorToBeWithinDenominator(_Anywhere):
    """No numerator is above its denominator.

    Bad: 74/73. Good: 73/73.
    """

    says = "$numerator must not be above $denominator."
    numerator: str
    denominator: str

    @classmethod
    def broken(cls, fields: dict[str, Any]) -> str:
        return predicates.numerator_above(quoted(fields["numerator"]), quoted(fields["denominator"]))

    @classmethod
    def columns(cls, fields: dict[str, Any]) -> list[str]:
        return [fields["numerator"], fields["denominator"]]


class ExpectDenominatorToEqualPopulation(_Anywhere):
    """Every denominator is the count of its population, where that is known.

    Bad: 17/88 where 73 agencies are registered. Good: 67/73.
    """

    says = "$denominator must equal $population wherever both are known."
    denominator: str
    population: str

    @classmethod
    def broken(cls, fields: dict[str, Any]) -> str:
        return predicates.denominator_off(quoted(fields["denominator"]), quoted(fields["population"]))

    @classmethod
    def columns(cls, fields: dict[str, Any]) -> list[str]:
        return [fields["denominator"], fields["population"]]


class ExpectStatedRateToFitItsCounts(_Anywhere):
    """A rate as it was written is numerator over denominator, rounded half-up at the decimals it was written with.

    The column is a text as it stood in the report ("99,55%", "91.78"), or a number with ``decimals`` given. A text that
    is no rate fits nothing. ``tolerance_points`` lets slips of the pen pass, in points of a hundred.

    Bad: 709/724 written "99,55%" (it is 97,93). Good: 67/73 written "91,78%" or "92%".
    """

    says = ("$stated_rate must be $numerator / $denominator, rounded half-up at the decimals it is written with"
            " (tolerance: $tolerance_points points).")
    numerator: str
    denominator: str
    stated_rate: str
    decimals: int | None = pydantic.Field(default=None, ge=0, le=6)
    tolerance_points: float = pydantic.Field(default=0.0, ge=0)

    @classmethod
    def broken(cls, fields: dict[str, Any]) -> str:
        return _rate(fields).differs(fields["tolerance_points"])

    @classmethod
    def columns(cls, fields: dict[str, Any]) -> list[str]:
        return [fields["numerator"], fields["denominator"], fields["stated_rate"]]

    @classmethod
    def shown(cls, fields: dict[str, Any]) -> dict[str, str]:
        return {**super().shown(fields), "expected": _rate(fields).right()}


class ExpectPopulationToHaveOneDenominator(_AnywhereAmong):
    """One population has one denominator, however many figures quote it.

    ``population`` are the columns that together say which population it is: unit, period, and its name.

    Bad: 67/73 and 38/73 beside 41/88 and 17/88. Good: all of 73.
    """

    says = "All figures of one $population must have the same $denominator."
    denominator: str
    population: list[str]

    @classmethod
    def query(cls, fields: dict[str, Any]) -> str:
        by, denominator = ", ".join(map(quoted, fields["population"])), quoted(fields["denominator"])
        return (f"select {by}, count(distinct {denominator}) as denominators, min({denominator}) as lowest,"  # noqa: S608
                f" max({denominator}) as highest, count({denominator}) as figures from batch"
                f" where {denominator} > 0 group by {by}")

    @classmethod
    def broken(cls, fields: dict[str, Any]) -> str:
        return predicates.several("denominators")

    @classmethod
    def columns(cls, fields: dict[str, Any]) -> list[str]:
        return [*fields["population"], fields["denominator"]]

    @classmethod
    def shown(cls, fields: dict[str, Any]) -> dict[str, str]:
        return {**{name: quoted(name) for name in fields["population"]},
                **{name: name for name in ("denominators", "lowest", "highest", "figures")}}


class ExpectDeclaredTotalToEqualItsChildren(_AnywhereAmong):
    """A declared total is the sum of the units right under it; where one of them is silent there is no verdict.

    ``unit`` and ``parent`` hold the same ids; ``within`` are columns in which both rows agree, such as the period.

    Bad: 224 declared over children that sum to 222. Good: 222.
    """

    says = "$total must be the sum of the $total of the units whose $parent it is, where all of them state one."
    total: str
    unit: str
    parent: str
    within: list[str] = []

    @classmethod
    def query(cls, fields: dict[str, Any]) -> str:
        total, unit, parent = (quoted(fields[name]) for name in ("total", "unit", "parent"))
        within = [quoted(name) for name in fields["within"]]
        same = "".join(f" and child.{name} = declared.{name}" for name in within)
        by = ", ".join(f"declared.{name}" for name in [unit, *within, total])
        whole = f"case when count(*) = count(child.{total}) then sum(child.{total}) end"
        return (f"select {by}, {whole} as computed, declared.{total} - {whole} as imbalance"  # noqa: S608
                f" from batch as declared inner join batch as child on child.{parent} = declared.{unit}{same}"
                f" where declared.{total} is not null group by {by}")

    @classmethod
    def broken(cls, fields: dict[str, Any]) -> str:
        return predicates.out_of_balance("imbalance")

    @classmethod
    def columns(cls, fields: dict[str, Any]) -> list[str]:
        return [fields["unit"], fields["parent"], *fields["within"], fields["total"]]

    @classmethod
    def shown(cls, fields: dict[str, Any]) -> dict[str, str]:
        return {**{name: quoted(name) for name in [fields["unit"], *fields["within"], fields["total"]]},
                "computed": "computed", "imbalance": "imbalance"}


class ExpectPartsToAddUpToTheWhole(_Anywhere):
    """Parts that are all of a whole add up to it.

    Bad: 67 done and 05 not, of 73. Good: 67 + 06 = 73.
    """

    says = "The sum of $parts must be $whole."
    parts: list[str] = pydantic.Field(min_items=2)
    whole: str

    @classmethod
    def broken(cls, fields: dict[str, Any]) -> str:
        return predicates.not_the_sum(quoted(fields["whole"]), *map(quoted, fields["parts"]))

    @classmethod
    def columns(cls, fields: dict[str, Any]) -> list[str]:
        return [*fields["parts"], fields["whole"]]


def quoted(column: str) -> str:
    """A column's name as SQL, whatever letters it has."""
    return '"' + column.replace('"', '""') + '"'


def _rate(fields: dict[str, Any]) -> written_rates.WrittenRate:
    return written_rates.WrittenRate(quoted(fields["numerator"]), quoted(fields["denominator"]),
                                     quoted(fields["stated_rate"]), fields.get("decimals"))


def _worded(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
