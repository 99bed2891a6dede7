"""If these fail, a kill, a pulled stick or a full disk in an update leaves nothing that starts."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from store.errors import NoRoom, StickGone
from store.files import drives, regular_files
from store.installation import layout, update
from store.installation.package import VERSIONS, read_package
from store.installation.self_check import examine
from store.installation.update import carry_out, plan
from tests.store.installation.made import FILES, Site
from tests.store.installation.signed import needs_ssh_keygen

pytestmark = needs_ssh_keygen

ROOT = Path(__file__).parents[3]
LAUNCHER = ROOT / "distribution" / "launcher" / "porras"

CUT = """
import os, sys
from pathlib import Path
from store.installation.package import read_package
from store.installation.update import carry_out, plan

stick, installed, until = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
made = plan(stick, read_package(installed))
touched = 0
WRITING = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree"}

def touch(event, words):
    global touched
    writes = event == "open" and isinstance(words[2], int) and words[2] & (os.O_WRONLY | os.O_RDWR)
    if event in WRITING or writes:
        touched += 1
        if touched == until:
            os._exit(9)

sys.addaudithook(touch)
carry_out(made)
print(touched)
"""


def run(site: Site, until: int) -> subprocess.CompletedProcess[str]:
    """Update in a program of its own, which ends as if killed before it touches the disk again."""
    words = [sys.executable, "-c", CUT, str(site.stick), str(site.package.folder), str(until)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)


def launched(site: Site) -> str:
    """What starts by the launcher, which says nothing else."""
    if not (site.place / "porras").exists():
        (site.place / "porras").write_bytes(LAUNCHER.read_bytes())
    done = subprocess.run(["sh", site.place / "porras"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def goes_on_after_a_kill(site: Site, until: int) -> None:
    """Kill an update, start what is there, and update once more."""
    assert run(site, until).returncode == 9
    name = launched(site)
    assert name in {"0.2.0", "0.3.0"}
    whole = layout.list_versions(site.place)
    assert name in whole
    assert not any(any(examine(found).differences) for found in whole.values())
    carry_out(plan(site.stick, site.package))
    assert launched(site) == "0.3.0"
    assert {path.name for path in (site.place / VERSIONS).iterdir()} == {"0.2.0", "0.3.0"}


def touches(site: Site) -> int:
    """How often a whole update touches the disk; the old version is in use again after it."""
    count = int(run(site, 0).stdout)
    back_to_the_old_one(site)
    return count


def back_to_the_old_one(site: Site) -> None:
    layout.write_current(site.place, "0.2.0")
    layout.clear(site.place, {"0.2.0"})


def test_an_update_that_is_killed_leaves_what_starts_and_goes_on(site: Site) -> None:
    count = touches(site)
    assert count > FILES
    # The first steps, one amid the files, and the last ones, by which the version gets its name.
    for until in (1, 2, 5, count // 2, *range(count - 7, count + 1)):
        goes_on_after_a_kill(site, until)
        back_to_the_old_one(site)


@pytest.mark.nightly
def test_an_update_may_be_killed_at_each_touch_of_the_disk(site: Site) -> None:
    for until in range(1, touches(site) + 1):
        goes_on_after_a_kill(site, until)
        back_to_the_old_one(site)


def test_a_stick_that_is_pulled_out_while_it_is_read_is_told(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plan(site.stick, site.package)

    opened = regular_files.open_regular

    class Pulled(io.BytesIO):
        def read(self, _: int | None = None) -> bytes:
            raise OSError(errno.EIO, "gone", str(site.newer))

    def pulled(path: Path, *, links: bool = True) -> BinaryIO:
        return Pulled() if path == site.newer else opened(path, links=links)

    monkeypatch.setattr(regular_files, "open_regular", pulled)
    with pytest.raises(StickGone):
        carry_out(made)
    monkeypatch.undo()
    assert launched(site) == "0.2.0"
    assert {path.name for path in (site.place / VERSIONS).iterdir()} == {"0.2.0"}


@pytest.fixture
def small_disk(site: Site, tmp_path: Path) -> Iterator[Site]:
    """The installation on a disk that has room for one version and a bit."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=500k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("mounts a small disk, which needs root")
    try:
        subprocess.run(["cp", "-a", f"{site.place}/.", disk], check=True)
        yield site._replace(package=read_package(disk / VERSIONS / "0.2.0"))
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_disk_that_gets_full_leaves_the_old_version_and_its_room(
    small_disk: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = small_disk
    monkeypatch.setattr(update, "RESERVE", 0)
    free = os.statvfs(site.place).f_bavail
    left = site.place / "ballast"
    left.write_bytes(b"0" * (os.statvfs(site.place).f_bavail * 4096 - 90_000))
    monkeypatch.setattr(drives, "free_bytes", lambda _: 1 << 30)  # filled meanwhile
    with pytest.raises(NoRoom):
        carry_out(plan(site.stick, site.package))
    assert launched(site) == "0.2.0"
    assert {path.name for path in (site.place / VERSIONS).iterdir()} == {"0.2.0"}
    left.unlink()
    assert os.statvfs(site.place).f_bavail >= free - 2
    carry_out(plan(site.stick, site.package))
    assert launched(site) == "0.3.0"
