"""Asks for a secret and for lines, as the line mode does, and tells at the end what came."""

from __future__ import annotations

import sys

from tui.line_mode.line_io import Ended
from tui.line_mode.stdio import standard

stdio = standard()
with stdio.minding_signals():
    try:
        stdio.write_line("secret?")
        secret = stdio.read_line(True)
        stdio.write_line("line?")
        line = stdio.read_line(False)
        stdio.write_line(f"got {len(secret)} {line == 'äöå' and secret == 'sälä'}")
        stdio.hold_keys(True)
        stdio.write_line(f"held {stdio.read_line(False)!r}")
        stdio.hold_keys(False)
        stdio.write_line("ends?")
        stdio.read_line(False)
    except Ended as end:
        stdio.write_line(f"ended {end.status}")
        sys.exit(end.status)
    except EOFError:
        stdio.write_line("no more")
        sys.exit(7)
