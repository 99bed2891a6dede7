"""The safety plan as it is written with a client: stored point by point as it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casework.workspace import Workspace
from stepping.finland import finnish_day
from store.errors import ChangedElsewhere
from store.records import Client
from store.risk_records import SafetyPlan


@dataclass
class PlanSession:
    """A client's safety plan in front of nurse and client.

    What is written becomes part of the assessment's plan, beside any of today's own one; where
    there is none a new one begins with it, which starts from what the last one says.
    """

    workspace: Workspace
    client: Client
    assessment_id: str | None = None
    """The assessment in which it is written, if it is."""
    plan: SafetyPlan | None = None
    """The newest plan, as it was read last."""

    def read(self) -> None:
        """Read what the newest plan says now.

        Raises:
            StoreError: If the store does not tell.
        """
        self.plan = self.workspace.store.safety_plans.find(self.client.id)

    @property
    def words(self) -> Mapping[str, str]:
        """What the newest plan says, by its points."""
        return self.plan.words if self.plan else {}

    @property
    def goes_on(self) -> bool:
        """Whether what is written becomes part of the newest plan."""
        return self._is_current(self.plan)

    def write(self, point: str, words: str, before: str | None = None) -> None:
        """Keep what is said under a point, in a new plan where today's has not begun.

        `before` is what stood there when the writing began, by default what was read last. The
        same words again begin no plan.

        Raises:
            StoreError: If it cannot be kept, with nothing stored. What another window did is read
                before a PlanChanged is raised.
        """
        plans, read = self.workspace.store.safety_plans, self.words.get(point, "")
        if words.strip() == read:
            return
        known = read if before is None else before
        try:
            with self.workspace.store.writing():
                plan = plans.find(self.client.id)
                if plan is None or not self._is_current(plan):
                    plan = plans.begin(self.client.id, self.assessment_id)
                plans.write(plan.id, point, words, before=known)
                self.plan = plans.find(self.client.id)
        except ChangedElsewhere:
            self.read()
            raise

    def _is_current(self, plan: SafetyPlan | None) -> bool:
        if plan is None:
            return False
        if self.assessment_id is not None:
            return plan.assessment_id == self.assessment_id
        # What is written beside an assessment must not go along if that turns out to be another's.
        return plan.assessment_id is None and finnish_day(plan.at) == self.workspace.today
