"""Encrypted stores to be hurt, and the proof that what is left of one is whole."""

from __future__ import annotations

import hashlib
import hmac
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from store.opening.store_file import create_store, open_store
from store.records import PathwayCopy
from store.repository.store import Store

KEY = bytes(range(32))
PATHWAY = PathwayCopy(
    digest="sha256:11aa", pathway_id="adult", version="1.0.0", files={"rules.toml": "id = 'ä'"}
)
_PAGE, _RESERVED = 4096, 80


def in_2100() -> datetime:
    """A clock that is behind no entry, on whatever day the tests run."""
    return datetime(2100, 1, 1, tzinfo=UTC)


class Ticking:
    """A clock that goes on by a second whenever somebody looks."""

    def __init__(self, start: datetime = datetime(2026, 11, 22, 8, tzinfo=UTC)) -> None:
        self.now = start

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def opened(path: Path) -> Store:
    """Open a store as the nurse of these tests."""
    return open_store(path, KEY, "nurse-1", in_2100)


def began(store: Store) -> str:
    """Begin an assessment of a new client; return its id."""
    client = store.clients.add(birth_year=1980, language="fi", municipality="hollola")
    return store.assessments.start(client.id, PATHWAY, setting="clinic", language="fi").id


def answered(path: Path, count: int) -> str:
    """Make a store with one assessment of so many answers, question `q0` and on; return its id."""
    with create_store(path, KEY, "nurse-1", Ticking()) as store:
        assessment = began(store)
        for number in range(count):
            store.answers.record(assessment, {f"q{number}": number})
    return assessment


def copied(path: Path, folder: Path) -> Path:
    """Copy a closed store alone into a new folder."""
    folder.mkdir(mode=0o700)
    return Path(shutil.copy(path, folder / path.name))


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def whole(path: Path) -> Store:
    """Open a store after the storm; prove that file, history and counts are sound."""
    store = opened(path)
    assert store.find_faults() == []
    assert store.audit_log.find_bad_event() is None
    answers = store.db.table("answers").count
    told = store.db.execute("SELECT count(*) FROM audit WHERE event LIKE 'answer.%'").fetchone()
    assert told[0] == answers
    return store


def seen_by_another_engine(path: Path, plain: Path) -> dict[str, int]:
    """Rows of each table, by a reader that shares no line with ours; the store must be closed.

    The pages are decrypted and their codes checked here, by the published layout of SQLCipher 4,
    and Python's own SQLite reads what comes out.
    """
    plain.write_bytes(decrypted(path.read_bytes(), KEY))
    connection = sqlite3.connect(plain)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        tables = [row[0] for row in connection.execute(sql)]
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in tables
        }
    finally:
        connection.close()


def decrypted(content: bytes, key: bytes) -> bytes:
    """The plain database in an encrypted file; AssertionError for a page that is not as written."""
    salt = content[:16]
    mac_salt = bytes(byte ^ 0x3A for byte in salt)
    mac_key = hashlib.pbkdf2_hmac("sha512", key, mac_salt, 2, 32)
    pages = []
    for number, start in enumerate(range(0, len(content), _PAGE), start=1):
        page = content[start : start + _PAGE]
        skipped = 16 if number == 1 else 0
        text, tail = page[skipped : _PAGE - _RESERVED], page[_PAGE - _RESERVED :]
        vector, code = tail[:16], tail[16:]
        signed = text + vector + number.to_bytes(4, "little")
        assert hmac.digest(mac_key, signed, "sha512") == code, f"page {number}"
        opener = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
        head = b"SQLite format 3\0" if number == 1 else b""
        pages.append(head + opener.update(text) + opener.finalize() + tail)
    return b"".join(pages)
