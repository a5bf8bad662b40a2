"""Finding a unit: by code, by id, by name under its parent; never by a guess."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tonghop.reference.finding import Ambiguous, Finder, Found, Unit, Unknown, Variant
from tonghop.reference.names import name_key, spelling_key, split_type
from tonghop.settings import Settings

Rows = list[dict[str, str]]


def _read(file: str) -> Rows:
    with (Settings().reference_dir / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


@lru_cache
def units_on(day: str) -> dict[str, Unit]:
    """The whole register as it stood on a day."""
    return {
        row["unit_id"]: Unit(row["unit_id"], row["code"], row["name"], row["type"], row["parent_unit_id"] or None)
        for row in _read("org_units.csv")
        if (row["valid_from"] or "0") <= day <= (row["valid_to"] or "9")
    }


VARIANTS = {row["unit_id"]: (row["name_a"], row["name_b"]) for row in _read("name_variants.csv")}


@lru_cache
def country(day: str) -> Finder:
    variants = [Variant(row["unit_id"], row["name_a"], row["name_b"]) for row in _read("name_variants.csv")]
    return Finder(units_on(day).values(), variants)


def ids(found: Found | Ambiguous | Unknown) -> list[str]:
    """Unit ids of the candidates of a refusal; a test that meets a match here is wrong."""
    assert not isinstance(found, Found), found
    return [each.unit_id for each in (found.candidates if isinstance(found, Ambiguous) else found.suggestions)]


@pytest.mark.parametrize(("day", "named", "namesakes"), [
    ("2012-05-31", 11370, 146),
    ("2025-03-31", 10797, 0),
    ("2025-08-31", 3358, 0),
])
def test_every_unit_is_found_by_its_name_under_its_parent(day: str, named: int, namesakes: int) -> None:
    """Those of 2012 that are not have a sibling of exactly their name: the register carries later mergers back."""
    under = [unit for unit in units_on(day).values() if unit.parent_unit_id]
    assert len(under) == named
    sharing = Counter((unit.parent_unit_id, name_key(unit.name)) for unit in under)
    answers = {unit: country(day).find(unit.name, unit.parent_unit_id) for unit in under}
    lost = [unit for unit, answer in answers.items() if answer != Found(unit.unit_id)]
    assert len(lost) == namesakes
    for unit in lost:
        assert sharing[unit.parent_unit_id, name_key(unit.name)] > 1, unit
        assert unit.unit_id in ids(answers[unit])


@pytest.mark.parametrize("day", ["2012-05-31", "2025-03-31"])
@pytest.mark.parametrize("written", [
    lambda unit, parent: f"{unit}, {parent}",
    lambda unit, parent: f"{parent} / {unit}",
    lambda unit, parent: f"{parent} > {unit}",
    lambda unit, parent: f"{unit.upper()} ({parent.lower()})",
])
def test_every_commune_is_found_when_its_district_is_named(day: str, written: Callable[[str, str], str]) -> None:
    units, seen = units_on(day), 0
    for unit in units.values():
        district = units.get(unit.parent_unit_id or "")
        if district is None or district.parent_unit_id is None or unit.type not in ("commune", "ward", "township"):
            continue
        seen += 1
        answer = country(day).find(written(unit.name, district.name), district.parent_unit_id)
        assert answer == Found(unit.unit_id) or unit.unit_id in ids(answer), unit
    assert seen > 10_000


def test_every_known_variant_finds_its_unit_or_is_refused() -> None:
    """On both days; what is refused has a namesake, or is another number than the ward has on the day."""
    for day, found in (("2012-05-31", 1087), ("2025-03-31", 1142)):
        counted: Counter[str] = Counter()
        for row in _read("name_variants.csv"):
            unit = units_on(day)[row["unit_id"]]
            for name in (row["name_a"], row["name_b"]):
                answer = country(day).find(name, unit.parent_unit_id)
                counted[type(answer).__name__] += 1
                if isinstance(answer, Found):
                    assert answer.unit_id == unit.unit_id
                elif isinstance(answer, Unknown):
                    assert spelling_key(name) != spelling_key(unit.name)
                    assert name[-1].isdigit()
        assert counted["Found"] == found, counted


def test_a_code_comes_first_then_an_id_then_the_name() -> None:
    finder = country("2012-05-31")
    assert finder.find("593", "A-60") == finder.find(" A-593 ", "A-60") == Found("A-593")
    assert finder.find("593", None) == Found("A-593")
    assert finder.find("Thành phố Phan Thiết", None) == Unknown(())
    assert finder.find("Thành phố Phan Thiết", "A-60") == Found("A-593")
    assert finder.find("24", "A-24") == Found("A-24")
    assert country("2025-08-31").find("24", "B-24") == Found("B-24")
    assert country("2025-08-31").find("593", "B-68") == Unknown(())


@pytest.mark.parametrize("text", [
    "Phan Thiết", "TP. Phan Thiết", "Tp Phan Thiết", "Thành ủy Phan Thiết", "Thành phố Phan Thiết, tỉnh Bình Thuận",
    "Tỉnh Bình Thuận / TP Phan Thiết", "phan thiết", "PHAN THIẾT", "TP Phan Thiết,",
])
def test_ways_to_write_a_district(text: str) -> None:
    assert country("2012-05-31").find(text, "A-60") == Found("A-593")


@pytest.mark.parametrize("text", ["Bình Thuận", "Tỉnh Bình Thuận", "Tỉnh ủy Bình Thuận", "Tỉnh uỷ Bình Thuận", "60"])
def test_a_sender_may_name_itself(text: str) -> None:
    assert country("2012-05-31").find(text, "A-60") == Found("A-60")


@pytest.mark.parametrize("text", [
    "Phường 1, Quận 3, Thành phố Hồ Chí Minh", "P.1, Q.3", "Phường 01 - Quận 3", "Quận 3 > Phường 1", "Quận 3/P1",
    "Phường 1 (Quận 3)", "TP Hồ Chí Minh → Quận 3 → Phường 1",
])
def test_ways_to_name_the_parents(text: str) -> None:
    finder = country("2025-03-31")
    (ward,) = [unit.unit_id for unit in units_on("2025-03-31").values()
               if (unit.parent_unit_id, unit.name) == ("A-770", "Phường 1")]
    assert finder.find(text, "A-79") == Found(ward)


def test_a_name_with_a_hyphen_is_no_path() -> None:
    finder = country("2012-05-31")
    assert finder.find("TP Phan Rang-Tháp Chàm", "A-58") == Found("A-582")
    ward = finder.find("Phường Mỹ Hải - Thành phố Phan Rang - Tháp Chàm", "A-58")
    assert ward == finder.find("Phường Mỹ Hải", "A-582")
    assert isinstance(ward, Found)


def test_a_unit_further_down_needs_its_parent() -> None:
    """Phường 1 is many wards of the city; even one of its kind is only shown, with how to write it."""
    finder = country("2025-03-31")
    many = finder.find("Phường 1", "A-79")
    assert isinstance(many, Ambiguous)
    assert len(many.candidates) > 5
    assert {each.name for each in many.candidates} == {"Phường 1"}
    assert len({each.parent_name for each in many.candidates}) == len(many.candidates)
    for each in many.candidates:
        assert finder.find(each.written.removesuffix(f" ({each.code})"), "A-79") == Found(each.unit_id)


def test_twins_of_one_district_need_their_type() -> None:
    """Bare names that are a commune and a township of one district, and often the district too."""
    finder, units = country("2025-03-31"), units_on("2025-03-31").values()
    communes = {(unit.parent_unit_id, name_key(unit.name).partition(" ")[2]): unit for unit in units if unit.type == "commune"}
    twins = [(communes[key], unit) for unit in units if unit.type == "township"
             for key in [(unit.parent_unit_id, name_key(unit.name.removeprefix("Thị trấn ")))] if key in communes]
    assert len(twins) >= 10
    for commune, township in twins:
        district = commune.parent_unit_id
        assert finder.find(commune.name, district) == Found(commune.unit_id)
        assert finder.find(township.name.replace("Thị trấn", "TT"), district) == Found(township.unit_id)
        bare = finder.find(commune.name.removeprefix("Xã "), district)
        assert {commune.unit_id, township.unit_id} <= set(ids(bare)) <= {commune.unit_id, township.unit_id, district}


def test_diacritics_tell_units_apart() -> None:
    units = [Unit("D", "1", "Huyện Hữu Lũng", "rural_district", None), Unit("a", "2", "Xã Sơn Hà", "commune", "D"),
             Unit("b", "3", "Xã Sơn Hạ", "commune", "D")]
    finder = Finder(units)
    assert (finder.find("Sơn Hà", "D"), finder.find("sơn hạ", "D")) == (Found("a"), Found("b"))
    assert finder.find("Xa Son Ha", "D") != Found("a")
    assert set(ids(finder.find("Son Ha", "D"))) == {"a", "b"}
    assert isinstance(finder.find("Son Ha", "D"), Unknown)


def test_agencies_have_no_type_and_may_have_commas() -> None:
    units = [
        Unit("P", "60", "Tỉnh Bình Thuận", "province", None), Unit("H", "595", "Huyện Tuy Phong", "rural_district", "P"),
        Unit("s", "60-1", "Sở Văn hóa, Thể thao và Du lịch", "provincial_agency", "P"),
        Unit("c", "60-2", "Đảng ủy Công an tỉnh", "direct_committee", "P"),
        Unit("d", "60-3", "Đảng ủy trực thuộc số 01 (tên điền thêm)", "direct_committee", "P"),
    ]
    finder = Finder(units)
    assert finder.find("Sở Văn hoá, Thể thao và Du lịch", "P") == Found("s")
    assert finder.find("Sở Văn hóa, Thể thao và Du lịch, Tỉnh Bình Thuận", "P") == Found("s")
    assert finder.find("Đảng ủy trực thuộc số 01 (tên điền thêm), tỉnh Bình Thuận", "P") == Found("d")
    assert finder.find("đảng uỷ công an tỉnh", "P") == Found("c")
    assert finder.find("Đảng ủy trực thuộc số 1 (tên điền thêm)", "P") == Found("d")
    assert finder.find("Huyện ủy Tuy Phong", "P") == Found("H")
    # a registered committee of that very name is meant before the district it leads
    both = Finder([*units, Unit("e", "60-4", "Huyện ủy Tuy Phong", "direct_committee", "P")])
    assert both.find("Huyện uỷ Tuy Phong", "P") == Found("e")
    assert both.find("Huyện Tuy Phong", "P") == Found("H")


def test_a_wrong_type_is_not_a_match() -> None:
    answer = country("2012-05-31").find("Huyện Phan Thiết", "A-60")
    assert isinstance(answer, Unknown)
    assert ids(answer)[0] == "A-593"


def test_suggestions_stay_under_the_sender_and_are_few() -> None:
    finder = country("2012-05-31")
    answer = finder.find("Thành phố Phan Thiét", "A-60")
    assert isinstance(answer, Unknown)
    assert ids(answer)[0] == "A-593"
    assert len(answer.suggestions) <= 3
    assert answer.suggestions[0].written == "Thành phố Phan Thiết, Tỉnh Bình Thuận (593)"
    assert "A-593" not in ids(finder.find("Thành phố Phan Thiét", "A-24"))
    assert ids(finder.find("một đơn vị không có thật", "A-60")) == []


def test_a_bare_number_is_no_name() -> None:
    """Excel cuts the zeros of 001 (Quận Ba Đình): a 1 is suggested its code, and is never Quận 1."""
    hanoi = country("2012-05-31").find("1", "A-01")
    assert isinstance(hanoi, Unknown)
    assert "A-001" in ids(hanoi)
    saigon = country("2012-05-31").find("1", "A-79")
    assert isinstance(saigon, Unknown)
    assert "A-760" in ids(saigon)
    assert country("2012-05-31").find("Q1", "A-79") == Found("A-760")
    assert isinstance(country("2012-05-31").find("1, Quận 3", "A-79"), Ambiguous | Unknown)
    assert ids(country("2012-05-31").find("Phường 99", "A-79")) == []


def test_a_misspelled_child_is_sought_under_the_parent_that_is_named() -> None:
    finder = country("2025-03-31")
    suggested = finder.find("Phường Võ Thị Sáo, Quận 3", "A-79")
    assert isinstance(suggested, Unknown)
    assert suggested.suggestions[0].written.startswith("Phường Võ Thị Sáu, Quận 3 (")


def test_an_exact_name_beats_a_spelling_and_a_spelling_beats_a_variant() -> None:
    units = [Unit("D", "1", "Huyện A", "rural_district", None), Unit("x", "2", "Xã Sỹ Bình", "commune", "D"),
             Unit("y", "3", "Xã Sĩ Bình", "commune", "D"), Unit("z", "4", "Xã Bình Trung", "commune", "D")]
    finder = Finder(units, [Variant("z", "Xã Sĩ Bình", "Xã Bình Trung"), Variant("z", "Xã Bình Giữa", "Xã Bình Trung"),
                            Variant("gone", "Xã X", "Xã Y")])
    assert (finder.find("Sỹ Bình", "D"), finder.find("Sĩ Bình", "D")) == (Found("x"), Found("y"))
    assert finder.find("xã bình giữa", "D") == Found("z")


def test_another_number_is_a_variant_only_where_the_name_stands_twice() -> None:
    """In 2012 two wards of Tuy Hòa are Phường 2 in the register, and one of them was Phường 8; in 2025 it is no more."""
    tuy_hoa = units_on("2012-05-31")["A-22018"].parent_unit_id
    assert country("2012-05-31").find("Phường 8", tuy_hoa) == Found("A-22018")
    assert set(ids(country("2012-05-31").find("Phường 2", tuy_hoa))) == {"A-22018", "A-22021"}
    assert isinstance(country("2025-03-31").find("Phường 8", tuy_hoa), Unknown)


@settings(deadline=None)  # the first to ask fills the shelves
@given(st.sampled_from(sorted(units_on("2025-03-31"))), st.data())
def test_a_changed_letter_is_never_guessed(unit_id: str, data: st.DataObject) -> None:
    """Whatever letter changes, a match bears the name it is found by: suggestions are never taken."""
    unit = units_on("2025-03-31")[unit_id]
    at = data.draw(st.integers(0, len(unit.name) - 1))
    text = unit.name[:at] + data.draw(st.sampled_from("aàáảãạăâbdđeêghiklmnoôơpqrstuưvxy1 ")) + unit.name[at + 1:]
    answer = country("2025-03-31").find(text, unit.parent_unit_id)
    if isinstance(answer, Found):
        names = {units_on("2025-03-31")[answer.unit_id].name, *VARIANTS.get(answer.unit_id, ())}
        bare = {spelling_key(split_type(name).bare) for name in names} | {spelling_key(name) for name in names}
        assert {spelling_key(text), spelling_key(split_type(text).bare), text.strip()} & {*bare, unit.code}


@settings(deadline=None)  # the first to ask fills the shelves
@given(st.text(max_size=40), st.sampled_from(["A-60", "A-79", "V-2", "VN", "A-593", "nowhere"]))
def test_whatever_is_written_gets_an_answer(text: str, within: str) -> None:
    assert isinstance(country("2012-05-31").find(text, within), Found | Ambiguous | Unknown)


@settings(deadline=None)  # the first to ask fills the shelves
@given(st.lists(st.sampled_from(["Phường 1", "Quận 3", "TP Hồ Chí Minh", "X", ",", "/", " - ", "(", ")", ">"]), max_size=16))
def test_any_heap_of_parts_ends(parts: list[str]) -> None:
    country("2025-03-31").find("".join(parts), "A-79")
