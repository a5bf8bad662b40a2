"""A night as metrics, through Airflow's own settings (``[metrics]``: StatsD or OpenTelemetry). Names: docs/watching.md.

A daemon without tags sees the rule and severity in the name; one with tags gets them as tags too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from tonghop.orchestration.watching import Moment, NightWatcher
from tonghop.reports.night_summary import Night

_MILLISECONDS = 1000.0


@dataclass(frozen=True)
class Measure:
    """One metric.

    Attributes:
        value: a count, or milliseconds of a timing.
    """

    kind: Literal["counter", "gauge", "timing"]
    name: str
    value: float
    tags: dict[str, str] = field(default_factory=dict)


class NightMetrics(NightWatcher):
    """Send the night's numbers to the daemon that Airflow's settings name."""

    def is_wanted(self) -> bool:
        """Whether Airflow sends metrics anywhere."""
        from airflow.sdk.configuration import conf

        return any(conf.getboolean("metrics", name, fallback=False)
                   for name in ("statsd_on", "otel_on", "statsd_datadog_enabled"))

    def tell(self, moment: Moment, context: Any) -> None:
        """Send; a night that never began is one counter."""
        from airflow.sdk.observability import stats

        measured = measures(moment.night) if moment.night is not None else [
            Measure("counter", "tonghop.nights.failed", 1)]
        for each in measured:
            if each.kind == "counter":
                stats.incr(each.name, int(each.value), tags=each.tags)
            elif each.kind == "gauge":
                stats.gauge(each.name, each.value, tags=each.tags)
            else:
                stats.timing(each.name, each.value, tags=each.tags)


def measures(night: Night) -> list[Measure]:
    """Every number of a night that is worth a line in a chart. A pure function.

    A rule of which nothing is open is measured as 0: a gauge keeps its last value until it hears another.
    """
    run = night.run
    told = [
        Measure("counter", f"tonghop.nights.{run['status']}", 1),
        Measure("timing", "tonghop.night.duration", run["seconds"] * _MILLISECONDS),
        Measure("gauge", "tonghop.night.periods", run["periods"]),
        Measure("gauge", "tonghop.night.provinces", run["provinces"]),
        Measure("gauge", "tonghop.night.provinces_held", len(night.held)),
    ]
    for name, value in (("tonghop.release", run["current_release_id"]), ("tonghop.night.withheld", run["withheld"])):
        if value is not None:  # nothing was published, or nothing judged
            told.append(Measure("gauge", name, value))
    told += [Measure("timing", f"tonghop.night.phase.{row['step']}.duration", row["seconds"] * _MILLISECONDS,
                     {"phase": row["step"]})
             for row in night.steps if row["seconds"] is not None]
    for row in night.findings:
        tags = {"severity": row["severity"]}
        told += [Measure("gauge", f"tonghop.night.findings_{what}.{row['severity']}", row[what], tags)
                 for what in ("new", "corrected")]
    for row in night.rules:
        tags = {"severity": row["severity"], "rule": row["rule"]}
        told.append(Measure("gauge", f"tonghop.findings.open.{row['severity']}.{row['rule']}", row["open"], tags))
    return told
