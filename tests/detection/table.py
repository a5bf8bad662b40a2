"""The table of ``docs/detection.md``. The text around it is here too, for the page is remade by one command."""

from __future__ import annotations

from tests.detection.score import Score, Tally

_PAGE = """# What a night finds

A clean nation is made from a seed, and errors are planted in it by script: {kinds} kinds, {planted} errors, one of each kind
a province, each where no other can hide or mend it. Its nights are run in order, and what is open after the last is laid
beside the truth. The generator (`tests/detection`) shares no code with the rules: it writes reference files and returns
as the semantics describe them, and an independent check (`tests/detection/consistency.py`) holds the clean nation to them.

Remake this page with `python -m tests.detection --write docs/detection.md` (`--seed`, `--size` for another nation; `--keep DIR`
leaves the corpus and its truth). This one: seed {seed}, {size} provinces, {clean:,} clean figures, {periods} periods.

| | |
|---|---|
| errors found | {found} of {planted} ({recall:.4f}) |
| lowest recall of a kind | {lowest:.4f} |
| false findings | {false} ({by_thousand:.3f} by 1,000 clean figures), of them {extra} second groups of one error |
| planted cause named first | {first:.4f} of those found that have one |
| among the first three | {three:.4f} |

**Found** means that one of the kind's rules fired on the very figure (or on the sum, count or form in which it must show).
**False** is a finding that nothing planted explains; findings of one error must share a group, each further group is
false too. **Cause** is compared with the explanations of the group's gravest finding that has any; a kind with two words may
rightly be called either, a kind without a word has no cause that arithmetic could tell.

Not planted: S01, S02 (files and rows without a frame), S09 (a steward closes a period), C03 (workbooks only), P01–P05 (the
release as a whole).

| kind | rules | planted | found | cause | first | first three | further groups |
|---|---|---:|---:|---|---:|---:|---:|
{rows}
"""


def page(score: Score, seed: int, size: int, periods: int) -> str:
    """The whole page."""
    return _PAGE.format(
        kinds=len(score.kinds), planted=sum(each.planted for each in score.kinds),
        found=sum(each.found for each in score.kinds), recall=score.share("found", "planted"), lowest=score.lowest_recall,
        false=score.false_findings, by_thousand=score.false_by_thousand,
        extra=sum(each.extra_groups for each in score.kinds), first=score.share("first", "explained"),
        three=score.share("first_three", "explained"), seed=seed, size=size, clean=score.clean, periods=periods,
        rows="\n".join(map(_row, score.kinds)))


def _row(kind: Tally) -> str:
    cause = " or ".join(kind.causes)
    first, three = (f"{kind.first}", f"{kind.first_three}") if kind.causes else ("", "")
    return (f"| {kind.kind.replace('_', ' ')} | {', '.join(kind.rules)} | {kind.planted} | {kind.found} | {cause} | {first} |"
            f" {three} | {kind.extra_groups} |")
