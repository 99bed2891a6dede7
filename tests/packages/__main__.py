"""Tries every package on machines of its own and tells what came of it: `python -m tests.packages`.

Needs root, debootstrap and bubblewrap, and the packages of `make packages` below `dist`. With
`--write` the table stands in docs/platforms.md. `--only deb` and `--suite sid` choose. Exit status
1 if one failed.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from typing import NamedTuple

from tests.packages.document import put
from tests.packages.installing import WAYS, tried
from tests.packages.roots import SUITES, why_not, with_packages

HEAD = (
    "| package | file, MB | machine | on the disk, MB | installed in, s | used for a day | left |",
    "|---|---:|---|---:|---:|---|---|",
)
FAILED = "**failed**"


class Row(NamedTuple):
    """What came of one package on one machine."""

    line: str
    """Of the table."""
    made_from: str = ""
    """The commit that the package says it was made from."""


def row(name: str, suite: str) -> Row:
    """Try one package on one machine; what goes wrong there is told in its row."""
    way = WAYS[name]
    file = way.file()
    if file is None:
        return Row(f"| {name} | – | {suite} | – | – | {FAILED}: not built | – |")
    size = f"{file.stat().st_size / 1e6:.1f}"
    try:
        found = tried(way, suite)
    except Exception as error:  # whatever it was, the others are to be tried too
        traceback.print_exc()
        why = f"{FAILED}: {type(error).__name__}"
        return Row(f"| {name} | {size} | {suite} | – | – | {why} | – |")
    faults = [thing for thing, mark in found.day.doctor.items() if mark == "FAULT"]
    used = f"{FAILED}: {', '.join(faults)}" if faults else "yes"
    left = f"{FAILED}: {', '.join(found.left)}" if found.left else "nothing"
    told = f"{found.megabytes:.0f} | {found.seconds:.0f} | {used} | {left}"
    return Row(f"| {name} | {size} | {suite} | {told} |", found.made_from)


def rows(names: Sequence[str], suites: Sequence[str], jobs: int) -> Iterator[Row]:
    """Yield the row of each package on each machine, in this order, as soon as it is known."""
    pairs = [(name, suite) for name in names for suite in suites]
    for name, suite in pairs:  # before two would make the same one
        with_packages(suite, WAYS[name].needs)
    with ProcessPoolExecutor(jobs) as workers:
        yield from workers.map(row, *zip(*pairs, strict=True))


def main() -> int:
    """Print the table, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.packages", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--suite", nargs="+", choices=SUITES, default=list(SUITES))
    parser.add_argument("--write", action="store_true", help="put the table into the document")
    parser.add_argument("--jobs", type=int, default=1, help="how many machines at a time")
    options = parser.parse_args()
    if why := why_not():
        print(f"Not tried: {why}.", file=sys.stderr)
        return 1
    found = []
    for each in rows(options.only, options.suite, options.jobs):
        print(each.line, flush=True)
        found.append(each)
    lines = [each.line for each in found]
    if options.write:
        commits = ", ".join(sorted({each.made_from[:12] for each in found if each.made_from}))
        run = (
            f"Run of {datetime.now(UTC):%Y-%m-%d}, Linux x86_64, {os.cpu_count()} cores, "
            f"{options.jobs} machines at a time, packages of {commits}."
        )
        put("packages", run, [*HEAD, *lines])
    return 1 if any(FAILED in line for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
