"""One slot of the key file: a key pair that a passphrase opens, and the data key sealed to it.

The wrapping key comes from a passphrase or the printed recovery code by argon2id (RFC 9106) and
holds the private half of an X25519 pair (RFC 7748) under AES key wrap (RFC 3394). The data key is
sealed to the public half, so a new data key reaches every slot without anybody's passphrase.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

KEY_BYTES = 32
"""Length of a data key, and of either half of a key pair."""

Kind = Literal["passphrase", "recovery"]

_WRAPPED = KEY_BYTES + 8
_SEALED = KEY_BYTES + _WRAPPED
_Sealed = Annotated[bytes, Field(min_length=_SEALED, max_length=_SEALED)]

FILE = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")
"""How the parts of the key file are read: nothing that is not known, bytes as base64."""


class _Secured(BaseModel):
    """What a secret is derived with. The upper limits keep a forged file from eating all memory."""

    model_config = FILE

    kind: Kind
    handle: str
    salt: bytes = Field(min_length=16, max_length=64)
    passes: int = Field(ge=1, le=10)
    memory_kib: int = Field(ge=8 * 1024, le=512 * 1024)
    lanes: int = Field(ge=1, le=4)


class OldSlot(_Secured):
    """A slot of the first format: the data key itself under the wrapping key."""

    wrapped: bytes


class Slot(_Secured):
    """A slot with a key pair; `sealed` holds one data key for each digest of the file."""

    must_change: bool = False
    os_user: str | None = None
    public: bytes = Field(min_length=KEY_BYTES, max_length=KEY_BYTES)
    private: bytes = Field(min_length=_WRAPPED, max_length=_WRAPPED)
    sealed: tuple[_Sealed, ...] = Field(min_length=1, max_length=2)


COST = MappingProxyType({"passes": 2, "memory_kib": 46 * 1024, "lanes": 1})
"""What argon2id takes for a new secret (docs/security.md); every slot tells its own."""


def decoy() -> OldSlot:
    """A slot that nothing opens: an unknown staff code costs one derivation as well."""
    return OldSlot(kind="passphrase", handle="", salt=bytes(16), wrapped=bytes(_WRAPPED), **COST)


def make(
    kind: Kind,
    handle: str,
    secret: str,
    keys: tuple[bytes, ...],
    *,
    must_change: bool = False,
    os_user: str | None = None,
) -> Slot:
    """A new key pair under a secret, with the data keys sealed to it."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.keywrap import aes_key_wrap

    pair = X25519PrivateKey.generate()
    params = _Secured(kind=kind, handle=handle, salt=os.urandom(16), **COST)
    public = pair.public_key().public_bytes_raw()
    return Slot(
        **params.model_dump(),
        must_change=must_change,
        os_user=os_user,
        public=public,
        private=aes_key_wrap(_derive(params, secret), pair.private_bytes_raw()),
        sealed=tuple(_seal(public, key) for key in keys),
    )


def reseal(slot: Slot, keys: tuple[bytes, ...]) -> Slot:
    """The same slot with other data keys; no secret is needed for that."""
    return slot.model_copy(update={"sealed": tuple(_seal(slot.public, key) for key in keys)})


def unwrap(slot: Slot | OldSlot, secret: str) -> bytes | None:
    """What lies under the secret, or None if it is a wrong one: the work is the same."""
    from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

    held = slot.wrapped if isinstance(slot, OldSlot) else slot.private
    try:
        return aes_key_unwrap(_derive(slot, secret), held)
    except (InvalidUnwrap, ValueError):
        return None


def sealed_keys(slot: Slot, private: bytes) -> tuple[bytes, ...] | None:
    """The data keys of a slot by its private half; None if they were not sealed to it."""
    from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

    try:
        return tuple(
            aes_key_unwrap(_shared(private, each[:KEY_BYTES], slot.public), each[KEY_BYTES:])
            for each in slot.sealed
        )
    except (InvalidUnwrap, ValueError):
        return None


def digest(key: bytes) -> str:
    """A digest that tells the right data key; 256 random bits cannot be found back from it."""
    return hashlib.sha256(b"porras data key check" + key).hexdigest()


def signature(key: bytes, content: bytes) -> bytes:
    """HMAC-SHA256 of the key file under a key derived from the data key."""
    return hmac.digest(_expand(key, b"", b"porras key file"), content, "sha256")


def _seal(public: bytes, key: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.keywrap import aes_key_wrap

    passing = X25519PrivateKey.generate()
    sender = passing.public_key().public_bytes_raw()
    return sender + aes_key_wrap(_agreed(passing.private_bytes_raw(), public, sender + public), key)


def _shared(private: bytes, sender: bytes, public: bytes) -> bytes:
    return _agreed(private, sender, sender + public)


def _agreed(private: bytes, other: bytes, halves: bytes) -> bytes:
    """The key that both ends find; both public halves are bound into it."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    pair = X25519PrivateKey.from_private_bytes(private)
    secret = pair.exchange(X25519PublicKey.from_public_bytes(other))
    return _expand(secret, halves, b"porras sealed data key")


def _expand(secret: bytes, salt: bytes, purpose: bytes) -> bytes:
    """HKDF-SHA256 (RFC 5869)."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), KEY_BYTES, salt, purpose).derive(secret)


def _derive(slot: _Secured, secret: str) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    # The same passphrase typed on another system may come in another Unicode form.
    plain = unicodedata.normalize("NFKC", secret).encode("utf-8", "surrogatepass")
    return hash_secret_raw(
        plain, slot.salt, slot.passes, slot.memory_kib, slot.lanes, KEY_BYTES, Type.ID
    )
