"""Instruments by themselves, and the codes of their questions, as files on disk."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from stepping.interchange import navigator
from stepping.interchange.alone import read_alone
from stepping.interchange.codes import FILE, Codes, read_codes
from stepping.interchange.navigator import NavigatorForm, read_navigator
from stepping.pathway.model import Pathway
from store.paths import PATHWAYS
from store.pathway_files.files import folder_files, read_text


@cache
def load_codes() -> Codes:
    """Read the codes that come with Porras, once.

    Raises:
        PathwayError: If their file is damaged.
    """
    return read_codes(read_text(PATHWAYS / FILE, FILE))


@cache
def load_navigator() -> NavigatorForm:
    """Read what a navigator's result may tell, as it comes with Porras, once.

    Raises:
        PathwayError: If the file is damaged.
    """
    return read_navigator(read_text(PATHWAYS / navigator.FILE, navigator.FILE))


@cache
def built_in_instruments() -> Mapping[str, Pathway]:
    """Read every instrument that comes with Porras by itself, by its id, once."""
    return load_instruments(PATHWAYS)


def load_instruments(root: Path) -> dict[str, Pathway]:
    """Read every instrument beside some pathways by itself, by its id.

    Raises:
        PathwayError: With every fault in the file of one.
    """
    return {id_: load_instrument(id_, root) for id_ in instrument_ids(root)}


def instrument_ids(root: Path = PATHWAYS) -> list[str]:
    """Return the ids of the instruments of which there is a wording beside some pathways.

    Raises:
        PathwayError: If a file cannot be read as UTF-8 text.
    """
    names = (name.partition("/") for name in folder_files(root / "any"))
    stems = (file.removesuffix(".toml") for kind, _, file in names if kind == "instruments")
    return sorted(stem for stem in stems if "." not in stem)


def load_instrument(id_: str, root: Path = PATHWAYS) -> Pathway:
    """Read an instrument by itself, as a pathway that asks nothing else.

    Raises:
        PathwayError: With every fault in its file.
    """
    return read_alone(folder_files(root / "any"), id_)
