"""Checks vignettes where they stand on disk, each against the pathway that stands there."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from casework.training.shelf import fit_case
from stepping.pathway.diagnostics import Diagnostic, PathwayError
from stepping.pathway.model import Pathway
from stepping.pathway.toml_lines import TomlLines
from stepping.training.hints import find_hints
from stepping.training.reading import Case, file_name, read_vignette
from stepping.training.vignette import Vignette
from store.paths import PATHWAYS
from store.pathway_files.files import ids, load_all
from store.pathway_files.new_vignette import VIGNETTE_TEMPLATE
from store.pathway_files.vignettes import is_ours, vignette_files, vignette_text


@dataclass(frozen=True)
class CheckedCase:
    """What a check found in one vignette."""

    id: str
    vignette: Vignette | None = None
    """None where the file cannot be read."""
    case: Case | None = None
    """None where it cannot be used."""
    faults: tuple[Diagnostic, ...] = ()
    hints: tuple[Diagnostic, ...] = ()
    unfit: bool = False
    """Whether it came with Porras and does not fit the pathways of a site, which is no fault."""

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The faults that somebody at this site has to mend."""
        return () if self.unfit else self.faults


@dataclass
class CaseChecker:
    """Checks vignettes against the pathways of a folder; `own` is that of a site's own cases."""

    root: Path = PATHWAYS
    own: Path | None = None
    _read: dict[str, Pathway | PathwayError] = field(default_factory=dict)

    def files(self) -> dict[str, Path]:
        """Return the file of each vignette, ours and the site's, by id.

        Raises:
            PathwayError: If a folder cannot be read.
        """
        return vignette_files(self.root, self.own)

    def check(self, id_: str, path: Path) -> CheckedCase:
        """Check the vignette in a file."""
        vignette = None
        try:
            text = vignette_text(id_, path)
            vignette = read_vignette(id_, text)
            case = fit_case(vignette, text, self._used(vignette, text))
        except PathwayError as error:
            unfit = is_ours(path) and self.root != PATHWAYS
            return CheckedCase(id_, vignette, faults=error.diagnostics, unfit=unfit)
        return CheckedCase(id_, vignette, case, hints=find_hints(case, text, self._draft))

    @cached_property
    def _draft(self) -> str:
        return VIGNETTE_TEMPLATE.read_text("utf-8")

    def _used(self, vignette: Vignette, text: str) -> dict[str, Pathway]:
        """Return the pathway of a vignette by its id; nothing where there is none.

        Raises:
            PathwayError: If it cannot be read.
        """
        name = vignette.pathway
        if name not in self._read:
            known = [name] if name in ids(self.root) else []
            self._read |= load_all(known, self.root)
        found = self._read.get(name)
        if isinstance(found, PathwayError):
            line = TomlLines(text).find_line(("pathway",))
            told = f"pathway {name!r} cannot be used: {found.diagnostics[0]}"
            raise PathwayError([Diagnostic(file_name(vignette.id), line, told)])
        return {} if found is None else {name: found}
