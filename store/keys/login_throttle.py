"""Failed unlocks per staff code: the longer the row of them, the longer the next one waits.

A try is claimed before anything is derived: it stands in the file as one that failed, and is taken
back when it succeeds. So no number of programs at once gets more tries than one program does, and
one that is killed amid a try has failed. The next one waits a few seconds for tries that go on:
several programs that are opened at once with the right passphrase all open.

After three failures in a row the next try waits 1 s, then 2, 4 … up to 60 s; from ten on it waits
an hour, and then one more is let in. Nobody is kept out for ever: a lead can clear the row before,
and the recovery code never waits. The counts live in a small file beside the key file, so they
outlast the program. Whoever may write that folder can delete the file: this slows down a guess at
the keyboard, while a stolen key file is guarded by argon2id alone.

Waits go by the computer's clock, which outlasts a restart. Who puts it forward ends a wait; that
takes an administrator of the computer, who could delete the file as well. Put back, it begins the
wait anew, so that none grows beyond an hour.

A staff code that nobody has is counted as well, so that waiting tells nothing; what was typed there
may be a passphrase in the wrong place, so only which of 256 common entries it falls into is kept.
"""

from __future__ import annotations

import hashlib
import math
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from store.errors import AccountLocked, NoAccess, StoreBusy, TooManyTries, WrongPassphrase
from store.files import durable, file_lock, regular_files
from store.times import Clock, local_time, to_iso_utc, utc_now

FREE, LOCKED = 3, 10
"""Failures after which the next try waits, and after which it waits an hour."""

LONGEST_WAIT_S, LOCKED_S = 60, 3600

WAIT_S = 5.0
"""How long a try waits for others that go on, before it is refused."""

_PAUSE_S = 0.05
_ABANDONED_S = 60
"""After so long a try that never ended is one that was killed."""

_UNKNOWN = "?"  # never in a staff code
_ENTRIES = 10_000
_LARGEST = 4 * 1024 * 1024

_Seconds = Annotated[float, Field(ge=0, le=10**10)]
"""Since 1970; a forged file names no instant that a calendar has not got."""
_Instant = Annotated[str, Field(max_length=32)]

Trouble = Literal["", "missing", "damaged", "unwritten"]
"""What was wrong with the file when it was last read from nothing, or had to be written."""


class Failures(NamedTuple):
    """Failed unlocks that the audit chain does not know yet, between two instants in UTC.

    `handle` is None for staff codes that nobody has.
    """

    handle: str | None
    times: int
    first: str
    last: str


class Report(NamedTuple):
    """What has to be told: failures, and whether the file was missing, damaged or not written."""

    failures: tuple[Failures, ...]
    trouble: Trouble


class _Entry(BaseModel):
    """The failures of one staff code since its last success, and how many the chain knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    count: int = Field(0, ge=0)
    told: int = Field(0, ge=0)
    first: _Instant = ""
    last: _Instant = ""
    """Between which instants the failures were that the chain does not know yet."""
    since: _Seconds = 0.0
    """When the last failure was, or the clock was found put back."""
    claims: dict[str, _Seconds] = Field(default_factory=dict, max_length=LOCKED)
    """The tries that go on now, with when each began."""

    @model_validator(mode="before")
    @classmethod
    def _from_instants(cls, data: Any) -> Any:
        """Read the form of before, which kept the instant of each failure."""
        match data:
            case {"at": [*at], "told": int(told), "since": since} if told >= 0:
                new = at[told:] or [""]
                last = {"first": new[0], "last": new[-1]}
                return {"count": len(at), "told": told, "since": since, **last}
        return data

    def as_of(self, now: float) -> _Entry:
        """Return the entry with killed tries as failures, and no wait that began after now."""
        entry = self
        for claim, at in self.claims.items():
            if not 0 <= now - at < _ABANDONED_S:
                entry = entry.failed(claim, min(at, now))
        return entry.model_copy(update={"since": min(entry.since, now)})

    def failed(self, claim: str, at: float) -> _Entry:
        """Return the entry with a failure in the place of a claim."""
        instant = to_iso_utc(datetime.fromtimestamp(at, UTC))
        held = {
            "count": self.count + 1,
            "first": self.first if self.untold else instant,
            "last": instant,
            "since": max(self.since, at),
        }
        return self.without(claim).model_copy(update=held)

    def without(self, claim: str) -> _Entry:
        left = {each: at for each, at in self.claims.items() if each != claim}
        return self.model_copy(update={"claims": left})

    @property
    def untold(self) -> int:
        return max(0, self.count - self.told)

    @property
    def in_a_row(self) -> int:
        return self.count + len(self.claims)

    def left_s(self, now: float) -> float:
        """For how long the next try has to wait still."""
        if self.in_a_row < FREE:
            return 0
        if self.in_a_row >= LOCKED:
            wait_s = LOCKED_S
        else:
            wait_s = min(LONGEST_WAIT_S, 2 ** (self.in_a_row - FREE))
        return max(self.since, *self.claims.values(), 0) + wait_s - now


class _Refused(NamedTuple):
    """Why a try may not begin; `passing` if only tries that go on now are in the way."""

    error: TooManyTries | AccountLocked
    passing: bool


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
        return self._holding({**self.entries, name: entry})

    def told(self, told: Mapping[str, _Entry]) -> _File:
        return self._holding({**self.entries, **told}).model_copy(update={"trouble": ""})

    def _holding(self, entries: Mapping[str, _Entry]) -> _File:
        kept = {name: entry for name, entry in entries.items() if entry.in_a_row}
        return self.model_copy(update={"entries": kept})


_NONE = _Entry()


class LoginThrottle:
    """The counts beside one key file.

    `known` returns the staff codes that there are. A disk that takes no write
    loses counts and never keeps anybody out, but what was lost is told at the next success.
    """

    def __init__(
        self, keys: Path, known: Callable[[], tuple[str, ...]], clock: Clock = utc_now
    ) -> None:
        self.path = keys.with_suffix(".tries")
        self._keys = keys
        self._known = known
        self._clock = clock
        self._unwritten = False

    def create_file(self) -> None:
        """Make an empty file, so that a missing one is noticed later; one that stands is kept."""
        if not self.path.exists():
            self._change(lambda file: file.model_copy(update={"trouble": ""}))

    @contextmanager
    def attempt(self, handle: str) -> Iterator[None]:
        """Count what is tried in the block: it has failed if it raises WrongPassphrase, or is cut.

        Where only tries that go on now are in the way it waits for them, up to WAIT_S.

        Raises:
            TooManyTries: If one has to wait some seconds first.
            AccountLocked: If one has to wait up to an hour.
        """
        claim = os.urandom(8).hex()
        until = time.monotonic() + WAIT_S
        while refused := self._claim(handle, claim):
            if not refused.passing or time.monotonic() >= until:
                raise refused.error
            time.sleep(_PAUSE_S)
        try:
            yield
        except WrongPassphrase:
            self._settle(handle, lambda entry: entry.failed(claim, self._now()))
            raise
        except Exception:  # of the file or the disk: it tells nothing of the passphrase
            self._settle(handle, lambda entry: entry.without(claim))
            raise
        self._settle(handle, lambda entry: entry.without(claim))

    def clear_failures(self, handle: str, record: Callable[[Report], None]) -> None:
        """Forget the failures of a staff code, after a success or at the word of a lead.

        What has to be told is handed to `record` first: cut short in between, it is told again.
        """
        now, seen = self._now(), self._read()
        own = self._name(seen, handle)
        known = {
            name: entry.as_of(now)
            for name, entry in seen.entries.items()
            if name == own or name.startswith(_UNKNOWN)
        }
        unwritten: Trouble = "unwritten" if self._unwritten else ""
        report = Report(tuple(_untold(known, own)), seen.trouble or unwritten)
        if report.failures or report.trouble:
            record(report)
        if not (seen.trouble or report.failures or known.get(own, _NONE).count):
            return

        def told(file: _File) -> _File:
            held = {
                name: _once_told(file.entry(name).as_of(now), entry, forget=name == own)
                for name, entry in known.items()
            }
            return file.told(held)

        self._change(told)

    def locked_handles(self) -> tuple[str, ...]:
        """Return the staff codes that wait their hour, for those who may clear them."""
        now = self._now()
        entries = ((name, entry.as_of(now)) for name, entry in self._read().entries.items())
        return tuple(
            name
            for name, entry in entries
            if entry.in_a_row >= LOCKED and entry.left_s(now) > 0 and not name.startswith(_UNKNOWN)
        )

    def _claim(self, handle: str, claim: str) -> _Refused | None:
        refused: _Refused | None = None

        def claimed(file: _File) -> _File:
            nonlocal refused
            now, name = self._now(), self._name(file, handle)
            entry = file.entry(name).as_of(now)
            if (refused := _refusal(entry, now)) is None:
                entry = entry.model_copy(update={"claims": {**entry.claims, claim: now}})
            return file.put(name, entry)

        if not self._change(claimed):
            claimed(self._read())  # what stands there holds, even where no more can be written
        return refused

    def _settle(self, handle: str, change: Callable[[_Entry], _Entry]) -> None:
        def settled(file: _File) -> _File:
            name = self._name(file, handle)
            return file.put(name, change(file.entry(name)))

        self._change(settled)

    def _now(self) -> float:
        return self._clock().timestamp()

    def _name(self, file: _File, handle: str) -> str:
        plain = handle.strip().lower()
        if plain in self._known():
            return plain
        typed = plain.encode("utf-8", "surrogatepass")
        return _UNKNOWN + hashlib.sha256(file.salt.encode() + typed).hexdigest()[:2]

    def _read(self) -> _File:
        try:
            return _File.model_validate_json(regular_files.read(self.path, _LARGEST))
        except FileNotFoundError:
            return _File(trouble="missing")
        except (OSError, ValidationError):
            return _File(trouble="damaged")

    def _change(self, change: Callable[[_File], _File]) -> bool:
        """Write the file anew; false where that cannot be done."""
        try:
            with file_lock.alone(self.path, beside=self._keys):
                before = self._read()
                if (after := change(before)) != before or before.trouble:
                    content = after.model_dump_json(indent=1).encode()
                    durable.write_whole(self.path, content, replace=True, beside=self._keys)
        except (OSError, StoreBusy, NoAccess):
            self._unwritten = True
            return False
        return True


def _refusal(entry: _Entry, now: float) -> _Refused | None:
    """Return why the next try has to wait, if it has to."""
    left_s = math.ceil(entry.left_s(now))
    if left_s <= 0:
        return None
    passing = entry.model_copy(update={"claims": {}}).left_s(now) <= 0
    if entry.in_a_row < LOCKED:
        return _Refused(TooManyTries(seconds=left_s), passing)
    until = local_time(datetime.fromtimestamp(now + left_s, UTC))
    return _Refused(AccountLocked(count=entry.in_a_row, until=f"{until:%H:%M}"), passing)


def _untold(seen: Mapping[str, _Entry], own: str) -> Iterator[Failures]:
    """Yield the failures to tell: those of the code itself, and all of codes that nobody has."""
    new = {name: entry for name, entry in seen.items() if entry.untold}
    if entry := new.pop(own, None):
        yield Failures(_whose(own), entry.untold, entry.first, entry.last)
    if new:
        first, last = min(e.first for e in new.values()), max(e.last for e in new.values())
        yield Failures(None, sum(e.untold for e in new.values()), first, last)


def _whose(name: str) -> str | None:
    return None if name.startswith(_UNKNOWN) else name


def _once_told(entry: _Entry, seen: _Entry, *, forget: bool) -> _Entry:
    """Return an entry once all that was seen has been told; failures that came since are kept."""
    dropped = min(seen.count, entry.count) if forget else 0
    told = max(0, min(seen.count, entry.count) - dropped)
    between = {"first": seen.last, "last": entry.last}
    return entry.model_copy(update={"count": entry.count - dropped, "told": told, **between})
