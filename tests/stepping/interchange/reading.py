"""A form read as another program reads it: which questions it shows, and what its totals are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
Given = Mapping[str, Any]
"""What is chosen or typed, by linkId: a code, or a whole number."""


def all_items(form: Json) -> dict[str, Json]:
    """Every item of a form's groups by its link."""
    return {item["linkId"]: item for group in form["item"] for item in group["item"]}


def is_question(item: Json) -> bool:
    return item["type"] not in ("group", "display") and not item.get("readOnly")


def is_shown(item: Json, given: Given) -> bool:
    """What FHIR R4 says of `enableWhen`, on answers of questions that are shown or not."""
    conditions = item.get("enableWhen", [])
    if not conditions:
        return True
    held = [_holds(condition, given.get(condition["question"])) for condition in conditions]
    return any(held) if item.get("enableBehavior") == "any" else all(held)


def _holds(condition: Json, answer: Any) -> bool:
    if condition["operator"] == "exists":
        return bool((answer is not None) == condition["answerBoolean"])
    if answer is None:
        return False
    if "answerCoding" in condition:
        assert condition["operator"] == "="
        return bool(answer == condition["answerCoding"]["code"])
    number = condition["answerInteger"]
    return bool(
        {"=": answer == number, ">=": answer >= number, "<=": answer <= number}[
            condition["operator"]
        ]
    )


_ROOTS = {"sdc": "%resource.item.item", "refero": "QuestionnaireResponse.item.item"}
_CHOSEN = re.compile(
    r"ITEMS\.where\((?P<links>[^)]*)\)\.answer\.value"
    r"(?:\.where\((?P<codes>[^)]*)\))?\.(?P<what>count|exists|empty)\(\)"
)


def read_total(item: Json, expression: str, given: Given) -> int | None:
    """Work out a total by one of its two expressions, of which this reads what we write."""
    sdc, refero = item["extension"]
    text = {
        "sdc": sdc.get("valueExpression", {}).get("expression"),
        "refero": refero.get("valueString"),
    }
    plain = _CHOSEN.sub(
        lambda found: _chosen(found, given), text[expression].replace(_ROOTS[expression], "ITEMS")
    )
    assert "ITEMS" not in plain
    plain = plain.replace("{}", "None").replace("true", "True").replace(" = ", " == ")
    assert re.fullmatch(r"[\d\s+*=(),]|iif|and|or|None|True|False".join(("(?:", ")+")), plain), (
        plain
    )
    total = eval(plain, {"iif": lambda when, one, other: one if when else other})
    return None if total is None else int(total)


def _chosen(found: re.Match[str], given: Given) -> str:
    links, codes = (re.findall(r"'([^']+)'", found[part] or "") for part in ("links", "codes"))
    assert links
    values = [given[link] for link in links if link in given]
    if found["codes"]:
        values = [value for value in values if value in codes]
    told = {"count": len(values), "exists": bool(values), "empty": not values}
    return str(told[found["what"]])
