"""Makes the rows of reports anew for all that a transaction has written about."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from store.database.tables.v9_facts import LINES, LINES_OF, OF_EPISODES
from store.repository.internal import assessments, episodes, persons
from store.repository.internal.episodes import StoredEpisode
from store.repository.internal.persons import FOUND
from store.repository.internal.summary import sources, tables
from store.session.session import Session
from store.session.touched import Touched

if TYPE_CHECKING:
    from stepping.summary.context import Context
    from stepping.summary.rows import AssessmentRows, EpisodeRows

_EPISODE, _ASSESSMENT = "summary_episodes", "summary_assessments"
_STANDS_IN = """
    SELECT e.episode_id FROM summary_assessments s CROSS JOIN summary_episodes e
        ON e.place = s.episode WHERE s.assessment_id = ? AND e.episode_id NOTNULL"""


def keep_touched(session: Session, touched: Touched) -> None:
    """Make anew the rows of what was written about, before the transaction ends."""
    _add_clients(session, touched)
    for person in {persons.same_person(session, id_)[0] for id_ in touched.joined}:
        _renumber(session, person)
    told = dict(touched.episodes)
    for assessment_id in sorted(touched.assessments):
        for episode_id in keep_assessment(session, assessment_id):
            told.setdefault(episode_id, None)
    for episode_id, known in sorted(told.items(), key=lambda each: each[0]):
        fresh = known is not None and _is_newest(session, known)
        keep_episode(session, known if fresh else episodes.read(session, episode_id))


def _is_newest(session: Session, told: StoredEpisode) -> bool:
    """Return whether an episode was replayed with its last entry: another session may have one."""
    sql = "SELECT max(seq) FROM episode_events WHERE episode_id = ?"
    found = session.db.execute(sql, (told.record.id,)).fetchone()
    return bool(found[0] == told.episode.last_seq)


def keep_episode(session: Session, told: StoredEpisode) -> None:
    """Keep the rows of an episode, its assessments among them, as its events tell it now."""
    id_ = told.record.id
    place = tables.find_place(session.db, _EPISODE, "episode_id", id_)
    mine = sources.list_of_episode(session, id_)
    rows = make_rows(session, told, mine, _ordinal(session, told, place))
    if rows is None:
        return
    place = tables.put_head(session.db, _EPISODE, {"episode_id": id_}, rows.episode, place)
    for table, lines in lines_of(rows).items():
        tables.put_lines(session.db, table, place, lines)
    _attach(session, place, mine)


def make_rows(
    session: Session, told: StoredEpisode, mine: dict[str, str], ordinal: int | None
) -> EpisodeRows | None:
    """Return the rows of an episode; `mine` are its assessments with their pathways' digests."""
    from stepping.summary.episodes import episode_rows

    return episode_rows(told.episode, _context(session, told, mine, ordinal))


def rows_fit(session: Session, told: StoredEpisode, *, times: bool) -> bool:
    """Return whether the rows that stand of an episode are those that it tells; `times` too."""
    id_ = told.record.id
    place = tables.find_place(session.db, _EPISODE, "episode_id", id_)
    mine = sources.list_of_episode(session, id_)
    ordinal = None if place is None else _ordinal(session, told, place)
    rows = make_rows(session, told, mine, ordinal)
    if rows is None or place is None:
        return rows is None
    stands = tables.read_head(session.db, _EPISODE, type(rows.episode), place)
    return stands == tables.values(rows.episode) and all(
        tables.read_lines(session.db, table, place) == [tables.values(line) for line in lines]
        for table, lines in lines_of(rows).items()
        if times or table != "summary_times"
    )


def assessment_rows_fit(session: Session, assessment_id: str) -> bool:
    """Return whether the rows that stand of a closed assessment are those that it tells."""
    place = tables.find_place(session.db, _ASSESSMENT, "assessment_id", assessment_id)
    rows = make_assessment_rows(session, assessment_id)
    if rows is None or place is None:
        return rows is None and place is None
    stands = tables.read_head(session.db, _ASSESSMENT, type(rows.assessment), place)
    lines = tables.read_lines(session.db, "summary_stops", place)
    return stands == tables.values(rows.assessment) and lines == [
        tables.values(line) for line in rows.stops
    ]


def make_assessment_rows(session: Session, assessment_id: str) -> AssessmentRows | None:
    """Return the rows of an assessment; None of a draft, or of one that is nobody's."""
    from stepping.summary.assessments import assessment_rows

    row = sources.read_closed(session, assessment_id)
    if row is None:
        return None
    terms = sources.read_terms(session, row["pathway_digest"])
    person = sources.read_person(session, row["client"])
    return assessment_rows(sources.tell(session, row), person, terms)


def lines_of(rows: EpisodeRows) -> dict[str, tuple[Any, ...]]:
    """Return the lines of an episode by their table."""
    every = (rows.times, rows.treatments, rows.contacts, rows.tracks, rows.changes)
    return dict(zip(OF_EPISODES, every, strict=True))


def _context(
    session: Session, told: StoredEpisode, mine: dict[str, str], ordinal: int | None
) -> Context:
    from stepping.summary.context import Context

    care = session.care
    kept = {id_: sources.read_kept(session, id_) for id_ in mine}
    return Context(
        person=sources.read_person(session, told.record.client_id),
        deadlines=care.deadlines,
        measures=care.measures,
        ordinal=ordinal,
        assessments={id_: row for id_, row in kept.items() if row is not None},
        terms={id_: sources.read_terms(session, digest) for id_, digest in mine.items()},
        worker=told.record.created_by,
        remote=frozenset(id_ for id_, channel in care.channels.items() if channel.remote),
        given_by={id_: track.given_by for id_, track in care.tracks.items() if track.given_by},
    )


def _ordinal(session: Session, told: StoredEpisode, place: int | None) -> int:
    """Return the number of an episode among its person's; one that has a number keeps it."""
    sql = f"SELECT ordinal FROM {_EPISODE} WHERE place = ?"
    known = session.db.execute(sql, (place,)).fetchone() if place is not None else None
    if known and known[0] is not None:
        return int(known[0])
    return sources.count_ordinal(session, told.record.client_id, told.record.seq)


def _attach(session: Session, place: int, mine: Iterable[str]) -> None:
    """Let the rows of assessments belong to the row of their episode, and to no other."""
    ids = json.dumps(list(mine))
    among = "assessment_id IN (SELECT value FROM json_each(?))"
    sql = f"UPDATE {_ASSESSMENT} SET episode = ? WHERE {among} AND episode IS NOT ?"
    session.db.execute(sql, (place, ids, place))
    sql = f"UPDATE {_ASSESSMENT} SET episode = NULL WHERE episode = ? AND NOT {among}"
    session.db.execute(sql, (place, ids))


def keep_assessment(session: Session, assessment_id: str) -> set[str]:
    """Keep the rows of an assessment; none of a draft, nor of one that is nobody's.

    Returns the episodes that it belongs to, or whose row knew it.
    """
    db = session.db
    known = {row["episode_id"] for row in session.rows(_STANDS_IN, assessment_id)}
    place = tables.find_place(db, _ASSESSMENT, "assessment_id", assessment_id)
    rows = make_assessment_rows(session, assessment_id)
    if rows is None:
        if place is not None:
            tables.delete_lines(db, "summary_stops", place)
            db.execute(f"DELETE FROM {_ASSESSMENT} WHERE place = ?", (place,))
        return known
    keys = {"assessment_id": assessment_id}
    place = tables.put_head(db, _ASSESSMENT, keys, rows.assessment, place)
    tables.put_lines(db, "summary_stops", place, rows.stops)
    now = assessments.find_episode_id(session, assessment_id)
    return known | ({now} if now else set())


def _add_clients(session: Session, touched: Touched) -> None:
    """Add all that is a touched person's: the background of each row may have changed."""
    for client_id in sorted(touched.clients | touched.joined):
        values = persons.person_values(session, client_id)
        sql = "SELECT id FROM episodes WHERE client_id IN (SELECT value FROM json_each(:person))"
        for row in session.rows(sql, values):
            touched.episodes[row["id"]] = None
        found = session.rows(f"{FOUND} SELECT id FROM found", values)
        touched.assessments |= {row["id"] for row in found}


def _renumber(session: Session, person: str) -> None:
    """Count anew the episodes of a person who has become another one."""
    sql = """
        SELECT s.place, e.seq FROM members m CROSS JOIN episodes e ON e.client_id = m.client
            CROSS JOIN summary_episodes s ON s.episode_id = e.id WHERE m.person = ?"""
    for row in session.rows(sql, person):
        ordinal = sources.count_ordinal(session, person, row["seq"])
        sql = f"UPDATE {_EPISODE} SET ordinal = ? WHERE place = ?"
        session.db.execute(sql, (ordinal, row["place"]))


def keep_all(session: Session) -> None:
    """Keep the rows of all assessments and episodes, within a transaction; no other line stays."""
    for head, lines in LINES_OF.items():
        for table in lines:
            astray = f"id >> {LINES} NOT IN (SELECT place FROM {head})"
            session.db.execute(f"DELETE FROM {table} WHERE {astray}")
    keep_all_assessments(session)
    for row in session.rows(f"{episodes.EPISODE} ORDER BY e.seq"):
        keep_episode(session, episodes.replay_events(session, row))


def keep_all_assessments(session: Session) -> None:
    """Keep the rows of every assessment that is closed, within a transaction."""
    sql = """
        SELECT assessment_id FROM decisions UNION SELECT assessment_id FROM closings
        UNION SELECT assessment_id FROM summary_assessments WHERE assessment_id NOTNULL"""
    for (assessment_id,) in session.db.execute(sql).fetchall():
        keep_assessment(session, assessment_id)
