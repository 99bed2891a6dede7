"""Putting right: a client's card, two codes of one person, an assessment of the wrong client.

Nothing is changed in place: each of these adds a row with its reason, and the newest one counts.
What is derived from them, such as what waits, is made anew in the same transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from stepping.finland import finnish_day
from store import codes, text_guard
from store.database.tables.v5_corrections import YEAR_UNKNOWN
from store.errors import (
    BornLater,
    CardChanged,
    MovedElsewhere,
    UnfitEvent,
    UnknownRecord,
)
from store.records import Assessment, CardChange, Client, Joining, Moved
from store.repository.clients import FOUND, Clients
from store.repository.decisions import Outcomes
from store.repository.episodes import AGREED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from stepping.episode.events import Event, EventEntry, NextContact
    from stepping.episode.validation import ValidationContext
    from store.repository.episodes import _Told

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

_HAD_AGREED = """
    SELECT v.event, max(v.rowid) AS newest
    FROM safety s CROSS JOIN episode_events v ON json_extract(v.event, '$.safety') = s.id
    WHERE s.assessment_id = ? AND s.done = 1 AND v.kind = 'next_contact'
        AND NOT EXISTS (SELECT 1 FROM safety t WHERE t.supersedes = s.id)
    GROUP BY s.id ORDER BY s.rowid"""
"""The contacts that the safety steps of an assessment had agreed, whether or not they stand."""


class Carried(NamedTuple):
    """What went with an assessment that was moved or marked."""

    assessment: Assessment
    left: int
    """Entries that were withdrawn from the episode it belonged to."""
    joined: bool
    """Whether it belongs to an episode of the client whose it is now."""
    why_not: str | None = None
    """Why it could not be counted in that client's open episode, as a message id."""


class _Stray(NamedTuple):
    """An assessment, whose it is, and what it has told the episode of somebody else."""

    assessment_id: str
    client_id: str
    hung: list[Event]
    agreed: list[NextContact]


class Corrections(Clients, Outcomes):
    """The part of the store that puts right what was recorded of the wrong client or card."""

    # -- the card ------------------------------------------------------------

    def correct_client(
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

        `after` is `Client.card` as the caller knows it. The same card again is not written. Raises
        CardChanged (a ChangedElsewhere), BornLater, UnknownRecord or RefusedText; nothing is
        stored then. ValueError if the year is not in 1900–2099.
        """
        reason = text_guard.needed("why", why)
        card = {
            "birth_year": birth_year,
            "sex": sex,
            "language": text_guard.code("language", language),
            "municipality": text_guard.optional("municipality", municipality),
        }
        with self._write():
            before = self._client(client_id)
            put_right = Client.model_validate({**before.model_dump(), **card})
            if put_right == before:
                return before
            if before.card != after:
                raise CardChanged
            self._refuse_unborn(client_id, birth_year)
            self._put_card(put_right, reason)
            self._follow(client_id)
            return self._client(client_id)

    def card_changes(self, client_id: str) -> list[CardChange]:
        """Every correction of the card of the client that stands, the oldest first."""
        sql = """
            SELECT k.id AS card, birth_year, sex, language, municipality, why, at,
                w.handle AS "by"
            FROM client_corrections k CROSS JOIN workers w ON w.id = k."by"
            WHERE client = ? ORDER BY k.rowid"""
        with self._read():
            now = self._client(client_id)
            first = self._row(_FIRST_CARD, YEAR_UNKNOWN, now.id) or {}
            before = now.model_copy(update={**first, "card": None})
            changes = []
            for row in self._rows(sql, now.id):
                told = {name: row.pop(name) for name in ("why", "at", "by")}
                after = before.model_copy(update=row)
                changes.append(CardChange(before=before, after=after, **told))
                before = after
        return changes

    def _refuse_unborn(self, client_id: str, birth_year: int | None) -> None:
        """BornLater if something was recorded of a person before that year."""
        row = self._row(f"{FOUND} {_FIRST}", self._person_values(client_id))
        first = row["at"] if row else None
        if first and birth_year is not None and int(first[:4]) < birth_year:
            raise BornLater(year=int(first[:4]))

    def _follow(self, client_id: str) -> None:
        """Make anew what follows from a person's card, within a transaction."""
        for told in self._all_of(client_id):
            self._list_again(told.record, told.episode, told.birth_year)
        sql = f"""
            {FOUND} SELECT d.assessment_id FROM found
                CROSS JOIN drafts d ON d.assessment_id = found.id
                CROSS JOIN belongings b ON b.assessment_id = d.assessment_id
            WHERE b.place IN (SELECT id FROM person)"""
        for row in list(self._rows(sql, self._person_values(client_id))):
            self._follow_draft(row["assessment_id"])

    def _follow_draft(self, assessment_id: str) -> None:
        """Let what waits and which stops are open tell of a draft as its client's card is now."""
        sql = """
            UPDATE worklist SET municipality =
                (SELECT p.municipality FROM persons p WHERE p.id = worklist.client_id)
            WHERE assessment_id = ?"""
        self.db.execute(sql, (assessment_id,))
        self._keep_standing(assessment_id)

    # -- two codes of one person ----------------------------------------------

    def join_clients(self, client_id: str, other_id: str, why: str) -> Client:
        """Let two clients be one person; the code of `client_id` stands, the other finds it too.

        Both ids are those that stand, as `find_client` gives them. Joined already, nothing is
        written. Raises CardChanged if one was joined to somebody else since, BornLater,
        UnknownRecord or RefusedText; nothing is stored then.
        """
        reason = text_guard.needed("why", why)
        with self._write():
            mine, others = self._same_person(client_id), self._same_person(other_id)
            if mine[0] == others[0]:
                return self._client(client_id)
            if (mine[0], others[0]) != (client_id, other_id):
                raise CardChanged
            for other in others:
                self._put_joining(other, client_id, reason)
            self._refuse_unborn(client_id, self._client(client_id).birth_year)
            self._follow(client_id)
            return self._client(client_id)

    def part_clients(self, client_id: str, code: str, why: str) -> Client:
        """Take back that a code was joined to a client; what was recorded under it goes with it.

        `code` is one of `Client.also`. What was begun since stays with the code that stands. An
        assessment of the one leaves the episode of the other, with all that hung on it, and a death
        that was recorded of one code and held for both is withdrawn from the other. Parted already,
        nothing is written. Returns the client of that code. Raises UnknownRecord, RefusedText, or
        UnfitEvent where something rests on what has to leave an episode.
        """
        reason = text_guard.needed("why", why)
        found = self._coded(codes.parse(code))
        if found is None:
            raise UnknownRecord
        other_id = str(found["id"])
        with self._write():
            standing, *joined = self._same_person(client_id)
            if other_id in joined:
                self._withdraw_shared_death(standing, other_id)
                strays = [self._taken_out(stray) for stray in self._strays(standing, other_id)]
                self._put_joining(other_id, None, reason)
                for stray in strays:
                    self._brought_home(stray, reason)
                self._follow(standing)
                self._follow(other_id)
            return self._client(other_id)

    def _strays(self, client_id: str, other_id: str) -> list[dict[str, str]]:
        """The assessments of one side of a person in an episode of the other, with whose they are.

        The one side is the client `other_id`.
        """
        sql = f"""
            {FOUND} SELECT b.assessment_id, b.client
            FROM found CROSS JOIN belongings b ON b.assessment_id = found.id
                CROSS JOIN episodes e ON e.id = b.episode_id
            WHERE (b.client = :other) <> (e.client_id = :other)"""
        return list(self._rows(sql, {**self._person_values(client_id), "other": other_id}))

    def _taken_out(self, stray: dict[str, str]) -> _Stray:
        """Withdraw what an assessment told the episode that it belongs to."""
        id_ = stray["assessment_id"]
        agreed = self._leave_agreed(id_)
        return _Stray(id_, stray["client"], self._leave(id_), agreed)

    def _brought_home(self, stray: _Stray, why: str) -> None:
        """Tell the episode of an assessment's own client what it told another one."""
        self._forget_given(stray.assessment_id)
        self._put_move(stray.assessment_id, "returned", stray.client_id, why)
        self._arrive(*stray[:2], stray.hung, stray.agreed)
        self._follow_draft(stray.assessment_id)

    def _withdraw_shared_death(self, client_id: str, other_id: str) -> None:
        """Leave a death with the code of which it was recorded, where it held for two.

        A living client is missed by nobody who looks for a dead one; the other mistake is seen.
        """
        from stepping.episode.events import Withdrawn

        sql = """
            SELECT v.id, v.episode_id, v.event, e.client_id = :other AS other
            FROM episode_events v CROSS JOIN episodes e ON e.id = v.episode_id
            WHERE e.client_id IN (SELECT value FROM json_each(:person)) AND v.kind = 'closed'
                AND json_extract(v.event, '$.how') = 'died'
                AND NOT EXISTS (SELECT 1 FROM episode_events w WHERE w.supersedes = v.id)
                AND v.at >= (SELECT max(j.at) FROM client_joins j WHERE j.client = :other)
            ORDER BY v.rowid"""
        values = {**self._person_values(client_id), "other": other_id}
        rows = list(self._rows(sql, values))
        for row in rows[1:]:
            if row["event"] == rows[0]["event"] and row["other"] != rows[0]["other"]:
                told = self._told(row["episode_id"])
                around = self._around(told)
                self._add(told, Withdrawn(day=around.today), around, row["id"])

    def joinings(self, client_id: str) -> list[Joining]:
        """How a person's codes were joined, and which were parted again; the oldest first."""
        with self._read():
            return [Joining(**row) for row in self._rows(_JOINED, self._person_values(client_id))]

    def _put_joining(self, client_id: str, stands: str | None, why: str) -> None:
        row: dict[str, Any] = {
            "id": self._ids.new(),
            "client": client_id,
            "stands": stands,
            "why": why,
            "at": self._now(),
            "by": self._worker,
        }
        event = "joining.made" if stands else "joining.undone"
        self._append("client_joins", row, event, row["id"])

    # -- an assessment of the wrong client -------------------------------------

    def mark_wrong(self, assessment_id: str, why: str, *, after: str | None) -> Carried:
        """Mark an assessment as of the wrong client: it stays to be read, and counts nowhere.

        `after` is `Assessment.move` as the caller knows it. What it told its episode is withdrawn.
        Marked already, nothing is written. Raises MovedElsewhere (a ChangedElsewhere),
        UnknownRecord or RefusedText; nothing is stored then.
        """
        reason = text_guard.needed("why", why)
        with self._write():
            before = self._assessment(assessment_id)
            if before.wrong_client:
                return Carried(before, 0, joined=False)
            if before.move != after:
                raise MovedElsewhere
            left = [*self._leave_agreed(assessment_id), *self._leave(assessment_id)]
            self._put_move(assessment_id, "wrong_client", before.client_id, reason)
            return Carried(self._assessment(assessment_id), len(left), joined=False)

    def move_assessment(
        self, assessment_id: str, client_id: str, why: str, *, after: str | None
    ) -> Carried:
        """Let an assessment be another client's, with all that hung on it.

        What it told the episode of the one is withdrawn and told to the open episode of the other,
        as far as that takes it. To the client whose it was, the mark is taken back. `after` is as
        in `mark_wrong`. There already, nothing is written. Raises MovedElsewhere, BornLater,
        UnknownRecord or RefusedText; nothing is stored then.
        """
        reason = text_guard.needed("why", why)
        with self._write():
            before = self._assessment(assessment_id)
            target = self._same_person(client_id)[0]
            marked_here = self._same_person(before.client_id)[0] == target
            if marked_here and not before.wrong_client:
                return Carried(before, 0, joined=self._episode_id(assessment_id) is not None)
            if before.move != after:
                raise MovedElsewhere
            year = self._client(target).birth_year
            if year is not None and finnish_day(before.started_at).year < year:
                raise BornLater(year=finnish_day(before.started_at).year)
            agreed, left = self._leave_agreed(assessment_id), self._leave(assessment_id)
            withdrawn = len(agreed) + len(left)
            # A mark has withdrawn them, or a client before could not take them.
            agreed = agreed or self._had_agreed(assessment_id)
            if not marked_here:
                self._forget_given(assessment_id)
            kind: Literal["returned", "moved"] = "returned" if marked_here else "moved"
            self._put_move(assessment_id, kind, target, reason)
            joined, why_not = self._arrive(assessment_id, target, left, agreed)
            self._follow_draft(assessment_id)
            return Carried(self._assessment(assessment_id), withdrawn, joined, why_not)

    def moved_away(self, client_id: str) -> list[Moved]:
        """The assessments that were once a person's and are another's now, the newest first."""
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
        with self._read():
            standing = self._standing()
            found = []
            for row in list(self._rows(sql, self._person_values(client_id))):
                beyond = self._beyond(standing, "read", {"client_id": row.pop("place")})
                found.append(Moved(**{**row, "to": None if beyond else row["to"]}))
        return found

    def _put_move(
        self,
        assessment_id: str,
        kind: Literal["wrong_client", "moved", "returned"],
        client_id: str,
        why: str,
    ) -> None:
        row: dict[str, Any] = {
            "id": self._ids.new(),
            "assessment_id": assessment_id,
            "kind": kind,
            "client": client_id,
            "episode_id": None,
            "why": why,
            "at": self._now(),
            "by": self._worker,
        }
        self._append("assessment_moves", row, f"belonging.{kind}", row["id"])

    def _leave_agreed(self, assessment_id: str) -> list[NextContact]:
        """Withdraw the contacts that an assessment's safety steps agreed; return them."""
        from stepping.episode.events import Withdrawn

        sql = "SELECT 1 FROM safety WHERE id = ? AND assessment_id = ?"
        today, left = finnish_day(self._clock()), []
        for row in list(self._rows(AGREED, assessment_id)):
            if self._row(sql, row["safety"], assessment_id) is not None:
                told = self._told(row["episode_id"])
                day = max([today, *(entry.event.day for entry in told.episode.entries)])
                self._add(told, Withdrawn(day=day), self._around(told), row["id"])
                left.append(_contact(row["event"]))
        return left

    def _had_agreed(self, assessment_id: str) -> list[NextContact]:
        return [_contact(row["event"]) for row in self._rows(_HAD_AGREED, assessment_id)]

    def _leave(self, assessment_id: str) -> list[Event]:
        """Withdraw what an assessment told its episode; return that, the measurement first."""
        from stepping.episode.events import NeedEstablished, Withdrawn

        episode_id = self._episode_id(assessment_id)
        if episode_id is None:
            return []
        told = self._told(episode_id)
        hung = list(self._hung_on(told, assessment_id))
        today = finnish_day(self._clock())
        for entry in hung:
            day = max([today, *(each.event.day for each in told.episode.entries)])
            instead: Event = Withdrawn(day=day)
            if isinstance(entry.event, NeedEstablished) and told.open:
                instead = self._need_by(told) or instead
            told = self._add(told, instead, self._around(told), entry.id)
        return [entry.event for entry in hung]

    def _hung_on(self, told: _Told, assessment_id: str) -> Iterator[EventEntry]:
        """The measurement of an assessment, and what the same worker agreed by it that day."""
        from stepping.episode.events import Agreement, Measured, NeedEstablished, NextContact

        entries = sorted(told.episode.entries, key=lambda entry: entry.seq)
        measured: EventEntry | None = None
        for entry in entries:
            event = entry.event
            if isinstance(event, Measured):
                measured = entry if event.assessment == assessment_id else None
                if measured is not None:
                    yield entry
            elif (
                measured is not None
                and isinstance(event, NeedEstablished | NextContact | Agreement)
                and event.day == measured.event.day
                and not (isinstance(event, NextContact) and event.safety)
                and self._writer(entry.id) == self._writer(measured.id)
            ):
                yield entry

    def _writer(self, entry_id: str) -> str:
        row = self._row('SELECT "by" FROM episode_events WHERE id = ?', entry_id)
        return str(row["by"]) if row else ""

    @staticmethod
    def _need_by(told: _Told) -> Event | None:
        """The need for treatment by the assessments that an episode has; any step above 0 tells it.

        Which step needs none is the pathway's to say; a time that runs needlessly harms nobody.
        """
        from stepping.episode.events import NeedEstablished

        days = [measured.day for measured in told.episode.measured if measured.step]
        return NeedEstablished(day=min(days)) if days else None

    def _arrive(
        self,
        assessment_id: str,
        client_id: str,
        hung: list[Event],
        contacts: list[NextContact],
    ) -> tuple[bool, str | None]:
        """As `_count_in`, with the `contacts` of its safety steps: an episode begins for them.

        They stand whether or not the measurement fits. Where one cannot, why is returned.
        """
        if contacts and self._open_of(client_id) is None:
            from stepping.episode.events import Opened

            measured = self._measured(assessment_id)
            first = min([event.day for event in (*contacts, *([measured] if measured else []))])
            around = _unknown_around(finnish_day(self._clock()))
            try:
                self._begin(client_id, Opened(day=first), around)
            except UnfitEvent as unfit:
                return False, unfit.what
        joined, why_not = self._count_in(assessment_id, client_id, hung)
        for contact in contacts:
            why_not = self._tell_contact(client_id, contact) or why_not
        return joined, why_not

    def _tell_contact(self, client_id: str, contact: NextContact) -> str | None:
        """Tell the open episode of a client of a safety step's contact; return why it cannot be."""
        told = self._open_of(client_id)
        opened = told.episode.opened if told else None
        if told is None or opened is None:
            return None
        agreed = contact.model_copy(update={"day": max(contact.day, opened.day)})
        try:
            self._add(told, agreed, self._around(told))
        except UnfitEvent as unfit:
            return unfit.what
        return None

    def _count_in(
        self, assessment_id: str, client_id: str, hung: list[Event]
    ) -> tuple[bool, str | None]:
        """Tell the open episode of a client what an assessment told another, as far as it can.

        Returns whether the assessment belongs to it, and why not where it does not fit.
        """
        from stepping.episode.events import Agreement, NextContact

        told = self._open_of(client_id)
        if told is None:
            return False, None
        episode_id = told.record.id
        measured = self._measured(assessment_id)
        if measured is not None:
            try:
                self._taken(told, self._entry_of(told, measured), self._around(told))
            except UnfitEvent as unfit:
                return False, unfit.what
        self._attach(assessment_id, episode_id)
        if measured is not None:
            told = self._add(told, measured, self._around(told))
        agreed = [event for event in hung if isinstance(event, Agreement | NextContact)]
        need = self._need_by(told) if told.episode.need is None else None
        for event in (*agreed, *([need] if need else [])):
            told = self._add(told, event, self._around(told))
        return True, None

    def _forget_given(self, assessment_id: str) -> None:
        """Take back what the episode of the wrong client gave a draft as facts."""
        sql = """
            SELECT n.id, n.question FROM answers n CROSS JOIN drafts d
                ON d.assessment_id = n.assessment_id
            WHERE n.assessment_id = ? AND n.state = 'given' AND n.origin NOTNULL
                AND NOT EXISTS (SELECT 1 FROM answers m WHERE m.supersedes = n.id)
            ORDER BY n.seq"""
        seq = self._last_seq(assessment_id)
        for given in list(self._rows(sql, assessment_id)):
            seq += 1
            row: dict[str, Any] = {
                "id": self._ids.new(),
                "assessment_id": assessment_id,
                "seq": seq,
                "question": given["question"],
                "state": "withdrawn",
                "at": self._now(),
                "by": self._worker,
                "supersedes": given["id"],
            }
            self._append("answers", row, "answer.withdrawn", row["id"])


def _contact(event: str) -> NextContact:
    from stepping.episode.events import NextContact

    return NextContact.model_validate_json(event)


def _unknown_around(today: date) -> ValidationContext:
    from stepping.episode.validation import ValidationContext

    return ValidationContext(today, None, {}, {}, {})
