"""The candidate as what a signature is for: every row of it, on the release it was built on."""

from __future__ import annotations

import hashlib

from psycopg2 import sql
from psycopg2.extensions import connection as Connection

from tonghop.errors import NightAwaiting, SignatureVoid
from tonghop.warehouse.connection import rows
from tonghop.warehouse.marts import MARTS


def fingerprint(connection: Connection) -> str:
    """A hash of the content of ``candidate.*``; the order of rows does not matter. Its night must be running.

    A server that crashed leaves the candidate's tables empty (they are unlogged), a task that is run again fills them
    anew: either way this tells.
    """
    rows(connection, "set local timezone = 'UTC'")  # texts of moments must not depend on who asks
    rows(connection, "set local datestyle = 'ISO'")
    digest = hashlib.sha256()
    for mart in MARTS:
        counted = sql.SQL("select count(*), coalesce(sum(hashtextextended(offered::text, 0)::numeric), 0)"
                          " from candidate.{} as offered").format(sql.Identifier(mart.candidate))
        digest.update(f"{mart.candidate} {rows(connection, counted.as_string(connection))[0]}".encode())
    return digest.hexdigest()


def base_release(connection: Connection) -> int:
    """The release that a candidate built now is compared with; 0 where nothing was published yet."""
    return int(rows(connection, "select coalesce(max(release_id), 0) from store.release")[0][0])


def require_signed(connection: Connection, run_id: str) -> None:
    """Return where the night needs no signature, or has all of them for exactly what stands in ``candidate`` now.

    Belongs into the transaction that publishes: ``ops.sign_off`` decides, never what a task or a command believes.

    Raises:
        NightAwaiting: a signature is missing.
        SignatureVoid: what was signed is not what would be published.
    """
    asked = rows(connection, "select candidate_fingerprint, base_release_id, signatures from ops.sign_off_request"
                             " where run_id = %s", (run_id,))
    if not asked:
        if rows(connection, "select 1 from quality.run_finding where run_id = %s and rule = 'P05' limit 1", (run_id,)):
            raise NightAwaiting(f"Night {run_id} needs a sign-off and nobody was asked for it.",
                                "Run the night again: 'tonghop rollup'.")
        return
    signed_for, base, needed = asked[0]
    given = rows(connection, "select count(*) filter (where decision = 'signed'),"
                             " count(*) filter (where decision = 'rejected') from ops.sign_off"
                             " where run_id = %s and candidate_fingerprint = %s", (run_id, signed_for))[0]
    if given[0] < needed or given[1]:
        raise NightAwaiting(f"Night {run_id} has {given[0]} of {needed} signature(s), {given[1]} rejection(s).",
                            f"'tonghop sign-off {run_id}' gives one.")
    if base != base_release(connection) or signed_for != fingerprint(connection):
        raise SignatureVoid(f"What was signed of night {run_id} is not what would be published: the candidate or the"
                            " release under it changed meanwhile. The signature is void.",
                            "Run the night again and sign that: 'tonghop rollup'.")


def note_release(connection: Connection, run_id: str, release_id: int) -> None:
    """Write beside the signatures which release they became."""
    rows(connection, "update ops.sign_off set release_id = %s where run_id = %s and decision = 'signed'",
         (release_id, run_id))
