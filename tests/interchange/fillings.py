"""What is filled into a form: each filling as answers to give, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from stepping.pathway.model import DECLINED
from tests.stepping.interchange.reading import all_items, is_question, is_shown

Json = dict[str, Any]
Filling = dict[str, Any]
Choice = Callable[[Json, int], int]
"""Which answer is given to a question and its number: the place in the list, or the number."""

_WITH_A_GATE = {"auditc": "auditc.1", "audit": "auditc.1", "pcptsd5": "pcptsd5.gate"}
"""The question whose lowest answer hides others."""
_YES = "LA33-6"


def fillings_of(name: str, form: Json) -> list[Filling]:
    """Three fillings or more: the worst, a mixed one, one left out, declined, changes of mind."""
    items = [item for item in all_items(form).values() if _can_be_given(item)]
    worst = [*_walk(items, _worst)]
    mixed = [*_walk(items, _mixed)]
    told = [
        {"name": "worst", "choose": worst},
        {"name": "mixed", "choose": mixed},
        {"name": "last left out", "choose": mixed[:-2]}
        if len(mixed) > 2
        else {"name": "least", "choose": [*_walk(items, _least)]},
    ]
    if any(_declined(item) for item in items):
        told.append({"name": "some declined", "choose": [*_walk(items, _any)]})
    if gate := next((i for i in items if i["linkId"] == _WITH_A_GATE.get(name)), None):
        after = [_give(item, 1) for item in items if item["linkId"].startswith(f"{name}.")]
        kept = [each for each in after if name == "audit"]
        told.append({"name": "hidden", "choose": [_give(gate, 0), *kept]})
        changed = [*(_give(item, 1) for item in items), _give(gate, 0)]
        told.append({"name": "hidden again", "choose": changed})
    return told


def _can_be_given(item: Json) -> bool:
    """Whether an item takes a choice or a number; what is typed in words decides nothing."""
    return is_question(item) and ("answerOption" in item or item["type"] == "integer")


def _walk(items: list[Json], choice: Choice) -> Iterator[tuple[str, Json]]:
    """Yield an answer to each question that is shown by those before it."""
    given: dict[str, Any] = {}
    for number, item in enumerate(items, start=1):
        if is_shown(item, given):
            link, answer = _give(item, choice(item, number))
            given[link] = answer.get("code", answer.get("number"))
            yield link, answer


def _worst(item: Json, number: int) -> int:
    if item["type"] == "integer":
        return _ends(item)[1]
    codes = [option["valueCoding"]["code"] for option in item["answerOption"]]
    return codes.index(_YES) if _YES in codes else len(codes) - 1 - _declined(item)


def _least(item: Json, number: int) -> int:
    return _ends(item)[0] if item["type"] == "integer" else 0


def _mixed(item: Json, number: int) -> int:
    if item["type"] == "integer":
        low, high = _ends(item)
        return low + number % (high - low + 1)
    return number % (len(item["answerOption"]) - _declined(item))


def _any(item: Json, number: int) -> int:
    return -1 if _declined(item) and number % 5 == 0 else _mixed(item, number)


def _declined(item: Json) -> bool:
    """Whether the last answer says that there is none."""
    options = item.get("answerOption")
    return bool(options and options[-1]["valueCoding"]["code"].endswith(f":{DECLINED}"))


def _ends(item: Json) -> tuple[int, int]:
    low, high, *_ = (each["valueInteger"] for each in item["extension"] if "valueInteger" in each)
    return low, high


def _give(item: Json, which: int) -> tuple[str, Json]:
    if item["type"] == "integer":
        return item["linkId"], {"number": which}
    coding = item["answerOption"][which]["valueCoding"]
    return item["linkId"], {"label": coding["display"], "code": coding["code"]}
