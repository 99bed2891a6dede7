"""How each package is installed, used and removed by somebody on a machine of its own."""

from __future__ import annotations

import tempfile
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from store.installation.package import ABOUT
from tests.packages.day import Day, first_day
from tests.packages.roots import HOME, NURSE, REPOSITORY, Machine, machine

DIST = REPOSITORY / "dist"

DATA = (f".{HOME}/.local/share/porras/", f".{HOME}/.config/porras/", f".{HOME}/backup/")
"""What may be left when Porras was removed: what belongs to the nurse."""
OF_DEBIAN = (
    "./var/",
    "./etc/ld.so.cache",
    f".{HOME}/passphrase",
    "./media/stick/",
    "./root/.rpmdb/",
)
"""What others write: the package managers' own books, and this test."""


@dataclass(frozen=True)
class Way:
    """One way in which Porras comes onto a machine."""

    pattern: str
    """Of the file below `dist`."""
    installs: tuple[str, ...]
    """Commands of a shell, each told after the other; {file} is the package there."""
    removes: tuple[str, ...]
    porras: str
    """The command by which it is started then."""
    user: int = 0
    """Who installs."""
    needs: tuple[str, ...] = ()
    """Packages of Debian that are there before."""

    def file(self) -> Path | None:
        """Return the newest package of this way that was built; None if there is none."""
        found = sorted(DIST.rglob(self.pattern), key=lambda path: path.stat().st_mtime)
        return found[-1] if found else None


WAYS: Mapping[str, Way] = {
    "wheelhouse": Way(
        "porras-*-wheelhouse-linux-x86_64.zip",
        ("cd /tmp && python3 -m zipfile -e {file} . && sh porras-*/install.sh",),
        ("sh /tmp/porras-*/install.sh --remove",),
        f"{HOME}/.local/bin/porras",
        user=NURSE,
        needs=("python3",),
    ),
    "wheelhouse, for all": Way(
        "porras-*-wheelhouse-linux-x86_64.zip",
        ("cd /tmp && python3 -m zipfile -e {file} . && sh porras-*/install.sh --system",),
        ("sh /tmp/porras-*/install.sh --system --remove",),
        "/usr/local/bin/porras",
        needs=("python3",),
    ),
    "folder": Way(
        "porras-*-linux-x86_64.tar.gz",
        ("cd /tmp && tar xzf {file} && sh porras-*/install.sh",),
        ("sh /tmp/porras-*/install.sh --remove",),
        f"{HOME}/.local/bin/porras",
        user=NURSE,
    ),
    "deb": Way(
        "porras_*_amd64.deb",
        ("apt-get -qq install {file}",),
        ("apt-get -qq remove porras",),
        "/usr/bin/porras",
    ),
    # Debian's rpm knows of no package of Debian, so it can neither find nor miss the C library.
    "rpm, by Debian's rpm": Way(
        "porras-*.x86_64.rpm",
        ("rpm --nodeps -i {file}", "rpm --verify --nodeps porras"),
        ("rpm -e porras",),
        "/usr/bin/porras",
        needs=("rpm",),
    ),
}


@dataclass(frozen=True)
class Tried:
    """What came of one way on one machine."""

    day: Day
    seconds: float
    """From the file on the stick to the program in place."""
    megabytes: float
    """On the disk, once installed."""
    made_from: str
    """The commit, as the installed package tells it."""
    left: tuple[str, ...]
    """Files that were still there after it was removed, but for the nurse's own."""


def tried(way: Way, suite: str) -> Tried:
    """Install Porras on a new machine without network, use it for a day, and remove it."""
    file = way.file()
    assert file is not None
    with tempfile.TemporaryDirectory() as folder, machine(suite, Path(folder), *way.needs) as there:
        place = there.put(file)
        before = there.files()
        began = time.perf_counter()
        _all(there, way.installs, way.user, place)
        seconds = time.perf_counter() - began
        installed = there.files() - before
        megabytes = sum(_sizes(there, installed)) / 1e6
        made_from = _made_from(there, installed)
        day = first_day(there, way.porras)
        _all(there, way.removes, way.user, place)
        left = (path for path in there.files() - before if not path.startswith(DATA))
        return Tried(day, seconds, megabytes, made_from, tuple(sorted(_not_unpacked(left))))


def _all(there: Machine, commands: tuple[str, ...], user: int, file: str) -> None:
    for command in commands:
        there.does("sh", "-ec", command.format(file=file), user=user)


def _sizes(there: Machine, paths: set[str]) -> Iterator[int]:
    return ((there.root / path).lstat().st_size for path in _not_unpacked(paths))


def _made_from(there: Machine, installed: set[str]) -> str:
    (about,) = (path for path in _not_unpacked(installed) if path.endswith(f"/{ABOUT}"))
    return str(tomllib.loads((there.root / about).read_text(encoding="utf-8"))["made_from"])


def _not_unpacked(paths: Iterable[str]) -> Iterator[str]:
    """Leave out what was unpacked in order to be installed, and the package manager's books."""
    return (path for path in paths if not path.startswith(("./tmp/", *OF_DEBIAN)))
