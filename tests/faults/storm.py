"""Cuts, kills and fails deeds at every touch of the disk: run as a program, never imported.

storm.py cuts|kills|errors|full store|commands|screens FOLDER COUNT
storm.py cuts|kills|errors|full store|commands|screens FOLDER DEED OPERATION SEED

Begins itself anew under the library of `preload.py`. Where COUNT is less than there are deeds, only
some of these are done. The second form makes one trial again. Prints a JSON object: how many were
tried, what was kept and lost, what was seen, and what broke, each with all that is needed to make
it again. A failure does not end the run.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from store.errors import StoreError
from tests.faults import commands, preload, screens
from tests.faults.deeds import DEEDS, Deed, Judged, Site, Tell, cheaply, fresh
from tests.faults.power import Disk, Order
from tests.faults.preload import EVERYTHING, KILL, ROOM, Event, Kind

_SMALL = 200
"""Trials up to which one process is enough."""
ROOMS = {"store": DEEDS, "commands": commands.DEEDS, "screens": screens.DEEDS}
"""Where deeds are done, and which."""
ORDERS: tuple[Order, ...] = ("ordered", "loose")


NOT_STRUCK = "done before it was killed (not counted)"
"""Threads do not always do the same, so that an operation may not come at which to kill."""


class Trial(NamedTuple):
    """One time that something goes wrong."""

    deed: str
    at: int
    """The operation at which it goes wrong, from 1; after it, where the current fails."""
    seed: int

    def __str__(self) -> str:
        return f"{self.deed}, operation {self.at}, seed {self.seed}"


@dataclass
class Tally:
    """What came of some trials."""

    tried: int = 0
    kept: int = 0
    lost: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def take(self, trial: Trial, judge: Callable[[], Judged]) -> None:
        """Judge one trial; what does not hold is noted, and the run goes on."""
        self.tried += 1
        try:
            judged = judge()
        except Exception as error:  # whatever it was, the other trials are to be made too
            self.broken.append(f"{trial}: {_where(error)}")
            return
        if judged.left == NOT_STRUCK:
            self.tried -= 1
        self.kept += judged.kept
        self.lost += judged.lost
        self.seen[judged.left] += 1
        if judged.lost:
            self.broken.append(f"{trial}: {judged.lost} acknowledged entries are lost")

    def add(self, other: Tally) -> None:
        """Take up what another process has tried."""
        self.tried += other.tried
        self.kept += other.kept
        self.lost += other.lost
        self.seen.update(other.seen)
        self.broken += other.broken


def _where(error: BaseException) -> str:
    """What an error says, and the innermost places that it came from, in one line."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    way = " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in reversed(frames))
    return f"{type(error).__name__}: {error} ({way})"


Plan = Callable[[Sequence[tuple[str, int]]], list[Trial]]
"""Says which trials are to be made, of deeds by their names and numbers of operations."""


def trials(count: int, sizes: Sequence[tuple[str, int]]) -> list[Trial]:
    """So many trials over deeds of so many operations, spread over all of each.

    Half of them go to all deeds alike, half by their size; each has at least one. Where there are
    more trials than operations, they begin anew with other seeds.
    """
    total = sum(size for _, size in sizes)
    found = []
    for deed, size in sizes:
        share = max(1, round(count * (1 / len(sizes) + size / total) / 2))
        for number in range(share):
            at = 1 + number * size // share if share < size else 1 + number % size
            found.append(Trial(deed, at, number))
    return found


def in_child(act: Callable[[Tell], None]) -> tuple[int, list[str], str]:
    """Do something in a child: how it ended, what it told, and what it said when it failed."""
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ear)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(0, 1)

        def tell(word: str) -> None:
            os.write(mouth, f"{word}\n".encode())

        with suppress(BaseException):
            try:
                act(tell)
                os._exit(0)
            except BaseException as error:
                os.write(mouth, f"\0{_where(error)}".encode())
        os._exit(1)
    os.close(mouth)
    with os.fdopen(ear, encoding="utf-8", errors="replace") as file:
        words, _, said = file.read().partition("\0")
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return status, words.splitlines(), said


def shared(
    all_trials: list[Trial], work: Callable[[list[Trial], Path], Tally], folder: Path
) -> Tally:
    """Let several processes do the work where there is much of it."""
    workers = 1 if len(all_trials) <= _SMALL else min(4, os.cpu_count() or 1)
    if workers == 1:
        return work(all_trials, folder)
    running = []
    for number in range(workers):
        place = folder / f"worker{number}"
        place.mkdir()
        report = place / "report"
        child = os.fork()
        if child == 0:
            try:
                report.write_text(json.dumps(vars(work(all_trials[number::workers], place))))
                os._exit(0)
            except BaseException:
                traceback.print_exc()
            os._exit(1)
        running.append((child, report))
    tally = Tally()
    for child, report in running:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        tally.add(Tally(**json.loads(report.read_text())))
    return tally


def templates(deeds: dict[str, Deed], folder: Path) -> Iterator[tuple[str, Deed, Path]]:
    """What stands before each deed."""
    made: dict[object, Path] = {}
    for name, deed in deeds.items():
        kind = deed.template
        if kind not in made:
            made[kind] = folder / f"template{len(made)}"
            made[kind].mkdir()
            deed.prepare(Site(made[kind]))
        yield name, deed, made[kind]


# -- the current fails ----------------------------------------------------------------------------


class Recorded(NamedTuple):
    """A deed that was done in full, and all that it did on the disk."""

    deed: Deed
    disks: dict[Order, Disk]
    """As they were before it; each may be used once in a process."""
    events: list[Event]


def recorded(deed: Deed, template: Path) -> Recorded:
    """Do a deed in a child and read what it did."""
    place, told = template.with_name("done"), template.with_name("record")
    site = fresh(template, place)
    disks = {order: Disk(place, order) for order in ORDERS}

    def act(_tell: Tell) -> None:
        preload.begin(place, os.open(told, os.O_CREAT | os.O_RDWR | os.O_TRUNC))
        deed.act(site, preload.mark)

    status, _, said = in_child(act)
    assert status == 0, said
    return Recorded(deed, disks, list(preload.events(told.read_bytes())))


def cuts(deeds: dict[str, Deed], folder: Path, plan: Plan) -> Tally:
    """Let the current fail after operation after operation."""
    ready = {name: recorded(deed, place) for name, deed, place in templates(deeds, folder)}
    chosen = plan([(name, len(each.events)) for name, each in ready.items()])

    def work(mine: list[Trial], place: Path) -> Tally:
        tally = Tally()
        for name, each in ready.items():
            for order in ORDERS:
                # An odd seed is for a loose disk, in such a way that every place meets both.
                theirs = [
                    trial
                    for trial in mine
                    if trial.deed == name
                    and ORDERS[(trial.at + trial.seed // len(each.events)) % 2] == order
                ]
                _cut(each, sorted(theirs), order, place / "left", tally)
        return tally

    return shared(chosen, work, folder)


def _cut(each: Recorded, theirs: list[Trial], order: Order, place: Path, tally: Tally) -> None:
    disk, told, done = each.disks[order], list[str](), 0
    for trial in theirs:
        for event in each.events[done : trial.at]:
            disk.do(event)
            if event.kind is Kind.MARK:
                told.append(event.content.decode())
        done = trial.at
        shutil.rmtree(place, ignore_errors=True)
        how = disk.leave(place, random.Random(f"{order} {trial}"))
        preload.begin(place.parent)  # so that syncs of those who judge cost nothing
        tally.take(
            trial._replace(deed=f"{trial.deed} ({order} disk, kept: {how})"),
            partial(_left, trial, each.deed, place, told),
        )
        preload.end()


def _left(trial: Trial, deed: Deed, place: Path, told: list[str]) -> Judged:
    return _named(trial, deed.judge(Site(place), told))


def _named(trial: Trial, judged: Judged) -> Judged:
    return judged._replace(left=f"{trial.deed}, {judged.left}" if judged.left else trial.deed)


# -- the program is killed, or the disk reports an error ------------------------------------------


def _size(deed: Deed, template: Path, kinds: Kind) -> int:
    """How many operations a deed takes."""
    place = template.with_name("done")
    site = fresh(template, place)

    def act(tell: Tell) -> None:
        preload.begin(place)
        preload.fail(kinds, at=0)
        deed.act(site, lambda word: None)
        tell(str(preload.counted()))

    status, words, said = in_child(act)
    assert status == 0, said
    return int(words[-1])


def _struck(
    deeds: dict[str, Deed],
    folder: Path,
    plan: Plan,
    kinds: Kind,
    one: Callable[[Trial, Deed, Path, Path], Judged],
) -> Tally:
    ready = {name: (deed, place) for name, deed, place in templates(deeds, folder)}
    sizes = [(name, _size(deed, place, kinds)) for name, (deed, place) in ready.items()]

    def work(mine: list[Trial], place: Path) -> Tally:
        tally = Tally()
        for trial in mine:
            tally.take(trial, partial(one, trial, *ready[trial.deed], place / "trial"))
        return tally

    return shared(plan(sizes), work, folder)


def kills(deeds: dict[str, Deed], folder: Path, plan: Plan) -> Tally:
    """Kill the program at operation after operation; every second time in the midst of a write."""

    def one(trial: Trial, deed: Deed, template: Path, place: Path) -> Judged:
        site = fresh(template, place)

        def act(tell: Tell) -> None:
            preload.begin(place)
            preload.fail(EVERYTHING, at=trial.at, error=KILL, half=bool(trial.seed % 2))
            deed.act(site, tell)

        status, told, said = in_child(act)
        assert status in {-9, 0}, said
        judged = _judged(trial, deed, site, told)
        return judged if status else judged._replace(left=NOT_STRUCK)

    return _struck(deeds, folder, plan, EVERYTHING, one)


def errors(deeds: dict[str, Deed], folder: Path, plan: Plan) -> Tally:
    """Let operation after operation fail as on a disk that breaks: once, or from there on."""
    return _failed(deeds, folder, plan, EVERYTHING, errno.EIO)


def full(deeds: dict[str, Deed], folder: Path, plan: Plan) -> Tally:
    """Let operation after operation fail as on a disk that gets full: once, or from there on."""
    return _failed(deeds, folder, plan, ROOM, errno.ENOSPC)


def _failed(deeds: dict[str, Deed], folder: Path, plan: Plan, kinds: Kind, error: int) -> Tally:
    def one(trial: Trial, deed: Deed, template: Path, place: Path) -> Judged:
        site = fresh(template, place)
        way = random.Random(str(trial)).randrange(4)

        def act(tell: Tell) -> None:
            preload.begin(place)
            times = preload.ALWAYS if way % 2 else 1
            preload.fail(kinds, at=trial.at, times=times, error=error, half=way > 1)
            try:
                deed.act(site, tell)
                tell("went on")
            except StoreError as refused:
                tell(f"refused: {type(refused).__name__}")

        status, told, said = in_child(act)
        assert status == 0, said
        return _judged(trial, deed, site, told)._replace(left=told[-1])

    return _struck(deeds, folder, plan, kinds, one)


def _judged(trial: Trial, deed: Deed, site: Site, told: list[str]) -> Judged:
    preload.begin(site.folder)
    try:
        return _named(trial, deed.judge(site, told))
    finally:
        preload.end()


KINDS = {"cuts": cuts, "kills": kills, "errors": errors, "full": full}


def main() -> None:
    if "LD_PRELOAD" not in os.environ:
        under = {**os.environ, "LD_PRELOAD": str(preload.library())}
        os.execve(
            sys.executable, [sys.executable, "-m", "tests.faults.storm", *sys.argv[1:]], under
        )
    kind, room, folder, *what = sys.argv[1:]
    cheaply()
    deeds = ROOMS[room]
    if len(what) == 1:
        count = int(what[0])
        chosen = dict(list(deeds.items())[:: max(1, len(deeds) // count)])
        plan: Plan = partial(trials, count)
    else:
        again = Trial(what[0], int(what[1]), int(what[2]))
        chosen, plan = {again.deed: deeds[again.deed]}, lambda _sizes: [again]
    place = Path(folder)
    place.mkdir(exist_ok=True)
    print(json.dumps(vars(KINDS[kind](chosen, place, plan))))


if __name__ == "__main__":
    main()
