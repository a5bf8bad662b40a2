"""Who is late: nobody for history, districts through their province, nobody who has sent."""

from __future__ import annotations

from datetime import date

from tonghop.reports.late import write_late_list
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows


def _late(settings: Settings, today: date) -> tuple[dict[str, int], str]:
    return write_late_list(settings, today), (settings.reports_dir / "late.html").read_text(encoding="utf-8")


def test_a_province_is_late_for_its_districts_and_history_is_never_late(small_site: Settings) -> None:
    counts, page = _late(small_site, date(2026, 4, 10))
    # A-60 closed in 2025; A-61 and A/6 2 are asked for their districts; V-2 has ten days left.
    assert counts == {"late": 2, "due_soon": 1}
    assert "Tỉnh Im Lặng" in page
    assert "Vụ Địa phương II" in page
    assert "old form" not in page
    assert "21</td>" in page  # days since 20 March


def test_on_the_due_day_nobody_is_late_yet(small_site: Settings) -> None:
    assert _late(small_site, date(2026, 3, 20))[0] == {"late": 0, "due_soon": 2}
    assert _late(small_site, date(2026, 3, 21))[0] == {"late": 2, "due_soon": 0}


def test_who_has_sent_anything_for_the_period_is_not_late(small_site: Settings) -> None:
    with connect(small_site) as connection:
        rows(connection, "insert into raw.submission (submission_id, sender, kind, file_name, content_hash, form,"
                         " reader, reader_version, received_at, status)"
                         " values ('61-a', '61', 'delimited', 'f', 'h', 'f', 'r', '1', now(), 'loaded')")
        rows(connection, "insert into raw.submission_period select submission_seq, '2026-02', 1 from raw.submission"
                         " where submission_id = '61-a'")
    counts, page = _late(small_site, date(2026, 4, 10))
    assert counts == {"late": 1, "due_soon": 1}
    assert "&lt;script&gt;" not in page  # the province with that name has sent


def test_the_later_deadline_of_two_forms_counts(small_site: Settings) -> None:
    with connect(small_site) as connection:
        rows(connection, "insert into reference.calendar values ('c', 'second', '{plan}', 'province', '{61}',"
                         " '2026-02', '2026-05-01', '000', '2026-01-01')")
    assert _late(small_site, date(2026, 4, 10))[0] == {"late": 1, "due_soon": 1}
