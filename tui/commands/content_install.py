"""`porras content install`: proves a signed content in a copy, then brings it into use."""

from __future__ import annotations

from pathlib import Path

import click

from casework.content.proving import Proven
from store.content.about import PATHWAYS
from store.content.receiving import Staged, alone, check_wanted, put_in_place, receive
from store.content.signers import find_signers
from store.errors import ContentReadsOtherwise
from store.times import to_iso_utc, utc_now
from tui import say
from tui.commands.content_common import place_of, prove_whole, t_of, tell_changes, this_version
from tui.commands.groups import CommandError
from tui.settings import Settings


@click.command()
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option("--older", is_flag=True, help="Take an older version than the one in use.")
@click.option("--unsigned", is_flag=True, help="Take a content that nobody has signed; it asks.")
@click.option("--yes", is_flag=True, help="Do not ask before a signed content comes into use.")
@click.pass_obj
def install(settings: Settings, folder: Path, older: bool, unsigned: bool, yes: bool) -> None:
    """Prove a signed content from a folder or stick, and bring it into use.

    It is copied as a whole first. Whatever is refused, what was in use stays in use.
    """
    t, place = t_of(settings), place_of(settings)
    signers = find_signers(settings.signers)
    with alone(place), receive(place, folder, signers, unsigned=unsigned) as staged:
        _tell_what(settings, staged)
        if not check_wanted(staged, this_version(), older=older):
            say.line(t("This content is in use already; nothing was changed."))
            return
        root = staged.folder / PATHWAYS
        proven = prove_whole(settings, root)
        _compare_digests(staged, proven)
        tell_changes(settings, root, proven, t)
        _ask(settings, staged, yes=yes)
        number = put_in_place(staged, to_iso_utc(utc_now()), proven.digests, older=older)
    say.line(t("In use from the next start of Porras, as number {number}.", number=number))
    say.line(t("Drafts go on with the texts that they began with."))
    if settings.pathways_named:
        told = t(
            "The setting `pathways` names another folder, which weighs more: {path}",
            path=str(settings.pathways),
        )
        say.line(told, err=True)


def _tell_what(settings: Settings, staged: Staged) -> None:
    t, about = t_of(settings), staged.about
    say.line(t("{name}, version {version}", name=_quoted(about.name), version=about.version))
    say.line(t("From {by}, packed on {day}", by=about.by, day=about.day))
    if about.note:
        say.line(_quoted(about.note))
    if staged.signer is None:
        say.line(t("! Nobody has signed it."))
    else:
        key = staged.signer.fingerprint
        say.line(t("Signed by {name}, key {key}", name=staged.signer.name, key=key))


def _quoted(words: str) -> str:
    """Return the author's words as such: whoever reads them takes none for what Porras says."""
    return f'"{" ".join(words.split())}"'


def _compare_digests(staged: Staged, proven: Proven) -> None:
    """See that each pathway reads here as it did where it was proven and signed."""
    for id_, digest in {**proven.digests, **staged.about.holds}.items():
        both = proven.digests.get(id_), staged.about.holds.get(id_)
        if both != (digest, digest):
            raise ContentReadsOtherwise(name=id_)


def _ask(settings: Settings, staged: Staged, *, yes: bool) -> None:
    """Ask before it comes into use; for an unsigned one a person has to answer.

    Raises:
        CommandError: If nobody says yes.
    """
    t = t_of(settings)
    signed = staged.signer is not None
    if yes and signed:
        return
    question = (
        t("Bring it into use?") if signed else t("Nobody vouches for it. Use it all the same?")
    )
    if not say.is_answered_by_a_person():
        hint = t("With --yes nobody is asked.") if signed else t("Somebody has to answer that.")
        raise CommandError(f"{question} {hint} {t('Nothing was changed.')}")
    if not click.confirm(question, default=False, err=True):
        raise CommandError(t("Nothing was changed."))
