"""Says what a rule stands on in the language of the page: publications by their own names.

Sources are written in English, with remarks for whoever reviews the rule. A page in another
language has the names alone, and in words of its own that a part is local or not verified.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from casework.language import DEFAULT, N_, Speech

PATHWAYS = {"adult": N_("adult"), "youth": N_("youth"), "follow_up": N_("follow_up")}
"""The pathways that come with Porras; others are told by the id that their owner gave them."""

_NAMES = (
    N_("Tays referral instructions of the eating disorder clinic"),
    N_("Päijät-Häme work ability support team"),
    N_("Oma Häme service strategy 2026"),
    N_("Western Uusimaa county"),
    N_("Work Ability Programme"),
    N_("PHQ-9 and GAD-7 bands"),
    N_("AUDIT, WHO zones"),
    N_("Tays referral limits"),
    N_("referral instructions"),
    N_(" and "),
)
"""Names that have a form in each language, the longer ones first."""
_ASIDE = re.compile(r" \([^()]*\)")
_PARTS = re.compile(r"; |\. (?=[A-Z])")
_STUDY = re.compile(r", as in (NCT\d+)")
_REMARK = re.compile(
    r"(?:,? for (?:what|the|this)\b|, made for |, not verified|: [aw]|, item | points ).*"
)
_NO_NAME = re.compile(r"^Local proposal| (?:is|are|awaits?|stands) ")


def pathway_name(id_: str, t: Speech) -> str:
    """Return a pathway's short name."""
    return t(PATHWAYS[id_]) if id_ in PATHWAYS else id_


def source_words(source: str, t: Speech) -> str:
    """Return a source: in English whole, in other languages the names of its publications.

    Nothing comes back of what has no publication.
    """
    if t.language == DEFAULT:
        return source
    told = list(dict.fromkeys(_names(source, t)))
    if "not verified" in source:
        told.append(t("not verified in every part"))
    return "; ".join(told)


def _names(source: str, t: Speech) -> Iterator[str]:
    for part in _PARTS.split(_ASIDE.sub("", source)):
        name = _REMARK.sub("", _STUDY.sub(r" \1", part)).rstrip(".")
        if not _NO_NAME.search(part.partition(":")[0]):
            for known in _NAMES:
                name = name.replace(known, t(known))
            yield name
