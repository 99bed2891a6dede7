"""Every event of the audit log: its kind, and a sentence for it.

No event holds anything that was said or answered; it names who, when, what kind, and a record's id.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from store.errors import N_

Kind = Literal["looked", "wrote", "took out", "came in", "upkeep"]


class EventType(NamedTuple):
    """A kind of event, and a message id that goes on after the staff code of who did it."""

    kind: Kind
    sentence: str


_SENTENCES: Mapping[Kind, Mapping[str, str]] = {
    "came in": {
        "session.opened": N_("opened the store and its start page"),
        "unlock.failed": N_("failed to unlock the store before"),
        "clock.behind": N_("opened the store with a clock behind the newest entry"),
        "clock.doubted": N_("opened the store with a date that is in doubt"),
        "clock.confirmed": N_("checked the date: it is right"),
        "clock.returned": N_("opened the store with a clock that is right again"),
        "recovery.used": N_("opened the store with the recovery code"),
        "keys.refused": N_("met an older key file, which did not open"),
        "news.told": N_("was shown what everybody is told"),
        "head.lost": N_("found the record of the newest entry missing or damaged"),
        "tries.lost": N_("found the count of failed unlocks missing, damaged or not to be written"),
    },
    "looked": {
        "view": N_("looked at a record"),
        "view.worklist": N_("looked at the list of what waits"),
        "view.search": N_("looked for clients by the beginning of a code or a year of birth"),
        "view.retention": N_("looked at what is due to be deleted"),
        "view.report": N_("looked at a report, which names nobody"),
        "view.cases": N_("had past assessments counted by other rules, which names nobody"),
        "audit.read": N_("read the log"),
        "audit.asked": N_("asked who has used a client's data"),
        "audit.head": N_("took down the head of the log"),
        "audit.verified": N_("had the log checked"),
        "access.refused": N_("tried what their roles or their unit do not allow"),
    },
    "took out": {
        "export": N_("took a record out of the store"),
        "export.access": N_("wrote all that is held on a client to a file"),
        "backup.made": N_("made a backup"),
    },
    "upkeep": {
        "backup.read": N_("had a backup read whole: it is as it was written"),
        "backup.bad": N_("had a backup read: it is not as it was written"),
        "store.restored": N_("put a backup in the place of the store"),
        "store.set_aside": N_("set a branch of the store aside by a restore"),
        "summaries.rebuilt": N_("had the rows of reports made anew"),
        "store.updated": N_("brought the store up to date, after a backup of it"),
        "rescued": N_("brought a record over from a damaged file"),
        "store.rescued": N_("rescued the store from a damaged file"),
        "person.roles": N_("gave somebody roles"),
        "person.disabled": N_("took a staff code out of use"),
        "person.enabled": N_("put a staff code into use again"),
        "person.os_user": N_("bound a staff code to a user of the computer"),
        "passphrase.given": N_("gave somebody a first passphrase"),
        "purge.made": N_("deleted what was due"),
        "purge.erased": N_("erased a client's data at the client's request"),
        "worker.added": N_("was added as a worker"),
        "unit.named": N_("named the unit they work in"),
        "pathway.kept": N_("had the text of a pathway kept"),
        "setting.changed": N_("changed a setting"),
        "sealkey.made": N_("had the key of the seals made"),
        "keys.changed": N_("gave the store a new data key"),
        "passphrase.changed": N_("changed their passphrase"),
        "recovery.made": N_("made the first recovery code"),
        "recovery.renewed": N_("made a new recovery code"),
        "keys.older": N_("accepted an older key file"),
        "account.unlocked": N_("unlocked a staff code after too many wrong tries"),
        "head.unwritten": N_("could not write the record of the newest entry"),
        "history.accepted": N_("accepted a history that does not hold"),
        "entries.lost": N_("went on although entries are missing"),
    },
    "wrote": {
        "client.added": N_("added the client"),
        "assessment.started": N_("began an assessment"),
        "answer.given": N_("recorded an answer"),
        "answer.told": N_("took in an answer that was given elsewhere"),
        "answer.corrected": N_("corrected an answer"),
        "answer.skipped": N_("recorded that a question was skipped"),
        "answer.withdrawn": N_("took back an answer"),
        "note.added": N_("added a remark at a question"),
        "safety.recorded": N_("recorded a safety step"),
        "safety.corrected": N_("corrected a safety step"),
        "safety.withdrawn": N_("took a safety step back"),
        "decision.confirmed": N_("confirmed the suggested step"),
        "decision.overridden": N_("chose another step than the suggested one"),
        "closing.abandoned": N_("ended an assessment without a step"),
        "taking.noted": N_("noted that a note is in the patient record"),
        "episode.begun": N_("began an episode of care"),
        "attachment.made": N_("joined an assessment to an episode of care"),
        "event.corrected": N_("corrected an entry in an episode of care"),
        "event.withdrawn": N_("withdrew an entry in an episode of care"),
        "event": N_("made an entry in an episode of care"),
        "move.made": N_("moved the client to another unit"),
        "correction.made": N_("put the client's card right"),
        "joining.made": N_("joined two codes of one person"),
        "joining.undone": N_("parted two codes that had been joined"),
        "belonging.moved": N_("moved an assessment to another client"),
        "belonging.returned": N_("took back that an assessment was of another client"),
        "belonging.wrong_client": N_("marked an assessment as of the wrong client"),
        "belonging.attached": N_("joined an assessment to an episode of care"),
        "plan.begun": N_("began a safety plan"),
        "point.written": N_("wrote a point of a safety plan"),
    },
}
"""The events of each kind, and a message id for each that goes on after a staff code."""

EVENT_TYPES: Mapping[str, EventType] = {
    event: EventType(kind, sentence)
    for kind, sentences in _SENTENCES.items()
    for event, sentence in sentences.items()
}
"""Every event by name; `event` alone stands for all entries of an episode that are not listed, and
`rescued` for the records of all kinds that a rescue brought over, such as `client.rescued`."""

OF_RECORD: Mapping[tuple[str, str], str] = {
    ("view", "client"): N_("looked at the client's page"),
    ("view", "assessment"): N_("looked at an assessment"),
    ("view", "episode"): N_("looked at an episode of care"),
    ("export", "assessment"): N_("wrote the note of an assessment to a file"),
    ("export", "client"): N_("wrote a sheet for the client to a file"),
}
"""A closer sentence where it is known what kind of record an event is about."""


def find_type(event: str) -> EventType | None:
    """Return the type of an event; None for a name that this version does not know."""
    word, _, what = event.partition(".")
    return EVENT_TYPES.get(event) or EVENT_TYPES.get(what if what == "rescued" else word)


def name_event(event: str, row: Mapping[str, Any]) -> str:
    """Return the name under which a row is logged; corrections and overrides have their own."""
    if event == "decision.confirmed":
        from stepping.decision.outcome import OR_ABOVE, classify_choice

        left_open = row["reason_code"] == OR_ABOVE
        made = classify_choice(row["suggested_step"], row["confirmed_step"], or_above=left_open)
        return "decision.overridden" if made == "override" else event
    word, _, what = event.partition(".")
    corrects = word == "event" or event in {"answer.given", "safety.recorded"}
    if corrects and what != "withdrawn" and row.get("supersedes"):
        return f"{word}.corrected"
    return event
