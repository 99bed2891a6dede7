"""How fast a pathway decides, one case and many, and how long its check takes."""

from __future__ import annotations

import csv
import gc
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.budget import Budget, Setting, told
from tests.terminal.main_job import ROOT

if TYPE_CHECKING:
    from stepping.pathway.model import Answer, Pathway

A_DECISION_MS = 5.0
A_CHECK_S = 2.0


@cache
def _decision_times_ms() -> list[float]:
    """How long each example of the adult pathway takes to decide, with trace and flips."""
    from stepping.decision.decide import decide
    from stepping.proofs.examples import example_answers
    from store.pathway_files.files import load

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
    from store.pathway_files.files import load
    from tui.commands.decide_csv import decide_file

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
    from stepping.proofs.examples import example_answers

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
    from stepping.proofs.prove import prove
    from tests.growing import grown_pathway

    pathway = grown_pathway(size)
    began = time.process_time()
    list(prove(pathway))
    return time.process_time() - began


@cache
def every_rating_seconds() -> float:
    """The wall time of deciding every answer set of a scheme of eight domains rated 0-4."""
    from stepping.batch.batch import Batch
    from store.pathway_files.files import load

    batch = Batch(load(str(HARBOUR)), ("case", *HARBOUR_DOMAINS))
    began = time.perf_counter()
    ratings = product("01234", repeat=len(HARBOUR_DOMAINS))
    count = 0
    while chunk := [["", *each] for each in islice(ratings, 8192)]:
        count += len(batch.decide_rows(chunk).rows)
    assert count == 5 ** len(HARBOUR_DOMAINS)
    return time.perf_counter() - began


GROWN = (8, 16, 32, 64)
"""Sizes of pathways, in questions and as many rules."""


def budgets(_: Setting) -> list[Budget]:
    """Return the rows, each of which needs no other one."""
    batch = partial(batch_rate, "adult")
    return [
        Budget(
            "decision with trace and flips, typical example",
            A_DECISION_MS,
            "ms",
            lambda: statistics.median(_decision_times_ms()),
        ),
        Budget(
            "decision with trace and flips, slowest example",
            A_DECISION_MS,
            "ms",
            lambda: max(_decision_times_ms()),
        ),
        Budget(
            "batch: decisions a second on one core",
            ONE_CORE,
            "/s",
            lambda: batch().cpu,
            at_least=True,
        ),
        Budget(
            "batch: decisions a second by the wall clock",
            ONE_CORE,
            "/s",
            lambda: batch().wall,
            at_least=True,
        ),
        *(
            Budget(
                f"check of the {name} pathway, one core",
                A_CHECK_S,
                "s",
                partial(check_seconds, name),
            )
            for name in ("adult", "youth")
        ),
        told("check of 8 domains rated 0-4", "s", partial(check_seconds, str(HARBOUR))),
        told("all 390,625 decisions of the same", "s", every_rating_seconds),
        *(
            told(f"proofs of {size} questions and {size} rules", "s", partial(growth_seconds, size))
            for size in GROWN
        ),
    ]
