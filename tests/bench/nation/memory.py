"""Peak memory of our own Python processes: this one and its children, PostgreSQL and the bench's readers apart."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

_EVERY_SECONDS = 0.1


class Peak:
    """The greatest sum of resident memory that was met, in bytes."""

    def __init__(self) -> None:
        self.bytes = 0
        self.apart: set[int] = set()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch while the block runs."""
        done = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(done,), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()

    def _watch(self, done: threading.Event) -> None:
        own = psutil.Process()
        while not done.wait(_EVERY_SECONDS):
            self.bytes = max(self.bytes, sum(map(self._resident, [own, *own.children(recursive=True)])))

    def _resident(self, process: psutil.Process) -> int:
        with suppress(psutil.Error):  # it has ended meanwhile
            if process.pid not in self.apart and not process.name().startswith("postgres"):
                return int(process.memory_info().rss)
        return 0
