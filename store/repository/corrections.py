"""Putting right: a client's card, two codes of one person, an assessment of the wrong client.

Nothing is changed in place: each of these adds a row with its reason, and the newest one counts.
What is derived from them, such as what waits, is made anew in the same transaction.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from stepping.finland import finnish_day
from store import codes, text_guard
from store.database.tables.v5_corrections import YEAR_UNKNOWN
from store.errors import BornLater, CardChanged, MovedElsewhere, UnknownRecord
from store.records import Assessment, CardChange, Client, Joining, Moved
from store.repository.internal import (
    assessments,
    episodes,
    moves,
    persons,
    safety_contacts,
    worklist_lines,
)
from store.repository.internal.persons import FOUND
from store.session.guarded import Repository, reads, writes
from store.session.session import Session

_FIRST = """
    SELECT min(at) AS at FROM (
        SELECT started_at AS at FROM assessments a
            CROSS JOIN belongings b ON b.assessment_id = a.id
        WHERE a.id IN (SELECT id FROM found) AND b.client IN (SELECT id FROM person)
        UNION ALL
        SELECT v.day FROM person CROSS JOIN episodes e ON e.client_id = person.id
            CROSS JOIN episode_events v ON v.episode_id = e.id)"""

_FIRST_CARD = """
    SELECT nullif(birth_year, ?) AS birth_year, sex, language, municipality
    FROM clients WHERE id = ?"""

_JOINED = """
    WITH person (id) AS (SELECT value FROM json_each(:person)),
    joined (client) AS (
        SELECT j.client FROM person CROSS JOIN client_joins j ON j.stands = person.id UNION
        SELECT id FROM person)
    SELECT c.code, s.code AS stands, j.why, j.at, w.handle AS "by"
    FROM joined CROSS JOIN client_joins j ON j.client = joined.client
        CROSS JOIN clients c ON c.id = j.client
        CROSS JOIN workers w ON w.id = j."by"
        LEFT JOIN clients s ON s.id = j.stands
    WHERE coalesce(j.stands,
        (SELECT n.stands FROM client_joins n WHERE n.client = j.client AND n.rowid < j.rowid
            ORDER BY n.rowid DESC LIMIT 1)) IN (SELECT id FROM person)
        OR j.client IN (SELECT id FROM person)
    ORDER BY j.rowid"""


class Carried(NamedTuple):
    """What went with an assessment that was moved or marked."""

    assessment: Assessment
    left: int
    """Entries that were withdrawn from the episode it belonged to."""
    joined: bool
    """Whether it belongs to an episode of the client whose it is now."""
    why_not: str | None = None
    """Why it could not be counted in that client's open episode, as a message id."""


class Corrections(Repository):
    """What was recorded of the wrong client or card, put right."""

    @writes("correct")
    def correct_card(
        self,
        client_id: str,
        *,
        birth_year: int | None,
        sex: Literal["f", "m", "x"] | None,
        language: str,
        municipality: str | None,
        why: str,
        after: str | None,
    ) -> Client:
        """Put a client's card right; drafts, legal times and what waits follow at once.

        `after` is `Client.card` as the caller knows it. The same card again is not written.

        Raises:
            CardChanged: If the card was corrected since.
            BornLater: If something was recorded before that year.
            ValueError: If the year is not in 1900–2099.
        """
        reason = text_guard.needed("why", why)
        card = {
            "birth_year": birth_year,
            "sex": sex,
            "language": text_guard.code("language", language),
            "municipality": text_guard.optional("municipality", municipality),
        }
        before = persons.read_client(self.session, client_id)
        put_right = Client.model_validate({**before.model_dump(), **card})
        if put_right == before:
            return before
        if before.card != after:
            raise CardChanged
        _refuse_unborn(self.session, client_id, birth_year)
        persons.put_card(self.session, put_right, reason)
        _follow(self.session, client_id)
        return persons.read_client(self.session, client_id)

    @reads("read")
    def list_card_changes(self, client_id: str) -> list[CardChange]:
        """Return every correction of the card of the client that stands, the oldest first."""
        sql = """
            SELECT k.id AS card, birth_year, sex, language, municipality, why, at,
                w.handle AS "by"
            FROM client_corrections k CROSS JOIN workers w ON w.id = k."by"
            WHERE client = ? ORDER BY k.rowid"""
        now = persons.read_client(self.session, client_id)
        first = self.session.row(_FIRST_CARD, YEAR_UNKNOWN, now.id) or {}
        before = now.model_copy(update={**first, "card": None})
        changes = []
        for row in self.session.rows(sql, now.id):
            told = {name: row.pop(name) for name in ("why", "at", "by")}
            after = before.model_copy(update=row)
            changes.append(CardChange(before=before, after=after, **told))
            before = after
        return changes

    @writes("correct")
    def join_clients(self, client_id: str, other_id: str, why: str) -> Client:
        """Let two clients be one person; the code of `client_id` stands, the other finds it too.

        Both ids are those that stand, as `Clients.find` gives them. Joined already, nothing is
        written.

        Raises:
            CardChanged: If one was joined to somebody else since.
            BornLater: If something was recorded before the year of birth that stands.
        """
        reason = text_guard.needed("why", why)
        mine, others = (
            persons.same_person(self.session, client_id),
            persons.same_person(self.session, other_id),
        )
        if mine[0] == others[0]:
            return persons.read_client(self.session, client_id)
        if (mine[0], others[0]) != (client_id, other_id):
            raise CardChanged
        for other in others:
            _put_joining(self.session, other, client_id, reason)
        _refuse_unborn(
            self.session, client_id, persons.read_client(self.session, client_id).birth_year
        )
        _follow(self.session, client_id)
        return persons.read_client(self.session, client_id)

    @writes("correct")
    def part_clients(self, client_id: str, code: str, why: str) -> Client:
        """Take back that a code was joined to a client; what was recorded under it goes with it.

        `code` is one of `Client.also`. What was begun since stays with the code that stands. An
        assessment of the one leaves the episode of the other, with all that hung on it, and a death
        that was recorded of one code and held for both is withdrawn from the other. Parted already,
        nothing is written. Returns the client of that code.

        Raises:
            UnknownRecord: If nobody has that code.
            UnfitEvent: If something rests on what has to leave an episode.
        """
        reason = text_guard.needed("why", why)
        found = persons.find_coded(self.session, codes.parse(code))
        if found is None:
            raise UnknownRecord
        other_id = str(found["id"])
        standing, *joined = persons.same_person(self.session, client_id)
        if other_id in joined:
            _withdraw_shared_death(self.session, standing, other_id)
            strays = _strays(self.session, standing, other_id)
            left = [moves.withdraw_recorded(self.session, id_) for id_, _ in strays]
            _put_joining(self.session, other_id, None, reason)
            self.session.touched.joined.add(standing)
            for (id_, home), recorded in zip(strays, left, strict=True):
                assessments.withdraw_given(self.session, id_)
                moves.carry(self.session, id_, home, "returned", reason, recorded)
            _follow(self.session, standing)
            _follow(self.session, other_id)
        return persons.read_client(self.session, other_id)

    @reads("read")
    def list_joinings(self, client_id: str) -> list[Joining]:
        """Return how a person's codes were joined or parted again; the oldest first."""
        return [
            Joining(**row)
            for row in self.session.rows(_JOINED, persons.person_values(self.session, client_id))
        ]

    @writes("correct")
    def mark_wrong_client(self, assessment_id: str, why: str, *, after: str | None) -> Carried:
        """Mark an assessment as of the wrong client: it stays to be read, and counts nowhere.

        `after` is `Assessment.move` as the caller knows it. What it told its episode is withdrawn.
        Marked already, nothing is written.

        Raises:
            MovedElsewhere: If it was moved or marked since.
        """
        reason = text_guard.needed("why", why)
        before = assessments.read_assessment(self.session, assessment_id)
        if before.wrong_client:
            return Carried(before, 0, joined=False)
        if before.move != after:
            raise MovedElsewhere
        measured, agreed = moves.withdraw_recorded(self.session, assessment_id)
        moves.put_move(self.session, assessment_id, "wrong_client", before.client_id, reason)
        marked = assessments.read_assessment(self.session, assessment_id)
        return Carried(marked, len(measured) + len(agreed), joined=False)

    @writes("correct")
    def move_assessment(
        self, assessment_id: str, client_id: str, why: str, *, after: str | None
    ) -> Carried:
        """Let an assessment be another client's, with all that hung on it.

        What it told the episode of the one is withdrawn and told to the open episode of the other,
        as far as that takes it. To the client whose it was, the mark is taken back. `after` is as
        in `mark_wrong_client`. There already, nothing is written.

        Raises:
            MovedElsewhere: If it was moved or marked since.
            BornLater: If it was begun before that client's year of birth.
        """
        reason = text_guard.needed("why", why)
        before = assessments.read_assessment(self.session, assessment_id)
        target = persons.same_person(self.session, client_id)[0]
        marked_here = persons.same_person(self.session, before.client_id)[0] == target
        if marked_here and not before.wrong_client:
            joined = assessments.find_episode_id(self.session, assessment_id) is not None
            return Carried(before, 0, joined)
        if before.move != after:
            raise MovedElsewhere
        year = persons.read_client(self.session, target).birth_year
        if year is not None and finnish_day(before.started_at).year < year:
            raise BornLater(year=finnish_day(before.started_at).year)
        measured, agreed = moves.withdraw_recorded(self.session, assessment_id)
        withdrawn = len(measured) + len(agreed)
        # A mark has withdrawn them, or a client before could not take them.
        agreed = agreed or safety_contacts.read_once_agreed(self.session, assessment_id)
        if not marked_here:
            assessments.withdraw_given(self.session, assessment_id)
        kind: Literal["returned", "moved"] = "returned" if marked_here else "moved"
        joined, why_not = moves.carry(
            self.session, assessment_id, target, kind, reason, moves.Recorded(measured, agreed)
        )
        moved = assessments.read_assessment(self.session, assessment_id)
        return Carried(moved, withdrawn, joined, why_not)

    @reads("read")
    def list_moved_away(self, client_id: str) -> list[Moved]:
        """Return the assessments once a person's and now another's, the newest first."""
        sql = f"""
            {FOUND} SELECT a.id AS assessment_id, a.seq, b.place, p.code AS "to", m.why, m.at,
                w.handle AS "by"
            FROM found CROSS JOIN assessments a ON a.id = found.id
                CROSS JOIN belongings b ON b.assessment_id = a.id
                CROSS JOIN assessment_moves m ON m.rowid = (
                    SELECT n.rowid FROM assessment_moves n
                    WHERE n.assessment_id = a.id AND n.kind IN ('moved', 'returned')
                    ORDER BY n.rowid DESC LIMIT 1)
                CROSS JOIN workers w ON w.id = m."by"
                CROSS JOIN persons p ON p.id = b.place
            WHERE b.place NOT IN (SELECT id FROM person) ORDER BY a.seq DESC"""
        found = []
        for row in self.session.rows(sql, persons.person_values(self.session, client_id)):
            seen = self.session.is_in_reach(row.pop("place"))
            found.append(Moved(**{**row, "to": row["to"] if seen else None}))
        return found


def _refuse_unborn(session: Session, client_id: str, birth_year: int | None) -> None:
    """Raise BornLater if something was recorded of a person before that year."""
    row = session.row(f"{FOUND} {_FIRST}", persons.person_values(session, client_id))
    first = row["at"] if row else None
    if first and birth_year is not None and int(first[:4]) < birth_year:
        raise BornLater(year=int(first[:4]))


def _follow(session: Session, client_id: str) -> None:
    """Make anew what follows from a person's card, within a transaction."""
    for told in episodes.list_of_person(session, client_id):
        worklist_lines.list_episode(session, *told)
    sql = f"""
        {FOUND} SELECT d.assessment_id FROM found
            CROSS JOIN drafts d ON d.assessment_id = found.id
            CROSS JOIN belongings b ON b.assessment_id = d.assessment_id
        WHERE b.place IN (SELECT id FROM person)"""
    for row in session.rows(sql, persons.person_values(session, client_id)):
        moves.follow_draft(session, row["assessment_id"])


def _strays(session: Session, client_id: str, other_id: str) -> list[tuple[str, str]]:
    """Return the assessments of one side of a person in an episode of the other.

    The one side is the client `other_id`. With each goes whose it is.
    """
    sql = f"""
        {FOUND} SELECT b.assessment_id, b.client
        FROM found CROSS JOIN belongings b ON b.assessment_id = found.id
            CROSS JOIN episodes e ON e.id = b.episode_id
        WHERE (b.client = :other) <> (e.client_id = :other)"""
    values = {**persons.person_values(session, client_id), "other": other_id}
    return [(row["assessment_id"], row["client"]) for row in session.rows(sql, values)]


def _withdraw_shared_death(session: Session, client_id: str, other_id: str) -> None:
    """Leave a death with the code of which it was recorded, where it held for two.

    A living client is missed by nobody who looks for a dead one; the other mistake is seen.
    """
    sql = """
        SELECT v.id, v.episode_id, v.event, e.client_id = :other AS other
        FROM episode_events v CROSS JOIN episodes e ON e.id = v.episode_id
        WHERE e.client_id IN (SELECT value FROM json_each(:person)) AND v.kind = 'closed'
            AND json_extract(v.event, '$.how') = 'died'
            AND NOT EXISTS (SELECT 1 FROM episode_events w WHERE w.supersedes = v.id)
            AND v.at >= (SELECT max(j.at) FROM client_joins j WHERE j.client = :other)
        ORDER BY v.rowid"""
    values = {**persons.person_values(session, client_id), "other": other_id}
    rows = session.rows(sql, values)
    for row in rows[1:]:
        if row["event"] == rows[0]["event"] and row["other"] != rows[0]["other"]:
            told = episodes.read(session, row["episode_id"])
            episodes.withdraw_entry(session, told, row["id"])


def _put_joining(session: Session, client_id: str, stands: str | None, why: str) -> None:
    row = session.new_row(client=client_id, stands=stands, why=why)
    event = "joining.made" if stands else "joining.undone"
    session.append("client_joins", row, event)
