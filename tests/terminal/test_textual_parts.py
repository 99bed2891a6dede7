"""Which private parts of Textual the program rests on; Textual is pinned exactly for them.

Failing here means an upgrade that took one away, or a new one that nobody has weighed.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Input

ROOT = Path(__file__).parents[2]

PARTS: dict[str, set[str]] = {
    "app.py": {
        *("textual._time.get_time", "_close_messages_no_wait", "_context", "_exception"),
        *("_exit_renderables", "_fatal_error"),
    },
    "full_screen/line_widget.py": {"_segments"},
    "full_screen/page_screen.py": {"textual._time.get_time"},
    "full_screen/typeahead.py": {"textual._time.get_time"},
    "terminal/app.py": {
        *("textual._compositor.ChopsUpdate", "textual._time.get_time"),
        *("_batch_count", "_closed", "_display", "_running"),
    },
    "terminal/driver.py": {
        *("_auto_restart", "_file", "_must_signal_resume", "_sigtstp_application"),
        *("_disable_mouse_support", "_enable_mouse_support"),
        *("_query_in_band_window_resize", "_request_terminal_sync_mode_support"),
    },
    "terminal/keyboard.py": {"textual._xterm_parser.XTermParser", "_sequence_to_key_events"},
    "terminal/painted_driver.py": {
        *("_get_terminal_size", "_handle_exception", "_run_input_thread"),
    },
    "terminal/windows_driver.py": {"_run_input_thread"},
    "terminal/paint/painter.py": {
        *("textual._compositor.ChopsUpdate", "textual._compositor.LayoutUpdate"),
    },
}
"""By file of `tui`; `test_driver.py` and `test_painting.py` say what each must do."""


def private_names(owner: type) -> set[str]:
    """Private names that a class of Textual has, or sets on itself."""
    found: set[str] = set()
    for each in owner.__mro__:
        if each.__module__.startswith("textual"):
            tree = ast.parse(textwrap.dedent(inspect.getsource(each)))
            own = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
            found |= {node.attr for node in own if isinstance(node.ctx, ast.Store)} | {*vars(each)}
    return {name for name in found if name.startswith("_") and not name.startswith("__")}


@cache
def private() -> frozenset[str]:
    """Those of all classes of Textual that ours rest on; it is some work to read them."""
    owners = (App, LinuxDriver, XTermParser, Screen, Strip, Input)
    return frozenset().union(*map(private_names, owners))


TEXTUAL = ("app.py", "full_screen", "terminal")
"""Where Textual is known at all, in `tui`."""


def parts_in_use(source: str) -> set[str]:
    """The private parts of Textual that a module imports, calls, sets or overrides."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ImportFrom(module=str(module), names=names) if "textual._" in module:
                found |= {f"{module}.{name.name}" for name in names}
            case ast.Attribute(value=ast.Name(id="os")):
                pass  # its `_exit` is no part of Textual
            case ast.Attribute(attr=name) | ast.FunctionDef(name=name) if name in private():
                found.add(name)
    return found


def test_the_private_parts_in_use_are_those_that_are_listed() -> None:
    room = ROOT / "tui"
    used = {
        path.relative_to(room).as_posix(): parts_in_use(path.read_text(encoding="utf-8"))
        for path in room.rglob("*.py")
        if path.relative_to(room).parts[0] in TEXTUAL
    }
    assert {name: parts for name, parts in used.items() if parts} == PARTS


@pytest.mark.parametrize("part", sorted(set().union(*PARTS.values())))
def test_textual_still_has_it(part: str) -> None:
    module, _, name = part.rpartition(".")
    assert hasattr(import_module(module), name) if module else name in private()


def test_nothing_else_of_ours_knows_textual() -> None:
    for room in ("tui", "screens", "casework", "store", "stepping"):
        for path in (ROOT / room).rglob("*.py"):
            if room != "tui" or path.relative_to(ROOT / room).parts[0] not in TEXTUAL:
                tree = ast.parse(path.read_text(encoding="utf-8"))
                modules = {
                    node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
                }
                assert not any(name.split(".")[0] == "textual" for name in modules), path
