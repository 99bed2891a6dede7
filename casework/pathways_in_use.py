"""Which text of each pathway is used here: the files on disk, or the last text without a fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING

from stepping.pathway.diagnostics import Diagnostic, PathwayError, describe_program_fault
from stepping.pathway.files import HEADER
from stepping.pathway.model import Pathway
from stepping.pathway.population import check_population
from stepping.pathway.reader import read_pathway
from store.pathway_files.files import ids, load_all
from store.pathway_files.proven import PROVEN
from store.records import PathwayCopy
from store.repository.store import Store

if TYPE_CHECKING:
    from store.content.chosen import Chosen

Found = Mapping[str, Pathway | PathwayError]
"""The pathways of a folder by name, each read or with its faults."""


@dataclass(frozen=True)
class PathwayStatus:
    """One pathway: the text that is used, if any, and the faults of its files."""

    name: str
    used: Pathway | None
    faults: tuple[Diagnostic, ...] = ()


_faults: dict[str, tuple[Diagnostic, ...]] = {}
"""What was found wrong with a text, by its digest; a proof takes about a second."""

_proving = Lock()
"""Who needs a text while another thread proves it waits for that, and does not prove it again."""


def find_faults(pathway: Pathway) -> tuple[Diagnostic, ...]:
    """Return what keeps a pathway that was read from being used."""
    if pathway.digest in PROVEN.values():
        return ()
    with _proving:
        if pathway.digest not in _faults:
            # Only now: the checker is not needed where nothing has changed.
            from stepping.proofs.checker import check_pathway

            try:
                found = [finding.diagnostic for finding in check_pathway(pathway).errors]
            except Exception as error:  # whatever it is: the others must stay in use
                found = [Diagnostic(HEADER, 1, describe_program_fault(error))]
            _faults[pathway.digest] = tuple(found)
        return _faults[pathway.digest]


def read_pathways(
    root: Path, kept: Mapping[str, str] = MappingProxyType({}), content: Chosen | None = None
) -> Found:
    """Read the pathways of a folder.

    `kept` are those that the store could fall back on, with their digests: they are missed where
    their header is gone but not their folder, or where the whole folder is empty. A folder taken
    away alone is a pathway taken out of use.
    """
    there = ids(root)
    missed = [name for name in kept if not there or (root / name).is_dir()]
    found = load_all(sorted({*there, *missed}), root)
    if content is None or content.damage is None:
        return found
    return _keep_to(found, kept, content.holds, str(content.damage.values["file"]))


def _keep_to(found: Found, kept: Mapping[str, str], holds: Mapping[str, str], file: str) -> Found:
    """Return the pathways without those that stand in for a damaged content's.

    What stands there comes from an older content, and may lead to a lower step. Where the store has
    the last text that was used, that stays in use; what the content had taken out of use stays out.
    """
    if any(kept.get(name) == digest for name, digest in holds.items()):
        found = {name: text for name, text in found.items() if name in holds}
    fault = PathwayError([Diagnostic(HEADER, 1, f"the installed content is damaged: {file}")])
    instead = {
        name: fault
        for name in {*(holds or found)}.intersection(kept)
        if getattr(found.get(name), "digest", None) != kept[name]
    }
    return dict(sorted({**found, **instead}.items()))


def has_unproven(found: Found, store: Store) -> bool:
    """Say whether some text is not the one that the store knows to be without a fault."""
    good = {*store.pathway_texts.find_last_good().values(), *PROVEN.values()}
    return any(isinstance(text, Pathway) and text.digest not in good for text in found.values())


def prove_all(found: Found) -> None:
    """Prove every text and remember the outcome; a second or more, and nothing but thinking."""
    for text in found.values():
        if isinstance(text, Pathway):
            find_faults(text)


def judge_pathways(found: Found, store: Store) -> tuple[PathwayStatus, ...]:
    """Prove each pathway, and keep what is without a fault; the store knows what was proven last.

    A new text that shares ages with those in use, while nothing says which leads, is not used.

    Raises:
        StoreError: If what is proven cannot be kept.
    """
    good = store.pathway_texts.find_last_good()
    judged = [_judge(name, text, good.get(name), store) for name, text in found.items()]
    settled = _without_rivals(judged, good, store)
    for status in settled:
        if status.used and status.used.digest != good.get(status.name):
            store.pathway_texts.keep_last_good(PathwayCopy.of(status.used))
    return settled


def find_successor(id_: str, digest: str, texts: Iterable[Pathway]) -> Pathway | None:
    """Return the text that new assessments of a pathway use, where an assessment has another one.

    `texts` are those that there are; nothing comes back of a pathway that is gone.
    """
    same = next((text for text in texts if text.id == id_), None)
    return None if same is None or same.digest == digest else same


def list_used(statuses: Iterable[PathwayStatus], root: Path) -> tuple[Pathway, ...]:
    """Return the texts that are used; `root` is the folder that is named where there is none.

    Raises:
        PathwayError: If none takes new clients, with the faults of all.
    """
    known = tuple(statuses)
    used = tuple(status.used for status in known if status.used)
    if any(not pathway.header.follows for pathway in used):
        return used
    faults = [
        Diagnostic(f"{status.name}: {fault.file}", fault.line, fault.message)
        for status in known
        for fault in status.faults
    ]
    none = Diagnostic(str(root), 1, "there is no pathway in this folder")
    raise PathwayError(faults or [none])


def _judge(
    name: str, text: Pathway | PathwayError, good: str | None, store: Store
) -> PathwayStatus:
    if isinstance(text, PathwayError):
        return PathwayStatus(name, _read_again(good, store), text.diagnostics)
    if text.digest != good and (faults := find_faults(text)):
        return PathwayStatus(name, _read_again(good, store), faults)
    return PathwayStatus(name, text)


def _without_rivals(
    judged: list[PathwayStatus], good: Mapping[str, str], store: Store
) -> tuple[PathwayStatus, ...]:
    """Fall back on what was in use before, where new texts and old ones claim the same ages.

    Where all are new there is nothing to fall back on; the client card then tells.
    """
    used = [status.used for status in judged if status.used]
    faults = check_population(used)
    proven = {*good.values(), *PROVEN.values()}
    if not faults or not any(pathway.digest in proven for pathway in used):
        return tuple(judged)
    return tuple(
        PathwayStatus(each.name, _read_again(good.get(each.name), store), own)
        if each.used and each.used.digest not in proven and (own := _faults_of(each.name, faults))
        else each
        for each in judged
    )


def _faults_of(name: str, faults: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(fault for fault in faults if fault.file.startswith(f"{name}/"))


def _read_again(digest: str | None, store: Store) -> Pathway | None:
    """Return the text to fall back on; None if this program can no longer read it."""
    if digest is None:
        return None
    try:
        return read_pathway(store.pathway_texts.read_files(digest), kept=True)
    except PathwayError:
        return None
