"""Alcohol in numbers: what an AUDIT total means, and how many portions are in a drink."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

ETHANOL = 0.789
"""Density of ethanol in grams a millilitre at 20 °C."""
PORTION = 12
"""Grams of ethanol in a Finnish portion; Käypä hoito hoi50028."""


@dataclass(frozen=True)
class Zone:
    """A band of AUDIT totals, from `low` up to the next band."""

    low: int
    name: str


ZONES = (
    Zone(0, "low"),
    Zone(8, "slight"),
    Zone(11, "clear"),
    Zone(15, "high"),
    Zone(20, "very_high"),
)
"""The bands that are used in Finland: 0–7, 8–10, 11–14, 15–19, 20 or more (contral.com)."""
WHO_ZONES = (Zone(0, "education"), Zone(8, "advice"), Zone(16, "counselling"), Zone(20, "service"))
"""What a total asks for, by WHO's manual of AUDIT (2001): 8–15, 16–19, 20 or more.

Read in a reprint (comorbidityguidelines.org.au, appendix U), not in the manual itself; what Porras
does about a zone is a local proposal.
"""
ADVICE, COUNSELLING = 8, 16
"""The totals from which the mini-intervention is given, and the substance service joins in."""

ALARM = {"f": (12, 16), "m": (23, 24)}
"""Portions a week at which use is to be reduced, by sex: Käypä hoito hoi50028 (alarm limits)."""


@dataclass(frozen=True)
class Drink:
    """A usual serving."""

    id: str
    cl: float
    percent: float

    @property
    def portions(self) -> float:
        """How many portions of 12 g it holds."""
        return portions(self.cl, self.percent)


DRINKS = (
    Drink("beer_small", 33, 4.7),
    Drink("beer_large", 50, 4.7),
    Drink("beer_strong", 50, 5.5),
    Drink("long_drink", 33, 5.5),
    Drink("wine_glass", 12, 12.5),
    Drink("wine_bottle", 75, 12.5),
    Drink("fortified", 8, 20),
    Drink("spirit_shot", 4, 40),
    Drink("spirit_bottle", 50, 38),
)
"""What is usually served and sold in Finland. The sizes are a local proposal."""


def portions(cl: float, percent: float) -> float:
    """Return how many portions of 12 g are in a volume.

    Args:
        cl: Centilitres, 0 or more.
        percent: Ethanol by volume, 0–100.

    Raises:
        ValueError: If a value lies outside.
    """
    if cl < 0 or not 0 <= percent <= 100:
        raise ValueError(f"{cl} cl of {percent} %")
    return cl * 10 * percent / 100 * ETHANOL / PORTION


def weekly_portions(counts: Mapping[str, int]) -> int:
    """Return the portions in so many of each drink, rounded to whole ones."""
    return round(sum(drink.portions * counts.get(drink.id, 0) for drink in DRINKS))


def zone_of(audit: int, zones: Sequence[Zone] = ZONES) -> Zone:
    """Return the band of an AUDIT total, 0–40."""
    return next(band for band in reversed(zones) if audit >= band.low)


def alarm_limits(sex: str | None) -> tuple[int, int]:
    """Return the alarm limits of a sex; the lower ones where it is not known."""
    return ALARM["m"] if sex == "m" else ALARM["f"]


def compare_with_limits(portions_: int, sex: str | None) -> Literal["below", "at", "over"]:
    """Return where portions a week lie against the alarm limits of a sex."""
    low, high = alarm_limits(sex)
    return "below" if portions_ < low else "over" if portions_ > high else "at"
