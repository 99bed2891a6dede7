"""What the commands share: a pathway by name, a language it has, files and days as given."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from casework.language import LANGUAGES, language_named
from stepping.days import NoSuchDay, NotADay, read_day
from stepping.finland import finnish_day
from stepping.pathway.diagnostics import PathwayError, describe_program_fault, find_nearest
from stepping.pathway.model import Pathway
from store.errors import shown
from store.files import regular_files
from store.output import Guarded
from store.paths import find_answering
from store.pathway_files.files import UnknownPathway, ids, load
from store.times import utc_now
from tui.commands.groups import CommandError
from tui.settings import Settings
from tui.spoken import said

if TYPE_CHECKING:
    from store.records import HeldStop
    from store.risk_records import RiskMark


class InputFile(click.ParamType[BinaryIO]):
    """A file that is given to be read; `-` is standard input, `/dev/fd/N` a descriptor."""

    name = "file"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> BinaryIO:
        """Open it, without ever waiting for a pipe that nobody writes to."""
        if value == "-":
            return sys.stdin.buffer
        try:
            file = regular_files.open_given(Path(value))
        except regular_files.NotAFile:
            told = said("{file} is not a file; give a pipe as - or /dev/fd/N")
            self.fail(told.format(file=repr(value)), param, ctx)
        except (OSError, ValueError) as error:
            why = said(str(getattr(error, "strerror", error)))
            self.fail(f"{value!r}: {why}", param, ctx)
        if ctx:
            ctx.call_on_close(file.close)
        return file


FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
"""Lets a command answer other programs as well as people."""


def parse_day(value: str) -> datetime:
    """Return the first moment of a day, without a zone; the day as it is typed on the screens.

    Raises:
        click.BadParameter: If it is no day.
    """
    try:
        day = read_day(value, finnish_day(utc_now()))
    except NoSuchDay:
        raise click.BadParameter(
            said("the calendar has no day {day}").format(day=repr(value))
        ) from None
    except (NotADay, OverflowError):
        raise click.BadParameter(
            said("{day} is no day; write 2026-11-22 or 22.11.2026").format(day=repr(value))
        ) from None
    return datetime.combine(day, datetime.min.time())


def refuse_unknown(what: str, name: str, known: Iterable[str]) -> None:
    """Refuse a name that nothing has, and suggest the nearest one.

    Raises:
        click.UsageError: If it is not among those that are known.
    """
    if name not in (names := list(known)):
        raise click.UsageError(f"{said(what)} {name!r}{said_nearest(name, names)}")


def said_nearest(name: str, known: Iterable[str]) -> str:
    """Return the nearest of the names that are known as a hint, or nothing."""
    near = find_nearest(name, known)
    return f"; {said('did you mean {name}?').format(name=repr(near))}" if near else ""


def no_such_pathway(name: str, folder: Path) -> click.UsageError:
    """Return the refusal of a name that no pathway has, with the nearest one or with all."""
    known = ids(folder)
    told = said("{name} is neither a pathway nor a folder with pathway.toml")
    there = said("there is {known}").format(known=", ".join(known) or "–")
    nearest = said_nearest(name, known) or f"; {there}"
    return click.UsageError(told.format(name=repr(name)) + nearest)


def stop_as_json(stop: HeldStop) -> dict[str, Any]:
    """Return what every command tells other programs of an open stop."""
    return {
        "stop": stop.stop,
        "urgency": stop.urgency,
        "floor": stop.floor,
        "since": stop.since.isoformat(),
    }


def risk_as_json(mark: RiskMark) -> dict[str, Any]:
    """Return what every command tells other programs of a client's risk by one assessment."""
    return {
        "assessment": mark.assessment_id,
        "pathway": mark.pathway_id,
        "version": mark.pathway_version,
        "stands": mark.stands,
        "signs": [
            {
                "kind": sign.kind,
                "about": sign.about,
                "answer": sign.answer,
                "since": sign.since.isoformat(),
                "by": sign.by,
                "corrected": sign.wrong and sign.wrong.isoformat(),
            }
            for sign in mark.signs
        ],
        "steps": [row.model_dump(mode="json", exclude={"answers_seq"}) for row in mark.steps],
    }


def load_pathway(settings: Settings, name: str) -> Pathway:
    """Return a pathway by id or folder.

    Raises:
        click.UsageError: If there is none.
        CommandError: With every fault in its files.
    """
    try:
        return load(name, settings.pathways)
    except UnknownPathway:
        raise no_such_pathway(name, settings.pathways) from None
    except PathwayError as error:
        told = said("the pathway {name} cannot be used").format(name=shown(Path(name).name))
        raise CommandError(f"{told}\n{error}") from None


def get_guarded(settings: Settings) -> Guarded:
    """Return the places into which no file is written that a command was asked for."""
    return Guarded(find_answering(settings.database).database, settings.pathways)


@contextmanager
def blame_pathway(
    pathway: Pathway, besides: type[Exception] | tuple[type[Exception], ...] = OSError
) -> Iterator[None]:
    """Say that the program failed on a pathway, where it does; no values are shown.

    Faults of the disk, and of what is called for `besides`, are told by the caller.

    Raises:
        CommandError: If it did.
    """
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, click.Abort, OSError):
        raise
    except besides:
        raise
    except Exception as error:
        raise CommandError(
            f"the pathway {pathway.id} cannot be used\n{describe_program_fault(error)}"
        ) from None


def choose_language(language: str, offered: tuple[str, ...]) -> str:
    """Return a language if a pathway has it; it may be named as a locale, such as `fi_FI.UTF-8`.

    Raises:
        click.UsageError: With the languages that it has.
    """
    if language not in offered:
        if (named := language_named(language)) in offered:
            return named
        raise click.UsageError(
            said("the pathway has no {language}; it has {offered}").format(
                language=repr(language), offered=", ".join(offered)
            )
        )
    return language


def require_spoken(language: str) -> str:
    """Return a language if Porras itself speaks it; a pathway may have texts in more.

    Raises:
        click.UsageError: If it does not.
    """
    if language not in LANGUAGES:
        raise click.UsageError(
            said("Porras speaks {spoken}; texts in {language} are in --format json only").format(
                spoken=", ".join(LANGUAGES), language=repr(language)
            )
        )
    return language
