"""Makes a release: `python -m distribution.release` (make release KEY=file).

Checks that tree, version, changelog and tag agree, runs `make check`, builds every package, signs,
verifies as a stranger would, and then gives the folder its name. Nothing is sent anywhere, and what
stops it leaves no folder that looks like a release.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from distribution.__main__ import ROOT, SUMS, check_key, tell
from distribution.setting import CannotBuild
from store.errors import StoreError
from store.installation import file_list, signature
from store.installation.package import SIGNERS
from store.installation.signing import sign

README, NOTES = "README.txt", "release_notes.md"
TEMPLATE = Path(__file__).with_name("release_readme.txt")
SHARED_HOST = Path(__file__).with_name("site") / "shared_host.sh"
PAGES = ("site.md", "site.fi.md", "site.sv.md")

EXPECTED = (
    "porras-{version}-wheelhouse-linux-x86_64.zip",
    "porras-{version}-wheelhouse-linux-aarch64.zip",
    "porras-{version}-linux-x86_64.tar.gz",
    "porras_{version}*_amd64.deb",
    "porras-{version}*.x86_64.rpm",
    "porras-{version}-windows-x86_64.zip",
)
"""What every release has; a folder for another processor may come besides."""

Run = Callable[[Sequence[str | Path]], None]
"""Runs a program in the tree; CalledProcessError where it fails."""


class Wanted(NamedTuple):
    """What is released, from what, and signed by whom."""

    root: Path
    version: str
    key: Path
    signer: str

    @property
    def folder(self) -> Path:
        """The folder of the release."""
        return self.root / "dist" / f"porras-{self.version}"


def main(words: list[str]) -> None:
    """Make a release; leave with a sentence on what is not as it should be."""
    asked = _arguments(words)
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = Wanted(ROOT, about["project"]["version"], asked.key.resolve(), asked.signer)
    try:
        make(wanted, _run)
    except (CannotBuild, StoreError, OSError, subprocess.CalledProcessError) as fault:
        sys.exit(f"\n{tell(fault)}\nThere is no release.")
    print(f"\nThe release is {wanted.folder}. Nothing was sent anywhere.")


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m distribution.release", description=__doc__)
    parser.add_argument("--key", type=Path, required=True, help="private key of OpenSSH")
    parser.add_argument("--signer", default="porras", help="whose key that is")
    return parser.parse_args(words)


def _run(command: Sequence[str | Path]) -> None:
    subprocess.run(command, cwd=ROOT, check=True)


def make(wanted: Wanted, run: Run) -> None:
    """Do everything in order; the folder gets its name last of all.

    Raises:
        CannotBuild: If something does not agree, is missing, or is not as it was signed.
        subprocess.CalledProcessError: If a program fails.
    """
    refuse_unready(wanted)
    check_key(wanted.key, wanted.signer)
    run(["make", "check"])
    refuse_unready(wanted)  # what the tests have left would be packed
    with tempfile.TemporaryDirectory(dir=wanted.folder.parent, prefix=".release-") as place:
        made = Path(place) / wanted.folder.name
        key: list[str | Path] = ["--key", wanted.key, "--signer", wanted.signer]
        run([sys.executable, "-m", "distribution", *key, "--out", made])
        refuse_half(made, wanted.version)
        complete(wanted, made)
        verify(made, wanted.signer)
        made.rename(wanted.folder)


# -- before ------------------------------------------------------------------------------------


def refuse_unready(wanted: Wanted) -> None:
    """Refuse a tree that is not exactly what its version, changelog and tag say.

    Raises:
        CannotBuild: With everything that does not agree, one a line.
    """
    if faults := list(_faults(wanted)):
        raise CannotBuild("\n".join(faults))
    wanted.folder.parent.mkdir(exist_ok=True)


def _faults(wanted: Wanted) -> list[str]:
    tag = f"v{wanted.version}"
    faults = []
    public = wanted.key.with_name(f"{wanted.key.name}.pub")
    if not wanted.key.is_file() or not public.is_file():
        faults.append(f"The key is two files, {wanted.key} and {public.name} beside it.")
    elif wanted.root in wanted.key.parents:
        faults.append(f"The key {wanted.key} lies in this tree. Move it out of it.")
    if _git(wanted.root, "status", "--porcelain"):
        faults.append("The tree has changes that are not committed: git status")
    if _git(wanted.root, "rev-parse", f"{tag}^{{commit}}") != _git(
        wanted.root, "rev-parse", "HEAD"
    ):
        faults.append(f"The tag {tag} is not on this commit: git tag {tag}")
    faults += _changelog_faults(wanted)
    if wanted.folder.exists():
        faults.append(f"{wanted.folder} is there already. A release is made once; move it away.")
    return faults


def _changelog_faults(wanted: Wanted) -> list[str]:
    """Return what is wrong with the changelog, whose newest version has to be this one."""
    text = (wanted.root / "CHANGELOG.md").read_text(encoding="utf-8")
    heads = re.findall(r"^## \[(.+?)\](.*)$", text, re.MULTILINE)
    faults = []
    if notes(text, "Unreleased"):
        faults.append("CHANGELOG.md has entries under [Unreleased]; put them under the version.")
    dated = [(name, day) for name, day in heads if name != "Unreleased"]
    if not dated or dated[0][0] != wanted.version:
        faults.append(f"The newest version of CHANGELOG.md is not {wanted.version}.")
    elif not re.fullmatch(r" - \d{4}-\d\d-\d\d", dated[0][1]):
        faults.append(f"CHANGELOG.md has no day after [{wanted.version}], as in - 2026-11-30.")
    elif not notes(text, wanted.version):
        faults.append(f"CHANGELOG.md says nothing of {wanted.version}.")
    return faults


def notes(changelog: str, version: str) -> str:
    """Return what a changelog says of a version; nothing where it has none."""
    parts = re.split(rf"^## \[{re.escape(version)}\].*$", changelog, maxsplit=1, flags=re.MULTILINE)
    return re.split(r"^## \[", parts[1], flags=re.MULTILINE)[0].strip() if len(parts) > 1 else ""


def _git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", root, *words], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else f"git failed: {done.stderr.strip()}"


# -- after -------------------------------------------------------------------------------------


def refuse_half(folder: Path, version: str) -> None:
    """Refuse a folder in which a package is missing, or is there twice.

    Raises:
        CannotBuild: With every one of them.
    """
    patterns = (each.format(version=version) for each in EXPECTED)
    found = {pattern: len(list(folder.glob(pattern))) for pattern in patterns}
    if wrong := [f"{pattern}: {count} files" for pattern, count in found.items() if count != 1]:
        raise CannotBuild(
            "Half a release is none. There has to be one of each:\n" + "\n".join(wrong)
        )


def complete(wanted: Wanted, folder: Path) -> None:
    """Add what a stranger reads, then list and sign everything that is there."""
    signers = (folder / SIGNERS).read_text(encoding="utf-8")
    (signer,) = signature.read_signers(signers, SIGNERS)
    text = TEMPLATE.read_text(encoding="utf-8")
    told = {"fingerprint": signer.fingerprint, "signer": wanted.signer}
    _write(folder / README, text.format(version=wanted.version, **told))
    _write(folder / f"{SIGNERS}.pub", f"{signer.key} {signer.name}\n")
    changelog = (wanted.root / "CHANGELOG.md").read_text(encoding="utf-8")
    _write(folder / NOTES, f"# Porras {wanted.version}\n\n{notes(changelog, wanted.version)}\n")
    for page in PAGES:
        shutil.copyfile(wanted.root / "docs" / page, folder / page)
    shutil.copyfile(SHARED_HOST, folder / SHARED_HOST.name)
    sums = folder / SUMS
    apart = (SUMS, f"{SUMS}.sig")
    _write(sums, file_list.write(file_list.measure(folder, apart)))
    sign(sums, wanted.key, "porras-package")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def verify(folder: Path, signer: str) -> None:
    """Look at a finished folder as somebody does who has nothing but it, and by our own reader.

    Raises:
        CannotBuild: If a file differs from the list, is missing in it, or nobody has signed it.
        StoreError: If our own reader refuses the signature.
    """
    sums, seal = folder / SUMS, folder / f"{SUMS}.sig"
    asked: list[str | Path] = ["ssh-keygen", "-Y", "verify", "-f", folder / SIGNERS, "-I", signer]
    asked += ["-n", "porras-package", "-s", seal]
    with sums.open("rb") as content:
        done = subprocess.run(asked, stdin=content, capture_output=True, text=True)
    if done.returncode:
        raise CannotBuild(f"The signature of {SUMS} does not hold: {done.stderr or done.stdout}")
    known = signature.read_signers((folder / SIGNERS).read_text(encoding="utf-8"), SIGNERS)
    signature.verify(sums.read_bytes(), seal.read_bytes(), known, "porras-package", SUMS)
    listed = file_list.parse(sums.read_bytes(), SUMS)
    here = set(file_list.files_in(folder, (SUMS, seal.name)))
    if found := file_list.compare(folder, listed, here):
        raise CannotBuild(f"The folder is not as it was signed: {found}")


if __name__ == "__main__":
    main(sys.argv[1:])
