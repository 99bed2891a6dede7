"""The file that a workplace is set up from: what stands in it, and each fault by its line.

It has two tables: `workplace` is kept in the encrypted store, `settings` in the config file of the
computer. A fault names the line, the key, its value, and what would be right.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from casework import idle_timer
from casework.desk import printing
from casework.language import LANGUAGE, N_, Speech, language_named
from casework.workspace import MUNICIPALITY
from stepping.pathway.diagnostics import PathwayError, find_nearest
from stepping.pathway.toml_lines import TomlLines
from store import text_guard
from store.errors import RefusedHandle, RefusedText, shown
from store.keys import credentials
from store.opening.site_setup import Wanted
from store.paths import at_home
from store.pathway_files.files import load_areas
from store.retention import retention

WORKPLACE = (
    "administrator",
    "municipality",
    "unit",
    "retention_days",
    "idle_minutes",
    "printing",
)
_TABLES = ("workplace", "settings")

_PLACES = frozenset({"db", "pathways", "vignettes", "classes", "content", "signers"})
"""Settings that are paths; a whole one means the same whoever reads it, and wherever from."""

_IDLE = range(1, max(idle_timer.ALLOWED) + 1)
_RETENTION = range(retention.SHORTEST, retention.LONGEST + 1)

_HANDLE = N_("2 to 16 letters from a to z, digits or dashes, which your organisation knows")
_PLACE = N_("a municipality that services are known for")
_UNIT = N_("a name of up to 40 characters, and of nobody")
_NUMBER = N_("a whole number from {least} to {most}, without quotation marks")
_YES_NO = N_("true or false, without quotation marks")
_TEXT = N_("a text between quotation marks")
_TABLE = N_("a table: [{name}] on a line of its own, and its keys below")
_WHOLE = N_("a whole path from the root or a drive, between single quotation marks")

_WRONG = N_("{name} is {value}; right would be {right}.")
_MEANT = N_("{name} is {value}; did you mean {near}?")
_MISSING = N_("{name} is missing in [{table}].")
_NEAR = N_("{name} is no key of [{table}]; did you mean {near}?")
_UNKNOWN = N_("{name} is no key of [{table}]; there is {known}.")
_NO_TABLE = N_("{name} stands in neither [workplace] nor [settings].")
_NOT_TOML = N_("The line is no TOML: {why}. Paths of Windows stand between single quotation marks.")
_NOT_SPOKEN = N_("{name}: {why}")
_SERVICES = N_("The services of the pathways folder cannot be read: {why}")


class Fault(NamedTuple):
    """One thing that is wrong, and where."""

    line: int
    key: str
    """Table and key, as in `workplace.unit`; empty where no key is to blame."""
    value: Any
    sentence: str
    values: Mapping[str, Any]

    def told(self, t: Speech) -> str:
        """Return the sentence in the language of whoever reads it."""
        values = dict(self.values)
        if right := values.get("right"):
            values["right"] = t(right, **values)
        return t(self.sentence, **values)


class Site(NamedTuple):
    """What a file asks for."""

    wanted: Wanted
    settings: Mapping[str, str]
    """What the config file of the computer shall hold."""


CheckSetting = Callable[[str, str], str | None]
"""Says what is wrong with a setting of the config file, in words; None if nothing is."""


@dataclass
class _Reader:
    text: str
    keys: tuple[str, ...]
    """The settings that the config file takes."""
    check: CheckSetting
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = TomlLines(self.text)

    def blame(self, table: str, name: str, value: Any, sentence: str, **values: Any) -> None:
        place: tuple[str | int, ...] = tuple(filter(None, (table, name)))
        told = {"table": table, "name": shown(name or table), "value": _shown(value), **values}
        line = self.lines.find_line(place)
        self.faults.append(Fault(line, ".".join(map(str, place)), value, sentence, told))


def read_site(
    text: str, keys: tuple[str, ...], check: CheckSetting, pathways: Path
) -> Site | list[Fault]:
    """Return what the text of a file asks for, or every fault in it, sorted by line.

    `keys` are the settings that the config file takes, `check` says what is wrong with one.
    `pathways` is the folder that is in use where the file names none; it knows the municipalities.
    """
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a ValueError
        found = re.search(r"\s*\(at (?:line (\d+)|end)", str(error))
        line = int(found[1]) if found and found[1] else text.count("\n") + 1
        why = str(error)[: found.start()] if found else str(error)
        return [Fault(line, "", None, _NOT_TOML, {"why": shown(why)})]
    reader = _Reader(text, keys, check)
    for name in tables.keys() - set(_TABLES):
        reader.blame("", name, tables[name], _NO_TABLE)
    settings = _settings(reader, _table(reader, tables, "settings"))
    workplace = _table(reader, tables, "workplace")
    kept = dict(_workplace(reader, workplace, at_home(Path(settings.get("pathways", pathways)))))
    if reader.faults:
        return sorted(reader.faults, key=lambda fault: fault.line)
    kept[LANGUAGE] = language_named(settings["lang"]) if "lang" in settings else ""
    handle, unit = kept.pop("administrator"), kept.pop("unit", None)
    return Site(Wanted(handle, unit, {key: kept[key] for key in kept if kept[key]}), settings)


def _table(reader: _Reader, tables: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return a table with its known keys alone."""
    table = tables.get(name, {})
    if not isinstance(table, dict):
        reader.blame("", name, table, _WRONG, right=_TABLE)
        return {}
    known = WORKPLACE if name == "workplace" else reader.keys
    for key in table.keys() - set(known):
        near = find_nearest(key, known)
        sentence = _NEAR if near else _UNKNOWN
        reader.blame(name, key, table[key], sentence, near=near, known=", ".join(known))
    return {key: table[key] for key in known if key in table}


def _settings(reader: _Reader, table: Mapping[str, Any]) -> dict[str, str]:
    right = {}
    for key, value in table.items():
        if not isinstance(value, str) or not value.strip():
            reader.blame("settings", key, value, _WRONG, right=_TEXT)
        elif key in _PLACES and not _is_whole(value):
            reader.blame("settings", key, value, _WRONG, right=_WHOLE)
        elif why := reader.check(key, value):
            reader.blame("settings", key, value, _NOT_SPOKEN, why=why)
        else:
            right[key] = value
    return right


def _is_whole(path: str) -> bool:
    return "\0" not in path and at_home(Path(path)).is_absolute()


def _workplace(
    reader: _Reader, table: Mapping[str, Any], pathways: Path
) -> Iterator[tuple[str, str]]:
    """Yield what is right, by the keys of the settings of a store."""
    if "administrator" not in table:
        reader.blame("workplace", "administrator", None, _MISSING)
    for name, value in table.items():
        kept = _READ[name](reader, name, value, pathways)
        if kept is not None:
            yield kept


_Kept = tuple[str, str] | None


_Read = Callable[[_Reader, str, Any, Path], _Kept]


def _text(checked: Callable[[str], str], right: str) -> _Read:
    def read(reader: _Reader, name: str, value: Any, _: Path) -> _Kept:
        try:
            return name, checked(value if isinstance(value, str) else "")
        except (RefusedHandle, RefusedText):
            reader.blame("workplace", name, value, _WRONG, right=right)
            return None

    return read


def _number(setting: str, allowed: range) -> _Read:
    def read(reader: _Reader, name: str, value: Any, _: Path) -> _Kept:
        if isinstance(value, int) and not isinstance(value, bool) and value in allowed:
            return setting, str(value)
        ends = {"least": allowed[0], "most": allowed[-1]}
        reader.blame("workplace", name, value, _WRONG, right=_NUMBER, **ends)
        return None

    return read


def _yes_no(reader: _Reader, name: str, value: Any, _: Path) -> _Kept:
    if isinstance(value, bool):
        return name, "on" if value else "off"
    reader.blame("workplace", name, value, _WRONG, right=_YES_NO)
    return None


def _municipality(reader: _Reader, name: str, value: Any, pathways: Path) -> _Kept:
    try:
        places = [each for area in load_areas(pathways) for each in area.municipalities]
    except PathwayError as error:
        reader.blame(
            "settings", "pathways", str(pathways), _SERVICES, why=str(error).split("\n")[0]
        )
        return None
    known = {each.casefold(): place.id for place in places for each in place.name.values()}
    known |= {place.id: place.id for place in places}
    asked = str(value).strip().casefold()
    if isinstance(value, str) and asked in known:
        return MUNICIPALITY, known[asked]
    near = find_nearest(asked, known)
    sentence = _MEANT if near else _WRONG
    reader.blame("workplace", name, value, sentence, near=near, right=_PLACE)
    return None


_READ: Mapping[str, _Read] = {
    "administrator": _text(credentials.plain_handle, _HANDLE),
    "municipality": _municipality,
    "unit": _text(text_guard.unit, _UNIT),
    "retention_days": _number(retention.SETTING, _RETENTION),
    "idle_minutes": _number(idle_timer.SETTING, _IDLE),
    printing.SETTING: _yes_no,
}


def _shown(value: Any) -> str:
    """Return a value about as the file has it, on one line, cut where it is long."""
    if isinstance(value, bool):
        return str(value).lower()
    try:
        text = shown(f'"{value}"' if isinstance(value, str) else value)
    except (ValueError, RecursionError):  # too many digits, or nested too deep
        return "…"
    return text if len(text) <= 60 else f"{text[:59]}…"
