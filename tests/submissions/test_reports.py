"""A report in prose as a submission: its claims are kept with their places, its statements are none."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import docx
import pytest

from tonghop.settings import Settings
from tonghop.submissions.dispatch import Task, is_report, names_columns, read_into
from tonghop.submissions.inbox import ingest_sender, submit
from tonghop.submissions.limits import Limits
from tonghop.submissions.reading import COLUMNS, InMemory, Unreadable
from tonghop.submissions.reports import period_of
from tonghop.warehouse.connection import connect, rows

TEXT = """BÁO CÁO
kết quả kiểm điểm tự phê bình và phê bình tháng 5 năm 2012

Đến nay, toàn tỉnh có 67/73 cơ quan cấp tỉnh đã ban hành kế hoạch (đạt 91,78%). Có 38/73 cơ quan đăng ký việc cần làm
ngay, đạt 52,50%. Căn cứ Kế hoạch số 28-KH/TU ngày 30-5-2012 của Tỉnh ủy.
"""


def _all(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with connect(settings, "loader") as connection:
        return rows(connection, sql)


def _send(settings: Settings, path: Path, **options: Any) -> dict[str, Any]:
    (file,) = ingest_sender(settings, "60", [submit(settings, path, "60")], **options)["files"]
    return dict(file)


def test_claims_findings_and_text_are_kept(registered: Settings, tmp_path: Path) -> None:
    path = tmp_path / "báo cáo tháng 5.txt"
    path.write_text(TEXT, encoding="utf-8")
    file = _send(registered, path)
    assert (file["status"], file["rows_kept"], file["claims"]) == ("loaded", 0, 2)
    assert _all(registered, "select kind, form, reader, status from raw.submission") == [
        ("report", "report:báo cáo tháng 5.txt", "report", "loaded")
    ]
    ((period, text),) = _all(registered, "select period, text from raw.report_text")
    assert (period, text) == ("2012-05", TEXT)
    claims = _all(registered, "select char_start, char_end, quote, numerator, denominator, rate_value::text, consistent"
                              " from raw.claim order by claim_number")
    assert [(numerator, denominator) for _, _, _, numerator, denominator, _, _ in claims] == [(67, 73), (38, 73)]
    assert all(text[start:end] == quote for start, end, quote, *_ in claims)
    assert [claim[5:] for claim in claims] == [("0.9178", True), ("0.5250", False)]
    findings = _all(registered, "select rule, claims, quote, jsonb_typeof(explanations) from raw.report_finding")
    assert [(rule, numbers, kind) for rule, numbers, _, kind in findings] == [("R01", [2], "array")]
    assert findings[0][2] == claims[1][2]
    assert _all(registered, "select period, rows_kept from raw.submission_period") == [("2012-05", 0)]
    assert _all(registered, "select 1 from raw.statement") == []


def test_a_later_report_of_the_same_name_supersedes(registered: Settings, tmp_path: Path) -> None:
    path = tmp_path / "báo cáo.txt"
    path.write_text(TEXT, encoding="utf-8")
    _send(registered, path)
    path.write_text(TEXT.replace("67/73", "68/73"), encoding="utf-8")
    _send(registered, path)
    path.write_text(TEXT.replace("tháng 5", "tháng 6"), encoding="utf-8")
    _send(registered, path)
    states = _all(registered, "select state from raw.ledger order by submission_seq")
    assert states == [("superseded",), ("loaded",), ("loaded",)]


def test_a_ratio_above_one_is_a_finding_unless_the_catalogue_lets_it_be(registered: Settings, tmp_path: Path) -> None:
    # Without this: a ratio that may exceed one by its nature is called an error every month.
    path = tmp_path / "báo cáo.txt"
    path.write_text(TEXT.replace("có 67/73 cơ quan cấp tỉnh đã ban hành kế hoạch (đạt 91,78%)",
                                 "có 88/73 cơ quan, đơn vị cấp tỉnh ban hành kế hoạch thực hiện"), encoding="utf-8")
    _send(registered, path)
    rules = "select rule from raw.report_finding where submission_seq = (select max(submission_seq) from raw.submission) order by rule"
    assert _all(registered, rules) == [("D02",), ("R01",)]
    linked = "select indicator from raw.claim where submission_seq = 1 and claim_number = 1"
    assert _all(registered, linked) == [("plan_issued_agency",)]
    with connect(registered) as connection:
        rows(connection, "update reference.indicator set may_exceed_one = true where indicator = 'plan_issued_agency'")
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    _send(registered, path)
    assert _all(registered, rules) == [("R01",)]


def test_a_report_without_its_period_says_so_unless_the_sender_does(registered: Settings, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT.replace("tháng 5 năm 2012", "năm nay"), encoding="utf-8")
    assert "period" in _send(registered, path)["warning"]
    path.write_text(TEXT.replace("tháng 5 năm 2012", "năm này"), encoding="utf-8")
    assert _send(registered, path, period="2012-06")["warning"] is None
    assert _all(registered, "select period from raw.report_text order by submission_seq") == [(None,), ("2012-06",)]


def _docx() -> bytes:
    document, out = docx.Document(), io.BytesIO()
    for line in TEXT.splitlines():
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", _docx()),
        ("a.bin", _docx()),
        ("a.html", f"<html><body><p>{TEXT}</p></body></html>".encode()),
        ("a.txt", TEXT.encode("utf-16")),
        ("A.TXT", TEXT.encode()),
    ],
)
def test_a_report_is_known_by_what_it_is(name: str, content: bytes) -> None:
    sink = InMemory()
    head = read_into(io.BytesIO(content), Task(name, Limits()), sink)
    assert head.kind == "report"
    assert sink.claims == 2
    assert sink.report is not None
    text, _, claims, _ = sink.report
    assert all(text[claim.char_start : claim.char_end] == claim.quote for claim in claims)


_HEADER = ",".join(COLUMNS)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", f"{_HEADER}\n".encode(), False),
        ("a.txt", _HEADER.replace(",", "\t").encode("utf-16"), False),
        ("a.txt", b"unit_code;indicator;period;scop\n1;2;3;4", False),
        ("a.txt", TEXT.encode(), True),
        ("a.txt", b"", False),
        ("a.csv", TEXT.encode(), False),
        ("khong duoi", TEXT.encode(), False),
        ("a.pdf", b"%PDF-1.4 ...", True),
        ("a.csv", b"%PDF-1.4 ...", True),
        ("a.csv", b"  <!DOCTYPE html><html>", True),
        ("a.xlsx", b"PK\x03\x04junk", False),
    ],
)
def test_what_is_taken_for_a_report(name: str, content: bytes, expected: bool) -> None:
    file = io.BytesIO(content)
    assert is_report(file, content, Path(name).suffix.lower()) is expected
    assert file.tell() == 0
    assert names_columns(content) is (b"indicator" in content or b"i\x00n\x00d" in content)


def test_a_report_without_text_is_refused_in_two_languages() -> None:
    with pytest.raises(Unreadable) as refused:
        read_into(io.BytesIO(b"%PDF-1.4 nothing"), Task("quét.pdf", Limits()), InMemory())
    assert refused.value.rule == "S01"
    assert refused.value.vi
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Báo cáo tháng 5 năm 2012\n…", "2012-05"),
        ("Báo cáo quý I năm 2012\n…", "2012-03"),
        ("Báo cáo tháng 5 năm 2012\nso với tháng 4 năm 2012", None),
        ("Bình Thuận, ngày 22 tháng 5 năm 2012\nBáo cáo", None),
        ("Báo cáo năm 2012", None),
        ("\n" * 50 + "Báo cáo tháng 5 năm 2012", "2012-05"),
        ("dòng\n" * 50 + "tháng 5 năm 2012", None),
    ],
)
def test_the_period_of_a_report_is_never_guessed(text: str, period: str | None) -> None:
    assert period_of(text) == period
