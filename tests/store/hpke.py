"""HPKE (RFC 9180) in base mode, written anew from its text, to hold the library's against it.

DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305; opening of one message only.
"""

from __future__ import annotations

import hmac
from types import MappingProxyType

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

_KEM = b"KEM" + (0x0020).to_bytes(2)
_SUITE = b"HPKE" + b"".join(each.to_bytes(2) for each in (0x0020, 0x0001, 0x0003))

EXAMPLE = MappingProxyType(
    {
        "private": bytes.fromhex(
            "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb"
        ),
        "sealed": bytes.fromhex(
            "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a"
            "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"
        ),
        "info": b"Ode on a Grecian Urn",
        "aad": b"Count-0",
    }
)
"""RFC 9180, A.2.1 and A.2.1.1, sequence number 0."""


def _extract(salt: bytes, suite: bytes, label: bytes, key: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + key, "sha256")


def _expand(key: bytes, suite: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labelled = length.to_bytes(2) + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, labelled + b"\1", "sha256")[:length]  # never more than one block


def opened(private: bytes, sealed: bytes, info: bytes, aad: bytes = b"") -> bytes:
    """What was sealed to a private half; InvalidTag if anything was changed."""
    pair, sender = X25519PrivateKey.from_private_bytes(private), sealed[:32]
    agreed = pair.exchange(X25519PublicKey.from_public_bytes(sender))
    halves = sender + pair.public_key().public_bytes_raw()
    shared = _expand(_extract(b"", _KEM, b"eae_prk", agreed), _KEM, b"shared_secret", halves, 32)
    context = b"\0" + b"".join(
        _extract(b"", _SUITE, label, value)
        for label, value in ((b"psk_id_hash", b""), (b"info_hash", info))
    )
    secret = _extract(shared, _SUITE, b"secret", b"")
    key = _expand(secret, _SUITE, b"key", context, 32)
    nonce = _expand(secret, _SUITE, b"base_nonce", context, 12)
    return ChaCha20Poly1305(key).decrypt(nonce, sealed[32:], aad)
