"""Ways to damage a file: blind ones, and ones that know zip and XML so that the damage gets past the door."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Sequence

_WILD = [b"0", b"-1", b"1048577", b"99999999999999999999", b"1e309", b"NaN", b"", b"\x00", b"A", b"XFE1048577", b"&#0;",
         b"&lt;", b"\xff", "\u0301".encode(), b"s", b"e", b"true", b"../../x", b"'", b'"', b"#DIV/0!", b"2012-13-45"]
_OLE, _SECTOR = b"\xd0\xcf\x11\xe0", 512
_VALUE = re.compile(rb'(?<=")[^"<>]*(?=")|(?<=>)[^<>]+(?=<)')
_TAG = re.compile(rb"<[^<>]*>")


def damaged(chance: random.Random, seeds: Sequence[bytes]) -> bytes:
    """One of the seeds with one to four injuries."""
    content = chance.choice(seeds)
    for _ in range(chance.randint(1, 4)):
        if content.startswith(b"PK") and chance.random() < 0.7:
            content = _repacked(chance, content, seeds)
        elif content.startswith(_OLE) and len(content) > 2 * _SECTOR and chance.random() < 0.7:
            content = _record_changed(chance, content)
        else:
            content = chance.choice(_BLIND)(chance, content)
    return content


def _flipped(chance: random.Random, content: bytes) -> bytes:
    bits = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        if bits:
            bits[chance.randrange(len(bits))] ^= 1 << chance.randrange(8)
    return bytes(bits)


def _cut(chance: random.Random, content: bytes) -> bytes:
    start, end = sorted(chance.randint(0, len(content)) for _ in range(2))
    return chance.choice((content[:start], content[end:], content[:start] + content[end:]))


def _doubled(chance: random.Random, content: bytes) -> bytes:
    start = chance.randint(0, len(content))
    return content[:start] + content[start : start + 200] * chance.randint(2, 20) + content[start:]


def _with_wild(chance: random.Random, content: bytes) -> bytes:
    at = chance.randint(0, len(content))
    return content[:at] + chance.choice(_WILD) + content[at + chance.randint(0, 4) :]


_BLIND = (_flipped, _cut, _doubled, _with_wild)


def _record_changed(chance: random.Random, content: bytes) -> bytes:
    """An old Office file with a few bytes of its records changed, its head and its directory left alone."""
    changed = bytearray(content)
    end = max(content.find("Root Entry".encode("utf-16-le")), _SECTOR + 1)
    for _ in range(chance.randint(1, 3)):
        changed[chance.randrange(_SECTOR, min(end, len(changed)))] = chance.choice((0, 1, 0x7F, 0xFF, chance.randrange(256)))
    return bytes(changed)


def _repacked(chance: random.Random, content: bytes, seeds: Sequence[bytes]) -> bytes:
    """The zip packed again with a part changed, lost, doubled, renamed, or taken from another file."""
    parts = _parts(content)
    if not parts:
        return _flipped(chance, content)
    name = chance.choice(sorted(parts))
    kind = chance.randrange(8)
    if kind == 0:
        del parts[name]
    elif kind == 1:
        others = _parts(chance.choice(seeds)) or parts
        parts[name] = others[chance.choice(sorted(others))]
    elif kind == 2:
        parts[name] = chance.choice(_BLIND)(chance, parts[name])
    else:
        parts[name] = _xml_changed(chance, parts[name])
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as archive:
        for each, data in parts.items():
            archive.writestr(each, data)
    return saved.getvalue()


def _parts(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # damaged before: that is what happens here
        return {}


def _xml_changed(chance: random.Random, data: bytes) -> bytes:
    """A value replaced, or a tag lost, doubled, or put elsewhere: mostly still XML."""
    values, tags = list(_VALUE.finditer(data)), list(_TAG.finditer(data))
    if values and chance.random() < 0.6:
        found = chance.choice(values)
        return data[: found.start()] + chance.choice(_WILD) + data[found.end() :]
    if not tags:
        return _flipped(chance, data)
    found, other = chance.choice(tags), chance.choice(tags)
    if chance.random() < 0.3:
        return data[: found.start()] + data[found.end() :]
    if chance.random() < 0.5:  # a whole element once more, if it is closed in one tag
        return data[: found.end()] + found[0] + data[found.end() :]
    return data[: other.end()] + found[0] + data[other.end() :]
