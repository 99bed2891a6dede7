"""`porras restore`: puts a backup in the place of the store."""

from __future__ import annotations

from pathlib import Path

import click

from screens.wording.backup_words import contents
from store.backup import admission
from store.backup.admission import PresentKeys
from store.backup.inventory import find_newest
from store.backup.restore import Restored
from store.backup.restore import restore as put_back
from store.errors import (
    BackupChainBroken,
    BackupOfAnother,
    BackupOlder,
    BackupsApart,
    StoreError,
    shown,
)
from store.keys import credentials, keystore
from store.paths import real
from tui import say
from tui.commands.backup_common import choose, open_keys
from tui.commands.open_store import FILE, WHO, Caller, pass_caller, read_secret


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
@pass_caller
def restore(
    caller: Caller,
    /,
    folder: Path,
    force: bool,
    recovery: bool,
    present: str | None,
    present_as: str | None,
    present_recovery: bool,
) -> None:
    """Put a backup in the place of the store; FOLDER is the backup, or has the newest in it.

    Close Porras everywhere first. The present store is kept under another name. The passphrase is
    the one of the day of the backup. Whoever does it must also look after the present store, if
    that can be opened; where it has other keys, its passphrase is asked for as well.
    """
    source = _one_of(caller, real(folder))
    handle, key = open_keys(caller, source, recovery=recovery)
    opened = _present(caller, key, handle, present, present_as, present_recovery)
    _tell_restored(caller, _put_back(caller, source, key, handle, opened, force=force))


def _put_back(
    caller: Caller,
    source: Path,
    key: bytes,
    handle: str,
    present: PresentKeys | None,
    *,
    force: bool,
) -> Restored:
    """Restore, and ask a person, where there is one, what only a person may say."""
    places = caller.paths
    try:
        return put_back(source, places, key, handle, force=force, present=present)
    except BackupsApart as error:
        chosen = choose(caller, error)
        return put_back(chosen, places, key, handle, force=force, present=present)
    except (BackupOlder, BackupOfAnother, BackupChainBroken) as error:
        if not _agreed(caller, error):
            raise
        return put_back(source, places, key, handle, force=True, present=present)


def _present(
    caller: Caller,
    key: bytes,
    handle: str,
    present: str | None,
    present_as: str | None,
    recovery: bool,
) -> PresentKeys | None:
    """Open the keys of the store that stands, where they are not those of the backup."""
    places, t = caller.paths, caller.t
    given = present is not None or present_as is not None or recovery
    if not admission.has_other_keys(places, key) and not given:
        return None
    if present is None and not caller.can_be_asked:
        return None  # the store will say what is missing
    who = credentials.plain_handle(present_as) if present_as else handle
    if not present_as and who not in (handles := keystore.handles(places.keys)):
        if len(handles) != 1:
            raise click.UsageError("say your staff code in the present store: --present-as HANDLE")
        who = handles[0]
    if present is None:
        say.line(t("The present store has other keys."), err=True)
    question = t("Passphrase of {handle} in the present store: ", handle=who)
    if recovery:
        question = t("Recovery code of the present store: ")
    secret = read_secret(question, present)
    return admission.open_present(places, who, secret, recovery=recovery)


def _tell_restored(caller: Caller, done: Restored) -> None:
    t = caller.t
    say.line(t("Restored: {path}", path=shown(done.source)))
    say.line(contents(done.manifest, caller.t))
    say.line(t("A new branch of the history begins here: {branch}.", branch=done.branch[:8]))
    if done.aside:
        say.line(t("The store that stood there is kept: {path}", path=shown(done.aside)))
    if done.keys_kept:
        say.line(t("Staff codes and passphrases are those of today."))
    else:
        say.line(t("Staff codes and passphrases are those of the backup."))
    if done.as_today:
        message = t(
            "Whatever the backup says, these have no more rights than today: {handles}.",
            handles=", ".join(done.as_today),
        )
        say.line(message, err=True)
    if done.regained:
        message = t(
            "By the roles in the backup these may do more than before: {handles}.",
            handles=", ".join(done.regained),
        )
        say.line(message, err=True)


def _one_of(caller: Caller, folder: Path) -> Path:
    """Return the backup that is meant; a person is asked where there are several branches."""
    try:
        find_newest(folder)
    except BackupsApart as error:
        return choose(caller, error)
    return folder


def _agreed(caller: Caller, error: StoreError) -> bool:
    """Ask a person, where there is one, whether to go on all the same."""
    if not caller.can_be_asked:
        return False
    t = caller.t
    say.line(t(error.what, **error.values), err=True)
    return click.confirm(t("Set aside what is there and go on?"), default=False, err=True)
