"""If these fail, a use case cannot be done without a terminal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import casework

ROOM = Path(casework.__file__).parent
MODULES = sorted(f"casework.{path.stem}" for path in ROOM.glob("*.py"))


def test_the_use_cases_bring_in_no_terminal() -> None:
    code = f"import sys, {', '.join(MODULES)}; print({{'textual', 'rich'}} & sys.modules.keys())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "set()"
