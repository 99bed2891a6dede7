"""If these fail, a package with its own Python encrypts nothing, or is put where it cannot run."""

from __future__ import annotations

import platform
import shutil
import subprocess
from pathlib import Path

import pytest

from distribution import wheels
from distribution.frozen import pythons, tree
from distribution.setting import CannotBuild
from tests.distribution.made_up import ROOT, setting

KEPT = ROOT / "build" / "pythons"
HERE = f"linux-{platform.machine()}"


def test_a_python_that_hands_out_its_own_sqlite_is_refused(tmp_path: Path) -> None:
    python = tmp_path / "python3"
    python.write_bytes(b"\x7fELF\0sqlite3_libversion_hidden\0")
    tree.refuse_exported_engine(python)
    python.write_bytes(b"\x7fELF\0PyList_New\0sqlite3_open_v2\0")
    with pytest.raises(CannotBuild, match="encrypts nothing"):
        tree.refuse_exported_engine(python)


@pytest.mark.skipif(not (KEPT / HERE).is_dir(), reason="made by `make pythons`")
def test_the_kept_python_leaves_sqlcipher_its_own_engine(tmp_path: Path) -> None:
    python = KEPT / HERE / "bin" / "python3"
    tree.refuse_exported_engine(python)
    # Python's own SQLite is loaded first, as the worst case has it.
    code = """import sqlite3, sys; sys.path += sys.argv[2:]
from sqlcipher3 import dbapi2
base = dbapi2.connect(sys.argv[1])
base.execute("PRAGMA key = 'word'"); base.execute("CREATE TABLE t (a)"); base.commit()"""
    kept = (ROOT / "build" / "wheels").glob(f"sqlcipher3-*-cp313-*{platform.machine()}.whl")
    wheel = next(kept, None)
    if wheel is None:
        pytest.skip("fetched by `make packages`")
    wheels.unpack(wheel, tmp_path / "modules")
    store = tmp_path / "store.db"
    subprocess.run([python, "-Ic", code, store, tmp_path / "modules"], check=True)
    assert store.stat().st_size > 0
    assert not store.read_bytes().startswith(b"SQLite format 3")


@pytest.mark.skipif(not (KEPT / HERE).is_dir(), reason="made by `make pythons`")
def test_the_bill_names_what_cpython_brings_of_its_own(tmp_path: Path) -> None:
    named = {part.name: part for part in pythons.parts(setting(tmp_path), HERE)}
    assert {"CPython", "expat", "libmpdec", "zlib"} < named.keys()
    assert all(part.version and part.texts for part in named.values())


def test_the_least_glibc_is_that_of_the_most_demanding_library(tmp_path: Path) -> None:
    (tmp_path / "a.so").write_bytes(b"\x7fELF\0GLIBC_2.4\0GLIBC_2.17\0GLIBC_2.3.4\0")
    (tmp_path / "b.so").write_bytes(b"\x7fELF\0GLIBC_2.9\0GLIBC_2.30\0")
    (tmp_path / "words.txt").write_bytes(b"\0GLIBC_2.99\0")
    assert tree.least_glibc(tmp_path) == "2.30"


def _package(folder: Path, system: str = HERE, glibc: str = "2.5") -> Path:
    """An invented package whose checks are the real ones; what would install it is not reached."""
    folder.mkdir()
    shutil.copy(ROOT / "distribution" / "frozen" / "install.sh", folder)
    about = f'kind = "folder"\nversion = "0.2.0"\nsystem = "{system}"\nglibc = "{glibc}"\n'
    (folder / "package.toml").write_text(about)
    (folder / "a.txt").write_text("as it was")
    listed = subprocess.run(
        ["sha256sum", "a.txt", "package.toml"], cwd=folder, capture_output=True, text=True
    )
    (folder / "files.sha256").write_text(listed.stdout)
    return folder


def _told(folder: Path) -> str:
    done = subprocess.run(["sh", folder / "install.sh"], capture_output=True, text=True)
    assert done.returncode == 1
    assert "Nothing was changed." in done.stderr
    return done.stderr


def test_the_installer_refuses_another_computer_and_an_older_glibc(tmp_path: Path) -> None:
    assert "for linux-m68k, and this" in _told(_package(tmp_path / "other", "linux-m68k"))
    if platform.libc_ver()[0] == "glibc":
        assert "it needs glibc 2.999" in _told(_package(tmp_path / "old", glibc="2.999"))


def test_the_installer_names_a_changed_and_a_missing_file(tmp_path: Path) -> None:
    package = _package(tmp_path / "package")
    assert "bin/python3 does not start" in _told(package)  # the files themselves are right
    (package / "a.txt").write_text("as it is")
    assert "a.txt: FAILED" in _told(package)
    (package / "a.txt").unlink()
    assert "a.txt: FAILED open or read" in _told(package)
    (package / "files.sha256").unlink()
    assert "is not whole" in _told(package)
