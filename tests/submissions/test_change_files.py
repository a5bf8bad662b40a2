"""A change file in a province's inbox is a proposal, never a return: recorded once, told, and decided by a steward."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tonghop.errors import TonghopError
from tonghop.reference import upkeep
from tonghop.settings import Settings
from tonghop.submissions import inbox, withdraw
from tonghop.warehouse.connection import connect, rows

AGENCY = (
    "effective_on,change,unit_id,code,name,type,parent_unit_id\n"
    "2012-03-01,open,A-60-A99,60-A99,Sở Mới,provincial_agency,A-60\n2025-07-01,close,A-60-A99,,,,\n"
)
RETURN = "unit_code,indicator,period,scope,numerator,denominator,stated_rate,note\n60,study_class,2012-05,own,470,,,\n"


def _send(settings: Settings, tmp_path: Path, text: str, name: str, sender: str = "60") -> dict[str, Any]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    file: dict[str, Any] = inbox.ingest_sender(settings, sender, [inbox.submit(settings, path, sender)])["files"][0]
    return file


def _all(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with connect(settings, "loader") as connection:
        return rows(connection, sql)


def test_a_change_file_is_proposed_and_not_read_again(registered: Settings, tmp_path: Path) -> None:
    file = _send(registered, tmp_path, AGENCY, "mở sở.csv")
    assert (file["status"], file["change_id"], file["rows_read"], file["rows_kept"]) == ("proposed", 1, 2, 0)
    # a code means the province that had it in the days of the file: 60 was Bình Thuận, and is nobody today
    assert _all(registered, "select sender, state, file_name from reference.change_file") == [("A-60", "proposed", "mở sở.csv")]
    assert _all(registered, "select kind, status, rows_kept from raw.submission") == [("register", "loaded", 0)]
    assert _all(registered, "select count(*) from raw.statement") == [(0,)]
    again = _send(registered, tmp_path, AGENCY, "mở sở.csv")
    assert (again["status"], again["submission_id"]) == ("known", "change-1")
    assert _all(registered, "select count(*) from raw.submission") == [(1,)]
    assert inbox.senders_with_news(registered) == []


def test_a_return_is_known_again_after_a_change_file(registered: Settings, tmp_path: Path) -> None:
    # Without this, a change file between two copies of one return would make the second a new return.
    assert _send(registered, tmp_path, RETURN, "a.csv")["status"] == "loaded"
    assert _send(registered, tmp_path, AGENCY, "b.csv")["status"] == "proposed"
    assert _send(registered, tmp_path, RETURN, "c.csv")["status"] == "known"


@pytest.mark.parametrize(("text", "sender", "words"), [
    (AGENCY.replace("provincial_agency", "commune"), "60", "may not change the administrative tree"),
    (AGENCY.replace("A-60\n", "A-62\n"), "60", "would not stand under 'A-60'"),
    (AGENCY.replace("2012-03-01", "1/3/2012"), "60", "write the day as YYYY-MM-DD"),
    (AGENCY, "V-2", "Only provinces propose changes"),
])
def test_what_the_register_cannot_take_is_refused_and_told(
    registered: Settings, tmp_path: Path, text: str, sender: str, words: str
) -> None:
    file = _send(registered, tmp_path, text, "sai.csv", sender)
    assert file["status"] == "rejected"
    assert any(words in aside["reason"] for aside in file["asides"])
    assert _all(registered, "select state from reference.change_file") == [("refused",)]
    assert _all(registered, "select kind, status from raw.submission") == [("register", "rejected")]
    # sent again it is judged again: the register may have changed meanwhile
    assert _send(registered, tmp_path, text, "sai.csv", sender)["status"] == "rejected"


def test_a_change_is_not_withdrawn_as_a_return(registered: Settings, tmp_path: Path) -> None:
    file = _send(registered, tmp_path, AGENCY, "mở sở.csv")
    with pytest.raises(TonghopError, match="reference withdraw"):
        withdraw.withdraw_submission(registered, file["submission_id"], "nhầm")


def test_a_steward_applies_what_came_in(registered: Settings, tmp_path: Path) -> None:
    _send(registered, tmp_path, AGENCY, "mở sở.csv")
    known = registered.model_copy(update={"reference_dirs": str(registered.sample_dir / "reference")})
    upkeep.apply(known, "1", by="Lan", reason="đúng")
    assert _all(registered, "select valid::text from reference.org_unit where unit_id = 'A-60-A99'") == [("[2012-03-01,2025-07-01)",)]
    assert _send(registered, tmp_path, AGENCY, "mở sở.csv")["status"] == "known"
