"""Targets that a county sets for figures, in a TOML file; each fault is told with its place.

    [access.within_14]
    target = 80
    source = "Plan of the wellbeing services county, 2026"

A share is written in hundredths, everything else as it is shown.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from stepping.characters import UNFIT, escape_unfit
from stepping.pathway.diagnostics import DiagnosticCollector
from stepping.pathway.file_reader import toml_place
from stepping.reports.catalogue import REPORTS
from stepping.reports.model import Figure, Report

HUNDRED = 100


class Target(BaseModel):
    """What a county wants of one figure."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    target: float = Field(ge=0, le=1_000_000, allow_inf_nan=False)
    source: str = Field(min_length=1, max_length=200)
    """Who set it, and where it is written."""

    @field_validator("source")
    @classmethod
    def _is_readable(cls, source: str) -> str:
        if UNFIT.search(source):
            raise ValueError("has a character that steers a terminal or is not seen")
        return source


@dataclass(frozen=True)
class Targets:
    """The targets of a county, by report and figure; none where nothing was set."""

    known: Mapping[tuple[str, str], Target] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, report: Report, figure: Figure) -> Fraction | None:
        """Return the target of a figure as its value is kept: a share as a part of one."""
        found = self.known.get((report.name, figure.name))
        if found is None:
            return None
        value = Fraction(str(found.target))
        return value / HUNDRED if figure.kind == "share" else value

    def source(self, report: Report, figure: Figure) -> str:
        """Return who set the target of a figure; empty where there is none."""
        found = self.known.get((report.name, figure.name))
        return found.source if found else ""


def read_targets(text: str, file: str) -> Targets:
    """Read a file of targets.

    Raises:
        PathwayError: With every fault by its line.
    """
    faults = DiagnosticCollector({file: text})
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        what, line = toml_place(str(error), text)
        faults.add_line(file, line, f"not readable as TOML: {what}")
        content = {}
    known: dict[tuple[str, str], Target] = {}
    for name, figures in content.items():
        if name not in REPORTS:
            faults.add_unknown(file, (name,), "the report", escape_unfit(name), REPORTS)
        elif not isinstance(figures, dict):
            faults.add(file, (name,), f"{name}: a table of figures, please")
        else:
            known.update(_figures(file, name, figures, faults))
    faults.raise_if_any()
    return Targets(MappingProxyType(known))


def _figures(
    file: str, report: str, figures: Mapping[str, object], faults: DiagnosticCollector
) -> dict[tuple[str, str], Target]:
    sets = (REPORTS[report].figures, *(others for _, others in REPORTS[report].instead))
    names = {figure.name: figure for figures in sets for figure in figures}
    found: dict[tuple[str, str], Target] = {}
    for name, written in figures.items():
        if name not in names:
            shown = escape_unfit(name)
            faults.add_unknown(file, (report, name), f"the figure of {report}", shown, names)
            continue
        try:
            target = Target.model_validate(written)
        except ValidationError as error:
            for fault in error.errors():
                place = (report, name, *map(str, fault["loc"]))
                faults.add(file, place, f"{'.'.join(place)}: {fault['msg']}")
            continue
        if names[name].kind == "share" and target.target > HUNDRED:
            faults.add(file, (report, name, "target"), f"{report}.{name}: a share is at most 100")
            continue
        found[report, name] = target
    return found
