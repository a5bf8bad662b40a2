"""Who is told how a night went, in the order of their patience: metrics, people, lineage."""

from __future__ import annotations

from tonghop.orchestration.lineage import NightLineage
from tonghop.orchestration.metrics import NightMetrics
from tonghop.orchestration.notifying import NightNotifier
from tonghop.orchestration.watching import NightWatcher


def watchers(*, failed: bool) -> list[NightWatcher]:
    """The callbacks of the night's tasks: of those that fail for good, or of those that go well."""
    return [kind(failed=failed) for kind in (NightMetrics, NightNotifier, NightLineage)]
