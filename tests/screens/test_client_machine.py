"""If these fail, some order of deeds leads a client below a safety stop that is open elsewhere.

A seeded walk over clients: several drafts each, three pathways, two nurses, windows on one draft,
days that pass, corrections, take-backs, skips, safety steps done, not done and taken back, drafts
ended, steps confirmed and changed, codes joined and parted, cards put right, assessments moved or
marked as wrong, and a power cut at any write. After
each move the store is compared with `stop_oracle`, which reads raw rows and calls nothing of the
core. A failure names its seed and the last moves.

`python -m tests.screens.test_client_machine MOVES SEED` walks as far as wished.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.assessment import AssessmentSession, stored_decision
from stepping.decision.interview import unanswered_questions
from stepping.decision.outcome import OR_ABOVE
from stepping.decision.safety import SafetyStep
from stepping.pathway.model import Answer, Pathway, QuestionPage
from store.errors import StopElsewhere, StoreError
from store.opening.store_file import create_store, open_store
from store.pathway_files.files import built_in
from store.records import Client
from store.repository.store import Store
from store.repository.worklist import list_all
from tests.screens import stop_oracle
from tests.screens.running import TickingClock, lightest

NURSES = ("nurse-1", "nurse-2")
BORN = (1986, 2008, 2010)
"""An adult, somebody of 18 by year of birth, somebody of 16."""
ASKED: dict[str, tuple[str, ...]] = {
    "adult": (
        *(f"danger.{n}" for n in ("suicide", "violence", "child", "confusion", "intoxicated")),
        *("phq9.9", "suicide.thoughts", "nurse.worried", "phq9.1", "phq9.2", "gad7.1"),
        *(f"asq.{n}" for n in range(1, 6)),
        *(f"flag.{n}" for n in ("psychosis", "mania", "violence", "child", "withdrawal")),
        *("flag.eating", "eating.alarm", "flag.perinatal"),
    ),
    "follow_up": (
        *(f"danger.{n}" for n in ("suicide", "violence", "child", "confusion", "body")),
        *("phq9.9", "suicide.thoughts", "nurse.worried", "phq9.1", "gad7.1"),
        *(f"asq.{n}" for n in range(1, 6)),
        *(f"flag.{n}" for n in ("psychosis", "mania", "violence", "child", "withdrawal")),
        *("flag.eating", "eating.alarm", "flag.perinatal"),
    ),
    "youth": (
        *(f"danger.{n}" for n in ("suicide", "violence", "child", "confusion", "intoxicated")),
        *("phq9.9", "nurse.worried", "selfharm", "attempt.known", "attempt.unassessed", "drugs"),
        *(f"asq.{n}" for n in range(1, 6)),
        *(f"harm.{n}" for n in ("home", "other", "sexual", "runaway")),
        *("flag.child", "flag.psychosis", "flag.mania", "flag.eating", "eating.alarm"),
        *("flag.perinatal", "present", "guardian.afraid"),
    ),
}
"""The questions that the walk answers one by one; all others well, and all at once."""

_CLIENTS, _DRAFTS, _LIFE = 4, 4, 1500
"""Clients, open drafts of each, and moves after which a new store begins."""


class Cut(BaseException):
    """The current fails in the middle of a write."""


@dataclass
class Walk:
    """One store and the people at it."""

    folder: Path
    chance: random.Random
    clock: TickingClock = field(default_factory=TickingClock)
    done: Counter[str] = field(default_factory=Counter)
    moves: list[str] = field(default_factory=list)
    stores: list[Store] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)
    windows: list[AssessmentSession] = field(default_factory=list)
    cut_in: int | None = None
    """Writes until the next power cut."""

    def __post_init__(self) -> None:
        with create_store(self.path, None, NURSES[0], self.clock, training=True):
            pass
        self.switch_on()

    @property
    def path(self) -> Path:
        return self.folder / "porras.db"

    # -- the computer --------------------------------------------------------

    def switch_on(self) -> None:
        """Open the store at every nurse's desk, with no window on any draft."""
        self.windows.clear()
        self.stores = [
            open_store(self.path, None, nurse, self.clock, training=True) for nurse in NURSES
        ]
        for store in self.stores:
            self._make_cuttable(store)

    def switch_off(self) -> None:
        """End every program without a word, as a power cut does."""
        for store in self.stores:
            store.db.close()

    def _make_cuttable(self, store: Store) -> None:
        """Let a cut come before a write begins, and after any row of it."""
        write, append = store.writing, store.append

        @contextmanager
        def writing() -> Iterator[None]:
            self._maybe_cut()
            with write():
                yield
                self._maybe_cut()
            self._maybe_cut()

        def appending(*row: Any) -> None:
            append(*row)
            self._maybe_cut()

        store.writing, store.append = writing, appending  # type: ignore[method-assign,assignment]

    def _maybe_cut(self) -> None:
        if self.cut_in is not None:
            self.cut_in -= 1
            if self.cut_in < 0:
                self.cut_in = None
                raise Cut

    # -- moves ---------------------------------------------------------------

    def step(self) -> None:
        """Do one move at random, and compare."""
        names, weights = zip(*((m, w) for m, w in MOVES.items()), strict=True)
        move = self.chance.choices(names, weights)[0]
        if self.chance.random() < 0.05:
            self.cut_in = self.chance.randrange(5)
        self.moves.append(move.__name__)
        outcome = "done"
        try:
            move(self)
        except StoreError as error:
            outcome = type(error).__name__
        except Cut:
            outcome = "cut"
            self.switch_off()
            self.switch_on()
        self.cut_in = None
        self.moves[-1] += f":{outcome}"
        self.done[self.moves[-1]] += 1
        self.compare(whole=outcome == "cut" or len(self.moves) % 10 == 0)

    def nurse(self) -> Store:
        return self.chance.choice(self.stores)

    def window(self) -> AssessmentSession | None:
        return self.chance.choice(self.windows) if self.windows else None

    def drafts_of(self, client: Client) -> list[str]:
        sql = """SELECT d.assessment_id FROM drafts d
                 JOIN assessments a ON a.id = d.assessment_id WHERE a.client_id = ?"""
        return [row[0] for row in self.stores[0].db.execute(sql, (client.id,))]

    def pathway_of(self, digest: str) -> Pathway:
        return next(p for p in map(built_in, ASKED) if p.digest == digest)

    # -- what has to hold ----------------------------------------------------

    def compare(self, *, whole: bool) -> None:
        """The table is what the raw rows say, of the draft moved last or of all of them."""
        store = self.stores[0]
        kept: dict[str, set[tuple[str, int | None]]] = {}
        for id_, stop, floor in store.db.execute(
            "SELECT assessment_id, stop, floor FROM open_stops"
        ):
            kept.setdefault(id_, set()).add((stop, floor))
        drafts = [row[0] for row in store.db.execute("SELECT assessment_id FROM drafts")]
        open_now = {}
        for id_ in drafts if whole else {w.assessment.id for w in self.windows[-1:]} & {*drafts}:
            draft = stop_oracle.read(store, id_)
            floors = stop_oracle.FLOOR[draft.pathway]
            open_now[id_] = {(stop, floors.get(stop)) for stop in draft.open()}
            assert kept.get(id_, set()) == open_now[id_], (draft.pathway, draft.values)
        if whole:
            assert kept.keys() <= set(drafts), "a stop of a draft that has ended"
            items = store.worklist.list_items(self.clock.now.date(), limit=-1)
            listed = {item.assessment_id for item in items if item.kind == "open_stop"}
            assert listed == {id_ for id_, stops in open_now.items() if stops}

    def open_elsewhere(self, visit: AssessmentSession) -> dict[tuple[str, str], int | None]:
        """What the raw rows say is open in other drafts of the person, with its floor."""
        store = self.stores[0]
        person = stop_oracle.person_of(store, visit.assessment.id)
        found = {}
        for (id_,) in store.db.execute("SELECT assessment_id FROM drafts").fetchall():
            if id_ != visit.assessment.id and stop_oracle.person_of(store, id_) == person:
                draft = stop_oracle.read(store, id_)
                for stop in draft.open():
                    found[id_, stop] = stop_oracle.FLOOR[draft.pathway].get(stop)
        return found


# Each move may be refused by the store; nothing is done then.


def add_client(walk: Walk) -> None:
    if len(walk.clients) < _CLIENTS:
        born = walk.chance.choice(BORN)
        walk.clients.append(walk.nurse().clients.add(birth_year=born, language="fi", sex="f"))


def begin(walk: Walk) -> None:
    """Begin a draft, which often has every answer at once, so that a step is near."""
    if not walk.clients:
        return
    client = walk.chance.choice(walk.clients)
    if len(walk.drafts_of(client)) >= _DRAFTS:
        return
    names = ["youth" if (client.birth_year or 0) > 2000 else "adult", "follow_up"]
    pathway = built_in(walk.chance.choice(names))
    visit = AssessmentSession.start(
        walk.nurse(), pathway, client, setting="reception", language="fi"
    )
    walk.windows.append(visit)
    if walk.chance.random() < 0.8:
        fill(walk, visit)


def fill(walk: Walk, visit: AssessmentSession | None = None) -> None:
    """Answer well all that is open, as far as that shows no more questions."""
    visit = visit or walk.window()
    while visit and (left := unanswered_questions(visit.pathway, visit.answers)):
        visit.record_answers(
            {question.id: lightest(visit.pathway, question.id) for question in left}
        )


def open_window(walk: Walk) -> None:
    """Go on with any draft, perhaps beside another window, at any nurse's desk."""
    if not walk.clients:
        return
    drafts = walk.drafts_of(walk.chance.choice(walk.clients))
    if drafts:
        store = walk.nurse()
        assessment = store.assessments.get(walk.chance.choice(drafts))
        pathway = walk.pathway_of(assessment.pathway_digest)
        walk.windows.append(AssessmentSession.resume(store, assessment, pathway))


def close_window(walk: Walk) -> None:
    if len(walk.windows) > 3:
        walk.windows.remove(walk.chance.choice(walk.windows))


def answer(walk: Walk) -> None:
    """Give or correct an answer."""
    if visit := walk.window():
        name = walk.chance.choice(ASKED[visit.pathway.id])
        visit.record_answers({name: _value(walk, visit, name)})


def _value(walk: Walk, visit: AssessmentSession, name: str) -> Answer:
    question = visit.pathway.questions[name]
    if walk.chance.random() < 0.5:
        return lightest(visit.pathway, name)
    if question.numeric:
        fact = visit.pathway.facts[name]
        return walk.chance.randint(fact.low, fact.high)
    return walk.chance.choice(question.words)


def calm_down(walk: Walk) -> None:
    """Correct every sign of danger away, so that a draft can be confirmed."""
    if visit := walk.window():
        asked = ASKED[visit.pathway.id]
        given = [name for name in asked if name in visit.given]
        visit.record_answers({name: lightest(visit.pathway, name) for name in given})


def take_back(walk: Walk) -> None:
    if (visit := walk.window()) and visit.given:
        known = [name for name in ASKED[visit.pathway.id] if name in visit.given]
        if known:
            visit.withdraw_answer(walk.chance.choice(known))


def skip(walk: Walk) -> None:
    if visit := walk.window():
        question = visit.pathway.questions[walk.chance.choice(ASKED[visit.pathway.id])]
        visit.skip_page(QuestionPage("p", question.section, (question,)), "no time")


def record(walk: Walk) -> None:
    """Record a safety step of an open stop as done or not done, or of any stop in advance."""
    if visit := walk.window():
        steps = _steps(visit)
        if steps:
            why = walk.chance.choice([None, None, "nobody answered"])
            visit.record_safety_step(walk.chance.choice(steps), why)


def record_all(walk: Walk) -> None:
    if visit := walk.window():
        for step in _steps(visit):
            if visit.find_outcome(step) is None:
                visit.record_safety_step(step)


def undo(walk: Walk) -> None:
    if (visit := walk.window()) and visit.safety:
        row = walk.chance.choice(visit.safety)
        visit.withdraw_safety_step(SafetyStep(row.stop, row.card, row.step))


def _steps(visit: AssessmentSession) -> list[SafetyStep]:
    stops = [rule.id for rule in visit.decide().rules if rule.effect.startswith("stop")]
    return [
        SafetyStep(stop, card.id, step.id)
        for stop in stops
        for card in visit.list_cards(stop)
        for step in card.steps
    ]


def abandon(walk: Walk) -> None:
    if visit := walk.window():
        draft = stop_oracle.read(walk.stores[0], visit.assessment.id)
        visit.abandon("left")
        assert not draft.open(), "a draft was ended at an open stop"
        _forget(walk, visit)


def confirm(walk: Walk) -> None:
    """Confirm what is suggested, or any other step with a reason, though the window be old."""
    visit = walk.window()
    if visit is None:
        return
    if walk.chance.random() < 0.5:
        visit.refresh_stops_elsewhere()
    decision = visit.decide()
    if decision.status != "suggested" or decision.step is None:
        return
    step = decision.step if walk.chance.random() < 0.6 else walk.chance.randint(0, 4)
    code = None if decision.classify_choice(step) in ("suggested", "or_above") else "client_wish"
    draft = stop_oracle.read(walk.stores[0], visit.assessment.id)
    elsewhere = walk.open_elsewhere(visit)
    known = {(stop.assessment_id, stop.stop) for stop in visit.stops_elsewhere}
    try:
        row = visit.confirm(decision, step, code, "agreed" if code else None)
    except ValueError:
        assert step < (decision.lowest_override or 0)
        return
    except StopElsewhere:
        assert elsewhere.keys() - known, "what was known and named was refused all the same"
        raise
    assert not draft.open(), "a step was confirmed at an open stop"
    assert row.confirmed_step == step
    assert row.reason_code in (code, OR_ABOVE)
    named = {(stop.draft, stop.id) for stop in stored_decision(row).elsewhere}
    assert elsewhere.keys() <= named, "a stop that is open elsewhere is not named"
    assert all(floor is None or step >= floor for floor in elsewhere.values()), elsewhere
    assert json.loads(row.decision_json)["decision"]["stops"] == []
    walk.done["confirmed while a stop was open elsewhere"] += bool(elsewhere)
    _forget(walk, visit)


def _forget(walk: Walk, visit: AssessmentSession) -> None:
    """Close the windows of a draft that has ended, but sometimes one is left standing."""
    if walk.chance.random() < 0.8:
        ended = visit.assessment.id
        walk.windows[:] = [each for each in walk.windows if each.assessment.id != ended]


def pass_days(walk: Walk) -> None:
    walk.clock.now += timedelta(days=walk.chance.choice([0, 1, 3, 20]), minutes=7)


def cut_current(walk: Walk) -> None:
    raise Cut


def rebuild(walk: Walk) -> None:
    store = walk.stores[0]
    with store.writing():
        list_all(store)


def join_codes(walk: Walk) -> None:
    """Two codes are found to be one person."""
    if len(walk.clients) > 1:
        one, other = walk.chance.sample(walk.clients, 2)
        walk.nurse().corrections.join_clients(one.id, other.id, "one person")


def part_codes(walk: Walk) -> None:
    if walk.clients:
        store, other = walk.nurse(), walk.chance.choice(walk.clients)
        store.corrections.part_clients(store.clients.get(other.id).id, other.code, "two persons")


def correct_card(walk: Walk) -> None:
    """The year of birth was wrong, so that other stops may hold."""
    if walk.clients:
        store = walk.nurse()
        client = store.clients.get(walk.chance.choice(walk.clients).id)
        store.corrections.correct_card(
            client.id,
            birth_year=walk.chance.choice(BORN),
            sex=client.sex,
            language="fi",
            municipality=None,
            why="typed wrong",
            after=client.card,
        )


def mark_wrong(walk: Walk) -> None:
    if visit := walk.window():
        now = walk.stores[0].assessments.get(visit.assessment.id)
        walk.nurse().corrections.mark_wrong_client(now.id, "wrong client", after=now.move)


def move(walk: Walk) -> None:
    """An assessment is another client's, or after all that one's whose it was."""
    if visit := walk.window():
        now = walk.stores[0].assessments.get(visit.assessment.id)
        target = walk.chance.choice(walk.clients)
        walk.nurse().corrections.move_assessment(now.id, target.id, "wrong client", after=now.move)


Move = Callable[[Walk], None]
MOVES: dict[Move, int] = {
    add_client: 4,
    begin: 10,
    fill: 4,
    open_window: 8,
    close_window: 6,
    answer: 24,
    calm_down: 5,
    take_back: 4,
    skip: 2,
    record: 8,
    record_all: 5,
    undo: 2,
    abandon: 4,
    confirm: 14,
    pass_days: 2,
    cut_current: 1,
    rebuild: 1,
    join_codes: 1,
    part_codes: 1,
    correct_card: 1,
    mark_wrong: 1,
    move: 2,
}
"""Every move with its weight; what else can be done with a client belongs here too."""


def walk(folder: Path, seed: int, moves: int) -> Counter[str]:
    """Walk so far, in one store after another; return how often what was done."""
    chance, done = random.Random(seed), Counter[str]()
    for life, first in enumerate(range(0, moves, _LIFE)):
        place = folder / str(life)
        place.mkdir()
        here = Walk(place, chance, done=done)
        try:
            while len(here.moves) < min(_LIFE, moves - first):
                here.step()
            assert here.stores[0].audit_log.find_bad_event() is None
        except BaseException as error:
            error.add_note(f"seed {seed}, life {life}, moves: {' '.join(here.moves[-40:])}")
            raise
        finally:
            here.switch_off()
    return done


@pytest.mark.parametrize("seed", [1, 2])
def test_no_order_of_deeds_leads_below_an_open_stop(tmp_path: Path, seed: int) -> None:
    done = walk(tmp_path, seed, 400)
    assert done["confirm:done"] and done["record:done"] and done["answer:done"]


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(100, 110))
def test_no_long_order_of_deeds_does_either(tmp_path: Path, seed: int) -> None:
    """Ten times ten thousand moves."""
    done = walk(tmp_path, seed, 10_000)
    assert done["confirmed while a stop was open elsewhere"] > 10
    assert done["confirm:StopElsewhere"] and done["abandon:StopOpen"]


if __name__ == "__main__":
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as made:
        told = walk(Path(made), int(sys.argv[2]), int(sys.argv[1]))
    for name, count in sorted(told.items()):
        print(f"{count:7d} {name}")
    print(f"{sys.argv[1]} moves in {time.monotonic() - began:.0f} s")
