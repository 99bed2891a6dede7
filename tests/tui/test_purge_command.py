"""If these fail, a client is told half of what is held, or is deleted by a slip of a finger."""

from __future__ import annotations

import json
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest
from click.testing import CliRunner, Result

from stepping.episode.events import Closed
from stepping.episode.validation import ValidationContext
from store.backup.backup import backup
from store.codes import show
from store.paths import find
from store.pathway_files import files
from store.pathway_files.care import shipped_care
from store.retention import retention
from tests.screens.running import CALM, HANDLE, PASSPHRASE, Stage
from tests.screens.test_result import MODERATE
from tui.commands import access, erase, purge
from tui.commands.groups import SafeGroup
from tui.settings import Settings

REMARK = "wakes at four and counts the planks"


@click.group(cls=SafeGroup)
@click.option("--demo", is_flag=True)
@click.pass_context
def program(context: click.Context, /, demo: bool) -> None:
    """Stand where the whole program stands."""
    del demo


for command in (purge.purge, erase.erase, access.access):
    program.add_command(command)


class Office(NamedTuple):
    """A store with a client in care, and one whose draft is open."""

    stage: Stage
    client: str
    """Code of the client in care."""
    draft: str
    """Code of the other one."""

    def run(self, *arguments: object, code: int = 0, given: str = "") -> Result:
        settings = Settings(self.stage.places.database, Path("pathways"), "en")
        secret = self.stage.places.database.parent / "secret"
        secret.write_text(PASSPHRASE, encoding="utf-8")
        secret.chmod(0o600)
        words = [str(word) for word in (*arguments, "--passphrase-file", secret)]
        done = CliRunner().invoke(program, words, obj=settings, input=given)
        assert done.exit_code == code, (done.exit_code, done.output, done.exception)
        assert "Traceback" not in done.output
        return done

    def json(self, *arguments: object) -> Any:
        return json.loads(self.run(*arguments, "--format", "json").stdout)

    def finish(self) -> None:
        """Close the episode and take its note to the record."""
        today = self.stage.clock.now.date()
        with self.stage.store() as store:
            client = store.clients.find(self.client)
            assert client is not None
            found = store.episodes.find_open(client.id)
            assert found is not None
            around = ValidationContext(today, 1986, {}, {}, {}, shipped_care().tracks)
            store.episodes.record_event(
                found[0].id, Closed(day=today, how="recovered", despite="clinical"), around
            )
            for each in store.assessments.list_of(client.id):
                retention.mark_transferred(store, each.id)

    def wait(self, days: int) -> None:
        self.stage.clock.now += timedelta(days=days)

    def events(self) -> list[str]:
        with self.stage.store() as store:
            return [row["event"] for row in store.db.query("SELECT event FROM audit ORDER BY seq")]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    stage = Stage(find(tmp_path / "data" / "porras.db"), files.built_in("adult"))
    monkeypatch.setattr("tui.commands.open_store.now", stage.clock)
    stage.draft(CALM, municipality="asikkala")
    with stage.store() as store:
        (other,) = store.clients.list_recent()
        visit = stage.visit(store)
        visit.record_answers(stage.whole(MODERATE))
        store.answers.add_note(visit.assessment.id, "phq9.1", REMARK)
        visit.confirm(visit.decide(), 1)
        return Office(stage, show(visit.client.code), show(other.code))


# -- purge ----------------------------------------------------------------------------------------


def test_a_dry_run_says_which_rule_keeps_each_and_deletes_nothing(office: Office) -> None:
    told = office.run("purge", "--dry-run").stdout
    assert f"{office.client}  1 assessment: kept: the episode of care is open" in told
    assert f"{office.draft}  1 assessment: kept: a draft" in told
    assert "0 assessments are due." in told
    office.finish()
    assert "kept until 2026-12-22" in office.run("purge", "--dry-run").stdout
    assert "1 × kept until 2026-12-22" in office.run("purge").stdout
    office.wait(31)
    found = office.json("purge", "--dry-run")
    assert [each["client"] for each in found["due"]] == [office.client.replace("-", "")]
    assert [each["why"] for each in found["kept"]] == ["draft"]
    assert "purge.made" not in office.events()
    assert "view.retention" in office.events()


def test_nothing_is_deleted_on_a_computer_whose_clock_has_jumped(office: Office) -> None:
    office.finish()
    home = office.stage.clock.now
    office.wait(5 * 365)
    refused = office.run("purge", code=1)
    assert "The date of this computer is in doubt, so nothing was deleted." in refused.stderr
    assert "Start Porras and check it." in refused.stderr
    assert "purge.made" not in office.events()
    office.stage.clock.now = home + timedelta(days=1)
    assert "Deleted: 0 assessments" in office.run("purge").stdout
    office.wait(31)
    assert "Deleted: 1 assessments" in office.run("purge").stdout


def test_what_is_due_is_deleted_and_its_proof_and_its_copies_are_told(office: Office) -> None:
    with office.stage.store() as store:
        backup(store, office.stage.places, office.stage.places.database.parent / "backups")
    office.finish()
    office.wait(31)
    done = office.run("purge").stdout
    assert "Deleted: 1 assessments, 1 episodes of care, 1 clients" in done
    assert "Proof: event " in done
    assert "1 × kept: a draft" in done
    assert "1 backup beside the store still holds it until its time is over" in done
    assert "2026-11-22" in done
    assert "Backups elsewhere hold it" in done
    with office.stage.store() as store:
        assert store.clients.find(office.client) is None
        assert store.audit_log.find_bad_event() is None
    aside = office.stage.places.database.with_name("porras.db.before-restore-2026")
    aside.touch()
    again = office.json("purge")
    assert again["backups"]["lasting"] == [aside.name]
    assert (again["assessments"], again["proofs"], again["kept"]) == (0, [], {"draft": 1})
    assert again["backups"]["count"] == 1
    (made,) = aside.parent.glob("backups/porras-*")
    (made / "manifest.json").write_text("{}")
    again = office.json("purge")["backups"]
    assert (again["count"], again["lasting"]) == (0, [made.name, aside.name]), "it may hold all"


def test_the_days_can_be_given_and_remembered(office: Office) -> None:
    office.finish()
    office.wait(8)
    assert office.json("purge")["assessments"] == 0
    assert office.json("purge", "--dry-run", "--days", 7, "--remember")["due"] != []
    assert office.json("purge", "--dry-run")["due"] == [], "a dry run remembers nothing"
    assert office.json("purge", "--days", 7, "--remember")["assessments"] == 1
    with office.stage.store() as store:
        assert retention.get_days(store) == 7
    for wrong in (("--days", 0), ("--days", 366), ("--remember",)):
        assert office.run("purge", *wrong, code=2).stdout == ""


# -- erase ----------------------------------------------------------------------------------------


def test_an_erasure_is_refused_with_its_reason_until_care_is_over(office: Office) -> None:
    for client, reason in ((office.client, "episode of care is open"), (office.draft, "a draft")):
        refused = office.run("erase", client, "--yes", code=1)
        assert reason in refused.stderr
        assert "Settle what keeps it" in refused.stderr
        assert refused.stdout == ""
    with office.stage.store() as store:
        assert store.clients.find(office.client) is not None


def test_an_erasure_asks_for_the_code_again(office: Office) -> None:
    office.finish()
    for typed in (office.draft, "TREE-NAAM", "nonsense"):
        refused = office.run("erase", office.client, given=f"{typed}\n", code=1)
        assert "not the same code" in refused.stderr
    done = office.run("erase", office.client, given=f"{office.client.lower()}\n")
    assert "Deleted: 1 assessments" in done.stdout
    assert "What stays: events without content in the log" in done.stdout
    assert "purge.erased" in office.events()
    office.run("erase", office.client, "--yes", code=1)


# -- access ---------------------------------------------------------------------------------------


def test_a_client_gets_all_in_a_file_that_nobody_else_reads(office: Office, tmp_path: Path) -> None:
    out = tmp_path / "all.json"
    done = office.run("access", office.client, "--out", out, "--format", "json")
    assert done.stdout == ""
    assert "not encrypted" in done.stderr
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    told = json.loads(out.read_text("utf-8"))
    assert told["client"] == office.client.replace("-", "")
    assert {"clients", "assessments", "answers", "notes", "decisions", "episodes"} <= set(
        told["tables"]
    )
    assert told["tables"]["notes"][0]["text"] == REMARK
    assert told["tables"]["decisions"][0]["decision"]["decision"]["step"] == 1
    assert told["log"][-1]["actor"] == HANDLE
    assert "export.access" in office.events()


def test_the_text_tells_questions_answers_and_the_note_in_words(
    office: Office, tmp_path: Path
) -> None:
    out = tmp_path / "all.txt"
    office.run("access", office.client, "--out", out)
    told = " ".join(out.read_text("utf-8").split())
    pathway = office.stage.pathway
    question = pathway.questions["phq9.1"]
    assert question.text["en"] in told
    assert any(option.label["en"] in told for option in question.options)
    assert REMARK in told
    assert "Who has used these data" in told
    assert f"{HANDLE} wrote all that is held on a client to a file" in told
    assert "Decisions" in told


def test_no_file_is_written_over_and_no_other_client_is_told(
    office: Office, tmp_path: Path
) -> None:
    out = tmp_path / "all.txt"
    out.write_text("mine", encoding="utf-8")
    told = office.run("access", office.client, "--out", out, code=1).stderr
    assert "not an earlier one of the same kind" in told
    assert out.read_text(encoding="utf-8") == "mine"
    out.write_text(older := "All that Porras holds on the client of old", encoding="utf-8")
    assert "exists already" in office.run("access", office.client, "--out", out, code=1).stderr
    assert out.read_text("utf-8") == older
    assert "export.access" not in office.events()
    beside = office.stage.places.database.parent / "all.txt"
    office.run("access", office.client, "--out", beside, code=1)
    assert not beside.exists()
    other = tmp_path / "other.txt"
    office.run("access", office.draft, "--out", other)
    assert REMARK not in other.read_text("utf-8")
    assert (
        "No client has this code"
        in office.run("access", "TREE-NAAM", "--out", tmp_path / "x.txt", code=1).stderr
    )
