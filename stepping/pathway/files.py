"""The names of a pathway's files."""

from __future__ import annotations

HEADER, QUESTIONS, RULES = "pathway.toml", "questions.toml", "rules.toml"
INTERVENTIONS, EXAMPLES = "interventions.toml", "examples.toml"
OWN_FILES = (HEADER, QUESTIONS, RULES, INTERVENTIONS, EXAMPLES)
"""The files that every pathway folder holds."""


def instrument_file(id_: str) -> str:
    """Return the name of an instrument's file."""
    return f"instruments/{id_}.toml"


def translation_file(id_: str, language: str) -> str:
    """Return the name of the file that holds an instrument's wording in one language."""
    return f"instruments/{id_}.{language}.toml"


def card_file(id_: str) -> str:
    """Return the name of an action card's file."""
    return f"cards/{id_}.toml"
