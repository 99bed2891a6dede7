"""What a terminal sends, turned into key and paste events; no input can end the program."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from textual._xterm_parser import XTermParser
from textual.events import Event, Key, Paste
from textual.keys import Keys

PASTE_LIMIT = 4000
"""A longer paste is not delivered; only its length is told."""

KEY_LIMIT = 256
"""Keys that may come at once; more of them are told and dropped until time has passed."""

KEYS_PER_S = 200.0
"""How fast that allowance grows back; well above any held key."""

PAUSE_S = 0.1
"""Silence after which a lone Esc is the key, and a paste without an end mark is over soon."""

_CUT_S = 0.5
_OPEN_PASTE_S = 1.0

_ESC = "\x1b"
_PASTE_START, _PASTE_END = "\x1b[200~", "\x1b[201~"
# A whole escape sequence. Those that no key sends are dropped whole, since their digits
# would otherwise look like answers. The Linux console sends ESC [ [ A for F1, and an old mouse
# report is ESC [ M and three characters.
_SEQUENCE = re.compile(
    r"\x1b\[\[[A-E]"
    r"|\x1b\[M[\s\S]{3}"
    r"|\x1b\[(?!M)[0-?]*[ -/]*[@-Z\\-~]"
    r"|\x1bO[ -~]"
    r"|\x1b[P\]X^_][^\x07\x1b]*(?:\x07|\x1b\\)"
)
_CUT_SEQUENCE = re.compile(
    r"\x1b(?:\[\[|\[M[\s\S]{0,2}|\[[0-?]*[ -/]*|O|[P\]X^_][^\x07\x1b]*\x1b?)?\Z"
)
_LONGEST_CUT = 4096

# The terminal's answer that it is well (0) or not (3). It is taken out first, wherever it stands:
# read as keys, its digit would answer a question.
_ANSWER = re.compile(r"\x1b\[[03]n")
_CUT_ANSWER = ("\x1b", "\x1b[", "\x1b[0", "\x1b[3")

# Undecodable bytes arrive as lone surrogates. Two of them are 8-bit control codes of old
# terminals and begin a key's sequence; the others are letters of another encoding.
_FOREIGN = re.compile("[\udc80-\udcff]")
_EIGHT_BIT = {0xDC9B: "\x1b[", 0xDC8F: "\x1bO"}


class StatusReport(Event, bubble=False):
    """The terminal has got what was sent before it was asked for a sign of life."""


class Burst(Event, bubble=False):
    """Several characters within one read, and all right behind them: no hand types so.

    It is delivered once a pause has ended it. A slow line may bring two honest keys so; they are
    told, and have to be pressed again.
    """

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__()
        self.keys = keys


class TooMuch(Event, bubble=False):
    """Something that was not delivered: a paste of so many characters, or keys where it is None."""

    def __init__(self, characters: int | None = None) -> None:
        super().__init__()
        self.characters = characters


class KeyReader:
    """Reads the bytes of one terminal.

    Bytes that are not UTF-8 give no event and set `not_utf8`. Times are monotonic seconds.
    """

    def __init__(self) -> None:
        self.not_utf8 = False
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._names = XTermParser()
        self._cut = ""
        self._last = 0.0
        self._keys_left = float(KEY_LIMIT)
        self._flooded = False
        self._bracketed = False
        self._pasted = ""
        self._pasted_in_all = 0
        self._in_burst = False
        self._burst: list[Key] = []
        self._burst_in_all = 0

    def feed(self, data: bytes, now: float) -> list[Event]:
        """Return the events of these bytes, which arrived at `now`."""
        new = _FOREIGN.sub(self._foreign, self._decoder.decode(data)).replace("\x00", "")
        text, count = _ANSWER.subn("", self._cut + new)
        answers: list[Event] = [StatusReport() for _ in range(count)]
        if text == self._cut:  # nobody has typed
            return answers
        return answers + self._read(text, now)

    def _read(self, text: str, now: float) -> list[Event]:
        silence, self._last = now - self._last, now
        events: list[Event] = []
        if silence >= PAUSE_S and self._is_escape_key(text):
            events += self._allowed([Key("escape", _ESC)])
            text = text[1:]
        self._keys_left = min(KEY_LIMIT, self._keys_left + silence * KEYS_PER_S)
        self._flooded = self._flooded and silence < PAUSE_S
        if silence >= PAUSE_S and not self._bracketed:
            events += self._end_burst()
            self._in_burst = False
        self._cut = ""
        position = 0
        while position < len(text):
            step = self._paste if self._bracketed else self._keys
            position = step(text, position, events)
        return events

    def _is_escape_key(self, text: str) -> bool:
        """Return whether a kept Esc begins nothing, now that more has come."""
        kept = self._cut == _ESC and not self._bracketed
        return kept and text.startswith(_ESC) and not text.startswith("\x1b[")

    def pause(self, now: float, awaited: bool = False) -> list[Event]:
        """Return what is certain now that nothing has come for at least PAUSE_S.

        While an answer of the terminal is `awaited`, the beginning of one stays open.
        """
        silence = now - self._last
        ended = self._end_burst() if silence >= PAUSE_S else []
        return ended + self._certain(silence, awaited)

    def _certain(self, silence: float, awaited: bool) -> list[Event]:
        if self._decoder.getstate()[0]:
            self._decoder.reset()
            self.not_utf8 = True
        if self._bracketed:
            return self._end_paste() if silence >= _OPEN_PASTE_S else []
        if awaited and self._cut in _CUT_ANSWER:
            return []
        if self._cut == _ESC:
            self._cut = ""
            return self._allowed([Key("escape", _ESC)])
        if silence >= _CUT_S:
            self._cut = ""
        return []

    def _foreign(self, match: re.Match[str]) -> str:
        code = _EIGHT_BIT.get(ord(match[0]), "")
        self.not_utf8 = self.not_utf8 or not code
        return code

    def _keys(self, text: str, position: int, events: list[Event]) -> int:
        """Read one sequence, or all characters before the next; return where it ended."""
        if text[position] != _ESC:
            end = text.find(_ESC, position)
            end = len(text) if end < 0 else end
            events += self._typed(text[position:end])
            return end
        events += self._end_burst()
        if match := _SEQUENCE.match(text, position):
            if match[0] == _PASTE_START:
                self._bracketed = True
            else:
                events += self._allowed(self._named(match[0]))
            return match.end()
        if len(text) - position < _LONGEST_CUT and _CUT_SEQUENCE.match(text, position):
            self._cut = text[position:]
            return len(text)
        if text[position + 1] == _ESC:
            events += self._allowed([Key("escape", _ESC)])
            return position + 1
        pair = text[position : position + 2]
        events += self._allowed(self._named(pair) or self._named(pair[1], alt=True))
        return position + 2

    def _typed(self, run: str) -> list[Event]:
        if not self._in_burst and len(run) < 2:
            return self._allowed(self._named(run))
        self._in_burst = True
        self._burst_in_all += len(run)
        room = max(0, PASTE_LIMIT - len(self._burst))
        self._burst += [key for char in run[:room] for key in self._named(char)]
        return []

    def _end_burst(self) -> list[Event]:
        """Give what came at once as one, now that a pause or another kind of key has ended it."""
        keys, count = self._burst, self._burst_in_all
        self._burst, self._burst_in_all = [], 0
        if count > PASTE_LIMIT:
            return [TooMuch(count)]
        return [Burst(keys)] if keys else []

    def _named(self, sequence: str, alt: bool = False) -> list[Key]:
        try:
            keys = list(self._names._sequence_to_key_events(sequence, alt=alt))
        except (ValueError, OverflowError):  # a character number beyond Unicode
            return []
        return [key for key in keys if isinstance(key, Key) and key.key != Keys.Ignore]

    def _allowed(self, keys: Sequence[Event]) -> list[Event]:
        allowed = list(keys[: int(self._keys_left)])
        self._keys_left -= len(allowed)
        if len(allowed) == len(keys) or self._flooded:
            return allowed
        self._flooded = True
        return [*allowed, TooMuch()]

    def _paste(self, text: str, position: int, events: list[Event]) -> int:
        end = text.find(_PASTE_END, position)
        if end >= 0:
            self._add(text[position:end])
            events += self._end_paste()
            return end + len(_PASTE_END)
        end = text.rfind(_ESC, max(position, len(text) - len(_PASTE_END)))
        if end < 0 or not _begins_end_or_answer(text[end:]):
            end = len(text)
        self._add(text[position:end])
        self._cut = text[end:]
        return len(text)

    def _add(self, text: str) -> None:
        self._pasted_in_all += len(text)
        self._pasted += text[: max(0, PASTE_LIMIT - len(self._pasted))]

    def _end_paste(self) -> list[Event]:
        text, count = self._pasted.replace("\r\n", "\n").replace("\r", "\n"), self._pasted_in_all
        self._pasted, self._pasted_in_all, self._bracketed = "", 0, False
        if count > PASTE_LIMIT:
            return [TooMuch(count)]
        text = "".join(char for char in text if char.isprintable() or char in "\n\t")
        return [Paste(text)] if text else []


def _begins_end_or_answer(text: str) -> bool:
    """Return whether an escape sequence that counts within a paste may begin so."""
    return _PASTE_END.startswith(text) or text in _CUT_ANSWER
