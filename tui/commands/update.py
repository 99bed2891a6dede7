"""`porras update`: a newer version from a stick, and the way back to the one before."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from shlex import quote

import click

from casework.language import Speech, speech
from store.backup.before_update import refuse_without_room
from store.errors import NotInstalled, shown
from store.installation import layout
from store.installation import update as updating
from store.installation.package import Package, find_package
from store.installation.update import Plan, Stage, Updated
from store.paths import find, real
from tui import say
from tui.commands.groups import CommandError
from tui.settings import Settings

_INSTALL = {"deb": "sudo apt install {path}", "rpm": "sudo dnf install {path}"}
"""What puts a package of a distribution in place; nothing but its own tool may."""

_ANEW = {"deb": "sudo apt reinstall {path}", "rpm": "sudo dnf reinstall {path}"}
"""What does so with the version that is there; installing it would do nothing."""


@click.command()
@click.argument("place", metavar="FOLDER", required=False, type=click.Path(path_type=Path))
@click.option("--back", is_flag=True, help="Go back to the version before, if it lies here.")
@click.option("--use", "name", metavar="VERSION", help="Go to this version, which lies here.")
@click.option("--again", is_flag=True, help="Put the same version in place anew.")
@click.option("--unsigned", is_flag=True, help="Take a package that nobody has signed.")
@click.option("--yes", is_flag=True, help="With --unsigned: do not ask.")
@click.pass_obj
def update(
    settings: Settings,
    /,
    place: Path | None,
    back: bool,
    name: str | None,
    again: bool,
    unsigned: bool,
    yes: bool,
) -> None:
    """Install a newer version from a folder or a stick, or go back to the one before.

    FOLDER holds packages with their SHA256SUMS, or is one of the packages. Everything is checked
    before anything changes. Windows that are open go on with their version; records are not
    touched. Without FOLDER it lists the versions that are here.
    """
    if sum((place is not None, back, name is not None)) > 1:
        raise click.UsageError("give a FOLDER, --back, or --use VERSION")
    package = find_package()
    if package is None:
        raise NotInstalled
    t = speech(settings.speaks)
    if back or name is not None:
        _tell_used(t, updating.use(package, name))
    elif place is None:
        _list(t, package)
    else:
        _install(t, settings, package, place, again=again, unsigned=unsigned, asking=not yes)


def _install(
    t: Speech,
    settings: Settings,
    package: Package,
    place: Path,
    *,
    again: bool,
    unsigned: bool,
    asking: bool,
) -> None:
    made = updating.plan(real(place), package, unsigned=unsigned, again=again)
    if made.signer:
        told = {"signer": made.signer.name, "fingerprint": made.signer.fingerprint}
        say.line(t("Signed by {signer}, {fingerprint}.", **told))
    elif asking:
        _ask(t, made)
    refuse_without_room(find(settings.database))
    commands = _ANEW if made.offer.version == package.version else _INSTALL
    if command := commands.get(package.kind):
        updating.prove_file(made)
        say.line(t("The package is as it was made. Install it with this command:"))
        say.line(command.format(path=quote(str(made.offer.path))))
        return
    with closing(_Watch(t)) as watch:
        done = updating.carry_out(made, watch.show)
    _tell_installed(t, made, done)


def _ask(t: Speech, made: Plan) -> None:
    """Let a person take a package for which nobody vouches.

    Raises:
        click.UsageError: If nobody is there to be asked; CommandError if the answer is no.
    """
    if not say.is_answered_by_a_person():
        raise click.UsageError("there is nobody to ask; add --yes to go on without asking")
    say.line(t("Nobody whose word counts here has signed {name}.", name=made.offer.path.name))
    say.line(t("Its sum is {digest}.", digest=made.offer.digest))
    say.line(t("Compare it with the sum that the makers tell you by another way."))
    word = t("yes")
    answer: str = click.prompt(t('Type "{word}" to install it', word=word), default="")
    if answer.strip().lower() != word:
        raise CommandError(t("Nothing was changed."))


class _Watch:
    """Shows what an update is busy with, where somebody watches."""

    def __init__(self, t: Speech) -> None:
        self._line = say.ProgressLine()
        self._words: dict[Stage, str] = {
            "copy": t("Reading the package …"),
            "unpack": t("Unpacking …"),
            "prove": t("Comparing every file with the list …"),
        }

    def show(self, stage: Stage) -> None:
        self._line.show(self._words[stage])

    def close(self) -> None:
        self._line.end()


def _tell_installed(t: Speech, made: Plan, done: Updated) -> None:
    say.line(t("Porras {version} is in use from the next start on.", version=made.offer.version))
    say.line(t("Close the windows that are open, so that they start anew."))
    if done.before != done.name:
        say.line(t("The version before, {name}, stays: porras update --back.", name=done.before))
    if done.removed:
        say.line(t("Removed: {names}", names=", ".join(done.removed)))
    if made.signer is None:
        say.line(t("Nobody has signed it; porras doctor will say so each time."), err=True)


def _tell_used(t: Speech, done: Updated) -> None:
    say.line(t("Porras {version} is in use from the next start on.", version=done.name))
    say.line(
        t(
            "If the newer version has opened the store, this one refuses it. It says how to go "
            "back with the backup made before."
        )
    )


def _list(t: Speech, package: Package) -> None:
    installation = package.installation
    if installation is None:
        say.line(t("Porras {version} is installed.", version=package.version))
        return
    current = updating.name_in_use(package)
    for name, found in layout.list_versions(installation).items():
        mark = t("in use") if name == current else ""
        say.line(f"{name}  {found.system}  {mark}".rstrip())
    say.line(t("Folder: {path}", path=shown(installation)))
