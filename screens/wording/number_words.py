"""Says a telephone number of an action card: who answers, when, and when that was last read."""

from __future__ import annotations

import re

from casework.language import Speech
from stepping.pathway.schema import CardNumber

_SPAN = re.compile(r"/(?:\d\d(?=\d\d$))?(.+)")
"""The end of a time from one to another; of a year its two last digits do."""


def number_words(number: CardNumber, language: str, t: Speech) -> str:
    """Return what stands beside a number, as in "Crisis line · 24 h · verified 2026-02"."""
    mark = t("not verified")
    if number.is_verified:
        mark = t("verified {when}", when=_SPAN.sub(r"–\1", number.verified or ""))
    hours = number.hours.get(language, "")
    return " · ".join(part for part in (number.label[language], hours, mark) if part)
