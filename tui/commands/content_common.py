"""What the commands of contents share: where contents stand, and proving one before it is used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from casework.content.differences import Change, count_files, list_changes
from casework.content.proving import Proven, list_proposals, prove
from casework.language import Speech, speech
from screens.wording.day_words import moment_text
from stepping.finland import finnish_day
from store.audit.origin import app_version
from store.errors import ContentUnfit
from store.paths import find_contents
from store.times import local_time, utc_now
from tui import say
from tui.settings import Settings

_MOST_FAULTS = 20


def t_of(settings: Settings) -> Speech:
    """Return the sentences of the program in the language asked for."""
    return speech(settings.speaks)


def place_of(settings: Settings) -> Path:
    """Return the folder of installed contents."""
    return find_contents(settings.database, settings.content)


def this_version() -> str:
    """Return the version of this Porras."""
    return app_version() or "0"


def prove_whole(settings: Settings, root: Path) -> Proven:
    """Prove all of a content, telling where it is; faults are printed as `pathway check` does.

    Raises:
        ContentUnfit: If something does not hold.
    """
    progress, t = say.ProgressLine(), t_of(settings)
    try:
        proven = prove(root, finnish_day(utc_now()), lambda part: progress.show(_proving(t, part)))
    finally:
        progress.end()
    for fault in proven.errors[:_MOST_FAULTS]:
        say.line(f"error  {fault}")
        if fault.shows:
            say.line(f"       gives  {fault.shows}")
    if proven.errors:
        raise ContentUnfit(count=len(proven.errors))
    return proven


def _proving(t: Speech, part: str) -> str:
    return t("Proving {part} …", part=part)


def tell_changes(settings: Settings, root: Path, proven: Proven, t: Speech) -> None:
    """Print what a content changes of the pathways in use, and what nobody has signed."""
    for line in (*_changes(settings.pathways, root, proven, t), *_unsigned(proven, t)):
        say.line(line)


def _changes(used: Path, root: Path, proven: Proven, t: Speech) -> Iterator[str]:
    changes = tuple(list_changes(used, proven.pathways))
    for change in changes:
        yield _change(change, t)
        yield from (f"  {move.of}: {move.was} → {move.becomes}" for move in change.moves or ())
    counts = count_files(used, root)
    for folder, count in counts.items():
        yield t.many(
            "{folder}: {count} file differs.",
            "{folder}: {count} files differ.",
            count,
            folder=folder,
        )
    if not changes and not counts:
        yield t("Nothing differs from the pathways in use.")


def _change(change: Change, t: Speech) -> str:
    if change.was is None:
        return t("{id}: new, version {version}.", id=change.id, version=change.becomes or "")
    if change.becomes is None:
        return t("{id}: taken out of use for new assessments.", id=change.id)
    told = t(
        "{id}: version {old} becomes {new}, {count} places edited.",
        id=change.id,
        old=change.was,
        new=change.becomes,
        count=change.edits,
    )
    if change.moves is None:
        return f"{told} {t('They hang together too widely to be compared answer by answer.')}"
    if not change.moves:
        return f"{told} {t('Every outcome is the same.')}"
    return f"{told} {t('For some answers the outcome is another:')}"


def _unsigned(proven: Proven, t: Speech) -> Iterator[str]:
    proposals = list_proposals(proven)
    if proposals.drafts:
        yield t("Drafts that nobody has approved: {names}.", names=", ".join(proposals.drafts))
    if proposals.local:
        yield t.many(
            "{count} text in them is a local proposal that nobody has signed.",
            "{count} texts in them are local proposals that nobody has signed.",
            proposals.local,
        )


def moment(at: str, t: Speech) -> str:
    """Return an instant of a record as Finnish clocks show it; as it stands if it is none."""
    try:
        return moment_text(local_time(datetime.fromisoformat(at)), t)
    except ValueError:
        return at
