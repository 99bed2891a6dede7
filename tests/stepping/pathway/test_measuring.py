"""What the shipped pathways say of measuring, in words to the nurse and as data to the program."""

from __future__ import annotations

import pytest

from stepping.pathway.reader import read_pathway
from stepping.pathway.schema import Intervention, Measuring
from store.pathway_files.files import built_in, ids
from tests.stepping.cases import SMALL, changed

CARE = "interventions.toml"
EVERY = {
    1: ("every contact", "each of these contacts", "contact agreed on"),
    2: ("every second",),
    4: ("every fourth",),
}
"""How the follow-up in words names a plan."""

FORMS = [
    pytest.param(pathway, ready.content, id=f"{pathway}/{ready.id}")
    for pathway in ids()
    for ready in built_in(pathway).interventions
]


def words(form: Intervention) -> str:
    """The English words, without what is not a questionnaire of the program."""
    return form.follow_up["en"].replace("Sleep diary at every contact; ", "")


@pytest.mark.parametrize(("pathway", "form"), FORMS)
def test_the_words_and_the_plan_of_a_form_of_care_agree(pathway: str, form: Intervention) -> None:
    """Else the nurse is told one thing on the result and another on the worklist."""
    told, plan = words(form), form.measure
    if plan is None:
        assert not any(word in told for word in ("every contact", "every second", "at the end,"))
        return
    named = [n for n, phrases in EVERY.items() if any(phrase in told for phrase in phrases)]
    assert named == ([] if plan.every is None else [plan.every])
    assert ("at the end, and 3 and 6 months later" in told) == (plan.after_months == (3, 6))
    assert plan.after_months in ((), (3, 6))


def test_a_form_of_care_is_measured_alike_in_every_pathway() -> None:
    """A treatment goes on when its client is followed up: its days must not move."""
    plans: dict[str, set[Measuring | None]] = {}
    for pathway in ids():
        for ready in built_in(pathway).interventions:
            plans.setdefault(ready.id, set()).add(ready.content.measure)
    assert [id_ for id_, found in plans.items() if len(found) > 1] == []


TREATMENTS = {
    **dict.fromkeys(("guided_self_help", "net_therapy", "insomnia_programme"), 1),
    **dict.fromkeys(("klt", "klt_group", "ipc", "group_treatment", "ipc_n", "klt_n"), 2),
    "brief_psychotherapy": 4,
}


@pytest.mark.parametrize(("name", "every"), TREATMENTS.items())
def test_the_treatments_are_measured_as_often_as_agreed(name: str, every: int) -> None:
    forms = {r.id: r.content for pathway in ids() for r in built_in(pathway).interventions}
    assert forms[name].measure == Measuring(every=every, after_months=(3, 6))


@pytest.mark.parametrize("name", ["specialised_care", "kela_psychotherapy", "psychoeducation"])
def test_what_others_measure_is_nobodys_debt_here(name: str) -> None:
    forms = {r.id: r.content for pathway in ids() for r in built_in(pathway).interventions}
    assert forms[name].measure is None


def test_a_plan_may_be_left_out_or_name_the_end_alone() -> None:
    line = 'source = "test"\nbasis = "local"\n\n[[intervention.suits]]'
    assert read_pathway(SMALL).intervention("talk").measure is None
    files = changed(CARE, line, "measure = {}\n" + line)
    assert read_pathway(files).intervention("talk").measure == Measuring()
