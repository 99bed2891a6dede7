"""Reads what the program says out of its own source, whatever a library's next version does.

`python -m tests.messages` brings the catalogues of `casework/locale` up to date.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from hatch_build import compile_catalogues
from tests import catalogues as kept
from tests.catalogues import ROOT, Message

ROOMS = ("casework", "screens", "store", "tui")
SAYS = {"t": 1, "N_": 1, "many": 2}
"""The calls that say a sentence, and how many of their first arguments are its forms."""


class UnreadableError(Exception):
    """A sentence that is put together before it is translated, so that nobody can translate it."""


def _name(call: ast.Call) -> str:
    """The last name of what is called: `t` for `t(…)`, `self.t(…)` and `self.desk.t(…)`."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _constant(node: ast.expr) -> str | None:
    """The text of a literal, or of literals added up; what is a name is left to its own `N_`."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            one, other = _constant(left), _constant(right)
            return None if one is None or other is None else one + other
        case ast.JoinedStr():
            raise UnreadableError(f"line {node.lineno}: an f-string cannot be translated")
        case _:
            return None


def in_source(text: str) -> Iterator[tuple[int, Message]]:
    """Every sentence of one module with the line of its call, from the top to the bottom.

    Raises:
        UnreadableError: If an f-string stands where a sentence is said.
    """
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        if _name(call) in ("bind", "letter"):
            yield from _bound(call)
            continue
        forms = SAYS.get(_name(call), 0)
        said = [_constant(argument) for argument in call.args[:forms]]
        texts = tuple(text for text in said if text)
        if forms and len(texts) == forms:
            yield call.lineno, texts if forms > 1 else texts[0]


def _bound(call: ast.Call) -> Iterator[tuple[int, Message]]:
    """The label of a key, and the letter that means it: "[n] new assessment"."""
    letter, label = (_constant(argument) for argument in call.args[:2])
    if letter and label:
        yield call.lineno, label
        yield call.lineno, f"[{letter}] {label}"


@cache
def messages() -> dict[Message, str]:
    """Every text that the program says, with the place where it first stands.

    Raises:
        UnreadableError: If an f-string stands where a sentence is said.
    """
    found: dict[Message, str] = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            where = path.relative_to(ROOT).as_posix()
            try:
                for line, message in in_source(path.read_text(encoding="utf-8")):
                    found.setdefault(message, f"{where}:{line}")
            except UnreadableError as error:
                raise UnreadableError(f"{where}: {error}") from None
    return found


def catalogues() -> list[Path]:
    """The catalogue of each language."""
    return kept.named("porras")


def renewed(path: Path) -> bytes:
    """A catalogue with every sentence that is said and no other."""
    return kept.renewed(path, messages())


def bring_up_to_date() -> None:
    """Add new sentences to every catalogue, take out what is no longer said, and compile."""
    from tests import command_texts

    for path in command_texts.catalogues():
        path.write_bytes(command_texts.renewed(path))
    for path in catalogues():
        path.write_bytes(renewed(path))
    compile_catalogues(ROOT)


if __name__ == "__main__":
    bring_up_to_date()
