"""If these fail, what another program is given is not what was recorded, or tells who it is of."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import fhirkit
import pytest

from casework.assessment import AssessmentSession
from casework.elsewhere.navigator import navigator_form, take_result
from casework.episode import EpisodeSession
from casework.workspace import Workspace
from screens.documents.fhir_words import form_words
from screens.export.client_record import Wanted, record_of_assessment, record_of_episode
from stepping.interchange.navigator import NavigatorResult
from store.codes import show
from store.pathway_files.forms import load_codes
from tests.screens.running import HANDLE
from tests.tui.test_care_commands import Ward, ward

__all__ = ["ward"]


def written(ward: Ward, named: str, path: Path, *more: str) -> Any:
    """What the command writes of a record."""
    ward.run("fhir", "out", named, "--out", path, *more)
    bundle = json.loads(path.read_text(encoding="utf-8"))
    assert not fhirkit.validate(bundle)
    return bundle


def of_kind(bundle: Any, kind: str) -> list[Any]:
    found = (entry["resource"] for entry in bundle["entry"])
    return [resource for resource in found if resource["resourceType"] == kind]


def episode_of(ward: Ward) -> str:
    (episode,) = ward.json("client", ward.client)["episodes"]
    found: str = episode["id"]
    return found


def test_a_confirmed_assessment_tells_its_answers_totals_and_step(
    ward: Ward, tmp_path: Path
) -> None:
    path = tmp_path / "out.json"
    bundle = written(ward, ward.assessment, path)
    assert path.stat().st_mode & 0o777 == 0o600
    (response,) = of_kind(bundle, "QuestionnaireResponse")
    assert response["status"] == "completed"
    with ward.stage.store() as store:
        found = store.assessments.get(ward.assessment)
        session = AssessmentSession.resume(store, found, ward.stage.pathway)
        total = session.decide().scores["phq9.total"]
        code = session.client.code
    answers = {
        item["linkId"]: item["answer"][0] for group in response["item"] for item in group["item"]
    }
    assert answers["phq9.total"] == {"valueInteger": total}
    (phq9,) = (
        each
        for each in of_kind(bundle, "Observation")
        if each["code"].get("coding") == [{"system": "http://loinc.org", "code": "44261-6"}]
    )
    assert (phq9["valueQuantity"]["value"], phq9["status"]) == (total, "final")
    # Of AUDIT nothing was asked: what AUDIT-C tells is no total of AUDIT.
    measured = [each["code"]["text"] for each in of_kind(bundle, "Observation")]
    assert "AUDIT-C total" in measured
    assert "AUDIT total" not in measured
    with ward.stage.store() as store:
        ((_, episode),) = store.episodes.list_of(session.client.id)
        rows = store.db.query("SELECT auditc, audit FROM summary_assessments WHERE auditc NOTNULL")
        assert [*rows] == [{"auditc": 0, "audit": None}]
    assert "auditc.total" in episode.measured[-1].scores
    assert "audit.total" not in episode.measured[-1].scores
    (plan,) = of_kind(bundle, "CarePlan")
    assert plan["title"].startswith("step of care 1 ")
    (patient,) = of_kind(bundle, "Patient")
    assert patient["identifier"][0]["value"] == code
    assert HANDLE not in path.read_text(encoding="utf-8")
    assert ward.logged("export") == [ward.assessment]


def test_a_draft_tells_no_step(ward: Ward, tmp_path: Path) -> None:
    bundle = written(ward, ward.draft, tmp_path / "out.json")
    (response,) = of_kind(bundle, "QuestionnaireResponse")
    assert response["status"] == "in-progress"
    assert not of_kind(bundle, "CarePlan")
    assert {each["status"] for each in of_kind(bundle, "Observation")} <= {"preliminary"}


def test_an_open_stop_anywhere_hides_the_step_behind_a_flag(ward: Ward, tmp_path: Path) -> None:
    with ward.stage.store() as store:
        client = store.clients.find(ward.client)
        assert client is not None
        other = AssessmentSession.start(
            store, ward.stage.pathway, client, setting="phone", language="en"
        )
        other.record_answers({"danger.suicide": "yes"})
    for number, named in enumerate((ward.assessment, episode_of(ward))):
        bundle = written(ward, named, tmp_path / f"{number}.json")
        assert of_kind(bundle, "Flag")
        assert not of_kind(bundle, "CarePlan")
        assert not of_kind(bundle, "ServiceRequest")


def test_an_episode_tells_what_was_done_and_when_the_next_contact_is(
    ward: Ward, tmp_path: Path
) -> None:
    episode = episode_of(ward)
    path = tmp_path / "out.json"
    bundle = written(ward, episode, path)
    (procedure,) = of_kind(bundle, "Procedure")
    assert procedure["status"] == "in-progress"
    assert of_kind(bundle, "Encounter")
    (plan,) = of_kind(bundle, "CarePlan")
    assert [each for each in plan["activity"] if "detail" in each]
    assert len(of_kind(bundle, "QuestionnaireResponse")) == 1
    assert "to sleep through" not in path.read_text(encoding="utf-8"), "words of the client"
    assert ward.logged("export") == [episode]
    again = tmp_path / "again.json"
    written(ward, episode, again)
    assert again.read_bytes() == path.read_bytes()


def test_a_wrong_clients_assessment_is_not_written(ward: Ward, tmp_path: Path) -> None:
    with ward.stage.store() as store:
        store.corrections.mark_wrong_client(
            ward.assessment, "entered under the wrong code", after=None
        )
    told = ward.refused("fhir", "out", ward.assessment, "--out", tmp_path / "out.json")
    assert "another client's" in told
    assert ward.logged("export") == []


@pytest.mark.parametrize("named", ["CODE", "nothing", "../x", "ä", "0" * 5000])
def test_what_is_no_id_is_refused(ward: Ward, tmp_path: Path, named: str) -> None:
    word = show(ward.client) if named == "CODE" else named
    assert ward.refused("fhir", "out", word, "--out", tmp_path / "out.json")
    assert not (tmp_path / "out.json").exists()


def test_no_other_file_is_replaced_and_none_lands_in_the_store(ward: Ward, tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("mine", encoding="utf-8")
    for place in (note, ward.stage.places.database.with_name("out.json"), tmp_path / "no" / "x"):
        ward.refused("fhir", "out", ward.assessment, "--out", place, "--force")
    assert note.read_text(encoding="utf-8") == "mine"
    path = tmp_path / "out.json"
    written(ward, ward.assessment, path)
    assert "--force" in ward.refused("fhir", "out", ward.assessment, "--out", path)
    written(ward, ward.assessment, path, "--force")
    before = len(ward.logged("export"))
    path.unlink()
    path.symlink_to(note)
    ward.refused("fhir", "out", ward.assessment, "--out", path, "--force")
    assert note.read_text(encoding="utf-8") == "mine"
    assert len(ward.logged("export")) == before


def test_a_total_that_was_told_elsewhere_has_its_day_and_no_answers_behind_it(
    ward: Ward, tmp_path: Path
) -> None:
    with ward.stage.store() as store:
        visit = ward.stage.visit(store)
        day = ward.stage.clock.now.date() - timedelta(days=2)
        take_result(visit, navigator_form(), NavigatorResult(day, {"gad7": 9}))
        visit.record_answers({"phq9.1": 0})
        named = visit.assessment.id
    bundle = written(ward, named, tmp_path / "told.json")
    (response,) = of_kind(bundle, "QuestionnaireResponse")
    assert "gad7.total" not in json.dumps(response)
    (gad7,) = of_kind(bundle, "Observation")
    assert gad7["valueQuantity"]["value"] == 9
    assert gad7["effectiveDateTime"] == day.isoformat()
    assert gad7["note"] == [{"text": "total told elsewhere, without its items"}]
    assert "derivedFrom" not in gad7


def test_the_training_store_marks_what_leaves_it(ward: Ward) -> None:
    wanted = Wanted(load_codes(), form_words)
    with ward.stage.store() as store:
        workspace = Workspace(ward.stage.clock, opened=store, training=True)
        found = store.assessments.get(ward.assessment)
        session = AssessmentSession.resume(store, found, ward.stage.pathway)
        ((episode, _),) = store.episodes.list_of(session.client.id)
        care = EpisodeSession.load(workspace, session.client, episode.id)
        for record in (
            record_of_assessment(workspace, session, wanted),
            record_of_episode(workspace, care, wanted),
        ):
            entries = record.bundle()["entry"]
            assert len(entries) > 1
            assert all(
                each["resource"]["meta"]["security"][0]["code"] == "HTEST" for each in entries
            )
