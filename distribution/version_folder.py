"""Puts into a version folder what makes it a package: what it is, who may sign, the signed list."""

from __future__ import annotations

from distribution.setting import Setting
from distribution.signing import seal
from store.installation.package import ABOUT, SIGNERS, Package, write_package


def complete(setting: Setting, package: Package) -> None:
    """Write what every package has at its top; last of all the list of its files, signed."""
    (package.folder / ABOUT).write_text(write_package(package), encoding="utf-8", newline="\n")
    if setting.allowed_signers is not None:
        signers = package.folder / SIGNERS
        signers.write_text(setting.allowed_signers, encoding="utf-8", newline="\n")
    seal(package.folder, setting.key)
