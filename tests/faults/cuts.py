"""Actions that change files, cut short at every place of the code that does them (F3)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.faults.tally import Tally

ROOT = Path(__file__).parents[2]


def cut_short(action: str) -> Callable[[Path, int], Tally]:
    """The fault that an action of `cut.py` dies at so many of its lines."""

    def make(folder: Path, points: int) -> Tally:
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.cut", action, str(folder), str(points)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        left: Counter[str] = Counter(json.loads(done.stdout)["left"])
        tried = sum(left.values())
        assert tried > 0
        return Tally(tried, 0, seen=Counter({f"left {state}": n for state, n in left.items()}))

    return make
