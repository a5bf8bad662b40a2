"""The clean nation: figures that hang together as the semantics ask, from a seed.

Returned counts are what denominators say; an agreed one never moves; cumulative counts never fall, nor do the totals of
a district that a commune leaves (communes that move state next to nothing there); totals are the sums of what stands
below; parts make their whole; done and not done are all; rates are rounded half-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.detection.book import Book, Figure, Place
from tests.detection.catalogue import (
    BALLOTS,
    BODIES,
    BY_CODE,
    DECLARED,
    HOME,
    KEY,
    PERIODS,
    RETURNED_ABOVE,
    RETURNED_BELOW,
)
from tests.detection.nation import Nation
from tests.detection.numbers import grouped, percent

_FREE_RATIOS = ("fee_member", "volunteer_member", "donate_member", "meeting_branch", "library_branch", "resolution_branch",
                "train_cadre", "plan_cadre", "inspect_cadre", "train_civil", "rated_staff", *KEY, "guest_member",
                "model_branch", HOME)
"""Ratios that go up and down."""
_STATED = 0.5
"""Share of ratios whose rate is written."""
_BARE = 0.15
"""Share of guests that are stated with a rate alone, without denominator."""
_GROUPED = 0.3
"""Share of counts from a thousand on that are written with a dot."""
_NOT_APPLICABLE = 0.01


def clean(nation: Nation, seed: int) -> Book:
    """The figures of a nation without any error."""
    book = Book()
    for unit in nation.units.values():
        if unit.type == "commune":
            _commune(book, unit.unit_id, unit.has_moved, Random(f"{seed}|{unit.unit_id}"))
        elif unit.type == "provincial_agency":
            _agency(book, unit.unit_id, Random(f"{seed}|{unit.unit_id}"))
    for province in nation.provinces:
        for period in PERIODS:
            for district in nation.districts(province, period):
                _totals(book, district, nation.communes(district, period), period)
            _totals(book, province, nation.districts(province, period), period)
        _province(book, nation, province, Random(f"{seed}|{province}"))
    _dress(book, Random(f"{seed}|written"))
    return book


def _commune(book: Book, unit: str, moves: bool, dice: Random) -> None:
    sizes, base, trend = _sizes(dice), _base(dice), _Trend.drawn(dice)
    shares = {code: dice.uniform(0.3, 0.95) for code in BY_CODE}
    for at, period in enumerate(PERIODS):
        now = sizes | {"member": sizes["member"] + trend.members * at}
        for code in (*RETURNED_ABOVE, *RETURNED_BELOW, *BODIES):
            book.figures[Place(unit, code, period, "total")] = Figure(now[code])
        said = {code: _ratio(now[BY_CODE[code].population], shares[code] * dice.uniform(0.92, 1.05)) for code in _FREE_RATIOS}
        said |= {code: Figure(round(amount * dice.uniform(0.9, 1.1))) for code, amount in base.items()}
        said |= _bound(said, now, shares, trend)
        said |= _cumulative(now["member"], base["tree"], trend, at, moves)
        for code, figure in said.items():
            book.figures[Place(unit, code, period, "own")] = figure


def _base(dice: Random) -> dict[str, int]:
    """What a commune's plain counts are about, period by period."""
    sizes = {"petition": (40, 400), "visit": (30, 300), "talk": (25, 250), "bulletin": (20, 200), "broadcast": (30, 350),
             "tree": (60, 900), "ballot_paper": (60, 300), "ballot_online": (40, 200), "ballot_meeting": (30, 150),
             "admitted": (20, 60)}
    return {code: dice.randint(*between) for code, between in sizes.items()}


@dataclass(frozen=True)
class _Trend:
    """How a commune goes on from period to period."""

    members: int
    letters: int
    hours: int
    attending: float
    studying: float
    has_wifi: int

    @classmethod
    def drawn(cls, dice: Random) -> _Trend:
        return cls(dice.randint(1, 6), dice.randint(5, 40), dice.randint(12, 90), dice.uniform(0.04, 0.1),
                   dice.uniform(0.05, 0.1), int(dice.random() < 0.5))


def _bound(said: dict[str, Figure], now: dict[str, int], shares: dict[str, float], trend: _Trend) -> dict[str, Figure]:
    """Figures that others bind: the stock, the complement, the whole of the parts, a part of a whole."""
    done, admitted = said["resolution_branch"].numerator or 0, said["admitted"].numerator or 0
    return {
        "branch_total": Figure(now["branch"]),
        "no_resolution_branch": Figure(now["branch"] - done),
        "ballot": Figure(sum(said[code].numerator or 0 for code in BALLOTS)),
        "admitted_women": Figure(int(admitted * shares["admitted_women"] * 0.7)),
        "wifi_commune": Figure(trend.has_wifi, 1),
    }


def _cumulative(members: int, hours: int, trend: _Trend, at: int, moves: bool) -> dict[str, Figure]:
    """Figures that never fall; a commune that moves states next to nothing where a total would fall without it."""
    course = round(members * (0.4 + trend.studying * at))
    return {
        "attend_member": Figure(at if moves else round(members * (0.3 + trend.attending * at)), members),
        "course_member": Figure(course, members),
        "pass_member": Figure(course * 2 // 5, course),
        "letter": Figure(at if moves else trend.letters * (at + 1)),
        "course_hour": Figure(hours + trend.hours * at),
    }


def _sizes(dice: Random) -> dict[str, int]:
    """Counts of a commune's populations; no two alike, nor is a sum of two a third, so that a mix-up has one reading."""
    while True:
        sizes = {"member": dice.randint(110, 900), "branch": dice.randint(24, 60), "cadre": dice.randint(16, 70),
                 "civil_servant": dice.randint(14, 60), "key_cadre": dice.randint(12, 48),
                 "household": dice.randint(1000, 3000),
                 "body_standing": dice.randint(12, 40), "body_support": dice.randint(12, 40)}
        sizes |= {"staff": sizes["cadre"] + sizes["civil_servant"],
                  "body": sizes["body_standing"] + sizes["body_support"]}
        if len(set(sizes.values())) == len(sizes):
            return sizes


def _ratio(size: int, share: float) -> Figure:
    return Figure(min(size, max(1, round(size * share))), size)


def _agency(book: Book, unit: str, dice: Random) -> None:
    done = 0
    for period in PERIODS:
        done = done or int(dice.random() < 0.4)
        book.figures[Place(unit, "plan_agency", period, "own")] = Figure(done, 1)


def _totals(book: Book, unit: str, below: list[str], period: str) -> None:
    """What a district declares of its communes, or a province of its districts; and what it returns."""
    def summed(code: str, scope: str, measure: str) -> int:
        here = [book.figures.get(Place(each, code, period, scope)) or book.figures[Place(each, code, period, "total")]
                for each in below]
        return sum(getattr(each, measure) or 0 for each in here)

    for code in RETURNED_ABOVE:
        book.figures[Place(unit, code, period, "total")] = Figure(summed(code, "total", "numerator"))
    for code in (*DECLARED, *((HOME,) if period == PERIODS[0] else ())):
        under = summed(code, "own", "denominator") if BY_CODE[code].kind == "ratio" else None
        book.figures[Place(unit, code, period, "total")] = Figure(summed(code, "own", "numerator"), under)


def _province(book: Book, nation: Nation, province: str, dice: Random) -> None:
    shares = [dice.uniform(0.4, 0.9) for _ in range(4)]
    for period in PERIODS:
        agencies = nation.children(province, period, "provincial_agency")
        others = sum(len(nation.children(province, period, f"{kind}_committee"))
                     for kind in ("enterprise", "police", "military"))
        districts = len(nation.districts(province, period))
        committees = districts + others
        planned = sum(book.numerator(each, "plan_agency", period) for each in agencies)
        book.figures[Place(province, "plan_agency", period, "total")] = Figure(planned, len(agencies))
        for code, amount in (("direct_committee", committees), ("district_committee", districts),
                             ("other_committee", others)):
            book.figures[Place(province, code, period, "total")] = Figure(amount)
        sizes = (len(agencies), len(agencies), len(agencies) + committees, committees)
        codes = ("agency_reviewed", "agency_inspected", "unit_reviewed", "committee_reviewed")
        for code, size, share in zip(codes, sizes, shares, strict=True):
            book.figures[Place(province, code, period, "own")] = _ratio(size, share)


def _dress(book: Book, dice: Random) -> None:
    """Rates, rates without denominator, X, grouped thousands: how figures are written, not what they say."""
    for place, figure in book.figures.items():
        numerator, denominator = figure.numerator or 0, figure.denominator
        if place.indicator in ("guest_member", "tree") and dice.random() < _NOT_APPLICABLE:
            book.figures[place] = Figure(-1)
        elif place.indicator == "guest_member" and denominator and dice.random() < _BARE:
            book.figures[place] = Figure(numerator, rate=percent(numerator, denominator, dice.choice((1, 2))))
        elif denominator and denominator > 1 and dice.random() < _STATED:
            rate = percent(numerator, denominator, dice.choice((0, 1, 2, 2)))
            book.figures[place] = Figure(numerator, denominator, rate)
        elif not denominator and numerator >= 1000 and dice.random() < _GROUPED:
            book.figures[place] = Figure(numerator, None, written=grouped(numerator))
