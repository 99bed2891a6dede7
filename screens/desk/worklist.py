"""What waits to be done: open stops, agreed days, legal deadlines, drafts, loose ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypedDict

from casework.language import N_, Speech
from casework.workspace import MUNICIPALITY, Workspace
from screens.base.keys import KeyBinding, Shown, digit_keys
from screens.base.lines import Line, bold, paragraph, plain, wrap
from screens.base.page import Page
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

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._items: list[WorkItem] = []
        self._count = 0
        self._first = 0
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
        """Count what waits, and show the first page of it."""
        self._first = 0
        count = partial(
            self.workspace.store.worklist.count_items, self.workspace.today, **self._choice()
        )
        self._count = self.attempt(count) or 0
        self._show()

    def _show(self) -> None:
        store, today, first = self.workspace.store, self.workspace.today, self._first
        page = partial(
            store.worklist.list_items, today, limit=_ROWS, offset=first, **self._choice()
        )
        self._items = self.attempt(page) or []
        self.draw()

    def _choice(self) -> _Choice:
        return {
            "own": self._own,
            "municipality": self._place if self._here else None,
            "unit": self._unit if self._ours else None,
        }

    def top(self) -> tuple[str, str]:
        """Tell which part of the list is shown."""
        last = self._first + len(self._items)
        shown = f"{self._first + 1}–{last}/{self._count}" if self._items else ""
        return self.t("Worklist"), shown

    def body(self, width: int) -> list[Line]:
        """List what waits, the most pressing first."""
        lines: list[Line] = [bold(self._chosen()), ()]
        for number, item in enumerate(self._items, start=1):
            mark = "!" if item.is_pressing(self.workspace.today) else " "
            what = told(item, self.workspace.today, self.workspace.care_names, self.t)
            text = "\n".join(filter(None, (what, glance_words(item.risk, self.t))))
            if item.wrong_client:
                text += "   ! " + self.t("wrong client")
            head = f" {number} {mark} {show(item.client)}  "
            first, *more = wrap(text, width - len(head))
            lines += [plain(head + first), *(plain(" " * len(head) + row) for row in more)]
        if not self._items:
            lines += paragraph(self.t("Nothing waits."), width)
        if any(item.kind == "guarantee" for item in self._items):
            note = self.t(
                "Where two legal times run for a client, the one that ends first is listed."
            )
            lines += [(), *paragraph(note, width)]
        return lines

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
        own = self.t("everybody's") if self._own else self.t("only mine")
        ours = self.t("every unit") if self._ours else self.t("only our unit")
        here = self.t("every municipality") if self._here else self.t("only our municipality")
        return [
            *digit_keys(self.t("take up"), picks),
            *([KeyBinding("tab", "Tab", self.t("more"), self._turn, moves=True)] if more else []),
            KeyBinding("o", "o", own, self._switch_own),
            *([KeyBinding("m", "m", here, self._switch_here)] if self._place else []),
            KeyBinding("u", "u", ours, self._switch_ours),
            *([KeyBinding("U", "U", self.t("change unit"), self._ask_unit)] if self._ours else []),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]

    def _turn(self) -> None:
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
    return f"{day} ({_left(item.due, today, t)})"


def _left(due: date | None, today: date, t: Speech) -> str:
    """Say how long there is, or how late it is; nothing of what has no day."""
    if due is None:
        return ""
    days = (due - today).days
    if days == 0:
        return t("today")
    if days < 0:
        return t.many("{count} day late", "{count} days late", -days)
    return t.many("{count} day left", "{count} days left", days)
