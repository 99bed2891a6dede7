"""Brings the sections of a note under its limit by saying the least important things shorter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from screens.widgets.lines import wrap

WIDTH = 78
"""Cells of a line: what every record system takes without breaking it anew."""
MOST_LINES = 39
"""Lines of a whole note."""

_TWO_ROWS, _ONE_ROW = 140, 64
"""Characters that surely fit in two rows and in one, with a heading before them."""

More = Callable[[int], str]
"""Says that so many things are left out, and where they are."""


class Weight(IntEnum):
    """What gives way first when there is no room: the highest number."""

    ALWAYS = 0
    RISK = 1
    LEFT_OUT = 2
    """What is told in few words already and would go missing altogether."""
    PLAN = 3
    REASONS = 4
    VOICE = 5
    FACTS = 6
    REMARKS = 7
    DETAILS = 8


@dataclass(frozen=True)
class Form:
    """One way to say something, and how soon it gives way to the next shorter one."""

    text: str
    weight: Weight = Weight.ALWAYS


@dataclass(frozen=True)
class Point:
    """One thing to tell, in forms from the longest to the shortest.

    Lines in a form begin rows of their own. An empty last form leaves the point out; risk, decision
    and disclaimer never have one.
    """

    forms: tuple[Form, ...]


@dataclass(frozen=True)
class Section:
    """Points under a short heading; without one they stand alone."""

    heading: str
    points: tuple[Point, ...]


_Place = tuple[int, int]
"""Numbers of a section and of a point in it."""


def laid_out(sections: Sequence[Section], more: More) -> list[str]:
    """Return the rows of a note, each point as long as there is room for.

    Where every shortest form together has no room, the points of a section follow one another in
    its lines; only where that is too much as well are there more than `MOST_LINES`.
    """
    points = {
        (s, p): point for s, each in enumerate(sections) for p, point in enumerate(each.points)
    }
    chosen = dict.fromkeys(points, 0)
    between = "\n"
    broken = cache(_section)  # for this one note: no words of it are kept longer

    def rows() -> list[str]:
        told = _told(sections, chosen, between, more)
        return [row for heading, text in told for row in broken(heading, text)]

    given_up: list[_Place] = []
    while len(rows()) > MOST_LINES and (at := _next_to_give_way(points, chosen)):
        chosen[at] += 1
        given_up.append(at)
    if len(rows()) > MOST_LINES:
        between = "; "
    for at in reversed(given_up):  # what was given up last weighs most, and may have room again
        chosen[at] -= 1
        if len(rows()) > MOST_LINES:
            chosen[at] += 1
    return rows()


def _next_to_give_way(
    points: Mapping[_Place, Point], chosen: Mapping[_Place, int]
) -> _Place | None:
    """The longest of those forms that give way first."""
    forms = {at: points[at].forms[form] for at, form in chosen.items()}
    longer = [at for at, form in chosen.items() if form + 1 < len(points[at].forms)]
    return max(longer, key=lambda at: (forms[at].weight, len(forms[at].text)), default=None)


def _told(
    sections: Sequence[Section], chosen: Mapping[_Place, int], between: str, more: More
) -> Iterator[tuple[str, str]]:
    """Each heading with the lines below it, in the forms that are chosen now."""
    for number, section in enumerate(sections):
        texts = [p.forms[chosen[number, at]].text for at, p in enumerate(section.points)]
        shown = [text for text in texts if text]
        if left := len(texts) - len(shown):
            shown[-1:] = ["; ".join([*shown[-1:], more(left)])]
        yield section.heading, (between if section.heading else "\n").join(shown)


def _section(heading: str, text: str) -> list[str]:
    """The first line stands beside the heading, the others below it."""
    first, *others = text.split("\n")
    if not heading:
        return [row for line in (first, *others) for row in wrap(line, WIDTH, 2)]
    below = [row for line in others for row in wrap(_capital(line), WIDTH - 2, 2)]
    return [*wrap(f"{heading}: {first}", WIDTH, 4), *(f"  {row}" for row in below)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def shortened(text: str, room: int) -> str:
    """Return a text in at most `room` characters, cut between words where it can be."""
    text = " ".join(text.split())
    if len(text) <= room:
        return text
    head = text[: room - 1]
    return f"{head.rpartition(' ')[0] or head} …"[:room]


def listed(items: Sequence[str], room: int, more: More) -> str:
    """Return as many items as have room, at least one, and how many more there are."""
    shown = list(items)
    while len(shown) > 1 and len(_joined(shown, len(items) - len(shown), more)) > room:
        shown.pop()
    return _joined(shown, len(items) - len(shown), more)


def _joined(shown: Sequence[str], left: int, more: More) -> str:
    return "; ".join([*shown, *([more(left)] if left else [])])


def point(weight: Weight, *texts: str) -> Point:
    """Return a point whose forms all give way alike."""
    return Point(tuple(Form(text, weight) for text in texts))


def words_point(
    text: str, weight: Weight, label: str = "", last: Weight = Weight.LEFT_OUT
) -> Point:
    """Return a point of free text, which may be cut; `last` is what leaving it out weighs."""
    begin = f"{label}: " if label else ""
    cut = begin + shortened(text, _TWO_ROWS)
    row = Form(begin + shortened(text, _ONE_ROW), last)
    return Point((*point(weight, begin + " ".join(text.split()), cut).forms, row, Form("")))


def list_point(
    items: Sequence[str], weight: Weight, more: More, label: str = "", *, spare: bool = False
) -> Point:
    """Return a point that lists things, of which the later ones may be left out and counted.

    `spare` allows for leaving out the whole point in the end.
    """
    begin = f"{label}: " if label else ""
    cut = [begin + listed(items, room, more) for room in (_TWO_ROWS, _ONE_ROW)]
    forms = point(weight, begin + "; ".join(items), *cut).forms
    return Point((*forms[:-1], Form(cut[-1], Weight.LEFT_OUT), Form(""))) if spare else Point(forms)


def fixed(text: str) -> Point:
    """Return a point that is always told in full."""
    return point(Weight.ALWAYS, text)
