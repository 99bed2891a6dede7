"""Signing in with a passphrase: the tries are counted, and a slot is used only as it may be."""

from __future__ import annotations

import os
import sys

from store.errors import OtherOsUser, PassphraseMustChange
from store.files import ownership
from store.keys import keyslots, keystore
from store.keys.login_throttle import LoginThrottle
from store.paths import StorePaths
from store.times import Clock, utc_now

if sys.platform == "win32":
    from store.windows import security


def throttle_of(paths: StorePaths, clock: Clock = utc_now) -> LoginThrottle:
    """Return the count of failed sign-ins of a store."""
    return LoginThrottle(paths.keys, lambda: keystore.handles(paths.keys), clock)


def open_slot(
    paths: StorePaths, handle: str, passphrase: str, throttle: LoginThrottle
) -> keystore.Unlocked:
    """Return what a staff code and its passphrase open; the database stays closed.

    Raises:
        TooManyTries: If the next try has to wait.
        AccountLocked: If the staff code is locked.
        NoAccess: If the key file belongs to another user of the computer.
    """
    ownership.refuse_stranger(paths.keys)
    with throttle.attempt(handle):
        return keystore.open_slot(paths.keys, handle, passphrase)


def check_slot(opened: keystore.Unlocked, os_user: str, *, changing: bool) -> None:
    """Refuse a slot that may not be used like this.

    Raises:
        OtherOsUser: If it is bound to another user of the operating system.
        PassphraseMustChange: If the passphrase is a first one, and is not being changed.
    """
    slot = opened.slot
    if isinstance(slot, keyslots.OldSlot):
        return
    if slot.os_user is not None and not is_same_user(slot.os_user, os_user):
        raise OtherOsUser(found=os_user)
    if slot.must_change and not changing:
        raise PassphraseMustChange


def this_os_user() -> str:
    """Return the user of the operating system who runs this program, never by the environment."""
    if sys.platform == "win32":
        return os.getlogin()
    return ownership.name(os.getuid())


def is_same_user(one: str, other: str, system: str = os.name) -> bool:
    """Return whether two names are of one user; Windows makes nothing of small and capital."""
    return one == other or (system == "nt" and one.casefold() == other.casefold())


def os_user_named(name: str) -> str | None:
    """Return a user of this computer as the system writes the name; None if there may be none."""
    if sys.platform == "win32":
        found, here = security.user_named(name), this_os_user()
        return here if is_same_user(found or name, here) else found
    import pwd

    try:
        return pwd.getpwnam(name).pw_name
    except (KeyError, ValueError):
        return name if name == this_os_user() else None
