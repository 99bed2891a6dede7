"""Gets the wheels of requirements.lock for Pythons and systems, and keeps them for the next time.

They lie in build/wheels. What lies there with the digest of the lock is asked of nobody, so a
second run needs no network.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

from distribution.setting import CannotBuild, Setting
from store.installation.file_list import digest_of

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LEFT_OUT = frozenset({"pip"})
"""sqlite-utils has it for a command that nobody starts; it holds programs that nobody signed."""
NEWEST_GLIBC = 28
"""The newest glibc 2.x that a wheel may ask for: that of Debian 10 and RHEL 8."""

_OLD_NAMES = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
_GLIBC = re.compile(r"manylinux_2_(\d+)_")


class Target(NamedTuple):
    """What a wheel has to run on."""

    system: str
    """linux-x86_64, linux-aarch64 or windows-x86_64."""
    python: str
    """As in 3.11."""

    @property
    def platforms(self) -> list[str]:
        """The platform tags of wheels that run there, the best first."""
        system, machine = self.system.split("-")
        if system == "windows":
            return ["win_amd64"]
        return [
            f"{name}_{machine}"
            for minor in range(NEWEST_GLIBC, 4, -1)
            for name in (f"manylinux_2_{minor}", _OLD_NAMES.get(minor))
            if name
        ]

    @property
    def tags(self) -> frozenset[Tag]:
        """All tags of wheels that run there."""
        version = tuple(int(part) for part in self.python.split("."))
        short = self.python.replace(".", "")
        return frozenset(
            (
                *cpython_tags(version, platforms=self.platforms),
                *compatible_tags(version, f"cp{short}", self.platforms),
            )
        )

    @property
    def environment(self) -> dict[str, str]:
        """What a marker of the lock is asked against."""
        system, machine = self.system.split("-")
        windows = system == "windows"
        return {
            "os_name": "nt" if windows else "posix",
            "sys_platform": "win32" if windows else "linux",
            "platform_system": "Windows" if windows else "Linux",
            "platform_machine": "AMD64" if windows else machine,
            "platform_python_implementation": "CPython",
            "implementation_name": "cpython",
            "python_version": self.python,
            "python_full_version": f"{self.python}.0",
            "implementation_version": f"{self.python}.0",
        }


class Pin(NamedTuple):
    """A version that is locked, with the digests of all its files."""

    name: str
    version: str
    requirement: Requirement
    digests: frozenset[str]


def read_lock(text: str) -> Iterator[Pin]:
    """Yield what a lock pins."""
    joined = text.replace("\\\n", " ")
    for line in joined.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        words, *hashes = line.split("--hash=sha256:")
        requirement = Requirement(words.strip())
        (specifier,) = requirement.specifier
        name = canonicalize_name(requirement.name)
        digests = frozenset(digest.strip() for digest in hashes)
        yield Pin(name, specifier.version, requirement, digests)


def fetch(
    setting: Setting,
    target: Target,
    lock: str = "requirements.lock",
    only: Collection[str] | None = None,
) -> list[Path]:
    """Return the wheels of a lock that run on a target, sorted; that of Porras is apart.

    `only` names those that are wanted, if not all.

    Raises:
        CannotBuild: If one is not there and cannot be had.
    """
    store = setting.root / "build" / "wheels"
    store.mkdir(parents=True, exist_ok=True)
    pins = read_lock((setting.root / lock).read_text(encoding="utf-8"))
    wanted = [pin for pin in pins if _applies(pin, target) and (only is None or pin.name in only)]
    found = {pin.name: find(store, pin, target) for pin in wanted}
    missing = [pin for pin in wanted if found[pin.name] is None]
    if missing:
        _download(missing, target, store, setting.work)
        found |= {pin.name: find(store, pin, target) for pin in missing}
    lacking = [name for name, path in found.items() if path is None]
    if lacking:
        raise CannotBuild(f"No wheel of {', '.join(lacking)} runs on {_said(target)}.")
    return sorted(path for path in found.values() if path is not None)


def fetch_used(setting: Setting, target: Target, own: Path) -> list[Path]:
    """Return the wheels that a package unpacks beside its own Python: Porras and what it uses.

    Raises:
        CannotBuild: If one is not there and cannot be had.
    """
    every = (*fetch(setting, target), own)
    return [each for each in every if parse_wheel_filename(each.name)[0] not in LEFT_OUT]


def _applies(pin: Pin, target: Target) -> bool:
    marker = pin.requirement.marker
    return marker is None or marker.evaluate(target.environment)


def find(store: Path, pin: Pin, target: Target) -> Path | None:
    """Return the wheel of a pin that is kept and runs on a target; one that was changed is none."""
    tags = target.tags
    prefix = pin.name.replace("-", "_")
    for path in sorted(store.glob("*.whl")):
        if not path.name.lower().startswith(prefix):
            continue
        name, version, _, wheel_tags = parse_wheel_filename(path.name)
        same = (name, str(version)) == (pin.name, pin.version)
        if same and wheel_tags & tags and digest_of(path) in pin.digests:
            return path
    return None


def _download(pins: Sequence[Pin], target: Target, store: Path, work: Path) -> None:
    """Let pip get wheels, each by its digest; markers are answered here, not by this Python."""
    asked = work / f"wanted-{target.system}-{target.python}.txt"
    asked.write_text("".join(_asked(pin) for pin in pins), encoding="ascii")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--dest", str(store)]
    command += ["--implementation", "cp", "--python-version", target.python]
    command += [word for name in target.platforms for word in ("--platform", name)]
    done = subprocess.run([*command, "--requirement", asked], capture_output=True, text=True)
    if done.returncode != 0:
        names = ", ".join(pin.name for pin in pins)
        told = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise CannotBuild(
            f"These wheels for {_said(target)} are not in {store}, and pip could not get them: "
            f"{names}. It needs the network once.\n" + "\n".join(told or [done.stderr])
        )


def _asked(pin: Pin) -> str:
    hashes = "".join(f" --hash=sha256:{digest}" for digest in sorted(pin.digests))
    return f"{pin.name}=={pin.version}{hashes}\n"


def _said(target: Target) -> str:
    return f"Python {target.python} on {target.system}"


def own_wheel(setting: Setting) -> Path:
    """Build the wheel of Porras, with the tools that are locked; the same bytes each time.

    Raises:
        subprocess.CalledProcessError: If it cannot be built.
    """
    folder = setting.work / "own-wheel"
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*command, str(setting.root)], check=True, capture_output=True, text=True)
    (built,) = folder.glob("*.whl")
    return built


def oldest_glibc(wheels: Iterable[Path]) -> str:
    """Return the oldest glibc that wheels run on; "" where none of them asks for one."""
    needed = [
        min(int(minor) for minor in _GLIBC.findall(wheel.name))
        for wheel in wheels
        if _GLIBC.search(wheel.name)
    ]
    return f"2.{max(needed)}" if needed else ""


def refuse_unfit(wheel: Path) -> None:
    """Refuse a wheel that is not installed by being unpacked.

    Programs that a library brings beside its modules are left out: Porras starts none of them.

    Raises:
        CannotBuild: If it has files for other places than site-packages.
    """
    with zipfile.ZipFile(wheel) as packed:
        elsewhere = [
            name for name in _without_programs(packed) if ".data/" in name.partition("/")[0] + "/"
        ]
    if elsewhere:
        raise CannotBuild(
            f"{wheel.name} has files for other places ({elsewhere[0]}), and wheels are unpacked "
            "here and nothing more. What packs and installs them has to learn where they go."
        )


def _without_programs(wheel: zipfile.ZipFile) -> list[str]:
    """Return the names of what is unpacked, as the installer of a wheelhouse takes them too."""
    return [name for name in wheel.namelist() if ".data/scripts/" not in name]


def unpack(wheel: Path, site: Path) -> None:
    """Lay a wheel out as an installer does.

    Raises:
        CannotBuild: If it has what belongs elsewhere than beside its modules.
    """
    refuse_unfit(wheel)
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site, _without_programs(packed))
