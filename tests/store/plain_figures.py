"""What each figure of a report says of facts that were counted by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import isqrt
from typing import Any

from tests.store.event_counts import Fact

Test = Callable[[dict[str, Any]], bool]


def _is(key: str, *values: Any) -> Test:
    return lambda told: told.get(key) in values


def _has(key: str) -> Test:
    return lambda told: bool(told.get(key))


def _known(key: str) -> Test:
    return lambda told: told.get(key) is not None


def _every(_: dict[str, Any]) -> bool:
    return True


def _most(key: str, limit: int) -> Test:
    return lambda told: told[key] is not None and told[key] <= limit


def _paused(why: str) -> Test:
    return lambda told: why in told["paused"]


COUNTS: dict[str, str] = {
    "started": "start",
    "ended": "end",
    "needs": "need",
    "times": "law",
    "multi_support": "multi",
    "contacts": "contact",
    "confirmed": "assessment",
    "stops": "stop",
    "not_done": "not_done",
    "work_ability": "work",
    "rule_used": "rule",
    "question_skipped": "skip",
}
"""Of a count, what is counted."""

SHARES: dict[str, tuple[str, Test, Test]] = {
    "going_on": ("start", _has("going_on"), _every),
    "completed": ("end", _is("why", "completed"), _every),
    "stepped_up": ("end", _is("why", "stepped_up"), _every),
    "stepped_down": ("end", _is("why", "stepped_down"), _every),
    "broken_off": ("end", _is("why", "client_ended", "moved"), _every),
    "took_place": ("end", _is("became", "took_place"), _has("onward")),
    "refused": ("end", _is("became", "refused"), _has("onward")),
    "answered": ("end", _known("rating"), _every),
    "high": ("end", _is("rating", 9, 10), _known("rating")),
    "low": ("end", _is("rating", *range(7)), _known("rating")),
    "measured_twice": ("change", _has("twice"), _every),
    "no_case_more": (
        "change",
        _is("case", "no_case_more"),
        lambda told: told["twice"] and told["case"] in {"no_case_more", "still_case"},
    ),
    "improved": ("change", _is("category", "improved"), _has("twice")),
    "unchanged": ("change", _is("category", "unchanged"), _has("twice")),
    "worse": ("change", _is("category", "worse"), _has("twice")),
    "contact_14": ("need", _most("contact", 14), _every),
    "within_14": ("need", _most("treatment", 14), _every),
    "within_28": ("need", _most("treatment", 28), _every),
    "within_91": ("need", _most("treatment", 91), _every),
    "paused_client": ("need", _paused("client_wish"), _every),
    "paused_medical": ("need", _paused("medical"), _every),
    "met": ("law", _is("state", "met"), _every),
    "late": ("law", _is("state", "late"), _every),
    "waiting": ("law", _known("waited"), _every),
    "planned": ("multi", _has("planned"), _every),
    "contact_person": ("multi", _has("person"), _every),
    "review_late": ("multi", _has("late"), _every),
    "without_plan": ("risk", lambda told: not told["plan"], _every),
    "kept": ("contact", _is("turnout", "kept"), _every),
    "not_come": ("contact", _is("turnout", "not_come"), _every),
    "cancelled": ("contact", _is("turnout", "client_cancelled", "unit_cancelled"), _every),
    "up": ("assessment", _is("way", "up"), _every),
    "down": ("assessment", _is("way", "down"), _every),
    "recorded": ("stop", _known("minutes"), _every),
    "some_not": ("stop", _has("not"), _every),
    "auditc": ("assessment", _has("auditc"), _every),
    "auditc_positive": ("assessment", _has("positive"), _has("auditc")),
    "audit_done": ("alcohol", _has("audit"), _every),
    "mini_30": ("alcohol", _most("mini", 30), _every),
    **{
        f"work_{what}": ("work", _has(what), _every)
        for what in ("fired", "consented", "referred", "met", "reviewed")
    },
}
"""Of a share, of what it is, which have it, and of which it was asked."""

SPREADS: dict[str, tuple[str, str, Test]] = {
    "contacts": ("end", "contacts", _every),
    "weeks": ("end", "weeks", _every),
    "satisfaction": ("end", "rating", _every),
    "first": ("change", "first", _has("twice")),
    "last": ("change", "last", _has("twice")),
    "days": ("need", "treatment", _every),
    "waited": ("law", "waited", _every),
    "per": ("closed", "contacts", _every),
    "stop_minutes": ("stop", "minutes", _every),
    "work_days": ("work", "days", _every),
    "minutes": ("assessment", "minutes", _every),
    "skipped": ("assessment", "skipped", _every),
}
"""Of the values of something: of what, which value, and of which it was asked."""


def kind_of(kind: str, by: str | None) -> str:
    """Return what is counted where a report is told by something that the first has not."""
    if kind == "change" and by in {"method", "step", "production"}:
        return "course"
    if kind == "assessment" and by == "rule":
        return "decider"
    return kind


def counted(name: str, by: str | None) -> str:
    """Return the kind of facts that a figure is of."""
    if name == "onward":
        return "end"
    if name in COUNTS:
        return kind_of(COUNTS[name], by)
    return kind_of(SHARES[name][0] if name in SHARES else _spread(name)[0], by)


def _spread(name: str) -> tuple[str, str, Test]:
    stem = name.rpartition("_quartile_" if "_quartile_" in name else "_percentile_")[0]
    return SPREADS[stem or name.rpartition("_")[0]]


def figure_of(name: str, facts: Sequence[Fact]) -> tuple[int | None, int | None, Fraction | None]:
    """Return the number, the denominator and the value of a figure of facts of its kind."""
    if name == "onward":
        return sum(bool(fact.told["onward"]) for fact in facts), None, None
    if name in COUNTS:
        return len(facts), None, None
    if name in SHARES:
        _, has, asked = SHARES[name]
        all_ = [fact.told for fact in facts if asked(fact.told)]
        number = sum(has(told) for told in all_)
        return number, len(all_), Fraction(number, len(all_)) if all_ else None
    _, key, asked = _spread(name)
    told = [fact.told.get(key) for fact in facts if asked(fact.told)]
    values = sorted(Fraction(str(value)) for value in told if value is not None)
    return None, None, _lie(name, values)


def _lie(name: str, values: Sequence[Fraction]) -> Fraction | None:
    """Return how numbers lie: their mean, or one below which a part of them is."""
    count = len(values)
    if not count:
        return None
    mean = sum(values, Fraction()) / count
    if name.endswith("spread"):
        squares = sum(((value - mean) ** 2 for value in values), Fraction())
        return Fraction(isqrt(int(squares / (count - 1) * 10**8)), 10**4) if count > 1 else None
    part = next(
        (
            share
            for end, share in {
                "quartile_1": Fraction(1, 4),
                "median": Fraction(1, 2),
                "quartile_3": Fraction(3, 4),
                "percentile_90": Fraction(9, 10),
                "longest": Fraction(1),
            }.items()
            if name.endswith(end)
        ),
        None,
    )
    if part is None:
        return mean
    at = part * count
    if part == 1 or at.denominator > 1:
        return values[-1] if part == 1 else values[int(at)]
    return (values[int(at) - 1] + values[int(at)]) / 2
