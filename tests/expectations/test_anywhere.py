"""The denominator family on tables of anybody's own: PostgreSQL, SQLite and pandas say the same."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import great_expectations as gx
import pandas as pd
import pytest
from sqlalchemy import create_engine

from expectations.anywhere import (
    ExpectDeclaredTotalToEqualItsChildren,
    ExpectDenominatorToEqualPopulation,
    ExpectNumeratorToBeWithinDenominator,
    ExpectPartsToAddUpToTheWhole,
    ExpectPopulationToHaveOneDenominator,
    ExpectStatedRateToFitItsCounts,
)
from tests.conftest import fresh_warehouse
from tonghop.settings import Settings
from tonghop.warehouse.connection import admin_url

Validate = Callable[[pd.DataFrame, Any], Any]


@pytest.fixture(scope="module")
def postgres(server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with fresh_warehouse(server, tmp_path_factory.mktemp("anywhere")) as settings:
        yield admin_url(settings).set(drivername="postgresql+psycopg2").render_as_string(hide_password=False)


@pytest.fixture(params=["pandas", "sqlite", "postgresql"])
def validate(request: pytest.FixtureRequest, tmp_path: Path) -> Validate:
    """One expectation over one frame, wherever its rows are."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    if request.param == "pandas":
        return lambda frame, expected: context.data_sources.pandas_default.read_dataframe(frame).validate(expected)
    url = f"sqlite:///{tmp_path / 'own.sqlite'}" if request.param == "sqlite" else request.getfixturevalue("postgres")
    numbers = itertools.count()
    add = context.data_sources.add_sqlite if request.param == "sqlite" else context.data_sources.add_postgres

    def judge(frame: pd.DataFrame, expected: Any) -> Any:
        engine = create_engine(url)
        frame.to_sql("figures", engine, index=False, if_exists="replace")
        engine.dispose()
        asset = add(f"own {next(numbers)}", connection_string=url).add_table_asset("figures", table_name="figures")
        return asset.add_batch_definition_whole_table("all").get_batch().validate(expected)

    return judge


def rows_of(result: Any) -> list[dict[str, Any]]:
    return [{name: int(value) if isinstance(value, float) else value for name, value in row.items()}
            for row in result.result.get("partial_unexpected_list", [])]


def test_a_numerator_above_its_denominator(validate: Validate) -> None:
    frame = pd.DataFrame({"Đơn vị": ["A", "B", "C", "D"], "done": [74, 73, 5, None], "of": [73, 73, None, 9]})
    result = validate(frame, ExpectNumeratorToBeWithinDenominator(numerator="done", denominator="of", keys=["Đơn vị"]))
    assert not result.success
    assert (result.result["observed_value"], result.result["element_count"]) == (1, 4)
    assert rows_of(result) == [{"Đơn vị": "A", "done": 74, "of": 73}]


def test_a_denominator_that_is_not_its_population(validate: Validate) -> None:
    frame = pd.DataFrame({"of": [88, 73, 88, 0], "registered": [73, 73, None, 73]})
    result = validate(frame, ExpectDenominatorToEqualPopulation(denominator="of", population="registered"))
    assert rows_of(result) == [{"of": 88, "registered": 73}]


def test_one_population_with_two_denominators(validate: Validate) -> None:
    frame = pd.DataFrame({"unit": ["A", "A", "A", "B"], "period": ["5", "5", "6", "5"], "of": [73, 88, 73, 88]})
    result = validate(frame, ExpectPopulationToHaveOneDenominator(denominator="of", population=["unit", "period"]))
    assert (result.result["observed_value"], result.result["element_count"]) == (1, 3)
    assert rows_of(result) == [
        {"unit": "A", "period": "5", "denominators": 2, "lowest": 73, "highest": 88, "figures": 2}]


def test_a_declared_total_beside_its_children(validate: Validate) -> None:
    frame = pd.DataFrame({
        "unit": ["north", "A", "B", "south", "C", "D", "west", "E"],
        "above": [None, "north", "north", None, "south", "south", None, "west"],
        "committees": [224, 143, 79, 9, 5, None, 7, 7],
    })
    result = validate(frame, ExpectDeclaredTotalToEqualItsChildren(total="committees", unit="unit", parent="above"))
    assert (result.result["observed_value"], result.result["element_count"]) == (1, 3)
    assert rows_of(result) == [{"unit": "north", "committees": 224, "computed": 222, "imbalance": 2}]


def test_parts_that_are_not_the_whole(validate: Validate) -> None:
    frame = pd.DataFrame({"done": [67, 67, 67], "not": [6, 5, None], "all": [73, 73, 73]})
    result = validate(frame, ExpectPartsToAddUpToTheWhole(parts=["done", "not"], whole="all"))
    assert rows_of(result) == [{"done": 67, "not": 5, "all": 73}]


RATES = [  # numerator, denominator, as written, what it should be (None: it fits)
    (67, 73, "91,78%", None), (67, 73, "92%", None), (67, 73, " 91.8 % ", None), (709, 724, "99,55%", "97,93%"),
    (38, 73, "52,07%", "52,05%"), (1, 8, "13", None), (1, 8, "12", "13%"), (1, 8, "12.5", None), (1, 200, "0,5%", None),
    (1, 200, "0,50%", None), (1, 200, "1%", None), (1, 200, "0%", "1%"), (2, 3, "66,666667", None), (0, 5, "0,0%", None),
    (5, 5, "100,00%", None), (6, 5, "120%", None), (1, 3, "gần hết", "0%"), (1, 3, "", None), (1, 3, None, None),
    (1, 3, "3.3.3", "0%"), (None, 3, "33%", None), (1, 0, "33%", None), (1, 3, "33.", None), (999_999_999, 1_000_000_000, "99,999999", "100,000000%"),
]


def test_rates_as_they_are_written(validate: Validate) -> None:
    frame = pd.DataFrame(RATES, columns=["done", "of", "rate", "right"])
    expected = {(text, right) for _, _, text, right in RATES if right}
    result = validate(frame[["done", "of", "rate"]], ExpectStatedRateToFitItsCounts(
        numerator="done", denominator="of", stated_rate="rate", result_format={"result_format": "SUMMARY", "partial_unexpected_count": 100}))
    found = {(row["rate"], row["expected"]) for row in rows_of(result)}
    unread = {(text, None) for text, right in expected if right == "0%" and text != "0%"}
    assert found == {pair for pair in expected if (pair[0], None) not in unread} | unread


def test_slips_within_a_tolerance_pass(validate: Validate) -> None:
    frame = pd.DataFrame({"done": [38, 1, 1], "of": [73, 2, 2], "rate": ["52,07", "50,5", "50,6"]})
    result = validate(frame, ExpectStatedRateToFitItsCounts(
        numerator="done", denominator="of", stated_rate="rate", tolerance_points=0.5))
    assert [row["rate"] for row in rows_of(result)] == ["50,6"]


def test_half_up_is_exact_for_every_fraction(validate: Validate) -> None:
    """Ties are where floating point goes astray: every n/d up to 64 at nought, one and two decimals, as numbers."""
    for decimals in (0, 1, 2):
        scale = 10**decimals
        right = [(n, d, int(Fraction(200 * scale * n + d, 2 * d)) / scale) for d in range(1, 65) for n in range(d + 1)]
        frame = pd.DataFrame(right, columns=["done", "of", "rate"])
        expected = ExpectStatedRateToFitItsCounts(numerator="done", denominator="of", stated_rate="rate", decimals=decimals)
        assert validate(frame, expected).success
        frame["rate"] += 1 / scale
        result = validate(frame, expected)
        assert result.result["observed_value"] == len(right)


def test_a_misspelt_column_is_an_error_and_no_verdict(validate: Validate) -> None:
    """SQLite takes an unknown name in quotes for a text: 'denominatr' would have been judged, and passed."""
    result = validate(pd.DataFrame({"done": [74], "of": [73]}), ExpectNumeratorToBeWithinDenominator(numerator="done", denominator="off"))
    assert not result.success
    assert "off" in str(result.exception_info)
    assert "raised_exception\": true" in str(result)


def test_what_fits_asks_for_no_rows(validate: Validate) -> None:
    result = validate(pd.DataFrame({"done": [73], "of": [73]}), ExpectNumeratorToBeWithinDenominator(numerator="done", denominator="of"))
    assert result.success
    assert "partial_unexpected_list" not in result.result


def test_the_example_finds_what_is_wrong_and_leaves_pages(tmp_path: Path) -> None:
    script = Settings().project_dir / "examples" / "denominators.py"
    ran = subprocess.run([sys.executable, str(script), str(tmp_path / "pages")], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "tonghop" not in script.read_text(encoding="utf-8")
    for line in ("denominator 88, registered 73", "denominators 2, lowest 73, highest 88", "rate 99,55%, expected 97,93%",
                 "numerator 161, denominator 160", "committees 224, computed 222, imbalance 2"):
        assert line in ran.stdout
    assert ran.stdout.count("1 of ") == 5
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "pages").rglob("*.html")]
    assert any("rounded half-up" in page and "97,93%" in page for page in pages)
