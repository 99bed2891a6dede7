"""`porras update` as it is typed: if these fail, whoever installs is told what is not so."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from store.files import drives
from store.installation import layout
from store.installation.package import Kind, Package
from tests.store.installation.conftest import makers, one_time, stranger
from tests.store.installation.made import Site, add_up, make_package, make_site
from tui import say
from tui.cli import porras

__all__ = ["makers", "one_time", "stranger"]


class Desk:
    """An installation, a stick in a folder of an odd name, and somebody who types."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
        self._patch, self.site = monkeypatch, site
        self.runs(site.package)

    def runs(self, package: Package) -> None:
        self._patch.setattr("tui.commands.update.find_package", lambda: package)

    def update(self, *words: str | Path, code: int = 0, typed: str | None = None) -> Result:
        self._patch.setattr(say, "is_answered_by_a_person", lambda: typed is not None)
        store = self.site.place.parent / "store" / "porras.db"
        command = ["--lang", "en", "--db", str(store), "update", *map(str, words)]
        done = CliRunner().invoke(porras, command, input=typed)
        assert done.exit_code == code, done.output
        assert "Traceback" not in done.output
        return done

    @property
    def current(self) -> str | None:
        return layout.read_current(self.site.place)


@pytest.fixture
def desk(tmp_path: Path, makers: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(monkeypatch, make_site(tmp_path / "-x it's ä", makers))


def test_an_update_says_who_has_signed_it_and_the_way_back_is_taken(desk: Desk) -> None:
    told = desk.update(desk.site.stick).output
    assert "Signed by region, SHA256:" in told
    assert "Porras 0.3.0 is in use from the next start on." in told
    assert "The version before, 0.2.0, stays: porras update --back." in told
    assert desk.current == "0.3.0"
    lines = desk.update().output.splitlines()
    assert lines[0].startswith("0.3.0")
    assert lines[0].endswith("in use")
    assert lines[1].startswith("0.2.0")
    assert not lines[1].endswith("in use")
    assert "Porras 0.2.0 is in use from the next start on." in desk.update("--back").output
    assert desk.current == "0.2.0"
    desk.update("--use", "0.3.0")
    assert desk.current == "0.3.0"
    for name in ("0.9.9", "../0.2.0", "-x"):
        desk.update(f"--use={name}", code=1)
    assert desk.current == "0.3.0"


def test_two_wishes_at_once_are_none(desk: Desk) -> None:
    desk.update(desk.site.stick, "--back", code=2)
    desk.update("--back", "--use", "0.2.0", code=2)
    assert desk.current == "0.2.0"


@pytest.mark.parametrize(
    ("words", "typed", "code", "version"),
    [
        ((), "yes\n", 1, "0.2.0"),
        (("--unsigned",), "no\n", 1, "0.2.0"),
        (("--unsigned",), "\n", 1, "0.2.0"),
        (("--unsigned",), "", 1, "0.2.0"),
        (("--unsigned",), None, 2, "0.2.0"),
        (("--unsigned",), " YES \n", 0, "0.3.0"),
        (("--unsigned", "--yes"), None, 0, "0.3.0"),
        (("--yes",), None, 1, "0.2.0"),
    ],
)
def test_what_nobody_has_signed_is_installed_at_somebodys_word_alone(
    desk: Desk, words: tuple[str, ...], typed: str | None, code: int, version: str
) -> None:
    add_up(desk.site.stick, None)
    told = desk.update(*words, desk.site.stick, typed=typed, code=code).output
    assert desk.current == version
    assert "Signed by" not in told
    if typed is not None and words == ("--unsigned",):
        (digest, *_) = (desk.site.stick / "SHA256SUMS").read_text().split()
        assert digest in told


def test_the_signature_of_a_stranger_is_never_asked_about(desk: Desk, stranger: Path) -> None:
    add_up(desk.site.stick, stranger)
    told = desk.update("--unsigned", "--yes", desk.site.stick, code=1).output
    assert desk.current == "0.2.0"
    assert "SHA256SUMS" in told


def test_without_room_for_the_backup_of_the_newer_one_nothing_is_installed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = desk.site.place.parent / "store" / "porras.db"
    store.parent.mkdir()
    store.write_bytes(b"0" * 4096)
    real = drives.free_bytes
    monkeypatch.setattr(drives, "free_bytes", lambda path: 1 << 20 if path == store else real(path))
    told = " ".join(desk.update(desk.site.stick, code=1).output.split())
    assert "A newer Porras begins with a backup of the store." in told
    assert desk.current == "0.2.0"
    assert set(layout.list_versions(desk.site.place)) == {"0.2.0"}


@pytest.mark.parametrize(
    ("kind", "name", "start"),
    [
        ("deb", "porras_0.3.0-1_amd64.deb", ["sudo", "apt", "install"]),
        ("rpm", "porras-0.3.0-1.x86_64.rpm", ["sudo", "dnf", "install"]),
    ],
)
def test_a_package_of_a_distribution_is_proven_and_its_command_can_be_typed(
    desk: Desk, tmp_path: Path, makers: Path, kind: Kind, name: str, start: list[str]
) -> None:
    system = {"system": "linux-x86_64"}
    desk.runs(make_package(tmp_path / "usr lib", makers, "0.2.0", kind, **system))
    package = desk.site.stick / name
    package.write_bytes(b"of the distribution")
    add_up(desk.site.stick, makers)
    command = desk.update(desk.site.stick).output.splitlines()[-1]
    assert shlex.split(command) == [*start, str(package.resolve())]
    package.rename(again := package.with_name(name.replace("0.3.0", "0.2.0")))
    add_up(desk.site.stick, makers)
    command = desk.update("--again", desk.site.stick).output.splitlines()[-1]
    assert shlex.split(command) == ["sudo", start[1], "reinstall", str(again.resolve())]
    again.rename(package)
    add_up(desk.site.stick, makers)
    package.write_bytes(b"of somebody else")
    assert "sudo" not in desk.update(desk.site.stick, code=1).output
