"""Invented courses of care: who came when, how they were, and what was done, drawn from a seed.

Nothing here decides anything: what step follows from the answers, the pathways say. The same seed
and the same shapes give the same courses for ever; days are counted back from the day on which a
store is filled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from stepping.decision.interview import find_counting_answers, unanswered_questions
from stepping.pathway.answers import read_answers
from stepping.pathway.model import Answer, Answers, Pathway

Item = TypeVar("Item")

Range: TypeAlias = tuple[int, int]
"""The least and the most."""
End = Literal["completed", "stepped_up", "stepped_down", "client_ended"]


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Unit(_Told):
    """A workplace, its nurse, and where its clients live; the first one is the trainee's."""

    name: str
    share: int
    municipalities: tuple[str, ...]
    onward: tuple[str, ...] = ()
    """Services to which its clients go on."""
    worker: str | None = None


class Shape(_Told):
    """How a kind of story goes; `caseload.toml` says what each key means."""

    id: str
    share: int
    pathway: Literal["adult", "youth"] = "adult"
    phq: Range
    gad: Range
    weeks: Range
    difficulty: Range = (0, 2)
    wait: Range = (5, 30)
    contacts: Range = (0, 0)
    apart: Range = (7, 14)
    measured: int = 2
    course: tuple[float, float] = (1.0, 1.0)
    missed: int = 8
    danger: bool = False
    gone: Range | None = None
    recent: tuple[float, float] | None = None
    state: Literal["confirmed", "draft", "open_stop"] = "confirmed"
    then: End = "completed"
    how: Literal["recovered", "moved_on", "ended_by_client", "referred"] = "moved_on"


class Shapes(_Told):
    """A whole caseload as it is told."""

    seed: str
    days: int
    clients: int
    at_once: int = 0
    """So many come in the first days: no month of reports begins with few."""
    unit: tuple[Unit, ...]
    forms: Mapping[str, Mapping[int, tuple[str, ...]]]
    goals: Mapping[str, tuple[str, ...]]
    referrers: Mapping[str, Mapping[str, int]]
    reasons: Mapping[str, Mapping[str, int]]
    channels: Mapping[str, int]
    professions: Mapping[str, int]
    experience: Mapping[str, Mapping[str, tuple[str, ...]]]
    shape: tuple[Shape, ...] = Field(min_length=1)


class Chance:
    """Draws numbers from a seed, the same ones each time and on every machine."""

    def __init__(self, *seed: object) -> None:
        self._seed = "/".join(map(str, seed))
        self._drawn = 0

    def part(self) -> float:
        """Return a number from 0 up to, but not, 1."""
        self._drawn += 1
        told = hashlib.sha256(f"{self._seed}/{self._drawn}".encode()).digest()
        return int.from_bytes(told[:6], "big") / (1 << 48)

    def number(self, between: Range) -> int:
        """Return a whole number from the least to the most."""
        low, high = between
        return low + int(self.part() * (high - low + 1))

    def between(self, low: float, high: float) -> float:
        """Return a number between two."""
        return low + self.part() * (high - low)

    def of(self, percent: float) -> bool:
        """Return yes in so many of 100 draws."""
        return self.part() * 100 < percent

    def one(self, items: Sequence[Item]) -> Item:
        """Return one of some."""
        return items[int(self.part() * len(items))]

    def weighed(self, items: Sequence[tuple[Item, float]]) -> Item:
        """Return one of some, each as likely as its weight."""
        left = self.part() * sum(weight for _, weight in items)
        for item, weight in items:
            left -= weight
            if left < 0:
                return item
        return items[-1][0]


Kind = Literal[
    "added",
    "first",
    "goal",
    "agreement",
    "beside",
    "agreed",
    "paused",
    "resumed",
    "started",
    "contact",
    "missed",
    "measured",
    "ended",
    "closed",
    "referrer",
    "reason",
    "responsible",
    "outside",
    "experience",
]


@dataclass(frozen=True)
class Act:
    """Something that happens so many days before today; `kind` says what, `told` the rest."""

    days_ago: float
    kind: Kind
    told: Mapping[str, object]


@dataclass(frozen=True)
class Course:
    """One invented client and all that happens, the oldest first."""

    number: int
    shape: Shape
    unit: Unit
    age: int
    sex: Literal["f", "m", "x"]
    language: str
    municipality: str
    apart: tuple[int, float]
    """How many steps from the suggested one the nurse confirms at first, and which of the reasons
    for that, as a part of 1."""
    acts: tuple[Act, ...]


_LANGUAGES = (("fi", 84), ("sv", 9), ("en", 7))
_SEXES: tuple[tuple[Literal["f", "m", "x"], float], ...] = (("f", 63), ("m", 34), ("x", 3))
_AGES: tuple[tuple[Range, float], ...] = (
    ((19, 24), 18),
    ((25, 34), 27),
    ((35, 49), 29),
    ((50, 64), 18),
    ((65, 79), 8),
)
_YOUNG: Range = (14, 17)
_PROBLEMS = ("mood", "anxiety", "sleep", "burnout", "relations", "panic", "social", "grief")
_WHY_MISSED = (("not_come", 5), ("client_cancelled", 4), ("unit_cancelled", 1))
_SOON = 6
"""Days within which those come who come at once."""
_APART: tuple[tuple[int, float], ...] = ((0, 86), (1, 8), (-1, 6))
_BESIDE: tuple[tuple[str | None, float], ...] = (
    (None, 77),
    ("alcohol", 8),
    ("multi_service", 9),
    ("work_ability", 3),
    ("measure", 3),
)


def draw_courses(told: Shapes) -> Iterator[Course]:
    """Yield every course of a caseload; each client comes on a day of their own."""
    shapes = list(_spread(told))
    for number, shape in enumerate(shapes):
        chance = Chance(told.seed, number)
        unit = chance.weighed([(unit, unit.share) for unit in told.unit])
        young = shape.pathway == "youth"
        language = chance.weighed(_LANGUAGES)
        begun = _first_day(told, shape, number, chance)
        own = Chance(told.seed, number, "own step")
        yield Course(
            number=number,
            shape=shape,
            unit=unit,
            age=chance.number(_YOUNG if young else chance.weighed(_AGES)),
            sex=chance.weighed(_SEXES),
            language=language,
            municipality=chance.one(unit.municipalities),
            apart=(own.weighed(_APART), own.part()),
            acts=tuple(_acts(shape, begun, chance, told.goals[language])),
        )


def _spread(told: Shapes) -> Iterator[Shape]:
    """Yield a shape for each client, so that each has its share and none comes in a row."""
    shares = [(shape, shape.share) for shape in told.shape]
    whole = sum(share for _, share in shares)
    listed = [shape for shape, share in shares for _ in range(-(-told.clients * share // whole))]
    chance = Chance(told.seed, "order")
    keyed = sorted((chance.part(), place) for place in range(len(listed)))
    return (listed[place] for _, place in keyed)


def _first_day(told: Shapes, shape: Shape, number: int, chance: Chance) -> float:
    if shape.recent:
        return chance.between(*shape.recent)
    if number < told.at_once:
        return told.days - chance.part() * _SOON
    left = number - told.at_once
    share = (left + chance.part()) / max(told.clients - told.at_once, left + 1)
    return 3 + (told.days - 3) * (1 - share)


def _acts(shape: Shape, begun: float, chance: Chance, goals: Sequence[str]) -> Iterator[Act]:
    """Yield what happens from the first day on; what lies ahead of today is left to the future."""
    yield Act(begun, "added", {})
    totals = chance.number(shape.phq), chance.number(shape.gad)
    yield Act(begun, "first", _first_answers(shape, totals, chance))
    if shape.state != "confirmed":
        return
    if chance.of(75):
        yield Act(begun, "goal", {"words": chance.one(goals)})
    if chance.of(80):
        yield Act(begun, "agreement", {"rating": chance.weighed(((9, 4), (8, 5), (7, 3), (4, 1)))})
    if beside := chance.weighed(_BESIDE):
        told = {"what": beside, "points": chance.number((5, 19)), "words": chance.one(goals)}
        yield Act(begun, "beside", told)
    yield from _treated(shape, begun, totals, chance)


def _treated(shape: Shape, begun: float, totals: tuple[int, int], chance: Chance) -> Iterator[Act]:
    """Yield the wait, the treatment and its end."""
    wait = chance.number(shape.wait)
    yield Act(begun, "agreed", {"in_days": min(wait, 45) or 1})
    if shape.gone:
        yield Act(begun - chance.number(shape.gone), "closed", {"how": shape.how})
        return
    if wait > 21 and chance.of(12):
        yield Act(begun - wait / 3, "paused", {"why": "client_wish"})
        yield Act(begun - wait / 2, "resumed", {})
    day = begun - wait
    if not shape.contacts[1]:
        yield Act(begun - chance.number((14, 42)), "closed", {"how": shape.how})
        return
    day = yield from _period(shape, day, totals, chance, shape.then)
    if shape.then in {"stepped_up", "stepped_down"}:
        more = shape.model_copy(update={"course": tuple(part * 0.6 for part in shape.course)})
        day -= chance.number((10, 40))
        day = yield from _period(more, day, totals, chance, "completed")
    yield Act(day - chance.number((20, 40)), "closed", {"how": shape.how})


def _period(
    shape: Shape, day: float, totals: tuple[int, int], chance: Chance, why: End
) -> Generator[Act, None, float]:
    """Yield a treatment from its start to its end, with contacts and measurements; return when."""
    count = chance.number(shape.contacts)
    left = chance.between(*shape.course)
    yield Act(day, "started", {"choice": chance.part()})
    for number in range(1, count + 1):
        apart = chance.number(shape.apart)
        yield Act(day, "agreed", {"in_days": apart})
        day -= apart
        if chance.of(shape.missed):
            yield Act(day, "missed", {"why": chance.weighed(_WHY_MISSED)})
            continue
        done = number / count
        ors = round(16 + 18 * done * (1.2 - left) + chance.number((-2, 2)), 1)
        yield Act(day, "contact", {"ors": min(40, max(0, ors)), "srs": chance.number((29, 40))})
        if number % shape.measured == 0 and number < count:
            part = 1 - done * (1 - left)
            yield Act(day, "measured", _again(totals, part, "contact", chance))
    yield Act(day, "measured", _again(totals, left, "end", chance))
    rated = {"satisfaction": chance.number((6, 10)), "told": chance.of(60)}
    yield Act(day, "ended", {"why": why, **rated})
    return day


def _first_answers(shape: Shape, totals: tuple[int, int], chance: Chance) -> dict[str, object]:
    """Draw what a client answers beside what is calm in everybody."""
    phq, gad = totals
    told: dict[str, object] = {
        **_items("phq9", phq, 8, chance),
        **_items("gad7", gad, 7, chance),
        "phq9.difficulty": chance.number(shape.difficulty) if phq > 4 else 0,
        "history.weeks": chance.number(shape.weeks),
        "auditc.1": chance.number((0, 2)),
        "auditc.2": chance.number((0, 1)),
    }
    if shape.pathway == "adult":
        told |= {
            "problem.main": sorted({chance.one(_PROBLEMS), chance.one(_PROBLEMS)}),
            "work.ability": chance.number((5, 10)),
            "work.sick_leave_days": chance.one((0, 0, 0, 4, 12, 30)),
            "work.status": chance.weighed(
                (("working", 60), ("studying", 16), ("unemployed", 14), ("retired", 10))
            ),
            "segment": chance.weighed(((1, 50), (2, 30), (3, 14), (4, 6))),
        }
    if shape.danger:
        told |= {"phq9.9": 1, "suicide.thoughts": True}
    if shape.state == "open_stop":
        told |= {"danger.suicide": True}
    return told


def _again(
    totals: tuple[int, int], left: float, occasion: str, chance: Chance
) -> dict[str, object]:
    """Draw what a client answers in a follow-up; `left` is the part of the first totals."""
    phq, gad = (min(24, max(0, round(total * left + chance.number((-1, 1))))) for total in totals)
    better = 2 if left < 0.45 else 1 if left < 0.8 else 0
    return {
        **_items("phq9", phq, 8, chance),
        **_items("gad7", min(21, gad), 7, chance),
        "phq9.difficulty": min(3, phq // 7),
        "work.ability": 10 - min(5, phq // 4),
        "occasion": occasion,
        "ors.total": 36 - phq,
        "srs.total": chance.number((30, 40)),
        "target.better": better,
        "treatment.felt": 0 if left < 0.8 else 1 if left <= 1 else 2,
    }


def _items(name: str, total: int, count: int, chance: Chance) -> dict[str, int]:
    """Return the items of 0 to 3 points that make a total, some higher than others."""
    points = [0] * count
    while sum(points) < min(total, 3 * count):
        place = chance.number((0, count - 1))
        points[place] = min(3, points[place] + 1)
    return {f"{name}.{place}": value for place, value in enumerate(points, start=1)}


def asked_answers(
    pathway: Pathway, base: Mapping[str, object], told: Mapping[str, object], known: Answers
) -> dict[str, Answer]:
    """Return the answers to all that is asked: those told over a base, the empty text elsewhere.

    `known` is what the client card and the episode give.
    """
    raw = {**base, **{id_: value for id_, value in told.items() if id_ in pathway.facts}}
    return keep_asked(pathway, read_answers(pathway, raw), known)


def keep_asked(pathway: Pathway, answers: Answers, known: Answers) -> dict[str, Answer]:
    """Return the answers to what is asked beside what is known, with the empty text elsewhere."""
    counts = find_counting_answers(pathway, {**answers, **known})
    asked = {
        id_: answer
        for id_, answer in answers.items()
        if id_ in pathway.questions and id_ not in known and counts.get(id_, True)
    }
    left = unanswered_questions(pathway, {**known, **asked})
    return {**asked, **{question.id: "" for question in left if question.kind == "text"}}
