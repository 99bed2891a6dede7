"""Makes every fault often, and tells what came of it: `python -m tests.faults`.

Writes `build/faults.json` and `build/faults.txt`; with `--write` also the table in
docs/reliability.md. `--short` makes as few as `make test` does; `--only F2 F6` makes those rows
anew and leaves the others as they were in the last run. Exit status 1 if a promise broke.
"""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from store.engine import engine_version
from tests.faults.matrix import ELSEWHERE, FAULTS, NEEDS_ROOT, Elsewhere
from tests.faults.rooms import may_mount
from tests.faults.tally import Fault, Tally

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- faults: begin -->", "<!-- faults: end -->"


@dataclass(frozen=True)
class Line:
    """One line of the report."""

    row: str
    what: str
    tried: int
    kept: int | None
    lost: int | None
    told: str
    held: bool


def made(fault: Fault, *, short: bool) -> Line:
    """Make a fault in a folder of its own."""
    if fault.what in NEEDS_ROOT and not may_mount():
        return Line(fault.row, fault.what, 0, None, None, "not tried: needs root", held=True)
    folder = Path(tempfile.mkdtemp(prefix="faults"))
    try:
        tally = fault.run(folder / "work", fault.short if short else fault.long)
    except Exception:  # whatever it was, the other rows are to be tried too
        traceback.print_exc()
        return Line(fault.row, fault.what, 0, None, None, "BROKEN", held=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return _line(fault, tally)


def _line(fault: Fault, tally: Tally) -> Line:
    kept = tally.kept or None
    return Line(fault.row, fault.what, tally.tried, kept, tally.lost, tally.told(), held=True)


def met(row: Elsewhere) -> Line:
    """Run the tests that meet a row, and count them."""
    name, chosen = row.tests
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        options = ["-q", "-p", "no:cacheprovider", f"--junitxml={report}", "-k", chosen]
        command = [sys.executable, "-m", "pytest", str(ROOT / "tests" / name), *options]
        status = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL).returncode
        suite = ElementTree.parse(report).getroot().find("testsuite")
    assert suite is not None
    total, skipped = int(suite.attrib["tests"]), int(suite.attrib["skipped"])
    bad = int(suite.attrib["failures"]) + int(suite.attrib["errors"])
    told = f"tests/{name}; tests that hold: {total - skipped - bad}"
    if skipped:
        told += f", {skipped} skipped"
    return Line(row.row, row.what, total - skipped, None, None, told, held=status == 0)


def lines(*, short: bool, only: Sequence[str]) -> Iterator[Line]:
    """The rows, in the order of the matrix's numbers; with `only`, those of some numbers."""
    rows: list[Fault | Elsewhere] = [*FAULTS, *ELSEWHERE]
    for row in sorted(rows, key=lambda each: int(each.row.split("–")[0][1:])):
        if only and row.row not in only:
            continue
        began = time.perf_counter()
        line = made(row, short=short) if isinstance(row, Fault) else met(row)
        spent = time.perf_counter() - began
        told = line.told if line.held else f"BROKEN {line.told}"
        print(f"{line.row:<7}{line.what:<36}{line.tried:>7,}  {spent:>6.0f} s  {told}", flush=True)
        yield line


def where() -> str:
    """When and on what it was run."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, SQLite "
        f"{engine_version()} in SQLCipher, {platform.system()} {platform.machine()}"
    )


def table(report: Sequence[Line]) -> str:
    """The report as a table of Markdown."""
    head = (
        "| row | fault | tried | answers found again | lost | what was seen |\n"
        "|---|---|---:|---:|---:|---|"
    )

    def number(value: int | None) -> str:
        return "–" if value is None else f"{value:,}"

    rows = (
        f"| {line.row} | {line.what} | {line.tried:,} | {number(line.kept)} | {number(line.lost)} "
        f"| {line.told if line.held else 'BROKEN ' + line.told} |"
        for line in report
    )
    return "\n".join([f"Run of {where()}.", "", head, *rows])


def put_into(document: str, report: str) -> str:
    """The document with the report between its marks."""
    before, rest = document.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n{report}\n{END}{after}"


def _renewed(file: Path, new: Sequence[Line]) -> list[Line]:
    """The report of the last run, with the lines that were made anew in their places."""
    old = [Line(**line) for line in json.loads(file.read_text("utf-8"))["rows"]]
    anew = {(line.row, line.what): line for line in new}
    return [anew.get((line.row, line.what), line) for line in old]


def main(arguments: Sequence[str] | None = None) -> int:
    """Make all faults; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--short", action="store_true", help="a few of each")
    parser.add_argument("--write", action="store_true", help="put the table into the document")
    parser.add_argument("--only", nargs="+", default=[], metavar="F", help="some rows, as F2 F6")
    options = parser.parse_args(arguments)
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    report = list(lines(short=options.short, only=options.only))
    if options.only:
        report = _renewed(build / "faults.json", report)
    told = table(report)
    (build / "faults.txt").write_text(told + "\n", encoding="utf-8")
    data = {"run": where(), "rows": [vars(line) for line in report]}
    (build / "faults.json").write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    if options.write:
        DOCUMENT.write_text(put_into(DOCUMENT.read_text("utf-8"), told), encoding="utf-8")
    return 0 if all(line.held for line in report) else 1


if __name__ == "__main__":
    raise SystemExit(main())
