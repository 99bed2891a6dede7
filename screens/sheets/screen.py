"""The list of sheets, and each of them on the screen, to be read, written to a file or printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from casework.desk.printing import is_allowed
from casework.language import LANGUAGES, N_, language_after
from casework.sheets.texts import find_sheets
from casework.workspace import Workspace
from screens.base.content import Traits
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, paragraph, plain
from screens.base.page import Page
from screens.base.pick import ListItem, PickScreen
from screens.documents.as_pdf import NoPdf
from screens.documents.as_text import WIDTH, as_text
from screens.documents.document import Document
from screens.export.printing import ask_to_print
from screens.export.to_file import Asked, FileToWrite
from screens.sheets.agreed import has_plan
from screens.sheets.compose import AGREED, FORM, PLAN, SERVICES, Sheet, compose_sheet, title_of
from screens.sheets.export import ENDINGS, FORMATS, SheetFormat, kind_of
from screens.sheets.parts import NoSheet
from stepping.episode.episode import Episode
from store.codes import show
from store.records import Client

_ABOUT = {
    PLAN: N_("Written with the client point by point; each point is stored at once."),
    AGREED: N_("The next contact, the care and the goal, as the episode tells them now."),
    SERVICES: N_("Contact person, goals and who does what."),
    FORM: N_("Every question of the pathway, to be filled in with a pen."),
}
_OF_CLIENTS = N_("A page for the client.")
_OF_MANAGERS = N_("A page for a manager; nothing of the client stands on it.")
_FORMATS: Sequence[tuple[SheetFormat, str, str]] = (
    ("text", N_("Text"), N_("Plain text of 78 columns.")),
    ("html", N_("HTML"), N_("For a browser, on A4 paper.")),
    ("pdf", N_("PDF"), N_("On A4 paper; needs porras[pdf].")),
)


def offered(workspace: Workspace, episode: Episode | None) -> list[str]:
    """Return the sheets that make sense of a client, in the order in which they are listed."""
    return [
        PLAN,
        *([AGREED] if episode and not episode.closed else []),
        *([SERVICES] if episode and has_plan(episode) else []),
        *find_sheets(workspace).pages,
        FORM,
    ]


def sheets_screen(workspace: Workspace, client: Client, names: Sequence[str]) -> PickScreen:
    """List sheets; the place of the chosen one is returned."""
    t, pages = workspace.t, find_sheets(workspace).pages

    def about(name: str) -> str:
        if name in _ABOUT:
            return t(_ABOUT[name])
        return t(_OF_CLIENTS if pages[name].reader == "client" else _OF_MANAGERS)

    rows = [ListItem(title_of(workspace, name, workspace.language), about(name)) for name in names]
    return PickScreen(workspace, (t("Sheets"), show(client.code)), rows)


class SheetScreen(Page[None]):
    """Shows a sheet as text; `log` keeps that it leaves the store, before it does."""

    traits = Traits(debounce_factor=10)

    def __init__(self, workspace: Workspace, sheet: Sheet, log: Callable[[], object]) -> None:
        super().__init__(workspace)
        self._sheet = sheet
        self._log = log
        self._made: Document | None = None
        self._why = ""
        """Why there is no such sheet."""
        self._prints = False

    def open(self) -> None:
        """Make the sheet, and look whether this site prints."""
        self._make()
        self._prints = bool(self.attempt(lambda: is_allowed(self.workspace)))

    def top(self) -> tuple[str, str]:
        """Name the sheet and its language; on the screen alone, whose it is."""
        language = self._sheet.language
        told = (self._whose, LANGUAGES[language])
        title = title_of(self.workspace, self._sheet.name, language)
        return title, " · ".join(filter(None, told))

    @property
    def _whose(self) -> str:
        """The code of the client whose sheet it is; nothing of one that is about nobody."""
        client = self._sheet.client
        return show(client.code) if client and self._sheet.holds_client else ""

    def body(self, width: int) -> list[Line]:
        """Show the sheet as it will be written; why there is none, where that is so."""
        if self._made is None:
            return paragraph(self._why, width)
        rows = as_text(self._made, min(width, WIDTH)).rstrip("\n").split("\n")
        return [plain(row) for row in rows]

    def _make(self) -> None:
        """Make the sheet once in a language, so that what is written is what was seen."""
        self._made, self._why = None, ""
        try:
            self._made = self.attempt(lambda: compose_sheet(self.workspace, self._sheet))
        except NoSheet as error:
            self._why = error.told(self.t)

    def key_list(self) -> Shown:
        """Leave, change the language, write it to a file, or print it."""
        return [
            KeyBinding("enter,escape", "Enter", self.t("back"), self.leave),
            self.bind("l", "languages", self._switch),
            *([self.bind("w", "write to a file", self._write)] if self._made else []),
            *([self.bind("i", "print", self._print)] if self._prints and self._made else []),
        ]

    def _switch(self) -> None:
        """Turn to the next language; a form has those of its pathway."""
        pathway = self._sheet.pathway
        among = tuple(LANGUAGES) if pathway is None else pathway.header.languages
        language = language_after(self._sheet.language, among)
        self._sheet = replace(self._sheet, language=language)
        self.message = ""
        self._make()
        self.draw()

    async def _write(self) -> None:
        """Ask in which format, then where; the file replaces nothing."""
        rows = [ListItem(self.t(name), self.t(about)) for _, name, about in _FORMATS]
        title = (self.t("Write the sheet to a file"), "")
        at = await self.ask(PickScreen(self.workspace, title, rows))
        if at is not None:
            await self._file(_FORMATS[at][0]).ask()

    def _file(self, form: SheetFormat) -> FileToWrite:
        explanation = self.t("Write the path of a new file. Nothing that stands is replaced.")
        if self._sheet.holds_client:
            only = self.t("Only you can read it, but it is not encrypted. Delete it soon.")
            explanation = f"{explanation} {only}"
        asked = Asked(
            title=self.t("Write the sheet to a file"),
            explanation=explanation,
            usual=f"~/{self._sheet.name}-{self.workspace.today:%Y-%m-%d}{ENDINGS[form]}",
            keep="",
            loss="",
        )
        return FileToWrite(
            self, kind_of(self._sheet), asked, self._log, lambda: self._content(form)
        )

    def _content(self, form: SheetFormat) -> bytes | None:
        """Return the sheet as a file; nothing where it cannot be made, which is told."""
        try:
            return FORMATS[form](self._made) if self._made else None
        except NoPdf as error:
            self.say(self.t(error.sentence))
            return None

    async def _print(self) -> None:
        if self._made is not None:
            title = self.t("Print the sheet?")
            await ask_to_print(self, title, as_text(self._made), self._log, whose=self._whose)
