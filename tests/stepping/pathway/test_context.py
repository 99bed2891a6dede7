"""A question may be context: asked and noted, deciding nothing; what decides never names it."""

from __future__ import annotations

import pytest

from screens.documents.as_text import as_text
from screens.pathway.whole import review
from stepping.decision.decide import decide
from stepping.decision.interview import shown_pages
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.reader import read_pathway
from stepping.proofs.checker import check_pathway
from tests.stepping.cases import SMALL, Case, changed, text

QUESTIONS, RULES, CARE = "questions.toml", "rules.toml", "interventions.toml"


def asked(more: str = "context = true", id_: str = "segment") -> str:
    return f"""
[[ask]]
id = "{id_}"
section = "first"
type = "integer"
min = 1
max = 4
required = true
{more}
text = {text("which segment?")}
label = {text("segment")}
source = "own words"
basis = "local"
"""


def with_context(*files: tuple[str, str], more: str = "context = true") -> dict[str, str]:
    """The small pathway with a context question, and texts added to files."""
    texts = {**SMALL, QUESTIONS: SMALL[QUESTIONS] + asked(more)}
    for file, added in files:
        texts[file] += added
    return texts


def faults(files: dict[str, str]) -> list[str]:
    with pytest.raises(PathwayError) as refused:
        read_pathway(files)
    return [str(problem) for problem in refused.value.diagnostics]


def test_a_context_question_is_asked_and_required_and_decides_nothing() -> None:
    pathway = read_pathway(with_context())
    assert not [f for f in check_pathway(pathway).findings if f.of == "segment"]
    assert "segment" in [question.id for page in pathway.pages for question in page.questions]
    well: Case = {"client.age": 40, "danger": "no", "mood.1": 0, "mood.2": 0}
    assert decide(pathway, well).required == ("segment",)
    steps = {decide(pathway, {**well, "segment": number}).step for number in (1, 2, 3, 4)}
    assert steps == {0}
    assert any(page.id == "segment" for page in shown_pages(pathway, well))


def test_without_the_word_it_is_unused_and_the_check_says_the_word() -> None:
    findings = check_pathway(read_pathway(with_context(more=""))).errors
    told = next(finding for finding in findings if finding.kind == "unused_question")
    assert "context = true" in str(told)


RULE = f"""
[[rule]]
id = "R9"
when = "segment >= 3"
EFFECT
because = {text("so")}
source = "test"
basis = "local"
"""
PLACES = {
    "a floor": (RULES, RULE.replace("EFFECT", "at_least = 1"), "segment >= 3"),
    "a stop": (
        RULES,
        RULE.replace("EFFECT", 'stop = "week"\ncards = [{ card = "danger" }]'),
        "segment >= 3",
    ),
    "a card": (
        RULES,
        RULE.replace("segment >= 3", "danger").replace(
            "EFFECT", 'stop = "emergency"\ncards = [{ card = "danger", when = "segment >= 2" }]'
        ),
        "segment >= 2",
    ),
    "a fact": (
        RULES,
        f'\n[[fact]]\nid = "many"\nwhen = "segment >= 4"\nlabel = {text("many")}\n',
        "segment >= 4",
    ),
    "a count": (
        RULES,
        f'\n[[fact]]\nid = "many"\ncount = ["danger", "segment >= 4"]\nlabel = {text("many")}\n',
        "segment >= 4",
    ),
    "a question that decides": (
        QUESTIONS,
        asked('ask_if = "segment >= 2"', "later"),
        "segment >= 2",
    ),
    "a form of care": (
        CARE,
        f'\n[[intervention.suits]]\nwhen = "segment >= 2"\nbecause = {text("many")}\n',
        "segment >= 2",
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_nothing_that_decides_may_name_it(place: str) -> None:
    file, added, condition = PLACES[place]
    files = with_context((file, added))
    told = faults(files)
    message = f"in {condition!r}: segment is context, so nothing that decides may depend on it"
    assert len(told) == 1 and message in told[0]
    line = int(told[0].split(":")[1])
    assert told[0].startswith(f"{file}:")
    assert "segment" in files[file].splitlines()[line - 1]


def test_another_context_question_may_hang_on_it() -> None:
    more = asked('context = true\nask_if = "segment >= 3 and mood.total >= 2"', "referrer")
    pathway = read_pathway(with_context((QUESTIONS, more)))
    assert not [f for f in check_pathway(pathway).errors if f.of in ("segment", "referrer")]


def test_danger_is_no_context() -> None:
    message = "what is asked about danger opens a stop, so it is no context"
    assert message in faults(with_context(more='worse = "up"\nsafety = true\ncontext = true'))[0]


def used(items: str = "") -> dict[str, str]:
    """The small pathway with its instrument as context, and no rule of its own about mood."""
    files = changed(
        QUESTIONS, 'instrument = "mood"', f'instrument = "mood"\ncontext = true\n{items}'
    )
    files = changed(QUESTIONS, 'ask_if = "mood.total >= 1"\n', "", files)
    files = changed(CARE, 'when = "mood.total >= 1"', 'when = "weeks >= 1"', files)
    files = changed(RULES, 'when = "mood.total >= 2"', 'when = "weeks >= 2"', files)
    return changed(RULES, 'when = "mood.total >= 3"', 'when = "weeks >= 3"', files)


POSITIVE = f"""
[[positive]]
id = "positive"
label = {text("mood is low")}
rows = [{{ when = "mood.total >= 2", source = "test" }}]
"""


def test_an_instrument_may_be_noted_and_followed_only() -> None:
    files = used()
    files["instruments/mood.toml"] += POSITIVE
    pathway = read_pathway(files)
    for id_ in ("mood.1", "mood.2", "mood.total", "mood.positive"):
        assert pathway.facts[id_].context
    well: Case = {"client.age": 40, "danger": "no", "mood.1": 2, "mood.2": 1, "weeks": 0}
    assert decide(pathway, well).scores == {"mood.total": 3}
    assert not [f for f in check_pathway(pathway).errors if f.of.startswith("mood")]
    files[RULES] += RULE.replace("EFFECT", "at_least = 1").replace("segment >= 3", "mood.positive")
    assert "mood.positive is context" in faults(files)[0]


def test_a_difference_is_not_made_of_context() -> None:
    files = used()
    files[QUESTIONS] = (
        f'[[given]]\nid = "before.mood"\ntype = "integer"\nmax = 4\nlabel = {text("before")}\n'
        + files[QUESTIONS]
    )
    files[RULES] = (
        f'[[fact]]\nid = "change"\ndifference = ["mood.total", "before.mood"]\n'
        f"label = {text('change')}\n" + files[RULES]
    )
    assert "mood.total is context" in faults(files)[0]


def test_the_form_says_that_it_is_only_noted() -> None:
    shown = as_text(review(read_pathway(with_context()), "en", "form"))
    assert "Noted; it decides nothing." in shown
