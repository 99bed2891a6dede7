"""One slot of the key file: a key pair that a passphrase opens, and the data key sealed to it.

The wrapping key comes from a passphrase or the printed recovery code by argon2id (RFC 9106) and
holds the private half of an X25519 pair (RFC 7748) under AES key wrap (RFC 3394). The data key is
sealed to the public half by HPKE (RFC 9180), so a new data key reaches every slot without anybody's
passphrase. Whose slot it is and of what kind is bound into the sealing.

Files of version 2 were sealed by an agreement of their own, which is read and never made any more.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.hpke import Suite

KEY_BYTES = 32
"""Length of a data key, and of either half of a key pair."""

Kind = Literal["passphrase", "recovery"]

_WRAPPED = KEY_BYTES + 8
_SEALED = KEY_BYTES + KEY_BYTES + 16
"""What the sender says of its own key pair, the data key, and the tag."""
_SEALED_BEFORE = KEY_BYTES + _WRAPPED
_Sealed = Annotated[bytes, Field(min_length=_SEALED_BEFORE, max_length=_SEALED)]

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

    @property
    def sealed_before(self) -> bool:
        """Whether it is sealed in the way of version 2."""
        return any(len(each) != _SEALED for each in self.sealed)


COST = MappingProxyType({"passes": 2, "memory_kib": 46 * 1024, "lanes": 1})
"""What argon2id takes for a new secret (docs/security.md); every slot tells its own."""


def decoy() -> OldSlot:
    """Return a slot that nothing opens: an unknown staff code costs one derivation as well."""
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
    """Return a new key pair under a secret, with the data keys sealed to it."""
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
        sealed=tuple(_seal(kind, handle, public, key) for key in keys),
    )


def reseal(slot: Slot, keys: tuple[bytes, ...]) -> Slot:
    """Return the same slot with other data keys; no secret is needed for that."""
    sealed = tuple(_seal(slot.kind, slot.handle, slot.public, key) for key in keys)
    return slot.model_copy(update={"sealed": sealed})


def unwrap(slot: Slot | OldSlot, secret: str) -> bytes | None:
    """Return what lies under the secret, or None if it is a wrong one: the work is the same."""
    from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

    held = slot.wrapped if isinstance(slot, OldSlot) else slot.private
    try:
        return aes_key_unwrap(_derive(slot, secret), held)
    except (InvalidUnwrap, ValueError):
        return None


def sealed_keys(slot: Slot, private: bytes) -> tuple[bytes, ...] | None:
    """Return the data keys of a slot by its private half; None if they were not sealed to it."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.keywrap import InvalidUnwrap

    try:
        return tuple(
            _opened(slot, private, each)
            if len(each) == _SEALED
            else _opened_before(slot, private, each)
            for each in slot.sealed
        )
    except (InvalidTag, InvalidUnwrap, ValueError):
        return None


def digest(key: bytes) -> str:
    """Return a digest that tells the right data key, from which that cannot be found."""
    return hashlib.sha256(b"porras data key check" + key).hexdigest()


def signature(key: bytes, content: bytes) -> bytes:
    """HMAC-SHA256 of the key file under a key derived from the data key."""
    return hmac.digest(_expand(key, b"", b"porras key file"), content, "sha256")


def _suite() -> Suite:
    """DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and ChaCha20-Poly1305, as in RFC 9180, A.2."""
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def _bound(kind: Kind, handle: str) -> bytes:
    """Return what a sealing is bound to; no staff code has a zero byte."""
    return b"\0".join((b"porras-keys 3", kind.encode(), handle.encode()))


def _seal(kind: Kind, handle: str, public: bytes, key: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    receiver = X25519PublicKey.from_public_bytes(public)
    return _suite().encrypt(key, receiver, info=_bound(kind, handle))


def _opened(slot: Slot, private: bytes, sealed: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    pair = X25519PrivateKey.from_private_bytes(private)
    return _suite().decrypt(sealed, pair, info=_bound(slot.kind, slot.handle))


def _opened_before(slot: Slot, private: bytes, sealed: bytes) -> bytes:
    """Return what was sealed in the way of version 2: both public halves are bound into the key."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

    sender, wrapped = sealed[:KEY_BYTES], sealed[KEY_BYTES:]
    pair = X25519PrivateKey.from_private_bytes(private)
    secret = pair.exchange(X25519PublicKey.from_public_bytes(sender))
    return aes_key_unwrap(_expand(secret, sender + slot.public, b"porras sealed data key"), wrapped)


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
