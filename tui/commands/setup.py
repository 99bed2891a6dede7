"""`porras setup`: makes store and config file of a workplace from a file, without asking."""

from __future__ import annotations

import json
import os
import platform
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import click

from casework.desk import site_file
from casework.desk.site_file import Fault, Site
from casework.language import LANGUAGES, N_, Speech, speech
from store import output
from store.errors import NOTHING_CHANGED, shown
from store.files import disk_errors, drives, durable, regular_files
from store.opening import site_setup
from store.opening.site_setup import Standing
from store.output import Guarded, Kind, Taken, Unwritten
from store.paths import StorePaths, find_answering
from tui import say
from tui.commands.common import FORMAT
from tui.commands.groups import CommandError
from tui.launch import now
from tui.settings import KEYS, Settings, SettingsError, find_config, read_settings
from tui.spoken import said

_EXAMPLE = Path(site_file.__file__).with_name("site_example.toml")
_LARGEST = 100_000
"""Bytes of a site file; the example has 2,000."""

_HEAD = (
    "# Written by `porras setup`. Each setting is a text; the first one that is wrong is told.\n"
)

_STORE: Mapping[Standing, str] = {
    "new": N_("The store {path} would be made."),
    "unfinished": N_("The store {path} would be made anew: nobody has signed in to it."),
    "done": N_("The store {path} was set up before, by the same values."),
}
_ONCE = N_(
    "This first passphrase opens the store once, for {handle} to choose another. It is not shown "
    "again."
)
_RECOVERY = N_("The recovery code is shown at the first sign-in: have paper at hand.")
_SLIP = N_("The first passphrase of {handle} is in {file}. Hand it over and delete the file.")
_AGAIN = N_("The store is not set up yet: the next run begins anew.")
_OPEN = N_("Whoever holds that disk can read the file: it is not encrypted. Delete it soon.")


class _Plan(NamedTuple):
    """Everything that was looked at before anything is changed."""

    site: Site
    paths: StorePaths
    standing: Standing
    config: Path
    config_stands: bool
    guarded: Guarded
    slip: Path | None = None
    """Where the first passphrase is written, if not on the terminal."""

    @property
    def changes(self) -> bool:
        return self.standing != "done" or not self.config_stands

    def as_json(self, *, done: bool) -> dict[str, object]:
        slip = str(self.slip) if self.slip else None
        return {
            "store": str(self.paths.database),
            "standing": self.standing,
            "config": str(self.config),
            "config_stands": self.config_stands,
            "administrator": self.site.wanted.handle,
            "code_file": slip,
            "changed": done and self.changes,
        }


@click.command()
@click.option("--from", "source", metavar="FILE", help="The file that says how; see --example.")
@click.option("--example", is_flag=True, help="Print a file to begin with.")
@click.option("--check", is_flag=True, help="Tell what would be done, and change nothing.")
@click.option(
    "--code-file",
    "slip",
    metavar="FILE",
    help="Write the first passphrase into this new file, which is yours alone, and not here.",
)
@click.option(
    "--anew", is_flag=True, help="Begin anew, where nobody has signed in yet: the code was lost."
)
@FORMAT
@click.pass_obj
def setup(
    settings: Settings,
    /,
    source: str | None,
    example: bool,
    check: bool,
    slip: str | None,
    anew: bool,
    form: str,
) -> None:
    """Set up this workplace without asking, by a file: for many computers at once.

    Makes the encrypted store with its first administrator, and the config file. The administrator
    gets a first passphrase, printed here once or written to --code-file, and changes it at the
    first sign-in. What stands already is never overwritten: a second run changes nothing.
    """
    if example:
        say.line(_EXAMPLE.read_text("utf-8").rstrip("\n"))
        return
    if source is None:
        raise click.UsageError(said("say which file with --from FILE; --example prints one"))
    t = speech(settings.speaks)
    site = _read(t, settings.pathways, source, form)
    plan = _look(settings, site, slip, anew=anew)
    if not check:
        _refuse_without_a_place(plan, form)
        plan = _carry_out(t, plan, anew=anew)
    _tell(t, plan, form, done=not check)


def _read(t: Speech, pathways: Path, source: str, form: str) -> Site:
    """Return what the file asks for, or name every fault in it."""
    try:
        text = regular_files.read_text(Path(source), _LARGEST)
    except OSError as error:
        raise CommandError(f"{shown(source)}: {said(str(error.strerror))}") from None
    except UnicodeDecodeError:
        raise CommandError(f"{shown(source)}: {said('it is not UTF-8 text')}") from None
    found = site_file.read_site(text.replace("\r\n", "\n"), KEYS, _setting_fault, pathways)
    if isinstance(found, Site):
        return found
    if form == "json":
        say.data({"faults": [_as_json(fault, t) for fault in found]})
    else:
        for fault in found:
            say.line(f"{shown(Path(source).name)}:{fault.line}: {fault.told(t)}", err=True)
    raise CommandError(t("Nothing was changed."))


def _as_json(fault: Fault, t: Speech) -> dict[str, object]:
    told = {"line": fault.line, "key": fault.key, "value": fault.value}
    return {**told, "message": fault.told(t)}


def _setting_fault(key: str, value: str) -> str | None:
    """Return what is wrong with a setting, by the rules of the config file itself."""
    try:
        read_settings({key: value}, {})
    except SettingsError as error:
        return str(error)
    return None


def _look(settings: Settings, site: Site, slip: str | None, *, anew: bool) -> _Plan:
    """Look at everything that stands there already."""
    root = click.get_current_context().find_root().params
    database = None if root.get("db") else site.settings.get("db")
    paths = find_answering(Path(database) if database else settings.database)
    standing = site_setup.look(paths, site.wanted) if not anew else "unfinished"
    if anew:
        site_setup.refuse_if_used(paths)
    config = find_config(root.get("config") or os.environ.get("PORRAS_CONFIG"))
    stands = _config_stands(speech(settings.speaks), config, site.settings)
    guarded = Guarded(paths.database, Path(site.settings.get("pathways", settings.pathways)))
    plan = _Plan(site, paths, standing, config, stands, guarded)
    if slip is None or standing == "done":
        return plan
    try:
        spot = output.find_target(Path(slip), _kind(site), guarded)
        if spot.taken and standing == "new":
            raise Taken
    except Unwritten as why:
        t = speech(settings.speaks)
        raise CommandError(f"{shown(slip)}: {t(why.sentence)} {t(NOTHING_CHANGED)}") from None
    return plan._replace(slip=spot.path)


def _config_stands(t: Speech, config: Path, wanted: Mapping[str, str]) -> bool:
    """Return whether the config file stands as it should; refuse one that says something else."""
    if not wanted:
        return True
    if not config.exists():
        return False
    # It could be read when this program began, or that was told.
    there = tomllib.loads(regular_files.read_text(config, _LARGEST))
    if lines := [line for key, line in _lines(wanted).items() if there.get(key) != wanted[key]]:
        told = t(
            "{file} stands, and is never overwritten. It would have to say:", file=shown(config)
        )
        raise CommandError("\n".join((told, *lines, t(NOTHING_CHANGED))))
    return True


def _lines(wanted: Mapping[str, str]) -> dict[str, str]:
    """Return the line of the config file for each setting; texts of JSON are texts of TOML."""
    return {key: f"{key} = {json.dumps(wanted[key], ensure_ascii=False)}" for key in wanted}


def _refuse_without_a_place(plan: _Plan, form: str) -> None:
    """Refuse before anything is made, where the first passphrase would get into a log."""
    if plan.standing == "done" or plan.slip:
        return
    if form == "json" or not say.is_read_by_a_person():
        told = said(
            "the first passphrase is shown on a terminal only; name a file with --code-file FILE"
        )
        raise click.UsageError(told)


def _carry_out(t: Speech, plan: _Plan, *, anew: bool) -> _Plan:
    """Write the config file, then make the store; what stands is left as it is.

    Returns the plan, with what another run has done meanwhile.
    """
    if not plan.config_stands:
        plan = plan._replace(config_stands=not _write_config(t, plan))
    if plan.standing == "done":
        return plan

    def give(passphrase: str) -> None:
        if plan.slip is None:
            say.line(passphrase)
            return
        lang = plan.site.settings.get("lang")
        text = _slip(speech(lang) if lang in LANGUAGES else t, plan.site, passphrase)
        again = plan.standing == "unfinished"
        output.write_file(plan.slip, text.encode(), _kind(plan.site), plan.guarded, replace=again)

    try:
        made = site_setup.make(plan.paths, plan.site.wanted, give, now, anew=anew)
    except Unwritten as why:
        raise CommandError(f"{shown(plan.slip)}: {t(why.sentence)} {t(_AGAIN)}") from None
    return plan if made else plan._replace(standing="done")


def _write_config(t: Speech, plan: _Plan) -> bool:
    """Write the config file; return False where another run has written the same meanwhile."""
    content = _HEAD + "".join(f"{line}\n" for line in _lines(plan.site.settings).values())
    with disk_errors.translated(plan.config):
        durable.private_folder(plan.config.parent)
        try:
            durable.write_whole(plan.config, content.encode(), replace=False)
        except FileExistsError:
            return not _config_stands(t, plan.config, plan.site.settings)
    return True


def _kind(site: Site) -> Kind:
    """Return how an earlier slip for the same person of the same computer is told."""
    return Kind(lambda beginning: beginning.startswith(_title(site).encode()))


def _title(site: Site) -> str:
    return f"Porras · {site.wanted.handle} · {platform.node()}\n"


def _slip(t: Speech, site: Site, passphrase: str) -> str:
    told = (t(_ONCE, handle=site.wanted.handle), t(_RECOVERY))
    return "\n".join((_title(site), f"    {passphrase}", "", *told, ""))


def _tell(t: Speech, plan: _Plan, form: str, *, done: bool) -> None:
    """Tell what would be done, or what was; the first passphrase alone is on standard output."""
    if form == "json":
        say.data(plan.as_json(done=done))
        return
    for line in (_done if done else _planned)(t, plan):
        say.line(line, err=done and plan.standing != "done")


def _planned(t: Speech, plan: _Plan) -> Iterator[str]:
    """Yield what would be done."""
    yield t(_STORE[plan.standing], path=shown(plan.paths.database))
    if plan.site.settings:
        stands = N_("The config file {path} stands and says the same.")
        config = stands if plan.config_stands else N_("The config file {path} would be written.")
        yield t(config, path=shown(plan.config))
    yield from (f"  {key}: {value}" for key, value in plan.site.wanted.told().items() if value)
    yield t("Nothing was changed.")


def _done(t: Speech, plan: _Plan) -> Iterator[str]:
    """Yield what was done."""
    handle = plan.site.wanted.handle
    if plan.standing == "done" and plan.config_stands:
        yield t("This workplace was set up before, by the same values.")
        yield t("Nothing was changed.")
        return
    if not plan.config_stands:
        yield t("The config file {path} is written.", path=shown(plan.config))
    if plan.standing == "done":
        return
    yield t("The store {path} is made.", path=shown(plan.paths.database))
    if plan.slip is None:
        yield t(_ONCE, handle=handle)
    else:
        yield t(_SLIP, handle=handle, file=shown(plan.slip))
        if not drives.keeps_rights(plan.slip):
            yield t(_OPEN)
    yield t(_RECOVERY)
