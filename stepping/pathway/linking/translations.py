"""Puts an instrument's wording in one language in place of what its own file says in it.

Such a wording has a file of its own where its owner's terms are others than those of the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from stepping.pathway.diagnostics import DiagnosticCollector, suggest_nearest
from stepping.pathway.files import translation_file
from stepping.pathway.schema import (
    Instrument,
    Item,
    LocalizedText,
    ScoredOption,
    Text,
    TranslatedItem,
    Translation,
)
from stepping.pathway.toml_lines import Place


def apply_translations(
    instruments: Mapping[str, Instrument],
    translations: Mapping[str, Translation],
    faults: DiagnosticCollector,
) -> dict[str, Instrument]:
    """Return the instruments with the wordings of some files, each by the name of its file."""
    found = dict(instruments)
    for file, translation in translations.items():
        name = file.removeprefix("instruments/").split(".")[0]
        told = list(_faults(found[name], translation, file))
        for place, message in told:
            faults.add(file, place, message)
        if not told:
            found[name] = _translated(found[name], translation)
    return found


def _faults(
    instrument: Instrument, translation: Translation, file: str
) -> Iterator[tuple[Place, str]]:
    """Yield what does not fit between an instrument and a wording of it."""
    if file != translation_file(translation.instrument, translation.language):
        yield ("instrument",), "the file is not named by its instrument and its language"
    if translation.wording.status == "none":
        yield ("wording", "status"), "a file of a wording has one: leave the file out instead"
    if fault := _miscounted(translation.options, instrument.options):
        yield ("options",), fault
    yield from _item_faults(instrument, translation)


def _item_faults(instrument: Instrument, translation: Translation) -> Iterator[tuple[Place, str]]:
    """Yield items that the instrument lacks, that stand twice, or that are left out."""
    items = {item.id: item for item in instrument.item}
    translated = [item.id for item in translation.item]
    for index, item in enumerate(translation.item):
        place: Place = ("item", index)
        if item.id not in items:
            yield place, f"item {item.id!r} is not known{suggest_nearest(item.id, items)}"
        elif item.id in translated[:index]:
            yield place, f"item {item.id} is defined twice"
        elif fault := _miscounted(item.options, items[item.id].options):
            yield place, f"item {item.id}: {fault}"
    for id_ in items:
        if id_ not in translated:
            yield (), f"item {id_} is missing; a wording is of the whole instrument"


def _miscounted(options: Sequence[str], scored: Sequence[ScoredOption]) -> str:
    if len(options) == len(scored):
        return ""
    return f"has {len(options)} options, and needs {len(scored)} in the order of the instrument"


def _translated(instrument: Instrument, translation: Translation) -> Instrument:
    language = translation.language
    words = {item.id: item for item in translation.item}
    return instrument.model_copy(
        update={
            "wording": {**instrument.wording, language: translation.wording},
            "stem": _put(instrument.stem, language, translation.stem),
            "options": _options(instrument.options, language, translation.options),
            "item": tuple(_item(item, language, words[item.id]) for item in instrument.item),
        }
    )


def _item(item: Item, language: str, words: TranslatedItem) -> Item:
    stem = item.stem if words.stem is None else _put(item.stem, language, words.stem)
    return item.model_copy(
        update={
            "text": _put(item.text, language, words.text),
            "stem": stem,
            "options": _options(item.options, language, words.options),
        }
    )


def _options(
    scored: Sequence[ScoredOption], language: str, labels: Sequence[str]
) -> tuple[ScoredOption, ...]:
    return tuple(
        option.model_copy(update={"label": _put(option.label, language, label)})
        for option, label in zip(scored, labels, strict=True)
    )


def _put(text: Text, language: str, words: str) -> Text:
    return LocalizedText({**text, language: words})
