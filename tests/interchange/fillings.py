"""What is filled into an instrument's form: each filling as labels to press, in order."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
Filling = dict[str, Any]

_WITH_A_GATE = {"auditc": "auditc.1", "audit": "auditc.1", "pcptsd5": "pcptsd5.gate"}
"""The question whose lowest answer hides others."""


def fillings_of(name: str, form: Json) -> list[Filling]:
    """Three fillings or more: the worst, a mixed one, one left out, and changes of mind."""
    items = [item for group in form["item"] for item in group["item"] if "answerOption" in item]
    mixed = [_press(item, number) for number, item in enumerate(items, start=1)]
    told = [
        {"name": "worst", "choose": [_press(item, -1) for item in items]},
        {"name": "mixed", "choose": mixed},
        {"name": "last left out", "choose": mixed[:-2]},
    ]
    if gate := next((i for i in items if i["linkId"] == _WITH_A_GATE.get(name)), None):
        after = [_press(item, 1) for item in items if item["linkId"].startswith(f"{name}.")]
        kept = [each for each in after if name == "audit"]
        told.append({"name": "hidden", "choose": [_press(gate, 0), *kept]})
        changed = [*(_press(item, 1) for item in items), _press(gate, 0)]
        told.append({"name": "hidden again", "choose": changed})
    return told


def _press(item: Json, number: int) -> tuple[str, str]:
    options = item["answerOption"]
    option = options[number if number < 0 else number % len(options)]
    return item["linkId"], option["valueCoding"]["display"]
