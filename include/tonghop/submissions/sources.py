"""A text file as a stream of UTF-8, whatever its encoding: it is never held whole unless its encoding demands it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from tonghop.submissions.limits import Limits, too_much
from tonghop.submissions.reading import Unreadable
from tonghop.text.decoding import Decoded, Undecodable, decode

_SAMPLE = 256 * 2**10
_CHUNK = 2**20
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_STREAMED = re.compile(r"utf[-_]?(8|16)|ascii", re.IGNORECASE)


@dataclass(frozen=True)
class Text:
    """A text and how it was come by; ``blocks`` gives its UTF-8 once, in pieces cut anywhere."""

    encoding: str
    warning: str | None
    blocks: Iterator[bytes]


def open_text(file: IO[bytes], limits: Limits) -> Text:
    """Find the encoding by a sample, hold the whole file to it, and stream.

    Args:
        file: seekable, at its start.

    Raises:
        Unreadable: S01, no text, or a text in an old encoding that is larger than ``legacy_bytes``.
    """
    sample = file.read(_SAMPLE)
    is_whole = len(sample) < _SAMPLE
    codec = "utf-16" if sample.startswith(_UTF16) else "utf-8-sig"
    try:
        found = decode(sample if is_whole else _whole_lines(sample, codec))
    except Undecodable as error:
        if is_whole:
            raise _refused(error) from None
        found = Decoded("", codec.removesuffix("-sig"), [])  # a blank start, or no text: the whole file says which
    if not _STREAMED.match(found.encoding) or not _is_all(file, codec):
        found = _whole(file, limits)
        return Text(found.encoding, _warning(found), iter([found.text.encode()]))
    return Text(found.encoding, _warning(found), _utf8(file) if codec == "utf-8-sig" else _recoded(file, codec))


def _whole_lines(sample: bytes, codec: str) -> bytes:
    """The sample without the line that its end cuts, which may be cut inside a character."""
    if codec == "utf-16":
        text = codecs.getincrementaldecoder(codec)("replace").decode(sample)
        return text[: text.rfind("\n") + 1 or len(text)].encode(codec)
    return sample[: sample.rfind(b"\n") + 1 or len(sample)]


def _is_all(file: IO[bytes], codec: str) -> bool:
    """Whether the whole file is valid in the encoding and free of zero characters."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        return all("\x00" not in decoder.decode(chunk) for chunk in _chunks(file)) and not decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False


def _whole(file: IO[bytes], limits: Limits) -> Decoded:
    file.seek(0)
    content = file.read(limits.legacy_bytes + 1)
    if len(content) > limits.legacy_bytes:
        most = f"{limits.legacy_bytes / 2**20:.0f} MB"
        raise too_much(
            f"tệp không phải UTF-8 và lớn hơn {most} (hãy lưu lại dạng CSV UTF-8)",
            f"the file is not UTF-8 and larger than {most} (save it as CSV UTF-8)",
            most,
            "TONGHOP_MAX_LEGACY_BYTES",
        )
    try:
        return decode(content)
    except Undecodable as error:
        raise _refused(error) from None


def _refused(error: Undecodable) -> Unreadable:
    return Unreadable("S01", f"line {error.line}", error.vi, error.en)


def _warning(found: Decoded) -> str | None:
    return None if found.warning is None else " / ".join(found.warning)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _utf8(file: IO[bytes]) -> Iterator[bytes]:
    for at, chunk in enumerate(_chunks(file)):
        yield chunk.removeprefix(codecs.BOM_UTF8) if at == 0 else chunk


def _recoded(file: IO[bytes], codec: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(codec)()
    for chunk in _chunks(file):
        yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", True).encode()
