"""Asks before a text goes to the printer, whose queue keeps it readable, and prints it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from casework.desk.printing import BUSY, NotPrinted, is_allowed, is_under_way, print_text
from casework.language import N_
from screens.base.host import Beside
from screens.base.page import Page
from screens.base.pick import ListItem, PickScreen

_OFF = N_("This site no longer prints. Nothing was printed. Write it to a file instead.")
_PRINT = 1
"""The place of "print it" in the question."""


async def ask_to_print(
    page: Page[Any], title: str, text: str, log: Callable[[], object], *, whose: str = ""
) -> None:
    """Print a text if the nurse still wants it once she knows where it lies then.

    `whose` is the code of the client, so that no other's paper is fetched. `log` keeps that the
    text leaves the store, before it does. Nothing goes while the printer has not answered, nor
    where the site has ceased to print since the page was opened.
    """
    t = page.t
    if is_under_way():
        page.say(t(BUSY))
        return
    no = ListItem(t("Not now"), t("Nothing is printed."))
    yes = ListItem(
        t("Print it"),
        t(
            "The queue of the printer keeps the text readable until it is printed, and perhaps "
            "longer. Fetch the paper at once."
        ),
    )
    picked = await page.ask(PickScreen(page.workspace, (title, whose), (no, yes)))
    if picked != _PRINT:
        return
    allowed = page.attempt(lambda: is_allowed(page.workspace))
    if allowed is None:
        return
    if not allowed or is_under_way():
        page.say(t(BUSY) if allowed else t(_OFF))
        return
    if not page.stored(log):
        return
    page.say(t("It goes to the printer …"))
    told: list[NotPrinted] = []

    def send() -> None:
        try:
            print_text(text)
        except NotPrinted as error:
            told.append(error)

    await Beside(send)
    page.say(
        t(told[0].sentence, why=told[0].why) if told else t("The printer has it. Fetch the paper.")
    )
