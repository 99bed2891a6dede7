"""The catalogues of `casework/locale`, and how one is brought up to date."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
OF_THE_RUN = (b'"POT-Creation-Date:', b'"Generated-By:')
"""Lines that tell when and with what a catalogue was written; they would differ each time."""

Message = str | tuple[str, ...]


def named(name: str) -> list[Path]:
    """The catalogue of each language, by the name of what it is of."""
    return sorted((ROOT / "casework" / "locale").glob(f"*/LC_MESSAGES/{name}.po"))


def renewed(path: Path, said: Iterable[Message]) -> bytes:
    """A catalogue with every sentence that is said and no other, in the order of the sentences.

    So a module that moves leaves every line where it was.
    """
    wanted = Catalog()
    for message in said:
        wanted.add(message)
    with path.open("rb") as file:
        words = read_po(file, locale=path.parts[-3])
    words.update(wanted, no_fuzzy_matching=True, update_header_comment=False)
    written = io.BytesIO()
    write_po(written, words, width=0, ignore_obsolete=True, sort_output=True)
    lines = written.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(OF_THE_RUN))
