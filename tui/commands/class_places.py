"""What the commands on classes share: where classes are, and which one is meant."""

from __future__ import annotations

from pathlib import Path

import click

from casework.error_text import translate_error
from casework.language import Speech, speech
from casework.training.membership import look_for_classes
from store.files import regular_files
from store.paths import StorePaths, find_answering
from store.training.classes import CLASS_FILE, FoundClass
from store.training.places import classes_folder
from tui import say
from tui.commands.common import said_nearest
from tui.commands.groups import CommandError
from tui.settings import Settings
from tui.spoken import said

FOLDER = click.option(
    "--folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder of classes (PORRAS_CLASSES), as on a computer that a class shares.",
)


def places_of(settings: Settings) -> StorePaths:
    """Return where the stores of this user are, without a seat."""
    return find_answering(settings.database)


def class_folders(settings: Settings, folder: Path | None = None) -> tuple[Path, ...]:
    """Return the folders in which classes are looked for."""
    named = (each for each in (folder, settings.classes) if each is not None)
    return (*named, classes_folder(places_of(settings)))


def t_of(settings: Settings) -> Speech:
    """Return the sentences of the program in the language of the command line."""
    return speech(settings.speaks)


def find_class(settings: Settings, name: str, folder: Path | None = None) -> FoundClass:
    """Return the class of a name, or in a folder that is named.

    Raises:
        CommandError: If there is none, or several.
    """
    own = folder is None and regular_files.is_regular(Path(name) / CLASS_FILE)
    folders = (Path(name),) if own else class_folders(settings, folder)
    found = look_for_classes(folders)
    classes = [each for each in found.classes if own or each.record.name == name]
    if len(classes) == 1:
        return classes[0]
    for fault in found.faults:
        say.line(f"porras: {translate_error(fault, t_of(settings))}", err=True)
    if not classes:
        near = said_nearest(name, (each.record.name for each in found.classes))
        raise CommandError(said("there is no class {name} here").format(name=repr(name)) + near)
    several = ", ".join(str(each.folder) for each in classes)
    told = said("there are several classes {name}; give the folder of one: {folders}")
    raise CommandError(told.format(name=repr(name), folders=several))
