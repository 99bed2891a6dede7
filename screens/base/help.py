"""Help: what the keys do on the screen below, and what Porras is and is not."""

from __future__ import annotations

from casework.language import N_, NOT_MARKED
from casework.workspace import Workspace
from screens.base.content import Traits
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, labelled, paragraph
from screens.base.page import Page
from screens.wording.decision_words import LOCAL, LOCAL_MARK, SUPPORTS

EVERYWHERE = (
    (N_("Space PgUp ↑ ↓"), N_("read on in a text that is longer than the screen")),
    ("F10 ! e", N_("the emergency card (F10 while typing, e where it means nothing else)")),
    ("F9", N_("lock the screen at once; what you typed is kept")),
    ("?, F1", N_("this help")),
    (N_("a key held down"), N_("answers one page only; moving and typing repeat")),
    ("Esc, q", N_("Esc goes back; q on the first page closes Porras, Ctrl does not")),
    ("Ctrl-L", N_("draw the screen again, if a bad line has garbled it")),
)
MEANINGS = (
    ("( ) (x)", N_("an answer that is not chosen, and one that is")),
    ("[ ] [x] [-]", N_("not recorded; done or marked; not done")),
    (">", N_("what Enter would choose")),
    ("!", N_("something urgent; three marks are an emergency")),
    ("o > ┤", N_("over time: a contact, a treatment that goes on, one that has ended")),
    (LOCAL_MARK, LOCAL),
)


class HelpScreen(Page[None]):
    """Explains the keys of the screen it was opened from."""

    traits = Traits(offers_help=False)

    def __init__(self, workspace: Workspace, keys: Shown) -> None:
        super().__init__(workspace)
        self._below = keys

    def top(self) -> tuple[str, str]:
        """Name the screen."""
        return self.t("Help"), ""

    def body(self, width: int) -> list[Line]:
        """List the keys and signs."""
        t = self.t
        here = [
            (each.caption, each.label)
            for each in self._below
            if each.caption and each.medium != "lines"
        ]
        tables = (
            (t("Keys on this screen"), here),
            (t("Keys everywhere"), [(t(keys), t(meaning)) for keys, meaning in EVERYWHERE]),
            (t("Signs"), [(t(sign), t(meaning)) for sign, meaning in MEANINGS]),
        )
        widest = max(len(key) for _, rows in tables for key, _ in rows)
        lines: list[Line] = []
        for title, rows in tables:
            lines.append(bold(title))
            for key, meaning in rows:
                lines += labelled(f"{key:>{widest}} ", meaning, width)
            lines.append(())
        return [
            *lines,
            *paragraph(t(SUPPORTS), width),
            *paragraph(t(NOT_MARKED), width),
        ]

    def key_list(self) -> Shown:
        """Return to where the nurse was."""
        return [KeyBinding("escape,enter", "Esc", self.t("back"), self.leave)]
