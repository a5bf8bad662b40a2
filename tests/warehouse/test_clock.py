"""The day it is: one answer, wherever the server stands."""

from __future__ import annotations

import pytest

from tonghop import clock
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_today_is_vietnams_in_sql_and_in_python_whatever_the_session_believes(warehouse: Settings, zone: str) -> None:
    """Of two zones a day apart one always has another date: a waiver would end, or a tree be drawn, a day off."""
    before = clock.today()
    with connect(warehouse) as connection:
        rows(connection, f"set timezone = '{zone}'")
        told = rows(connection, "select ops.today()")[0][0]
    assert told in (before, clock.today())  # midnight may pass between
