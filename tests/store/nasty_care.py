"""Care as nobody plans it: entries that are late, put right or taken back, in any order."""

from __future__ import annotations

import datetime
import json
from contextlib import suppress
from typing import Any

from stepping.episode.events import (
    AlcoholUse,
    Closed,
    Contact,
    Event,
    Experience,
    MeasureTaken,
    Missed,
    NeedEstablished,
    Paused,
    PeriodEnded,
    PeriodStarted,
    Reason,
    Referrer,
    Resumed,
    Segment,
    TrackEvent,
    Withdrawn,
)
from store.errors import StoreError
from store.records import Confirmation
from tests.store.test_retention import ADULT
from tests.store.test_summaries import Walk

TRACKS = ("multi_service", "work_ability", "specialised_care")


class Mixed(Walk):
    """Random deeds without a purge: what was deleted nobody can count by hand."""

    def purge(self) -> None:
        """Leave everything."""

    def do(self) -> str:
        more = [self.begin, self.measure, self.put_right, self.take_back]
        chosen = self.chance.random()
        if chosen < 0.25:
            return super().do()
        self.workspace.wait(self.chance.choice([0.001, 0.02, 1, 4]))
        deed = self.tell if chosen < 0.7 else self.chance.choice(more)
        for _ in range(4):
            try:
                deed()
            except (StoreError, IndexError):
                continue
            break
        return deed.__name__

    def close(self) -> None:
        """End an episode in any way, a third of them by a death that ends its treatments."""
        how = self.chance.choice(["recovered", "moved_on", "died"])
        more = {"despite": "clinical"} if how == "recovered" else {}
        self.workspace.tell(self.episode, Closed(day=self.day, how=how, **more))

    def begin(self) -> None:
        """Begin an episode with an assessment of its own."""
        with suppress(StoreError):
            self.workspace.care(self.client)
        self.measure()

    @property
    def day(self) -> datetime.date:
        """Today, or up to some weeks before."""
        late = self.chance.choice([0, 0, 0, 1, 6, 13, 30])
        return self.workspace.clock.now.date() - datetime.timedelta(days=late)

    def measure(self) -> None:
        """Confirm an assessment with scores, rules and a stop of any kind."""
        chance, store = self.chance, self.store
        client = self.client
        made = store.assessments.start(client.id, ADULT, setting="clinic", language="fi")
        store.answers.record(made.id, {"phq9.1": 2})
        self.workspace.wait(chance.choice([0.002, 0.01, 0.1]))
        store.answers.record(made.id, {"phq9.1": 3}, why="said again")
        if chance.random() < 0.5:
            self._see_to_stop(made.id)
        actions = [each for each in ("full_audit", "contact_2_4_weeks") if chance.random() < 0.5]
        beside = [{"id": "work_ability_team", "step": None}] * chance.randrange(2)
        scores = {"phq9.total": chance.randrange(28), "auditc.total": chance.randrange(13)}
        if chance.random() < 0.3:
            scores |= {"audit.total": chance.randrange(41), "isi.total": chance.randrange(29)}
        decision: dict[str, Any] = {
            "actions": actions,
            "interventions": [*beside, {"id": "multi_service_path", "step": 1}],
            "scores": scores,
            "rules": [{"id": rule} for rule in ("A2", "A3", "A4", "S2") if chance.random() < 0.6],
        }
        answers = {"work.sick_leave_days": chance.choice([None, 0, 30])}
        left_out = [fact for fact in ("auditc.total", "audit.total") if chance.random() < 0.3]
        whole = {"decision": decision, "answers": answers, "not_asked": left_out}
        suggested, chosen = chance.randrange(5), chance.randrange(5)
        store.decisions.confirm(
            made.id,
            Confirmation(
                decision_json=json.dumps(whole),
                suggested_step=suggested,
                confirmed_step=chosen,
                reason_code=None if chosen == suggested else "client_wish",
                final_answers_seq=2,
            ),
        )
        if chance.random() < 0.8:
            store.episodes.attach_assessment(made.id, self._open_episode(client.id))

    def _see_to_stop(self, assessment: str) -> None:
        for step in ("alone", "means"):
            self.workspace.wait(0.003)
            done = self.chance.random() < 0.6
            why = None if done else self.chance.choice(["no line", "did not want it"])
            code = None if done else self.chance.choice([None, "not_reached", "declined"])
            self.store.safety_steps.record(
                assessment, "S3", "suicide_acute", step, done=done, why_not=why, reason=code
            )

    def _open_episode(self, client: str) -> str:
        found = self.store.episodes.find_open(client)
        if found is None:
            raise IndexError(client)
        return found[0].id

    def tell(self) -> None:
        """Record anything of an episode, on any day."""
        chance, day = self.chance, self.day
        period = chance.choice(["p1", "p2", "p3"])
        form = chance.choice(["cbt", "behavioural_activation"])
        told: list[Event] = [
            NeedEstablished(day=day),
            Paused(day=day, why=chance.choice(["medical", "client_wish"])),
            Resumed(day=day),
            PeriodStarted(
                day=day,
                period=period,
                intervention=form,
                step=chance.randrange(5),
                counted=chance.choice([None, "no", "treatment", "guarantee"]),
            ),
            Contact(day=day, period=period, channel=chance.choice([None, "video"]), by="nurse"),
            Contact(day=day, ors=chance.choice([None, 12.3, 30.0])),
            Missed(day=day, period=period, why=chance.choice(["not_come", "unit_cancelled"])),
            MeasureTaken(day=day, measure="isi", points=chance.randrange(29)),
            MeasureTaken(day=day, measure="who5", points=4 * chance.randrange(26)),
            Experience(day=day, period=period, satisfaction=chance.choice([None, 4, 7, 10])),
            PeriodEnded(
                day=day,
                period=period,
                why=chance.choice(["completed", "stepped_up", "moved"]),
                onward=chance.choice([None, "clinic-1"]),
                satisfaction=chance.choice([None, 0, 9]),
            ),
            Segment(day=day, group=chance.choice([1, 4])),
            Referrer(day=day, referrer=chance.choice(["family", "navigator"])),
            Reason(day=day, reason="grief"),
            AlcoholUse(day=day, audit=chance.choice([None, 9]), mini_intervention=True),
            *(
                TrackEvent(
                    day=day,
                    track=chance.choice(TRACKS),
                    what=what,
                    where="clinic-1" if what in {"referred", "met"} else None,
                    role="nurse" if what == "planned" else None,
                    review_on=day + datetime.timedelta(days=20) if what == "planned" else None,
                    goals=("a walk",) if what == "planned" else None,
                )
                for what in ("consented", "planned", "referred", "met", "reviewed", "arrived")
            ),
            TrackEvent(day=day, track=chance.choice(TRACKS), what="ended"),
        ]
        self.workspace.tell(self.episode, chance.choice(told))

    def _entry(self) -> tuple[str, Any]:
        episode = self.episode
        return episode, self.chance.choice(self.store.episodes.get(episode)[1].entries)

    def put_right(self) -> None:
        """Move an entry to another day."""
        episode, entry = self._entry()
        moved = entry.event.model_copy(update={"day": self.day})
        self.workspace.tell(episode, moved, supersedes=entry.id)

    def take_back(self) -> None:
        """Withdraw an entry."""
        episode, entry = self._entry()
        self.workspace.tell(episode, Withdrawn(day=self.day), supersedes=entry.id)
