"""The night of the bench, phase by phase: files into the inbox, ingestion, and the steps of the product's own night."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tonghop.errors import TonghopError
from tonghop.night import steps
from tonghop.settings import Settings
from tonghop.submissions import inbox
from tonghop.submissions.apart import Apart
from tonghop.submissions.dispatch import Task
from tonghop.submissions.limits import Limits
from tonghop.submissions.reading import COLUMNS
from tonghop.warehouse.connection import connect, rows

Tell = Callable[[str], None]

_LAIN_SECONDS = 60  # a file that lies so long is taken for whole at once
_APART = ("report",)
"""Steps that are no data work: the steward's pages."""


@dataclass
class Night:
    """One night, in seconds.

    Attributes:
        phases: data work by phase, in order: ``ingest``, ``open`` and the steps up to ``publish``.
        starting: the start of the two children that read the files; before the clock.
        parsing: dbt's reading of its own project, taken out of the phases it happened in.
        report: writing the pages.
        steps: seconds of each step as the product recorded them (``ops.step_run``), parsing included.
        windows: when each phase began and ended, in seconds since 1970.
    """

    run_id: str
    release_id: int
    phases: dict[str, float]
    starting: float
    parsing: float
    report: float
    steps: dict[str, float]
    windows: dict[str, tuple[float, float]]

    @property
    def work(self) -> float:
        """Files to published marts: data work only."""
        return sum(self.phases.values())


class _Parsing:
    """Seconds that dbt spends on reading its project."""

    seconds = 0.0


def lay_into_inbox(settings: Settings, files: Mapping[str, Path]) -> None:
    """Copy files into the inboxes of their senders, as if they had lain there for a minute."""
    for sender, file in files.items():
        folder = Path(settings.inbox_url) / sender
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{file.parent.name}-{file.name}"
        shutil.copyfile(file, target)
        moment = time.time() - _LAIN_SECONDS
        os.utime(target, (moment, moment))


def run(settings: Settings, files: Mapping[str, Path], tell: Tell) -> Night:
    """Ingest files and run every step of a night.

    Args:
        files: code of the sender → file.
        tell: is told of each phase when it is done.

    Raises:
        TonghopError: a file was not loaded, or nothing changed.
    """
    lay_into_inbox(settings, files)
    phases: dict[str, float] = {}
    windows: dict[str, tuple[float, float]] = {}
    with Apart(Limits.of(settings)) as one, Apart(Limits.of(settings)) as other:
        starting = sum(map(_start_reading, (one, other)))
        with _timed(phases, windows, "ingest", tell):
            read = inbox.ingest_all(settings, readers=(one, other))["files"]
    bad = [file for file in read if file["status"] != "loaded"]
    if bad or len(read) != len(files):
        raise TonghopError(f"The bench sent {len(files)} file(s), {len(read)} were read: {bad[:1]}.")
    with _parsing_apart() as parsing:
        with _timed(phases, windows, "open", tell):
            run_id = steps.open_night(settings, owner="bench", kind="hand")
        if run_id is None:
            raise TonghopError("The bench's night found nothing to do.")
        published: dict[str, Any] = {}
        for name, step in steps.STEPS:
            before = parsing.seconds
            with _timed(phases, windows, name, tell):
                summary = step(settings, run_id)
            phases[name] -= parsing.seconds - before
            published = summary if name == "publish" else published
    report = sum(phases.pop(name, 0.0) for name in _APART)
    return Night(run_id, published["release_id"], phases, starting, parsing.seconds, report,
                 _recorded(settings, run_id), windows)


@contextmanager
def _timed(
    phases: dict[str, float], windows: dict[str, tuple[float, float]], name: str, tell: Tell
) -> Iterator[None]:
    moment, began = time.time(), time.monotonic()
    yield
    phases[name] = time.monotonic() - began
    windows[name] = moment, time.time()
    tell(f"{name} {phases[name]:.1f} s")


@contextmanager
def _parsing_apart() -> Iterator[_Parsing]:
    """Take the time of dbt's parsing wherever it happens: it costs the same with one fact or with millions."""
    from dbt.parser.manifest import ManifestLoader

    taken, parse = _Parsing(), ManifestLoader.get_full_manifest

    def timed(*given: Any, **named: Any) -> Any:
        began = time.monotonic()
        try:
            return parse(*given, **named)
        finally:
            taken.seconds += time.monotonic() - began

    ManifestLoader.get_full_manifest = timed
    try:
        yield taken
    finally:
        ManifestLoader.get_full_manifest = parse


def _recorded(settings: Settings, run_id: str) -> dict[str, float]:
    with connect(settings) as connection:
        return dict(rows(connection, "select step, seconds::float from ops.step_run where run_id = %s"
                                     " order by started_at", (run_id,)))


def _start_reading(apart: Apart) -> float:
    """Have the child that reads files start, and read one line; returns the seconds it took."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as file:
        file.write(f"{','.join(COLUMNS)}\n1,a,2012-01,own,1,,,\n".encode())
        file.seek(0)
        with apart.job(file, Task("line.csv", apart.limits, {}), 0, "bench") as job:
            while job.read():
                pass
            job.finish()
    return time.monotonic() - began


def warm_up() -> float:
    """Import dbt and Great Expectations, as every night's processes do first; returns the seconds it took."""
    from tonghop.quality.bench_import import gates
    from tonghop.warehouse import dbt

    began = time.monotonic()
    dbt.warm_up()
    gates()
    return time.monotonic() - began
