"""What Porras costs, against budgets, as ratios within one run: `python -m tests.bench`.

Programs that are timed take turns, so that a busy machine slows all of them alike; timings on a
busy machine still swing by a tenth. `--only thin pace` measures these groups alone:

start    first paint and start screen, beside a Textual hello world
thin     bytes and key-to-page times of the whole journey, beside curses and Textual's painter
pages    bytes of the pages that are met most
pace     the journey on lines of 9600 and 115200 bit/s
fingers  a quick nurse, beside a program that waits for no second press of a key
memory   what each of 1, 10 and 40 running programs takes
core     decisions, batches, and the checks of pathways
entries  an answer on the disk, with and without what stands guard beside it
many     40 nurses at once, and a store of 100,000 assessments
reports  each report over 1,000,000 assessments, beside DuckDB on the same rows in Parquet
class    fifteen trainees at once at seats of one class, beside one alone
packages  first paint of what `make packages` has built, beside the environment

Exit status: 0 all budgets kept, 1 one is broken or a comparison is void.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from tests.bench import (
    classes,
    core,
    entries,
    fingers,
    many,
    pace,
    packaged,
    pages,
    sizes,
    starts,
    thin,
)
from tests.bench.budget import Budget, Setting, report
from tests.bench.reports import beside

GROUPS: Mapping[str, Callable[[Setting], Iterable[Budget]]] = {
    "start": starts.budgets,
    "thin": thin.budgets,
    "pages": pages.budgets,
    "pace": pace.budgets,
    "fingers": fingers.budgets,
    "memory": sizes.budgets,
    "core": core.budgets,
    "entries": entries.budgets,
    "many": many.budgets,
    "reports": beside.budgets,
    "class": classes.budgets,
    "packages": packaged.budgets,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table, and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=5, help="runs of each timed program")
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS))
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        setting = Setting(Path(folder), options.rounds)
        kept = [report(GROUPS[name](setting)) for name in options.only]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    raise SystemExit(main())
