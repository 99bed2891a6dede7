"""Signs by `ssh-keygen -Y sign`, one of the two other programs that Porras ever runs.

It asks for the key's passphrase itself, or an agent or a card does, so that no private key is ever
read here.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from store.errors import CannotSign
from store.installation.signature import Purpose


def sign(path: Path, key: Path, purpose: Purpose) -> Path:
    """Sign a file with a private key of OpenSSH; return the signature, PATH.sig beside it.

    Raises:
        CannotSign: If ssh-keygen is not there, or refuses.
    """
    program = shutil.which("ssh-keygen")
    signature = path.with_name(f"{path.name}.sig")
    signature.unlink(missing_ok=True)
    words = ["-q", "-Y", "sign", "-f", str(key), "-n", purpose, str(path)]
    if program is None or subprocess.run([program, *words], check=False).returncode:
        raise CannotSign(path=str(key))
    if not signature.is_file():
        raise CannotSign(path=str(key))
    return signature
