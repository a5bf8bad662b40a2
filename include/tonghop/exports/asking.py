"""What to export: a mart of a release, or an analyst's own query, with the columns it gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from tonghop.errors import TonghopError
from tonghop.warehouse.connection import rows

Kind = Literal["integer", "decimal", "number", "boolean", "date", "moment", "texts", "text"]

# What PostgreSQL calls a type, and what the files make of it; every other type is written as text.
_KINDS: dict[str, Kind] = {
    "smallint": "integer", "integer": "integer", "bigint": "integer", "numeric": "decimal", "real": "number",
    "double precision": "number", "boolean": "boolean", "date": "date", "timestamp with time zone": "moment",
    "text[]": "texts",
}
# The keys of the marts: the same release gives the same file.
_ORDER = ("period", "indicator", "population", "unit_id", "province_unit_id", "department_unit_id", "sender_unit_id",
          "scope", "measure", "source", "valid_from", "finding_id", "release_id")
_PERIOD = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Column:
    """A column of the result.

    Attributes:
        name: as in the mart or the query.
        kind: what the files write it as.
        sql_type: as PostgreSQL calls it.
        meaning: the comment of the mart's column; empty for a query's.
    """

    name: str
    kind: Kind
    sql_type: str
    meaning: str = ""


@dataclass(frozen=True)
class Asked:
    """One file's worth of rows.

    Attributes:
        name: the mart, or ``query``.
        statement: what PostgreSQL runs, one SELECT.
        columns: what it gives, in its order.
        filters: what was asked besides the mart (release, period, level), for the record.
    """

    name: str
    statement: str
    columns: list[Column]
    filters: dict[str, Any]


def ask_mart(connection: Connection, mart: str, *, release: int | None = None, period: str | None = None,
             level: str | None = None) -> Asked:
    """The rows of one mart, of one release, filtered; the statement is written out as it could be run by hand.

    Raises:
        TonghopError: no such mart, release or period, or the mart has no such column.
    """
    mart = mart.removeprefix("marts.")
    described = _describe_mart(connection, mart)
    names = [column.name for column in described]
    wanted: list[sql.Composable] = []
    for name, value in (("period", _checked_period(connection, period)), ("level", level)):
        if value is None:
            continue
        if name not in names:
            raise TonghopError(f"{mart} has no column {name}.", f"Leave --{name} out, or filter with --query.")
        wanted.append(sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value)))
    source: sql.Composable = sql.Identifier("marts", mart)
    if release is not None:
        _require_release(connection, release)
        source = sql.SQL("{}({})").format(sql.Identifier("marts_as_of", mart), sql.Literal(release))
    statement = sql.SQL("select * from {}").format(source)
    if wanted:
        statement += sql.SQL(" where ") + sql.SQL(" and ").join(wanted)
    order = [name for name in _ORDER if name in names]
    if order:
        statement += sql.SQL(" order by ") + sql.SQL(", ").join(map(sql.Identifier, order))
    filters = {"release": release, "period": period, "level": level}
    return Asked(mart, statement.as_string(connection), described,
                 {name: value for name, value in filters.items() if value is not None})


def ask_query(connection: Connection, query: str) -> Asked:
    """The rows of an analyst's own SELECT.

    Raises:
        TonghopError: PostgreSQL refuses it, it is more than one statement, or two of its columns share a name.
    """
    statement = query.strip().rstrip(";").strip()
    try:
        with connection.cursor() as cursor:
            # In parentheses only a SELECT can stand; a comment at its end must not swallow the bracket.
            cursor.execute(sql.SQL("select * from (\n{}\n) as asked limit 0").format(sql.SQL(statement)))
            found = cursor.description or ()
            types = dict(rows(
                connection, "select oid::bigint, format_type(oid, null) from pg_type where oid = any(%s::oid[])",
                ([column.type_code for column in found],)))
    except psycopg2.Error as error:
        raise TonghopError(f"PostgreSQL refused the query: {str(error).strip().splitlines()[0]}.",
                           "It takes one SELECT over the schema marts; 'tonghop sql' shows its rows.") from error
    columns = [_column(column.name, types[column.type_code]) for column in found]
    names = [column.name for column in columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise TonghopError(f"The query has more than one column named {twice[0]}.",
                           "Give each a name of its own: … as name.")
    return Asked("query", statement, columns, {})


def _describe_mart(connection: Connection, mart: str) -> list[Column]:
    found = rows(connection, """
        select attribute.attname, format_type(attribute.atttypid, attribute.atttypmod),
               coalesce(col_description(view.oid, attribute.attnum), '')
        from pg_class as view
        inner join pg_attribute as attribute on view.oid = attribute.attrelid and attribute.attnum > 0
        where view.relnamespace = 'marts'::regnamespace and view.relname = %s and view.relkind in ('v', 'm', 'r')
        order by attribute.attnum""", (mart,))
    if not found:
        known = [name for (name,) in rows(connection, "select relname from pg_class where relkind in ('v', 'm', 'r')"
                                                      " and relnamespace = 'marts'::regnamespace order by 1")]
        raise TonghopError(f"There is no mart {mart}.", f"One of: {', '.join(known)}.")
    return [_column(name, sql_type, meaning) for name, sql_type, meaning in found]


def _column(name: str, sql_type: str, meaning: str = "") -> Column:
    return Column(name, _KINDS.get(sql_type.split("(", maxsplit=1)[0], "text"), sql_type, meaning)


def _checked_period(connection: Connection, period: str | None) -> str | None:
    if period is None:
        return None
    if not _PERIOD.fullmatch(period):
        raise TonghopError(f"{period} is no period.", "Write it YYYY-MM, for example 2012-05.")
    known = [name for (name,) in rows(connection, "select period from marts.dim_period order by 1")]
    if period not in known:
        raise TonghopError(f"Nothing is published for {period}.", f"Published periods: {_few(known)}.")
    return period


def _require_release(connection: Connection, release: int) -> None:
    known = [number for (number,) in rows(connection, "select release_id from marts.dim_release order by 1")]
    if release not in known:
        raise TonghopError(f"There is no release {release}.", f"Releases: {_few([str(number) for number in known])}.")


def _few(names: list[str]) -> str:
    if not names:
        return "none yet ('tonghop rollup' makes one)"
    return ", ".join(names) if len(names) <= 12 else f"{', '.join(names[:3])} … {', '.join(names[-3:])}"
