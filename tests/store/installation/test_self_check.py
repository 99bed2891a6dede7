"""If these fail, a damaged or changed program calls itself whole, or a whole one alarms."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from casework.language import LANGUAGES, speech
from distribution.signing import seal, signer_line
from store.errors import FileListUnreadable, PackageUnreadable, SignatureWrong, SignersUnreadable
from store.installation import package as packages
from store.installation.environment import MADE_HERE
from store.installation.file_list import LIST, SIGNATURE, digest_of, files_in, write
from store.installation.package import ABOUT, SIGNERS, Package
from store.installation.self_check import examine
from store.installation.signing import sign
from tests.store.installation.made import install, make_package
from tests.store.installation.signed import needs_ssh_keygen
from tui.commands.doctor_finding import DoctorFinding
from tui.commands.doctor_package import look_at_program

pytestmark = needs_ssh_keygen


@pytest.fixture
def package(tmp_path: Path, makers: Path) -> Package:
    return make_package(tmp_path / "program", makers, "0.2.0")


class Findings(dict[str, DoctorFinding]):
    """What the doctor says of a program, by name; it looks anew each time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, package: Package, language: str) -> None:
        super().__init__()
        self.language = language
        monkeypatch.setattr(packages, "top_of_program", lambda: package.folder)

    def __missing__(self, name: str) -> DoctorFinding:
        packages.find_package.cache_clear()
        found = {found.name: found for found in look_at_program(speech(self.language))}
        packages.find_package.cache_clear()
        return found[name]


@pytest.fixture
def findings(package: Package, monkeypatch: pytest.MonkeyPatch) -> Findings:
    return Findings(monkeypatch, package, "en")


def test_a_package_says_what_it_is_and_that_all_of_it_is_there(
    findings: Findings, makers: Path, package: Package
) -> None:
    told = findings["package"].text
    for word in ("0.2.0", "folder", package.system, "0123abc", str(package.folder)):
        assert word in told
    assert findings["program files"].mark == "OK"
    signer = examine(package).signer
    assert signer
    assert findings["signature"].mark == "OK"
    assert signer.fingerprint in findings["signature"].text
    assert "region" in findings["signature"].text


def test_the_sources_say_that_they_are_none() -> None:
    packages.find_package.cache_clear()
    (found,) = look_at_program(speech("en"))
    assert (found.mark, found.name) == ("OK", "package")
    assert "from its sources" in found.text


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_flipped_bit_in_every_tenth_file_is_told_by_name_and_number(
    package: Package, findings: Findings
) -> None:
    paths = sorted(files_in(package.folder))[::10]
    for path in paths:
        flip(package.folder / path)
    # One of them may be the file of signers or the one that says which package it is.
    found = examine(package)
    assert found.differences.changed == tuple(paths)
    told = findings["program files"]
    assert told.mark == "FAULT"
    assert all(path in told.text for path in paths[:5])
    assert told.values["changed"] == tuple(paths)


@pytest.mark.parametrize("number", range(0, 45, 10))
def test_each_of_them_alone_is_told(package: Package, number: int) -> None:
    path = sorted(files_in(package.folder))[number % 42]
    flip(package.folder / path)
    assert examine(package).differences == ((path,), (), ())


def test_what_is_missing_and_what_was_added_is_told_and_many_are_counted(
    package: Package, findings: Findings
) -> None:
    shutil.rmtree(package.folder / "_internal" / "part1")
    (package.folder / "_internal" / "sitecustomize.py").write_text("")
    (package.folder / "link").symlink_to("/etc/passwd")
    found = examine(package).differences
    assert not found.changed
    assert len(found.missing) == 13
    assert found.added == ("_internal/sitecustomize.py", "link")
    assert "and 8 more" in findings["program files"].text
    assert "sitecustomize" in findings["program files"].text


def test_no_text_of_a_package_begins_a_line_of_its_own(
    package: Package, findings: Findings
) -> None:
    about = (package.folder / ABOUT).read_text("utf-8")
    forged = about.replace("0123abc", r"0123abc\nSigned by us")
    (package.folder / ABOUT).write_text(forged, encoding="utf-8")
    if os.name == "posix":
        (package.folder / "x\nSigned by us").touch()
    for name in ("package", "program files"):
        assert "\n" not in findings[name].text
    assert "Signed by us" in findings["package"].text


def test_a_package_of_values_nested_too_deep_does_not_tell_what_it_is(package: Package) -> None:
    with pytest.raises(PackageUnreadable):
        packages.parse_package(b"x = " + b"[" * 5000, package.folder, ABOUT)


def test_a_link_in_the_place_of_a_file_is_a_change(package: Package, tmp_path: Path) -> None:
    path = package.folder / "_internal" / "part0" / "lib0.so"
    elsewhere = tmp_path / "same"
    shutil.move(path, elsewhere)
    path.symlink_to(elsewhere)
    assert examine(package).differences.changed == ("_internal/part0/lib0.so",)


def test_what_python_writes_is_no_finding_where_its_source_is_listed(
    tmp_path: Path, makers: Path
) -> None:
    folder = tmp_path / "venv"
    (folder / "lib" / "tui").mkdir(parents=True)
    (folder / "lib" / "tui" / "cli.py").write_text("x = 1\n")
    package = make_package(folder, makers, "0.2.0", "wheelhouse")
    cache = folder / "lib" / "tui" / "__pycache__"
    cache.mkdir()
    (cache / "cli.cpython-313.pyc").write_bytes(b"")
    (cache / "cli.cpython-313.opt-1.pyc").write_bytes(b"")
    (folder / "pyvenv.cfg").write_text("home = /usr/bin")
    (folder / "bin").mkdir()
    (folder / "bin" / "python3").symlink_to(sys.executable)
    assert examine(package).differences.added == ("bin/python3", "pyvenv.cfg")
    made = {"pyvenv.cfg": digest_of(folder / "pyvenv.cfg")}
    (folder / MADE_HERE).write_text(write(made))
    assert not examine(package).differences
    for odd in ("stranger.cpython-313.pyc", "cli.py", "cli.pyc"):
        (cache / odd).write_bytes(b"")
    (folder / "lib" / "easy.pth").write_text("import os\n")
    assert examine(package).differences.added == (
        "lib/easy.pth",
        "lib/tui/__pycache__/cli.py",
        "lib/tui/__pycache__/cli.pyc",
        "lib/tui/__pycache__/stranger.cpython-313.pyc",
    )


def test_what_was_made_on_this_computer_has_a_list_of_its_own(
    package: Package, findings: Findings
) -> None:
    cache = package.folder / "lib" / "__pycache__"
    cache.mkdir(parents=True)
    (cache / "cli.cpython-313.pyc").write_bytes(b"compiled")
    name = "lib/__pycache__/cli.cpython-313.pyc"
    (package.folder / MADE_HERE).write_text(write({name: digest_of(package.folder / name)}))
    assert not examine(package).differences
    flip(package.folder / name)
    assert examine(package).differences.changed == (name,)
    assert name in findings["program files"].text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"", 1),
        (b"no list\n", 1),
        (b"0" * 64 + b"  ../out\n", 1),
        (b"\xff\xfe", 1),
        (b"0" * 64 + b"  a\n" + b"0" * 64 + b"  a\n", 2),
        (b"0" * 5_000_000, 1),
    ],
)
def test_a_list_that_cannot_be_read_says_nothing_good(
    package: Package, findings: Findings, text: bytes, line: int
) -> None:
    (package.folder / LIST).write_bytes(text)
    found = examine(package)
    assert isinstance(found.doubt, FileListUnreadable)
    assert found.doubt.values["line"] == line
    assert findings["program files"].mark == "FAULT"
    assert "Get the whole package" in findings["program files"].do


def test_a_missing_list_is_no_whole_program(package: Package, findings: Findings) -> None:
    (package.folder / LIST).unlink()
    assert findings["program files"].mark == "FAULT"


def test_a_file_that_was_changed_with_its_list_is_told_by_the_signature_alone(
    package: Package, findings: Findings
) -> None:
    flip(package.folder / "porras")
    seal_without_key(package.folder)
    found = examine(package)
    assert not found.differences
    assert isinstance(found.doubt, SignatureWrong)
    assert findings["program files"].mark == "OK"
    assert findings["signature"].mark == "FAULT"


def seal_without_key(folder: Path) -> None:
    """Write a new list and leave the old signature."""
    kept = (folder / SIGNATURE).read_bytes()
    (folder / SIGNATURE).unlink()
    seal(folder, None)
    (folder / SIGNATURE).write_bytes(kept)


def test_the_signature_of_a_stranger_counts_for_nothing(package: Package, stranger: Path) -> None:
    sign(package.folder / LIST, stranger, "porras-package")
    assert isinstance(examine(package).doubt, SignatureWrong)
    sign(package.folder / LIST, stranger, "porras-content")
    assert isinstance(examine(package).doubt, SignatureWrong)


def test_the_makers_signature_for_something_else_counts_for_nothing(
    package: Package, makers: Path
) -> None:
    (package.folder / SIGNERS).write_text(signer_line(makers, "region", "porras-content"))
    seal(package.folder, None)
    sign(package.folder / LIST, makers, "porras-content")
    assert isinstance(examine(package).doubt, SignatureWrong)


def test_a_file_of_signers_that_cannot_be_read_is_told(
    package: Package, findings: Findings
) -> None:
    (package.folder / SIGNERS).write_text("somebody\n")
    assert isinstance(examine(package).doubt, SignersUnreadable)
    assert findings["program files"].mark == "FAULT"
    assert findings["signature"].mark == "FAULT"


def test_a_package_that_nobody_has_signed_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = make_package(tmp_path / "program", None, "0.2.0")
    found = Findings(monkeypatch, package, "en")
    assert found["program files"].mark == "OK"
    assert found["signature"].mark == "WARNING"
    assert "not signed" in found["signature"].text


def test_a_package_that_does_not_say_what_it_is_is_a_fault(
    package: Package, findings: Findings
) -> None:
    (package.folder / ABOUT).write_text("kind = 'cloud'\n")
    assert findings["package"].mark == "FAULT"


@pytest.mark.parametrize(("current", "mark"), [("0.3.0", "OK"), ("x", "WARNING"), ("", "WARNING")])
def test_which_version_starts_next_is_told_where_it_is_another_one(
    tmp_path: Path, makers: Path, monkeypatch: pytest.MonkeyPatch, current: str, mark: str
) -> None:
    package = install(tmp_path, makers, "0.2.0")
    make_package(tmp_path / "versions" / "0.3.0", makers, "0.3.0")
    found = Findings(monkeypatch, package, "en")
    with pytest.raises(KeyError):
        found["version in use"]
    (tmp_path / "current").write_text(f"{current}\n")
    assert found["version in use"].mark == mark


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_findings_are_said_in_each_language(
    package: Package, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    flip(package.folder / "porras")
    told = Findings(monkeypatch, package, language)["program files"].text
    assert "porras" in told
    assert ("Changed" in told) is (language == "en")
