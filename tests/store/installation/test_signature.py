"""If these fail, a stranger's program or pathway is taken, or a good one is refused."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from distribution.signing import signer_line
from store.errors import SignatureWrong, SignersUnreadable
from store.installation.signature import Purpose, read_signers, verify
from store.installation.signing import sign
from tests.store.installation.signed import needs_ssh_keygen, new_key

WORDS = b"Invented words.\n"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return new_key(tmp_path)


def signed(tmp_path: Path, key: Path, purpose: Purpose = "porras-package") -> bytes:
    path = tmp_path / "words"
    path.write_bytes(WORDS)
    return sign(path, key, purpose).read_bytes()


@needs_ssh_keygen
def test_what_ssh_keygen_signed_is_believed_and_nothing_else(tmp_path: Path, key: Path) -> None:
    signers = read_signers(signer_line(key, "region", "porras-package"), "signers")
    signature = signed(tmp_path, key)
    assert verify(WORDS, signature, signers, "porras-package", "words").name == "region"
    wrong: tuple[tuple[bytes, bytes, Purpose], ...] = (
        (WORDS + b" ", signature, "porras-package"),
        (WORDS, signature, "porras-content"),
        (WORDS, b"", "porras-package"),
        (WORDS, signature[:200], "porras-package"),
        (WORDS, signed(tmp_path, key, "porras-content"), "porras-package"),
        (WORDS, signed(tmp_path, key, "porras-content"), "porras-content"),  # not for that
        (WORDS, signed(tmp_path, new_key(tmp_path, "stranger")), "porras-package"),
        (
            WORDS,
            b"-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n",
            "porras-package",
        ),
        (WORDS, b"\xff" * 100, "porras-package"),
        (WORDS, signature * 20, "porras-package"),
    )
    for content, proof, purpose in wrong:
        with pytest.raises(SignatureWrong):
            verify(content, proof, signers, purpose, "words")


@needs_ssh_keygen
@pytest.mark.parametrize("flip", range(0, 300, 7))
def test_a_signature_with_a_flipped_bit_is_refused(
    flip: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tmp_path = tmp_path_factory.mktemp("flipped")
    key = new_key(tmp_path)
    signers = read_signers(signer_line(key, "region", "porras-package"), "signers")
    signature = bytearray(signed(tmp_path, key))
    place = flip % len(signature)
    signature[place] ^= 1
    try:
        who = verify(WORDS, bytes(signature), signers, "porras-package", "words")
    except SignatureWrong:
        return
    # A letter of the frame may differ, or bits of the last letter that stand for nothing.
    assert who.name == "region"
    assert chr(signature[place]) in "-\n=" or place > 250


@needs_ssh_keygen
def test_a_fingerprint_is_the_one_that_ssh_keygen_prints(key: Path) -> None:
    (signer,) = read_signers(signer_line(key, "region", "porras-package"), "signers")
    told = subprocess.run(["ssh-keygen", "-l", "-f", key], capture_output=True, text=True)
    assert signer.fingerprint == told.stdout.split()[1]


@pytest.mark.parametrize(
    "line",
    [
        "region",
        "region ssh-ed25519",
        "region ssh-ed25519 not/base64!",
        'region namespaces="porras-package ssh-ed25519 AAAA',
        'region valid-before="20300101" ssh-ed25519 AAAA',
        "region cert-authority ssh-ed25519 AAAA",
    ],
)
def test_a_line_that_does_not_tell_who_may_sign_is_refused_by_number(line: str) -> None:
    with pytest.raises(SignersUnreadable) as refused:
        read_signers(f"# a comment\n\n{line}\n", "signers")
    assert refused.value.values == {"path": "signers", "line": 3}
