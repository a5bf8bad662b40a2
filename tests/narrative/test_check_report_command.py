"""``tonghop check-report`` through the command line's own entry: no database, one line an error."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tonghop import cli

WRONG = "Có 38/73 đơn vị đăng ký, đạt 52,07%."
RIGHT = "Có 67/73 đơn vị đăng ký, đạt 91,78%."


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        cli.main(["check-report", *arguments])
    told = capsys.readouterr()
    return int(str(ended.value.code)), told.out, told.err


def test_exit_codes_say_whether_figures_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for text, code in ((RIGHT, 0), (WRONG, 1), ("Không có số nào.", 0)):
        path = tmp_path / "báo cáo.txt"
        path.write_text(text, encoding="utf-8")
        assert run(capsys, str(path))[0] == code


def test_people_read_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.txt"
    path.write_text(WRONG, encoding="utf-8")
    _, out, err = run(capsys, str(path))
    assert "38/73" in out
    assert "tỷ lệ không khớp" in out
    assert "the rate does not fit" in out
    assert "R02" in out
    assert err == ""


def test_json_from_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(WRONG.encode())))
    code, out, _ = run(capsys, "-", "--json")
    report = json.loads(out)
    assert code == 1
    assert WRONG[report["claims"][0]["start"] : report["claims"][0]["end"]] == report["claims"][0]["quote"]
    assert report["findings"][0]["rule"] == "R01"


def test_what_cannot_be_read_is_one_line_and_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    for name in (str(tmp_path / "none.txt"), str(tmp_path), str(empty)):
        code, out, err = run(capsys, name)
        assert (code, out, len(err.splitlines())) == (2, "", 1), name
