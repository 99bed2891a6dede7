"""If these fail, a client cannot be told who has read their data, or a rewritten log passes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import Result

from screens.desk.start import StartScreen
from screens.desk.worklist import WorklistScreen
from store.audit.event_types import find_type
from store.codes import show
from store.paths import find
from store.pathway_files import files
from tests.screens.running import CALM, HANDLE, PASSPHRASE, Stage
from tests.screens.test_result import MODERATE
from tests.store.tampered import without_guard
from tests.tui.test_cli import run

SECRET = "sleeps badly since spring"


class Office(NamedTuple):
    """A store with a client in care and another one, and the commands that read its log."""

    stage: Stage
    client: str
    """Code of the client in care."""
    other: str
    assessment: str

    def run(self, *arguments: str | Path, code: int = 0) -> Result:
        command = ("--db", self.stage.places.database, *arguments, "--passphrase-file", "-")
        done = run(*command, given=PASSPHRASE)
        assert done.exit_code == code, (done.exit_code, done.output)
        assert "Traceback" not in done.output
        return done

    def json(self, *arguments: str, code: int = 0) -> Any:
        return json.loads(self.run(*arguments, "--format", "json", code=code).stdout)

    def events(self) -> list[str]:
        with self.stage.store() as store:
            return [row["event"] for row in store.db.query("SELECT event FROM audit ORDER BY seq")]

    def tamper(self, sql: str, trigger: str) -> None:
        with self.stage.store() as store:
            without_guard(store, trigger, sql)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    stage = Stage(find(tmp_path / "data" / "porras.db"), files.built_in("adult"))
    monkeypatch.setattr("tui.commands.open_store.now", stage.clock)
    stage.draft(CALM)
    with stage.store() as store:
        other = store.clients.get(store.assessments.list_drafts()[0].assessment.client_id)
        visit = stage.visit(store)
        visit.record_answers(stage.whole(MODERATE))
        store.answers.add_note(visit.assessment.id, "phq9.3", SECRET)
        visit.confirm(visit.decide(), 1)
    yield Office(stage, visit.client.code, other.code, visit.assessment.id)


def kind(event: str) -> str:
    known = find_type(event)
    assert known, event
    return known.kind


def test_entries_that_a_wrong_clock_has_dated_are_named_so(office: Office) -> None:
    home = office.stage.clock.now
    office.stage.clock.now += timedelta(days=2000)
    office.run("worklist")
    office.stage.clock.now = home + timedelta(days=1)
    told = " ".join(office.run("audit", "log").stdout.split())
    assert "looked at the list of what waits; a wrong clock has dated this" in told
    assert told.count("a wrong clock has dated this") == told.count("2032-05") > 1


# -- verify and head ----------------------------------------------------------------------------


def test_a_log_that_holds_is_said_to_hold(office: Office) -> None:
    done = office.run("audit", "verify")
    assert "The log holds" in done.stdout
    assert "--anchor" in done.stderr, "what the check alone cannot see is said"
    told = office.json("audit", "verify")
    assert (told["whole"], told["fault"], told["anchored"]) == (True, None, False)
    assert told["events"] > 20
    assert told["seals"] >= 2, "each orderly close seals"


@pytest.mark.parametrize(
    ("sql", "trigger", "wrong", "said"),
    [
        ("UPDATE answers SET value = '0' WHERE seq = 9", "answers_no_UPDATE", "changed", "answers"),
        ("DELETE FROM notes", "notes_no_DELETE", "missing", "notes"),
        ("UPDATE audit SET actor = 'me' WHERE event = 'note.added'", "audit_no_UPDATE", "hash", ""),
        ("UPDATE seals SET signature = hash || hash", "seals_no_UPDATE", "seal", "seal"),
    ],
)
def test_a_changed_past_is_named_with_its_number_and_what_of_it(
    office: Office, sql: str, trigger: str, wrong: str, said: str
) -> None:
    office.tamper(sql, trigger)
    done = office.run("audit", "verify", code=1)
    told = office.json("audit", "verify", code=1)
    fault = told["fault"]
    assert (told["whole"], fault["kind"]) == (False, wrong)
    assert said in done.stderr
    assert fault["words"] in done.stderr
    assert str(fault["seq"]) in done.stderr
    assert SECRET not in done.output


def test_a_log_with_a_gap_opens_for_nobody_and_the_deep_look_names_it(office: Office) -> None:
    """What is missing may be what took somebody's roles away."""
    office.tamper("DELETE FROM audit WHERE event = 'note.added'", "audit_no_DELETE")
    assert "not as its log tells it (audit)" in office.run("audit", "verify", code=1).stderr
    assert "does not stand in its place" in office.run("doctor", "--deep", code=1).stdout


def test_a_head_that_was_written_down_fits_until_the_log_is_rewritten(office: Office) -> None:
    line = office.run("audit", "head").stdout.strip()
    assert len(line) <= 60
    told = office.json("audit", "head")
    assert told["line"].split("/")[0] == line.split("/")[0] == told["site"]
    assert office.json("audit", "verify", "--anchor", line)["anchored"] is True
    short = line.split("/")[1]
    assert office.run("audit", "verify", "--anchor", short).stderr == ""
    wrong = short[:-4] + ("0000" if short[-4:] != "0000" else "1111")
    said = office.run("audit", "verify", "--anchor", wrong, code=1).stderr
    assert "written down" in said
    late = "999999:" + short.split(":")[1]
    assert office.json("audit", "verify", "--anchor", late, code=1)["fault"]["kind"] == "cut"
    assert "SEQ:HASH" in office.run("audit", "verify", "--anchor", "12", code=2).stderr


# -- who ----------------------------------------------------------------------------------------


def test_a_client_can_be_told_who_has_used_their_data(office: Office) -> None:
    office.run("client", office.client)
    office.run("note", office.client)
    office.run("client", office.other)
    told = office.json("audit", "who", office.client)
    events = [entry["event"] for entry in told]
    assert events[0] == "client.added"
    for event in ("assessment.started", "answer.given", "note.added", "decision.confirmed"):
        assert event in events
    assert events[-1] == "audit.asked", "this question is a use too"
    looked = [e["record"] for e in told if e["event"] == "view"]
    assert looked == ["client", "episode", "assessment"]
    assert {entry["actor"] for entry in told} == {HANDLE}
    assert {entry["kind"] for entry in told} == {"wrote", "looked"}
    other = office.json("audit", "who", office.other)
    assert [e["record"] for e in other if e["event"] == "view"] == ["client"]
    assert not {e["seq"] for e in told} & {e["seq"] for e in other}


def test_every_event_on_a_client_s_records_is_told(office: Office) -> None:
    """Counted without the query that is tested: what is neither the other client's nor general."""
    both = [*office.json("audit", "who", office.client), *office.json("audit", "who", office.other)]
    with office.stage.store() as store:
        rows = list(store.db.query("SELECT seq, event FROM audit ORDER BY seq"))
    wanted = {row["seq"] for row in rows if kind(row["event"]) not in {"came in", "upkeep"}}
    assert {entry["seq"] for entry in both} == wanted


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("looked at the client's page", "recorded an answer")),
        ("fi", ("katsoi asiakkaan sivua", "kirjasi vastauksen")),
        ("sv", ("tittade på klientens sida", "antecknade ett svar")),
    ],
)
def test_who_is_read_in_eighty_columns_one_event_after_another(
    office: Office, language: str, words: tuple[str, ...]
) -> None:
    office.run("client", office.client)
    text = office.run("--lang", language, "audit", "who", show(office.client)).stdout
    for word in words:
        assert word in text
    assert max(map(len, text.splitlines())) <= 80
    told = office.json("audit", "who", office.client)
    assert sum(HANDLE in line for line in text.splitlines()) == len(told) - 1
    assert SECRET not in text
    assert ("2026-11-22 " if language == "en" else " 22.11.2026 ") in text


def test_who_can_begin_on_a_day(office: Office) -> None:
    office.stage.clock.now += timedelta(days=3)
    office.run("client", office.client)
    day = (office.stage.clock.now - timedelta(days=1)).date().isoformat()
    told = office.json("audit", "who", office.client, "--since", day)
    assert [entry["event"] for entry in told] == ["view", "view", "audit.asked"]


@pytest.mark.parametrize("day", ["22.11.2026", "22.11.26", "2026-11-22"])
def test_a_day_is_taken_as_finns_write_it(office: Office, day: str) -> None:
    assert office.json("audit", "who", office.client, "--since", day)


@pytest.mark.parametrize(
    ("day", "told"), [("30.2.2026", "the calendar has no day"), ("soon", "is no day; write")]
)
def test_what_is_no_day_is_a_sentence(office: Office, day: str, told: str) -> None:
    assert told in office.run("audit", "log", "--since", day, code=2).stderr


def test_an_unknown_code_is_said_and_a_mistyped_one_too(office: Office) -> None:
    assert "No client has this code" in office.run("audit", "who", "TREENAAM", code=1).stderr
    assert office.run("audit", "who", "TREENAAA", code=1).stdout == ""


# -- the log ------------------------------------------------------------------------------------


def test_the_log_tells_deeds_and_no_content(office: Office) -> None:
    everything = office.json("audit", "log", "--limit", "1000")
    assert [entry["seq"] for entry in everything] == list(range(1, len(everything) + 1))
    assert all(entry["kind"] for entry in everything), "each event has a name in the list of deeds"
    assert SECRET not in json.dumps(everything)
    newest = office.json("audit", "log", "--limit", "3")
    assert [entry["event"] for entry in newest][-1] == "audit.read"
    assert len(newest) == 3
    assert office.json("audit", "log", "--actor", "nobody") == []
    assert len(office.run("audit", "log", "--limit", "2").stdout.splitlines()) >= 2
    assert everything[0]["app"], "the version of the program is told"


def test_each_of_these_commands_is_logged(office: Office) -> None:
    before = len(office.events())
    office.run("audit", "verify")
    office.run("audit", "head")
    office.run("audit", "who", office.client)
    office.run("audit", "log")
    told = [event for event in office.events()[before:] if event.startswith("audit.")]
    assert told == ["audit.verified", "audit.head", "audit.asked", "audit.read"]


# -- every look is an event ---------------------------------------------------------------------


def test_every_command_that_shows_clients_is_logged(office: Office, tmp_path: Path) -> None:
    looks = {
        ("worklist",): ["view.worklist"],
        ("client", office.client): ["view", "view"],
        ("note", office.client): ["view"],
        ("note", office.client, "--out", str(tmp_path / "note.txt")): ["export"],
    }
    office.run("worklist")  # the first unlock of a store writes down the number of its key file
    for command, wanted in looks.items():
        before = len(office.events())
        office.run(*command)
        told = [event for event in office.events()[before:] if kind(event) != "came in"]
        assert told == wanted, command


async def test_the_list_of_what_waits_is_logged_when_a_nurse_opens_it(office: Office) -> None:
    office.run("worklist")  # the first look writes down by which deadlines its lines were made
    async with office.stage.workplace() as session:
        before = session.store.audit_log.get_head()[0]
        await session.press("w")
        session.on(WorklistScreen)
        rows = session.store.db.query("SELECT event FROM audit WHERE seq > ?", (before,))
        assert [row["event"] for row in rows] == ["view.worklist"]
        await session.press("escape")
        session.on(StartScreen)


def test_an_auditor_sees_who_asked_which_report_and_checks_its_head(office: Office) -> None:
    with office.stage.store() as store:
        store.staff.set_own_unit("Lahden sote-keskus")
    printed = office.json("report", "methods", "--period", "2026-Q3")["head_of_log"]
    office.run("report", "access", "--by", "month", "--period", "2026-Q3", "--format", "csv")
    told = office.json("audit", "log", "--reports")
    assert [entry["subject"] for entry in told] == [
        "methods/2026-Q3/own-unit/file",
        "access/month/2026-Q3/own-unit/file",
    ]
    text = office.run("audit", "log", "--reports").stdout
    assert "access/month/2026-Q3/own-unit/file" in " ".join(text.split())
    assert office.json("audit", "verify", "--anchor", printed)["whole"]
    number, digest = printed.split("/")[1].split(":")
    wrong = f"{number}:{digest[:-1]}{'0' if digest[-1] != '0' else '1'}"
    office.run("audit", "verify", "--anchor", wrong, code=1)
