"""Makes every fault often, and tells what came of it: `python -m tests.faults`.

Writes `build/faults.json` and `build/faults.txt` after every row, and with `--write` the table in
docs/reliability.md at the end. `--short` makes as few as `make test` does. A long run can be
spread: `--only F2 screens` makes the rows with such a number or word anew and leaves the others as
they were last, `--missing` makes those that are not there yet. Exit status 1 if a promise broke.
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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from store.database.engine import engine_version
from tests.faults.matrix import ELSEWHERE, FAULTS, Elsewhere
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
    seconds: int | None = None
    """How long it took, on a machine that may have been busy with other things."""
    run: str = ""
    """When and on what it was run."""


def made(fault: Fault, count: int) -> Line:
    """Make a fault so often, in a folder of its own."""
    if why := fault.why_not():
        return Line(fault.row, fault.what, 0, None, None, f"not tried: {why}", held=True)
    folder = Path(tempfile.mkdtemp(prefix="faults"))
    try:
        tally = fault.run(folder / "work", count)
    except Exception as error:  # whatever it was, the other rows are to be tried too
        traceback.print_exc()
        told = str(error).partition("\n")[0][:200]
        return Line(fault.row, fault.what, 0, None, None, told, held=False)
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


def _meant(row: Fault | Elsewhere, only: Sequence[str]) -> bool:
    """Whether a row has one of some numbers, or one of some words stands in it."""
    return any(word in {row.row, row.what} or word in row.what.split() for word in only)


ROWS: list[Fault | Elsewhere] = sorted(
    [*FAULTS, *ELSEWHERE], key=lambda each: int(each.row.split("–")[0][1:])
)
"""All rows, in the order of the matrix's numbers."""


def line_of(row: Fault | Elsewhere, count: int) -> Line:
    """Make one row so often, unless it has a number of its own, and say what came of it."""
    began = time.perf_counter()
    line = made(row, count) if isinstance(row, Fault) else met(row)
    line = replace(line, seconds=round(time.perf_counter() - began), run=where())
    told = line.told if line.held else f"BROKEN {line.told}"
    print(f"{line.row:<7}{line.what:<36}{line.tried:>7,}  {line.seconds:>6} s  {told}", flush=True)
    return line


def where() -> str:
    """When and on what it was run."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, SQLite "
        f"{engine_version()} in SQLCipher, {platform.system()} {platform.machine()}"
    )


def table(report: Sequence[Line]) -> str:
    """The report as a table of Markdown."""
    head = (
        "| row | fault | tried | entries found again | lost | what was seen | seconds |\n"
        "|---|---|---:|---:|---:|---|---:|"
    )

    def number(value: int | None) -> str:
        return "–" if value is None else f"{value:,}"

    rows = (
        f"| {line.row} | {line.what} | {line.tried:,} | {number(line.kept)} | {number(line.lost)} "
        f"| {line.told if line.held else 'BROKEN ' + line.told} | {number(line.seconds)} |"
        for line in report
    )
    runs = sorted({line.run for line in report})
    return "\n".join([*(f"Run of {run}." for run in runs), "", head, *rows])


def put_into(document: str, report: str) -> str:
    """The document with the report between its marks."""
    before, rest = document.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n{report}\n{END}{after}"


def _last(file: Path) -> dict[tuple[str, str], Line]:
    """The lines of the last run, by row and fault."""
    if not file.exists():
        return {}
    lines = (Line(**line) for line in json.loads(file.read_text("utf-8"))["rows"])
    return {(line.row, line.what): line for line in lines}


def _keep(build: Path, found: Mapping[tuple[str, str], Line]) -> list[Line]:
    """Write the report so far; its lines in their order."""
    report = [found[row.row, row.what] for row in ROWS if (row.row, row.what) in found]
    (build / "faults.txt").write_text(table(report) + "\n", encoding="utf-8")
    rows = json.dumps({"rows": [vars(line) for line in report]}, ensure_ascii=False, indent=1)
    (build / "faults.json").write_text(rows + "\n", encoding="utf-8")
    return report


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
    parser.add_argument("--count", type=int, metavar="N", help="so many of each row, and no more")
    parser.add_argument("--missing", action="store_true", help="rows that were not made yet")
    options = parser.parse_args(arguments)
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    found = _last(build / "faults.json") if options.only or options.missing else {}
    for row in ROWS:
        wanted = not options.only or _meant(row, options.only)
        if wanted and not (options.missing and (row.row, row.what) in found):
            usual = 0 if isinstance(row, Elsewhere) else row.short if options.short else row.long
            found[row.row, row.what] = line_of(row, options.count or usual)
            _keep(build, found)
    report = _keep(build, found)
    if options.write:
        DOCUMENT.write_text(put_into(DOCUMENT.read_text("utf-8"), table(report)), encoding="utf-8")
    return 0 if all(line.held for line in report) else 1


if __name__ == "__main__":
    raise SystemExit(main())
