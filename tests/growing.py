"""Pathways of any size, for measuring how a check grows as questions and rules double."""

from __future__ import annotations

import json
from random import Random

from stepping.pathway.model import Pathway
from stepping.pathway.reader import read_pathway

_OWN = 'source = "made for measuring"\nbasis = "local"\n'


def grown_pathway(size: int, seed: int = 1) -> Pathway:
    """Return a pathway of so many questions rated 0-4 and as many floors.

    Every floor names three questions; a count of all questions decides one more floor, so that
    everything hangs together as it does in a real scheme.
    """
    random = Random(seed)
    questions = [_question(number) for number in range(size)]
    rules = [_counted(size), _floor("all", "marked >= 3", 3)]
    for number in range(size):
        first = random.randrange(max(1, size - 7))
        a, b, c = random.sample(range(first, min(size, first + 8)), 3)
        level = random.choice((1, 2, 3))
        when = f"q{a} >= {level + 1} or (q{b} >= {level} and q{c} >= {random.choice((1, 2, 3))})"
        rules.append(_floor(f"r{number}", when, level))
    return read_pathway(
        {
            "pathway.toml": _HEADER,
            "questions.toml": "\n".join(questions),
            "rules.toml": "\n".join(rules),
            "interventions.toml": "\n".join(_care(step) for step in range(4)),
            "examples.toml": "",
        }
    )


def _text(words: str) -> str:
    return f"{{ en = {json.dumps(words)} }}"


_HEADER = (
    f"""\
id = "grown"
version = "1"
status = "draft"
owner = "nobody"
languages = ["en"]
ages = {{ from = 0, to = 120 }}
title = {_text("grown")}
emergency_cards = []
"""
    + "".join(
        f"\n[[step]]\nnumber = {n}\nname = {_text('s')}\nsummary = {_text('s')}\n" for n in range(4)
    )
    + f"""
[[section]]
id = "one"
title = {_text("one")}
"""
)


def _question(number: int) -> str:
    options = ", ".join(f'{{ id = "{n}", label = {_text(str(n))} }}' for n in range(5))
    return f"""\
[[ask]]
id = "q{number}"
section = "one"
type = "choice"
worse = "up"
text = {_text("?")}
label = {_text(f"question {number}")}
options = [ {options} ]
{_OWN}"""


def _counted(size: int) -> str:
    count = ", ".join(f'"q{number} >= 3"' for number in range(size))
    return f'[[fact]]\nid = "marked"\ncount = [ {count} ]\nlabel = {_text("marked")}\n'


def _floor(id_: str, when: str, level: int) -> str:
    return f"""\
[[rule]]
id = "{id_}"
when = "{when}"
at_least = {level}
because = {_text("so it is")}
{_OWN}"""


def _care(step: int) -> str:
    words = "".join(
        f"{key} = {_text('x')}\n"
        for key in ("title", "summary", "dose", "delivered_by", "follow_up")
    )
    return f'[[intervention]]\nid = "i{step}"\nsteps = [{step}]\n{words}{_OWN}'
