"""A unit that moved to another province, whose old district still counts it: the cause is found whoever is judged tonight."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.night.conftest import as_admin, run_night
from tonghop.reference import load as reference
from tonghop.settings import Settings

MOVED = ("unit_id,code,name,ascii_name,type,level,parent_unit_id,valid_from,valid_to\n"
         "K-MOVED,99001,Xã Chuyển,Xa Chuyen,commune,grassroots,A-602,,2012-05-31\n"
         "K-MOVED,99001,Xã Chuyển,Xa Chuyen,commune,grassroots,A-215,2012-06-01,2025-06-30\n")


def _wrong_totals(settings: Settings) -> list[tuple[Any, ...]]:
    return as_admin(settings, "select unit_id, imbalance, explanations from quality.finding where rule = 'N01' and state = 'open' order by 1")


def test_what_left_for_a_province_that_the_night_leaves_alone(
        country: Settings, send: Callable[..., None], tmp_path: Path) -> None:
    """Without it the cause would be known on the night on which both provinces sent something, and on no other."""
    folder = tmp_path / "moved"
    folder.mkdir()
    (folder / "org_units.csv").write_text(MOVED, encoding="utf-8")
    reference.add_overlay(country, folder)
    reference.load(country)
    send("24", "99001,member_admitted,2012-06,own,4,,,")
    assert run_night(country)
    send("60", *(f"{code},member_admitted,2012-06,own,{amount},,," for code, amount in ((23272, 5), (23275, 6), (23278, 7))),
         *(f"{code},member_admitted,2012-06,total,10,,," for code in range(593, 602)),
         "602,member_admitted,2012-06,total,22,,,", "60,member_admitted,2012-06,total,112,,,")
    assert run_night(country)
    assert as_admin(country, "select count(*) from ops.run_partition where period = '2012-06' and province_unit_id = 'A-24'"
                             " and run_id = (select run_id from ops.run order by started_at desc limit 1)") == [(0,)]
    found = _wrong_totals(country)
    assert [row[:2] for row in found] == [("A-60", 4), ("A-602", 4)]  # its district, and the province of that
    for *_, causes in found:
        assert [causes[0][name] for name in ("cause", "unit_id", "amount")] == ["moved_unit", "K-MOVED", 4]
    assert run_night(country, full=True)
    assert _wrong_totals(country) == found
