"""C01 and C02: who has not spoken by the day of the calendar, and who spoke late."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.night.conftest import as_admin, run_night
from tonghop.reference import load as reference
from tonghop.settings import Settings

SAID = ("select rule, severity, state, sender_unit_id, expected, actual from quality.finding where rule in ('C01', 'C02')"
        " and sender_unit_id = 'A-60' order by rule")
RECEIVED = "update raw.submission set received_at = %s where sender = '60'"


def test_a_silent_province_is_missing_and_then_late(country: Settings, send: Callable[..., None]) -> None:
    """Without this a province that never answers is seen by nobody, since nothing of it can be wrong."""
    send("24", "24,study_class,2012-05,own,1,,,")
    assert run_night(country)
    assert as_admin(country, SAID) == [], "due before the calendar was loaded: history is never late"

    as_admin(country, "update reference.calendar set first_loaded_on = '2012-01-01'")
    assert run_night(country), "a day of the calendar has passed: that is an input of the period"
    assert as_admin(country, SAID) == [("C01", "warning", "open", "A-60", "1", "0")]

    send("60", "60,study_class,2012-05,own,470,,,")
    as_admin(country, RECEIVED, "2012-06-20 17:00+00")  # the day after, in Vietnam
    assert run_night(country)
    assert as_admin(country, SAID) == [
        ("C01", "warning", "corrected", "A-60", "1", "0"),
        ("C02", "warning", "open", "A-60", "2012-06-20", "2012-06-21"),
    ]


def test_the_last_minute_of_the_day_is_in_time(country: Settings, send: Callable[..., None]) -> None:
    """The day is Vietnam's: the server's would make a province late that was not."""
    as_admin(country, "update reference.calendar set first_loaded_on = '2012-01-01'")
    send("60", "60,study_class,2012-05,own,470,,,")
    as_admin(country, RECEIVED, "2012-06-20 16:59+00")
    assert run_night(country)
    assert as_admin(country, SAID) == []


def test_a_longer_calendar_rebuilds_what_it_speaks_of(country: Settings, send: Callable[..., None], tmp_path: Path) -> None:
    """Without this the first month of a year's calendar costs as much as all the years before it."""
    send("60", "60,study_class,2012-05,own,470,,,")
    assert run_night(country)
    longer = tmp_path / "zz-longer"
    longer.mkdir()
    (longer / "calendar.csv").write_text(
        (country.sample_dir / "reference" / "calendar.csv").read_text(encoding="utf-8")
        + "trial,study,study,province,,2017-03,2017-04-20,test\n", encoding="utf-8")
    reference.add_overlay(country, longer)
    reference.load(country)
    run_id = run_night(country)
    assert as_admin(country, "select distinct period from ops.run_partition where run_id = %s", run_id) == [("2017-03",)]
    assert as_admin(country, "select count(distinct province_unit_id) from ops.run_partition where run_id = %s", run_id) == [(64,)]

    # A form that changes is an input of its own period alone, too.
    as_admin(country, "update reference.calendar set senders = '{60}' where period = '2017-03'")
    run_id = run_night(country)
    assert as_admin(country, "select distinct period from ops.run_partition where run_id = %s", run_id) == [("2017-03",)]
