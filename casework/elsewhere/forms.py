"""Forms that other programs filled in: read by what is known here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from casework.assessment import AssessmentSession
from casework.language import LANGUAGES
from stepping.finland import day_begins
from stepping.interchange.codes import Codes, urn
from stepping.interchange.editions import edition_of
from stepping.interchange.responses.faults import Fault, Unreadable, at, find_refusals
from stepping.interchange.responses.intake import Intake, sort_answers
from stepping.interchange.responses.json_text import LARGEST, parse
from stepping.interchange.responses.reading import (
    Known,
    Reading,
    count_matches,
    is_form_of,
    read_responses,
)
from stepping.interchange.responses.resources import Found, Response, find_responses
from stepping.pathway.model import Pathway
from store.files import regular_files
from store.paths import PATHWAYS
from store.pathway_files.files import ids, load
from store.pathway_files.forms import built_in_instruments, load_codes, load_instruments


def read_files(paths: Sequence[Path], now: datetime) -> Found:
    """Return what files hold. A link, a pipe, a device or a folder is no file.

    Where there are several, places begin with the number of the file, the first being 1.

    Raises:
        OSError: If one cannot be read.
        Unreadable: If one holds nothing that can be read.
    """
    found = Found()
    for number, path in enumerate(paths, start=1):
        root = f"({number})" if len(paths) > 1 else ""
        try:
            parsed = parse(regular_files.read(path, LARGEST, links=False))
        except regular_files.TooLarge:
            raise Unreadable("too_large", root) from None
        except Unreadable as error:
            place = ": ".join(filter(None, (root, error.fault.place)))
            raise Unreadable(error.fault.kind, place) from None
        find_responses(parsed, now, found, root)
    found.name_persons()
    return found


def takes_forms(session: AssessmentSession) -> bool:
    """Say whether filled-in forms may be taken in here: no case of practice has one."""
    return not session.is_case and session.assessment.state == "draft"


@dataclass(frozen=True)
class CameIn:
    """What forms tell an assessment, and what it would take of that now."""

    reading: Reading
    intake: Intake

    def find_refusals(self, *, unfinished: bool = False) -> tuple[Fault, ...]:
        """Return the faults for which nothing is taken; `unfinished` where somebody says so."""
        dated = all(read.given_at for read in self.reading.answers.values())
        return find_refusals(self.reading.faults, unfinished=unfinished, dated=dated)


def read_for(session: AssessmentSession, found: Found, day: date | None = None) -> CameIn:
    """Read forms by an assessment's own pathway; `day` is that of forms that tell none.

    What was taken of a form before is told anew by one that is no older.
    """
    client, pathway, answers = session.client, session.pathway, session.valid_answers
    facts = {
        id_: value
        for id_, value in session.answers.items()
        if (fact := pathway.facts.get(id_)) is not None and fact.origin == "given"
    }
    known = Known(client.birth_year, client.sex, facts)
    given_at = day_begins(day) if day else None
    reading = read_responses(pathway, load_codes(), found, known=known, day=given_at)
    here = {id_: a for id_, a in answers.items() if not _is_replaced(session, reading, id_)}
    before = session.store.answers.list_told(session.assessment.id)
    now = session.store.now
    editions = _Editions({pathway.header.id: pathway}, built_in_instruments())
    reading = editions.compare(reading, found.responses)
    return CameIn(reading, sort_answers(reading, pathway, facts, here, now, before))


def _is_replaced(session: AssessmentSession, reading: Reading, id_: str) -> bool:
    """Say whether an answer came from elsewhere and a form tells one that is no older."""
    read, when = reading.answers.get(id_), session.times.get(id_)
    if id_ not in session.elsewhere or read is None or read.given_at is None:
        return False
    return when is None or read.given_at >= when.at


class RefusedForm(ValueError):
    """Forms of which nothing is taken; `faults` says why. Nothing was stored."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(fault.kind for fault in faults))
        self.faults = tuple(faults)


def take_form(
    session: AssessmentSession,
    found: Found,
    *,
    day: date | None = None,
    unfinished: bool = False,
    remark: str = "",
) -> CameIn:
    """Take forms into an assessment, all or nothing: each answer as old as it is.

    The same forms once more change nothing, also after an answer was corrected here.

    Raises:
        RefusedForm: If nothing of them may be taken.
        StoreError: If it cannot be stored, as where the assessment is closed, or the role is
            another one.
    """
    came = read_for(session, found, day)
    if faults := came.find_refusals(unfinished=unfinished):
        raise RefusedForm(faults)
    if told := came.intake.by_age():
        session.take_in(told, "form", remark)
    return came


def read_by_known(found: Found, root: Path = PATHWAYS) -> Iterator[tuple[Pathway, Reading]]:
    """Yield what forms tell, each by the instrument or pathway below `root` that it is a form of.

    Forms of one kind are read together, so that the newest answers count. What is wrong with the
    files as a whole is told with the first.

    Raises:
        OSError: If a pathway cannot be read.
        PathwayError: If a text of it is faulty.
    """
    codes, kinds = load_codes(), _Kinds(load_codes(), root)
    by_kind: dict[str, tuple[Pathway, list[Response]]] = {}
    for response in found.responses:
        name, pathway = kinds.find(response)
        by_kind.setdefault(name, (pathway, []))[1].append(response)
    rest = found
    for pathway, responses in by_kind.values():
        part = Found(responses, rest.faults)
        reading = read_responses(pathway, codes, part)
        yield pathway, kinds.editions.compare(reading, responses)
        rest = Found()


@dataclass(frozen=True)
class _Editions:
    """Our forms as they are now, by the ids of pathways and of instruments by themselves."""

    pathways: Mapping[str, Pathway]
    instruments: Mapping[str, Pathway]

    def compare(self, reading: Reading, responses: Iterable[Response]) -> Reading:
        """Return what was read, with each form of ours that says it was another than now."""
        return replace(reading, faults=(*reading.faults, *self._find_others(responses)))

    def _find_others(self, responses: Iterable[Response]) -> Iterator[Fault]:
        ours = {urn("Questionnaire", *named): edition for named, edition in self._ours()}
        for response in responses:
            if response.edition and ours.get(response.form, response.edition) != response.edition:
                yield Fault("edition", at(response.place, "questionnaire"))

    def _ours(self) -> Iterator[tuple[tuple[str, str, str], str]]:
        for language in LANGUAGES:
            for id_, pathway in self.pathways.items():
                yield ("pathway", id_, language), edition_of(pathway, language)
            for id_, alone in self.instruments.items():
                yield ("instrument", id_, language), edition_of(alone, language, id_)


class _Kinds:
    """The instruments and pathways of which a form may be."""

    def __init__(self, codes: Codes, root: Path) -> None:
        self._codes = codes
        self._instruments = load_instruments(root)
        self._pathways = {name: load(name, root) for name in ids(root)}
        self.editions = _Editions(self._pathways, self._instruments)

    def find(self, response: Response) -> tuple[str, Pathway]:
        """Return what a form is of: by its address, or by what knows the most of its items."""
        for kind, there in (("instrument", self._instruments), ("pathway", self._pathways)):
            for name, pathway in there.items():
                if is_form_of(response, kind, name, LANGUAGES):
                    return f"{kind} {name}", pathway
        ranked = [
            (-count_matches(pathway, self._codes, response), len(pathway.questions), name)
            for name, pathway in {**self._pathways, **self._instruments}.items()
        ]
        name = min(ranked)[2]
        alone = self._instruments.get(name)
        return (f"instrument {name}", alone) if alone else (name, self._pathways[name])
