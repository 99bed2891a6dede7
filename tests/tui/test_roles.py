"""Every command with every role: if these fail, a command tells somebody what is not theirs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from click.testing import CliRunner, Result

from stepping.episode.events import Opened
from stepping.episode.validation import ValidationContext
from store.keys import keystore
from store.opening import staff_accounts, unlock
from store.paths import StorePaths, find
from store.pathway_files.care import shipped_care
from store.pathway_files.files import built_in
from store.permissions import ROLES, Role
from store.records import PathwayCopy
from store.repository.store import Store
from tui import cli
from tui.cli import porras

BOSS_PASS = "four words in a row"
OWN_PASS = "her very own words"
HERE = "Lahden sote-keskus"

READERS: set[Role] = {"nurse", "lead"}
LEADS: set[Role] = {"lead"}
ADMINS: set[Role] = {"admin"}
STAFF: set[Role] = {"lead", "admin"}
LOG: set[Role] = {"lead", "auditor"}
SUMS: set[Role] = {"lead", "report"}
CHECKERS: set[Role] = {"lead", "auditor", "admin"}

COMMANDS: dict[str, tuple[set[Role], str]] = {
    "worklist": (READERS, ""),
    "client": (READERS, "CODE"),
    "note": (READERS, "CODE"),
    "calendar": (READERS, "CODE --out OUT"),
    "sheet": (READERS, "safety_plan --client CODE"),
    "fhir out": (READERS, "ASSESSMENT --out RECORD"),
    "move": (LEADS, "CODE UNIT"),
    "audit verify": (CHECKERS, ""),
    "audit head": (CHECKERS, ""),
    "audit who": (LOG, "CODE"),
    "audit log": (LOG, ""),
    "user list": (STAFF, ""),
    "user add": (ADMINS, "newcomer --first-passphrase-file FILE"),
    "user disable": (ADMINS, "other"),
    "user enable": (ADMINS, "other --first-passphrase-file FILE"),
    "user role": (ADMINS, "other nurse"),
    "user unit": (ADMINS, "other UNIT"),
    "user passphrase": (ADMINS, "other --new-passphrase-file FILE"),
    "user unlock": (STAFF, "other"),
    "user accept-keys": (ADMINS, ""),
    "user recovery-code": (ADMINS, ""),
    "user bind": (ADMINS, "other"),
    "user idle": (STAFF, "9"),
    "user printing": (STAFF, "off"),
    "backup make": (ADMINS, "SHELF"),
    "backup drill": (ADMINS, "SHELF"),
    "backup check": (ADMINS, "SHELF"),
    "restore": (ADMINS, "SHELF --force"),
    "purge": (ADMINS, ""),
    "report": (SUMS, "methods --format csv"),
    "access": (LEADS, "CODE --out OUT"),
    "erase": (ADMINS, "CODE --yes"),
    "rekey": (ADMINS, ""),
    "doctor": (ADMINS, "--deep"),
}
"""The commands that open the store: who may use them, and arguments."""

NO_STORE = {
    "setup",
    "train",
    "update",
    *(f"class {name}" for name in ("open", "list", "show", "join", "pack", "end", "hand-in")),
    "class collect",
    "class report",
    "decide",
    "services check",
    *(f"pathway {name}" for name in ("list", "check", "show", "diff", "new", "schema")),
    "fhir form",
    "fhir read",
    *(f"vignette {name}" for name in ("list", "check", "new")),
    *(f"content {name}" for name in ("install", "list", "back", "pack")),
}
"""Those that do not, or tell nothing of anybody."""

SEVERAL = " of these roles"


class Office(NamedTuple):
    places: StorePaths
    folder: Path
    code: str
    assessment: str

    def run(self, command: str, more: str, who: str, secret: str) -> Result:
        (self.folder / "first.txt").write_text("a first passphrase\n")
        (self.folder / "first.txt").chmod(0o600)
        given = {
            "CODE": self.code,
            "UNIT": HERE,
            "FILE": str(self.folder / "first.txt"),
            "SHELF": str(self.folder / "shelf"),
            "OUT": str(self.folder / f"{who}.json"),
            "ASSESSMENT": self.assessment,
            "RECORD": str(self.folder / f"{who}-record.json"),
        }
        words = [given.get(word, word) for word in (*command.split(), *more.split())]
        where = ["--db", str(self.places.database), "--lang", "en"]
        asked = ["--as", who, "--passphrase-file", "-"]
        return CliRunner().invoke(porras, [*where, *words, *asked], input=f"{secret}\n")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A store with one client in care, a colleague, and a backup of all that."""
    places = find(tmp_path / "site" / "porras.db")
    with unlock.set_up(places, "boss", BOSS_PASS).store as store:
        store.staff.set_own_unit(HERE)
        copy = PathwayCopy.of(built_in("adult"))
        client = store.clients.add(birth_year=1980, language="fi")
        draft = store.assessments.start(client.id, copy, setting="clinic", language="fi")
        store.episodes.begin(
            client.id,
            Opened(day=date(2026, 11, 22)),
            ValidationContext(date(2026, 11, 22), 1980, {}, {}, {}, shipped_care().tracks),
        )
        for handle in ("other", *ROLES):
            given: tuple[Role, ...] = ("nurse",) if handle == "other" else (handle,)  # type: ignore[assignment]
            admit(places, store, handle, given)
    made = Office(places, tmp_path, client.code, draft.id)
    assert made.run("backup make", "SHELF --create", "boss", BOSS_PASS).exit_code == 0
    return made


def admit(places: StorePaths, store: Store, handle: str, given: tuple[Role, ...]) -> None:
    staff_accounts.add(places, store, handle, OWN_PASS, given, HERE)
    if store.db.key:
        keystore.set_passphrase(places.keys, handle, store.db.key, OWN_PASS)


def names(group: click.Group, before: str = "") -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from names(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def test_every_command_stands_in_a_table() -> None:
    assert {*names(porras)} == {*COMMANDS} | NO_STORE


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_at_its_commands_and_at_no_others(office: Office, role: Role) -> None:
    for command, (whose, more) in COMMANDS.items():
        allowed = role in whose
        done = office.run(command, more, role, OWN_PASS)
        assert "Traceback" not in done.output
        assert (SEVERAL in done.stderr) is not allowed, (command, done.output)
        if not allowed:
            assert done.exit_code == 1, command
            assert done.stdout == "", (command, "what is refused prints nothing")
    assert not (office.folder / f"{role}.json").exists() or role == "lead"


@pytest.mark.parametrize("command", ["client", "note", "calendar", "fhir out", "access"])
def test_another_units_client_is_refused_with_nothing_of_the_client(
    office: Office, command: str
) -> None:
    with unlock.unlock(office.places, "boss", BOSS_PASS) as store:
        staff_accounts.add(
            office.places, store, "far", BOSS_PASS, ["nurse", "auditor"], "Another unit"
        )
        if store.db.key:
            keystore.set_passphrase(office.places.keys, "far", store.db.key, OWN_PASS)
    done = office.run(command, COMMANDS[command][1], "far", OWN_PASS)
    assert done.exit_code == 1
    assert "another unit" in done.stderr
    assert "1980" not in done.output
    assert HERE not in done.output
    told = office.run("worklist", "", "far", OWN_PASS)
    assert told.stdout == "Nothing waits.\n"


def test_whatever_only_reads_can_be_tried_on_the_training_store() -> None:
    """`docs/commands.md` says so of all; a command that is left out is refused with `--demo`."""
    only_read = (READERS, LOG, SUMS)
    reads = {name.split()[0] for name, (roles, _) in COMMANDS.items() if roles in only_read}
    assert reads == {*cli._ON_THE_STORE}
