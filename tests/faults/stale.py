"""Pages of an older day in today's file: each carries the right code of its time.

A disk that loses a write leaves one, and so does somebody who kept a copy and has no key. Every
case opens the store, asks all that a workplace asks, and then lets the rolling check come to its
end, as it does in the midst of a day. The events about people are kept every few events, so that
older extracts of the log come back too.
"""

from __future__ import annotations

import datetime
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from stepping.episode.events import Opened
from stepping.episode.validation import ValidationContext
from store.audit import staff_ledger
from store.database import connections, head_record
from store.errors import StoreError
from store.maintenance import rolling_check
from store.opening.store_file import create_store, open_store
from store.pathway_files.care import shipped_care
from store.records import Confirmation, PathwayCopy
from store.repository.store import Store
from tests.faults.stores import KEY, Ticking, in_2100
from tests.faults.tally import Tally
from tests.stepping.cases import small

_PAGE = 4096
_DAY = datetime.date(2026, 11, 22)
_OFTEN = 20
"""Events after which those about people are kept anew."""

UNPROVEN = "harmless: nothing reads the page, or it tells the same"


class _Aged(NamedTuple):
    """A site that has older generations of its file."""

    path: Path
    generations: list[bytes]
    today: bytes
    truth: dict[str, Any]


@contextmanager
def _aged(folder: Path) -> Iterator[_Aged]:
    """A site whose log keeps what it tells of people often, for as long as the block lasts."""
    folder.mkdir(exist_ok=True)
    path = folder / "site" / "porras.db"
    with mock.patch.object(staff_ledger, "EVERY", _OFTEN):
        generations = list(_generations(path))
        truth = _all_told(path)
        yield _Aged(path, generations, path.read_bytes(), truth)


def cases(folder: Path, count: int) -> Tally:
    """Put back so many older pages, one a case; past the rolling check none may show old data."""
    seen: Counter[str] = Counter()
    with _aged(folder) as site:
        for seed in range(count):
            chance = random.Random(seed)
            old, page = _older_page(site.today, site.generations, chance)
            content = with_page(site.today, old, page)
            seen[_met(folder / f"case-{seed}", content, site.truth, chance)] += 1
    silent = seen["SHOWN OLD, AND NEVER FOUND"]
    assert not silent, seen
    return Tally(count, 0, silent, seen)


def mixtures(folder: Path, count: int) -> Counter[str]:
    """Put back many older pages at once, beside the head record of today; how each was met.

    A few of them are all but the whole file of that day. Roles are those of today in every case.
    """
    seen: Counter[str] = Counter()
    with _aged(folder) as site:
        for seed in range(count):
            chance = random.Random(seed)
            old = chance.choice(site.generations)
            share = chance.choice((0.02, 0.1, 0.5, 0.95, 1.0))
            content = site.today
            for page in range(len(old) // _PAGE):
                if chance.random() < share:
                    content = with_page(content, old, page)
            seen[_roles_met(folder / f"case-{seed}", content, site.path, site.truth)] += 1
    return seen


def _roles_met(folder: Path, content: bytes, site: Path, truth: dict[str, Any]) -> str:
    folder.mkdir(mode=0o700)
    path = folder / "porras.db"
    path.write_bytes(content)
    shutil.copy(head_record.path_of(site), head_record.path_of(path))
    try:
        store = _opened(path)
    except StoreError:
        return "refused"
    with closing(store):
        assert store.staff.list_all() == truth["people"]
        return "believed from what was kept" if store._ledger._kept else "read as a whole"


def _older_page(today: bytes, generations: list[bytes], chance: random.Random) -> tuple[bytes, int]:
    """One page of an older file that has another content today; every table and index has some."""
    while True:
        old = chance.choice(generations)
        page = chance.randrange(min(len(old), len(today)) // _PAGE)
        if _page(old, page) != _page(today, page):
            return old, page


def _page(content: bytes, number: int) -> bytes:
    return content[number * _PAGE : (number + 1) * _PAGE]


def with_page(today: bytes, old: bytes, page: int) -> bytes:
    """Today's file with one page, counted from 0, of an older one."""
    return today[: page * _PAGE] + _page(old, page) + today[(page + 1) * _PAGE :]


def _met(folder: Path, content: bytes, truth: dict[str, Any], chance: random.Random) -> str:
    """Open such a file as the day begins, use it, and say how the old page was met."""
    folder.mkdir(mode=0o700)
    path = folder / "porras.db"
    path.write_bytes(content)
    try:
        store = _opened(path)
    except StoreError:
        return "refused at opening"
    try:
        try:
            told = _told(store)
        except StoreError:
            return "met at work"
        assert told["people"] == truth["people"], "roles are never believed from an old page"
        old = told != truth
        found = _found_beside_work(store, chance)
    finally:
        with closing(store):
            pass
        shutil.rmtree(folder)
    if old and not found:
        return "SHOWN OLD, AND NEVER FOUND"
    if old:
        return "shown old, then found by the rolling check"
    return "found by the rolling check" if found else UNPROVEN


def _found_beside_work(store: Store, chance: random.Random) -> bool:
    with closing(connections.companion(store.db)) as looking:
        try:
            for _ in rolling_check.round_of(looking, chance, in_2100):
                pass
        except StoreError:
            return True
    return False


def _opened(path: Path) -> Store:
    return open_store(path, KEY, "lead-1", in_2100)


def _all_told(path: Path) -> dict[str, Any]:
    """What the store tells when it is whole; the file stays as it is."""
    copy = path.with_name("copy.db")
    shutil.copy(path, copy)
    with _opened(copy) as store:
        told = _told(store)
        assert not _found_beside_work(store, random.Random(1))
    copy.unlink()
    return told


def _told(store: Store) -> dict[str, Any]:
    """All that is asked of a store in a day: people, clients, drafts, decisions, what waits."""
    told: dict[str, Any] = {
        "people": store.staff.list_all(),
        "units": store.staff.list_units(),
    }
    told["worklist"] = store.worklist.list_items(_DAY + datetime.timedelta(days=60))
    told["drafts"] = store.assessments.list_drafts()
    told["settings"] = [store.settings.get(f"k{number}") for number in range(10)]
    told["clients"] = clients = store.clients.list_recent()
    for client in clients:
        told[client.id] = [
            store.clients.get(client.id),
            store.clients.find(client.code),
            store.open_stops.list_of(client.id),
            store.risk_marks.list_of(client.id),
            repr(store.episodes.list_of(client.id)),
        ]
        for assessment in store.assessments.list_of(client.id):
            told[assessment.id] = [
                assessment,
                store.answers.get_progress(assessment.id),
                store.safety_steps.list_recorded(assessment.id),
                store.decisions.find(assessment.id),
            ]
    return told


# -- the site --------------------------------------------------------------------------------------


def _generations(path: Path) -> Iterator[bytes]:
    """Work over some weeks; the file as it was at the end of each but the last."""
    clock = Ticking()
    with create_store(path, KEY, "nurse-1", clock) as store:
        store.staff.set_own_unit("Lahti")
        store.staff.add("lead-1", ["nurse", "lead", "admin"], "Lahti")
    weeks: list[Callable[[Store], None]] = [_hire, _demote, _move, _more, _more]
    for week, deed in enumerate(weeks):
        yield path.read_bytes()
        with open_store(path, KEY, "nurse-1", clock) as store:
            _visits(store, week)
            store.settings.set("k1", str(week))
        with open_store(path, KEY, "lead-1", clock) as store:
            deed(store)


def _hire(store: Store) -> None:
    store.staff.add("nurse-2", ["nurse", "lead"], "Lahti")
    store.staff.add("admin-2", ["admin"], "Hollola")


def _demote(store: Store) -> None:
    store.staff.set_roles("admin-2", ["auditor"])
    store.staff.set_roles("nurse-2", ["nurse"])
    store.staff.set_roles("nurse-1", ["nurse"])


def _move(store: Store) -> None:
    store.staff.disable("admin-2")
    store.staff.set_unit("nurse-2", "Hollola")
    store.staff.set_unit("nurse-1", "Hollola")


def _more(store: Store) -> None:
    for number in range(30):
        store.staff.add(f"nurse-{number + 10}", ["nurse"], "Lahti")


def _visits(store: Store, week: int) -> None:
    pathway = PathwayCopy.of(small()).model_copy(update={"pathway_id": "adult"})
    around = ValidationContext(_DAY, 1980, {}, {}, {}, shipped_care().tracks)
    for number in range(4):
        client = store.clients.add(birth_year=1960 + number, language="fi", municipality="hollola")
        one = store.assessments.start(client.id, pathway, setting="clinic", language="fi")
        two = store.assessments.start(client.id, pathway, setting="clinic", language="fi")
        episode = store.episodes.begin(client.id, Opened(day=_DAY), around)
        store.episodes.attach_assessment(one.id, episode.id)
        for mood in range(3):
            store.answers.record(one.id, {"danger": "no", "mood.1": mood, "mood.2": 0})
        store.answers.add_note(one.id, "mood.1", f"week {week}")
        seq = store.answers.get_progress(one.id).seq
        done = Confirmation(
            decision_json="{}", suggested_step=1, confirmed_step=1, final_answers_seq=seq
        )
        store.decisions.confirm(one.id, done)
        store.answers.record(two.id, {"danger": "yes" if number % 2 else "no"})
    for draft in store.assessments.list_drafts()[: week + 1]:
        store.answers.record(draft.assessment.id, {"danger": "yes", "mood.1": week})
