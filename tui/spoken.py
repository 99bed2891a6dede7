"""The words of the command line in the language that it speaks: its help, and click's own words.

They stand in a catalogue of their own, `commands`, so that the program at its start reads none of
them. A text that has no translation is said in English.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache

import click
import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.termui
import click.types

from casework.language import DEFAULT, LOCALE

_OF_CLICK = (
    *(click.core, click.decorators, click.exceptions, click.formatting),
    *(click.parser, click.termui, click.types),
)
"""The parts of click that say something; each has gettext's own function as `_`."""
_CAPITALS = re.compile(r"\b[A-Z][A-Z_]+\b|\bN\b")
_OPTIONS = {"--lang": "lang", "--config": "config"}
_FLAGS = ("--demo", "--plain", "--reset", "--caseload", "--yes", "--version", "--help", "-h")
"""The options of the program that take no value."""


class _Spoken:
    """The language that is spoken now; it is looked up when something is said first."""

    find: Callable[[], str] = staticmethod(lambda: DEFAULT)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("commands", LOCALE, languages=[language], fallback=True)


def said(message: str) -> str:
    """Return a text of the command line in the language that is spoken."""
    return _catalogue(_Spoken.find()).gettext(message) if message else ""


def _said_many(one: str, more: str, count: int) -> str:
    return _catalogue(_Spoken.find()).ngettext(one, more, count)


def _speak_as(language: str) -> None:
    """Say everything in a language that is known."""
    _Spoken.find = staticmethod(lambda: language)


def speak(find: Callable[[], str]) -> None:
    """Say everything in a language from now on, what click says too."""

    def once() -> str:
        _speak_as(DEFAULT)  # what is wrong while it is looked up is said in English
        language = find()
        _speak_as(language)
        return language

    _Spoken.find = staticmethod(once)
    for part in _OF_CLICK:
        for name, says in (("_", said), ("ngettext", _said_many)):
            if hasattr(part, name):
                setattr(part, name, says)
    click.Context.formatter_class = HelpText


def asked_for(args: Sequence[str]) -> Mapping[str, str]:
    """Return the language and the config file that the words of a command line ask for."""
    return dict(_asked_for(args))


def _asked_for(args: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what stands before the name of a command, which may have a --lang of its own."""
    words = iter(args)
    for word in words:
        if not word.startswith("-"):
            return
        option, joined, value = word.partition("=")
        if not joined and option not in _FLAGS:
            value = next(words, "")
        if option in _OPTIONS:
            yield _OPTIONS[option], value


def paragraphs(text: str) -> Iterator[str]:
    """Yield each paragraph of a help as one line; so the catalogue has it."""
    for part in text.split("\n\n"):
        yield " ".join(part.split())


def said_whole(text: str) -> str:
    """Return a help of several paragraphs in the language that is spoken."""
    return "\n\n".join(said(part) for part in paragraphs(text))


class HelpText(click.HelpFormatter):
    """Writes a help in the language that is spoken."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        super().write_usage(prog, said_placeholders(args), prefix)

    def write_text(self, text: str) -> None:
        """Write what a command is for."""
        super().write_text(said_whole(text))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write names with what they mean."""
        super().write_dl([*map(_row, rows)], col_max, col_spacing)


def _row(row: tuple[str, str]) -> tuple[str, str]:
    name, meaning = row
    text, bracket, more = meaning.partition("  [")
    return said_placeholders(name), said(" ".join(text.split())) + bracket + more


def said_placeholders(text: str) -> str:
    """Return a text with what is to be put in, such as FILE, in the language that is spoken."""
    return _CAPITALS.sub(lambda found: said(found[0]), text)


class SpokenGroup(click.Group):
    """A group whose list of commands is in the language that is spoken."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        write_commands({name: each.help or "" for name, each in found if each}, formatter)


def write_commands(offered: Mapping[str, str], formatter: click.HelpFormatter) -> None:
    """Write the names of commands with how their help begins, each in one line."""
    width = formatter.width - 6 - max(map(len, offered))
    with formatter.section(said("Commands")):
        rows = [
            (name, click.Command(name, help=_beginning(text)).get_short_help_str(width))
            for name, text in offered.items()
        ]
        click.HelpFormatter.write_dl(formatter, rows)


def _beginning(text: str) -> str:
    return said(next(paragraphs(text)))
