"""A few typed characters inside a page: a number, a year, a code."""

from __future__ import annotations

from dataclasses import dataclass

from screens.base.keys import KeyPress


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
