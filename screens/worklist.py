"""What waits to be done: open stops, agreed contacts, legal deadlines, drafts, loose ends."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from screens.care_words import DEADLINES
from screens.desk import MUNICIPALITY, Desk
from screens.sheet import Command, Sheet, bold, paragraph
from screens.widgets.lines import Line, plain
from store.codes import show
from store.records import WorkItem

_ROWS = 9


class WorklistScreen(Sheet[WorkItem | None]):
    """Returns the matter to take up, or nothing to go back."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._items: list[WorkItem] = []
        self._count = 0
        self._first = 0
        self._own = False
        self._here = False
        """Whether only clients of the site's own municipality are listed."""
        self._place: str | None = None

    def on_mount(self) -> None:
        """Look up what waits, then draw."""
        self._place = self.attempt(lambda: self.desk.store.setting(MUNICIPALITY))
        self._look_up()

    def _look_up(self) -> None:
        store, today = self.desk.store, self.desk.today
        place = self._place if self._here else None
        own = self._own
        count = self.attempt(lambda: store.count_worklist(today, own=own, municipality=place))
        found = self.attempt(
            lambda: store.worklist(
                today, own=own, municipality=place, limit=_ROWS, offset=self._first
            )
        )
        self._count, self._items = count or 0, found or []
        self.draw()

    def top(self) -> tuple[str, str]:
        """Tell which part of the list is shown."""
        last = self._first + len(self._items)
        shown = f"{self._first + 1}–{last}/{self._count}" if self._items else ""
        return self.t("Worklist"), shown

    def body(self, width: int) -> list[Line]:
        """List what waits, the most pressing first."""
        lines: list[Line] = [bold(self._chosen()), ()]
        for number, item in enumerate(self._items, start=1):
            mark = "!" if self._pressing(item) else " "
            lines.append(plain(f" {number} {mark} {show(item.client)}  {self._told(item)}"))
        if not self._items:
            lines += paragraph(self.t("Nothing waits."), width)
        return lines

    def _chosen(self) -> str:
        parts = [self.t("begun by me") if self._own else self.t("begun by anyone")]
        if self._here:
            parts.append(self.desk.municipality_name(self._place, self.desk.language))
        return " · ".join(parts)

    def _pressing(self, item: WorkItem) -> bool:
        late = item.due is not None and item.due < self.desk.today
        return item.kind == "open_stop" or late

    def _told(self, item: WorkItem) -> str:
        """What waits, and how long there is or has been."""
        match item.kind:
            case "open_stop":
                return self.t("safety stop open since {day}", day=item.since)
            case "next_contact":
                return self.t("agreed contact: {when}", when=self._when(item))
            case "guarantee":
                name = self.t(DEADLINES[item.rule]) if item.rule else ""
                if item.paused:
                    return self.t("{rule}: the time stands still", rule=name)
                return self.t("{rule}: {when}", rule=name, when=self._when(item))
            case "draft":
                return self.t("draft since {day}", day=item.since)
            case "no_next_contact":
                return self.t("no next contact agreed, last {day}", day=item.since)

    def _when(self, item: WorkItem) -> str:
        if item.due is None:
            return ""
        days = (item.due - self.desk.today).days
        if days < 0:
            late = self.t.many("{count} day late", "{count} days late", -days)
            return f"{item.due} ({late})"
        left = self.t.many("{count} day left", "{count} days left", days)
        return f"{item.due} ({left})"

    def commands(self) -> Sequence[Command]:
        """A digit takes a matter up; letters choose whose are listed."""
        picks = [
            Command(str(n), "", "", partial(self.dismiss, item))
            for n, item in enumerate(self._items, start=1)
        ]
        more = self._count > _ROWS
        own = self.t("everybody's") if self._own else self.t("only mine")
        here = self.t("every municipality") if self._here else self.t("only our municipality")
        return [
            *([Command("", f"1–{len(picks)}", self.t("take up"), lambda: None)] if picks else []),
            *picks,
            *([Command("tab", "Tab", self.t("more"), self._turn)] if more else []),
            Command("o", "o", own, self._switch_own),
            *([Command("m", "m", here, self._switch_here)] if self._place else []),
            Command("escape,left,backspace", "Esc", self.t("back"), partial(self.dismiss, None)),
        ]

    def _turn(self) -> None:
        following = self._first + _ROWS
        self._first = following if following < self._count else 0
        self._look_up()

    def _switch_own(self) -> None:
        self._own, self._first = not self._own, 0
        self._look_up()

    def _switch_here(self) -> None:
        self._here, self._first = not self._here, 0
        self._look_up()
