"""What versions of a pathway would do to the clients of the store: asked, logged and counted."""

from __future__ import annotations

from functools import partial

from stepping.pathway.model import Pathway
from stepping.reports.past_cases import Counts, compare_cases, count_outcomes, hide_few
from store.repository.store import Store

_SHORT = 12
"""Signs of a digest by which the log names a text."""


def compare_own(store: Store, old: Pathway, new: Pathway, *, for_file: bool) -> Counts:
    """Decide the confirmed assessments of the old version's pathway by both versions.

    True numbers are for whoever may read all clients, and not for a file.

    Raises:
        NotAllowed: If the roles of the worker do not give it; that somebody tried is logged.
        StoreError: If the store does not tell.
    """
    _log(store, old, new, for_file=for_file)
    counts = store.reports.count_past(old.id, partial(compare_cases, old, new))
    return _told(store, counts, for_file=for_file)


def decide_own(store: Store, pathway: Pathway, *, for_file: bool) -> Counts:
    """Decide the confirmed assessments of a pathway by one version of it; raises as above."""
    _log(store, pathway, for_file=for_file)
    counts = store.reports.count_past(pathway.id, partial(count_outcomes, pathway))
    return _told(store, counts, for_file=for_file)


def _log(store: Store, *versions: Pathway, for_file: bool) -> None:
    texts = "/".join(each.digest[:_SHORT] for each in versions)
    store.reports.log_past_question(f"{versions[0].id}/{texts}{'/file' * for_file}")


def _told(store: Store, counts: Counts, *, for_file: bool) -> Counts:
    return hide_few(counts) if leaves_out_few(store, for_file=for_file) else counts


def leaves_out_few(store: Store, *, for_file: bool) -> bool:
    """Return whether few persons are left out: in a file, and for who may not read all clients."""
    return for_file or not store.may("read all")
