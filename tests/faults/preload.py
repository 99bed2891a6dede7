"""Tells, counts and fails what a program does to the files below a folder (`preload.c`).

The library is idle until a test begins with it. A Python program of the tests' own is started by
`run_under`, and calls `begin`, `fail` and `mark` in itself, also in a child that it has forked; any
other program is told by `environment`.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from enum import IntFlag
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
SOURCE = Path(__file__).with_suffix(".c")


class Kind(IntFlag):
    """What was done; the same numbers stand in preload.c."""

    WRITE = 1
    SYNC = 2
    TRUNCATE = 4
    CREATE = 8
    RENAME = 16
    LINK = 32
    UNLINK = 64
    MKDIR = 128
    RMDIR = 256
    MARK = 512
    READ = 1024
    OPEN = 2048
    SYMLINK = 4096


NAMES = Kind.CREATE | Kind.RENAME | Kind.LINK | Kind.UNLINK | Kind.MKDIR | Kind.RMDIR | Kind.SYMLINK
"""What changes the names in a folder."""
CHANGES = NAMES | Kind.WRITE | Kind.SYNC | Kind.TRUNCATE
"""Whatever changes files, or makes changes durable."""
ROOM = Kind.WRITE | Kind.CREATE | Kind.MKDIR | Kind.LINK | Kind.RENAME | Kind.SYNC
"""What needs room, and fails on a full disk."""
EVERYTHING = CHANGES | Kind.READ | Kind.OPEN

KILL = -1
"""In the place of an error: the process is ended at once, as by SIGKILL."""
ALWAYS = -1


def why_not() -> str:
    """Why the library cannot be used here; empty where it can."""
    if sys.platform != "linux":
        return "a library is put before the system's on Linux alone"
    return "" if shutil.which("cc") else "there is no compiler (cc)"


@cache
def library() -> Path:
    """Compile the library unless it is there already; its path."""
    code = SOURCE.read_bytes()
    made = ROOT / "build" / f"preload-{hashlib.sha256(code).hexdigest()[:16]}.so"
    if not made.exists():
        made.parent.mkdir(exist_ok=True)
        fresh = made.with_suffix(f".{os.getpid()}")
        options = ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
        command = ["cc", *options, "-o", str(fresh), str(SOURCE)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        fresh.replace(made)  # several tests may compile at once
    return made


def environment(
    folder: Path,
    record: Path | None = None,
    *,
    kinds: Kind | None = None,
    part: str = "",
    at: int = 1,
    times: int = ALWAYS,
    error: int = errno.EIO,
    half: bool = False,
) -> dict[str, str]:
    """The variables under which a whole program is watched, and fails as by `fail`."""
    found = {"LD_PRELOAD": str(library()), "FAULTS_FOLDER": str(folder)}
    if record:
        found["FAULTS_RECORD"] = str(record)
    if kinds:
        found["FAULTS_FAIL"] = f"{int(kinds)} {at} {times} {error} {int(half)} {part}"
    return found


def run_under(module: str, *arguments: object) -> str:
    """Run a module of the tests as a program with the library before it; what it prints."""
    path = {"PYTHONPATH": str(ROOT), "LD_PRELOAD": str(library())}
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{module} {arguments}: {done.returncode}\n{done.stderr[-4000:]}"
    return done.stdout


# -- in a program that runs under the library ------------------------------------------------------


@cache
def _calls() -> ctypes.CDLL:
    calls = ctypes.CDLL(None)
    for name in ("faults_counted", "faults_failed"):
        getattr(calls, name).restype = ctypes.c_long
    return calls


def begin(folder: Path, record: int = -1, *, feigned: bool = True) -> None:
    """Watch what is done below a folder, and tell it to an open file of descriptor `record`.

    With `feigned` a sync is told and not done, so that it costs nothing.
    """
    _calls().faults_begin(os.fsencode(folder), record, int(feigned))


def end() -> None:
    """Watch no more, and fail nothing."""
    _calls().faults_end()


def mark(what: str) -> None:
    """Write a word of the test's own into the record, such as that an answer was acknowledged."""
    content = what.encode()
    _calls().faults_mark(content, len(content))


def fail(
    kinds: Kind,
    *,
    part: str = "",
    at: int = 1,
    times: int = ALWAYS,
    error: int = errno.EIO,
    half: bool = False,
) -> None:
    """Let calls fail: of those kinds, at paths that hold `part`, the one of number `at` and on.

    A `part` with `*` or `?` is a pattern for the whole path.

    `times` of them in all fail, with `error` or by KILL. With `half` the first of them, if it is a
    write of more than a sector, writes half of its bytes, as a disk may that gets full or breaks.
    With `at=0` they are only counted.
    """
    _calls().faults_fail(
        int(kinds),
        os.fsencode(part),
        ctypes.c_long(at),
        ctypes.c_long(times),
        error,
        int(half),
    )


def counted() -> int:
    """How many calls of those kinds there were since `fail`."""
    return int(_calls().faults_counted())


def failed() -> int:
    """How many of them failed."""
    return int(_calls().faults_failed())


# -- the record -----------------------------------------------------------------------------------


class Event(NamedTuple):
    """One thing that was done."""

    kind: Kind
    node: int
    """The number of the file on its disk; a later file may bear it again."""
    offset: int
    """Where a write begins, or the size after a truncation."""
    path: str
    """The name at which the file was opened, which it may have lost since; the old one of two."""
    to: str
    """The new name of a rename or link; where a symbolic link leads."""
    content: bytes
    """What was written; the word of a mark."""


_HEAD = struct.Struct("<IIIIQqQ")


def events(record: bytes) -> Iterator[Event]:
    """What stands in a record, in the order in which it was done."""
    place = 0
    while place < len(record):
        kind, first, second, _, node, offset, size = _HEAD.unpack_from(record, place)
        parts = []
        place += _HEAD.size
        for length in (first, second, size):
            parts.append(record[place : place + length])
            place += length
        path, to, content = parts
        yield Event(Kind(kind), node, offset, os.fsdecode(path), os.fsdecode(to), content)
