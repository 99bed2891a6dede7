"""If these fail, a client's safety plan is lost, or told of somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database import connections, migrations
from store.errors import OtherUnit, PlanChanged, RefusedText, UnknownRecord
from store.maintenance.salvage import salvage_store
from store.opening.store_file import create_store, open_store
from store.paths import find
from store.records import Assessment, Client
from store.repository.store import Store
from store.retention import erasure, subject_access
from tests.store.conftest import PATHWAY, TickingClock
from tests.store.test_retention import Workspace
from tests.store.test_roles import Site

WORDS = {"signs": "I stop answering", "own": "the walk to the mill", "people": "my sister"}


@pytest.fixture
def client(store: Store) -> Client:
    return store.clients.add(birth_year=1980, language="fi")


@pytest.fixture
def site(path: Path, key: bytes, clock: TickingClock) -> Iterator[Site]:
    made = Site(path, key, clock)
    with made.boss:
        yield made


def begin(store: Store, client: Client) -> Assessment:
    return store.assessments.start(client.id, PATHWAY, setting="clinic", language="fi")


def write(store: Store, plan: str, **words: str) -> None:
    for point, text in words.items():
        store.safety_plans.write(plan, point, text, before="")


def told(store: Store, client: Client) -> dict[str, str]:
    """What the client's newest plan says."""
    plan = store.safety_plans.find(client.id)
    return dict(plan.words) if plan else {}


def test_each_point_is_on_the_disk_when_it_was_written(
    path: Path, key: bytes, clock: TickingClock
) -> None:
    with open_store_new(path, key, clock) as store:
        client = store.clients.add(birth_year=1980, language="fi")
        plan = store.safety_plans.begin(client.id)
        store.safety_plans.write(plan.id, "signs", WORDS["signs"], before="")
        copy = path.parent / "killed.db"
        # What another program reads while this one goes on: nothing waits to be written.
        for part in ("", "-wal"):
            copy.with_name(copy.name + part).write_bytes(
                path.with_name(path.name + part).read_bytes()
            )
    db = connections.connect(copy, key, migrations.schema(migrations.newest()))
    rows = db.execute("SELECT point, words FROM plan_points").fetchall()
    db.close()
    assert rows == [("signs", WORDS["signs"])]


def open_store_new(path: Path, key: bytes, clock: TickingClock) -> Store:
    return create_store(path, key, "nurse-1", clock)


def test_a_new_plan_starts_from_the_last_which_stays_as_it_is(store: Store, client: Client) -> None:
    first = store.safety_plans.begin(client.id)
    write(store, first.id, **WORDS)
    second = store.safety_plans.begin(client.id)
    assert second.words == WORDS
    store.safety_plans.write(second.id, "own", "the swing in the yard", before=WORDS["own"])
    store.safety_plans.write(second.id, "people", "", before=WORDS["people"])
    newest, older = store.safety_plans.list_of(client.id)
    assert newest.words == {"signs": WORDS["signs"], "own": "the swing in the yard"}
    assert older.words == WORDS
    third = store.safety_plans.begin(client.id)
    assert third.words == newest.words
    assert store.audit_log.find_bad_event() is None


def test_a_point_that_another_window_wrote_is_not_overwritten(store: Store, client: Client) -> None:
    plan = store.safety_plans.begin(client.id)
    write(store, plan.id, own="walk")
    with pytest.raises(PlanChanged):
        store.safety_plans.write(plan.id, "own", "sing", before="")
    assert told(store, client) == {"own": "walk"}
    store.safety_plans.write(plan.id, "own", "sing", before="walk")
    assert told(store, client) == {"own": "sing"}


def test_the_same_words_twice_are_one_row(store: Store, client: Client) -> None:
    plan = store.safety_plans.begin(client.id)
    for before in ("", "walk", "anything"):
        store.safety_plans.write(plan.id, "own", " walk ", before=before)
    assert store.db.table("plan_points").count == 1


@pytest.mark.parametrize(
    "words", ["131052-908T", "call 040 123 4567", "a@example.org", "x" * 501, "a\x1b[31m"]
)
def test_what_tells_who_somebody_is_or_steers_a_terminal_is_refused(
    store: Store, client: Client, words: str
) -> None:
    plan = store.safety_plans.begin(client.id)
    with pytest.raises(RefusedText):
        store.safety_plans.write(plan.id, "people", words, before="")
    assert told(store, client) == {}


def test_a_plan_needs_a_client_and_an_assessment_of_that_client(
    store: Store, client: Client
) -> None:
    other = store.clients.add(birth_year=1990, language="fi")
    hers = begin(store, other)
    for call in (
        lambda: store.safety_plans.begin(client.id, hers.id),
        lambda: store.safety_plans.begin("nobody"),
        lambda: store.safety_plans.begin(client.id, "nothing"),
        lambda: store.safety_plans.write("no plan", "own", "walk", before=""),
    ):
        with pytest.raises(UnknownRecord):
            call()
    assert store.db.table("safety_plans").count == 0


# -- whose it is ----------------------------------------------------------------------------------


def test_two_codes_of_one_person_have_one_plan(store: Store, client: Client) -> None:
    other = store.clients.add(birth_year=1980, language="fi")
    write(store, store.safety_plans.begin(client.id).id, own="walk")
    write(store, store.safety_plans.begin(other.id).id, own="sing")
    store.corrections.join_clients(client.id, other.id, "the same")
    assert [plan.words["own"] for plan in store.safety_plans.list_of(client.id)] == ["sing", "walk"]
    store.corrections.part_clients(client.id, other.code, "two people")
    assert told(store, client) == {"own": "walk"}
    assert told(store, other) == {"own": "sing"}


def test_a_plan_goes_where_its_assessment_goes_without_the_words_of_another(
    store: Store, client: Client
) -> None:
    """The code of one client was opened while another sat there."""
    right = store.clients.add(birth_year=1990, language="fi")
    write(store, store.safety_plans.begin(client.id).id, own="walk", signs="no sleep")
    made = begin(store, client)
    plan = store.safety_plans.begin(client.id, made.id)
    store.safety_plans.write(plan.id, "own", "sing", before="walk")
    store.corrections.mark_wrong_client(made.id, "another sat there", after=None)
    assert told(store, client) == {"own": "walk", "signs": "no sleep"}
    moved = store.assessments.get(made.id).move
    store.corrections.move_assessment(made.id, right.id, "hers", after=moved)
    assert told(store, client) == {"own": "walk", "signs": "no sleep"}
    assert told(store, right) == {"own": "sing"}
    store.safety_plans.write(plan.id, "signs", "no food", before="")
    assert told(store, right) == {"own": "sing", "signs": "no food"}
    assert store.audit_log.find_bad_event() is None


def test_what_another_said_does_not_stay_in_the_plan_that_came_after(
    store: Store, client: Client
) -> None:
    """The next plan had begun from it before the assessment was found to be another's."""
    right, third = (store.clients.add(birth_year=1990, language="fi") for _ in range(2))
    made = begin(store, client)
    write(store, store.safety_plans.begin(client.id, made.id).id, own="sing", signs="no sleep")
    later = store.safety_plans.begin(client.id)
    store.safety_plans.write(later.id, "people", "a neighbour", before="")
    assert told(store, client) == {"own": "sing", "signs": "no sleep", "people": "a neighbour"}
    for owner in (right, third):
        moved = store.assessments.get(made.id).move
        store.corrections.move_assessment(made.id, owner.id, "hers", after=moved)
        store.safety_plans.begin(owner.id)
        assert told(store, client) == {"people": "a neighbour"}
        assert told(store, owner) == {"own": "sing", "signs": "no sleep"}
    assert told(store, right) == {}
    store.safety_plans.write(later.id, "own", "sing", before="")
    assert told(store, client) == {"own": "sing", "people": "a neighbour"}
    mine = subject_access.gather_records(store, client.id).tables["plan_points"]
    assert {row["words"] for row in mine} == {"a neighbour", "sing"}
    assert "no sleep" not in told(store, client).values()
    moved = store.assessments.get(made.id).move
    store.corrections.move_assessment(made.id, client.id, "back", after=moved)
    assert told(store, client)["signs"] == "no sleep"
    assert store.audit_log.find_bad_event() is None


def test_two_people_who_were_taken_for_one_get_their_own_words_back(
    store: Store, client: Client
) -> None:
    other = store.clients.add(birth_year=1980, language="fi")
    write(store, store.safety_plans.begin(client.id).id, own="walk")
    write(store, store.safety_plans.begin(other.id).id, own="sing", signs="no sleep")
    store.corrections.join_clients(client.id, other.id, "the same")
    joined = store.safety_plans.begin(client.id)
    assert joined.words == {"own": "sing", "signs": "no sleep"}
    store.corrections.part_clients(client.id, other.code, "two people")
    assert told(store, client) == {"own": "walk"}
    assert told(store, other) == {"own": "sing", "signs": "no sleep"}


def test_what_is_held_on_a_client_has_the_plan_and_nothing_that_another_said(
    store: Store, client: Client
) -> None:
    right = store.clients.add(birth_year=1990, language="fi")
    write(store, store.safety_plans.begin(client.id).id, own="walk")
    made = begin(store, client)
    plan = store.safety_plans.begin(client.id, made.id)
    write(store, plan.id, signs="no sleep")
    store.corrections.move_assessment(made.id, right.id, "hers", after=None)
    mine = subject_access.gather_records(store, client.id).tables
    hers = subject_access.gather_records(store, right.id).tables
    assert [row["words"] for row in mine["plan_points"]] == ["walk"]
    assert "no sleep" in [row["words"] for row in hers["plan_points"]]
    uses = store.audit_log.find_uses(client.id)
    assert [use.event for use in uses].count("plan.begun") == 1
    assert "point.written" in [use.event for use in store.audit_log.find_uses(right.id)]


def test_a_plan_is_read_in_its_own_unit_alone(site: Site) -> None:
    site.boss.staff.set_unit("boss", "Lahti")
    client = site.boss.clients.add(birth_year=1980, language="fi")
    plan = site.boss.safety_plans.begin(client.id)
    with site.as_("worker", "nurse", unit="Hollola") as store:
        with pytest.raises(OtherUnit):
            store.safety_plans.find(client.id)
        with pytest.raises(OtherUnit):
            store.safety_plans.write(plan.id, "own", "walk", before="")


# -- the end of it --------------------------------------------------------------------------------


def in_record(workspace: Workspace) -> tuple[Client, Assessment]:
    """A client with a plan out of an assessment and one beside it; the note was taken."""
    client = workspace.client()
    made = workspace.assess(client)
    plans = workspace.store.safety_plans
    for plan in (plans.begin(client.id), plans.begin(client.id, made.id)):
        workspace.store.safety_plans.write(
            plan.id,
            "own",
            f"walk {plan.id[-4:]}",
            before=told(workspace.store, client).get("own", ""),
        )
    workspace.take(made)
    return client, made


@pytest.fixture
def workspace(store: Store, clock: TickingClock) -> Workspace:
    return Workspace(store, clock)


@pytest.mark.parametrize("how", ["purge", "erase"])
def test_a_plan_goes_with_the_client(workspace: Workspace, how: str) -> None:
    client, _ = in_record(workspace)
    if how == "purge":
        workspace.wait(40)
        erasure.purge(workspace.store)
    else:
        erasure.erase(workspace.store, client.id)
    for table in ("safety_plans", "plan_points", "clients"):
        assert workspace.store.db.table(table).count == 0
    assert workspace.store.audit_log.find_bad_event() is None


def test_erasing_whoever_an_assessment_is_of_now_leaves_the_plan_of_another(
    workspace: Workspace,
) -> None:
    store, client = workspace.store, workspace.client()
    write(store, store.safety_plans.begin(client.id).id, own="walk")
    made = begin(store, client)
    plan = store.safety_plans.begin(client.id, made.id)
    right = workspace.client()
    store.safety_plans.write(plan.id, "signs", "no sleep", before="")
    store.corrections.move_assessment(made.id, right.id, "hers", after=None)
    store.assessments.abandon(made.id, "left")
    erasure.erase(store, right.id)
    assert told(store, client) == {"own": "walk"}
    assert [row["words"] for row in store.db.table("plan_points").rows] == ["walk"]
    erasure.erase(store, client.id)
    assert store.db.table("plan_points").count == 0
    assert store.audit_log.find_bad_event() is None


def test_a_plan_goes_at_once_although_the_client_has_to_stay(workspace: Workspace) -> None:
    """An assessment that began under the client is another's now."""
    store, client = workspace.store, workspace.client()
    write(store, store.safety_plans.begin(client.id).id, own="walk")
    made = begin(store, client)
    store.safety_plans.begin(client.id, made.id)
    right = workspace.client()
    store.corrections.move_assessment(made.id, right.id, "hers", after=None)
    erasure.erase(store, client.id)
    assert store.db.table("clients").count == 2
    assert store.db.table("plan_points").count == 0
    assert store.audit_log.find_bad_event() is None


def test_what_another_said_is_erased_with_that_one_wherever_it_was_taken_over(
    workspace: Workspace,
) -> None:
    store, client = workspace.store, workspace.client()
    made = begin(store, client)
    write(store, store.safety_plans.begin(client.id, made.id).id, own="sing")
    write(store, store.safety_plans.begin(client.id).id, signs="no sleep")
    right = workspace.client()
    store.corrections.move_assessment(made.id, right.id, "hers", after=None)
    store.assessments.abandon(made.id, "left")
    erasure.erase(store, right.id)
    assert [row["words"] for row in store.db.table("plan_points").rows] == ["no sleep"]
    assert told(store, client) == {"signs": "no sleep"}
    assert store.audit_log.find_bad_event() is None


def test_words_of_an_erased_client_go_also_out_of_a_plan_that_was_moved(
    workspace: Workspace,
) -> None:
    store, client = workspace.store, workspace.client()
    write(store, store.safety_plans.begin(client.id).id, own="walk")
    made = begin(store, client)
    store.safety_plans.begin(client.id, made.id)
    right = workspace.client()
    store.corrections.move_assessment(made.id, right.id, "hers", after=None)
    mine = subject_access.gather_records(store, client.id).tables
    assert {row["words"] for row in mine["plan_points"]} == {"walk"}
    assert told(store, right) == {}


def test_a_plan_of_this_week_keeps_the_client_of_whom_all_else_is_due(
    workspace: Workspace,
) -> None:
    store, client = workspace.store, workspace.client()
    made = workspace.assess(client)
    workspace.take(made)
    workspace.wait(40)
    write(store, store.safety_plans.begin(client.id).id, own="walk")
    erasure.purge(store)
    assert store.assessments.list_of(client.id) == []
    assert told(store, client) == {"own": "walk"}
    workspace.wait(20)
    erasure.purge(store)
    assert told(store, client) == {"own": "walk"}
    workspace.wait(20)
    erasure.purge(store)
    assert store.db.table("clients").count == 0
    assert store.audit_log.find_bad_event() is None


def test_a_purge_of_an_older_assessment_leaves_what_a_later_plan_took_over(
    workspace: Workspace,
) -> None:
    store, client = workspace.store, workspace.client()
    first = workspace.assess(client)
    write(store, store.safety_plans.begin(client.id, first.id).id, own="walk")
    workspace.take(first)
    workspace.wait(40)
    second = begin(store, client)
    store.safety_plans.begin(client.id, second.id)
    erasure.purge(store)
    assert [each.id for each in store.assessments.list_of(client.id)] == [second.id]
    assert told(store, client) == {"own": "walk"}


def test_no_row_of_a_plan_is_changed_or_deleted(store: Store, client: Client) -> None:
    write(store, store.safety_plans.begin(client.id).id, own="walk")
    for sql in (
        "UPDATE plan_points SET words = 'sing'",
        "DELETE FROM plan_points",
        "DELETE FROM safety_plans",
    ):
        with pytest.raises(Exception, match="append only"):
            store.db.conn.execute(sql)


def test_a_rescue_brings_every_plan_over(
    store: Store, client: Client, clock: TickingClock, tmp_path: Path, key: bytes
) -> None:
    write(store, store.safety_plans.begin(client.id).id, **WORDS)
    second = store.safety_plans.begin(client.id)
    store.safety_plans.write(second.id, "own", "", before=WORDS["own"])
    before = store.safety_plans.list_of(client.id)
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    new = tmp_path / "new" / "porras.db"
    report = salvage_store(find(store.db.path), key, new, "nurse-1", clock)
    assert (report.lost, report.aside, report.unconfirmed) == ({}, {}, {})
    with open_store(new, key, "nurse-1", clock) as rescued:
        assert rescued.safety_plans.list_of(client.id) == before
        assert rescued.audit_log.find_bad_event() is None
