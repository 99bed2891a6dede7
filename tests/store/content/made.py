"""Contents for tests: the small invented pathway of the template, packed and signed."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from store.content.about import PATHWAYS, Content
from store.content.packing import read_draft, write_content
from store.content.receiving import alone, check_wanted, put_in_place, receive
from store.installation.signature import Signer
from store.pathway_files.files import ids, load
from store.pathway_files.new_pathway import template_files
from tests.store.installation.signed import new_key

AT = "2026-11-30T12:00:00.000Z"


class Author(NamedTuple):
    """Somebody who makes contents in a folder."""

    folder: Path
    key: Path

    def draft(self, name: str = "draft", title: str = "Example pathway") -> Path:
        """An author's folder with content.toml and one pathway; `title` makes another text."""
        folder = self.folder / name
        for path, text in template_files("small").items():
            place = folder / PATHWAYS / "small" / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text.replace("Example pathway", title), "utf-8")
        about = 'name = "Invented"\nversion = "1.0"\nfrom = "County"\n'
        (folder / "content.toml").write_text(about, "utf-8")
        return folder

    def pack(
        self, version: str = "1.0", *, signed: bool = True, name: str = "", title: str = "Invented"
    ) -> Path:
        """A content as it is carried, without a proof of what is in it."""
        draft = self.draft(f"draft-{version}", f"{title} {version}")
        root = draft / PATHWAYS
        holds = {id_: load(id_, root).digest for id_ in ids(root)}
        about = Content("Invented", version, "County", "2026-11-30", "0.2.0", holds=holds)
        out = self.folder / (name or f"stick-{version}-{signed}")
        write_content(out, about, read_draft(draft), self.key if signed else None)
        return out

    @property
    def signers(self) -> tuple[Signer, ...]:
        """Who may sign, where this author's word counts."""
        kind, key = self.key.with_name(f"{self.key.name}.pub").read_text().split()[:2]
        return (Signer("county", f"{kind} {key}", frozenset({"porras-content"})),)


def new_author(folder: Path) -> Author:
    """An author with a key of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    return Author(folder, new_key(folder))


def install(place: Path, source: Path, author: Author, *, older: bool = False) -> str | None:
    """Do what the command does, but for the proof."""
    with alone(place), receive(place, source, author.signers) as staged:
        if not check_wanted(staged, "0.2.0", older=older):
            return None
        return put_in_place(staged, AT, staged.about.holds, older=older)
