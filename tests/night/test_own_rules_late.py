"""Rules of a user's own in the totals and the release gate: what an error does there, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.night.conftest import as_admin, as_analyst, run_night
from tonghop import clock
from tonghop.errors import NightHeld
from tonghop.quality import waivers
from tonghop.settings import Settings

OF_ITS_PROVINCE = """columns = {"sender_unit_id": "province_unit_id", "population": "null", "scope": "null", "submission_id": "null",
               "locator": "null"}"""
TOO_MANY = f'''
from expectations.rule import Rule

class ExpectProvinceToBeSmall(Rule):
    """No province counts more than thirteen."""

    rule = "U04"
    relation = "candidate.fct_rollup"
    predicate = "unit_id = province_unit_id and numerator > 13"
    key = ("unit_id", "indicator", "period")
    {OF_ITS_PROVINCE}
    values = "numerator::text"
    actual = "numerator::text"
    message_vi = "Tỉnh có {{numerator}}."
    message_en = "The province has {{numerator}}."
'''
ROUND = '''
from expectations.rule import Rule

class ExpectDeclarationNotToBeRound(Rule):
    """What is declared is no round number."""

    rule = "U05"
    relation = "intermediate.int_declaration_compared"
    predicate = "measure = 'numerator' and declared % 10 = 0"
    key = ("unit_id", "indicator", "period", "scope")
    message_vi = "Số tròn {declared}."
    message_en = "A round number, {declared}."
'''
STANDS = "select numerator, basis from marts.fct_rollup where unit_id = 'A-60' and indicator = %s and period = '2012-05'"
FINDING = "select finding_id, gate, state from quality.finding where rule = %s"


@pytest.fixture
def judging(country: Settings, tmp_path: Path) -> Callable[[str], Settings]:
    """The warehouse with one rule of its own in the folder."""

    def with_rule(text: str) -> Settings:
        folder = tmp_path / "own"
        folder.mkdir(exist_ok=True)
        (folder / "mine.py").write_text(text, encoding="utf-8")
        return country.model_copy(update={"rules_dir": folder})

    return with_rule


def test_an_error_in_the_release_gate_holds_it_until_it_is_waived_or_gone(
        judging: Callable[[str], Settings], send: Callable[..., None]) -> None:
    """Without this a user who must not publish something has nothing but a warning."""
    settings = judging(TOO_MANY)
    send("60", "60,support_team_committee,2012-05,total,14,15,,")
    with pytest.raises(NightHeld, match=r"1 error.* of U04") as held:
        run_night(settings)
    assert "tonghop findings --rule U04" in held.value.remedy
    assert as_analyst(settings, STANDS, "support_team_committee") == []
    ((finding_id, gate, state),) = as_admin(settings, FINDING, "U04")
    assert (gate, state) == ("release", "open")

    waivers.waive(settings, finding_id, reason="đã kiểm tra", until=clock.today() + timedelta(days=9), author="lan")
    assert run_night(settings)
    assert [row[0] for row in as_analyst(settings, STANDS, "support_team_committee")] == [14]
    assert as_admin(settings, FINDING, "U04") == [(finding_id, "release", "waived")]

    # Another province's night does not judge this one's figures, so it corrects nothing of theirs.
    send("24", "24,support_team_committee,2012-05,total,10,12,,", name="other.csv")
    assert run_night(settings)
    assert as_admin(settings, FINDING, "U04") == [(finding_id, "release", "waived")]
    send("60", "60,support_team_committee,2012-05,total,13,15,,", name="again.csv")
    assert run_night(settings)
    assert as_admin(settings, FINDING, "U04") == [(finding_id, "release", "corrected")]


def test_the_totals_gate_judges_what_is_declared_beside_what_was_computed(
        judging: Callable[[str], Settings], send: Callable[..., None]) -> None:
    """It withholds nothing: the sums are there. Found the night after again, and corrected once it is mended."""
    settings = judging(ROUND)
    send("60", "60,support_team_committee,2012-05,total,10,15,,", "60,plan_issued_committee,2012-05,total,11,15,,")
    assert run_night(settings)
    found = "select indicator, gate, state from quality.finding where rule = 'U05'"
    assert as_admin(settings, found) == [("support_team_committee", "totals", "open")]
    assert as_analyst(settings, STANDS, "support_team_committee") == [(10, "declared")]
    assert as_analyst(settings, "select severity, state from marts.fct_finding where rule = 'U05'") == [("error", "open")]
    send("60", "60,support_team_committee,2012-05,total,11,15,,", "60,plan_issued_committee,2012-05,total,11,15,,", name="again.csv")
    assert run_night(settings)
    assert as_admin(settings, found) == [("support_team_committee", "totals", "corrected")]
