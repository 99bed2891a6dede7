"""Who may do what: if these fail, somebody reads or records what is not theirs, or cannot work."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from stepping.episode.events import Opened
from stepping.episode.validation import ValidationContext
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
from store.records import Confirmation, PathwayCopy
from store.repository import audit_log, permissions
from store.repository.permissions import Role
from store.repository.store import Store
from tests.store.conftest import PATHWAY, TickingClock

DAY = date(2026, 11, 22)
AROUND = ValidationContext(DAY, 1980, {}, {}, {})
HERE, THERE = "Lahden sote-keskus", "Hollolan sote-keskus"
CONFIRMED = Confirmation(
    decision_json="{}", suggested_step=1, confirmed_step=1, final_answers_seq=0
)


class Site:
    """A store in which workers open sessions of their own."""

    def __init__(self, path: Path, key: bytes, clock: TickingClock) -> None:
        self.path, self.key, self.clock = path, key, clock
        self.boss = Store.create(path, key, "boss", clock)

    @contextmanager
    def as_(self, handle: str, *given: Role, unit: str | None = None) -> Iterator[Store]:
        """The store as a worker with these roles sees it."""
        if given:
            self.boss.add_person(handle, given, unit)
        with Store.open(self.path, self.key, handle, self.clock) as opened:
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


def case(store: Store, pathway: PathwayCopy = PATHWAY) -> Case:
    client = store.add_client(birth_year=1980, language="fi")
    assessment = store.start(client.id, pathway, setting="clinic", language="fi")
    episode = store.begin_episode(client.id, Opened(day=DAY), AROUND)
    return Case(client.id, client.code, assessment.id, episode.id)


CALLS: dict[str, Callable[[Store, Case], object]] = {
    "abandon": lambda s, c: s.abandon(c.assessment, "left"),
    "add_client": lambda s, c: s.add_client(birth_year=1980, language="fi"),
    "add_note": lambda s, c: s.add_note(c.assessment, "q1", "tired"),
    "add_person": lambda s, c: s.add_person("newcomer", ["nurse"]),
    "assessment": lambda s, c: s.assessment(c.assessment),
    "assessments_of": lambda s, c: s.assessments_of(c.client),
    "attach": lambda s, c: s.attach(c.assessment, c.episode),
    "audit_head": lambda s, c: s.audit_head(),
    "card_changes": lambda s, c: s.card_changes(c.client),
    "correct_client": lambda s, c: s.correct_client(
        c.client,
        birth_year=1981,
        sex=None,
        language="fi",
        municipality=None,
        why="typed wrong",
        after=None,
    ),
    "join_clients": lambda s, c: s.join_clients(c.client, c.client, "the same"),
    "joinings": lambda s, c: s.joinings(c.client),
    "keep_apart": lambda s, c: s.keep_apart(),
    "mark_wrong": lambda s, c: s.mark_wrong(c.assessment, "hers", after=None),
    "move_assessment": lambda s, c: s.move_assessment(c.assessment, c.client, "hers", after=None),
    "moved_away": lambda s, c: s.moved_away(c.client),
    "part_clients": lambda s, c: s.part_clients(c.client, c.code, "two people"),
    "begin_episode": lambda s, c: s.begin_episode(c.client, Opened(day=DAY), AROUND),
    "client": lambda s, c: s.client(c.client),
    "client_id": lambda s, c: s.client_id(c.code),
    "close": lambda s, c: None,
    "confirm": lambda s, c: s.confirm(c.assessment, CONFIRMED),
    "count_worklist": lambda s, c: s.count_worklist(DAY),
    "decision": lambda s, c: s.decision(c.assessment),
    "disable": lambda s, c: s.disable("other"),
    "drafts": lambda s, c: s.drafts(),
    "enable": lambda s, c: s.enable("other"),
    "episode": lambda s, c: s.episode(c.episode),
    "episode_of": lambda s, c: s.episode_of(c.assessment),
    "episodes_of": lambda s, c: s.episodes_of(c.client),
    "faults": lambda s, c: s.faults(),
    "find_client": lambda s, c: s.find_client(c.code),
    "give_unit": lambda s, c: s.give_unit("other", HERE),
    "keep_good": lambda s, c: s.keep_good(PATHWAY),
    "last_good": lambda s, c: s.last_good(),
    "log_deed": lambda s, c: s.log_deed("view.worklist"),
    "log_export": lambda s, c: s.log_export(c.assessment),
    "log_view": lambda s, c: s.log_view(c.assessment),
    "may": lambda s, c: s.may("read"),
    "me": lambda s, c: s.me(),
    "move_client": lambda s, c: s.move_client(c.client, HERE),
    "need": lambda s, c: None,
    "note_os_user": lambda s, c: s.note_os_user("other", "maija"),
    "open_episode_of": lambda s, c: s.open_episode_of(c.client),
    "open_stops": lambda s, c: s.open_stops(c.client),
    "pathway_files": lambda s, c: s.pathway_files(PATHWAY.digest),
    "people": lambda s, c: s.people(),
    "progress": lambda s, c: s.progress(c.assessment),
    "rebuild_worklist": lambda s, c: s.rebuild_worklist(),
    "recent_clients": lambda s, c: s.recent_clients(),
    "record": lambda s, c: s.record(c.episode, Opened(day=DAY), AROUND),
    "record_answers": lambda s, c: s.record_answers(c.assessment, {"q1": 1}),
    "record_safety": lambda s, c: s.record_safety(c.assessment, "s", "c", "p", done=True),
    "record_skip": lambda s, c: s.record_skip(c.assessment, "q1"),
    "safety": lambda s, c: s.safety(c.assessment),
    "stops_of_code": lambda s, c: s.stops_of_code(c.code),
    "set_roles": lambda s, c: s.set_roles("other", ["nurse"]),
    "set_setting": lambda s, c: s.set_setting("idle_minutes", "7"),
    "set_unit": lambda s, c: s.set_unit("Kolmas sote-keskus"),
    "setting": lambda s, c: s.setting("language"),
    "start": lambda s, c: s.start(c.client, PATHWAY, setting="clinic", language="fi"),
    "unit": lambda s, c: s.unit(),
    "units": lambda s, c: s.units(),
    "colleagues": lambda s, c: s.colleagues(),
    "death_of": lambda s, c: s.death_of(c.client),
    "verify_chain": lambda s, c: s.verify_chain(),
    "withdraw": lambda s, c: s.withdraw(c.assessment, "q1"),
    "withdraw_safety": lambda s, c: s.withdraw_safety(c.assessment, "s", "c", "p"),
    "withdraw_outdated": lambda s, c: s.withdraw_outdated(c.assessment, ["q1"]),
    "worklist": lambda s, c: s.worklist(DAY),
}
"""One call of every public method of the store."""

OPEN = {
    "audit_head",
    "close",
    "faults",
    "keep_good",
    "keep_apart",
    "last_good",
    "log_deed",
    "may",
    "me",
    "need",
    "pathway_files",
    "set_unit",
    "setting",
    "unit",
    "units",
    "verify_chain",
}
LOOK = {
    "assessment",
    "assessments_of",
    "card_changes",
    "client",
    "colleagues",
    "death_of",
    "count_worklist",
    "decision",
    "drafts",
    "episode",
    "episode_of",
    "episodes_of",
    "find_client",
    "joinings",
    "log_export",
    "log_view",
    "moved_away",
    "open_episode_of",
    "open_stops",
    "progress",
    "recent_clients",
    "safety",
    "stops_of_code",
    "worklist",
}
CARE = {
    "abandon",
    "add_client",
    "add_note",
    "attach",
    "begin_episode",
    "confirm",
    "record",
    "record_answers",
    "record_safety",
    "record_skip",
    "start",
    "withdraw",
    "withdraw_safety",
    "withdraw_outdated",
}
OTHERS: dict[str, set[Role]] = {
    "client_id": {"lead", "auditor"},
    "people": {"lead", "admin"},
    "set_setting": {"lead", "admin"},
    "move_client": {"lead"},
    "correct_client": {"nurse", "lead"},
    "join_clients": {"nurse", "lead"},
    "part_clients": {"nurse", "lead"},
    "mark_wrong": {"nurse", "lead"},
    "move_assessment": {"nurse", "lead"},
    "add_person": {"admin"},
    "set_roles": {"admin"},
    "give_unit": {"admin"},
    "disable": {"admin"},
    "enable": {"admin"},
    "note_os_user": {"admin"},
    "rebuild_worklist": {"admin"},
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


def test_no_public_method_of_the_store_is_left_out_here() -> None:
    public = {
        name
        for name, _ in inspect.getmembers(Store, inspect.isfunction)
        if not name.startswith("_")
    }
    assert CALLS.keys() == public


def test_a_method_that_is_in_no_table_stops_the_program() -> None:
    class Longer(Store):
        def everything(self) -> list[str]:
            return []

    with pytest.raises(TypeError, match="everything"):
        permissions.guarded(Longer)


@pytest.mark.parametrize("role", permissions.ROLES)
def test_each_role_may_do_what_its_table_says_and_nothing_else(site: Site, role: Role) -> None:
    site.boss.add_person("other", ["nurse"])
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
        assert store.verify_chain() is None
    told = [entry.event for entry in audit_log.log(site.boss, limit=99, actor="checker")]
    assert told.count("access.refused") > 30


@pytest.mark.parametrize("role", permissions.ROLES)
def test_the_log_is_read_by_those_alone_whose_task_it_is(site: Site, role: Role) -> None:
    made = case(site.boss)
    readers: dict[Role, tuple[bool, bool, bool]] = {
        "nurse": (False, False, False),
        "lead": (True, True, True),
        "auditor": (True, True, True),
        "admin": (False, False, True),
    }
    with site.as_("worker", role) as store:
        found = (
            allowed(lambda: audit_log.log(store, limit=5)),
            allowed(lambda: audit_log.uses(store, made.client)),
            allowed(lambda: (audit_log.verify(store), audit_log.head(store))),
        )
    assert found == readers[role]


def test_an_auditor_learns_who_used_a_clients_data_and_nothing_of_the_client(site: Site) -> None:
    made = case(site.boss)
    with site.as_("checker", "auditor") as store:
        found = store.client_id(made.code)
        assert found == made.client
        assert {entry.actor for entry in audit_log.uses(store, made.client)} == {"boss", "checker"}
        with pytest.raises(NotAllowed):
            store.find_client(made.code)


def test_the_first_worker_of_a_store_can_do_all_that_a_small_workplace_needs(site: Site) -> None:
    assert site.boss.me().roles == ("nurse", "lead", "admin")
    with site.as_("later") as other:
        assert other.me().roles == ("nurse",)


def test_roles_add_up(site: Site) -> None:
    with site.as_("both", "auditor", "nurse") as store:
        assert store.may("log")
        assert store.may("care")
        assert not store.may("people")


def test_new_roles_count_in_a_session_that_is_open(site: Site) -> None:
    with site.as_("worker", "nurse") as store:
        assert store.recent_clients() == []
        site.boss.set_roles("worker", ["admin"])
        with pytest.raises(NotAllowed) as refused:
            store.recent_clients()
        assert refused.value.values == {"roles": "admin", "needed": "lead, nurse"}


# -- units ------------------------------------------------------------------------------------


def test_a_nurse_works_with_the_clients_of_her_unit_and_with_those_without_one(site: Site) -> None:
    nobodys = case(site.boss)
    with site.as_("aino", "nurse", unit=HERE) as aino, site.as_("bo", "nurse", unit=THERE) as bo:
        ours, theirs = case(aino), case(bo)
        assert {client.id for client in aino.recent_clients()} == {ours.client, nobodys.client}
        assert {draft.assessment.id for draft in aino.drafts()} == {
            ours.assessment,
            nobodys.assessment,
        }
        waits = {item.client_id for item in aino.worklist(DAY, limit=50)}
        assert waits == {ours.client, nobodys.client}
        assert aino.count_worklist(DAY) == len(aino.worklist(DAY, limit=50))
        assert aino.client(nobodys.client)
        for name, call in CALLS.items():
            takes = inspect.signature(getattr(Store, name)).parameters.keys() & {
                *permissions.RECORDS
            }
            if name in LOOK | CARE and (takes or name == "find_client"):
                with pytest.raises(OtherUnit):
                    call(aino, theirs)
        assert bo.progress(theirs.assessment).seq == 0, "nothing was recorded"


def test_a_refusal_tells_nothing_and_is_in_the_log_under_the_client(site: Site) -> None:
    with site.as_("aino", "nurse", unit=HERE) as aino, site.as_("bo", "nurse", unit=THERE) as bo:
        theirs = case(bo)
        with pytest.raises(OtherUnit) as refused:
            aino.find_client(theirs.code)
        said = str(refused.value)
        assert theirs.code not in said
        assert THERE not in said
        assert refused.value.values == {}
    tried = [entry for entry in audit_log.uses(site.boss, theirs.client) if entry.actor == "aino"]
    assert [entry.event for entry in tried] == ["access.refused"]


def test_both_records_that_a_method_names_have_to_be_in_reach(site: Site) -> None:
    with site.as_("aino", "nurse", unit=HERE) as aino, site.as_("bo", "nurse", unit=THERE) as bo:
        ours, theirs = case(aino), case(bo)
        for assessment, episode in (
            (ours.assessment, theirs.episode),
            (theirs.assessment, ours.episode),
        ):
            with pytest.raises(OtherUnit):
                aino.attach(assessment, episode)
            with pytest.raises(OtherUnit):
                aino.attach(episode_id=episode, assessment_id=assessment)


def test_a_lead_reads_every_unit_and_a_nurse_who_is_lead_cares_in_her_own(site: Site) -> None:
    with site.as_("bo", "nurse", unit=THERE) as bo:
        theirs = case(bo)
    with site.as_("lea", "lead", "nurse", unit=HERE) as lea:
        assert lea.client(theirs.client).code == theirs.code
        assert len(lea.drafts()) == 1
        with pytest.raises(OtherUnit):
            lea.record_answers(theirs.assessment, {"q1": 1})


def test_a_client_who_moves_is_found_in_the_new_unit_alone(site: Site) -> None:
    with site.as_("aino", "nurse", unit=HERE) as aino, site.as_("bo", "nurse", unit=THERE) as bo:
        moved = case(bo)
        site.boss.move_client(moved.client, HERE)
        assert aino.progress(moved.assessment).seq == 0
        assert [item.client_id for item in aino.worklist(DAY)]
        assert bo.worklist(DAY) == []
        with pytest.raises(OtherUnit):
            bo.client(moved.client)
        site.boss.move_client(moved.client, THERE)
        assert bo.client(moved.client)
    assert site.boss.verify_chain() is None
    told = [entry.event for entry in audit_log.uses(site.boss, moved.client)]
    assert told.count("move.made") == 2


def test_a_client_moves_only_where_somebody_works(site: Site) -> None:
    made = case(site.boss)
    site.boss.set_unit(HERE)
    for unit in (THERE, "", " "):
        with pytest.raises(RefusedText):
            site.boss.move_client(made.client, unit)
    with pytest.raises(UnknownRecord):
        site.boss.move_client("nobody", HERE)


def test_nobody_walks_into_a_unit_by_naming_it(site: Site) -> None:
    with site.as_("bo", "nurse", unit=THERE) as bo, site.as_("aino", "nurse") as aino:
        theirs = case(bo)
        with pytest.raises(UnitOfOthers):
            aino.set_unit(f" {THERE} ")
        with pytest.raises(OtherUnit):
            aino.client(theirs.client)
        aino.set_unit(HERE)
        assert aino.unit() == HERE
        site.boss.give_unit("aino", THERE)
        assert aino.client(theirs.client)


def test_a_client_stays_when_the_nurse_goes_to_another_unit(site: Site) -> None:
    with site.as_("aino", "nurse", unit=HERE) as aino:
        made = case(aino)
        site.boss.give_unit("aino", THERE)
        with pytest.raises(OtherUnit):
            aino.client(made.client)


def test_an_unknown_record_is_unknown_to_all(site: Site) -> None:
    with site.as_("aino", "nurse", unit=HERE) as aino:
        for call in (aino.client, aino.assessment, aino.episode):
            with pytest.raises(UnknownRecord):
                call("nothing")


# -- people -----------------------------------------------------------------------------------


def test_a_staff_code_out_of_use_opens_nothing_and_stops_what_is_open(site: Site) -> None:
    with site.as_("worker", "nurse") as store:
        site.boss.disable("worker")
        with pytest.raises(NotAllowed):
            store.recent_clients()
    with pytest.raises(AccountDisabled), site.as_("worker"):
        pass
    assert next(entry.event for entry in audit_log.log(site.boss, limit=2)) == "access.refused"
    site.boss.enable("worker")
    with site.as_("worker") as store:
        assert store.recent_clients() == []


def test_somebody_can_always_look_after_the_people(site: Site) -> None:
    with pytest.raises(LastAdministrator):
        site.boss.disable("boss")
    with pytest.raises(LastAdministrator):
        site.boss.set_roles("boss", ["nurse"])
    with pytest.raises(LastAdministrator):
        site.boss.add_person("boss", ["nurse"])
    site.boss.add_person("second", ["admin"])
    site.boss.disable("second")
    with pytest.raises(LastAdministrator):
        site.boss.disable("boss")
    site.boss.enable("second")
    site.boss.set_roles("boss", ["lead"])
    assert not site.boss.may("people")


def test_people_are_told_in_the_log_and_the_log_holds(site: Site) -> None:
    site.boss.add_person("Aino", ["lead", "nurse"], HERE)
    site.boss.note_os_user("aino", "aino.k")
    site.boss.note_os_user("aino", None)
    site.boss.disable("aino")
    site.boss.add_person("aino", ["auditor"])
    (boss, aino) = site.boss.people()
    assert (boss.handle, aino.handle) == ("boss", "aino")
    assert (aino.roles, aino.unit, aino.disabled) == (("auditor",), HERE, False)
    told = [entry.event for entry in audit_log.log(site.boss, limit=99)]
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
    calls: tuple[Callable[..., Any], ...] = (site.boss.disable, site.boss.enable)
    for call in calls:
        with pytest.raises(UnknownHandle):
            call(handle)
    with pytest.raises(UnknownHandle):
        site.boss.set_roles(handle, ["nurse"])
    with pytest.raises(RefusedText):
        site.boss.set_roles("boss", [])


def test_in_a_file_that_nobody_opens_the_roles_hold_as_well(site: Site) -> None:
    site.boss.add_person("aino", ["nurse"])
    site.boss.add_person("bo", ["admin"])
    site.boss.add_person("left", ["admin"])
    site.boss.disable("left")
    for handle in ("boss", "bo"):
        need_in(site.boss.db, handle, "upkeep")
    for handle in ("aino", "left", "nobody"):
        with pytest.raises(NotAllowed):
            need_in(site.boss.db, handle, "upkeep")
