"""If these fail, the way back that a sentence names is none.

The older program of each night is a real one: the last commit before the tables of today's first
release, built and installed in a folder of its own.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from store.opening import unlock
from store.paths import find
from tests.scripts import ROOT
from tests.store.test_newer import update

HANDLE, PASSPHRASE = "nurse-1", "seven slow swans"
OLD = "7ca83cc4^"
"""It calls itself 0.1.0 and knows schema 7."""

FIRST_DAY = """
import sys
from pathlib import Path
from casework.assessment import AssessmentSession
from stepping.decision.interview import unanswered_questions
from store.opening.unlock import set_up
from store.paths import find
from store.pathway_files.files import built_in

EMPTY = {"yesno": "no", "multi": (), "text": ""}
handle, passphrase, path = sys.argv[1:]
pathway = built_in("adult")
dangers = ("suicide", "violence", "child", "confusion", "intoxicated", "body")
given = {f"danger.{each}": "no" for each in dangers}
with set_up(find(Path(path)), handle, passphrase).store as store:
    client = store.clients.add(birth_year=1986, language="fi", sex="f", municipality="hollola")
    visit = AssessmentSession.start(store, pathway, client, setting="reception", language="fi")
    while left := unanswered_questions(pathway, {"client.age": 40, "client.sex": "f"} | given):
        one = left[0]
        least = pathway.facts[one.id].low if one.numeric else (*one.words, "")[0]
        given[one.id] = EMPTY.get(one.kind, least)
    visit.record_answers(given)
    visit.confirm(visit.decide(), visit.decide().step)
    print(client.code)
"""


class Program:
    """A version of Porras, from where its modules lie, and the store that it is to use."""

    def __init__(self, modules: Path, database: Path) -> None:
        self.modules, self.database = modules, database

    def python(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run Python with the modules of this version."""
        env = {name: told for name, told in os.environ.items() if not name.startswith("PORRAS_")}
        env |= {"PYTHONPATH": str(self.modules), "HOME": str(self.database.parent)}
        return subprocess.run(
            [sys.executable, *words],
            cwd=self.database.parent.parent,
            env=env,
            input=f"{PASSPHRASE}\n",
            capture_output=True,
            text=True,
            check=False,
        )

    def run(self, *words: str, code: int = 0) -> str:
        """Run a command as the nurse; return all that it says."""
        who = ("--as", HANDLE, "--passphrase-file", "-")
        start = ("-m", "tui", "--lang", "en", "--db", self.database)
        done = self.python(*start, *words, *who)
        told = done.stdout + done.stderr
        assert done.returncode == code, told
        assert "Traceback" not in told
        return told


def test_the_command_that_the_refusal_names_is_the_way_back(tmp_path: Path) -> None:
    today = Program(ROOT, tmp_path / "it's a site" / "porras.db")
    paths = find(today.database)
    with unlock.set_up(paths, HANDLE, PASSPHRASE).store as store:
        code = store.clients.add(birth_year=1980, language="fi").code
        key = store.db.key
    assert key
    today.run("backup", "make", str(today.database.parent / "backups"), "--create")
    update(today.database, key)
    refused = today.run("worklist", code=1)
    (command,) = re.findall(r"porras (restore .*?\")\.", refused)
    assert "is kept" in today.run(*shlex.split(command))
    assert code in today.run("client", code).replace("-", "")


@pytest.fixture
def older(tmp_path: Path) -> Mapping[str, Program]:
    """The older program, and today's, for one store."""
    tree, site = tmp_path / "tree", tmp_path / "0.1.0"
    tree.mkdir()
    archive = ["git", "-C", str(ROOT), "archive", OLD]
    packed = subprocess.run(archive, capture_output=True, check=False)
    if packed.returncode != 0:
        pytest.skip("needs the history of the repository")
    subprocess.run(["tar", "-x", "-C", tree], input=packed.stdout, check=True)
    build = ["pip", "install", "--quiet", "--offline", "--no-deps", "--no-build-isolation"]
    install = ["-m", "uv", *build, "--python", sys.executable, "--target", str(site), str(tree)]
    subprocess.run([sys.executable, *install], check=True)
    database = tmp_path / "site" / "porras.db"
    return {"old": Program(site, database), "today": Program(ROOT, database)}


@pytest.mark.nightly
def test_a_store_goes_from_a_real_older_version_to_this_one_and_back(
    older: Mapping[str, Program],
) -> None:
    old, today = older["old"], older["today"]
    made = old.python("-c", FIRST_DAY, HANDLE, PASSPHRASE, old.database)
    assert made.returncode == 0, made.stderr
    code = made.stdout.strip()
    before = old.run("client", code)

    told = today.run("client", code)
    (backup,) = (today.database.parent / "backups").iterdir()
    assert backup.name in told
    assert "Porras is newer" in told
    assert "Porras is newer" not in today.run("client", code)
    today.run("audit", "verify")

    assert "written by a newer Porras" in old.run("client", code, code=1)
    old.run("restore", "--force", str(backup))
    assert "put a backup in the place" in (back := old.run("client", code))
    assert before.splitlines()[-1] in back
    assert "Porras is newer" in today.run("client", code), "it may be updated once more"
