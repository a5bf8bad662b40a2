"""The commands as a person types them: what they print, and with which code they end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tonghop.submissions.reading import COLUMNS

Run = Callable[..., tuple[int, str, str]]
HEADER = ",".join(COLUMNS)


def test_submit_says_what_was_read_and_where_it_was_not(run: Run, tmp_path: Path) -> None:
    good, bad = tmp_path / "tốt.csv", tmp_path / "hỏng.csv"
    good.write_text(f"{HEADER}\n60,study_class,2012-05,own,470,,,\n", encoding="utf-8")
    bad.write_text(f"{HEADER}\n60,study_class,2012-05,own,x1,,,\n60,study_class,2012-05,own,471,,,\n", encoding="utf-8")
    code, out, err = run("submit", good, "--from", "60")
    assert (code, err) == (0, "")
    assert "tốt.csv: 1 row(s) read, 1 kept, 0 kept aside" in out
    code, out, _ = run("submit", good, bad, "--from", "60")
    assert code == 1
    assert "already received" in out
    assert "S07 hỏng.csv, line 2:" in out
    code, out, _ = run("ingest")
    assert (code, out) == (0, "Nothing new in the inbox.\n")


def test_no_ingest_leaves_it_to_the_inbox(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADER}\n60,study_class,2012-05,own,470,,,\n", encoding="utf-8")
    assert run("submit", path, "--from", "60", "--no-ingest")[:2] == (0, "a.csv: in the inbox of 60.\n")
    code, out, _ = run("ingest")
    assert code == 0
    assert "1 kept" in out
    path.write_bytes(b"\xff\xff")
    code, out, _ = run("submit", path, "--from", "60")
    assert code == 1
    assert "rejected" in out
    assert "S01 a.csv, line 1" in out


def test_bad_use_is_one_line_and_two(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEADER, encoding="utf-8")
    for arguments in (
        ("submit", path, "--from", "Bình Thuận"),
        ("submit", tmp_path / "none.csv", "--from", "60"),
        ("submit", path),
        ("template", "60", "tháng 5"),
        ("withdraw", "--reason", "vì"),
        ("withdraw", "--submission", "60-0", "--reason", "vì"),
        ("reference", "load", "--add", tmp_path),
    ):
        code, out, err = run(*arguments)
        assert (code, out) == (2, ""), arguments
        assert err.count("\n") == 1, err
        assert err.startswith("tonghop: ")


def test_template_withdraw_and_reference(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "mẫu.xlsx"
    assert run("template", "60", "2012-05", "--out", target)[:2] == (0, f"{target}\n")
    assert target.exists()
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADER}\n60,study_class,2012-05,own,470,,,\n", encoding="utf-8")
    run("submit", path, "--from", "60")
    code, out, _ = run(
        "withdraw",
        "--from",
        "60",
        "--unit",
        "60",
        "--indicator",
        "study_class",
        "--period",
        "2012-05",
        "--scope",
        "own",
        "--reason",
        "gửi nhầm",
    )
    assert code == 0
    assert "Withdrew study_class of 60 in 2012-05" in out
    assert run("reference", "check")[:2] == (0, "The reference data is sound.\n")
    folder = tmp_path / "thêm"
    folder.mkdir()
    (folder / "org_units.csv").write_text(
        "unit_id,code,name,ascii_name,type,level,parent_unit_id,valid_from,valid_to\nX,Y,Z,Z,commune,grassroots,W,,\n",
        encoding="utf-8",
    )
    code, _, err = run("reference", "load", "--add", folder)
    assert code == 2
    assert "thêm/org_units.csv:2" in err
