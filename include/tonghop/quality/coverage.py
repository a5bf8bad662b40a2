"""The least coverage that a release may have unsigned: rule P05 of ``expectations/thresholds.yml``."""

from __future__ import annotations

from typing import Any

import yaml
from psycopg2.extras import execute_values

from tonghop.settings import Settings
from tonghop.warehouse.connection import connect


def write_thresholds(settings: Settings) -> None:
    """Bring the thresholds to where the night's models read them (``ops.coverage_threshold``)."""
    rule = numbers(settings)["rules"]["P05"]
    said: list[tuple[str | None, str | None, dict[str, Any]]] = [(None, None, rule["coverage"])]
    said += [(campaign, None, entry) for campaign, entry in (rule.get("campaigns") or {}).items()]
    for place, entry in (rule.get("periods") or {}).items():  # "2012-05", or "tw4-xi 2012-05"
        campaign, _, period = str(place).rpartition(" ")
        said.append((campaign or None, period, entry))
    with connect(settings, "builder") as connection, connection.cursor() as cursor:
        cursor.execute("delete from ops.coverage_threshold")
        execute_values(
            cursor, "insert into ops.coverage_threshold (campaign, period, coverage, reason, decided_on) values %s",
            [(*place, entry["value"], entry["reason"], entry["decided_on"]) for *place, entry in said])


def numbers(settings: Settings) -> dict[str, Any]:
    """``thresholds.yml`` as it is, read without the expectations (they take seconds to import)."""
    path = settings.project_dir / "expectations" / "thresholds.yml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded
