"""Repositories, and the permission that stands on each of their methods."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from store.permissions import Permission
from store.session.reach import RECORDS
from store.session.session import Session

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Repository:
    """Records of one kind in the store of a session; every public method is one transaction."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def __init_subclass__(cls) -> None:
        """Refuse a public method on which no permission stands, so that none is forgotten.

        Raises:
            TypeError: If there is one.
        """
        public = (name for name in vars(cls) if not name.startswith("_"))
        if open_ := [name for name in public if not hasattr(getattr(cls, name), "permission")]:
            raise TypeError(f"{cls.__name__}: no permission stands on {', '.join(open_)}")


def requires(
    permission: Permission,
) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Let a method go on only with a permission, and only with clients in the worker's reach.

    The first argument is a repository or a session; the arguments of `reach.RECORDS` name the
    clients.
    """

    def decorate(method: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
        names = list(inspect.signature(method).parameters)
        places = [(name, place) for place, name in enumerate(names) if name in RECORDS]

        @functools.wraps(method)
        def asking(*args: Parameters.args, **given: Parameters.kwargs) -> Result:
            records = {
                name: str(args[place] if place < len(args) else given.get(name, ""))
                for name, place in places
            }
            _session(args[0]).need(permission, **records)
            return method(*args, **given)

        return _marked(asking, permission)

    return decorate


def open_to_all(method: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Let everybody call a method: it tells nothing of a client, or asks for itself."""
    return _marked(method, None)


def _marked(
    method: Callable[Parameters, Result], permission: Permission | None
) -> Callable[Parameters, Result]:
    method.permission = permission  # type: ignore[attr-defined]
    return method


def _session(owner: Any) -> Session:
    return owner.session if isinstance(owner, Repository) else cast(Session, owner)
