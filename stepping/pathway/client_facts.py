"""What the client card tells a pathway: the facts that nobody is asked for."""

from __future__ import annotations

from datetime import date

from stepping.pathway.model import Answer

AGE, SEX = "client.age", "client.sex"
OLDEST = 120
"""The highest age of a client, in years."""


def birth_years(today: date) -> range:
    """Return the years in which a client of today may be born."""
    return range(today.year - OLDEST, today.year + 1)


def highest_age(birth_year: int | None, today: date) -> int | None:
    """Return the highest age that somebody may have on a day; None while the year is not known."""
    return None if birth_year is None else today.year - birth_year


def card_facts(birth_year: int | None, sex: str | None, began: date) -> dict[str, Answer]:
    """Return the facts of a client's card for an assessment.

    The age on the first day, in Finnish time, is by year of birth alone, so it is the highest that
    the client may have. While the year is not known the age is a fact that is missing.
    """
    facts: dict[str, Answer] = {}
    if birth_year is not None:
        facts[AGE] = began.year - birth_year
    if sex:
        facts[SEX] = sex
    return facts
