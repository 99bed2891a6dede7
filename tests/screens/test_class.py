"""If these fail, a class sees answers too early, or its trainer sees what is not so."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from casework.training.classroom import Classroom
from casework.training.practice import Practice
from casework.training.shelf import CaseShelf
from casework.workspace import Workspace
from screens.base.error import ErrorScreen
from screens.base.host import Beside, Wait
from screens.base.keys import bindings, find_binding
from screens.desk.wanted import ShowClass
from screens.training.menu import TrainingMenu
from screens.training.trainer.block_digits import large, low
from screens.training.trainer.page import VIEWS, ClassScreen
from stepping.training.agreement import JudgedCase
from stepping.training.records import write_record
from store.paths import PATHWAYS
from store.training.places import classes_folder
from tests.screens.running import Stage, press
from tests.screens.test_training import on
from tests.training_class import SEATS, cases, judgement, seat, steps, whole_class, written
from tui.cli import porras

TELLING = [at for at, view in enumerate(VIEWS, start=1) if view.tells]


class Projector:
    """Shows a page where it may change by itself."""

    typed = ""
    eighths = True
    redraws = True

    def __init__(self) -> None:
        self.drawn: list[bool] = []
        self.left = False

    def draw(self, *, awake: bool = False) -> None:
        self.drawn.append(awake)

    def leave(self, result: object) -> None:
        self.left = True

    def start(self, procedure: object) -> None:
        raise AssertionError

    def fail(self, error: Exception) -> None:
        raise error

    def ring(self) -> None:
        raise AssertionError


def opened(room: Classroom, language: str = "en") -> ClassScreen:
    workspace = Workspace(
        clock=lambda: datetime(2026, 11, 30, 12, 0), pathways=Path(), language=language
    )
    page = ClassScreen(workspace, room)
    page.host = Projector()
    page.open()
    return page


@pytest.fixture
def room(tmp_path: Path) -> Classroom:
    return written(tmp_path / "syksy", whole_class())


def text(page: ClassScreen, width: int = 62, *, aloud: bool = False) -> str:
    lines = page.content(width, aloud=aloud).lines
    return "\n".join("".join(part for part, _ in line) for line in lines)


def test_who_is_where_is_shown_at_once(room: Classroom) -> None:
    page = opened(room)
    shown = text(page)
    assert "4 of 4 have judged this case." in shown
    assert all(word in shown for word in SEATS)
    assert [row.split() for row in shown.splitlines() if "leppa" in row] == [
        ["koivu", "·", "4/4", "leppa", "4", "3/34", "4/4"]
    ]


@pytest.mark.parametrize("aloud", [False, True])
@pytest.mark.parametrize("view", TELLING)
def test_no_page_tells_what_was_chosen_before_the_trainer_says_so(
    room: Classroom, view: int, aloud: bool
) -> None:
    """The page is the same whatever anybody chose or answered."""
    page = opened(room)
    press(page, str(view))
    before = text(page, aloud=aloud)
    written(room.folder, steps({"sleepless_teacher": (4, 4, 4, 4)}))
    page._look()
    assert text(page, aloud=aloud) == before
    assert find_binding(page.key_list(), "s") is None


def test_agreement_is_told_of_shown_cases_alone(room: Classroom) -> None:
    page = opened(room)
    press(page, "4")
    assert "Show the steps of a case first" in text(page)
    press(page, "2", "r", "r", "4")
    assert "There is one case only" in text(page)
    press(page, "2", "tab", "r", "r", "tab", "r", "r", "4")
    shown = text(page)
    assert "κ with the cases" in shown
    assert "3 cases: a" in shown


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_what_agreement_means_stands_on_one_page_of_the_smallest_window(
    room: Classroom, language: str
) -> None:
    page = opened(room, language)
    page._revealed = frozenset(case.id for case in page._cases)
    press(page, "4")
    assert 10 < len(text(page).splitlines()) <= 14


def test_one_key_alone_shows_nothing(room: Classroom) -> None:
    page = opened(room)
    press(page, "2", "r")
    assert "●" not in text(page)
    assert "4 of 4 have judged. Press the key once more" in page.message
    press(page, "3", "2", "r")
    assert "●" not in text(page)
    press(page, "r")
    assert "●" in text(page)
    press(page, "h")
    assert "●" not in text(page)


def test_each_dot_is_a_trainee_and_the_expected_steps_are_marked(room: Classroom) -> None:
    page = opened(room)
    press(page, "2", "r", "r")
    rows = [row for row in text(page).splitlines() if "│" in row]
    assert rows == [
        "  4 │   ",
        "  3 │   ",
        "  2 │ 1 ●",
        "► 1 │ 2 ● ●",
        "! 0 │ 1 ●",
    ]
    press(page, "s")
    assert "► 1 │ 2 koivu haapa" in text(page)
    press(page, "tab", "r", "r")
    assert [row[0] for row in text(page).splitlines() if "│" in row] == [" ", "►", "►", "!", " "]
    assert "koivu" not in text(page)


def test_a_step_that_the_pathway_has_not_is_shown_by_its_number(tmp_path: Path) -> None:
    page = opened(written(tmp_path / "syksy", steps({"sleepless_teacher": (1, 9)})))
    press(page, "2", "r", "r")
    rows = [row for row in text(page).splitlines() if "│" in row]
    assert rows[0] == "  9 │ 1 ●"
    assert len(rows) == 6


def test_more_trainees_than_cells_are_told_by_number(tmp_path: Path) -> None:
    words = tuple(f"seat{chr(97 + at // 26)}{chr(97 + at % 26)}" for at in range(60))
    chosen = steps({"sleepless_teacher": (1,) * 60}, words)
    room = written(tmp_path / "syksy", {})
    room.record = room.record.model_copy(update={"seats": words})
    for word, each in chosen.items():
        (room.folder / "seats" / f"{word}.json").write_bytes(write_record(each))
    page = opened(room)
    press(page, "2", "r", "r")
    assert "► 1 │60 ● × 60" in text(page)


def test_missed_stops_and_disputed_questions_of_a_case(room: Classroom) -> None:
    page = opened(room)
    press(page, "2", "tab", "tab", "r", "r", "6")
    assert "1 of 3 without it: Suicidal thoughts" in text(page)
    press(page, "5")
    first = text(page).splitlines()[1]
    assert first.startswith("1. ")
    assert "opens or closes a stop" in text(page)
    press(page, "7")
    shown = text(page)
    assert "1 of 3 went on without this stop" in shown
    assert "What this case teaches" in shown
    assert "(A2)" in shown


def test_several_missed_stops_stand_below_each_other_the_most_missed_first(
    room: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(room)
    press(page, "2", "tab", "tab", "r", "r", "6")
    monkeypatch.setattr(JudgedCase, "missed", {"S2": 1, "S1": 3})
    shown = text(page)
    assert shown.index("3 of 3 without it") < shown.index("1 of 3 without it")
    assert max(map(len, shown.splitlines())) <= 62
    assert len(shown.splitlines()) <= 14


def test_a_case_that_nobody_has_judged_is_told_as_such(tmp_path: Path) -> None:
    page = opened(written(tmp_path / "syksy", {}))
    press(page, "2", "tab", "tab", "r", "r")
    for view in ("2", "3", "5", "6"):
        press(page, view)
        shown = text(page)
        assert "Nobody has judged this case." in shown
        assert "0 of 0" not in shown
        assert "Everybody" not in shown


def test_a_case_for_talking_says_so(room: Classroom) -> None:
    page = opened(room)
    press(page, "3", "shift+tab", "r", "r")
    shown = text(page)
    assert "(for talking)" in shown
    assert "it counts in no figure of the class" in shown
    assert "█" not in shown
    assert "exact" not in shown
    press(page, "2")
    assert "●" in text(page)
    assert "exact" not in text(page)


def test_what_is_read_out_draws_nothing(room: Classroom) -> None:
    page = opened(room)
    press(page, "2", "tab", "tab", "r", "r")
    for view in range(1, len(VIEWS) + 1):
        press(page, str(view))
        assert not {*text(page, aloud=True)} & {*"█▀▄●►"}
    press(page, "2")
    said = "Step 4, Specialised care, Kela psychotherapy: 2 (expected)"
    assert said in text(page, aloud=True)
    press(page, "s")
    assert f"{said}: koivu, haapa" in text(page, 80, aloud=True)


def test_it_keeps_up_while_nothing_moves(room: Classroom) -> None:
    page = opened(room)
    press(page, "2", "tab", "r", "r")
    host = page.host
    assert isinstance(host, Projector)
    procedure = page.resume()
    assert procedure is not None
    page.offset_rows = 2
    host.drawn.clear()
    turn(procedure)
    assert host.drawn == []
    more = whole_class()["pihlaja"].with_entry(judgement("wide_range", 4, seat="pihlaja"))
    written(room.folder, {"pihlaja": more})
    turn(procedure)
    assert host.drawn == [True]
    assert page.offset_rows == 2
    assert "  4 │ 1 ●" in text(page)
    procedure.close()


def turn(procedure: object) -> None:
    """Go once round: the seconds pass, the files are read, and it waits again."""
    request = procedure.send(None)  # type: ignore[attr-defined]
    if isinstance(request, Wait):
        request = procedure.send(None)  # type: ignore[attr-defined]
    assert isinstance(request, Beside)
    request.action()
    assert isinstance(procedure.send(None), Wait)  # type: ignore[attr-defined]


def test_what_is_read_out_waits_for_a_key(room: Classroom) -> None:
    page = opened(room)
    page.host.redraws = False  # type: ignore[misc]
    assert page.resume() is None
    written(room.folder, {"koivu": seat("koivu")})
    press(page, "l")
    assert "3 of 4 have judged this case." in text(page)


def test_a_folder_that_is_gone_leaves_what_was_seen(room: Classroom) -> None:
    page = opened(room)
    shutil.rmtree(room.folder)
    page._look()
    shown = text(page)
    assert "! What you see may be old" in shown
    assert "4 of 4 have judged this case." in shown


def test_a_seat_whose_file_was_changed_is_told(room: Classroom) -> None:
    (room.folder / "seats" / "koivu.json").write_text("{}")
    assert "! koivu:" in text(opened(room))


def test_the_keys_of_each_page_differ(room: Classroom) -> None:
    page = opened(room)
    for language in ("en", "fi", "sv"):
        page = opened(room, language)
        for view in range(1, len(VIEWS) + 1):
            press(page, str(view))
            names = [name for each in bindings(page.key_list()) for name in each.names]
            assert len(names) == len({*names})


def test_large_digits_are_as_wide_in_each_row() -> None:
    for text_ in ("0123456789", "100%", "-0.65", "0,65", "12/15"):
        for rows in (large(text_), large(text_, 2), low(text_)):
            assert len({len(row) for row in rows}) == 1
    assert (len(large("1")), len(low("1"))) == (5, 3)


async def test_the_menu_leads_to_the_trainers_page_and_back(stage: Stage) -> None:
    async with stage.program(demo=True) as session:
        await session.press("t", "c")
        on(session, TrainingMenu)
        session.says("There is no class here.")
        written(classes_folder(stage.places) / "syksy", whole_class())
        await session.press("c")
        on(session, ClassScreen)
        session.says("Class syksy", "4 of 4 have judged this case.")
        await session.press("2", "r", "r")
        session.says("●")
        await session.press("escape")
        on(session, TrainingMenu)


async def test_a_class_that_cannot_be_used_is_told_and_is_not_none(stage: Stage) -> None:
    folder = classes_folder(stage.places) / "syksy"
    written(folder, whole_class())
    (folder / "class.json").write_text("{}")
    async with stage.program(demo=True) as session:
        await session.press("t", "c")
        on(session, ErrorScreen)
        session.says("The class file", "was changed by hand")
        await session.press("enter")
        on(session, TrainingMenu)


async def test_it_keeps_up_by_itself_in_the_program(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a key that was on its way counts as ever."""
    monkeypatch.setattr("screens.training.trainer.page.EVERY_S", 0.01)
    folder = classes_folder(stage.places) / "syksy"
    written(folder, {"koivu": whole_class()["koivu"]})
    async with stage.program(demo=True) as session:
        await session.press("t", "c")
        session.says("1 of 4 have judged this case.")
        written(folder, whole_class())
        async with asyncio.timeout(30):
            while "4 of 4 have judged this case." not in session.text:
                await asyncio.sleep(0.01)
        await session.press("2", "r", "r")
        session.says("►", "●")
        await session.press("escape")
        on(session, TrainingMenu)


def test_whoever_sits_at_a_seat_finds_no_key_to_it(tmp_path: Path) -> None:
    workspace = Workspace(
        clock=lambda: datetime(2026, 11, 30, 12, 0), pathways=PATHWAYS, seat="koivu"
    )
    menu = TrainingMenu(Practice(workspace, tmp_path / "record.json", "koivu"))
    assert find_binding(menu.key_list(), "c") is None


def test_a_site_whose_pathways_fit_no_case_is_told(tmp_path: Path) -> None:
    workspace = Workspace(clock=lambda: datetime(2026, 11, 30, 12, 0), pathways=tmp_path)
    practice = Practice(workspace, tmp_path / "record.json")
    for held in (cases(), {}):
        vars(practice)["_all"] = CaseShelf(held, ())
        shown = "\n".join(said_rows(TrainingMenu(practice)))
        assert ("No case fits the pathways in use." in shown) == (not held)


def said_rows(menu: TrainingMenu) -> list[str]:
    return ["".join(part for part, _ in line) for line in menu.content(76).lines]


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_no_two_keys_of_the_menu_are_one(tmp_path: Path, language: str) -> None:
    workspace = Workspace(
        clock=lambda: datetime(2026, 11, 30, 12, 0), pathways=PATHWAYS, language=language
    )
    menu = TrainingMenu(Practice(workspace, tmp_path / "record.json"))
    names = [name for each in bindings(menu.key_list()) for name in each.names]
    assert len(names) == len({*names})


def test_the_command_opens_the_page_of_its_class(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path / "syksy", whole_class()).folder
    opened_with: list[object] = []

    def open_program(settings: object, **options: object) -> int:
        opened_with.append(options)
        return 0

    monkeypatch.setattr("tui.commands.class_show.open_program", open_program)
    result = CliRunner().invoke(porras, ["--plain", "class", "show", str(folder)])
    assert result.exit_code == 0, result.output
    assert opened_with == [{"demo": True, "plain": True, "begin": ShowClass(folder)}]
