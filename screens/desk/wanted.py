"""What a nurse may want at the start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.records import Draft

if TYPE_CHECKING:
    from pathlib import Path

    from stepping.pathway.diagnostics import PathwayError
    from store.errors import StoreError


@dataclass(frozen=True)
class New:
    """A new assessment."""


@dataclass(frozen=True)
class Look:
    """Look at a client's assessments."""

    client_id: str


@dataclass(frozen=True)
class Find:
    """Find a client by code or year of birth."""


@dataclass(frozen=True)
class Resume:
    """Go on with a draft."""

    draft: Draft


@dataclass(frozen=True)
class Browse:
    """Read the rules of the pathways."""


@dataclass(frozen=True)
class Report:
    """See sums that name nobody."""


@dataclass(frozen=True)
class Work:
    """See what waits to be done."""


@dataclass(frozen=True)
class Save:
    """Make a backup."""


@dataclass(frozen=True)
class Mend:
    """Hear why content, services or care cannot be read."""

    fault: PathwayError | StoreError


@dataclass(frozen=True)
class Quit:
    """Close the program."""


@dataclass(frozen=True)
class Train:
    """Practise with cases; in the training store alone."""


@dataclass(frozen=True)
class ShowClass:
    """Show a class to its trainer; `folder` is where it lies."""

    folder: Path


Wanted = New | Look | Find | Resume | Work | Browse | Report | Save | Mend | Train | ShowClass
"""What may come of the start, but for closing the program."""

Outcome = Wanted | Quit
