"""If these fail, whoever steals the laptop or a backup reads in it without a passphrase."""

from __future__ import annotations

import base64
import random
import signal
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from store import codes
from store.opening.store_file import create_store
from tests.faults.filled import HANDLE, MARKERS, PASSPHRASE

ROOT = Path(__file__).parents[2]


class Loot(NamedTuple):
    """What the thief has: a folder, and the client codes that he would like to find in it."""

    folder: Path
    client_codes: tuple[str, ...]

    @property
    def files(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]


def fill(folder: Path, kind: str) -> Loot:
    """Let a program record every marker in the folder, and kill it while its log is there."""
    argv = [sys.executable, "-m", "tests.faults.filled", str(folder), kind]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    return Loot(folder, tuple(done.stdout.split()))


@pytest.fixture(scope="module")
def loot(tmp_path_factory: pytest.TempPathFactory) -> Loot:
    return fill(tmp_path_factory.mktemp("stolen"), "store")


def forms(word: str) -> Iterator[bytes]:
    """The ways in which a word may lie in a file and be read without a key."""
    plain = word.encode()
    yield from (plain, word.encode("utf-16-le"), word.encode("utf-16-be"), plain[::-1])
    yield from (plain.hex().encode(), plain.hex().upper().encode())
    for shift in range(3):  # base64 looks different at each place within three bytes
        inner = base64.b64encode(b"\0" * shift + plain)[4 if shift else 0 : -4]
        if len(inner) >= 8:  # shorter ones stand in any random file
            yield inner


def found(word: str, files: list[Path]) -> list[str]:
    """The files that hold a word in any of its forms, in capitals or small."""
    holding = []
    for path in files:
        content = path.read_bytes()
        both = (content, content.lower())
        if any(form in each for form in (*forms(word), *forms(word.lower())) for each in both):
            holding.append(path.name)
    return holding


def test_the_log_and_the_backup_are_part_of_the_loot(loot: Loot) -> None:
    names = {path.name for path in loot.files}
    assert {"porras.db", "porras.db-wal", "porras.keys"} <= names
    assert (loot.folder / "porras.db-wal").stat().st_size > 100_000
    assert any("backups" in path.parts for path in loot.files)
    assert (loot.folder / "rescued" / "porras.db").stat().st_size > 100_000


@pytest.mark.parametrize("place", MARKERS)
def test_no_word_that_was_entered_can_be_read(loot: Loot, place: str) -> None:
    assert found(MARKERS[place], loot.files) == []


def test_no_client_code_and_no_passphrase_can_be_read(loot: Loot) -> None:
    assert len(loot.client_codes) == 2
    for code in loot.client_codes:
        assert found(code, loot.files) == []
        assert found(codes.show(code), loot.files) == []
    for word in PASSPHRASE.split():
        assert found(word, loot.files) == []


def test_not_even_the_shape_of_a_database_can_be_seen(loot: Loot) -> None:
    for word in ("SQLite format 3", "CREATE TABLE", "birth_year", "assessment_id", "append only"):
        files = [path for path in loot.files if path.suffix in (".db", ".db-wal", ".ballast")]
        assert found(word, files) == [], word
    for path in loot.files:
        if path.name == "porras.db" or path.name == "porras.db.ballast":
            content = path.read_bytes()
            assert len(zlib.compress(content, 9)) > 0.99 * len(content), path


def test_equal_entries_look_different_every_time(
    loot: Loot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Else who knows one store could find what is alike in another."""
    other = fill(tmp_path_factory.mktemp("another"), "store")
    mine, theirs = ((place.folder / "porras.db").read_bytes() for place in (loot, other))
    at = random.Random(7)
    for _ in range(2000):
        start = at.randrange(len(mine) - 16)
        assert mine[start : start + 16] not in theirs


def test_what_the_thief_may_see_is_named(loot: Loot) -> None:
    """Staff codes and how the keys are wrapped; the security document says the same."""
    assert found(HANDLE, [loot.folder / "porras.keys"]) == ["porras.keys"]
    assert found(HANDLE, [path for path in loot.files if path.suffix != ".keys"]) == []
    said = " ".join((ROOT / "docs" / "security.md").read_text("utf-8").split())
    assert "staff codes stand in the key file in plain text" in said


def test_a_client_code_tells_nothing_of_the_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes from the system's random source alone: same source same code, whoever it is."""

    def drawn(seed: int, birth_year: int, municipality: str) -> list[str]:
        folder = tmp_path / f"{seed}-{birth_year}"
        monkeypatch.setattr(random, "_urandom", random.Random(seed).randbytes)
        with create_store(folder / "porras.db", bytes(32), "nurse-1") as store:
            made = [
                store.clients.add(birth_year=birth_year, language="fi", municipality=municipality)
                for _ in range(5)
            ]
        return [client.code for client in made]

    assert drawn(1, 1950, "hollola") == drawn(1, 2001, "lahti")
    assert not set(drawn(1, 1951, "hollola")) & set(drawn(2, 1951, "hollola"))


def test_the_same_search_finds_every_word_in_a_file_without_a_key(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Or the tests above would hold for a search that finds nothing."""
    plain = fill(tmp_path_factory.mktemp("training"), "training")
    for place, word in MARKERS.items():
        assert found(word, plain.files), place
    for code in plain.client_codes:
        assert found(code, plain.files)
