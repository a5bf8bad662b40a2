"""What was stated can be taken back, and only what stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.submissions.inbox import ingest_sender, submit
from tonghop.submissions.reading import COLUMNS
from tonghop.submissions.withdraw import withdraw_fact, withdraw_submission
from tonghop.warehouse.connection import connect, rows

FACT = ("60", "study_class", "2012-05", "own")


def _send(settings: Settings, tmp_path: Path, value: int) -> str:
    path = tmp_path / f"{value}.csv"
    path.write_text(f"{','.join(COLUMNS)}\n60,study_class,2012-05,own,{value},,,\n", encoding="utf-8")
    submission_id: str = ingest_sender(settings, "60", [submit(settings, path, "60")])["files"][0]["submission_id"]
    return submission_id


def test_a_fact_is_taken_back_once(registered: Settings, tmp_path: Path) -> None:
    _send(registered, tmp_path, 470)
    made = withdraw_fact(registered, "60", *FACT, "gửi nhầm kỳ")["submission_id"]
    with connect(registered, "loader") as connection:
        (entry,) = rows(
            connection, "select kind, status, rows_kept, sender from raw.submission where submission_id = %s", (made,)
        )
        (row,) = rows(
            connection,
            "select action, unit_code, indicator, period, scope, note, mark from raw.statement"
            " where action = 'withdraw'",
        )
        periods = rows(connection, "select period from raw.submission_period order by submission_seq")
    assert entry == ("withdrawal", "loaded", 1, "60")
    assert row == ("withdraw", *FACT, "gửi nhầm kỳ", "missing")
    assert periods == [("2012-05",), ("2012-05",)]
    with pytest.raises(TonghopError, match="No statement"):
        withdraw_fact(registered, "60", *FACT, "lần nữa")
    _send(registered, tmp_path, 471)
    again = withdraw_fact(registered, "60", *FACT, "gửi nhầm kỳ")["submission_id"]
    assert again == f"{made}-2"


# 60 and A-60 are one unit in 2012: a withdrawal under the other name must not find nothing.
def test_names_of_one_unit_are_one_unit(registered: Settings, tmp_path: Path) -> None:
    _send(registered, tmp_path, 470)
    withdraw_fact(registered, "A-60", "A-60", *FACT[1:], "gửi nhầm")
    with connect(registered, "loader") as connection:
        assert rows(connection, "select unit_code from raw.statement where action = 'withdraw'") == [("60",)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scope": "total"}, "stands with scope own"),
        ({"indicator": "study_clas"}, "Check unit"),
        ({"period": "2012-06"}, "Check unit"),
        ({"sender": "24"}, "Check unit"),
        ({"reason": " "}, "reason"),
        ({"scope": "all"}, "own or total"),
        ({"period": "2012-6"}, "YYYY-MM"),
        ({"sender": "99"}, "by its code"),
    ],
)
def test_what_does_not_stand_cannot_be_taken_back(
    registered: Settings, tmp_path: Path, change: dict[str, str], words: str
) -> None:
    _send(registered, tmp_path, 470)
    fact = (
        dict(zip(("sender", "unit_code", "indicator", "period", "scope", "reason"), ("60", *FACT, "vì"), strict=True))
        | change
    )
    with pytest.raises(TonghopError) as refused:
        withdraw_fact(registered, **fact)
    assert words in str(refused.value)


def test_a_submission_is_taken_back_once(registered: Settings, tmp_path: Path) -> None:
    sent = _send(registered, tmp_path, 470)
    assert withdraw_submission(registered, sent, "gửi nhầm tệp")["rows_kept"] == 1
    with connect(registered, "loader") as connection:
        (row,) = rows(connection, "select status, withdrawn_at is not null, withdrawn_why from raw.submission")
        assert rows(connection, "select count(*) from raw.statement") == [(1,)]  # raw is append-only
    assert row == ("withdrawn", True, "gửi nhầm tệp")
    with pytest.raises(TonghopError, match="withdrawn"):
        withdraw_submission(registered, sent, "lần nữa")
    with pytest.raises(TonghopError, match="No submission"):
        withdraw_submission(registered, "60-000000000000", "vì")
    with pytest.raises(TonghopError, match="No statement"):
        withdraw_fact(registered, "60", *FACT, "vì")
