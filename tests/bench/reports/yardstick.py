"""DuckDB, asked in a process of its own: its environment has nothing of Porras.

Each line that comes in is `[SQL, values]`; each that goes out `[seconds, rows]`.
"""

from __future__ import annotations

import json
import sys
import time


def main() -> None:
    """Answer questions until there are no more."""
    import duckdb  # type: ignore[import-not-found]

    db = duckdb.connect()
    db.execute("SET default_null_order = 'nulls_first'")  # as in SQLite
    print(json.dumps(duckdb.__version__), flush=True)
    for line in sys.stdin:
        sql, values = json.loads(line)
        began = time.perf_counter()
        rows = db.execute(sql, values).fetchall()
        spent = time.perf_counter() - began
        print(json.dumps([spent, rows]), flush=True)


if __name__ == "__main__":
    main()
