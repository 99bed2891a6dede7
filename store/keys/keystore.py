"""The key file beside the database: one random data key, sealed once for every user.

A user is added, changed or removed by writing a slot (`keyslots`); the database itself is never
rewritten for that. The whole file is signed with a key derived from the data key, and nothing is
unlocked or written before the signature holds: a stranger who may write the file cannot have a key
sealed to a slot of his own. Each change gives the file a higher number, which the database keeps
(`known_key_file`), so that an older key file is told. He can still replace file and database
together by older ones or a store of his own making; only an anchor that is kept elsewhere shows
that.

A file of version 1 or 2 is read, and becomes one of version 3 by the next change or unlock.

A removed user who kept a copy of the data key has it still: `store.keys.rekey` makes a new one.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Callable, Collection
from pathlib import Path
from typing import NamedTuple

from store import codes
from store.errors import (
    ForgedKeys,
    HandleTaken,
    LastAdministrator,
    OldSlots,
    RefusedPassphrase,
    RekeyUnfinished,
    StoreExists,
    UnknownHandle,
    WrongPassphrase,
    WrongRecoveryCode,
)
from store.files import disk_errors, durable, file_lock
from store.keys import credentials, key_file, keyslots
from store.keys.key_file import VERSION, KeyFile, State
from store.keys.keyslots import KEY_BYTES, OldSlot, Slot


class NewKeys(NamedTuple):
    """A fresh data key, and the recovery code to print once and keep in a safe."""

    key: bytes
    recovery_code: str


class User(NamedTuple):
    """A staff code with a slot; `old` if the slot is still of the first format."""

    handle: str
    must_change: bool
    os_user: str | None
    old: bool


class Unlocked(NamedTuple):
    """What a secret opened: the data keys of the file, and the slot as it stood.

    There are two keys, the old one first, only while a change of the data key is unfinished.
    """

    keys: tuple[bytes, ...]
    slot: Slot | OldSlot
    version: int

    @property
    def old(self) -> bool:
        """Whether the file or the slot is of an earlier version than today's."""
        return self.version < VERSION or isinstance(self.slot, OldSlot)


def create(path: Path, handle: str, passphrase: str) -> NewKeys:
    """Make a data key and its key file with a slot for one user and one for recovery.

    Raises:
        StoreExists: If the file stands.
        RefusedHandle: If a rule is broken; RefusedPassphrase.
    """
    code = codes.new_recovery()
    return NewKeys(_create(path, handle, passphrase, code), code)


def create_unclaimed(path: Path, handle: str, first_passphrase: str) -> bytes:
    """As `create`, for somebody who is not there: a first passphrase, and no recovery code yet."""
    return _create(path, handle, first_passphrase, None)


def _create(path: Path, handle: str, passphrase: str, code: str | None) -> bytes:
    handle = credentials.plain_handle(handle)
    credentials.check_passphrase(passphrase, handle)
    if path.exists():
        raise StoreExists(path=str(path))
    key = os.urandom(KEY_BYTES)
    made = [keyslots.make("passphrase", handle, passphrase, (key,), must_change=code is None)]
    if code is not None:
        made.append(keyslots.make("recovery", "", code, (key,)))
    with disk_errors.translated(path):
        durable.private_folder(path.parent)
        file = KeyFile(number=1, checks=(keyslots.digest(key),), slots=tuple(made))
        key_file.write(path, file, (key,), replace=False)
    return key


def unlock(path: Path, handle: str, passphrase: str) -> bytes:
    """Return the data key for a staff code and its passphrase.

    While a change of the data key is unfinished this is the old key.
    """
    return open_slot(path, handle, passphrase).keys[0]


def open_slot(path: Path, handle: str, passphrase: str) -> Unlocked:
    """Return what a staff code and its passphrase open.

    A wrong passphrase and an unknown staff code are the same after the same work.

    Raises:
        WrongPassphrase: If the two do not open the file.
        ForgedKeys: If it was written without the data key.
    """
    stored = key_file.read(path)
    slot = key_file.find(stored.file, "passphrase", handle.strip().lower())
    held = keyslots.unwrap(slot or keyslots.decoy(), passphrase)
    if not slot or held is None:
        raise WrongPassphrase
    return Unlocked(_proven(path, stored, slot, held), slot, stored.file.version)


def unlock_with_recovery(path: Path, code: str) -> bytes:
    """Return the data key for the printed recovery code."""
    return open_recovery(path, code).keys[0]


def open_recovery(path: Path, code: str) -> Unlocked:
    """Return what the printed recovery code opens.

    Raises:
        MistypedCode: If there is a typing mistake in it.
        WrongRecoveryCode: If it is another store's.
    """
    plain = codes.parse_recovery(code)
    stored = key_file.read(path)
    slot = key_file.find(stored.file, "recovery", "")
    held = keyslots.unwrap(slot or keyslots.decoy(), plain)
    if not slot or held is None:
        raise WrongRecoveryCode
    return Unlocked(_proven(path, stored, slot, held), slot, stored.file.version)


def upgrade_slot(path: Path, key: bytes, opened: Unlocked, secret: str) -> None:
    """Make a file of today's version of an older one, and a pair of a slot of the first format.

    `key` is the data key that opened the database.
    """
    old = opened.slot
    if isinstance(old, OldSlot):
        plain = codes.parse_recovery(secret) if old.kind == "recovery" else secret
        slot = keyslots.make(old.kind, old.handle, plain, (key,))
        # It may have been changed since it was opened.
        _change(path, (key,), lambda file: _with(file, slot) if old in file.slots else file)
    elif opened.old:
        _change(path, (key,), lambda file: file)


def handles(path: Path) -> tuple[str, ...]:
    """Return the staff codes that have a slot, in the order of the file."""
    return tuple(user.handle for user in users(path))


def users(path: Path) -> tuple[User, ...]:
    """Return every staff code with a slot, as the file tells it before anything is unlocked."""
    return tuple(
        User(slot.handle, False, None, True)
        if isinstance(slot, OldSlot)
        else User(slot.handle, slot.must_change, slot.os_user, False)
        for slot in key_file.read(path).file.slots
        if slot.kind == "passphrase"
    )


def add_user(
    path: Path, key: bytes, handle: str, first_passphrase: str, os_user: str | None = None
) -> None:
    """Give a new staff code a slot whose passphrase has to be changed when it is first used.

    Raises:
        HandleTaken: If it has one already.
        RefusedHandle: If a rule is broken; RefusedPassphrase.
    """
    handle = credentials.plain_handle(handle)
    credentials.check_passphrase(first_passphrase, handle)
    slot = keyslots.make(
        "passphrase", handle, first_passphrase, (key,), must_change=True, os_user=os_user
    )

    def added(file: KeyFile) -> KeyFile:
        if key_file.find(file, "passphrase", handle):
            raise HandleTaken(handle=handle)
        return _with(file, slot)

    _change(path, (key,), added)


def set_passphrase(
    path: Path,
    handle: str,
    key: bytes,
    new: str,
    *,
    must_change: bool = False,
    bound: bool = True,
) -> None:
    """Give a staff code a new passphrase, or a slot of its own if it has none.

    Without `bound` it is no longer bound to a user of the operating system. The data key proves the
    right to do so.

    Raises:
        WrongPassphrase: If it is not the key of this file.
        ForgedKeys: If the file was written without it.
        RekeyUnfinished: If the file has two keys just now.
    """
    credentials.check_passphrase(new, handle)
    slot = keyslots.make(
        "passphrase", credentials.plain_handle(handle), new, (key,), must_change=must_change
    )

    def replaced(file: KeyFile) -> KeyFile:
        found = key_file.find(file, "passphrase", slot.handle)
        os_user = found.os_user if isinstance(found, Slot) and bound else None
        return _with(file, slot.model_copy(update={"os_user": os_user}))

    _change(path, (key,), replaced)


def change_passphrase(path: Path, handle: str, old: str, new: str) -> None:
    """Change one's own passphrase.

    Raises:
        WrongPassphrase: For the old one.
        RefusedPassphrase: For the new one.
    """
    key = open_slot(path, handle, old).keys[0]
    credentials.check_passphrase(new, handle)
    if unicodedata.normalize("NFKC", new) == unicodedata.normalize("NFKC", old):
        raise RefusedPassphrase("same")
    set_passphrase(path, handle, key, new)


def bind(path: Path, key: bytes, handle: str, os_user: str | None) -> None:
    """Bind a staff code to a user of the operating system, or to none.

    Raises:
        UnknownHandle: If it has no slot.
        OldSlots: If its slot is of the first format.
    """

    def bound(file: KeyFile) -> KeyFile:
        slot = key_file.find(file, "passphrase", credentials.plain_handle(handle))
        if not slot:
            raise UnknownHandle(handle=handle)
        if isinstance(slot, OldSlot):
            raise OldSlots(handles=handle)
        return _with(file, slot.model_copy(update={"os_user": os_user}))

    _change(path, (key,), bound)


def remove_user(path: Path, key: bytes, handle: str, administrators: Collection[str]) -> None:
    """Take a staff code's slot away; `administrators` are the codes that look after the store.

    The recovery slot has no staff code and stays.

    Raises:
        UnknownHandle: If it has no slot.
        LastAdministrator: If nobody would be left who can.
    """
    handle = credentials.plain_handle(handle)

    def removed(file: KeyFile) -> KeyFile:
        slot = key_file.find(file, "passphrase", handle)
        if not slot:
            raise UnknownHandle(handle=handle)
        others = {each.handle for each in file.slots if each.kind == "passphrase"} - {handle}
        if not others or (handle in administrators and not others & set(administrators)):
            raise LastAdministrator(handle=handle)
        return file.holding(tuple(each for each in file.slots if each != slot))

    _change(path, (key,), removed)


def renew_recovery(path: Path, key: bytes) -> str:
    """Make a new recovery code, which takes the place of the old one, and return it for print."""
    code = codes.new_recovery()
    set_recovery(path, key, code)
    return code


def set_recovery(path: Path, key: bytes, code: str) -> None:
    """Let a recovery code open the store, and no other one."""
    slot = keyslots.make("recovery", "", code, (key,))
    _change(path, (key,), lambda file: _with(file, slot))


def has_recovery(path: Path) -> bool:
    """Return whether there is a recovery code; a first sign-in and an accepted file may lack it."""
    return key_file.find(key_file.read(path).file, "recovery", "") is not None


def without_recovery(file: KeyFile) -> KeyFile:
    """Return the file with no slot that a recovery code opens, for `rewrite`."""
    return file.holding(tuple(each for each in file.slots if each.kind != "recovery"))


# -- the file ----------------------------------------------------------------------------------


def read(path: Path) -> KeyFile:
    """Return the key file, not yet proven by a data key."""
    return key_file.read(path).file


def rewrite(
    path: Path,
    keys: tuple[bytes, ...],
    change: Callable[[KeyFile], KeyFile],
    *,
    then: tuple[bytes, ...] | None = None,
    above: int = 0,
) -> None:
    """Replace the file as a whole, for a caller who holds its lock (`file_lock.alone`).

    `keys` are all the data keys that it holds, `then` those that it shall hold; its number will be
    higher than `above`.

    Raises:
        WrongPassphrase: If they are not its keys; RekeyUnfinished if it has one more.
        ForgedKeys: If it was written without them.
    """
    with disk_errors.translated(path):
        stored = key_file.read(path)
        checks = tuple(keyslots.digest(key) for key in keys)
        if set(checks) < set(stored.file.checks):
            raise RekeyUnfinished
        if checks != stored.file.checks:
            raise WrongPassphrase
        key_file.authenticate(path, stored, keys)
        changed = change(stored.file.renewed(keys))
        if changed != stored.file or changed.number <= above:
            number = max(stored.file.number, above) + 1
            key_file.write(
                path, changed.model_copy(update={"number": number}), then or keys, replace=True
            )


def state(path: Path, key: bytes) -> State:
    """Return number and digest of the file as it stands, once the data key has proven it genuine.

    Raises:
        RekeyUnfinished: If the file has two keys just now; WrongPassphrase if it has others.
        ForgedKeys: If it was written without the key.
    """
    stored = key_file.read(path)
    keys = (key,) if stored.file.checks == (keyslots.digest(key),) else None
    if keys is None:
        raise RekeyUnfinished if keyslots.digest(key) in stored.file.checks else WrongPassphrase
    key_file.authenticate(path, stored, keys)
    slot = key_file.find(stored.file, "recovery", "")
    recovery = hashlib.sha256(slot.public).hexdigest()[:16] if isinstance(slot, Slot) else ""
    return State(stored.file.number, hashlib.sha256(stored.content).hexdigest(), recovery)


def _change(path: Path, keys: tuple[bytes, ...], change: Callable[[KeyFile], KeyFile]) -> None:
    with disk_errors.translated(path), file_lock.alone(path):
        rewrite(path, keys, change)


def _with(file: KeyFile, slot: Slot) -> KeyFile:
    """Return the file with one slot in the place of the one of the same kind and staff code."""
    found = key_file.find(file, slot.kind, slot.handle)
    held = tuple(slot if each == found else each for each in file.slots)
    return file.holding(held if found else (*held, slot))


def _proven(
    path: Path, stored: key_file.Stored, slot: Slot | OldSlot, held: bytes
) -> tuple[bytes, ...]:
    """Return the data keys of an opened slot, once they have proven to have signed the file."""
    keys = (held,) if isinstance(slot, OldSlot) else keyslots.sealed_keys(slot, held)
    if not keys or tuple(keyslots.digest(key) for key in keys) != stored.file.checks:
        raise ForgedKeys(path=str(path))
    key_file.authenticate(path, stored, keys)
    return keys
