"""If these fail, somebody who told of suicide is met as if they never had, or wrongly for ever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from stepping.decision.risk import RiskSign, TimedEntry, find_risk_questions, find_risk_signs
from stepping.decision.risk_glance import find_glances
from stepping.pathway.model import DECLINED, REFUSED, Answer, Pathway
from stepping.pathway.reader import read_pathway
from store.pathway_files.files import built_in
from tests.stepping.cases import SMALL, added, changed, text

RISKY = added(
    "questions.toml",
    f"""
[[ask]]
id = "tried"
section = "first"
type = "integer"
min = 0
max = 3
worse = "up"
risk = "attempt"
ask_if = "danger"
text = {text("ever tried?")}
label = {text("tried")}
source = "own words"
basis = "local"
""",
    changed("cards/danger.toml", 'level = "E"', 'level = "E"\nrisk = "suicide"'),
)
START = datetime(2026, 11, 22, 8, tzinfo=UTC)
ANEW = object()
"""Stands for an answer taken back because it was too old."""


def pathway(files: Mapping[str, str] = RISKY) -> Pathway:
    return read_pathway(files)


def told(*entries: tuple[str, object], hours: int = 0) -> list[TimedEntry]:
    """Entries, each some hours after the one before."""
    return [
        TimedEntry(
            number,
            question,
            answer if isinstance(answer, int | str) else None,
            START + timedelta(hours=hours * number),
            asked_anew=answer is ANEW,
        )
        for number, (question, answer) in enumerate(entries, start=1)
    ]


def signs(*entries: tuple[str, object], hours: int = 0) -> list[tuple[str, str, int, int | None]]:
    found = find_risk_signs(pathway(), {"client.age": 40}, told(*entries, hours=hours))
    return [(sign.kind, sign.about, sign.since, sign.wrong) for sign in found]


STOP, TRIED = ("suicide", "R1", 1, None), ("attempt", "tried", 2, None)


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        ([("danger", "no"), ("mood.1", 2)], []),
        ([("danger", "yes")], [STOP]),
        ([("danger", "yes"), ("tried", 0)], [STOP]),
        ([("danger", "yes"), ("tried", 1)], [STOP, TRIED]),
        ([("danger", "yes"), ("danger", "no")], [("suicide", "R1", 1, 2)]),
        ([("danger", "yes"), ("danger", None)], [STOP]),
        ([("danger", "yes"), ("danger", None), ("danger", "no")], [("suicide", "R1", 1, 3)]),
        ([("danger", "yes"), ("danger", DECLINED)], [STOP]),
        ([("danger", "yes"), ("danger", REFUSED)], [STOP]),
        ([("danger", "yes"), ("danger", ANEW), ("danger", "no")], [STOP]),
        ([("danger", "yes"), ("danger", "no"), ("danger", "yes")], [STOP]),
        ([("danger", "no"), ("danger", "yes")], [("suicide", "R1", 2, None)]),
        (
            [("danger", "yes"), ("tried", 2), ("danger", "no"), ("tried", ANEW)],
            [("suicide", "R1", 1, 3), TRIED],
        ),
        (
            [("danger", "yes"), ("tried", 2), ("tried", 0)],
            [STOP, ("attempt", "tried", 2, 3)],
        ),
        ([("danger", "yes"), ("tried", 3), ("tried", 1)], [STOP, TRIED]),
    ],
)
def test_only_a_correction_of_the_answer_itself_declares_a_sign_wrong(
    entries: list[tuple[str, Answer | None]], found: list[tuple[str, str, int, int | None]]
) -> None:
    assert signs(*entries) == found


def test_an_answer_given_over_one_that_held_no_longer_tells_of_another_day() -> None:
    over = (("danger", "yes"), ("danger", "no"))
    assert signs(*over, hours=24 * 15) == [STOP], "the first one had grown too old"
    assert signs(*over, hours=24 * 13) == [("suicide", "R1", 1, 2)]


def test_a_text_without_the_key_is_read_by_the_ids_that_were_then() -> None:
    """Texts of version 1 are kept in stores, and told of danger all the same."""
    old = {
        file.replace("danger.toml", "suicide_acute.toml"): content.replace(
            '{ card = "danger" }', '{ card = "suicide_acute" }'
        )
        .replace('id = "danger"\nlevel', 'id = "suicide_acute"\nlevel')
        .replace('emergency_cards = ["danger"]', 'emergency_cards = ["suicide_acute"]')
        for file, content in SMALL.items()
    }
    found = find_risk_signs(pathway(old), {}, told(("danger", "yes")))
    assert found == (RiskSign("suicide", "R1", 1),)
    assert find_risk_signs(pathway(SMALL), {}, told(("danger", "yes"))) == (), "another stop"


@pytest.mark.parametrize(("answer", "stays"), [(1, False), (2, True)])
def test_of_a_choice_the_lowest_number_that_it_has_tells_of_nothing(
    answer: int, stays: bool
) -> None:
    options = ", ".join(f'{{ id = "{n}", label = {text(str(n))} }}' for n in (1, 2))
    scale = 'type = "integer"\nmin = 0\nmax = 3'
    files = changed("questions.toml", scale, f'type = "choice"\noptions = [{options}]', RISKY)
    found = find_risk_signs(pathway(files), {}, told(("danger", "yes"), ("tried", answer)))
    assert ("tried" in [sign.about for sign in found]) is stays


def test_a_card_with_the_key_takes_nothing_from_one_that_is_older_than_it() -> None:
    """A county keeps its own cards of version 1 and takes one of ours beside them."""
    shipped = built_in("adult")
    mixed = {
        name: content.replace('risk = "suicide"\n', "") if "attempt" not in name else content
        for name, content in shipped.files.items()
    } | {"instruments/asq.toml": shipped.files["instruments/asq.toml"].replace("risk =", "#")}
    answers = told(("history.attempt", 2), ("danger.suicide", "yes"), ("asq.4", "yes"))
    card = {"client.age": 40}
    assert find_risk_signs(read_pathway(mixed), card, answers) == find_risk_signs(
        shipped, card, answers
    )


@pytest.mark.parametrize(
    ("name", "answers", "found"),
    [
        ("youth", {"danger.suicide": "yes"}, {("suicide", "Y0a")}),
        ("youth", {"selfharm": "yes"}, set()),
        ("youth", {"attempt.known": "yes"}, {("suicide", "Y1"), ("attempt", "Y0")}),
        ("adult", {"danger.suicide": "yes"}, {("suicide", "S1")}),
        ("adult", {"nurse.worried": "yes"}, {("suicide", "S2")}),
        ("adult", {"flag.psychosis": "yes"}, set()),
        ("adult", {"history.attempt": 2}, {("attempt", "S2")}),
        ("adult", {"history.attempt": 1}, set()),
    ],
)
def test_the_shipped_pathways_say_which_stops_are_about_suicide(
    name: str, answers: dict[str, Answer], found: set[tuple[str, str]]
) -> None:
    shipped = built_in(name)
    entries = told(*answers.items())
    age = 16 if name == "youth" else 40
    signs = find_risk_signs(shipped, {"client.age": age}, entries)
    assert {(sign.kind, sign.about) for sign in signs if sign.about not in answers} == found


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("adult", {"asq.4", "history.attempt"}),
        ("youth", {"asq.4", "attempt.known"}),
        ("follow_up", {"asq.4"}),
    ],
)
def test_earlier_attempts_that_are_asked_about_stay(name: str, about: set[str]) -> None:
    asked = {id_ for id_, each in built_in(name).questions.items() if each.risk == "attempt"}
    assert asked == about
    assert asked <= find_risk_questions(built_in(name))


@pytest.mark.parametrize(
    ("value", "kinds"), [(0, set()), (1, {"attempt"}), (2, {"attempt"}), (3, {"attempt"})]
)
def test_an_attempt_at_any_time_is_a_sign(value: int, kinds: set[str]) -> None:
    found = find_risk_signs(built_in("adult"), {"client.age": 40}, told(("history.attempt", value)))
    assert {sign.kind for sign in found} == kinds


@pytest.mark.parametrize(
    ("newest", "shown"),
    [
        ({}, []),
        ({"suicide": 3}, [("suicide", 3)]),
        ({"suicide": 3, "attempt": 3}, [("attempt", 3)]),
        ({"suicide": 2, "attempt": 3}, [("attempt", 3)]),
        ({"suicide": 4, "attempt": 3}, [("attempt", 3), ("suicide", 4)]),
    ],
)
def test_in_short_a_stop_says_nothing_more_beside_a_newer_attempt(
    newest: dict[str, int], shown: list[tuple[str, int]]
) -> None:
    days = {kind: date(2026, 11, day) for kind, day in newest.items()}
    found = find_glances(days)  # type: ignore[arg-type]
    assert [(kind, day.day) for kind, day in found] == shown
