"""The four roles and what each may touch."""

from __future__ import annotations

from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from tonghop.settings import Settings
from tonghop.warehouse.connection import ROLES, Secrets, load_sql, rows


def create(connection: Connection, settings: Settings) -> None:
    """Create the roles that do not exist, and set every role's password to the one in the secrets file."""
    secrets = Secrets(settings)
    existing = {name for (name,) in rows(connection, "select rolname from pg_roles where rolname like 'tonghop\\_%%'")}
    for role in ROLES:
        name = f"tonghop_{role}"
        if name not in existing:
            rows(connection, sql.SQL("create role {} login").format(sql.Identifier(name)).as_string(connection))
            # An owner that is not a superuser may hand views to the builder only as its member.
            rows(connection, sql.SQL("grant {} to current_user").format(sql.Identifier(name)).as_string(connection))
        change = sql.SQL("alter role {} with login password {}").format(
            sql.Identifier(name), sql.Literal(secrets.get(f"role_{role}"))
        )
        rows(connection, change.as_string(connection))


def grant(connection: Connection, settings: Settings) -> None:
    """Grant what ``include/sql/grants.sql`` says; repeated after every migration, so new objects are covered."""
    rows(connection, load_sql(settings, "grants"))
