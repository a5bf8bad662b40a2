"""A rule of a user's own is found, judged, shown and corrected like ours; one that cannot be judged stops the night by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from expectations.own import OwnRuleError, found
from tests.conftest import fresh_warehouse
from tests.night.conftest import as_admin, as_analyst, run_night
from tonghop.night import fingerprint
from tonghop.quality.bench_import import gates
from tonghop.reference import load as reference
from tonghop.settings import Settings
from tonghop.submissions import inbox

_BLOCK = re.compile(r"^```\w+ (\S+\.\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def documented() -> dict[str, str]:
    """The files that the page shows, by name."""
    return dict(_BLOCK.findall((Settings().project_dir / "docs" / "own-rules.md").read_text(encoding="utf-8")))


def put(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


RULE = '''
from expectations.rule import OnObservation

class {name}(OnObservation):
    """A figure is not what it is not.

    Bad: this. Good: that.
    """

    rule = "{rule}"
    level = "warning"
    predicate = "{predicate}"
    withholds = ""
    message_vi = "Số {{numerator}}."
    message_en = "The figure {{numerator}}."
    {more}
'''


def rule(name: str, rule: str = "U90", predicate: str = "numerator < 0", more: str = "") -> str:
    return RULE.format(name=name, rule=rule, predicate=predicate, more=more)


@pytest.fixture(scope="module")
def sample(server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The sample, submitted, with an empty folder for rules; a unit of the register has a blank too many in its name."""
    with fresh_warehouse(server, tmp_path_factory.mktemp("sample")) as fresh:
        settings = fresh.model_copy(update={"rules_dir": tmp_path_factory.mktemp("rules")})
        reference.add_overlay(settings, settings.sample_dir / "reference")
        reference.load(settings)
        as_admin(settings, "update reference.org_unit set name = name || ' ' where unit_id = 'A-593'")
        for folder in sorted((settings.sample_dir / "inbox").iterdir()):
            files = [inbox.submit(settings, path, folder.name) for path in sorted(Path(folder).iterdir())]
            inbox.ingest_sender(settings, folder.name, whole=files)
        yield settings


def test_the_documented_rules_are_judged_the_same_night_and_corrected_when_taken_out(sample: Settings) -> None:
    for name, text in documented().items():
        (sample.rules_dir / name).write_text(text, encoding="utf-8")
    run_id = run_night(sample, until="report")
    assert run_id

    stated = as_analyst(sample, "select unit_id, indicator, period from marts.fct_observation where"
                                " numerator = denominator and denominator >= 70 order by 1, 2, 3")
    assert stated, "the sample has nobody who says that all of seventy or more did something: nothing is seen here"
    kept = "select unit_id, indicator, period, state, severity, actual from quality.finding where rule = 'U01' order by 1, 2, 3"
    assert [row[:5] for row in as_admin(sample, kept)] == [(*row, "open", "info") for row in stated]
    assert as_admin(sample, "select unit_id, expected, message_en from quality.finding where rule = 'U02'") == [
        ("A-593", "Thành phố Phan Thiết", "The name of unit 593 has blanks around it.")]
    declared = as_analyst(sample, "select unit_id, indicator, period from marts.fct_rollup where level = 'province'"
                                  " and basis = 'declared' and expected_units > 10 order by 1, 2, 3")
    assert declared, "the sample has no province that declares for more than ten units: nothing is seen here"
    late = "select unit_id, indicator, period from quality.finding where rule = 'U03' and gate = 'release' and state = %s order by 1, 2, 3"
    assert as_admin(sample, late, "open") == declared
    noted = "select rule, relation, verdict, judged_rows > 0, observed, recorded from ops.gate_run" \
            " where run_id = %s and rule like 'U%%' order by 1"
    assert as_admin(sample, noted, run_id) == [
        ("U01", "intermediate.int_observation_compared", "found", True, len(stated), len(stated)),
        ("U02", "reference.org_unit", "found", True, 1, 1),
        ("U03", "candidate.fct_rollup", "found", True, len(declared), len(declared))]

    pages = {path: path.read_text(encoding="utf-8") for path in sample.reports_dir.rglob("*.html")}
    assert any("Báo cáo đủ tất cả" in text for path, text in pages.items() if "data_docs" not in path.parts)
    shown = [text for path, text in pages.items() if "validations" in path.parts and "copied the denominator" in text]
    assert shown
    assert "Below seventy units the whole number is common" in shown[0]

    for name in documented():
        (sample.rules_dir / name).unlink()
    assert run_night(sample)
    assert {row[3] for row in as_admin(sample, kept)} == {"corrected"}
    assert as_admin(sample, "select state from quality.finding where rule = 'U02'") == [("corrected",)]
    assert as_admin(sample, late, "corrected") == declared
    assert as_admin(sample, "select count(*) from ops.gate_run where rule like 'U%%' and run_id <> %s", run_id) == [(0,)]


@pytest.mark.parametrize(("predicate", "more", "problem"), [
    ("numeratr < 0", "", "numeratr"),
    ("numerator < 0", 'expected = "no_such_column"', "no_such_column"),
    ("1 / (denominator - denominator) > 0", "", "division by zero"),
    ("denominator > 0", 'key = ("indicator",)', "duplicate key"),
])
def test_a_rule_that_cannot_be_judged_stops_the_night_by_its_name(sample: Settings, predicate: str, more: str, problem: str) -> None:
    """Otherwise its author reads a traceback of Great Expectations about forty rules, and none of it is theirs."""
    gate = gates()
    path = sample.rules_dir / "broken.py"
    path.write_text(rule("ExpectWhatIsNotThere", predicate=predicate, more=more), encoding="utf-8")
    try:
        with pytest.raises(gate.GateFailed) as raised:
            run_night(sample, full=True)
    finally:
        path.unlink()
    assert "U90 (ExpectWhatIsNotThere)" in raised.value.what
    assert problem in raised.value.what
    assert "\n" not in raised.value.what
    assert raised.value.remedy


@pytest.mark.parametrize(("text", "problem"), [
    (rule("ExpectA", rule="D03"), "the id 'D03'"),
    (rule("ExpectA", rule="U1"), "the id 'U1'"),
    (rule("ExpectDenominatorAboveZero"), "called ExpectDenominatorAboveZero already"),
    (rule("ExpectColumnToExist"), "called ExpectColumnToExist already"),
    (rule("ExpectA", more='relation = "candidate.fct_rollup"; withholds = "select 1"'), "withholds observations in the release gate"),
    (rule("ExpectA", more='relation = "intermediate.int_declaration_compared"; withholds = "select 1"'), "in the totals gate, after"),
    (rule("ExpectA", more='relation = "candidate.fct_rollup"; gate = "figures"'), "The release gate judges it"),
    (rule("ExpectA", more='relation = "candidate.dim_period"; gate = "totals"; due = "select 0"'), "where it is not made yet"),
    (rule("ExpectA", more='gate = "totals"'), "in the totals gate"),
    (rule("ExpectA", more='gate = "night"'), "the gate 'night'"),
    (rule("ExpectA", more='relation = "marts.fct_rollup"'), "does not say how many rows are due"),
    (rule("ExpectA", more='relation = "int_observation_compared"'), "'int_observation_compared'"),
    (rule("ExpectA", more='relation = "intermediate.int_statement_compared"'), "judges raw rows as warning"),
    (rule("ExpectA", more='message_en = ""'), "has no message_en"),
    (rule("ExpectA", more='level = "fatal"'), "the level 'fatal'"),
    ("class ExpectA(:\n", "line 1"),
    ("import no_such_module\n", "no_such_module"),
])
def test_a_class_that_may_not_be_is_refused_with_its_name(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(OwnRuleError) as raised:
        found(put(tmp_path / "own", mine__py=text))
    assert "mine.py" in raised.value.what
    assert problem in str(raised.value)
    assert raised.value.remedy


def test_a_relation_is_judged_by_one_gate(tmp_path: Path) -> None:
    """Two gates would each take what the other found for corrected."""
    more = 'relation = "marts.fct_rollup"; due = "select 0"; gate = "{}"'
    with pytest.raises(OwnRuleError, match="same gate"):
        found(put(tmp_path / "own", one__py=rule("ExpectOneGate", rule="U91", more=more.format("figures")),
                  other__py=rule("ExpectOtherGate", rule="U92", more=more.format("totals"))))


def test_two_rules_do_not_share_an_id(tmp_path: Path) -> None:
    """Ids are for ever: a second meaning would mix the histories of two rules."""
    with pytest.raises(OwnRuleError, match="the id U90 of another rule"):
        found(put(tmp_path / "own", one__py=rule("ExpectOneThing"), other__py=rule("ExpectOtherThing")))


@pytest.mark.parametrize(("name", "text", "problem"), [
    ("thresholds__yml", "rules: {U91: {least: {value: 1}}}", "U91 least"),
    ("thresholds__yml", "rules: {U90: {most: {value: 1}}}", "U90 most"),
    ("thresholds__yml", "rules: [", "is not YAML"),
    ("remedies__yml", "U90: {title: [a, b]}", "U90 needs a title and a remedy"),
])
def test_numbers_and_words_that_belong_to_nothing_are_refused(tmp_path: Path, name: str, text: str, problem: str) -> None:
    """A threshold with a slip in its name would leave the rule at its default, and nobody would notice."""
    with pytest.raises(OwnRuleError, match=re.escape(problem)):
        found(put(tmp_path / "own", mine__py=rule("ExpectNumbered"), **{name: text}))


def test_an_own_rule_is_part_of_the_code_that_figures_depend_on(tmp_path: Path) -> None:
    """Without this a new rule would judge only what changes from now on."""
    settings = Settings(rules_dir=tmp_path / "own")
    before = fingerprint.of_code(settings)
    put(tmp_path / "own", mine__py=rule("ExpectNewRule"))
    added = fingerprint.of_code(settings)
    put(tmp_path / "own", mine__py=rule("ExpectNewRule", predicate="numerator < 1"))
    assert len({before, added, fingerprint.of_code(settings)}) == 3


def test_a_folder_that_is_not_there_holds_no_rules(tmp_path: Path) -> None:
    assert found(tmp_path / "nowhere").rules == ()
