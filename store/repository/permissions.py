"""Who may do what: the permissions of each role, and the one that each deed in the store needs.

Roles add up: whoever has several may do what any of them may. A worker of whom nothing was ever
said is a nurse; the first one of a store is nurse, lead and administrator, so that a workplace of
one person works.

These walls stand in the program. Everybody who opens the store has its data key, and with it and a
program of their own could read all of it; what keeps them from that is that the store's folder
belongs to another user of the computer (docs/security.md).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple, TypeVar, get_args

from store.database.tables.v3_units import unit_then
from store.errors import NotAllowed

Role = Literal["nurse", "lead", "auditor", "admin"]

ROLES: tuple[Role, ...] = get_args(Role)

FOUNDER: frozenset[Role] = frozenset({"nurse", "lead", "admin"})
"""The roles of the first worker, as long as nobody gives others."""

NEWCOMER: frozenset[Role] = frozenset({"nurse"})

Permission = Literal[
    "read",
    "read all",
    "care",
    "correct",
    "move",
    "staff",
    "people",
    "unlock",
    "site",
    "log",
    "who",
    "verify",
    "upkeep",
]
"""What may be done.

`read` clients of one's own unit and those without one, `read all` units'; `care`: assess, decide
and record; `correct` a client's card, and whose codes and assessments are one person's; `move` a
client to another unit; see who is on the `staff`, change its `people`,
`unlock` a staff code; settings of the `site`; read the `log`, be told `who` used a client's data,
`verify` the log; `upkeep`: backup, restore, new data key, purge, the deep look of the doctor.
"""

PERMISSIONS: Mapping[Permission, frozenset[Role]] = {
    "read": frozenset({"nurse", "lead"}),
    "read all": frozenset({"lead"}),
    "care": frozenset({"nurse"}),
    "correct": frozenset({"nurse", "lead"}),
    "move": frozenset({"lead"}),
    "staff": frozenset({"lead", "admin"}),
    "people": frozenset({"admin"}),
    "unlock": frozenset({"lead", "admin"}),
    "site": frozenset({"lead", "admin"}),
    "log": frozenset({"lead", "auditor"}),
    "who": frozenset({"lead", "auditor"}),
    "verify": frozenset({"lead", "auditor", "admin"}),
    "upkeep": frozenset({"admin"}),
}
"""Which roles give a permission."""

IN_REACH: frozenset[Permission] = frozenset({"read", "care", "correct"})
"""What is done with clients, so that it counts to which unit they belong."""

METHODS: Mapping[str, Permission | None] = {
    # Of the session, and what tells nothing of a client; what these need, they ask for themselves.
    "may": None,
    "need": None,
    "close": None,
    "keep_apart": None,
    "log_deed": None,
    "setting": None,
    "set_setting": None,
    "keep_good": None,
    "last_good": None,
    "pathway_files": None,
    "unit": None,
    "units": None,
    "set_unit": None,
    "audit_head": None,
    "faults": None,
    "verify_chain": None,
    "me": None,
    # Looking.
    "client": "read",
    "find_client": "read",
    "recent_clients": "read",
    "assessment": "read",
    "assessments_of": "read",
    "drafts": "read",
    "progress": "read",
    "safety": "read",
    "decision": "read",
    "open_stops": "read",
    "stops_of_code": "read",
    "episode": "read",
    "episodes_of": "read",
    "open_episode_of": "read",
    "episode_of": "read",
    "death_of": "read",
    "worklist": "read",
    "count_worklist": "read",
    "log_view": "read",
    "log_export": "read",
    "colleagues": "read",
    # Caring.
    "add_client": "care",
    "start": "care",
    "record_answers": "care",
    "record_skip": "care",
    "withdraw": "care",
    "withdraw_outdated": "care",
    "add_note": "care",
    "record_safety": "care",
    "withdraw_safety": "care",
    "confirm": "care",
    "abandon": "care",
    "begin_episode": "care",
    "record": "care",
    "attach": "care",
    # Putting right.
    "correct_client": "correct",
    "join_clients": "correct",
    "part_clients": "correct",
    "mark_wrong": "correct",
    "move_assessment": "correct",
    "card_changes": "read",
    "joinings": "read",
    "moved_away": "read",
    # Looking after the store, its log and its people.
    "rebuild_worklist": "upkeep",
    "client_id": "who",
    "people": "staff",
    "add_person": "people",
    "set_roles": "people",
    "give_unit": "people",
    "disable": "people",
    "enable": "people",
    "note_os_user": "people",
    "move_client": "move",
}
"""The permission that each public method of the store needs; None for what is open to all."""

SETTINGS: Mapping[str, Permission] = {"idle_minutes": "site", "retention.days": "site"}
"""Settings that not everybody may change."""

_HOME = f"""
    (SELECT coalesce(
        (SELECT m.unit FROM client_units m WHERE m.client = h.person
            ORDER BY m.rowid DESC LIMIT 1),
        {unit_then("h.created_by", "h.created_at")})
    FROM persons h WHERE h.id = {{client}})"""

RECORDS: Mapping[str, str] = {
    "client_id": "?",
    "other_id": "?",
    "assessment_id": "(SELECT place FROM belongings WHERE assessment_id = ?)",
    "episode_id": "(SELECT client_id FROM episodes WHERE id = ?)",
}
"""The arguments by which methods name a record, and whose client that is, as SQL."""


class Standing(NamedTuple):
    """What a worker may do, and where."""

    roles: frozenset[Role]
    unit: str | None
    disabled: bool

    def may(self, permission: Permission) -> bool:
        """Whether one of the roles gives a permission."""
        return not self.disabled and not self.roles.isdisjoint(PERMISSIONS[permission])

    def everywhere(self, permission: Permission) -> bool:
        """Whether it does not count to which unit a client belongs."""
        beyond = permission in {"read", "correct"} and self.may("read all")
        return beyond or permission not in IN_REACH


def refusal(permission: Permission, had: frozenset[Role]) -> NotAllowed:
    """The error that tells what is needed and what somebody has."""
    return NotAllowed(roles=told(had) or "–", needed=", ".join(sorted(PERMISSIONS[permission])))


def named(text: str) -> frozenset[Role]:
    """The roles that a list with commas names; what this version does not know gives nothing."""
    names = text.split(",")
    return frozenset(role for role in ROLES if role in names)


def listed(roles: frozenset[Role]) -> str:
    """The roles as a list with commas, always in the same order."""
    return ",".join(role for role in ROLES if role in roles)


def told(roles: frozenset[Role]) -> str:
    """The roles as a sentence names them."""
    return listed(roles).replace(",", ", ")


def home(client: str) -> str:
    """SQL for the unit that a client belongs to, NULL for none; `client` is a column or `?`.

    It is the one that the client was moved to last, else that in which whoever added the client
    worked then. Of several codes of one person the one that stands counts.
    """
    return _HOME.format(client=client)


Kind = TypeVar("Kind", bound=type)


def guarded(store: Kind) -> Kind:
    """Let every public method of a store ask first whether the worker may.

    It asks for the permission in METHODS, and of each client whose record an argument names.
    TypeError if METHODS and the methods do not agree, so that a new one cannot be forgotten.
    """
    public = {
        name: method
        for name, method in inspect.getmembers(store, inspect.isfunction)
        if not name.startswith("_")
    }
    if astray := sorted(public.keys() ^ METHODS.keys()):
        raise TypeError(
            f"store/repository/permissions.py: METHODS and the store differ in {', '.join(astray)}"
        )
    for name, method in public.items():
        if permission := METHODS[name]:
            setattr(store, name, _asking(method, permission))
    return store


def _asking(method: Callable[..., Any], permission: Permission) -> Callable[..., Any]:
    names = list(inspect.signature(method).parameters)
    places = [(name, place) for place, name in enumerate(names) if name in RECORDS]

    @functools.wraps(method)
    def asking(store: Any, *args: Any, **given: Any) -> Any:
        whole = (store, *args)
        records = {
            name: whole[place] if place < len(whole) else given.get(name, "")
            for name, place in places
        }
        store.need(permission, **records)
        return method(store, *args, **given)

    return asking
