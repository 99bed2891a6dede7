"""The names that the codes of an episode have: treatments, services, steps, measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from casework.care_names import CareNames
from casework.workspace import Workspace
from stepping.episode.episode import Episode
from stepping.pathway.care.measures import MeasureDefinition, MeasureLine, find_line
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Pathway
from stepping.pathway.schema import Change
from store.errors import StoreError


@dataclass(frozen=True)
class Measure:
    """A total that is followed over an episode."""

    fact: str
    label: str
    high: int
    """The highest total that can be."""
    rule: Change
    name: str = ""
    """What its questionnaire is called for short, where that is known."""

    @property
    def short(self) -> str:
        """What it is called where there is little room."""
        return self.name or self.label


@dataclass(frozen=True)
class EpisodeNames:
    """The names that an episode's codes have in one language, and who it is about."""

    birth_year: int | None
    care: CareNames
    measures: tuple[Measure, ...] = ()
    interventions: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[int, str] = field(default_factory=dict)
    sex: str | None = None
    codes: Mapping[str, str | None] = field(default_factory=dict)
    """The procedure code of each form of care; `None` where the county has to fill it in."""

    def find_line(self, definition: MeasureDefinition, day: date) -> MeasureLine | None:
        """Return a questionnaire's line for the client on a day, the stricter where in doubt."""
        return find_line(definition, self.birth_year, day, self.sex)

    def intervention(self, id_: str) -> str:
        """Return the name of an intervention; its id where no pathway has it any more."""
        return self.interventions.get(id_, id_)

    def service(self, id_: str | None) -> str:
        """Return the name of a service; its id where no list has it any more."""
        return self.services.get(id_, id_) if id_ else ""

    def place(self, id_: str | None) -> str:
        """Return the name of a service, or of a place that no list of services has."""
        place = self.care.rules.places.get(id_ or "")
        return place[self.care.language] if place else self.service(id_)

    def step(self, number: int) -> str:
        """Return the number and name of a step."""
        return f"{number} {self.steps.get(number, '')}".strip()


def collect_names(
    workspace: Workspace, birth_year: int | None, episode: Episode, sex: str | None = None
) -> EpisodeNames:
    """Collect the names from the texts in use; those under which the episode was measured lead."""
    pathways = [*_measured_under(workspace, episode), *workspace.readable_pathways]
    names = workspace.language
    services = {s.id: s.name[names] for area in workspace.areas for s in area.service}
    interventions: dict[str, str] = {}
    codes: dict[str, str | None] = {}
    steps: dict[int, str] = {}
    measures: dict[str, Measure] = {}
    for pathway in reversed(pathways):
        interventions |= {i.id: i.content.title[names] for i in pathway.interventions}
        codes |= {i.id: i.content.code or codes.get(i.id) for i in pathway.interventions}
        steps |= {step.number: step.name[names] for step in pathway.header.step}
        measures |= {measure.fact: measure for measure in _measures(pathway, names)}
    measured = {fact for event in episode.measured for fact in event.scores}
    followed = tuple(m for fact, m in sorted(measures.items(), reverse=True) if fact in measured)
    care = workspace.care_names
    return EpisodeNames(birth_year, care, followed, interventions, services, steps, sex, codes)


def _measured_under(workspace: Workspace, episode: Episode) -> Iterator[Pathway]:
    """Yield the text of the latest assessment, where it can still be read."""
    for event in episode.measured[-1:]:
        try:
            yield workspace.get_pathway(
                workspace.store.assessments.get(event.assessment).pathway_digest
            )
        except (PathwayError, StoreError):
            return


def _measures(pathway: Pathway, language: str) -> Iterator[Measure]:
    for instrument in pathway.instruments.values():
        if instrument.change is not None:
            fact = pathway.facts[f"{instrument.id}.{instrument.change.total}"]
            label = fact.label[language]
            yield Measure(fact.id, label, fact.high, instrument.change, instrument.name)
