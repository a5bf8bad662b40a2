"""Small real inputs for whole nights: a province, its statements, and the steps run in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tonghop.night import steps
from tonghop.reference import load as reference
from tonghop.settings import Settings
from tonghop.submissions import inbox
from tonghop.warehouse.connection import connect, rows

HEADER = "unit_code,indicator,period,scope,numerator,denominator,stated_rate,note\n"


@pytest.fixture
def country(warehouse: Settings) -> Settings:
    """A warehouse with the authored register and the sample's registrations loaded."""
    reference.add_overlay(warehouse, warehouse.sample_dir / "reference")
    reference.load(warehouse)
    return warehouse


@pytest.fixture
def send(country: Settings, tmp_path: Path) -> Callable[..., None]:
    """Send lines of the delimited form: ``send("60", "60,study_class,2012-05,own,470,,,", name="a.csv")``."""

    def deliver(sender: str, *lines: str, name: str = "return.csv") -> None:
        path = tmp_path / "outgoing" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
        inbox.ingest_sender(country, sender, whole=[inbox.submit(country, path, sender)])

    return deliver


def run_night(settings: Settings, *, until: str = "publish", full: bool = False) -> str | None:
    """Run the steps up to and including ``until``; returns the run's id, or None when nothing changed."""
    run_id = steps.open_night(settings, owner="test", kind="hand", full=full)
    if run_id is None:
        return None
    for name, step in steps.STEPS:
        step(settings, run_id)
        if name == until:
            break
    return run_id


def as_analyst(settings: Settings, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Rows that an analyst sees."""
    with connect(settings, "analyst") as connection:
        return rows(connection, sql, parameters)


def as_admin(settings: Settings, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Rows of any table (or a change), as the owner."""
    with connect(settings) as connection:
        return rows(connection, sql, parameters)
