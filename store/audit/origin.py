"""Where a session comes from: user of the system, terminal, connection, version of the program."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from store.files import ownership

if sys.platform == "win32":
    from store.windows import sessions


class Origin(NamedTuple):
    """What every event of a session records besides the staff code; None where unknown.

    The system vouches for `os_user`. `origin` is what the session was told: somebody who starts
    the program on purpose with another environment can have another address written there.
    """

    os_user: str | None = None
    origin: str | None = None
    app: str | None = None


NOWHERE = Origin()
"""What is known before a worker has signed in."""


def here(environment: Mapping[str, str] = os.environ) -> Origin:
    """Return the origin of this process, to be collected once, when a worker signs in."""
    places = [place for place in (_terminal(), _connection(environment)) if place]
    return Origin(_user(), " ".join(places) or None, app_version())


def app_version() -> str | None:
    """Return the version of the program; None where it is not installed."""
    with suppress(PackageNotFoundError):
        return version("porras")
    return None


def _user() -> str | None:
    """Return the name that the system gives the process; not what a variable claims."""
    if sys.platform == "win32":
        with suppress(OSError):
            return os.getlogin()
        return None
    return ownership.name(os.getuid())


def _terminal() -> str | None:
    """Return the terminal of the first of the three standard streams that has one.

    Windows names none; there it is told from which computer somebody works by Remote Desktop.
    """
    if sys.platform == "win32":
        return _far_desktop()
    for stream in range(3):
        with suppress(OSError):
            return os.ttyname(stream)
    return None


def _far_desktop() -> str | None:
    if sys.platform == "win32":
        with suppress(OSError, AttributeError):
            return f"rdp {_fit(sessions.client_name())}" if sessions.is_far() else None
    return None


def _fit(name: str) -> str:
    """Return a name that another computer gives itself, without what nobody can read."""
    return "".join(letter for letter in name if letter.isprintable())[:64]


def _connection(environment: Mapping[str, str]) -> str | None:
    """Return the address at the other end of an SSH connection."""
    address = environment.get("SSH_CONNECTION", "").partition(" ")[0]
    fit = address and len(address) <= 64 and address.isascii() and address.isprintable()
    return f"ssh {address}" if fit else None
