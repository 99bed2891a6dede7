"""Types that several files share, and the model that refuses unknown keys."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][\w]*$")]
FactId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]\w*(\.\w+)*$")]


class LocalizedText(dict[str, str]):
    """A text by language; a language that it lacks is answered in its first one."""

    def __missing__(self, language: str) -> str:
        return next(iter(self.values()), "")


Text = Annotated[dict[str, str], AfterValidator(LocalizedText)]
"""One text in each declared language."""
Basis = Literal["guideline", "law", "local"]
"""What a rule stands on; `local` is a proposal that still needs clinical sign-off."""
Source = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3)]
"""Where something clinical comes from; never empty."""
Worse = Literal["up", "down", "yes", "none"]
"""The direction in which a fact means more need of care."""
Urgency = Literal["emergency", "same_day", "week"]
AskedOf = Literal["client", "nurse"]
"""Who alone can answer a question; `client` may also be asked by the nurse."""
NotePart = Literal["reason", "state", "view", "risk"]
"""The part of the note for the patient record that tells an answer."""
RiskKind = Literal["suicide", "attempt"]
"""What stays to be told of a client: a stop for danger of suicide, and an attempt."""
Kind = Literal["yesno", "choice", "integer", "scale", "multi", "text", "date"]
Format = Literal["self_guided", "net", "talk", "group", "medication", "long_psychotherapy"]
Need = Literal["net", "e_id", "reading", "language", "doctor_referral", "kela_terms"]
Target = Literal[
    "depression",
    "anxiety",
    "insomnia",
    "trauma",
    "alcohol",
    "drugs",
    "eating",
    "work",
    "strain",
    "relations",
]


Safety = bool | Literal["gate"]
"""Whether a question asks about danger: its worst answer then always opens a stop, but for a gate,
which opens one together with other answers only."""
Bound = Annotated[int, Field(ge=-10_000, le=100_000)]
"""The end of a range of answers; a larger one is a slip of the finger."""


_DURATION = r"^([1-9][0-9]{0,2}) (hour|day|week|year)s?$"
_UNITS = {
    "hour": datetime.timedelta(hours=1),
    "day": datetime.timedelta(days=1),
    "week": datetime.timedelta(weeks=1),
    "year": datetime.timedelta(days=365),
}


def read_duration(text: str) -> datetime.timedelta:
    """Return a time written as in "12 hours", "3 days", "2 weeks" or "2 years".

    A year has 365 days.

    Raises:
        ValueError: If it is not written so, or is no time at all.
    """
    found = re.match(_DURATION, text)
    if found is None:
        raise ValueError(
            'needs a time above zero as in "12 hours", "3 days", "2 weeks" or "2 years"'
        )
    return int(found[1]) * _UNITS[found[2]]


def _checked_duration(text: str) -> str:
    read_duration(text)
    return text


Duration = Annotated[
    str,
    AfterValidator(_checked_duration),
    WithJsonSchema({"type": "string", "pattern": _DURATION}),
]
"""How long something holds, as text; `read_duration` reads it."""


_DAY = r"\d{4}(?:-\d{2}(?:-\d{2})?)?"
_VERIFIED = rf"^{_DAY}(?:/{_DAY})?$"


def first_day_of(verified: str) -> datetime.date:
    """Return the earliest day that a time written as `Verified` may mean.

    Raises:
        ValueError: If it is not written so, names no day of the calendar, or ends before it begins.
    """
    if not re.match(_VERIFIED, verified):
        raise ValueError('needs a day as 2026-03-23, or "2026-03", "2026" or "2025/2026"')
    days = [datetime.date.fromisoformat(f"{part}-01-01"[:10]) for part in verified.split("/")]
    if days[0] > days[-1]:
        raise ValueError("ends before it begins")
    return days[0]


def _checked_verified(text: str) -> str:
    first_day_of(text)
    return text


def _written_out(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime.date) else value


Verified = Annotated[
    str,
    BeforeValidator(_written_out),
    AfterValidator(_checked_verified),
    WithJsonSchema({"type": "string", "pattern": _VERIFIED}),
]
"""When something was last read in its source: a day, or a month, a year or a time from one to
another where no more is known; `first_day_of` reads it."""


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Ids = Annotated[tuple[Identifier, ...], BeforeValidator(_as_list)]


class Content(BaseModel):
    """A table that refuses unknown keys and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Ages(Content):
    """Whole years, both ends included."""

    from_: int = Field(default=0, alias="from", ge=0, le=130)
    to: int = Field(default=120, ge=0, le=130)

    def contains(self, age: int) -> bool:
        """Say whether an age is inside."""
        return self.from_ <= age <= self.to

    def may_hold(self, birth_year: int | None, day: datetime.date) -> bool:
        """Say whether somebody born in a year may be of an age inside; `None` may be any year."""
        if birth_year is None:
            return True
        oldest = day.year - birth_year
        return self.contains(oldest) or self.contains(oldest - 1)


class Because(Content):
    """A condition and what it means, in words."""

    when: str
    because: Text
