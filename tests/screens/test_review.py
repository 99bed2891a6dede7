"""If these fail, what a doctor signs is not what decides, or a paper says more than it may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from typing import get_args

import pytest
from rich.cells import cell_len

from casework.language import LANGUAGES, speech
from screens.documents.as_html import as_html
from screens.documents.as_markdown import as_markdown
from screens.documents.as_text import as_text
from screens.documents.document import Block, Boxes, Heading, Piece, Prose, Ruled, Table
from screens.pathway.form_part import FormPart
from screens.pathway.rule_words import clearest_examples
from screens.pathway.rules_part import RulesPart, notices
from screens.pathway.whole import FORMATS, ReviewFormat, ReviewPart, review, review_of_rule
from stepping.decision.decide import decide
from stepping.pathway.model import Pathway
from stepping.pathway.reader import read_pathway
from stepping.proofs.examples import example_answers
from store.paths import PATHWAYS
from store.pathway_files.files import built_in, ids
from tests.stepping.cases import SMALL, added, adult, changed, small

ADULT = adult()
HOSTILE = "<script>alert(1)</script> | [a](http://b) `c` **d** &lt; \\u001b[31m"


def flat(text: str) -> str:
    """A text as if it were one long line."""
    return " ".join(text.split())


class Page(HTMLParser):
    """What a browser would make of a page: its tags, attributes and words."""

    VOID = ("meta",)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return flat(" ".join(self.words))


def said(text: str, form: str) -> str:
    """The words of a document without its markup."""
    if form == "html":
        return Page(text).text
    if form == "markdown":
        text = re.sub(r"\\([^\w\s])", r"\1", text.replace("<br>", " "))
    return flat(text)


def hostile() -> Pathway:
    """A pathway, kept by an older program, with markup and controls wherever words may stand."""
    files = changed("pathway.toml", 'owner = "test"', f'owner = "{HOSTILE}"')
    files = changed("questions.toml", 'en = "danger?"', f'en = "{HOSTILE}"', files)
    files = changed("rules.toml", 'en = "very low"', f'en = "{HOSTILE}"', files)
    return read_pathway(files, kept=True)


# -- every output -------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", ["rules", "form", None])
def test_every_output_says_what_it_is_not(
    form: ReviewFormat, language: str, part: ReviewPart | None
) -> None:
    document = review(ADULT, language, part) if part else review_of_rule(ADULT, language, "A2")
    text = said(FORMATS[form](document), form)
    t = speech(language)
    for notice in (
        t("This version is a draft: it is not approved for use with clients."),
        t("Porras is not a CE-marked medical device."),
        *notices(ADULT, t),
        ADULT.digest,
    ):
        assert flat(notice) in text


def test_an_approved_version_names_who_approved_it() -> None:
    files = changed(
        "pathway.toml",
        'status = "draft"',
        'status = "approved"\nreviewed_by = "Dr Test"\nreviewed_on = "2026-11-20"',
    )
    text = as_text(review(read_pathway(files), "en"))
    assert "Approved by Dr Test on 2026-11-20." in text
    assert "is a draft" not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ids(PATHWAYS))
def test_plain_text_fits_the_terminal(name: str, language: str) -> None:
    lines = as_text(review(built_in(name), language)).split("\n")
    assert [line for line in lines if cell_len(line) > 78] == []


@pytest.mark.parametrize("form", FORMATS)
def test_both_parts_stand_in_the_whole(form: ReviewFormat) -> None:
    draw = FORMATS[form]
    rules, paper, whole = (
        said(draw(review(ADULT, "en", part)), form) for part in get_args(ReviewPart)
    )
    assert len(whole) > len(rules) > 1000
    assert ADULT.rule("A2").rule.because["en"] in rules
    assert ADULT.rule("A2").rule.because["en"] not in paper
    assert ADULT.questions["danger.child"].text["en"] in paper
    assert ADULT.questions["danger.child"].text["en"] not in rules


# -- rules --------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_is_told_whole(form: ReviewFormat, language: str) -> None:
    text = said(FORMATS[form](review(ADULT, language, "rules")), form)
    for ready in ADULT.rules:
        rule = ready.rule
        for words in (f"{rule.id} · ", rule.because[language], rule.source):
            assert flat(words) in text, words
        assert flat(str(ready.condition)) in text
        for card, _ in ready.cards:
            assert card.title[language] in text


def test_what_is_local_is_marked_for_sign_off() -> None:
    table = RulesPart(ADULT, "en").table([ADULT.rule("S3"), ADULT.rule("A2")], {})
    local, guideline = (row[3][-1] for row in table.rows)
    assert local == Piece("local proposal, needs clinical sign-off", "strong")
    assert guideline == Piece("guideline", "quiet")


def test_the_example_of_a_rule_is_one_in_which_it_fires() -> None:
    examples = clearest_examples(ADULT)
    assert set(examples) == {rule.id for rule in ADULT.rules}, "every rule has an example"
    for rule_id, example in examples.items():
        decision = decide(ADULT, example_answers(ADULT, example), example.recorded)
        assert rule_id in [fired.id for fired in decision.rules]


def test_a_rule_without_an_example_says_so() -> None:
    assert clearest_examples(small()) == {}
    assert "Example: none of the pathway's examples" in as_text(review(small(), "en"))


def test_what_to_weigh_stands_with_the_rule_that_leaves_the_step_open() -> None:
    weigh = 'at_least = 1\nor_above = true\nconsider = { en = "the wish", fi = "toive" }'
    pathway = read_pathway(changed("rules.toml", "at_least = 1", weigh))
    text = as_text(review_of_rule(pathway, "en", "R2"))
    assert "R2 · at least step 1: help or above" in text
    assert "to weigh when choosing: the wish" in text


def test_an_overlap_tells_which_pathway_leads() -> None:
    overlap = """
[[overlap]]
pathway = "youth"
ages = { from = 18, to = 22 }
leads = "youth"
because = { en = "its services", fi = "palvelut" }
"""
    text = flat(as_text(review(read_pathway(added("pathway.toml", overlap)), "en")))
    assert "ages 18–22 also belong to the pathway youth; youth leads: its services" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_cards_interventions_and_instruments_are_there_whole(language: str) -> None:
    text = flat(as_text(review(ADULT, language, "rules")))
    for card in ADULT.cards.values():
        assert flat(card.lead[language]) in text
        for step in card.steps:
            assert flat(step.text[language]) in text
        for number in card.numbers:
            assert f"{number.number} {number.label[language]}" in text
    for ready in ADULT.interventions:
        content = ready.content
        assert flat(content.title[language]) in text
        for row in (*content.suits, *content.excluded_if, *content.requires):
            assert flat(row.because[language]) in text
    for instrument in ADULT.instruments.values():
        assert flat(instrument.licence) in text
        for positive in instrument.positive:
            for row_ in positive.rows:
                assert flat(row_.source) in text


def test_there_is_a_place_to_sign() -> None:
    blocks = list(RulesPart(ADULT, "en").signature())
    assert Ruled(("Name", "Role", "Place and date", "Signature")) in blocks
    prose = next(block for block in blocks if isinstance(block, Prose))
    assert f"adult {ADULT.header.version}" in prose.pieces[0].text
    assert ADULT.digest[:12] in prose.pieces[0].text


# -- the form -----------------------------------------------------------------------------------


def answers_of(blocks: list[Block]) -> Iterator[tuple[str, Block]]:
    """Each numbered question of a form with what follows it."""
    for block, after in pairwise(blocks):
        if isinstance(block, Prose) and re.match(r"\d+\. ", block.pieces[0].text):
            yield block.pieces[0].text, after


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_is_asked_once_with_its_answers(language: str) -> None:
    blocks = list(FormPart(ADULT, language).blocks())
    asked = list(answers_of(blocks))
    assert len(asked) == len(ADULT.questions)
    for (text, answer), question in zip(asked, ADULT.questions.values(), strict=True):
        assert question.text[language] in text
        assert ("*" in text[-2:]) == question.required
        assert text.endswith("!") == bool(question.safety)
        if question.kind == "yesno":
            assert isinstance(answer, Boxes)
            assert len(answer.labels) == len(question.words)
        for option in question.options:
            assert isinstance(answer, Boxes)
            assert any(label.endswith(option.label[language]) for label in answer.labels)
        if question.kind == "integer" and question.high - question.low > 10:
            assert isinstance(answer, Ruled)
            assert f"({question.low}–{question.high})" in answer.labels[0]


def test_a_scale_has_a_box_for_each_number_and_its_ends() -> None:
    asked = dict(answers_of(list(FormPart(ADULT, "en").blocks())))
    answer = next(answer for text, answer in asked.items() if "work ability" in text)
    assert isinstance(answer, Boxes)
    labels = answer.labels
    assert labels[0] == "0 unable to work"
    assert labels[1:10] == tuple(map(str, range(1, 10)))
    assert labels[10] == "10 at its best ever"


def test_a_wording_that_is_not_official_says_so() -> None:
    def statuses(language: str) -> dict[str, str]:
        blocks = list(FormPart(ADULT, language).blocks())
        return {
            heading.text: prose.pieces[0].text
            for heading, prose in pairwise(blocks)
            if isinstance(heading, Heading) and heading.level == 3 and isinstance(prose, Prose)
        }

    assert "not official" not in statuses("en")["Mood questionnaire (PHQ-9)"]
    assert "ei virallinen" in statuses("fi")["Mielialakysely (PHQ-9)"]
    assert "inte officiell" in statuses("sv")["Ångestenkät (GAD-7)"]


def test_a_condition_of_asking_is_told_in_words() -> None:
    text = flat(as_text(review(ADULT, "en", "form")))
    assert "Asked when “PHQ-9 item 9 (death or self-harm)” is 0 (“Not at all”)." in text
    numbers = {id_: n for n, id_ in enumerate(ADULT.questions, start=1)}
    assert f"Asked when question {numbers['asq.1']} is asked." in text


# -- safe documents -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_needs_nothing_from_elsewhere_and_runs_nothing(language: str) -> None:
    text = as_html(review(ADULT, language))
    page = Page(text)
    assert not set(page.tags) & {"script", "link", "img", "iframe", "object", "form", "base", "a"}
    names = {name for name, _ in page.attributes}
    assert not names & {"src", "href"}
    assert not [name for name in names if name.startswith("on")]
    assert ("lang", language) in page.attributes
    assert ("charset", "utf-8") in page.attributes
    assert "url(" not in text
    assert "@import" not in text
    assert "@media print" in text


def test_what_a_pathway_says_never_becomes_html() -> None:
    text = as_html(review(hostile(), "en"))
    page = Page(text)
    assert "script" not in page.tags
    assert page.text.count("<script>alert(1)</script> | [a](http://b) `c` **d** &lt;") == 3
    assert "\x1b" not in text


def test_what_a_pathway_says_never_becomes_markdown() -> None:
    text = as_markdown(review(hostile(), "en"))
    assert text.count("\\<script\\>alert(1)\\</script\\> \\| \\[a\\](http://b) \\`c\\`") == 3
    assert "\x1b" not in text
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        cells = {len(re.findall(r"(?<!\\)\|", row)) for row in table.rstrip("\n").split("\n")}
        assert len(cells) == 1, table


def test_plain_text_cannot_steer_the_terminal() -> None:
    text = as_text(review(hostile(), "en"))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    assert "<script>alert(1)</script>" in text


def test_every_row_of_a_table_is_as_wide_as_its_headings() -> None:
    for block in review(ADULT, "en").blocks:
        if isinstance(block, Table):
            assert {len(row) for row in block.rows} == {len(block.headings)}


def test_the_small_pathway_is_told_too() -> None:
    """One without cut-offs, and with a language less than the program speaks."""
    assert set(SMALL) > {"rules.toml"}
    for draw in FORMATS.values():
        assert "R3" in draw(review(small(), "fi"))
