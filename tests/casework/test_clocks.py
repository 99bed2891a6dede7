"""If these fail, a form of care that is no treatment ends the time in which one is owed."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from casework.episode import EpisodeSession, list_interventions
from casework.workspace import Workspace
from stepping.episode.clocks import Clock, legal_deadlines
from stepping.episode.events import Contact, Measured, NeedEstablished, Opened, PeriodStarted
from stepping.episode.validation import ValidationContext
from stepping.pathway.schema import Ages
from store.maintenance import derived
from store.opening.store_file import create_store
from store.paths import PATHWAYS
from store.pathway_files.care import shipped_care
from store.repository.internal.worklist_lines import CARE
from store.training.opening import open_training

TODAY = date(2026, 11, 22)


def clock() -> datetime:
    return datetime(2026, 11, 22, 12, tzinfo=UTC)


def told(care: EpisodeSession) -> dict[str, Clock]:
    deadlines = care.workspace.care.deadlines
    found = legal_deadlines(care.episode, care.client.birth_year, TODAY, deadlines)
    return {each.time.rule.id: each for each in found}


def start(care: EpisodeSession, intervention: str, old: PeriodStarted | None = None) -> Contact:
    """Let a treatment begin today as the form does, and have a contact of it."""
    settled = care.settle_treatment(intervention, old)
    begun = {"day": TODAY, "intervention": intervention, **settled}
    care.record_event(PeriodStarted.model_validate(begun))
    seen = Contact(day=TODAY, period=str(settled["period"]))
    care.record_event(seen)
    return seen


def test_active_monitoring_is_no_treatment_for_the_young_client_of_the_training_store(
    tmp_path: Path,
) -> None:
    with open_training(tmp_path / "training.db", clock) as store:
        workspace = Workspace(clock, opened=store, training=True)
        client = store.clients.find("TREENADP")
        assert client is not None
        (record, _), *_ = store.episodes.list_of(client.id)
        care = EpisodeSession.load(workspace, client, record.id)
        for form in ("active_monitoring", "self_care_programmes", "psychoeducation"):
            start(care, form)
        waits = {each.time.rule.id: each.time.state for each in told(care).values()}
        assert waits == {"therapy_guarantee": "paused", "first_treatment": "paused"}
        waiting = store.worklist.list_items(TODAY)
        assert "guarantee" in {item.kind for item in waiting if item.episode_id == record.id}
        seen = start(care, "klt")
        ended = {id_: each.ended_by and each.ended_by.kind for id_, each in told(care).items()}
        assert ended == {"therapy_guarantee": "period_started", "first_treatment": "contact"}
        assert told(care)["first_treatment"].ended_by == seen


# -- counties of their own -----------------------------------------------------------------------


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Our pathways in a folder of a county's own, so that they may be edited."""
    folder = tmp_path / "pathways"
    shutil.copytree(PATHWAYS, folder)
    return folder


def counted(folder: Path, intervention: str) -> object:
    """What a form of care would count as that begins now, by the texts of a folder."""
    workspace = Workspace(clock, folder)
    with create_store(folder.parent / "county.db", bytes(32), "nurse-1", clock) as store:
        workspace.use(store)
        client = store.clients.add(birth_year=2006, language="fi")
        care = EpisodeSession.open(workspace, client, Opened(day=TODAY))
        return care.settle_treatment(intervention, None)["counted"]


def mark(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_what_two_pathways_do_not_both_count_does_not_count(county: Path) -> None:
    """A county takes the mark off in one file alone: no clock may end by the other one."""
    path = county / "follow_up" / "interventions.toml"
    mark(path, "guarantee = true\n", "")
    assert counted(county, "klt") == "treatment"


def test_the_lowest_level_of_another_county_is_no_treatment(tmp_path: Path) -> None:
    harbour = Path(__file__).parents[1] / "fixtures" / "harbour"
    shutil.copytree(harbour, tmp_path / "pathways" / "harbour")
    assert counted(tmp_path / "pathways", "level_1") == "no"
    again = tmp_path / "again" / "pathways"
    shutil.copytree(harbour, again / "harbour")
    assert counted(again, "level_2") == "treatment"


def test_lines_that_an_older_program_left_out_are_listed_though_no_file_has_changed(
    tmp_path: Path,
) -> None:
    """By its count any start of a treatment was enough; neither is the store condemned for it."""
    care = shipped_care()
    before = care.files.model_dump_json() + care.deadlines.model_dump_json()
    around = ValidationContext(TODAY, 2006, {"guided": Ages()}, {}, {}, care.tracks)
    with create_store(tmp_path / "porras.db", bytes(32), "nurse-1", clock) as store:
        client = store.clients.add(birth_year=2006, language="fi")
        episode = store.episodes.begin(client.id, Opened(day=TODAY), around)
        for event in (
            NeedEstablished(day=TODAY),
            PeriodStarted(day=TODAY, period="p1", intervention="guided"),
        ):
            store.episodes.record_event(episode.id, event, around)
        store.db.execute("DELETE FROM worklist WHERE kind = 'guarantee'")
        with store.writing():
            store.put_setting({"key": CARE, "value": hashlib.sha256(before.encode()).hexdigest()})
        assert all(derived.matters_fit(store, each) for each in derived.episodes(store))
        Workspace(clock, opened=store).refresh_worklist()

        def waiting() -> list[tuple[str | None, bool]]:
            found = store.worklist.list_items(TODAY)
            return [(each.rule, each.untold) for each in found if each.kind == "guarantee"]

        assert waiting() == [("first_treatment", False)]
        store.episodes.record_event(episode.id, Contact(day=TODAY, period="p1"), around)
        assert waiting() == [("first_treatment", True)], "nobody told whether it counts"


def test_a_treatment_of_an_older_program_counts_once_its_beginning_is_corrected(
    tmp_path: Path,
) -> None:
    """Also where the client is too old by now for what began in time."""
    began = date(2025, 12, 1)
    with create_store(tmp_path / "porras.db", bytes(32), "nurse-1", clock) as store:
        workspace = Workspace(clock, opened=store)
        client = store.clients.add(birth_year=2007, language="fi")
        care = EpisodeSession.open(workspace, client, Opened(day=began))
        care.record_event(NeedEstablished(day=began))
        old = PeriodStarted(day=began, period="p9", intervention="cool_kids", step=2)
        care.record_event(old)
        assert [p.id for p in told(care)["therapy_guarantee"].untold] == ["p9"]
        offered = [{form.id for form in care.list_offered(day)} for day in (began, TODAY)]
        assert ["cool_kids" in each for each in offered] == [True, False]
        settled = care.settle_treatment(old.intervention, old)
        entry = care.episode.entries[-1]
        care.record_event(old.model_copy(update=settled), entry.id)
        clock_ = told(care)["therapy_guarantee"]
        assert (clock_.time.state, clock_.untold) == ("met", ())


def test_who_ran_a_service_stays_as_it_was_told(tmp_path: Path) -> None:
    """Else next year's list of services rewrites what reports have counted."""
    with create_store(tmp_path / "porras.db", bytes(32), "nurse-1", clock) as store:
        workspace = Workspace(clock, opened=store)
        client = store.clients.add(birth_year=1990, language="fi")
        care = EpisodeSession.open(workspace, client, Opened(day=TODAY))
        services = [each for area in workspace.areas for each in area.service]
        bought = next(each for each in services if each.production == "bought")
        form = next(each for each in bought.interventions if each in list_interventions(workspace))
        told = {"day": TODAY, "intervention": form, "service": bought.id}
        begun = PeriodStarted.model_validate(told | care.settle_treatment(form, None, bought.id))
        assert begun.production == "bought"
        areas = [
            area.model_copy(
                update={
                    "service": tuple(
                        each.model_copy(update={"production": "own"}) for each in area.service
                    )
                }
            )
            for area in workspace.areas
        ]
        workspace._areas = tuple(areas)
        assert care.settle_treatment(form, begun, bought.id)["production"] == "bought"
        assert care.settle_treatment(form, None, bought.id)["production"] == "own"
        older = begun.model_copy(update={"production": None})
        assert care.settle_treatment(form, older, bought.id)["production"] is None
        assert care.settle_treatment(form, begun, None)["production"] is None


def test_a_correction_leaves_a_treatment_on_the_step_on_which_it_began(tmp_path: Path) -> None:
    """Else its contacts on the lighter step make the heavier one look tried in vain."""
    with create_store(tmp_path / "porras.db", bytes(32), "nurse-1", clock) as store:
        workspace = Workspace(clock, opened=store)
        client = store.clients.add(birth_year=1990, language="fi")
        care = EpisodeSession.open(workspace, client, Opened(day=TODAY))
        care.record_event(Measured(day=TODAY, assessment="a1", step=1))
        settled = care.settle_treatment("group_treatment", None)
        begun = {"day": TODAY, "intervention": "group_treatment", **settled}
        old = PeriodStarted.model_validate(begun)
        care.record_event(old)
        care.record_event(Measured(day=TODAY, assessment="a2", step=2))
        again = care.settle_treatment("group_treatment", old)
        assert (settled["step"], again["step"]) == (1, 1)
        assert care.settle_treatment("group_treatment", None)["step"] == 2
        untold = old.model_copy(update={"step": None})
        assert care.settle_treatment("group_treatment", untold)["step"] == 2
