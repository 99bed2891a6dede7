"""A few typed characters inside a sheet: a number, a year, a code."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events


@dataclass
class Entry:
    """What has been typed so far; only characters that may stand there are taken."""

    allowed: str = "0123456789"
    longest: int = 4
    text: str = ""

    def take(self, event: events.Key) -> bool:
        """Take a key; say whether the text changed."""
        if event.key == "backspace" and self.text:
            self.text = self.text[:-1]
            return True
        char = self._char(event)
        self.text += char
        return bool(char)

    def fits(self, event: events.Key) -> bool:
        """Whether a key would change the text."""
        return bool(self._char(event) or (event.key == "backspace" and self.text))

    def _char(self, event: events.Key) -> str:
        """The character that a key would add; none where it may not stand there."""
        char = (event.character or "").upper()
        fits = char and char in self.allowed and len(self.text) < self.longest
        return char if fits else ""

    def drawn(self) -> str:
        """The entry as it stands on the sheet."""
        return f"[ {self.text}_{' ' * (self.longest - len(self.text))}]"
