"""The sample, published twice: as ``make demo`` does, and once more after the files that docs/analysts.md shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import fresh_warehouse
from tests.exports.page import files_of_the_page
from tests.night.conftest import run_night
from tonghop.reference import load as reference
from tonghop.settings import Settings
from tonghop.submissions import inbox


@pytest.fixture(scope="session")
def published(server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Release 1 is the sample, release 2 what two provinces added."""
    with fresh_warehouse(server, tmp_path_factory.mktemp("published")) as settings:
        reference.add_overlay(settings, settings.sample_dir / "reference")
        reference.load(settings)
        for folder in sorted((settings.sample_dir / "inbox").iterdir()):
            files = [inbox.submit(settings, path, folder.name) for path in sorted(folder.iterdir())]
            inbox.ingest_sender(settings, folder.name, whole=files)
        assert run_night(settings)
        for sender, text in files_of_the_page().items():
            path = tmp_path_factory.mktemp("later") / f"{sender}.csv"
            path.write_text(text, encoding="utf-8")
            inbox.ingest_sender(settings, sender, whole=[inbox.submit(settings, path, sender)])
        assert run_night(settings)
        yield settings
