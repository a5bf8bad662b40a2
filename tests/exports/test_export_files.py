"""``tonghop export``: what was written is read back by the libraries that its readers use, digit by digit."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from tests.night.conftest import as_analyst
from tonghop.errors import TonghopError
from tonghop.exports.export import Format, Order, Written, export
from tonghop.settings import Settings

Write = Callable[..., Path]


@pytest.fixture
def write(published: Settings, tmp_path: Path) -> Write:
    """Export to a file of the test's folder; returns the file."""

    def run(name: str, form: Format, *marts: str, **more: Any) -> Path:
        written: list[Written] = export(published, Order(tmp_path / name, form, marts, **more), lambda _: None)
        return written[0].path

    return run


def rates(settings: Settings) -> list[Decimal | None]:
    return [rate for (rate,) in as_analyst(settings, "select rate from fct_rollup order by period, indicator, unit_id")]


def test_csv_keeps_every_digit_and_every_letter(published: Settings, write: Write) -> None:
    with write("rollup.csv", "csv", "fct_rollup").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [Decimal(row["rate"]) if row["rate"] else None for row in found] == rates(published)
    assert all("E" not in row["rate"] for row in found)
    assert "Tỉnh Bình Thuận" in {row["unit_name"] for row in found}
    assert "partial_coverage;unknown_population" in {row["warnings"] for row in found}


def test_a_tiny_rate_is_not_written_in_powers_of_ten(write: Write) -> None:
    """1.5E-9 becomes text, or 1.5, in half of the programs that open a CSV."""
    path = write("tiny.csv", "csv", query="select 1.5e-9::numeric as tiny, null::text as nothing, true as yes, 'a;b' as text")
    assert path.read_text(encoding="utf-8") == "tiny,nothing,yes,text\n0.0000000015,,true,a;b\n"


def test_excel_is_told_that_it_is_utf8_only_when_asked(write: Write) -> None:
    assert write("plain.csv", "csv", "dim_warning").read_bytes()[:3] != b"\xef\xbb\xbf"
    assert write("excel.csv", "csv", "dim_warning", bom=True).read_bytes()[:3] == b"\xef\xbb\xbf"


def test_parquet_keeps_types_and_says_what_it_is(published: Settings, write: Write) -> None:
    path = write("rollup.parquet", "parquet", "fct_rollup")
    found = pl.read_parquet(path)
    assert dict(found.schema) | {"rate": pl.Decimal(38, 20), "numerator": pl.Int64(), "warnings": pl.List(pl.String),
                                 "period": pl.String()} == dict(found.schema)
    assert found["rate"].to_list() == rates(published)
    told = json.loads(pl.read_parquet_metadata(path)["tonghop"])
    assert (told["release_id"], told["source"]) == (2, "marts.fct_rollup")
    findings = pl.read_parquet(write("finding.parquet", "parquet", "fct_finding"))
    assert isinstance(findings.schema["first_seen_at"], pl.Datetime)
    assert json.loads(findings["explanations"][0]) is not None


def test_a_number_that_parquet_cannot_hold_is_refused_by_its_column(write: Write, tmp_path: Path) -> None:
    with pytest.raises(TonghopError, match="huge"):
        write("huge.parquet", "parquet", query="select 12345678901234567890.5 as huge")
    assert list(tmp_path.iterdir()) == []
    small = pl.read_parquet(write("small.parquet", "parquet", query="select 0.0000000000000000000000018 as small"))
    assert small["small"].to_list() == [Decimal(0)]


def test_a_workbook_has_numbers_an_about_sheet_and_no_formulas_of_others(published: Settings, write: Write) -> None:
    """A name that begins with "=" must not run in the reader's Excel."""
    book = openpyxl.load_workbook(write("nation.xlsx", "xlsx", "rpt_nation", period="2012-09"))
    header, *body = book["data"].iter_rows(values_only=True)
    by_name = [dict(zip(header, row, strict=True)) for row in body]
    assert [(row["numerator"], row["denominator"], row["rate"]) for row in by_name] == [(13, 13, 1), (188, 188, 1)]
    assert by_name[0]["warnings"] == "partial_coverage"
    about = {row[0]: row[1] for row in book["about"].iter_rows(values_only=True) if row}
    assert about["release_id"] == "2"
    assert "2012-09" in str(about["query"])
    assert [row[0] for row in book["columns"].iter_rows(min_row=2, values_only=True)] == list(header)
    words = as_analyst(published, "select warning from dim_warning")
    assert [(row[0],) for row in book["warnings"].iter_rows(min_row=2, values_only=True)] == words
    cell = openpyxl.load_workbook(write("formula.xlsx", "xlsx", query="select '=1+1' as text"))["data"]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_more_rows_than_a_sheet_has_are_refused_before_anything_is_written(write: Write, tmp_path: Path) -> None:
    with pytest.raises(TonghopError, match="1,048,575"):
        write("many.xlsx", "xlsx", query="select generate_series(1, 1048576) as number")
    assert list(tmp_path.iterdir()) == []


def test_sdmx_is_read_by_its_own_library_with_its_structure(published: Settings, write: Write) -> None:
    from pysdmx.io import get_datasets, read_sdmx
    from pysdmx.model import Role

    path = write("rollup.csv", "sdmx-csv", "fct_rollup")
    structure = path.with_name("rollup.csv.structure.json")
    (read,) = get_datasets(path, structure, validate=True)
    assert len(read.data) == len(rates(published))
    (definition,) = read_sdmx(structure, validate=True).get_data_structure_definitions()
    roles = {component.id: component.role for component in definition.components}
    assert [name for name, role in roles.items() if role == Role.DIMENSION] == ["UNIT_ID", "INDICATOR", "TIME_PERIOD"]
    assert [name for name, role in roles.items() if role == Role.MEASURE] == ["NUMERATOR", "DENOMINATOR", "RATE"]
    with path.open(encoding="utf-8", newline="") as file:
        raw = list(csv.DictReader(file))
    assert [Decimal(row["RATE"]) if row["RATE"] else None for row in raw] == rates(published)
    assert {row["STRUCTURE_ID"] for row in raw} == {"TONGHOP:FCT_ROLLUP(1.0)"}
    assert len({(row["UNIT_ID"], row["INDICATOR"], row["TIME_PERIOD"]) for row in raw}) == len(raw)


def test_sdmx_of_more_than_one_batch_has_one_header(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tonghop.exports.flow.BATCH_ROWS", 20)
    lines = write("long.csv", "sdmx-csv", "rpt_province").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 80
    assert sum(line.startswith("STRUCTURE,") for line in lines) == 1


@pytest.mark.parametrize(("marts", "query"), [(["dim_org_unit"], None), (["fct_finding"], None), ([], "select 1 as one")])
def test_what_has_no_structure_is_no_sdmx(write: Write, marts: list[str], query: str | None) -> None:
    with pytest.raises(TonghopError, match="no SDMX structure"):
        write("a.csv", "sdmx-csv", *marts, query=query)


def test_an_earlier_release_is_what_was_published_then(write: Write) -> None:
    """A figure cited from release 1 must be found again when release 2 has corrected it."""
    counts = []
    for number in (1, 2):
        table = pl.read_parquet(write(f"{number}.parquet", "parquet", "rpt_nation", release=number, period="2012-12"))
        counts.append(table["numerator"].to_list())
        told = json.loads((write(f"again{number}.csv", "csv", "rpt_nation", release=number).parent
                           / f"again{number}.csv.meta.json").read_text(encoding="utf-8"))
        assert told["release_id"] == number
        assert f"release {number} of" in told["cite_en"]
    assert counts == [[8], [9]]


def test_the_sidecar_lets_a_reader_check_cite_and_repeat(published: Settings, write: Write) -> None:
    path = write("p.csv", "csv", "rpt_province", period="2012-11")
    told = json.loads(path.with_name("p.csv.meta.json").read_text(encoding="utf-8"))
    assert told["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert told["rows"] == 26 == len(as_analyst(published, told["query"]))
    assert all(column["meaning"] for column in told["columns"])
    assert told["warnings"][0]["warning"] == "partial_coverage"


def test_the_same_release_gives_the_same_file(write: Write) -> None:
    assert write("a.csv", "csv", "fct_rollup").read_bytes() == write("b.csv", "csv", "fct_rollup").read_bytes()


def test_several_marts_go_to_a_folder(published: Settings, tmp_path: Path) -> None:
    done = export(published, Order(tmp_path / "all", "csv", ("rpt_nation", "dim_indicator")), lambda _: None)
    assert [file.path.name for file in done] == ["rpt_nation.csv", "dim_indicator.csv"]
    assert all(file.path.exists() and file.rows > 0 for file in done)


def test_a_file_that_exists_is_kept_unless_force_is_said(write: Write) -> None:
    path = write("kept.csv", "csv", "rpt_nation")
    path.write_text("somebody's work")
    with pytest.raises(TonghopError, match="exists"):
        write("kept.csv", "csv", "rpt_nation")
    assert path.read_text() == "somebody's work"
    assert write("kept.csv", "csv", "rpt_nation", force=True).read_text(encoding="utf-8").startswith("period,")


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_a_query_that_breaks_half_way_leaves_the_old_file_and_no_half_one(
        write: Write, tmp_path: Path, form: Format) -> None:
    path = tmp_path / f"half.{form}"
    path.write_text("the old one")
    with pytest.raises(TonghopError, match="division by zero"):
        write(path.name, form, query="select 1 / (number - 30000) as broken from generate_series(1, 40000) as number",
              force=True)
    assert path.read_text() == "the old one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("query", "said"), [
    ("select * from store.rollup", "permission denied"), ("select * from raw.statement", "permission denied"),
    ("delete from marts.rpt_nation", "syntax error"), ("select 1 as a; select 2 as b", "syntax error"),
    ("select 1 as a, 2 as a", "more than one column"),
])
def test_a_query_reads_marts_once_and_nothing_else(write: Write, tmp_path: Path, query: str, said: str) -> None:
    with pytest.raises(TonghopError, match=said):
        write("no.csv", "csv", query=query)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("more", "said"), [
    ({"period": "2013-01"}, "2012-05"), ({"period": "May"}, "YYYY-MM"), ({"release": 9}, "Releases: 1, 2"),
    ({"level": "province"}, "no column level"),
])
def test_what_cannot_be_is_refused_with_what_can(write: Write, more: dict[str, Any], said: str) -> None:
    """An empty file for a period mistyped would be read as "nobody reported"."""
    with pytest.raises(TonghopError, match=said):
        write("no.csv", "csv", "rpt_province", **more)


_MEASURE = """
import sys
from pathlib import Path
from pydantic import SecretStr
from tonghop.exports.export import Order, export
from tonghop.settings import Settings
settings = Settings(state_dir=Path(sys.argv[1]), database_url=SecretStr(sys.argv[2]))
query = "select number, number / 7.0 as rate, 'Xã số ' || number as name, array['partial_coverage'] as warnings" \
        " from generate_series(1, 2000000) as number"
(written,) = export(settings, Order(Path(sys.argv[3]), sys.argv[4], query=query), lambda _: None)
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
print(written.rows, int(peak.split()[1]) // 1024)
"""


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_two_million_rows_take_less_than_300_mib(published: Settings, tmp_path: Path, form: Format) -> None:
    """A nation's month must not need a bigger machine than the analyst has."""
    assert published.database_url is not None
    told = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(published.state_dir), published.database_url.get_secret_value(),
         str(tmp_path / "big"), form], capture_output=True, text=True, check=True)
    count, peak_mib = map(int, told.stdout.split())
    assert count == 2_000_000
    assert peak_mib < 300
