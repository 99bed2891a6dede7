"""If these fail, the patient record is told something wrong, or not told what matters."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import pytest

from casework.assessment import AssessmentSession
from casework.language import speech
from screens.note.compose import DISCLAIMER, compose_note
from screens.note.episode_part import replay_until_next
from stepping.decision.safety import list_safety_steps
from stepping.episode.events import (
    Agreement,
    AlcoholUse,
    Contact,
    Event,
    Experience,
    Measured,
    MeasureTaken,
    NeedEstablished,
    NextContact,
    Opened,
    PeriodEnded,
    PeriodStarted,
    Reason,
    Segment,
    TrackEvent,
    Voice,
)
from stepping.pathway.model import Answer
from stepping.pathway.note_parts import note_parts
from stepping.pathway.reader import read_pathway
from stepping.pathway.schema import Measuring
from store.pathway_files.files import built_in, load
from tests.screens.episodes import KNOWN, day, lived, measured
from tests.screens.noted import confirmed, flat, note_of, record, visited
from tests.screens.running import Stage, lightest
from tests.screens.test_note_fits import worst
from tests.screens.test_result import MODERATE

ADULT, FOLLOW_UP = built_in("adult"), built_in("follow_up")


def calm(answers: Mapping[str, Answer], *, follow_up: bool = False) -> dict[str, Answer]:
    """Every question of a pathway answered as lightly as can be, and some as told."""
    pathway = FOLLOW_UP if follow_up else ADULT
    return {**{id_: lightest(pathway, id_) for id_ in pathway.questions}, **answers}


def adult(answers: Mapping[str, Answer]) -> AssessmentSession:
    return visited(ADULT, calm(answers))


def followed(answers: Mapping[str, Answer]) -> AssessmentSession:
    """The second assessment of an episode, a follow-up."""
    given: dict[str, Answer] = {"care.step": 1, "care.contacts": 2, "before.phq9": 17}
    return visited(FOLLOW_UP, {**given, **calm(answers, follow_up=True)}, "a40")


def section(text: str, heading: str) -> str:
    """What stands under a heading, as one line."""
    rows = text.split("\n")
    start = next(n for n, row in enumerate(rows) if row.startswith(f"{heading}: "))
    end = next(n for n in range(start + 1, len(rows)) if not rows[n].startswith(" "))
    return flat("\n".join(rows[start:end])).removeprefix(f"{heading}: ")


# -- which part tells an answer ------------------------------------------------------------------


def test_a_pathway_of_other_ids_gets_its_answers_into_the_right_part() -> None:
    """What `note` of a question says decides, and no id that Porras happens to use."""
    pathway = load(str(Path(__file__).parents[1] / "fixtures" / "harbour"))
    domains = ("symptoms", "risk", "function", "complexity", "history", "stress", "support", "will")
    visit = visited(pathway, {**dict.fromkeys(domains, "1"), "risk": "0", "complexity": "3"})
    text = note_of(visit).text()
    labels = {id_: question.label["en"] for id_, question in pathway.questions.items()}
    parts = {
        "Present state": ["symptoms", "function", "history", "support"],
        "Risk": ["stress"],
        "Client's own view": ["will"],
    }
    for heading, told in parts.items():
        rest = section(text, heading).casefold()
        found = [id_ for id_ in domains if f"{labels[id_]}: ".casefold() in rest]
        assert found == told, heading
    assert section(text, "Reason and contact") == "severe; reception, in the room"


ASKED_SINCE = {"problem.main"}
"""Questions of a part that their ids do not tell; no text without the key has asked them."""


@pytest.mark.parametrize("name", ["adult", "youth", "follow_up"])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_text_from_before_parts_were_named_makes_the_same_note(name: str, language: str) -> None:
    """A store keeps the texts of its assessments for ever, and none of them had the key."""
    now = built_in(name)
    older = {
        file: "".join(row for row in text.splitlines(True) if not row.startswith("note = "))
        for file, text in now.files.items()
    }
    before = read_pathway(older, kept=True)
    assert before.digest != now.digest
    assert not any(question.note for question in before.questions.values())
    known = {id_ for id_ in now.questions if id_ not in ASKED_SINCE}
    answers = {id_: worst(now.questions[id_]) for id_ in known}
    old, new = (note_of(visited(each, answers), language).text() for each in (before, now))
    assert old.replace(before.digest[:12], "") == new.replace(now.digest[:12], "")
    assert {"view", "state", "risk"} <= set(note_parts(before).values())
    parts, today = note_parts(before), note_parts(now)
    assert {id_: parts[id_] for id_ in known} == {id_: today[id_] for id_ in known}


# -- risk -------------------------------------------------------------------------------------


def test_a_typed_item_on_suicide_that_nobody_assessed_stands_with_the_risk() -> None:
    """Else the record says that there is no danger, with the danger somewhere below it."""
    told = (Opened(day=day(0)), measured(0, 1, 4))
    item = MeasureTaken(day=day(5), measure="epds", points=6, item=2)
    risk = section(note_of(adult({}), episode=lived(*told, item)).text(), "Risk")
    assert "! Assess safety today. EPDS" in risk
    assert "no danger signs" not in risk
    past = section(note_of(adult({}), episode=lived(*told, item), past=True).text(), "Risk")
    assert "Assess safety" not in past


def test_no_danger_is_said_only_when_every_safety_question_was_answered() -> None:
    visit = adult(MODERATE)
    assert "no danger signs reported" in section(note_of(visit).text(), "Risk")
    del visit.given["flag.violence"]
    risk = section(note_of(visit).text(), "Risk")
    assert "no danger signs" not in risk
    assert "! Safety questions not answered: violence from someone close" in risk


def test_what_was_told_of_danger_stands_there_with_what_came_of_it() -> None:
    visit = adult({"flag.psychosis": "yes", "asq.1": "refused", "phq9.9": 1})
    record(visit, "S3", "the doctor had left for the day")
    risk = section(note_of(visit).text(), "Risk")
    assert "psychosis-like experiences; ASQ 1 (wish to be dead): refused" in risk
    assert "! SAME DAY: Suicidal thoughts, an attempt within a year" in risk
    assert "(S2, OPEN, safety steps: 6 not recorded)" in risk
    assert (
        "not done: not needed in the nurse's judgement – the doctor had left for the day;"
        " nurse1 2026-03-02 11:00]" in risk
    )
    assert risk.index("S2") < risk.index("S3")


@pytest.mark.parametrize("language", ADULT.header.languages)
def test_each_safety_step_is_named_with_what_came_of_it_when_and_by_whom(language: str) -> None:
    visit = adult({"flag.psychosis": "yes"})
    record(visit, "S3")
    visit.safety.pop()
    told = flat(note_of(visit, language).text())
    *done, open_ = list_safety_steps(visit.pathway, visit.answers, "S3")
    steps = {(card.id, step.id): step for card in visit.list_cards("S3") for step in card.steps}
    t, at = speech(language), speech(language).moment(visit.safety[0].at)
    for each in done:
        text = steps[each.card, each.step].text[language]
        assert flat(f"{text} [{t('done')}; nurse1 {at}") in told
    text = steps[open_.card, open_.step].text[language]
    assert flat(f"{text} [{t('not recorded')}]") in told


def test_a_stop_that_opens_again_says_which_steps_still_wait() -> None:
    visit = adult({"flag.violence": "yes"})
    record(visit, "S4")
    done = len(visit.safety)
    assert "(S4, safety steps recorded)" in section(note_of(visit).text(), "Risk")
    visit.given["flag.child"] = "yes"
    waiting = len(list_safety_steps(visit.pathway, visit.answers, "S4")) - done
    counts = f"(S4, OPEN, safety steps: {done} done, {waiting} not recorded)"
    assert counts in section(note_of(visit).text(), "Risk")


def test_a_sign_that_stops_nothing_yet_is_not_called_no_danger() -> None:
    visit = adult({"flag.eating": "yes"})
    risk = section(note_of(visit).text(), "Risk")
    assert "To be kept in mind: eating or fast weight loss" in risk


@pytest.mark.parametrize("language", ADULT.header.languages)
def test_behind_an_open_stop_neither_step_nor_reason_nor_plan_is_told(language: str) -> None:
    visit = adult({**MODERATE, "phq9.9": 1})
    decision, note = visit.decide(), note_of(visit, language)
    text = flat(note.text())
    assert "(S2" in text
    assert not any(flat(step.name[language]) in text for step in ADULT.header.step)
    for fired in decision.rules:
        rule = ADULT.rule(fired.id).rule
        assert rule.stop or flat(rule.because[language]) not in text
    assert not any(note._say.action(id_) in text for id_ in decision.actions)


# -- decision ---------------------------------------------------------------------------------


def test_only_the_rules_that_decide_are_given_as_reasons() -> None:
    visit = adult({**{f"phq9.{n}": 2 for n in range(1, 9)}, "history.weeks": 30})
    fired = {rule.id for rule in visit.decide().rules}
    assert {"A2", "A4"} <= fired
    outcome = section(note_of(visit).text(), "Suggestion and decision")
    assert "A4: " in outcome
    assert "A2: " not in outcome


def test_a_step_that_only_a_safety_stop_asks_for_says_so() -> None:
    visit = adult({"flag.mania": "yes"})
    record(visit, "S3")
    outcome = section(note_of(visit).text(), "Suggestion and decision")
    assert "The safety stop asks for this step: S3" in outcome
    assert "No rule asks for more" not in outcome


def test_an_override_tells_its_reason_and_offers_nothing_of_the_other_step() -> None:
    visit = adult(MODERATE)
    row = confirmed(visit, 2, "clinical_judgement_up", "the mood sinks fast")
    note = flat(note_of(visit, row=row).text())
    assert "Suggested step 1: " in note
    assert "Confirmed step 2: " in note
    assert "Clinical judgement: the need is greater than it looks. the mood sinks fast" in note
    assert "Suitable forms of care" not in note
    assert "Suitable forms of care" in note_of(visit).text()
    assert "DRAFT" not in note


def test_what_is_missing_before_a_step_is_named() -> None:
    visit = adult(MODERATE)
    del visit.given["gad7.3"]
    outcome = section(note_of(visit).text(), "Suggestion and decision")
    assert "Not enough answers for a step" in outcome
    assert "Needed before a step can be confirmed: GAD-7 item 3" in outcome


# -- measures and change ----------------------------------------------------------------------


def test_a_first_assessment_tells_totals_with_bands_and_marks_working_translations() -> None:
    measures = section(note_of(adult(MODERATE), "fi").text(), "Mittarit")
    assert "PHQ-9-pisteet 10 (keskivaikea)*" in measures
    assert "* työkäännös, ei validoitu" in measures
    assert "→" not in measures
    assert "*" not in section(note_of(adult(MODERATE), "en").text(), "Measures")


BEGUN: tuple[Event, ...] = (
    Opened(day=day(0), referrer="school"),
    measured(0, 1, 17, 11),
    PeriodStarted(day=day(1), period="p1", intervention="help", step=1),
    Contact(day=day(8), period="p1"),
    Contact(day=day(15), period="p1"),
)


def test_a_follow_up_tells_each_change_in_words() -> None:
    episode = lived(*BEGUN, Measured(day=day(40), assessment="a40", step=1))
    visit = followed({**{f"phq9.{n}": 1 for n in range(1, 7)}, "gad7.1": 3, "gad7.2": 3})
    visit.given |= {"gad7.3": 3, "gad7.4": 3}
    measures = section(note_of(visit, episode=episode).text(), "Measures")
    assert "PHQ-9 total 17 → 6 (mild): scores recovered" in measures
    assert "GAD-7 total 11 → 12 (moderate): no reliable change" in measures
    assert "Altogether: reliable improvement" in measures
    assert "the limits are those of adults" not in measures


def test_a_first_total_that_was_told_elsewhere_is_marked_so() -> None:
    first = measured(0, 1, 17, 11).model_copy(update={"told": {"phq9.total": day(-11)}})
    visit = followed({f"phq9.{n}": 1 for n in range(1, 7)})
    measures = section(note_of(visit, episode=lived(Opened(day=day(0)), first)).text(), "Measures")
    assert "PHQ-9 total 17 (told elsewhere, 2026-02-19) → 6 (mild)" in measures
    assert "GAD-7 total 11 → 0" in measures


def test_whoever_may_be_a_minor_is_measured_by_the_limits_of_adults_and_the_note_says_so() -> None:
    note = note_of(followed({}), episode=lived(*BEGUN))
    assert note.summary is not None
    young = dataclasses.replace(note.summary, names=dataclasses.replace(KNOWN, birth_year=2010))
    text = dataclasses.replace(note, summary=young).text()
    assert "limits are those of adults" in section(text, "Measures")


def test_a_first_total_that_lacks_is_said_and_not_guessed() -> None:
    episode = lived(Opened(day=day(0)), measured(0, 1, None, 11))
    measures = section(note_of(followed({}), episode=episode).text(), "Measures")
    assert "PHQ-9 total 0 (minimal): the first measurement lacks answers" in measures
    assert "GAD-7 total 11 → 0 (minimal): scores recovered" in measures
    assert "change not known" in measures
    alone = section(note_of(followed({})).text(), "Measures")
    assert "there is no first measurement" in alone.casefold()


# -- plan, voice, follow-up -------------------------------------------------------------------


def test_a_procedure_is_told_with_its_code() -> None:
    visit = adult(MODERATE)
    given = AlcoholUse(day=day(1), mini_intervention=True)
    row, coded = confirmed(visit, 1), dataclasses.replace(KNOWN, codes={"help": "IHZ19"})
    note = note_of(visit, row=row, episode=lived(*BEGUN, given))
    assert note.summary is not None
    note = dataclasses.replace(note, summary=dataclasses.replace(note.summary, names=coded))
    plan = section(note.text(), "Plan")
    assert "Guided self-help (IHZ19) · since 2026-03-03" in plan
    assert "mini-intervention given (IHA21)" in plan
    assert "needs the points of AUDIT or AUDIT-C" in plan
    told = note_of(visit, row=row, episode=lived(*BEGUN, given.model_copy(update={"audit": 17})))
    assert "needs the points" not in section(told.text(), "Plan")


def test_a_treatment_that_goes_on_takes_the_place_of_what_could_be_offered() -> None:
    visit = adult(MODERATE)
    note = note_of(visit, row=confirmed(visit, 1), episode=lived(*BEGUN)).text()
    plan = section(note, "Plan")
    no_code = "code to be filled by the county"
    assert f"Guided self-help ({no_code}) · since 2026-03-03 · 2 contacts: 2026-03-" in plan
    assert "Suitable forms of care" not in plan
    assert "referred by: school or student health care" in section(note, "Reason and contact")


def test_why_the_client_came_is_told_as_it_was_told_last_unless_the_interview_says_why() -> None:
    visit = adult(MODERATE)
    told = lived(*BEGUN, Reason(day=day(2), reason="mood"), Reason(day=day(3), reason="anxiety"))
    came = section(note_of(visit, episode=told).text(), "Reason and contact")
    assert came.startswith("reason for contact: anxiety or constant worry; referred by: ")
    untold = section(note_of(visit, episode=lived(*BEGUN)).text(), "Reason and contact")
    assert "reason for contact" not in untold
    later = section(note_of(followed({}), episode=told).text(), "Reason and contact")
    assert later.startswith("a contact during the treatment; referred by: ")


def test_the_plan_tells_tracks_and_the_group_of_many_needs() -> None:
    track = TrackEvent(day=day(3), track="doctor", what="referred")
    told = lived(*BEGUN, track, Segment(day=day(3), group=4))
    plan = section(note_of(adult(MODERATE), episode=told).text(), "Plan")
    assert "Doctor: " in plan
    assert "(2026-03-05)" in plan
    assert "Client group 4, need of several professions" in plan
    few = lived(*BEGUN, Segment(day=day(3), group=2))
    assert "Client group 2" in section(note_of(adult(MODERATE), episode=few).text(), "Plan")
    assert "lient group" not in section(
        note_of(adult(MODERATE), episode=lived(*BEGUN)).text(), "Plan"
    )


def test_the_client_is_heard_in_own_words() -> None:
    told = lived(
        *BEGUN,
        Voice(day=day(1), about="goal", words="to sleep"),
        Voice(day=day(9), about="goal", words="to work again"),
        Voice(day=day(1), about="helped_before", words="long walks"),
        PeriodEnded(
            day=day(20), period="p1", why="completed", satisfaction=9, in_own_words="it was quick"
        ),
        Experience(day=day(20), missing="evening hours"),
    )
    visit = adult({**MODERATE, "wish.formats": ("talk",)})
    voice = section(note_of(visit, episode=told).text(), "Client's own view")
    assert "wished form of help: talking with a professional" in voice
    assert "Goal 2026-03-03: to sleep Goal 2026-03-11: to work again" in voice
    assert "What has helped before 2026-03-03: long walks" in voice
    assert "Satisfaction 9/10" in voice
    assert "it was quick" in voice
    assert "What was missing: evening hours" in voice
    assert "What helped:" not in voice


def test_the_follow_up_tells_next_contact_measuring_and_the_legal_time() -> None:
    plan = Measuring(every=2, after_months=(3, 6))
    began = PeriodStarted(day=day(9), period="p2", intervention="brief", measuring=plan)
    told = lived(*BEGUN, NeedEstablished(day=day(0)), began, NextContact(day=day(15), due=day(30)))
    follow_up = section(note_of(adult(MODERATE), episode=told).text(), "Follow-up")
    assert "next contact agreed for Wed 2026-04-01" in follow_up
    assert "after every 2 contacts" in follow_up
    assert "3, 6 months after the end" in follow_up
    single = began.model_copy(update={"measuring": Measuring(after_months=(1,))})
    follow_up = section(note_of(adult(MODERATE), episode=lived(*BEGUN, single)).text(), "Follow-up")
    assert "nd 1 month after the end" in follow_up
    waiting = lived(Opened(day=day(0)), measured(0, 1, 17, 11), NeedEstablished(day=day(0)))
    follow_up = section(note_of(adult(MODERATE), episode=waiting).text(), "Follow-up")
    assert "! no next contact is agreed" in follow_up
    assert "Therapy guarantee: by 2026-03-30" in follow_up


def test_agreement_belongs_to_the_step_that_it_was_given_to() -> None:
    visit = adult(MODERATE)
    row = confirmed(visit, 1)
    with_it = lived(*BEGUN, Agreement(day=day(0), rating=7))
    assert "agrees with the step 7/10" in note_of(visit, row=row, episode=with_it).text()
    later = followed({})
    before = (entry.event for entry in with_it.entries)
    again = lived(*before, Measured(day=day(40), assessment="a40", step=1))
    assert (
        "agrees with the step" not in note_of(later, row=confirmed(later, 0), episode=again).text()
    )


def test_the_note_of_an_earlier_assessment_tells_nothing_of_what_came_after_the_next() -> None:
    late = Voice(day=day(50), about="goal", words="something new")
    whole = lived(*BEGUN, measured(40, 2, 9, 9), late)
    assert replay_until_next(whole, "a0").voices == ()
    assert len(replay_until_next(whole, "a0").periods[0].contacts) == 2
    assert replay_until_next(whole, "a40") == whole
    assert replay_until_next(whole, "a draft") == whole
    note = note_of(adult(MODERATE), episode=replay_until_next(whole, "a0"), past=True).text()
    assert "no next contact is agreed" not in note


# -- the whole --------------------------------------------------------------------------------


def test_sections_come_in_the_order_of_a_nurses_entry() -> None:
    text = note_of(adult({**MODERATE, "wish.formats": ("talk",)}), episode=lived(*BEGUN)).text()
    order = (
        "Assessment of care needs 2026-03-02",
        "Reason and contact: ",
        "Present state: ",
        "Measures: ",
        "Risk: ",
        "Suggestion and decision: ",
        "Plan: ",
        "Client's own view: ",
        "Follow-up: ",
        "Porras supports",
        "Pathway: ",
    )
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert ADULT.digest[:12] in text
    assert "TREE-NAAM" in text


def test_the_store_and_the_screen_tell_the_same_note(stage: Stage) -> None:
    from casework.workspace import Workspace

    with stage.store() as store:
        workspace = Workspace(stage.clock, opened=store)
        visit = stage.visit(store)
        visit.record_answers(stage.whole({**MODERATE, "phq9.9": 1}))
        assert "OPEN" in compose_note(workspace, visit)
        for step in list_safety_steps(visit.pathway, visit.answers, "S2"):
            visit.record_safety_step(step)
        visit.confirm(visit.decide(), 2)
        text = compose_note(workspace, visit)
        assert "Confirmed step 2" in text
        assert "! no next contact is agreed" in text
        assert flat(DISCLAIMER) in flat(text)
        assert compose_note(workspace, visit, "fi").startswith("Hoidon tarpeen arviointi")
        assert (
            compose_note(workspace, visit, "et") == text
        )  # a language that the pathway does not have


def test_a_form_that_nobody_was_asked_has_no_total() -> None:
    drinks: dict[str, Answer] = {"auditc.1": 4, "auditc.2": 3, "auditc.3": 3}
    rest: dict[str, Answer] = {f"audit.{item}": 0 for item in range(4, 11)}
    assert "AUDIT total 10" in flat(note_of(adult({**drinks, **rest})).text())
    calm_note = flat(note_of(adult({})).text())
    assert "AUDIT-C total 0" in calm_note
    assert "PC-PTSD-5 total 0" in calm_note
    assert "AUDIT total" not in calm_note
