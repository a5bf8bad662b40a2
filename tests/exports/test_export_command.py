"""``tonghop export`` as it is typed: what it says when it is done, and when it was asked for something impossible."""

from __future__ import annotations

from pathlib import Path

import pytest

from tonghop import cli
from tonghop.commands import export as command
from tonghop.settings import Settings


@pytest.fixture
def typed(published: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> object:
    monkeypatch.setattr(command, "settings", lambda: published)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(["export", *arguments])
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    return run


def test_a_file_is_named_counted_and_citable(typed, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    code, out, _ = typed("-m", "rpt_province", "--period", "2012-12", "--out", str(tmp_path / "p.xlsx"))
    assert code == 0
    assert out.startswith(f"{tmp_path}/p.xlsx: 13 rows. Cite: Tổng hợp, release 2 of ")


@pytest.mark.parametrize(("arguments", "said"), [
    (["--out", "x.csv"], "--mart NAME or --query SQL"),
    (["-m", "rpt_nation", "--query", "select 1", "--out", "x.csv"], "one of the two"),
    (["--query", "select 1 as a", "--period", "2012-05", "--out", "x.csv"], "not a query"),
    (["-m", "rpt_nation", "--out", "x.pdf"], "--format"),
    (["-m", "rpt_nation", "--out", "x.xlsx", "--bom"], "--bom is for CSV"),
    (["-m", "rpt_nations", "--out", "x.csv"], "rpt_nation"),
    (["-m", "rpt_nation", "--out", "no/such/folder/x.csv"], "no folder"),
])
def test_bad_use_is_one_line_that_says_what_to_do(  # type: ignore[no-untyped-def]
        typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = typed(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
