"""Shows the note for the patient record, to be copied by hand or written to a file."""

from __future__ import annotations

from functools import partial
from typing import Literal

from casework.assessment import AssessmentSession
from casework.desk.printing import is_allowed
from casework.language import LANGUAGES, language_after
from casework.workspace import Workspace
from screens.base.content import Traits
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, plain
from screens.base.page import Page
from screens.base.pick import ListItem, PickScreen
from screens.export.files import as_bytes
from screens.export.printing import ask_to_print
from screens.export.qr_code import CodeScreen
from screens.export.to_file import Asked, FileToWrite
from screens.note.change_lines import change_lines
from screens.note.compose import RecordNote, build_note
from screens.note.kinds import NOTE
from screens.note.short_form import short_form, totals_line
from screens.note.taken import NoteChange, find_change, summarize
from stepping.decision.outcome import Decision
from store.codes import show
from store.records import StoredDecision
from store.retention.retention import Transfer, get_days, mark_transferred, transfer_of
from store.times import local_time

_IN_THE_RECORD = 0
"""The place of "yes" in the question about the patient record."""


class NoteScreen(Page[Literal["rules", "care", "sheets"] | None]):
    """Shows the note; the terminal's own selection copies it. Returns what to see next, if any."""

    traits = Traits(debounce_factor=10)

    def __init__(
        self,
        workspace: Workspace,
        session: AssessmentSession,
        decision: Decision,
        confirmed: StoredDecision | None,
    ) -> None:
        super().__init__(workspace)
        self._session = session
        self._decision = decision
        self._confirmed = confirmed
        self._language = session.assessment.language
        self._taken: Transfer | None = None
        self._change: NoteChange | None = None
        """How it differs from what is in the patient record."""
        self.note = ""
        """The note's text; empty where the store did not tell."""
        self._whole: RecordNote | None = None
        self._summary: str | None = None
        self._to_file = self._file()
        self._prints = False
        """Whether this site prints."""

    def open(self) -> None:
        """Compose the note, and see whether it is in the patient record."""
        self._write_up()
        self._prints = bool(self.attempt(lambda: is_allowed(self.workspace)))
        if self._confirmed:
            id_ = self._session.assessment.id
            self._taken = self.attempt(lambda: transfer_of(self.workspace.store, id_))
            self._look_for_change(self._confirmed)

    def _look_for_change(self, row: StoredDecision) -> None:
        self._change = self.attempt(lambda: find_change(self.workspace, self._session, row))
        self._tell_taken()

    def _write_up(self) -> None:
        made = partial(
            build_note,
            self.workspace,
            self._session,
            self._decision,
            self._confirmed,
            self._language,
        )
        note = self.attempt(made)
        self.note = note.text() if note else ""
        self._whole = note
        self._summary = summarize(note) if note else None

    def top(self) -> tuple[str, str]:
        """Name the screen and the note's language."""
        return self.t("Note for the patient record"), LANGUAGES.get(self._language, self._language)

    def body(self, width: int) -> list[Line]:
        """Show the note as it will be copied, behind what is new in it."""
        changed = change_lines(self._change, self.t, width) if self._change else []
        return [*changed, *(plain(row) for row in self.note.split("\n"))]

    def key_list(self) -> Shown:
        """Leave, change the language, write to a file, or read the rules if no stop is open."""
        leave = self.t("done") if self._confirmed else self.t("back")
        behind = self._decision.rules and not self._decision.stops and not self._session.is_case
        return [
            KeyBinding("enter,escape", "Enter", leave, self.leave),
            self.bind("l", "languages", self._switch),
            *([self.bind("w", "write to a file", self._to_file.ask)] if self.note else []),
            *([self.bind("q", "QR code", self._show_code)] if self._whole else []),
            *([self.bind("i", "print", self._print)] if self._prints and self.note else []),
            *([self._sheets_key()] if self._confirmed and not self._session.is_case else []),
            *([self._take_key()] if self._may_be_taken else []),
            *([self.bind("p", "rules", partial(self.leave, "rules"))] if behind else []),
            *(
                [self.bind("c", "episode of care", partial(self.leave, "care"))]
                if self._confirmed
                else []
            ),
        ]

    @property
    def _may_be_taken(self) -> bool:
        """Whether it is confirmed, and not in the record as it is now."""
        return bool(self._confirmed) and (not self._taken or self._change is not None)

    def _sheets_key(self) -> KeyBinding:
        return self.bind("h", "sheets", partial(self.leave, "sheets"))

    def _take_key(self) -> KeyBinding:
        return self.bind("t", "is in the record", self._ask_whether_taken)

    async def _ask_whether_taken(self) -> None:
        """Ask, since what is in the patient record is deleted here some day."""
        kept_for = self.attempt(lambda: get_days(self.workspace.store))
        if kept_for is None:
            return
        about = self.t.many(
            "It can be deleted here {count} day later, once no episode of care needs it.",
            "It can be deleted here {count} days later, once no episode of care needs it.",
            kept_for,
        )
        yes = ListItem(self.t("Yes, it is in the patient record"), about)
        no = ListItem(self.t("Not yet"), self.t("It is kept here until you say that it is."))
        title = self.t("Is the note in the patient record?")
        picked = await self.ask(PickScreen(self.workspace, (title, ""), (yes, no)))
        if picked == _IN_THE_RECORD and self._confirmed and self._is_as_shown():
            # From now on its days are counted.
            id_, note = self._session.assessment.id, self._summary
            taken = self.attempt(lambda: mark_transferred(self.workspace.store, id_, note))
            self._taken = taken or self._taken
            self.message = ""
            self._look_for_change(self._confirmed)
            self.draw(awake=True)

    def _is_as_shown(self) -> bool:
        """Whether nobody recorded more while it was copied; else show it anew and say so."""
        shown, session = self._summary, self._session
        resumed = self.attempt(
            lambda: AssessmentSession.resume(session.store, session.assessment, session.pathway)
        )
        if resumed is None:
            return False
        self._session = resumed
        self._write_up()
        if self._summary == shown:
            return True
        if self._summary and self._confirmed:
            self._look_for_change(self._confirmed)
            self.say(self.t("More was recorded meanwhile. The note is new: take this one."))
        return False

    def _tell_taken(self) -> None:
        taken = self._taken
        if taken and self._change is None:
            day = local_time(taken.at).date()
            self.message = self.t(
                "In the patient record since {day} ({who}).", day=day, who=taken.by
            )

    def _switch(self) -> None:
        languages = self._session.pathway.header.languages
        self._language = language_after(self._language, languages)
        self.message = ""
        self._tell_taken()
        self._write_up()
        self.draw()

    # -- as a code ------------------------------------------------------------

    async def _show_code(self) -> None:
        """Ask what a code shall hold, since it may be photographed, and show it once logged."""
        if self._whole is None:
            return
        offered = [(self.t("The totals in one line"), totals_line(self._whole))]
        if self._confirmed:
            offered.append((self.t("The note in short"), short_form(self._whole)))
        rows = [ListItem(name, text) for name, text in offered]
        title = self.t("A code for a scanner: what shall it hold?")
        at = await self.ask(PickScreen(self.workspace, (title, ""), rows))
        if at is not None and self.stored(self._log):
            await self.ask(CodeScreen(self.workspace, *offered[at]))

    def _log(self) -> None:
        self.workspace.store.audit_log.log_export(self._session.assessment.id)

    # -- on paper -------------------------------------------------------------

    async def _print(self) -> None:
        whose = show(self._session.client.code)
        title = self.t("Print the note?")
        await ask_to_print(self, title, self.note, self._log, whose=whose)

    # -- to a file ------------------------------------------------------------

    def _file(self) -> FileToWrite:
        """Return how the note is written to a file, as it is shown."""
        day = local_time(self._session.assessment.started_at)
        asked = Asked(
            self.t("Write the note to a file"),
            self.t(
                "Write the path of the file. Only you can read it, but it is not encrypted. "
                "Delete it as soon as the note is in the patient record."
            ),
            f"~/{self._session.client.code}-{day:%Y-%m-%d}.txt",
            self.t("Nothing is written; w asks for another name."),
            self.t("The earlier note in it is lost."),
        )
        return FileToWrite(self, NOTE, asked, self._log, lambda: as_bytes(self.note))
