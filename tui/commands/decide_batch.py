"""Decisions on a file of cases, `porras decide --batch`: where they go and what is told of them."""

from __future__ import annotations

import os
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

import click

from casework.language import speech
from stepping.pathway.model import Pathway
from store.errors import shown
from store.output import Unwritten, open_target
from tui import say
from tui.commands.case_file import BatchFileError
from tui.commands.common import blame_pathway, get_guarded
from tui.commands.decide_csv import TABLE, Counts, decide_file
from tui.commands.groups import CommandError
from tui.settings import Settings
from tui.spoken import said


def decide_batch(settings: Settings, pathway: Pathway, source: BinaryIO, out: str) -> None:
    """Decide on each case of a file, and say on the terminal how it goes.

    Raises:
        click.UsageError: If no cases are given, or `out` is the file that is read.
        CommandError: If the file is refused, or a line of it, or nothing can be written.
    """
    if source.isatty():
        raise click.UsageError("give the cases with --batch FILE, or send them to standard input")
    if out != "-" and _is_same_file(source, Path(out)):
        raise click.UsageError("--out is the file that is read; write the decisions to another")
    began = time.perf_counter()
    line = say.ProgressLine()

    def show_count(counts: Counts) -> None:
        line.show(f"{counts.decided + counts.refused} lines")

    try:
        with (
            _target(settings, out) as target,
            blame_pathway(pathway, besides=(BatchFileError, Unwritten)),
        ):
            counts = decide_file(pathway, source, target, tell=line.tell, progress=show_count)
    except Unwritten as error:
        raise CommandError(f"{shown(out)}: {speech(settings.speaks)(error.sentence)}") from None
    except BatchFileError as error:
        raise CommandError(
            f"{said('the file of cases is refused, no more was decided')}\n{error}"
        ) from None
    except BrokenPipeError:
        raise  # who reads standard output has had enough; no fault of the file's
    except OSError as error:
        where = said("standard output") if out == "-" else out
        raise CommandError(f"{where}: {said(str(error.strerror))}") from None
    seconds = time.perf_counter() - began
    rate = (counts.decided + counts.refused) / max(seconds, 1e-9)
    line.tell(
        f"{counts.decided} decided, {counts.refused} refused, {seconds:.1f} s, {rate:.0f} a second"
    )
    if counts.refused:
        raise CommandError("what was refused has no decision; mend those lines and run them again")
    if counts.twice:
        raise CommandError(
            "a case stands twice, each time with a decision; give each a name of its own"
        )


def _target(settings: Settings, out: str) -> AbstractContextManager[BinaryIO]:
    """Open the file for the decisions; an earlier table of decisions makes room for them."""
    if out == "-":
        return nullcontext(say.raw())
    return open_target(Path(out), TABLE, get_guarded(settings), replace=True)


def _is_same_file(source: BinaryIO, path: Path) -> bool:
    """Tell whether a path leads to the file that is being read."""
    try:
        return os.path.samestat(os.fstat(source.fileno()), path.stat())
    except OSError:  # there is no such file yet, or what is read is none
        return False
