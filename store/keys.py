"""The key file beside the database: one random data key, wrapped once for every user.

Every slot holds the data key under AES key wrap (RFC 3394); the wrapping key comes from a
passphrase or from the printed recovery code by argon2id (RFC 9106). A user is added or changed by
writing a slot; the database itself is never rewritten for that.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from store import codes, disk
from store.errors import (
    DiskFull,
    KeyslotDamaged,
    KeysMissing,
    ReadOnlyStore,
    RefusedHandle,
    RefusedPassphrase,
    StoreExists,
    WrongPassphrase,
    WrongRecoveryCode,
)

KEY_BYTES = 32
"""Length of the data key."""

SHORTEST, LONGEST = 12, 256
"""Characters that a passphrase may have."""

_HANDLE = re.compile(r"[a-z0-9][a-z0-9-]{1,15}")
# Tab and newline are controls too; format characters are invisible and differ between keyboards.
_UNFIT = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})

_FILE = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")


class NewKeys(NamedTuple):
    """A fresh data key, and the recovery code to print once and keep in a safe."""

    key: bytes
    recovery_code: str


class _Slot(BaseModel):
    """The data key wrapped once. The upper limits keep a forged file from eating all memory."""

    model_config = _FILE

    kind: Literal["passphrase", "recovery"]
    handle: str
    salt: bytes
    passes: int = Field(2, ge=1, le=10)
    memory_kib: int = Field(46 * 1024, ge=8 * 1024, le=512 * 1024)
    lanes: int = Field(1, ge=1, le=4)
    wrapped: bytes


class _KeyFile(BaseModel):
    """What the file holds; `check` tells the right data key from a wrong one."""

    model_config = _FILE

    format: Literal["porras-keys"] = "porras-keys"
    version: Literal[1] = 1
    check: str
    slots: tuple[_Slot, ...]


def create(path: Path, handle: str, passphrase: str) -> NewKeys:
    """Make a data key and its key file with a slot for one user and one for recovery.

    Raises StoreExists if the file stands, RefusedHandle or RefusedPassphrase if a rule is broken.
    """
    handle = plain_handle(handle)
    check_passphrase(passphrase)
    if path.exists():
        raise StoreExists(path=str(path))
    key, code = os.urandom(KEY_BYTES), codes.new_recovery()
    slots = (_wrap("passphrase", handle, passphrase, key), _wrap("recovery", "", code, key))
    with _disk_errors(path):
        disk.private_folder(path.parent)
        _write(path, _KeyFile(check=_check(key), slots=slots), replace=False)
    return NewKeys(key, code)


def unlock(path: Path, handle: str, passphrase: str) -> bytes:
    """The data key for a staff code and its passphrase.

    A wrong passphrase and an unknown staff code are the same WrongPassphrase after the same work.
    Raises KeysMissing or KeyslotDamaged if the key file is not to be read.
    """
    slots = _read(path).slots
    handle = handle.strip().lower()
    slot = next((s for s in slots if s.kind == "passphrase" and s.handle == handle), None)
    # An unknown staff code costs one derivation as well, against a slot that nothing opens.
    decoy = _Slot(kind="passphrase", handle="", salt=bytes(16), wrapped=bytes(KEY_BYTES + 8))
    if key := _unwrap(slot or decoy, passphrase):
        return key
    raise WrongPassphrase


def unlock_with_recovery(path: Path, code: str) -> bytes:
    """The data key for the printed recovery code.

    Raises MistypedCode for a typing mistake, WrongRecoveryCode for another store's code.
    """
    plain = codes.parse_recovery(code)
    for slot in _read(path).slots:
        if slot.kind == "recovery" and (key := _unwrap(slot, plain)):
            return key
    raise WrongRecoveryCode


def handles(path: Path) -> tuple[str, ...]:
    """The staff codes that have a slot, in the order of the file."""
    return tuple(slot.handle for slot in _read(path).slots if slot.kind == "passphrase")


def set_passphrase(path: Path, handle: str, key: bytes, new: str) -> None:
    """Give a staff code a new passphrase, or a slot of its own if it has none.

    The data key proves the right to do so: WrongPassphrase if it is not this file's key.
    """
    check_passphrase(new)
    _replace(path, key, _wrap("passphrase", plain_handle(handle), new, key))


def renew_recovery(path: Path, key: bytes) -> str:
    """Make a new recovery code, which takes the place of the old one, and return it for print."""
    code = codes.new_recovery()
    _replace(path, key, _wrap("recovery", "", code, key))
    return code


def _replace(path: Path, key: bytes, slot: _Slot) -> None:
    """Write the file with one slot in the place of the one of the same kind and staff code."""
    file = _read(path)
    if file.check != _check(key):
        raise WrongPassphrase
    others = tuple(s for s in file.slots if (s.kind, s.handle) != (slot.kind, slot.handle))
    with _disk_errors(path):
        _write(path, file.model_copy(update={"slots": (*others, slot)}), replace=True)


def plain_handle(text: str) -> str:
    """A staff code as it is kept, in lower case; RefusedHandle if it has another form."""
    handle = text.strip().lower()
    if not _HANDLE.fullmatch(handle):
        raise RefusedHandle
    return handle


def check_passphrase(passphrase: str) -> None:
    """Refuse a passphrase that is too short, too long or not typable; RefusedPassphrase."""
    if any(unicodedata.category(character) in _UNFIT for character in passphrase):
        raise RefusedPassphrase("character")
    length = len(unicodedata.normalize("NFKC", passphrase))
    if length < SHORTEST:
        raise RefusedPassphrase("short", limit=SHORTEST)
    if length > LONGEST:
        raise RefusedPassphrase("long", limit=LONGEST)


def _check(key: bytes) -> str:
    """A digest that tells the right key; 256 random bits cannot be found back from it."""
    return hashlib.sha256(b"porras data key check" + key).hexdigest()


def _derive(slot: _Slot, secret: str) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    # The same passphrase typed on another system may come in another Unicode form.
    plain = unicodedata.normalize("NFKC", secret).encode("utf-8", "surrogatepass")
    return hash_secret_raw(
        plain, slot.salt, slot.passes, slot.memory_kib, slot.lanes, KEY_BYTES, Type.ID
    )


def _wrap(kind: Literal["passphrase", "recovery"], handle: str, secret: str, key: bytes) -> _Slot:
    from cryptography.hazmat.primitives.keywrap import aes_key_wrap

    slot = _Slot(kind=kind, handle=handle, salt=os.urandom(16), wrapped=b"")
    return slot.model_copy(update={"wrapped": aes_key_wrap(_derive(slot, secret), key)})


def _unwrap(slot: _Slot, secret: str) -> bytes | None:
    from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

    try:
        return aes_key_unwrap(_derive(slot, secret), slot.wrapped)
    except InvalidUnwrap:
        return None


def _read(path: Path) -> _KeyFile:
    """The key file; its last line is a digest, so that damage is not taken for a wrong secret."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise KeysMissing(path=str(path)) from None
    except OSError:
        raise KeyslotDamaged(path=str(path)) from None
    body, _, digest = content.strip().rpartition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != digest:
        raise KeyslotDamaged(path=str(path))
    try:
        return _KeyFile.model_validate_json(body)
    except ValidationError:
        raise KeyslotDamaged(path=str(path)) from None


def _write(path: Path, file: _KeyFile, *, replace: bool) -> None:
    body = file.model_dump_json(indent=1).encode()
    digest = hashlib.sha256(body).hexdigest().encode()
    disk.write_whole(path, body + b"\n" + digest + b"\n", replace=replace)


@contextmanager
def _disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise StoreExists(path=str(path)) from None
    except PermissionError:
        raise ReadOnlyStore(path=str(path)) from None
    except OSError:
        raise DiskFull(path=str(path)) from None
