"""The store as screens and use cases see it: open it, record, look up, close."""

from __future__ import annotations

from store.database import engine, transactions
from store.repository.answers import Answers
from store.repository.assessments import Assessments
from store.repository.audit_log import AuditLog
from store.repository.clients import Clients
from store.repository.corrections import Corrections
from store.repository.decisions import Decisions
from store.repository.episodes import Episodes
from store.repository.pathway_texts import PathwayTexts
from store.repository.reports import Reports
from store.repository.safety import OpenStops, RiskMarks, SafetyPlans, SafetySteps
from store.repository.settings import Settings
from store.repository.staff import Staff
from store.repository.summaries import Summaries
from store.repository.worklist import Worklist
from store.session.session import Session
from store.session.touched import Touched
from store.times import Clock


class Store(Session):
    """An open store: the session of a worker, and the repositories that share it.

    One thread owns it. Every method of a repository is one transaction, or part of the one that
    `writing` has opened. It may raise StoreBusy, DiskFull, DamagedStore, ReadOnlyStore or
    StoreFault; NotAllowed or OtherUnit by the permission that stands on it; UnknownRecord for an id
    under which there is nothing, and RefusedText for a text that must not be kept.
    """

    def __init__(self, db: engine.Database, handle: str, clock: Clock, *, training: bool) -> None:
        super().__init__(db, handle, clock, training=training)
        self.answers = Answers(self)
        self.assessments = Assessments(self)
        self.audit_log = AuditLog(self)
        self.clients = Clients(self)
        self.corrections = Corrections(self)
        self.decisions = Decisions(self)
        self.episodes = Episodes(self)
        self.open_stops = OpenStops(self)
        self.pathway_texts = PathwayTexts(self)
        self.reports = Reports(self)
        self.risk_marks = RiskMarks(self)
        self.safety_plans = SafetyPlans(self)
        self.safety_steps = SafetySteps(self)
        self.settings = Settings(self)
        self.staff = Staff(self)
        self.summaries = Summaries(self)
        self.worklist = Worklist(self)

    def follow(self) -> None:
        """Make the rows of reports anew for all that the open transaction has written about."""
        if self.touched:
            from store.repository.internal.summary import keeping

            touched, self.touched = self.touched, Touched()
            keeping.keep_touched(self, touched)

    def find_faults(self) -> list[str]:
        """Return what the engine's own checks find wrong with the file, nothing if all is well."""
        return transactions.faults(self.db)
