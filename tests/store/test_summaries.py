"""If these fail, a report tells something else than the records, or changes by a purge."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from casework.training.caseload import caseload
from stepping.episode.events import Contact, Missed, NeedEstablished, Paused, Resumed, TrackEvent
from store.database.tables import v9_facts
from store.errors import AppendOnly, StoreError
from store.maintenance import derived, integrity
from store.opening.store_file import open_store
from store.paths import StorePaths
from store.records import Client
from store.repository.store import Store
from store.repository.summaries import WHOLE_FROM
from store.retention import erasure, retention
from store.training.opening import open_training
from store.training.reset import reset_training
from store.training.shapes import read_shapes
from tests.store.conftest import TickingClock
from tests.store.summary_rows import HEAD_OF, from_nothing, keyed, summaries
from tests.store.test_retention import Workspace
from tests.store.test_schema import of_version

NOW = datetime.datetime(2026, 12, 6, 10, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(days=400)


@pytest.fixture
def workspace(store: Store, clock: TickingClock) -> Workspace:
    return Workspace(store, clock)


# -- what is done in any order ---------------------------------------------------------------------


class Walk:
    """Random deeds on a few clients, each as the store takes it or refuses it."""

    def __init__(self, workspace: Workspace, chance: random.Random) -> None:
        self.workspace, self.store, self.chance = workspace, workspace.store, chance
        self.clients = [self._client() for _ in range(4)]

    def _client(self) -> Client:
        sex = self.chance.choice(["f", "m", "x", None])
        return self.workspace.client(sex=sex, municipality=self.chance.choice([None, "hollola"]))

    def do(self) -> str:
        deeds: list[Callable[[], object]] = [
            self.assess,
            self.care,
            self.tell,
            self.tell,
            self.tell,
            self.correct,
            self.join,
            self.part,
            self.move,
            self.mark,
            self.close,
            self.move_unit,
            self.abandon,
            self.purge,
        ]
        deed = self.chance.choice(deeds)
        self.workspace.wait(self.chance.choice([0.01, 0.5, 3]))
        with suppress(StoreError, IndexError):
            deed()
        return deed.__name__

    @property
    def client(self) -> Client:
        return self.store.clients.get(self.chance.choice(self.clients).id)

    @property
    def assessment(self) -> Any:
        return self.chance.choice(self.store.assessments.list_of(self.client.id))

    @property
    def episode(self) -> str:
        return self.chance.choice(self.store.episodes.list_of(self.client.id))[0].id

    def assess(self) -> None:
        self.workspace.assess(self.client, code=self.chance.choice([None, "client_wish"]))

    def care(self) -> None:
        self.workspace.care(self.client)

    def tell(self) -> None:
        day = self.workspace.clock.now.date()
        events = [
            NeedEstablished(day=day),
            Paused(day=day, why="medical"),
            Resumed(day=day),
            Contact(day=day, period="p1"),
            Missed(day=day, period="p1", why="not_come"),
            TrackEvent(day=day, track="work_ability", what="consented"),
            TrackEvent(day=day, track="work_ability", what="ended"),
        ]
        self.workspace.tell(self.episode, self.chance.choice(events))

    def correct(self) -> None:
        client = self.client
        self.store.corrections.correct_card(
            client.id,
            birth_year=self.chance.choice([None, 1950, 2001]),
            sex=client.sex,
            language=self.chance.choice(["fi", "sv", "so"]),
            municipality=client.municipality,
            why="typed wrong",
            after=client.card,
        )

    def join(self) -> None:
        self.store.corrections.join_clients(self.client.id, self.client.id, "one person")

    def part(self) -> None:
        client = self.client
        self.store.corrections.part_clients(client.id, client.also[0], "two people")

    def move(self) -> None:
        one = self.assessment
        self.store.corrections.move_assessment(one.id, self.client.id, "x", after=one.move)

    def mark(self) -> None:
        one = self.assessment
        self.store.corrections.mark_wrong_client(one.id, "x", after=one.move)

    def close(self) -> None:
        self.workspace.close(self.episode)

    def move_unit(self) -> None:
        self.store.clients.move_to_unit(self.client.id, self.chance.choice(["Lahti", "Hollola"]))

    def abandon(self) -> None:
        self.store.assessments.abandon(self.assessment.id, "client left")

    def purge(self) -> None:
        """Take some notes to the record, and delete what is due; no row may change by it."""
        for one in self.store.assessments.list_of(self.client.id):
            with suppress(StoreError):
                retention.mark_transferred(self.store, one.id)
        before = summaries(self.store)
        erasure.purge(self.store, 1)
        assert summaries(self.store) == before


def without_ordinals(told: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """The rows without the numbers of episodes: one stays as it was when an earlier one goes."""
    heads = [(key, *rest) for key, _, *rest in told["summary_episodes"]]
    return {**told, "summary_episodes": heads}


@pytest.mark.parametrize("seed", range(4))
def test_rows_kept_with_each_deed_are_those_made_from_nothing(
    workspace: Workspace, seed: int
) -> None:
    walk = Walk(workspace, random.Random(seed))
    done = []
    for number in range(40):
        done.append(walk.do())
        if number % 5 == 4:
            stands, anew = keyed(workspace.store), from_nothing(workspace.store)
            assert without_ordinals(stands) == without_ordinals(anew), done
            if "purge" not in done:
                assert stands == anew, done
    assert len({*done}) > 8
    assert workspace.store.audit_log.find_bad_event() is None


# -- a caseload ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A training store with a caseload."""
    path = tmp_path_factory.mktemp("summaries") / "training.db"
    shapes = read_shapes().model_copy(update={"clients": 30})
    reset_training(path, lambda: NOW, caseload(None, shapes))
    with open_training(path, lambda: LATER) as store:
        yield store


def test_the_rows_of_a_caseload_are_those_made_from_nothing(many: Store) -> None:
    stands = keyed(many)
    assert stands == from_nothing(many)
    for table in v9_facts.NAMES:
        assert stands[table], f"the caseload tells nothing of {table}"
    assert all(derived.summary_fits(many, each) for each in derived.episodes(many))
    assert all(derived.assessment_summary_fits(many, id_) for id_ in derived.closed(many))


def test_a_purge_of_a_caseload_changes_no_row(many: Store) -> None:
    for id_ in derived.closed(many):
        with suppress(StoreError):
            retention.mark_transferred(many, id_)
    many.clock = lambda: LATER + datetime.timedelta(days=100)
    before = summaries(many)
    done = erasure.purge(many, 30)
    assert done.episodes > 5
    assert summaries(many) == before
    assert keyed(many) != {}
    assert many.db.execute("PRAGMA foreign_key_check").fetchall() == []


# -- what guards them ------------------------------------------------------------------------------


def test_what_a_purge_has_kept_is_never_changed(workspace: Workspace) -> None:
    episode, made = workspace.care(workspace.client())
    workspace.close(episode)
    workspace.take(*made)
    workspace.wait(31)
    erasure.purge(workspace.store)
    before = summaries(workspace.store)
    for table in HEAD_OF:
        rows = workspace.store.db.table(table).count
        column = "place" if table in v9_facts.HEADS else "id"
        for attack in (f"UPDATE {table} SET {column} = {column} + 1", f"DELETE FROM {table}"):
            if rows:
                with pytest.raises(AppendOnly), workspace.store.writing():
                    workspace.store.db.execute(attack)
    assert summaries(workspace.store) == before


def test_a_damaged_row_is_told_and_made_anew(workspace: Workspace, path: Path, key: bytes) -> None:
    workspace.store.staff.add("boss", ["admin"])
    workspace.care(workspace.client())
    sound = keyed(workspace.store)

    def told() -> str:
        checks = integrity.check_deep(StorePaths(path, path, path), key, workspace.clock)
        (found,) = (each for each in checks if each.name == "reports")
        return found.level

    assert told() == "ok"
    damage = (
        "UPDATE summary_episodes SET age = NULL",
        "DELETE FROM summary_changes",
        "DELETE FROM summary_stops",
        "UPDATE summary_assessments SET confirmed = 4",
    )
    for sql in damage:
        with workspace.store.writing():
            workspace.store.db.execute(sql)
        assert keyed(workspace.store) != sound
        assert told() == "warning", sql
        with open_store(path, key, "boss", workspace.clock) as boss:
            boss.summaries.rebuild()
        assert keyed(workspace.store) == sound
        assert told() == "ok"


# -- older stores ----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [7, 8])
def test_an_older_store_tells_what_it_still_knows_and_since_when_all(
    number: int, path: Path, key: bytes
) -> None:
    of_version(number, path, key)
    with open_store(path, key, "nurse-1", lambda: NOW) as store:
        assert keyed(store) == from_nothing(store)
        old = [dict(row) for row in store.db.query("SELECT * FROM statistics")]
        assert old, "the test needs a row that an earlier version has kept"
        cut = "SELECT * FROM summary_assessments WHERE assessment_id ISNULL"
        carried = {row["place"]: row for row in store.db.query(cut)}
        assert carried.keys() == {row["place"] for row in old}
        for row in old:
            assert carried[row["place"]]["month"] == row["month"]
            assert carried[row["place"]]["confirmed"] == row["confirmed_step"]
        assert store.summaries.whole_from() == "2027-01"


def test_a_new_store_is_whole_from_its_first_month(store: Store) -> None:
    assert store.summaries.whole_from() is None
    assert store.settings.get(WHOLE_FROM) is None
