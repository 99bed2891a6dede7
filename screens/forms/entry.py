"""A few typed characters inside a page: a number, a year, a code."""

from __future__ import annotations

from dataclasses import dataclass

from screens.base.keys import KeyPress
from stepping.pathway.answers import LONGEST_TEXT


@dataclass
class Entry:
    """What has been typed so far; only characters that may stand there are taken."""

    allowed: str = "0123456789"
    longest: int = 4
    text: str = ""

    def take(self, press: KeyPress) -> bool:
        """Take a key; say whether the text changed."""
        if press.key == "backspace" and self.text:
            self.text = self.text[:-1]
            return True
        char = self._char(press)
        self.text += char
        return bool(char)

    def fits(self, press: KeyPress) -> bool:
        """Whether a key would change the text."""
        return bool(self._char(press) or (press.key == "backspace" and self.text))

    def _char(self, press: KeyPress) -> str:
        """Return the character that a key would add; none where it may not stand there."""
        char = (press.character or "").upper()
        fits = char and char in self.allowed and len(self.text) < self.longest
        return char if fits else ""

    def drawn(self) -> str:
        """Return the entry as it stands on the page."""
        return f"[ {self.text}_{' ' * (self.longest - len(self.text))}]"


@dataclass
class Writing(Entry):
    """A few words inside a page: any character may be typed, and what is typed edited."""

    longest: int = LONGEST_TEXT
    after: int = 0
    """Characters that stand behind the place where the next one goes."""

    def take(self, press: KeyPress) -> bool:
        """Take a key; say whether it was one of text, though there may be no room for it."""
        if not self.fits(press):
            return False
        at = len(self.text) - self.after
        before, behind = self.text[:at], self.text[at:]
        match press.key:
            case "backspace":
                before = before[:-1]
            case "delete":
                behind = behind[1:]
            case "left":
                before, behind = before[:-1], before[-1:] + behind
            case "right":
                before, behind = before + behind[:1], behind[1:]
            case "home":
                before, behind = "", before + behind
            case "end":
                before, behind = before + behind, ""
            case _ if self.room:
                before += press.character or ""
        self.text, self.after = before + behind, len(behind)
        return True

    @property
    def room(self) -> int:
        """How many characters may still be typed."""
        return self.longest - len(self.text)

    def fits(self, press: KeyPress) -> bool:
        """Whether a key is one of text: a character, or one that moves or deletes in it."""
        if press.key in ("backspace", "left", "home"):
            return len(self.text) > self.after
        if press.key in ("delete", "right", "end"):
            return self.after > 0
        return press.character is not None and press.character.isprintable()

    def put(self, text: str) -> None:
        """Put a text in where the next character goes."""
        at = len(self.text) - self.after
        self.text = self.text[:at] + text + self.text[at:]

    def drawn(self) -> str:
        """Return what is written, with a mark where the next character goes."""
        at = len(self.text) - self.after
        return f"[ {self.text[:at]}_{self.text[at:]} ]"
