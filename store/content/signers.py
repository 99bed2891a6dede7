"""Whose signature on a content counts at this workplace."""

from __future__ import annotations

from pathlib import Path

from store.errors import ContentUnsigned, NoSigners, SignersGone, SignersOpen
from store.files import ownership, regular_files
from store.installation.package import SIGNERS, find_package
from store.installation.signature import Signer, read_signers, verify

_LARGEST = 100_000


def find_signers(named: Path | None) -> tuple[Signer, ...]:
    """Return who may sign: by the file that came with the package, and by the site's own.

    Raises:
        SignersGone: If the site's own cannot be read.
        SignersOpen: If others may write it, or put another in its place.
        SignersUnreadable: If a line of a file is none.
        PackageUnreadable: If the package does not tell what it is.
    """
    package = find_package()
    shipped = package.folder / SIGNERS if package else None
    files = [shipped] if shipped is not None and shipped.exists() else []
    if named is not None:  # whoever can change the one of the package can change the program
        files.append(_unchangeable(named))
    return tuple(signer for path in files for signer in _read(path))


def _unchangeable(path: Path) -> Path:
    if open_ := ownership.open_to_others(path):
        raise SignersOpen(file=str(path), path=str(open_))
    return path


def _read(path: Path) -> tuple[Signer, ...]:
    try:
        text = regular_files.read_text(path, _LARGEST)
    except (OSError, ValueError):
        raise SignersGone(path=str(path)) from None
    return tuple(each for each in read_signers(text, str(path)) if each.may_sign("porras-content"))


def check_signed(
    listing: bytes, signature: bytes | None, signers: tuple[Signer, ...], path: Path
) -> Signer:
    """Return who has signed the list of a content.

    Raises:
        ContentUnsigned: If nobody has.
        NoSigners: If nobody's signature counts here.
        SignatureWrong: If a stranger has, or something was changed since.
    """
    if signature is None:
        raise ContentUnsigned(path=str(path))
    if not signers:
        raise NoSigners
    return verify(listing, signature, signers, "porras-content", str(path))
