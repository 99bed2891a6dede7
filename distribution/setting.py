"""What is made, from what and whereto: handed to everything that builds a package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from distribution.signing import signer_line


class CannotBuild(Exception):
    """Something that a package is made of or with is missing; the sentence says what to do."""


@dataclass(frozen=True)
class Setting:
    """What all packages of one run have in common."""

    root: Path
    """The source tree."""
    out: Path
    """Where finished packages go (dist/)."""
    work: Path
    """Where they are put together (build/packages); anything in it may be made anew."""
    version: str
    commit: str
    """The commit that is packed, with `+changes` where the tree has others; "" outside of git."""
    key: Path | None
    """The private key of OpenSSH that signs; packages are unsigned without one."""
    signer: str
    """The name under which that key is listed in allowed_signers."""

    @property
    def stem(self) -> str:
        """The beginning of the name of every package."""
        return f"porras-{self.version}"

    @property
    def allowed_signers(self) -> str | None:
        """The text of the file that says who may sign the next package; None without a key."""
        if self.key is None:
            return None
        return signer_line(self.key, self.signer, "porras-package")
