"""What other rules would do to the clients of a store: if these fail, a client is told of."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner, Result

from stepping.reports.past_cases import PastCase
from store.codes import show
from store.paths import PATHWAYS, find
from store.pathway_files import files
from store.permissions import Role
from store.repository.internal import past_cases
from tests.screens.running import HANDLE, PASSPHRASE, Stage
from tests.screens.test_result import MODERATE
from tests.tui.test_diff_command import edit
from tests.tui.test_roles import OWN_PASS, admit
from tui import say
from tui.cli import porras

A2 = 'when = "phq9.total >= 10 or gad7.total >= 10"\nat_least = '


class Office(NamedTuple):
    stage: Stage
    new: Path
    """A copy of the adult pathway in which rule A2 asks for step 2."""
    codes: list[str]

    def run(self, *words: object, who: str = HANDLE, secret: str = PASSPHRASE) -> Result:
        where = ["--db", self.stage.places.database, "--lang", "en"]
        asked = ["--as", who, "--passphrase-file", "-"]
        line = [str(word) for word in (*where, *words, *asked)]
        done = CliRunner().invoke(porras, line, input=f"{secret}\n")
        assert "Traceback" not in done.output, done.output
        return done

    def diff(self, *more: object, **who: str) -> Result:
        return self.run("pathway", "diff", "adult", self.new, "--cases", "own", *more, **who)

    def events(self) -> list[tuple[str, str]]:
        with self.stage.store() as store:
            rows = store.db.query("SELECT event, subject FROM audit ORDER BY seq")
            return [(row["event"], row["subject"]) for row in rows]


def confirm(stage: Stage, *others: dict[str, Any]) -> list[str]:
    codes = []
    with stage.store() as store:
        for more in others:
            visit = stage.visit(store)
            visit.record_answers(stage.whole({**MODERATE, **more}))
            decision = visit.decide()
            assert decision.step is not None
            visit.confirm(decision, decision.step)
            codes.append(show(visit.client.code))
    return codes


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Six clients alike, a seventh on step 2 after half a year, and a draft."""
    stage = Stage(find(tmp_path / "data" / "porras.db"), files.built_in("adult"))
    monkeypatch.setattr("tui.commands.open_store.now", stage.clock)
    stage.draft(MODERATE)
    codes = confirm(stage, *[{}] * 6, {"history.weeks": 30})
    shutil.copytree(PATHWAYS, tmp_path / "pathways")
    new = tmp_path / "pathways" / "adult"
    edit(new / "rules.toml", f"{A2}1", f"{A2}2")
    return Office(stage, new, codes)


def rows(done: Result) -> dict[str, str]:
    """Return what stands behind each number of a page."""
    assert done.exit_code == 0, done.output
    found = re.findall(r"^ +(\d+)  (.+)$", done.stdout, re.MULTILINE)
    return {told: number for number, told in found}


def add(office: Office, role: Role) -> str:
    with office.stage.store() as store:
        admit(office.stage.places, store, role, (role,))
    return role


# -- what is counted -------------------------------------------------------------------------------


def test_a_lead_at_a_terminal_sees_true_numbers_and_a_warning(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(say, "is_read_by_a_person", lambda: True)
    done = office.diff()
    found = rows(done)
    assert found["decided again"] == "7"
    assert found["would get another outcome"] == "6"
    assert found["step 1 → step 2"] == "6"
    assert found["step 2, as before"] == "1"
    assert "! these are true numbers, some of fewer than five persons" in done.stdout
    told = rows(office.run("decide", "adult", "--batch", "own"))
    assert (told["decided again"], told["step 1"], told["step 2"]) == ("7", "6", "1")
    assert (told["rule A2 holds"], told["rule A3 holds"]) == ("7", "1")


def test_what_may_become_a_file_hides_few_and_the_totals_that_tell_them(office: Office) -> None:
    done = office.diff()
    found = rows(done)
    assert found["step 1 → step 2"] == "5"
    assert "step 2, as before" not in found
    assert "true numbers" not in done.stdout
    own = json.loads(office.diff("--format", "json").stdout)["own"]
    counts = {(row["what"], *row["of"]): (row["cases"], row["few"]) for row in own["counts"]}
    assert own["rounded"] is True
    assert counts[("move", "step 1", "step 2")] == (5, False)
    assert ("move", "step 2", "step 2") not in counts
    assert counts[("cases",)] == counts[("moved",)] == (5, False)


def test_a_report_user_gets_hidden_numbers_at_a_terminal_too(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(say, "is_read_by_a_person", lambda: True)
    who = {"who": add(office, "report"), "secret": OWN_PASS}
    assert "step 2, as before" not in rows(office.diff(**who))
    assert "step 2" not in rows(office.run("decide", "adult", "--batch", "own", **who))


@pytest.mark.parametrize("role", ["nurse", "auditor", "admin"])
def test_no_other_role_is_told_anything_and_that_it_tried_is_logged(
    office: Office, role: Role
) -> None:
    who = {"who": add(office, role), "secret": OWN_PASS}
    for done in (office.diff(**who), office.run("decide", "adult", "--batch", "own", **who)):
        assert done.exit_code == 1
        assert done.stdout == ""
    assert [event for event, _ in office.events()].count("access.refused") == 2
    assert "view.cases" not in dict(office.events())


def test_the_question_is_logged_with_both_texts(office: Office) -> None:
    new = json.loads(office.diff("--format", "json").stdout)
    texts = [new[name]["digest"][:12] for name in ("old", "new")]
    assert ("view.cases", f"adult/{texts[0]}/{texts[1]}/file") in office.events()


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_code_no_id_and_no_answer_comes_out(office: Office, form: str) -> None:
    with office.stage.store() as store:
        ids = [row["id"] for row in store.db.query("SELECT id FROM clients")]
        ids += [row["id"] for row in store.db.query("SELECT id FROM assessments")]
    told = office.diff("--format", form).output
    told += office.run("decide", "adult", "--batch", "own", "--format", form).output
    for name in (*ids, *office.codes, *(code.replace("-", "") for code in office.codes)):
        assert name not in told


def test_assessments_go_through_in_pieces_and_once_each(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = list[int]()

    def count(pieces: Any) -> list[PastCase]:
        met = list[PastCase]()
        for piece in pieces:
            sizes.append(len(piece))
            met += piece
        return met

    monkeypatch.setattr(past_cases, "_CASES_AT_ONCE", 3)
    with office.stage.store() as store:
        met = store.reports.count_past("adult", count)
    assert sizes == [3, 3, 1]
    assert len({case.person for case in met}) == 7
    assert all(case.answers and case.answers["phq9.1"] == 2 for case in met)


def test_an_assessment_of_the_wrong_client_is_nobodys(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(say, "is_read_by_a_person", lambda: True)
    with office.stage.store() as store:
        (row,) = store.db.query("SELECT assessment_id FROM decisions ORDER BY rowid LIMIT 1")
        store.corrections.mark_wrong_client(
            row["assessment_id"], "the neighbour's form", after=None
        )
    found = rows(office.diff())
    assert found["step 1 → step 2"] == "5"
    assert found["whose it is, is in doubt: marked as of the wrong client"] == "1"


# -- what is said otherwise ------------------------------------------------------------------------


def test_none_is_said_and_no_zero(office: Office) -> None:
    done = office.run("decide", "youth", "--batch", "own")
    assert done.exit_code == 0
    assert done.stdout.endswith(
        "confirmed assessments in this store\n  there is none of five persons or more\n"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("pathway diff adult adult --as boss", "are for --cases own and --batch own"),
        ("decide adult --passphrase-file -", "are for --cases own and --batch own"),
        ("--demo pathway diff adult adult", "--demo goes here with --cases own"),
        ("--demo decide adult", "--demo goes here with --cases own"),
        ("--demo pathway list", "--demo goes here with --cases own"),
        ("decide adult --batch own --out there.csv", "do not go with --batch own"),
        ("decide adult --batch own --answers -", "do not go with --batch own"),
        ("pathway diff adult adult --cases own --format markdown", "the sheet holds no cases"),
        ("pathway diff adult adult --cases owm", "does not exist"),
    ],
)
def test_what_does_not_go_together_is_refused(words: str, told: str) -> None:
    done = CliRunner().invoke(porras, ["--lang", "en", *words.split()], input="{}")
    assert done.exit_code == 2, done.output
    assert told in done.stderr
    assert done.stdout == ""
