"""Puts the training store of a seat back to how it begins, at the word of whoever asks for it."""

from __future__ import annotations

import click

from casework.language import Speech, speech
from casework.training.caseload import caseload as fill_caseload
from screens.training.reset import what_goes
from store.paths import StorePaths
from store.training.invented import Filling
from store.training.reset import Held, look, reset_training
from tui import say
from tui.commands.groups import CommandError
from tui.launch import find_places, now
from tui.settings import Settings
from tui.spoken import said

MANY = 100
"""Clients of whom no training store has as many that did not begin with the caseload."""


def refuse_without_reset(*, reset: bool, caseload: bool, yes: bool) -> None:
    """Refuse what says how to put a training store back where nobody asked for that.

    Raises:
        click.UsageError: If so.
    """
    for option, given in (("--caseload", caseload), ("--yes", yes)):
        if given and not reset:
            raise click.UsageError(said("{option} goes with --reset").format(option=option))


def begin_anew(settings: Settings, *, caseload: bool, yes: bool) -> None:
    """Put a training store back, after asking; with `yes` nobody is asked.

    With `caseload` it begins with more clients than six.

    Raises:
        click.UsageError: If nobody is there to be asked.
        CommandError: If whoever was asked says no; nothing is changed then.
        StoreError: If it is no training store, is open elsewhere, or the disk does not take it.
    """
    places = find_places(settings)
    t = speech(settings.speaks)
    held = look(places.training)
    if held and not yes:
        _ask(t, held, places)
    shown = say.ProgressLine()
    reset_training(places.training, now, _caseload(t, shown) if caseload else None)
    shown.end()
    say.line(t("The training store is as it begins, with today as its day."))


def have_caseload(settings: Settings) -> None:
    """Make the caseload of a training store where it has none, after asking if there is another.

    One that stands is left as it is, with all that was done in it.

    Raises:
        click.UsageError: If nobody is there to be asked.
        CommandError: If whoever was asked says no; nothing is changed then.
        StoreError: If it is no training store, is open elsewhere, or the disk does not take it.
    """
    held = look(find_places(settings).training)
    if held is None or held.clients < MANY:
        begin_anew(settings, caseload=True, yes=False)


def _caseload(t: Speech, shown: say.ProgressLine) -> Filling:
    def tell(done: int, of: int) -> None:
        shown.show(t("Clients made: {done} of {of}", done=min(done, of), of=of))

    return fill_caseload(tell)


def _ask(t: Speech, held: Held, places: StorePaths) -> None:
    if not say.is_answered_by_a_person():
        raise click.UsageError(said("nobody is there to be asked; say --yes"))
    say.line(t("The training store {path} begins anew.", path=str(places.training)), err=True)
    for sentence in what_goes(t, held.clients, held.drafts):
        say.line(sentence, err=True)
    if not click.confirm(t("Begin anew?"), default=False, err=True):
        raise CommandError(t("Nothing was changed."))
