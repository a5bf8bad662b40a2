"""``tonghop sql``, through the command line's own entry."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

from tonghop import cli
from tonghop.commands import warehouse as command
from tonghop.settings import Settings

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(warehouse: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``tonghop sql``; gives exit code, output and errors."""
    monkeypatch.setattr(command, "settings", lambda: warehouse)

    def asked(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(["sql", *arguments])
        told = capsys.readouterr()
        return int(str(ended.value.code)), told.out, told.err

    return asked


def test_csv_is_read_by_what_reads_csv_and_json_by_what_reads_json(run: Run) -> None:
    """Without this explanations and warnings arrive in a spreadsheet as Python would write them."""
    asked = """select '[{"cause": "lệch 1"}]'::jsonb as causes, array['a', 'b']::text[] as warnings, null as nothing, 12 as n"""
    code, out, err = run(asked, "--csv")
    assert (code, err) == (0, "")
    ((causes, warnings, nothing, n),) = list(csv.reader(io.StringIO(out)))[1:]
    assert json.loads(causes) == [{"cause": "lệch 1"}]
    assert (warnings, nothing, n) == ("a;b", "", "12")


def test_a_query_that_is_refused_says_what_may_be_asked(run: Run) -> None:
    code, out, err = run("select * from raw.statement")
    assert (code, out) == (2, "")
    assert "permission denied" in err
    assert "marts" in err
