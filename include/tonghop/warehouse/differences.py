"""What moved between two releases, why, and whom it passed: read from the rows that only one of the two knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, load_sql, rows
from tonghop.warehouse.restore import require_release

Record = dict[str, Any]

LEVELS = ("nation", "department", "grouping", "province", "district", "grassroots")
_CELL = ("numerator", "denominator", "rate", "rate_low", "rate_high", "basis", "reporting_units", "expected_units",
         "withheld_units")
_BATCH = 2_000


class Comparison:
    """Two releases laid beside each other, as long as its connection is open.

    Attributes:
        releases: every release from the earlier to the later, as dictionaries of ``diff_releases.sql``.
        register: the loads of the register and the catalogue between the two that changed it.
    """

    def __init__(self, connection: Connection, settings: Settings, releases: list[Record],
                 parameters: dict[str, Any]) -> None:
        self._connection = connection
        self._settings = settings
        self._parameters = parameters
        self.releases = releases
        self.register = self._changed_register()
        rows(connection, load_sql(settings, "diff_figures"), parameters)
        for name in ("diff_causes", "diff_reached"):
            rows(connection, load_sql(settings, name), {**parameters, **self._baseline()})

    def _changed_register(self) -> list[Record]:
        loads = [each["reference_load_id"] for each in (self.releases[0], self.releases[-1])]
        if None in loads:
            return []
        return self._read("diff_register", low_load=min(loads), high_load=max(loads))

    def _baseline(self) -> dict[str, Any]:
        """Between which moments the two were built, and whether the later one goes back behind the earlier."""
        low, high = self.releases[0], self.releases[-1]
        return {
            "low_built": low["built_from"], "high_built": high["built_until"],
            "is_restored": high["built_until"] < low["built_from"],
            "is_register_changed": bool(self.register),
        }

    def summary(self) -> list[Record]:
        """Per level how many figures ``appeared``, ``vanished`` and ``changed``."""
        return self._read("diff_summary")

    def causes(self) -> list[Record]:
        """What moved figures, that which moved most first: ``kind``, ``reference``, ``figures``, who answers for it.

        Kinds: submission, withdrawal, register, waiver, closing, finding, restore, code.
        """
        return self._read("diff_cause_list")

    def ranks(self) -> list[Record]:
        """Provinces whose rank by rate moved, with the names of those they ``passed`` and were ``passed_by``.

        None where another level than theirs is asked for.
        """
        return self._read("diff_ranks") if self._parameters["level"] in (None, "province") else []

    def populations(self, shown: int | None) -> list[Record]:
        """Counts of populations that moved, the largest first (None: all); each carries the ``total``."""
        return self._read("diff_populations", shown=shown)

    def figures(self, shown: int | None) -> Iterator[Record]:
        """The moved figures, the largest first (None: all), each with ``before``, ``after`` and ``causes``.

        They are fetched as they are read: a release that moves the whole nation does not fit into memory.
        """
        with self._connection.cursor(name="figures") as cursor:
            cursor.itersize = _BATCH
            cursor.execute(load_sql(self._settings, "diff_listed"), {**self._parameters, "shown": shown})
            names: list[str] = []
            for row in cursor:
                names = names or [column.name for column in cursor.description or ()]
                yield figure(dict(zip(names, row, strict=True)))

    def _read(self, name: str, **more: Any) -> list[Record]:
        return records(self._connection, load_sql(self._settings, name), {**self._parameters, **more})


@contextmanager
def compare(settings: Settings, before: int, after: int, *, indicator: str | None = None,
            level: str | None = None) -> Iterator[Comparison]:
    """Lay two releases beside each other; ``before`` may be the later one.

    Args:
        indicator: this indicator alone.
        level: figures and counts of this level alone.

    Raises:
        TonghopError: there is no such release, indicator or level.
    """
    if level is not None and level not in LEVELS:
        raise TonghopError(f"'{level}' is no level.", f"Levels are {', '.join(LEVELS)}.")
    with connect(settings, "steward") as connection:
        for release_id in (before, after):
            require_release(connection, release_id)
        _require_indicator(connection, indicator)
        parameters = {"low": min(before, after), "high": max(before, after), "is_forward": before <= after,
                      "indicator": indicator, "level": level}
        releases = records(connection, load_sql(settings, "diff_releases"), parameters)
        yield Comparison(connection, settings, releases, parameters)


def figure(row: Record) -> Record:
    """A row with ``before_*`` and ``after_*`` columns as one figure on two sides; a side without a basis is None."""
    sides: dict[str, Record | None] = {}
    for side in ("before", "after"):
        cell = {name: row.pop(f"{side}_{name}") for name in _CELL if f"{side}_{name}" in row}
        reporting, expected = cell["reporting_units"], cell["expected_units"]
        cell["coverage"] = reporting / expected if expected else None
        sides[side] = cell if cell["basis"] is not None else None
    return {**row, **sides, "difference": _difference(sides["before"], sides["after"])}


def _difference(before: Record | None, after: Record | None) -> Record | None:
    """After less before, where both are known."""
    if before is None or after is None:
        return None
    return {
        name: after[name] - before[name] if None not in (after[name], before[name]) else None
        for name in ("numerator", "denominator", "rate")
    }


def records(connection: Connection, query: str, parameters: dict[str, Any]) -> list[Record]:
    """The rows of one statement, each a dictionary by column."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def _require_indicator(connection: Connection, indicator: str | None) -> None:
    """Without this a misspelled indicator would look like one that did not move."""
    if indicator is None or rows(connection, "select 1 from store.indicator_key where indicator = %s", (indicator,)):
        return
    raise TonghopError(f"No indicator is called '{indicator}'.",
                       "'tonghop sql \"select indicator, name_vi from marts.dim_indicator\"' lists them.")
