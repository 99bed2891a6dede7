"""Writes a content that is ready to be carried: its files, what it says of itself, list, signature.

List and signature come last, and the folder gets its name when all is in it, so that a folder that
was cut short is never a content.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from store.content.about import ABOUT, PATHWAYS, Content, write_about
from store.content.files import MOST_BYTES, check_names, read_part
from store.errors import (
    CannotSign,
    ContentCutShort,
    ContentNotWhole,
    ContentTaken,
    ContentTooLarge,
    NoContent,
    SignatureWrong,
)
from store.files import disk_errors, durable
from store.installation import file_list, signing
from store.installation.file_list import LIST, SIGNATURE
from store.installation.signature import Signer, find_signer
from store.pathway_files.files import LARGEST_FILE, ids, shared_folder

_TOGETHER = ("cards", "instruments")
"""What pathways share; where a content lacks it, the text would change with Porras."""

_ENDS = (".toml", ".md")


class Packed(NamedTuple):
    """A content that was written, and who signed it."""

    folder: Path
    about: Content
    signer: Signer | None


def read_draft(folder: Path) -> dict[str, bytes]:
    """Return each file of an author's folder by its path; hidden ones are an editor's own.

    Raises:
        NoContent: If there are no pathways in it.
        ContentNotWhole: If it lacks what pathways share.
        ContentNameUnfit: If it has a file that no content has, or a link.
        ContentTooLarge: If it is too large.
        ContentCutShort: If one cannot be read.
    """
    if not (folder / PATHWAYS).is_dir():
        raise NoContent(path=str(folder), file=f"{PATHWAYS}/")
    root = folder / PATHWAYS
    for id_ in ids(root):
        for kind in _TOGETHER:
            if not shared_folder(root / id_, kind).is_relative_to(root):
                raise ContentNotWhole(path=str(root), file=kind, name=id_)
    inside = file_list.files_in(folder / PATHWAYS, ())
    paths = [f"{PATHWAYS}/{path}" for path in inside if not _is_hidden(path)]
    check_names(paths)
    files: dict[str, bytes] = {}
    for path in sorted(paths):
        content = read_part(folder, path, LARGEST_FILE)
        if content is None:
            raise ContentCutShort(path=str(folder), file=path)
        files[path] = content
    if sum(map(len, files.values())) > MOST_BYTES:
        raise ContentTooLarge(file=PATHWAYS)
    return files


def _is_hidden(path: str) -> bool:
    return any(name.startswith(".") for name in path.split("/"))


def check_free(folder: Path) -> None:
    """Refuse a folder to write to in which something stands.

    Raises:
        ContentTaken: If so.
    """
    if os.path.lexists(folder) and not (folder.is_dir() and not any(folder.iterdir())):
        raise ContentTaken(path=str(folder))


def write_content(
    folder: Path, about: Content, files: Mapping[str, bytes], key: Path | None
) -> Packed:
    """Write a content into a new folder, signed where there is a key.

    Raises:
        ContentTaken: If something stands there.
        CannotSign: If it could not be signed, or by a kind of key that cannot be checked here.
        StoreError: If the disk takes no files.
    """
    check_free(folder)
    with disk_errors.translated(folder):
        fresh = folder.with_name(f".{folder.name}.unfinished")
        fresh.mkdir(parents=True)
        try:
            signer = _fill(fresh, about, files, key)
            if folder.is_dir():
                folder.rmdir()
            fresh.rename(folder)
        except BaseException:
            with suppress(OSError):
                _take_away(fresh, files)
            raise
        durable.sync_folder(folder.parent)
    return Packed(folder, about, signer)


def _fill(
    folder: Path, about: Content, files: Mapping[str, bytes], key: Path | None
) -> Signer | None:
    contents = {**files, ABOUT: write_about(about).encode()}
    for path, content in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        durable.write_new(folder / path, content)
    digests = {path: file_list.digest_of_bytes(content) for path, content in contents.items()}
    listing = file_list.write(digests).encode()
    durable.write_new(folder / LIST, listing)
    if key is None:
        return None
    signature = signing.sign(folder / LIST, key, "porras-content")
    try:
        signer = find_signer(listing, signature.read_bytes(), "porras-content", about.by)
    except SignatureWrong:
        raise CannotSign(path=str(key)) from None
    durable.sync_file(signature)
    return signer


def _take_away(folder: Path, files: Mapping[str, bytes]) -> None:
    """Take an unfinished folder away again, as far as the disk lets us."""
    for path in (*files, ABOUT, LIST, SIGNATURE):
        (folder / path).unlink(missing_ok=True)
    for where, _, _ in os.walk(folder, topdown=False):
        Path(where).rmdir()
