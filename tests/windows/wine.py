"""A Debian with Wine, as a machine on which the zip for Windows is used."""

from __future__ import annotations

import subprocess
import time
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from distribution import wheels
from distribution.setting import Setting
from distribution.windows import SYSTEM, embedded
from tests.packages.roots import Machine, machine

SUITE, PACKAGES = "trixie", ("wine", "wine64")
PLACE = "/root/.wine/drive_c/Työ pöytä & co"
"""Where a user might unpack it: no name there is plain."""
PROFILE = "/root/.wine/drive_c/users/root"
QUIET = ("WINEDEBUG=-all", "PORRAS_TOUR=no")
TREE, TOOLS = "/opt/porras", "/opt/tools"

TOOLS_OF_TESTS = [
    "attrs",
    "babel",
    "colorama",
    "hypothesis",
    "iniconfig",
    "jsonschema",
    "jsonschema-specifications",
    "packaging",
    "pillow",
    "pyte",
    "pytest",
    "pytest-asyncio",
    "referencing",
    "rpds-py",
    "sortedcontainers",
    "wcwidth",
]
"""What the tests need beside the program, from requirements-dev.lock."""


@dataclass(frozen=True)
class Done:
    """What came of a command."""

    status: int
    output: str
    told: str
    """The output, then what came on the standard error, where Wine too has its say."""
    seconds: float


@dataclass(frozen=True)
class Windows:
    """The zip, unpacked on a machine with Wine."""

    machine: Machine
    top: str

    @property
    def version(self) -> str:
        """The folder of the version in use."""
        current = Path(f"{self.machine.root}{self.top}/current").read_text().strip()
        return f"{self.top}/versions/{current}"

    def porras(self, *words: str, typed: str = "") -> Done:
        """Start Porras by its launcher."""
        return self.cmd(self.top, "porras.cmd", *words, typed=typed)

    def cmd(self, folder: str, batch: str, *words: str, typed: str = "") -> Done:
        """Start a batch that lies in a folder."""
        return self._wine(["cmd", "/c", batch, *words], folder, typed)

    def python(self, *words: str, folder: str = TREE) -> Done:
        """Start the Python of the package."""
        return self._wine([f"{self.version}/python.exe", "-X", "utf8", *words], folder)

    def _wine(self, command: list[str], folder: str, typed: str = "") -> Done:
        began = time.perf_counter()
        script = 'cd "$0" && exec wine "$@"'
        inside = self.machine.command("sh", "-c", script, folder, *command, env=QUIET)
        done = subprocess.run(inside, input=typed.encode(), capture_output=True)
        output, faults = (each.decode(errors="replace") for each in (done.stdout, done.stderr))
        return Done(done.returncode, output, output + faults, time.perf_counter() - began)


@contextmanager
def windows(package: Path, folder: Path) -> Iterator[Windows]:
    """Yield a machine with Wine on which a zip was unpacked, and nothing else done."""
    with machine(SUITE, folder, *PACKAGES) as there:
        # Its registry is written a while after it; a program without that has no random numbers.
        made = there.command("sh", "-c", "wineboot -i && wineserver -w", env=QUIET)
        subprocess.run(made, check=True, capture_output=True)
        # Windows lets nobody else into a profile. Wine lets everybody; and a file has what its
        # folder has, also where the program says that it is to have nothing from there.
        inside = there.root / PROFILE.lstrip("/")
        subprocess.run(["chmod", "--recursive", "go=", inside], check=True)
        place = there.root / PLACE.lstrip("/")
        with zipfile.ZipFile(package) as packed:
            packed.extractall(place)
        yield Windows(there, f"{PLACE}/{package.stem}")


def let_test(there: Windows, setting: Setting, files: Iterable[Path]) -> None:
    """Put the tests of this tree there, and what they need, where the Python of the zip finds it.

    The package itself is no longer what was packed then: do it last.
    """
    pin = embedded.read_pin()
    target = wheels.Target(SYSTEM, pin.minor)
    tools = there.machine.root / TOOLS.lstrip("/")
    tools.mkdir(parents=True)
    for wheel in wheels.fetch(setting, target, "requirements-dev.lock", TOOLS_OF_TESTS):
        wheels.unpack(wheel, tools)
    tree = there.machine.root / TREE.lstrip("/")
    for file in files:
        copy = tree / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((setting.root / file).read_bytes())
    version = Path(f"{there.machine.root}{there.version}")
    (searched,) = version.glob("python*._pth")
    with searched.open("a", encoding="ascii", newline="") as lines:
        lines.write(f"Z:{TREE}\r\nZ:{TOOLS}\r\n".replace("/", "\\"))
