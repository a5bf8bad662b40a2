"""Small real inputs for nights, as the tests of the night have them."""

from __future__ import annotations

import pytest

from tests.night.conftest import country, send  # noqa: F401 - fixtures
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect, rows


@pytest.fixture
def scratch(warehouse: Settings) -> Settings:
    """An empty warehouse with a schema ``scratch`` in which the builder may make relations to judge."""
    with connect(warehouse) as connection:
        rows(connection, "create schema scratch")
        rows(connection, "grant all on schema scratch to tonghop_builder")
    return warehouse
