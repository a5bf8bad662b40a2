"""The corpus itself: were it wrong, every figure of docs/detection.md would be."""

from __future__ import annotations

import filecmp
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.detection import corpus
from tests.detection.catalogue import DECLARED, PERIODS
from tests.detection.consistency import Check, Problem
from tests.detection.corpus import Corpus
from tests.detection.received import Refused, count, read_register
from tests.detection.score import Finding, score

SEEDS = (1, 7)
SIZE = 2


@pytest.fixture(scope="module", params=SEEDS)
def planted(request: pytest.FixtureRequest) -> Corpus:
    return corpus.plant(request.param, SIZE)


@pytest.fixture(scope="module")
def written(planted: Corpus, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("corpus")
    return folder, corpus.write(folder, planted, 1)


def as_finding(number: int, problem: Problem) -> Finding:
    return Finding(str(number), str(number), problem.rule, "error", problem.sender or None, problem.unit or None,
                   problem.indicator or None, None, problem.period, None, None, None, None, "", [])


def test_the_clean_nation_breaks_no_rule_of_the_semantics(planted: Corpus, tmp_path: Path) -> None:
    # Without this a false finding could be the nation's own fault.
    truth = corpus.write(tmp_path, Corpus(planted.nation, planted.clean, planted.clean, []), 1)
    assert truth["clean_figures"] == len(planted.clean.figures) > 20_000
    assert Check(tmp_path, truth["files"]).run() == set()


def test_each_error_breaks_its_rule_at_its_place_and_nothing_else_does(
    planted: Corpus, written: tuple[Path, dict[str, Any]]
) -> None:
    # Without this a miss could be the corpus's fault: an error that breaks nothing, or that another one hides.
    folder, truth = written
    problems = Check(folder, truth["files"]).run()
    found = score([as_finding(*each) for each in enumerate(sorted(problems))], planted.planted, planted.clean_figures)
    assert [each.missed for each in found.kinds if each.missed] == []
    assert found.unexplained == []


def test_every_kind_is_planted_in_every_province(planted: Corpus) -> None:
    counted = Counter(each.kind for each in planted.planted)
    assert counted == dict.fromkeys((planter.__name__ for planter in corpus.KINDS), SIZE)
    assert len(corpus.KINDS) >= 25


def test_what_is_planted_differs_from_what_was_there(planted: Corpus) -> None:
    for each in planted.planted:
        assert each.was != each.now or not each.indicator, each  # of a form that is missing or late nothing is written


def test_no_two_errors_stand_in_one_commune(planted: Corpus) -> None:
    communes = Counter(each.unit for each in planted.planted if each.unit.startswith("G-"))
    assert len(communes) > 80
    assert set(communes.values()) == {1}


def test_no_two_errors_meet_in_one_sum(planted: Corpus) -> None:
    # A second wrong figure of an indicator under a province would change the imbalance by which the first is explained.
    cells = Counter((planted.nation.province(each.unit, each.period), each.indicator, each.period)
                    for each in planted.planted if each.indicator in DECLARED)
    assert len(cells) > 50
    assert set(cells.values()) == {1}


def test_truth_names_places_that_exist(written: tuple[Path, dict[str, Any]]) -> None:
    folder, truth = written
    assert json.loads((folder / "truth.json").read_text(encoding="utf-8")) == truth
    register = read_register(folder / "reference")
    units, known = {row["unit_id"] for row in register.units}, {*register.indicators, *register.populations}
    for each in truth["planted"]:
        assert {*each["units"], *each["senders"]} <= units, each
        assert each["units"] or each["senders"], each
        assert each["period"] in truth["periods"], each
        assert set(each["populations"]) <= known, each
        if each["kind"] != "unknown_indicator":
            assert set(each["indicators"]) <= known, each
    assert all((folder / "returns" / each["file"]).is_file() for each in truth["files"])


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("again", 5), ("other", 6)):
        corpus.write(tmp_path / name, corpus.plant(seed, 1), seed)
    names = [str(path.relative_to(tmp_path / "one")) for path in (tmp_path / "one").rglob("*") if path.is_file()]
    same = filecmp.cmpfiles(tmp_path / "one", tmp_path / "again", names, shallow=False)
    assert same == (names, [], [])
    _, different, _ = filecmp.cmpfiles(tmp_path / "one", tmp_path / "other", names, shallow=False)
    assert {"truth.json", "returns/2024-01/11/return-2024-01.csv"} <= set(different)


def test_errors_are_of_every_level_and_period_and_size(planted: Corpus) -> None:
    levels = Counter(planted.nation.units[each.unit].level for each in planted.planted if each.unit)
    assert {"province", "district", "grassroots"} <= set(levels)
    assert {each.period for each in planted.planted} == set(PERIODS)


@pytest.mark.parametrize(("text", "meaning"), [("43.240", 43240), ("00", 0), ("-", 0), ("không", 0), ("", None), ("12", 12)])
def test_the_check_reads_counts_as_senders_mean_them(text: str, meaning: int | None) -> None:
    assert count(text) == (meaning, True)


@pytest.mark.parametrize(("text", "rule"), [("12 cây", "S07"), ("-5", "S08"), ("43.24", "S08")])
def test_the_check_refuses_what_is_no_count(text: str, rule: str) -> None:
    with pytest.raises(Refused, match=rule):
        count(text)
