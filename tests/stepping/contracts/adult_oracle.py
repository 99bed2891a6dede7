"""The adult pathway said a second time, by hand; see `contract`."""

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

QUESTIONS: dict[str, tuple[Values, str]] = {
    **{
        f"danger.{name}": (YES_NO, "yes")
        for name in ("suicide", "violence", "child", "confusion", "intoxicated")
    },
    **{f"phq9.{item}": (SCORE_4, "up") for item in (*range(1, 10), "difficulty")},
    **{f"gad7.{item}": (SCORE_4, "up") for item in range(1, 8)},
    "suicide.thoughts": (YES_NO, "yes"),
    "nurse.worried": (YES_NO, "yes"),
    **{f"asq.{item}": (("no", "refused", "yes"), "yes") for item in range(1, 5)},
    "asq.5": (YES_NO, "yes"),
    **{f"auditc.{item}": ((0, 4), "up") for item in (1, 2, 3)},
    "audit.total": ((0, 40), "up"),
    "drugs": (SCORE_4, "up"),
    **{
        f"flag.{name}": (YES_NO, "yes")
        for name in (
            "psychosis",
            "mania",
            "eating",
            "perinatal",
            "memory",
            "somatic",
            "withdrawal",
            "violence",
            "child",
        )
    },
    "eating.alarm": (YES_NO, "yes"),
    **{f"pcptsd5.{item}": (YES_NO, "yes") for item in ("gate", 1, 2, 3, 4, 5)},
    "work.ability": ((0, 10), "down"),
    "work.sick_leave_days": ((0, 365), "up"),
    "work.status": (
        ("working", "studying", "unemployed", "unemployed_limited", "retired", "other"),
        "none",
    ),
    "history.weeks": ((0, 1040), "up"),
    "history.episodes": ((0, 20), "up"),
    "history.failed_step": ((0, 3), "up"),
    "history.gsh_unfit": (YES_NO, "yes"),
    "history.specialised": (YES_NO, "yes"),
    "services.count": ((0, 20), "up"),
    "segment": ((1, 4), "up"),
    "wish.formats": (
        ("self_guided", "net", "talk", "group", "medication", "long_psychotherapy"),
        "none",
    ),
    "need.language": ((), "none"),
    "need.no_net": (YES_NO, "none"),
    "need.reading": (YES_NO, "none"),
}
"""Each question: its words, or its lowest and highest number, and the direction that is worse."""

TOTALS = {"phq9.total": 27, "gad7.total": 21, "auditc.total": 12, "pcptsd5.total": 5}

STOPS = {
    "S1": "emergency",
    "S1b": "emergency",
    "S2": "same_day",
    "S3": "same_day",
    "S4": "same_day",
}
FLOOR_ONCE_RECORDED = {"S1": 4, "S2": 2, "S3": 4}
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
    "A12": 3,
    "A13": 2,
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
    "G1": {"therapy_guarantee"},
}


def required(answers: Given) -> set[str]:
    """Return the questions that are needed before a step, as far as they apply."""
    client = Client(answers)
    wanted = {name for name in QUESTIONS if name.startswith(("danger.", "flag."))}
    wanted |= PHQ9_AND_GAD7 | {"auditc.1"} | client.required_of_suicide()
    return wanted | ({"auditc.2", "auditc.3"} if client.number("auditc.1") >= 1 else set())


class Client(AskedOfSuicide):
    """The answers read the way the contract reads them."""

    def __init__(self, answers: Given) -> None:
        super().__init__(answers)
        self.alcohol = self._alcohol()
        self.audit = self.number("audit.total") if self.alcohol else 0
        self.weeks = self.number("history.weeks")
        self.domains = [
            self.phq9 >= 10,
            self.gad7 >= 10,
            self.trauma,
            self.alcohol or self.drugs >= 2,
            self.eating,
        ].count(True)

    def _alcohol(self) -> bool:
        if self.number("client.age") >= 65:
            return self.audit_c() >= 4
        return self.audit_c() >= (6 if self.says("client.sex", "m") else 5)


def _rules(answers: Given) -> dict[str, bool]:
    c = Client(answers)
    symptoms = c.phq9 >= 10 or c.gad7 >= 10
    severe = c.phq9 >= 16 or c.gad7 >= 15
    relapsing = c.phq9 >= 10 or c.gad7 >= 8
    ability = c.number("work.ability", 10)
    return {
        "S1": c.yes("danger.suicide") or c.acute,
        "S1b": c.yes("danger.violence", "danger.child", "danger.confusion", "danger.intoxicated"),
        "S2": c.item_9 >= 1 or c.thoughts or c.asq_any or c.yes("nurse.worried"),
        "S3": c.yes("flag.psychosis", "flag.mania"),
        "S4": c.yes("flag.violence", "flag.child", "flag.withdrawal")
        or (c.eating and c.yes("eating.alarm"))
        or (c.yes("flag.perinatal") and (c.phq9 >= 10 or c.item_9 >= 1)),
        "A0b": c.difficulty >= 2,
        "A1b": (c.phq9 >= 5 or c.gad7 >= 5) and c.weeks >= 4,
        "A2": symptoms,
        "A3": symptoms
        and (
            c.difficulty >= 2
            or (c.phq9 >= 10 and c.gad7 >= 10)
            or c.weeks >= 26
            or c.yes("history.gsh_unfit")
        ),
        "A4": severe,
        "A5": severe and (c.number("history.episodes") >= 2 or c.failed >= 2 or c.difficulty >= 3),
        "A6a": c.phq9 >= 20,
        "A6b": c.phq9 >= 20
        and (c.difficulty >= 3 or ability <= 2 or c.item_9 >= 1 or c.yes("history.specialised")),
        "A7": c.failed >= 1 and relapsing,
        "A7b": c.failed >= 2 and relapsing,
        "A7c": c.failed >= 3 and relapsing,
        "A9": c.trauma,
        "A12": c.domains >= 3,
        "A13": c.eating,
        "A1a": c.phq9 >= 5 or c.gad7 >= 5,
        "A4d": severe,
        "A6d": c.phq9 >= 20,
        "A9i": c.trauma,
        "A10": c.alcohol,
        "A11": c.audit >= 16 or c.drugs >= 2,
        "A11b": c.audit >= 20 or c.drugs >= 3,
        "A12c": c.domains >= 3,
        "A13d": c.eating,
        "A14": c.number("phq9.3") >= 2 and c.phq9 < 10,
        "A15": ability <= 5
        or c.number("work.sick_leave_days") > 30
        or c.says("work.status", "unemployed_limited"),
        "A16": c.number("services.count") >= 3 or c.number("segment", 1) >= 4,
        "A17": c.yes("flag.memory", "flag.somatic"),
        "A18": c.says("wish.formats", "long_psychotherapy"),
        "G1": "client.age" in answers and c.number("client.age") < 23,
    }


CONTRACT = Contract(
    questions=QUESTIONS,
    stops=STOPS,
    step_once_recorded=FLOOR_ONCE_RECORDED,
    steps=FLOORS,
    actions=ACTIONS,
    rules=_rules,
    required=required,
    provisional={"A17"},
)
outcome = CONTRACT.outcome
