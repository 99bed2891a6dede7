"""The cases that can be practised with: vignettes that fit the pathways in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stepping.pathway.diagnostics import Diagnostic, PathwayError
from stepping.pathway.model import Pathway
from stepping.pathway.toml_lines import TomlLines
from stepping.training.reading import Case, file_name, read_case, read_vignette
from stepping.training.vignette import Vignette
from store.files.unresponsive import SILENT, Asked, NoAnswer
from store.paths import PATHWAYS
from store.pathway_files.vignettes import FOLDER, is_ours, vignette_files, vignette_text

_PATIENCE_S = 5.0
"""Seconds for which a folder of cases is waited for."""

_Files = Mapping[str, tuple[Path, str | PathwayError]]
"""Of each vignette by id its path, and its text or why that cannot be read."""


@dataclass
class CaseShelf:
    """The vignettes that can be used, and what is wrong with a site's own others."""

    cases: Mapping[str, Case]
    faults: tuple[Diagnostic, ...]
    unfit: tuple[str, ...] = ()
    """The ids of those that came with Porras and do not fit the pathways of a site."""


def read_shelf(pathways: Path, used: Mapping[str, Pathway], own: Path | None = None) -> CaseShelf:
    """Read our vignettes and a site's own, each against the text of its pathway in use.

    The site's own stand in the folder `own`, else beside its pathways.
    """
    cases: dict[str, Case] = {}
    unfit: list[str] = []
    files, found = _read_files(pathways, own)
    faults = list(found)
    for id_, (path, text) in files.items():
        try:
            if isinstance(text, PathwayError):
                raise text
            cases[id_] = read_one(id_, text, used)
        except PathwayError as error:
            if pathways != PATHWAYS and is_ours(path):
                unfit.append(id_)
            else:
                faults += error.diagnostics
    return CaseShelf(cases, tuple(faults), tuple(unfit))


def _read_files(pathways: Path, own: Path | None) -> tuple[_Files, tuple[Diagnostic, ...]]:
    """Return path and text of each vignette, ours alone where the folder cannot be read, and why.

    A folder that does not answer is given up in time: nobody waits for a drive that has gone away.
    """
    try:
        return Asked(lambda: _texts(vignette_files(pathways, own))).result(_PATIENCE_S), ()
    except NoAnswer:
        faults: tuple[Diagnostic, ...] = (Diagnostic(FOLDER, 1, SILENT),)
    except PathwayError as error:
        faults = error.diagnostics
    return _texts(vignette_files()), faults


def _texts(files: Mapping[str, Path]) -> _Files:
    return {id_: (path, _text(id_, path)) for id_, path in files.items()}


def _text(id_: str, path: Path) -> str | PathwayError:
    try:
        return vignette_text(id_, path)
    except PathwayError as error:
        return error


def read_one(id_: str, text: str, used: Mapping[str, Pathway]) -> Case:
    """Read a vignette against the text of its pathway in use.

    Raises:
        PathwayError: With every fault in it; also if its pathway is not in use.
    """
    return fit_case(read_vignette(id_, text), text, used)


def fit_case(vignette: Vignette, text: str, used: Mapping[str, Pathway]) -> Case:
    """Tie a vignette to its pathway in use; `text` is that of its file.

    Raises:
        PathwayError: With every fault in it; also if its pathway is not in use.
    """
    pathway = used.get(vignette.pathway)
    if pathway is None:
        told = f"pathway {vignette.pathway!r} is not in use"
        line = TomlLines(text).find_line(("pathway",))
        raise PathwayError([Diagnostic(file_name(vignette.id), line, told)])
    return read_case(vignette, pathway, text)
