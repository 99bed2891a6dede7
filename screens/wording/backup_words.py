"""Says what a backup holds, and what its maker should know of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from casework.desk.backup import Backup, Manifest
from casework.language import Speech
from screens.wording.day_words import moment_text
from store.errors import StoreError, shown


def contents(manifest: Manifest, t: Speech) -> str:
    """Return what a backup holds, in one sentence."""
    return t(
        "As of {made}: {events} events, {clients} clients, {assessments} assessments.",
        made=moment_text(datetime.fromisoformat(manifest.made), t),
        events=manifest.head_seq,
        clients=manifest.rows.get("clients", 0),
        assessments=manifest.rows.get("assessments", 0),
    )


def result_words(made: Backup, t: Speech) -> Iterator[str]:
    """Yield where a backup lies, what it holds, and what became of older ones."""
    yield t("Backup made and read back: {path}", path=shown(made.folder))
    yield contents(made.manifest, t)
    for name in made.removed:
        yield t("Removed, its time was over: {name}", name=name)
    if made.read:
        yield t("Read again and as it was written: {name}", name=made.read)


def let_alone_words(wrong: Mapping[str, StoreError], t: Speech) -> Iterator[str]:
    """Yield how many folders do not count as backups, then of each why."""
    if wrong:
        yield t.many("{count} folder does not count:", "{count} folders do not count:", len(wrong))
    for name, error in sorted(wrong.items()):
        yield f"   {shown(name)}: {t(error.what, **error.values)}"


def warnings(made: Backup, t: Speech) -> Iterator[str]:
    """Yield what is wrong with a backup or the place that it lies in."""
    place, first_bad = made.place, made.manifest.first_bad
    if missing := place.not_mounted:
        yield t("No disk is mounted at {path}: this lies on the computer.", path=shown(missing))
    if place.same_disk:
        yield t("It lies on the same disk as the store: keep another elsewhere.")
    if not place.private:
        yield t("Whoever holds that disk can copy the backup; its content is encrypted.")
    if place.network:
        yield t("It lies on a network drive: others may be able to copy it.")
    if first_bad:
        yield t("The log does not hold from event {seq} on.", seq=first_bad)
