"""Find and read the reference files: the authored folder first, then every folder of registrations."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tonghop.reference.models import MODELS, CalendarEntry, Row
from tonghop.settings import Settings

R = TypeVar("R", bound=Row)
R_co = TypeVar("R_co", bound=Row, covariant=True)


@dataclass(frozen=True)
class Problem:
    """Something wrong in the reference data: where, what, and what to do."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}. {self.remedy}"


@dataclass(frozen=True)
class Located(Generic[R_co]):
    """A row, and the file and line where it starts."""

    row: R_co
    file: str
    line: int

    @property
    def source(self) -> str:
        return f"{self.file}:{self.line}"

    def problem(self, what: str, remedy: str) -> Problem:
        return Problem(self.file, self.line, what, remedy)


@dataclass
class Folder:
    """A folder of reference files. ``label`` stands before the file name in messages (blank: the authored folder)."""

    label: str
    files: dict[str, bytes]

    def named(self, file: str) -> str:
        return f"{self.label}/{file}" if self.label else file

    @property
    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        for name, content in sorted(self.files.items()):
            digest.update(f"{name} {len(content)}\n".encode())
            digest.update(content)
        return digest.hexdigest()


@dataclass
class Reference:
    """Everything the folders say, by file name, with what was wrong while reading it."""

    rows: dict[str, list[Located[Row]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def of(self, model: type[R]) -> list[Located[R]]:
        """The rows of one file."""
        return self.rows.get(model.file, [])  # type: ignore[return-value]


def dangling(at: Located[Row], column: str, code: str, known: Iterable[str]) -> Problem:
    """The problem of a cell that names nothing; suggests the nearest name there is."""
    close = get_close_matches(code, list(known), 1)
    return at.problem(
        f"{column}: nothing is called '{code}'",
        f"Did you mean '{close[0]}'?" if close else "Correct the code, or add the row it names.",
    )


def folder(directory: Path, label: str) -> Folder:
    """The CSV files of a folder, as bytes."""
    return Folder(label, {path.name: path.read_bytes() for path in sorted(directory.glob("*.csv"))})


def overlay_name(directory: Path) -> str:
    """What a folder of registrations is called: its own name, or its parent's where that is just ``reference``."""
    resolved = directory.resolve()
    return resolved.parent.name if resolved.name == "reference" else resolved.name


def folders(settings: Settings, extra: Path | None = None) -> tuple[list[Folder], list[Problem]]:
    """The authored folder, those of ``TONGHOP_REFERENCE_DIRS``, those added to the state folder, and ``extra``.

    The same content named twice counts once; ``extra`` takes the place of an added folder of its name.
    """
    found = [folder(settings.reference_dir, "")]
    problems = []
    for text in filter(None, settings.reference_dirs.split(":")):
        directory = Path(text)
        if directory.is_dir():
            found.append(folder(directory, overlay_name(directory)))
        else:
            problems.append(
                Problem(
                    directory.name or text,
                    0,
                    "TONGHOP_REFERENCE_DIRS names a folder that does not exist",
                    "Mend the variable: folders separated by ':'.",
                )
            )
    replaced = overlay_name(extra) if extra else None
    if settings.overlay_dir.is_dir():
        found += [
            folder(path, path.name)
            for path in sorted(settings.overlay_dir.iterdir())
            if path.is_dir() and path.name != replaced and not path.name.startswith(".")
        ]
    if extra:
        found.append(folder(extra, overlay_name(extra)))
    return _distinct(found), problems


def _distinct(found: Iterable[Folder]) -> list[Folder]:
    seen: dict[str, Folder] = {}
    for each in found:
        seen.setdefault(each.fingerprint, each)
    return list(seen.values())


def content_hash(found: Iterable[Folder]) -> str:
    """One hash of all files together."""
    return hashlib.sha256("".join(f"{each.label}={each.fingerprint}\n" for each in found).encode()).hexdigest()


def read(found: list[Folder]) -> Reference:
    """All rows of all folders; a folder's rows follow those before it, and the last calendar is the calendar."""
    reference = Reference({model.file: [] for model in MODELS})
    by_file = {model.file: model for model in MODELS}
    for each in found:
        for name in each.files:
            if name not in by_file:
                close = get_close_matches(name, by_file, 1)
                reference.problems.append(
                    Problem(
                        each.named(name),
                        0,
                        "this is not a reference file",
                        f"Rename it to {close[0]}." if close else f"Keep only {', '.join(by_file)} in the folder.",
                    )
                )
    for model in MODELS:
        for each in found:
            if model.file in each.files:
                rows: list[Located[Row]] = []
                text, problems = decode(each.files[model.file], each.named(model.file))
                if not problems:
                    rows, problems = read_text(text, each.named(model.file), model)
                if model is CalendarEntry:
                    reference.rows[model.file] = []
                reference.rows[model.file] += rows
                reference.problems += problems
            elif not each.label:
                reference.problems.append(
                    Problem(model.file, 0, "the file is missing", "Put it back from the repository.")
                )
    return reference


def decode(content: bytes, name: str) -> tuple[str, list[Problem]]:
    """The text of a file; what is wrong with it where it is not UTF-8 (the text is then what can be shown of it)."""
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return content.decode("utf-8", "replace"), [
            Problem(name, line, "the file is not UTF-8", "Save it as CSV UTF-8.")
        ]


def read_text(text: str, name: str, model: type[R], separator: str = ",") -> tuple[list[Located[R]], list[Problem]]:
    """The rows of a CSV text as ``model`` reads them, and every problem; lines without any text are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    rows: list[Located[R]] = []
    problems: list[Problem] = []
    try:
        header = next(reader, [])
        problems += _check_header(header, name, model)
        if problems:
            return [], problems
        start = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells) and len(cells) != len(header):
                problems.append(
                    Problem(
                        name,
                        start,
                        f"the row has {len(cells)} cells, the header {len(header)}",
                        "Quote cells that contain a comma.",
                    )
                )
            elif any(cell.strip() for cell in cells):
                try:
                    rows.append(Located(model.model_validate(dict(zip(header, cells, strict=True))), name, start))
                except ValidationError as error:
                    problems += [Problem(name, start, *_explained(each)) for each in error.errors()]
            start = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(name, reader.line_num, f"the file cannot be read as CSV ({error})", "Mend the quotes."))
    return rows, problems


def _check_header(header: list[str], name: str, model: type[Row]) -> list[Problem]:
    expected = list(model.model_fields)
    problems = []
    for column in dict.fromkeys(header):
        if header.count(column) > 1:
            problems.append(Problem(name, 1, f"column '{column}' stands twice", "Keep one of them."))
        if column not in expected:
            close = get_close_matches(column, expected, 1)
            problems.append(
                Problem(
                    name,
                    1,
                    f"unknown column '{column}'",
                    f"Did you mean {close[0]}?" if close else f"Keep only {', '.join(expected)}.",
                )
            )
    problems += [
        Problem(name, 1, f"column '{column}' is missing", "Add it (a blank cell where nothing is known).")
        for column, field in model.model_fields.items()
        if column not in header and field.is_required()
    ]
    return problems


def _explained(error: ErrorDetails) -> tuple[str, str]:
    column = ".".join(str(part) for part in error["loc"] if not isinstance(part, int))
    message = error["msg"].removeprefix("Value error, ")
    written = f" (it says '{error['input']}')" if isinstance(error["input"], str) and error["input"] else ""
    where = f"{column}: " if column else ""
    return f"{where}{message}{written}", f"Correct {column or 'the row'}."
