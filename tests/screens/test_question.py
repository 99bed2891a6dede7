"""If these fail, an answer is lost, changed unseen, or cannot be given at all."""

from __future__ import annotations

import pytest

from casework.workspace import Workspace
from screens.assessment.pause import PauseScreen
from screens.assessment.question import QuestionScreen
from screens.base.help import HelpScreen
from screens.base.prompt import ValuePrompt
from screens.corrections.card_form import DraftCard
from screens.desk.emergency import EmergencyScreen
from screens.desk.start import StartScreen
from screens.result.result import ResultScreen
from stepping.decision.interview import Ask
from stepping.pathway.model import Answer
from tests.screens.running import CALM, MOOD, PASSPHRASE, Session, Stage


def until(stage: Stage, question: str, **given: Answer) -> dict[str, Answer]:
    """All lightest answers up to a question, which stays open."""
    changed = {id_.replace("__", "."): value for id_, value in given.items()}
    whole = stage.whole({**CALM, **changed})
    order = list(stage.pathway.questions)
    return {id_: value for id_, value in whole.items() if order.index(id_) < order.index(question)}


def stored(session: Session) -> dict[str, object]:
    """The answers as they stand on the disk."""
    return session.store.answers.get_progress(session.visit.assessment.id).answers


# -- every kind of question ------------------------------------------------


async def test_a_digit_answers_a_choice_and_goes_on(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        session.says("PHQ-9 (published wording)", "0 ( ) Not at all")
        await session.press("2")
        assert session.page == "phq9.2"
        assert stored(session)["phq9.1"] == 2


async def test_arrows_and_enter_answer_a_choice(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        await session.press("enter", "enter")
        assert session.page == "phq9.1", "a stray Enter answers nothing"
        session.says("Choose with a digit")
        await session.press("down", "down", "down")
        session.says("> 2 ( )")
        await session.press("up", "enter")
        assert session.page == "phq9.2"
        assert stored(session)["phq9.1"] == 1


@pytest.mark.parametrize(
    ("key", "answer"), [("y", "yes"), ("1", "yes"), ("n", "no"), ("0", "no"), ("N", "no")]
)
async def test_yes_and_no_have_a_letter_and_a_digit(stage: Stage, key: str, answer: str) -> None:
    async with stage.resumed(until(stage, "pcptsd5.gate")) as session:
        assert session.page == "pcptsd5.gate"
        await session.press(key)
        assert stored(session)["pcptsd5.gate"] == answer


@pytest.mark.parametrize("key", ["2", "r"])
async def test_a_question_may_be_refused_where_the_instrument_allows_it(
    stage: Stage, key: str
) -> None:
    async with stage.resumed(until(stage, "asq.1", suicide__thoughts="yes")) as session:
        await session.press("a", key)
        assert session.page == "asq.2"
        assert stored(session)["asq.1"] == "refused"


async def test_a_number_is_typed_corrected_and_checked(stage: Stage) -> None:
    async with stage.resumed(until(stage, "work.sick_leave_days")) as session:
        await session.press("9", "9", "9", "enter")
        session.says("A whole number from 0 to 365, please.")
        assert "work.sick_leave_days" not in stored(session)
        await session.press("backspace")
        session.lacks("please")
        session.says("[ 99_")
        await session.press("enter")
        assert stored(session)["work.sick_leave_days"] == 99
        assert session.page == "work.status"


async def test_an_empty_number_is_no_answer(stage: Stage) -> None:
    async with stage.resumed(until(stage, "work.sick_leave_days")) as session:
        await session.press("enter")
        session.says("A whole number from 0 to 365, please.")
        assert "work.sick_leave_days" not in stored(session)


async def test_a_scale_says_what_its_ends_mean(stage: Stage) -> None:
    async with stage.resumed(until(stage, "work.ability")) as session:
        question = stage.pathway.questions["work.ability"]
        session.says(question.low_label["en"], question.high_label["en"])
        await session.press("1", "0", "enter")
        assert stored(session)["work.ability"] == 10


async def test_several_wishes_are_marked_and_taken_together(stage: Stage) -> None:
    async with stage.resumed(until(stage, "wish.formats")) as session:
        await session.press("2", "4", "5", "5", "0")
        session.says("Something is marked", "[x] therapy over the net", "[ ] medication")
        assert session.page == "wish.formats"
        await session.press("enter")
        assert stored(session)["wish.formats"] == ["net", "group"]
        assert session.page != "wish.formats"


async def test_none_of_the_wishes_is_an_answer_too(stage: Stage) -> None:
    async with stage.resumed(until(stage, "wish.formats")) as session:
        await session.press("0")
        assert stored(session)["wish.formats"] == []


async def test_a_text_is_written_changed_and_kept_free_of_identity(stage: Stage) -> None:
    async with stage.resumed(until(stage, "need.language")) as session:
        await session.press("enter")
        await session.type("Ali, 010190-123A")
        session.on(ValuePrompt)
        session.says("No names, personal identity codes")
        assert "need.language" not in stored(session)
        await session.type("Dari")
        assert stored(session)["need.language"] == "Dari"
        await session.press("left")
        session.says("Answer so far: Dari")
        await session.press("enter")
        assert session.entry.value == "Dari"
        await session.press("escape", "right")
        assert session.page == "needs"


async def test_no_text_is_one_key(stage: Stage) -> None:
    async with stage.resumed(until(stage, "need.language")) as session:
        await session.press("0")
        assert stored(session)["need.language"] == ""


async def test_typing_a_text_runs_no_command(stage: Stage) -> None:
    async with stage.resumed(until(stage, "need.language")) as session:
        await session.press("enter", *"sel?0m")
        assert session.entry.value == "sel?0m"
        await session.press("f10")
        session.on(EmergencyScreen)
        await session.press("escape")
        assert session.entry.value == "sel?0m"


# -- pages of flags --------------------------------------------------------


async def test_a_mark_on_a_page_of_flags_is_stored_at_once(stage: Stage) -> None:
    async with stage.resumed(until(stage, "flag.psychosis")) as session:
        assert session.page == "flags"
        await session.press("6", "7")
        session.says("6 [x] Has your memory got worse")
        assert stored(session)["flag.memory"] == "yes"
        await session.press("7")
        assert "flag.somatic" not in stored(session)
        await session.press("down", "x", "x")
        assert "flag.withdrawal" not in stored(session)
        await session.press("enter")
        flags = {id_: v for id_, v in stored(session).items() if id_.startswith("flag.")}
        assert flags.pop("flag.memory") == "yes"
        assert len(flags) == 8
        assert set(flags.values()) == {"no"}


async def test_none_of_these_answers_no_to_all_and_never_over_a_mark(stage: Stage) -> None:
    async with stage.resumed(until(stage, "flag.psychosis")) as session:
        await session.press("5", "0")
        session.says("Something is marked")
        await session.press("5", "0")
        assert stored(session)["flag.memory"] == "no"
        assert session.page != "flags"


async def test_a_stray_enter_does_not_answer_a_page_of_flags(stage: Stage) -> None:
    async with stage.resumed({}) as session:
        await session.press("enter", "enter")
        assert session.page == "danger"
        session.says("Nothing is marked: 0 answers no to all.")
        assert stored(session) == {}


async def test_marks_wait_in_the_store_when_the_program_ends(stage: Stage) -> None:
    async with stage.resumed(until(stage, "flag.psychosis")) as session:
        await session.press("5")
    async with stage.workplace() as session:
        await session.press("1")
        assert session.page == "flags"
        session.says("5 [x]")


# -- back, forward, change -------------------------------------------------


async def test_back_shows_the_old_answer_and_forward_keeps_it(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        await session.press("3", "left")
        assert session.page == "phq9.1"
        session.says("> 3 (x) Nearly every day", "→ forward")
        before = session.visit.seq
        await session.press("right")
        assert session.page == "phq9.2"
        assert session.visit.seq == before
        session.lacks("→ forward")
        await session.press("right")
        assert session.page == "phq9.2"


async def test_back_from_the_first_question_shows_the_card_and_loses_nothing(stage: Stage) -> None:
    async with stage.resumed({"phq9.1": 3}) as session:
        drafts, clients = session.store.assessments.list_drafts(), session.store.clients
        for _ in range(2):
            assert session.page == "danger"
            await session.press("left")
            session.on(DraftCard)
            session.says("[ 1986_", "woman", "Hollola", "The draft is stored.")
            await session.press("left", "escape")
        assert session.page == "danger"
        assert stored(session) == {"phq9.1": 3}
        assert session.store.assessments.list_drafts() == drafts
        assert len(clients.list_recent()) == 1


async def test_a_year_put_right_from_the_first_question_counts_in_the_same_draft(
    stage: Stage,
) -> None:
    async with stage.resumed({"phq9.1": 3}) as session:
        id_ = session.visit.assessment.id
        await session.press("left", *["backspace"] * 4, *"1950", *["down"] * 4, "enter")
        await session.type("misheard")
        await session.press("enter")
        assert session.page == "danger"
        assert session.visit.assessment.id == id_
        assert session.visit.answers["client.age"] == 76
        await session.press("0")
        assert stored(session) == {**CALM, "phq9.1": 3}
        await session.press("left", "left", "left")
        session.on(DraftCard)
        session.says("[ 1950_")


async def test_a_changed_answer_opens_and_hides_questions_and_they_come_back(stage: Stage) -> None:
    answers = stage.whole({**CALM, "pcptsd5.gate": "yes", "pcptsd5.1": "yes"})
    async with stage.resumed(answers) as session:
        session.on(ResultScreen)
        await session.press("left")
        while session.page != "pcptsd5.gate":
            await session.press("left")
        await session.press("n")
        session.on(ResultScreen)
        assert session.visit.decide().scores["pcptsd5.total"] == 0
        assert stored(session)["pcptsd5.1"] == "yes", "a hidden answer is kept"
        await session.press("left")
        while session.page != "pcptsd5.gate":
            assert not session.page.startswith("pcptsd5."), "hidden items are passed over"
            await session.press("left")
        await session.press("y", "left")
        assert session.visit.decide().scores["pcptsd5.total"] == 1


async def test_a_correction_leaves_the_earlier_answer_in_the_history(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        await session.press("3", "left", "1")
        rows = session.store.db.execute(
            "SELECT value FROM answers WHERE question = 'phq9.1' ORDER BY seq"
        )
        assert [row[0] for row in rows] == ["3", "1"]


# -- skip and note ---------------------------------------------------------


async def test_an_optional_question_is_skipped_with_one_key(stage: Stage) -> None:
    async with stage.resumed(until(stage, "work.ability")) as session:
        await session.press("s")
        assert session.page == "work.sick_leave_days"
        assert session.visit.skipped == {"work.ability": ""}
        await session.press("left")
        session.says("→ forward")
        await session.press("7", "enter")
        assert stored(session)["work.ability"] == 7
        assert session.visit.skipped == {}


async def test_a_required_question_is_skipped_with_a_reason_and_comes_back(stage: Stage) -> None:
    answers = stage.whole()
    del answers["gad7.3"]
    async with stage.resumed(answers) as session:
        assert session.page == "gad7.3"
        await session.press("s")
        session.on(ValuePrompt)
        await session.press("escape")
        assert session.visit.skipped == {}
        await session.press("s")
        await session.press("enter")
        session.says("Write a few words.")
        await session.type("did not want to say")
        assert session.page == "phq9.difficulty", "asked, for the skipped item may be above 0"
        await session.press("0")
        session.on(ResultScreen)
        session.says("Not enough answers for a step", "Needed before a step can be confirmed")
        session.lacks("Suggested step")
        progress = session.store.answers.get_progress(session.visit.assessment.id)
        assert progress.skipped == {"gad7.3": "did not want to say"}
        await session.press("a")
        assert session.page == "gad7.3"
        await session.press("0")
        session.on(ResultScreen)
        session.says("Suggested step 0")


@pytest.mark.parametrize("leaving", ["s", "left", "right", "escape"])
@pytest.mark.parametrize("question", ["problem.main", "wish.formats"])
async def test_what_is_marked_is_stored_at_once(stage: Stage, question: str, leaving: str) -> None:
    """Whatever key comes after a mark among several choices, the mark is kept."""
    words = stage.pathway.questions[question].words
    async with stage.resumed(until(stage, question)) as session:
        await session.press("2", "1", leaving)
        assert stored(session)[question] == list(words[:2])
        if leaving == "s":
            session.says("This is answered")
    async with stage.workplace() as session:
        visit = session.store.assessments.list_drafts()[0].assessment.id
        assert session.store.answers.get_progress(visit).answers[question] == list(words[:2])


async def test_a_mark_that_is_taken_back_leaves_the_question_open(stage: Stage) -> None:
    async with stage.resumed(until(stage, "problem.main")) as session:
        await session.press("2", "2")
        assert "problem.main" not in stored(session)
        await session.press("s")
        assert session.page != "problem.main"


async def test_an_answered_question_is_not_skipped(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        await session.press("1", "left", "s")
        session.says("This is answered")
        assert session.visit.skipped == {}


async def test_a_note_is_stored_and_one_with_identity_is_refused(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        await session.press("m")
        await session.type("call 040 123 4567")
        session.on(ValuePrompt)
        session.says("phone numbers")
        await session.type("slept badly since the move")
        session.on(QuestionScreen)
        session.says("Note stored.")
        notes = session.store.answers.get_progress(session.visit.assessment.id).notes
        assert [(n.question, n.text, n.by) for n in notes] == [
            ("phq9.1", "slept badly since the move", "nurse1")
        ]


# -- pause, language, help -------------------------------------------------


async def test_pause_and_go_on_comes_back_to_the_very_question(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        await session.press("1", "1", "left", "left", "escape")
        session.on(PauseScreen)
        session.says(f"{len(CALM) + 2} answers are stored.")
        await session.press("enter")
        assert session.page == "phq9.1"


async def test_a_draft_left_for_later_goes_on_at_the_question(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        await session.press("1", "1", "escape", "l")
        session.on(StartScreen)
        session.says("The draft is stored.", f"{len(CALM) + 2} answers")
        await session.press("q")
    async with stage.program() as session:
        await session.type(PASSPHRASE)
        await session.press("1")
        assert session.page == "phq9.3"


async def test_an_assessment_is_ended_only_with_a_reason(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        assessment = session.visit.assessment.id
        await session.press("escape", "x", "enter")
        session.says("Write a few words.")
        await session.press("escape")
        session.on(PauseScreen)
        await session.press("x")
        await session.type("client went home")
        session.on(StartScreen)
        assert session.store.assessments.get(assessment).state == "abandoned"
        assert session.store.assessments.list_drafts() == []


async def test_one_key_changes_the_language_of_the_question_alone(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        asked = stage.pathway.questions["phq9.1"].text
        await session.press("l")
        session.says(asked["fi"], "Esc pause")
        await session.press("2", "l")
        session.says(stage.pathway.questions["phq9.2"].text["sv"])
        await session.press("l")
        session.says(stage.pathway.questions["phq9.2"].text["en"])
        assert session.app.workspace.language == "en"


@pytest.mark.parametrize("key", ["f10", "!"])
async def test_the_emergency_card_is_one_key_away_and_changes_nothing(
    stage: Stage, key: str
) -> None:
    async with stage.resumed(CALM) as session:
        await session.press("down", "down", key)
        session.on(EmergencyScreen)
        session.says("In danger of life call 112.", "116 117")
        await session.press("escape")
        assert session.page == "phq9.1"
        session.says("> 1 ( )")


async def test_the_whole_emergency_card_can_be_read(stage: Stage) -> None:
    async with stage.resumed(CALM) as session:
        await session.press("f10")
        seen = session.flat
        for _ in range(20):
            await session.press("space")
            seen += " " + session.flat
        for id_ in stage.pathway.header.emergency_cards:
            assert stage.pathway.cards[id_].title["en"] in seen
        session.says("· PgUp")


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_help_names_every_key_of_the_screen_below(stage: Stage, key: str) -> None:
    async with stage.resumed(CALM) as session:
        commands = [c for c in session.shown.key_list() if c.caption]
        await session.press(key)
        session.on(HelpScreen)
        session.says(*(f"{c.caption} {c.label}" for c in commands))
        await session.press("escape")
        assert session.page == "phq9.1"


async def test_a_window_too_small_says_so_and_loses_nothing(stage: Stage) -> None:
    async with stage.resumed(until(stage, "work.sick_leave_days")) as session:
        await session.press("1", "2")
        await session.pilot.resize_terminal(60, 10)
        await session.settle()
        session.says("The window is 60×10. Porras needs 64×18.", "call 112")
        await session.press("3")
        await session.pilot.resize_terminal(1, 1)
        await session.settle()
        await session.pilot.resize_terminal(80, 23)
        await session.settle()
        session.says("[ 12_")
        await session.press("enter")
        assert stored(session)["work.sick_leave_days"] == 12


async def test_the_top_line_counts_pages_and_what_is_still_needed(stage: Stage) -> None:
    answers = stage.whole()
    for id_ in MOOD[6:]:
        del answers[id_]
    async with stage.resumed(answers) as session:
        session.says("Mood", "question 8 of at most", "3 still needed")
        await session.press("0")
        session.says("question 9 of at most", "2 still needed")


def test_the_bar_never_runs_back_in_a_visit_and_is_never_full_before_the_result(
    stage: Stage,
) -> None:
    with stage.store() as store:
        visit, shown = stage.visit(store), []
        workspace = Workspace(stage.clock, language="en")
        whole = stage.whole()
        corrected: list[dict[str, Answer]] = [{"phq9.9": 1}, {"auditc.1": 4}, {"phq9.9": 0}]
        for answers in [CALM, *({id_: whole[id_]} for id_ in whole), *corrected]:
            visit.record_answers(answers)
            now = visit.find_next()
            page = now.page if isinstance(now, Ask) else stage.pathway.pages[0]
            asked = QuestionScreen(workspace, visit, page, client_language="en")
            shown.append(asked.progress)
        visit.withdraw_answer("segment")
        shown.append(asked.progress)
    done = [at for at, _ in shown]
    assert done == sorted(done)
    assert done[0] == 1
    assert {of for _, of in shown} == {len(stage.pathway.pages) + 1}
    assert done[-1] == len(stage.pathway.pages)


@pytest.mark.parametrize("keys", [("0",), ("2", "enter")])
async def test_what_was_never_in_view_is_not_answered_no(
    stage: Stage, keys: tuple[str, ...]
) -> None:
    """On a small window the last dangers of the page lie below it."""
    async with stage.resumed({}, language="fi", size=(64, 18)) as session:
        session.lacks("myrkkyä")
        await session.press(*keys)
        session.on(QuestionScreen)
        session.says("6 [ ] Onko sinulla rintakipua", "myrkkyä", "Tässä on loput")
        assert "no" not in session.visit.answers.values()
        await session.press(keys[-1])
        assert session.visit.answers["danger.body"] == "no"


async def test_whoever_has_read_on_answers_at_once(stage: Stage) -> None:
    async with stage.resumed({}, language="fi", size=(64, 18)) as session:
        await session.press("space", "0")
        assert session.visit.answers["danger.body"] == "no"


async def test_the_pointer_of_a_long_page_is_in_view(stage: Stage) -> None:
    async with stage.resumed({}, language="fi", size=(64, 18)) as session:
        await session.press(*["down"] * 5)
        session.says("> 6 [ ] Onko sinulla rintakipua")
