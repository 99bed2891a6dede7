"""What the doctor says of one thing that it has looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class DoctorFinding:
    """One thing looked at: a mark, its name, and a sentence; what it means and what to do.

    `values` are those named in the sentence, for other programs.
    """

    mark: str
    name: str
    text: str
    means: str = ""
    do: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
