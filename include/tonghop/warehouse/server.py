"""What every command needs first: a server that runs, and a warehouse of the newest shape."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.warehouse import embedded, migrate


@contextmanager
def opened(settings: Settings) -> Iterator[None]:
    """Run with the server up and the warehouse migrated; leave the server as it was found.

    Raises:
        TonghopError: the server of ``TONGHOP_DATABASE_URL`` does not answer, or its warehouse is not initialised.
    """
    with embedded.running(settings):
        try:
            current = migrate.is_current(settings)
        except psycopg2.OperationalError as error:
            raise TonghopError(f"PostgreSQL does not answer: {str(error).strip().splitlines()[0]}.",
                               "Check TONGHOP_DATABASE_URL and that the server runs.") from error
        if not current:
            if settings.database_url is not None:
                raise TonghopError("The warehouse of TONGHOP_DATABASE_URL is not initialised, or is of an older shape.",
                                   "Run 'tonghop init'.")
            migrate.init(settings)
        yield
