"""Finds the texts of vignettes on disk: those that come with Porras, and a site's own."""

from __future__ import annotations

import os
from pathlib import Path

from stepping.pathway.diagnostics import Diagnostic, PathwayError
from store.paths import PATHWAYS
from store.pathway_files.files import MOST_FILES, read_text

FOLDER = "vignettes"


def own_folder(root: Path, named: Path | None = None) -> Path | None:
    """Return the folder of a site's own vignettes: the one named, else the one beside its pathways.

    None where nothing is named and the pathways are ours.
    """
    return named or (None if root == PATHWAYS else root / FOLDER)


def is_ours(path: Path) -> bool:
    """Say whether a vignette came with Porras."""
    return path.parent == PATHWAYS / FOLDER


def vignette_files(root: Path = PATHWAYS, named: Path | None = None) -> dict[str, Path]:
    """Return each vignette's file by its id, in the order of their names.

    Ours are there beside a site's own; of two with one id the site's own counts.

    Raises:
        PathwayError: If a folder cannot be read, or has too many files.
    """
    own = own_folder(root, named)
    files = _files(PATHWAYS / FOLDER)
    if own is not None and (named or os.path.lexists(own)):
        files |= _files(own)
    return dict(sorted(files.items()))


def _files(folder: Path) -> dict[str, Path]:
    try:
        paths = [path for path in folder.iterdir() if path.match("[!.]*.toml")]
    except OSError as error:
        told = f"the folder cannot be read: {error.strerror}"
        raise PathwayError([Diagnostic(FOLDER, 1, told)]) from None
    if len(paths) > MOST_FILES:
        raise PathwayError([Diagnostic(FOLDER, 1, f"has more than {MOST_FILES} files")])
    return {path.stem: path for path in paths}


def vignette_text(id_: str, path: Path) -> str:
    """Return the text of a vignette's file.

    Raises:
        PathwayError: If it cannot be read as UTF-8 text.
    """
    return read_text(path, f"{FOLDER}/{id_}.toml")
