"""Who may do what: if these fail, somebody reads or records what is not theirs, or cannot work."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from stepping.episode.events import NextContact, Opened
from stepping.episode.validation import ValidationContext
from stepping.finland import day_begins
from stepping.reports.series import SERIES
from store import permissions
from store.audit import chain
from store.audit.staff_ledger import need_in
from store.errors import (
    AccountDisabled,
    LastAdministrator,
    NotAllowed,
    OtherUnit,
    RefusedText,
    StoreError,
    UnitOfOthers,
    UnknownHandle,
    UnknownRecord,
)
from store.opening.store_file import create_store, open_store
from store.pathway_files.care import shipped_care
from store.pathway_files.files import built_in
from store.permissions import Role
from store.records import Confirmation, PathwayCopy
from store.report_records import Counting
from store.repository.store import Store
from store.session.guarded import Repository
from store.session.session import RECORDS
from tests.store.conftest import PATHWAY, TickingClock

DAY = date(2026, 11, 22)
AROUND = ValidationContext(DAY, 1980, {}, {}, {}, shipped_care().tracks)
HERE, THERE = "Lahden sote-keskus", "Hollolan sote-keskus"
CONFIRMED = Confirmation(
    decision_json="{}", suggested_step=1, confirmed_step=1, final_answers_seq=0
)


class Site:
    """A store in which workers open sessions of their own."""

    def __init__(self, path: Path, key: bytes, clock: TickingClock) -> None:
        self.path, self.key, self.clock = path, key, clock
        self.boss = create_store(path, key, "boss", clock)

    @contextmanager
    def as_(self, handle: str, *given: Role, unit: str | None = None) -> Iterator[Store]:
        """The store as a worker with these roles sees it."""
        if given:
            self.boss.staff.add(handle, given, unit)
        with open_store(self.path, self.key, handle, self.clock) as opened:
            yield opened


@pytest.fixture
def site(path: Path, key: bytes, clock: TickingClock) -> Iterator[Site]:
    made = Site(path, key, clock)
    with made.boss:
        yield made


class Case(NamedTuple):
    """A client in care, to be looked at and worked with."""

    client: str
    code: str
    assessment: str
    episode: str
    plan: str


def case(store: Store, pathway: PathwayCopy = PATHWAY) -> Case:
    client = store.clients.add(birth_year=1980, language="fi")
    assessment = store.assessments.start(client.id, pathway, setting="clinic", language="fi")
    episode = store.episodes.begin(client.id, Opened(day=DAY), AROUND)
    plan = store.safety_plans.begin(client.id)
    return Case(client.id, client.code, assessment.id, episode.id, plan.id)


COUNTING = Counting(SERIES["started"], None, range(24300, 24312), DAY)

CALLS: dict[str, Callable[[Store, Case], object]] = {
    "assessments.abandon": lambda s, c: s.assessments.abandon(c.assessment, "left"),
    "clients.add": lambda s, c: s.clients.add(birth_year=1980, language="fi"),
    "answers.add_note": lambda s, c: s.answers.add_note(c.assessment, "q1", "tired"),
    "staff.add": lambda s, c: s.staff.add("newcomer", ["nurse"]),
    "assessments.get": lambda s, c: s.assessments.get(c.assessment),
    "assessments.list_of": lambda s, c: s.assessments.list_of(c.client),
    "episodes.attach_assessment": lambda s, c: s.episodes.attach_assessment(
        c.assessment, c.episode
    ),
    "audit_log.check": lambda s, c: s.audit_log.check(),
    "audit_log.find_uses": lambda s, c: s.audit_log.find_uses(c.client),
    "audit_log.get_head": lambda s, c: s.audit_log.get_head(),
    "audit_log.list_events": lambda s, c: s.audit_log.list_events(limit=5),
    "audit_log.take_head": lambda s, c: s.audit_log.take_head(),
    "corrections.list_card_changes": lambda s, c: s.corrections.list_card_changes(c.client),
    "corrections.correct_card": lambda s, c: s.corrections.correct_card(
        c.client,
        birth_year=1981,
        sex=None,
        language="fi",
        municipality=None,
        why="typed wrong",
        after=None,
    ),
    "corrections.join_clients": lambda s, c: s.corrections.join_clients(
        c.client, c.client, "the same"
    ),
    "corrections.list_joinings": lambda s, c: s.corrections.list_joinings(c.client),
    "keep_apart": lambda s, c: s.keep_apart(),
    "corrections.mark_wrong_client": lambda s, c: s.corrections.mark_wrong_client(
        c.assessment, "hers", after=None
    ),
    "corrections.move_assessment": lambda s, c: s.corrections.move_assessment(
        c.assessment, c.client, "hers", after=None
    ),
    "corrections.list_moved_away": lambda s, c: s.corrections.list_moved_away(c.client),
    "corrections.part_clients": lambda s, c: s.corrections.part_clients(
        c.client, c.code, "two people"
    ),
    "episodes.begin": lambda s, c: s.episodes.begin(c.client, Opened(day=DAY), AROUND),
    "clients.get": lambda s, c: s.clients.get(c.client),
    "clients.find_id": lambda s, c: s.clients.find_id(c.code),
    "close": lambda s, c: None,
    "decisions.confirm": lambda s, c: s.decisions.confirm(c.assessment, CONFIRMED),
    "reports.count": lambda s, c: s.reports.count(COUNTING),
    "reports.count_own": lambda s, c: s.reports.count_own(COUNTING),
    "reports.count_unit": lambda s, c: s.reports.count_unit(COUNTING),
    "reports.count_units": lambda s, c: s.reports.count_units(COUNTING),
    "reports.keep_counted": lambda s, c: s.reports.keep_counted(),
    "reports.count_past": lambda s, c: s.reports.count_past("adult", list),
    "reports.log_past_question": lambda s, c: s.reports.log_past_question("adult/1/2"),
    "reports.log_question": lambda s, c: s.reports.log_question("methods/2026"),
    "reports.log_own_question": lambda s, c: s.reports.log_own_question("caseload/2026"),
    "summaries.rebuild": lambda s, c: s.summaries.rebuild(),
    "summaries.whole_from": lambda s, c: s.summaries.whole_from(),
    "safety_plans.begin": lambda s, c: s.safety_plans.begin(c.client, c.assessment),
    "safety_plans.find": lambda s, c: s.safety_plans.find(c.client),
    "safety_plans.list_of": lambda s, c: s.safety_plans.list_of(c.client),
    "safety_plans.write": lambda s, c: s.safety_plans.write(c.plan, "own", "walk", before=""),
    "worklist.bring_up_to_date": lambda s, c: s.worklist.bring_up_to_date(),
    "worklist.count_items": lambda s, c: s.worklist.count_items(DAY),
    "worklist.list_contacts": lambda s, c: s.worklist.list_contacts(DAY, DAY),
    "worklist.count_contacts": lambda s, c: s.worklist.count_contacts(DAY, DAY),
    "decisions.find": lambda s, c: s.decisions.find(c.assessment),
    "staff.disable": lambda s, c: s.staff.disable("other"),
    "assessments.list_drafts": lambda s, c: s.assessments.list_drafts(),
    "staff.enable": lambda s, c: s.staff.enable("other"),
    "episodes.get": lambda s, c: s.episodes.get(c.episode),
    "episodes.find_of_assessment": lambda s, c: s.episodes.find_of_assessment(c.assessment),
    "episodes.list_of": lambda s, c: s.episodes.list_of(c.client),
    "find_faults": lambda s, c: s.find_faults(),
    "clients.find": lambda s, c: s.clients.find(c.code),
    "staff.set_unit": lambda s, c: s.staff.set_unit("other", HERE),
    "pathway_texts.keep_last_good": lambda s, c: s.pathway_texts.keep_last_good(PATHWAY),
    "pathway_texts.hold_at_hand": lambda s, c: s.pathway_texts.hold_at_hand(built_in("adult")),
    "pathway_texts.find_last_good": lambda s, c: s.pathway_texts.find_last_good(),
    "pathway_texts.keep_content": lambda s, c: s.pathway_texts.keep_content("A county", {}),
    "pathway_texts.find_content": lambda s, c: s.pathway_texts.find_content(),
    "log_event": lambda s, c: s.log_event("view.worklist"),
    "audit_log.log_export": lambda s, c: s.audit_log.log_export(c.assessment),
    "audit_log.log_view": lambda s, c: s.audit_log.log_view(c.assessment),
    "may": lambda s, c: s.may("read"),
    "clients.move_to_unit": lambda s, c: s.clients.move_to_unit(c.client, HERE),
    "need": lambda s, c: None,
    "staff.record_os_user": lambda s, c: s.staff.record_os_user("other", "maija"),
    "episodes.find_open": lambda s, c: s.episodes.find_open(c.client),
    "open_stops.list_of": lambda s, c: s.open_stops.list_of(c.client),
    "risk_marks.list_of": lambda s, c: s.risk_marks.list_of(c.client),
    "pathway_texts.read_files": lambda s, c: s.pathway_texts.read_files(PATHWAY.digest),
    "staff.list_all": lambda s, c: s.staff.list_all(),
    "answers.get_progress": lambda s, c: s.answers.get_progress(c.assessment),
    "clients.list_recent": lambda s, c: s.clients.list_recent(),
    "episodes.record_event": lambda s, c: s.episodes.record_event(
        c.episode, Opened(day=DAY), AROUND
    ),
    "answers.record": lambda s, c: s.answers.record(c.assessment, {"q1": 1}),
    "safety_steps.record": lambda s, c: s.safety_steps.record(
        c.assessment, "s", "c", "p", done=True
    ),
    "answers.take_in": lambda s, c: s.answers.take_in(
        c.assessment, {"q1": 1}, "navigator", day_begins(DAY)
    ),
    "answers.list_told": lambda s, c: s.answers.list_told(c.assessment),
    "answers.record_skip": lambda s, c: s.answers.record_skip(c.assessment, "q1"),
    "safety_steps.list_recorded": lambda s, c: s.safety_steps.list_recorded(c.assessment),
    "open_stops.list_of_code": lambda s, c: s.open_stops.list_of_code(c.code),
    "staff.set_roles": lambda s, c: s.staff.set_roles("other", ["nurse"]),
    "settings.set": lambda s, c: s.settings.set("idle_minutes", "7"),
    "staff.set_own_unit": lambda s, c: s.staff.set_own_unit("Kolmas sote-keskus"),
    "settings.get": lambda s, c: s.settings.get("language"),
    "assessments.start": lambda s, c: s.assessments.start(
        c.client, PATHWAY, setting="clinic", language="fi"
    ),
    "staff.get_own_unit": lambda s, c: s.staff.get_own_unit(),
    "staff.list_units": lambda s, c: s.staff.list_units(),
    "staff.list_colleagues": lambda s, c: s.staff.list_colleagues(),
    "episodes.find_death": lambda s, c: s.episodes.find_death(c.client),
    "audit_log.find_bad_event": lambda s, c: s.audit_log.find_bad_event(),
    "answers.withdraw": lambda s, c: s.answers.withdraw(c.assessment, "q1"),
    "safety_steps.withdraw": lambda s, c: s.safety_steps.withdraw(c.assessment, "s", "c", "p"),
    "answers.withdraw_outdated": lambda s, c: s.answers.withdraw_outdated(c.assessment, ["q1"]),
    "worklist.list_items": lambda s, c: s.worklist.list_items(DAY),
    "worklist.list_drafts": lambda s, c: s.worklist.list_drafts([c.assessment], DAY),
    "clients.list_seen": lambda s, c: s.clients.list_seen(),
    "clients.search": lambda s, c: s.clients.search(birth_year=1980),
}
"""One call of every public method of the store."""

OPEN = {
    "audit_log.get_head",
    "close",
    "find_faults",
    "pathway_texts.keep_last_good",
    "keep_apart",
    "pathway_texts.find_last_good",
    "pathway_texts.keep_content",
    "pathway_texts.find_content",
    "pathway_texts.hold_at_hand",
    "log_event",
    "may",
    "need",
    "pathway_texts.read_files",
    "staff.set_own_unit",
    "settings.get",
    "staff.get_own_unit",
    "staff.list_units",
    "audit_log.find_bad_event",
    "summaries.whole_from",
    "reports.keep_counted",
}
INSIDE = {
    "access",
    "append",
    "follow",
    "is_in_reach",
    "keep_clock_doubt",
    "ledger",
    "log",
    "log_refusal",
    "new_row",
    "put_setting",
    "reach_condition",
    "reading",
    "row",
    "rows",
    "timestamp",
    "writing",
}
"""What repositories share, and nobody outside the store calls."""
LOOK = {
    "assessments.get",
    "assessments.list_of",
    "corrections.list_card_changes",
    "clients.get",
    "staff.list_colleagues",
    "episodes.find_death",
    "worklist.bring_up_to_date",
    "worklist.count_items",
    "worklist.count_contacts",
    "worklist.list_contacts",
    "decisions.find",
    "assessments.list_drafts",
    "episodes.get",
    "episodes.find_of_assessment",
    "episodes.list_of",
    "clients.find",
    "corrections.list_joinings",
    "audit_log.log_export",
    "audit_log.log_view",
    "corrections.list_moved_away",
    "episodes.find_open",
    "open_stops.list_of",
    "risk_marks.list_of",
    "answers.get_progress",
    "answers.list_told",
    "clients.list_recent",
    "safety_plans.find",
    "safety_plans.list_of",
    "safety_steps.list_recorded",
    "open_stops.list_of_code",
    "worklist.list_items",
    "worklist.list_drafts",
    "clients.list_seen",
    "clients.search",
}
CARE = {
    "reports.count_own",
    "reports.log_own_question",
    "assessments.abandon",
    "clients.add",
    "answers.add_note",
    "episodes.attach_assessment",
    "episodes.begin",
    "decisions.confirm",
    "episodes.record_event",
    "answers.record",
    "safety_plans.begin",
    "safety_plans.write",
    "safety_steps.record",
    "answers.record_skip",
    "answers.take_in",
    "assessments.start",
    "answers.withdraw",
    "safety_steps.withdraw",
    "answers.withdraw_outdated",
}
OTHERS: dict[str, set[Role]] = {
    "reports.count": {"report"},
    "reports.count_unit": {"lead"},
    "reports.count_units": {"lead"},
    "reports.count_past": {"lead", "report"},
    "reports.log_past_question": {"lead", "report"},
    "reports.log_question": {"lead", "report"},
    "summaries.rebuild": {"admin"},
    "audit_log.check": {"lead", "auditor", "admin"},
    "audit_log.find_uses": {"lead", "auditor"},
    "audit_log.list_events": {"lead", "auditor"},
    "audit_log.take_head": {"lead", "auditor", "admin"},
    "clients.find_id": {"lead", "auditor"},
    "staff.list_all": {"lead", "admin"},
    "settings.set": {"lead", "admin"},
    "clients.move_to_unit": {"lead"},
    "corrections.correct_card": {"nurse", "lead"},
    "corrections.join_clients": {"nurse", "lead"},
    "corrections.part_clients": {"nurse", "lead"},
    "corrections.mark_wrong_client": {"nurse", "lead"},
    "corrections.move_assessment": {"nurse", "lead"},
    "staff.add": {"admin"},
    "staff.set_roles": {"admin"},
    "staff.set_unit": {"admin"},
    "staff.disable": {"admin"},
    "staff.enable": {"admin"},
    "staff.record_os_user": {"admin"},
}


def may_call(role: Role, name: str) -> bool:
    """Whether a role may use a method, written down here a second time on purpose."""
    if name in LOOK:
        return role in {"nurse", "lead"}
    if name in CARE:
        return role == "nurse"
    return name in OPEN or role in OTHERS[name]


def allowed(call: Callable[[], object]) -> bool:
    """Whether a call is not refused for the roles; what it does is tested elsewhere."""
    try:
        call()
    except NotAllowed:
        return False
    except StoreError:
        return True
    return True


def test_no_public_method_of_the_store_is_left_out_here(site: Site) -> None:
    repositories = {
        f"{noun}.{verb}"
        for noun, repository in vars(site.boss).items()
        if isinstance(repository, Repository)
        for verb, _ in inspect.getmembers(repository, inspect.ismethod)
        if not verb.startswith("_")
    }
    session = {
        name
        for name, _ in inspect.getmembers(Store, inspect.isfunction)
        if not name.startswith("_")
    }
    assert CALLS.keys() == repositories | (session - INSIDE)
    assert session > INSIDE


def test_a_method_on_which_no_permission_stands_stops_the_program() -> None:
    with pytest.raises(TypeError, match="everything"):

        class Longer(Repository):
            def everything(self) -> list[str]:
                return []


@pytest.mark.parametrize("role", permissions.ROLES)
def test_each_role_may_do_what_its_table_says_and_nothing_else(site: Site, role: Role) -> None:
    site.boss.staff.add("other", ["nurse"])
    made = case(site.boss)
    with site.as_("worker", role) as store:
        for name, call in CALLS.items():
            expected = may_call(role, name)
            assert allowed(lambda call=call: call(store, made)) is expected, name  # type: ignore[misc]


def test_what_is_refused_changes_nothing_but_the_log(site: Site) -> None:
    made = case(site.boss)
    with site.as_("checker", "auditor") as store:
        before = {name: store.db.table(name).count for name in store.db.table_names()}
        for name, call in CALLS.items():
            if not may_call("auditor", name):
                with pytest.raises(NotAllowed):
                    call(store, made)
        after = {name: store.db.table(name).count for name in store.db.table_names()}
        assert {name for name in after if after[name] != before[name]} == {"audit"}
        assert store.audit_log.find_bad_event() is None
    told = [entry.event for entry in site.boss.audit_log.list_events(limit=99, actor="checker")]
    assert told.count("access.refused") > 30


@pytest.mark.parametrize("role", permissions.ROLES)
def test_the_log_is_read_by_those_alone_whose_task_it_is(site: Site, role: Role) -> None:
    made = case(site.boss)
    readers: dict[Role, tuple[bool, bool, bool]] = {
        "nurse": (False, False, False),
        "lead": (True, True, True),
        "auditor": (True, True, True),
        "admin": (False, False, True),
        "report": (False, False, False),
    }
    with site.as_("worker", role) as store:
        found = (
            allowed(lambda: store.audit_log.list_events(limit=5)),
            allowed(lambda: store.audit_log.find_uses(made.client)),
            allowed(lambda: (store.audit_log.check(), store.audit_log.take_head())),
        )
    assert found == readers[role]


def test_an_auditor_learns_who_used_a_clients_data_and_nothing_of_the_client(site: Site) -> None:
    made = case(site.boss)
    with site.as_("checker", "auditor") as store:
        found = store.clients.find_id(made.code)
        assert found == made.client
        assert {entry.actor for entry in store.audit_log.find_uses(made.client)} == {
            "boss",
            "checker",
        }
        with pytest.raises(NotAllowed):
            store.clients.find(made.code)


def test_the_first_worker_of_a_store_can_do_all_that_a_small_workplace_needs(site: Site) -> None:
    assert [each.roles for each in site.boss.staff.list_all()] == [("nurse", "lead", "admin")]
    with site.as_("later") as other, other.reading():
        assert other.access().roles == {"nurse"}


def test_roles_add_up(site: Site) -> None:
    with site.as_("both", "auditor", "nurse") as store:
        assert store.may("log")
        assert store.may("care")
        assert not store.may("people")


def test_new_roles_count_in_a_session_that_is_open(site: Site) -> None:
    with site.as_("worker", "nurse") as store:
        assert store.clients.list_recent() == []
        site.boss.staff.set_roles("worker", ["admin"])
        with pytest.raises(NotAllowed) as refused:
            store.clients.list_recent()
        assert refused.value.values == {"roles": "admin", "needed": "lead, nurse"}


# -- units ------------------------------------------------------------------------------------


def test_a_nurse_works_with_the_clients_of_her_unit_and_with_those_without_one(site: Site) -> None:
    nobodys = case(site.boss)
    with site.as_("aino", "nurse", unit=HERE) as aino, site.as_("bo", "nurse", unit=THERE) as bo:
        ours, theirs = case(aino), case(bo)
        assert {client.id for client in aino.clients.list_recent()} == {ours.client, nobodys.client}
        assert {draft.assessment.id for draft in aino.assessments.list_drafts()} == {
            ours.assessment,
            nobodys.assessment,
        }
        waits = {item.client_id for item in aino.worklist.list_items(DAY, limit=50)}
        assert waits == {ours.client, nobodys.client}
        assert aino.worklist.count_items(DAY) == len(aino.worklist.list_items(DAY, limit=50))
        asked = [ours.assessment, nobodys.assessment, theirs.assessment]
        assert len(aino.worklist.list_drafts(asked, DAY)) == 2
        seen = {line.client.id for line in aino.clients.list_seen()}
        assert seen == {ours.client, nobodys.client}
        assert aino.clients.search(birth_year=1980).total == 2
        assert aino.clients.search(begins=theirs.code[:4]).total == 0
        assert aino.clients.get(nobodys.client)
        for name, call in CALLS.items():
            takes = inspect.signature(attrgetter(name)(aino)).parameters.keys() & {*RECORDS}
            if name in LOOK | CARE and (takes or name == "find_client"):
                with pytest.raises(OtherUnit):
                    call(aino, theirs)
        assert bo.answers.get_progress(theirs.assessment).seq == 0, "nothing was recorded"


def test_a_refusal_tells_nothing_and_is_in_the_log_under_the_client(site: Site) -> None:
    with site.as_("aino", "nurse", unit=HERE) as aino, site.as_("bo", "nurse", unit=THERE) as bo:
        theirs = case(bo)
        with pytest.raises(OtherUnit) as refused:
            aino.clients.find(theirs.code)
        said = str(refused.value)
        assert theirs.code not in said
        assert THERE not in said
        assert refused.value.values == {}
    tried = [
        entry for entry in site.boss.audit_log.find_uses(theirs.client) if entry.actor == "aino"
    ]
    assert [entry.event for entry in tried] == ["access.refused"]


def test_both_records_that_a_method_names_have_to_be_in_reach(site: Site) -> None:
    with site.as_("aino", "nurse", unit=HERE) as aino, site.as_("bo", "nurse", unit=THERE) as bo:
        ours, theirs = case(aino), case(bo)
        for assessment, episode in (
            (ours.assessment, theirs.episode),
            (theirs.assessment, ours.episode),
        ):
            with pytest.raises(OtherUnit):
                aino.episodes.attach_assessment(assessment, episode)
            with pytest.raises(OtherUnit):
                aino.episodes.attach_assessment(episode_id=episode, assessment_id=assessment)


def test_a_lead_reads_every_unit_and_a_nurse_who_is_lead_cares_in_her_own(site: Site) -> None:
    with site.as_("bo", "nurse", unit=THERE) as bo:
        theirs = case(bo)
    with site.as_("lea", "lead", "nurse", unit=HERE) as lea:
        assert lea.clients.get(theirs.client).code == theirs.code
        assert len(lea.assessments.list_drafts()) == 1
        with pytest.raises(OtherUnit):
            lea.answers.record(theirs.assessment, {"q1": 1})


def test_a_client_who_moves_is_found_in_the_new_unit_alone(site: Site) -> None:
    with site.as_("aino", "nurse", unit=HERE) as aino, site.as_("bo", "nurse", unit=THERE) as bo:
        moved = case(bo)
        bo.episodes.record_event(moved.episode, NextContact(day=DAY, due=DAY), AROUND)
        site.boss.clients.move_to_unit(moved.client, HERE)
        assert aino.answers.get_progress(moved.assessment).seq == 0
        assert [item.client_id for item in aino.worklist.list_contacts(DAY, DAY)]
        assert bo.worklist.list_contacts(DAY, DAY) == []
        assert [item.client_id for item in aino.worklist.list_items(DAY)]
        assert bo.worklist.list_items(DAY) == []
        with pytest.raises(OtherUnit):
            bo.clients.get(moved.client)
        site.boss.clients.move_to_unit(moved.client, THERE)
        assert bo.clients.get(moved.client)
    assert site.boss.audit_log.find_bad_event() is None
    told = [entry.event for entry in site.boss.audit_log.find_uses(moved.client)]
    assert told.count("move.made") == 2


def test_a_client_moves_only_where_somebody_works(site: Site) -> None:
    made = case(site.boss)
    site.boss.staff.set_own_unit(HERE)
    for unit in (THERE, "", " "):
        with pytest.raises(RefusedText):
            site.boss.clients.move_to_unit(made.client, unit)
    with pytest.raises(UnknownRecord):
        site.boss.clients.move_to_unit("nobody", HERE)


def test_nobody_walks_into_a_unit_by_naming_it(site: Site) -> None:
    with site.as_("bo", "nurse", unit=THERE) as bo, site.as_("aino", "nurse") as aino:
        theirs = case(bo)
        with pytest.raises(UnitOfOthers):
            aino.staff.set_own_unit(f" {THERE} ")
        with pytest.raises(OtherUnit):
            aino.clients.get(theirs.client)
        aino.staff.set_own_unit(HERE)
        assert aino.staff.get_own_unit() == HERE
        site.boss.staff.set_unit("aino", THERE)
        assert aino.clients.get(theirs.client)


def test_a_client_stays_when_the_nurse_goes_to_another_unit(site: Site) -> None:
    with site.as_("aino", "nurse", unit=HERE) as aino:
        made = case(aino)
        site.boss.staff.set_unit("aino", THERE)
        with pytest.raises(OtherUnit):
            aino.clients.get(made.client)


def test_an_unknown_record_is_unknown_to_all(site: Site) -> None:
    with site.as_("aino", "nurse", unit=HERE) as aino:
        for call in (aino.clients.get, aino.assessments.get, aino.episodes.get):
            with pytest.raises(UnknownRecord):
                call("nothing")


# -- people -----------------------------------------------------------------------------------


def test_a_staff_code_out_of_use_opens_nothing_and_stops_what_is_open(site: Site) -> None:
    with site.as_("worker", "nurse") as store:
        site.boss.staff.disable("worker")
        with pytest.raises(NotAllowed):
            store.clients.list_recent()
    with pytest.raises(AccountDisabled), site.as_("worker"):
        pass
    assert (
        next(entry.event for entry in site.boss.audit_log.list_events(limit=2)) == "access.refused"
    )
    site.boss.staff.enable("worker")
    with site.as_("worker") as store:
        assert store.clients.list_recent() == []


def test_somebody_can_always_look_after_the_people(site: Site) -> None:
    with pytest.raises(LastAdministrator):
        site.boss.staff.disable("boss")
    with pytest.raises(LastAdministrator):
        site.boss.staff.set_roles("boss", ["nurse"])
    with pytest.raises(LastAdministrator):
        site.boss.staff.add("boss", ["nurse"])
    site.boss.staff.add("second", ["admin"])
    site.boss.staff.disable("second")
    with pytest.raises(LastAdministrator):
        site.boss.staff.disable("boss")
    site.boss.staff.enable("second")
    site.boss.staff.set_roles("boss", ["lead"])
    assert not site.boss.may("people")


def test_people_are_told_in_the_log_and_the_log_holds(site: Site) -> None:
    site.boss.staff.add("Aino", ["lead", "nurse"], HERE)
    site.boss.staff.record_os_user("aino", "aino.k")
    site.boss.staff.record_os_user("aino", None)
    site.boss.staff.disable("aino")
    site.boss.staff.add("aino", ["auditor"])
    (boss, aino) = site.boss.staff.list_all()
    assert (boss.handle, aino.handle) == ("boss", "aino")
    assert (aino.roles, aino.unit, aino.disabled) == (("auditor",), HERE, False)
    told = [entry.event for entry in site.boss.audit_log.list_events(limit=99)]
    assert told[-9:-1] == [
        "worker.added",
        "person.roles",
        "unit.named",
        "person.os_user",
        "person.os_user",
        "person.disabled",
        "person.roles",
        "person.enabled",
    ]
    assert chain.first_bad(site.boss.db) is None


@pytest.mark.parametrize("handle", ["nobody", ""])
def test_only_people_who_are_there_are_changed(site: Site, handle: str) -> None:
    calls: tuple[Callable[..., Any], ...] = (site.boss.staff.disable, site.boss.staff.enable)
    for call in calls:
        with pytest.raises(UnknownHandle):
            call(handle)
    with pytest.raises(UnknownHandle):
        site.boss.staff.set_roles(handle, ["nurse"])
    with pytest.raises(RefusedText):
        site.boss.staff.set_roles("boss", [])


def test_in_a_file_that_nobody_opens_the_roles_hold_as_well(site: Site) -> None:
    site.boss.staff.add("aino", ["nurse"])
    site.boss.staff.add("bo", ["admin"])
    site.boss.staff.add("left", ["admin"])
    site.boss.staff.disable("left")
    for handle in ("boss", "bo"):
        need_in(site.boss.db, handle, "upkeep")
    for handle in ("aino", "left", "nobody"):
        with pytest.raises(NotAllowed):
            need_in(site.boss.db, handle, "upkeep")
