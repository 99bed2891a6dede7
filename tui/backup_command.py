"""`porras backup` and `porras restore`: copies of the store, and the way back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from screens.language import speech
from store.errors import shown
from store.places import real
from tui import say
from tui.loading import FORMAT
from tui.settings import Settings
from tui.unlocking import FILE, WHO, in_words, only_handle, passphrase_of, with_store

if TYPE_CHECKING:
    from screens.desk import Desk
    from store.errors import StoreError
    from store.places import Places
    from store.upkeep.manifest import Manifest
    from store.upkeep.restore import Restored


class _MakeFirst(click.Group):
    """Takes `backup` and `backup FOLDER` as `backup make FOLDER`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the usual command before what names none."""
        if not args or args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_MakeFirst)
def backup() -> None:
    """Make a backup of the store while others work, or try one out (drill).

    `porras backup FOLDER` is short for `porras backup make FOLDER`.
    """


@backup.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--keep", metavar="N", type=click.IntRange(min=1), help="Keep the N newest (14).")
@click.option("--create", is_flag=True, help="Make FOLDER if it is not there.")
@FORMAT
@with_store
def make(desk: Desk, /, folder: Path | None, keep: int | None, create: bool, form: str) -> None:
    """Copy the store into a folder of its own in FOLDER, and read the copy back.

    FOLDER has to be there: the folder of a stick that is not plugged in would be made on the disk
    of the computer. Without FOLDER it is `backups` beside the database, which does not help when
    the disk dies. The first backup of each month stays for a year.
    """
    from store.places import find
    from store.upkeep.backup import backup as make_one
    from store.upkeep.backup import usual
    from store.upkeep.rotation import KEEP

    if desk.training:
        raise click.UsageError("the training store holds nothing that needs a backup")
    places = find(desk.store.db.path)
    create = create or folder is None or _agreed_to_make(desk, folder)
    there = real(folder) if folder else usual(places)
    made = make_one(desk.store, places, there, keep or KEEP, create=create)
    if form == "json":
        told = {"folder": str(made.folder), **made.manifest.model_dump(), "removed": made.removed}
        say.data(told)
    else:
        t = desk.t
        say.line(t("Backup made and read back: {path}", path=shown(made.folder)))
        say.line(_contents(desk.language, made.manifest))
        for name in made.removed:
            say.line(t("Removed, its time was over: {name}", name=name))
    for warning in (
        made.same_disk and desk.t("It lies on the same disk as the store: keep another elsewhere."),
        not made.private
        and desk.t("Whoever holds that disk can copy the backup; its content is encrypted."),
        made.network and desk.t("It lies on a network drive: others may be able to copy it."),
        made.manifest.first_bad
        and desk.t("The log does not hold from event {seq} on.", seq=made.manifest.first_bad),
    ):
        if warning:
            say.line(warning, err=True)


@backup.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@WHO
@FILE
@FORMAT
@click.pass_obj
def drill(
    settings: Settings, /, folder: Path | None, who: str | None, file: str | None, form: str
) -> None:
    """Restore the newest backup of FOLDER into a private folder, read it, and remove it again."""
    from store.places import find
    from store.upkeep.backup import usual
    from store.upkeep.restore import drill as try_out

    places = find(settings.database)
    with in_words(settings):
        source = _newest(places, folder)
        handle, key = _key(settings, source, who, file, recovery=False)
        tried = try_out(real(folder) if folder else usual(places), places, key, handle)
    if form == "json":
        say.data({"backup": str(tried.backup), **tried.found._asdict()})
        return
    t = speech(settings.speaks)
    say.line(t("Restored on trial, read whole, and removed: {path}", path=shown(tried.backup)))
    say.line(_contents(settings.speaks, tried.manifest))
    if tried.found.first_bad:
        say.line(t("The log does not hold from event {seq} on.", seq=tried.found.first_bad))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Also if events of the present store are set aside.")
@click.option("--recovery", is_flag=True, help="Open the backup with the recovery code.")
@WHO
@FILE
@click.pass_obj
def restore(
    settings: Settings,
    /,
    folder: Path,
    force: bool,
    recovery: bool,
    who: str | None,
    file: str | None,
) -> None:
    """Put a backup in the place of the store; FOLDER is the backup, or has the newest in it.

    Close Porras everywhere first. The present store is kept under another name. The passphrase is
    the one of the day of the backup.
    """
    from store.errors import BackupChainBroken, BackupOfAnother, BackupOlder
    from store.places import find
    from store.upkeep.restore import restore as put_back

    places = find(settings.database)
    with in_words(settings):
        source = _newest(places, folder)
        handle, key = _key(settings, source, who, file, recovery=recovery)
        try:
            done = put_back(real(folder), places, key, handle, force=force)
        except (BackupOlder, BackupOfAnother, BackupChainBroken) as error:
            if not _agreed(settings, error, file):
                raise
            done = put_back(real(folder), places, key, handle, force=True)
    _tell_restored(settings, source, done)


def _tell_restored(settings: Settings, source: Path, done: Restored) -> None:
    t = speech(settings.speaks)
    say.line(t("Restored: {path}", path=shown(source)))
    say.line(_contents(settings.speaks, done.manifest))
    if done.aside:
        say.line(t("The store that stood there is kept: {path}", path=shown(done.aside)))
    if done.keys_kept:
        say.line(t("Staff codes and passphrases are those of today."))
    else:
        say.line(t("Staff codes and passphrases are those of the backup."))


def _agreed_to_make(desk: Desk, folder: Path) -> bool:
    """Ask a person, where there is one, whether to make a folder that is not there."""
    if folder.is_dir() or not _somebody_there():
        return False
    say.line(desk.t("There is no folder {path}.", path=shown(folder)), err=True)
    say.line(desk.t("A stick that should be there may not be plugged in."), err=True)
    return click.confirm(desk.t("Make the folder here?"), default=False, err=True)


def _newest(places: Places, folder: Path | None) -> Path:
    """The newest backup of a folder, or of the usual one; the errors of the store."""
    from store.errors import BackupMissing, NoBackupYet
    from store.upkeep.backup import usual
    from store.upkeep.shelf import newest

    if folder:
        return newest(real(folder))
    try:
        return newest(usual(places))
    except BackupMissing:
        raise NoBackupYet(path=str(usual(places))) from None


def _contents(language: str, manifest: Manifest) -> str:
    t = speech(language)
    return t(
        "As of {made}: {events} events, {clients} clients, {assessments} assessments.",
        made=manifest.made,
        events=manifest.head_seq,
        clients=manifest.rows.get("clients", 0),
        assessments=manifest.rows.get("assessments", 0),
    )


def _key(
    settings: Settings, source: Path, who: str | None, file: str | None, *, recovery: bool
) -> tuple[str, bytes]:
    """Who restores, and the data key of the backup."""
    from store.upkeep.manifest import KEYS
    from store.vault import keys

    handle = keys.plain_handle(who) if who else only_handle(source / KEYS)
    secret = passphrase_of(settings, handle, file)
    if recovery:
        return handle, keys.unlock_with_recovery(source / KEYS, secret)
    return handle, keys.unlock(source / KEYS, handle, secret)


def _agreed(settings: Settings, error: StoreError, file: str | None) -> bool:
    """Ask a person, where there is one, whether to go on all the same."""
    if file is not None or not _somebody_there():
        return False
    t = speech(settings.speaks)
    say.line(t(error.what, **error.values), err=True)
    return click.confirm(t("Set aside what is there and go on?"), default=False, err=True)


def _somebody_there() -> bool:
    return sys.stdin.isatty()
