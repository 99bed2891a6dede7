"""The adult pathway said a second time, by hand; see `contract`.

Written from the rule table of the contract alone. Where the table can be read in two ways a comment
says how it is read here: the safer way.
"""

from __future__ import annotations

from tests.stepping.contracts.contract import (
    PHQ9_AND_GAD7,
    SCORE_4,
    YES_NO,
    AskedOfSuicide,
    Contract,
    Given,
    Values,
)


def _yes_no(*names: str, worse: str = "yes") -> dict[str, tuple[Values, str]]:
    return dict.fromkeys(names, (YES_NO, worse))


DANGERS = tuple(
    f"danger.{danger}"
    for danger in ("suicide", "violence", "child", "confusion", "intoxicated", "body")
)
FLAGS = (
    *(f"flag.{flag}" for flag in ("psychosis", "mania", "eating", "perinatal", "memory")),
    *(f"flag.{flag}" for flag in ("somatic", "withdrawal", "violence", "child")),
    "history.mania",
)
LATER_AUDIT = tuple(f"audit.{item}" for item in range(4, 11))
PROBLEMS = (
    *("mood", "anxiety", "panic", "social", "obsessions", "health_anxiety", "sleep"),
    *("trauma", "grief", "relations", "burnout", "alcohol_drugs", "eating", "other"),
)
TREATMENTS = (
    *("antidepressant", "sedative", "antipsychotic", "mood_stabiliser"),
    *("psychotherapy", "psychiatric_care"),
)

QUESTIONS: dict[str, tuple[Values, str]] = {
    **_yes_no(*DANGERS),
    "problem.main": (PROBLEMS, "none"),
    **{f"phq9.{item}": (SCORE_4, "up") for item in (*range(1, 10), "difficulty")},
    **{f"gad7.{item}": (SCORE_4, "up") for item in range(1, 8)},
    **_yes_no("suicide.thoughts", "nurse.worried"),
    "history.attempt": ((0, 3), "up"),
    **{f"asq.{item}": (("no", "refused", "yes"), "yes") for item in range(1, 5)},
    **_yes_no("asq.5"),
    **{f"auditc.{item}": ((0, 4), "up") for item in (1, 2, 3)},
    **dict.fromkeys(LATER_AUDIT, ((0, 4), "up")),
    "audit.9": (range(0, 5, 2), "up"),
    "audit.10": (range(0, 5, 2), "up"),
    "drugs": (SCORE_4, "up"),
    **_yes_no(*FLAGS, "eating.alarm"),
    "epds.total": ((0, 30), "up"),
    "epds.10": (SCORE_4, "up"),
    **{f"pcptsd5.{item}": (YES_NO, "yes") for item in ("gate", 1, 2, 3, 4, 5)},
    "function.daily": ((0, 4), "up"),
    "work.ability": ((0, 10), "down"),
    "work.sick_leave_days": ((0, 365), "up"),
    "work.status": (
        ("working", "studying", "unemployed", "unemployed_limited", "retired", "other"),
        "none",
    ),
    "treatment.now": (TREATMENTS, "none"),
    "treatment.trials": ((0, 10), "up"),
    "history.weeks": ((0, 1040), "up"),
    "history.episodes": ((0, 20), "up"),
    "history.failed_step": (SCORE_4, "up"),
    **_yes_no("history.gsh_unfit", "history.specialised"),
    "services.count": ((0, 20), "up"),
    "segment": ((1, 4), "up"),
    "wish.formats": (
        ("self_guided", "net", "talk", "group", "medication", "long_psychotherapy"),
        "none",
    ),
    "need.language": ((), "none"),
    **_yes_no("need.no_net", "need.reading", worse="none"),
}
"""Each question: its words, or its lowest and highest number, and the direction that is worse."""

TOTALS = {"phq9.total": 27, "gad7.total": 21, "auditc.total": 12, "audit.total": 40}
TOTALS |= {"pcptsd5.total": 5}
"""The highest value of each total; the lowest is 0."""

STOPS = {
    "S1": "emergency",
    "S1b": "emergency",
    "S1e": "emergency",
    "S1p": "emergency",
    "S2": "same_day",
    "S3": "same_day",
    "S4": "same_day",
    "S5": "same_day",
    "S6": "week",
}
FLOOR_ONCE_RECORDED = {"S1": 4, "S1p": 4, "S2": 2, "S3": 4, "S5": 3, "S6": 3}
FLOORS = {
    "A0b": 1,
    "A1b": 1,
    "A2": 1,
    "A3": 2,
    "A4": 2,
    "A5": 3,
    "A6a": 3,
    "A6b": 4,
    "A7": 2,
    "A7b": 3,
    "A7c": 4,
    "A9": 2,
    "A11f": 1,
    "A11g": 2,
    "A12": 3,
    "A13": 2,
    "A21": 2,
    "A23b": 3,
    "A25": 1,
    "A26": 1,
}
ACTIONS = {
    "A1a": {"contact_2_4_weeks"},
    "A4d": {"doctor_consult"},
    "A6d": {"doctor_7_days"},
    "A9i": {"trauma_assessment"},
    "A10": {"full_audit"},
    "A11": {"substance_service"},
    "A11b": {"substance_service_leads", "doctor_consult"},
    "A12c": {"specialist_consult"},
    "A13d": {"doctor_exam_7_days"},
    "A14": set[str](),
    "A15": {"work_ability_support"},
    "A16": {"multi_service_path"},
    "A17": {"doctor_first"},
    "A18": {"kela_terms"},
    "A21d": {"doctor_consult"},
    "A23": {"doctor_consult"},
    "A23c": {"specialist_consult"},
    "A24": {"doctor_consult"},
    "A25m": {"maternity_clinic_7_days"},
    "A26s": {"safety_plan"},
    "A27": {"current_unit_first"},
    "G1": {"therapy_guarantee"},
}
"""The table names what is done, not by which id; the ids of actions, and A27, are the program's."""

GUARANTEED = (1, 2, 3)
"""The steps that the therapy guarantee covers: G1 shows where one of them is suggested.

While a stop is open, or answers are lacking, no step is suggested and G1 does not show.
"""


class Client(AskedOfSuicide):
    """The answers read the way the contract reads them."""

    def __init__(self, answers: Given) -> None:
        self.perinatal = answers.get("flag.perinatal") == "yes"
        super().__init__(answers)
        age = self.number("client.age")
        at_least = 4 if age >= 65 else 6 if self.says("client.sex", "m") else 5
        self.drinks = self.audit_c() >= at_least
        # Items 4–10 are asked, and count, where AUDIT-C is positive; else the total is AUDIT-C's.
        later = sum(self.number(name) for name in LATER_AUDIT) if self.drinks else 0
        self.audit = self.audit_c() + later
        self.domains = [
            self.phq9 >= 10,
            self.gad7 >= 10,
            self.trauma,
            self.drinks or self.drugs >= 2,
            self.eating,
        ].count(True)
        self.function = self.number("function.daily")
        self.attempt = self.number("history.attempt")
        ill = self.phq9 >= 5 or self.gad7 >= 5
        self.trials = self.number("treatment.trials") if ill else 0
        self.edinburgh = self.number("epds.total") if self.perinatal else 0
        """The score of EPDS (Edinburgh), as the maternity clinic told it."""

    def worrying(self) -> bool:
        return self.number("history.attempt") >= 2 or self.harm_in_edinburgh()

    def harm_in_edinburgh(self) -> bool:
        return self.perinatal and self.number("epds.10") >= 1


def asked(answers: Given) -> set[str]:
    """Return the questions that are asked of a client with these answers."""
    client = Client(answers)
    hidden_unless = {
        ("phq9.difficulty",): client.phq9 + client.gad7 > 0,
        ("suicide.thoughts",): client.item_9 == 0,
        ("asq.1", "asq.2", "asq.3", "asq.4"): client.asq_asked,
        ("asq.5",): client.asq_any,
        ("auditc.2", "auditc.3"): client.number("auditc.1") > 0,
        LATER_AUDIT: client.drinks,
        ("eating.alarm",): client.eating,
        tuple(f"pcptsd5.{item}" for item in range(1, 6)): client.yes("pcptsd5.gate"),
        ("treatment.trials",): client.phq9 >= 5 or client.gad7 >= 5,
        ("epds.total", "epds.10"): client.perinatal,
    }
    hidden = {name for names, shown in hidden_unless.items() if not shown for name in names}
    return QUESTIONS.keys() - hidden


def required(answers: Given) -> set[str]:
    """Return the questions that are needed before a step, as far as they apply.

    "The suicide question that applies" is the direct one or ASQ. Whether the nurse worries and the
    alarm limits of an eating disorder are not on the list; EPDS may be left out.
    """
    client = Client(answers)
    wanted = {*DANGERS, *FLAGS, *PHQ9_AND_GAD7, "auditc.1", "history.attempt", "function.daily"}
    if client.number("auditc.1") >= 1:
        wanted |= {"auditc.2", "auditc.3"}
    return wanted | client.required_of_suicide()


def _rules(answers: Given) -> dict[str, bool]:
    c = Client(answers)
    number, yes, says = c.number, c.yes, c.says
    weeks, ability = number("history.weeks"), number("work.ability", nothing=10)
    episodes, difficulty = number("history.episodes"), c.difficulty
    mood, worry = c.phq9, c.gad7
    case = mood >= 10 or worry >= 10
    still_ill = mood >= 10 or worry >= 8
    mild = mood >= 5 or worry >= 5
    severe = mood >= 16 or worry >= 15
    # "As A25": the maternity clinic is told on the same grounds.
    unwell_with_child = c.perinatal and (case or c.edinburgh >= 13)
    stops = {
        "S1": yes("danger.suicide") or c.acute,
        "S1b": yes(*DANGERS[1:]),
        "S1e": c.eating and yes("eating.alarm"),
        "S1p": c.perinatal and yes("flag.psychosis", "flag.mania"),
        "S2": c.item_9 >= 1
        or c.thoughts
        or c.asq_any
        or yes("nurse.worried")
        or c.attempt >= 2
        or c.harm_in_edinburgh(),
        "S3": yes("flag.psychosis", "flag.mania"),
        "S4": yes("flag.violence", "flag.child", "flag.withdrawal") or (c.perinatal and mood >= 20),
        "S5": c.function >= 4,
        "S6": yes("history.mania") and mood >= 5,
    }
    floors = {
        "A0b": difficulty >= 2,
        "A1b": mild and weeks >= 4,
        "A2": case,
        "A3": case
        and (
            difficulty >= 2
            or (mood >= 10 and worry >= 10)
            or weeks >= 26
            or yes("history.gsh_unfit")
        ),
        "A4": severe,
        "A5": severe and (episodes >= 2 or c.failed >= 2 or difficulty >= 3),
        "A6a": mood >= 20,
        "A6b": mood >= 20
        and (difficulty >= 3 or ability <= 2 or c.item_9 >= 1 or yes("history.specialised")),
        "A7": c.failed >= 1 and still_ill,
        "A7b": c.failed >= 2 and still_ill,
        "A7c": c.failed >= 3 and still_ill,
        "A9": c.trauma,
        "A11f": c.audit >= 16 or c.drugs >= 2,
        "A11g": c.audit >= 20 or c.drugs >= 3,
        "A12": c.domains >= 3,
        "A13": c.eating,
        "A21": c.function >= 3,
        "A23b": c.trials >= 2 and still_ill,
        "A25": unwell_with_child,
        "A26": c.attempt >= 1,
    }
    beside = {
        "A1a": mild,
        "A4d": severe,
        "A6d": mood >= 20,
        "A9i": c.trauma,
        "A10": c.drinks,
        "A11": c.audit >= 16 or c.drugs >= 2,
        "A11b": c.audit >= 20 or c.drugs >= 3,
        "A12c": c.domains >= 3,
        "A13d": c.eating,
        "A14": number("phq9.3") >= 2 and mood < 10,
        "A15": ability <= 5
        or number("work.sick_leave_days") > 30
        or says("work.status", "unemployed_limited"),
        "A16": number("services.count") >= 3 or number("segment") >= 4,
        "A17": yes("flag.memory", "flag.somatic"),
        "A18": says("wish.formats", "long_psychotherapy"),
        "A21d": c.function >= 3,
        "A23": c.trials >= 1 and still_ill,
        "A23c": c.trials >= 2 and still_ill,
        "A24": episodes >= 2 and mood >= 10,
        "A25m": unwell_with_child,
        "A26s": c.attempt >= 1,
        "A27": says("treatment.now", "psychiatric_care"),
        # Nobody's clock starts by an age that is not known; then the age is asked for.
        "G1": 0 < number("client.age") <= 23,
    }
    return stops | floors | beside


CONTRACT = Contract(
    questions=QUESTIONS,
    stops=STOPS,
    step_once_recorded=FLOOR_ONCE_RECORDED,
    steps=FLOORS,
    actions=ACTIONS,
    rules=_rules,
    required=required,
    provisional={"A17"},
    only_on={"G1": GUARANTEED},
)
outcome = CONTRACT.outcome
