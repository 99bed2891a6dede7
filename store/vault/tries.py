"""Failed unlocks per staff code: the longer the row of them, the longer the next one waits.

After three failures in a row the next try waits 1 s, then 2, 4 … up to 60 s; after ten the staff
code is locked until `clear`. The counts live in a small file beside the key file, so they outlast
the program. Whoever may write that folder can delete the file: this slows down a guess at the
keyboard, while a stolen key file is guarded by argon2id alone.

A staff code that nobody has is counted as well, so that waiting tells nothing; what was typed there
may be a passphrase in the wrong place, so only which of 256 common entries it falls into is kept.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from store.errors import AccountLocked, NoAccess, StoreBusy, TooManyTries
from store.times import Clock, stamp, utc_now
from store.upkeep import disk
from store.vault import locks

FREE, LOCKED = 3, 10
"""Failures after which the next try waits, and after which none is taken."""

LONGEST_WAIT_S = 60

_UNKNOWN = "?"  # never in a staff code
_ENTRIES = 10_000

Trouble = Literal["", "missing", "damaged"]
"""What was wrong with the file when it was last read from nothing."""


class Failures(NamedTuple):
    """Failed unlocks that the audit chain does not know yet; `at` are instants in UTC.

    `handle` is None for staff codes that nobody has.
    """

    handle: str | None
    at: tuple[str, ...]


class Report(NamedTuple):
    """What has to be told: failures, and whether the file was missing or damaged."""

    failures: tuple[Failures, ...]
    trouble: Trouble


class _Entry(BaseModel):
    """The failures of one staff code since its last success, and how many the chain knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: tuple[str, ...] = Field((), max_length=LOCKED)
    told: int = Field(0, ge=0, le=LOCKED)
    since: float = 0.0
    """When the present wait began, in seconds since 1970."""

    def wait_s(self) -> float:
        beyond = len(self.at) - FREE
        return 0 if beyond < 0 else min(LONGEST_WAIT_S, 2**beyond)


class _File(BaseModel):
    """`trouble` says what became of the file before this one, until that has been told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["porras-tries"] = "porras-tries"
    salt: str = Field(default_factory=lambda: os.urandom(16).hex(), max_length=64)
    trouble: Trouble = ""
    entries: dict[str, _Entry] = Field(default_factory=dict, max_length=_ENTRIES)

    def entry(self, name: str) -> _Entry:
        return self.entries.get(name, _NONE)

    def put(self, name: str, entry: _Entry) -> _File:
        return self.model_copy(update={"entries": {**self.entries, name: entry}})


_NONE = _Entry()


class Tries:
    """The counts beside one key file.

    `known` returns the staff codes that there are; no method sleeps. A disk that takes no write
    loses counts and never keeps anybody out.
    """

    def __init__(
        self, keys: Path, known: Callable[[], tuple[str, ...]], clock: Clock = utc_now
    ) -> None:
        self.path = keys.with_suffix(".tries")
        self._keys = keys
        self._known = known
        self._clock = clock

    def start(self) -> None:
        """Make an empty file, so that a missing one is noticed later; one that stands is kept."""
        if not self.path.exists():
            self._change(lambda file: file.model_copy(update={"trouble": ""}))

    def admit(self, handle: str) -> None:
        """Let a try pass; TooManyTries names the seconds to wait, AccountLocked asks for a lead."""
        file = self._read()
        name = self._name(file, handle)
        entry = file.entry(name)
        if len(entry.at) >= LOCKED:
            raise AccountLocked(count=LOCKED)
        wait_s = entry.wait_s()
        left_s = entry.since + wait_s - self._now()
        if left_s > wait_s:  # the clock was set back: the whole wait begins anew
            left_s = wait_s
            self._change(lambda file: file.put(name, self._from_now(file.entry(name))))
        if left_s > 0:
            raise TooManyTries(seconds=math.ceil(left_s))

    def failed(self, handle: str) -> None:
        """Count a failure."""

        def counted(file: _File) -> _File:
            name = self._name(file, handle)
            entry = file.entry(name)
            at = (*entry.at, stamp(self._clock()))[:LOCKED]
            return file.put(name, self._from_now(entry.model_copy(update={"at": at})))

        self._change(counted)

    def clear(self, handle: str, record: Callable[[Report], None]) -> None:
        """Forget the failures of a staff code, after a success or at the word of a lead.

        What has to be told is handed to `record` first: cut short in between, it is told again.
        """
        seen = self._read()
        own = self._name(seen, handle)
        report = Report(tuple(_untold(seen, own)), seen.trouble)
        if report.failures or report.trouble:
            record(report)
        if seen.trouble or own in seen.entries or report.failures:
            self._change(lambda file: _told(file, seen, own))

    def locked(self) -> tuple[str, ...]:
        """The staff codes that are locked, for those who may clear them."""
        entries = self._read().entries.items()
        full = (name for name, entry in entries if len(entry.at) >= LOCKED)
        return tuple(name for name in full if not name.startswith(_UNKNOWN))

    def _now(self) -> float:
        return self._clock().timestamp()

    def _from_now(self, entry: _Entry) -> _Entry:
        return entry.model_copy(update={"since": self._now()})

    def _name(self, file: _File, handle: str) -> str:
        plain = handle.strip().lower()
        if plain in self._known():
            return plain
        typed = plain.encode("utf-8", "surrogatepass")
        return _UNKNOWN + hashlib.sha256(file.salt.encode() + typed).hexdigest()[:2]

    def _read(self) -> _File:
        try:
            return _File.model_validate_json(self.path.read_bytes())
        except FileNotFoundError:
            return _File(trouble="missing")
        except (OSError, ValidationError):
            return _File(trouble="damaged")

    def _change(self, change: Callable[[_File], _File]) -> None:
        with suppress(OSError, StoreBusy, NoAccess), locks.alone(self.path, beside=self._keys):
            content = change(self._read()).model_dump_json(indent=1).encode()
            disk.write_whole(self.path, content, replace=True, beside=self._keys)


def _untold(file: _File, own: str) -> Iterator[Failures]:
    """The failures to tell: those of the code itself, and all of codes that nobody has."""
    unknown: list[str] = []
    for name, entry in file.entries.items():
        new = entry.at[entry.told :]
        if name.startswith(_UNKNOWN):
            unknown += new
        elif name == own and new:
            yield Failures(name, new)
    if unknown:
        yield Failures(None, tuple(sorted(unknown)))


def _told(file: _File, seen: _File, own: str) -> _File:
    """The file once all that was seen has been told; failures that came since are kept."""
    entries = dict(file.entries)
    for name, entry in file.entries.items():
        told = len(seen.entry(name).at)
        if name == own:
            rest = entry.at[told:]
            entries[name] = entry.model_copy(update={"at": rest, "told": 0}) if rest else _NONE
        elif name.startswith(_UNKNOWN):
            entries[name] = entry.model_copy(update={"told": told})
    return file.model_copy(
        update={"entries": {n: e for n, e in entries.items() if e.at}, "trouble": ""}
    )
