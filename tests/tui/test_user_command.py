"""If these fail, the one who looks after a workplace cannot let people in, or keep them out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest
from click.testing import CliRunner, Result

from store.errors import PassphraseMustChange, WrongPassphrase, WrongRecoveryCode
from store.keys import authentication, keystore
from store.keys.login_throttle import LOCKED, LONGEST_WAIT_S
from store.opening import unlock
from store.paths import StorePaths, find
from store.permissions import ROLES
from store.repository.store import Store
from tests.store.test_tries import Hand
from tui import say
from tui.commands import move, open_store, rekey, user
from tui.commands.groups import SafeGroup
from tui.settings import Settings

BOSS_PASS = "four words in a row"
FIRST_PASS = "a first passphrase"
OWN_PASS = "her very own words"
HERE, THERE = "Lahden sote-keskus", "Hollolan sote-keskus"


@click.group(cls=SafeGroup)
@click.option("--demo", is_flag=True)
@click.pass_context
def program(context: click.Context, /, demo: bool) -> None:
    """Stand where the whole program stands."""
    del demo


for command in (user.user, move.move, rekey.rekey):
    program.add_command(command)


class Office(NamedTuple):
    """A store with one administrator, and the commands that look after its people."""

    places: StorePaths
    folder: Path

    def run(
        self,
        *arguments: object,
        code: int = 0,
        who: str = "boss",
        secret: str = BOSS_PASS,
        language: str | None = None,
        **files: str,
    ) -> Result:
        """Run a command; `files` are passphrases for options that name a file."""
        words = [*map(str, arguments), "--as", who, "--passphrase-file", "-"]
        for option, text in files.items():
            path = self.folder / f"{option}.txt"
            path.write_text(text + "\n")
            path.chmod(0o600)
            words += [f"--{option.replace('_', '-')}-passphrase-file", str(path)]
        settings = Settings(self.places.database, self.folder, language)
        done = CliRunner().invoke(program, words, obj=settings, input=secret + "\n")
        assert done.exit_code == code, (done.exit_code, done.output, done.exception)
        assert "Traceback" not in done.output
        for hidden in (secret, *files.values()):
            assert hidden not in done.output
        return done

    def people(self) -> dict[str, Any]:
        told = json.loads(self.run("user", "list", "--format", "json").stdout)
        return {each["handle"]: each for each in told}

    def open(self, handle: str = "boss", secret: str = BOSS_PASS) -> Store:
        return unlock.unlock(self.places, handle, secret)

    def events(self) -> list[str]:
        with self.open() as store:
            return [entry.event for entry in store.audit_log.list_events(limit=200)]

    def add(self, handle: str = "aino", *more: object, own: bool = True) -> None:
        """Let a nurse in, who has changed her passphrase."""
        self.run("user", "add", handle, *more, first=FIRST_PASS)
        if own:
            self.run("user", "passphrase", who=handle, secret=FIRST_PASS, new=OWN_PASS)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(find(tmp_path / "site" / "porras.db"), tmp_path)
    unlock.set_up(made.places, "boss", BOSS_PASS).store.close()
    return made


def test_somebody_new_comes_in_with_a_first_passphrase_and_makes_it_her_own(
    office: Office,
) -> None:
    office.run("user", "add", "Aino-2", "--unit", HERE, first=FIRST_PASS)
    with pytest.raises(PassphraseMustChange):
        office.open("aino-2", FIRST_PASS)
    assert office.people()["aino-2"]["state"] == "first"
    office.run("user", "passphrase", who="aino-2", secret=FIRST_PASS, code=1, new=FIRST_PASS)
    office.run("user", "passphrase", who="aino-2", secret=FIRST_PASS, new=OWN_PASS)
    with office.open("aino-2", OWN_PASS) as store:
        assert store.staff.get_own_unit() == HERE
        with store.reading():
            assert store.access().roles == {"nurse"}
    told = office.people()["aino-2"]
    assert (told["roles"], told["unit"], told["state"]) == (["nurse"], HERE, None)
    with office.open() as store:
        assert store.audit_log.find_bad_event() is None


def test_the_passphrase_is_typed_twice_where_nobody_sees_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    typed = iter([FIRST_PASS, FIRST_PASS + "x", FIRST_PASS, FIRST_PASS])

    def type_it(question: str) -> str:
        asked.append(question)
        return next(typed)

    monkeypatch.setattr(open_store, "ask_secret", type_it)
    done = office.run("user", "add", "aino", code=1)
    assert "not the same" in done.stderr
    assert "aino" not in office.people()
    office.run("user", "add", "aino")
    assert asked == ["New passphrase of aino: ", "The same once more: "] * 2


@pytest.mark.parametrize(
    ("handle", "first", "said"),
    [
        ("boss", FIRST_PASS, "has a passphrase already"),
        ("Maija Virtanen", FIRST_PASS, "staff code is not valid"),
        ("aino", "ab cd ef", "too short"),
    ],
)
def test_what_cannot_be_added_leaves_nothing(
    office: Office, handle: str, first: str, said: str
) -> None:
    before = office.places.keys.read_bytes()
    assert said in office.run("user", "add", handle, code=1, first=first).stderr
    assert office.places.keys.read_bytes() == before
    assert office.people().keys() == {"boss"}


def test_an_addition_that_was_cut_short_is_finished_by_the_same_command(office: Office) -> None:
    with office.open() as store:
        store.staff.add("aino", ["nurse"])
    assert office.people()["aino"]["state"] == "none"
    office.add("aino", "--role", "lead")
    assert office.people()["aino"]["roles"] == ["lead"]


def test_roles_and_units_are_given_and_listed(office: Office) -> None:
    office.add("aino", "--role", "nurse", "--role", "auditor")
    office.run("user", "role", "aino", "lead", "auditor")
    office.run("user", "unit", "aino", THERE)
    done = office.run("user", "list")
    assert "aino" in done.stdout
    assert "lead, auditor" in done.stdout
    assert THERE in done.stdout
    assert office.run("user", "role", "aino", "king", code=2)
    assert (
        "no passphrase in this store" in office.run("user", "unit", "nobody", HERE, code=1).stderr
    )


def test_a_staff_code_out_of_use_opens_nothing_until_it_is_enabled(office: Office) -> None:
    office.add()
    done = office.run("user", "disable", "aino")
    assert "porras rekey" in done.stderr
    assert office.people()["aino"]["state"] == "unused"
    office.run("user", "list", who="aino", secret=OWN_PASS, code=1)
    assert "aino" not in keystore.handles(office.places.keys)
    office.run("user", "enable", "aino", first=FIRST_PASS)
    office.run("user", "passphrase", who="aino", secret=FIRST_PASS, new=OWN_PASS)
    office.open("aino", OWN_PASS).close()


def test_the_last_administrator_stays(office: Office) -> None:
    assert "last one" in office.run("user", "disable", "boss", code=1).stderr
    assert "last one" in office.run("user", "role", "boss", "nurse", code=1).stderr
    with office.open() as store:
        store.staff.add("half", ["admin"])  # has no passphrase, so could not look after anything
    assert "last one" in office.run("user", "disable", "boss", code=1).stderr
    office.open().close()


def test_a_forgotten_passphrase_is_given_anew_and_changed_at_once(office: Office) -> None:
    office.add()
    office.run("user", "passphrase", "aino", new=FIRST_PASS)
    with pytest.raises(PassphraseMustChange):
        office.open("aino", FIRST_PASS)
    assert "passphrase.given" in office.events()
    office.run("user", "passphrase", "nobody", code=1, new=FIRST_PASS)


def test_a_locked_staff_code_is_opened_by_a_colleague_and_the_failures_are_logged(
    office: Office,
) -> None:
    office.add()
    clock = Hand(datetime.now(UTC) - timedelta(minutes=15))
    count = authentication.throttle_of(office.places, clock)
    for _ in range(LOCKED):
        clock.turn(LONGEST_WAIT_S)
        with pytest.raises(WrongPassphrase), count.attempt("aino"):
            raise WrongPassphrase
    assert office.people()["aino"]["state"] == "locked"
    done = office.run("user", "list", who="aino", secret=OWN_PASS, code=1)
    assert "locked" in done.stderr
    office.run("user", "unlock", "aino")
    office.open("aino", OWN_PASS).close()
    assert {"unlock.failed", "account.unlocked"} <= set(office.events())


def test_a_staff_code_is_bound_to_a_user_of_the_computer(office: Office) -> None:
    office.add()
    office.run("user", "bind", "aino", "somebody-else", "--yes")
    assert office.people()["aino"]["os_user"] == "somebody-else"
    done = office.run("user", "list", who="aino", secret=OWN_PASS, code=1)
    assert "not to be used as the user" in done.stderr
    office.run("user", "bind", "aino")
    office.open("aino", OWN_PASS).close()


def test_a_user_whom_nobody_knows_here_is_bound_at_a_word_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.add()
    before = office.places.keys.read_bytes()
    done = office.run("user", "bind", "aino", "rooot", code=1)
    assert "No user rooot is known" in done.stderr
    assert "Nothing was changed" in done.stderr
    done = office.run("user", "add", "eeva", "--os-user", "rooot", code=1, first=FIRST_PASS)
    assert "eeva" not in office.people()
    assert office.places.keys.read_bytes() == before
    monkeypatch.setattr(say, "is_answered_by_a_person", lambda: True)
    for answer, bound in (("", None), ("y", None), ("yes", "rooot")):
        monkeypatch.setattr(click, "prompt", lambda *_, answer=answer, **__: answer)
        office.run("user", "bind", "aino", "rooot", code=0 if bound else 1)
        assert office.people()["aino"]["os_user"] == bound


def test_an_administrator_is_warned_before_being_kept_out_and_has_a_way_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = office.run("user", "recovery-code").stdout.strip()
    here = authentication.this_os_user()
    office.run("user", "bind", "boss", here)
    monkeypatch.setattr(authentication, "os_user_named", lambda name: name)  # there is such a user
    done = office.run("user", "bind", "BOSS", "somebody-else", code=1)
    assert f"here you are {here}" in done.stderr
    assert office.people()["boss"]["os_user"] == here
    done = office.run("user", "bind", "boss", "somebody-else", "--yes")
    assert "your own staff code" in done.stderr
    office.run("user", "bind", "boss", here, code=1)
    unlock.recover(office.places, code, "boss", "four other words now").close()
    with office.open("boss", "four other words now"):
        pass
    assert [each.os_user for each in keystore.users(office.places.keys)] == [None]


def test_a_user_is_bound_as_the_system_writes_the_name(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authentication, "os_user_named", str.lower)
    office.add()
    office.run("user", "bind", "aino", "MVirtanen")
    assert office.people()["aino"]["os_user"] == "mvirtanen"
    office.run("user", "bind", "aino", "")
    assert office.people()["aino"]["os_user"] is None


def test_only_a_staff_code_that_there_is_can_be_unlocked(office: Office) -> None:
    assert "ghost" in office.run("user", "unlock", "ghost", code=1).stderr
    assert "account.unlocked" not in office.events()


def test_a_client_is_moved_to_a_unit_that_there_is(office: Office) -> None:
    with office.open() as store:
        client = store.clients.add(birth_year=1980, language="fi")
        store.staff.set_own_unit(HERE)
    office.add("aino", "--unit", THERE)
    assert "did you mean" in office.run("move", client.code, "Hollolan sote", code=2).stderr
    office.run("move", client.code, THERE)
    with office.open("aino", OWN_PASS) as store:
        assert store.clients.get(client.id) == client
    assert "No client" in office.run("move", "TREENAFB", THERE, code=1).stderr


def test_a_new_data_key_needs_nobodys_passphrase(office: Office) -> None:
    office.add()
    before = keystore.unlock(office.places.keys, "boss", BOSS_PASS)
    done = office.run("rekey")
    assert "Make a backup now" in done.stdout
    assert keystore.unlock(office.places.keys, "boss", BOSS_PASS) != before
    office.open("aino", OWN_PASS).close()
    assert "keys.changed" in office.events()


def test_the_idle_time_is_set_by_those_who_may(office: Office) -> None:
    office.run("user", "idle", 10)
    with office.open() as store:
        assert store.settings.get("idle_minutes") == "10"
    for wrong in ("61", "soon"):
        office.run("user", "idle", wrong, code=2)
    office.add()
    office.run("user", "idle", 3, who="aino", secret=OWN_PASS, code=1)


def test_who_looks_after_the_site_says_whether_it_prints(office: Office) -> None:
    told = office.run("user", "printing", "on").stdout
    assert "not encrypted" in told
    with office.open() as store:
        assert store.settings.get("printing") == "on"
    assert "Nothing is printed." in office.run("user", "printing", "off").stdout
    office.run("user", "printing", "perhaps", code=2)
    office.add()
    office.run("user", "printing", "on", who="aino", secret=OWN_PASS, code=1)
    with office.open() as store:
        assert store.settings.get("printing") == "off"


def test_only_a_computer_that_nobody_shares_never_locks(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    office.run("user", "idle", 0)
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 2 10.0.0.2 22")
    assert "several people" in office.run("user", "idle", 0, code=1).stderr
    monkeypatch.delenv("SSH_CONNECTION")
    office.add()
    office.run("user", "idle", 0, code=1)


COMMANDS: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {
    "user list": ((), frozenset({"lead", "admin"})),
    "user add": (("newcomer", "--first-passphrase-file", "FILE"), frozenset({"admin"})),
    "user disable": (("other",), frozenset({"admin"})),
    "user enable": (("other", "--first-passphrase-file", "FILE"), frozenset({"admin"})),
    "user role": (("other", "nurse"), frozenset({"admin"})),
    "user unit": (("other", HERE), frozenset({"admin"})),
    "user passphrase": (("other", "--new-passphrase-file", "FILE"), frozenset({"admin"})),
    "user unlock": (("other",), frozenset({"lead", "admin"})),
    "user accept-keys": ((), frozenset({"admin"})),
    "user recovery-code": ((), frozenset({"admin"})),
    "user bind": (("other",), frozenset({"admin"})),
    "user idle": (("9",), frozenset({"lead", "admin"})),
    "user printing": (("off",), frozenset({"lead", "admin"})),
    "move": (("CODE", HERE), frozenset({"lead"})),
    "rekey": ((), frozenset({"admin"})),
}
"""Each command with its arguments, and the roles that may use it."""


def commands() -> Iterator[str]:
    for name, command in program.commands.items():
        if isinstance(command, click.Group):
            yield from (f"{name} {inner}" for inner in command.commands)
        else:
            yield name


def test_every_command_is_tried_with_every_role() -> None:
    assert COMMANDS.keys() == {*commands()}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_uses_the_commands_of_its_table_and_no_others(office: Office, role: str) -> None:
    with office.open() as store:
        code = store.clients.add(birth_year=1980, language="fi").code
        store.staff.set_own_unit(HERE)
    office.add("other")
    office.add("worker", "--role", role)
    file = office.folder / "first.txt"
    for name, (more, allowed) in COMMANDS.items():
        file.write_text(FIRST_PASS + "\n")
        words = [{"FILE": str(file), "CODE": code}.get(word, word) for word in more]
        expected = 0 if role in allowed else 1
        done = office.run(*name.split(), *words, who="worker", secret=OWN_PASS, code=expected)
        assert expected == 0 or "needs one of these roles" in done.stderr, name


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_commands_speak_the_language_that_was_asked_for(office: Office, language: str) -> None:
    done = office.run("user", "add", "aino", language=language, first=FIRST_PASS)
    assert "can open the store" not in done.stdout
    done = office.run("user", "list", language=language)
    assert "has to change" not in done.stdout


def test_a_command_tells_what_the_next_start_would_have_told(office: Office) -> None:
    office.add()
    office.run("user", "role", "boss", "admin")
    office.run("user", "role", "boss", "nurse", "admin")
    took = "boss took more roles for themselves: nurse."
    done = office.run("user", "list", who="aino", secret=OWN_PASS, code=1)
    assert took in done.stderr
    done = office.run("user", "list", who="aino", secret=OWN_PASS, code=1)
    assert took not in done.stderr
    office.run("user", "role", "boss", "nurse", "lead", "admin")
    done = office.run("user", "passphrase", who="aino", secret=OWN_PASS, new="her newest words")
    assert "boss took more roles for themselves: lead." in done.stderr


def test_an_older_key_file_is_accepted_by_an_administrator_alone(office: Office) -> None:
    office.add()
    before = office.places.keys.read_bytes()
    office.run("user", "passphrase", who="aino", secret=OWN_PASS, new="her newest words")
    office.places.keys.write_bytes(before)
    done = office.run("user", "list", code=1)
    assert "The key file is older than this store" in done.stderr
    assert "porras user accept-keys" in done.stderr
    done = office.run("user", "accept-keys", who="aino", secret=OWN_PASS, code=1)
    assert "needs one of these roles" in done.stderr
    office.run("user", "accept-keys")
    done = office.run("user", "list", who="aino", secret=OWN_PASS, code=1)
    assert "boss accepted an older key file" in done.stderr


def test_what_a_refused_command_did_not_tell_comes_with_the_next(office: Office) -> None:
    office.add()
    office.run("user", "role", "boss", "admin")
    office.run("user", "role", "boss", "nurse", "admin")
    took = "boss took more roles for themselves: nurse."
    done = office.run("user", "accept-keys", who="aino", secret=OWN_PASS, code=1)
    assert took not in done.stderr
    assert took in office.run("user", "list", who="aino", secret=OWN_PASS, code=1).stderr
    assert took in office.run("user", "accept-keys").stderr
    assert took not in office.run("user", "list").stderr


def test_a_new_recovery_code_ends_the_one_before(office: Office) -> None:
    office.add()
    done = office.run("user", "recovery-code")
    code = done.stdout.strip()
    assert "keep it locked away" in done.stderr
    assert code not in done.stderr
    unlock.recover(office.places, code, "boss", "four other words now").close()
    office.open("boss", "four other words now").close()
    done = office.run("user", "list", who="aino", secret=OWN_PASS, code=1)
    assert "boss made a new recovery code" in done.stderr
    assert "boss opened the store with the recovery code" in done.stderr


def test_an_older_key_file_brings_no_ended_recovery_code_back(office: Office) -> None:
    first = office.run("user", "recovery-code").stdout.strip()
    before = office.places.keys.read_bytes()
    second = office.run("user", "recovery-code").stdout.strip()
    office.places.keys.write_bytes(before)
    done = office.run("user", "accept-keys")
    third = done.stdout.strip()
    assert "had been ended" in done.stderr
    assert "keep it locked away" in done.stderr
    for ended in (first, second):
        with pytest.raises(WrongRecoveryCode):
            unlock.recover(office.places, ended, "boss", "four other words now")
    unlock.recover(office.places, third, "boss", "four other words now").close()
    assert (
        "counts from now on"
        in office.run("user", "accept-keys", secret="four other words now").stdout
    )
