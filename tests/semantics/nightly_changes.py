"""What may happen to a small nation between two nights: each change is written straight into a warehouse's inputs."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import random_nation
from psycopg2.extensions import connection as Connection
from psycopg2.extras import Json
from random_statements import write_statements
from register import Register, Succession, Version, last_day
from warehouse_loading import load, load_register, load_statements
from world import Case, Catalogue, Statement, Unit

from tonghop import clock
from tonghop.quality import waivers
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows

PERIODS = ("2011-12", "2012-01", "2012-02", "2012-03")
OPENED = date(2010, 1, 1)
PROVINCES = 5

Change = Callable[["Nation", Connection, Settings], None]
Way = Callable[["Nation", date], Register]


@dataclass
class Nation:
    """A nation as its warehouse has been told of it so far."""

    rng: random.Random
    register: Register
    catalogue: Catalogue
    cases: dict[str, Case]
    today: date = date(2012, 1, 1)
    sent: int = 0
    done: list[str] = field(default_factory=list)

    def tomorrow(self) -> None:
        self.today += timedelta(1)

    def provinces(self, period: str) -> list[Unit]:
        return [unit for unit in self.cases[period].units if unit.level == "province"]


def nation(seed: int, settings: Settings) -> Nation:
    """A random nation with some months of statements, loaded."""
    rng = random.Random(seed)
    units = random_nation.units(rng, PROVINCES, 2)
    register = Register(tuple(Version(unit, OPENED) for unit in units), ())
    cases = [Case(period, units) for period in PERIODS]
    known = random_nation.catalogue(cases)
    write_statements(rng, cases, known, asked=0.5)
    load(settings, cases, known, register)
    made = Nation(rng, register, known, {case.period: case for case in cases})
    made.sent = max(each.seq for case in cases for each in case.statements)
    return made


def apply(name: str, made: Nation, settings: Settings) -> None:
    """Let one change happen."""
    with connect(settings) as connection:
        CHANGES[name](made, connection, settings)
    made.done.append(name)


# What senders do ------------------------------------------------------------------------------------------------------


def _send(made: Nation, connection: Connection, period: str, said: list[Statement]) -> None:
    """One submission more; ``said`` need no numbers of their own."""
    made.sent += 1
    numbered = [replace(each, seq=made.sent, row=row) for row, each in enumerate(said, start=1)]
    made.cases[period].statements.extend(numbered)
    load_statements(connection, [Case(period, [], numbered)], made.today)


def _some_said(made: Nation, period: str) -> list[Statement]:
    """Some of what one province has said of a period, each wording once."""
    province = made.rng.choice(made.provinces(period))
    said = {(each.unit_code, each.indicator, each.scope): each for each in made.cases[period].statements
            if each.sender in (province.code, province.unit_id) and each.action == "state"}
    if not said:
        return _some_said(made, period)
    return made.rng.sample(list(said.values()), min(len(said), made.rng.randint(1, 6)))


def _restate(made: Nation, connection: Connection, period: str) -> None:
    said = [replace(each, mark="reported", rate=None, numerator=(each.numerator or 0) + made.rng.choice((0, 1, 2)),
                    denominator=each.denominator and each.denominator + made.rng.choice((0, 0, 1)))
            for each in _some_said(made, period)]
    form = made.rng.choice((said[0].form, f"late {made.sent}.csv"))
    _send(made, connection, period, [replace(each, form=form, sender=said[0].sender) for each in said])


def _resubmit(made: Nation, connection: Connection, _: Settings) -> None:
    _restate(made, connection, max(made.cases))


def _correct_late(made: Nation, connection: Connection, _: Settings) -> None:
    _restate(made, connection, PERIODS[0])


def _withdraw(made: Nation, connection: Connection, _: Settings) -> None:
    period = made.rng.choice(PERIODS)
    said = _some_said(made, period)
    _send(made, connection, period, [
        replace(each, action="withdraw", mark="missing", numerator=None, denominator=None, rate=None,
                sender=said[0].sender, form=f"withdrawal {made.sent}") for each in said])


def _take_file_back(made: Nation, connection: Connection, _: Settings) -> None:
    seq = _some_said(made, made.rng.choice(PERIODS))[0].seq
    rows(connection, "update raw.submission set status = 'withdrawn', withdrawn_at = %s, withdrawn_why = 'wrong file'"
                     " where submission_seq = %s", (made.today, seq))


def _declare(made: Nation, connection: Connection, _: Settings) -> None:
    period = made.rng.choice(PERIODS)
    department = made.rng.choice([unit for unit in made.cases[period].units if unit.level == "department"])
    said = []
    for code in made.rng.sample(sorted(made.catalogue.indicators), 6):
        of = made.rng.randint(1, 60)
        is_ratio = made.catalogue.indicators[code].kind == "ratio"
        said.append(Statement(0, 0, department.unit_id, f"declared {made.sent}.csv", department.code, code, "total",
                              numerator=made.rng.randint(1, of), denominator=of if is_ratio else None))
    _send(made, connection, period, said)


def _begin_period(made: Nation, connection: Connection, _: Settings) -> None:
    period = f"2012-{len(made.cases):02}"
    case = Case(period, made.register.units_on(last_day(period)))
    write_statements(made.rng, [case], made.catalogue, asked=0.5)
    case.statements = [replace(each, seq=each.seq + made.sent) for each in case.statements]
    made.sent = max(each.seq for each in case.statements)
    made.cases[period] = case
    load_statements(connection, [case], made.today)


def _send_unreadable(made: Nation, connection: Connection, _: Settings) -> None:
    """A file of which one row can be read and one cannot."""
    period = made.rng.choice(PERIODS)
    said = _some_said(made, period)[:1]
    _send(made, connection, period, said)
    rows(connection, "insert into quality.rejected_row (submission_id, submission_seq, row_number, locator, rule, reason,"
                     " raw, judged) values (%s, %s, 2, 'line 2', 'S07', 'không phải số / not a number', %s, 'reading')",
         (f"S{made.sent}", made.sent, Json({"period": made.rng.choice((period, "")), "unit_code": said[0].unit_code,
                                            "indicator": said[0].indicator, "numerator": "mười"})))


# What stewards do -----------------------------------------------------------------------------------------------------


def _waive(made: Nation, _: Connection, settings: Settings) -> None:
    with connect(settings) as connection:
        open_errors = rows(connection, """
            select finding_id from quality.finding
            where state = 'open' and severity = 'error' and rule in ('D01', 'D02', 'D03', 'D05', 'N01', 'N05', 'R01')
            order by finding_id""")
    for (finding_id,) in made.rng.sample(open_errors, 3):
        waivers.waive(settings, finding_id, reason="đã xác minh", until=clock.today() + timedelta(30), author="test")


def _let_a_waiver_end(made: Nation, connection: Connection, _: Settings) -> None:
    given = rows(connection, "select waiver_id from quality.waiver where valid_until >= ops.today() order by waiver_id")
    rows(connection, "update quality.waiver set valid_until = ops.today() - 1 where waiver_id = %s",
         made.rng.choice(given))


def _close(made: Nation, connection: Connection, _: Settings) -> None:
    """Closed from today on: what is received tomorrow is kept aside."""
    rows(connection, "insert into quality.closed_period (period, closed_at, closed_by, reason) values (%s, %s, 'test', '-')"
                     " on conflict do nothing", (made.rng.choice(PERIODS[:2]), made.today + timedelta(hours=1)))


# What becomes of the register -----------------------------------------------------------------------------------------


def _register_change(way: Way) -> Change:
    """One unit becomes another, from the first day of one of the months on."""
    def change(made: Nation, connection: Connection, _: Settings) -> None:
        made.register = way(made, last_day(made.rng.choice(PERIODS)).replace(day=1))
        load_register(connection, made.register)
        for period, case in made.cases.items():
            case.units = made.register.units_on(last_day(period))

    return change


def _lasting(made: Nation, day: date, level: str) -> list[Unit]:
    """The units of a level that are open from that day on without a further change."""
    return [each.unit for each in made.register.versions
            if each.opens <= day and each.closes == date.max and each.unit.level == level]


def _leaves(made: Nation, day: date) -> list[Unit]:
    parents = {each.unit.parent for each in made.register.versions}
    return [unit for unit in _lasting(made, day, "grassroots") if unit.unit_id not in parents]


def _from(register: Register, day: date, before: Unit, after: Unit | None, *more: Succession) -> Register:
    """The register with another version of a unit from a day on, or none."""
    versions = [each for each in register.versions if not (each.unit == before and each.closes == date.max)]
    old = next(each for each in register.versions if each.unit == before and each.closes == date.max)
    if old.opens < day:
        versions.append(replace(old, closes=day))
    if after is not None:
        versions.append(Version(after, day))
    return Register(tuple(versions), (*register.successions, *more))


def _opens(made: Nation, day: date) -> Register:
    province = made.rng.choice(_lasting(made, day, "province")).unit_id
    number = len(made.register.versions)
    unit = Unit(f"{province}-N{number}", f"N{number}", "commune", "grassroots", province)
    return replace(made.register, versions=(*made.register.versions, Version(unit, day)))


def _closes(made: Nation, day: date) -> Register:
    return _from(made.register, day, made.rng.choice(_leaves(made, day)), None)


def _is_recoded(made: Nation, day: date) -> Register:
    leaf = made.rng.choice(_leaves(made, day))
    return _from(made.register, day, leaf, replace(leaf, code=f"R{len(made.register.versions)}"))


def _moves(made: Nation, day: date) -> Register:
    """To another province, often."""
    leaf = made.rng.choice(_leaves(made, day))
    parent = made.rng.choice([unit.unit_id for unit in _lasting(made, day, "province") if unit.unit_id != leaf.parent])
    return _from(made.register, day, leaf, replace(leaf, parent=parent))


def _merges(made: Nation, day: date) -> Register:
    old, new = made.rng.sample(_leaves(made, day), 2)
    return _from(made.register, day, old, None, Succession(old.unit_id, new.unit_id, "whole", day))


def _changes_department(made: Nation, day: date) -> Register:
    province = made.rng.choice(_lasting(made, day, "province"))
    other = next(name for name in random_nation.DEPARTMENTS if name != province.parent)
    return _from(made.register, day, province, replace(province, parent=other))


REPORTING: dict[str, Change] = {
    "resubmit": _resubmit, "correct late": _correct_late, "withdraw": _withdraw, "take a file back": _take_file_back,
    "declare": _declare, "begin a period": _begin_period, "send an unreadable row": _send_unreadable,
    "close a period": _close,
}
WAIVING: dict[str, Change] = {"waive": _waive, "let a waiver end": _let_a_waiver_end}
REGISTERING: dict[str, Change] = {way.__name__.strip("_"): _register_change(way) for way in (
    _opens, _closes, _is_recoded, _moves, _merges, _changes_department)}
CHANGES = {**REPORTING, **WAIVING, **REGISTERING}
