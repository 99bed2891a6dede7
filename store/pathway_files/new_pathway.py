"""Makes the folder of a new pathway from the template, as a whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import TypeAdapter, ValidationError

from stepping.pathway.model import Pathway
from stepping.pathway.schema import Identifier
from store.output import Guarded, Kind, Unwritten, write_file
from store.pathway_files.copied import CannotCopy, copied_files
from store.windows.names import is_device

TEMPLATE = Path(__file__).parent / "template"
"""A small pathway that is complete by itself, with remarks for whoever changes it."""

SCHEMAS = ".schemas"
"""The folder inside a pathway where its files look for their JSON Schemas."""

_TEMPLATE_ID = "my_pathway"


class CannotMake(ValueError):
    """The folder or the id will not do; the message says why and what to do."""


def make_pathway(
    folder: Path, id_: str, schemas: Mapping[str, str], copy_of: tuple[Pathway, Path] | None = None
) -> None:
    """Write a pathway under a new id, and the schemas that its files name, into a new folder.

    It is the template, or a copy of a pathway that stands in a folder. An empty folder may stand
    there already.

    Raises:
        CannotMake: If the id or the folder will not do; nothing is left behind.
    """
    _check_free(folder)
    _check_id(id_)
    try:
        texts = copied_files(*copy_of, folder, id_) if copy_of else template_files(id_)
    except CannotCopy as error:
        raise CannotMake(str(error)) from None
    files = texts | {f"{SCHEMAS}/{name}": text for name, text in schemas.items()}
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".new-pathway-", dir=folder.parent) as beside:
            made = Path(beside) / "made"
            _write(made, files)
            if folder.is_dir():  # somebody may stand in it, so it is filled and not replaced
                for entry in made.iterdir():
                    entry.rename(folder / entry.name)
            else:
                made.rename(folder)
    except OSError as error:
        raise CannotMake(f"{folder} cannot be written: {error.strerror}") from None


def template_files(id_: str) -> dict[str, str]:
    """Return the texts of the template by name, under an id of their own."""
    return {
        path.relative_to(TEMPLATE).as_posix(): path.read_text("utf-8").replace(_TEMPLATE_ID, id_)
        for path in sorted(TEMPLATE.rglob("*.toml"))
    }


SCHEMA = Kind(
    lambda beginning: beginning.startswith(b'{\n "$schema": "'), among_pathways=True, private=False
)


def write_schemas(folder: Path, schemas: Mapping[str, str], guarded: Guarded) -> None:
    """Write schemas into a folder, over older ones of the same names.

    Raises:
        CannotMake: If the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in schemas.items():
            write_file(folder / name, text.encode(), SCHEMA, guarded, replace=True)
    except Unwritten as error:
        raise CannotMake(f"{folder / name}: {error.sentence}") from None
    except OSError as error:
        raise CannotMake(f"{folder} cannot be written: {error.strerror}") from None


def _check_id(id_: str) -> None:
    try:
        TypeAdapter(Identifier).validate_python(id_)
    except ValidationError:
        raise CannotMake(
            f"{id_!r} cannot be a pathway's id: it takes letters, digits and _, a letter first; "
            "give one with --id"
        ) from None
    if is_device(id_):
        raise CannotMake(
            f"{id_!r} cannot be a pathway's id: Windows keeps that name for a device; "
            "give another with --id"
        )


def _check_free(folder: Path) -> None:
    if folder.is_dir():
        if any(folder.iterdir()):
            raise CannotMake(f"{folder} is not empty; name a folder that does not exist yet")
    elif folder.exists():
        raise CannotMake(f"{folder} is a file; name a folder that does not exist yet")


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
