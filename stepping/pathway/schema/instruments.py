"""`instruments/*.toml`: questionnaires with their wording, scoring and sources."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from stepping.pathway.schema.base import (
    Bound,
    Content,
    Duration,
    FactId,
    Identifier,
    RiskKind,
    Safety,
    Source,
    Text,
    Worse,
)


class ScoredOption(Content):
    """One answer of an instrument's item and what it scores."""

    score: int = Field(ge=0, le=99)
    label: Text


class Wording(Content):
    """Where an instrument's wording in one language comes from."""

    status: Literal["published", "working", "none"]
    source: str
    licence: str = ""


class Item(Content):
    """One item of an instrument."""

    id: Annotated[str, StringConstraints(pattern=r"^\w+$")]
    text: Text
    label: Text
    stem: Text = {}
    explain: Text = {}
    help: Text = {}
    type: Literal["choice", "yesno", "scale"] = "choice"
    refusable: bool = False
    options: tuple[ScoredOption, ...] = ()
    min: Bound = 0
    max: Bound = 0
    low: Text = {}
    high: Text = {}
    loinc: str | None = None
    safety: Safety = False
    holds: Duration | None = None
    scored: bool = True
    worse: Worse | None = None
    ask_if: str | None = None
    risk: RiskKind | None = None


class Band(Content):
    """A range of a total, from its lowest score up to the next band, or to the one it names."""

    from_: int = Field(alias="from")
    to: int | None = None
    label: Text


class Total(Content):
    """A sum of items, and of totals of other instruments; nothing is prorated."""

    id: Identifier
    label: Text
    items: tuple[str, ...] = ()
    plus: tuple[FactId, ...] = ()
    loinc: str | None = None
    bands: tuple[Band, ...] = ()
    worse: Literal["up", "down"] = "up"
    source: Source


class Row(Content):
    """One line of a cut-off table."""

    when: str
    source: Source


class Positive(Content):
    """A yes/no fact that holds when any row of a cut-off table does."""

    id: Identifier
    label: Text
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]


class Change(Content):
    """What counts as a case and as reliable change, for follow-up."""

    total: Identifier
    caseness: int
    reliable: int
    source: Source


class Instrument(Content):
    """`instruments/*.toml`: a questionnaire with its own wording, scoring, source and licence."""

    id: Identifier
    version: str
    name: str
    title: Text
    stem: Text
    window: Text
    holds: Duration | None = None
    source: str
    licence: str
    loinc_panel: str | None = None
    options: tuple[ScoredOption, ...] = ()
    wording: dict[str, Wording]
    item: Annotated[tuple[Item, ...], Field(min_length=1)]
    total: tuple[Total, ...] = ()
    positive: tuple[Positive, ...] = ()
    change: Change | None = None


Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class TranslatedItem(Content):
    """One item in the language of a wording."""

    id: Annotated[str, StringConstraints(pattern=r"^\w+$")]
    text: Phrase
    stem: str | None = None
    options: tuple[Phrase, ...] = ()


class Translation(Content):
    """`instruments/NAME.LANGUAGE.toml`: an instrument's wording in one language, on its own terms.

    It takes the place of what the instrument's own file says in that language; without it that
    stands.
    """

    instrument: Identifier
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
    wording: Wording
    stem: str = ""
    options: tuple[Phrase, ...] = ()
    item: Annotated[tuple[TranslatedItem, ...], Field(min_length=1)]
