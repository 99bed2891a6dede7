"""If these fail, the one who keeps the store cannot copy it, put it back, or see what ails it."""

from __future__ import annotations

import errno
import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest
from click.testing import CliRunner, Result

from casework.language import speech
from stepping.episode.events import Opened
from stepping.episode.validation import ValidationContext
from store.backup import backup as backup_module
from store.backup import rotation
from store.backup.inventory import find_newest
from store.backup.manifest import read_manifest
from store.database import reserve
from store.errors import BackupDamaged
from store.file_names import MANIFEST
from store.keys import authentication, keystore, rekey
from store.maintenance import integrity
from store.opening import store_file
from store.paths import StorePaths, find
from store.pathway_files.care import shipped_care
from store.repository.store import Store
from store.times import utc_now
from tests.store import test_rescue
from tests.store.conftest import PATHWAY
from tests.store.test_backup import PASS, new_site
from tests.store.test_rescue import spoil
from tui import say
from tui.commands import backup, doctor, open_store, restore
from tui.commands.groups import SafeGroup
from tui.settings import Settings

NEW = "five other words in a row"

tables = test_rescue.tables
"""The table of what a rescue keeps aside."""


@click.group(cls=SafeGroup)
@click.option("--demo", is_flag=True)
@click.pass_context
def program(context: click.Context, /, demo: bool) -> None:
    """Stand where the whole program stands."""
    del demo


for command in (backup.backup, restore.restore, doctor.doctor):
    program.add_command(command)


class Office(NamedTuple):
    """A store with one client, and the commands that look after it."""

    places: StorePaths
    shelf: Path
    pathways: Path
    """An empty folder: to prove pathways takes time and is tested elsewhere."""

    def run(
        self, *arguments: object, code: int = 0, given: str = PASS, language: str | None = None
    ) -> Result:
        settings = Settings(self.places.database, self.pathways, language)
        words = [str(word) for word in (*arguments, "--passphrase-file", "-")]
        done = CliRunner().invoke(program, words, obj=settings, input=given + "\n")
        assert done.exit_code == code, (done.exit_code, done.output, done.exception)
        assert "Traceback" not in done.output
        return done

    def json(self, *arguments: object, code: int = 0) -> Any:
        return json.loads(self.run(*arguments, "--format", "json", code=code).stdout)

    def open(self) -> Store:
        key = keystore.unlock(self.places.keys, "nurse-1", PASS)
        return store_file.open_store(self.places.database, key, "nurse-1")

    def add_clients(self, count: int) -> None:
        with self.open() as store:
            for number in range(count):
                store.clients.add(birth_year=1950 + number, language="fi")

    def marks(self, code: int = 0) -> dict[str, str]:
        """What the deep look finds that is not well."""
        found = self.json("doctor", "--deep", code=code)
        wrong = [each for each in found if each["mark"] != "OK" and each["name"] != "terminal"]
        assert all(each["means"] and each["do"] for each in wrong)
        return {each["name"]: each["mark"] for each in wrong}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    where = Office(find(tmp_path / "site" / "porras.db"), tmp_path / "shelf", tmp_path / "none")
    where.pathways.mkdir()
    where.shelf.mkdir()
    with new_site(where.places, utc_now) as store:
        store.clients.add(birth_year=1980, language="fi")
    return where


# backup


def test_a_backup_is_made_and_its_place_is_judged(office: Office) -> None:
    done = office.run("backup", office.shelf)
    folder = find_newest(office.shelf)
    assert str(folder) in done.stdout
    assert "1 clients" in done.stdout
    assert "same disk" in done.stderr


def test_without_a_folder_it_lies_beside_the_database(office: Office) -> None:
    told = office.json("backup")
    assert Path(told["folder"]).parent == office.places.database.parent / "backups"
    assert told["rows"]["clients"] == 1
    assert office.json("backup", "make", "--keep", "1")["folder"] != told["folder"]


def test_the_training_store_needs_no_backup(office: Office) -> None:
    settings = Settings(office.places.database, office.pathways, None)
    done = CliRunner().invoke(program, ["--demo", "backup", str(office.shelf)], obj=settings)
    assert done.exit_code == 2
    assert not list(office.shelf.iterdir())


def test_a_wrong_passphrase_makes_no_backup(office: Office) -> None:
    done = office.run("backup", office.shelf, given=PASS + "x", code=1)
    assert "do not open the store" in done.stderr
    assert not list(office.shelf.iterdir())


def test_a_drill_says_what_it_has_read(office: Office) -> None:
    office.run("backup", office.shelf)
    told = office.json("backup", "drill", office.shelf)
    assert told["backup"] == str(find_newest(office.shelf))
    assert told["first_bad"] is None
    assert told["rows"]["clients"] == 1
    assert (
        "Palautettiin kokeeksi" in office.run("backup", "drill", office.shelf, language="fi").stdout
    )


def test_a_drill_of_a_damaged_backup_fails(office: Office) -> None:
    office.run("backup", office.shelf)
    spoil(find_newest(office.shelf) / "porras.db", [3])
    assert "damaged" in office.run("backup", "drill", office.shelf, code=1).stderr


def test_a_drill_goes_past_a_backup_whose_keys_are_damaged(office: Office) -> None:
    office.run("backup", office.shelf)
    good = find_newest(office.shelf)
    office.run("backup", office.shelf)
    (find_newest(office.shelf) / "porras.keys").write_bytes(b"{")
    done = office.run("backup", "drill", office.shelf)
    assert str(good) in done.stdout
    assert "Passed over: The backup" in done.stderr


def test_a_drill_without_a_backup_says_so(office: Office) -> None:
    assert "no backup" in office.run("backup", "drill", office.shelf, code=1).stderr


def test_a_check_reads_all_and_fails_where_one_is_rotten(office: Office) -> None:
    office.run("backup", office.shelf)
    office.run("backup", office.shelf)
    done = office.run("backup", "check", office.shelf)
    assert done.stdout.count("Whole: ") == done.stdout.count("the first of this store") == 2
    rotten = sorted(office.shelf.iterdir())[0]
    spoil(rotten / "porras.db", [3])
    done = office.run("backup", "check", office.shelf, code=1)
    assert f"{rotten.name}: The backup {rotten.name} is damaged" in done.stderr
    assert office.marks() == {"backup": "WARNING"}, "the doctor tells it too"
    told = office.json("backup", "check", office.shelf, code=1)
    assert [each["wrong"] for each in told.values()] == [None, "BackupDamaged"]
    done = office.run("backup", office.shelf, "--keep-within", "0", "--keep", "1")
    assert "1 folder does not count" in done.stderr
    shutil.rmtree(rotten)
    office.run("backup", office.shelf)
    assert office.marks() == {}


# restore


def test_several_branches_are_shown_and_one_is_chosen(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.run("backup", office.shelf)
    first = find_newest(office.shelf)
    office.add_clients(3)
    office.run("backup", office.shelf)
    second = find_newest(office.shelf)
    office.run("restore", first, "--force")
    office.run("backup", office.shelf)
    assert "begun by the restore" in office.run("backup", "drill", office.shelf).stdout
    refused = office.run("restore", office.shelf, "--force", code=1)
    assert f"2  {second.name}" in refused.stderr
    assert "set aside by the restore of" in refused.stderr
    monkeypatch.setattr(open_store, "read_secret", lambda *_: PASS)
    monkeypatch.setattr(say, "is_answered_by_a_person", lambda: True)
    settings = Settings(office.places.database, office.pathways, None)
    words = ["restore", str(office.shelf), "--force"]
    done = CliRunner().invoke(program, words, obj=settings, input="2\n")
    assert done.exit_code == 0, done.output
    with office.open() as store:
        assert store.db.table("clients").count == 4


def test_a_store_with_other_keys_has_to_be_opened_too(office: Office, tmp_path: Path) -> None:
    office.run("backup", office.shelf)
    made = find_newest(office.shelf)
    other = office._replace(places=find(tmp_path / "other" / "porras.db"))
    new_site(other.places, utc_now).close()
    assert "--present-passphrase-file" in other.run("restore", made, "--force", code=1).stderr
    words = tmp_path / "words"
    words.write_text("wrong words in a row")
    words.chmod(0o600)
    opened = ("restore", made, "--force", "--present-passphrase-file", words)
    assert "do not open the store" in other.run(*opened, code=1).stderr
    words.write_text(PASS)
    assert "A new branch of the history" in other.run(*opened).stdout


def test_what_would_be_lost_has_to_be_agreed_to(office: Office) -> None:
    office.run("backup", office.shelf)
    office.add_clients(3)
    refused = office.run("restore", office.shelf, code=1)
    assert "events that are not in this backup" in refused.stderr
    assert "With --force these events are set aside" in refused.stderr
    with office.open() as store:
        assert store.db.table("clients").count == 4
    done = office.run("restore", office.shelf, "--force")
    assert "before-restore" in done.stdout
    with office.open() as store:
        assert store.db.table("clients").count == 1
        assert store.audit_log.find_bad_event() is None


def test_a_person_at_the_terminal_is_asked(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.run("backup", office.shelf)
    office.add_clients(1)
    monkeypatch.setattr(open_store, "read_secret", lambda *_: PASS)
    monkeypatch.setattr(say, "is_answered_by_a_person", lambda: True)
    settings = Settings(office.places.database, office.pathways, None)
    for answer, code, left in (("n", 1, 2), ("y", 0, 1)):
        words = ["restore", str(office.shelf)]
        done = CliRunner().invoke(program, words, obj=settings, input=answer + "\n")
        assert done.exit_code == code, done.output
        assert "events that are not in this backup" in done.stderr
        with office.open() as store:
            assert store.db.table("clients").count == left


def test_the_recovery_code_opens_a_backup(office: Office) -> None:
    key = keystore.unlock(office.places.keys, "nurse-1", PASS)
    code = keystore.renew_recovery(office.places.keys, key)
    office.run("backup", office.shelf)
    office.places.database.unlink()
    office.places.keys.unlink()
    office.run("restore", office.shelf, "--recovery", given=code)
    assert keystore.unlock_with_recovery(office.places.keys, code) == key
    with office.open() as store:
        assert store.db.table("clients").count == 1


# doctor


def test_a_healthy_store_has_no_faults(office: Office) -> None:
    assert office.marks() == {"backup": "WARNING"}
    office.run("backup", office.shelf)
    assert office.marks() == {}


def test_a_deep_look_writes_nothing(office: Office) -> None:
    before = office.places.database.read_bytes()
    office.run("doctor", "--deep")
    assert office.places.database.read_bytes() == before


def test_a_text_says_what_a_fault_means_and_what_to_do(office: Office) -> None:
    done = office.run("doctor", "--deep")
    assert "porras backup FOLDER" in done.stdout


def test_a_changed_record_is_found_and_named(office: Office) -> None:
    with office.open() as store:
        store.db.execute("DROP TRIGGER clients_no_UPDATE")
        store.db.execute("UPDATE clients SET birth_year = 1981")
    assert office.marks(code=1)["history"] == "FAULT"


def test_lost_parents_and_lost_drafts_are_found(office: Office) -> None:
    with office.open() as store:
        store.db.execute("DELETE FROM settings")
        store.db.execute("PRAGMA foreign_keys = OFF")
        store.db.execute(
            "INSERT INTO worklist (kind, assessment_id, client_id, worker, since)"
            " SELECT 'draft', 'gone', c.id, w.id, '2026-01-01' FROM clients c, workers w"
        )
    assert office.marks(code=1)["references"] == "FAULT"


def test_damaged_pages_are_found_and_what_can_be_read_is_rescued(
    office: Office, tmp_path: Path
) -> None:
    office.add_clients(60)
    office.run("backup", office.shelf)
    with office.open() as store:
        sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'drafts'"
        root = int(store.db.execute(sql).fetchone()[0])
    spoil(office.places.database, [root])
    assert office.marks(code=1)["pages"] == "FAULT"
    content = office.places.database.read_bytes()
    target = tmp_path / "rescued" / "porras.db"
    told = office.json("doctor", "--rescue", target)
    assert told["rescued"]["clients"] == 61
    assert (told["lost"], told["missing_events"]) == ({}, [])
    assert office.places.database.read_bytes() == content
    with office._replace(places=find(target)).open() as store:
        assert store.db.table("clients").count == 61
        assert store.audit_log.find_bad_event() is None


def test_a_rescue_says_in_words_what_is_missing(office: Office, tmp_path: Path) -> None:
    with office.open() as store:
        store.db.execute("DROP TRIGGER audit_no_DELETE")
        store.db.execute("DELETE FROM audit WHERE seq = 2")
    done = office.run("doctor", "--rescue", tmp_path / "new.db")
    assert "Missing events: 2 to 2" in done.stdout
    assert "clients 1" in done.stdout


def test_a_file_that_cannot_be_opened_is_one_clear_fault(office: Office) -> None:
    spoil(office.places.database, [1])
    assert office.marks(code=1)["store"] == "FAULT"


def test_a_list_that_forgot_something_is_found(office: Office) -> None:
    with office.open() as store:
        today = utc_now().date()
        around = ValidationContext(today, 1980, {}, {}, {}, shipped_care().tracks)
        store.episodes.begin(store.clients.list_recent()[0].id, Opened(day=today), around)
    office.run("backup", office.shelf)
    assert office.marks() == {}
    with office.open() as store:
        store.db.execute("DELETE FROM worklist")
    assert office.marks() == {"worklist": "WARNING"}


def test_a_draft_that_is_on_no_list_is_found(office: Office) -> None:
    with office.open() as store:
        client = store.clients.list_recent()[0]
        store.assessments.start(client.id, PATHWAY, setting="clinic", language="fi")
    office.run("backup", office.shelf)
    assert office.marks() == {}
    with office.open() as store:
        store.db.execute("DELETE FROM drafts")
    assert office.marks() == {"drafts": "WARNING"}


def test_a_clock_that_was_set_back_and_a_missing_reserve_are_found(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.run("backup", office.shelf)
    key = keystore.unlock(office.places.keys, "nurse-1", PASS)
    then = utc_now() - timedelta(minutes=90)
    found = {each.name: each for each in integrity.check_deep(office.places, key, lambda: then)}
    assert found["clock"].level == "warning"
    assert found["clock"].values["minutes"] in {89, 90}
    late = utc_now() + timedelta(days=3)
    found = {each.name: each for each in integrity.check_deep(office.places, key, lambda: late)}
    assert (found["clock"].level, found["backup"].level) == ("ok", "warning")
    reserve.release(office.places.database)
    assert office.marks() == {"ballast": "WARNING"}


def test_passphrases_cannot_be_tried_at_the_doctor_without_end(office: Office) -> None:
    for _ in range(3):
        office.run("doctor", "--deep", given="wrong words in a row", code=1)
    told = office.run("doctor", "--deep", given=PASS, code=1).stderr
    assert "do not open" not in told, "the right passphrase has to wait as well"


# What a hostile or a hurried hand gives


def test_a_backup_holds_no_backups(office: Office) -> None:
    office.run("backup", office.shelf)
    made = find_newest(office.shelf)
    assert "is a backup itself" in office.run("backup", made, code=1).stderr
    assert [path for path in made.iterdir() if path.is_dir()] == []


def test_a_time_without_end_is_refused_before_anything_is_made(office: Office) -> None:
    assert "36500" in office.run("backup", office.shelf, "--keep-within", 800_000, code=2).stderr
    assert list(office.shelf.iterdir()) == []
    office.run("backup", office.shelf, "--keep-within", 36_500)


def test_a_backup_is_in_the_log_before_older_ones_are_looked_at(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(rotation, "rotate", full)
    office.run("backup", office.shelf, code=1)
    with office.open() as store:
        events = store.db.query("SELECT subject FROM audit WHERE event = 'backup.made'")
        assert [row["subject"] for row in events] == [find_newest(office.shelf).name]


def test_a_folder_that_cannot_be_looked_at_is_a_sentence(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(say, "is_answered_by_a_person", lambda: True)
    done = office.run("backup", office.shelf / ("x" * 300), code=1)
    assert "too long" in done.stderr


@pytest.mark.parametrize(
    "forge",
    [
        lambda told: told | {"head_seq": 2**63},
        lambda told: told | {"head_seq": -1},
        lambda told: told | {"rows": {"clients": 10**30}},
        lambda told: told | {"ancestry": [{"seq": 2**70, "hash": "0" * 64, "at": told["made"]}]},
        lambda told: told | {"history": "x"},
        None,
    ],
)
def test_an_absurd_manifest_is_damaged_and_let_alone(office: Office, forge: Any) -> None:
    office.run("backup", office.shelf)
    made = find_newest(office.shelf)
    forged = made.with_name("porras-2020-01-01T00-00-00Z")
    shutil.copytree(made, forged)
    told = json.loads((made / MANIFEST).read_text("utf-8"))
    text = json.dumps(forge(told)) if forge else "[" * 200_000
    (forged / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(BackupDamaged):
        read_manifest(forged)
    assert office.json("backup", "check", office.shelf, code=1)[forged.name] == {
        "wrong": "BackupDamaged"
    }
    office.run("backup", "drill", office.shelf)


# Another data key


@pytest.fixture
def crossed(office: Office) -> Office:
    """A store that was put back across a new data key; its passphrase was changed as well."""
    office.run("backup", office.shelf)
    made = find_newest(office.shelf)
    key = keystore.unlock(office.places.keys, "nurse-1", PASS)
    keystore.set_passphrase(office.places.keys, "nurse-1", key, NEW)
    rekey.rekey(office.places, key, "nurse-1")
    office.run("backup", office.shelf, given=NEW)
    words = office.shelf.with_name("words")
    words.write_text(NEW)
    words.chmod(0o600)
    office.run("restore", made, "--force", "--present-passphrase-file", words)
    return office


def test_a_drill_asks_for_what_opens_the_store_today(crossed: Office) -> None:
    tried = crossed.json("backup", "drill", crossed.shelf)
    assert tried["backup"] == str(sorted(crossed.shelf.glob("porras-*"))[0])
    key = keystore.unlock(crossed.places.keys, "nurse-1", PASS)
    keystore.set_passphrase(crossed.places.keys, "nurse-1", key, NEW + "!")
    crossed.run("backup", "drill", crossed.shelf, given=NEW + "!")
    assert authentication.throttle_of(crossed.places).locked_handles() == ()


def test_backups_under_another_data_key_are_counted_apart(crossed: Office) -> None:
    done = crossed.run("backup", "check", crossed.shelf)
    assert "Not read, under another data key" in done.stdout
    assert "does not count" not in done.stderr
    told = crossed.json("backup", "check", crossed.shelf)
    assert sorted(str(each["wrong"]) for each in told.values()) == ["BackupOtherKey", "None"]


def test_each_secret_is_asked_for_by_its_name(
    crossed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def typed(question: str) -> str:
        asked.append(question)
        return NEW

    monkeypatch.setattr(open_store, "ask_secret", typed)
    monkeypatch.setattr(say, "is_answered_by_a_person", lambda: True)
    made = sorted(crossed.shelf.glob("porras-*"))[1]
    settings = Settings(crossed.places.database, crossed.pathways, None)
    for more in (["--recovery"], ["--present-recovery"], []):
        CliRunner().invoke(program, ["restore", str(made), *more], obj=settings)
    assert asked == [
        "Recovery code of the backup: ",
        "Passphrase of nurse-1: ",
        "Recovery code of the present store: ",
        "Passphrase of nurse-1: ",
        "Passphrase of nurse-1 in the present store: ",
    ]
    assert all(speech("fi")(question) != question for question in asked if "nurse" not in question)


def test_a_restored_store_knows_its_backup(office: Office) -> None:
    office.run("backup", office.shelf)
    office.run("restore", office.shelf, "--force")
    assert "backup" not in office.marks()


def test_a_full_disk_at_a_backup_is_not_told_as_of_an_entry(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(backup_module, "make", full)
    told = office.run("backup", office.shelf, code=1).stderr
    assert "try again" in told and "last entry" not in told
