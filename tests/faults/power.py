"""What a disk may hold after the current failed, from a record of what was done (`preload.py`).

A disk owes nobody what was not made durable. What was written to a file since its last sync may be
there or not, each write by itself, in any order, and torn between sectors. Names are of two kinds
of disk: `ordered` keeps all changes of names in the order in which they were made, and a sync of
anything makes all earlier ones durable (a journal, as of ext4 or NTFS); `loose` owes no more than
the standard does: a name is durable when its folder was synced, and until then each change is there
or not by itself. A rename is whole or not at all on both, as on every disk that has one.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from tests.faults.preload import Event, Kind

SECTOR = 512
"""Bytes that a disk writes whole or not at all."""

Order = Literal["ordered", "loose"]


@dataclass(eq=False)
class File:
    """What is durable of a file, and what was done to it since."""

    durable: bytes = b""
    pending: list[Event] = field(default_factory=list)


@dataclass(eq=False)
class Folder:
    """The durable names of a folder."""

    durable: dict[str, Node] = field(default_factory=dict)
    live: dict[str, Node] = field(default_factory=dict)
    """The names as a program sees them."""


Node = File | Folder


class Change(NamedTuple):
    """A change of names that is not yet durable; None takes a name away."""

    parts: tuple[tuple[Folder, str, Node | None], ...]

    def make(self, names: Callable[[Folder], dict[str, Node]]) -> None:
        """Make the change in one view of the names."""
        for folder, name, node in self.parts:
            if node is None:
                names(folder).pop(name, None)
            else:
                names(folder)[name] = node


class Disk:
    """A disk on which things are done one after the other, and which may lose its current."""

    def __init__(self, root: Path, order: Order) -> None:
        """Begin with what stands in a folder, all of it durable."""
        self.root, self.order = Path(os.path.realpath(root)), order
        self.nodes: dict[int, Node] = {}
        self.top = self._stands(self.root)
        self.changes: list[Change] = []

    def _stands(self, place: Path) -> Node:
        number = place.stat().st_ino
        if place.is_dir():
            names = {path.name: self._stands(path) for path in place.iterdir()}
            self.nodes[number] = Folder(dict(names), dict(names))
        elif number not in self.nodes:
            self.nodes[number] = File(place.read_bytes())
        return self.nodes[number]

    def do(self, event: Event) -> None:
        """Take up what was done next."""
        match event.kind:
            case Kind.WRITE | Kind.TRUNCATE:
                file = self.nodes[event.node]
                assert isinstance(file, File)
                file.pending.append(event)
            case Kind.SYNC:
                self._sync(self.nodes[event.node])
            case Kind.CREATE | Kind.MKDIR:
                fresh = File() if event.kind is Kind.CREATE else Folder()
                self.nodes[event.node] = fresh
                self._change((*self._at(event.path), fresh))
            case Kind.LINK:
                self._change((*self._at(event.to), self._node(event.path)))
            case Kind.RENAME:
                node = self._node(event.path)
                self._change((*self._at(event.path), None), (*self._at(event.to), node))
            case Kind.UNLINK | Kind.RMDIR:
                self._change((*self._at(event.path), None))
            case Kind.MARK:
                pass
            case _:
                raise AssertionError(f"{event.kind.name} is not known to the disk")

    def _at(self, path: str) -> tuple[Folder, str]:
        """The folder and the name that a path means to a program."""
        *way, name = Path(path).relative_to(self.root).parts
        folder = self.top
        for part in way:
            assert isinstance(folder, Folder)
            folder = folder.live[part]
        assert isinstance(folder, Folder)
        return folder, name

    def _node(self, path: str) -> Node:
        folder, name = self._at(path)
        return folder.live[name]

    def _change(self, *parts: tuple[Folder, str, Node | None]) -> None:
        change = Change(parts)
        change.make(lambda folder: folder.live)
        self.changes.append(change)

    def _sync(self, node: Node) -> None:
        if isinstance(node, File):
            node.durable = _content(node, node.pending)
            node.pending = []
            durable = self.changes if self.order == "ordered" else []
        elif self.order == "ordered":
            durable = self.changes
        else:
            durable = [c for c in self.changes if any(node is folder for folder, _, _ in c.parts)]
        for change in durable:
            change.make(lambda folder: folder.durable)
        self.changes = [change for change in self.changes if change not in durable]

    # -- the current fails -------------------------------------------------------------------------

    def leave(self, place: Path, chance: random.Random) -> str:
        """Lay out in a new folder what one such disk holds if the current fails now.

        Returns how it dealt with what was not durable.
        """
        how, keep = chance.choice(WAYS)
        names: dict[Folder, dict[str, Node]] = {}

        def left(folder: Folder) -> dict[str, Node]:
            return names.setdefault(folder, dict(folder.durable))

        for change in self._kept(chance, how):
            change.make(left)
        self._lay(place, self.top, left, lambda file: keep(file.pending, chance), {})
        return how

    def _kept(self, chance: random.Random, how: str) -> list[Change]:
        if how in {"nothing", "all"}:
            return self.changes if how == "all" else []
        if self.order == "ordered":
            return self.changes[: chance.randint(0, len(self.changes))]
        odds = chance.choice((0.2, 0.5, 0.8))
        return [change for change in self.changes if chance.random() < odds]

    def _lay(
        self,
        place: Path,
        node: Node,
        names: Callable[[Folder], dict[str, Node]],
        keep: Callable[[File], Iterable[Event]],
        laid: dict[File, Path],
    ) -> None:
        if isinstance(node, Folder):
            place.mkdir(mode=0o700)
            for name, inside in names(node).items():
                self._lay(place / name, inside, names, keep, laid)
        elif node in laid:  # a second name of one file
            place.hardlink_to(laid[node])
        else:
            place.touch(mode=0o600)
            place.write_bytes(_content(node, keep(node)))
            laid[node] = place


def _content(file: File, done: Iterable[Event]) -> bytes:
    content = bytearray(file.durable)
    for event in done:
        if event.kind is Kind.TRUNCATE:
            del content[event.offset :]
            content.extend(bytes(event.offset - len(content)))
        else:
            content.extend(bytes(max(0, event.offset - len(content))))
            content[event.offset : event.offset + len(event.content)] = event.content
    return bytes(content)


# -- what becomes of what was done to a file since it was synced -----------------------------------

Keep = Callable[[list[Event], random.Random], list[Event]]


def _torn(event: Event, chance: random.Random) -> list[Event]:
    """Some of the sectors of one write."""
    if event.kind is not Kind.WRITE:
        return []
    found, place = [], 0
    while place < len(event.content):
        offset = event.offset + place
        size = SECTOR - offset % SECTOR
        if chance.random() < 0.5:
            found.append(event._replace(offset=offset, content=event.content[place : place + size]))
        place += size
    return found


def _some(pending: list[Event], chance: random.Random) -> list[Event]:
    return [event for event in pending if chance.random() < 0.5]


def _first(pending: list[Event], chance: random.Random) -> list[Event]:
    """Those before some moment, and what was being written then in part."""
    end = chance.randint(0, len(pending))
    return pending[:end] + [part for each in pending[end : end + 1] for part in _torn(each, chance)]


def _last(pending: list[Event], chance: random.Random) -> list[Event]:
    """Those after some moment: a disk may write them in the other order."""
    return pending[chance.randint(0, len(pending)) :]


def _one_torn(pending: list[Event], chance: random.Random) -> list[Event]:
    if not pending:
        return []
    number = chance.randrange(len(pending))
    return pending[:number] + _torn(pending[number], chance) + pending[number + 1 :]


def _all_torn(pending: list[Event], chance: random.Random) -> list[Event]:
    return [part for event in pending for part in _torn(event, chance)]


def _whole_or_none(pending: list[Event], chance: random.Random) -> list[Event]:
    """All of one file and nothing of another."""
    return pending if chance.random() < 0.5 else []


WAYS: tuple[tuple[str, Keep], ...] = (
    ("nothing", lambda pending, chance: []),
    ("all", lambda pending, chance: pending),
    ("the first", _first),
    ("the last", _last),
    ("some", _some),
    ("one torn", _one_torn),
    ("all torn", _all_torn),
    ("some files", _whole_or_none),
)
"""How a disk may have dealt with what was written and not yet durable."""
