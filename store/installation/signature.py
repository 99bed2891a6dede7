"""Signatures in the format of OpenSSH: made by `ssh-keygen -Y sign`, checked here without it.

Who may sign stands in a file in the form of `allowed_signers` (man ssh-keygen). Each signature is
for one purpose alone, its namespace: what vouches for a pathway never vouches for a program.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Literal, NamedTuple, TypeAlias

from store.errors import SignatureWrong, SignersUnreadable

Purpose: TypeAlias = Literal["porras-package", "porras-content"]

LARGEST_SIGNATURE = 4_000
"""Bytes; one of Ed25519 has about 300, one of RSA with 4096 bits about 1,500."""


class Signer(NamedTuple):
    """Somebody whose signature counts, by a line of `allowed_signers`."""

    name: str
    key: str
    """Kind and key in base64, as in `ssh-ed25519 AAAA…`."""
    purposes: frozenset[str] = frozenset()
    """What the key may sign; anything where none is named."""

    @property
    def fingerprint(self) -> str:
        """The digest by which a key is told over the telephone, as `ssh-keygen -l` prints it."""
        digest = hashlib.sha256(base64.b64decode(self.key.split()[1])).digest()
        return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")

    def may_sign(self, purpose: Purpose) -> bool:
        """Return whether the key is good for a purpose."""
        return not self.purposes or purpose in self.purposes


def read_signers(text: str, place: str) -> tuple[Signer, ...]:
    """Return who may sign, by the text of a file of signers; `place` is named in a fault.

    Raises:
        SignersUnreadable: If a line is not one of `allowed_signers`, or limits a key to a time.
    """
    from sshsig.allowed_signers import AllowedSigner

    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            signer = AllowedSigner.parse(line)
            base64.b64decode(signer.base64_key, validate=True)
        except (ValueError, IndexError, NotImplementedError, binascii.Error):
            raise SignersUnreadable(path=place, line=number) from None
        options = signer.options or {}
        if options.keys() - {"namespaces"}:  # a time or an authority would be passed over
            raise SignersUnreadable(path=place, line=number)
        purposes = frozenset(filter(None, options.get("namespaces", "").split(",")))
        key = f"{signer.key_type} {signer.base64_key}"
        found.append(Signer(signer.principals, key, purposes))
    return tuple(found)


def verify(
    content: bytes, signature: bytes, signers: Iterable[Signer], purpose: Purpose, path: str
) -> Signer:
    """Return who has signed a content for a purpose; `path` is named in a fault.

    Raises:
        SignatureWrong: If nobody of the signers has, or not this content, or for something else.
    """
    from sshsig import PublicKey, check_signature

    if len(signature) > LARGEST_SIGNATURE:
        raise SignatureWrong(path=path)
    # The library refuses some of what is no signature by faults of its own, so every fault counts.
    with suppress(Exception):
        made_with = check_signature(content, signature, purpose)
        for signer in signers:
            if signer.may_sign(purpose) and PublicKey.from_openssh_str(signer.key) == made_with:
                return signer
    raise SignatureWrong(path=path)


def find_signer(content: bytes, signature: bytes, purpose: Purpose, name: str) -> Signer:
    """Return who has signed a content, whoever that is, under a name; for the signer's own eyes.

    Raises:
        SignatureWrong: If the signature is none of this content and purpose, or its kind of key is
            not known here.
    """
    from sshsig import check_signature

    with suppress(Exception):
        made_with = check_signature(content, signature, purpose)
        return Signer(name, made_with.openssh_str(), frozenset({purpose}))
    raise SignatureWrong(path=name)


def signer_line(signer: Signer) -> str:
    """Return the line of `allowed_signers` for somebody."""
    name = "-".join(re.findall(r"\w+", signer.name)) or "signer"
    purposes = ",".join(sorted(signer.purposes))
    return f'{name} namespaces="{purposes}" {signer.key}'
