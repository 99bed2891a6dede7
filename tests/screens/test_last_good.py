"""If these fail, one bad edit stops the work, or a faulty pathway decides for a client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from casework import pathways_in_use
from screens.assessment.client_card import ClientScreen
from screens.assessment.question import QuestionScreen
from screens.base.error import PathwayErrorScreen
from screens.desk.emergency import EmergencyScreen
from screens.desk.start import StartScreen
from screens.result.result import ResultScreen
from stepping.pathway.diagnostics import Diagnostic
from stepping.pathway.model import Pathway
from stepping.proofs.findings import CheckReport
from store.paths import find
from tests.screens.county import ADULT, YOUTH, adult, county, pathway_files
from tests.screens.running import Session, Stage
from tests.stepping.cases import text
from tests.store.test_pathway_files import lay_out


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(find(tmp_path / "data" / "porras.db"), adult())


@pytest.fixture
async def files(stage: Stage, tmp_path: Path) -> Path:
    """Pathways that this workplace has worked with once, without assessing anybody."""
    folder = county(tmp_path / "county")
    async with stage.workplace(pathways=folder) as session:
        session.on(StartScreen)
        session.lacks("Pathway")
    return folder


def misspell(folder: Path) -> None:
    rules = folder / "rules.toml"
    rules.write_text(rules.read_text().replace("mood.total >= 3", "mood.totl >= 3"))


def contradict(folder: Path) -> None:
    """It loads, but does not decide what its own example says."""
    examples = folder / "examples.toml"
    examples.write_text(examples.read_text().replace("step = 0", "step = 1"))


def garble(folder: Path) -> None:
    (folder / "questions.toml").write_bytes(b"\xff\xfe\x00")


def behead(folder: Path) -> None:
    (folder / "pathway.toml").unlink()


async def begin(session: Session, born: int) -> None:
    await session.press("n", "enter", *str(born), "enter", "1", "2", "1", "1")
    session.on(QuestionScreen)


@pytest.mark.parametrize("fault", [misspell, contradict, garble, behead])
async def test_the_last_good_text_stays_in_use_and_the_start_says_so(
    stage: Stage, files: Path, fault: Callable[[Path], None]
) -> None:
    fault(files / "adult")
    async with stage.workplace(pathways=files) as session:
        session.says(
            "! Pathway adult: its files have 1 fault; adult 1 (draft) stays in use. To see it: "
            "porras pathway check adult"
        )
        session.lacks("Pathway youth")
        await begin(session, 1980)
        assert session.visit.pathway.digest == adult().digest
        await session.press("n", "0", "0")
        session.on(ResultScreen)
        session.says("Suggested step 0")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "its files have 2 faults; youth 1 (draft) stays in use."),
        ("fi", "tiedostoissa on 2 virhettä; käytössä pysyy nuoret 1 (luonnos)."),
        ("sv", "filerna har 2 fel; unga 1 (utkast) är fortfarande i bruk."),
    ],
)
async def test_faults_are_counted_in_every_language(
    stage: Stage, files: Path, language: str, sentence: str
) -> None:
    rules = files / "youth" / "rules.toml"
    rules.write_text(rules.read_text().replace('["doctor"]', '["doctr"]'))
    misspell(files / "youth")
    async with stage.workplace(pathways=files, language=language) as session:
        session.says(sentence, "porras pathway check youth")


COVERING = "".join(
    f"""
[[example]]
id = "{id_}"
title = {text(id_)}
answers = {{ danger = {danger}, "mood.1" = {first}, "mood.2" = {second}, weeks = {weeks} }}
expect = {{ status = "{status}" }}
"""
    for id_, danger, first, second, weeks, status in [
        ("some", "false", 1, 0, 0, "suggested"),
        ("low", "false", 1, 1, 3, "suggested"),
        ("very_low", "false", 2, 1, 4, "suggested"),
        ("in_danger", "true", 0, 0, 0, "stop"),
    ]
)
"""Examples on both sides of each cut-off, without which nothing may be approved."""


async def test_an_approved_text_names_who_approved_it(stage: Stage, tmp_path: Path) -> None:
    approved = dict(ADULT)
    approved["pathway.toml"] = approved["pathway.toml"].replace(
        'status = "draft"',
        'status = "approved"\nreviewed_by = "Chief Psychiatrist"\nreviewed_on = "2026-05-01"',
    )
    approved["examples.toml"] += COVERING
    folder = county(tmp_path / "county", adult=approved)
    async with stage.workplace(pathways=folder):
        pass
    garble(folder / "adult")
    async with stage.workplace(pathways=folder) as session:
        session.says("adult 1 (approved by Chief Psychiatrist on 2026-05-01) stays in use.")


@pytest.mark.parametrize(
    ("broken", "born", "used"), [("youth", 1980, "adult"), ("adult", 2010, "youth")]
)
async def test_one_faulty_pathway_does_not_stop_the_other(
    stage: Stage, tmp_path: Path, broken: str, born: int, used: str
) -> None:
    folder = county(tmp_path / "county")
    garble(folder / broken)
    async with stage.workplace(pathways=folder) as session:
        session.says(f"Pathway {broken}: its files have 1 fault. No earlier version is kept")
        await begin(session, born)
        assert session.visit.pathway.id == used


async def test_without_any_good_text_the_faults_are_shown_before_any_typing(
    stage: Stage, tmp_path: Path
) -> None:
    folder = county(tmp_path / "county")
    misspell(folder / "adult")
    contradict(folder / "youth")
    async with stage.workplace(pathways=folder) as session:
        await session.press("n")
        session.on(PathwayErrorScreen)
        session.says("adult: rules.toml:", "did you mean 'mood.total'?", "youth: examples.toml:")
        await session.press("enter")
        session.on(StartScreen)
        assert session.store.pathway_texts.find_last_good() == {}


async def test_mended_files_are_taken_at_the_next_start(stage: Stage, files: Path) -> None:
    garble(files / "adult")
    async with stage.workplace(pathways=files) as session:
        session.says("adult 1 (draft) stays in use")
    lay_out(files / "adult", pathway_files("adult", 18, 99, version="2"))
    async with stage.workplace(pathways=files) as session:
        session.lacks("stays in use")
        await session.press("n", "enter", *"1980", "enter")
        session.says("adult 2 (draft)")
    garble(files / "adult")
    async with stage.workplace(pathways=files) as session:
        session.says("adult 2 (draft) stays in use")


async def test_a_pathway_taken_away_is_not_in_use_any_more(stage: Stage, files: Path) -> None:
    (files / "youth").rename(files.parent / "retired")
    async with stage.workplace(pathways=files) as session:
        session.lacks("Pathway youth")
        await session.press("n", "enter", *"2010", "enter")
        session.on(ClientScreen)
        session.says("The pathways here are for ages 18–99, not for 16.")


async def test_a_folder_that_is_gone_altogether_does_not_stop_the_work(
    stage: Stage, files: Path
) -> None:
    """A network drive that is not there today."""
    files.rename(files.parent / "elsewhere")
    async with stage.workplace(pathways=files) as session:
        session.says("adult 1 (draft) stays in use", "youth 1 (draft) stays in use")
        await begin(session, 2010)
        assert session.visit.pathway.id == "youth"


async def test_the_proof_runs_once_for_each_text(
    stage: Stage, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def prove(text: Pathway) -> CheckReport:
        asked.append(text.id)
        return CheckReport(())

    monkeypatch.setattr("stepping.proofs.checker.check_pathway", prove)
    async with stage.workplace(pathways=files):
        assert asked == []
    lay_out(files / "youth", {**YOUTH, "examples.toml": YOUTH["examples.toml"] + "\n# tidied\n"})
    async with stage.workplace(pathways=files):
        assert asked == ["youth"]
    async with stage.workplace(pathways=files):
        assert asked == ["youth"]


async def test_the_emergency_card_shows_the_last_good_cards(stage: Stage, files: Path) -> None:
    garble(files / "adult")
    garble(files / "youth")
    async with stage.workplace(pathways=files) as session:
        await session.press("e")
        session.on(EmergencyScreen)
        session.says("!!! danger", "act now")
        session.lacks("suicide")


async def test_the_emergency_card_never_fails(stage: Stage, tmp_path: Path) -> None:
    folder = county(tmp_path / "county")
    garble(folder / "adult")
    with stage.store():
        pass
    async with stage.program(pathways=folder) as session:
        await session.press("f10")
        session.on(EmergencyScreen)
        session.says("112", "!!! danger", "Acute danger of suicide")


async def test_a_new_pathway_for_the_same_ages_does_not_stop_those_in_use(
    stage: Stage, tmp_path: Path
) -> None:
    """Who lays a draft beside the pathways in use must not take them out of service."""
    folder = county(tmp_path / "county")
    async with stage.workplace(pathways=folder):
        pass
    lay_out(folder / "ours", pathway_files("ours", 30, 60))
    async with stage.workplace(pathways=folder) as session:
        session.says("Pathway ours: its files have 1 fault", "porras pathway check ours")
        await begin(session, 1980)
        assert session.visit.pathway.id == "adult"


async def test_the_emergency_card_opens_while_a_new_text_is_proven(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = county(tmp_path / "county")
    may_end = Event()

    def slow(pathway: Pathway) -> tuple[Diagnostic, ...]:
        may_end.wait(20)
        return ()

    monkeypatch.setattr(pathways_in_use, "find_faults", slow)
    monkeypatch.setattr(Session, "patient", False)
    try:
        async with stage.workplace(pathways=folder) as session:
            while "Checking the pathways" not in session.text:
                await asyncio.sleep(0.01)
            await session.press("f10")
            session.on(EmergencyScreen)
            may_end.set()
    finally:
        may_end.set()
