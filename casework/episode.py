"""One client's episode of care under way, and the store that keeps each event at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework.assessment import AssessmentSession, fits
from casework.episode_names import EpisodeNames, collect_names
from casework.workspace import Workspace
from stepping.episode.clocks import what_it_counts_as
from stepping.episode.episode import Episode
from stepping.episode.events import (
    Contact,
    Counted,
    Event,
    EventEntry,
    Measured,
    Opened,
    PeriodStarted,
    Responsible,
    TrackId,
    Withdrawn,
)
from stepping.episode.measures import MeasurePoint, find_point
from stepping.episode.tracks import comes_first, events_of
from stepping.episode.validation import ValidationContext
from stepping.pathway.care.measures import MeasureDefinition
from stepping.pathway.care.schema import TrackPlace
from stepping.pathway.client_facts import highest_age
from stepping.pathway.model import Pathway
from stepping.pathway.schema import Ages, Intervention, Production, Service
from stepping.services.match import Barrier, Reason, Seeker, barriers_in, find_home
from store.errors import ChangedElsewhere
from store.professions import profession_key
from store.records import Assessment, Client, EpisodeRecord

_ELSEWHERE: frozenset[Reason] = frozenset({"municipality", "age"})


def surroundings(workspace: Workspace, client: Client) -> ValidationContext:
    """Collect what an event is checked against: the day, the client, the care that there is."""
    services = {service.id: service for area in workspace.areas for service in area.service}
    return ValidationContext(
        today=workspace.today,
        birth_year=client.birth_year,
        interventions={id_: i.ages for id_, i in list_interventions(workspace).items()},
        services={id_: service.interventions for id_, service in services.items()},
        service_ages={id_: service.ages for id_, service in services.items()},
        tracks=workspace.care.tracks,
        measures=workspace.care.measures,
    )


def list_interventions(workspace: Workspace) -> dict[str, Intervention]:
    """Return the forms of care by id; one that two pathways name is for the ages of both.

    A pathway gives its forms of care to those alone whom it assesses. What counts under the therapy
    guarantee counts in each pathway that names it: where they differ, no clock ends too early.
    """
    found: dict[str, Intervention] = {}
    for pathway in workspace.readable_pathways:
        for ready in pathway.interventions:
            same = found.get(ready.id)
            own = _shared(ready.content.ages, pathway.header.ages)
            ages = _both(same.ages, own) if same else own
            counts = ready.content.guarantee and (same is None or same.guarantee)
            changed = {"ages": ages, "guarantee": counts}
            found[ready.id] = (same or ready.content).model_copy(update=changed)
    return found


def _shared(one: Ages, other: Ages) -> Ages:
    ends = {"from": max(one.from_, other.from_), "to": min(one.to, other.to)}
    return Ages.model_validate(ends)


def _both(one: Ages, other: Ages) -> Ages:
    ends = {"from": min(one.from_, other.from_), "to": max(one.to, other.to)}
    return Ages.model_validate(ends)


@dataclass
class EpisodeSession:
    """An episode with its client; every event is durable before the method returns."""

    workspace: Workspace
    client: Client
    id: str
    episode: Episode
    barriers: frozenset[Barrier] = frozenset()
    """What the client cannot use, as the latest assessment tells."""

    @classmethod
    def open(cls, workspace: Workspace, client: Client, event: Opened) -> EpisodeSession:
        """Open an episode.

        Raises:
            StoreError: If it cannot be, with nothing stored.
        """
        record = workspace.store.episodes.begin(client.id, event, surroundings(workspace, client))
        return cls.load(workspace, client, record.id)

    @classmethod
    def load(cls, workspace: Workspace, client: Client, id_: str) -> EpisodeSession:
        """Look an episode up.

        Raises:
            UnknownRecord: If there is none with this id.
        """
        return cls.of(workspace, client, *workspace.store.episodes.get(id_))

    @classmethod
    def of(
        cls, workspace: Workspace, client: Client, record: EpisodeRecord, episode: Episode
    ) -> EpisodeSession:
        """Return the session of an episode that was looked up just now."""
        last = [event.assessment for event in episode.measured[-1:]]
        answers = workspace.store.answers.get_progress(last[0]).answers if last else {}
        return cls(workspace, client, record.id, episode, barriers_in(answers))

    def record_event(self, event: Event, supersedes: str | None = None) -> None:
        """Record an event, or a correction of an entry; what another window did is read first.

        Raises:
            StoreError: If the episode cannot take it, with nothing stored.
        """
        around = surroundings(self.workspace, self.client)
        store, after = self.workspace.store, self.episode.last_seq
        try:
            with store.writing():
                told = store.episodes.record_event(
                    self.id, event, around, supersedes=supersedes, after=after
                )
                self._learn_role(event)
            self.episode = told
        except ChangedElsewhere:
            self.episode = store.episodes.get(self.id)[1]
            raise

    @property
    def own_role(self) -> str | None:
        """The profession of whoever has signed in, as it was told last; nothing before that."""
        store = self.workspace.store
        return store.settings.get(profession_key(store.handle))

    def _learn_role(self, event: Event) -> None:
        """Keep the profession that a worker tells of oneself; it is proposed from then on."""
        store, known = self.workspace.store, self.own_role
        match event:
            case Responsible(who=who, role=str(role)) if who == store.handle and role != known:
                store.settings.set(profession_key(store.handle), role)
            case Contact(by=str(role)) if known is None:
                store.settings.set(profession_key(store.handle), role)

    def withdraw_entry(self, entry: EventEntry) -> None:
        """Withdraw an entry that has nothing in its place.

        Raises:
            StoreError: If the episode cannot do without it, with nothing stored.
        """
        day = max(self.workspace.today, entry.event.day)
        self.record_event(Withdrawn(day=day), entry.id)

    def list_drafts(self) -> list[Assessment]:
        """Return the client's assessments that are not ended.

        Raises:
            StoreError: If the store does not tell.
        """
        each = self.workspace.store.assessments.list_of(self.client.id)
        return [assessment for assessment in each if assessment.state == "draft"]

    def end_drafts(self, why: str) -> None:
        """End every draft of the client; each safety step still open is recorded as not done.

        Raises:
            StoreError: If one cannot be ended; those ended before stay so.
            PathwayError: If the pathway of one can no longer be read; likewise.
        """
        for draft in self.list_drafts():
            pathway = self.workspace.get_pathway(draft.pathway_digest)
            session = AssessmentSession.resume(self.workspace.store, draft, pathway)
            session.abandon_with_stops(why)

    @property
    def names(self) -> EpisodeNames:
        """The names of the episode's codes in the nurse's language."""
        born, sex = self.client.birth_year, self.client.sex
        return collect_names(self.workspace, born, self.episode, sex)

    def settle_treatment(
        self, intervention: str, old: PeriodStarted | None, service: str | None = None
    ) -> dict[str, object]:
        """Return what the start of a treatment settles by itself: its id, measurements and step.

        `old` is the start that is corrected, if one is; what was agreed of the same form of care
        stays, and so does who ran the same service.
        """
        chosen = list_interventions(self.workspace)[intervention]
        agreed = old if old and old.intervention == chosen.id else None
        began_on = agreed.step if agreed else None
        step = self._step_of(chosen) if began_on is None else began_on
        return {
            "period": old.period if old else f"p{self.episode.last_seq + 1}",
            "measuring": agreed.measuring if agreed else chosen.measure,
            "step": step,
            "counted": self._counted(chosen, step),
            "production": self._production(service, old),
        }

    def _production(self, service: str | None, old: PeriodStarted | None) -> Production | None:
        """Return who runs a service now, or ran it as a start that is corrected was recorded."""
        if old is not None and old.service == service:
            return old.production
        every = (each for area in self.workspace.areas for each in area.service)
        return next((each.production for each in every if each.id == service), None)

    def _step_of(self, chosen: Intervention) -> int | None:
        """Return the step on which a form of care begins: the confirmed one, if it has that."""
        step = self.episode.step
        return step if step in chosen.steps else min(chosen.steps, default=None)

    def _counted(self, chosen: Intervention, step: int | None) -> Counted:
        """Return what a form of care counts as that begins on a step, by the texts in use.

        It is a treatment above the lowest step of each pathway that has it.
        """
        bases = (
            pathway.base_step
            for pathway in self.workspace.readable_pathways
            if any(ready.id == chosen.id for ready in pathway.interventions)
        )
        return what_it_counts_as(chosen, step, max(bases))

    def list_offered(self, day: date) -> list[Intervention]:
        """Return the forms of care for the client's age on a day, those of the step first."""
        born = self.client.birth_year
        every = list_interventions(self.workspace).values()
        fit = [i for i in every if i.ages.may_hold(born, day)]
        return sorted(fit, key=lambda i: self.episode.step not in i.steps)

    def list_services(self, intervention: str) -> tuple[Service, ...]:
        """Return the services where a form of care is had, those that suit the client best first.

        What began against the odds, as with an interpreter, can be recorded too: only services for
        other municipalities or ages are left out.
        """
        if not intervention:
            return ()
        oldest = highest_age(self.client.birth_year, self.workspace.today)
        languages = frozenset({self.client.language})
        client = Seeker(self.client.municipality, oldest, languages, self.barriers)
        nearby = self.workspace.find_services(intervention, client)
        against = (left for left in nearby.left_out if not _ELSEWHERE & set(left.reasons))
        return (*nearby.usable, *(left.service for left in against))

    def list_local_services(self) -> tuple[Service, ...]:
        """Return every service for residents of the client's municipality."""
        home = self.client.municipality
        each = (service for area in self.workspace.areas for service in area.service)
        return tuple(service for service in each if home in service.municipalities)

    def list_measures(self) -> list[MeasureDefinition]:
        """Return the questionnaires for the client's age of which a total may be typed in."""
        born, today = self.client.birth_year, self.workspace.today
        every = self.workspace.care.measures.values()
        return [each for each in every if each.ages.may_hold(born, today)]

    def find_typed(self, measure: str, day: date) -> MeasurePoint | None:
        """Return what is typed in of a questionnaire for a day, if anything is."""
        known = self.workspace.care.measures.get(measure)
        return find_point(self.episode, known, day) if known else None

    # -- beside the steps ----------------------------------------------------

    def find_notice_day(self, track: TrackId) -> date | None:
        """Return when a safety card's notice was recorded as done, if the track tells of none.

        Raises:
            StoreError: If the store does not tell.
        """
        known = self.workspace.care.tracks.get(track)
        if known is None or known.notice_step is None or events_of(self.episode, track):
            return None
        for event in reversed(self.episode.measured):
            for row in self.workspace.store.safety_steps.list_recorded(event.assessment):
                if row.step == known.notice_step and row.done:
                    return event.day
        return None

    def list_destinations(self, track: TrackId) -> list[Service | TrackPlace]:
        """Return where a track leads to from the client's municipality, the likeliest place first.

        A place that the latest assessment does not put first comes after all services, of which
        those of the hub of the municipality lead.

        Raises:
            StoreError: If the store does not tell.
        """
        known = self.workspace.care.tracks[track]
        near = self.list_local_services() if known.services else ()
        own = [each for each in near if known.given_by in each.interventions]
        home = find_home(self.workspace.areas, self.client.municipality)
        hub = home[1].hub if home else None
        listed = sorted(own or near, key=lambda service: hub is None or service.at != hub)
        before = self._first_places(known.place)
        return [*before, *listed, *(each for each in known.place if each not in before)]

    def _first_places(self, places: Sequence[TrackPlace]) -> list[TrackPlace]:
        """Return the places that the answers of the latest assessment put before all services."""
        last = self.episode.measured[-1:]
        if not last or all(place.first_if is None for place in places):
            return []
        answers = self.workspace.store.answers.get_progress(last[0].assessment).answers
        return [place for place in places if comes_first(place, answers)]


def find_follow_up(workspace: Workspace, client: Client) -> tuple[Pathway, Measured] | None:
    """Return the pathway that measures a client again, and what it is compared with, if any.

    Raises:
        StoreError: If the store does not tell.
        PathwayError: If no pathway is in use.
    """
    found = workspace.store.episodes.find_open(client.id)
    baseline = found[1].baseline if found else None
    if baseline is None:
        return None
    first = workspace.store.assessments.get(baseline.assessment).pathway_id
    for pathway in workspace.pathways_in_use:
        if first in pathway.header.follows and fits(pathway, client, workspace.today):
            return pathway, baseline
    return None
