"""`porras backup` and `porras restore`: copies of the store, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from casework.language import speech
from store.errors import shown
from store.paths import real
from tui import say
from tui.commands.backup_words import branch_of, contents, tell_let_alone, warn
from tui.commands.common import FORMAT
from tui.commands.open_store import (
    FILE,
    WHO,
    in_words,
    only_handle,
    passphrase_of,
    secret_of,
    somebody_there,
    with_store,
)
from tui.settings import Settings

if TYPE_CHECKING:
    from casework.workspace import Workspace
    from store.backup.admission import Present
    from store.backup.drill import Drill
    from store.backup.restore import Restored
    from store.errors import BackupsApart, StoreError
    from store.paths import Places


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
@click.option(
    "--keep-within",
    "days",
    metavar="DAYS",
    type=click.IntRange(min=0, max=36_500),
    help="Keep all of the last DAYS days (7).",
)
@click.option("--create", is_flag=True, help="Make FOLDER if it is not there.")
@FORMAT
@with_store
def make(
    workspace: Workspace,
    /,
    folder: Path | None,
    keep: int | None,
    days: int | None,
    create: bool,
    form: str,
) -> None:
    """Copy the store into a folder of its own in FOLDER, and read the copy back.

    FOLDER has to be there: the folder of a stick that is not plugged in would be made on the disk
    of the computer. Without FOLDER it is `backups` beside the database, which does not help when
    the disk dies. The first backup of each month stays for a year, and the last one of a branch
    that a restore has set aside for 90 days. What is not what it says does not count, and is told
    and let alone. Of the others the one that was read longest ago is read whole.
    """
    from store.backup.backup import backup as make_one
    from store.backup.backup import usual
    from store.backup.rotation import KEEP, KEEP_DAYS
    from store.paths import find

    if workspace.training:
        raise click.UsageError("the training store holds nothing that needs a backup")
    places = find(workspace.store.db.path)
    create = create or folder is None or _agreed_to_make(workspace, folder)
    there = real(folder) if folder else usual(places)
    within = KEEP_DAYS if days is None else days
    made = make_one(workspace.store, places, there, keep or KEEP, within, create=create)
    if form == "json":
        told = {"folder": str(made.folder), **made.manifest.model_dump(), "removed": made.removed}
        told |= {"let_alone": sorted(made.let_alone), "read": made.read}
        say.data(told)
    else:
        t = workspace.t
        say.line(t("Backup made and read back: {path}", path=shown(made.folder)))
        say.line(contents(workspace.language, made.manifest))
        for name in made.removed:
            say.line(t("Removed, its time was over: {name}", name=name))
        if made.read:
            say.line(t("Read again and as it was written: {name}", name=made.read))
    tell_let_alone(workspace, made.let_alone)
    warn(workspace, made)


@backup.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@FORMAT
@with_store
def check(workspace: Workspace, /, folder: Path | None, form: str) -> None:
    """Read every backup of FOLDER to the last byte, and say what each holds and what is wrong.

    Those of other stores are passed over, and those under another data key counted apart. Ends
    with 1 if anything is wrong.
    """
    from store.backup.backup import check as read_all
    from store.backup.backup import usual
    from store.errors import BackupOtherKey
    from store.paths import find

    if workspace.training:
        raise click.UsageError("the training store has no backups")
    there = real(folder) if folder else usual(find(workspace.store.db.path))
    good, wrong = read_all(workspace.store, there)
    closed = {name for name, error in wrong.items() if isinstance(error, BackupOtherKey)}
    bad = {name: error for name, error in wrong.items() if name not in closed}
    if form == "json":
        told = {each.path.name: each.manifest.model_dump() | {"wrong": None} for each in good}
        told |= {name: {"wrong": type(error).__name__} for name, error in wrong.items()}
        say.data(told)
    else:
        for each in good:
            say.line(workspace.t("Whole: {name}", name=each.path.name))
            say.line(f"   {contents(workspace.language, each.manifest)}")
            say.line(f"   {branch_of(workspace.language, each.manifest, each.set_aside)}")
        for name in sorted(closed):
            say.line(workspace.t("Not read, under another data key: {name}", name=shown(name)))
        if closed:
            say.line(f"   {workspace.t(BackupOtherKey.next)}")
        tell_let_alone(workspace, bad)
    if bad:
        raise SystemExit(1)


@backup.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@WHO
@FILE
@FORMAT
@click.pass_obj
def drill(
    settings: Settings, /, folder: Path | None, who: str | None, file: str | None, form: str
) -> None:
    """Restore the newest backup of FOLDER into a private folder, read it, and remove it again.

    It is the newest good one of the branch that the present store is on; FOLDER may also be the
    backup itself.
    """
    from store.backup.backup import usual
    from store.paths import find

    places = find(settings.database)
    with in_words(settings):
        there = real(folder) if folder else usual(places)
        source = _some(places, there, by_hand=folder is not None)
        handle, key = _key(settings, places, source, who, file, recovery=False)
        tried = _try_out(settings, there, places, key, handle, file)
    if form == "json":
        told = {"backup": str(tried.backup), **tried.found._asdict()}
        told["ancestry"] = [each.model_dump() for each in tried.found.ancestry]
        told["passed_over"] = [str(error.values.get("name", "")) for error in tried.passed_over]
        say.data(told)
        return
    t = speech(settings.speaks)
    say.line(t("Restored on trial, read whole, and removed: {path}", path=shown(tried.backup)))
    say.line(contents(settings.speaks, tried.manifest))
    say.line(branch_of(settings.speaks, tried.manifest))
    for error in tried.passed_over:
        say.line(t("Passed over: {what}", what=t(error.what, **error.values)), err=True)
    if tried.found.first_bad:
        say.line(t("The log does not hold from event {seq} on.", seq=tried.found.first_bad))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Also if events of the present store are set aside.")
@click.option("--recovery", is_flag=True, help="Open the backup with the recovery code.")
@click.option(
    "--present-passphrase-file",
    "present",
    metavar="FILE",
    help="Where the present store has other keys: its passphrase is in FILE.",
)
@click.option("--present-as", metavar="HANDLE", help="Your staff code in the present store.")
@click.option("--present-recovery", is_flag=True, help="Its recovery code instead.")
@WHO
@FILE
@click.pass_obj
def restore(
    settings: Settings,
    /,
    folder: Path,
    force: bool,
    recovery: bool,
    present: str | None,
    present_as: str | None,
    present_recovery: bool,
    who: str | None,
    file: str | None,
) -> None:
    """Put a backup in the place of the store; FOLDER is the backup, or has the newest in it.

    Close Porras everywhere first. The present store is kept under another name. The passphrase is
    the one of the day of the backup. Whoever does it must also look after the present store, if
    that can be opened; where it has other keys, its passphrase is asked for as well.
    """
    from store.paths import find

    places = find(settings.database)
    with in_words(settings):
        source = _one_of(settings, real(folder), file)
        handle, key = _key(settings, places, source, who, file, recovery=recovery)
        opened = _present(
            settings, places, key, handle, present, present_as, file, present_recovery
        )
        done = _put_back(settings, source, places, key, handle, opened, file, force=force)
    _tell_restored(settings, done)


def _put_back(
    settings: Settings,
    source: Path,
    places: Places,
    key: bytes,
    handle: str,
    present: Present | None,
    file: str | None,
    *,
    force: bool,
) -> Restored:
    """Restore, and ask a person, where there is one, what only a person may say."""
    from store.backup.restore import restore as put_back
    from store.errors import BackupChainBroken, BackupOfAnother, BackupOlder, BackupsApart

    try:
        return put_back(source, places, key, handle, force=force, present=present)
    except BackupsApart as error:
        chosen = _chosen(settings, error, file)
        return put_back(chosen, places, key, handle, force=force, present=present)
    except (BackupOlder, BackupOfAnother, BackupChainBroken) as error:
        if not _agreed(settings, error, file):
            raise
        return put_back(source, places, key, handle, force=True, present=present)


def _try_out(
    settings: Settings, there: Path, places: Places, key: bytes, handle: str, file: str | None
) -> Drill:
    from store.backup.drill import drill as try_out
    from store.errors import BackupsApart

    try:
        return try_out(there, places, key, handle)
    except BackupsApart as error:
        return try_out(_chosen(settings, error, file), places, key, handle)


def _present(
    settings: Settings,
    places: Places,
    key: bytes,
    handle: str,
    present: str | None,
    present_as: str | None,
    file: str | None,
    recovery: bool,
) -> Present | None:
    """Whoever opens the keys of the store that stands, where they are not those of the backup."""
    from store.backup import admission
    from store.keys import keystore

    given = present is not None or present_as is not None or recovery
    if not admission.has_other_keys(places, key) and not given:
        return None
    if present is None and (file is not None or not somebody_there()):
        return None  # the store will say what is missing
    who = keystore.plain_handle(present_as) if present_as else handle
    if not present_as and who not in (handles := keystore.handles(places.keys)):
        if len(handles) != 1:
            raise click.UsageError("say your staff code in the present store: --present-as HANDLE")
        who = handles[0]
    t = speech(settings.speaks)
    if present is None:
        say.line(t("The present store has other keys."), err=True)
    question = t("Passphrase of {handle} in the present store: ", handle=who)
    if recovery:
        question = t("Recovery code of the present store: ")
    secret = secret_of(question, present)
    return admission.open_present(places, who, secret, recovery=recovery)


def _tell_restored(settings: Settings, done: Restored) -> None:
    t = speech(settings.speaks)
    say.line(t("Restored: {path}", path=shown(done.source)))
    say.line(contents(settings.speaks, done.manifest))
    say.line(t("A new branch of the history begins here: {branch}.", branch=done.branch[:8]))
    if done.aside:
        say.line(t("The store that stood there is kept: {path}", path=shown(done.aside)))
    if done.keys_kept:
        say.line(t("Staff codes and passphrases are those of today."))
    else:
        say.line(t("Staff codes and passphrases are those of the backup."))
    if done.as_today:
        told = t(
            "Whatever the backup says, these have no more rights than today: {handles}.",
            handles=", ".join(done.as_today),
        )
        say.line(told, err=True)
    if done.regained:
        told = t(
            "By the roles in the backup these may do more than before: {handles}.",
            handles=", ".join(done.regained),
        )
        say.line(told, err=True)


def _one_of(settings: Settings, folder: Path, file: str | None) -> Path:
    """The backup of a folder that is meant; a person is asked where there are several branches."""
    from store.backup.inventory import newest
    from store.errors import BackupsApart

    try:
        newest(folder)
    except BackupsApart as error:
        return _chosen(settings, error, file)
    return folder


def _chosen(settings: Settings, error: BackupsApart, file: str | None) -> Path:
    """Say which branches there are, and let a person choose one by its number."""
    t = speech(settings.speaks)
    say.line(t("These backups hold what no other one holds:"), err=True)
    for number, tip in enumerate(error.tips, 1):
        say.line(f"{number}  {tip.path.name}", err=True)
        say.line(f"   {contents(settings.speaks, tip.manifest)}", err=True)
        say.line(f"   {branch_of(settings.speaks, tip.manifest, tip.set_aside)}", err=True)
    if file is not None or not somebody_there():
        raise error
    numbers = click.IntRange(1, len(error.tips))
    chosen = click.prompt(t("Which one? Its number"), type=numbers, err=True)
    return Path(error.tips[chosen - 1].path)


def _agreed_to_make(workspace: Workspace, folder: Path) -> bool:
    """Ask a person, where there is one, whether to make a folder that is not there."""
    try:
        there = folder.is_dir()
    except OSError:  # which the store tells of in its own words
        return False
    if there or not somebody_there():
        return False
    say.line(workspace.t("There is no folder {path}.", path=shown(folder)), err=True)
    say.line(workspace.t("A stick that should be there may not be plugged in."), err=True)
    return click.confirm(workspace.t("Make the folder here?"), default=False, err=True)


def _some(places: Places, folder: Path, *, by_hand: bool) -> Path:
    """A backup of a folder whose keys can be asked; the errors of the store.

    One that today's passphrase opens comes first, and of those the newest.
    """
    from store.backup.admission import shares_key
    from store.backup.inventory import finished, is_backup, tips
    from store.backup.manifest import KEYS
    from store.errors import BackupMissing, NoBackupYet

    try:
        if is_backup(folder):
            return folder
    except BackupMissing:
        if by_hand:
            raise
    if not (found := list(finished(folder))):
        raise (BackupMissing if by_hand else NoBackupYet)(path=str(folder))
    last = [tip.path for tip in tips(found)]
    others = [entry.path for entry in found[::-1]]
    askable = [path for path in (*last, *others) if _has_keys(path)]
    todays = (path for path in askable if shares_key(places, path / KEYS))
    return next(todays, (*askable, last[0])[0])


def _has_keys(path: Path) -> bool:
    """Whether the key file of a backup can be read."""
    from store.backup.manifest import KEYS
    from store.errors import StoreError
    from store.keys import keystore

    try:
        return bool(keystore.read(path / KEYS).slots)
    except StoreError:
        return False


def _key(
    settings: Settings,
    places: Places,
    source: Path,
    who: str | None,
    file: str | None,
    *,
    recovery: bool,
) -> tuple[str, bytes]:
    """Who restores, and the data key of the backup."""
    from store.backup.admission import open_backup
    from store.backup.inventory import newest
    from store.backup.manifest import KEYS
    from store.keys import keystore

    key_file = newest(source) / KEYS
    handle = keystore.plain_handle(who) if who else only_handle(key_file)
    t = speech(settings.speaks)
    if recovery:
        secret = secret_of(t("Recovery code of the backup: "), file)
    else:
        secret = passphrase_of(settings, handle, file)
    return handle, open_backup(places, key_file, handle, secret, recovery=recovery)


def _agreed(settings: Settings, error: StoreError, file: str | None) -> bool:
    """Ask a person, where there is one, whether to go on all the same."""
    if file is not None or not somebody_there():
        return False
    t = speech(settings.speaks)
    say.line(t(error.what, **error.values), err=True)
    return click.confirm(t("Set aside what is there and go on?"), default=False, err=True)
