"""Repositories, and what stands on each of their methods: its permission and its transaction."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ParamSpec, TypeVar, cast

from store.permissions import Permission
from store.session.session import RECORDS, Session

P = ParamSpec("P")
Result = TypeVar("Result")

OPEN_TO_ALL = None
"""In the place of a permission: the method returns nothing about a client, or asks for itself."""


class Repository:
    """Records of one kind in the store of a session."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def __init_subclass__(cls) -> None:
        """Refuse a public method on which no permission stands, so that none is forgotten.

        Raises:
            TypeError: If there is one.
        """
        public = (name for name in vars(cls) if not name.startswith("_"))
        if bare := [name for name in public if not hasattr(getattr(cls, name), "permission")]:
            raise TypeError(f"{cls.__name__}: no permission stands on {', '.join(bare)}")


def requires(permission: Permission | None) -> Callable[[Callable[P, Result]], Callable[P, Result]]:
    """Let a method go on only with a permission, and only with clients in the worker's reach.

    The first argument is a repository or a session. `RECORDS` lists by which other arguments
    methods name clients.
    """
    return _guarded(permission, lambda _: nullcontext())


def reads(permission: Permission | None) -> Callable[[Callable[P, Result]], Callable[P, Result]]:
    """Let a method go on as `requires` does, as one transaction that reads."""
    return _guarded(permission, Session.reading)


def writes(permission: Permission | None) -> Callable[[Callable[P, Result]], Callable[P, Result]]:
    """Let a method go on as `requires` does, as one transaction that writes."""
    return _guarded(permission, Session.writing)


def _guarded(
    permission: Permission | None,
    transaction: Callable[[Session], AbstractContextManager[None]],
) -> Callable[[Callable[P, Result]], Callable[P, Result]]:
    def decorate(method: Callable[P, Result]) -> Callable[P, Result]:
        names = list(inspect.signature(method).parameters)
        places = [(name, place) for place, name in enumerate(names) if name in RECORDS]

        @functools.wraps(method)
        def guarded(*args: P.args, **given: P.kwargs) -> Result:
            owner: Any = args[0]
            session = cast(Session, owner.session if isinstance(owner, Repository) else owner)
            if permission is not None:
                records = {
                    name: str(args[place] if place < len(args) else given.get(name, ""))
                    for name, place in places
                }
                session.need(permission, **records)
            with transaction(session):
                return method(*args, **given)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate
