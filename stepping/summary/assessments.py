"""The rows of an assessment: what was suggested and confirmed, and the stops on the way."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from stepping.decision.outcome import OR_ABOVE, classify_choice
from stepping.finland import finnish_day
from stepping.measured import measured_scores
from stepping.summary.change import SICK_LEAVE
from stepping.summary.context import Person, Terms, month_of
from stepping.summary.rows import AssessmentRow, AssessmentRows, AssessmentState, StopRow

LAID_ASIDE = timedelta(minutes=30)
"""Between two entries that are further apart nobody worked on the assessment (local proposal)."""

_FULL_AUDIT = "full_audit"
"""The action that AUDIT-C over its limit asks for."""


@dataclass(frozen=True)
class Step:
    """The newest outcome of one step of an action card."""

    stop: str
    card: str
    done: bool
    opened: datetime | None
    """When the latest answer was given that it rests on."""
    recorded: datetime
    code: str | None = None
    """Why it was not done, as a code; words are never kept."""


@dataclass(frozen=True)
class Told:
    """An assessment that is closed, as the store keeps it."""

    state: AssessmentState
    at: datetime
    pathway: str
    version: str
    setting: str
    decision: Mapping[str, Any]
    """What was confirmed, with its answers and its trace; empty of an abandoned one."""
    suggested: int | None = None
    confirmed: int | None = None
    reason_code: str | None = None
    skipped: Collection[str] = ()
    moments: Sequence[datetime] = ()
    """When it was begun, answered and confirmed."""
    steps: Sequence[Step] = ()


def assessment_rows(told: Told, person: Person, terms: Terms) -> AssessmentRows:
    """Return everything that reports count of one assessment."""
    decision = _mapping(told.decision.get("decision", told.decision))
    answers = _mapping(told.decision.get("answers"))
    day = finnish_day(told.at)
    scores = measured_scores(told.decision)
    rules = sorted(_ids(decision.get("rules")))
    offered = _offered(decision)
    left_open = told.reason_code == OR_ABOVE
    made = classify_choice(told.suggested, told.confirmed, or_above=left_open)
    auditc = scores.get("auditc.total")
    row = AssessmentRow(
        state=told.state,
        month=month_of(day),
        pathway=told.pathway,
        version=told.version,
        setting=told.setting,
        **person.background(day),  # type: ignore[arg-type]
        suggested=told.suggested,
        confirmed=told.confirmed,
        override=told.reason_code,
        choice=made if told.state == "confirmed" else None,
        urgency=decision.get("urgency"),
        deciding=_json(id_ for id_ in rules if _decides(id_, told.suggested, terms)),
        rules=_json(rules),
        offered=_json(offered),
        skipped=_json(told.skipped),
        minutes=_minutes(told.moments),
        auditc=auditc,
        auditc_positive=None if auditc is None else _FULL_AUDIT in offered,
        audit=scores.get("audit.total"),
        sick_leave_days=_number(answers.get(SICK_LEAVE)),
    )
    return AssessmentRows(row, tuple(_stop_rows(told.steps)))


def _decides(rule: str, suggested: int | None, terms: Terms) -> bool:
    return suggested is not None and terms.floors.get(rule) == suggested


def _offered(decision: Mapping[str, Any]) -> list[str]:
    """Return the actions of a decision, and the forms of care beside the steps."""
    ranked = decision.get("interventions")
    beside = (each for each in ranked or () if _mapping(each).get("step") is None)
    return sorted({*(decision.get("actions") or ()), *_ids(beside)})


def _stop_rows(steps: Iterable[Step]) -> Iterator[StopRow]:
    by_stop: dict[str, list[Step]] = {}
    for step in steps:
        by_stop.setdefault(step.stop, []).append(step)
    for stop, taken in sorted(by_stop.items()):
        opened = [step.opened for step in taken if step.opened is not None]
        waited = max(step.recorded for step in taken) - min(opened) if opened else None
        yield StopRow(
            stop=stop,
            card=min(step.card for step in taken),
            minutes=None if waited is None else max(int(waited / timedelta(minutes=1)), 0),
            done=sum(step.done for step in taken),
            not_done=sum(not step.done for step in taken),
            reasons=_json(step.code for step in taken if step.code and not step.done),
        )


def _minutes(moments: Sequence[datetime]) -> int | None:
    """Return the minutes that were spent on an assessment."""
    gaps = [then - now for now, then in pairwise(sorted(moments))]
    spent = sum((gap for gap in gaps if gap <= LAID_ASIDE), timedelta())
    return round(spent / timedelta(minutes=1)) if gaps else None


def _ids(rows: Any) -> Iterator[str]:
    for each in rows or ():
        id_ = _mapping(each).get("id")
        if isinstance(id_, str):
            yield id_


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: Any) -> int | None:
    return value if type(value) is int else None


def _json(values: Iterable[str]) -> str:
    return json.dumps(sorted(values), ensure_ascii=False)
