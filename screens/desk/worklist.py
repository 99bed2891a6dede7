"""What waits to be done: open stops, agreed days, legal deadlines, drafts, loose ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypedDict

from casework.coming import coming_days
from casework.language import N_, Speech
from casework.workspace import MUNICIPALITY, Workspace
from screens.base.keys import KeyBinding, Shown, digit_keys, hidden
from screens.base.lines import Line, Look, bold, paragraph, wrap
from screens.base.page import Beside, Page
from screens.base.prompt import PromptScreen
from screens.wording.day_words import day_words, named_day
from screens.wording.decision_words import URGENCY
from screens.wording.risk_words import glance_words
from store.codes import show
from store.records import Occasion, WorkItem
from store.text_guard import LONGEST_UNIT

if TYPE_CHECKING:
    from casework.care_names import CareNames

_ROWS = 9
_COUNTED = 18
"""Counting goes so far past what is shown: it would take longer with everything that waits."""

_NEAR = timedelta(days=31)
"""Up to so long ahead a day is told with its weekday, and its holiday."""

_MEASUREMENTS: Mapping[Occasion, str] = {
    "danger": N_("! assess safety today: {when}"),
    "contact": N_("measurement at a contact: {when}"),
    "end": N_("measurement at the end: {when}"),
    "months": N_("measurement after treatment: {when}"),
}


class _Choice(TypedDict):
    """Whose matters are listed."""

    own: bool
    municipality: str | None
    unit: str | None


class WorklistScreen(Page[WorkItem | None]):
    """Returns the matter to take up, or nothing to go back."""

    def __init__(self, workspace: Workspace, beside: Beside | None = None) -> None:
        super().__init__(workspace)
        self._beside = beside
        """Draws on a wide terminal what goes on with the client at the pointer."""
        self._day = workspace.today
        """The day that the list is of; at midnight what waits does not change by itself."""
        self._items: list[WorkItem] = []
        self._waiting = self._coming = 0
        """How many matters wait, and how many contacts are agreed for the days ahead.

        Both together are counted as far as `_most`, which is always past the page that is shown.
        """
        self._most = 0
        self._first = self._cursor = 0
        self._own = False
        self._here = False
        """Whether only clients of the site's own municipality are listed."""
        self._place: str | None = None
        self._ours = False
        """Whether only what was begun in the worker's unit is listed."""
        self._unit: str | None = None

    def open(self) -> None:
        """Look up what waits."""
        self._place = self.attempt(lambda: self.workspace.store.settings.get(MUNICIPALITY))
        self._unit = self.attempt(self.workspace.store.staff.get_own_unit)
        self.workspace.refresh_worklist()
        self._look_up()

    def _look_up(self) -> None:
        """Count what waits and what comes, and show the first page of it."""
        self._day = self.workspace.today
        self._first = self._most = 0
        self._show()

    def _count_on(self) -> None:
        """Count what waits, then what comes, as far past this page as anybody wants to know."""
        worklist, choice = self.workspace.store.worklist, self._choice()
        today = self.workspace.today
        most = self._most = self._first + _ROWS + _COUNTED
        waiting = partial(worklist.count_items, today, at_most=most, **choice)
        self._waiting = self.attempt(waiting) or 0
        room = most - self._waiting
        coming = partial(worklist.count_contacts, *coming_days(today), at_most=room, **choice)
        self._coming = (self.attempt(coming) or 0) if room else 0

    def _show(self) -> None:
        if self._first + _ROWS >= self._most:
            self._count_on()
        self._items = self.attempt(self._page) or []
        self._cursor = 0
        self.draw()

    def _page(self) -> list[WorkItem]:
        """Return what stands on this page: what waits, then what comes."""
        worklist, today, choice = (
            self.workspace.store.worklist,
            self.workspace.today,
            self._choice(),
        )
        items = worklist.list_items(today, limit=_ROWS, offset=self._first, **choice)
        room, after = _ROWS - len(items), max(0, self._first - self._waiting)
        if room and self._coming:
            items += worklist.list_contacts(*coming_days(today), limit=room, offset=after, **choice)
        return items

    @property
    def _count(self) -> int:
        return self._waiting + self._coming

    def _choice(self) -> _Choice:
        return {
            "own": self._own,
            "municipality": self._place if self._here else None,
            "unit": self._unit if self._ours else None,
        }

    def top(self) -> tuple[str, str]:
        """Tell which part of the list is shown."""
        last = self._first + len(self._items)
        more = "+" if self._count == self._most else ""
        shown = f"{self._first + 1}–{last}/{self._count}{more}" if self._items else ""
        return self.t("Worklist"), shown

    def body(self, width: int) -> list[Line]:
        """List what waits, the most pressing first, then the contacts that come."""
        lines: list[Line] = [bold(self._chosen()), ()]
        if not self._waiting:
            lines += paragraph(self.t("Nothing waits."), width)
        for place, item in enumerate(self._items):
            if place + self._first == self._waiting:
                lines += [(), bold(self.t("Contacts of the coming week"))]
            start = len(lines)
            lines += self._row(place, item, width)
            if place == self._cursor:
                self.in_view = start, len(lines) - 1
        if any(item.kind == "guarantee" for item in self._items):
            note = self.t(
                "Where two legal times run for a client, the one that ends first is listed."
            )
            lines += [(), *paragraph(note, width, look="dim")]
        return lines

    def _row(self, place: int, item: WorkItem, width: int) -> Iterator[Line]:
        """Yield a matter: its number, the client, what it is, and the risk on a row of its own."""
        today, pressing = self.workspace.today, item.is_pressing(self.workspace.today)
        what = told(item, today, self.workspace.care_names, self.t)
        if item.wrong_client:
            what += "   ! " + self.t("wrong client")
        pointer = ">" if place == self._cursor else " "
        head = f" {'!' if pressing else ' '} {show(item.client)}  "
        indent = len(f"{pointer} 1{head}")
        first, *more = wrap(what, width - indent)
        look: Look = "danger" if pressing else "bold" if item.due == today else "normal"
        yield (f"{pointer} ", "normal"), (str(place + 1), "accent"), (head, "normal"), (first, look)
        risk = glance_words(item.risk, self.t)
        rows = [(row, look) for row in more]
        rows += [(row, "danger") for row in (wrap(risk, width - indent) if risk else ())]
        yield from ((((" " * indent), "normal"), row) for row in rows)

    def aside(self, width: int) -> list[Line]:
        """Draw the episode of the client at the pointer."""
        if self._beside is None or not self._items:
            return []
        item = self._items[self._cursor]
        return self._beside.lines(item.client_id, width, eighths=self.host.eighths)

    def _chosen(self) -> str:
        parts = [self.t("begun by me") if self._own else self.t("begun by anyone")]
        if self._ours:
            parts.append(self._unit or "")
        if self._here:
            parts.append(self.workspace.get_municipality_name(self._place, self.workspace.language))
        return " · ".join(parts)

    def key_list(self) -> Shown:
        """Return the keys: a digit takes a matter up; letters choose whose are listed."""
        picks = (partial(self.leave, item) for item in self._items)
        more = self._count > _ROWS
        change = self.bind("U", "change unit", self._ask_unit)
        return [
            *digit_keys(self.t("take up"), picks),
            *(self._pointer_keys() if self._items else []),
            *([KeyBinding("tab", "Tab", self.t("more"), self._turn, moves=True)] if more else []),
            *self._choice_keys(),
            *([change] if self._ours else []),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]

    def _pointer_keys(self) -> list[KeyBinding]:
        return [
            KeyBinding("enter", "Enter", self.t("take >"), self._take, medium="screen"),
            hidden("down", partial(self._move, 1), moves=True, medium="screen"),
            hidden("up", partial(self._move, -1), moves=True, medium="screen"),
        ]

    def _choice_keys(self) -> Iterator[KeyBinding]:
        """Yield the keys that say whose matters are listed."""
        if self._own:
            yield self.bind("o", "everybody's", self._switch_own)
        else:
            yield self.bind("o", "only mine", self._switch_own)
        if self._place and self._here:
            yield self.bind("m", "every municipality", self._switch_here)
        elif self._place:
            yield self.bind("m", "only our municipality", self._switch_here)
        if self._ours:
            yield self.bind("u", "every unit", self._switch_ours)
        else:
            yield self.bind("u", "only our unit", self._switch_ours)

    def _is_over(self) -> bool:
        """Look anew if a new day has begun while the page stood here; tell whether one has."""
        if self._day == self.workspace.today:
            return False
        self.workspace.refresh_worklist()
        self._look_up()
        return True

    def _move(self, rows: int) -> None:
        if self._is_over():
            return
        self._cursor = (self._cursor + rows) % len(self._items)
        self.draw(awake=True)

    def _take(self) -> None:
        self.leave(self._items[self._cursor])

    def _turn(self) -> None:
        if self._is_over():
            return
        following = self._first + _ROWS
        self._first = following if following < self._count else 0
        self._show()
        if not self._items:  # what stood here was done in another window
            self._look_up()

    def _switch_own(self) -> None:
        self._own = not self._own
        self._look_up()

    def _switch_here(self) -> None:
        self._here = not self._here
        self._look_up()

    async def _switch_ours(self) -> None:
        if self._unit is None:
            await self._ask_unit()
            return
        self._ours = not self._ours
        self._look_up()

    async def _ask_unit(self) -> None:
        """Ask where the nurse works; what colleagues wrote stands there to be taken as it is."""
        known = self.attempt(self.workspace.store.staff.list_units) or []
        # To go where colleagues work is said by an administrator.
        free = self.attempt(lambda: self.workspace.store.may("people"))
        others = [unit for unit in known if unit != self._unit] if free else []
        text = [self.t("Type the name of the unit, never that of a person.")]
        if others:
            text.append(self.t("Units here: {units}.", units=", ".join(others[:_ROWS])))
        if self._unit is not None:
            text.append(self.t("What you have begun stays with the unit where you began it."))
        prompt = PromptScreen(
            self.workspace,
            self.t("Which unit do you work in?"),
            " ".join(text),
            keep=self.workspace.store.staff.set_own_unit,
            begin_with=others[0] if others else "",
            longest=LONGEST_UNIT,
        )
        if await self.ask(prompt) is not None:
            self._unit = self.attempt(self.workspace.store.staff.get_own_unit)
            self._ours = True
            self._look_up()
            if self._unit is not None:
                self.say(self.t("Stored: you work in {unit}.", unit=self._unit))


def told(item: WorkItem, today: date, names: CareNames, t: Speech) -> str:
    """Say what waits, and how long there is or has been."""
    match item.kind:
        case "open_stop":
            return _stops(item, today, t)
        case "next_contact":
            told = t("agreed contact: {when}", when=_when(item, today, t))
            who = item.who or names.role(item.role)
            return f"{told}, {who}" if who else told
        case "measurement":
            words = _MEASUREMENTS[item.occasion or "contact"]
            return t(words, when=_when(item, today, t))
        case "review":
            track = names.track(item.track or "")
            return t("{track}: review {when}", track=track, when=_left(item.due, today, t))
        case "guarantee":
            name = names.deadline(item.rule or "")
            when = t("the time stands still") if item.paused else _when(item, today, t)
            asked = t("not told whether the treatment counts") if item.untold else ""
            return "; ".join(filter(None, (f"{name}: {when}", asked)))
        case "unconfirmed":
            return t("result not confirmed, begun {day}", day=item.since)
        case "draft":
            return t("draft since {day}", day=item.since)
        case "no_next_contact":
            return t("no next contact agreed, last {day}", day=item.since)


def _stops(item: WorkItem, today: date, t: Speech) -> str:
    """Say how urgent the open stops of a draft are, and since when the first is open."""
    since = t("safety stop open since {day}", day=day_words(item.since, today, t))
    urgency = t(URGENCY[item.stops[0].urgency]) if item.stops else ""
    return " · ".join(filter(None, (urgency, since)))


def _when(item: WorkItem, today: date, t: Speech) -> str:
    if item.due is None:
        return ""
    near = timedelta() <= item.due - today <= _NEAR
    day = named_day(item.due, t) if near else t.day(item.due)
    if item.time:
        day = t("{day} {clock}", day=day, clock=t.clock(time.fromisoformat(item.time)))
    return f"{day} ({_left(item.due, today, t)})"


def _left(due: date | None, today: date, t: Speech) -> str:
    """Say how long there is, or how late it is; nothing of what has no day."""
    if due is None:
        return ""
    days = (due - today).days
    if days in (0, 1):
        return t("tomorrow") if days else t("today")
    if days < 0:
        return t.many("{count} day late", "{count} days late", -days)
    return t.many("{count} day left", "{count} days left", days)
