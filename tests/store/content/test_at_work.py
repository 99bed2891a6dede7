"""If these fail, a content that comes in beside work lowers a step or takes an answer away."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from store.content.receiving import alone, go_back
from store.opening.store_file import open_store
from store.repository.store import Store
from tests.scripts import run_beside
from tests.store.content.made import Author, install, new_author
from tests.store.installation.signed import needs_ssh_keygen

pytestmark = needs_ssh_keygen

AT_WORK = Path(__file__).with_name("at_work.py")
ANSWERS = {
    "client.age": 40,
    "danger.self": False,
    "danger.others": False,
    "load3.1": 1,
    "load3.2": 1,
    "load3.3": 1,
    "coping": 9,
    "alone": False,
    "weeks": 0,
}


class Nurse:
    """A program of its own at the same store."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert self._told() == "begun"

    def _told(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line or self._process.stderr is None, self._process.stderr.read()
        return json.loads(line)

    def do(self, *words: object) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()
        return self._told()

    def answer(self, *ids: str) -> None:
        """Answer as a nurse does, who is told once if somebody else has answered meanwhile."""
        for id_ in ids:
            given = ("answer", id_, json.dumps(ANSWERS[id_]))
            assert self.do(*given) or self.do(*given)


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Author:
    made = new_author(tmp_path_factory.mktemp("author"))
    for version in ("1.0", "2.0", "3.0", "4.0"):
        made.pack(version)
    return made


Begin = Callable[[], Nurse]


@pytest.fixture
def begin(store: Store, path: Path, place: Path) -> Iterator[Begin]:
    """Start a program on one store."""
    store.close()
    with ExitStack() as stack:
        yield lambda: Nurse(stack.enter_context(run_beside(AT_WORK, path, place)))


def bring(place: Path, author: Author, version: str) -> None:
    install(place, author.folder / f"stick-{version}-True", author)


def remembered(path: Path, key: bytes) -> str:
    """Which content the store would miss."""
    with open_store(path, key, "nurse-1") as store:
        assert store.find_faults() == []
        assert store.audit_log.find_bad_event() is None
        return (store.pathway_texts.find_content() or ("", {}))[0]


def test_an_open_assessment_goes_on_by_its_text_with_every_answer(
    place: Path, author: Author, begin: Begin, path: Path, key: bytes
) -> None:
    """Also once the folder that it was read from was removed, since only three are kept."""
    bring(place, author, "1.0")
    first = begin()
    assert first.do("open") == "NoneType"
    draft = first.do("start")
    first.answer("client.age", "danger.self", "danger.others")
    for version in ("2.0", "3.0", "4.0"):
        bring(place, author, version)
    assert not (place / "0001").exists()
    first.answer("load3.1")
    second = begin()
    assert second.do("open") == "NoneType"
    assert second.do("resume", draft) == "Invented 1.0", "the text that it began with"
    second.answer("load3.2", "load3.3")
    first.answer("coping", "alone", "weeks")
    done = first.do("confirm")
    assert (done["title"], done["step"]) == ("Invented 1.0", 1)
    assert {id_: done["answers"][id_] for id_ in ANSWERS} == ANSWERS
    assert remembered(path, key) == "Invented 4.0"


def test_a_program_that_was_started_before_and_opened_after_goes_on_with_the_later_text(
    place: Path, author: Author, begin: Begin, path: Path, key: bytes
) -> None:
    """Somebody goes for coffee at the door of Porras while the content is installed."""
    bring(place, author, "1.0")
    late = begin()
    bring(place, author, "2.0")
    second = begin()
    assert second.do("open") == "NoneType"
    assert late.do("open") == "ContentLower"
    draft = late.do("start")
    assert second.do("resume", draft) == "Invented 2.0"
    assert remembered(path, key) == "Invented 2.0"


def test_an_assessment_that_is_open_while_the_workplace_goes_back_keeps_its_text(
    place: Path, author: Author, begin: Begin, path: Path, key: bytes
) -> None:
    bring(place, author, "1.0")
    bring(place, author, "2.0")
    first = begin()
    first.do("open")
    draft = first.do("start")
    first.answer("client.age", "danger.self", "danger.others", "load3.1")
    with alone(place):
        go_back(place)
    second = begin()
    assert second.do("open") == "NoneType"
    assert second.do("resume", draft) == "Invented 2.0"
    second.answer("load3.2", "load3.3", "coping", "alone", "weeks")
    done = second.do("confirm")
    assert (done["title"], done["step"]) == ("Invented 2.0", 1)
    assert {id_: done["answers"][id_] for id_ in ANSWERS} == ANSWERS
    assert remembered(path, key) == "Invented 1.0"
