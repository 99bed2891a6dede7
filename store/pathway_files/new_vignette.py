"""Writes the draft of a vignette among the others of a site."""

from __future__ import annotations

from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from stepping.pathway.schema import Identifier
from store.output import Guarded, Kind, Taken, Unwritten, write_file
from store.paths import PATHWAYS, real
from store.pathway_files.new_pathway import SCHEMAS, CannotMake, write_schemas
from store.windows.names import is_device

VIGNETTE_TEMPLATE = Path(__file__).parent / "vignette.toml"
"""A draft with places to be filled (`string.Template`), and with remarks for who writes it."""

SCHEMA_FILE = "vignette.schema.json"
_VIGNETTE = Kind(lambda _beginning: True, among_pathways=True, private=False)


def write_vignette(folder: Path, id_: str, text: str, schema: str, guarded: Guarded) -> Path:
    """Write a draft and the schema that it names into a folder, which is made; return its file.

    Raises:
        CannotMake: If the id or the folder will not do, or the file is there; nothing is replaced.
    """
    check_id(id_)
    _check_folder(folder)
    path = folder / f"{id_}.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_file(path, text.encode(), _VIGNETTE, guarded, replace=False)
    except Taken:
        raise CannotMake(f"{path} is there already; nothing was changed") from None
    except Unwritten as error:
        raise CannotMake(f"{path}: {error.sentence}") from None
    except OSError as error:
        raise CannotMake(f"{folder} cannot be written: {error.strerror}") from None
    write_schemas(folder / SCHEMAS, {SCHEMA_FILE: schema}, guarded)
    return path


def check_id(id_: str) -> None:
    """Refuse what can be no id of a vignette.

    Raises:
        CannotMake: If it is none.
    """
    try:
        TypeAdapter(Identifier).validate_python(id_)
    except ValidationError:
        raise CannotMake(
            f"{id_!r} cannot be a case's id: it takes letters, digits and _, a letter first"
        ) from None
    if is_device(id_):
        raise CannotMake(f"{id_!r} cannot be a case's id: Windows keeps that name for a device")


def _check_folder(folder: Path) -> None:
    if real(folder).is_relative_to(real(PATHWAYS)):
        raise CannotMake(
            "the cases that come with Porras are replaced by its next version: name a folder of "
            "your own with --out or --vignettes"
        )
