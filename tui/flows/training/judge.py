"""Judging a case, alone or in an interview of two: the own step first, then what differs."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from casework.assessment import AssessmentSession
from casework.language import N_
from casework.training import judging
from casework.training.judging import Mode, OwnWord
from screens.assessment.question import QuestionScreen
from screens.base.pick import ListItem, PickScreen
from screens.result.reading import ResultReading
from screens.training.judging.compared import ComparisonScreen
from screens.training.judging.own_step import BecauseScreen, OwnStepScreen, OwnWordsPrompt
from screens.training.judging.roles import RolesScreen
from screens.training.story import Beside, StoryScreen
from stepping.finland import finnish_day
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import QuestionPage
from stepping.training.reading import Case
from stepping.training.records import Judgement
from store.errors import StoreError
from store.records import Draft
from tui.flows.assessment import AssessmentFlow
from tui.flows.training.room import Room, choose_case

_JUDGED = N_("Practice: ended once the case was judged.")
_PUT_AWAY = N_("Practice: put away, and begun anew.")
"""Why a draft is ended; kept with it."""
_CHANGED = N_("The case has changed since: what was answered half-way is put away.")
_BEHIND = N_(
    "Your judgement is kept here. The class's folder did not take it; it is tried again with "
    "the next one."
)


async def judge(room: Room) -> str:
    """Let a trainee judge cases alone; return what to say on the menu."""
    return await _practise(room, "judge", room.practice.workspace.t("Judge a case"))


async def interview(room: Room) -> str:
    """Let two play an interview, of whom the nurse judges; return what to say on the menu."""
    return await _practise(room, "interview", room.practice.workspace.t("Interview"))


async def _practise(room: Room, mode: Mode, title: str) -> str:
    room.practice.record  # noqa: B018 - one that cannot be used shows before any answer
    while case := await choose_case(room, title):
        said = await _Visit(room, case, mode).run()
        if said is not None:
            return said
    return ""


class _Visit:
    """One case in one mode, from its story to the comparison."""

    def __init__(self, room: Room, case: Case, mode: Mode) -> None:
        self._room = room
        self._case = case
        self._mode = mode
        self._flow = CaseFlow(room, case, mode)

    async def run(self) -> str | None:
        """Lead through the case; None where one goes back to the list."""
        draft = judging.find_draft(self._room.practice, self._case, self._mode)
        session = await self._taken_up(draft) if draft else None
        if isinstance(session, str):
            return session or None
        if session is None:
            if not draft and not await self._judge_again():
                return None
            if not await self._begin():
                return None
            session = judging.begin(self._room.practice, self._case, self._mode)
        return await self._flow.lead_through(session)

    async def _judge_again(self) -> bool:
        """Offer what differed last time, if the case was judged before; say whether to begin."""
        practice, t = self._room.practice, self._room.practice.workspace.t
        last = judging.find_last(practice, self._case, self._mode)
        if last is None:
            return True
        session, kept = last
        day = finnish_day(datetime.fromisoformat(kept.at))
        about = t("Your step was {step}, on {day}.", step=kept.step, day=day)
        again = t("It counts beside the first time.")
        if practice.class_id:
            again = t("The class counts the first time alone.")
        entries = [
            ListItem(t("Judge it again"), again),
            ListItem(t("See what differed last time"), about),
        ]
        title = self._case.vignette.title[practice.workspace.language]
        page = PickScreen(practice.workspace, (t("A case judged before"), title), entries)
        picked = await self._room.show(page)
        if picked == 1:
            await self._flow.reveal(session, kept)
        return picked == 0

    async def _begin(self) -> bool:
        workspace, case = self._room.practice.workspace, self._case
        if self._mode == "judge":
            begins = await self._room.show(StoryScreen(workspace, case, begins=True))
        else:
            begins = await self._room.show(RolesScreen(workspace, case))
        return bool(begins)

    async def _taken_up(self, draft: Draft) -> AssessmentSession | str | None:
        """Go on with a draft, or put it away; a word instead where nothing is to be answered."""
        practice, t = self._room.practice, self._room.practice.workspace.t
        try:
            session = judging.go_on(practice, draft)
        except PathwayError:  # kept by another version: nobody can go on with it
            if await self._ask(draft, changed=True) is None:
                return ""
            judging.end_unread(practice, draft, t(_PUT_AWAY))
            return None
        changed = not judging.is_of_today(session, self._case)
        kept = judging.find_judgement(practice, session)
        if kept and not changed:
            await self._flow.reveal(session, kept)
            return t(CaseFlow.done)
        match await self._ask(draft, changed=changed):
            case 0 if not changed:
                return session
            case None:
                return ""
        judging.end(practice, session, t(_PUT_AWAY))
        return None

    async def _ask(self, draft: Draft, *, changed: bool) -> int | None:
        """Ask whether to go on with a draft or to begin anew."""
        workspace = self._room.practice.workspace
        t = workspace.t
        answers = t.many("{count} answer", "{count} answers", draft.answered)
        entries = [ListItem(t("Go on where you left off"), t("{answers} so far", answers=answers))]
        anew = ListItem(t("Begin anew"), t("What was answered so far is put away."))
        title = self._case.vignette.title[workspace.language]
        if changed:
            entries, anew = [], ListItem(anew.name, t(_CHANGED))
        page = PickScreen(workspace, (t("A case half-way"), title), [*entries, anew])
        return await self._room.show(page)


class CaseFlow(AssessmentFlow):
    """Leads through a case as through any assessment, up to the result.

    Before that comes the trainee's own step, which is kept before anything is shown.
    """

    done = N_("Your judgement is kept.")

    def __init__(self, room: Room, case: Case, mode: Mode) -> None:
        workspace = room.practice.workspace
        super().__init__(workspace, room.show, room.tell, room.knows_nurse)
        self._room = room
        self._case = case
        self._mode = mode
        self._step: int | None = None
        self._because: tuple[str, ...] = ()
        """The own step and what decided, as said last; whoever comes back finds them marked."""
        self._told_unseen = False

    def question_screen(
        self, session: AssessmentSession, page: QuestionPage, language: str
    ) -> QuestionScreen:
        """Return what asks, with the story beside it where the nurse knows that.

        Both are in the language shown then, since no key changes that of the question.
        """
        workspace = self._room.practice.workspace
        if self._mode == "judge" and workspace.language in session.pathway.header.languages:
            language = workspace.language
        reached = partial(self._reached, session)
        beside = Beside(workspace, self._case, self._mode == "judge", reached)
        return QuestionScreen(workspace, session, page, client_language=language, companion=beside)

    def _reached(self, session: AssessmentSession) -> str:
        """Tell a class's trainer where this is; where that fails say so once, and go on."""
        try:
            judging.tell_place(self._room.practice, self._case, session)
        except StoreError:
            if not self._told_unseen:
                self._told_unseen = True
                return self._room.practice.workspace.t(
                    "The trainer does not see how far you are: the disk takes nothing now."
                )
        return ""

    def may_be_handed_over(self) -> QuestionPage | None:
        """Return nothing: in practice nobody else answers at this keyboard."""
        return None

    def misfits(self, session: AssessmentSession) -> bool:
        """Say no: whoever the case tells of is of its age for as long as the draft waits."""
        return False

    async def go_before(self, session: AssessmentSession) -> bool:
        """Show what stands before the first question: the story, or who plays what."""
        workspace = self._room.practice.workspace
        if self._mode == "judge":
            await self._room.show(StoryScreen(workspace, self._case, begins=False))
        else:
            await self._room.show(RolesScreen(workspace, self._case))
        return False

    async def finish(self, session: AssessmentSession) -> str | None:
        """Ask for the own step and why, keep it, and only then show what differs."""
        kept = await self._own_word(session)
        if not isinstance(kept, Judgement):
            return kept
        await self.reveal(session, kept)
        return "confirmed"

    async def _own_word(self, session: AssessmentSession) -> Judgement | str:
        """Ask for the step, what decided and why, each of which leads back to the one before."""
        workspace, show = self._room.practice.workspace, self._room.show
        while True:
            step = await show(OwnStepScreen(workspace, session.pathway, self._step))
            if not isinstance(step, int):
                return step or "pause"
            self._step = step
            because = await show(BecauseScreen(workspace, session, self._because))
            while because is not None:
                self._because = because
                if session.asked_again:  # it took so long that answers grew too old
                    return "again"
                keep = partial(self._keep, session, step, because)
                kept = await show(OwnWordsPrompt(workspace, keep))
                if kept is not None:
                    return kept
                because = await show(BecauseScreen(workspace, session, because))

    def _keep(
        self, session: AssessmentSession, step: int, because: tuple[str, ...], words: str
    ) -> Judgement:
        own = OwnWord(step, because, words)
        return judging.keep(self._room.practice, self._case, session, self._mode, own)

    async def reveal(self, session: AssessmentSession, kept: Judgement) -> None:
        """End the draft, and show a judgement that is kept beside the case."""
        practice, workspace = self._room.practice, self._room.practice.workspace
        try:
            if session.assessment.state == "draft":
                judging.end(practice, session, workspace.t(_JUDGED))
        except StoreError as error:
            await self._room.tell(error)
        compared, at = judging.compare_with(self._case, kept), 0
        message = workspace.t(_BEHIND) if practice.behind else ""
        while True:
            page = ComparisonScreen(workspace, self._case, compared, at)
            page.message, message = message, ""
            seen = await self._room.show(page)
            if seen is None:
                return
            at = seen.at
            await self._room.show(self._result(session, own=seen.wanted == "own"))

    def _result(self, session: AssessmentSession, *, own: bool) -> ResultReading:
        workspace = self._room.practice.workspace
        if own:
            title = workspace.t("Your answers")
            return ResultReading(workspace, session, session.decide(), title)
        told = judging.seen(session, self._case)
        return ResultReading(workspace, told, told.decide(), workspace.t("The case's answers"))
