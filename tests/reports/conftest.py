"""A small published release, written straight into the store: the rows are in cases/small_site.sql."""

from __future__ import annotations

from pathlib import Path

import pytest

from tonghop.settings import Settings
from tonghop.warehouse.connection import connect

CASES = Path(__file__).parent / "cases"


@pytest.fixture
def small_site(warehouse: Settings) -> Settings:
    """A warehouse with the release of ``small_site.sql``."""
    with connect(warehouse) as connection, connection.cursor() as cursor:
        cursor.execute((CASES / "small_site.sql").read_text(encoding="utf-8"))
    return warehouse
