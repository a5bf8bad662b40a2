"""Earlier releases: read back, compared with their causes, restored; and what a candidate would move. Real nights.

Without these tests a figure that was cited last month could not be shown again as it was, a correction would be blamed on
the wrong sender, and going back would quietly lose something.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg2
import pytest

from tests.conftest import fresh_warehouse
from tests.night.conftest import HEADER, as_admin, as_analyst, run_night
from tests.reference.country import HEADER as CHANGES
from tests.reference.country import row
from tonghop import clock
from tonghop.errors import NightBusy, TonghopError
from tonghop.night import steps
from tonghop.quality import waivers
from tonghop.reference import load as reference
from tonghop.reference import upkeep
from tonghop.settings import Settings
from tonghop.submissions import inbox, withdraw
from tonghop.warehouse import blast
from tonghop.warehouse.differences import Record, compare
from tonghop.warehouse.restore import restore

MARTS = "select relname::text from pg_class where relnamespace = 'marts'::regnamespace and relkind = 'v' order by 1"
_STAMPS = "array['release_id', 'published_in_release_id']"
_FINAL = 4


@dataclass
class History:
    """A warehouse with a few releases, and what every mart showed while each of them was current."""

    settings: Settings
    sent: dict[str, str] = field(default_factory=dict)
    shown: dict[int, dict[str, list[str]]] = field(default_factory=dict)
    effects: dict[int, list[Record]] = field(default_factory=dict)

    def send(self, name: str, sender: str, *lines: str) -> None:
        """Send lines of the delimited form; remembers the submission under the file's name."""
        path = self.settings.state_dir / "outgoing" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
        inbox.ingest_sender(self.settings, sender, whole=[inbox.submit(self.settings, path, sender)])
        self.sent[name] = as_admin(self.settings, "select submission_id from raw.submission where file_name = %s",
                                   name)[0][0]

    def night(self) -> None:
        """One night with its blast radius; afterwards every mart is remembered as it is shown."""
        run_id = run_night(self.settings, until="judge_release")
        assert run_id
        blast.keep(self.settings, run_id)
        effects = blast.latest(self.settings)
        assert effects["run"]["run_id"] == run_id
        release_id = steps.publish(self.settings, run_id)["release_id"]
        self.effects[release_id] = effects["figures"]
        self.shown[release_id] = marts(self.settings)


def marts(settings: Settings, release_id: int | None = None, without: str = "array[]::text[]",
          only: str = "") -> dict[str, list[str]]:
    """Every row of every mart that an analyst sees, now or as of a release; of populations those of some provinces."""
    found = {}
    for (name,) in as_analyst(settings, MARTS):
        if only not in name:
            continue
        table = f"marts.{name}" if release_id is None else f"marts_as_of.{name}({release_id})"
        some = "unit_id ~ '^(VN|V-|A-4|A-60)'" if name.endswith("_population") and name != "dim_population" else "true"
        found[name] = [text for (text,) in as_analyst(
            settings, f"select (to_jsonb(shown) - {without})::text from {table} as shown where {some} order by 1")]
    return found


@pytest.fixture(scope="module")
def history(server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    """Four releases: first figures; a correction and a new one; taken back, and a waiver; a change of the register."""
    with fresh_warehouse(server, tmp_path_factory.mktemp("history")) as settings:
        reference.add_overlay(settings, settings.sample_dir / "reference")
        reference.load(settings)
        told = History(settings)
        told.send("first44.csv", "44", "44,review_agency,2012-11,own,53,54,,")
        told.send("first45.csv", "45", "45,review_agency,2012-11,own,40,50,,")
        told.send("first46.csv", "46", "46,review_agency,2012-11,own,45,50,,")
        told.send("first60.csv", "60", *(f"60-A{number:02d},urgent_plan_agency,2012-05,own,1,1,," for number in range(1, 6)),
                  "593,plan_issued_committee,2012-05,own,1,1,,", "60,comment_given_agency,2012-05,own,17,88,,")
        told.night()
        told.send("second45.csv", "45", "45,review_agency,2012-11,own,51,51,,")
        told.send("second60.csv", "60", "60,study_class,2012-05,own,470,,,")
        told.night()
        withdraw.withdraw_submission(settings, told.sent["second45.csv"], "nhầm tỉnh")
        withdraw.withdraw_fact(settings, "60", "60", "study_class", "2012-05", "own", "chưa đủ")
        finding = as_admin(settings, "select finding_id from quality.finding where rule = 'D03'")[0][0]
        waivers.waive(settings, finding, reason="đang đối chiếu", until=clock.today() + timedelta(days=30), author="Lan")
        told.night()
        path = settings.state_dir / "outgoing" / "mở.csv"
        path.write_text("\n".join([
            CHANGES, row("2012-02-01", "open", "A-60-DC9", name="Đảng ủy Công an", type="police_committee",
                         parent_unit_id="A-60"),
            row("2025-07-01", "close", "A-60-DC9"),
        ]), encoding="utf-8")
        upkeep.apply(settings, str(path), by="Lan", reason="thành lập")
        told.night()
        assert sorted(told.shown) == [1, 2, 3, _FINAL]
        yield told


def moved(history: History, before: int, after: int, **asked: Any) -> dict[tuple[str, str], Record]:
    """The figures that differ between two releases, by unit and indicator."""
    with compare(history.settings, before, after, **asked) as compared:
        return {(each["unit_id"], each["indicator"]): each for each in compared.figures(None)}


def test_every_mart_as_of_a_release_is_what_it_showed_while_that_was_current(history: History) -> None:
    assert len(history.shown[1]) > 15
    for release_id, shown in history.shown.items():
        again = marts(history.settings, release_id)
        assert {name: rows for name, rows in again.items() if rows != shown[name]} == {}, release_id
    # The releases do differ, and in the marts where they should.
    assert history.shown[1]["rpt_nation"] != history.shown[2]["rpt_nation"]
    assert history.shown[3]["dim_org_unit"] != history.shown[_FINAL]["dim_org_unit"]
    assert history.shown[1]["fct_rollup"] != history.shown[3]["fct_rollup"]


def test_one_figure_through_all_releases_in_one_query(history: History) -> None:
    found = as_analyst(history.settings, """
        select release.release_id, province.numerator, province.denominator
        from marts.dim_release as release
        cross join lateral marts_as_of.rpt_province(release.release_id) as province
        where province.province_unit_id = 'A-45' and province.indicator = 'review_agency'
        order by 1
    """)
    assert found[:_FINAL] == [(1, 40, 50), (2, 51, 51), (3, 40, 50), (_FINAL, 40, 50)]


def test_an_unknown_release_is_an_error_and_not_an_empty_answer(history: History) -> None:
    for asked in ("99", "0"):
        with pytest.raises(psycopg2.errors.InvalidParameterValue, match=f"There is no release {asked}: the newest is"):
            as_analyst(history.settings, f"select * from marts_as_of.rpt_nation({asked})")
    assert as_analyst(history.settings, "select * from marts_as_of.rpt_nation(null)") == []  # as functions of null are
    for nothing in (lambda: restore(history.settings, 99), lambda: moved(history, 1, 99)):
        with pytest.raises(TonghopError, match="There is no release 99"):
            nothing()


def test_a_correction_is_told_with_its_submission_and_the_ranks_it_changed(history: History) -> None:
    with compare(history.settings, 1, 2) as compared:
        figures = {(each["unit_id"], each["indicator"]): each for each in compared.figures(None)}
        causes = {each["submission_id"]: each for each in compared.causes()}
        ranks = compared.ranks()
        levels = {each["level"]: (each["appeared"], each["vanished"], each["changed"]) for each in compared.summary()}
    assert set(figures) == {
        *((unit, "review_agency") for unit in ("VN", "V-2", "A-45")),
        *((unit, "study_class") for unit in ("VN", "V-3", "A-60")),
    }
    nation = figures["VN", "review_agency"]
    assert (nation["before"]["numerator"], nation["before"]["denominator"]) == (138, 154)
    assert (nation["after"]["numerator"], nation["after"]["denominator"]) == (149, 155)
    assert (nation["difference"]["numerator"], nation["difference"]["denominator"]) == (11, 1)
    assert figures["A-60", "study_class"]["before"] is None
    assert next(iter(figures)) == ("VN", "study_class")  # the largest of the highest level
    assert levels == {"nation": (1, 0, 1), "department": (1, 0, 1), "province": (1, 0, 1)}
    assert {name: each["figures"] for name, each in causes.items()} == {
        history.sent["second45.csv"]: 3, history.sent["second60.csv"]: 3}
    assert {each["kind"] for each in causes.values()} == {"submission"}
    assert [(each["unit_id"], each["before_rank"], each["after_rank"]) for each in ranks] == [
        ("A-45", 3, 1), ("A-44", 1, 2), ("A-46", 2, 3)]
    assert ranks[0]["passed"] == ["Tỉnh Quảng Bình", "Tỉnh Thừa Thiên Huế"]
    assert ranks[1]["passed_by"] == ["Tỉnh Quảng Trị"]


def test_what_was_taken_back_or_waived_is_told_as_such(history: History) -> None:
    with compare(history.settings, 2, 3) as compared:
        told = {(each["kind"], each["submission_id"] or each["finding_id"]): each for each in compared.causes()}
        figures = {(each["unit_id"], each["indicator"]): each for each in compared.figures(None)}
    kinds = {kind for kind, _ in told}
    assert kinds == {"withdrawal", "waiver"}
    assert told["withdrawal", history.sent["second45.csv"]]["withdrawn_why"] == "nhầm tỉnh"
    assert {each["fact_withdrawn_why"] for (kind, _), each in told.items() if kind == "withdrawal"} == {None, "chưa đủ"}
    assert figures["A-60", "study_class"]["after"] is None
    assert figures["A-60", "comment_given_agency"]["before"] is None
    waiver = next(each for (kind, _), each in told.items() if kind == "waiver")
    assert (waiver["author"], waiver["reason"]) == ("Lan", "đang đối chiếu")
    assert figures["A-60", "comment_given_agency"]["causes"] == [f"waiver:{waiver['reference']}"]


def test_a_change_of_the_register_is_told_where_nobody_sent_anything(history: History) -> None:
    with compare(history.settings, 3, _FINAL) as compared:
        kinds = {each["kind"] for each in compared.causes()}
        assert kinds == {"register"}
        assert "mở.csv (Lan: thành lập)" in compared.register[-1]["change_files"]
        figures = {(each["unit_id"], each["indicator"]): each for each in compared.figures(None)}
    province = figures["A-60", "plan_issued_committee"]
    assert province["after"]["expected_units"] == province["before"]["expected_units"] + 1
    assert (province["before"]["numerator"], province["after"]["numerator"]) == (1, 1)


def test_denominators_that_moved_are_listed(history: History) -> None:
    with compare(history.settings, 1, 2, level="province") as compared:
        counts = {(each["unit_id"], each["population"]): (each["before_amount"], each["after_amount"])
                  for each in compared.populations(None)}
    assert counts["A-45", "agency_collective_individual"] == (50, 51)
    assert len(counts) == 1


def test_read_backwards_the_difference_is_mirrored_and_its_cause_the_same(history: History) -> None:
    forward, backward = moved(history, 1, 2), moved(history, 2, 1)
    assert forward.keys() == backward.keys()
    for key, figure in forward.items():
        assert (figure["before"], figure["after"]) == (backward[key]["after"], backward[key]["before"])
        assert figure["causes"] == backward[key]["causes"]
    assert moved(history, 1, 1) == {}
    assert set(moved(history, 1, 2, indicator="study_class", level="province")) == {("A-60", "study_class")}
    with pytest.raises(TonghopError, match="No indicator is called 'study_clas'"):
        moved(history, 1, 2, indicator="study_clas")


def test_the_blast_radius_of_a_candidate_is_what_publishing_it_moved(history: History) -> None:
    sides = ("numerator", "denominator", "rate", "basis", "reporting_units", "expected_units")

    def plain(figures: list[Record]) -> dict[Any, Any]:
        return {
            (each["period"], each["unit_id"], each["indicator"]): tuple(
                tuple(each[side][name] for name in sides) if each[side] else None for side in ("before", "after"))
            for each in figures if each["level"] in ("nation", "department", "province")
        }

    for release_id in (2, 3, _FINAL):
        said = plain(history.effects[release_id])
        assert said
        assert said == plain(list(moved(history, release_id - 1, release_id).values()))
    assert all(each["before"] is None for each in history.effects[1])


def test_an_earlier_release_comes_back_whole_and_the_next_night_knows_better(history: History) -> None:
    settings = history.settings
    as_admin(settings, "insert into ops.run (run_id, kind, owner, status, step)"
                       " values ('other', 'night', 'x host:1', 'running', 'stage')")
    with pytest.raises(NightBusy, match="A night is running"):
        restore(settings, 2)
    as_admin(settings, "delete from ops.run where run_id = 'other'")

    done = restore(settings, 2, "sai số của 60")
    assert (done["release_id"], done["is_new"]) == (_FINAL + 1, True)
    assert as_analyst(settings, "select note from marts.dim_release where is_current") == [
        ("restored from release 2: sai số của 60",)]
    now, then = marts(settings, None, _STAMPS), marts(settings, 2, _STAMPS)
    assert {name for name in now if now[name] != then[name]} == {"dim_release"}
    # What lay between stays readable, what the new one equals is what it is compared by.
    assert marts(settings, _FINAL, only="fct_rollup")["fct_rollup"] == history.shown[_FINAL]["fct_rollup"]
    assert moved(history, 2, _FINAL + 1) == {}
    with compare(settings, _FINAL, _FINAL + 1) as compared:
        assert {each["kind"] for each in compared.causes()} == {"restore"}
    with compare(settings, 1, _FINAL + 1) as compared:
        assert {each["submission_id"] for each in compared.causes()} == {
            history.sent["second45.csv"], history.sent["second60.csv"]}

    again = restore(settings, 2)
    assert (again["release_id"], again["is_new"], again["rows_added"]) == (_FINAL + 1, False, 0)
    assert run_night(settings)
    assert moved(history, _FINAL, _FINAL + 2) == {}
    assert marts(settings, None, _STAMPS, "rpt_prov") == marts(settings, _FINAL, _STAMPS, "rpt_prov")


def test_a_silent_night_does_not_bar_the_way_back_for_ever(warehouse: Settings) -> None:
    as_admin(warehouse, "insert into store.release (release_id, run_id) values (1, 'gone')")
    as_admin(warehouse, "insert into ops.run (run_id, kind, owner, status, step, heartbeat_at)"
                        " values ('gone', 'night', 'x host:1', 'running', 'stage', now() - interval '1 hour')")
    assert restore(warehouse, 1)["is_new"] is False
    assert as_admin(warehouse, "select status from ops.run") == [("superseded",)]
    as_admin(warehouse, "update ops.run set status = 'running', heartbeat_at = now()")
    with pytest.raises(NightBusy):
        restore(warehouse, 1)
