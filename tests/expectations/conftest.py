"""Small real inputs for nights, as the tests of the night have them."""

from __future__ import annotations

from tests.night.conftest import country, send  # noqa: F401 - fixtures
