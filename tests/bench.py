"""What Porras costs, against budgets, as ratios within one run: `python -m tests.bench`.

Programs take turns in a terminal, so that a busy machine slows all of them alike. A budget is
kept or broken as the median of the rounds; timings on a busy machine still swing by a tenth.
Exit status: 0 all kept, 1 one is broken.

`--program sample` measures the bare question sample instead of the program.
"""

from __future__ import annotations

import argparse
import csv
import gc
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from tests.faults.crowd import crowd
from tests.filled_store import fill
from tests.terminal import keyscript, tty
from tests.terminal.session import Session

if TYPE_CHECKING:
    from stepping.pathway import Answer, Pathway

ROOT = Path(__file__).parents[1]
_SAMPLES = "tests.terminal.samples"


@dataclass(frozen=True)
class Program:
    """Something to run in a terminal: how to start it, drive it and quit it.

    `keys` are only those of which each answers a question and draws the next; `before` are the
    keys that lead to the first of them.
    """

    name: str
    argv: tuple[str, ...]
    ready: str = r"\S"
    before: str = ""
    keys: str = ""
    quit: str = "C-q"
    env: Mapping[str, str] = field(default_factory=dict)

    def measure(self) -> tty.Result:
        """Run it once; return what `tests.terminal.tty` measures."""
        options = ["--cmd", "-", "--ready", self.ready, "--before", self.before]
        options += ["--keys", self.keys, "--quit", self.quit]
        with Session(self.argv, cwd=ROOT, env=self.env) as session:
            result = tty.measure(session, tty.parser().parse_args(options))
        if "error" in result:
            raise SystemExit(f"{self.name}: {result['error']}\n{result['screen']}")
        return result


HELLO = Program("hello", (sys.executable, "-m", f"{_SAMPLES}.hello"), ready="hello")
FLOOR = Program(
    "sample",
    (sys.executable, "-m", f"{_SAMPLES}.questions"),
    ready="Question 1",
    keys="(0 1 2 3)*5",
    quit="x",
)
ASSESSMENTS = 100_000


START = r"n new assessment"
"""What stands on the start screen, when the store is open and the lists are drawn."""


def porras(name: str, database: Path, ready: str = "Porras") -> Program:
    """Return the real program on its training store beside a database.

    Training opens without a passphrase, so that what is measured is the program and not the
    deliberate slowness of a key. The keys are PHQ-9 items 1-8, GAD-7 and one in between.
    """
    return Program(
        name,
        (sys.executable, "-m", "tui", "--demo", "--db", str(database), "--lang", "en"),
        ready=ready,
        before=f"'wait:{START}' sleep:100 n sleep:150 Enter sleep:100 1 9 8 0 Enter sleep:100 "
        f"1 sleep:100 3 sleep:100 "
        "1 sleep:100 1 sleep:200 0 sleep:200",
        keys="1 1 1 1 1 1 1 1 0 n n 1 1 1 1 1 1 1",
        quit="Esc sleep:300 l sleep:300 q",
    )


@dataclass
class Bench:
    """Measures each program once a round, in turns, when the first budget asks for one."""

    subject: Program
    starts: tuple[Program, Program] | None
    """The program on an empty and on a full store, ready when the start screen stands."""
    rounds: int
    worklists: tuple[Path, Path, Path] | None = None
    """Databases with a training store beside each: untouched, with two pages that wait, full."""
    worklist_costs: list[dict[str, float]] = field(default_factory=list)
    """What `worklist_costs` told of them."""
    _results: dict[str, tty.Result] = field(default_factory=dict)

    def of(self, program: Program) -> tty.Result:
        """Return the median result of one of the programs."""
        if not self._results:
            programs = {each.name: each for each in (HELLO, FLOOR, self.subject)}
            programs |= {each.name: each for each in self.starts or ()}
            runs: dict[str, list[tty.Result]] = {name: [] for name in programs}
            for _ in range(self.rounds):
                for name, each in programs.items():
                    runs[name].append(each.measure())
            self._results = {name: tty.median_of(each) for name, each in runs.items()}
        return self._results[program.name]

    def ratio(self, number: str, program: Program, other: Program) -> float:
        """Return how many times as much of something one program needs as another."""
        return _number(self.of(program), number) / _number(self.of(other), number)


def _number(result: tty.Result, path: str) -> float:
    value: Any = result
    for part in path.split("."):
        value = value[part]
    return float(value)


@dataclass(frozen=True)
class Budget:
    """One line of the table; `measure` returns None when there is nothing to measure yet."""

    what: str
    limit: float | None
    """`None` for what is only told."""
    unit: str
    measure: Callable[[Bench], float | None]
    at_least: bool = False

    def kept(self, value: float) -> bool:
        """Tell whether a value is within the budget."""
        if self.limit is None:
            return True
        return value >= self.limit if self.at_least else value <= self.limit


def _start_when_filled(bench: Bench) -> float | None:
    if bench.starts is None:
        return None
    empty, full = bench.starts
    return bench.ratio("time_to_first_paint_s", full, empty)


WORKLIST_TURNS = 12


def worklist_costs(databases: Sequence[Path], rounds: int) -> list[dict[str, float]]:
    """The median milliseconds until each worklist is open, and until its next page is drawn.

    The programs run side by side and take turns with each key; Esc only leads back to the start.
    """
    spent: list[dict[str, list[float]]] = [{"w": [], "Tab": [], "Esc": []} for _ in databases]
    programs = [porras("worklist", database, START) for database in databases]
    for _ in range(rounds):
        with ExitStack() as stack:
            sessions = [stack.enter_context(Session(each.argv, cwd=ROOT)) for each in programs]
            for session in sessions:
                session.wait_for(START)
                session.idle(0.3)
            for step in keyscript.parse(f"(w Tab Esc)*{WORKLIST_TURNS}"):
                for session, costs in zip(sessions, spent, strict=True):
                    cost = session.do(step)
                    assert cost is not None
                    assert cost.done_ms is not None, f"{cost.key} drew nothing"
                    costs[cost.key].append(cost.done_ms)
    return [{key: statistics.median(times) for key, times in costs.items()} for costs in spent]


def _worklist_when_filled(bench: Bench, key: Literal["w", "Tab"]) -> float | None:
    """How many times as long a key of the worklist takes in a full store as in an empty one.

    A page is turned in a store that has little more than a second page, so that as much is drawn.
    """
    if bench.worklists is None:
        return None
    if not bench.worklist_costs:
        bench.worklist_costs = worklist_costs(bench.worklists, bench.rounds)
    empty, two_pages, full = bench.worklist_costs
    return full[key] / (empty if key == "w" else two_pages)[key]


@cache
def _decision_times_ms() -> list[float]:
    """How long each example of the adult pathway takes to decide, with trace and flips."""
    from stepping.decision import decide
    from stepping.examples import example_answers
    from store.library.pathway_files import load

    pathway = load("adult")
    cases = [(example_answers(pathway, each), each.recorded) for each in pathway.examples]
    times = []
    gc.disable()
    for answers, recorded in cases:
        turns = []
        for _ in range(7):
            began = time.perf_counter()
            decide(pathway, answers, recorded)
            turns.append((time.perf_counter() - began) * 1000)
        times.append(statistics.median(turns))
    gc.enable()
    return times


BATCH_ROWS = 50_000
ONE_CORE = 20_000
"""Decisions a second that a file of cases must reach, reading and writing it included."""


@dataclass(frozen=True)
class BatchRate:
    """Rows a second: of processor time on one core, and by the clock on the wall."""

    cpu: float
    wall: float


@cache
def batch_rate(pathway_name: str) -> BatchRate:
    """How fast a file of full cases is decided, for a pathway by id or folder."""
    from store.library.pathway_files import load
    from tui.batch_file import decide_file

    pathway = load(pathway_name)
    cpu, wall = [], []
    with tempfile.TemporaryDirectory() as folder:
        cases, out = Path(folder) / "in.csv", Path(folder) / "out.csv"
        with cases.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(batch_rows(pathway, BATCH_ROWS))
        for _ in range(5):
            cpu_began, wall_began = time.process_time(), time.perf_counter()
            with cases.open("rb") as source, out.open("wb") as target:
                counts = decide_file(pathway, source, target, tell=print)
            cpu.append(time.process_time() - cpu_began)
            wall.append(time.perf_counter() - wall_began)
            assert counts.decided == BATCH_ROWS
    return BatchRate(BATCH_ROWS / statistics.median(cpu), BATCH_ROWS / statistics.median(wall))


def batch_rows(pathway: Pathway, rows: int) -> Iterator[list[str]]:
    """Yield a heading and full cases: the examples with some answers drawn anew, or all of them."""
    from stepping.examples import example_answers

    names = [fact.id for fact in pathway.facts.values() if fact.origin in ("given", "question")]
    yield ["case", *names]
    bases = [dict(example_answers(pathway, example)) for example in pathway.examples]
    draw = random.Random(20_000)
    for number in range(rows):
        anew = names if number % 2 else draw.sample(names, min(5, len(names)))
        answers = bases[number % len(bases)] | {name: _drawn(pathway, name, draw) for name in anew}
        yield [f"c{number}", *(_cell(answers.get(name)) for name in names)]


def _drawn(pathway: Pathway, name: str, draw: random.Random) -> Answer:
    fact, ages = pathway.facts[name], pathway.header.ages
    match fact.kind:
        case "number" if name == "client.age":
            return draw.randint(ages.from_, ages.to)
        case "number":
            return draw.randint(fact.low, fact.high)
        case "word":
            return draw.choice(fact.words)
        case "set":
            return tuple(word for word in fact.words if draw.random() < 0.3)
        case "remark":
            date = pathway.questions[name].kind == "date"
            return "2026-01-31" if date else draw.choice(["", "svenska", "large print"])


def _cell(answer: Answer | None) -> str:
    if answer is None:
        return ""
    return ("|".join(answer) if isinstance(answer, tuple) else str(answer)) or "|"


CHECK_TURNS = 3


@cache
def check_seconds(pathway_name: str) -> float:
    """The processor time of the whole command that checks a pathway, start-up included."""
    command = [sys.executable, "-m", "tui", "pathway", "check", pathway_name]
    spent = []
    for _ in range(CHECK_TURNS):
        program = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(program.pid, 0)
        program.returncode = os.waitstatus_to_exitcode(status)
        if program.returncode:
            raise SystemExit(f"the check of {pathway_name} failed")
        spent.append(used.ru_utime + used.ru_stime)
    return statistics.median(spent)


@cache
def growth_seconds(size: int) -> float:
    """The processor time of the proofs of so many questions and rules."""
    from stepping.proofs import prove
    from tests.growing import grown_pathway

    pathway = grown_pathway(size)
    began = time.process_time()
    list(prove(pathway))
    return time.process_time() - began


@cache
def every_rating_seconds() -> float:
    """The wall time of deciding every answer set of a scheme of eight domains rated 0-4."""
    from stepping.batch import Batch
    from store.library.pathway_files import load

    batch = Batch(load(str(HARBOUR)), ("case", *HARBOUR_DOMAINS))
    began = time.perf_counter()
    ratings = product("01234", repeat=len(HARBOUR_DOMAINS))
    count = 0
    while chunk := [["", *each] for each in islice(ratings, 8192)]:
        count += len(batch.decide(chunk).rows)
    assert count == 5 ** len(HARBOUR_DOMAINS)
    return time.perf_counter() - began


HARBOUR = ROOT / "tests" / "fixtures" / "harbour"
HARBOUR_DOMAINS = (
    "symptoms",
    "risk",
    "function",
    "complexity",
    "history",
    "stress",
    "support",
    "will",
)

BUDGETS = (
    Budget(
        "first paint / hello world",
        1.3,
        "×",
        lambda bench: bench.ratio("time_to_first_paint_s", bench.subject, HELLO),
    ),
    Budget(
        "bytes at start / hello world",
        1.5,
        "×",
        lambda bench: bench.ratio("bytes_start", bench.subject, HELLO),
    ),
    Budget(
        "bytes for each changed cell of a question",
        3.0,
        "B",
        lambda bench: _number(bench.of(bench.subject), "bytes_per_cell"),
    ),
    Budget(
        "key to next question / bare line widget",
        2.0,
        "×",
        lambda bench: bench.ratio("latency_per_key_ms.median", bench.subject, FLOOR),
    ),
    Budget(
        "memory / hello world",
        1.5,
        "×",
        lambda bench: bench.ratio("max_rss_kb", bench.subject, HELLO),
    ),
    Budget(
        "decision with trace and flips, typical example",
        5.0,
        "ms",
        lambda _: statistics.median(_decision_times_ms()),
    ),
    Budget(
        "decision with trace and flips, slowest example",
        5.0,
        "ms",
        lambda _: max(_decision_times_ms()),
    ),
    Budget(
        "batch: decisions a second on one core",
        ONE_CORE,
        "/s",
        lambda _: batch_rate("adult").cpu,
        at_least=True,
    ),
    Budget(
        "batch: decisions a second by the wall clock",
        ONE_CORE,
        "/s",
        lambda _: batch_rate("adult").wall,
        at_least=True,
    ),
    Budget("check of the adult pathway, one core", 2.0, "s", lambda _: check_seconds("adult")),
    Budget("check of the youth pathway, one core", 2.0, "s", lambda _: check_seconds("youth")),
    Budget("check of 8 domains rated 0-4", None, "s", lambda _: check_seconds(str(HARBOUR))),
    Budget("all 390,625 decisions of the same", None, "s", lambda _: every_rating_seconds()),
    *(
        Budget(
            f"proofs of {size} questions and {size} rules",
            None,
            "s",
            lambda _, size=size: growth_seconds(size),  # type: ignore[misc]
        )
        for size in (8, 16, 32, 64)
    ),
    Budget("slowest 1% of answers of 40 nurses at once", 50.0, "ms", lambda _: crowd().store),
    Budget("the same / plain SQLite", None, "×", lambda _: crowd().store / crowd().plain),
    Budget("the same / line and fsync", None, "×", lambda _: crowd().store / crowd().append),
    Budget("start with 100,000 assessments / empty", 1.1, "×", _start_when_filled),
    Budget(
        "worklist opens with 100,000 assessments / empty",
        1.1,
        "×",
        lambda bench: _worklist_when_filled(bench, "w"),
    ),
    Budget(
        "worklist turns with 100,000 assessments / empty",
        1.1,
        "×",
        lambda bench: _worklist_when_filled(bench, "Tab"),
    ),
)


def _limit(budget: Budget) -> str:
    if budget.limit is None:
        return "–"
    return f"{'≥' if budget.at_least else '≤'} {budget.limit:g} {budget.unit}"


def _verdict(budget: Budget, kept: bool) -> str:
    if budget.limit is None:
        return ""
    return "OK" if kept else "! over budget"


def table(budgets: Sequence[Budget], bench: Bench) -> tuple[list[str], bool]:
    """Return the lines of the table, and whether every budget that was measured is kept."""
    lines = [f"{'what (' + bench.subject.name + ')':<50}{'measured':>12}{'budget':>12}"]
    all_kept = True
    for budget in budgets:
        value = budget.measure(bench)
        limit = _limit(budget)
        if value is None:
            lines.append(f"{budget.what:<50}{'–':>12}{limit:>12}  not measured")
            continue
        kept = budget.kept(value)
        all_kept = all_kept and kept
        shown = f"{value:.2f} {budget.unit}"
        lines.append(f"{budget.what:<50}{shown:>12}{limit:>12}  {_verdict(budget, kept)}".rstrip())
    return lines, all_kept


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table, and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=5, help="runs of each program")
    parser.add_argument("--program", choices=("porras", "sample"), default="porras")
    options = parser.parse_args(argv)
    if options.program == "sample":
        return _report(Bench(FLOOR, None, options.rounds))
    return _on_real_program(options.rounds)


def _on_real_program(rounds: int) -> int:
    """Measure the program on an empty store and on a full one."""
    with tempfile.TemporaryDirectory() as folder:
        empty, full = Path(folder) / "empty" / "p.db", Path(folder) / "full" / "p.db"
        fill(full.with_name("training.db"), ASSESSMENTS)
        starts = porras("empty", empty, START), porras("full", full, START)
        untouched, two_pages = Path(folder) / "untouched" / "p.db", Path(folder) / "two" / "p.db"
        fill(two_pages.with_name("training.db"), 100, 100)
        worklists = untouched, two_pages, full
        return _report(Bench(porras("porras", empty), starts, rounds, worklists))


def _report(bench: Bench) -> int:
    lines, all_kept = table(BUDGETS, bench)
    print("\n".join(lines))
    return 0 if all_kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
