"""One client's assessments: go on with a draft, or read the note of one that is confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from casework.language import N_, Speech, born
from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown, digit_keys
from screens.base.lines import Line, bold, paragraph, plain
from screens.base.open_stops import open_stop_lines
from screens.base.page import Beside, Page
from screens.base.prompt import PromptScreen
from screens.base.risk_marks import danger_lines, find_dangers, risk_key, risk_lines
from screens.wording.decision_words import version_text
from screens.wording.source_words import pathway_name
from stepping.decision.outcome import AT_LEAST, OR_ABOVE
from stepping.finland import finnish_day
from stepping.pathway.diagnostics import PathwayError
from store.codes import show
from store.errors import StoreError
from store.records import Assessment, Client, OpenStop, StoredDecision
from store.risk_records import RiskMark
from store.text_guard import LONGEST_UNIT

_ROWS = 9
STATES = {
    "draft": N_("draft"),
    "abandoned": N_("ended without a step"),
}


class AssessmentListScreen(Page[Assessment | str | None]):
    """Returns the assessment to open, or nothing.

    `new` is for another one, `care` for the episode, `right` for what is to be put right.
    """

    def __init__(
        self,
        workspace: Workspace,
        client: Client,
        message: str = "",
        *,
        say_changed: Callable[[Assessment], str] = lambda _: "",
        beside: Beside | None = None,
    ) -> None:
        super().__init__(workspace)
        self._client = client
        self._say_changed = say_changed
        """Says that a note is not as it was taken to the patient record, if that is so."""
        self._changed: dict[str, str] = {}
        self._beside = beside
        """Tells of the client's episode, and draws it on a wide terminal."""
        self.message = message
        self._told: list[str] = []
        self._may_correct = False
        self._rows: list[tuple[Assessment, str]] = []
        self._stops: Sequence[OpenStop] = ()
        self._risk: Sequence[RiskMark] = ()
        self._whole_risk = False
        self._dangers: Sequence[str] = ()
        self._care, self._in_care = "", False
        self._first = 0
        self._may_care = self._may_move = False

    def open(self) -> None:
        """Look up the assessments."""
        store = self.workspace.store
        self._may_care = self.attempt(lambda: store.may("care")) is not False
        self._may_move = (
            self.attempt(lambda: store.may("move") and bool(store.staff.list_units())) or False
        )
        self._stops = self.attempt(lambda: store.open_stops.list_of(self._client.id)) or ()
        self._risk = self.attempt(lambda: store.risk_marks.list_of(self._client.id)) or ()
        self._dangers = self.attempt(lambda: find_dangers(self.workspace, self._client)) or ()
        self._rows = self.attempt(self._look_up) or []
        self._changed = self.attempt(self._look_for_changes) or {}
        self._care = self.attempt(self._episodes) or ""
        self._told = self.attempt(lambda: list(to_tell(self.workspace, self._client))) or []
        self._may_correct = self.attempt(lambda: store.may("correct")) is True

    def _episodes(self) -> str:
        """Whether the client is in an episode of care, since when, or was in one."""
        if open_ := self.workspace.store.episodes.find_open(self._client.id):
            self._in_care = True
            opened = open_[1].opened
            return self.t("Episode of care since {day}", day=opened.day) if opened else ""
        count = len(self.workspace.store.episodes.list_of(self._client.id))
        if not count:
            return self.t("No episode of care yet")
        self._in_care = True
        return self.t.many(
            "{count} episode of care, ended", "{count} episodes of care, ended", count
        )

    def _look_up(self) -> list[tuple[Assessment, str]]:
        store = self.workspace.store
        store.audit_log.log_view(self._client.id)
        rows = []
        for assessment in store.assessments.list_of(self._client.id):
            decision = store.decisions.find(assessment.id)
            state = decided(decision, self.t) if decision else self.t(STATES[assessment.state])
            if assessment.wrong_client:
                state += "   ! " + self.t("wrong client, counts nowhere")
            if any(stop.assessment_id == assessment.id for stop in self._stops):
                state += "   ! " + self.t("safety stop open")
            rows.append((assessment, state))
        return rows

    def _look_for_changes(self) -> dict[str, str]:
        said = {each.id: self._say_changed(each) for each, _ in self._rows}
        return {id_: words for id_, words in said.items() if words}

    def _version(self, assessment: Assessment) -> str:
        """Which pathway decided; an old text that cannot be read tells its id and version."""
        try:
            header = self.workspace.get_pathway(assessment.pathway_digest).header
        except (PathwayError, StoreError):
            return f"{pathway_name(assessment.pathway_id, self.t)} {assessment.pathway_version}"
        return version_text(header, self.workspace.language)

    def top(self) -> tuple[str, str]:
        """Name the client."""
        return self.t("Client"), show(self._client.code)

    def body(self, width: int) -> list[Line]:
        """List the assessments, the newest first."""
        code, year = show(self._client.code), born(self._client.birth_year, self.t)
        lines: list[Line] = [bold(f"{code}   {year}   {self._care}")]
        if self._beside is not None:
            lines += self._beside.gist(self._client.id, width)
        lines += open_stop_lines(self.workspace, self._stops, width)
        lines += danger_lines(self._dangers, width)
        lines += risk_lines(self.workspace, self._risk, width, whole=self._whole_risk)
        lines += [row for text in self._told for row in paragraph(text, width)]
        lines.append(())
        for number, (assessment, state) in enumerate(self._shown, start=1):
            when = self.t.moment(assessment.started_at)
            lines.append(((f"  {number}", "accent"), (f"  {when}   {state}", "normal")))
            who = f"{assessment.started_by} · {self._version(assessment)}"
            lines += paragraph(who, width, indent=5, look="dim")
            if words := self._changed.get(assessment.id):
                lines += paragraph(words, width, indent=5, hanging=2, look="warning")
        if not self._rows:
            lines.append(plain(self.t("  none")))
        return lines

    def aside(self, width: int) -> list[Line]:
        """Draw the episode that the client is in, or was in last."""
        if self._beside is None or not self._in_care:
            return []
        return self._beside.lines(self._client.id, width, eighths=self.host.eighths)

    @property
    def _shown(self) -> list[tuple[Assessment, str]]:
        return self._rows[self._first : self._first + _ROWS]

    def key_list(self) -> Shown:
        """Return the keys: a digit opens an assessment; n starts another one."""
        picks = (partial(self.leave, assessment) for assessment, _ in self._shown)
        more = len(self._rows) > _ROWS
        new = self.bind("n", "new assessment", partial(self.leave, "new"))
        right = self.bind("k", "put right", partial(self.leave, "right"))
        risk = risk_key(self, self._turn_risk, whole=self._whole_risk)
        move = self.bind("u", "move to a unit", self._ask_unit)
        return [
            *digit_keys(self.t("open"), picks),
            *([KeyBinding("tab", "Tab", self.t("older"), self._older, moves=True)] if more else []),
            *([new] if self._may_care else []),
            self.bind("c", "episode of care", partial(self.leave, "care")),
            *([risk] if self._risk else []),
            *([move] if self._may_move else []),
            *([right] if self._may_correct else []),
            KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave),
        ]

    def _turn_risk(self) -> None:
        self._whole_risk = not self._whole_risk
        self.draw()

    async def _ask_unit(self) -> None:
        """Ask to which unit the client goes; one that nobody works in is refused by the store."""
        store = self.workspace.store
        prompt = PromptScreen(
            self.workspace,
            self.t("Move the client to a unit"),
            self.t("Units here: {units}.", units=", ".join(store.staff.list_units()[:_ROWS])),
            keep=lambda name: store.clients.move_to_unit(self._client.id, name),
            longest=LONGEST_UNIT,
        )
        if unit := await self.ask(prompt):
            self.say(self.t("The client belongs to {unit} now.", unit=unit))

    def _older(self) -> None:
        following = self._first + _ROWS
        self._first = following if following < len(self._rows) else 0
        self.draw()


def to_tell(workspace: Workspace, client: Client) -> Iterator[str]:
    """Say what was put right of a client, and what is still to be asked or ended."""
    t, store = workspace.t, workspace.store
    if client.birth_year is None:
        yield t("! The year of birth is still to be asked: put the card right.")
    if client.also:
        others = ", ".join(map(show, client.also))
        yield t("The same person under another code: {codes}.", codes=others)
    episodes = [episode for _, episode in store.episodes.list_of(client.id)]
    if len([each for each in episodes if each.opened and not each.closed]) > 1:
        yield t("! Two episodes of care are open. The older goes on; end the younger one.")
    for moved in store.corrections.list_moved_away(client.id):
        yield t(
            "Assessment {number} was moved to {code} on {day}.",
            number=moved.seq,
            code=show(moved.to) if moved.to else t("a client of another unit"),
            day=finnish_day(moved.at),
        )


def decided(row: StoredDecision, t: Speech) -> str:
    """Say what was confirmed, and what had been suggested where that is not the same."""
    sentence = N_("confirmed step {step}")
    if row.reason_code == AT_LEAST:
        sentence = N_("confirmed at least step {step}")
    text = t(sentence, step=row.confirmed_step)
    if row.confirmed_step == row.suggested_step:
        return text
    above = row.reason_code == OR_ABOVE
    was = N_("suggested: step {step} or above") if above else N_("suggested: step {step}")
    return f"{text} ({t(was, step=row.suggested_step)})"
