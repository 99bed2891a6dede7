"""The lists of the start page: what waits today, the clients seen last, and coming contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING

from casework.desk.waiting import Waiting, is_urgent
from casework.language import N_, Speech, born
from screens.base.lines import POINTER, Line, Look, bold, paragraph, plain, wrap
from screens.wording.day_words import distance, short_day, short_moment
from store.codes import show
from store.records import RiskGlance, SeenClient, WorkItem

if TYPE_CHECKING:
    from casework.desk.glance import EpisodeGlance, ScoreGlance

_WHEN = 58
"""The column at which a row says when, where there is room for one."""

_NEAR = 2
"""Today and tomorrow are said by name."""

_GAP = 2
_COMING_ROWS = 2

_RISK: Mapping[str, str] = {"attempt": N_("suicide attempt"), "suicide": N_("danger of suicide")}
_ARROWS = {"down": "↓", "up": "↑", "same": "="}
_BETTER: Mapping[bool | None, Look] = {True: "good", False: "warning", None: "normal"}

_WAITS: Mapping[str, str] = {
    "open_stop": N_("safety stop open"),
    "measurement": N_("measurement"),
    "review": N_("agreed review"),
    "guarantee": N_("legal time to begin care"),
    "unconfirmed": N_("result not confirmed"),
    "draft": N_("unfinished assessment"),
    "no_next_contact": N_("no next contact agreed"),
}
"""What waits, but for a contact."""


@dataclass(frozen=True)
class StartLists:
    """Says the lists of a day in one language, each line at most `width` cells wide."""

    today: date
    t: Speech
    width: int
    cursor: int
    """The row that the pointer stands on."""
    glances: Mapping[str, EpisodeGlance] = field(default_factory=dict)
    """What is known of episodes by id."""
    aloud: bool = False
    """Whether the lists are read out: in words and commas, without columns and signs."""

    def waiting(self, matters: Iterable[Waiting]) -> list[Line]:
        """Return a row for each matter, under its digit."""
        lines: list[Line] = []
        for row, each in enumerate(matters):
            item = each.item
            marked = is_urgent(item) or bool(item.risk)
            head = self._head(row, f"{row + 1} ", show(item.client), marked=marked)
            lines += self._beside(head, self._what(each), *self._when(each))
        return lines or paragraph(self.t("Nothing waits."), self.width, indent=2)

    def _head(self, row: int, number: str, code: str, *, marked: bool) -> Line:
        here = row == self.cursor
        mark: Look = "danger" if marked else "normal"
        return (
            (f"{POINTER if here else '  '}{number}", "bold" if here else "normal"),
            ("! " if marked else "  ", mark),
            (code, "bold" if here else "normal"),
        )

    def _beside(self, head: Line, what: str, when: str, look: Look) -> list[Line]:
        """Set what waits beside a client, and when: a day at the right, a delay right behind."""
        indent = sum(len(text) for text, _ in head) + 2
        if self.aloud:
            what, when = ", ".join(filter(None, (what, when))), ""
        room, space = self.width - indent, 1 if look == "danger" else 2
        if look == "normal" and _WHEN + len(when) <= self.width:
            space = max(space, _WHEN - indent - len(what))
        if len(what) + space + len(when) <= room:
            ends: Line = ((" " * space, "normal"), (when, look)) if when else ()
            return [(*head, (f"  {what}", "normal"), *ends)]
        first, *more = wrap(what, room)
        rows: list[Line] = [(*head, ("  " + first, "normal"))]
        rows += [plain(" " * indent + row) for row in more]
        return [*rows, *(plain(" " * indent + row, look) for row in wrap(when, room) if row)]

    def _what(self, waiting: Waiting) -> str:
        item, draft = waiting.item, waiting.draft
        if item.kind == "next_contact":
            told = self._contact(item)
        elif item.occasion == "danger":
            told = self.t("assess safety today")
        else:
            told = self.t(_WAITS[item.kind])
        begun = draft if item.kind == "draft" else None
        answers = begun and self.t.many("{count} answer", "{count} answers", begun.answered)
        wrong = item.wrong_client and self.t("wrong client")
        risk = "" if item.kind == "open_stop" else self._risk(item.risk)
        return ", ".join(part for part in (told, answers, wrong, risk) if part)

    def _contact(self, item: WorkItem) -> str:
        """Say which contact is agreed: by its time today, by its day if it is late."""
        due = item.due or self.today
        when = "" if due == self.today else short_day(due, self.today, self.t)
        told = " ".join(filter(None, (self.t("agreed contact"), when, self._time(item))))
        return f"{told}, {item.who}" if item.who else told

    def _time(self, item: WorkItem) -> str:
        return self.t.clock(time.fromisoformat(item.time)) if item.time else ""

    def _risk(self, risk: Sequence[RiskGlance]) -> str:
        return self.t(_RISK[risk[0].kind]) if risk else ""

    def _when(self, waiting: Waiting) -> tuple[str, Look]:
        item, t = waiting.item, self.t
        if waiting.draft is not None:
            return short_moment(waiting.draft.last_at, self.today, t), "normal"
        if item.paused:
            return t("the time stands still"), "normal"
        if item.due is None:
            return short_day(item.since, self.today, t), "normal"
        days = (item.due - self.today).days
        if days < 0:
            return t.many("{count} day late", "{count} days late", -days), "danger"
        if item.kind == "guarantee":
            left = t.many("{count} day left", "{count} days left", days)
            return (left if days else t("today")), "normal"
        return distance(item.due, self.today, t), "normal"

    # -- clients seen lately -------------------------------------------------

    def heading(self) -> Line:
        """Return the title of the clients seen last, with the captions of their columns."""
        t = self.t
        if self.aloud:
            return bold(t("Clients seen lately"))
        head = f"{t('Clients seen lately'):<22}"
        captions = f"{t('step'):<23}{t('next contact')}"
        return ((head, "bold"), (captions, "dim"))

    def seen(self, clients: Iterable[SeenClient], first: int) -> list[Line]:
        """Return a row for each client seen last; `first` is the row of the first one."""
        lines: list[Line] = []
        for row, each in enumerate(clients, start=first):
            lines += self._spoken(row, each) if self.aloud else [self._client(row, each)]
        return lines or [plain(self.t("  none"))]

    def _client(self, row: int, each: SeenClient) -> Line:
        glance = self.glances.get(each.episode_id or "")
        marked = each.stopped or bool(each.risk)
        return (
            *self._head(row, "", show(each.client.code), marked=marked),
            (f"  {each.client.birth_year or '?'!s:<7}", "normal"),
            *self._care(glance),
            self._next(each),
        )

    def _spoken(self, row: int, each: SeenClient) -> list[Line]:
        """Say in words what a row tells of a client."""
        t, glance = self.t, self.glances.get(each.episode_id or "")
        when, _ = self._next(each)
        parts = (
            born(each.client.birth_year, t),
            t("step {step}", step=glance.step) if glance and glance.step is not None else "",
            self._told(glance.score) if glance and glance.score else "",
            f"{t('next contact')} {when}" if when else "",
            t("safety stop open") if each.stopped else self._risk(each.risk),
        )
        head = self._head(row, "", show(each.client.code), marked=each.stopped or bool(each.risk))
        return self._beside(head, ", ".join(filter(None, parts)), "", "normal")

    def _told(self, score: ScoreGlance) -> str:
        first, *last = map(self._points, score.points)
        now = self.t("{first}, now {last}", first=first, last=last[0]) if last else first
        return f"{score.name} {now}"

    def _care(self, glance: EpisodeGlance | None) -> Line:
        """Say the step and the score of an episode, as soon as they are known."""
        step, score = (glance.step, glance.score) if glance else (None, None)
        told: Line = ((f"{'' if step is None else step:<8}", "normal"),)
        if score is None:
            return (*told, (" " * 15, "normal"))
        points = "→".join(map(self._points, score.points))
        text, direction = f"{score.name} {points} ", score.direction
        arrow = _ARROWS[direction] if direction else ""
        space = " " * max(1, 15 - len(text) - len(arrow))
        return (*told, (text, "normal"), (arrow, _BETTER[score.better]), (space, "normal"))

    def _points(self, points: float | None) -> str:
        return "?" if points is None else self.t.number(points)

    def _next(self, each: SeenClient) -> tuple[str, Look]:
        if each.due is None:
            return "", "normal"
        days = (each.due - self.today).days
        if days < 0:
            return self.t("late"), "danger"
        say = distance if days < _NEAR else short_day
        return say(each.due, self.today, self.t), "normal"

    # -- contacts of the days ahead --------------------------------------------

    def coming(self, contacts: Sequence[WorkItem], total: int) -> list[Line]:
        """Return the contacts of the days ahead side by side, in two rows at most."""
        title = self.t("Coming")
        indent = len(title) + _GAP
        cells = [self._cell(item) for item in contacts]
        size = max(map(len, cells), default=1) + _GAP
        beside = max(1, (self.width - indent + _GAP) // size)
        room = _COMING_ROWS * beside
        if total > room:
            shown = cells[: room - 1]
            cells = [*shown, self.t("and {count} more", count=total - len(shown))]
        rows = [cells[at : at + beside] for at in range(0, len(cells), beside)]
        texts = ["".join(f"{cell:<{size}}" for cell in row).rstrip() for row in rows]
        heads = [title, *[""] * len(texts)]
        return [
            ((f"{head:<{indent}}", "bold"), (text, "normal"))
            for head, text in zip(heads, texts, strict=False)
        ]

    def _cell(self, item: WorkItem) -> str:
        day = short_day(item.due or self.today, self.today, self.t)
        return " ".join(filter(None, (day, self._time(item), show(item.client))))
