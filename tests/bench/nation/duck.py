"""DuckDB doing the same over the same files: ``python -m tests.bench.nation.duck UNITS OUT THREADS FILE…``.

A process of its own, so that its memory is not taken for ours. The database is a file beside ``OUT``, closed (and so
durable) at the end; prints seconds by part as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import duckdb

from tests.bench.nation.floor import HERE


def main(units: Path, out: Path, threads: int, files: list[str]) -> dict[str, float | str]:
    """Read, roll up, close; then write the levels above the units to ``out`` as CSV."""
    database = out.with_suffix(".duckdb")
    database.unlink(missing_ok=True)
    connection = duckdb.connect(str(database), config={"threads": threads})
    connection.execute((HERE / "tables.sql").read_text(encoding="utf-8"))
    connection.execute("insert into unit select * from read_csv(?, all_varchar = true)", [str(units)])
    connection.execute("checkpoint")
    began = time.monotonic()
    connection.execute(
        "insert into statement select * from read_csv(?, header = true, columns = {'unit_code': 'VARCHAR',"
        " 'indicator': 'VARCHAR', 'period': 'VARCHAR', 'scope': 'VARCHAR', 'numerator': 'BIGINT',"
        " 'denominator': 'BIGINT', 'stated_rate': 'VARCHAR', 'note': 'VARCHAR'})", [files])
    read = time.monotonic()
    for part in ("leaves.sql", "above.sql"):
        connection.execute((HERE / part).read_text(encoding="utf-8"))
    connection.execute("checkpoint")
    rolled = time.monotonic()
    connection.sql("select * from rollup where unit_id not like 'G-%'").write_csv(str(out))
    connection.close()
    database.unlink()
    return {"version": duckdb.__version__, "read": read - began, "rollup": rolled - read}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])))
