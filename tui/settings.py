"""Where Porras finds its files and how it speaks and looks: flags, environment, config file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, get_args

from casework.language import DEFAULT, LANGUAGES, language_named, language_of_computer
from store.errors import ContentDamaged, StoreError, shown
from store.files import regular_files
from store.files.unresponsive import SILENT, Asked, NoAnswer
from store.paths import PATHWAYS, find_contents, real
from store.training.places import is_seat
from tui.full_screen.smallest import COLUMNS, ROWS
from tui.spoken import said
from tui.terminal.capabilities import Glyphs, PainterName, ThemeName

if TYPE_CHECKING:
    from store.content.chosen import Chosen

ChoiceT = TypeVar("ChoiceT")

_PATIENCE_S = 5.0
"""Seconds for which a folder of pathways is waited for before the first page."""

_LARGEST = 64_000
"""Bytes; ten settings are a few hundred."""

KEYS = (
    *("db", "pathways", "vignettes", "classes", "lang", "glyphs"),
    *("painter", "theme", "size", "seat", "tour", "content", "signers"),
)
"""The settings that a config file may hold."""


class SettingsError(ValueError):
    """A setting that cannot be used; the message names where it stands and what would be right."""


@dataclass(frozen=True)
class Settings:
    """What the flags, the environment and the config file say, in that order of weight."""

    database: Path | None
    pathways: Path
    language: str | None
    glyphs: Glyphs | None = None
    painter: PainterName | None = None
    theme: ThemeName | None = None
    size: tuple[int, int] | None = None
    """The part of a larger window that is drawn in, as columns and rows."""
    locale: str | None = None
    """The language that the computer is set to, if Porras speaks it."""
    notes: tuple[str, ...] = ()
    """What was set and is not followed, with what would be right."""
    seat: str | None = None
    """The seat of the training store."""
    vignettes: Path | None = None
    """The folder of a site's own vignettes, where it is not the one beside its pathways."""
    classes: Path | None = None
    """The folder of classes that several users or computers share."""
    tour: bool = True
    """Whether whoever opens the program for the first time is shown around."""
    content: Path | None = None
    """The folder of installed contents, where it is not the one beside the store."""
    signers: Path | None = None
    """The site's own file of those whose signature on a content counts."""
    pathways_named: bool = field(default=False, compare=False)
    """Whether the folder of pathways was set by hand, which weighs more than a content."""
    chosen: Chosen | None = None
    """The installed content in use, or what comes with Porras; None where pathways were named."""

    @property
    def speaks(self) -> str:
        """The language of the command line: the one asked for, the computer's, or English."""
        return self.language or self.locale or DEFAULT

    def speaks_among(self, offered: tuple[str, ...]) -> str:
        """Return the language asked for; where none was, the computer's gives way to English."""
        return self.speaks if self.language or self.speaks in offered else DEFAULT


def read_settings(
    flags: Mapping[str, str | None], environment: Mapping[str, str] = os.environ
) -> Settings:
    """Return the settings; the keys of `flags` are those of the config file, and `config`.

    Raises:
        SettingsError: If the config file cannot be read or a value cannot be used.
    """
    config = _config(flags.get("config") or environment.get("PORRAS_CONFIG"))

    def pick(key: str) -> str | None:
        return flags.get(key) or environment.get(f"PORRAS_{key.upper()}") or config.get(key)

    # A link to the database is followed where the keys are looked for, which may lie beside it.
    database = _path(pick("db"), Path.expanduser)
    language, notes = _language(flags, environment, config)
    pathways, silent = _folder(pick("pathways"))
    if silent:
        notes = (*notes, f"{shown(pathways)}: {SILENT}")
    elif pathways is not None and not _may_be_read(pathways):
        raise SettingsError(
            said(
                "the pathways folder '{folder}' does not exist, or this user may not read it"
            ).format(folder=shown(pathways))
        )
    contents = _path(pick("content"))
    chosen = None if pathways else _chosen(database, contents)
    return Settings(
        database,
        pathways or (chosen.pathways if chosen else PATHWAYS),
        language,
        _one_of("glyphs", get_args(Glyphs), pick("glyphs")),
        _one_of("painter", get_args(PainterName), pick("painter")),
        _one_of("theme", get_args(ThemeName), pick("theme")),
        _size(pick("size")),
        language_of_computer(environment),
        notes,
        read_seat(pick("seat")),
        _path(pick("vignettes"), Path.expanduser),
        _path(pick("classes"), Path.expanduser),
        _one_of("tour", ("yes", "no"), (pick("tour") or "yes").lower()) != "no",
        contents,
        _path(pick("signers")),
        pathways is not None,
        chosen,
    )


def read_seat(word: str | None) -> str | None:
    """Return the word of a seat, if it is one; it may be written in capitals.

    Raises:
        SettingsError: If it is not.
    """
    if word is None or is_seat(word.lower()):
        return word and word.lower()
    told = said("seat {value} is not 3 to 12 letters from a to z, or is a device of Windows")
    raise SettingsError(told.format(value=repr(word)))


def find_language(flags: Mapping[str, str], environment: Mapping[str, str] = os.environ) -> str:
    """Return the language of the command line, whatever else of the settings is wrong."""
    try:
        config = _config(flags.get("config") or environment.get("PORRAS_CONFIG"))
    except SettingsError:
        config = {}
    try:
        language, _ = _language(flags, environment, config)
    except SettingsError:
        language = None
    return language or language_of_computer(environment) or DEFAULT


def _language(
    flags: Mapping[str, str | None], environment: Mapping[str, str], config: Mapping[str, str]
) -> tuple[str | None, tuple[str, ...]]:
    """Return the language asked for, and what was asked for in vain.

    A flag and a file have to be right. What was set for a whole computer must not keep anybody out:
    there the next one counts.
    """
    notes: list[str] = []
    for place, name in (
        ("--lang", flags.get("lang")),
        ("PORRAS_LANG", environment.get("PORRAS_LANG")),
        ("the config file", config.get("lang")),
    ):
        if not name:
            continue
        language = language_named(name)
        if language in LANGUAGES:
            return language, tuple(notes)
        fault = said("language {name} is not one of {known}").format(
            name=repr(name), known=", ".join(LANGUAGES)
        )
        if place != "PORRAS_LANG":
            raise SettingsError(fault)
        notes.append(f"{place}: {fault}, {said('and is passed over')}")
    return None, tuple(notes)


def _one_of(name: str, choices: tuple[ChoiceT, ...], value: str | None) -> ChoiceT | None:
    if value is None:
        return None
    for choice in choices:
        if choice == value:
            return choice
    told = said("{name} {value} is not one of {known}")
    raise SettingsError(
        told.format(name=name, value=repr(value), known=", ".join(map(str, choices)))
    )


def _size(value: str | None) -> tuple[int, int] | None:
    """Return columns and rows, as in 64x18."""
    if value is None:
        return None
    match = re.fullmatch(r"(\d{1,4})[xX×](\d{1,4})", value.strip(), re.ASCII)
    if match is None:
        told = said("size {value} is not columns and rows, as in {example}")
        raise SettingsError(told.format(value=repr(value), example=f"{COLUMNS}x{ROWS}"))
    columns, rows = int(match[1]), int(match[2])
    if columns < COLUMNS or rows < ROWS:
        told = said("size {value} is too small: no page fits in less than {least}")
        raise SettingsError(told.format(value=repr(value), least=f"{COLUMNS}x{ROWS}"))
    return columns, rows


def _path(named: str | None, follow: Callable[[Path], Path] = real) -> Path | None:
    """Return the file or folder itself, with every link on the way followed."""
    try:
        return follow(Path(named)) if named else None
    except RuntimeError as error:  # the folder of a user whom nobody knows
        raise SettingsError(f"{shown(named)}: {error}") from None


def _folder(named: str | None) -> tuple[Path | None, bool]:
    """Return the folder of pathways, and whether its drive is silent; then as it is named."""
    if not named:
        return None, False

    def ask() -> Path | None:
        found = _path(named)
        if found is not None:
            _may_be_read(found)  # so that it is known to answer
        return found

    try:
        return Asked(ask).result(_PATIENCE_S), False
    except NoAnswer:
        return Path(named).expanduser(), True


def _chosen(database: Path | None, named: Path | None) -> Chosen | None:
    """Return the installed content to work with, every file of it compared with its list."""
    from store.content.chosen import Chosen

    def ask() -> Chosen | None:
        place = find_contents(database, named)
        if not os.path.lexists(place):
            return Chosen(place)
        from store.content.places import choose  # only where something was installed

        return choose(place)

    try:
        return Asked(ask).result(_PATIENCE_S)
    except NoAnswer:
        place = named or Path("content")
        return Chosen(place, damage=ContentDamaged(name=str(place), file=SILENT))
    except StoreError:  # whoever needs the store is told why it cannot be found
        return None


def _may_be_read(folder: Path) -> bool:
    try:
        return folder.is_dir() and os.access(folder, os.R_OK)
    except PermissionError:  # of a folder above it
        return False


def find_config(named: str | None) -> Path:
    """Return where the config file is, or would be: the one that is named, or the usual one."""
    from platformdirs import user_config_path

    return Path(named or user_config_path("porras", appauthor=False) / "config.toml")


def _config(named: str | None) -> dict[str, str]:
    path = find_config(named)
    name = shown(path.name)
    try:
        table = Asked(lambda: _table(path)).result(_PATIENCE_S)
    except FileNotFoundError:
        if named:
            told = said("the config file '{file}' does not exist")
            raise SettingsError(told.format(file=shown(named))) from None
        return {}
    except PermissionError:
        told = said("the config file {file} may not be read by this user")
        raise SettingsError(told.format(file=name)) from None
    except (ValueError, OSError, RuntimeError) as error:
        told = said("the config file {file} cannot be read: {why}")
        raise SettingsError(told.format(file=name, why=_in_words(error))) from None
    for key, value in table.items():
        if key not in KEYS or not isinstance(value, str):
            raise SettingsError(
                said(
                    "{file}: '{key}' is not a setting of this Porras, though it may be one of a "
                    "newer one; there is {known}, each a text"
                ).format(file=name, key=shown(key), known=", ".join(KEYS))
            )
    return table


def _table(named: Path) -> dict[str, str]:
    path = real(named)
    if path == Path(os.devnull):
        return {}
    text = regular_files.read_text(path, _LARGEST).replace("\r\n", "\n")
    import tomllib  # only where there is a file

    table = tomllib.loads(text)
    if any("\0" in value for value in table.values() if isinstance(value, str)):
        raise ValueError("a value holds a null character")
    return table


def _in_words(error: Exception) -> str:
    match error:
        case RecursionError():
            return said("its values are nested too deep")
        case regular_files.NotAFile() | regular_files.TooLarge():
            return f"it {error.strerror}"
        case NoAnswer():
            return SILENT
        case OSError():
            return said(str(error.strerror))
        case _:
            return shown(error)
