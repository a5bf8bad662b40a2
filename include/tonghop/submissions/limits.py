"""What reading one file may cost: every limit is a setting, every refusal names it and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from tonghop.submissions.reading import Unreadable

if TYPE_CHECKING:  # 0.3 s that the child need not spend
    from tonghop.settings import Settings


@dataclass(frozen=True)
class Limits:
    """What one file may cost. What a workbook may hold beside is in ``books/limits.py``.

    Attributes:
        file_bytes: bytes of the file as received.
        legacy_bytes: bytes of a text that is neither UTF-8 nor UTF-16: it is held whole.
        rows: of a delimited file.
        seconds: of reading, by the clock.
        memory_bytes: address space of the process that reads.
    """

    file_bytes: int = 512 * 2**20
    legacy_bytes: int = 64 * 2**20
    rows: int = 5_000_000
    seconds: float = 120.0
    memory_bytes: int = 2 * 2**30

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The limits as configured (``TONGHOP_MAX_…``, ``TONGHOP_READ_…``)."""
        return cls(
            settings.max_file_bytes,
            settings.max_legacy_bytes,
            settings.max_rows,
            settings.read_seconds,
            settings.read_memory_bytes,
        )


def too_much(what_vi: str, what_en: str, limit: str, variable: str, locator: str = "file") -> Unreadable:
    """The refusal of a file that is larger than a limit.

    Args:
        what_vi, what_en: what was met ("tệp có 600 MB" / "the file has 600 MB").
        limit: the limit as people write it.
        variable: the environment variable that sets it.
    """
    return Unreadable(
        "S01",
        locator,
        f"{what_vi}, giới hạn là {limit}; hãy chia nhỏ tệp (hoặc nâng {variable})",
        f"{what_en}, the limit is {limit}; split the file (or raise {variable})",
    )


def check_size(size: int, limits: Limits) -> None:
    """Refuse a file by its size alone.

    Raises:
        Unreadable: S01, it is larger than ``file_bytes``.
    """
    if size > limits.file_bytes:
        has = _bytes(size)
        raise too_much(
            f"tệp có {has}", f"the file has {has}", _bytes(limits.file_bytes), "TONGHOP_MAX_FILE_BYTES"
        )


def check_rows(rows: int, limits: Limits, locator: str = "file") -> None:
    """Refuse a file with too many rows.

    Raises:
        Unreadable: S01, there are more than ``rows``.
    """
    if rows > limits.rows:
        raise too_much(
            f"tệp có hơn {limits.rows} dòng", f"the file has more than {limits.rows} rows", str(limits.rows),
            "TONGHOP_MAX_ROWS", locator,
        )


def _bytes(count: int) -> str:
    return f"{count / 2**20:.0f} MB" if count >= 2**20 else f"{count} B"
