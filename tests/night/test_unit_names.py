"""A night over statements that name their units: taken where one unit can be meant, refused with help where not."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from tests.night.conftest import as_admin, as_analyst, run_night
from tonghop.night import naming, steps
from tonghop.reference import load as reference
from tonghop.settings import Settings

FACTS = ("select unit_id, indicator, numerator, denominator from marts.fct_observation where period = %s"
         " order by unit_id, indicator")
OPEN = ("select rule, actual, message_vi, message_en from quality.finding where state = 'open' and rule in ('S03', 'S05', 'S10')"
        " order by actual")


def test_names_and_codes_state_one_fact(country: Settings, send: Callable[..., None]) -> None:
    """Without this a district could state one figure by code and another by name, and both would be summed.

    A name is the one of the period: 46 was the province of Thừa Thiên Huế until 2024, and the city of Huế after.
    """
    send("60", "593,plan_issued_committee,2012-05,own,1,1,,",
         '"Huyện Tuy Phong, tỉnh Bình Thuận",plan_issued_committee,2012-05,own,1,1,,',
         "TX La Gi,plan_issued_committee,2012-05,own,1,1,,",
         "Tỉnh uỷ Bình Thuận,study_class,2012-05,own,470,,,", name="first.csv")
    send("60", "Thành ủy Phan Thiết,plan_issued_committee,2012-05,own,0,1,,", name="second.csv")
    send("46", "Tỉnh Thừa Thiên Huế,study_class,2012-05,own,1,,,", "Thành phố Huế,study_class,2025-03,own,2,,,")
    assert run_night(country)
    assert as_analyst(country, FACTS, "2012-05") == [
        ("A-46", "study_class", 1, None),
        ("A-593", "plan_issued_committee", 0, 1),
        ("A-594", "plan_issued_committee", 1, 1),
        ("A-595", "plan_issued_committee", 1, 1),
        ("A-60", "study_class", 470, None),
    ]
    assert as_analyst(country, FACTS, "2025-03") == [("A-46", "study_class", 2, None)]
    assert as_admin(country, OPEN) == []
    looked_up = dict(as_admin(country, "select unit_text, unit_id from quality.run_unit_name"))
    assert looked_up == {
        "Huyện Tuy Phong, tỉnh Bình Thuận": "A-595", "TX La Gi": "A-594", "Thành ủy Phan Thiết": "A-593",
        "Tỉnh uỷ Bình Thuận": "A-60", "Tỉnh Thừa Thiên Huế": "A-46", "Thành phố Huế": "A-46",
    }
    assert run_night(country) is None


def test_what_cannot_be_told_is_kept_aside_with_help(country: Settings, send: Callable[..., None]) -> None:
    send("79", "Phường 1,plan_issued_committee,2025-03,own,1,1,,",
         "Quận 13,plan_issued_committee,2025-03,own,1,1,,",
         "Thành phố Thủ Đứk,plan_issued_committee,2025-03,own,1,1,,",
         "không rõ đơn vị nào,plan_issued_committee,2025-03,own,1,1,,")
    send("60", "11111,study_class,2012-05,own,1,,,", "B-68,study_class,2012-05,own,1,,,",
         "A-24,study_class,2012-05,own,1,,,", "Tỉnh Bắc Giang,study_class,2012-05,own,1,,,")
    assert run_night(country, until="judge_figures")
    found = {actual: (rule, vi, en) for rule, actual, vi, en in as_admin(country, OPEN)}
    rules = {text: rule for text, (rule, _, _) in found.items()}
    assert rules == {
        "Phường 1": "S03", "Quận 13": "S03", "Thành phố Thủ Đứk": "S03", "không rõ đơn vị nào": "S03",
        "11111": "S03", "Tỉnh Bắc Giang": "S03", "A-24": "S05",
        "B-68": "S10",
    }
    _, vi, en = found["Phường 1"]
    assert "Tên này là của: Phường 1, Quận " in vi
    assert "The name belongs to: Phường 1, Quận " in en
    assert "Có phải: Thành phố Thủ Đức, Thành phố Hồ Chí Minh (769)?" in found["Thành phố Thủ Đứk"][1]
    assert "Did you mean: Thành phố Thủ Đức, Thành phố Hồ Chí Minh (769)?" in found["Thành phố Thủ Đứk"][2]
    assert found["không rõ đơn vị nào"][1].endswith("trong kỳ.")
    assert as_admin(country, "select count(*) from intermediate.int_observation_standing where unit_id <> 'A-24'") == [(0,)]
    reasons = as_admin(country, "select reason from quality.rejected_row where judged = 'night' and raw ->> 'unit_code' = 'Phường 1'")
    assert "Phường 1, Quận " in reasons[0][0]


def test_a_code_of_another_time_is_never_looked_up(country: Settings, send: Callable[..., None]) -> None:
    send("60", "593,study_class,2025-08,own,1,,,", "26737,study_class,2012-05,own,1,,,")
    assert run_night(country, until="judge_figures")
    assert {rule for rule, *_ in as_admin(country, OPEN)} <= {"S05", "S10"}
    assert as_admin(country, "select count(*) from quality.run_unit_name") == [(0,)]
    assert as_admin(country, "select distinct detail ->> 'names' from ops.step_run where step = 'stage'") == [("0",)]


def test_a_unit_registered_tomorrow_mends_its_name(country: Settings, send: Callable[..., None], tmp_path: Path) -> None:
    send("60", "Sở Ngoại vụ thử nghiệm,plan_issued_agency,2012-05,own,1,1,,")
    assert run_night(country, until="judge_figures")
    assert [rule for rule, *_ in as_admin(country, OPEN)] == ["S03"]
    folder = tmp_path / "registrations"
    folder.mkdir()
    (folder / "org_units.csv").write_text(
        "unit_id,code,name,ascii_name,type,level,parent_unit_id,valid_from,valid_to\n"
        "A-60-T1,60-T1,Sở Ngoại vụ thử nghiệm,So Ngoai vu thu nghiem,provincial_agency,district,A-60,,2025-06-30\n",
        encoding="utf-8")
    reference.add_overlay(country, folder)
    reference.load(country)
    assert run_night(country)
    assert as_admin(country, OPEN) == []
    assert ("A-60-T1", "plan_issued_agency", 1, 1) in as_analyst(country, FACTS, "2012-05")


def test_many_thousand_names_take_seconds(country: Settings) -> None:
    """63 provinces that name every commune: looked up once a text, not once a row."""
    as_admin(country, """
        with sent as (
            insert into raw.submission (submission_id, sender, kind, file_name, content_hash, form, reader, reader_version,
                                        received_at, status)
            select 's-' || unit_id, code, 'delimited', 'x.csv', unit_id, 'x.csv', 'delimited', '1', now(), 'loaded'
            from reference.org_unit where level = 'province' and valid @> date '2012-05-31'
            returning submission_seq, sender
        ), spoken as (
            insert into raw.submission_period (submission_seq, period, rows_kept)
            select submission_seq, '2012-05', 1 from sent
            returning submission_seq
        )
        insert into raw.statement (submission_seq, row_number, locator, action, unit_code, indicator, period, scope, mark)
        select sent.submission_seq, row_number() over (), 'line', 'state', unit.name || ', ' || district.name || suffix.text,
               'review_grassroots_collective', '2012-05', 'own', 'reported'
        from sent
        cross join spoken
        inner join reference.org_unit as province on province.code = sent.sender and province.valid @> date '2012-05-31'
        inner join reference.org_unit as district
            on district.parent_unit_id = province.unit_id and district.valid @> date '2012-05-31'
        inner join reference.org_unit as unit
            on unit.parent_unit_id = district.unit_id and unit.valid @> date '2012-05-31'
        cross join lateral (values (''), (', ' || province.name)) as suffix (text)
        where spoken.submission_seq = sent.submission_seq
    """)
    run_id = steps.open_night(country, owner="test", kind="hand")
    assert run_id
    began = time.monotonic()
    assert naming.look_up(country, run_id) > 10_000
    assert time.monotonic() - began < 30
    answered = as_admin(country, "select count(*), count(unit_id), count(candidates) from quality.run_unit_name")[0]
    assert answered[1] / answered[0] > 0.98
    assert naming.look_up(country, run_id) == answered[0]
