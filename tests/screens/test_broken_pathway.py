"""If these fail, one pathway on which the program fails takes the others and F10 with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from casework import pathways_in_use
from screens.assessment.question import QuestionScreen
from screens.base.error import PathwayErrorScreen
from screens.desk.emergency import EmergencyScreen
from screens.desk.start import StartScreen
from screens.result.result import ResultScreen
from stepping.pathway import reader
from stepping.pathway.linking.link import link_pathway
from stepping.pathway.model import Pathway
from store.paths import find
from tests.screens.county import adult, county
from tests.screens.running import Session, Stage
from tui.cli import porras

ERRORS = [KeyError("secret"), RecursionError("secret"), MemoryError("secret")]
MARK = "# the program fails on this\n"
SAID = "the program failed on it"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(find(tmp_path / "data" / "porras.db"), adult())


@pytest.fixture
async def files(stage: Stage, tmp_path: Path) -> Path:
    """Pathways that this workplace has worked with once."""
    folder = county(tmp_path / "county")
    async with stage.workplace(pathways=folder) as session:
        session.on(StartScreen)
    return folder


def spoil(folder: Path) -> None:
    """Change a pathway so that it is not the one that was proven, and has the mark."""
    rules = folder / "rules.toml"
    rules.write_text(rules.read_text(encoding="utf-8") + MARK, encoding="utf-8")


def marked(files: Mapping[str, str]) -> bool:
    return any(MARK in text for text in files.values())


def fails_in_reading(patch: pytest.MonkeyPatch, error: Exception) -> None:
    read = reader._read

    def failing(files: Mapping[str, str], kept: bool) -> Pathway:
        if marked(files):
            raise error
        return read(files, kept)

    patch.setattr(reader, "_read", failing)


def fails_in_linking(patch: pytest.MonkeyPatch, error: Exception) -> None:
    link = link_pathway

    def failing(parts: Any, files: Mapping[str, str], *rest: Any) -> Pathway:
        if marked(files):
            raise error
        return link(parts, files, *rest)

    patch.setattr("stepping.pathway.reader.link_pathway", failing)


def fails_in_proving(patch: pytest.MonkeyPatch, error: Exception) -> None:
    patch.setattr(pathways_in_use, "_faults", {})

    def failing(pathway: Pathway) -> Any:
        raise error

    patch.setattr("stepping.proofs.checker.prove", failing)


def fails_in_checking(patch: pytest.MonkeyPatch, error: Exception) -> None:
    patch.setattr(pathways_in_use, "_faults", {})

    def failing(pathway: Pathway) -> Any:
        raise error

    patch.setattr("stepping.proofs.checker.check_pathway", failing)


STAGES = [fails_in_reading, fails_in_linking, fails_in_proving, fails_in_checking]
Fail = Callable[[pytest.MonkeyPatch, Exception], None]


async def opens_the_card(session: Session) -> None:
    await session.press("f10")
    session.on(EmergencyScreen)
    session.says("112")
    await session.press("escape")


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("fail", STAGES)
async def test_the_start_the_card_and_the_rules_live_on_the_last_good_text(
    stage: Stage, files: Path, fail: Fail, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(files / "adult")
    fail(monkeypatch, error)
    async with stage.workplace(pathways=files) as session:
        session.on(StartScreen)
        session.says("! Pathway adult: its files have 1 fault; adult 1 (draft) stays in use.")
        session.lacks("Pathway youth", "secret")
        await opens_the_card(session)
        await session.press("p")
        session.says("Pathways", "adult 1")
        await session.press("1")
        session.says("Rules")
        await opens_the_card(session)
        await session.press("escape", "escape")
        await session.press("n", "enter", *"1980", "enter", "1", "2", "1", "1")
        session.on(QuestionScreen)
        await session.press("n", "0", "0")
        session.on(ResultScreen)


async def test_where_there_is_no_other_text_it_is_told_and_f10_lives(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = county(tmp_path / "county")
    for name in ("adult", "youth"):
        spoil(folder / name)
    fails_in_reading(monkeypatch, KeyError("secret"))
    async with stage.workplace(pathways=folder) as session:
        session.on(StartScreen)
        await opens_the_card(session)
        await session.press("n")
        session.on(PathwayErrorScreen)
        session.says(SAID)
        session.lacks("secret")


async def test_rules_that_cannot_be_drawn_are_told(
    stage: Stage, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise KeyError("secret")

    async with stage.workplace(pathways=files) as session:
        await session.press("p", "1")
        monkeypatch.setattr("screens.pathway.rule_words.RuleWords.details", fail)
        await session.press("1")
        session.says("This rule cannot be shown", SAID)
        session.lacks("secret")
        await opens_the_card(session)
        await session.press("escape", "escape")
        monkeypatch.setattr("screens.pathway.rule_words.RuleWords.effect", fail)
        await session.press("1")
        session.on(PathwayErrorScreen)
        session.says(SAID)


async def test_f10_opens_whatever_the_program_fails_on(
    stage: Stage, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.workplace(pathways=files) as session:

        def fail(*_: Any) -> Any:
            raise RuntimeError("secret")

        monkeypatch.setattr("casework.workspace.Workspace.readable_pathways", property(fail))
        await opens_the_card(session)


async def test_past_assessments_are_listed_where_their_text_cannot_be_read(
    stage: Stage, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.workplace(pathways=files) as session:
        await session.press("n", "enter", *"1980", "enter", "1", "2", "1", "1")
        code = session.visit.client.code
    spoil(files / "adult")

    def fail(files: Mapping[str, str]) -> Pathway:
        raise RecursionError("secret")

    monkeypatch.setattr(reader, "_read", fail)
    async with stage.workplace(pathways=files) as session:
        await session.press("1")
        session.on(PathwayErrorScreen)
        session.says(SAID)
        await session.press("escape", "w")
        session.lacks("secret")
        await session.press("escape", "c")
        await session.type(code)
        session.says("adult 1")
        await opens_the_card(session)


# -- the commands -----------------------------------------------------------------------------

COMMANDS = [
    ["pathway", "check", "adult"],
    ["pathway", "show", "adult"],
    ["pathway", "diff", "youth", "adult"],
    ["decide", "adult"],
]


def run(folder: Path, *arguments: str) -> Any:
    return CliRunner().invoke(porras, ["--pathways", str(folder), *arguments], input="{}")


@pytest.mark.parametrize("fail", [fails_in_reading, fails_in_linking])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_commands_tell_the_place_and_end(
    tmp_path: Path, command: list[str], fail: Fail, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = county(tmp_path / "county")
    spoil(folder / "adult")
    fail(monkeypatch, MemoryError("secret"))
    done = run(folder, *command)
    assert done.exit_code == 1
    assert f"{SAID} (MemoryError, tests.screens.test_broken_pathway:" in done.output
    assert "secret" not in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("command", "stage"),
    [
        (["pathway", "show", "adult"], "tui.commands.pathway_show.review"),
        (["pathway", "diff", "youth", "adult"], "tui.commands.pathway_diff.list_moves"),
        (["decide", "adult"], "tui.commands.decide.decide_on"),
        (["pathway", "check", "adult"], "stepping.proofs.checker.prove"),
    ],
)
def test_a_failure_in_the_work_of_a_command_is_told(
    tmp_path: Path, command: list[str], stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise KeyError("secret")

    monkeypatch.setattr(stage, fail)
    done = run(county(tmp_path / "county"), *command)
    assert done.exit_code == 1
    assert SAID in done.output
    assert "secret" not in done.output


def test_the_list_and_the_doctor_tell_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = county(tmp_path / "county")
    spoil(folder / "adult")
    fails_in_reading(monkeypatch, KeyError("secret"))
    listed = run(folder, "pathway", "list").stdout.splitlines()
    assert SAID in listed[0]
    assert listed[1].startswith("youth\t1\t")
    told = run(folder, "--db", str(tmp_path / "none.db"), "doctor").output
    assert SAID in told
    assert "pathway youth" in told
