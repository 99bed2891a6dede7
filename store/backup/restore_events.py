"""What the history of a restored store tells of the restore."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from store.audit import chain, staff_ledger
from store.backup import admission, staffing
from store.backup.manifest import Survey
from store.database import connections, engine, head_record, migrations, transactions
from store.file_names import DATABASE, KEYS
from store.files import durable
from store.keys import keystore, known_key_file

RESTORED = "store.restored"
"""The event of a restore: with it a branch of the history begins."""

SET_ASIDE = "store.set_aside"
"""The event after a restore: the branch that was set aside, and its newest event."""


class Restore(NamedTuple):
    """When and by whom what is restored."""

    at: str
    handle: str
    """Who restores."""
    opener: str
    """The staff code that opened the backup."""
    backup: str
    present: admission.PresentStore | None


class Outcome(NamedTuple):
    """What has become of the history and of what everybody may do."""

    branch: str
    """The hash of the event with which a new branch of the history has begun."""
    regained: tuple[str, ...]
    """Staff codes that may do more now than in the store that was set aside."""
    as_today: tuple[str, ...]
    """Staff codes that do not stand as in the backup, because of how they stand today."""


def record(work: Path, key: bytes, restore: Restore, found: Survey, replaced: str) -> Outcome:
    """Write the restore into the history of the copy, and leave the copy without a log.

    It knows from now on the key file that will lie beside it. `found` is what the backup holds,
    `replaced` a digest of the files that are set aside.
    """
    path = work / DATABASE
    with connections.connect(path, key, migrations.schema()) as db:
        with transactions.writing(db):
            outcome = _record(db, work / KEYS, restore, found, replaced)
            head = chain.head(db)
        transactions.into_one_file(db)
    durable.sync_file(path)
    head_record.write(head_record.path_of(path), *head, beside=path)
    return outcome


def _record(
    db: engine.Database, key_file: Path, restore: Restore, found: Survey, replaced: str
) -> Outcome:
    at, who, present = restore.at, restore.handle, restore.present
    chain.append(db, at, who, RESTORED, restore.backup, replaced)
    branch = chain.head(db)[1]
    if found.first_bad is not None:  # which was accepted
        chain.append(db, at, who, chain.ACCEPTED, str(found.first_bad), chain.NOTHING)
    known_key_file.adopt(db, key_file, at, who)
    if present:
        seq, digest = present.lineage.head
        chain.append(db, at, who, SET_ASIDE, f"{present.lineage.branch[:16]}/{seq}", digest)
    same = present is not None and present.lineage.history == found.lineage.history
    people = present.people if present and same else None
    holders = keystore.handles(key_file)
    as_today = staffing.settle_roles(db, people, holders, who, restore.opener, at)
    return Outcome(branch, _regained(db, present), as_today)


def _regained(db: engine.Database, present: admission.PresentStore | None) -> tuple[str, ...]:
    """Return the staff codes that may do more in a backup than in the store that it replaces."""
    before = present.people.rights() if present and present.people else {}
    people = staff_ledger.people_in(db, torn=True)
    if not people or not before:
        return ()
    rights = people.rights().items()
    return tuple(sorted(who for who, may in rights if may - before.get(who, frozenset())))
