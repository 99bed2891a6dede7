"""Makes the packages: `python -m distribution` (make packages)."""

from __future__ import annotations

import argparse
import errno
import importlib
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

from distribution.setting import CannotBuild, Setting
from distribution.signing import signer_line
from store.errors import SignatureWrong, SignersUnreadable, StoreError
from store.installation import file_list, signature
from store.installation.package import SIGNERS
from store.installation.signing import sign

ROOT = Path(__file__).parents[1]
SUMS = "SHA256SUMS"

BUILDERS = {
    "wheelhouse": "distribution.wheelhouse.pack",
    "folder": "distribution.frozen",
    "windows": "distribution.windows",
}
"""The module that makes each kind; `build(setting)` in it returns the files that it has written."""
WITH_FOLDER = ("deb", "rpm")
"""Kinds that are made together with the folder, of which they are."""
KINDS = (*BUILDERS, *WITH_FOLDER)


def main(words: list[str]) -> None:
    """Make what is asked for; leave with a sentence on what is missing."""
    asked = _arguments(words)
    try:
        setting = prepare(ROOT, asked.out, asked.key, asked.signer)
        written = [path for name in _modules(asked.only) for path in _build(name, setting)]
        _finish(setting, written)
    except (CannotBuild, StoreError, OSError, subprocess.CalledProcessError) as fault:
        sys.exit(f"\n{tell(fault)}")


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m distribution", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=KINDS, default=list(BUILDERS), metavar="KIND")
    parser.add_argument("--key", type=Path, help="private key of OpenSSH; its .pub beside it")
    parser.add_argument("--signer", default="porras", help="whose key that is")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    return parser.parse_args(words)


def _modules(kinds: Iterable[str]) -> list[str]:
    return sorted({BUILDERS.get(kind, BUILDERS["folder"]) for kind in kinds})


def _build(name: str, setting: Setting) -> list[Path]:
    """Make the packages of one module, which is imported only now: each needs tools of its own."""
    print(f"{name}:", flush=True)
    written: list[Path] = importlib.import_module(name).build(setting)
    for path in written:
        print(f"  {path.name}  {path.stat().st_size / 1e6:.1f} MB", flush=True)
    return written


def prepare(root: Path, out: Path, key: Path | None, signer: str) -> Setting:
    """Return the setting of a run; clock and hashing of all that it starts are fixed here.

    Raises:
        CannotBuild: If the time of the commit is not known, or the key is not whole.
        CannotSign: If ssh-keygen refuses the key.
    """
    if key is not None:
        check_key(key, signer)
    commit = _commit(root)
    os.environ["SOURCE_DATE_EPOCH"] = _epoch(root)
    os.environ["PYTHONHASHSEED"] = "1"
    about = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    work = root / "build" / "packages"
    for folder in (out, work):
        folder.mkdir(parents=True, exist_ok=True)
    version = about["project"]["version"]
    return Setting(root, out.resolve(), work, version, commit, key and key.resolve(), signer)


def check_key(key: Path, signer: str) -> None:
    """Sign and verify something by a key, before much work is done that it has to sign.

    Raises:
        CannotBuild: If it is not whole, or what it signs is not taken as this signer's.
        CannotSign: If ssh-keygen refuses it.
    """
    public = key.with_name(f"{key.name}.pub")
    for path in (key, public):
        if not path.is_file():
            raise CannotBuild(
                f"There is no file {path}. A key to sign with is two files, FILE and FILE.pub, "
                "as `ssh-keygen -t ed25519 -f FILE` makes them."
            )
    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "trial"
        trial.write_bytes(b"trial")
        seal = sign(trial, key, "porras-package").read_bytes()
    try:
        signers = signature.read_signers(signer_line(key, signer, "porras-package"), SIGNERS)
        signature.verify(b"trial", seal, signers, "porras-package", trial.name)
    except (SignersUnreadable, SignatureWrong) as fault:
        raise CannotBuild(
            f"What {key} signs is not taken as signed by '{signer}': the name has to be one word."
        ) from fault


def _git(root: Path, *words: str) -> str | None:
    """Return what git says of a tree; None where there is no git, or no repository."""
    try:
        done = subprocess.run(["git", "-C", root, *words], capture_output=True, text=True)
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _commit(root: Path) -> str:
    commit = _git(root, "rev-parse", "HEAD")
    if commit is None:
        return ""
    if not _git(root, "status", "--porcelain"):
        return commit
    print("This tree has changes that are not committed; the packages tell it (+changes).")
    return f"{commit}+changes"


def _epoch(root: Path) -> str:
    given = os.environ.get("SOURCE_DATE_EPOCH") or _git(root, "log", "-1", "--format=%ct")
    if not given or not given.isdecimal():
        raise CannotBuild(
            "The time of the commit is not known here, and every file gets it. "
            "Set SOURCE_DATE_EPOCH to it, in seconds since 1970."
        )
    return given


def _finish(setting: Setting, written: list[Path]) -> None:
    """Write the sums of what was built and, where there is a key, sign them."""
    sums = setting.out / SUMS
    listed = file_list.write({path.name: file_list.digest_of(path) for path in written})
    sums.write_text(listed, encoding="utf-8")
    signers = setting.out / SIGNERS
    for stale in (signers, sums.with_name(f"{SUMS}.sig")):
        stale.unlink(missing_ok=True)
    if setting.key is None or setting.allowed_signers is None:
        print(f"Nothing is signed: no key was given. The sums are in {sums}.")
        return
    signers.write_text(setting.allowed_signers, encoding="utf-8")
    sign(sums, setting.key, "porras-package")
    print(f"Signed by {setting.signer}. The sums are in {sums}.")


def tell(fault: Exception) -> str:
    """Return the sentence on what stopped a run, and what to do."""
    match fault:
        case FileNotFoundError(filename=str(name)) if "/" not in name:
            return f"The program `{name}` is missing. Install it and run this again."
        case OSError(errno=errno.ENOSPC):
            return f"The disk is full ({fault.filename or ROOT}). Make room and run this again."
        case StoreError():
            return f"{fault.what} {fault.next}".format(**fault.values)
        case subprocess.CalledProcessError():
            command = " ".join(str(word) for word in fault.cmd)
            told = "\n".join(str(fault.stderr or fault.stdout or "").splitlines()[-20:])
            return f"`{command}` gave up ({fault.returncode}).\n{told}".rstrip()
    return str(fault)


if __name__ == "__main__":
    main(sys.argv[1:])
