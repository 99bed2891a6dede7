"""What a fault was tried on, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Tally:
    """Counts of one fault; whatever breaks a promise is an AssertionError and no count."""

    tried: int
    """How many times the fault was made."""
    kept: int
    """Acknowledged entries that were looked for afterwards and found as they were."""
    lost: int = 0
    """Acknowledged entries that were not found; above nought only where the text says why."""
    seen: Mapping[str, int] = field(default_factory=Counter)
    """How often the program met it in which way."""

    def told(self) -> str:
        """The ways in which it was met, the most frequent first."""
        ranked = sorted(self.seen.items(), key=lambda each: (-each[1], each[0]))
        return "; ".join(f"{way}: {count:,}" for way, count in ranked)


@dataclass(frozen=True)
class Fault:
    """One fault of the matrix and how it is made; sizes are numbers of tries."""

    row: str
    what: str
    make: Callable[[Path, int], Tally]
    short: int
    long: int
    why_not: Callable[[], str] = str
    """Says why it cannot be made here; an empty text where it can."""

    def run(self, folder: Path, count: int) -> Tally:
        """Make it so often, in a new folder."""
        folder.mkdir(mode=0o700)
        return self.make(folder, count)

    @property
    def name(self) -> str:
        """A name for a test."""
        return f"{self.row} {self.what}"
