"""Only files are read: what would be waited for, or has no end, is refused at once."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from store.database import connections, engine, engine_errors
from store.errors import NotRegular
from store.files import regular_files
from tests.store.systems import link


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def bound(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as end:  # its name stays
        end.bind(str(path))


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices in folders")
@pytest.mark.parametrize("made", [pipe, device, bound, Path.mkdir])
def test_nothing_but_a_file_is_read(tmp_path: Path, made: Callable[[Path], None]) -> None:
    made(place := tmp_path / "it")
    with pytest.raises(regular_files.NotAFile), regular_files.open_regular(place) as file:
        file.read(1)
    assert not regular_files.is_regular(place)
    with pytest.raises(NotRegular) as told, engine_errors.translated(tmp_path / "db"):
        regular_files.read(place, 10)
    assert told.value.values == {"path": str(place)}


def test_a_file_is_read_up_to_its_bound(tmp_path: Path) -> None:
    place = tmp_path / "it"
    place.write_bytes(b"0123456789")
    assert regular_files.read(place, 10) == b"0123456789"
    link(tmp_path / "link", place)
    assert regular_files.read(tmp_path / "link", 10) == b"0123456789"
    assert regular_files.is_regular(tmp_path / "link")
    with pytest.raises(regular_files.TooLarge):
        regular_files.read(place, 9)
    with pytest.raises(FileNotFoundError):
        regular_files.read(tmp_path / "none", 9)


def test_a_link_is_refused_by_a_system_that_follows_it_when_it_opens_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "O_NOFOLLOW", raising=False)
    (place := tmp_path / "it").write_bytes(b"0123456789")
    link(tmp_path / "link", place)
    assert regular_files.read(place, 10, links=False) == b"0123456789"
    with pytest.raises(regular_files.NotAFile):
        regular_files.read(tmp_path / "link", 10, links=False)
    with pytest.raises(FileNotFoundError):
        regular_files.read(tmp_path / "none", 10, links=False)


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices in folders")
@pytest.mark.parametrize("made", [pipe, device, bound, Path.mkdir])
@pytest.mark.parametrize("end", ["", "-wal", "-shm", "-journal"])
def test_the_engine_never_opens_what_is_no_file(
    tmp_path: Path, made: Callable[[Path], None], end: str
) -> None:
    database = tmp_path / "porras.db"
    if end:
        database.write_bytes(b"x" * 4096)
    made(place := tmp_path / f"porras.db{end}")
    with pytest.raises(NotRegular) as told:
        connections.connect(database, bytes(32), engine.Schema(1, 1))
    # A link is followed to where it leads.
    assert told.value.values == {"path": str(place.resolve() if not end else place)}
