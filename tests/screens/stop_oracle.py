"""Which stops are open in a draft, said a second time in plain Python, from its raw rows.

Nothing of the core is called and no pathway file is read but for the names of the safety steps. A
truth is True, False, or None where it depends on something unanswered, as the pathways have it.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from store.paths import PATHWAYS
from store.repository.store import Store

Truth = bool | None
UNDONE = "[undone]"


def any_of(*truths: Truth) -> Truth:
    return True if True in truths else None if None in truths else False


def all_of(*truths: Truth) -> Truth:
    return False if False in truths else None if None in truths else True


class Told:
    """What has been answered, read the way the pathways read it."""

    def __init__(self, answers: Mapping[str, Any], age: int) -> None:
        self.answers = answers
        self.age = age

    def yes(self, name: str, asked: Truth = True, *others: str) -> Truth:
        """Whether an answer is yes, or another word; a question that is not asked tells nothing."""
        if asked is False:
            return False
        answer = self.answers.get(name)
        return None if answer is None else answer in ("yes", *others)

    def least(self, name: str, points: int) -> Truth:
        answer = self.answers.get(name)
        return None if answer is None else answer >= points

    @property
    def low_mood(self) -> Truth:
        """PHQ-9 of 10 or more."""
        return self.mood(10)

    def mood(self, limit: int) -> Truth:
        """PHQ-9 of so many points or more."""
        items = [self.answers.get(f"phq9.{item}") for item in range(1, 10)]
        low = sum(points or 0 for points in items)
        high = low + 3 * items.count(None)
        return True if low >= limit else False if high < limit else None

    def asq(self, asked: Truth) -> Truth:
        """One of the first four items of the ASQ is yes or refused."""
        return any_of(*(self.yes(f"asq.{item}", asked, "refused") for item in (1, 2, 3, 4)))


Rules = Mapping[str, Truth]
Cards = Mapping[str, tuple[tuple[str, Truth], ...]]
"""For each stop its cards, each with whether it applies; True for one without a condition."""


def _adult_signs(a: Told) -> tuple[Truth, Truth, Truth]:
    """Item 9, thoughts, and the ASQ, of which each is asked after the one before."""
    item_9 = a.least("phq9.9", 1)
    thoughts = a.yes("suicide.thoughts", None if item_9 is None else not item_9)
    return item_9, thoughts, a.asq(any_of(item_9, thoughts, a.yes("nurse.worried")))


def adult(a: Told) -> tuple[Rules, Cards]:
    item_9, thoughts, asq = _adult_signs(a)
    alarm = a.yes("eating.alarm", a.yes("flag.eating"))
    birth = all_of(a.yes("flag.perinatal"), any_of(a.low_mood, item_9))
    dangers = {
        card: a.yes(f"danger.{name}")
        for card, name in (
            ("threat_to_others", "violence"),
            ("child_at_risk", "child"),
            ("confusion", "confusion"),
            ("intoxicated", "intoxicated"),
        )
    }
    minds = {"psychosis": a.yes("flag.psychosis"), "mania": a.yes("flag.mania")}
    today = {
        "partner_violence": a.yes("flag.violence"),
        "child_at_risk": a.yes("flag.child"),
        "withdrawal": a.yes("flag.withdrawal"),
        "eating_disorder": alarm,
        "perinatal": birth,
    }
    rules = {
        "S1": any_of(a.yes("danger.suicide"), a.yes("asq.5", asq)),
        "S1b": any_of(*dangers.values()),
        "S2": any_of(item_9, thoughts, asq, a.yes("nurse.worried")),
        "S3": any_of(*minds.values()),
        "S4": any_of(*today.values()),
    }
    cards = {
        "S1": (("suicide_acute", True),),
        "S1b": tuple(dangers.items()),
        "S2": (("suicide_non_acute", True),),
        "S3": tuple(minds.items()),
        "S4": tuple(today.items()),
    }
    return rules, cards


def follow_up(a: Told) -> tuple[Rules, Cards]:
    item_9, thoughts, asq = _adult_signs(a)
    asked = any_of(item_9, thoughts, a.yes("nurse.worried"))
    young = a.age < 19
    dangers = {
        card: a.yes(f"danger.{name}")
        for card, name in (
            ("threat_to_others", "violence"),
            ("child_at_risk", "child"),
            ("confusion", "confusion"),
            ("intoxicated", "intoxicated"),
            ("somatic_alarm", "body"),
        )
    }
    psychosis, mania = a.yes("flag.psychosis"), a.yes("flag.mania")
    alarm = a.yes("eating.alarm", a.yes("flag.eating"))
    violence, child = a.yes("flag.violence"), a.yes("flag.child")
    severe = any_of(a.mood(20), all_of(young, any_of(a.low_mood, item_9)))
    birth = all_of(a.yes("flag.perinatal"), severe)
    rules = {
        "S1": any_of(a.yes("danger.suicide"), a.yes("asq.5", asq)),
        "S1b": any_of(*dangers.values()),
        "S1e": all_of(alarm, not young),
        "S1ey": all_of(alarm, young),
        "S1p": all_of(a.yes("flag.perinatal"), any_of(psychosis, mania)),
        "S1y": all_of(a.yes("asq.4", asked), young),
        "S2": any_of(item_9, thoughts, asq, a.yes("nurse.worried")),
        "S3": any_of(psychosis, mania),
        "S4": any_of(violence, child, a.yes("flag.withdrawal"), birth),
    }
    cards = {
        "S1": (("suicide_acute", True),),
        "S1b": tuple(dangers.items()),
        "S1e": (("eating_disorder", True),),
        "S1ey": (("eating_disorder", True),),
        "S1p": (("perinatal", True),),
        "S1y": (("attempt_youth", True),),
        "S2": (("suicide_youth", young), ("suicide_non_acute", not young)),
        "S3": (
            ("psychosis_youth", all_of(psychosis, young)),
            ("psychosis", all_of(psychosis, not young)),
            ("mania", mania),
        ),
        "S4": (
            ("partner_violence", violence),
            ("child_at_risk", any_of(child, all_of(violence, young))),
            ("withdrawal", a.yes("flag.withdrawal")),
            ("perinatal", birth),
        ),
    }
    return rules, cards


def youth(a: Told) -> tuple[Rules, Cards]:
    minor, eighteen = a.age < 18, a.age == 18
    guardian = a.answers.get("present")
    with_guardian: Truth = guardian and guardian != "alone"
    afraid = a.yes("guardian.afraid", all_of(minor, with_guardian))
    item_9, asq = a.least("phq9.9", 1), a.asq(True)
    attempt = any_of(a.yes("asq.4"), a.yes("attempt.known"))
    unassessed = a.yes("attempt.unassessed", attempt)
    home, sexual = a.yes("harm.home"), a.yes("harm.sexual")
    harmed = any_of(home, sexual)
    alarm = a.yes("eating.alarm", a.yes("flag.eating"))
    worried = any_of(item_9, asq, a.yes("attempt.known"), a.yes("nurse.worried"), afraid)
    drugs = a.least("drugs", 3)
    dangers = {
        "threat_to_others": a.yes("danger.violence"),
        "child_at_risk": a.yes("danger.child"),
        "confusion": a.yes("danger.confusion"),
        "intoxicated": a.yes("danger.intoxicated"),
        "somatic_alarm": a.yes("danger.body"),
    }
    minds = {
        "psychosis_youth": a.yes("flag.psychosis"),
        "mania": a.yes("flag.mania"),
        "substance_youth": drugs,
    }
    grown = all_of(not minor, harmed)
    rules = {
        "Y0a": any_of(a.yes("danger.suicide"), a.yes("asq.5", asq)),
        "Y0b": any_of(*dangers.values()),
        "Y0": all_of(attempt, minor),
        "Y0c": all_of(attempt, any_of(eighteen, all_of(a.age >= 19, unassessed))),
        "Y1": any_of(worried, a.yes("selfharm")),
        "Y2": any_of(*minds.values()),
        "Y2b": all_of(a.yes("flag.perinatal"), any_of(a.low_mood, item_9)),
        "Y2e": alarm,
        "Y2h": all_of(a.yes("history.mania"), a.mood(5)),
        "Y2p": all_of(
            a.yes("flag.perinatal"), any_of(a.yes("flag.psychosis"), a.yes("flag.mania"))
        ),
        "Y3": any_of(a.yes("flag.child"), all_of(minor, harmed)),
        "Y3b": any_of(a.yes("harm.other"), a.yes("harm.runaway"), grown),
    }
    cards = {
        "Y0a": (("suicide_acute", True),),
        "Y0b": tuple(dangers.items()),
        "Y0": (("attempt_youth", True),),
        "Y0c": (("attempt_youth", eighteen), ("attempt_adult", a.age >= 19)),
        "Y1": (("suicide_youth", worried), ("self_harm", a.yes("selfharm"))),
        "Y2": tuple(minds.items()),
        "Y2b": (("perinatal", True),),
        "Y2e": (("eating_disorder", True),),
        "Y2h": (("mania_past", True),),
        "Y2p": (("perinatal", True),),
        "Y3": (("child_at_risk", True), ("sexual_harm", sexual)),
        "Y3b": (
            ("partner_violence", any_of(a.yes("harm.other"), grown)),
            ("sexual_harm", all_of(not minor, sexual)),
            ("child_at_risk", all_of(eighteen, harmed)),
            ("runaway", a.yes("harm.runaway")),
        ),
    }
    return rules, cards


PATHWAY: Mapping[str, Callable[[Told], tuple[Rules, Cards]]] = {
    "adult": adult,
    "youth": youth,
    "follow_up": follow_up,
}
FLOOR: Mapping[str, Mapping[str, int]] = {
    "adult": {"S1": 4, "S2": 2, "S3": 4},
    "youth": {"Y0a": 4, "Y0": 4, "Y0c": 4, "Y1": 2, "Y2": 4, "Y2e": 4, "Y2h": 3, "Y2p": 4},
    "follow_up": {"S1": 4, "S1ey": 4, "S1p": 4, "S1y": 4, "S2": 2, "S3": 4},
}
"""What a stop leaves behind; the others set no step."""


@cache
def steps_of(card: str) -> tuple[str, ...]:
    """The names of a card's safety steps: they are data, and mean nothing here."""
    text = (PATHWAYS / "cards" / f"{card}.toml").read_text("utf-8")
    return tuple(step["id"] for step in tomllib.loads(text)["steps"])


@dataclass
class Draft:
    """The raw rows of an assessment, with what counts of them."""

    pathway: str
    age: int
    closed: bool
    values: dict[str, Any] = field(default_factory=dict)
    seq: dict[str, int] = field(default_factory=dict)
    recorded: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def holding(self, until: int | None = None) -> tuple[Rules, Cards]:
        """What holds, on all answers or on those of them that had been given by an entry."""
        stood = {
            name: value
            for name, value in self.values.items()
            if until is None or self.seq[name] <= until
        }
        return PATHWAY[self.pathway](Told(stood, self.age))

    def open(self) -> set[str]:
        """The stops that hold and have a safety step without an outcome that counts."""
        rules, cards = self.holding()
        return {stop for stop, holds in rules.items() if holds and not self._all(stop, cards)}

    def _all(self, stop: str, cards: Cards) -> bool:
        chosen = [card for card, applies in cards[stop] if applies]
        chosen = chosen or [card for card, _ in cards[stop]]
        return all(self.counts(stop, card, step) for card in chosen for step in steps_of(card))

    def counts(self, stop: str, card: str, step: str) -> bool:
        after = self.recorded.get((stop, card, step))
        if after is None:
            return False
        rules, cards = self.holding(after)
        return rules[stop] is True and all(on for name, on in cards[stop] if name == card)


def read(store: Store, assessment_id: str) -> Draft:
    """Read the rows of an assessment as they stand on the disk."""
    ask = store.db.execute
    digest, started = ask(
        """SELECT p.pathway_id, a.started_at FROM assessments a
           JOIN pathways p ON p.digest = a.pathway_digest WHERE a.id = ?""",
        (assessment_id,),
    ).fetchone()
    born = _born(store, _standing(store, _moves(store, assessment_id)[0]))
    began = datetime.fromisoformat(started).astimezone(ZoneInfo("Europe/Helsinki"))
    closed = ask(
        "SELECT 1 FROM decisions WHERE assessment_id = :id "
        "UNION SELECT 1 FROM closings WHERE assessment_id = :id",
        {"id": assessment_id},
    ).fetchone()
    draft = Draft(digest, began.year - born, closed is not None)
    entries = ask(
        "SELECT question, state, value, seq FROM answers WHERE assessment_id = ? ORDER BY seq",
        (assessment_id,),
    )
    for question, state, value, seq in entries.fetchall():
        draft.values.pop(question, None)
        if state == "given":
            draft.values[question], draft.seq[question] = json.loads(value), seq
    rows = ask(
        "SELECT stop, card, step, why_not, answers_seq FROM safety "
        "WHERE assessment_id = ? ORDER BY rowid",
        (assessment_id,),
    )
    for stop, card, step, why, after in rows.fetchall():
        draft.recorded.pop((stop, card, step), None)
        if why != UNDONE:
            draft.recorded[stop, card, step] = after
    return draft


def person_of(store: Store, assessment_id: str) -> str | None:
    """The client who stands for whose an assessment is now; None where it is marked as wrong."""
    client, kind = _moves(store, assessment_id)
    return None if kind == "wrong_client" else _standing(store, client)


def _moves(store: Store, assessment_id: str) -> tuple[str, str]:
    """Under whom an assessment is found, and how it came there last."""
    began = "SELECT client_id, 'began' FROM assessments WHERE id = ?"
    moved = "SELECT client, kind FROM assessment_moves WHERE assessment_id = ? ORDER BY rowid"
    rows = [*store.db.execute(began, (assessment_id,)), *store.db.execute(moved, (assessment_id,))]
    client, kind = rows[-1]
    return client, kind


def _standing(store: Store, client: str) -> str:
    joined = "SELECT stands FROM client_joins WHERE client = ? ORDER BY rowid"
    rows = store.db.execute(joined, (client,)).fetchall()
    return (rows[-1][0] if rows else None) or client


def _born(store: Store, client: str) -> int:
    first = "SELECT birth_year FROM clients WHERE id = ?"
    then = "SELECT birth_year FROM client_corrections WHERE client = ? ORDER BY rowid"
    return int([*store.db.execute(first, (client,)), *store.db.execute(then, (client,))][-1][0])
