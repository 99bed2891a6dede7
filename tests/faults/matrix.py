"""The matrix of faults: which are made here and how often, and which tests meet the others."""

from __future__ import annotations

from typing import NamedTuple

from tests.faults import (
    clocks,
    cuts,
    damage,
    logs,
    memory,
    processes,
    rooms,
    stale,
    tampering,
    tricks,
)
from tests.faults.storms import storm
from tests.faults.tally import Fault

FAULTS = (
    Fault("F1", "writers at once", processes.writers, 6, 40),
    Fault("F2", "kill -9", processes.kills, 24, 2000),
    Fault("F2", "kill -9 beside a writer", processes.kills_while_others_write, 8, 200),
    storm("F2", "kill -9 in the store", "kills", "store", (11, 3500)),
    storm("F2", "kill -9 in every command", "kills", "commands", (14, 4800)),
    storm("F2", "kill -9 at the screens", "kills", "screens", (5, 2000)),
    Fault("F3", "set-up cut short", cuts.cut_short("set_up"), 6, 150),
    Fault("F3", "migration cut short", cuts.cut_short("migration"), 20, 1000),
    Fault("F3", "two answers cut short", cuts.cut_short("two_answers"), 30, 1000),
    Fault("F3", "new passphrase cut short", cuts.cut_short("new_passphrase"), 4, 60),
    Fault("F4", "file size limit", rooms.limits, 2, 40),
    Fault("F4", "full disk at work", rooms.full_disks, 2, 40, rooms.why_not),
    storm("F4", "disk that gets full anywhere", "full", "store", (11, 1500)),
    Fault("F5", "opening on a full disk", rooms.openings_on_full_disks, 2, 40, rooms.why_not),
    Fault("F6", "flipped bit", damage.flips, 40, 1000),
    Fault("F6", "page of random bytes", damage.random_pages, 20, 300),
    Fault("F6", "file cut off or empty", damage.cut_files, 20, 300),
    Fault("F6", "flipped bit in the log", logs.flips, 20, 1000),
    Fault("F6", "garbage in the log", logs.garbage, 10, 300),
    Fault("F6", "flipped bit in the key file", damage.key_files, 40, 1000),
    Fault("F11", "one change by hand", tampering.by_hand, 150, 3000),
    Fault("F11", "history rewritten", tampering.by_rewriting, 20, 300),
    Fault("F12", "clock jumps", clocks.jumps, 40, 2000),
    Fault("F22", "a long day", memory.long_days, 60, 3000),
    Fault("F22", "memory runs out", memory.shortages, 6, 30),
    storm("F23", "power cut", "cuts", "store", (44, 5500)),
    storm("F24", "disk that reports errors", "errors", "store", (22, 3000)),
    Fault("F25", "log cut, gone or older", logs.cuts, 40, 2000),
    Fault("F26", "page of an older day", stale.cases, 6, 1000),
    Fault("F27", "links and things in the way", tricks.tricks, 6, 1000),
)
"""Faults that are made anew in every run, a few times in `make test` and often in `make faults`."""


class Elsewhere(NamedTuple):
    """A row that ordinary tests meet; `make faults` runs and counts them."""

    row: str
    what: str
    tests: tuple[str, str]
    """File of tests and an expression that chooses among them, as `pytest -k` reads it."""


ELSEWHERE = (
    Elsewhere("F3", "creation and old schema cut short", ("store/test_schema.py", "cut_short")),
    Elsewhere("F3", "backup and restore cut short", ("store/test_backup.py", "cut_short")),
    Elsewhere("F3", "restore cut short", ("store/test_restore.py", "cut_short")),
    Elsewhere("F3", "change of the data key cut short", ("store/test_rekey.py", "cut")),
    Elsewhere("F7", "restore", ("store/test_restore.py", "")),
    Elsewhere("F8", "newer and foreign files", ("store/test_engine.py", "foreign or newer or key")),
    Elsewhere("F9", "older files", ("store/test_schema.py", "older or version")),
    Elsewhere("F10", "wrong passphrase, lost slot", ("store/test_keys.py", "wrong or recovery")),
    Elsewhere("F11", "the chain itself", ("store/test_audit.py", "")),
    Elsewhere("F11", "seals", ("store/test_seals.py", "")),
    Elsewhere("F13", "signals and hang-up", ("terminal/test_driver.py", "signal or closed or end")),
    Elsewhere("F13", "the program's own end", ("terminal/test_program.py", "signal or closed")),
    Elsewhere("F13", "readers that go away", ("tui/test_batch_file.py", "goes_away or pipe")),
    Elsewhere("F13", "readers of the store", ("tui/test_care_commands.py", "goes_away")),
    Elsewhere("F14", "stopped and continued", ("terminal/test_driver.py", "stopped")),
    Elsewhere("F15", "sizes", ("terminal/test_driver.py", "resize")),
    Elsewhere("F15", "too small a window", ("terminal/test_program.py", "small")),
    Elsewhere("F16", "pastes and bursts", ("terminal/test_driver.py", "paste or type_ahead")),
    Elsewhere(
        "F16",
        "bursts at the program",
        ("terminal/test_program.py", "succession or bouncing or without_marks"),
    ),
    Elsewhere("F17", "bytes that are no keys", ("terminal/test_keyboard.py", "")),
    Elsewhere(
        "F17", "bytes at the driver", ("terminal/test_driver.py", "byte or escape or no_key")
    ),
    Elsewhere("F17", "texts not to be kept", ("store/test_repository.py", "refused")),
    Elsewhere("F17", "cells of tables", ("tui/test_batch_file.py", "torn or identity or names")),
    Elsewhere(
        "F18", "plain and odd terminals", ("terminal/test_driver.py", "plain or redirecting")
    ),
    Elsewhere("F18", "what cannot work", ("tui/test_terminal.py", "")),
    Elsewhere("F19", "no right, no local disk", ("store/test_engine.py", "may_not or network")),
    Elsewhere("F20", "one draft in two windows", ("store/test_processes.py", "two_windows")),
    Elsewhere("F20", "the second is told", ("casework/test_assessment.py", "another_window")),
    Elsewhere("F4–F20", "the real program in a terminal", ("faults/test_program.py", "")),
)
