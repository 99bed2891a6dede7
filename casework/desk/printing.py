"""Prints a text by the system's own `lp`, where the site allows it, and through no file of ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from threading import Lock

from casework.language import N_
from casework.workspace import Workspace
from stepping.characters import escape_unfit
from store.errors import shown

SETTING = "printing"
"""The setting of a store that holds whether its notes and sheets may be printed: `on` or `off`."""

_TITLE = "Porras"
"""What the queue of the printer shows of it: nothing of a client."""
_PATIENCE_S = 20.0
_OWN = "PORRAS_"
"""How variables begin that are of no concern to other programs."""

NO_PROGRAM = N_("This computer has no program lp to print with. Nothing was printed.")
REFUSED = N_("The printer did not take it: {why}")
BUSY = N_("The printer has not answered yet. Nothing more was printed. Wait for its answer.")
SILENT = N_("The printer does not answer. Look at it before you print again: it may yet print.")


_under_way = Lock()


class NotPrinted(Exception):
    """Nothing is known to have been printed; `sentence` and `why` say what is the matter."""

    def __init__(self, sentence: str, why: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.why = why


def is_allowed(workspace: Workspace) -> bool:
    """Return whether this site prints, on a system that has `lp`.

    Raises:
        StoreError: If the store does not tell.
    """
    return sys.platform != "win32" and workspace.store.settings.get(SETTING) == "on"


def is_under_way() -> bool:
    """Return whether a printer has not answered yet, so that nothing is printed twice by haste."""
    return _under_way.locked()


def _find_program() -> str | None:
    """Return where `lp` is; whatever folder the program was started in is not looked into."""
    path = os.environ.get("PATH", os.defpath)
    places = [place for place in path.split(os.pathsep) if Path(place).is_absolute()]
    return shutil.which("lp", path=os.pathsep.join(places)) if places else None


def print_text(text: str) -> None:
    """Hand a text of at most 78 columns to the printer that is the usual one here.

    Raises:
        NotPrinted: If it was not taken, or nobody says so.
    """
    program = _find_program()
    if program is None:
        raise NotPrinted(NO_PROGRAM)
    if not _under_way.acquire(blocking=False):
        raise NotPrinted(BUSY)
    try:
        _send(program, text)
    finally:
        _under_way.release()


def _send(program: str, text: str) -> None:
    content = escape_unfit(text + "\n", lines=True).encode()
    variables = {name: value for name, value in os.environ.items() if not name.startswith(_OWN)}
    try:
        done = subprocess.run(  # noqa: S603 - the program that prints here, and no shell
            [program, "-s", "-t", _TITLE, "-o", "cpi=12", "-"],
            input=content,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=_PATIENCE_S,
            check=False,
            env=variables,
        )
    except subprocess.TimeoutExpired as error:
        raise NotPrinted(SILENT) from error
    except OSError as error:
        raise NotPrinted(REFUSED, error.strerror or "lp") from error
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise NotPrinted(REFUSED, shown(told[:120]) or f"lp: {done.returncode}")
