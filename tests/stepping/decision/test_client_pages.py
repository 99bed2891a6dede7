"""If these fail, a client alone at the keyboard is shown what only the nurse may answer."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from stepping.decision.client_pages import HandOver, is_client_page
from stepping.decision.interview import Ask, Finished, Stop, shown_pages
from stepping.pathway.model import Pathway, QuestionPage
from store.pathway_files.files import built_in


@pytest.fixture(scope="module")
def adult() -> Pathway:
    return built_in("adult")


def page(pathway: Pathway, id_: str) -> QuestionPage:
    return next(page for page in pathway.pages if page.id == id_)


NURSES_OWN: dict[str, Sequence[str]] = {
    "adult": (
        "danger.confusion",
        "danger.intoxicated",
        "danger.body",
        "eating.alarm",
        "epds.total",
        "epds.10",
        "history.episodes",
        "history.failed_step",
        "treatment.trials",
        "history.gsh_unfit",
        "services.count",
        "segment",
        "nurse.worried",
    ),
    "youth": (
        "present",
        "talk.overheard",
        "secrecy.unclear",
        "guardian.tell",
        "danger.confusion",
        "danger.intoxicated",
        "danger.body",
        "attempt.known",
        "nurse.worried",
        "attempt.unassessed",
        "eating.alarm",
        "history.failed_step",
        "history.gsh_unfit",
        "guardian.worry",
        "guardian.afraid",
        "guardian.conduct",
        "guardian.strain",
    ),
}


@pytest.mark.parametrize("name", sorted(NURSES_OWN))
def test_what_only_the_nurse_can_answer_is_marked_as_the_nurses(name: str) -> None:
    pathway = built_in(name)
    found = [q.id for q in pathway.questions.values() if q.asked_of == "nurse"]
    assert found == list(NURSES_OWN[name])
    for each in pathway.questions.values():
        spoken_to = each.text["en"].lower().startswith(("to the professional", "to the guardian"))
        assert not spoken_to or each.asked_of == "nurse"


@pytest.mark.parametrize("name", sorted(NURSES_OWN))
def test_one_question_of_the_nurses_keeps_its_whole_page_from_the_client(name: str) -> None:
    pathway = built_in(name)
    hidden = [p for p in pathway.pages if not is_client_page(p)]
    assert page(pathway, "danger") in hidden
    for each in pathway.pages:
        assert is_client_page(each) != any(q.id in NURSES_OWN[name] for q in each.questions)


def test_the_client_goes_on_only_with_questions_of_clients(adult: Pathway) -> None:
    alone = HandOver("phq9.3")
    assert alone.next_page(adult, Ask(page(adult, "phq9.4"))) == page(adult, "phq9.4")
    assert alone.next_page(adult, Ask(page(adult, "nurse.worried"))) is None
    assert alone.next_page(adult, Stop(("S1",), ())) is None
    assert alone.next_page(adult, Stop(("S1",), (page(adult, "asq.1"),))) is None
    assert alone.next_page(adult, Finished()) is None


def test_an_open_page_before_the_start_is_not_the_clients(adult: Pathway) -> None:
    assert HandOver("phq9.3").next_page(adult, Ask(page(adult, "phq9.2"))) is None


def test_the_client_goes_back_only_over_pages_passed_alone(adult: Pathway) -> None:
    answers = {f"phq9.{n}": 0 for n in range(1, 10)}
    alone = HandOver("phq9.3").add_passed("phq9.3").add_passed("phq9.4").add_passed("phq9.3")

    def before(id_: str) -> str | None:
        found = alone.page_before(adult, answers, id_)
        return found.id if found else None

    assert (before("phq9.5"), before("phq9.4"), before("phq9.3")) == ("phq9.4", "phq9.3", None)
    assert HandOver("phq9.3").page_before(adult, answers, "phq9.3") is None
    after = alone.page_after(adult, answers, "phq9.3")
    assert after is not None
    assert after.id == "phq9.4"
    assert alone.page_after(adult, answers, "phq9.4") is None


def test_a_page_that_an_answer_has_hidden_is_not_gone_back_to(adult: Pathway) -> None:
    alone = HandOver("phq9.9").add_passed("phq9.9").add_passed("suicide.thoughts")
    hidden = {"phq9.9": 1}
    assert "suicide.thoughts" not in [p.id for p in shown_pages(adult, hidden)]
    found = alone.page_before(adult, hidden, "gad7.1")
    assert found is not None
    assert found.id == "phq9.9"
