"""Who may use a file of Windows, by the text of its security descriptor (SDDL).

Source: learn.microsoft.com, "Security Descriptor String Format". A refusal takes from somebody what
another line gives; it is left out, so that a file never counts as more private than it is.
"""

from __future__ import annotations

import re
from functools import reduce
from operator import or_
from typing import NamedTuple

READ = 0x1 | 0x10000000 | 0x80000000
"""To read what a file holds, or which files a folder has."""

CHANGE = 0x2 | 0x4 | 0x40000000
"""To write into a file; in a folder these make new files, and touch none that is there."""

REPLACE = 0x40 | 0x10000 | 0x40000 | 0x80000 | 0x10000000
"""To move a folder, or what lies in it, out of the way, or to get the right to do so."""

AS_FOLDER = "D:"
"""No rights of its own, and so those that a file has from its folder."""

EVERYBODY = "WD"
"""How a descriptor names whoever there is."""

_RIGHTS = {
    **{"CC": 0x1, "DC": 0x2, "LC": 0x4, "SW": 0x8, "RP": 0x10, "WP": 0x20, "DT": 0x40},
    **{"LO": 0x80, "CR": 0x100, "SD": 0x10000, "RC": 0x20000, "WD": 0x40000, "WO": 0x80000},
    **{"GA": 0x10000000, "GX": 0x20000000, "GW": 0x40000000, "GR": 0x80000000},
    **{"FA": 0x1F01FF, "FR": 0x120089, "FW": 0x120116, "FX": 0x1200A0},
}
_USERS = "AU"
"""Whoever has logged in to the computer."""

_TRUSTED = re.compile(
    "SY|BA|LA|DA|EA|OW|CO|S-1-5-18|S-1-5-32-544|S-1-3-[04]|S-1-5-21-[0-9-]+-(500|512|519)"
    "|S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
)
"""The system, administrators, and whoever owns the file: nobody can be kept out who is one.

The longest is TrustedInstaller, the part of the system that owns Windows and `Program Files`.
"""

_OWNER = re.compile(r"O:(S-[0-9-]+|[A-Z]{2})")
_ACCESS = re.compile(r"D:([A-Z_]*)((?:\(.*\))?)")
_ENTRY = re.compile(r"\((A|OA|XA|ZA);([A-Z]*);([^;()]*);[^;()]*;[^;()]*;([^;()]+)")
_FOR_FILES_WITHIN = "IO"


class Entry(NamedTuple):
    """Somebody who may do something, by the marks of Windows."""

    who: str
    rights: int


class Descriptor(NamedTuple):
    """Whose a file is, and who may use it."""

    owner: str | None
    entries: tuple[Entry, ...] | None
    """None where everybody may do everything."""
    protected: bool
    """Whether it takes no rights from its folder."""


def parse(text: str) -> Descriptor:
    """Return what the text of a security descriptor tells."""
    owner, access = _OWNER.search(text), _ACCESS.search(text)
    if access is None or "NO_ACCESS_CONTROL" in access[1]:
        return Descriptor(owner and owner[1], None, protected=False)
    entries = tuple(
        Entry(who, _mask(rights))
        for _, marks, rights, who in _ENTRY.findall(access[2])
        if _FOR_FILES_WITHIN not in (marks[at : at + 2] for at in range(0, len(marks), 2))
    )
    return Descriptor(owner and owner[1], entries, "P" in access[1].replace("AI", ""))


def others(found: Descriptor, me: str, rights: int) -> tuple[str, ...]:
    """Return who else has one of some rights, besides the owner, the system and administrators."""
    if found.entries is None:
        return (EVERYBODY,)
    able = (entry.who for entry in found.entries if entry.rights & rights)
    return tuple(
        dict.fromkeys(who for who in able if who not in {me, found.owner} and not is_trusted(who))
    )


def strange_owner(found: Descriptor, me: str) -> str | None:
    """Return the owner, if that is neither this user, nor the system or an administrator."""
    owner = found.owner
    return None if owner is None or owner == me or is_trusted(owner) else owner


def is_trusted(who: str) -> bool:
    """Return whether a mark is that of the system, of administrators or of an owner."""
    return _TRUSTED.fullmatch(who) is not None


def private(me: str, *, folder: bool) -> str:
    """Return the rights of a new file or folder that is for its maker alone.

    The system and administrators are left in: a backup of the whole computer needs them, and they
    could take the right at any time.
    """
    marks = "OICI" if folder else ""
    return "D:P" + "".join(f"(A;{marks};FA;;;{who})" for who in (me, "SY", "BA"))


def shared(me: str, *, writable: bool) -> str:
    """Return the rights of a folder that everybody of a computer may read.

    With `writable` everybody may lay files there as well, which are their own.
    """
    if not writable:
        return private(me, folder=True) + f"(A;OICI;FRFX;;;{_USERS})"
    owns = "(A;OIIO;FA;;;CO)"
    return private(me, folder=True) + f"(A;;FRFXDC;;;{_USERS})(A;OIIO;FR;;;{_USERS})" + owns


def _mask(rights: str) -> int:
    if rights.startswith("0x"):
        return int(rights, 16)
    pairs = (rights[at : at + 2] for at in range(0, len(rights), 2))
    return reduce(or_, (_RIGHTS.get(pair, 0) for pair in pairs), 0)
