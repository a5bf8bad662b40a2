"""A scratch warehouse for a corpus: a server of its own, the register, the files as received, a night a period."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from tests.detection.score import Finding
from tonghop.errors import NightHeld, TonghopError
from tonghop.night import steps
from tonghop.reference import load as reference
from tonghop.settings import Settings
from tonghop.submissions import inbox
from tonghop.warehouse import embedded, migrate
from tonghop.warehouse.connection import connect, rows

Tell = Callable[[str], None]

_APART = ("report",)
"""Steps that judge nothing: the steward's pages."""
_RECEIVED = "update raw.submission set received_at = (%s || ' 09:00+07')::timestamptz where submission_id = %s"
_BEFORE_ALL = "update reference.calendar set first_loaded_on = '2020-01-01'"
_FINDINGS = """
    select finding_id, group_id, rule, severity, sender_unit_id, unit_id, indicator, population, period, scope, locator,
           expected, actual, message_en, explanations
    from quality.finding where state <> 'corrected' order by finding_id
"""


class CorpusSettings(Settings):
    """Settings whose authored register is the corpus's nation; nothing of them comes from the user's environment."""

    corpus_dir: Path

    @property
    def reference_dir(self) -> Path:
        return self.corpus_dir / "reference"


def judged(folder: Path, corpus: Path, truth: dict[str, Any], tell: Tell) -> list[Finding]:
    """Load a corpus into an empty warehouse, run the nights of its periods in order, and read every open finding.

    Args:
        folder: where the server lives; nothing of it outlasts the block that made the folder.
        corpus: what ``corpus.make`` wrote.
        truth: what it returned.

    Raises:
        TonghopError: a file was not loaded as it stands, or a night failed. A night that is held counts as judged.
    """
    shutil.copytree(corpus / "reference", folder / "nation" / "reference")
    settings = CorpusSettings(state_dir=folder / "state", database_url=None, inbox="", reference_dirs="",
                              corpus_dir=folder / "nation")
    with embedded.running(settings):
        migrate.init(settings)
        for period in truth["periods"]:
            _expect_until(settings, corpus, period)
            for sent in truth["files"]:
                if sent["period"] == period:
                    _receive(settings, corpus / "returns" / sent["file"], sent)
            tell(f"night of {period}: {_night(settings)}")
        with connect(settings) as connection:
            return [Finding(**dict(zip(_NAMES, each, strict=True))) for each in rows(connection, _FINDINGS)]


def _expect_until(settings: CorpusSettings, corpus: Path, period: str) -> None:
    """Load the register with the calendar as it was then: what is not yet due is not yet missing."""
    header, *entries = (corpus / "reference" / "calendar.csv").read_text(encoding="utf-8").splitlines()
    at = header.split(",").index("period")
    due = [entry for entry in entries if entry.split(",")[at] <= period]
    (settings.reference_dir / "calendar.csv").write_text("\n".join([header, *due]) + "\n", encoding="utf-8")
    reference.load(settings)
    _as_owner(settings, _BEFORE_ALL)


_NAMES = [each.name for each in fields(Finding)]


def _receive(settings: Settings, path: Path, sent: dict[str, str]) -> None:
    """Ingest one file; it is received on the day that the corpus says, not today."""
    laid = inbox.submit(settings, path, sent["sender"])
    (read,) = inbox.ingest_sender(settings, sent["sender"], whole=[laid])["files"]
    if read["status"] != "loaded":
        raise TonghopError(f"The corpus's file {sent['file']} was not loaded: {read['problem'] or read['status']}.")
    _as_owner(settings, _RECEIVED, sent["received_on"], read["submission_id"])


def _night(settings: Settings) -> str:
    run_id = steps.open_night(settings, owner="detection", kind="hand")
    if run_id is None:
        raise TonghopError("The night found nothing to do, though files were received.")
    for name, step in steps.STEPS:
        if name in _APART:
            continue
        try:
            step(settings, run_id)
        except NightHeld as held:
            return f"held ({held})"
    return "published"


def _as_owner(settings: Settings, sql: str, *values: str) -> None:
    with connect(settings) as connection:
        rows(connection, sql, values)


def keep(corpus: Path, folder: Path) -> None:
    """Leave a copy of the corpus in a new folder."""
    shutil.copytree(corpus, folder)


def plain(findings: list[Finding]) -> list[dict[str, Any]]:
    """Findings as JSON has them."""
    return [asdict(each) for each in findings]
