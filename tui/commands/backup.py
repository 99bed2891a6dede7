"""`porras backup`: makes, checks and tries out copies of the store."""

from __future__ import annotations

from pathlib import Path

import click

from casework.workspace import Workspace
from screens.wording.backup_words import contents, result_words
from store.backup.admission import shares_key
from store.backup.backup import backup as make_one
from store.backup.backup import check_backups as read_all
from store.backup.backup import usual
from store.backup.drill import Drill
from store.backup.drill import drill as try_out
from store.backup.inventory import find_tips, is_backup, list_finished
from store.backup.rotation import KEEP, KEEP_DAYS
from store.errors import BackupMissing, BackupOtherKey, BackupsApart, NoBackupYet, StoreError, shown
from store.file_names import KEYS
from store.keys import keystore
from store.paths import StorePaths, real
from tui import say
from tui.commands.backup_common import (
    branch_of,
    choose,
    open_keys,
    tell_let_alone,
    warn,
)
from tui.commands.common import FORMAT
from tui.commands.open_store import FILE, WHO, Caller, get_paths, pass_caller, pass_store
from tui.spoken import SpokenGroup


class _MakeFirst(SpokenGroup):
    """Takes `backup` and `backup FOLDER` as `backup make FOLDER`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the usual command before what names none."""
        if not args or args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_MakeFirst)
def backup() -> None:
    """Make a backup of the store while others work, or try one out (drill).

    `porras backup FOLDER` is short for `porras backup make FOLDER`.
    """


@backup.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--keep", metavar="N", type=click.IntRange(min=1), help="Keep the N newest (14).")
@click.option(
    "--keep-within",
    "days",
    metavar="DAYS",
    type=click.IntRange(min=0, max=36_500),
    help="Keep all of the last DAYS days (7).",
)
@click.option("--create", is_flag=True, help="Make FOLDER if it is not there.")
@FORMAT
@pass_store
def make(
    workspace: Workspace,
    /,
    folder: Path | None,
    keep: int | None,
    days: int | None,
    create: bool,
    form: str,
) -> None:
    """Copy the store into a folder of its own in FOLDER, and read the copy back.

    FOLDER has to be there: the folder of a stick that is not plugged in would be made on the disk
    of the computer. Without FOLDER it is `backups` beside the database, which does not help when
    the disk dies. The first backup of each month stays for a year, and the last one of a branch
    that a restore has set aside for 90 days. What is not what it says does not count, and is told
    and let alone. Of the others the one that was read longest ago is read whole.
    """
    if workspace.training:
        raise click.UsageError("the training store holds nothing that needs a backup")
    places = get_paths(workspace)
    create = create or folder is None or _agreed_to_make(workspace, folder)
    there = real(folder) if folder else usual(places)
    within = KEEP_DAYS if days is None else days
    made = make_one(workspace.store, places, there, keep or KEEP, within, create=create)
    if form == "json":
        answer = {"folder": str(made.folder), **made.manifest.model_dump(), "removed": made.removed}
        answer |= {"let_alone": sorted(made.let_alone), "read": made.read}
        say.data(answer)
    else:
        for text in result_words(made, workspace.t):
            say.line(text)
    tell_let_alone(workspace, made.let_alone)
    warn(workspace, made)


@backup.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@FORMAT
@pass_store
def check(workspace: Workspace, /, folder: Path | None, form: str) -> None:
    """Read every backup of FOLDER to the last byte, and say what each holds and what is wrong.

    Those of other stores are passed over, and those under another data key counted apart. Ends
    with 1 if anything is wrong.
    """
    if workspace.training:
        raise click.UsageError("the training store has no backups")
    there = real(folder) if folder else usual(get_paths(workspace))
    good, wrong = read_all(workspace.store, there)
    closed = {name for name, error in wrong.items() if isinstance(error, BackupOtherKey)}
    bad = {name: error for name, error in wrong.items() if name not in closed}
    if form == "json":
        answer = {each.path.name: each.manifest.model_dump() | {"wrong": None} for each in good}
        answer |= {name: {"wrong": type(error).__name__} for name, error in wrong.items()}
        say.data(answer)
    else:
        for each in good:
            say.line(workspace.t("Whole: {name}", name=each.path.name))
            say.line(f"   {contents(each.manifest, workspace.t)}")
            say.line(f"   {branch_of(workspace.language, each.manifest, each.set_aside)}")
        for name in sorted(closed):
            say.line(workspace.t("Not read, under another data key: {name}", name=shown(name)))
        if closed:
            say.line(f"   {workspace.t(BackupOtherKey.next)}")
        tell_let_alone(workspace, bad)
    if bad:
        raise SystemExit(1)


@backup.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@WHO
@FILE
@FORMAT
@pass_caller
def drill(caller: Caller, /, folder: Path | None, form: str) -> None:
    """Restore the newest backup of FOLDER into a private folder, read it, and remove it again.

    It is the newest good one of the branch that the present store is on; FOLDER may also be the
    backup itself.
    """
    there = real(folder) if folder else usual(caller.paths)
    source = _some(caller.paths, there, by_hand=folder is not None)
    tried = _try_out(caller, there, *open_keys(caller, source))
    if form == "json":
        answer = {"backup": str(tried.backup), **tried.found._asdict()}
        answer["ancestry"] = [each.model_dump() for each in tried.found.lineage.ancestry]
        answer["passed_over"] = [str(error.values.get("name", "")) for error in tried.passed_over]
        say.data(answer)
        return
    t, language = caller.t, caller.settings.speaks
    say.line(t("Restored on trial, read whole, and removed: {path}", path=shown(tried.backup)))
    say.line(contents(tried.manifest, t))
    say.line(branch_of(language, tried.manifest))
    for error in tried.passed_over:
        say.line(t("Passed over: {what}", what=t(error.what, **error.values)), err=True)
    if tried.found.first_bad:
        say.line(t("The log does not hold from event {seq} on.", seq=tried.found.first_bad))


def _try_out(caller: Caller, there: Path, handle: str, key: bytes) -> Drill:
    try:
        return try_out(there, caller.paths, key, handle)
    except BackupsApart as error:
        return try_out(choose(caller, error), caller.paths, key, handle)


def _agreed_to_make(workspace: Workspace, folder: Path) -> bool:
    """Ask a person, where there is one, whether to make a folder that is not there."""
    try:
        there = folder.is_dir()
    except OSError:  # which the store tells of in its own words
        return False
    if there or not say.is_answered_by_a_person():
        return False
    say.line(workspace.t("There is no folder {path}.", path=shown(folder)), err=True)
    say.line(workspace.t("A stick that should be there may not be plugged in."), err=True)
    return click.confirm(workspace.t("Make the folder here?"), default=False, err=True)


def _some(places: StorePaths, folder: Path, *, by_hand: bool) -> Path:
    """Return a backup of a folder whose keys can be asked for.

    One that today's passphrase opens comes first, and of those the newest.
    """
    try:
        if is_backup(folder):
            return folder
    except BackupMissing:
        if by_hand:
            raise
    if not (found := list(list_finished(folder))):
        raise (BackupMissing if by_hand else NoBackupYet)(path=str(folder))
    last = [tip.path for tip in find_tips(found)]
    others = [entry.path for entry in found[::-1]]
    askable = [path for path in (*last, *others) if _has_keys(path)]
    todays = (path for path in askable if shares_key(places, path / KEYS))
    return next(todays, (*askable, last[0])[0])


def _has_keys(path: Path) -> bool:
    """Return whether the key file of a backup can be read."""
    try:
        return bool(keystore.read(path / KEYS).slots)
    except StoreError:
        return False
