"""An instrument by itself, as a pathway that asks nothing else: the same code makes its form."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace

from stepping.pathway.files import instrument_file
from stepping.pathway.model import Pathway
from stepping.pathway.reader import read_pathway

ALONE = "alone"
"""The id of the pathway as which an instrument is read by itself."""

_HEADER = """\
id = "alone"
version = "1"
status = "draft"
owner = "Porras"
languages = ["en", "fi", "sv"]
ages = {{ from = 0, to = 120 }}
title = {{ en = "{name}", fi = "{name}", sv = "{name}" }}
emergency_cards = []

[[step]]
number = 0
name = {{ en = "-", fi = "-", sv = "-" }}
summary = {{ en = "-", fi = "-", sv = "-" }}

[[section]]
id = "alone"
title = {{ en = "{name}", fi = "{name}", sv = "{name}" }}
"""
_GIVEN = """\
[[given]]
id = "client.age"
type = "integer"
min = 0
max = 120
label = { en = "age", fi = "ikä", sv = "ålder" }

[[given]]
id = "client.sex"
type = "choice"
options = [
  { id = "f", label = { en = "woman", fi = "nainen", sv = "kvinna" } },
  { id = "m", label = { en = "man", fi = "mies", sv = "man" } },
  { id = "x", label = { en = "other", fi = "muu", sv = "annat" } },
]
default = "x"
label = { en = "sex", fi = "sukupuoli", sv = "kön" }
"""
_ASK = """\
[[ask]]
instrument = "{name}"
section = "alone"
"""
_RULE = """\
[[rule]]
id = "none"
when = "client.age >= 1"
at_least = 0
because = { en = "-", fi = "-", sv = "-" }
source = "none: an instrument alone decides nothing"
basis = "local"
"""
_INTERVENTION = """\
[[intervention]]
id = "none"
steps = [0]
title = { en = "-", fi = "-", sv = "-" }
summary = { en = "-", fi = "-", sv = "-" }
dose = { en = "-", fi = "-", sv = "-" }
delivered_by = { en = "-", fi = "-", sv = "-" }
follow_up = { en = "-", fi = "-", sv = "-" }
source = "none: an instrument alone offers nothing"
basis = "local"
"""


def read_alone(files: Mapping[str, str], instrument: str) -> Pathway:
    """Read an instrument by itself, after those of which its totals count items too.

    `files` maps names such as `instruments/phq9.toml` to their texts. What the pathway says of
    steps and rules is nothing; it is there for its questions and facts. None may be declined: an
    instrument has the answers that its authors gave it.

    Raises:
        PathwayError: With every fault of the instruments' files.
    """
    shared = {name: text for name, text in files.items() if name.startswith("instruments/")}
    asked = (*_counted_too(shared.get(instrument_file(instrument), "")), instrument)
    alone = {
        "pathway.toml": _HEADER.format(name=instrument),
        "questions.toml": _GIVEN + "".join(_ASK.format(name=name) for name in asked),
        "rules.toml": _RULE,
        "interventions.toml": _INTERVENTION,
        "examples.toml": "",
    }
    pathway = read_pathway({**shared, **alone})
    pages = (
        replace(page, questions=tuple(replace(q, declinable=False) for q in page.questions))
        for page in pathway.pages
    )
    return replace(pathway, pages=tuple(pages))


def _counted_too(text: str) -> tuple[str, ...]:
    """Return the other instruments whose totals one adds to its own, each once."""
    try:
        totals = tomllib.loads(text).get("total", [])
        named = [str(fact) for total in totals for fact in total.get("plus", [])]
    except (ValueError, AttributeError, TypeError):  # the reader tells what is wrong, by its line
        return ()
    return tuple(dict.fromkeys(fact.partition(".")[0] for fact in named))
