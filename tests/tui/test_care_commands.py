"""If these fail, a coordinator's script misses who waits, or a passphrase or a client leaks out."""

from __future__ import annotations

import datetime
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest
from click.testing import Result

from casework.assessment import AssessmentSession, stored_decision
from casework.episode import EpisodeSession
from casework.workspace import Workspace
from screens.note.compose import build_note, compose_note
from screens.note.taken import summarize
from stepping.episode.episode import replay
from stepping.episode.events import (
    Contact,
    EventEntry,
    NextContact,
    PeriodStarted,
    Voice,
    read_event,
)
from stepping.episode.validation import ValidationContext
from stepping.finland import finnish_day
from stepping.pathway.schema import Ages
from store.codes import show
from store.database import head_record
from store.keys import keystore
from store.paths import find
from store.pathway_files import files
from store.pathway_files.care import shipped_care
from store.records import PathwayCopy
from store.retention.retention import mark_transferred
from tests.screens.running import CALM, HANDLE, PASSPHRASE, Stage, record_steps
from tests.screens.test_result import MODERATE
from tests.terminal.session import Session
from tests.tui.test_cli import run
from tui.cli import porras

ADULTS = Ages.model_validate({"from": 18, "to": 120})
COMMANDS = [["worklist"], ["client", "TREENAAM"], ["note", "TREENAAM"]]
EPISODE_KEYS = {
    "id",
    "opened",
    "closed",
    "step",
    "change",
    "changes",
    "deadlines",
    "periods",
    "next_contact",
    "assessments",
    "events",
}


class Ward(NamedTuple):
    """A store with one client in care, one draft, and the commands that read it."""

    stage: Stage
    today: datetime.date
    client: str
    """Code of the client in care."""
    assessment: str
    """The confirmed assessment of that client."""
    draft: str

    def run(self, *arguments: str | Path, code: int = 0, given: str = PASSPHRASE) -> Result:
        """Run a command that gets its passphrase on standard input."""
        done = self.raw(*arguments, "--passphrase-file", "-", given=given)
        assert done.exit_code == code, (done.exit_code, done.output)
        return done

    def raw(self, *arguments: str | Path, given: str | bytes | None = None) -> Result:
        done = run("--db", self.stage.places.database, *arguments, given=given)
        assert "Traceback" not in done.output
        return done

    def json(self, *arguments: str) -> Any:
        """What a command prints as JSON; nothing else may stand on standard output."""
        done = self.run(*arguments, "--format", "json")
        assert done.stderr == ""
        return json.loads(done.stdout)

    def refused(self, *arguments: str | Path, code: int = 1, given: str = PASSPHRASE) -> str:
        done = self.run(*arguments, code=code, given=given)
        assert done.stdout == ""
        return done.stderr

    def logged(self, event: str = "view") -> list[str]:
        """What was looked at or taken out of the store, by id."""
        with self.stage.store() as store:
            rows = store.db.query("SELECT event, subject FROM audit ORDER BY seq")
            return [row["subject"] for row in rows if row["event"] == event]


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ward:
    stage = Stage(find(tmp_path / "data" / "porras.db"), files.built_in("adult"))
    monkeypatch.setattr("tui.commands.open_store.now", stage.clock)
    today = finnish_day(stage.clock())
    draft = stage.draft(CALM, municipality="asikkala")
    with stage.store() as store:
        visit = stage.visit(store)
        visit.record_answers(stage.whole(MODERATE))
        visit.confirm(visit.decide(), 1)
        found = store.episodes.find_open(visit.client.id)
        assert found is not None
        around = ValidationContext(
            today, 1986, {"guided_self_help": ADULTS}, {}, {}, shipped_care().tracks
        )
        started = PeriodStarted(
            day=today,
            period="p9",
            intervention="guided_self_help",
            step=1,
            counted="treatment",
        )
        for event in (
            started,
            Contact(day=today, period="p9", ors=21.5),
            Voice(day=today, about="goal", words="to sleep through the night"),
            NextContact(day=today, due=today + timedelta(days=7)),
        ):
            store.episodes.record_event(found[0].id, event, around)
    return Ward(stage, today, visit.client.code, visit.assessment.id, draft)


# -- the worklist -------------------------------------------------------------------------------


def test_the_worklist_tells_a_script_who_waits_in_order(ward: Ward) -> None:
    ward.stage.clock.now += timedelta(days=10)
    contact, draft = ward.json("worklist")
    assert list(contact) == [
        "kind",
        "client",
        "due",
        "since",
        "days_left",
        "rule",
        "untold",
        "track",
        "occasion",
        "time",
        "who",
        "role",
        "paused",
        "municipality",
        "unit",
        "worker",
        "stops",
        "risk",
        "assessment",
        "episode",
    ]
    assert contact["kind"] == "next_contact"
    assert contact["client"] == ward.client
    assert contact["due"] == str(ward.today + timedelta(days=7))
    assert contact["days_left"] == -3
    assert contact["worker"] == HANDLE
    assert contact["episode"] is not None
    assert (draft["kind"], draft["assessment"]) == ("draft", ward.draft)
    assert (draft["due"], draft["days_left"]) == (None, None)


def test_the_worklist_can_be_narrowed(ward: Ward) -> None:
    ward.stage.clock.now += timedelta(days=10)
    keystore.set_passphrase(ward.stage.places.keys, "nurse2", _data_key(ward), PASSPHRASE)
    assert len(ward.json("worklist", "--own", "--as", HANDLE)) == 2
    assert ward.json("worklist", "--own", "--as", "nurse2") == []
    (only,) = ward.json("worklist", "--as", HANDLE, "--municipality", "asikkala")
    assert only["assessment"] == ward.draft
    assert len(ward.json("worklist", "--as", HANDLE, "--limit", "1")) == 1


def test_the_worklist_of_a_unit_is_what_was_begun_there(ward: Ward) -> None:
    with ward.stage.store() as store:
        store.staff.set_own_unit("Lahden sote-keskus")
    assert {item["unit"] for item in ward.json("worklist")} == {"Lahden sote-keskus"}
    assert len(ward.json("worklist", "--unit", "Lahden sote-keskus")) == 1
    said = ward.refused("worklist", "--unit", "Lahden sotekeskus", code=2)
    assert "did you mean 'Lahden sote-keskus'?" in said


def _data_key(ward: Ward) -> bytes:
    return keystore.unlock(ward.stage.places.keys, HANDLE, PASSPHRASE)


def test_a_municipality_that_there_is_not_is_no_empty_list(ward: Ward) -> None:
    said = ward.refused("worklist", "--municipality", "hollla", code=2)
    assert "did you mean 'hollola'?" in said


@pytest.mark.parametrize(
    ("language", "told"), [("en", "agreed contact"), ("fi", "sovittu"), ("sv", "kontakt")]
)
def test_the_worklist_is_read_in_eighty_columns(ward: Ward, language: str, told: str) -> None:
    ward.stage.clock.now += timedelta(days=10)
    text = ward.run("--lang", language, "worklist").stdout
    lines = text.splitlines()
    assert lines[0].startswith(f"! {show(ward.client)}  ")
    assert told in text
    assert max(map(len, lines)) <= 80


# -- one client ---------------------------------------------------------------------------------


def test_a_client_is_told_whole_as_data(ward: Ward) -> None:
    told = ward.json("client", ward.client)
    assert list(told) == [
        "client",
        "also",
        "birth_year",
        "sex",
        "language",
        "municipality",
        "open_stops",
        "risk",
        "episodes",
        "assessments",
        "corrections",
        "joinings",
        "moved_away",
    ]
    (episode,) = told["episodes"]
    assert set(episode) >= EPISODE_KEYS
    assert (episode["step"], episode["closed"]) == (1, None)
    assert episode["next_contact"] == str(ward.today + timedelta(days=7))
    (period,) = episode["periods"]
    assert (period["intervention"], period["contacts"]) == ("guided_self_help", [str(ward.today)])
    assert {"phq9.total", "gad7.total"} <= {change["measure"] for change in episode["changes"]}
    assert {change["category"] for change in episode["changes"]} == {"unknown"}
    (deadline,) = episode["deadlines"]
    assert (deadline["rule"], deadline["state"]) == ("treatment_start", "met")
    assert deadline["ended_by"] == {"event": "period_started", "day": str(ward.today)}
    assert (deadline["period"], deadline["untold"]) == (period["id"], [])
    (assessment,) = told["assessments"]
    assert assessment["id"] == ward.assessment
    assert (assessment["state"], assessment["suggested"], assessment["confirmed"]) == (
        "confirmed",
        1,
        1,
    )
    assert assessment["episode"] == episode["id"]


def put_right(ward: Ward) -> str:
    """Correct the client's card, join another code, move the draft away; return that code."""
    with ward.stage.store() as store:
        client = store.clients.find(ward.client)
        assert client
        store.corrections.correct_card(
            client.id,
            birth_year=None,
            sex=client.sex,
            language="sv",
            municipality=client.municipality,
            why="told by another",
            after=client.card,
        )
        other = store.clients.add(birth_year=1980, language="fi")
        third = store.clients.add(birth_year=1981, language="fi")
        copy = PathwayCopy.of(ward.stage.pathway)
        moved = store.assessments.start(client.id, copy, setting="phone", language="fi")
        store.corrections.move_assessment(moved.id, third.id, "wrong code", after=None)
        store.corrections.mark_wrong_client(ward.assessment, "of nobody here", after=None)
        store.corrections.join_clients(client.id, other.id, "two first calls")
        return other.code


def test_what_was_put_right_is_told_under_every_code_of_the_person(ward: Ward) -> None:
    other = put_right(ward)
    told = ward.json("client", other)
    assert (told["client"], told["also"], told["birth_year"]) == (ward.client, [other], None)
    (correction,) = told["corrections"]
    assert (correction["before"]["language"], correction["after"]["language"]) == ("en", "sv")
    assert [each["why"] for each in told["joinings"]] == ["two first calls"]
    assert [each["why"] for each in told["moved_away"]] == ["wrong code"]
    assert [each["wrong_client"] for each in told["assessments"]] == [True]
    named = set(re.findall(r"`(\w+)`", TEXT))
    assert keys_of(told) <= named
    for language in ("en", "fi", "sv"):
        text = ward.run("--lang", language, "client", other).stdout
        assert max(map(len, text.splitlines())) <= 80
    english = " ".join(ward.run("client", other).stdout.split())
    assert "! The year of birth is still to be asked" in english
    assert "Language: English → svenska · told by another" in english
    assert "wrong client, counts nowhere" in english
    assert f"The same person under another code: {show(other)}." in english


def test_an_episode_can_be_told_anew_from_its_events(ward: Ward) -> None:
    (episode,) = ward.json("client", ward.client)["episodes"]
    again = replay(
        EventEntry(
            id=row["id"],
            seq=row["seq"],
            supersedes=row["supersedes"],
            event=read_event(json.dumps(row["event"])),
        )
        for row in episode["events"]
    )
    with ward.stage.store() as store:
        assert again == store.episodes.get(episode["id"])[1]


@pytest.mark.parametrize("form", [str.lower, show, lambda code: f" {code[:4]} {code[4:]} "])
def test_a_code_is_taken_as_people_write_it(ward: Ward, form: Callable[[str], str]) -> None:
    assert ward.json("client", form(ward.client))["client"] == ward.client


def test_a_client_is_read_in_eighty_columns(ward: Ward) -> None:
    for language in ("en", "fi", "sv"):
        text = ward.run("--lang", language, "client", ward.client).stdout
        assert max(map(len, text.splitlines())) <= 80
        assert ward.assessment in text
        assert "to sleep through the night" in text
    english = ward.run("client", ward.client).stdout
    assert f"{ward.today}  next contact agreed for Sun {ward.today + timedelta(days=7)}" in english
    assert "confirmed step 1" in english


def test_a_mistyped_code_is_not_taken_for_a_client_who_is_not_there(ward: Ward) -> None:
    assert "two characters have changed places" in ward.refused("client", "TREENAMA")
    assert "has 3 characters and should have 8" in ward.refused("client", "ABC")
    assert "No client has this code here." in ward.refused("client", "TREENAAM")


def test_whoever_looks_stands_in_the_log(ward: Ward) -> None:
    before = len(ward.logged())
    (episode,) = ward.json("client", ward.client)["episodes"]
    with ward.stage.store() as store:
        client = store.clients.find(ward.client)
        assert client is not None
    assert ward.logged()[before:] == [client.id, episode["id"]]
    ward.run("note", ward.assessment)
    assert ward.logged()[before + 2 :] == [ward.assessment]


# -- the note -----------------------------------------------------------------------------------


@pytest.fixture
def note(ward: Ward) -> str:
    """The note as the program composes it."""
    with ward.stage.store() as store:
        visit = AssessmentSession.resume(
            store, store.assessments.get(ward.assessment), ward.stage.pathway
        )
        return compose_note(Workspace(ward.stage.clock, opened=store), visit, "en")


def test_the_note_is_the_one_of_the_screen(ward: Ward, note: str) -> None:
    assert ward.run("note", ward.assessment).stdout == note + "\n"
    assert ward.run("note", ward.assessment.upper()).stdout == note + "\n"
    assert ward.run("note", show(ward.client), "--out", "-").stdout == note + "\n"


def test_the_note_as_data(ward: Ward, note: str) -> None:
    told = ward.json("note", ward.assessment)
    assert told == {
        "assessment": ward.assessment,
        "client": ward.client,
        "language": "en",
        "open_stops": [],
        "risk": [],
        "changed_since_taken": None,
        "lines": note.split("\n"),
        "text": note,
    }
    assert ward.json("note", ward.assessment, "--lang", "fi")["lines"] != told["lines"]
    assert "it has en, fi, sv" in ward.refused("note", ward.assessment, "--lang", "de", code=2)


def test_a_note_that_changed_since_it_was_taken_says_so_beside_it(ward: Ward) -> None:
    with ward.stage.store() as store:
        workspace = Workspace(ward.stage.clock, opened=store)
        assessment = store.assessments.get(ward.assessment)
        pathway = workspace.get_pathway(assessment.pathway_digest)
        session = AssessmentSession.resume(store, assessment, pathway)
        row = store.decisions.find(assessment.id)
        assert row is not None
        note = build_note(workspace, session, stored_decision(row), row, "en")
        mark_transferred(store, assessment.id, summarize(note))
    assert ward.json("note", ward.assessment)["changed_since_taken"] is None
    with ward.stage.store() as store:
        own = store.episodes.list_of(assessment.client_id)[0]
        client = store.clients.get(assessment.client_id)
        care = EpisodeSession.load(Workspace(ward.stage.clock, opened=store), client, own[0].id)
        care.record_event(Voice(day=ward.today, about="goal", words="to sleep again"))
    told = ward.json("note", ward.assessment)["changed_since_taken"]
    assert [part["part"] for part in told["parts"]] == ["Client's own view"]
    assert told["parts"][0]["new"][-1].endswith("to sleep again")


def test_a_code_means_the_latest_note_that_is_confirmed(ward: Ward) -> None:
    with ward.stage.store() as store:
        client = store.clients.find(ward.client)
        assert client is not None
        AssessmentSession.start(store, ward.stage.pathway, client, setting="phone", language="en")
    assert ward.json("note", ward.client)["assessment"] == ward.assessment


def test_a_file_with_a_note_is_for_its_owner_and_never_over_another(
    ward: Ward, note: str, tmp_path: Path
) -> None:
    out = tmp_path / "note.txt"
    done = ward.run("note", ward.assessment, "--out", out)
    assert (done.stdout, out.read_text("utf-8")) == ("", note + "\n")
    assert "not encrypted" in done.stderr
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    older = note.replace("nurse", "older")
    out.write_text(older, encoding="utf-8")
    out.chmod(0o644)
    assert "--force writes over it" in ward.refused("note", ward.assessment, "--out", out)
    assert out.read_text("utf-8") == older
    assert ward.logged("export") == [ward.assessment]
    ward.run("note", ward.assessment, "--out", out, "--force")
    assert out.read_text("utf-8") == note + "\n"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    (letter := tmp_path / "letter.txt").write_text("Dear colleague")
    for path in (letter, ward.stage.places.keys):
        before = path.read_bytes()
        assert "another" in ward.refused("note", ward.assessment, "--out", path, "--force")
        assert path.read_bytes() == before
    nowhere = tmp_path / "no" / "note.txt"
    assert "no such folder" in ward.refused("note", ward.assessment, "--out", nowhere)
    assert "That is a folder" in ward.refused("note", ward.assessment, "--out", tmp_path)
    assert "--out FILE" in ward.refused("note", ward.assessment, "--force", code=2)


def test_a_note_of_nothing_is_refused(ward: Ward) -> None:
    unknown = "0190ffff" + ward.assessment[8:]
    assert "no such record" in ward.refused("note", unknown)
    assert "no such record" in ward.refused("note", "TREENAAM")
    assert "has 3 characters and should have 8" in ward.refused("note", "abc")


# -- who opens the store ------------------------------------------------------------------------


def test_a_wrong_passphrase_opens_nothing_and_is_one_sentence(ward: Ward) -> None:
    for arguments in COMMANDS:
        said = ward.refused(*arguments, given="twelve wrong words")
        assert "do not open the store" in said
        assert "recovery code" in said
        assert "wrong words" not in said
    assert "do not open the store" in ward.refused("worklist", "--as", "nobody")
    finnish = ward.refused("--lang", "fi", "worklist", given="twelve wrong words")
    assert "do not open" not in finnish


def test_several_staff_codes_have_to_be_told_apart(ward: Ward) -> None:
    keystore.set_passphrase(ward.stage.places.keys, "nurse2", _data_key(ward), "nine quiet owls")
    said = ward.refused("worklist", code=2)
    assert "--as HANDLE" in said
    ward.run("worklist", "--as", "nurse2", given="nine quiet owls\n")


def test_a_missing_or_damaged_store_says_what_to_do(ward: Ward) -> None:
    database, key_file = ward.stage.places.database, ward.stage.places.keys
    key_file.rename(aside := key_file.with_suffix(".aside"))
    assert "There is no key file at" in ward.refused("worklist")
    key_file.write_text("{}", encoding="utf-8")
    assert "porras.keys is damaged" in ward.refused("worklist")
    aside.rename(key_file)
    database.rename(gone := database.with_suffix(".gone"))
    assert "porras.db is gone. It had" in ward.refused("worklist")
    head_record.path_of(database).rename(record := database.with_suffix(".record"))
    assert "There is no database at" in ward.refused("worklist")
    key_file.rename(aside)
    assert "set up a new store" in ward.refused("worklist")
    aside.rename(key_file)
    record.rename(head_record.path_of(database))
    content = bytearray(gone.read_bytes())
    content[:200] = bytes(200)
    database.write_bytes(content)
    assert "restore the newest backup" in ward.refused("worklist")


def test_a_passphrase_file_is_read_only_if_nobody_else_can(ward: Ward, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{PASSPHRASE}\nsecond line\n", encoding="utf-8")
    given = ("worklist", "--passphrase-file", file)
    file.chmod(0o644)
    done = ward.raw(*given)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "chmod 600" in done.stderr
    file.chmod(0o600)
    assert ward.raw(*given).exit_code == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        (b"", "no passphrase on the first line"),
        (b"\nseven slow swans\n", "no passphrase on the first line"),
        (b"\xff\xfe\n", "not UTF-8 text"),
    ],
)
def test_a_passphrase_file_that_is_none(
    ward: Ward, tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
        file.chmod(0o600)
    done = ward.raw("worklist", "--passphrase-file", file)
    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr


def command_of(name: str) -> click.Command:
    """A command by its name."""
    found = porras.get_command(click.Context(porras), name)
    assert found is not None
    return found


def test_no_option_or_variable_takes_the_passphrase(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("worklist", "client", "note"):
        options = command_of(name).params
        assert not any(isinstance(o, click.Option) and (o.envvar or o.hide_input) for o in options)
        given = [opt for o in options for opt in o.opts if "pass" in opt]
        assert given == ["--passphrase-file"]


# -- as a program -------------------------------------------------------------------------------


@pytest.fixture
def command(ward: Ward) -> Iterator[list[str]]:
    yield [sys.executable, "-m", "tui", "--db", str(ward.stage.places.database)]


def test_without_a_terminal_the_passphrase_is_not_read_at_all(command: list[str]) -> None:
    done = subprocess.run(
        [*command, "worklist"],
        input=PASSPHRASE + "\n",
        capture_output=True,
        text=True,
        start_new_session=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "--passphrase-file" in done.stderr
    assert PASSPHRASE not in done.stderr


def test_what_is_typed_on_a_terminal_is_not_shown_and_not_among_the_output(
    ward: Ward, command: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    shell = ["/bin/sh", "-c", '"$@" > "$0"', str(out)]
    asked = [*shell, *command, "client", ward.client, "--format", "json"]
    with Session(asked) as session:
        session.wait_for("Passphrase of nurse1:")
        session.send(PASSPHRASE.encode() + b"\n")
        assert session.wait_exit() == 0, session.text
        assert session.sane
        shown = bytes(session.raw).decode()
    assert not any(word in shown for word in PASSPHRASE.split())
    assert ward.client not in shown
    assert json.loads(out.read_text("utf-8"))["client"] == ward.client


def test_a_terminal_is_no_file_to_read_a_passphrase_from(command: list[str]) -> None:
    """It would show what is typed."""
    for name in ("-", "/dev/stdin"):
        with Session([*command, "worklist", "--passphrase-file", name]) as session:
            session.wait_for("leave out --passphrase-file")
            assert session.wait_exit() == 2


def test_a_reader_who_goes_away_sees_no_traceback(ward: Ward, command: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = subprocess.run(
            [*command, "client", ward.client, "--passphrase-file", "-"],
            input=PASSPHRASE.encode(),
            stdout=closed,
            stderr=subprocess.PIPE,
            timeout=60,
        )
    assert done.returncode == 1
    assert done.stderr == b""


# -- the training store and the help ------------------------------------------------------------


def test_the_training_store_needs_no_passphrase(tmp_path: Path) -> None:
    demo = ("--demo", "--db", tmp_path / "porras.db")
    done = run(*demo, "client", "TREE-NAAM", "--format", "json")
    assert json.loads(done.stdout)["birth_year"] == 1998
    assert "TRAINING" in done.stderr
    assert isinstance(json.loads(run(*demo, "worklist", "--format", "json").stdout), list)
    refused = run(*demo, "worklist", "--as", "trainee")
    assert refused.exit_code == 2
    assert "asks for no staff code" in refused.stderr


def test_help_lists_the_day_s_work_first() -> None:
    listed = run("--help").stdout.split("Commands:\n")[1]
    names = [line.split()[0] for line in listed.splitlines()]
    assert names[:6] == ["worklist", "client", "note", "calendar", "sheet", "train"]
    assert names.index("class") < names.index("decide") < names.index("pathway")


# -- open stops ---------------------------------------------------------------------------------


def test_every_command_names_an_open_stop(ward: Ward) -> None:
    with ward.stage.store() as store:
        client = store.clients.find(ward.client)
        assert client is not None
        other = AssessmentSession.start(
            store, ward.stage.pathway, client, setting="phone", language="en"
        )
        other.record_answers({"danger.suicide": "yes"})
        third = AssessmentSession.start(
            store, ward.stage.pathway, client, setting="phone", language="en"
        )
    said = "A safety stop is open: EMERGENCY: now, since Sun 2026-11-22, today (nurse1)."
    text = " ".join(ward.run("client", ward.client).stdout.split())
    assert f"! {said} S1: Acute danger of suicide" in text
    (stop,) = ward.json("client", ward.client)["open_stops"]
    assert (stop["stop"], stop["urgency"], stop["floor"]) == ("S1", "emergency", 4)
    assert (stop["assessment"], stop["by"], stop["in_reach"]) == (other.assessment.id, HANDLE, True)
    first = ward.json("worklist")[0]
    assert (first["kind"], [each["stop"] for each in first["stops"]]) == ("open_stop", ["S1"])
    text = " ".join(ward.run("worklist").stdout.split())
    assert "EMERGENCY: now · safety stop open since Sun 2026-11-22, today" in text
    text = " ".join(ward.run("note", third.assessment.id).stdout.split())
    assert "! EMERGENCY: now: stop S1 is open in the draft of Sun 2026-11-22 (adult)." in text
    told = ward.json("note", third.assessment.id)
    assert [each["stop"] for each in told["open_stops"]] == ["S1"]


def test_every_command_tells_the_risk_that_stays(ward: Ward) -> None:
    with ward.stage.store() as store:
        client = store.clients.find(ward.client)
        assert client is not None
        visit = AssessmentSession.start(
            store, ward.stage.pathway, client, setting="phone", language="en"
        )
        visit.record_answers({"danger.suicide": "yes"})
        record_steps(visit, "S1")
        visit.abandon("taken to the clinic")
    said = "! Danger of suicide on 2026-11-22 (nurse1): Acute danger of suicide (S1)."
    (step, *_) = visit.list_cards("S1")[0].steps
    text = " ".join(ward.run("client", ward.client).stdout.split())
    assert said in text
    assert f"- {step.text['en']} [done; nurse1" in text
    told = [ward.json(name, ward.client)["risk"] for name in ("client", "note")]
    assert told[0] == told[1]
    assert keys_of(told[0]) <= set(re.findall(r"`(\w+)`", TEXT))
    (mark,) = told[0]
    assert (mark["assessment"], mark["stands"]) == (visit.assessment.id, True)
    assert [(sign["kind"], sign["about"]) for sign in mark["signs"]] == [("suicide", "S1")]
    ward.stage.clock.now += timedelta(days=10)
    listed = ward.json("worklist")
    assert [item["risk"] for item in listed if item["client"] == ward.client] == [
        [{"kind": "suicide", "day": "2026-11-22"}]
    ]
    assert "! danger of suicide 2026-11-22" in " ".join(ward.run("worklist").stdout.split())


# -- the document -------------------------------------------------------------------------------

TEXT = (Path(__file__).parents[2] / "docs" / "commands.md").read_text("utf-8")


def keys_of(told: Any) -> set[str]:
    """Every key of some JSON; an event's own keys are those of its kind."""
    if isinstance(told, list):
        return set().union(*map(keys_of, told))
    if not isinstance(told, dict):
        return set()
    inner = (keys_of(value) for key, value in told.items() if key != "event")
    return set(told).union(*inner)


def test_the_document_names_every_key_and_option(ward: Ward) -> None:
    told = [ward.json("worklist"), ward.json("client", ward.client), ward.json("note", ward.client)]
    named = set(re.findall(r"`(\w+)`", TEXT))
    assert keys_of(told) <= named
    of_training = (
        r"(?ms)^## `porras (--demo|class|train|setup|update|content|report|pathway|fhir|sheet)"
        r".*?(?=^## |\Z)"
    )
    used = set(re.findall(r"--[a-z][a-z-]*", re.sub(of_training, "", TEXT))) - {"--demo"}
    offered = {
        o for c in ("worklist", "client", "note") for p in command_of(c).params for o in p.opts
    }
    assert {o for o in offered if o.startswith("--")} == used


def test_the_document_s_commands_work(ward: Ward, tmp_path: Path) -> None:
    ward.stage.draft(CALM)
    secret = tmp_path / "secret"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    secret.chmod(0o600)
    shown = [line for line in TEXT.split("\n") if line.startswith("porras ")]
    assert len(shown) == 6
    for line in shown:
        words = line.replace("TREE-NABK", ward.client).replace("~/.porras-passphrase", str(secret))
        given = "" if "--passphrase-file" in words else f" --passphrase-file {secret}"
        program = f"{sys.executable} -m tui --db {ward.stage.places.database}"
        script = words.replace("porras ", f"{program} ", 1) + given
        done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, timeout=60)
        assert done.returncode == 0, (line, done.stderr)
        assert done.stdout


@pytest.mark.parametrize("command", [("worklist",), ("client", "CODE")])
def test_a_command_says_that_ours_stand_in_for_the_sites_own_care(
    ward: Ward, tmp_path: Path, command: tuple[str, ...]
) -> None:
    """Else shorter times of the county would give way to ours in silence."""
    (tmp_path / "care").mkdir()
    (tmp_path / "care" / "deadlines.toml").write_text("[[deadline]]\nid = ", encoding="utf-8")
    words = [ward.client if word == "CODE" else word for word in command]
    sound = ward.run(*words)
    assert "care/" not in sound.stderr
    done = ward.run("--pathways", tmp_path, *words)
    assert "care/deadlines.toml" in done.stderr
    assert done.stdout == sound.stdout
