"""From published rows to files: one snapshot, a batch at a time, and nothing in place until all of it is written."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ
from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.exports import citing, delimited, parquet, sdmx, workbook
from tonghop.exports.asking import Asked, ask_mart, ask_query
from tonghop.exports.flow import Batches, Say, batches
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect

Format = Literal["parquet", "csv", "xlsx", "sdmx-csv"]
SUFFIXES: dict[Format, str] = {"parquet": ".parquet", "csv": ".csv", "xlsx": ".xlsx", "sdmx-csv": ".csv"}


@dataclass(frozen=True)
class Order:
    """What an analyst wants written.

    Attributes:
        marts: one file each; empty where ``query`` is given.
        out: a file, or a folder (for several marts always a folder).
        bom: begin a CSV with a byte-order mark.
        force: replace files that exist.
    """

    out: Path
    format: Format
    marts: tuple[str, ...] = ()
    query: str | None = None
    release: int | None = None
    period: str | None = None
    level: str | None = None
    bom: bool = False
    force: bool = False


@dataclass(frozen=True)
class Written:
    """A finished file."""

    path: Path
    rows: int
    release_id: int
    cite: str


def export(settings: Settings, order: Order, say: Say) -> list[Written]:
    """Write the files of an order, as the analyst, read only, all of one snapshot.

    Args:
        say: where progress goes, a line at a time.

    Raises:
        TonghopError: the order cannot be understood or filled, or a file is there already; nothing was written then.
    """
    with connect(settings, "analyst") as connection, _Unfinished() as unfinished:
        connection.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
        asked = _ask(connection, order)
        targets = _targets(order, asked)
        _refuse_existing([path for target in targets for path in _files_of(target, order.format)], order.force)
        done = []
        for one, target in zip(asked, targets, strict=True):
            parts = [unfinished.part_of(final) for final in _files_of(target, order.format)]
            told = citing.about(connection, one)
            if order.format == "xlsx":
                _refuse_too_many(connection, one)
            count = _write(order, one, parts, told, batches(connection, one, say))
            citing.write_sidecar(parts[1], told, parts[0], target.name, count)
            done.append(Written(target, count, told["release_id"], told["cite_en"]))
        unfinished.put_in_place()
    return done


class _Unfinished:
    """Files under passing names beside their places: moved there together, or removed."""

    def __init__(self) -> None:
        self._moves: dict[Path, Path] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for part in self._moves:
            part.unlink(missing_ok=True)

    def part_of(self, final: Path) -> Path:
        part = final.with_name(f".{final.name}.{os.getpid()}.part")
        self._moves[part] = final
        return part

    def put_in_place(self) -> None:
        for part, final in self._moves.items():
            part.replace(final)


def _ask(connection: Connection, order: Order) -> list[Asked]:
    if order.query is not None:
        asked = [ask_query(connection, order.query)]
    else:
        asked = [ask_mart(connection, mart, release=order.release, period=order.period, level=order.level)
                 for mart in order.marts]
    if order.format == "sdmx-csv":
        for one in asked:
            sdmx.require_structure(one.name)
    return asked


def _write(order: Order, asked: Asked, parts: list[Path], told: dict[str, Any], rows: Batches) -> int:
    """Write the rows to the first of ``parts`` (and an SDMX structure to the third); returns how many."""
    if order.format == "csv":
        return delimited.write(parts[0], asked, rows, bom=order.bom)
    if order.format == "parquet":
        return parquet.write(parts[0], asked, rows, about=told)
    if order.format == "xlsx":
        return workbook.write(parts[0], asked, rows, about=told)
    sdmx.write_structure(parts[2], asked)
    return sdmx.write(parts[0], asked, rows)


def _files_of(target: Path, form: Format) -> list[Path]:
    beside = [sdmx.structure_path(target)] if form == "sdmx-csv" else []
    return [target, citing.sidecar_path(target), *beside]


def _targets(order: Order, asked: list[Asked]) -> list[Path]:
    """Where each file will be.

    Raises:
        TonghopError: several marts for one file, or no such folder.
    """
    if len(asked) > 1:
        if order.out.exists() and not order.out.is_dir():
            raise TonghopError(f"{order.out} is a file, and {len(asked)} marts were asked for.",
                               "Name a folder in --out.")
        order.out.mkdir(parents=True, exist_ok=True)
    elif not order.out.is_dir():
        if not order.out.parent.is_dir():
            raise TonghopError(f"There is no folder {order.out.parent}.", "Make it first, or correct --out.")
        return [order.out]
    return [order.out / f"{_stem(one)}{SUFFIXES[order.format]}" for one in asked]


def _stem(asked: Asked) -> str:
    filters = asked.filters
    named = [filters[name] for name in ("period", "level") if name in filters]
    if "release" in filters:
        named.append(f"release{filters['release']}")
    return "_".join([asked.name, *named])


def _refuse_existing(paths: list[Path], force: bool) -> None:
    there = [path for path in paths if path.exists()]
    if there and not force:
        raise TonghopError(f"{there[0]} exists.", "Name another file in --out, or replace it with --force.")


def _refuse_too_many(connection: Connection, asked: Asked) -> None:
    """Counted before anything is written: a sheet that does not fit would be found out after minutes."""
    counted = sql.SQL("select count(*) from (select from (\n{}\n) as asked limit {}) as counted").format(
        sql.SQL(asked.statement), sql.Literal(workbook.MAX_ROWS + 1))
    with connection.cursor() as cursor:
        cursor.execute(counted)
        (found,) = cursor.fetchone() or (0,)
    if found > workbook.MAX_ROWS:
        raise workbook.refuse_too_many(asked.name)
