"""Faults that are made under the library of `preload.py`, by a program (`storm.py`)."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Literal

from tests.faults import preload
from tests.faults.tally import Fault, Tally

_SHOWN = 20
"""Broken promises of which all is told; of the others only how many there are."""


def storm(
    row: str,
    what: str,
    kind: Literal["cuts", "kills", "errors", "full"],
    room: Literal["store", "commands", "screens"],
    sizes: tuple[int, int],
) -> Fault:
    """The fault that deeds of a room are cut, killed or failed at so many operations."""

    def make(folder: Path, count: int) -> Tally:
        out = preload.run_under("tests.faults.storm", kind, room, folder, count)
        told = json.loads(out)
        broken = told.pop("broken")
        listed = "\n".join(broken[:_SHOWN])
        assert not broken, f"{len(broken)} of {told['tried']} broke a promise:\n{listed}"
        return Tally(**told | {"seen": Counter(told["seen"])})

    return Fault(row, what, make, *sizes, why_not=preload.why_not)
