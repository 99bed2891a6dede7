"""Reads the texts of a pathway into one `Pathway`, or says what is wrong, file and line by line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from stepping.pathway import schema
from stepping.pathway.diagnostics import (
    Diagnostic,
    DiagnosticCollector,
    PathwayError,
    describe_program_fault,
)
from stepping.pathway.file_reader import FileReader, Named
from stepping.pathway.files import (
    EXAMPLES,
    HEADER,
    INTERVENTIONS,
    OWN_FILES,
    QUESTIONS,
    RULES,
    card_file,
    instrument_file,
    translation_file,
)
from stepping.pathway.linking.link import link_pathway
from stepping.pathway.linking.resolver import PathwayParts
from stepping.pathway.linking.translations import apply_translations
from stepping.pathway.model import Pathway
from stepping.pathway.schema import (
    Card,
    Examples,
    Header,
    Instrument,
    Interventions,
    Questions,
    Rules,
    Translation,
)


def read_pathway(files: Mapping[str, str], *, kept: bool = False) -> Pathway:
    """Read a pathway from its texts.

    `files` maps names such as `rules.toml`, `instruments/phq9.toml` and `cards/mania.toml` to
    their text; instruments and cards that the pathway does not name are left out. Texts that the
    store has `kept` are read again as they are; new ones hold no character that steers a terminal
    or hides.

    Raises:
        PathwayError: With every fault found, by file and line; also where the program itself fails.
    """
    try:
        return _read(files, kept)
    except PathwayError:
        raise
    except Exception as error:  # whatever it is: one pathway must not end the program
        raise PathwayError([Diagnostic(HEADER, 1, describe_program_fault(error))]) from None


def _read(files: Mapping[str, str], kept: bool) -> Pathway:
    files = {name: text.replace("\r\n", "\n") for name, text in files.items()}
    faults = DiagnosticCollector(files)
    for name in OWN_FILES:
        if name not in files:
            faults.add_line(name, 1, "the file is missing")
    faults.raise_if_any()
    reader = FileReader(files, faults, kept=kept)
    header = reader.whole(HEADER, Header)
    questions = reader.whole(QUESTIONS, Questions)
    rules = reader.whole(RULES, Rules)
    interventions = reader.whole(INTERVENTIONS, Interventions)
    examples = reader.whole(EXAMPLES, Examples)
    if not (header and questions and rules and interventions and examples):
        raise PathwayError(faults.found)
    _check_sizes(faults, questions, rules, interventions, examples)
    instruments = reader.named("instruments", _instrument_names(questions), Instrument)
    names = (translation_file(id_, code) for id_ in instruments for code in header.languages)
    read = {name: reader.whole(name, Translation) for name in names if name in files}
    wordings = {name: part for name, part in read.items() if part}
    instruments = apply_translations(instruments, wordings, faults)
    cards = reader.named("cards", _card_names(header, rules), Card)
    used = (
        *OWN_FILES,
        *map(instrument_file, instruments),
        *map(card_file, cards),
    )
    reader.check_texts(used, header.languages)
    faults.raise_if_any()
    texts = {name: files[name] for name in sorted((*used, *wordings))}
    parts = PathwayParts(header, questions, rules, interventions, examples, instruments, cards)
    return link_pathway(parts, texts, compute_digest(texts), faults)


MOST: Mapping[str, int] = {
    "ask": 500,
    "given": 100,
    "page": 500,
    "fact": 500,
    "rule": 500,
    "intervention": 500,
    "example": 5000,
    "base": 500,
}
"""How many tables of a kind a pathway may have; the longest that we know has a sixth of it."""


def _check_sizes(
    faults: DiagnosticCollector,
    questions: Questions,
    rules: Rules,
    interventions: Interventions,
    examples: Examples,
) -> None:
    """Refuse what is far larger than anybody could ask, before time goes into it."""
    files = (
        (QUESTIONS, questions, ("ask", "given", "page")),
        (RULES, rules, ("fact", "rule")),
        (INTERVENTIONS, interventions, ("intervention",)),
        (EXAMPLES, examples, ("example", "base")),
    )
    for name, part, kinds in files:
        for kind in kinds:
            count = questions.how_many if kind == "ask" else len(getattr(part, kind))
            if count > MOST[kind]:
                place = (kind, MOST[kind])
                faults.add(name, place, f"there are {count} [[{kind}]]; at most {MOST[kind]}")
    faults.raise_if_any()


def compute_digest(files: Mapping[str, str]) -> str:
    """Return the SHA-256 over names and texts, in the order of the names, as 64 hex digits."""
    total = hashlib.sha256()
    for name in sorted(files):
        for part in (name, files[name]):
            data = part.encode()
            total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()


def read_area(name: str, text: str) -> schema.Area:
    """Read one file of services.

    Raises:
        PathwayError: With every fault found, by line; also where the program itself fails.
    """
    try:
        return _read_area(name, text)
    except PathwayError:
        raise
    except Exception as error:
        raise PathwayError([Diagnostic(name, 1, describe_program_fault(error))]) from None


def _read_area(name: str, text: str) -> schema.Area:
    faults = DiagnosticCollector({name: text})
    reader = FileReader({name: text}, faults)
    area = reader.whole(name, schema.Area)
    if not area:
        raise PathwayError(faults.found)
    return area


def _instrument_names(questions: Questions) -> Named:
    for index, ask in enumerate(questions.ask):
        if isinstance(ask, schema.InstrumentUse):
            yield ask.instrument, QUESTIONS, ("ask", index, "instrument")


def _card_names(header: Header, rules: Rules) -> Named:
    for name in header.emergency_cards:
        yield name, HEADER, ("emergency_cards",)
    for index, rule in enumerate(rules.rule):
        for use in rule.cards:
            yield use.card, RULES, ("rule", index, "cards")
    for index, action in enumerate(header.action):
        if action.card:
            yield action.card, HEADER, ("action", index, "card")
