"""``python -m tests.detection [--seed N] [--size N] [--write FILE] [--json] [--keep DIR]``: plant, run the nights, score."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.detection import corpus, table
from tests.detection.score import Score, score

_SHOWN = 20


def main() -> int:
    """Run it all; returns 1 where the page's bars are not met, so that a build can stop on it."""
    given = _arguments()
    began = time.monotonic()

    def tell(line: str) -> None:
        sys.stderr.write(f"{time.monotonic() - began:6.1f} s  {line}\n")

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        planted = corpus.plant(given.seed, given.size)
        truth = corpus.write(folder / "corpus", planted, given.seed)
        tell(f"{len(planted.planted)} errors of {len(corpus.KINDS)} kinds among {planted.clean_figures:,} clean figures")
        from tests.detection import warehouse

        if given.keep is not None:
            warehouse.keep(folder / "corpus", given.keep)
        findings = warehouse.judged(folder / "warehouse", folder / "corpus", truth, tell)
        if given.keep is not None:
            (given.keep / "findings.json").write_text(
                json.dumps(warehouse.plain(findings), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    result = score(findings, planted.planted, planted.clean_figures)
    made = table.page(result, given.seed, given.size, len(truth["periods"]))
    if given.write is not None:
        given.write.write_text(made, encoding="utf-8")
    print(json.dumps(_as_json(result), ensure_ascii=False, indent=1) if given.json else made)
    for finding in result.unexplained[:_SHOWN]:
        tell(f"nobody planted: {finding.rule} {finding.unit_id} {finding.indicator or finding.population} {finding.period}:"
             f" {finding.message_en}")
    return 0 if is_good(result) else 1


def is_good(result: Score) -> bool:
    """Whether every kind is found and explained, and the rest is quiet, as the page promises."""
    return (result.lowest_recall >= 0.99 and result.false_by_thousand <= 1 and result.share("first", "explained") >= 0.9
            and result.share("first_three", "explained") >= 0.98)


def _as_json(result: Score) -> dict[str, Any]:
    return {"clean_figures": result.clean, "recall": result.share("found", "planted"), "lowest_recall": result.lowest_recall,
            "false_findings": result.false_findings, "false_by_thousand": result.false_by_thousand,
            "cause_first": result.share("first", "explained"), "cause_first_three": result.share("first_three", "explained"),
            "kinds": [asdict(each) for each in result.kinds], "unexplained": [asdict(each) for each in result.unexplained]}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.detection", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same corpus")
    parser.add_argument("--size", type=int, default=corpus.SIZE, help="provinces, and errors of each kind")
    parser.add_argument("--write", type=Path, help="write the page to this file")
    parser.add_argument("--json", action="store_true", help="print every figure as JSON")
    parser.add_argument("--keep", type=Path, help="leave corpus, truth and findings in this new folder")
    given = parser.parse_args()
    if given.size < 1:
        parser.error("a nation has at least one province (--size 1)")
    if given.keep is not None and given.keep.exists():
        parser.error(f"'{given.keep}' exists: name a folder that does not exist yet")
    return given


if __name__ == "__main__":
    sys.exit(main())
