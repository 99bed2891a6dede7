"""Deleting what is no longer needed, so that the log can still prove what it was.

Tables may only be added to. Before a row is deleted, a row of `purged` names it with the digest of
its content, and the triggers let go of what is named there and of nothing else. No trigger is ever
dropped for it: a program that is cut short, or a second one that writes meanwhile, never finds the
tables unguarded. The check of the log takes a row for purged where the digest of the event that
wrote it stands in `purged`, under a purge that an event tells of.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from store import codes
from store.audit import chain
from store.database import engine, engine_errors
from store.errors import (
    BrokenHistory,
    DamagedStore,
    DiskFull,
    FailingDisk,
    StillNeeded,
    StoreBusy,
    UnknownRecord,
)
from store.repository.internal import persons, plan_words
from store.retention import kept_rows, related_rows, retention
from store.retention.retention import Bundle
from store.session import clock_doubt
from store.session.guarded import reads, requires
from store.session.session import Session

_AT_ONCE = 100
"""Bundles in one transaction: some thousand rows, so that nobody who writes has to wait long."""

_ASIDE = "rescued_rows"
_LOGS = ("audit", "seals", "report")


class Purge(NamedTuple):
    """What was deleted, and in `proofs` where the log proves it."""

    clients: int
    episodes: int
    assessments: int
    records: int
    """Rows of all tables."""
    proofs: tuple[Proof, ...]
    tidy: bool = False
    """Whether the files were written anew, so that nothing of it is left; if not, purge again."""


class Proof(NamedTuple):
    """One transaction of a purge: its id, the number of its event, the digest of what it named."""

    purge_id: str
    seq: int
    digest: str


@requires("upkeep")
def purge(session: Session, kept_for: int | None = None) -> Purge:
    """Delete all that is due; `kept_for` is in days, by default those of this site.

    Many are deleted in several transactions, each of them whole.

    Raises:
        ValueError: If the number of days is not allowed.
        ClockInDoubt: If the clock cannot be believed.
        BrokenHistory: If the log does not hold.
    """
    days = retention.get_days(session) if kept_for is None else kept_for
    retention.check_days(days)
    clock_doubt.require_certain(session)
    _check_history(session)
    with session.reading():
        due = [each for each in retention.list_bundles(session, days) if each.why is None]
    done = []
    for first in range(0, len(due), _AT_ONCE):
        some = due[first : first + _AT_ONCE]
        with session.writing():
            # Somebody may have opened an episode again since.
            now = retention.list_bundles(session, days, {each.client_id for each in some})
            chosen = [each for each in some if each in now]
            if chosen:
                done.append(_delete(session, chosen, "retention", days))
    return _add_up(session, done)


@requires("upkeep")
def erase(session: Session, client_id: str) -> Purge:
    """Delete all that is held on a person at the person's request, without waiting its days.

    A client under whom an assessment began that is another's now stays, until that one is deleted;
    of the safety plan nothing stays.

    Raises:
        UnknownRecord: If there is no such client.
        BrokenHistory: If the log does not hold.
        StillNeeded: While care goes on, a draft is open, or a decision is not yet in the patient
            record, where the law wants it kept.
    """
    _check_history(session)
    with session.writing():
        person = persons.same_person(session, client_id)
        held = retention.list_bundles(session, 0, person)
        if any(each.why not in {None, "waits"} for each in held):
            raise StillNeeded
        done = _delete(session, held, "erasure", None, person)
    return _add_up(session, [done])


@reads("upkeep")
def find_client_id(session: Session, code: str) -> str:
    """Return the id of the client with a code; whoever erases need not be allowed to see more.

    Raises:
        MistypedCode: If there is a mistake in it.
        UnknownRecord: If there is no such client.
    """
    row = persons.find_coded(session, codes.parse(code))
    if row is None:
        raise UnknownRecord
    return str(row["id"])


@reads("upkeep")
def list_obstacles(session: Session, client_id: str) -> list[Bundle]:
    """Return what stands against erasing a client; an empty list if nothing does."""
    held = retention.list_bundles(session, 0, persons.same_person(session, client_id))
    return [each for each in held if each.why not in {None, "waits"}]


def _check_history(session: Session) -> None:
    with session.reading():
        bad = chain.first_bad(session.db)
    if bad is not None:
        raise BrokenHistory(seq=bad)


def _delete(
    session: Session,
    bundles: Sequence[Bundle],
    reason: Literal["retention", "erasure"],
    days: int | None,
    person: Sequence[str] = (),
) -> Purge:
    """Delete bundles, and the clients of whom nothing is left, within a transaction.

    `person` are the codes of whoever asked to be erased.
    """
    db = session.db
    assessments = [id_ for each in bundles for id_ in each.assessments]
    episodes = [each.episode_id for each in bundles if each.episode_id]
    touched = _touched(session, bundles)
    planned = _planned(session, touched, {each.client_id for each in bundles}, days)
    clients = _emptied(session, touched, assessments, episodes, planned)
    kept_rows.keep_rows(session, assessments, episodes, erased=reason == "erasure")
    roots = {"assessments": assessments, "episodes": episodes, "clients": clients}
    words = [*_points_of(session, person, assessments)]
    plans = {"safety_plans": _plans_of(session, person), "plan_points": words}
    doomed = related_rows.below(db, roots | plans)
    named = list(_named(db, doomed))

    seq, hash_ = chain.head(db)
    row = session.new_row(
        reason=reason,
        days=days,
        clients=len(clients),
        episodes=len(episodes),
        assessments=len(assessments),
        records=len(named),
        head_seq=seq,
        head_hash=hash_,
        digest=chain.digest_of_named(named),
    )
    event = "purge.made" if reason == "retention" else "purge.erased"
    session.append("purges", row, event)
    db.conn.executemany(
        "INSERT INTO purged (word, subject, digest, purge_id) VALUES (?, ?, ?, ?)",
        [(*each, row["id"]) for each in named],
    )
    db.execute("PRAGMA defer_foreign_keys = ON")
    for table, numbers in doomed.items():
        some = json.dumps(sorted(numbers))
        db.execute(f"DELETE FROM {table} WHERE rowid IN (SELECT value FROM json_each(?))", (some,))
    _delete_aside(db, [id_ for ids in (roots | plans).values() for id_ in ids])
    proof = Proof(row["id"], chain.head(db)[0], row["digest"])
    return Purge(len(clients), len(episodes), len(assessments), len(named), (proof,))


def _named(db: engine.Database, doomed: dict[str, set[int]]) -> Iterable[tuple[str, str, str]]:
    """Return word, subject and digest of each row that has an event."""
    words = {table: (word, column) for word, (table, column) in chain.WRITTEN.items()}
    for table in doomed.keys() & words.keys():
        word, column = words[table]
        for row in related_rows.rows(db, table, doomed[table]):
            yield word, str(row[column]), chain.digest(row)


def _emptied(
    session: Session,
    clients: Collection[str],
    assessments: Collection[str],
    episodes: Collection[str],
    planned: Collection[str],
) -> list[str]:
    """Return the clients of whom nothing is left without these assessments and episodes.

    The codes of one person go together; those of whom a safety plan stays are `planned`.
    """
    sql = """
        WITH gone (id) AS (SELECT value FROM json_each(:assessments)),
        person (id) AS (SELECT DISTINCT p.person FROM json_each(:clients) known
                            CROSS JOIN persons p ON p.id = known.value),
        kept (id) AS (
            SELECT value FROM json_each(:planned)
            UNION
            SELECT m.person FROM person CROSS JOIN members m ON m.person = person.id
                CROSS JOIN assessments a ON a.client_id = m.client
                WHERE a.id NOT IN (SELECT id FROM gone)
            UNION
            SELECT m.person FROM person CROSS JOIN members m ON m.person = person.id
                CROSS JOIN assessment_moves x ON x.client = m.client
                CROSS JOIN belongings b ON b.assessment_id = x.assessment_id AND b.place = m.client
                WHERE x.assessment_id NOT IN (SELECT id FROM gone)
            UNION
            SELECT m.person FROM person CROSS JOIN members m ON m.person = person.id
                CROSS JOIN episodes e ON e.client_id = m.client
                WHERE e.id NOT IN (SELECT value FROM json_each(:episodes)))
        SELECT m.client FROM person CROSS JOIN members m ON m.person = person.id
        WHERE person.id NOT IN (SELECT id FROM kept)"""
    chosen = {
        "clients": clients,
        "assessments": assessments,
        "episodes": episodes,
        "planned": planned,
    }
    values = {name: json.dumps(sorted(each)) for name, each in chosen.items()}
    return [row["client"] for row in session.rows(sql, values)]


def _planned(
    session: Session, clients: Collection[str], own: Collection[str], days: int | None
) -> list[str]:
    """Return those of some clients whose own safety plan has to stay, begun in no assessment.

    It stays for the days of everything else after its last word; of whoever asks to be erased,
    who are `own`, it goes at once, and that of anybody else stays.
    """
    sql = """
        SELECT p.person, max(n.at) AS last FROM json_each(:clients) known
            CROSS JOIN persons p ON p.id = known.value
            CROSS JOIN members m ON m.person = p.person
            CROSS JOIN safety_plans s ON s.client_id = m.client AND s.assessment_id ISNULL
            CROSS JOIN plan_points n ON n.plan_id = s.id
        GROUP BY p.person"""
    found = session.rows(sql, {"clients": json.dumps(sorted(clients))})
    if days is not None:
        limit = retention.find_limit(session, days)
        return [row["person"] for row in found if row["last"] > limit]
    erased = {id_ for each in own for id_ in persons.same_person(session, each)}
    return [row["person"] for row in found if row["person"] not in erased]


def _plans_of(session: Session, person: Sequence[str]) -> list[str]:
    """Return the safety plans of a person that were begun in no assessment."""
    sql = """
        SELECT id FROM safety_plans WHERE assessment_id ISNULL
            AND client_id IN (SELECT value FROM json_each(?))"""
    return [row["id"] for row in session.rows(sql, json.dumps(list(person)))]


def _points_of(
    session: Session, person: Sequence[str], assessments: Collection[str]
) -> Iterator[str]:
    """Yield what a person's words became in plans of others, and of plans that go, in others'."""
    sql = "SELECT id FROM plan_points WHERE said_by IN (SELECT value FROM json_each(?))"
    yield from (row["id"] for row in session.rows(sql, json.dumps(list(person))))
    sql = """
        SELECT DISTINCT x.client FROM json_each(?) known CROSS JOIN safety_plans p
                ON p.assessment_id = known.value
            CROSS JOIN (SELECT id AS assessment_id, client_id AS client FROM assessments
                UNION SELECT assessment_id, client FROM assessment_moves) x
                ON x.assessment_id = p.assessment_id
            JOIN belongings b ON b.assessment_id = p.assessment_id
        WHERE x.client NOTNULL AND x.client IS NOT b.client"""
    for row in session.rows(sql, json.dumps(sorted(assessments))):
        yield from plan_words.find_stray(session, persons.same_person(session, row["client"]))


def _touched(session: Session, bundles: Sequence[Bundle]) -> set[str]:
    """Return the clients of these bundles, and those whose their assessments were before."""
    assessments = [id_ for each in bundles for id_ in each.assessments]
    sql = """
        SELECT a.client_id FROM json_each(:ids) known CROSS JOIN assessments a ON a.id = known.value
        UNION
        SELECT m.client FROM json_each(:ids) known
            CROSS JOIN assessment_moves m ON m.assessment_id = known.value"""
    found = session.rows(sql, {"ids": json.dumps(assessments)})
    return {each.client_id for each in bundles} | {row["client_id"] for row in found}


def _delete_aside(db: engine.Database, ids: Sequence[str]) -> None:
    """Delete what a rescue kept aside of these records, which no foreign key reaches."""
    if _ASIDE not in db.table_names():
        return
    sql = f"""
        DELETE FROM {_ASIDE} WHERE source NOT IN (SELECT value FROM json_each(?))
            AND EXISTS (SELECT 1 FROM json_each(?) id WHERE instr("row", id.value))"""
    db.execute(sql, (json.dumps(_LOGS), json.dumps(list(ids))))


def _add_up(session: Session, done: Sequence[Purge]) -> Purge:
    return Purge(
        clients=sum(each.clients for each in done),
        episodes=sum(each.episodes for each in done),
        assessments=sum(each.assessments for each in done),
        records=sum(each.records for each in done),
        proofs=tuple(proof for each in done for proof in each.proofs),
        tidy=_tidy(session.db),
    )


def _tidy(db: engine.Database) -> bool:
    """Write the file anew and empty its log, so that no page holds what was deleted.

    Deleted cells are overwritten at once (secure_delete), but cells that the engine moved between
    pages may leave a copy behind. Not done, and False, where somebody else reads, there is no room
    or the disk fails, which is told at the next deed; everything recorded is safe then too.
    """
    try:
        with engine_errors.translated(db.path):
            db.conn.execute("VACUUM")
            busy = db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except (StoreBusy, DiskFull):
        return False
    except (FailingDisk, DamagedStore) as verdict:
        db.condemn(verdict)
        return False
    return not busy
