"""The keys of every page: the emergency card, help, and the lock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from screens.base.keys import KeyBinding, KeyPress, Shown, find_binding, hidden
from screens.base.page import Page

HELP = "question_mark,f1"
LOCK = "f9"
AT_ANY_TIME = ("f10", LOCK)
"""Keys that no text is typed with: they act even while it is not known what is shown."""


def everywhere(
    page: Page[Any],
    own: Shown,
    *,
    typing: bool,
    emergency: Callable[[], object],
    help_: Callable[[], object],
    lock: Callable[[], object],
) -> list[KeyBinding]:
    """Return the keys that a page has beside its own; `typing` where an entry line takes letters.

    The lock is shown where work begins and ends, and works wherever there is something to hide.
    """
    t, traits = page.t, page.traits
    typing = typing or page.edits(KeyPress("question_mark", "?"))
    found = []
    if page.may_lock:
        caption = "F9" if traits.is_home else ""
        found.append(KeyBinding(LOCK, caption, t("lock"), lock, calls=True))
    if traits.offers_emergency:
        keys = emergency_keys(page, own, typing=typing)
        found.append(KeyBinding(keys, "F10", t("emergency card"), emergency, calls=True))
    if traits.offers_help:
        found.append(KeyBinding(HELP, "F1" if typing else "?", t("help"), help_))
    return found


def emergency_keys(page: Page[Any], own: Shown, *, typing: bool) -> str:
    """Return the keys of the emergency card; a letter only where it could mean nothing else.

    A Finnish nurse who types "e" for "ei" would open it in front of the client.
    """
    if typing:
        return "f10"
    typed = page.field is not None
    means_something = page.traits.answers or typed or find_binding(own, "e") is not None
    return "f10,exclamation_mark" if means_something else "f10,exclamation_mark,e"


def scrolling(scroll: Callable[[int], object], room: int) -> list[KeyBinding]:
    """Return the keys that read on in a text of which `room` rows are seen."""
    rows = (("down", 1), ("up", -1), ("space,pagedown", room - 1), ("pageup", 1 - room))
    return [hidden(keys, partial(scroll, count), moves=True) for keys, count in rows]
