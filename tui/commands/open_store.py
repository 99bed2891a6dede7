"""Opens the encrypted store for a command: who asks, the passphrase, and every fault in words.

A passphrase is typed where nobody sees it, or read from a file. It is never an option or a variable
of the environment: other people of the same computer can read those in its list of processes.
"""

from __future__ import annotations

import functools
import getpass
import os
import stat
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import click

from casework.error_text import translate_error
from casework.language import Speech, speech
from casework.workspace import Workspace
from screens.base.error import CareErrorScreen
from screens.desk.announcements import announced, unwritten
from stepping.characters import escape_unfit
from stepping.pathway.diagnostics import PathwayError
from store.errors import KeysMissing, StoreError, StoreMissing, shown
from store.files.ownership import readers
from store.files.regular_files import open_given
from store.keys.keystore import handles
from store.opening.unlock import detect_state, unlock
from store.paths import StorePaths, find, find_answering
from store.records import Client
from store.repository.store import Store
from store.session import clock_doubt
from store.training.opening import open_training
from tui import say
from tui.commands.groups import CommandError
from tui.launch import find_places, now
from tui.settings import Settings
from tui.spoken import said

_LONGEST_LINE = 4096
"""Bytes of a passphrase file that are read at most; a passphrase has 256 characters at most."""


WHO = click.option("--as", "who", metavar="HANDLE", help="Your staff code.")
FILE = click.option(
    "--passphrase-file", "file", metavar="FILE", help="As for the other commands; - is stdin."
)
"""Who asks, for commands that do not open the store in the usual way."""


@dataclass(frozen=True)
class Caller:
    """Who runs a command, in which language, and where the passphrase is to be read."""

    settings: Settings
    who: str | None = None
    file: str | None = None

    @property
    def t(self) -> Speech:
        """The sentences of the program."""
        return speech(self.settings.speaks)

    @cached_property
    def paths(self) -> StorePaths:
        """The paths of the store that is meant."""
        return find(self.settings.database)

    @property
    def can_be_asked(self) -> bool:
        """Whether a person is there to answer, and not a script with a file."""
        return self.file is None and say.is_answered_by_a_person()

    def find_handle(self, key_file: Path) -> str:
        """Return the staff code that is meant.

        Raises:
            click.UsageError: If none was given, and the store has several.
        """
        if self.who:
            return self.who
        found = handles(key_file)
        if len(found) != 1:
            raise click.UsageError("this store has several staff codes; say yours with --as HANDLE")
        return found[0]

    def read_passphrase(self, handle: str) -> str:
        """Return the passphrase of a staff code: typed unseen, or the first line of a file."""
        return read_secret(self.t("Passphrase of {handle}: ", handle=handle), self.file)

    def read_new_passphrase(self, handle: str, file: str | None) -> str:
        """Return a new passphrase from a file, or typed twice.

        Raises:
            CommandError: If both times are not the same.
        """
        if file is not None:
            return Caller(self.settings, file=file).read_passphrase(handle)
        first = ask_secret(self.t("New passphrase of {handle}: ", handle=handle))
        if ask_secret(self.t("The same once more: ")) != first:
            raise CommandError(self.t("They are not the same; nothing was changed."))
        return first


def pass_caller(command: Callable[..., None]) -> Callable[..., None]:
    """Hand a command its caller, out of the settings and the options WHO and FILE."""

    @click.pass_obj
    @functools.wraps(command)
    def called(
        settings: Settings, /, *, who: str | None = None, file: str | None = None, **given: Any
    ) -> None:
        command(Caller(settings, who, file), **given)

    return called


def pass_store(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of who opens the store, and hand it a workspace with it.

    Of what goes wrong with the store or a kept pathway the user gets a sentence and what to do,
    exit status 1; 2 where it was not said who opens it, or nobody can be asked for the passphrase.
    """

    @click.option("--as", "who", metavar="HANDLE", help="Your staff code, where there are several.")
    @click.option(
        "--passphrase-file",
        "file",
        metavar="FILE",
        help="For scripts: a file that only you can read, with the passphrase on its first line; "
        "/dev/fd/N is a descriptor, - is stdin. Without it you are asked. No option and no "
        "variable takes the passphrase itself: other users could read it in the process list.",
    )
    @click.pass_context
    @functools.wraps(command)
    def opened(context: click.Context, /, who: str | None, file: str | None, **given: Any) -> None:
        demo = bool(context.find_root().params.get("demo"))
        with open_workspace(Caller(context.obj, who, file), demo=demo) as workspace:
            command(workspace, **given)

    return opened


@contextmanager
def open_workspace(caller: Caller, *, demo: bool = False) -> Iterator[Workspace]:
    """Open the store for a command, and close it again whatever happens.

    Raises:
        CommandError: If the store, or the text of a pathway in it, cannot be used.
    """
    t = caller.t
    try:
        with _training(caller) if demo else _store(caller) as store:
            if store.clock_doubt:
                clock_doubt.keep(store)
                message = t("The date of this computer is in doubt. Start Porras and check it.")
                say.line(f"porras: {message}", err=True)
            workspace = Workspace(
                now,
                pathways=caller.settings.pathways,
                content=caller.settings.chosen,
                language=caller.settings.speaks,
                language_asked=True,
                training=demo,
                opened=store,
            )
            print_announcements(workspace)
            _tell_of_loss(workspace, caller)
            yield workspace
            if message := unwritten(workspace):
                say.line(f"porras: {message}", err=True)
    except StoreError as error:
        text = translate_error(error, t)
        raise CommandError(f"{text.what} {text.next}") from None
    except PathwayError as error:
        message = t("The text of the pathway that was used cannot be read.")
        raise CommandError(f"{message}\n{error}") from None


def _tell_of_loss(workspace: Workspace, caller: Caller) -> None:
    """Say that the store misses a content; what is seen without the store was said already."""
    damage, seen = workspace.content and workspace.content.damage, caller.settings.chosen
    if damage and not (seen and seen.damage):
        say.line(f"porras: {translate_error(damage, caller.t)}", err=True)


def get_paths(workspace: Workspace) -> StorePaths:
    """Return the paths of the store that is open."""
    return find(workspace.store.db.path)


def find_client(workspace: Workspace, code: str) -> Client:
    """Return the client with a code.

    Raises:
        CommandError: If there is none.
    """
    found = workspace.store.clients.find(code)
    if found is None:
        raise CommandError(workspace.t("No client has this code here."))
    return found


def print_announcements(workspace: Workspace) -> None:
    """Tell what everybody is told of once: this opening takes the place of the next start."""
    for text in announced(workspace):
        say.line(f"porras: {text}", err=True)
    workspace.mark_announced()


def _training(caller: Caller) -> Store:
    if caller.who or caller.file:
        raise click.UsageError("the training store asks for no staff code and no passphrase")
    say.line(caller.t("TRAINING: invented clients only"), err=True)
    return open_training(find_places(caller.settings).training, now)


def _store(caller: Caller) -> Store:
    places = find_answering(caller.settings.database)
    match detect_state(places):
        case "database only":
            raise KeysMissing(path=str(places.keys))
        case "nothing" | "keys only":
            raise StoreMissing(path=str(places.database))
        case "store":
            handle = caller.find_handle(places.keys)
            return unlock(places, handle, caller.read_passphrase(handle), now)


def read_secret(question: str, file: str | None) -> str:
    """Return a passphrase or a recovery code: typed unseen, or the first line of a file.

    Raises:
        CommandError: If the file cannot be used, or others may read it.
    """
    if file is None:
        return ask_secret(question)
    if file == "-":
        return _first_line(sys.stdin.buffer, "standard input")

    try:
        with open_given(Path(file)) as source:
            _refuse_if_shared(source, file)
            return _first_line(source, file)
    except OSError as error:
        raise CommandError(f"{shown(file)}: {said(str(error.strerror))}") from None


def ask_secret(question: str) -> str:
    """Ask on the terminal itself, so that neither question nor answer gets among the output.

    Raises:
        click.UsageError: If there is no terminal.
    """
    with warnings.catch_warnings():
        # getpass would rather read with echo than not at all; a passphrase is better not read.
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(escape_unfit(question))
        except (getpass.GetPassWarning, EOFError):
            raise click.UsageError(
                "there is no terminal to ask for the passphrase; give it with --passphrase-file "
                "FILE (- is standard input)"
            ) from None


def _refuse_if_shared(source: BinaryIO, name: str) -> None:
    """Fault if others may read the file; a pipe is nobody else's."""
    mode = os.fstat(source.fileno()).st_mode
    shared = os.name == "posix" and mode & (stat.S_IRGRP | stat.S_IROTH)
    if stat.S_ISREG(mode) and (shared or readers(Path(name))):
        told = said("other users can read this passphrase; run chmod 600 on the file")
        if os.name == "nt":
            told = said("others can read this passphrase; give only yourself rights to the file")
        raise CommandError(f"{shown(name)}: {told}")


def _first_line(source: BinaryIO, name: str) -> str:
    if source.isatty():
        raise click.UsageError("a terminal would show the passphrase; leave out --passphrase-file")
    try:
        line = source.readline(_LONGEST_LINE).decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise CommandError(f"{shown(name)}: {said('the passphrase is not UTF-8 text')}") from None
    if not line:
        raise CommandError(f"{shown(name)}: {said('there is no passphrase on the first line')}")
    return line


def warn_of_care(workspace: Workspace) -> None:
    """Say on standard error if the site's own `care/` cannot be read, so that ours holds."""
    ours = workspace.care
    if ours and (fault := workspace.care_fault):
        say.line(f"{workspace.t(CareErrorScreen.title_text)}\n{fault}", err=True)
