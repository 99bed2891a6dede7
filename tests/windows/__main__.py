"""Uses the zip for Windows under Wine and tells what came of it: `python -m tests.windows`.

Needs root, debootstrap and bubblewrap, and the zip of `make packages` in `dist`. With `--write` the
table stands in docs/platforms.md. Exit status 1 if something failed.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from distribution.__main__ import prepare
from tests.distribution.building import files_of_tree
from tests.packages.document import put
from tests.packages.installing import DIST
from tests.packages.roots import REPOSITORY, why_not
from tests.windows.day import Unexpected, use
from tests.windows.wine import Windows, let_test, windows

HEAD = ("| what | came of it | s |", "|---|---|---:|")
FAILED = "**failed**"
LOCALES = "casework/locale"
"""Where the compiled catalogues lie, which git does not list."""

DEFAULT = (
    "tests/store/windows",
    "tests/windows",
    "tests/store/test_keys.py",
    "tests/store/test_repository.py",
    "tests/store/test_backup.py",
    "tests/store/test_audit.py",
    "tests/store/test_session.py",
    "tests/stepping/decision",
)
"""What is closest to the system, and the decision itself; a test takes many times longer there."""


def rows(package: Path, tests: Sequence[str], folder: Path) -> Iterator[str]:
    """Yield a line of the table for each thing that was done, as soon as it is known."""
    with windows(package, folder) as there:
        try:
            for name, done in use(there):
                mark = "yes" if done.status == 0 else f"yes, with exit status {done.status}"
                yield f"| {name} | {mark} | {done.seconds:.0f} |"
        except Unexpected as error:
            print(error, file=sys.stderr)
            yield f"| what comes after that | {FAILED} | – |"
        yield from tested(there, tests)


def tested(there: Windows, tests: Sequence[str]) -> Iterator[str]:
    """Yield what came of tests on the Python of the zip, a line for each file or folder."""
    files = list(files_of_tree())
    files += [path.relative_to(REPOSITORY) for path in (REPOSITORY / LOCALES).rglob("*.mo")]
    let_test(there, prepare(REPOSITORY, DIST, None, ""), files)
    for name in tests:
        words = ("-m", "pytest", "-q", "--color=no", "-p", "no:cacheprovider", "--tb=short", name)
        done = there.python(*words)
        print(done.told, file=sys.stderr)
        *_, last = done.output.strip().splitlines() or [""]
        told = re.sub(r" in [\d.]+s.*", "", last)
        mark = told if done.status == 0 else f"{FAILED}: {told}"
        yield f"| `{name}` | {mark} | {done.seconds:.0f} |"


def made_from(package: Path) -> str:
    """Return the commit of a zip, in short."""
    with zipfile.ZipFile(package) as packed:
        (about,) = (name for name in packed.namelist() if name.endswith("/package.toml"))
        told = str(tomllib.loads(packed.read(about).decode())["made_from"])
    commit, changes, _ = told.partition("+changes")
    return commit[:12] + changes


def write(lines: Sequence[str], commit: str) -> None:
    """Put the table into its document; each line as soon as it is known, so a cut run tells too."""
    when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    run = f"Run to {when}, {os.cpu_count()} cores, Wine of Debian 13, package of {commit}."
    put("windows", run, lines)


def main() -> int:
    """Print the table, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.windows", description=__doc__)
    parser.add_argument("--tests", nargs="+", default=list(DEFAULT), help="files or folders")
    parser.add_argument("--write", action="store_true", help="put the table into the document")
    options = parser.parse_args()
    packages = sorted(DIST.glob("porras-*-windows-x86_64.zip"))
    if why := why_not() or ("" if packages else "no zip for Windows in dist (make packages)"):
        print(f"Not tried: {why}.", file=sys.stderr)
        return 1
    lines = list(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        for row in rows(packages[-1], options.tests, Path(folder)):
            print(row, flush=True)
            lines.append(row)
            if options.write:
                write(lines, made_from(packages[-1]))
    return 1 if any(FAILED in line for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
