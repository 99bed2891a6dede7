"""If these fail, a letter answers what it does not mean, or opens something else in its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from casework.workspace import Workspace
from screens.assessment.alone.client_mode import ClientQuestionScreen
from screens.assessment.question import QuestionScreen
from screens.base.keys import bindings, choice_key, find_binding
from screens.base.page import Page
from screens.training.story import Beside
from stepping.decision.client_pages import is_client_page
from stepping.pathway.model import QuestionPage
from store.pathway_files.files import built_in
from store.training.opening import open_training
from tests.screens.running import Stage
from tests.screens.test_client_mode import never
from tests.training_cases import dark

LANGUAGES = ("en", "fi", "sv")
YES, NO = {"en": "y", "fi": "k", "sv": "j"}, {"en": "n", "fi": "e", "sv": "n"}
ANSWERING = {*"0123456789", *"ynkej"}
CHOICES = {choice_key(number) for number in range(1, 18)}


def pages(stage: Stage, language: str) -> Iterator[tuple[QuestionPage, Page[Any]]]:
    """Every page that asks, for the nurse and for a client alone."""
    for name in ("adult", "youth", "follow_up"):
        stage.pathway = pathway = built_in(name)
        with open_training(stage.places.training, stage.clock) as store:
            workspace = Workspace(stage.clock, language=language)
            visit = stage.visit(store, language=language)
            for asked in pathway.pages:
                yield asked, QuestionScreen(workspace, visit, asked, client_language=language)
                told = Beside(workspace, dark(), told_here=True, on_reach=str)
                yield (
                    asked,
                    QuestionScreen(
                        workspace, visit, asked, client_language=language, companion=told
                    ),
                )
                if is_client_page(asked):
                    yield (
                        asked,
                        ClientQuestionScreen(
                            workspace, visit, asked, client_language=language, unlocks=never
                        ),
                    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_has_two_meanings_and_none_that_answers_opens_anything(
    stage: Stage, language: str
) -> None:
    for asked, page in pages(stage, language):
        bound = bindings(page.key_list())
        names = [name for each in bound for name in each.names]
        assert len(names) == len(set(names)), (asked.id, sorted(names))
        assert page.traits.answers
        commands = {name for each in bound if each.caption for name in each.names}
        assert not commands & (ANSWERING | CHOICES) - {"0"}, (asked.id, commands)
        assert all(each.caption in ("", "←", "→") or each.label for each in bound)


@pytest.mark.parametrize("language", LANGUAGES)
def test_yes_and_no_are_answered_by_the_letters_of_the_language_and_by_those_of_all(
    stage: Stage, language: str
) -> None:
    for asked, page in pages(stage, language):
        if asked.questions[0].kind != "yesno" or asked.questions[0].page:
            continue
        keys = page.key_list()
        yes = {find_binding(keys, key) for key in ("1", "y", YES[language], "Y")}
        no = {find_binding(keys, key) for key in ("0", "n", NO[language], "N")}
        assert len(yes) == len(no) == 1, asked.id
        assert yes != no
        assert None not in yes | no
        others = {*YES.values(), *NO.values()} - {"y", "n", YES[language], NO[language]}
        assert not [key for key in others if find_binding(keys, key)]
