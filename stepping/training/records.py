"""What is kept of practice: the tries of a seat, and a class with its seats, as sealed text.

A seal is the SHA-256 of the content. It finds what was changed by hand or by a bad stick; it does
not stop somebody who knows how to make a new one, and nothing of a class is worth that.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

VERSION = 1

LONGEST_CASE = 100_000
"""Characters of the text of a case; ours have some ten thousand."""

Word = Annotated[str, StringConstraints(pattern=r"^[a-z]{3,12}$")]
"""What a seat is known by: one of the words of a class, never a name."""
Key = Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$")]


def _is_moment(text: str) -> str:
    datetime.fromisoformat(text)  # a file may say the 40th of a month
    return text


Moment = Annotated[
    str,
    StringConstraints(pattern=r"^(19[7-9]|2[0-9]{2})[0-9]-[0-9-]{5}T[0-9:]{8}\.[0-9]{3}Z$"),
    AfterValidator(_is_moment),
]
"""An instant in UTC, from 1970, which a clock without a battery shows, to 2999."""
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]\w*(\.\w+)*$", max_length=80)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Value: TypeAlias = int | Annotated[str, Field(max_length=500)] | tuple[str, ...]


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Try(_Kept):
    """Something done with a case."""

    id: Key
    at: Moment
    case: Id
    case_digest: Digest
    class_id: Key | None = None


class Judgement(_Try):
    """A trainee's own step for a case, given before the suggestion was shown.

    `because` names up to three questions or scores that decided; `words` are the trainee's own.
    """

    kind: Literal["judgement"] = "judgement"
    mode: Literal["judge", "interview"]
    pathway: Id
    digest: Digest
    answers: dict[Id, Value]
    stops: tuple[Id, ...]
    """The stops that the trainee's answers opened."""
    step: int = Field(ge=0, le=9)
    because: Annotated[tuple[Id, ...], Field(max_length=3)] = ()
    words: Annotated[str, Field(max_length=200)] = ""
    suggested: int | None = Field(default=None, ge=0, le=9)
    """The step that the pathway suggests on the trainee's answers."""


class FlipTry(_Try):
    """Which answer a trainee took for the one that would move the step."""

    kind: Literal["flip"] = "flip"
    fact: Id
    right: bool


class DrillTry(_Try):
    """Which card a trainee opened when a case turned, and after how many seconds."""

    kind: Literal["drill"] = "drill"
    card: Id
    right: bool
    seconds: float = Field(ge=0, le=86_400)


class Place(_Try):
    """Where a trainee is in a case: `done` of about `of` pages."""

    kind: Literal["place"] = "place"
    done: int = Field(ge=0, le=999)
    of: int = Field(ge=0, le=999)


Entry: TypeAlias = Annotated[Judgement | FlipTry | DrillTry, Field(discriminator="kind")]


class SeatRecord(_Kept):
    """All tries of one seat, oldest first, and where it is now."""

    format: Literal["porras-seat"] = "porras-seat"
    version: Literal[1] = 1
    seat: Word
    class_id: Key | None = None
    """The class whose file it is; none in the seat's own record."""
    entries: tuple[Entry, ...] = ()
    now: Place | None = None

    def with_entry(self, entry: Judgement | FlipTry | DrillTry) -> SeatRecord:
        """Return the record with one more try; one that it has already is not added again."""
        if any(entry.id == each.id for each in self.entries):
            return self
        return self.model_copy(update={"entries": (*self.entries, entry), "now": None})

    def of_class(self, class_id: str) -> SeatRecord:
        """Return what belongs to a class: the file that the trainer sees.

        How long a drill took is the trainee's own: there it is 0.
        """
        entries = tuple(
            each.model_copy(update={"seconds": 0.0}) if isinstance(each, DrillTry) else each
            for each in self.entries
            if each.class_id == class_id
        )
        now = self.now if self.now and self.now.class_id == class_id else None
        return SeatRecord(seat=self.seat, class_id=class_id, entries=entries, now=now)


class ClassCase(_Kept):
    """A case of a class, with its whole text, so that a file that is carried has all it needs."""

    id: Id
    digest: Digest
    text: Annotated[str, Field(max_length=LONGEST_CASE)]


class ClassRecord(_Kept):
    """A class: its cases, its seats, and the pathways that it was opened with."""

    format: Literal["porras-class"] = "porras-class"
    version: Literal[1] = 1
    id: Key
    name: Annotated[str, StringConstraints(pattern=r"^[\w-]{1,40}$")]
    opened: Moment
    ended: Moment | None = None
    seats: Annotated[tuple[Word, ...], Field(min_length=1, max_length=60)]
    cases: Annotated[tuple[ClassCase, ...], Field(min_length=1, max_length=60)]
    pathways: dict[Id, Digest]


Record = TypeVar("Record", SeatRecord, ClassRecord)


class RecordFault(ValueError):
    """A file of practice cannot be used; `kind` says why."""

    def __init__(self, kind: Literal["unreadable", "newer", "foreign", "changed"]) -> None:
        self.kind = kind
        super().__init__(kind)


def write_record(record: SeatRecord | ClassRecord) -> bytes:
    """Return a record as JSON text under its seal."""
    content = record.model_dump(mode="json")
    whole = {**content, "seal": _seal(content)}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def read_record(data: bytes, kind: type[Record]) -> Record:
    """Read a record and check its seal.

    Raises:
        RecordFault: `unreadable` if it is no JSON object or lacks something, `foreign` if it is
            another kind of file, `newer` if a newer program made it, `changed` if the seal does
            not fit.
    """
    try:
        return _read(json.loads(data.decode()), kind)
    except RecordFault:
        raise
    except (ValueError, RecursionError):
        raise RecordFault("unreadable") from None


def _read(found: object, kind: type[Record]) -> Record:
    wanted = kind.model_fields["format"].default
    if not isinstance(found, dict) or found.get("format") != wanted:
        raise RecordFault("foreign")
    version = found.get("version")
    if not isinstance(version, int):
        raise RecordFault("unreadable")
    if version != VERSION:
        raise RecordFault("newer")
    seal = found.pop("seal", None)
    if seal != _seal(found):
        raise RecordFault("changed")
    return kind.model_validate_json(json.dumps(found))


def _seal(content: object) -> str:
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
