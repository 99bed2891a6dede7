"""If this fails, what a trainee judges does not come to the trainer's page."""

from __future__ import annotations

from screens.assessment.question import QuestionScreen
from screens.training.joined import JoinedScreen
from screens.training.judging.compared import ComparisonScreen
from screens.training.menu import TrainingMenu
from screens.training.trainer.page import ClassScreen
from store.training.places import classes_folder
from tests.screens.running import Session, Stage
from tests.screens.test_judging import says_own
from tests.training_class import PATTERN, cases, written


def answers_all_but_one(session: Session) -> None:
    """Answer as the experts did up to one question that only a key answers."""
    pathway = session.visit.pathway
    texts = {q.id: "" for q in pathway.questions.values() if q.kind == "text"}
    told = {**cases()[PATTERN].answers, **texts}
    session.visit.record_answers(
        {
            id_: answer
            for id_, answer in told.items()
            if id_ in pathway.questions and id_ != "phq9.difficulty"
        }
    )


async def test_a_judgement_stands_on_the_trainers_page_once_it_is_made(stage: Stage) -> None:
    room = written(classes_folder(stage.places) / "syksy", {})
    async with stage.program(demo=True) as trainee:
        await trainee.press("t")
        await trainee.choose("j", "join a class")
        await trainee.type("koivu")
        trainee.on(JoinedScreen)
        await trainee.press("enter")
        await trainee.press("1", "1", "enter")
        trainee.on(QuestionScreen)
        page = ClassScreen(trainee.app.workspace, room)
        page.open()
        assert "0 of 4 have judged this case." in text(page)
        assert row(page).startswith("koivu         1")
        answers_all_but_one(trainee)
        await trainee.press("escape")
        await trainee.choose("l", "leave it for later")
        await trainee.press("1", "1", "1")
        await trainee.press("1")
        await says_own(trainee, "2")
        trainee.on(ComparisonScreen)
        page.open()
        assert "1 of 4 have judged this case." in text(page)
        (case, *_) = page._cases
        assert case.counts == (0, 0, 1, 0, 0)
        await trainee.press("escape")
        trainee.on(TrainingMenu)


def text(page: ClassScreen) -> str:
    return "\n".join("".join(part for part, _ in line) for line in page.content(62).lines)


def row(page: ClassScreen) -> str:
    return next(line for line in text(page).splitlines() if line.startswith("koivu"))
