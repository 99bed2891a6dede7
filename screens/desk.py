"""What a nurse's desk holds: the language, the open store, the pathway, and the clock.

What reads pathways is imported only when it is needed, so that the first picture comes at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from screens.language import DEFAULT, Speech, speech
from store.places import PATHWAYS

if TYPE_CHECKING:
    from stepping.content import Area, Service
    from stepping.pathway import Pathway
    from stepping.problems import PathwayError
    from store.repository import Store

PATHWAY = "adult"
"""The pathway of a new assessment."""

MUNICIPALITY = "municipality"
"""The setting of a store that holds where this workplace is."""

PROVEN = "examples_hold"
"""The setting of a store that holds the digest of the pathway whose examples held last."""


@dataclass
class Desk:
    """What every screen may look at; the program fills it in as it opens."""

    clock: Callable[[], datetime]
    """Returns the present time with its zone."""
    pathways: Path = PATHWAYS
    language: str = DEFAULT
    language_asked: bool = False
    """Whether the language came from a flag, which weighs more than the store's setting."""
    training: bool = False
    opened: Store | None = None
    wake_s: float = 0.05
    """Seconds for which a fresh screen takes no key: nobody reads faster."""
    _pathway: Pathway | None = field(default=None, repr=False)
    _proven: str = field(default="", repr=False)
    _areas: tuple[Area, ...] | None = field(default=None, repr=False)
    area_fault: PathwayError | None = None
    """Why no area could be read, where that is so."""

    @property
    def t(self) -> Speech:
        """The sentences of the screens in the nurse's language."""
        return speech(self.language)

    @property
    def store(self) -> Store:
        """The open store; screens behind the passphrase may count on it."""
        if self.opened is None:
            raise RuntimeError("no store is open")
        return self.opened

    @property
    def pathway(self) -> Pathway:
        """The pathway of new assessments, whose own examples have been seen to hold.

        They run once for each text; the store remembers the digest.

        Raises:
            PathwayError: If it cannot be used.
        """
        from stepping.examples import run_examples
        from stepping.problems import PathwayError

        pathway = self.loaded
        if self._proven != pathway.digest:
            known = self.opened and self.opened.setting(PROVEN) == pathway.digest
            if not known:
                if problems := run_examples(pathway):
                    raise PathwayError(problems)
                if self.opened:
                    self.opened.set_setting(PROVEN, pathway.digest)
            self._proven = pathway.digest
        return pathway

    @property
    def loaded(self) -> Pathway:
        """The pathway as it was read, examples or not; for its cards and its names.

        Raises:
            PathwayError: If it cannot be read.
        """
        from stepping.problems import PathwayError, Problem
        from store.pathway_files import UnknownPathway, load

        if self._pathway is None:
            try:
                self._pathway = load(PATHWAY, self.pathways)
            except UnknownPathway as error:
                raise PathwayError([Problem(str(self.pathways), 1, str(error))]) from None
        return self._pathway

    @property
    def areas(self) -> tuple[Area, ...]:
        """The services of every area, read when first needed; none if there is an `area_fault`."""
        from stepping.problems import PathwayError
        from store.pathway_files import load_areas

        if self._areas is None:
            try:
                self._areas = load_areas(self.pathways)
            except PathwayError as error:
                self._areas, self.area_fault = (), error
        return self._areas

    def services(self, intervention: str, municipality: str | None) -> tuple[Service, ...]:
        """Return where a client of a municipality gets an intervention."""
        from stepping.services import services_near

        return services_near(self.areas, municipality, intervention) if municipality else ()

    def municipality_name(self, id_: str | None, language: str) -> str:
        """Return the name of a municipality."""
        for area in self.areas:
            for municipality in area.municipalities:
                if municipality.id == id_:
                    return municipality.name[language]
        return id_ or ""
