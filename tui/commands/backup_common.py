"""What `backup` and `restore` share: the words for a backup, the choice of one, its keys."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from casework.language import speech
from casework.workspace import Workspace
from screens.wording.backup_words import contents, let_alone_words, warnings
from store.backup.admission import open_backup
from store.backup.backup import Backup
from store.backup.inventory import find_newest
from store.backup.manifest import Manifest
from store.errors import BackupsApart, StoreError
from store.file_names import KEYS
from store.keys import credentials
from tui import say
from tui.commands.open_store import Caller, read_secret


def branch_of(language: str, manifest: Manifest, set_aside: str | None = None) -> str:
    """Return which branch of the history of a store a backup belongs to."""
    t = speech(language)
    branch = manifest.branch[:8]
    if set_aside:
        return t("Branch {branch}, set aside by the restore of {at}.", branch=branch, at=set_aside)
    if manifest.ancestry:
        begun = manifest.ancestry[-1].at
        return t("Branch {branch}, begun by the restore of {at}.", branch=branch, at=begun)
    return t("Branch {branch}, the first of this store.", branch=branch)


def tell_let_alone(workspace: Workspace, wrong: Mapping[str, StoreError]) -> None:
    """Say of each folder why it does not count as a backup."""
    for text in let_alone_words(wrong, workspace.t):
        say.line(text, err=True)


def warn(workspace: Workspace, made: Backup) -> None:
    """Say what is wrong with a backup or the place that it lies in."""
    for text in warnings(made, workspace.t):
        say.line(text, err=True)


def choose(caller: Caller, error: BackupsApart) -> Path:
    """Say which branches there are, and let a person choose one by its number.

    Raises:
        BackupsApart: If nobody can be asked.
    """
    t, language = caller.t, caller.settings.speaks
    say.line(t("These backups hold what no other one holds:"), err=True)
    for number, tip in enumerate(error.tips, 1):
        say.line(f"{number}  {tip.path.name}", err=True)
        say.line(f"   {contents(tip.manifest, t)}", err=True)
        say.line(f"   {branch_of(language, tip.manifest, tip.set_aside)}", err=True)
    if not caller.can_be_asked:
        raise error
    numbers = click.IntRange(1, len(error.tips))
    chosen = click.prompt(t("Which one? Its number"), type=numbers, err=True)
    return Path(error.tips[chosen - 1].path)


def open_keys(caller: Caller, source: Path, *, recovery: bool = False) -> tuple[str, bytes]:
    """Return who restores, and the data key of the backup."""
    key_file = find_newest(source) / KEYS
    handle = credentials.plain_handle(caller.find_handle(key_file))
    if recovery:
        secret = read_secret(caller.t("Recovery code of the backup: "), caller.file)
    else:
        secret = caller.read_passphrase(handle)
    return handle, open_backup(caller.paths, key_file, handle, secret, recovery=recovery)
