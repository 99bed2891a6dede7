"""One report on a page: its period and what it is told by change under keys, and it is written."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from casework.reports.areas import employment_areas
from casework.reports.audience import hides_few, scopes_for
from casework.reports.making import make_report
from casework.reports.targets import site_targets
from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, paragraph
from screens.base.page import Page
from screens.base.prompt import PromptScreen
from screens.reports import body, words
from screens.reports.choosing import (
    breakdown_screen,
    breakdowns_of,
    forms_screen,
    may_be_asked,
    not_over,
    period_screen,
    periods_near,
    typed_period,
)
from screens.reports.forms import ANY, FORMS, Form
from screens.reports.group_words import names_here
from screens.reports.spoken import spoken_lines
from stepping.finland import finnish_day
from stepping.reports.catalogue import PARTS, find_breakdown
from stepping.reports.evaluate import has_no_file
from stepping.reports.model import Breakdown, Report, Scope
from stepping.reports.periods import Period, newest_whole, spanning
from stepping.reports.table import Table
from stepping.reports.targets import Targets
from store.errors import shown
from store.output import Guarded, Unwritten, find_target, write_file

_WHOLE = 100_000
"""More rows than a report has: whatever shows the page turns it."""
_LONGEST = 400
"""Characters that a file's path may have."""


class ReportScreen(Page[Period]):
    """Shows a report; returns the period that it was left at."""

    def __init__(
        self, workspace: Workspace, report: Report, period: Period | None, guarded: Guarded
    ) -> None:
        super().__init__(workspace)
        self._report = report
        self._guarded = guarded
        self._today = finnish_day(workspace.store.clock())
        self._period = period or newest_whole("quarter", self._today)
        self._by: Breakdown | None = None
        self._scopes = scopes_for(workspace.store, report)
        self._scope: Scope = next(iter(self._scopes), "all")
        self._table: Table | None = None
        """What was counted; nothing where the store did not tell."""
        self._names = names_here(workspace)
        self._targets, self._faults = Targets(), ""

    def open(self) -> None:
        """Count it for the first time, beside the site's targets."""
        self._targets, self._faults = site_targets(self.workspace)
        self._count(self._by, self._period)

    @property
    def _hides(self) -> bool:
        return hides_few(self._scope)

    def _count(self, by: Breakdown | None, period: Period, scope: Scope | None = None) -> None:
        """Count it by something, for a period; where that fails, what is shown stays."""
        scope = scope or self._scope
        made = partial(self._made_of, by, period, scope)
        table = self.attempt(made)
        if table is not None:
            self._table, self._by, self._period, self._scope = table, by, period, scope
            self.offset_rows, self.message = 0, ""
        self.draw()

    def _made_of(
        self, by: Breakdown | None, period: Period, scope: Scope, *, for_file: bool = False
    ) -> Table:
        """Have it counted, which is logged."""
        return make_report(
            self.workspace.store,
            self._report,
            by,
            period,
            scope=scope,
            areas=employment_areas(self.workspace, by),
            targets=self._targets,
            for_file=for_file,
        )

    # -- what stands on it ---------------------------------------------------

    def top(self) -> tuple[str, str]:
        """Name the page and the period."""
        return self.t("Report"), words.period_words(self._period, self.t)

    def body(self, width: int) -> list[Line]:
        """Draw the figures with their bars."""
        if self._table is None:
            return []
        (page,) = body.pages(self._table, self._names, self.t, width, _WHOLE)
        return [*page, *self._hint(self._table, width), (), *self._made(self._table, width)]

    def spoken(self, width: int) -> list[Line]:
        """Say the figures in words."""
        if self._table is None:
            return []
        lines = spoken_lines(self._table, self._names, self.t, width)
        return [*lines, *self._hint(self._table, width), *self._made(self._table, width)]

    def _hint(self, table: Table, width: int) -> list[Line]:
        """Say in training how an empty report comes to figures."""
        if not (table.is_empty and self.workspace.store.training):
            return []
        told = self.t("Training, begin anew, 200 clients: with those the reports have figures.")
        return paragraph(told, width)

    def _made(self, table: Table, width: int) -> list[Line]:
        return [*self._fault_lines(width), *self._made_lines(table, width)]

    def _fault_lines(self, width: int) -> list[Line]:
        if not self._faults:
            return []
        told = self.t("The targets cannot be read: {faults}", faults=self._faults)
        return paragraph(told, width, look="warning")

    def _made_lines(self, table: Table, width: int) -> list[Line]:
        return paragraph(words.made_words(table, self.t), width, look="dim")

    def key_list(self) -> Shown:
        """Return the keys: another time, another breakdown, a file, back."""
        return [
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self._back),
            self.bind("e", "earlier", partial(self._shift, -1)),
            self.bind("l", "later", partial(self._shift, 1)),
            self.bind("p", "period", self._ask_period),
            self.bind("b", "by what", self._ask_breakdown),
            *([self.bind("u", "unit/all", self._change_scope)] if self._may_choose else []),
            *([self.bind("w", "write to a file", self._ask_form)] if self._table else []),
        ]

    @property
    def _may_choose(self) -> bool:
        return len(self._scopes) > 1

    def _back(self) -> None:
        self.leave(self._period)

    # -- another question ----------------------------------------------------

    def _shift(self, times: int) -> None:
        """Go to the next period of the same length, or to the one before."""
        by = times * self._period.length
        period = spanning(self._period.first + by, self._period.last + by)
        if may_be_asked(period, self._today, over=self._hides):
            self._count(self._by, period)
        elif times < 0:
            self.say(self.t("No earlier period can be asked for."))
        elif self._hides:
            self.say(not_over(self.workspace, period, self._today))
        else:
            self.say(self.t("No later period has begun."))

    async def _ask_period(self) -> None:
        near = periods_near(self._period, self._today)
        picked = await self.ask(period_screen(self.workspace, near))
        if picked is None:
            return
        if picked < len(near):
            self._count(self._by, near[picked])
            return
        typed = await self.ask(typed_period(self.workspace, self._today, over=self._hides))
        if typed is not None:
            self._count(self._by, typed)

    async def _ask_breakdown(self) -> None:
        names = breakdowns_of(self._report, self._period, self._scope)
        picked = await self.ask(breakdown_screen(self.workspace, names))
        if picked is not None:
            by = find_breakdown(self._report, names[picked - 1]) if picked else None
            self._count(by, self._period)

    def _change_scope(self) -> None:
        """Count the other rows: all units in place of one, or one in place of all.

        What one unit cannot be told by, and a period that is not over for all, give way.
        """
        scope: Scope = "unit" if self._scope == "all" else "all"
        names = breakdowns_of(self._report, self._period, scope)
        by = self._by if self._by and self._by.name in names else None
        over = self._period.is_over(self._today) or not hides_few(scope)
        period = self._period if over else newest_whole(self._period.kind, self._today)
        self._count(by, period, scope)

    # -- to a file -----------------------------------------------------------

    async def _ask_form(self) -> None:
        """Ask for the form and the path; what cannot be is said while it can be put right."""
        if self._stays:
            self.say(words.only_on_screen(self._scope, self.t))
            return
        period = self._period
        if not period.is_over(self._today):
            period = newest_whole(period.kind, self._today)
            self._count(self._by, period)
            if self._period != period:
                return
            self.say(not_over(self.workspace, period, self._today))
        picked = await self.ask(forms_screen(self.workspace, period))
        if picked is None:
            return
        form = [*FORMS.values()][picked]
        prompt = PromptScreen(
            self.workspace,
            self.t("Where does the file go?"),
            self.t("Write the path of a new file. Nothing that stands is replaced."),
            check=self._fault,
            begin_with=self._usual(form),
            longest=_LONGEST,
        )
        text = await self.ask(prompt)
        if text is not None:
            self._write(text, form)

    @property
    def _stays(self) -> bool:
        """Whether there is no file of what is shown."""
        by = self._by if self._by and self._by.name not in PARTS else None
        return has_no_file(self._scope, by)

    def _usual(self, form: Form) -> str:
        """Return a name by what is asked, in the user's own folder."""
        by = [self._by.name] if self._by else []
        asked = "-".join([self._report.name, *by, self._period.name])
        return f"~/porras-{asked}.{form.ending}"

    def _fault(self, text: str) -> str | None:
        try:
            find_target(Path(text), ANY, self._guarded)
        except Unwritten as error:
            return self.t(error.sentence)
        return None

    def _write(self, text: str, form: Form) -> None:
        """Count it for a file, which is logged first; then write."""
        made = partial(self._made_of, self._by, self._period, self._scope, for_file=True)
        table = self.attempt(made)
        if table is None:
            return
        content = form.write(table, self._names, self.t)
        try:
            path, _ = find_target(Path(text), ANY, self._guarded)
            write_file(path, content, ANY, self._guarded, replace=False)
            self.say(self.t("Written to {path}.", path=shown(path)))
        except Unwritten as error:
            self.say(self.t(error.sentence))
