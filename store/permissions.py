"""Who may do what: roles, and the permissions that they give.

Roles add up: whoever has several may do what any of them may. A worker of whom nothing was ever
said is a nurse; the first one of a store is nurse, lead and administrator, so that a workplace of
one person works.

These walls stand in the program. Everybody who opens the store has its data key, and with it and a
program of their own could read all of it; what keeps them from that is that the store's folder
belongs to another user of the computer (docs/security.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

from store.errors import NotAllowed

Role = Literal["nurse", "lead", "auditor", "admin", "report"]

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
    "report",
    "report unit",
    "report all",
    "upkeep",
]
"""What may be done.

`read` clients of one's own unit and those without one, `read all` units'; `care`: assess, decide
and record; `correct` a client's card, and whose codes and assessments are one person's; `move` a
client to another unit; see who is on the `staff`, change its `people`,
`unlock` a staff code; settings of the `site`; read the `log`, be told `who` used a client's data,
`verify` the log; ask for a `report`, whose sums name nobody, of one's own unit (`report unit`) or
of all (`report all`); `upkeep`: backup, restore, new data key, purge, the deep look of the doctor.
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
    "report": frozenset({"lead", "report"}),
    "report unit": frozenset({"lead"}),
    "report all": frozenset({"report"}),
    "upkeep": frozenset({"admin"}),
}
"""Which roles give a permission."""

IN_REACH: frozenset[Permission] = frozenset({"read", "care", "correct"})
"""What is done with clients, so that it counts to which unit they belong."""


class WorkerAccess(NamedTuple):
    """What a worker may do, and where."""

    roles: frozenset[Role]
    unit: str | None
    disabled: bool

    def may(self, permission: Permission) -> bool:
        """Return whether one of the roles gives a permission."""
        return not self.disabled and not self.roles.isdisjoint(PERMISSIONS[permission])

    def everywhere(self, permission: Permission) -> bool:
        """Return whether it does not count to which unit a client belongs."""
        beyond = permission in {"read", "correct"} and self.may("read all")
        return beyond or permission not in IN_REACH


def refusal(permission: Permission, had: frozenset[Role]) -> NotAllowed:
    """Return the error that tells what is needed and what somebody has."""
    return NotAllowed(
        roles=format_roles(had) or "–", needed=", ".join(sorted(PERMISSIONS[permission]))
    )


def parse_roles(text: str) -> frozenset[Role]:
    """Return the roles that a list with commas names; an unknown one gives nothing."""
    names = text.split(",")
    return frozenset(role for role in ROLES if role in names)


def join_roles(roles: frozenset[Role]) -> str:
    """Return the roles as a list with commas, always in the same order."""
    return ",".join(role for role in ROLES if role in roles)


def format_roles(roles: frozenset[Role]) -> str:
    """Return the roles as a sentence names them."""
    return join_roles(roles).replace(",", ", ")
