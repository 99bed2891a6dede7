"""If these fail, nobody can go on with what is left, or somebody does by accident."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.database import head_record
from store.errors import EntriesMissing
from store.opening import staff_accounts
from tests.tui import test_backup_command
from tests.tui.test_backup_command import Office
from tui import say

office = test_backup_command.office


@pytest.fixture
def lacking(office: Office) -> Office:
    """An office whose database is older than its record."""
    office.add_clients(1)
    older = office.places.database.read_bytes()
    office.add_clients(2)
    office.places.database.write_bytes(older)
    with pytest.raises(EntriesMissing):
        office.open()
    return office


def lost(office: Office) -> list[str]:
    with office.open() as store:
        rows = store.db.table("audit").rows
        return [row["subject"] for row in rows if row["event"] == "entries.lost"]


def test_without_anybody_to_ask_nothing_is_accepted(lacking: Office) -> None:
    done = lacking.run("doctor", "--accept-loss", code=2)
    assert "--yes" in done.output
    with pytest.raises(EntriesMissing):
        lacking.open()


def test_it_is_accepted_by_word_and_said_what_is_missing(lacking: Office) -> None:
    known = head_record.read(head_record.path_of(lacking.places.database))
    done = lacking.run("doctor", "--accept-loss", "--yes")
    assert known
    assert f"to {known.seq} are missing." in done.stdout
    (span,) = lost(lacking)
    assert span.endswith(f"-{known.seq}")
    assert (
        "Nothing is known to be missing." in lacking.run("doctor", "--accept-loss", "--yes").stdout
    )
    assert len(lost(lacking)) == 1


def test_whoever_is_an_administrator_again_by_an_older_day_is_named(office: Office) -> None:
    with office.open() as store:
        staff_accounts.add(office.places, store, "aino", "her very own swan words", ["admin"])
    older = office.places.database.read_bytes()
    with office.open() as store:
        store.staff.set_roles("aino", ["nurse"])
    office.places.database.write_bytes(older)
    done = office.run("doctor", "--accept-loss", "--yes", "--as", "nurse-1")
    assert "Roles may be those of an older day: look at porras user list." in done.stdout
    assert "aino (admin)" in done.stdout
    assert (
        "Roles may be those of an older day"
        in office.run("backup", office.shelf, "--as", "nurse-1").stderr
    )


@pytest.mark.parametrize(("typed", "code"), [("yes", 0), ("y", 1), ("", 1), ("no", 1)])
def test_only_the_whole_word_accepts_it(
    lacking: Office, monkeypatch: pytest.MonkeyPatch, typed: str, code: int
) -> None:
    monkeypatch.setattr(say, "is_answered_by_a_person", lambda: True)
    monkeypatch.setattr("click.prompt", lambda *args, **given: typed)
    lacking.run("doctor", "--accept-loss", code=code)
    if code:
        with pytest.raises(EntriesMissing):
            lacking.open()
    else:
        assert len(lost(lacking)) == 1


def test_a_damaged_record_is_made_anew_at_the_next_start(lacking: Office, tmp_path: Path) -> None:
    head_record.path_of(lacking.places.database).write_bytes(b"")
    done = lacking.run("doctor", "--accept-loss", "--yes")
    assert "Nothing is known to be missing." in done.stdout
    assert lost(lacking) == []
    assert head_record.read(head_record.path_of(lacking.places.database))


def test_the_deep_look_tells_what_is_missing(lacking: Office) -> None:
    assert lacking.marks(code=1)["head record"] == "FAULT"
