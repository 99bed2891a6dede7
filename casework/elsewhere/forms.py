"""Forms that other programs filled in: read by what is known here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from casework.language import LANGUAGES
from stepping.interchange.codes import Codes
from stepping.interchange.responses.faults import Unreadable
from stepping.interchange.responses.json_text import LARGEST, parse
from stepping.interchange.responses.reading import (
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
from store.pathway_files.forms import instrument_ids, load_codes, load_instrument


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
        yield pathway, read_responses(pathway, codes, part)
        rest = Found()


class _Kinds:
    """The instruments and pathways of which a form may be."""

    def __init__(self, codes: Codes, root: Path) -> None:
        self._codes = codes
        known = instrument_ids(root)
        self._instruments = {name: load_instrument(name, root) for name in known}
        self._pathways = {name: load(name, root) for name in ids(root)}

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
