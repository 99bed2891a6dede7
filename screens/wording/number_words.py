"""Says a telephone number of an action card: who answers, when, and when that was last read."""

from __future__ import annotations

import re

from casework.language import N_, Speech
from stepping.pathway.schema import CardNumber

_SPAN = re.compile(r"(\d\d)(\d\d)/(?:\1)?(\d\d)")
"""From one year to another; of the second its two last digits do."""
_MONTH = re.compile(r"(\d{4})-(\d\d)")


def number_words(number: CardNumber, language: str, t: Speech) -> str:
    """Return what stands beside a number, as in "Crisis line · 24 h · verified 2026-02"."""
    mark = t("not verified")
    if number.is_verified:
        mark = t("verified {when}", when=_when(number.verified or "", t))
    hours = number.hours.get(language, "")
    return " · ".join(part for part in (number.label[language], hours, mark) if part)


def _when(verified: str, t: Speech) -> str:
    """Return a day, a month or a year, or from one to another, as the language writes it."""
    if years := _SPAN.fullmatch(verified):
        return f"{years[1]}{years[2]}–{years[3]}"
    return "–".join(_part(part, t) for part in verified.split("/"))


def _part(part: str, t: Speech) -> str:
    if month := _MONTH.fullmatch(part):
        return t(N_("{year}-{month:02}"), year=int(month[1]), month=int(month[2]))
    return str(t.told(part))
