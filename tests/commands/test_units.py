"""``tonghop find``, through the command line's own entry."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tonghop import cli
from tonghop.commands import units
from tonghop.reference import load as reference
from tonghop.settings import Settings

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def find(warehouse: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``tonghop find`` on the authored register; gives exit code, output and errors."""
    reference.load(warehouse)
    monkeypatch.setattr(units, "settings", lambda: warehouse)

    def command(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            cli.main(["find", *arguments])
        told = capsys.readouterr()
        return int(str(ended.value.code)), told.out, told.err

    return command


def test_one_several_or_none(find: Run) -> None:
    for arguments, told in (
        (["593", "--period", "2012-05"], "A-593  593  Thành phố Phan Thiết, Tỉnh Bình Thuận\n"),
        (["TP Phan Thiết", "--in", "60", "--on", "2012-05-30"], "A-593  593  Thành phố Phan Thiết, Tỉnh Bình Thuận\n"),
        (["24", "--period", "2025-08"], "B-24  24  Tỉnh Bắc Ninh, Vụ Địa phương I\n"),
        (["24", "--period", "2016-12"], "A-24  24  Tỉnh Bắc Giang, Vụ Địa phương I\n"),
        (["Vụ Địa phương II"], "V-2  V-2  Vụ Địa phương II, Toàn quốc\n"),
    ):
        assert find(*arguments) == (0, told, ""), arguments

    code, out, err = find("Huyện Châu Thành", "--period", "2012-05")
    assert code == 1
    assert len(out.splitlines()) == 10
    assert "name the parent too" in err

    code, out, err = find("Phan Thiét", "--in", "A-60", "--period", "2012-05")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "Did you mean Thành phố Phan Thiết, Tỉnh Bình Thuận (593)" in err


def test_json_says_the_same(find: Run) -> None:
    keys = ["day", "unit", "candidates", "suggestions"]
    code, out, _ = find("Huyện Tuy Phong", "--in", "60", "--period", "2012-05", "--json")
    answer = json.loads(out)
    assert (code, list(answer), answer["day"]) == (0, keys, "2012-05-31")
    assert answer["unit"] == {
        "unit_id": "A-595", "code": "595", "name": "Huyện Tuy Phong", "parent_name": "Tỉnh Bình Thuận",
    }
    code, out, _ = find("Xã Hòa Bình", "--period", "2012-05", "--json")
    answer = json.loads(out)
    assert (code, answer["unit"], len(answer["candidates"]) > 5) == (1, None, True)
    code, out, err = find("Phan Thiét", "--in", "60", "--period", "2012-05", "--json")
    assert (code, json.loads(out)["suggestions"][0]["code"]) == (2, "593")
    assert "No unit is called 'Phan Thiét'" in err


@pytest.mark.parametrize(("arguments", "told"), [
    (["x", "--on", "2012-05-01", "--period", "2012-05"], "Give one of them"),
    (["x", "--period", "2012-13"], "is no period"),
    (["x", "--in", "999", "--period", "2012-05"], "--in: no unit has the code or the id '999'"),
    (["x", "--in", "Tỉnh Bình Thuận", "--period", "2012-05"], "Did you mean Tỉnh Bình Thuận, Vụ Địa phương III (60)?"),
    (["không rõ đơn vị nào", "--period", "2012-05"], "Write a code of that day"),
])
def test_bad_use_is_one_line_that_says_what_to_do(find: Run, arguments: list[str], told: str) -> None:
    code, _, err = find(*arguments)
    assert (code, len(err.splitlines())) == (2, 1)
    assert told in err
