"""If these fail, a package installs half, or harms the version that is there."""

from __future__ import annotations

import ast
import errno
import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from distribution.signing import seal
from distribution.wheelhouse import install
from store.installation.file_list import LIST
from tests.distribution.made_up import PYTHON, wheelhouse
from tests.store.installation.signed import needs_ssh_keygen, new_key

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the wheelhouse is for Linux")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheelhouse(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def installed_once(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("once") / "porras"
    done = run(made, place)
    assert done.returncode == 0, done.stdout + done.stderr
    return place


@pytest.fixture
def package(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "package"))


@pytest.fixture
def place(installed_once: Path, tmp_path: Path) -> Path:
    """An installation that was made before; it may lie in any folder."""
    return Path(shutil.copytree(installed_once, tmp_path / "porras", symlinks=True))


@pytest.fixture
def here(package: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The installer within this process, as if it lay in the package."""
    monkeypatch.setattr(install, "HERE", package)
    before = os.umask(0o022)
    yield package
    os.umask(before)


def run(package: Path, place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", package / "install.sh", "--into", place, *words],
        capture_output=True,
        text=True,
        env={**os.environ, "PORRAS_PYTHON": sys.executable},
    )


def version_of(place: Path) -> str:
    done = subprocess.run([place / "porras", "--version"], capture_output=True, text=True)
    return done.stdout.strip()


def left_over(place: Path) -> list[Path]:
    return [*place.glob("versions/.new-*"), *place.glob("*.new")]


def refusal(words: list[str]) -> str:
    with pytest.raises(SystemExit) as left:
        install.main(words)
    return str(left.value.code)


def test_it_is_installed_whole_and_starts(made: Path, installed_once: Path) -> None:
    assert version_of(installed_once) == "porras, version 0.2.0"
    version = installed_once / "versions" / "0.2.0"
    listed = {**install.read_list(version / LIST), **install.read_list(version / install.MADE_HERE)}
    assert install.wrong_files(version, listed) == []
    there = {path.relative_to(version).as_posix() for path in version.rglob("*") if path.is_file()}
    assert there - set(listed) == {LIST, install.MADE_HERE, "bin/python3"}
    assert any(name.endswith(".pyc") for name in listed)
    assert left_over(installed_once) == []


def test_a_second_run_changes_nothing(made: Path, place: Path) -> None:
    def state() -> set[tuple[str, int]]:
        return {(str(path), path.lstat().st_mtime_ns) for path in place.rglob("*")}

    before = state()
    done = run(made, place)
    assert done.returncode == 0, done.stderr
    assert state() == before


def test_a_half_run_is_cleared_away_and_done_anew(made: Path, place: Path) -> None:
    (place / "versions" / ".new-cut" / "lib").mkdir(parents=True)
    (place / "current.new").write_text("0.")
    (place / "current").unlink()
    (place / "porras").unlink()
    assert run(made, place).returncode == 0
    assert version_of(place) == "porras, version 0.2.0"
    assert left_over(place) == []
    assert [path.name for path in (place / "versions").iterdir()] == ["0.2.0"]


@pytest.mark.parametrize("name", ["files", "compiled"])
def test_a_damaged_version_is_replaced_by_a_whole_one(made: Path, place: Path, name: str) -> None:
    pattern = {"files": "invented/__init__.py", "compiled": "invented/__pycache__/*.pyc"}[name]
    (damaged,) = place.glob(f"versions/0.2.0/lib/*/site-packages/{pattern}")
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"\1")
    done = run(made, place)
    assert done.returncode == 0, done.stderr
    assert (place / "current").read_text() == "0.2.0-2\n"
    assert version_of(place) == "porras, version 0.2.0"


def test_two_at_once_do_not_meet(made: Path, place: Path) -> None:
    with (place / "current.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = run(made, place)
    assert done.returncode == 1
    assert "under way" in done.stderr
    assert run(made, place).returncode == 0


def test_a_flipped_byte_in_any_file_is_told_by_name(here: Path) -> None:
    listed = install.read_list(here / LIST)
    assert {"install.py", "porras", "package.toml", f"for-python/{PYTHON}.sha256"} < set(listed)
    for name in listed:
        path = here / name
        whole = path.read_bytes()
        path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
        with pytest.raises(install.Refusal, match="Nothing was changed") as refused:
            install.check_package()
        assert name in str(refused.value)
        path.write_bytes(whole)
    install.check_package()


def _edited(old: str, new: str) -> Callable[[Path], None]:
    """A package that says something else of itself, and is otherwise right."""

    def edit(package: Path) -> None:
        about = package / install.ABOUT
        text = about.read_text()
        assert old in text
        about.write_text(text.replace(old, new))
        seal(package, None)

    return edit


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "half a package": (lambda package: shutil.rmtree(package / "wheels"), "Copy the whole package"),
    "a changed wheel": (
        lambda package: next(package.glob("wheels/*")).write_bytes(b"else"),
        "wheels/invented-1.0-py3-none-any.whl",
    ),
    "no list": (lambda package: (package / LIST).unlink(), "no readable list"),
    "an empty list": (lambda package: (package / LIST).write_text(""), "no readable list"),
    "another processor": (
        _edited('system = "linux-', 'system = "linux-m68k-'),
        "is for linux-m68k",
    ),
    "a newer C library": (
        _edited('system = "', 'glibc = "9.99"\nsystem = "'),
        "needs glibc 9.99 or newer",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_package_that_cannot_do_is_refused_before_anything_is_changed(
    case: str, package: Path, tmp_path: Path
) -> None:
    spoil, told = BAD[case]
    spoil(package)
    done = run(package, tmp_path / "fresh")
    assert done.returncode == 1
    assert told in done.stderr, done.stderr
    assert "Nothing was changed" in done.stderr
    assert not (tmp_path / "fresh").exists()


def test_a_place_that_is_no_folder_is_refused(made: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = run(made, tmp_path / "file" / "porras")
    assert done.returncode == 1
    assert "cannot be written by you" in done.stderr


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_rights_is_refused(made: Path, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    done = run(made, tmp_path / "closed" / "porras")
    assert "cannot be written by you" in done.stderr


def test_too_little_room_is_told_beforehand(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 0))
    assert "0 MB are free" in refusal(["--into", str(tmp_path / "fresh")])
    assert not (tmp_path / "fresh").exists()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.ENODEV])
@pytest.mark.parametrize("at", ["lay", "make_environment", "try_out", "check_signature"])
def test_what_fails_half_way_leaves_the_version_before(
    code: int, at: str, here: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    (place / "versions" / "0.2.0").rename(place / "versions" / "0.1.0")
    (place / "current").write_text("0.1.0\n")
    with monkeypatch.context() as failing:
        failing.setattr(install, at, fail)
        told = refusal(["--into", str(place)])
    assert os.strerror(code) in told
    assert "is as it was" in told
    assert (place / "current").read_text() == "0.1.0\n"
    assert left_over(place) == []
    assert version_of(place) == "porras, version 0.2.0"


def test_a_stick_pulled_out_after_the_last_file_changes_nothing_of_what_is_done(
    here: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "versions" / "0.2.0").rename(place / "versions" / "0.1.0")
    (place / "current").write_text("0.1.0\n")
    monkeypatch.setattr(install, "check_signature", lambda *_: (here / install.LAUNCHER).unlink())
    install.main(["--into", str(place)])
    assert (place / "current").read_text() == "0.2.0\n"
    assert version_of(place) == "porras, version 0.2.0"


def test_a_version_that_does_not_run_here_is_not_used(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "NATIVE", "a_module_that_is_not_here")
    told = refusal(["--into", str(tmp_path / "fresh")])
    assert "a_module_that_is_not_here" in told
    assert not (tmp_path / "fresh" / "current").exists()
    assert not [*(tmp_path / "fresh" / "versions").iterdir()]


def test_older_pythons_can_read_the_installer_and_get_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = Path(install.__file__).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    assert "needs CPython 3.11, 3.12, 3.13 or 3.14" in refusal(["--into", "nowhere"])


def test_a_computer_without_python_gets_a_sentence(made: Path, tmp_path: Path) -> None:
    for tool in ("dirname", "cat"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or tool)
    sh = shutil.which("sh") or "/bin/sh"
    done = subprocess.run(
        [sh, made / "install.sh"], env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "here is no python3" in done.stderr
    assert "Nothing was changed" in done.stderr


@needs_ssh_keygen
def test_a_signed_version_is_followed_by_one_of_the_same_signer_alone(tmp_path: Path) -> None:
    place, key = tmp_path / "porras", new_key(tmp_path)
    for version in ("0.2.0", "0.3.0"):
        done = run(wheelhouse(tmp_path / version, key, version), place)
        assert done.returncode == 0, done.stderr
        assert (place / "current").read_text() == f"{version}\n"
    for name, other in (("unsigned", None), ("stranger", new_key(tmp_path, "strange_key"))):
        done = run(wheelhouse(tmp_path / name, other, "0.4.0"), place)
        assert done.returncode == 1
        assert "is not signed by one of" in done.stderr
        assert (place / "current").read_text() == "0.3.0\n"
        assert left_over(place) == []


def test_a_user_gets_a_link_and_removing_leaves_the_data(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    data = home / ".local" / "share" / "porras"
    data.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    before = set(home.rglob("*"))
    install.main([])
    link = home / ".local" / "bin" / "porras"
    assert version_of(link.parent) == "porras, version 0.2.0"
    assert str(link) in capsys.readouterr().out
    install.main(["--remove"])
    assert str(data) in capsys.readouterr().out
    left = set(home.rglob("*"))
    assert left - before == {home / ".local" / "lib", home / ".local" / "bin"}
    assert "is not installed" in refusal(["--remove"])


def test_another_program_of_that_name_and_other_files_stay(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    link = tmp_path / ".local" / "bin" / "porras"
    link.parent.mkdir(parents=True)
    link.write_text("another program")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    install.main([])
    assert f"{link} is another program" in capsys.readouterr().out
    notes = tmp_path / ".local" / "lib" / "porras" / "notes.txt"
    notes.write_text("somebody's")
    install.main(["--remove"])
    assert "notes.txt" in capsys.readouterr().out
    assert link.read_text() == "another program"
    assert [*notes.parent.iterdir()] == [notes]


def test_root_has_to_say_for_whom(monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "Say --system" in refusal([])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "needs root" in refusal(["--system"])
