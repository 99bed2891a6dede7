"""If these fail, the faults that the library makes are not those that the tables tell of."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import preload
from tests.faults.preload import Kind

pytestmark = pytest.mark.skipif(bool(preload.why_not()), reason=preload.why_not())


def test_what_is_done_is_told_counted_and_failed(tmp_path: Path) -> None:
    """The library is there from a program's start; so this file is that program too."""
    assert preload.run_under("tests.faults.test_preload", tmp_path) == "as it should be\n"


def test_a_whole_program_is_told_by_its_environment(tmp_path: Path) -> None:
    full = preload.environment(
        tmp_path, kinds=Kind.WRITE, part="small", at=2, error=errno.ENOSPC, half=True
    )
    script = f"""
import os
file = os.open({str(tmp_path / "small")!r}, os.O_CREAT | os.O_WRONLY)
print(os.write(file, bytes(1024)), os.write(file, bytes(1024)))
try:
    os.write(file, bytes(1024))
except OSError as error:
    print(error.errno)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | full, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == (f"1024 512\n{errno.ENOSPC}\n", "")
    assert (tmp_path / "small").stat().st_size == 1536


def main(folder: Path) -> None:
    record = os.open(folder.with_suffix(".record"), os.O_CREAT | os.O_RDWR)
    preload.begin(folder, record)
    (folder / "in").mkdir()
    file = os.open(folder / "in" / "a", os.O_CREAT | os.O_RDWR)
    os.write(file, b"one")
    os.pwrite(file, b"two", 8)
    os.fsync(file)
    preload.mark("acknowledged")
    (folder / "in" / "a").rename(folder / "b")
    (folder / "b").unlink()
    (folder.parent / "outside").write_bytes(b"is not told of")
    preload.fail(Kind.SYNC, part="a", at=2, times=1)
    os.fsync(file)
    try:
        os.fsync(file)
    except OSError as error:
        assert error.errno == errno.EIO
    os.fsync(file)
    assert (preload.counted(), preload.failed()) == (3, 1)
    preload.end()
    with os.fdopen(record, "rb") as told:
        told.seek(0)
        events = [
            (event.kind, Path(event.path).name, event.offset, event.content)
            for event in preload.events(told.read())
        ]
    assert events == [
        (Kind.MKDIR, "in", 0, b""),
        (Kind.CREATE, "a", 0, b""),
        (Kind.WRITE, "a", 0, b"one"),
        (Kind.WRITE, "a", 8, b"two"),
        (Kind.SYNC, "a", 0, b""),
        (Kind.MARK, "", 0, b"acknowledged"),
        (Kind.RENAME, "a", 0, b""),
        (Kind.UNLINK, "b", 0, b""),
        (Kind.SYNC, "a", 0, b""),
        (Kind.SYNC, "a", 0, b""),
    ], events
    child = os.fork()
    if not child:
        preload.begin(folder)
        preload.fail(Kind.CREATE, error=preload.KILL)
        (folder / "never").touch()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -9
    assert not (folder / "never").exists()
    print("as it should be")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
