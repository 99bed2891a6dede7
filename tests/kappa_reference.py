"""What scikit-learn and statsmodels say of tables of judgements, kept for the tests of agreement.

They take 450 MB with what they need, so `make test` reads their figures from a file.
`make reference` sets up an environment of its own with them, and fails if they say something else
by now; `python -m tests.kappa_reference --write` there writes the file anew.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

KEPT = Path(__file__).parent / "fixtures" / "kappa_reference.json"
STEPS = 5
TABLES = 120
CLOSE = 1e-9


def tables() -> list[list[list[int]]]:
    """Tables of all sorts: few and many judgements, good and no agreement, steps nobody chose."""
    drawn = random.Random(17)
    made = []
    for number in range(TABLES):
        table = [[0] * STEPS for _ in range(STEPS)]
        chosen = drawn.sample(range(STEPS), drawn.randint(2, STEPS))
        for _ in range(drawn.choice((3, 8, 15, 60, 200))):
            one = drawn.choice(chosen)
            other = one if drawn.random() < number / TABLES else drawn.choice(chosen)
            table[one][other] += 1
        made.append(table)
    return made


def figures(table: list[list[int]]) -> dict[str, Any]:
    """What the two libraries say of one table."""
    # Only here: the tests take from this module where the figures are.
    from sklearn.metrics import cohen_kappa_score  # type: ignore[import-not-found]
    from statsmodels.stats.inter_rater import cohens_kappa  # type: ignore[import-not-found]

    places = [(one, other) for one in range(STEPS) for other in range(STEPS)]
    pairs = [place for place in places for _ in range(table[place[0]][place[1]])]
    ones, others = zip(*pairs, strict=True)
    said: dict[str, Any] = {"table": table}
    for weights in ("linear", "quadratic"):
        kappa = float(cohen_kappa_score(ones, others, weights=weights, labels=[*range(STEPS)]))
        whole = cohens_kappa(table, wt=weights)
        assert abs(kappa - whole.kappa) < CLOSE, (table, kappa, whole.kappa)
        said[weights] = {"kappa": kappa, "error": max(0.0, float(whole.var_kappa)) ** 0.5}
    return said


def close(one: Any, other: Any) -> bool:
    """Whether two figures are the same but for the last digits."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(close(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(close, one, other))
    return bool(abs(one - other) < CLOSE)


def main() -> None:
    found = [figures(table) for table in tables() if spread(table)]
    if "--write" in sys.argv:
        KEPT.write_text("\n".join(["[", ",\n".join(map(json.dumps, found)), "]", ""]), "utf-8")
    elif not close(found, json.loads(KEPT.read_text("utf-8"))):
        sys.exit(f"{KEPT.name} is not what the libraries say now")
    print(f"{len(found)} tables agree")


def spread(table: list[list[int]]) -> bool:
    """Whether κ is defined: somebody chose more than one step."""
    rows = [sum(row) for row in table]
    columns = [sum(column) for column in zip(*table, strict=True)]
    return sum(map(bool, rows)) > 1 or sum(map(bool, columns)) > 1


if __name__ == "__main__":
    main()
