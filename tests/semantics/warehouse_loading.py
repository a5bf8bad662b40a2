"""A random nation straight into ``reference.*`` and ``raw.*``, and what the night published back as plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import md5
from typing import Any

from psycopg2.extensions import connection as Connection
from psycopg2.extras import execute_values
from register import Register, Version, last_day
from world import Case, Catalogue

from tonghop.night import steps
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows


def load(settings: Settings, cases: list[Case], catalogue: Catalogue, register: Register | None = None) -> None:
    """Write register, catalogue and submissions; without a register each month has its case's units."""
    with connect(settings) as connection:
        _load_catalogue(connection, catalogue)
        load_register(connection, register or Register(tuple(_monthly(cases)), ()))
        load_statements(connection, cases)


def _load_catalogue(connection: Connection, catalogue: Catalogue) -> None:
    _insert(connection, "reference.population (population, name_vi, name_en, counts, counted_from, unit_types,"
            " composed_of, note)",
            [(each.code, each.code, each.code, "units", list(each.counted_from), list(each.unit_types),
              list(each.composed_of), "") for each in catalogue.populations.values()])
    _insert(connection, "reference.indicator (indicator, indicator_group, name_vi, name_en, kind, population,"
            " reported_by, is_cumulative, part_of, parts_are_all, complement_of, nested_in, may_exceed_one, source_report)",
            [(each.code, "group", each.code, each.code, each.kind, each.population, each.reported_by,
              each.is_cumulative, each.part_of, each.parts_are_all, each.complement_of, each.nested_in, each.may_exceed_one, "")
             for each in catalogue.indicators.values()])
    _insert(connection, "reference.reporter (reporter, unit_types, parent_level, note)",
            [(each.code, list(each.unit_types), each.parent_level, "") for each in catalogue.reporters.values()])


def _monthly(cases: list[Case]) -> Iterator[Version]:
    """The units of each case in its month; those of the last one stay, for today's tree has a nation."""
    for case in cases:
        last = last_day(case.period)
        closes = date.max if case is cases[-1] else last + timedelta(days=1)
        yield from (Version(unit, last.replace(day=1), closes) for unit in case.units)


def load_register(connection: Connection, register: Register) -> None:
    """Replace the register by this one: another state of the reference data."""
    content_hash = md5(repr(register).encode()).hexdigest()
    rows(connection, "insert into reference.load (content_hash, sources) values (%s, 'random')", (content_hash,))
    rows(connection, "delete from reference.succession")
    rows(connection, "delete from reference.org_unit")
    _insert(connection, "reference.org_unit (unit_id, code, name, ascii_name, type, level, parent_unit_id, valid,"
            " source)",
            [(unit.unit_id, unit.code, unit.unit_id, unit.unit_id, unit.type, unit.level, unit.parent,
              f"[{each.opens},{'' if each.closes == date.max else each.closes})", "random:1")
             for each in register.versions for unit in (each.unit,)])
    if register.successions:
        _insert(connection, "reference.succession (old_unit_id, new_unit_id, relation, effective_on)",
                [(each.old, each.new, each.relation, each.effective_on) for each in register.successions])


def load_statements(connection: Connection, cases: list[Case], received_on: date = date(2012, 1, 1)) -> None:
    """Write the submissions and statements of these cases, all received on one day."""
    submissions: dict[int, tuple[Any, ...]] = {}
    counted: dict[tuple[int, str], int] = defaultdict(int)
    statements = []
    for case in cases:
        for each in case.statements:
            kind = "withdrawal" if each.action == "withdraw" else "delimited"
            submissions[each.seq] = (each.seq, f"S{each.seq}", each.sender, kind, "file", f"{each.seq}", each.form, "r",
                                     "1", received_on, "loaded")
            counted[each.seq, case.period] += 1
            rate = None if each.rate is None else each.rate / 100
            decimals = None if each.rate is None else -int(each.rate.as_tuple().exponent)
            statements.append((each.seq, each.row, f"line {each.row}", each.action, each.unit_code, each.indicator,
                               case.period, each.scope, each.mark, each.numerator, each.denominator, rate, decimals,
                               None if each.rate is None else f"{each.rate}%"))
    _insert(connection, "raw.submission (submission_seq, submission_id, sender, kind, file_name, content_hash, form,"
            " reader, reader_version, received_at, status) overriding system value", list(submissions.values()))
    _insert(connection, "raw.submission_period (submission_seq, period, rows_kept)",
            [(seq, period, number) for (seq, period), number in counted.items()])
    _insert(connection, "raw.statement (submission_seq, row_number, locator, action, unit_code, indicator, period,"
            " scope, mark, numerator_value, denominator_value, rate_value, rate_decimals, stated_rate)", statements)


def _insert(connection: Connection, target: str, values: list[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        execute_values(cursor, f"insert into {target} values %s", values, page_size=2000)


def run_night(settings: Settings, *, full: bool = False) -> str:
    """Every step of a night but its pages; returns the run's id."""
    run_id = steps.open_night(settings, owner="test", kind="hand", full=full)
    assert run_id is not None, "nothing to do"
    for name, step in steps.STEPS:
        if name != "report":
            step(settings, run_id)
    return run_id


def fetch(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    """Rows, as the owner of the warehouse."""
    with connect(settings) as connection:
        return rows(connection, sql)
