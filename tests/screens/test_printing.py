"""If these fail, a note reaches a printer unasked, through a file, or under the client's name."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from casework.desk import printing
from screens.base.pick import PickScreen
from screens.note.screen import NoteScreen
from store.codes import show
from store.errors import StoreBusy
from tests.screens.running import PATIENCE_S, Session, Stage
from tests.screens.test_result import MODERATE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no lp")

_TAKES = """\
#!/bin/sh
printf '%s\\n' "$@" > "{folder}/words"
env > "{folder}/env"
cat > "{folder}/paper"
"""
_REFUSES = "#!/bin/sh\necho 'lp: Error - \033[2Jno default destination.' >&2\nexit 1\n"
_HANGS = "#!/bin/sh\nexec sleep 60\n"


def printer(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a program lp in front of the system's own."""
    folder.mkdir()
    (folder / "lp").write_text(script.format(folder=folder), encoding="utf-8")
    (folder / "lp").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


@asynccontextmanager
async def on_note(stage: Stage, allowed: str = "on") -> AsyncIterator[Session]:
    with stage.store() as store:
        store.settings.set(printing.SETTING, allowed)
    async with stage.resumed(stage.whole(MODERATE)) as session:
        await session.press("r")
        session.on(NoteScreen)
        yield session


def exported(session: Session) -> int:
    rows = session.store.db.query("SELECT subject FROM audit WHERE event = 'export'")
    return len(list(rows))


async def until_told(session: Session, words: str) -> None:
    """Wait for what is done beside the page."""
    while words not in session.text:
        await session.settle()


async def test_the_note_goes_to_the_printer_by_no_file_once_it_was_asked(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printer(tmp_path / "bin", monkeypatch, _TAKES)
    monkeypatch.setenv("PORRAS_DB", "elsewhere.db")
    async with on_note(stage) as session:
        await session.press("i")
        session.on(PickScreen)
        session.says("keeps the text readable", "Nothing is printed.")
        session.says(show(session.visit.client.code))
        await session.press("2")
        await until_told(session, "The printer has it.")
        note = session.on(NoteScreen).note
        assert (tmp_path / "bin" / "paper").read_text(encoding="utf-8") == note + "\n"
        words = (tmp_path / "bin" / "words").read_text().split("\n")
        assert words == ["-s", "-t", "Porras", "-o", "cpi=12", "-", ""]
        assert "PORRAS_" not in (tmp_path / "bin" / "env").read_text()
        assert exported(session) == 1


async def test_not_now_prints_nothing(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printer(tmp_path / "bin", monkeypatch, _TAKES)
    async with on_note(stage) as session:
        for key in ("1", "escape"):
            await session.press("i", key)
            session.on(NoteScreen)
        await session.press(*"iiiiii", "escape")
        assert not (tmp_path / "bin" / "paper").exists()
        assert exported(session) == 0


@pytest.mark.parametrize("allowed", ["off", "", "true"])
async def test_where_the_site_says_nothing_there_is_no_key(stage: Stage, allowed: str) -> None:
    async with on_note(stage, allowed) as session:
        session.lacks("i print")
        await session.press("i")
        session.on(NoteScreen)


@pytest.mark.parametrize(
    ("script", "said"),
    [(_REFUSES, "The printer did not take it: lp: Error -"), (_HANGS, "may yet print")],
)
async def test_a_printer_that_does_not_take_it_is_told(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str
) -> None:
    printer(tmp_path / "bin", monkeypatch, script)
    monkeypatch.setattr(printing, "_PATIENCE_S", 0.5)
    async with on_note(stage) as session:
        await session.press("i", "2")
        await until_told(session, said)
        session.lacks("The printer has it.", "\033")


async def test_without_lp_it_is_told(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_note(stage) as session:
        monkeypatch.setenv("PATH", str(tmp_path))
        await session.press("i", "2")
        await until_told(session, "has no program lp")


async def test_nothing_is_printed_that_could_not_be_logged(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(subject: str) -> None:
        raise StoreBusy(path="porras.db")

    printer(tmp_path / "bin", monkeypatch, _TAKES)
    async with on_note(stage) as session:
        await session.press("i")
        monkeypatch.setattr(session.store.audit_log, "log_export", busy)
        await session.press("2")
        assert not (tmp_path / "bin" / "paper").exists()


_COUNTS = """\
#!/bin/sh
echo paper >> "{folder}/papers"
while [ ! -e "{folder}/go" ]; do sleep 0.05; done
"""


async def test_nothing_is_printed_twice_while_the_printer_has_not_answered(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sees no paper presses again."""
    printer(tmp_path / "bin", monkeypatch, _COUNTS)
    async with on_note(stage) as session:
        await session.press("i", "2")
        async with asyncio.timeout(PATIENCE_S):
            while not (tmp_path / "bin" / "papers").exists():
                await session.settle()
        await session.press("i", "2")
        session.on(NoteScreen)
        session.says("has not answered yet")
        (tmp_path / "bin" / "go").touch()
        await until_told(session, "The printer has it.")
        assert (tmp_path / "bin" / "papers").read_text() == "paper\n"
        assert exported(session) == 1


async def test_a_site_that_ceased_to_print_meanwhile_prints_nothing(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printer(tmp_path / "bin", monkeypatch, _TAKES)
    async with on_note(stage) as session:
        session.store.settings.set(printing.SETTING, "off")
        await session.press("i", "2")
        session.on(NoteScreen)
        session.says("no longer prints")
        assert exported(session) == 0
        assert not (tmp_path / "bin" / "paper").exists()


@pytest.mark.parametrize("path", ["", ".", "bin:.", ":/nowhere"])
def test_no_program_of_the_folder_where_porras_was_started_gets_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    for folder in (tmp_path, tmp_path / "bin"):
        folder.mkdir(exist_ok=True)
        (folder / "lp").write_text("#!/bin/sh\ntouch ran\n", encoding="utf-8")
        (folder / "lp").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", path)
    with pytest.raises(printing.NotPrinted) as refused:
        printing.print_text("nothing about anybody")
    assert refused.value.sentence == printing.NO_PROGRAM
    assert not (tmp_path / "ran").exists()


@pytest.mark.nightly
def test_the_real_lp_without_a_printer_is_told() -> None:
    if shutil.which("lp") is None:
        pytest.skip("cups-client is not installed")
    told = subprocess.run(["lpstat", "-a"], capture_output=True, check=False)
    if not told.returncode:
        pytest.skip("there is a printer here, and nothing is sent to it")
    with pytest.raises(printing.NotPrinted, match="did not take it"):
        printing.print_text("nothing about anybody")
