"""If these fail, what should be gone can still be read, or what is needed is deleted."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from stepping.episode.events import (
    Closed,
    Contact,
    Opened,
    PeriodEnded,
    PeriodStarted,
    Voice,
    Withdrawn,
)
from stepping.episode.validation import ValidationContext
from stepping.pathway.schema import Ages
from store.audit import chain, event_types
from store.database import engine, transactions
from store.database.tables import MAY_BE_PURGED, v9_facts
from store.errors import (
    AppendOnly,
    BrokenHistory,
    NotAllowed,
    NotConfirmed,
    StillNeeded,
    UnknownRecord,
)
from store.maintenance.salvage import salvage_store
from store.opening.store_file import open_store
from store.paths import find
from store.pathway_files.care import shipped_care
from store.pathway_files.files import built_in
from store.records import Assessment, Client, Confirmation, PathwayCopy
from store.repository.store import Store
from store.retention import erasure, related_rows, retention, subject_access
from tests.store.conftest import TickingClock
from tests.store.summary_rows import PLACES, cut_rows, summaries

DAY = datetime.timedelta(days=1)
AGES = Ages.model_validate({"from": 0, "to": 120})
AT_NIGHT = "wakes at four and counts the planks"
BRIDGE = "afraid of the bridge by the mill"
TOLD = (AT_NIGHT, BRIDGE)
"""What was said; nothing of it may be found when it is deleted."""

ADULT = PathwayCopy.of(built_in("adult"))


class Workspace(NamedTuple):
    """A store and its clock."""

    store: Store
    clock: TickingClock

    @property
    def around(self) -> ValidationContext:
        return ValidationContext(
            self.clock.now.date(), 1980, {"cbt": AGES}, {}, {}, shipped_care().tracks
        )

    def client(self, **known: Any) -> Client:
        return self.store.clients.add(birth_year=1980, language="fi", **known)

    def assess(self, client: Client, *, phq9: int = 12, code: str | None = None) -> Assessment:
        """An assessment with answers, a remark and a safety step, confirmed on step 2."""
        made = self.store.assessments.start(client.id, ADULT, setting="clinic", language="fi")
        self.store.answers.record(made.id, {"phq9.1": 2, "phq9.2": 3})
        self.store.answers.record(made.id, {"phq9.1": 1}, why="said again")
        self.store.answers.add_note(made.id, "phq9.1", AT_NIGHT)
        self.store.safety_steps.record(made.id, "S3", "suicide_acute", "alone", done=True)
        decision = {"urgency": "week", "stops": ["S3", "S1"], "scores": {"phq9.total": phq9}}
        self.store.decisions.confirm(
            made.id,
            Confirmation(
                decision_json=json.dumps({"decision": decision}),
                suggested_step=2 if code is None else 1,
                confirmed_step=2,
                reason_code=code,
                final_answers_seq=3,
            ),
        )
        return made

    def care(self, client: Client) -> tuple[str, list[Assessment]]:
        """An episode that is open: two assessments, a treatment that has ended, and a wish."""
        today = self.clock.now.date()
        episode = self.store.episodes.begin(client.id, Opened(day=today), self.around).id
        made = []
        for phq9 in (19, 7):
            made.append(self.assess(client, phq9=phq9))
            self.store.episodes.attach_assessment(made[-1].id, episode)
        self.tell(episode, Voice(day=today, about="goal", words=BRIDGE))
        self.tell(episode, PeriodStarted(day=today, period="p1", intervention="cbt", step=2))
        self.tell(episode, Contact(day=today, period="p1"))
        entry = self.store.episodes.get(episode)[1].entries[-1].id
        self.tell(episode, Withdrawn(day=today), supersedes=entry)
        self.tell(episode, PeriodEnded(day=today, period="p1", why="completed"))
        return episode, made

    def tell(self, episode: str, event: Any, supersedes: str | None = None) -> None:
        self.store.episodes.record_event(episode, event, self.around, supersedes=supersedes)

    def close(self, episode: str) -> None:
        self.tell(episode, Closed(day=self.clock.now.date(), how="recovered", despite="clinical"))

    def take(self, *made: Assessment) -> None:
        for each in made:
            retention.mark_transferred(self.store, each.id)

    def wait(self, days: float) -> None:
        self.clock.now += days * DAY

    def kept(self) -> dict[str, str | None]:
        """What keeps each bundle, by the client's code."""
        return {each.client: each.why for each in retention.survey(self.store)}

    def rows(self, *tables: str) -> dict[str, int]:
        return {name: self.store.db.table(name).count for name in tables}


@pytest.fixture
def workspace(store: Store, clock: TickingClock) -> Workspace:
    return Workspace(store, clock)


OF_CLIENTS = list(MAY_BE_PURGED)


# -- how long -----------------------------------------------------------------------------------


def test_a_note_in_the_record_is_kept_thirty_days_and_then_goes(workspace: Workspace) -> None:
    client = workspace.client()
    workspace.take(workspace.assess(client))
    workspace.wait(29.9)
    assert workspace.kept() == {client.code: "waits"}
    assert erasure.purge(workspace.store).assessments == 0
    workspace.wait(0.2)
    assert workspace.kept() == {client.code: None}
    assert retention.count_due(workspace.store) == 1
    assert erasure.purge(workspace.store).assessments == 1
    assert retention.count_due(workspace.store) == 0


def test_what_is_not_in_the_record_stays_for_ever(workspace: Workspace) -> None:
    not_taken, draft = workspace.client(), workspace.client()
    workspace.assess(not_taken)
    workspace.store.assessments.start(draft.id, ADULT, setting="clinic", language="fi")
    workspace.wait(5000)
    assert workspace.kept() == {not_taken.code: "not_taken", draft.code: "draft"}
    assert erasure.purge(workspace.store, 1).records == 0
    assert workspace.rows("assessments") == {"assessments": 2}


def test_an_assessment_without_a_step_has_nothing_to_be_taken(workspace: Workspace) -> None:
    client = workspace.client()
    made = workspace.store.assessments.start(client.id, ADULT, setting="clinic", language="fi")
    with pytest.raises(NotConfirmed):
        retention.mark_transferred(workspace.store, made.id)
    workspace.store.assessments.abandon(made.id, "client left")
    workspace.wait(31)
    assert workspace.kept() == {client.code: None}
    with pytest.raises(UnknownRecord):
        retention.mark_transferred(workspace.store, "no such")


def test_an_open_episode_keeps_the_baseline_that_follow_up_needs(workspace: Workspace) -> None:
    client = workspace.client()
    episode, made = workspace.care(client)
    workspace.take(*made)
    workspace.wait(400)
    assert workspace.kept() == {client.code: "open_episode"}
    assert erasure.purge(workspace.store, 1).records == 0
    workspace.close(episode)
    assert workspace.kept() == {client.code: "changed"}, "no note tells how care ended"
    workspace.take(*made)
    assert workspace.kept() == {client.code: "waits"}, "its days are counted from the end"
    workspace.wait(31)
    assert retention.count_due(workspace.store) == 2
    assert erasure.purge(workspace.store)[:3] == (1, 1, 2)


def test_one_note_that_was_not_taken_keeps_the_whole_episode(workspace: Workspace) -> None:
    client = workspace.client()
    episode, (first, _) = workspace.care(client)
    workspace.take(first)
    workspace.close(episode)
    workspace.wait(400)
    assert workspace.kept() == {client.code: "not_taken"}


def test_what_an_episode_was_told_after_its_note_was_taken_is_not_deleted_untaken(
    workspace: Workspace,
) -> None:
    """An entry stands in the note of the measurement before it, and in the one after it."""
    client, begun = workspace.client(), workspace.clock.now.date()
    episode = workspace.store.episodes.begin(client.id, Opened(day=begun), workspace.around).id
    made = []
    for phq9 in (19, 12, 7):
        made.append(workspace.assess(client, phq9=phq9))
        workspace.store.episodes.attach_assessment(made[-1].id, episode)
        workspace.wait(10)
    first, second, third = made
    workspace.tell(episode, Voice(day=begun + 5 * DAY, about="wish", words="told late"))
    workspace.close(episode)
    workspace.take(third)
    workspace.wait(1)
    assert workspace.kept() == {client.code: "not_taken"}
    workspace.take(first, second)
    assert workspace.kept() == {client.code: "waits"}, "two notes tell what was told late"
    closed = workspace.store.episodes.get(episode)[1].entries[-1].id
    today = workspace.clock.now.date()
    workspace.tell(episode, Withdrawn(day=today), supersedes=closed)
    workspace.tell(episode, Voice(day=begun + 6 * DAY, about="wish", words="told later"))
    workspace.close(episode)
    workspace.take(third)
    workspace.wait(400)
    assert workspace.kept() == {client.code: "changed"}, "the last note says nothing of that day"
    taken = [retention.transfer_of(workspace.store, each.id) is not None for each in made]
    assert taken == [False, True, True], "the first note may be taken again"
    workspace.take(second)
    assert workspace.kept() == {client.code: "changed"}, "nothing is new to this one"
    workspace.take(first)
    assert workspace.kept() == {client.code: "waits"}
    assert workspace.store.audit_log.find_bad_event() is None


def test_an_episode_that_is_opened_again_keeps_all_of_it_again(workspace: Workspace) -> None:
    client = workspace.client()
    episode, made = workspace.care(client)
    workspace.close(episode)
    workspace.take(*made)
    workspace.wait(31)
    entry = workspace.store.episodes.get(episode)[1].entries[-1].id
    workspace.tell(episode, Withdrawn(day=workspace.clock.now.date()), supersedes=entry)
    assert workspace.kept() == {client.code: "open_episode"}


def test_a_safety_step_after_the_note_was_taken_needs_the_note_taken_again(
    workspace: Workspace,
) -> None:
    client = workspace.client()
    made = workspace.assess(client)
    workspace.take(made)
    first = retention.transfer_of(workspace.store, made.id)
    assert first is not None
    assert first.by == "nurse-1"
    workspace.store.safety_steps.record(made.id, "S3", "suicide_acute", "doctor", done=True)
    assert retention.transfer_of(workspace.store, made.id) is None
    workspace.wait(31)
    assert workspace.kept() == {client.code: "not_taken"}
    workspace.take(made)
    assert workspace.kept() == {client.code: "waits"}


def test_a_note_that_reads_otherwise_is_taken_anew(workspace: Workspace) -> None:
    id_ = workspace.assess(workspace.client()).id
    store = workspace.store
    retention.mark_transferred(store, id_)
    old = retention.last_transfer(store, id_)
    assert old is not None
    assert old.note is None, "nobody knows what it was like"
    for note in ('["a"]', '["a"]', '["b"]'):
        assert retention.mark_transferred(store, id_, note).note == note
    assert workspace.rows("taken") == {"taken": 3}
    assert retention.last_transfer(store, id_) == retention.transfer_of(store, id_)
    assert store.audit_log.find_bad_event() is None


def test_the_note_is_taken_once_however_often_it_is_said(workspace: Workspace) -> None:
    made = workspace.assess(workspace.client())
    assert retention.mark_transferred(workspace.store, made.id) == retention.mark_transferred(
        workspace.store, made.id
    )
    assert workspace.rows("taken") == {"taken": 1}


def test_a_client_of_whom_nothing_is_left_goes_and_another_assessment_keeps_the_client(
    workspace: Workspace,
) -> None:
    alone, more, empty = workspace.client(), workspace.client(), workspace.client()
    workspace.take(workspace.assess(alone), workspace.assess(more))
    workspace.assess(more)
    workspace.wait(31)
    assert erasure.purge(workspace.store)[:3] == (2, 0, 2)
    assert [each.id for each in workspace.store.clients.list_recent()] == [more.id]
    assert empty.id != alone.id


def test_the_days_of_a_site_are_kept_and_bounded(workspace: Workspace) -> None:
    assert retention.get_days(workspace.store) == 30
    retention.set_days(workspace.store, 7)
    assert retention.get_days(workspace.store) == 7
    for wrong in (0, 366, -1):
        with pytest.raises(ValueError, match="days"):
            retention.set_days(workspace.store, wrong)
        with pytest.raises(ValueError, match="days"):
            erasure.purge(workspace.store, wrong)
    workspace.take(workspace.assess(workspace.client()))
    workspace.wait(8)
    assert erasure.purge(workspace.store).assessments == 1


# -- nothing is left, and the log still holds -----------------------------------------------------


@pytest.fixture
def purged(workspace: Workspace) -> tuple[Workspace, erasure.Purge]:
    """A store of which one client was purged and another one kept."""
    gone, kept = workspace.client(municipality="hollola"), workspace.client()
    episode, made = workspace.care(gone)
    workspace.close(episode)
    workspace.take(*made)
    left = workspace.store.assessments.start(gone.id, ADULT, setting="clinic", language="fi")
    workspace.store.assessments.abandon(left.id, "client left")
    workspace.care(kept)
    workspace.wait(31)
    return workspace, erasure.purge(workspace.store)


def test_every_row_of_the_client_is_gone_and_no_row_of_another(workspace: Workspace) -> None:
    gone, kept = workspace.client(), workspace.client()
    episode, made = workspace.care(gone)
    workspace.close(episode)
    workspace.take(*made)
    _, other = workspace.care(kept)
    before = workspace.rows(*OF_CLIENTS)
    mine = {
        table: len(numbers)
        for table, numbers in related_rows.below(workspace.store.db, {"clients": [gone.id]}).items()
    }
    workspace.wait(31)
    done = erasure.purge(workspace.store)
    after = workspace.rows(*OF_CLIENTS)
    assert after == {name: before[name] - mine.get(name, 0) for name in before}
    assert done.records == sum(mine[name] for name in mine if name in OF_CLIENTS)
    assert workspace.store.answers.get_progress(other[0].id).notes[0].text == AT_NIGHT
    assert workspace.store.clients.find(gone.code) is None
    assert transactions.faults(workspace.store.db) == []


def test_the_log_proves_what_was_purged(purged: tuple[Workspace, erasure.Purge]) -> None:
    workspace, done = purged
    assert done.assessments == 3
    assert workspace.store.audit_log.find_bad_event() is None
    row = next(workspace.store.db.query("SELECT * FROM purges"))
    assert (row["reason"], row["days"], row["records"]) == ("retention", 30, done.records)
    assert workspace.rows("purged") == {"purged": done.records}
    proof = done.proofs[0]
    event = next(workspace.store.db.query("SELECT * FROM audit WHERE seq = ?", [proof.seq]))
    assert (event["event"], event["subject"]) == ("purge.made", proof.purge_id)
    hash_ = "SELECT hash FROM audit WHERE seq = ?"
    assert workspace.store.db.execute(hash_, [row["head_seq"]]).fetchone()[0] == row["head_hash"]
    assert event_types.find_type("purge.made") is not None


def test_the_log_that_is_left_holds_no_content(purged: tuple[Workspace, erasure.Purge]) -> None:
    workspace, _ = purged
    for table in ("audit", "purges", "purged"):
        text = json.dumps(list(workspace.store.db.query(f"SELECT * FROM {table}")))
        assert "phq9" not in text
        assert "hollola" not in text
        assert "client left" not in text


def test_the_log_does_not_let_anybody_guess_what_was_deleted(workspace: Workspace) -> None:
    """An answer has few possible values: without its salt the digest would tell which it was."""
    made = workspace.assess(workspace.client())
    sql = "SELECT * FROM answers WHERE question = 'phq9.2'"
    answer = next(workspace.store.db.query(sql))
    event = next(workspace.store.db.query("SELECT * FROM audit WHERE subject = ?", [answer["id"]]))
    assert chain.digest(answer) == event["digest"]
    salt = answer.pop("salt")
    assert chain.digest(answer) != event["digest"]
    for table in OF_CLIENTS:
        salts = [row["salt"] for row in workspace.store.db.query(f"SELECT salt FROM {table}")]
        assert None not in salts
        assert salt not in salts or table == "answers"
    workspace.take(made)
    workspace.wait(31)
    erasure.purge(workspace.store)
    left = json.dumps([list(workspace.store.db.query(f"SELECT * FROM {t}")) for t in LOGS])
    assert event["digest"] in left
    assert salt not in left


LOGS = ("audit", "purges", "purged", "seals", *v9_facts.NAMES)

FORGERIES = {
    "a record deleted in a purge's name": """
        INSERT INTO purged SELECT 'answer', id, '{zero}', (SELECT id FROM purges) FROM answers
        LIMIT 1; DELETE FROM answers WHERE id IN (SELECT subject FROM purged)""",
    "a proof changed": "UPDATE purged SET digest = '{zero}' WHERE word = 'decision'",
    "a proof deleted": "DELETE FROM purged WHERE word = 'note'",
    "a proof moved": "UPDATE purged SET subject = 'x' || subject WHERE word = 'client'",
    "a purge that no event tells of": """
        INSERT INTO purges SELECT 'x', at, "by", reason, days, 0, 0, 0, 0, head_seq, head_hash,
        digest FROM purges""",
    "a purge deleted": "DELETE FROM purged; DELETE FROM purges",
    "a purge changed": "UPDATE purges SET reason = 'erasure', days = NULL",
    "a purged record put back": """
        INSERT INTO clients (id, code, birth_year, language, created_at, created_by)
        SELECT subject, 'TREENAAM', 1980, 'fi', '2026-11-22T08:00:00.000Z',
        (SELECT id FROM workers) FROM purged WHERE word = 'client'""",
}


@pytest.mark.parametrize("sql", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_purge_is_found(purged: tuple[Workspace, erasure.Purge], sql: str) -> None:
    """Also one that covers the deletion of what was never due."""
    db = purged[0].store.db
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER {name}")
    db.execute("PRAGMA foreign_keys = OFF")
    db.conn.executescript(sql.format(zero="0" * 64))
    assert purged[0].store.audit_log.find_bad_event() is not None


def test_the_tables_let_go_of_nothing_that_no_purge_names(
    purged: tuple[Workspace, erasure.Purge],
) -> None:
    workspace, _ = purged
    for table in [*OF_CLIENTS, "purges", "purged", *v9_facts.NAMES]:
        if workspace.store.db.table(table).count:
            with pytest.raises(AppendOnly), workspace.store.writing():
                workspace.store.db.execute(f"DELETE FROM {table}")


def test_whatever_belongs_to_a_client_can_be_deleted(workspace: Workspace) -> None:
    """A table that is added later and told of by events must be let go of too."""
    db = workspace.store.db
    reached = {"clients"}
    for _ in range(len(db.table_names())):
        reached |= {link.table for link in related_rows.links(db) if link.parent in reached}
    told = {table: word for word, (table, _) in chain.WRITTEN.items()}
    freed = {table: word for table, (word, _) in MAY_BE_PURGED.items()}
    assert {table: told[table] for table in reached if table in told} == freed
    guards = "SELECT tbl_name FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE ?"
    frozen = {name for (name,) in db.execute(guards, ["%BEFORE DELETE%append only%"])}
    free = {name for (name,) in db.execute(guards, ["%BEFORE DELETE%FROM purged%"])}
    assert (reached & frozen) - {*v9_facts.HEADS} <= free, "a purge cuts the key of the others"


def test_nothing_is_purged_by_halves(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.take(workspace.assess(workspace.client()))
    workspace.wait(31)
    before = workspace.rows(*OF_CLIENTS, *v9_facts.NAMES, "purged", "purges")

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(erasure, "_delete_aside", cut)
        with pytest.raises(KeyboardInterrupt):
            erasure.purge(workspace.store)
    assert workspace.rows(*before) == before
    assert workspace.store.audit_log.find_bad_event() is None
    assert erasure.purge(workspace.store).assessments == 1


def test_many_are_purged_in_several_transactions(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "_AT_ONCE", 2)
    for _ in range(5):
        workspace.take(workspace.assess(workspace.client()))
    workspace.wait(31)
    done = erasure.purge(workspace.store)
    assert (done.clients, done.assessments, len(done.proofs)) == (5, 5, 3)
    assert workspace.store.audit_log.find_bad_event() is None


def test_what_is_opened_again_meanwhile_is_not_deleted(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    episode, made = workspace.care(workspace.client())
    workspace.close(episode)
    workspace.take(*made)
    workspace.wait(31)
    entry = workspace.store.episodes.get(episode)[1].entries[-1].id
    begin = workspace.store.writing

    def late() -> Any:
        monkeypatch.undo()
        workspace.tell(episode, Withdrawn(day=workspace.clock.now.date()), supersedes=entry)
        return begin()

    monkeypatch.setattr(workspace.store, "writing", late)
    assert erasure.purge(workspace.store).records == 0
    assert workspace.rows("assessments", "episodes") == {"assessments": 2, "episodes": 1}


def test_nothing_is_deleted_while_the_log_does_not_hold(workspace: Workspace) -> None:
    client = workspace.client()
    made = workspace.assess(client)
    workspace.take(made)
    workspace.wait(31)
    workspace.store.db.execute("DROP TRIGGER notes_no_UPDATE")
    workspace.store.db.execute("UPDATE notes SET text = 'slept well'")
    bad = workspace.store.audit_log.find_bad_event()
    with pytest.raises(BrokenHistory) as error:
        erasure.purge(workspace.store)
    assert error.value.values == {"seq": bad}
    with pytest.raises(BrokenHistory):
        erasure.erase(workspace.store, client.id)
    assert workspace.rows("assessments") == {"assessments": 1}


# -- no plain text is left ------------------------------------------------------------------------

_PAGE, _RESERVE, _SALT = 4096, 80, 16


def decrypted(path: Path, key: bytes) -> bytes:
    """Every page of the database and of its log as it is before encryption, free pages too."""
    whole = path.read_bytes()
    pages = [whole[at : at + _PAGE] for at in range(0, len(whole), _PAGE)]
    log = path.with_name(path.name + "-wal")
    frames = log.read_bytes()[32:] if log.exists() else b""
    pages += [frames[at + 24 : at + 24 + _PAGE] for at in range(0, len(frames), 24 + _PAGE)]
    first = whole[:_SALT]
    return b"".join(_plain(page, key, _SALT if page.startswith(first) else 0) for page in pages)


def _plain(page: bytes, key: bytes, begin: int) -> bytes:
    vector = page[-_RESERVE : -_RESERVE + 16]
    cipher = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    return cipher.update(page[begin:-_RESERVE]) + cipher.finalize()


def test_no_page_of_the_files_holds_what_was_purged(
    workspace: Workspace, path: Path, key: bytes
) -> None:
    gone = workspace.client(municipality="asikkala")
    episode, made = workspace.care(gone)
    words = [*TOLD, "asikkala", gone.code, "said again", "client left"]
    left = workspace.store.assessments.start(gone.id, ADULT, setting="clinic", language="fi")
    workspace.store.assessments.abandon(left.id, "client left")
    before = decrypted(path, key)
    assert all(word.encode() in before for word in words), "the pages are read as they are"
    workspace.close(episode)
    workspace.take(*made)
    workspace.wait(31)
    assert erasure.purge(workspace.store).tidy
    after = decrypted(path, key)
    assert b"purge.made" in after
    words.remove("asikkala")  # the rows of reports keep where
    assert [word for word in words if word.encode() in after] == []
    assert [each.id for each in made if after.count(each.id.encode()) == 0] == []
    assert not any(b'"phq9.total":7' in after or b'"phq9.total": 7' in after for _ in made)


def test_a_reader_elsewhere_delays_the_tidying_and_not_the_deleting(
    workspace: Workspace, path: Path, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    workspace.store.db.execute("PRAGMA busy_timeout = 100")
    workspace.take(workspace.assess(workspace.client()))
    workspace.wait(31)
    with open_store(path, key, "nurse-2", workspace.clock) as other:
        other.db.execute("BEGIN")
        other.db.execute("SELECT count(*) FROM notes").fetchone()
        done = erasure.purge(workspace.store)
        assert (done.assessments, done.tidy) == (1, False)
        other.db.execute("ROLLBACK")
        assert erasure.purge(workspace.store).tidy, (
            "an open store that reads nothing is no hindrance"
        )
    assert AT_NIGHT.encode() not in decrypted(path, key)


# -- what reports count ---------------------------------------------------------------------------


def test_what_is_counted_of_an_episode(purged: tuple[Workspace, erasure.Purge]) -> None:
    told = summaries(purged[0].store, cut=True)
    (episode,) = told["summary_episodes"]
    assert (episode["opened"], episode["closed"], episode["how"]) == (
        *("2026-11", "2026-11", "recovered"),
    )
    assert (episode["age"], episode["municipality"], episode["ordinal"]) == (40, "hollola", 1)
    assert (episode["suggested"], episode["confirmed"], episode["worker"]) == (2, 2, None)
    confirmed = [row for row in told["summary_assessments"] if row["state"] == "confirmed"]
    for row in confirmed:
        assert (row["month"], row["version"]) == ("2026-11", ADULT.version)
        assert (row["state"], row["choice"], row["urgency"]) == ("confirmed", "suggested", "week")
    assert (len(confirmed), len(told["summary_assessments"])) == (2, 3), "one was abandoned"
    (treatment,) = told["summary_treatments"]
    assert (treatment["form"], treatment["why"], treatment["kept"]) == ("cbt", "completed", 0)
    whole = next(row for row in told["summary_changes"] if row["treatment"] == 0)
    assert (whole["measure"], whole["first"], whole["last"]) == ("phq9.total", 19, 7)
    assert (whole["category"], whole["case_then"], whole["case_now"]) == (
        *("reliable_recovery", 1, 0),
    )
    stops = [(row["stop"], row["done"], row["not_done"]) for row in told["summary_stops"]]
    assert stops == [("S3", 1, 0), ("S3", 1, 0)]


def test_a_purge_changes_no_row_that_reports_count(workspace: Workspace) -> None:
    client = workspace.client(sex="f", municipality="hollola")
    episode, made = workspace.care(client)
    alone = workspace.assess(workspace.client(), code="client_wish")
    workspace.close(episode)
    workspace.take(*made, alone)
    before = summaries(workspace.store)
    workspace.wait(31)
    assert erasure.purge(workspace.store).episodes == 1
    assert summaries(workspace.store) == before
    for table, key in v9_facts.HEADS.items():
        assert all(row[key] is None for row in workspace.store.db.table(table).rows)


def test_an_override_is_counted_with_its_code_and_without_its_words(workspace: Workspace) -> None:
    workspace.take(workspace.assess(workspace.client(), code="client_wish"))
    workspace.wait(31)
    erasure.purge(workspace.store)
    told = summaries(workspace.store)
    (row,) = told["summary_assessments"]
    assert (row["suggested"], row["confirmed"], row["override"]) == (1, 2, "client_wish")
    assert (row["choice"], row["municipality"], told["summary_episodes"]) == ("override", None, [])


def test_no_row_that_is_kept_leads_back_to_a_person(workspace: Workspace) -> None:
    """Neither a value that stands elsewhere in the store, nor an order, nor an event."""
    gone, kept = workspace.client(sex="f", municipality="hollola"), workspace.client(sex="m")
    episode, made = workspace.care(gone)
    workspace.close(episode)
    workspace.take(*made)
    workspace.care(kept)
    db = workspace.store.db
    known = set()
    for table in ("workers", "clients", *OF_CLIENTS, "audit"):
        for row in db.query(f"SELECT * FROM {table}"):
            known |= {value for value in row.values() if isinstance(value, str)}
    before = {table: {row[0] for row in db.execute(PLACES[table])} for table in v9_facts.NAMES}
    workspace.wait(31)
    erasure.purge(workspace.store)
    of_many = {"hollola", "adult", ADULT.version, "clinic", "f", "fi", "S3", "suicide_acute"}
    of_many |= {"phq9.total", "confirmed", "completed", "1", "2"}
    cut = [row["place"] for row in cut_rows(workspace.store, "summary_episodes")]
    assert len(cut) == 1
    for table in v9_facts.NAMES:
        for row in cut_rows(workspace.store, table):
            told = {str(value) for value in row.values() if value is not None}
            assert told & known <= of_many
            text = json.dumps(row)
            assert not re.search(r"\d{4}-\d\d-\d\d", text), "no day"
            assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-7", text), "no id"
            assert not any(word in text for word in TOLD)
            assert row.get("id", row.get("place")) not in before[table], "another place"
    log = json.dumps([list(db.query("SELECT * FROM audit")), list(known)])
    assert not any(str(place) in log for place in cut)


def test_a_person_who_asks_to_be_erased_takes_along_what_describes_a_person(
    workspace: Workspace,
) -> None:
    client = workspace.client(sex="f", municipality="hollola")
    episode, made = workspace.care(client)
    workspace.close(episode)
    workspace.take(*made)
    erasure.erase(workspace.store, client.id)
    told = summaries(workspace.store)
    (row,) = told["summary_episodes"]
    assert (row["opened"], row["confirmed"], row["how"]) == ("2026-11", 2, "recovered")
    described = ("ordinal", "age", "sex", "language", "municipality", "referrer", "segment")
    assert [row[name] for name in described] == [None] * len(described)
    assert [row["form"] for row in told["summary_treatments"]] == ["cbt"]
    assert told["summary_changes"] == told["summary_stops"] == told["summary_tracks"] == []
    for assessment in told["summary_assessments"]:
        assert (assessment["age"], assessment["sex"], assessment["rules"]) == (None, None, None)
        assert (assessment["suggested"], assessment["confirmed"]) == (2, 2)


# -- at the client's request ----------------------------------------------------------------------


def test_an_erasure_does_not_wait_its_days(workspace: Workspace) -> None:
    client = workspace.client()
    workspace.take(workspace.assess(client))
    done = erasure.erase(workspace.store, client.id)
    assert done[:3] == (1, 0, 1)
    assert workspace.store.clients.find(client.code) is None
    assert workspace.store.audit_log.find_bad_event() is None
    row = next(workspace.store.db.query("SELECT * FROM purges"))
    assert (row["reason"], row["days"]) == ("erasure", None)
    assert workspace.rows("summary_assessments") == {"summary_assessments": 1}
    with pytest.raises(UnknownRecord):
        erasure.erase(workspace.store, client.id)


@pytest.mark.parametrize("why", ["open_episode", "not_taken", "draft"])
def test_no_erasure_while_care_or_the_record_needs_it(workspace: Workspace, why: str) -> None:
    client = workspace.client()
    if why == "open_episode":
        workspace.take(*workspace.care(client)[1])
    elif why == "not_taken":
        workspace.assess(client)
    else:
        workspace.store.assessments.start(client.id, ADULT, setting="clinic", language="fi")
    assert [each.why for each in erasure.list_obstacles(workspace.store, client.id)] == [why]
    before = workspace.rows(*OF_CLIENTS)
    with pytest.raises(StillNeeded):
        erasure.erase(workspace.store, client.id)
    assert workspace.rows(*OF_CLIENTS) == before


def test_a_client_without_anything_can_be_erased(workspace: Workspace) -> None:
    client = workspace.client()
    assert erasure.erase(workspace.store, client.id).clients == 1
    assert workspace.rows("clients") == {"clients": 0}


# -- access ---------------------------------------------------------------------------------------


def texts_of(row: dict[str, Any]) -> Iterator[str]:
    for value in row.values():
        yield value if isinstance(value, str) else json.dumps(value)


def test_a_client_is_told_all_that_is_held_whatever_table_it_stands_in(
    workspace: Workspace,
) -> None:
    mine, other = workspace.client(), workspace.client()
    workspace.take(*workspace.care(mine)[1])
    _, not_mine = workspace.care(other)
    held = subject_access.gather_records(workspace.store, mine.id)
    ids = {mine.id} | {
        str(row["id"]) for rows in held.tables.values() for row in rows if "id" in row
    }
    logs = {"audit", "seals", "purged"}
    for table in set(workspace.store.db.table_names()) - logs:
        if (
            workspace.store.db.table(table).use_rowid
            or "id" in workspace.store.db.table(table).columns_dict
        ):
            about = [
                row
                for row in workspace.store.db.query(f"SELECT * FROM {table}")
                if any(id_ in text for id_ in ids for text in texts_of(row))
            ]
            assert len(about) == len(held.tables.get(table, ())), table
    told = json.dumps([held.tables], ensure_ascii=False)
    assert all(word in told for word in TOLD)
    assert not any(each.id in told for each in not_mine)
    assert {row["by"] for row in held.tables["answers"]} == {"nurse-1"}
    assert held.tables["episode_events"][0]["event"]["kind"] == "opened"
    assert [entry.event for entry in held.log][-2:] == ["export.access", "audit.asked"]
    with pytest.raises(UnknownRecord):
        subject_access.gather_records(workspace.store, "no such")


# -- who may ----------------------------------------------------------------------------------


def test_a_nurse_says_what_is_in_the_record_and_deletes_nothing(
    workspace: Workspace, path: Path, key: bytes
) -> None:
    client = workspace.client()
    made = workspace.assess(client)
    with open_store(path, key, "nurse-2", workspace.clock) as nurse:
        retention.mark_transferred(nurse, made.id)
        assert retention.count_due(nurse) == 0
        with pytest.raises(NotAllowed):
            erasure.purge(nurse)
        with pytest.raises(NotAllowed):
            erasure.erase(nurse, client.id)
        with pytest.raises(NotAllowed):
            retention.survey(nurse)
        with pytest.raises(NotAllowed):
            subject_access.gather_records(nurse, client.id)
        with pytest.raises(NotAllowed):
            nurse.settings.set(retention.SETTING, "1")


def test_an_administrator_deletes_and_reads_no_answer(
    workspace: Workspace, path: Path, key: bytes
) -> None:
    client = workspace.client()
    made = workspace.assess(client)
    workspace.store.staff.add("boss", ["admin"])
    with open_store(path, key, "boss", workspace.clock) as boss:
        with pytest.raises(NotAllowed):
            retention.mark_transferred(boss, made.id)
        with pytest.raises(NotAllowed):
            subject_access.gather_records(boss, client.id)
        workspace.take(made)
        assert erasure.erase(boss, erasure.find_client_id(boss, client.code)).clients == 1
        with pytest.raises(UnknownRecord):
            erasure.find_client_id(boss, client.code)


def test_a_rescue_misses_nothing_that_was_purged(
    purged: tuple[Workspace, erasure.Purge], tmp_path: Path, key: bytes
) -> None:
    workspace, done = purged
    path = workspace.store.db.path
    counted = summaries(workspace.store)
    workspace.store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    report = salvage_store(
        find(path), key, tmp_path / "new" / "porras.db", "nurse-1", workspace.clock
    )
    assert (report.lost, report.aside, report.unconfirmed) == ({}, {}, {})
    assert report.rescued["purged"] == done.records
    with open_store(tmp_path / "new" / "porras.db", key, "nurse-1", workspace.clock) as rescued:
        assert rescued.audit_log.find_bad_event() is None
        assert summaries(rescued) == counted
        assert erasure.purge(rescued).records == 0


def test_what_a_rescue_kept_aside_goes_with_its_client(workspace: Workspace) -> None:
    gone, kept = workspace.client(), workspace.client()
    workspace.take(workspace.assess(gone))
    rows = [
        {"seq": 1, "source": "notes", "place": 1, "row": json.dumps({"about": gone.id})},
        {"seq": 2, "source": "notes", "place": 2, "row": json.dumps({"about": kept.id})},
        {"seq": 3, "source": "audit", "place": 3, "row": json.dumps({"subject": gone.id})},
    ]
    workspace.store.db.table("rescued_rows").insert_all(rows)
    erasure.erase(workspace.store, gone.id)
    left = [
        row["seq"] for row in workspace.store.db.query("SELECT seq FROM rescued_rows ORDER BY seq")
    ]
    assert left == [2, 3]
