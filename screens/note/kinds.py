"""How an earlier note, or what is held on a client, is told from any other file."""

from __future__ import annotations

import re

from casework.language import LANGUAGES, N_, speech
from screens.note.compose import TITLES
from store.output import Kind

_DAY = r"(?:\d{4}-\d\d-\d\d|\d\d?\.\d\d?\.\d{4})"
"""A day in any language; files of earlier versions have the first form in each."""


def _is_note(beginning: bytes) -> bool:
    """Whether a file begins as a note does, in any language, or as one for other programs."""
    if beginning.startswith(b'{\n "assessment": "'):
        return True
    titles = (speech(each)(title, date="\0") for each in LANGUAGES for title in TITLES)
    begins = "|".join(re.escape(title).replace("\0", _DAY) for title in titles)
    first = beginning.decode(errors="replace").split("\n", _BEFORE_TITLE + 1)
    return any(re.match(rf"(?:{begins}) \(", line) for line in first)


_BEFORE_TITLE = 2
"""Lines that a note may have before its title: that it is for training, that it is a draft."""


def _is_access(beginning: bytes) -> bool:
    """Whether a file begins as what is held on a client does."""
    told = (speech(each)(HELD, code="\0").partition("\0")[0].encode() for each in LANGUAGES)
    return beginning.startswith((b'{\n "client": "', *told))


HELD = N_("All that Porras holds on the client {code}")
"""The first line of what is held on a client."""

NOTE, ACCESS = Kind(_is_note), Kind(_is_access)
