"""Two releases of which one has a period that the other has not: what appeared, and the causes of each figure, at every level.

Without these tests a period's own figures could be blamed on a neighbour, or the sums above them on half of what is under them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import fresh_warehouse
from tests.night.conftest import HEADER, as_admin, run_night
from tonghop.reference import load as reference
from tonghop.settings import Settings
from tonghop.submissions import inbox, withdraw
from tonghop.warehouse.differences import Record, compare

COMMITTEES = [*(str(code) for code in range(593, 603)), *(f"60-DC{number}" for number in range(1, 6))]


@pytest.fixture(scope="module")
def periods(server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, dict[str, str]]]:
    """May; June, by two provinces and two files of one; June's second file and one fact of its first taken back."""
    with fresh_warehouse(server, tmp_path_factory.mktemp("periods")) as settings:
        reference.add_overlay(settings, settings.sample_dir / "reference")
        reference.load(settings)
        sent: dict[str, str] = {}

        def send(name: str, sender: str, *lines: str) -> None:
            path = settings.state_dir / "outgoing" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
            (file,) = inbox.ingest_sender(settings, sender, whole=[inbox.submit(settings, path, sender)])["files"]
            sent[name] = str(file["submission_id"])

        def said(period: str, units: list[str]) -> list[str]:
            return [f"{unit},standing_body_committee,{period},own,1,1,," for unit in units]

        send("may.csv", "60", *said("2012-05", COMMITTEES), "60,study_class,2012-05,own,7,,,")
        assert run_night(settings)
        send("june.csv", "60", *said("2012-06", COMMITTEES[:9]), "60,study_class,2012-06,own,8,,,",
             "60,standing_body_committee,2012-06,total,15,15,,")
        send("june_more.csv", "60", *said("2012-06", COMMITTEES[9:]))
        send("june_45.csv", "45", "45,study_class,2012-06,own,9,,,")
        assert run_night(settings)
        withdraw.withdraw_submission(settings, sent["june_more.csv"], "nhầm kỳ")
        withdraw.withdraw_fact(settings, "60", "60", "study_class", "2012-06", "own", "đếm trùng")
        assert run_night(settings)
        yield settings, sent


def told(settings: Settings, before: int, after: int, **asked: Any) -> tuple[dict[tuple[str, str, str], Record], dict[str, Record]]:
    """Figures by unit, indicator and period with the files that moved them; and every cause by its file."""
    with compare(settings, before, after, **asked) as compared:
        causes = {f"{each['kind']}:{each['reference']}": each for each in compared.causes()}
        figures = {(each["unit_id"], each["indicator"], each["period"]): each for each in compared.figures(None)}
        assert len(list(compared.figures(3))) == min(3, len(figures))
        assert [each["causes"] for each in compared.figures(3)] == [each["causes"] for each in list(figures.values())[:3]]
    for each in figures.values():
        each["by"] = sorted((causes[name]["kind"], causes[name]["file_name"]) for name in each["causes"])
    return figures, {f"{each['kind']} {each['file_name']}": each for each in causes.values()}


def test_a_period_that_appeared_is_told_by_what_was_sent_under_each_figure(periods: tuple[Settings, dict[str, str]]) -> None:
    figures, causes = told(periods[0], 1, 2)
    first, more, other = ("submission", "june.csv"), ("submission", "june_more.csv"), ("submission", "june_45.csv")
    assert {period for _, _, period in figures} == {"2012-06"}
    assert all(each["before"] is None and each["difference"] is None for each in figures.values())
    at = {(unit, indicator): each["by"] for (unit, indicator, _), each in figures.items()}
    assert len([unit for unit, indicator in at if indicator == "standing_body_committee" and unit.startswith(("A-59", "A-60-", "A-60"))]) > 15
    assert at["A-593", "standing_body_committee"] == [first]
    assert at["A-602", "standing_body_committee"] == [more]
    for above in ("A-60", "V-3", "VN"):
        assert at[above, "standing_body_committee"] == [first, more], above
    assert at["K-LOCAL", "standing_body_committee"] == [first, more]  # a grouping stands above whatever was said
    assert (at["A-60", "study_class"], at["A-45", "study_class"], at["VN", "study_class"]) == ([first], [other], [first, other])
    assert set(causes) == {"submission june.csv", "submission june_more.csv", "submission june_45.csv"}
    assert causes["submission june_45.csv"]["by_level"] == {"province": 1, "department": 1, "nation": 1}
    # Backwards it vanishes, by the same causes.
    backwards, _ = told(periods[0], 2, 1)
    assert {key: each["by"] for key, each in backwards.items()} == {key: each["by"] for key, each in figures.items()}
    assert all(each["after"] is None for each in backwards.values())


def test_one_indicator_and_one_level_are_the_same_figures_with_the_same_causes(periods: tuple[Settings, dict[str, str]]) -> None:
    whole, _ = told(periods[0], 1, 3)
    for asked in ({"indicator": "standing_body_committee"}, {"level": "province"}, {"indicator": "study_class", "level": "nation"}):
        some, causes = told(periods[0], 1, 3, **asked)
        assert some == {key: each for key, each in whole.items() if asked.get("indicator") in (None, key[1])
                        and asked.get("level") in (None, each["level"])}
        assert sum(each["figures"] for each in causes.values()) == sum(len(each["causes"]) for each in some.values()) > 0


def test_what_fell_silent_is_told_by_the_last_word_about_it(periods: tuple[Settings, dict[str, str]]) -> None:
    settings, sent = periods
    figures, causes = told(settings, 2, 3)
    assert figures["A-60", "study_class", "2012-06"]["after"] is None
    assert {kind for each in figures.values() for kind, _ in each["by"]} == {"withdrawal"}
    assert {each["fact_withdrawn_why"] or each["withdrawn_why"] for each in causes.values()} == {"nhầm kỳ", "đếm trùng"}
    taken = as_admin(settings, "select submission_seq from raw.submission where submission_id = %s", sent["june_more.csv"])[0][0]
    assert figures["A-602", "standing_body_committee", "2012-06"]["causes"] == [f"withdrawal:{taken}"]
    assert figures["A-60", "standing_body_committee", "2012-06"]["causes"] == [f"withdrawal:{taken}"]
