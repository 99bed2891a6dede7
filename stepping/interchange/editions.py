"""Which edition of a form is made of a text: its version, and the beginning of its digest."""

from __future__ import annotations

from stepping.pathway.files import instrument_file, translation_file
from stepping.pathway.model import Pathway
from stepping.pathway.reader import compute_digest

_DIGITS = 12


def edition_of(pathway: Pathway, language: str, instrument: str | None = None) -> str:
    """Return what stands behind the `|` of a form's address; another text gives another one.

    An instrument by itself (`alone.read_alone`) counts its own texts, without other languages.
    """
    if instrument is None:
        return f"{pathway.header.version}+{pathway.digest[:_DIGITS]}"
    own = {
        name
        for id_ in pathway.instruments
        for name in (instrument_file(id_), translation_file(id_, language))
    }
    digest = compute_digest({n: text for n, text in pathway.files.items() if n in own})
    return f"{pathway.instruments[instrument].version}+{digest[:_DIGITS]}"
