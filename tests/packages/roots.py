"""A whole Debian in a folder, made by debootstrap: machines on which nobody has worked yet.

Roots are made once, with the network, below `build/roots`, or in the folder that PORRAS_ROOTS
names. What is tried happens in a copy, in namespaces of its own and without any network.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
ROOTS = Path(os.environ.get("PORRAS_ROOTS", REPOSITORY / "build" / "roots"))
SUITES = ("bookworm", "trixie", "sid")
"""Debian 12, 13, and what becomes the next."""

NURSE = 1000
"""The user who works there; whoever installs is root."""
HOME = "/home/nurse"


def why_not() -> str:
    """Tell why no root can be made or entered here; empty where it can."""
    if os.geteuid() != 0:
        return "only root can make a Debian root"
    missing = [name for name in ("debootstrap", "bwrap") if shutil.which(name) is None]
    return f"{' and '.join(missing)} not installed" if missing else ""


def pristine(suite: str) -> Path:
    """Return the root of a suite as debootstrap left it; made now if there is none yet."""
    root = ROOTS / suite
    if not (root / "etc" / "debian_version").exists():
        ROOTS.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(root, ignore_errors=True)  # of a run that was ended
        unfinished = ROOTS / f".{suite}"
        shutil.rmtree(unfinished, ignore_errors=True)
        subprocess.run(["debootstrap", "--variant=minbase", suite, unfinished], check=True)
        unfinished.rename(root)
    return root


@dataclass(frozen=True)
class Machine:
    """A copy of a root: nothing outside of it is seen but what is put into it."""

    root: Path

    def command(self, *argv: str, user: int = 0, env: Sequence[str] = ()) -> list[str]:
        """Return how a command is run in there, without network, by a user."""
        inside = ["bwrap", "--bind", str(self.root), "/", "--dev", "/dev", "--proc", "/proc"]
        apart = [
            "--unshare-net",
            "--unshare-pid",
            "--unshare-ipc",
            "--die-with-parent",
            "--clearenv",
            "--cap-add",
            "ALL",
        ]
        home = HOME if user else "/root"
        set_to = (
            ("HOME", home),
            ("USER", "nurse" if user else "root"),
            ("LANG", "C.UTF-8"),
            ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            ("TERM", "xterm-256color"),
            *(tuple(each.split("=", 1)) for each in env),
        )
        variables = [word for name, value in set_to for word in ("--setenv", name, value)]
        ids = f"--reuid={user} --regid={user} --clear-groups".split()
        who = ["setpriv", *ids, "--inh-caps=-all"] if user else []
        return [*inside, *apart, *variables, "--chdir", home, "--", *who, *argv]

    def run(self, *argv: str, user: int = 0, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command in there; return what came out, whatever its exit status."""
        return subprocess.run(
            self.command(*argv, user=user), input=typed, capture_output=True, text=True, check=False
        )

    def does(self, *argv: str, user: int = 0, typed: str = "") -> str:
        """Run a command in there that must not fail; return its standard output."""
        done = self.run(*argv, user=user, typed=typed)
        assert done.returncode == 0, f"{argv}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def put(self, file: Path, folder: str = "/media/stick") -> str:
        """Copy a file or folder to a folder in there; return its path there."""
        place = self.root / folder.lstrip("/")
        place.mkdir(parents=True, exist_ok=True)
        if file.is_dir():
            shutil.copytree(file, place / file.name, symlinks=True)
        else:
            shutil.copy2(file, place)
        return f"{folder}/{file.name}"

    def files(self) -> set[str]:
        """Return the paths of all files in there."""
        found = subprocess.run(
            ["find", ".", "-xdev", "-not", "-type", "d"],
            cwd=self.root,
            capture_output=True,
            check=True,
        )
        return set(found.stdout.decode(errors="surrogateescape").splitlines())


@contextmanager
def machine(suite: str, folder: Path, *packages: str) -> Iterator[Machine]:
    """Yield a copy of a root with a nurse in it, and with more of Debian's packages if asked."""
    kept = with_packages(suite, packages)
    copy = folder / suite
    subprocess.run(["cp", "-a", "--reflink=auto", kept, copy], check=True)
    home = copy / HOME.lstrip("/")
    home.mkdir(parents=True)
    os.chown(home, NURSE, NURSE)
    with (copy / "etc" / "passwd").open("a", encoding="utf-8") as people:
        people.write(f"nurse:x:{NURSE}:{NURSE}::{HOME}:/bin/sh\n")
    with (copy / "etc" / "group").open("a", encoding="utf-8") as groups:
        groups.write(f"nurse:x:{NURSE}:\n")
    try:
        yield Machine(copy)
    finally:
        shutil.rmtree(copy)


def with_packages(suite: str, packages: Sequence[str]) -> Path:
    """Return a root with more packages, made once with the network."""
    if not packages:
        return pristine(suite)
    root = ROOTS / "-".join((suite, *packages))
    if not root.exists():
        unfinished = root.with_name(f".{root.name}")
        shutil.rmtree(unfinished, ignore_errors=True)
        subprocess.run(["cp", "-a", pristine(suite), unfinished], check=True)
        install = ["apt-get", "-qq", "install", "--no-install-recommends", *packages]
        # A mirror may have stood still for weeks; its signature is asked for all the same.
        update = ["apt-get", "-qq", "-o", "Acquire::Check-Valid-Until=no", "update"]
        for command in (update, install):
            subprocess.run(["chroot", unfinished, *command], check=True, stdout=subprocess.DEVNULL)
        unfinished.rename(root)
    return root
