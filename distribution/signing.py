"""Writes and signs the lists of packages."""

from __future__ import annotations

from pathlib import Path

from store.installation import file_list
from store.installation.signature import Purpose
from store.installation.signing import sign


def seal(folder: Path, key: Path | None, purpose: Purpose = "porras-package") -> None:
    """Write the list of a folder's files into it, and its signature where there is a key.

    Raises:
        CannotSign: If ssh-keygen is not there, or refuses.
    """
    listing = folder / file_list.LIST
    listing.write_text(file_list.write(file_list.measure(folder)), encoding="utf-8", newline="\n")
    if key is not None:
        sign(listing, key, purpose)


def signer_line(key: Path, name: str, *purposes: Purpose) -> str:
    """Return the line of `allowed_signers` for the public key beside a private one (KEY.pub)."""
    kind, public = key.with_name(f"{key.name}.pub").read_text(encoding="ascii").split()[:2]
    return f'{name} namespaces="{",".join(purposes)}" {kind} {public}\n'
