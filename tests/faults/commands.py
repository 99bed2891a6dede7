"""Every command that opens the store, as a deed: the program itself and its words (`deeds.py`)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import click
from click.testing import CliRunner

from casework.training import caseload
from stepping.episode.events import NextContact
from stepping.episode.validation import ValidationContext
from stepping.finland import finnish_day
from store.backup.backup import backup
from store.codes import show
from store.errors import EntriesMissing, OlderKeys, WrongPassphrase
from store.opening import staff_accounts, unlock
from store.pathway_files.care import shipped_care
from store.pathway_files.files import built_in
from store.repository.store import Store
from store.retention import retention
from store.times import utc_now
from store.training.opening import open_training
from store.training.shapes import read_shapes
from tests.faults.deeds import Deed, Judged, Site, Tell, found_in, sound
from tests.screens.running import CALM, HANDLE, PASSPHRASE, Stage
from tests.screens.test_result import MODERATE
from tui.cli import porras

OTHER, FIRST, OWN = "aino", "a first passphrase", "her very own words"
UNITS = ("Lahden sote-keskus", "Hollolan sote-keskus")

COMMANDS: dict[str, str] = {
    "worklist": "",
    "client": "{client}",
    "note": "{assessment} --out {folder}/note.txt",
    "calendar": "{client} --out {folder}/next.ics",
    "sheet": "safety_plan --client {client} --out {folder}/sheet.txt",
    "fhir out": "{assessment} --out {folder}/out.json",
    "user add": "leena --role lead --first-passphrase-file {folder}/first",
    "user bind": "aino somebody --yes",
    "user disable": "aino",
    "user enable": "gone --first-passphrase-file {folder}/first",
    "user idle": "10",
    "user printing": "on",
    "user list": "",
    "user passphrase": "--new-passphrase-file {folder}/own",
    "user recovery-code": "",
    "user role": "aino nurse lead",
    "user unit": "aino {unit}",
    "user unlock": "aino",
    "user accept-keys": "",
    "move": "{client} {unit}",
    "rekey": "",
    "backup make": "{folder}/backups --keep 1",
    "backup check": "{folder}/backups",
    "backup drill": "{folder}/backups",
    "restore": "{folder}/backups --force",
    "purge": "",
    "report": "methods --out {folder}/report.csv --format csv",
    "access": "{client} --out {folder}/access.txt",
    "erase": "{left} --yes",
    "audit head": "",
    "audit log": "",
    "audit verify": "",
    "audit who": "{client}",
    "doctor": "--deep",
    "doctor --accept-loss": "--yes",
    "doctor --rescue": "{folder}/rescued/porras.db",
    "doctor --rebuild-reports": "",
    "--demo worklist": "",
    "--demo --reset": "--yes",
    "--demo --reset --caseload": "--yes",
}
"""What is said after each command; a word with a blank in it is one word where a name is put in."""

PUT_BACK = {"user accept-keys": "porras.keys", "doctor --accept-loss": "porras.db"}
"""Files of which an older one is put in place, for the command that accepts it."""

NO_STORE = {
    "setup",  # makes one: the deed `site set-up` of `deeds.py`
    *("decide", "pathway check", "pathway diff", "pathway list", "pathway new", "pathway schema"),
    *("pathway show", "services check", "train", "update", "fhir form", "fhir read"),
    *("class open", "class list", "class join", "class pack", "class end"),
    *("class hand-in", "class collect", "class show", "class report"),
    *("vignette check", "vignette list", "vignette new"),
    *("content install", "content list", "content back", "content pack"),
}
"""Commands that never look for a store: what they write is a file of its own, or nothing."""


def leaves(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command that there is, by its words."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from leaves(command, (*before, name))
        else:
            yield " ".join((*before, name))


class Command(Deed):
    """One command, given in full; its clock is the computer's, as of all that it calls."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def template(self) -> object:
        return "--reset" in self.name, super().template

    def prepare(self, site: Site) -> None:
        """Make a workplace with work in every state, and a backup of the day before."""
        stage = Stage(site.places, built_in("adult"))
        stage.clock.now = utc_now() - timedelta(days=60)
        facts = {"folder": "", "unit": UNITS[1]}
        with stage.store() as store:
            store.staff.set_own_unit(UNITS[0])
            _work(stage, store, facts)
        _keep_older(site)
        with stage.store() as store:
            staff_accounts.add(site.places, store, OTHER, FIRST, ["nurse"], UNITS[1])
            staff_accounts.add(site.places, store, "gone", FIRST, ["nurse"])
            staff_accounts.disable(site.places, store, "gone")
            backup(store, site.places, site.shelf)
            visit = stage.visit(store)
            visit.record_answers(dict(CALM))
            facts["head"] = "head {} {}".format(*store.audit_log.get_head())
        for name, word in (("secret", PASSPHRASE), ("first", FIRST), ("own", OWN)):
            file = site.folder / name
            file.write_text(word + "\n", encoding="utf-8")
            file.chmod(0o600)
        (site.folder / "none").mkdir()
        if "--reset" in self.name:
            with open_training(site.places.training) as practice:
                practice.settings.set("practised", "yes")
        (site.folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")

    def act(self, site: Site, tell: Tell) -> None:
        if name := PUT_BACK.get(self.name):
            (site.folder / "older" / name).replace(site.places.database.with_name(name))
        self._run(site, tell)

    def _run(self, site: Site, tell: Tell) -> None:
        facts = json.loads((site.folder / "facts.json").read_text("utf-8"))
        facts["folder"] = str(site.folder)
        words = [word.format(**facts) for word in COMMANDS[self.name].split()]
        name = self.name.split()
        who = [] if "--demo" in name else ["--as", HANDLE]
        who += [] if "--demo" in name else ["--passphrase-file", str(site.folder / "secret")]
        asked = ["--db", str(site.places.database), "--pathways", str(site.folder / "none")]
        few = read_shapes().model_copy(update={"clients": 1})
        with patch.object(caseload, "read_shapes", lambda: few):
            done = CliRunner().invoke(porras, [*asked, "--lang", "en", *name, *words, *who])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        if done.exit_code:
            tell(f"refused: {' '.join(done.output.split())[:200]}")
        else:
            tell("done")

    def judge(self, site: Site, told: Sequence[str]) -> Judged:
        at = utc_now() + timedelta(minutes=1)
        passphrase = self._passphrase(site, at, told)
        head = json.loads((site.folder / "facts.json").read_text("utf-8"))["head"]
        with sound(site, passphrase, at, HANDLE) as store:
            restored = "SELECT count(*) FROM audit WHERE event = 'store.restored'"
            back = self.name == "restore" and store.db.execute(restored).fetchone()[0]
            older = self.name == "doctor --accept-loss"
            kept, lost = (1, 0) if back or older else found_in(store, [head])
        if self.name.startswith("--demo"):
            _judge_training(site, was_reset=told == ["done"] and "--reset" in self.name)
        return Judged("", kept, lost)

    def _passphrase(self, site: Site, at: datetime, told: Sequence[str]) -> str:
        """The one that opens the store now; an older file is accepted if that was not yet done."""
        changed = self.name == "user passphrase"
        if not changed and self.name not in PUT_BACK:
            return PASSPHRASE
        unlock.detect_state(site.places)
        try:
            unlock.unlock(site.places, HANDLE, OWN if changed else PASSPHRASE, lambda: at).close()
        except (EntriesMissing, OlderKeys):
            assert "done" not in told
            self._run(site, lambda word: None)
            return PASSPHRASE
        except WrongPassphrase:
            assert changed
            assert "done" not in told
            return PASSPHRASE
        return OWN if changed else PASSPHRASE


def _judge_training(site: Site, *, was_reset: bool) -> None:
    """See that the training store is whole: the one that was, or the one that begins anew."""
    with open_training(site.places.training) as store:
        assert store.find_faults() == []
        assert store.audit_log.find_bad_event() is None
        assert store.assessments.list_drafts(), "it has its story"
        own = store.settings.get("practised") is not None
        assert not (own and was_reset)


def _keep_older(site: Site) -> None:
    """Keep the files as they are now."""
    older = site.folder / "older"
    older.mkdir()
    for name in PUT_BACK.values():
        shutil.copy(site.places.database.with_name(name), older)


def _work(stage: Stage, store: Store, facts: dict[str, Any]) -> None:
    """A client in care, one whose draft is open, one who left, and one whose days are over."""
    done = stage.visit(store)
    done.record_answers(stage.whole(MODERATE))
    done.confirm(done.decide(), 1)
    facts |= {"client": show(done.client.code), "assessment": done.assessment.id}
    found = store.episodes.find_open(done.client.id)
    assert found is not None
    today = finnish_day(store.clock())
    around = ValidationContext(today, 1986, {}, {}, {}, shipped_care().tracks)
    later = NextContact(day=today, due=today + timedelta(days=90))
    store.episodes.record_event(found[0].id, later, around)
    gone = stage.visit(store)
    gone.record_answers(stage.whole(MODERATE))
    gone.confirm(gone.decide(), 1)
    retention.mark_transferred(store, gone.assessment.id)
    left = stage.visit(store)
    left.record_answers(dict(CALM))
    store.assessments.abandon(left.assessment.id, "client left")
    facts["left"] = show(left.client.code)


DEEDS: dict[str, Deed] = {name: Command(name) for name in COMMANDS}
