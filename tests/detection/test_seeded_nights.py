"""One province with every kind of error, through its nights: docs/detection.md at its smallest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.detection import corpus, warehouse
from tests.detection.__main__ import is_good
from tests.detection.score import score

SEED, SIZE = 11, 1


@pytest.mark.timeout(900)
def test_every_kind_is_found_explained_and_nothing_else(tmp_path: Path) -> None:
    """A rule that went blind, or a cause that went wrong, would be seen by nobody before a steward missed it."""
    planted = corpus.plant(SEED, SIZE)
    truth = corpus.write(tmp_path / "corpus", planted, SEED)
    findings = warehouse.judged(tmp_path / "warehouse", tmp_path / "corpus", truth, lambda _: None)
    result = score(findings, planted.planted, planted.clean_figures)
    assert [each.kind for each in result.kinds if each.missed] == []
    assert [(each.rule, each.unit_id, each.indicator, each.period) for each in result.unexplained] == []
    assert is_good(result)
