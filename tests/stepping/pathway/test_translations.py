"""A wording with terms of its own: a file for one language, in place of the instrument's words."""

from __future__ import annotations

import tomllib
from functools import cache

import pytest

from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Pathway
from stepping.pathway.reader import read_pathway
from stepping.pathway.schema import Instrument
from stepping.versions.edits import list_edits
from store.paths import PATHWAYS
from store.pathway_files.files import built_in
from tests.stepping.cases import SMALL, changed

NAME = "instruments/mood.fi.toml"
FINNISH = """\
instrument = "mood"
language = "fi"
stem = "viime aikoina"
options = ["ei", "vähän", "paljon"]

[wording]
status = "published"
source = "a form"
licence = "Not for sale."

[[item]]
id = "1"
text = "surullinen"

[[item]]
id = "2"
text = "väsynyt"
"""


def with_finnish(text: str = FINNISH) -> Pathway:
    return read_pathway({**SMALL, NAME: text})


def test_the_words_of_one_language_are_replaced_and_the_others_stay() -> None:
    before, pathway = read_pathway(SMALL), with_finnish()
    question, was = pathway.questions["mood.1"], before.questions["mood.1"]
    assert (question.text["fi"], question.text["en"]) == ("surullinen", was.text["en"])
    assert question.stem["fi"] == "viime aikoina"
    assert [option.label["fi"] for option in question.options] == ["ei", "vähän", "paljon"]
    assert question.label == was.label
    wording = pathway.instruments["mood"].wording
    assert (wording["fi"].status, wording["fi"].licence) == ("published", "Not for sale.")
    assert wording["en"] == before.instruments["mood"].wording["en"]


def test_the_file_is_part_of_the_pathway_and_of_its_digest() -> None:
    pathway = with_finnish()
    assert NAME in pathway.files
    assert pathway.digest != read_pathway(SMALL).digest
    assert read_pathway(dict(pathway.files), kept=True).digest == pathway.digest
    edits = list_edits(pathway, with_finnish(FINNISH.replace("surullinen", "alakuloinen")))
    assert [(edit.part, edit.file) for edit in edits] == [("texts", NAME)]


def test_a_language_that_the_pathway_lacks_is_left_alone() -> None:
    german = {**SMALL, "instruments/mood.de.toml": "nonsense"}
    assert read_pathway(german).digest == read_pathway(SMALL).digest


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('instrument = "mood"', 'instrument = "moods"', "not named by its instrument"),
        ('language = "fi"', 'language = "sv"', "not named by its instrument"),
        ('"published"', '"none"', "leave the file out"),
        (', "paljon"', "", "has 2 options, and needs 3"),
        ('id = "2"', 'id = "3"', "item '3' is not known"),
        ('id = "2"', 'id = "1"', "item 1 is defined twice"),
        ('text = "väsynyt"', 'text = "väsynyt"\noptions = ["ei"]', "item 2: has 1 options"),
        ('[[item]]\nid = "2"\ntext = "väsynyt"\n', "", "item 2 is missing"),
        ('"surullinen"', '" "', "too short"),
    ],
)
def test_a_wording_that_does_not_fit_is_refused(old: str, new: str, message: str) -> None:
    files = {**SMALL, NAME: FINNISH}
    with pytest.raises(PathwayError, match=message):
        read_pathway(changed(NAME, old, new, files))


# -- what is shipped --------------------------------------------------------------------------


@cache
def shipped(name: str) -> Instrument:
    text = (PATHWAYS / "instruments" / f"{name}.toml").read_text(encoding="utf-8")
    return Instrument.model_validate(tomllib.loads(text))


def test_swedish_phq_9_is_published_on_its_own_terms_and_can_be_taken_out() -> None:
    pathway = built_in("adult")
    wording = pathway.instruments["phq9"].wording["sv"]
    assert wording.status == "published"
    assert "sale is forbidden" in wording.licence
    left = {
        name: text for name, text in pathway.files.items() if name != "instruments/phq9.sv.toml"
    }
    assert read_pathway(left).instruments["phq9"].wording["sv"].status == "working"


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_one_scale_has_one_wording_in_an_interview(language: str) -> None:
    mood, anxiety = (built_in("adult").questions[id_] for id_ in ("phq9.1", "gad7.1"))
    labels = [[o.label[language] for o in question.options] for question in (mood, anxiety)]
    assert labels[0] == labels[1]


def test_alcohol_answers_are_the_same_in_audit_c_and_audit() -> None:
    third = next(item for item in shipped("auditc").item if item.id == "3")
    assert [o.label for o in third.options] == [o.label for o in shipped("audit").options]


def test_the_item_on_difficulty_does_not_stand_under_the_stem_of_the_others() -> None:
    questions = built_in("adult").questions
    for language in ("en", "fi", "sv"):
        assert questions["phq9.1"].stem[language]
        assert not questions["phq9.difficulty"].stem.get(language)


@pytest.mark.parametrize("item", ["auditc.2", "auditc.3"])
@pytest.mark.parametrize("pathway", ["adult", "youth"])
def test_a_portion_is_explained_wherever_drinks_are_counted(pathway: str, item: str) -> None:
    explained = built_in(pathway).questions[item].explain
    assert set(explained) == {"en", "fi", "sv"}
    assert all("12 g" in text and "33 cl" in text for text in explained.values())


@pytest.mark.parametrize("pathway", ["adult", "youth", "follow_up"])
def test_both_ends_of_every_scale_are_named(pathway: str) -> None:
    for question in built_in(pathway).questions.values():
        if question.kind == "scale":
            assert set(question.low_label) == set(question.high_label) == {"en", "fi", "sv"}
