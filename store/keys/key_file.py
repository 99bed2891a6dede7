"""The key file as it lies on the disk: its versions, its signatures, its digest, and its writing.

What is in it and who may change it is a matter of `keystore`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Literal, NamedTuple, Self

from pydantic import BaseModel, Field, model_validator

from store.errors import (
    FailingDisk,
    ForgedKeys,
    FutureKeys,
    KeyslotDamaged,
    KeysMissing,
)
from store.files import disk_errors, durable, ownership, regular_files
from store.keys import keyslots
from store.keys.keyslots import OldSlot, Slot

_SIGNED = b"signed "
_LARGEST = 8 * 1024 * 1024
"""Bytes of a key file at most: some thousand staff codes."""
_FORMAT: Literal["porras-keys"] = "porras-keys"
VERSION: Literal[3] = 3


class State(NamedTuple):
    """Which change of the key file stands, the digest of what is signed, and of the recovery slot.

    The last one is empty for a slot of the first format.
    """

    number: int
    digest: str
    recovery: str


class KeyFile(BaseModel):
    """What the file holds; `checks` are digests that tell the right data keys from wrong ones.

    `number` counts the changes of the file; 0 in a file of an earlier version.
    """

    model_config = keyslots.FILE

    format: Literal["porras-keys"] = _FORMAT
    version: Literal[1, 2, 3] = VERSION
    number: int = Field(0, ge=0, le=10**12)
    checks: tuple[str, ...] = Field(min_length=1, max_length=2)
    slots: tuple[Slot | OldSlot, ...]

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        """Return every slot stands once and holds every key; an old slot has but one.

        Only a file of today's version has a number, and no slot that is sealed as before.
        """
        names = {(slot.kind, slot.handle) for slot in self.slots}
        held = {1 if isinstance(slot, OldSlot) else len(slot.sealed) for slot in self.slots}
        if len(names) != len(self.slots) or held - {len(self.checks)}:
            raise ValueError("the slots do not fit together")
        before = any(isinstance(slot, Slot) and slot.sealed_before for slot in self.slots)
        if (self.number > 0) != (self.version == VERSION) or (before and self.number):
            raise ValueError("number and slots do not fit the version")
        return self

    def holding(
        self, held: tuple[Slot | OldSlot, ...], checks: tuple[str, ...] | None = None
    ) -> KeyFile:
        """Return the file with other slots, and perhaps other data keys."""
        return KeyFile(number=self.number, checks=checks or self.checks, slots=held)

    def renewed(self, keys: tuple[bytes, ...]) -> KeyFile:
        """Return the file in today's version; the slots of version 1 wait for their passphrases."""
        if self.version == VERSION:
            return self
        held = (keyslots.reseal(s, keys) if isinstance(s, Slot) else s for s in self.slots)
        return KeyFile(number=1, checks=self.checks, slots=tuple(held))


class _FirstFormat(BaseModel):
    """A file of version 1: it has no signature, and its slots cannot take a new data key."""

    model_config = keyslots.FILE

    format: Literal["porras-keys"]
    version: Literal[1]
    check: str
    slots: tuple[OldSlot, ...]


class Stored(NamedTuple):
    """A file as it was read, with what its signatures vouch for."""

    file: KeyFile
    content: bytes
    signatures: tuple[str, ...]
    """One for each data key; none in a file of version 1."""


def find(file: KeyFile, kind: keyslots.Kind, handle: str) -> Slot | OldSlot | None:
    """Return the slot of a kind and staff code, if there is one."""
    return next((s for s in file.slots if (s.kind, s.handle) == (kind, handle)), None)


def authenticate(path: Path, stored: Stored, keys: tuple[bytes, ...]) -> None:
    """Refuse what was read unless these data keys have signed it.

    Raises:
        ForgedKeys: If they have not.
    """
    if stored.signatures and not hmac.compare_digest(
        " ".join(stored.signatures), " ".join(_signatures(stored.content, keys))
    ):
        raise ForgedKeys(path=str(path))


def read(path: Path) -> Stored:
    """Return the parts of the file; its last line is a digest, so that damage is no wrong secret.

    Raises:
        KeysMissing: If there is none.
        KeyslotDamaged: If it is not as it was written; FutureKeys if a newer program wrote it.
        NoAccess: If this user may not read it; FailingDisk if the disk does not give it.
    """
    try:
        whole = regular_files.read(path, _LARGEST)
    except FileNotFoundError:
        raise KeysMissing(path=str(path)) from None
    except PermissionError:
        raise ownership.no_access(path) from None
    except OSError as error:
        kind = FailingDisk if error.errno in disk_errors.FAILING else KeyslotDamaged
        raise kind(path=str(path)) from None
    content, _, digest = whole.strip().rpartition(b"\n")
    if hashlib.sha256(content).hexdigest().encode() != digest:
        raise KeyslotDamaged(path=str(path))
    try:
        return _parse(content)
    except ValueError:  # of pydantic, too
        # What its own digest vouches for is not damaged; it is newer than this program.
        raise (FutureKeys if _is_newer(content) else KeyslotDamaged)(path=str(path)) from None


def _is_newer(content: bytes) -> bool:
    """Return whether a file that cannot be read names a later version than this program writes."""
    try:
        told, _ = json.JSONDecoder().raw_decode(content.decode())
        return bool(told["format"] == _FORMAT and told["version"] > VERSION)
    except (ValueError, TypeError, KeyError, RecursionError):
        return False


def _parse(content: bytes) -> Stored:
    """Return the format goes by the line of signatures; without one only version 1 is taken."""
    body, _, last = content.rpartition(b"\n")
    if last.startswith(_SIGNED):
        signatures = tuple(last.removeprefix(_SIGNED).decode("ascii").split())
        file = KeyFile.model_validate_json(body)
        return Stored(file, body, signatures or ("",))
    old = _FirstFormat.model_validate_json(content)
    return Stored(KeyFile(version=1, checks=(old.check,), slots=old.slots), content, ())


def write(path: Path, file: KeyFile, keys: tuple[bytes, ...], *, replace: bool) -> None:
    """Put a file in place as a whole, signed by its data keys."""
    body = file.model_dump_json(indent=1).encode()
    signed = body + b"\n" + _SIGNED + " ".join(_signatures(body, keys)).encode()
    digest = hashlib.sha256(signed).hexdigest().encode()
    durable.write_whole(path, signed + b"\n" + digest + b"\n", replace=replace)


def _signatures(content: bytes, keys: tuple[bytes, ...]) -> tuple[str, ...]:
    return tuple(keyslots.signature(key, content).hex() for key in keys)
