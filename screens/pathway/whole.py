"""Puts a pathway's document together and draws it in one of three formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from casework.language import speech
from screens.documents.as_html import as_html
from screens.documents.as_markdown import as_markdown
from screens.documents.as_text import as_text
from screens.documents.document import Block, Document
from screens.pathway.form_part import FormPart
from screens.pathway.rule_words import clearest_examples
from screens.pathway.rules_part import RulesPart
from stepping.pathway.model import Pathway

ReviewPart = Literal["rules", "form", "all"]
ReviewFormat = Literal["table", "markdown", "html"]

FORMATS: dict[ReviewFormat, Callable[[Document], str]] = {
    "table": as_text,
    "markdown": as_markdown,
    "html": as_html,
}
"""How each format draws a document."""


def review(pathway: Pathway, language: str, part: ReviewPart = "all") -> Document:
    """Return what is to be read of a pathway: its rules, its questions as a form, or both."""
    blocks = _parts(pathway, language, part)
    return _document(pathway, language, blocks, upright=part == "form")


def review_of_rule(pathway: Pathway, language: str, rule_id: str) -> Document:
    """Return one rule of a pathway under its header.

    Raises:
        StopIteration: If the pathway has no such rule.
    """
    part = RulesPart(pathway, language)
    table = part.table([pathway.rule(rule_id)], clearest_examples(pathway))
    return _document(pathway, language, iter([*part.header(), table]))


def _parts(pathway: Pathway, language: str, part: ReviewPart) -> Iterator[Block]:
    rules = RulesPart(pathway, language)
    yield from rules.header()
    if part != "form":
        yield from rules.blocks()
    if part != "rules":
        yield from FormPart(pathway, language).blocks()


def _document(
    pathway: Pathway, language: str, blocks: Iterator[Block], *, upright: bool = False
) -> Document:
    header, t = pathway.header, speech(language)
    state = t("approved") if header.status == "approved" else t("draft")
    title = f"{header.title[language]} · {header.id} {header.version} ({state})"
    return Document(title, language, tuple(blocks), upright)
