"""The program is there at once: nothing is read before it is needed, nor while a key waits for it.

Which modules are loaded is looked at, and no clock: a busy machine must not fail a test.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.memory import Name, running
from tests.terminal.session import Session
from tests.test_late_imports import LATE, PICTURE, START

ROOT = Path(__file__).parents[1]
OURS = ("screens.", "casework.", "store.", "step")
HEAVY = {"pydantic", "sqlite_utils", "sqlcipher3", "cryptography", "argon2"}
"""Libraries that cost more than all of our own modules together."""

_UNTIL = """
import gc, json, sys
from importlib import import_module
from inspect import iscoroutinefunction
from pathlib import Path
out, module, owner, method, *options = sys.argv[1:]
def tell(self):
    Path(out).write_text(json.dumps([sorted(sys.modules), gc.isenabled(), gc.get_freeze_count()]))
    getattr(self, "host", self).app.exit(return_code=0)
async def wait(self):
    tell(self)
owner = getattr(import_module(module), owner)
setattr(owner, method, wait if iscoroutinefunction(getattr(owner, method)) else tell)
sys.argv[1:] = options
from tui.__main__ import main
main()
"""
"""The real program up to one of its methods, in whose place it tells what is loaded."""

_KEYS = """
import asyncio, json, sys
from datetime import datetime
from pathlib import Path
from casework.workspace import Workspace
from screens.desk.start import StartScreen
from store.paths import find
from tui.preload import NEXT
from tui.app import PorrasApp

async def until(true):
    while not true():
        await asyncio.sleep(0.01)

async def main():
    workspace = Workspace(
        lambda: datetime.now().astimezone(), language="en", language_asked=True, debounce_s=0
    )
    app = PorrasApp(workspace, find(Path(sys.argv[1])), demo=True)
    anew = {}
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: sys.modules.keys() >= {*NEXT})
        await until(lambda: all(w.is_finished for w in app.workers if w.name != "work_through"))
        for key in sys.argv[2:]:
            before = set(sys.modules)
            await pilot.press(key)
            await until(lambda: not isinstance(app.screen.page, StartScreen))
            await pilot.pause()
            anew[key] = sorted(set(sys.modules) - before)
            while key != "1" and not isinstance(app.screen.page, StartScreen):
                await pilot.press("escape")
                await pilot.pause()
    print(json.dumps(anew))

asyncio.run(main())
"""
"""What each key of the start screen makes the program read, once it has read ahead.

`1` goes on with a draft and comes last: from there, Esc does not lead back.
"""


class Loaded(NamedTuple):
    """The state of a program at some moment."""

    modules: list[str]
    collects: bool
    frozen: int

    @property
    def own(self) -> set[str]:
        """The modules of Porras that are loaded."""
        return {name for name in self.modules if name.startswith(OURS)}


def loaded_at(folder: Path, module: str, owner: str, method: str) -> Loaded:
    """Run the real program on its training store until it comes to a method."""
    out = folder / "loaded.json"
    options = ("--demo", "--lang", "fi", "--db", str(folder / "p.db"))
    argv = (sys.executable, "-c", _UNTIL, str(out), module, owner, method, *options)
    with Session(argv, cwd=ROOT) as session:
        assert session.wait_exit() == 0, session.text
    return Loaded(*json.loads(out.read_text()))


def late(*reasons: str) -> set[str]:
    """The modules that some function imports for one of these reasons."""
    return {name for why in reasons for names in LATE[why].values() for name in names}


def test_the_first_picture_waits_for_nothing_that_is_not_on_it(tmp_path: Path) -> None:
    """Whoever starts the program sees at once that it has started."""
    first = loaded_at(tmp_path, "tui.app", "PorrasApp", "work_through")
    assert not HEAVY & set(first.modules)
    assert "tomllib" not in first.modules, "there is no config file"
    shown_safely = {"stepping", "stepping.characters"}  # what no page may send to a terminal
    assert not any(name.startswith("stepping") for name in set(first.own) - shown_safely)
    pages = {name for name in first.own if name.startswith(("screens.", "casework."))}
    assert pages <= {
        "casework.workspace",
        "casework.language",
        "casework.error_text",
        "screens.base",
    } | {name for name in pages if name.startswith("screens.base.")}
    assert not late(PICTURE, START) & set(first.modules), "it waits in vain"
    assert not first.collects, "a search for garbage among modules only takes time"


def test_the_start_screen_waits_for_nothing_that_is_not_on_it(tmp_path: Path) -> None:
    """The nurse can press the first key before pathways and later screens are read."""
    loaded_at(tmp_path, "screens.desk.start", "StartScreen", "_look_further")  # the store is made
    stands = loaded_at(tmp_path, "screens.desk.start", "StartScreen", "_look_further")
    assert not {"cryptography", "argon2"} & set(stands.modules), "practice has no passphrase"
    assert (
        not {"stepping.pathway.schema", "stepping.pathway.model", "casework.pathways_in_use"}
        & stands.own
    )
    assert not {
        "screens.base.prompt",
        "screens.desk.setup",
        "casework.assessment",
        "tui.flows.assessment",
    } & {*stands.modules}
    assert not late(START) & set(stands.modules), "it waits in vain"
    assert stands.collects, "from here on memory must not only grow"
    assert stands.frozen > 0


def test_no_key_of_the_start_screen_waits_for_modules(tmp_path: Path) -> None:
    """What a key opens has been read by then."""
    keys = ("n", "w", "p", "c", "r", "f10", "question_mark", "1")
    done = subprocess.run(
        [sys.executable, "-c", _KEYS, str(tmp_path / "p.db"), *keys],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {key: [] for key in keys}


@pytest.mark.parametrize("painter", ["porras", "textual"])
@pytest.mark.parametrize("moment", ["Porras", "uusi arviointi"])
def test_it_can_be_ended_while_it_reads(tmp_path: Path, moment: str, painter: str) -> None:
    """A window closed at the wrong moment leaves a terminal that works."""
    options = ("--demo", "--lang", "fi", "--painter", painter, "--db", str(tmp_path / "p.db"))
    with Session((sys.executable, "-m", "tui", *options), cwd=ROOT) as session:
        session.wait_for(moment)
        session.signal(signal.SIGTERM)
        assert session.wait_exit() == 128 + signal.SIGTERM
        assert session.sane
        assert not session.left_on


def test_keys_typed_while_it_opens_answer_nothing(tmp_path: Path) -> None:
    """What is typed blindly must not begin an assessment, nor close the program."""
    options = ("--demo", "--lang", "fi", "--db", str(tmp_path / "p.db"))
    with Session((sys.executable, "-m", "tui", *options), cwd=ROOT) as session:
        session.wait_for("Porras")
        session.send(b"nq1")
        session.wait_for("uusi arviointi")
        session.idle(0.5)
        assert session.exit_status is None
        assert "uusi arviointi" in session.text


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.parametrize("program", ["porras", "hello"])
def test_memory_is_counted_in_parts_where_it_is_shared(program: Name) -> None:
    """The sum over many programs has to be what the machine gives them."""
    for share in running(2, program):
        assert share.private_kb < share.pss_kb < share.private_kb + share.shared_kb
        assert share.private_kb > 10_000, "a program, not a shell around it"


@pytest.mark.parametrize(("threads", "status"), [(0, 7), (1, 143)])
def test_the_end_waits_for_no_thread_and_stops_none_in_the_middle(
    threads: int, status: int
) -> None:
    """Python ends a thread inside a library by an abort: a nurse would read of a crash."""
    text = (
        "import sys, threading, time\nfrom tui.__main__ import _end_at_once\n"
        f"for _ in range({threads}):\n"
        "    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "_end_at_once([143])\nsys.exit(7)"
    )
    done = subprocess.run([sys.executable, "-c", text], cwd=ROOT, check=False)
    assert done.returncode == status
