"""Characters that steer a terminal, turn the reading direction or are not seen at all.

One list for what is refused in a text, and one way in which they are shown where one has come in
all the same. Variation selectors (U+FE0E, U+FE0F) are none of them: they change a look, and nothing
that is read. A joiner (U+200D) is one: how wide joined emoji are, terminals do not agree on
(UAX #11 leaves it open), and elsewhere it hides in words (UTS #55).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_HIDDEN = (
    "\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f"
)
UNFIT = re.compile(f"[\x00-\x1f{_HIDDEN}]")
"""Controls, surrogates, bidi controls, and the invisible ones that could split a word."""

_UNFIT_IN_LINES = re.compile(f"[\x00-\x08\x0b-\x1f{_HIDDEN}]")
"""The same, where a text may have several lines and tabs."""

_LINE_ENDS = re.compile("[\t\n]")
"""What `lines` lets through below."""


def escape_unfit(text: str, *, lines: bool = False) -> str:
    r"""Return a text with each unfit character written out, as in `\x1b` or `\u202e`.

    With `lines`, line feeds and tabs stay as they are. A byte of a path that is no UTF-8 is written
    as that byte.
    """
    return (_UNFIT_IN_LINES if lines else UNFIT).sub(_written_out, text)


def escape_line_ends(text: str) -> str:
    r"""Return a text as one line, with each line end written out as `\x0a`, each tab as `\x09`."""
    return _LINE_ENDS.sub(_written_out, text) if "\n" in text or "\t" in text else text


def escape_json(json: str) -> str:
    """Return JSON in which each unfit character stands as its escape, so that it says the same."""
    return _UNFIT_IN_LINES.sub(_json_escape, json)


def find_unfit(text: str) -> Iterator[re.Match[str]]:
    """Find the unfit characters of a text that may have several lines and tabs."""
    return _UNFIT_IN_LINES.finditer(text)


def _written_out(found: re.Match[str]) -> str:
    code = ord(found[0])
    if 0xDC80 <= code <= 0xDCFF:
        code &= 0xFF
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _json_escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    pairs = (units[at : at + 2] for at in range(0, len(units), 2))
    return "".join(f"\\u{pair.hex()}" for pair in pairs)
