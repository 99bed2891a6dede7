"""If these fail, something is told by a look alone, and lost to whoever cannot see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from screens.assessment.question import QuestionScreen
from screens.assessment.stop import StopScreen
from screens.base.lines import Line
from screens.base.page import TRAINING, Page
from tests.screens.running import Session, Stage
from tests.screens.test_words import Screens, pictured, words
from tui.terminal.capabilities import Ability

MONO = Ability(0, plain=True, theme="mono")
BOXED = re.compile(r" [> ] \S+ +([(\[][x -][)\]]) ")
"""A row to choose, with its box."""


def looks(line: Line) -> set[str]:
    """The looks of what is written in a line."""
    return {look for text, look in line if text.strip()}


def told_by_look_alone(sheet: Page[Any], lines: list[Line]) -> Iterator[str]:
    """What a page would not tell without its looks, drawn as these lines."""
    top, *rows = lines
    title = words(top).strip().removeprefix(sheet.t(TRAINING)).lstrip(" ·")
    if (looks(top) == {"alarm"}) != title.startswith("!"):
        yield f"the alarm of {title!r}"
    for row in rows:
        if ("chosen" in looks(row)) != words(row).startswith(" > "):
            yield f"the chosen line {words(row)!r}"
        if "alarm" in looks(row) or "reverse" in looks(row):
            yield f"the ground of {words(row)!r}"
        if "key" in looks(row) and words(row) != _keys(row):
            yield f"where the keys end in {words(row)!r}"
    yield from _boxes(rows)


def _keys(row: Line) -> str:
    """A row of keys, as it is written by their places alone."""
    caps = [text for text, look in row if look == "key"]
    labels = [text.strip() for text, look in row if look == "normal" and text.strip()]
    assert len(caps) == len(labels)
    return " " + "  ".join(f"{cap} {label}" for cap, label in zip(caps, labels, strict=True))


def _boxes(rows: list[Line]) -> Iterator[str]:
    """Rows whose box is the same, but whose look is not."""
    seen: dict[str, set[str]] = {}
    for row in rows:
        match = BOXED.match(words(row))
        if (
            match
            and "chosen" not in looks(row)
            and seen.setdefault(match[1], looks(row)) != looks(row)
        ):
            yield f"the state of {words(row)!r}"


@pytest.mark.parametrize("language", ["fi"])
async def test_every_page_tells_without_its_looks_what_it_tells_with_them(
    stage: Stage, language: str
) -> None:
    async with stage.program(demo=True, language=language) as session:
        session.app.ability = MONO
        pointed = session.screen._lines.pointed
        wrong, alarms, chosen, boxed = [], 0, 0, 0
        for name, sheet in Screens(session, stage, language).all():
            sheet.open()
            lines = pictured(sheet, pointed=pointed)
            wrong += [f"{name}: {fault}" for fault in told_by_look_alone(sheet, lines)]
            alarms += "alarm" in looks(lines[0])
            chosen += any("chosen" in looks(line) for line in lines)
            boxed += any(BOXED.match(words(line)) for line in lines)
        assert not wrong, "\n".join(wrong)
        assert min(alarms, chosen, boxed) > 10, "the walk has met none of them"


async def states(session: Session, *keys: str) -> list[tuple[str, tuple[Line, ...]]]:
    """The text and the lines of the page after each key."""
    found = []
    for key in ("", *keys):
        await session.press(*filter(None, [key]))
        found.append((session.text, session.screen._lines.lines))
    return found


@pytest.mark.parametrize(
    ("answers", "kind", "keys"),
    [
        ({}, QuestionScreen, ("1", "down", "2", "2", "down", "x")),
        ({"danger.child": "yes"}, StopScreen, ("d", "down", "2", "up")),
    ],
)
async def test_no_two_states_of_a_page_differ_in_their_looks_alone(
    stage: Stage, answers: dict[str, Any], kind: type[Page[Any]], keys: tuple[str, ...]
) -> None:
    async with stage.resumed(answers) as session:
        session.app.ability = MONO
        session.on(kind)
        found = await states(session, *keys)
        by_text = dict(found)
        assert len(by_text) > 2
        assert all(by_text[text] == lines for text, lines in found)
