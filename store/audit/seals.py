"""Seals: now and then the newest event is signed, so that a rewritten history does not fit.

The private key lies in the encrypted store itself. A seal therefore stops whoever can change the
tables but not read the key, and tells anybody outside, without a shared secret, that a printed head
is this store's. Whoever has the data key can take the private key too; then only a head that was
written down elsewhere (`porras audit head`) shows the forgery.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlite_utils import Database

EVERY = 500
"""Events between two seals at most; each orderly close seals as well."""

_FINGERPRINT = 16


class KeyPair(NamedTuple):
    """An Ed25519 key pair (RFC 8032), 32 bytes each as hexadecimal text."""

    public: str
    private: str


def new_keys() -> KeyPair:
    """Return a fresh key pair of the system's random source."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    return KeyPair(key.public_key().public_bytes_raw().hex(), key.private_bytes_raw().hex())


def fingerprint(public: str) -> str:
    """Return a public key in short, 16 hexadecimal digits, to be compared by eye."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:_FINGERPRINT]


def ready(db: Database) -> bool:
    """Return whether a file has the tables of the seals; those of older versions have not."""
    return {"seal_keys", "seals"} <= set(db.table_names())


def public_key(db: Database) -> str | None:
    """Return the public key of a store, or None if it has none."""
    row = db.execute("SELECT public_key FROM seal_keys").fetchone()
    return str(row[0]) if row else None


def seal(db: Database, at: str) -> None:
    """Sign the newest event unless that is done; only within a transaction that may write.

    Without a key, or before the first event, nothing happens: the check of the chain tells of it.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    head = db.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    keys = db.execute("SELECT public_key, private_key FROM seal_keys").fetchone()
    if not head or not keys or newest(db) >= head[0]:
        return
    row = {"seq": head[0], "hash": head[1], "at": at, "public_key": keys[0]}
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(keys[1]))
    db.table("seals").insert({**row, "signature": key.sign(_message(row)).hex()})


def newest(db: Database) -> int:
    """Return the number of the event that was sealed last, 0 if none was."""
    return int(db.execute("SELECT coalesce(max(seq), 0) FROM seals").fetchone()[0])


def genuine(row: Mapping[str, Any], public: str | None) -> bool:
    """Return whether a seal was made with the private key that belongs to a public one."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if public is None or row["public_key"] != public:
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(row["signature"]), _message(row))
    except (ValueError, InvalidSignature):
        return False
    return True


def _message(row: Mapping[str, Any]) -> bytes:
    """Return what is signed: number and hash of the event, and when."""
    return f"porras seal 1 {row['seq']} {row['hash']} {row['at']}".encode()
