"""The numbers of a night reach the daemon that Airflow's own settings name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from tests.night.conftest import as_admin
from tests.orchestration.conftest import Heard, Tell
from tonghop.settings import Settings

Daemon = tuple[int, Callable[[], list[str]]]


def statsd(port: int) -> dict[str, str]:
    return {"AIRFLOW__METRICS__STATSD_ON": "True", "AIRFLOW__METRICS__STATSD_HOST": "127.0.0.1",
            "AIRFLOW__METRICS__STATSD_PORT": str(port), "AIRFLOW__METRICS__STATSD_PREFIX": "vn"}


def by_name(lines: list[str]) -> dict[str, tuple[float, str]]:
    """Ours among the lines, ``name:value|kind``, as value and kind by name; Airflow measures itself too."""
    parts = [line.partition(":") for line in lines if ".tonghop." in line]
    return {name: (float(said.split("|")[0]), said.split("|")[1]) for name, _, said in parts}


def truth(settings: Settings) -> dict[str, Any]:
    """The same numbers, asked of the warehouse without the night's own SQL."""
    return {
        **{f"tonghop.findings.open.{severity}.{rule}": amount for rule, severity, amount in as_admin(
            settings, "select rule, severity, count(*) from quality.finding where state = 'open' group by 1, 2")},
        "tonghop.night.withheld": as_admin(settings, "select count(*) from quality.run_withheld")[0][0],
        "tonghop.release": as_admin(settings, "select max(release_id) from store.release")[0][0],
        "tonghop.night.periods": as_admin(
            settings, "select count(distinct period) from ops.run_partition where period <> '-'")[0][0],
    }


def test_a_statsd_daemon_hears_the_night(recorded: Settings, tell: Tell, datagrams: Daemon) -> None:
    # Without this: a dashboard that shows nothing, or last year's rules, and an alarm that cannot ring.
    port, read = datagrams
    tell("report", **statsd(port))
    heard = by_name(read())
    for name, value in truth(recorded).items():
        assert heard[f"vn.{name}"] == (value, "g"), name
    assert heard["vn.tonghop.nights.published"] == (1, "c")
    for step in ("stage", "judge_figures", "roll_up", "judge_totals", "build_marts", "judge_release", "publish"):
        milliseconds, kind = heard[f"vn.tonghop.night.phase.{step}.duration"]
        assert kind == "ms"
        (seconds,) = as_admin(recorded, "select seconds::float from ops.step_run where step = %s", step)[0]
        assert abs(milliseconds - seconds * 1000) < 1
    assert heard["vn.tonghop.night.findings_new.error"][0] > 0
    quiet = [name for name, (value, _) in heard.items() if ".findings.open." in name and value == 0]
    assert quiet, "a rule of which nothing is open says 0: a gauge keeps its last value"


def test_a_held_night_is_measured_and_one_that_goes_on_is_not(recorded: Settings, tell: Tell, datagrams: Daemon) -> None:
    port, read = datagrams
    tell("publish", **statsd(port))
    assert by_name(read()) == {}
    as_admin(recorded, "update ops.run set status = 'held'")
    tell("build_and_judge", problem="held", **statsd(port))
    as_admin(recorded, "update ops.run set status = 'published'")
    assert by_name(read())["vn.tonghop.nights.held"] == (1, "c")
    tell("open_night", problem="Another night is running.", dag_run="scheduled__tomorrow", **statsd(port))
    assert by_name(read()) == {"vn.tonghop.nights.failed": (1, "c")}


def test_an_opentelemetry_collector_hears_it_with_tags(recorded: Settings, tell: Tell, web: Heard) -> None:
    tell("report", AIRFLOW__METRICS__OTEL_ON="True", AIRFLOW__METRICS__OTEL_PREFIX="vn",
         OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{web.port}", OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf")
    heard: dict[str, list[Any]] = {}
    for body in web.bodies:
        request = ExportMetricsServiceRequest.FromString(body)
        for metric in (each for resource in request.resource_metrics for scope in resource.scope_metrics
                       for each in scope.metrics):
            heard[metric.name] = list(getattr(metric, metric.WhichOneof("data")).data_points)
    for name, value in truth(recorded).items():
        (point,) = heard[f"vn.{name}".lower()]  # OpenTelemetry's names know no capital letters
        assert (point.as_double or point.as_int) == value, name
    rules = {attribute.value.string_value for name, points in heard.items() if ".findings.open." in name
             for point in points for attribute in point.attributes if attribute.key == "rule"}
    assert {"D03", "D04"} <= rules


def test_nobody_listens_and_nothing_is_sent(tell: Tell, datagrams: Daemon) -> None:
    port, read = datagrams
    said = tell("report", AIRFLOW__METRICS__STATSD_PORT=str(port))
    assert read() == []
    assert "rror" not in said
