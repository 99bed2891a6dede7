"""`porras user passphrase`, `unlock`, `accept-keys`, `recovery-code`: what opens a store."""

from __future__ import annotations

import click

from casework.language import Speech
from casework.workspace import Workspace
from store.errors import StoreMissing
from store.keys.keystore import has_recovery
from store.opening import staff_accounts
from store.opening.unlock import detect_state, unlock, unlock_account
from store.paths import StorePaths
from tui import say
from tui.commands.open_store import (
    FILE,
    WHO,
    Caller,
    get_paths,
    open_workspace,
    pass_caller,
    pass_store,
    print_announcements,
)
from tui.launch import now


@click.command()
@click.argument("handle", required=False)
@WHO
@FILE
@click.option(
    "--new-passphrase-file",
    "new",
    metavar="FILE",
    help="The new passphrase, as for --passphrase-file; without it you type it twice.",
)
@pass_caller
def passphrase(caller: Caller, /, handle: str | None, new: str | None) -> None:
    """Change your own passphrase, or give one to somebody who forgot theirs.

    Without HANDLE it is your own; a first passphrase is changed in the same way. One that you give
    to somebody else has to be changed when it is used for the first time.
    """
    if handle is None:
        _change_own(caller, new)
        return
    with open_workspace(caller) as workspace:
        workspace.store.need("people")
        secret = caller.read_new_passphrase(handle, new)
        staff_accounts.give_passphrase(get_paths(workspace), workspace.store, handle, secret)
        say.line(
            workspace.t("{handle} changes this passphrase at the next opening.", handle=handle)
        )


def _change_own(caller: Caller, new: str | None) -> None:
    places = _existing_store(caller)
    handle = caller.find_handle(places.keys)
    old = caller.read_passphrase(handle)
    secret = caller.read_new_passphrase(handle, new)
    with unlock(places, handle, old, now, new_passphrase=secret) as store:
        print_announcements(Workspace(now, language=caller.settings.speaks, opened=store))
    say.line(caller.t("The passphrase is changed."))


@click.command(name="unlock")
@click.argument("handle")
@pass_store
def unlock_code(workspace: Workspace, /, handle: str) -> None:
    """Open a staff code at once that is locked for an hour after ten wrong passphrases."""
    unlock_account(get_paths(workspace), workspace.store, handle, workspace.clock)
    say.line(workspace.t("{handle} can try again.", handle=handle))


@click.command(name="accept-keys")
@WHO
@FILE
@pass_caller
def accept_keys(caller: Caller, /) -> None:
    """Accept an older key file that was put back, where the newer one is lost.

    Everybody is told at their next start. Passphrases changed since then are the former ones again,
    and whoever was added since then has none: look through porras user list. If a new recovery code
    was made since then, the one of this file opens nothing; a new one is made and printed once.
    """
    places = _existing_store(caller)
    handle = caller.find_handle(places.keys)
    secret = caller.read_passphrase(handle)
    with unlock(places, handle, secret, now, older_keys=True) as store:
        print_announcements(Workspace(now, language=caller.settings.speaks, opened=store))
        code = None if has_recovery(places.keys) else staff_accounts.renew_recovery(places, store)
    t = caller.t
    say.line(t("This key file counts from now on."), err=code is not None)
    if code is not None:
        say.line(t("Its recovery code had been ended. This is a new one:"), err=True)
        _say_recovery_code(t, code)


@click.command(name="recovery-code")
@pass_store
def recovery_code(workspace: Workspace, /) -> None:
    """Make a new recovery code, where the paper is lost or was seen; the one before ends.

    It is printed once, on standard output. Everybody is told at their next start.
    """
    _say_recovery_code(
        workspace.t, staff_accounts.renew_recovery(get_paths(workspace), workspace.store)
    )


def _say_recovery_code(t: Speech, code: str) -> None:
    """Print a new recovery code, alone on standard output."""
    say.line(code)
    message = t("Write it on paper or print it, and keep it locked away, not on this machine.")
    say.line(message, err=True)


def _existing_store(caller: Caller) -> StorePaths:
    """Return the paths of the store, or raise StoreMissing."""
    places = caller.paths
    if detect_state(places) != "store":
        raise StoreMissing(path=str(places.database))
    return places
