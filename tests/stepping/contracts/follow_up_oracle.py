"""The follow-up pathway said a second time, by hand; see `contract`."""

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

DANGERS = ("suicide", "violence", "child", "confusion", "intoxicated", "body")
FLAGS = (
    *("psychosis", "mania", "withdrawal", "eating"),
    *("violence", "child", "substances", "perinatal"),
)
AFTER = ("end", "months_3", "months_6")
"""The end of a treatment, and the measurements after it."""
QUESTIONS: dict[str, tuple[Values, str]] = {
    **{f"danger.{name}": (YES_NO, "yes") for name in DANGERS},
    **{f"phq9.{item}": (SCORE_4, "up") for item in (*range(1, 10), "difficulty")},
    "suicide.thoughts": (YES_NO, "yes"),
    "nurse.worried": (YES_NO, "yes"),
    **{f"asq.{item}": (("no", "refused", "yes"), "yes") for item in range(1, 5)},
    "asq.5": (YES_NO, "yes"),
    **{f"gad7.{item}": (SCORE_4, "up") for item in range(1, 8)},
    **{f"flag.{name}": (YES_NO, "yes") for name in FLAGS},
    "eating.alarm": (YES_NO, "yes"),
    "work.ability": ((0, 10), "down"),
    "occasion": (("contact", "second_contact", *AFTER), "none"),
    "target.better": ((0, 2), "down"),
    "treatment.felt": ((0, 2), "up"),
    "wish.stop": (YES_NO, "none"),
    "ors.total": ((0, 40), "down"),
    "srs.total": ((0, 40), "down"),
}
"""Each question: its words, or its lowest and highest number, and the direction that is worse."""

EPISODE = {
    "care.step": (0, 4),
    "care.contacts": (0, 60),
    "before.phq9": (0, 27),
    "before.gad7": (0, 21),
    "since.phq9": (0, 27),
    "since.gad7": (0, 21),
}
"""What the program fills in from the episode, with its range."""

KNOWN = "before.known"
"""Whether the episode tells all earlier scores; where it does not, care goes on as it is."""

STOPS = {
    **dict.fromkeys(("S1", "S1b", "S1e", "S1ey", "S1p"), "emergency"),
    **dict.fromkeys(("S1y", "S2", "S3", "S4"), "same_day"),
}
FLOOR_ONCE_RECORDED = {"S1": 4, "S1ey": 4, "S1p": 4, "S1y": 4, "S2": 2, "S3": 4}
FLOORS = {
    **{"F1": 1, "F1b": 1, "F2": 2, "F3": 3, "F4": 4, "F5": 2, "F6": 1},
    **{"K0": 0, "K1": 1, "K2": 2, "K3": 3, "K4": 4},
    **{"N1": 1, "N2": 2, "N3": 3},
    **{"A7a": 2, "A7b": 3, "A7c": 4},
    **{"A9a": 2, "A9b": 3, "A9c": 3},
    **{"A8a": 1, "A8b": 2, "A8c": 3, "A8d": 4},
}
OR_ABOVE = {"K0", "A7a", "A7b", "A8a", "A8b", "A8c", "A9a", "A9b", "A9c"}
ACTIONS = {
    "B1": {"safety_again"},
    "B2": {"doctor_7_days"},
    "B3": {"doctor_consult"},
    "B4": {"review_treatment"},
    "B5": {"go_on"},
    "B6": {"plan_after_end"},
    "C1": {"finish_treatment"},
    "C2": {"close_or_step_down", "relapse_plan"},
    "C3": {"clinic_decides", "relapse_plan"},
    "C4": {"follow_up_3_months", "follow_up_6_months"},
    "C5": {"last_follow_up"},
    "C6": {"close_episode"},
    "D1": {"talk_about_help"},
    "D2": {"wish_to_stop"},
    "D3": {"agree_on_aim"},
    "D4": {"talk_about_alliance"},
    "D5": {"work_ability_support"},
    "D6": {"talk_about_help"},
    "E1": {"doctor_exam_7_days"},
    "E2": {"substance_check"},
    "E3": {"maternity_clinic_7_days"},
}
RELIABLE = {"phq9": 6, "gad7": 4}
CASE = {"phq9": 10, "gad7": 8}
CONTACTS = {1: 3, 2: 6, 3: 10, 4: 10}
"""How many contacts of a step make a treatment that can be judged; a local proposal."""


def required(answers: Given) -> set[str]:
    """Return the questions that are needed before a step, as far as they apply."""
    wanted = {name for name in QUESTIONS if name.startswith(("danger.", "flag."))}
    wanted |= PHQ9_AND_GAD7 | {"nurse.worried", "occasion"}
    wanted |= {"target.better"} if answers.get("occasion") in AFTER else set()
    return wanted | _Client(answers).required_of_suicide()


class _Client(AskedOfSuicide):
    """The answers read the way the contract reads them."""

    def __init__(self, answers: Given) -> None:
        super().__init__(answers)
        self.young = self.number("client.age", 13) <= 18
        self.case = self.phq9 >= CASE["phq9"] or self.gad7 >= CASE["gad7"]
        self.acute = self.yes("danger.suicide") or self.acute
        self.tried = self.asq_asked and self.yes("asq.4")
        self.low = self.item_9 >= 1 or self.thoughts or self.asq_any or self.yes("nurse.worried")
        self.ability = self.number("work.ability", 10)
        self.step = self.number("care.step", -1)
        self.contacts = self.number("care.contacts", -1)
        self.judged = self.step in CONTACTS and self.contacts >= CONTACTS[self.step]
        self.after = self.occasion(*AFTER)
        self.eased = self.after and self.number("target.better") == 2
        self.little_eased = self.after and self.number("target.better", 2) < 2
        self.not_eased = self.little_eased or self.occasion("contact", "second_contact")
        self.alarm = self.eating and self.yes("eating.alarm")
        self.perinatal = self.yes("flag.perinatal")

    def flags(self, *names: str) -> bool:
        return self.yes(*(f"flag.{name}" for name in names))

    def perinatal_today(self) -> bool:
        """Severe depression around a birth; of the young any that is at least moderate."""
        young = self.young and (self.phq9 >= 10 or self.item_9 >= 1)
        return self.perinatal and (self.phq9 >= 20 or young)

    def occasion(self, *names: str) -> bool:
        return self._answers.get("occasion") in names

    def falls(self, since: str) -> dict[str, int]:
        """By how many points each score is below an earlier one, where that is known."""
        now = {"phq9": self.phq9, "gad7": self.gad7}
        earlier = {name: self._answers.get(f"{since}.{name}") for name in now}
        return {name: then - now[name] for name, then in earlier.items() if isinstance(then, int)}


def _rules(answers: Given) -> dict[str, bool]:
    c = _Client(answers)
    start, step = c.falls("before"), c.falls("since")
    better = any(fall >= RELIABLE[name] for name, fall in start.items())
    above = any(-fall >= RELIABLE[name] for name, fall in start.items())
    worse = any(-fall >= RELIABLE[name] for name, fall in step.items())
    was_case = any(
        fall + {"phq9": c.phq9, "gad7": c.gad7}[name] >= CASE[name] for name, fall in start.items()
    )
    whole = len(start) == len(RELIABLE)
    known = answers.get("before.known") == "yes"
    not_better = whole and not better
    not_worse = len(step) == len(RELIABLE) and not worse
    not_risen = whole and not_worse and not above
    ill = c.case or c.low or c.acute or above or worse
    helped = (was_case and better) or (whole and not was_case and c.eased)
    recovered = helped and not_risen and not ill
    unrecovered = ill or (whole and (not better if was_case else c.not_eased))
    closing = recovered and known and not c.flags(*(name for name in FLAGS if name != "perinatal"))
    ended_ill = c.after and c.judged and c.case
    in_care = c.step >= 1
    early = c.step >= 0 and c.contacts >= 0 and not c.judged
    severe = c.phq9 >= 16 or c.gad7 >= 15
    unhelped = c.judged and c.case and not_better
    ors = c.number("ors.total", 40)
    return {
        "S1": c.acute,
        "S1b": c.yes(*(f"danger.{name}" for name in DANGERS if name != "suicide")),
        "S1e": c.alarm and not c.young,
        "S1ey": c.alarm and c.young,
        "S1p": c.perinatal and c.flags("psychosis", "mania"),
        "S1y": c.tried and c.young,
        "S2": c.low,
        "S3": c.flags("psychosis", "mania"),
        "S4": c.flags("violence", "child", "withdrawal") or c.perinatal_today(),
        "F1": c.case,
        "F1b": c.difficulty >= 2,
        "F2": severe or (c.young and (c.phq9 >= 11 or c.gad7 >= 10)),
        "F3": c.phq9 >= 20 or (c.young and severe),
        "F4": c.phq9 >= 20 and (c.difficulty >= 3 or c.ability <= 2 or c.item_9 >= 1 or c.young),
        "F5": c.eating,
        "F6": c.flags("substances"),
        "K0": in_care,
        "K1": in_care and unrecovered and (c.phq9 >= 5 or c.gad7 >= 5),
        "K2": c.step >= 2 and unrecovered,
        "K3": c.step >= 3 and unrecovered,
        "K4": c.step >= 4,
        "N1": c.step >= 1 and not known,
        "N2": c.step >= 2 and not known,
        "N3": c.step >= 3 and not known,
        "A7a": c.step == 1 and unhelped,
        "A7b": c.step == 2 and unhelped,
        "A7c": c.step == 3 and unhelped,
        "A8a": worse,
        "A8b": worse and c.step >= 1,
        "A8c": worse and c.step >= 2,
        "A8d": worse and c.step >= 3,
        "A9a": c.step == 1 and ended_ill,
        "A9b": c.step == 2 and ended_ill,
        "A9c": c.step == 3 and ended_ill,
        "B1": worse,
        "B2": c.phq9 >= 20 or (worse and c.phq9 >= 16),
        "B3": severe,
        "B4": unhelped,
        "B5": in_care and c.contacts >= 0 and not c.judged and not_better and not_worse,
        "B6": ended_ill,
        "C1": in_care and better and not_risen and unrecovered and (not c.after or early),
        "C2": closing and 0 <= c.step <= 3,
        "C3": recovered and c.step >= 4,
        "C4": c.occasion("end") or (recovered and c.occasion("contact", "second_contact")),
        "C5": c.occasion("months_3"),
        "C6": closing and c.occasion("months_6"),
        "D1": c.number("treatment.felt") >= 1,
        "D2": c.yes("wish.stop"),
        "D3": ors <= 25 or (c.young and ors <= 28),
        "D4": c.number("srs.total", 40) <= 36,
        "D5": c.ability <= 5,
        "D6": c.little_eased,
        "E1": c.eating,
        "E2": c.flags("substances"),
        "E3": c.perinatal and (c.phq9 >= 10 or c.gad7 >= 10),
    }


CONTRACT = Contract(
    questions=QUESTIONS,
    stops=STOPS,
    step_once_recorded=FLOOR_ONCE_RECORDED,
    steps=FLOORS,
    actions=ACTIONS,
    rules=_rules,
    required=required,
    or_above=OR_ABOVE,
)
outcome = CONTRACT.outcome
