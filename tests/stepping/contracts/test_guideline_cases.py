"""People as a psychiatric nurse meets them, each built from a guideline, and what is suggested.

The guideline says what care each should get; where the program asks for another step than it, the
comment says so. All are invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from stepping.decision.decide import decide
from tests.stepping.cases import WELL, Case, adult, gad7, phq9


@dataclass(frozen=True)
class Person:
    """Answers, and what must come of them once every stop is recorded."""

    answers: Case
    step: int
    stops: tuple[str, ...] = ()
    actions: frozenset[str] = field(default_factory=frozenset)


PEOPLE = {
    # NICE CG31: severe impairment gets intensive treatment and a medicine, not low intensity.
    "washes her hands four hours a day": Person(
        {
            **{**phq9(8), **gad7(9), "phq9.difficulty": 2, "history.weeks": 150},
            **{"function.daily": 3, "problem.main": ("obsessions",), "client.age": 28},
        },
        step=2,
        actions=frozenset({"doctor_consult"}),
    ),
    # NICE CG113, step 2: low intensity first.
    "panic attacks for two months, goes to work": Person(
        {**gad7(12), **phq9(6), "phq9.difficulty": 1, "history.weeks": 8, "client.sex": "m"},
        step=1,
    ),
    # NICE CG113, step 3: marked impairment, or no help from step 2.
    "worries about everything, guided self-help did not help": Person(
        {**gad7(16), **phq9(8), "phq9.difficulty": 3, "history.failed_step": 1},
        step=3,
        actions=frozenset({"doctor_consult"}),
    ),
    # NICE NG116: trauma-focused therapy; a mood as low as this needs more than one method.
    "was assaulted three months ago": Person(
        {
            **{f"pcptsd5.{item}": "yes" for item in ("gate", 1, 2, 3, 4)},
            **{**phq9(13), **gad7(12), "history.weeks": 12, "client.sex": "m"},
        },
        step=3,
        actions=frozenset({"trauma_assessment", "specialist_consult"}),
    ),
    # Käypä hoito, alcohol: hazardous use gets a brief intervention and nothing heavier.
    "drinks too much at weekends, no harm yet": Person(
        {
            **{"client.sex": "m", "auditc.1": 3, "auditc.2": 3, "auditc.3": 3},
            **{"audit.5": 1, "audit.7": 1, "client.age": 45},
        },
        step=0,
        actions=frozenset({"full_audit"}),
    ),
    # NICE CG115: AUDIT 20 or above with withdrawal is assessed for assisted withdrawal.
    "shakes in the mornings": Person(
        {
            **{"client.sex": "m", "auditc.1": 4, "auditc.2": 4, "auditc.3": 4},
            **{"audit.4": 4, "audit.6": 4, "audit.10": 4, "flag.withdrawal": "yes", **phq9(9)},
        },
        step=2,
        stops=("S4",),
        actions=frozenset({"substance_service_leads", "doctor_consult"}),
    ),
    # NICE NG69 begins with guided self-help of its own within a service for eating disorders.
    "vomits after meals, weight and blood are normal": Person(
        {"flag.eating": "yes", "eating.alarm": "no", **phq9(9), "client.age": 24},
        step=2,
        actions=frozenset({"doctor_exam_7_days"}),
    ),
    # NICE CG192: moderate depression in pregnancy gets therapy, and a medicine is weighed.
    "is pregnant and low again": Person(
        {"flag.perinatal": "yes", **phq9(17), "history.episodes": 1, "history.weeks": 6},
        step=2,
        actions=frozenset({"doctor_consult", "maternity_clinic_7_days"}),
    ),
    # NICE NG222 and Käypä hoito: two medicines without enough help need a psychiatrist's view.
    "has tried two antidepressants": Person(
        {
            **{**phq9(18), "history.weeks": 40, "treatment.trials": 2, "client.age": 52},
            "treatment.now": ("antidepressant",),
        },
        step=3,
        actions=frozenset({"doctor_consult", "specialist_consult"}),
    ),
    # NICE CG185: depression of who has been manic is not treated as depression alone.
    "takes lithium and has been low for weeks": Person(
        {
            **{
                **phq9(15),
                "history.weeks": 5,
                "history.mania": "yes",
                "history.specialised": "yes",
            },
            "treatment.now": ("mood_stabiliser", "psychiatric_care"),
        },
        step=3,
        stops=("S6",),
    ),
    # Käypä hoito, memory: the doctor first, and the step may yet change.
    "is 74, forgetful and low": Person(
        {**phq9(12), "flag.memory": "yes", "client.age": 74, "history.weeks": 12},
        step=1,
        actions=frozenset({"doctor_first"}),
    ),
}


@pytest.mark.parametrize("who", PEOPLE)
def test_a_person_gets_the_step_and_the_stops_that_the_contract_says(who: str) -> None:
    person = PEOPLE[who]
    case: Case = {**WELL, **person.answers}
    assert decide(adult(), case).stops == person.stops
    after = decide(adult(), case, person.stops)
    assert (after.status, after.step) == ("suggested", person.step)
    assert person.actions <= {*after.actions}
    assert after.step in {offer.step for offer in after.interventions}
