"""A navigator's result taken into an assessment: each part as old as it is, danger asked again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from casework.assessment import AssessmentSession
from stepping.finland import day_begins, finnish_day
from stepping.interchange.navigator import (
    NavigatorForm,
    NavigatorResult,
    ResultFault,
    find_faults,
)
from stepping.interchange.navigator_answers import TakenResult, sort_result
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.told_totals import list_tellable
from store.pathway_files.forms import load_navigator


def navigator_form() -> NavigatorForm:
    """Return what a navigator's result may tell.

    Raises:
        PathwayError: If the file that says so is damaged.
    """
    return load_navigator()


def takes_results(session: AssessmentSession) -> bool:
    """Say whether a navigator's result may be taken here: no case of practice has one."""
    try:
        form = navigator_form()
    except PathwayError:
        return False  # the interview goes on without
    told = {each.fact for each in form.field if each.kind == "total"}
    tellable = not told.isdisjoint(list_tellable(session.pathway))
    return tellable and not session.is_case and session.assessment.state == "draft"


class FaultyResult(ValueError):
    """A result that cannot be; `faults` says why, and nothing of it was stored."""

    def __init__(self, faults: Sequence[ResultFault]) -> None:
        super().__init__(", ".join(fault.kind for fault in faults))
        self.faults = tuple(faults)


def find_result_faults(
    session: AssessmentSession, form: NavigatorForm, result: NavigatorResult
) -> tuple[ResultFault, ...]:
    """Return everything for which nothing of a result can be taken now."""
    return tuple(find_faults(form, result, finnish_day(session.store.now)))


def sort_told(
    session: AssessmentSession, form: NavigatorForm, result: NavigatorResult
) -> TakenResult:
    """Return what an assessment would take of a result without faults.

    What was taken of a result before does not speak against it: it is told anew.
    """
    asked_here = {
        id_: answer for id_, answer in session.valid_answers.items() if id_ not in session.elsewhere
    }
    return sort_result(form, result, session.pathway, asked_here, session.store.now)


def take_result(
    session: AssessmentSession, form: NavigatorForm, result: NavigatorResult, remark: str = ""
) -> TakenResult:
    """Take a result into an assessment, all or nothing, with a remark that tells of it.

    The same result once more changes nothing.

    Raises:
        FaultyResult: If it cannot be; nothing is stored.
        StoreError: If it cannot be stored.
    """
    if faults := find_result_faults(session, form, result):
        raise FaultyResult(faults)
    taken = sort_told(session, form, result)
    if isinstance(result.day, date):
        session.take_in({day_begins(result.day): taken.answers}, "navigator", remark)
    return taken


def list_taken_back(session: AssessmentSession) -> list[str]:
    """Return what was taken of navigators' results and may be taken back: nothing on danger."""
    questions = session.pathway.questions
    return [
        id_
        for id_, told in session.elsewhere.items()
        if told.source == "navigator" and not (id_ in questions and questions[id_].safety)
    ]


def take_back(session: AssessmentSession) -> None:
    """Open again what navigators' results told, so that it is asked here; danger told stays.

    Raises:
        StoreError: If something cannot be stored; what was taken back before that is.
    """
    for id_ in list_taken_back(session):
        session.withdraw_answer(id_)
