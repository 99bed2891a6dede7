"""If these fail, an answer is left behind: in a file, a crash report, a log, or on the terminal."""

from __future__ import annotations

import ast
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from store.audit import chain
from store.audit.event_types import EVENT_TYPES, find_type
from store.keys import known_key_file
from store.opening.store_file import create_store
from store.records import PathwayCopy
from tests.terminal.main_job import ANSWERS, AWAKE_S, HANDLE, PASSPHRASE, ROOT, Nurse
from tests.terminal.session import Session
from tui.hardening import clear_log_variables, locate_fault

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

POISON = "sleeplessqqmarker"
"""Stands for an answer; no word of the program or of Python."""

# -- a program that goes wrong ------------------------------------------------------------------


def run(program: str, *, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A guarded Python that runs a program with the poison in `poison`."""
    start = f"from tui.hardening import harden_process; harden_process(); poison = {POISON!r}\n"
    return subprocess.run(
        [sys.executable, "-c", start + program],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
    )


FAULTS = {
    "an exception": "raise ValueError(poison)",
    "with a cause": """
try:
    {}[poison]
except KeyError as error:
    raise RuntimeError(poison) from error
""",
    "of a validated model": """
from pydantic import BaseModel
class Answer(BaseModel):
    number: int
Answer(number=poison)
""",
    "of the database": """
from sqlcipher3 import dbapi2
dbapi2.connect(":memory:").execute("SELECT " + poison)
""",
    "in a thread": """
import threading
def work():
    raise ValueError(poison)
threading.Thread(target=work).start()
""",
    "that nobody awaits": """
import asyncio, gc
async def work():
    raise ValueError(poison)
async def main():
    task = asyncio.create_task(work())
    await asyncio.sleep(0.01)
    del task
    gc.collect()
asyncio.run(main())
""",
    "in a callback": """
import asyncio
def work(value):
    raise ValueError(value)
async def main():
    asyncio.get_running_loop().call_soon(work, poison)
    await asyncio.sleep(0.01)
asyncio.run(main())
""",
    "of an object that goes": """
class Kept:
    def __repr__(self):
        return poison
    def __del__(self):
        raise ValueError(poison)
Kept()
""",
    "a warning": """
import warnings
warnings.warn(poison)
""",
    "told by a library": """
import logging
logging.getLogger("library").error("cannot read %s", poison)
try:
    {}[poison]
except KeyError:
    logging.getLogger("library").exception("fault at " + poison)
""",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_tells_its_place_and_never_an_answer(fault: str) -> None:
    done = run(FAULTS[fault])
    assert POISON not in done.stdout + done.stderr
    assert "porras:" in done.stderr
    assert re.search(r"(\w|>|\.py):\d+", done.stderr), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("language", "word"), [("fi", "puuttuu"), ("en", "is missing")])
def test_a_library_that_is_missing_is_named(tmp_path: Path, language: str, word: str) -> None:
    """What an update left out is put right by installing, not by whoever wrote Porras."""
    gone = tmp_path / "dateutil"
    gone.mkdir()
    (gone / "__init__.py").touch()
    env = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "PORRAS_LANG": language}
    command = "import sys; sys.argv[1:] = ['doctor']; from tui.__main__ import main; main()"
    done = run(command, env=env)
    assert done.returncode == 1
    assert f"{word}: dateutil" in done.stderr
    assert re.search(r"\.py:\d+", done.stderr)


def test_the_usual_words_of_python_would_tell_the_answer() -> None:
    """Or the tests above would hold without the guard."""
    for fault, program in FAULTS.items():
        argv = [sys.executable, "-c", f"poison = {POISON!r}\n{program}"]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert POISON in done.stderr, fault


def test_the_places_say_what_led_to_what() -> None:
    def inner() -> None:
        raise KeyError(POISON)

    try:
        try:
            inner()
        except KeyError as error:
            raise ValueError(POISON) from error
    except ValueError as error:
        told = locate_fault(error).split("\n")
    assert told[0] == "KeyError"
    assert any("in inner" in line for line in told)
    assert "ValueError" in told
    assert POISON not in "".join(told)


def test_a_native_crash_writes_no_values() -> None:
    """The dump of Python's own, if somebody turns it on, names files, lines and functions only."""
    crash = "import faulthandler; faulthandler.enable(); import ctypes; ctypes.string_at(0)"
    done = run(crash, env={"PYTHONFAULTHANDLER": "1"})
    assert done.returncode < 0
    assert "Fatal Python error" in done.stderr
    assert POISON not in done.stderr


@linux
def test_no_memory_is_dumped_and_no_file_shared() -> None:
    asked = """
import ctypes, os, resource
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
os.umask(0o022) == 0o077 and print("private")
"""
    assert run(asked).stdout.split("\n")[:2] == ["(0, 0) 0", "private"]


def test_every_way_into_the_program_is_guarded() -> None:
    """`porras` and `python -m tui` both begin in this one function."""
    tree = ast.parse((ROOT / "tui" / "__main__.py").read_text("utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    main = functions["main"]
    calls = [ast.unparse(node.func) for node in ast.walk(main) if isinstance(node, ast.Call)]
    assert calls[0] == "harden_process"
    assert 'porras = "tui.__main__:main"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_textual_is_told_to_write_nothing_down(tmp_path: Path) -> None:
    telling = {
        "TEXTUAL": "devtools,debug",
        "TEXTUAL_LOG": str(tmp_path / "log"),
        "TEXTUAL_SCREENSHOT": "1",
        "TEXTUAL_SCREENSHOT_LOCATION": str(tmp_path),
        "TEXTUAL_PRESS": "q",
        "TEXTUAL_DEVTOOLS_HOST": "192.0.2.1",
    }
    env = {**telling, "TEXTUAL_THEME": "ansi-dark", "TERM": "xterm"}
    clear_log_variables(env)
    assert env == {"TEXTUAL_THEME": "ansi-dark", "TERM": "xterm"}
    asked = "from textual import constants as c; print(c.LOG_FILE, c.SCREENSHOT_DELAY, c.DEBUG)"
    assert run(asked, env=telling).stdout.split() == ["None", "-1", "False"]


# -- a day's work in the real program -----------------------------------------------------------

WATCHED = """
import os, sys
from pathlib import Path
seen = os.open(os.environ["SEEN"], os.O_WRONLY | os.O_APPEND)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
NAMES = {"os.mkdir", "os.rename", "os.link", "os.symlink", "socket.connect", "socket.sendto",
         "subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"}

def watch(event, args):
    if event == "open" and isinstance(args[2], int) and args[2] & WRITES:
        told = args[0]
    elif event in NAMES:
        told = args[-1] if event.startswith("socket") else args[0]
    else:
        return
    os.write(seen, f"{event}\\t{told!r}\\n".encode())

sys.addaudithook(watch)
from tests.terminal.nimble import main, quicken
quicken()
main()
"""


@dataclass
class Day:
    """What a day's work left behind."""

    folder: Path
    raw: bytes
    last_screen: str
    left_on: set[str]
    process: str
    opened: list[str]
    files_within: set[str]
    """Names of the files while the program ran."""

    @property
    def store(self) -> Path:
        return self.folder / "data"


def files(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """First run, a note with the poison, a pause, and the end, watched from all sides."""
    folder = tmp_path_factory.mktemp("day")
    for name in ("home", "tmp", "data"):
        (folder / name).mkdir(mode=0o755)
    seen = folder / "seen.txt"
    seen.touch()
    env: dict[str, str | None] = {
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "tmp"),
        "SEEN": str(seen),
        "PYTHONDONTWRITEBYTECODE": "1",
        "XDG_DATA_HOME": None,
        "XDG_CONFIG_HOME": None,
    }
    db = folder / "data" / "porras.db"
    argv = [sys.executable, "-c", WATCHED, "--db", str(db), "--lang", "en"]
    with Session(argv, cwd=ROOT, env=env) as session:
        nurse = Nurse(session, "en")
        nurse.sets_up()
        nurse.fills_in_client()
        nurse.answers(ANSWERS[0])
        nurse.asked("phq9.1", "m")
        session.idle(AWAKE_S)
        session.send(b"\x1b[200~" + POISON.encode() + b"\x1b[201~")  # pasted
        session.wait_for(POISON)
        session.press("Enter")
        nurse.asked("phq9.1")
        session.idle(AWAKE_S)
        process = Path(f"/proc/{session.pid}/cmdline").read_text()
        within = files(folder)
        session.press("1")
        nurse.asked("phq9.2")
        session.idle(AWAKE_S)
        session.press("Esc")
        nurse.sees("leave it for later", "l")
        nurse.sees("close Porras", "q")
        assert session.wait_exit() == 0
        yield Day(
            folder=folder,
            raw=bytes(session.raw),
            last_screen=session.text,
            left_on=session.left_on,
            process=process,
            opened=seen.read_text().splitlines(),
            files_within=within,
        )


@linux
def test_nothing_is_written_outside_the_folder_of_the_store(day: Day) -> None:
    paths = [ast.literal_eval(line.partition("\t")[2]) for line in day.opened]
    assert any(str(path).startswith(str(day.store)) for path in paths)  # the watch does see
    allowed = (str(day.store), "/dev/null", "/dev/tty", "/dev/pts/")
    strange = [p for p in paths if not isinstance(p, int) and not str(p).startswith(allowed)]
    strange = [p for p in strange if not Path(str(p)).name.startswith("porras-screen-")]
    assert strange == []
    for names in (day.files_within, files(day.folder)):
        assert {name for name in names if not name.startswith("data/")} == {"seen.txt"}


@linux
def test_no_network_and_no_other_program_is_used(day: Day) -> None:
    deeds = {line.partition("\t")[0] for line in day.opened}
    assert deeds <= {"open", "os.mkdir", "os.rename", "os.link"}


@linux
def test_every_file_is_its_owners_alone_though_the_folder_is_not(day: Day) -> None:
    assert stat.S_IMODE(day.store.stat().st_mode) == 0o755
    for path in day.store.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name


@linux
def test_no_file_holds_the_note(day: Day) -> None:
    for name in files(day.folder):
        assert POISON.encode() not in (day.folder / name).read_bytes(), name


@linux
def test_the_terminal_keeps_nothing_when_the_program_has_ended(day: Day) -> None:
    assert POISON.encode() in day.raw  # it was on the screen
    assert POISON not in day.last_screen
    assert HANDLE not in day.last_screen
    assert day.left_on == set()
    entered, left = day.raw.index(b"\x1b[?1049h"), day.raw.rindex(b"\x1b[?1049l")
    for outside in (day.raw[:entered], day.raw[left:]):
        assert POISON.encode() not in outside
    # A terminal without a second screen shows what was last there; so that is wiped first.
    assert day.raw.rindex(b"\x1b[2J") > day.raw.rindex(POISON.encode())


@linux
def test_no_window_title_no_clipboard_and_no_other_command_to_the_terminal(day: Day) -> None:
    strings = rb"\x1b[]P_^X]|\xc2[\x90\x9d-\x9f]"  # operating system, device and private commands
    windows = rb"\x1b\[[0-9;]*t|\x1b\[[0-9;?]*i"  # of the window, and to a printer
    assert re.search(strings, day.raw) is None
    assert re.search(windows, day.raw) is None


@linux
def test_the_list_of_processes_shows_what_was_typed_to_start_it(day: Day) -> None:
    argv = day.process.split("\0")
    assert argv[-5:-1] == ["--db", str(day.store / "porras.db"), "--lang", "en"]
    assert PASSPHRASE not in day.process
    assert POISON not in day.process


@linux
def test_a_fault_amid_the_work_leaves_no_answer_on_the_terminal(tmp_path: Path) -> None:
    """A fault whose message holds the note that was just typed."""
    program = """
from store.repository.answers import Answers
def broken(self, assessment_id, question, text):
    raise RuntimeError(text)
Answers.add_note = broken
from tests.terminal.nimble import main, quicken
quicken()
main()
"""
    argv = [sys.executable, "-c", program, "--demo", "--db", str(tmp_path / "p.db"), "--lang", "en"]
    with Session(argv, cwd=ROOT) as session:
        nurse = Nurse(session, "en")
        nurse.fills_in_client()
        nurse.answers(ANSWERS[0])
        nurse.asked("phq9.1", "m")
        session.idle(AWAKE_S)
        session.send(POISON.encode())
        session.wait_for(POISON)
        session.press("Enter")
        assert session.wait_exit() == 1
        assert "Porras ended because of a fault" in session.text
        assert re.search(r"RuntimeError, <?\w+>?(\.py)?:\d+", session.text)
        assert POISON not in session.text
        left = session.raw.rindex(b"\x1b[?1049l")
        assert POISON.encode() not in session.raw[left:]
        assert session.sane
    assert files(tmp_path) == {"training.db"}


def test_a_text_that_looks_like_sql_is_only_a_text(tmp_path: Path) -> None:
    texts = ["'); DROP TABLE notes; --", '" OR 1=1', "? :code $1", "x' AND load_extension('y')"]
    with create_store(tmp_path / "p.db", bytes(32), "nurse-1") as store:
        client = store.clients.add(birth_year=1980, language="fi")
        pathway = PathwayCopy(digest="sha256:1", pathway_id="adult", version="1", files={})
        draft = store.assessments.start(client.id, pathway, setting="clinic", language="fi").id
        for text in texts:
            store.answers.add_note(draft, "q1", text)
        assert [note.text for note in store.answers.get_progress(draft).notes] == texts
        assert store.audit_log.find_bad_event() is None


# -- what the security document promises --------------------------------------------------------

TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)


def rows(heading: str) -> list[list[str]]:
    """The rows of the table under a heading of the second level, without its head."""
    text = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in text.split("\n") if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)))
def test_every_test_that_the_document_names_is_there(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    defined = {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert name in defined


@pytest.mark.parametrize("heading", ["OWASP ASVS 5.0.0", "Duties in Finland"])
def test_every_claim_of_the_document_has_a_test(heading: str) -> None:
    claims = rows(heading)
    assert len(claims) > 10
    for claim in claims:
        assert len(claim) == 3
        assert re.fullmatch(r"(`tests/[\w/]+\.py::\w+`(, )?)+", claim[2]), claim


def test_no_requirement_is_claimed_twice_or_in_another_form() -> None:
    ids = [id_ for row in rows("OWASP ASVS 5.0.0") for id_ in row[0].split(", ")]
    assert all(re.fullmatch(r"\d{1,2}\.\d\.\d{1,2}", id_) for id_ in ids)
    assert len(set(ids)) == len(ids)
    admitted = TEXT.split("Known not to be met: ")[1].split("\n\n")[0]
    assert not set(ids) & set(re.findall(r"\d+\.\d\.\d+", admitted))


def test_the_document_lists_every_event_that_is_logged() -> None:
    table = TEXT.split("<!-- deeds: begin -->\n")[1].split("<!-- deeds: end -->")[0]
    listed: dict[str, list[str]] = {}
    for line in table.splitlines()[2:]:
        kind, events = line.strip("| ").split(" | ")
        listed[kind] = re.findall(r"`([\w.]+)`", events)
    logged: dict[str, list[str]] = {}
    for event, each in EVENT_TYPES.items():
        logged.setdefault(each.kind, []).append(event)
    assert listed == logged


def written_events() -> Iterator[str]:
    """Every event whose name stands in a call that writes one, there or as a constant above."""
    yield from (f"{word}.rescued" for word in chain.WRITTEN)
    for path in (
        path
        for room in ("store", "tui", "casework", "screens")
        for path in (ROOT / room).rglob("*.py")
    ):
        tree = ast.parse(path.read_text())
        named = {
            ast.unparse(each.targets[0]): ast.unparse(each.value)
            for each in ast.walk(tree)
            if isinstance(each, ast.Assign)
        }
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call):
                continue
            if ast.unparse(call.func).split(".")[-1] in {"log", "log_event", "append"}:
                words = [ast.unparse(argument) for argument in call.args]
                for word in words:
                    if found := re.fullmatch(r"'([a-z]+\.[a-z_]+)'", named.get(word, word)):
                        yield found[1]


def test_every_event_that_is_written_has_words() -> None:
    """`store.restored` stood raw in the log and was missing from the document."""
    written = set(written_events()) - {known_key_file.SETTING}  # which is what an event is about
    expected = {"store.restored", "news.told", "store.set_aside", "client.rescued"}
    assert expected <= written
    assert [event for event in sorted(written) if find_type(event) is None] == []
