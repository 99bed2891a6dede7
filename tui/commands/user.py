"""`porras user`: who works with the store, and what each of them may do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import click

from casework import idle_timer
from casework.desk.printing import SETTING
from casework.language import N_
from casework.workspace import Workspace
from store import text_guard
from store.keys import authentication
from store.opening import staff_accounts
from store.opening.staff_accounts import Member
from store.permissions import Role
from tui import say
from tui.commands.common import FORMAT
from tui.commands.groups import CommandError
from tui.commands.open_store import Caller, get_paths, pass_store
from tui.commands.text import labelled_lines
from tui.commands.user_keys import accept_keys, passphrase, recovery_code, unlock_code
from tui.spoken import SpokenGroup

_ROLES = ("nurse", "lead", "auditor", "admin", "report")
_role = click.option(
    "--role", "roles", type=click.Choice(_ROLES), multiple=True, help="May be given several times."
)
_first = click.option(
    "--first-passphrase-file",
    "first",
    metavar="FILE",
    help="The first passphrase, as for --passphrase-file; without it you type it twice.",
)
_yes = click.option(
    "--yes", is_flag=True, help="Bind also where you would be asked; the warning is told."
)
_STATES = {
    "unused": N_("out of use"),
    "locked": N_("locked after wrong passphrases"),
    "none": N_("has no passphrase"),
    "first": N_("has to change the first passphrase"),
    "old": N_("has a slot of the first format"),
}


@click.group(cls=SpokenGroup)
def user() -> None:
    """Look after the people of a store: staff codes, roles, units, passphrases.

    Roles add up. A nurse works with the clients of her unit, a lead reads all units, moves clients
    and reads the log, an auditor reads the log alone, an admin looks after people and the store.
    """


@user.command(name="list")
@FORMAT
@pass_store
def list_(workspace: Workspace, /, form: str) -> None:
    """List who works or has worked with the store."""
    members = staff_accounts.listed(get_paths(workspace), workspace.store, workspace.clock)
    say.answer(form, lambda: [_data(each) for each in members], _lines(workspace, members))


def _data(member: Member) -> dict[str, Any]:
    person = member.person
    return {
        "handle": person.handle,
        "roles": list(person.roles),
        "unit": person.unit,
        "since": person.since.isoformat(),
        "os_user": member.slot and member.slot.os_user,
        "state": _state(member),
    }


def _state(member: Member) -> str | None:
    """Return the first thing that keeps somebody from opening the store as usual."""
    slot = member.slot
    found = {
        "unused": member.person.disabled,
        "locked": member.locked,
        "none": slot is None,
        "first": slot is not None and slot.must_change,
        "old": slot is not None and slot.old,
    }
    return next((name for name, holds in found.items() if holds), None)


def _lines(workspace: Workspace, members: list[Member]) -> Iterator[str]:
    for member in members:
        person, state = member.person, _state(member)
        bound = member.slot and member.slot.os_user
        parts = (
            ", ".join(person.roles),
            person.unit,
            workspace.t("only as {user}", user=bound) if bound else None,
            workspace.t(_STATES[state]) if state else None,
        )
        yield from labelled_lines(f"{person.handle:<17}", " · ".join(filter(None, parts)))


@user.command()
@click.argument("handle")
@_role
@click.option("--unit", metavar="NAME", help="Where the person works.")
@click.option("--os-user", metavar="USER", help="The one user of this computer who may use it.")
@_yes
@_first
@pass_store
def add(
    workspace: Workspace,
    /,
    handle: str,
    roles: tuple[str, ...],
    unit: str | None,
    os_user: str | None,
    yes: bool,
    first: str | None,
) -> None:
    """Let somebody new in, as a nurse if no role is named.

    HANDLE is a staff code, not a name. You give a first passphrase, which the person has to change
    when it is used for the first time.
    """
    workspace.store.need("people")
    os_user = _os_user(workspace, handle, os_user, yes=yes) if os_user else None
    secret = _caller().read_new_passphrase(handle, first)
    given = cast("tuple[Role, ...]", roles or ("nurse",))
    staff_accounts.add(get_paths(workspace), workspace.store, handle, secret, given, unit, os_user)
    _say_can_open(workspace, handle)


@user.command()
@click.argument("handle")
@pass_store
def disable(workspace: Workspace, /, handle: str) -> None:
    """Take a staff code out of use; what was recorded under it stays."""
    staff_accounts.disable(get_paths(workspace), workspace.store, handle)
    say.line(workspace.t("{handle} opens nothing any more.", handle=handle))
    say.line(
        workspace.t(
            "Somebody who kept a copy of the files and of the key can still read what is new. A "
            "new key for the store: porras rekey"
        ),
        err=True,
    )


@user.command()
@click.argument("handle")
@_first
@pass_store
def enable(workspace: Workspace, /, handle: str, first: str | None) -> None:
    """Put a staff code into use again, with a first passphrase."""
    workspace.store.need("people")
    secret = _caller().read_new_passphrase(handle, first)
    staff_accounts.enable(get_paths(workspace), workspace.store, handle, secret)
    _say_can_open(workspace, handle)


@user.command()
@click.argument("handle")
@click.argument("roles", nargs=-1, required=True, type=click.Choice(_ROLES))
@pass_store
def role(workspace: Workspace, /, handle: str, roles: tuple[str, ...]) -> None:
    """Give somebody these roles in the place of those before."""
    workspace.store.staff.set_roles(handle, cast("tuple[Role, ...]", roles))
    say.line(workspace.t("{handle} is now: {roles}.", handle=handle, roles=", ".join(roles)))


@user.command()
@click.argument("handle")
@click.argument("name")
@pass_store
def unit(workspace: Workspace, /, handle: str, name: str) -> None:
    """Say in which unit somebody works from now on.

    Clients stay in the unit that they are in.
    """
    workspace.store.staff.set_unit(handle, name)
    say.line(workspace.t("{handle} works in {unit} now.", handle=handle, unit=name))


@user.command()
@click.argument("handle")
@click.argument("os_user", required=False)
@_yes
@pass_store
def bind(workspace: Workspace, /, handle: str, os_user: str | None, yes: bool) -> None:
    """Bind a staff code to one user of this computer; without OS_USER to none.

    You are asked before a binding to a user whom this computer does not know, and before one that
    keeps yourself out. The recovery code opens all the same, and ends the binding.
    """
    workspace.store.need("people")
    os_user = _os_user(workspace, handle, os_user, yes=yes) if os_user else None
    staff_accounts.bind(get_paths(workspace), workspace.store, handle, os_user)
    message = (
        workspace.t("{handle} is used as {user} only.", handle=handle, user=os_user)
        if os_user
        else workspace.t("{handle} can be used by any user of the computer.", handle=handle)
    )
    say.line(message)


@user.command()
@click.argument("minutes", type=int)
@pass_store
def idle(workspace: Workspace, /, minutes: int) -> None:
    """Lock the screen after so many MINUTES without a key, 1 to 60; it is 5 if nobody says.

    0 never locks, and is only for a computer that one person alone uses.
    """
    if minutes not in idle_timer.ALLOWED:
        raise click.UsageError("MINUTES is 1 to 60, or 0 for never")
    if minutes == 0 and idle_timer.is_shared(get_paths(workspace)):
        raise CommandError(
            workspace.t("A computer that several people use locks the screen: 1 to 60 minutes.")
        )
    workspace.store.settings.set(idle_timer.SETTING, str(minutes))
    message = (
        workspace.t.many(
            "The screen locks after {count} minute.",
            "The screen locks after {count} minutes.",
            minutes,
        )
        if minutes
        else workspace.t("The screen does not lock.")
    )
    say.line(message)


@user.command()
@click.argument("allowed", type=click.Choice(["on", "off"]))
@pass_store
def printing(workspace: Workspace, /, allowed: str) -> None:
    """Say whether notes and sheets may be printed here by lp; it is off if nobody says.

    The queue of a printer keeps a text readable, on this computer or on a server, until it is
    printed and perhaps longer. Say on only where the organisation has looked at that.
    """
    workspace.store.settings.set(SETTING, allowed)
    message = (
        workspace.t("Notes and sheets may be printed. The queue of the printer is not encrypted.")
        if allowed == "on"
        else workspace.t("Nothing is printed.")
    )
    say.line(message)


def _os_user(workspace: Workspace, handle: str, name: str, *, yes: bool) -> str:
    """Return the user to bind to, as this computer writes it; ask before anybody is kept out."""
    found = authentication.os_user_named(text_guard.os_user(name))
    here = authentication.this_os_user()
    user = found or name
    if handle.strip().lower() == workspace.store.handle and user != here:
        message = workspace.t(
            "{handle} is your own staff code, and here you are {here}. Bound to {user} it opens "
            "nothing for you here.",
            handle=handle,
            here=here,
            user=user,
        )
        _sure(workspace, message, yes=yes)
    elif found is None:
        message = workspace.t("No user {user} is known on this computer.", user=user)
        _sure(workspace, message, yes=yes)
    return user


def _sure(workspace: Workspace, message: str, *, yes: bool) -> None:
    """Tell what may be a mistake, and go on at a typed word alone."""
    say.line(f"! {message}", err=True)
    if yes:
        return
    word = workspace.t("yes")
    if say.is_answered_by_a_person():
        question = workspace.t('Type "{word}" to bind it all the same', word=word)
        typed_word: str = click.prompt(question, default="", show_default=False, err=True)
        if typed_word.strip().lower() == word:
            return
        raise CommandError(workspace.t("Nothing was changed."))
    raise CommandError(workspace.t("Nothing was changed. With --yes it is bound all the same."))


def _say_can_open(workspace: Workspace, handle: str) -> None:
    message = workspace.t(
        "{handle} can open the store now, and changes the passphrase first.", handle=handle
    )
    say.line(message)


def _caller() -> Caller:
    return Caller(click.get_current_context().obj)


for command in (passphrase, unlock_code, accept_keys, recovery_code):
    user.add_command(command)
