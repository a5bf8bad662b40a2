"""The commands that keep the register up, as a steward types them: what they print, and with which code they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reference.country import HEADER, lay_out, row
from tonghop.cli import main
from tonghop.commands import reference
from tonghop.reference.load import load
from tonghop.settings import Settings

Run = Callable[..., tuple[int, str, str]]
SAID = ("--by", "Lan", "--reason", "Nghị quyết 1")


@pytest.fixture
def run(warehouse: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs ``tonghop reference …`` on the small country; gives the exit code, stdout and stderr."""
    settings = lay_out(warehouse, tmp_path / "project")
    load(settings)
    monkeypatch.setattr(reference, "settings", lambda: settings)

    def typed(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main(["reference", *map(str, arguments)])
        told = capsys.readouterr()
        return int(str(stopped.value.code)), told.out, told.err

    return typed


@pytest.fixture
def merger(tmp_path: Path) -> Path:
    """Two communes become one, on a day that no published period reaches."""
    path = tmp_path / "gộp xã.csv"
    lines = [
        row("2026-01-01", "open", "C-9", code="0119", name="Phường Mới", type="ward", parent_unit_id="P-1"),
        row("2026-01-01", "merge", "C-1", into_unit_id="C-9"),
        row("2026-01-01", "merge", "C-2", into_unit_id="C-9"),
    ]
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return path


def _bad(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "sai.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_diff_then_apply_then_nothing_new(run: Run, merger: Path) -> None:
    code, out, err = run("diff", merger)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "gộp xã.csv: 3 dòng / rows"
    assert "Đơn vị / Units: 1 mở / opened, 2 kết thúc / ended" in lines
    assert "  2026-01-01  C-1 Xã Một: kết thúc / ends; → C-9 (toàn bộ / whole)" in lines
    assert "  2026-01-01  C-9 Phường Mới: mở / opens, ward, mã / code 0119, dưới / under P-1" in lines
    assert "Số liệu đã công bố / Published figures: không đổi / none would move" in lines
    assert run("changes") == (0, "", "(0 changes)\n")  # a preview leaves no trace
    code, out, _ = run("apply", merger, *SAID)
    assert code == 0
    assert out.startswith("gộp xã.csv: đã áp dụng, thay đổi số 1 / applied as change 1: 1 mở / opened, 2 kết thúc / ended\n")
    assert "The next night publishes what it moves" in out
    code, out, _ = run("apply", merger, *SAID)
    assert (code, out) == (0, "gộp xã.csv: đã áp dụng trước đây, thay đổi số 1 / applied already, as change 1\n")
    assert "applied already, as change 1" in run("diff", merger)[1]
    assert "unchanged" in run("load")[1]


def test_json_has_its_keys(run: Run, merger: Path) -> None:
    code, out, _ = run("diff", merger, "--json")
    told = json.loads(out)
    assert code == 0
    assert {"units", "figures", "restated"} <= set(told)
    assert told["counts"] == {"opened": 1, "ended": 2}
    assert [(each["unit_id"], each["kind"], each["from"], each["became"]) for each in told["units"]] == [
        ("C-1", "ended", "2026-01-01", {"C-9": "whole"}),
        ("C-2", "ended", "2026-01-01", {"C-9": "whole"}),
        ("C-9", "opened", "2026-01-01", {}),
    ]


def test_a_refused_file_ends_with_2_and_every_reason(run: Run, tmp_path: Path) -> None:
    path = _bad(tmp_path, "\n".join([HEADER, row("2026-01-01", "close", "D-1"), row("2026-01-01", "close", "C-99")]))
    for command in (("diff", path), ("apply", path, *SAID)):
        code, out, err = run(*command)
        assert code == 2
        assert [line.split(": ")[0] for line in out.splitlines()] == ["sai.csv:2", "sai.csv:3"]
        assert err.count("\n") == 1
        assert "2 problem(s)" in err
        assert "nothing was changed" in err
    code, out, _ = run("diff", path, "--json")
    assert code == 2
    assert len(json.loads(out)["problems"]) == 2


@pytest.mark.parametrize(("text", "words"), [
    ("", "sai.csv:1: the file is empty"),
    ("effective_on,chnge,unit_id\n2026-01-01,close,C-1\n", "Did you mean change?"),
    ("PK\x03\x04", "control character"),
    ("effective_on,change,unit_id\n1/1/2026,close,C-1\n", "write the day as YYYY-MM-DD"),
    ("effective_on,change,unit_id\n2026-01-01,close,P-1-A9\n", "Did you mean 'P-1-A1'?"),
])
def test_what_is_no_change_file_is_said(run: Run, tmp_path: Path, text: str, words: str) -> None:
    code, out, err = run("diff", _bad(tmp_path, text))
    assert code == 2
    assert words in out
    assert words in err


def test_no_such_file_or_number(run: Run, tmp_path: Path) -> None:
    code, _, err = run("diff", tmp_path / "không có.csv")
    assert code == 2
    assert "is no change file, and no number of a change" in err
    assert "No change has the number 7" in run("diff", 7)[2]
    assert "No change has the number 7" in run("withdraw", 7, *SAID)[2]


def test_a_day_to_come_is_allowed_and_said(run: Run, tmp_path: Path) -> None:
    path = _bad(tmp_path, "effective_on,change,unit_id,name\n2150-01-01,rename,C-1,Xã Sau\n")
    code, out, _ = run("diff", path)
    assert code == 0
    assert "Takes effect that day: 2150-01-01" in out


def test_propose_apply_withdraw_and_the_journal(run: Run, tmp_path: Path) -> None:
    own = _bad(tmp_path, "effective_on,change,unit_id,name,type,parent_unit_id\n2026-01-01,open,P-1-A2,Sở Mới,provincial_agency,P-1\n")
    code, out, _ = run("propose", own, "--from", "01")
    assert (code, "proposed as change 1" in out) == (0, True)
    code, out, err = run("propose", _bad(tmp_path, f"{HEADER}\n{row('2026-01-01', 'rename', 'C-1', name='X')}"), "--from", "01")
    assert code == 2
    assert "may not change the administrative tree" in out
    assert "refused, and kept as change 2" in err
    assert "1 mở / opened" in run("diff", 1)[1]
    assert run("apply", 1, *SAID)[0] == 0
    code, out, _ = run("withdraw", 1, "--by", "Minh", "--reason", "nhầm")
    assert (code, out.startswith("Withdrew change 1 (sai.csv), which was applied.")) == (0, True)
    _, out, err = run("changes")
    assert err == "(2 changes)\n"
    assert [line.strip().split("  ")[0] for line in out.splitlines() if not line.startswith("    ")] == ["2", "1"]
    assert "rút / withdrawn: Minh" in out
    listed = json.loads(run("changes", "--json")[1])
    assert [(each["change_id"], each["state"], each["sender"], each["decided_by"]) for each in listed] == [
        (2, "refused", "P-1", None), (1, "withdrawn", "P-1", "Lan"),
    ]


@pytest.mark.parametrize("arguments", [("apply", "x.csv"), ("apply", "x.csv", "--by", "Lan"), ("withdraw", "1", "--by", "Lan")])
def test_who_and_why_are_required(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == 2
