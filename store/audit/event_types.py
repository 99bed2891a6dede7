"""What the log tells: every event that there is, what kind of deed it was, and a sentence for it.

No event holds anything that was said or answered; it names who, when, what kind, and a record's id.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from store.errors import N_

Kind = Literal["looked", "wrote", "took out", "came in", "upkeep"]


class Deed(NamedTuple):
    """A kind of deed, and a message id that goes on after the staff code of who did it."""

    kind: Kind
    sentence: str


DEEDS: Mapping[str, Deed] = {
    "session.opened": Deed("came in", N_("opened the store and its start page")),
    "unlock.failed": Deed("came in", N_("failed to unlock the store before")),
    "clock.behind": Deed("came in", N_("opened the store with a clock behind the newest entry")),
    "clock.doubted": Deed("came in", N_("opened the store with a date that is in doubt")),
    "clock.confirmed": Deed("came in", N_("checked the date: it is right")),
    "clock.returned": Deed("came in", N_("opened the store with a clock that is right again")),
    "view": Deed("looked", N_("looked at a record")),
    "view.worklist": Deed("looked", N_("looked at the list of what waits")),
    "view.retention": Deed("looked", N_("looked at what is due to be deleted")),
    "audit.read": Deed("looked", N_("read the log")),
    "audit.asked": Deed("looked", N_("asked who has used a client's data")),
    "audit.head": Deed("looked", N_("took down the head of the log")),
    "audit.verified": Deed("looked", N_("had the log checked")),
    "export": Deed("took out", N_("took a record out of the store")),
    "export.access": Deed("took out", N_("wrote all that is held on a client to a file")),
    "backup.made": Deed("took out", N_("made a backup")),
    "backup.read": Deed("upkeep", N_("had a backup read whole: it is as it was written")),
    "backup.bad": Deed("upkeep", N_("had a backup read: it is not as it was written")),
    "store.restored": Deed("upkeep", N_("put a backup in the place of the store")),
    "store.set_aside": Deed("upkeep", N_("set a branch of the store aside by a restore")),
    "rescued": Deed("upkeep", N_("brought a record over from a damaged file")),
    "store.rescued": Deed("upkeep", N_("rescued the store from a damaged file")),
    "client.added": Deed("wrote", N_("added the client")),
    "assessment.started": Deed("wrote", N_("began an assessment")),
    "answer.given": Deed("wrote", N_("recorded an answer")),
    "answer.corrected": Deed("wrote", N_("corrected an answer")),
    "answer.skipped": Deed("wrote", N_("recorded that a question was skipped")),
    "answer.withdrawn": Deed("wrote", N_("took back an answer")),
    "note.added": Deed("wrote", N_("added a remark at a question")),
    "safety.recorded": Deed("wrote", N_("recorded a safety step")),
    "safety.corrected": Deed("wrote", N_("corrected a safety step")),
    "safety.withdrawn": Deed("wrote", N_("took a safety step back")),
    "decision.confirmed": Deed("wrote", N_("confirmed the suggested step")),
    "decision.overridden": Deed("wrote", N_("chose another step than the suggested one")),
    "closing.abandoned": Deed("wrote", N_("ended an assessment without a step")),
    "taking.noted": Deed("wrote", N_("noted that a note is in the patient record")),
    "episode.begun": Deed("wrote", N_("began an episode of care")),
    "attachment.made": Deed("wrote", N_("joined an assessment to an episode of care")),
    "event.corrected": Deed("wrote", N_("corrected an entry in an episode of care")),
    "event.withdrawn": Deed("wrote", N_("withdrew an entry in an episode of care")),
    "event": Deed("wrote", N_("made an entry in an episode of care")),
    "access.refused": Deed("looked", N_("tried what their roles or their unit do not allow")),
    "person.roles": Deed("upkeep", N_("gave somebody roles")),
    "person.disabled": Deed("upkeep", N_("took a staff code out of use")),
    "person.enabled": Deed("upkeep", N_("put a staff code into use again")),
    "person.os_user": Deed("upkeep", N_("bound a staff code to a user of the computer")),
    "passphrase.given": Deed("upkeep", N_("gave somebody a first passphrase")),
    "move.made": Deed("wrote", N_("moved the client to another unit")),
    "correction.made": Deed("wrote", N_("put the client's card right")),
    "joining.made": Deed("wrote", N_("joined two codes of one person")),
    "joining.undone": Deed("wrote", N_("parted two codes that had been joined")),
    "belonging.moved": Deed("wrote", N_("moved an assessment to another client")),
    "belonging.returned": Deed("wrote", N_("took back that an assessment was of another client")),
    "belonging.wrong_client": Deed("wrote", N_("marked an assessment as of the wrong client")),
    "belonging.attached": Deed("wrote", N_("joined an assessment to an episode of care")),
    "purge.made": Deed("upkeep", N_("deleted what was due")),
    "purge.erased": Deed("upkeep", N_("erased a client's data at the client's request")),
    "worker.added": Deed("upkeep", N_("was added as a worker")),
    "unit.named": Deed("upkeep", N_("named the unit they work in")),
    "pathway.kept": Deed("upkeep", N_("had the text of a pathway kept")),
    "setting.changed": Deed("upkeep", N_("changed a setting")),
    "sealkey.made": Deed("upkeep", N_("had the key of the seals made")),
    "keys.changed": Deed("upkeep", N_("gave the store a new data key")),
    "passphrase.changed": Deed("upkeep", N_("changed their passphrase")),
    "recovery.used": Deed("came in", N_("opened the store with the recovery code")),
    "keys.refused": Deed("came in", N_("met an older key file, which did not open")),
    "recovery.renewed": Deed("upkeep", N_("made a new recovery code")),
    "keys.older": Deed("upkeep", N_("accepted an older key file")),
    "account.unlocked": Deed("upkeep", N_("unlocked a staff code after too many wrong tries")),
    "news.told": Deed("came in", N_("was shown what everybody is told")),
    "head.lost": Deed("came in", N_("found the record of the newest entry missing or damaged")),
    "head.unwritten": Deed("upkeep", N_("could not write the record of the newest entry")),
    "history.accepted": Deed("upkeep", N_("accepted a history that does not hold")),
    "entries.lost": Deed("upkeep", N_("went on although entries are missing")),
    "tries.lost": Deed(
        "came in", N_("found the count of failed unlocks missing, damaged or not to be written")
    ),
}
"""Every event by name; `event` alone stands for all entries of an episode that are not listed, and
`rescued` for the records of all kinds that a rescue brought over, such as `client.rescued`."""

OF_RECORD: Mapping[tuple[str, str], str] = {
    ("view", "client"): N_("looked at the client's page"),
    ("view", "assessment"): N_("looked at an assessment"),
    ("view", "episode"): N_("looked at an episode of care"),
    ("export", "assessment"): N_("wrote the note of an assessment to a file"),
}
"""A closer sentence where it is known what kind of record an event is about."""


def deed(event: str) -> Deed | None:
    """What an event was; None for a name that this version does not know."""
    word, _, what = event.partition(".")
    return DEEDS.get(event) or DEEDS.get(what if what == "rescued" else word)


def named(event: str, row: Mapping[str, Any]) -> str:
    """The name under which a row is logged: corrections and overrides have names of their own."""
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
