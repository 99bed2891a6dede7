"""The safety stop: its action card, each step done or not done and why, before anything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from casework.assessment import AssessmentSession
from casework.workspace import Workspace
from screens.assessment.not_done import NotDoneScreen
from screens.base.content import Traits
from screens.base.keys import Caption, KeyBinding, Shown, hidden, span
from screens.base.lines import Line, Look, bold, labelled, paragraph, plain, wrap
from screens.base.page import Page
from screens.base.prompt import PromptScreen
from screens.forms.agree_form import agree_screen
from screens.forms.contact_form import contact_screen
from screens.wording.day_words import agreed_words, not_done_words
from screens.wording.decision_words import LOCAL_MARK, URGENCY
from screens.wording.number_words import number_words
from stepping.decision.interview import Stop
from stepping.decision.safety import SafetyStep
from stepping.pathway.schema import Card
from store.codes import show
from store.times import local_time

Outcome = Literal["ask", "recorded", "pause", "correct"]
"""Questions first, all recorded, a pause, or back to correct an answer."""


@dataclass(frozen=True)
class PlanAlong:
    """The safety plan that the client takes along with some steps.

    Its page returns `along` where the client does, whatever stands in it.
    """

    opens: Callable[[SafetyStep], bool]
    page: Callable[[], Page[Literal["along", "sheet"] | None]]


class StopScreen(Page[Outcome]):
    """Shows one card at a time and records each of its steps at once."""

    traits = Traits(
        weighs=True, debounce_factor=20, answers=True, shows_answers=True, reads_whole=True
    )
    """A safety stop weighs."""

    def __init__(
        self,
        workspace: Workspace,
        session: AssessmentSession,
        stop: Stop,
        message: str = "",
        plan: PlanAlong | None = None,
    ) -> None:
        super().__init__(workspace)
        self.message = message
        self._session = session
        self._stop = stop
        self._plan = plan
        self._pages = [(id_, card) for id_ in stop.stops for card in session.list_cards(id_)]
        self._at = 0
        self._cursor = 0
        self._scrolled = False
        self._turn_to_open()

    # -- what is recorded --------------------------------------------------

    @property
    def _card(self) -> tuple[str, Card]:
        return self._pages[self._at]

    def _steps(self, page: int | None = None) -> list[SafetyStep]:
        stop, card = self._pages[self._at if page is None else page]
        return [SafetyStep(stop, card.id, step.id) for step in card.steps]

    def _is_done(self, page: int) -> bool:
        return all(self._session.find_outcome(step) for step in self._steps(page))

    @property
    def _all_done(self) -> bool:
        return all(self._is_done(page) for page in range(len(self._pages)))

    def _turn_to_open(self) -> None:
        for page in range(len(self._pages)):
            if not self._is_done(page):
                self._turn(page)
                return

    def _turn(self, page: int) -> None:
        self._at = page % len(self._pages)
        self.offset_rows = 0
        steps = self._steps()
        open_rows = [row for row, step in enumerate(steps) if not self._session.find_outcome(step)]
        self._cursor = open_rows[0] if open_rows else 0

    # -- drawing -----------------------------------------------------------

    def top(self) -> tuple[str, str]:
        """Say that this is a stop, and how urgent."""
        rule = self._session.pathway.rule(self._card[0]).rule
        urgency = self.t(URGENCY[rule.stop or "week"])
        where = self.t("card {at} of {count}", at=self._at + 1, count=len(self._pages))
        return self.t("! STOP · {urgency}", urgency=urgency), f"{self._client_code()} · {where}"

    def _client_code(self) -> str:
        return show(self._session.client.code)

    def body(self, width: int) -> list[Line]:
        """Draw whom to call, what is to be done, and last why the interview stopped."""
        stop, card = self._card
        language = self.workspace.language
        lines = [*self._number_lines(width), bold(card.title[language])]
        lines += paragraph(card.lead[language], width)
        if self._stop.first:
            lines += self._ask_first_lines(width)
        for row, step in enumerate(self._steps()):
            first = len(lines)
            lines += self._step_lines(row, step, card.steps[row].text[language], width)
            if row == self._cursor and not self._scrolled:
                self.in_view = (first, len(lines) - 1)
        rule = self._session.pathway.rule(stop).rule
        mark = f" {self.t(LOCAL_MARK)}" if "local" in (rule.basis, card.basis) else ""
        why = f"{stop} {rule.because[language]}{mark}"
        return [*lines, (), *paragraph(why, width, hanging=len(stop) + 1, look="dim")]

    def _number_lines(self, width: int) -> list[Line]:
        """Return the telephone numbers, which stand before everything."""
        _, card = self._card
        cells = max((len(each.number) for each in card.numbers), default=0)
        lines: list[Line] = []
        for each in card.numbers:
            words = number_words(each, self.workspace.language, self.t)
            first, *more = labelled(f"  {each.number:<{cells}} ", words, width, "danger")
            name, mark, rest = first[1][0].partition(" · ")
            # Not faint: whether anybody answers now is what the nurse acts on.
            lines += [(first[0], (name, "bold"), (mark + rest, "normal")), *more]
        return lines

    def scroll(self, rows: int) -> None:
        """Move the body by hand; the next recorded step brings the pointer back into view."""
        self._scrolled = True
        super().scroll(rows)
        self._scrolled = False

    def _ask_first_lines(self, width: int) -> list[Line]:
        count = sum(len(page.questions) for page in self._stop.first)
        sentence = self.t.many(
            "First ask the {count} safety question: press {key}.",
            "First ask the safety questions (at most {count}): press {key}.",
            count,
            key=self.t.letter("a", "ask first"),
        )
        return paragraph(f"! {sentence}", width, look="warning")

    def _step_lines(self, row: int, step: SafetyStep, text: str, width: int) -> list[Line]:
        record = self._session.find_outcome(step)
        box = "[ ]" if record is None else "[x]" if record.done else "[-]"
        pointer = ">" if row == self._cursor else " "
        head = f"{pointer} {row + 1} {box} "
        look: Look = "bold" if record is None else "good" if record.done else "warning"
        if record is not None:
            names = self.workspace.care_names
            done = self.t("done") if record.done else not_done_words(record, names, self.t)
            text = (
                f"{text} · {done} · {record.recorder} {self.t.clock(local_time(record.at).time())}"
            )
            if agreed := agreed_words(record, names, self.t):
                text += " · " + self.t("agreed: {contact}", contact=agreed)
        rows = wrap(text, width - len(head))
        return [
            plain((head if n == 0 else " " * len(head)) + part, look) for n, part in enumerate(rows)
        ]

    # -- keys --------------------------------------------------------------

    def key_list(self) -> Shown:
        """Record steps, turn cards, ask first; go on once all is recorded."""
        count = len(self._steps())
        ask = [self.bind("a", "ask first", self._ask)] if self._stop.first else []
        many = len(self._pages) > 1
        turn = [
            KeyBinding("tab", "Tab", self.t("next card"), partial(self._go, 1), moves=True),
            hidden("shift+tab", partial(self._go, -1), moves=True),
        ]
        go_on = (
            [KeyBinding("enter", "Enter", self.t("go on"), self._finish)] if self._all_done else []
        )
        return [
            *ask,
            Caption(span(count), self.t("move"), medium="screen"),
            *(
                hidden(str(n + 1), partial(self._point, n), moves=True, medium="screen")
                for n in range(count)
            ),
            self._done_key(),
            self.bind("x", "not done at >, why", self._not_done, medium="screen"),
            hidden("down", partial(self._move, 1), moves=True, medium="screen"),
            hidden("up", partial(self._move, -1), moves=True, medium="screen"),
            *([self.bind("p", "the plan", self._look_at_plan)] if self._planned else []),
            *self._row_keys(),
            *(turn if many else []),
            *go_on,
            KeyBinding(
                "left,backspace", "←", self.t("correct an answer"), partial(self.leave, "correct")
            ),
            KeyBinding("escape", "Esc", self.t("pause"), partial(self.leave, "pause")),
        ]

    def _row_keys(self) -> Shown:
        """Return the keys of a step where lines are typed: a letter with the step's number."""
        rows, t = range(len(self._steps())), self.t
        d, x = t.letter("d", "done"), t.letter("x", "not done at >, why")
        return [
            *(hidden(f"{d}{n + 1}", partial(self._done_at, n), medium="lines") for n in rows),
            *(hidden(f"{x}{n + 1}", partial(self._not_done_at, n), medium="lines") for n in rows),
            Caption(f"{d}1–{d}{len(rows)}", t("step done, or undo that"), medium="lines"),
            Caption(f"{x}1–{x}{len(rows)}", t("step not done, and why"), medium="lines"),
        ]

    def _ask(self) -> None:
        self.leave("ask")

    def _finish(self) -> None:
        self.leave("recorded")

    def _move(self, rows: int) -> None:
        self._cursor = (self._cursor + rows) % len(self._steps())
        self.draw(awake=True)

    def _go(self, pages: int) -> None:
        self._turn(self._at + pages)
        self.draw()

    def _done_key(self) -> KeyBinding:
        """Return what records the step at the pointer as done, or takes that back."""
        record = self._session.find_outcome(self._steps()[self._cursor])
        if record and record.done:
            return self.bind("d", "undo", self._done, medium="screen")
        return self.bind("d", "done", self._done, medium="screen")

    def _point(self, row: int) -> None:
        """Move the pointer alone: scores typed from paper must record nothing."""
        self._cursor = row
        self.draw(awake=True)

    async def _done_at(self, row: int) -> None:
        self._cursor = row
        await self._done()

    async def _done(self) -> None:
        """Record the step at the pointer as done, or take that back; the pointer stays."""
        step = self._steps()[self._cursor]
        record = self._session.find_outcome(step)
        undoes = record is not None and record.done
        if not undoes and self._opens_plan(step) and not await self._goes_along():
            return
        form = None if undoes else self._form(step)
        if form is not None:
            if await self.ask(form):
                self._after_record()
            return
        if self.stored(
            partial(
                self._session.withdraw_safety_step if undoes else self._session.record_safety_step,
                step,
            )
        ):
            self.message = (
                self.t("Taken back: this step is open again.") if undoes else self._next()
            )
            self.draw(awake=True)

    # -- the safety plan -----------------------------------------------------

    def _opens_plan(self, step: SafetyStep) -> bool:
        return self._plan is not None and self._plan.opens(step)

    @property
    def _planned(self) -> bool:
        """Whether the client has taken a safety plan along, which can be looked at again.

        Before that the step itself opens it.
        """
        records = (self._session.find_outcome(s) for s in self._steps() if self._opens_plan(s))
        return any(record is not None and record.done for record in records)

    async def _goes_along(self) -> bool:
        """Show the safety plan; say whether the client takes it along. It records no step."""
        if self._plan is None:
            return True
        if await self.ask(self._plan.page()) == "along":
            return True
        self.say(self.t("What was written is stored. The step is open until it is recorded."))
        return False

    async def _look_at_plan(self) -> None:
        """Show the safety plan again; its step is recorded already."""
        await self._goes_along()
        self.message = ""
        self.draw(awake=True)

    def _form(self, step: SafetyStep) -> Page[bool] | None:
        """Return the form that records a step with what it agrees; None where it agrees nothing."""
        _, card = self._card
        text = card.steps[self._cursor].text[self.workspace.language]
        within, wanted = (
            self._session.find_contact_limit(step),
            self._session.find_agreed_on(step),
        )
        workspace, code = self.workspace, self._client_code()
        keep = partial(self._session.record_safety_step, step, None)
        if within is not None:
            return contact_screen(workspace, text, code, within, wanted, keep)
        return agree_screen(workspace, text, code, wanted, partial(keep, None)) if wanted else None

    async def _not_done_at(self, row: int) -> None:
        self._cursor = row
        await self._not_done()

    async def _not_done(self) -> None:
        """Ask which reason fits and for words; only both together record the step as not done."""
        _, card = self._card
        step, names = self._steps()[self._cursor], self.workspace.care_names
        text, reason = card.steps[self._cursor].text[self.workspace.language], None
        if names.not_done_reasons():
            reason = await self.ask(NotDoneScreen(self.workspace, text, self._client_code()))
            if reason is None:
                return
            text = f"{text} {self.t('Reason: {reason}.', reason=names.not_done(reason))}"
        prompt = PromptScreen(
            self.workspace,
            self.t("Why is this step not done?"),
            text,
            keep=partial(self._session.record_safety_step, step, reason=reason),
            in_words=True,
        )
        if await self.ask(prompt):
            self._after_record()

    def _after_record(self) -> None:
        steps = self._steps()
        open_rows = [row for row, step in enumerate(steps) if not self._session.find_outcome(step)]
        if open_rows:
            self._cursor = open_rows[0]
        self.message = self._next()
        self.draw(awake=True)

    def _next(self) -> str:
        """Return what to do after a record, where it is not the next step of the card."""
        if self._all_done:
            return self.t("All safety steps are recorded. Enter goes on.")
        return (
            self.t("This card is recorded. Tab shows the next one.")
            if self._is_done(self._at)
            else ""
        )
