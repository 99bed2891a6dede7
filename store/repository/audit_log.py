"""Reading the log: whether it holds, its head, who did what, and who has used a client's data.

Whoever reads the log is logged as well. Nothing here tells what was said or answered.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any, NamedTuple

from store.audit import chain, event_types, seals
from store.repository.internal import persons
from store.session.guarded import OPEN_TO_ALL, Repository, reads, requires
from store.times import to_iso_utc

_SHORT = 20
_NOTED = re.compile(
    r"(?:(?P<site>[0-9a-f]{8})/)?(?P<seq>[1-9][0-9]{0,17}):(?P<hash>[0-9a-f]{16,64})"
    r"(?:/(?P<key>[0-9a-f]{16}))?"
)

# Every record of a client by its id, and what kind of record it is.
_RECORDS = """
    WITH c (id) AS (SELECT value FROM json_each(:clients)),
         began (id) AS (
        SELECT x.id FROM c CROSS JOIN assessments x ON x.client_id = c.id UNION
        SELECT x.assessment_id FROM c CROSS JOIN assessment_moves x ON x.client = c.id),
         a (id) AS (SELECT began.id FROM began CROSS JOIN belongings b ON b.assessment_id = began.id
                    WHERE b.client IN (SELECT id FROM c)),
         e (id) AS (SELECT x.id FROM c CROSS JOIN episodes x ON x.client_id = c.id),
         plans (id) AS (
        SELECT x.id FROM c CROSS JOIN safety_plans x ON x.client_id = c.id
            WHERE x.assessment_id ISNULL UNION
        SELECT x.id FROM a CROSS JOIN safety_plans x ON x.assessment_id = a.id),
         joined (id) AS (
        SELECT id FROM c UNION
        SELECT x.client FROM c CROSS JOIN client_joins x ON x.stands = c.id),
    mine (id, record) AS (
        SELECT id, 'client' FROM c UNION ALL
        SELECT began.id, 'assessment' FROM began WHERE began.id NOT IN (SELECT id FROM a) UNION ALL
        SELECT x.id, 'correction' FROM c CROSS JOIN client_corrections x ON x.client = c.id
        UNION ALL
        SELECT x.id, 'joining' FROM joined CROSS JOIN client_joins x ON x.client = joined.id
        UNION ALL
        SELECT x.id, 'belonging'
            FROM began CROSS JOIN assessment_moves x ON x.assessment_id = began.id UNION ALL
        SELECT id, 'assessment' FROM a UNION ALL
        SELECT id, 'episode' FROM e UNION ALL
        SELECT n.id, 'answer' FROM answers n JOIN a ON a.id = n.assessment_id UNION ALL
        SELECT n.id, 'note' FROM notes n JOIN a ON a.id = n.assessment_id UNION ALL
        SELECT s.id, 'safety' FROM safety s JOIN a ON a.id = s.assessment_id UNION ALL
        SELECT d.id, 'decision' FROM decisions d JOIN a ON a.id = d.assessment_id UNION ALL
        SELECT t.id, 'taking' FROM taken t JOIN a ON a.id = t.assessment_id UNION ALL
        SELECT p.id, 'plan' FROM plans p UNION ALL
        SELECT n.id, 'plan' FROM plans p CROSS JOIN plan_points n ON n.plan_id = p.id UNION ALL
        SELECT m.id, 'unit' FROM c CROSS JOIN client_units m ON m.client = c.id UNION ALL
        SELECT v.id, 'entry' FROM episode_events v JOIN e ON e.id = v.episode_id
    )"""
_USES = f"""{_RECORDS}
    SELECT u.*, mine.record FROM audit u JOIN mine ON mine.id = u.subject
    WHERE u.at >= :since ORDER BY u.seq"""
_LOG = """
    SELECT * FROM (
        SELECT * FROM audit WHERE at >= :since AND coalesce(actor = :actor, TRUE)
            AND (NOT :sums OR event IN ('view.report', 'view.cases'))
        ORDER BY seq DESC LIMIT :limit
    ) ORDER BY seq"""


class AuditEntry(NamedTuple):
    """One event of the log; `record` says what kind of record it is about, where that is known."""

    seq: int
    at: datetime
    actor: str
    event: str
    subject: str
    os_user: str | None
    origin: str | None
    app: str | None
    record: str | None

    @property
    def kind(self) -> event_types.Kind | None:
        """What kind of event it is."""
        known = event_types.find_type(self.event)
        return known.kind if known else None

    @property
    def question(self) -> str:
        """What was asked for, where sums were; empty of any other event."""
        return self.subject if self.event in {"view.report", "view.cases"} else ""

    @property
    def sentence(self) -> str:
        """The message id of its sentence; the bare name of an event of another version."""
        known = event_types.find_type(self.event)
        closer = event_types.OF_RECORD.get((self.event, self.record or ""))
        return closer or (known.sentence if known else self.event)


class Head(NamedTuple):
    """The newest event, in the form in which it is written down outside the store.

    `site` is the beginning of the first event's hash, which no two stores share; `key` is the
    fingerprint of the key of the seals, None in a store without one.
    """

    site: str
    seq: int
    hash: str
    key: str | None

    def __str__(self) -> str:
        line = f"{self.site}/{self.seq}:{self.hash[:_SHORT]}"
        return f"{line}/{self.key}" if self.key else line


class CheckResult(NamedTuple):
    """What the check of the log found: how much there is, and the first thing that is wrong."""

    events: int
    seals: int
    fault: chain.Fault | None


def parse_anchor(text: str) -> chain.Anchor:
    """Read a head as it was written down: `SEQ:HASH`, or the whole line of `Head`.

    At least 16 digits of the hash are needed, upper or lower case.

    Raises:
        ValueError: If it is anything else.
    """
    found = _NOTED.fullmatch(text.strip().lower())
    if not found:
        raise ValueError("a head is written SEQ:HASH")
    return chain.Anchor(int(found["seq"]), found["hash"], found["key"], found["site"])


class AuditLog(Repository):
    """The audit log: looks and exports are logged, and it is read and checked."""

    @requires("read")
    def log_view(self, subject: str) -> None:
        """Log that the worker looked at a record; `subject` is its id."""
        self.session.log_event("view", subject)

    @requires("read")
    def log_export(self, subject: str) -> None:
        """Log that the worker takes a record out of the store; `subject` is its id."""
        self.session.log_event("export", subject)

    @reads(OPEN_TO_ALL)
    def get_head(self) -> tuple[int, str]:
        """Return number and hash of the newest event, to be kept elsewhere as an anchor."""
        return chain.head(self.session.db)

    @reads(OPEN_TO_ALL)
    def find_bad_event(self) -> int | None:
        """Return the number of the first event that does not hold, None if all is as it was."""
        return chain.first_bad(self.session.db)

    @requires("verify")
    def take_head(self) -> Head:
        """Return the head to be written down; that it was taken is the newest event in it."""
        self.session.log_event("audit.head")
        db = self.session.db
        with self.session.reading():
            public = seals.public_key(db)
            key = seals.fingerprint(public) if public else None
            return Head(chain.site(db), *chain.head(db), key)

    @requires("verify")
    def check(self, anchor: chain.Anchor | None = None) -> CheckResult:
        """Check the whole log; some 20 000 events a second, in the memory of one."""
        self.session.log_event("audit.verified")
        db = self.session.db
        with self.session.reading():
            events, _ = chain.head(db)
            return CheckResult(events, db.table("seals").count, chain.first_of_all(db, anchor))

    @requires("who")
    def find_uses(self, client_id: str, since: datetime | None = None) -> list[AuditEntry]:
        """Return who looked at a client's data, wrote to them or took them out; the oldest first.

        It is told of the whole person, under whichever codes; of an assessment that was moved to
        another client, only that it was looked at, marked or moved.

        That somebody asked is an event on the client as well. Lists with several clients are logged
        as one look and not under each of them.
        """
        self.session.log_event("audit.asked", client_id)
        with self.session.reading():
            clients = json.dumps(persons.same_person(self.session, client_id))
            return self._entries(_USES, {"clients": clients, "since": _from(since)})

    @requires("log")
    def list_events(
        self,
        *,
        limit: int,
        since: datetime | None = None,
        actor: str | None = None,
        sums: bool = False,
    ) -> list[AuditEntry]:
        """Return the newest events, at most `limit`, the oldest of them first.

        `actor` is a staff code. With `sums` they are those by which somebody asked for sums: for a
        report, or for past assessments decided again. The subject is the question.
        """
        self.session.log_event("audit.read")
        asked = {"since": _from(since), "actor": actor, "limit": limit, "sums": sums}
        with self.session.reading():
            return self._entries(_LOG, asked)

    def _entries(self, sql: str, values: dict[str, Any]) -> list[AuditEntry]:
        return [_entry(row) for row in self.session.rows(sql, values)]


def _from(since: datetime | None) -> str:
    return to_iso_utc(since) if since else ""


def _entry(row: dict[str, Any]) -> AuditEntry:
    told: dict[str, Any] = {name: row.get(name) for name in AuditEntry._fields}
    return AuditEntry(**{**told, "at": datetime.fromisoformat(row["at"])})
