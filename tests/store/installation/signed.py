"""Keys and signatures of OpenSSH for tests, each key made for the test alone."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

needs_ssh_keygen = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed"
)


def new_key(folder: Path, name: str = "key") -> Path:
    """Make a private key without a passphrase; its public one lies beside it (KEY.pub)."""
    path = folder / name
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "invented", "-f"]
    subprocess.run([*command, path], check=True)
    return path
