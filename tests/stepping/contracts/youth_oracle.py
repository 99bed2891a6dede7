"""The youth pathway said a second time, by hand; see `contract`."""

from __future__ import annotations

from tests.stepping.contracts.contract import (
    PHQ9_AND_GAD7,
    SCORE_4,
    YES_NO,
    Client,
    Contract,
    Given,
    Values,
)


def _yes_no(*names: str, worse: str = "yes") -> dict[str, tuple[Values, str]]:
    return dict.fromkeys(names, (YES_NO, worse))


QUESTIONS: dict[str, tuple[Values, str]] = {
    "present": (("alone", "with_guardian", "guardian_later"), "none"),
    **_yes_no("talk.overheard", "secrecy.unclear"),
    "guardian.tell": (("all", "part", "nothing"), "none"),
    **_yes_no("danger.suicide", "danger.violence", "danger.child"),
    **_yes_no("danger.confusion", "danger.intoxicated", "danger.body"),
    **{f"phq9.{item}": (SCORE_4, "up") for item in (*range(1, 10), "difficulty")},
    **{f"asq.{item}": (("no", "refused", "yes"), "yes") for item in range(1, 5)},
    **_yes_no("asq.5", "selfharm", "attempt.known", "nurse.worried", "attempt.unassessed"),
    **_yes_no("harm.home", "harm.other", "harm.sexual", "harm.runaway", "harm.bullying"),
    **_yes_no("flag.child"),
    **{f"gad7.{item}": (SCORE_4, "up") for item in range(1, 8)},
    "school.absence": (SCORE_4, "up"),
    "daily.function": (SCORE_4, "up"),
    **_yes_no("school.grades", "friends.lonely", "hobbies.dropped", "home.strain"),
    **_yes_no("sleep.trouble", "gaming.harm"),
    **{f"auditc.{item}": ((0, 4), "up") for item in (1, 2, 3)},
    "drunk": (SCORE_4, "up"),
    "drugs": (SCORE_4, "up"),
    **_yes_no("flag.psychosis", "flag.mania", "history.mania", "flag.eating"),
    **_yes_no("flag.perinatal", "flag.somatic", "eating.alarm"),
    **{f"pcptsd5.{item}": (YES_NO, "yes") for item in ("gate", 1, 2, 3, 4, 5)},
    "history.failed_step": (SCORE_4, "up"),
    **_yes_no("history.gsh_unfit"),
    "wish.formats": (("self_guided", "net", "talk", "group", "medication"), "none"),
    "need.language": ((), "none"),
    **_yes_no("need.no_net", "need.reading", worse="none"),
    "guardian.worry": (("mood", "anxiety", "school", "conduct", "substances", "other"), "none"),
    **_yes_no("guardian.afraid", "guardian.conduct", "guardian.strain"),
}
"""Each question: its words, or its lowest and highest number, and the direction that is worse."""

STOPS = {
    "Y0a": "emergency",
    "Y0b": "emergency",
    "Y0": "same_day",
    "Y0c": "same_day",
    "Y1": "same_day",
    "Y2": "same_day",
    "Y2b": "same_day",
    "Y2e": "emergency",
    "Y2h": "week",
    "Y2p": "emergency",
    "Y3": "same_day",
    "Y3b": "same_day",
}
FLOOR_ONCE_RECORDED = {"Y0a": 4, "Y0": 4, "Y0c": 4, "Y1": 2, "Y2": 4, "Y2e": 4, "Y2h": 3, "Y2p": 4}
FLOORS = {
    "Y4b": 1,
    "Y5": 1,
    "Y6": 2,
    "Y6b": 2,
    "Y7": 2,
    "Y7b": 2,
    "Y7c": 2,
    "Y8": 3,
    "Y8b": 3,
    "Y9": 4,
}
ACTIONS = {
    "Y0m": {"minor_guardian"},
    "Y0t": {"agree_what_is_told"},
    "Y0h": {"talk_alone"},
    "Y0s": {"explain_secrecy"},
    "Y2m": {"substance_talk"},
    "Y2s": {"substance_service"},
    "Y3n": {"child_welfare_notice"},
    "Y3k": {"stop_bullying"},
    "Y4": {"open_door"},
    "Y5a": {"contact_2_4_weeks"},
    "Y5s": set[str](),
    "Y5g": {"gaming_talk"},
    "Y5n": {"net_therapy_terms"},
    "Y7s": {"school_meeting"},
    "Y7i": {"trauma_assessment"},
    "Y7e": {"doctor_exam_7_days"},
    "Y8d": {"doctor_consult"},
    "Y9d": {"doctor_7_days"},
    "Y9f": {"doctor_first"},
    "Y10": {"family_support"},
    "Y11": {"therapy_guarantee"},
    "Y12": {"use_adult_pathway"},
}

GUARDIAN = ("guardian.worry", "guardian.afraid", "guardian.conduct", "guardian.strain")


def required(answers: Given) -> set[str]:
    """Return the questions that are needed before a step, as far as they apply."""
    young = _Young(answers)
    wanted = {n for n in QUESTIONS if n.startswith(("danger.", "flag.", "harm."))}
    wanted |= PHQ9_AND_GAD7 | {
        "asq.1",
        "asq.2",
        "asq.3",
        "asq.4",
        "selfharm",
        "attempt.known",
        "nurse.worried",
    }
    wanted |= {"school.absence", "daily.function", "drugs", "history.mania"}
    if young.asq:
        wanted.add("asq.5")
    if young.attempt:
        wanted.add("attempt.unassessed")
    if young.age < 18:
        wanted |= {"present", "drunk"}
    else:
        wanted.add("auditc.1")
        if young.number("auditc.1") >= 1:
            wanted |= {"auditc.2", "auditc.3"}
    return wanted


class _Young(Client):
    """The answers read the way the contract reads them."""

    def __init__(self, answers: Given) -> None:
        super().__init__(answers)
        self.age = self.number("client.age")
        self.asq = self.any_of_asq()
        self.attempt = self.yes("asq.4", "attempt.known")
        self.unassessed = self.attempt and self.yes("attempt.unassessed")
        self.harm_at_home_or_sexual = self.yes("harm.home", "harm.sexual")
        self.absence = self.number("school.absence")
        self.function = self.number("daily.function")
        self.troubles = [
            self.yes("school.grades"),
            self.yes("friends.lonely"),
            self.yes("hobbies.dropped"),
            self.yes("home.strain"),
            self.function >= 1,
        ].count(True)
        self.drunk = self.number("drunk") if self.age < 18 else 0
        self.alcohol = self._alcohol()
        self.with_guardian = self.age < 18 and (
            self.says("present", "with_guardian") or self.says("present", "guardian_later")
        )
        self.domains = [
            self.phq9 >= 11,
            self.gad7 >= 10,
            self.trauma,
            self.alcohol or self.drunk >= 2 or self.drugs >= 2,
            self.eating,
        ].count(True)

    def guardian_says(self, name: str, word: str = "yes") -> bool:
        return self.with_guardian and self.says(f"guardian.{name}", word)

    def _alcohol(self) -> bool:
        total = self.audit_c() if self.age >= 18 else 0
        return total >= (6 if self.says("client.sex", "m") else 5)


def _rules(answers: Given) -> dict[str, bool]:
    y = _Young(answers)
    minor = y.age < 18
    low = y.item_9 >= 1
    wished = y.guardian_says
    return {
        "Y0a": y.yes("danger.suicide") or (y.asq and y.yes("asq.5")),
        "Y0b": y.yes("danger.violence", "danger.child", "danger.confusion", "danger.intoxicated")
        or y.yes("danger.body"),
        "Y0": y.attempt and minor,
        "Y0c": y.attempt and not minor and (y.age == 18 or y.unassessed),
        "Y1": low
        or y.asq
        or y.yes("attempt.known", "selfharm", "nurse.worried")
        or wished("afraid"),
        "Y2": y.yes("flag.psychosis", "flag.mania") or y.drugs >= 3,
        "Y2e": y.eating and y.yes("eating.alarm"),
        "Y2h": y.yes("history.mania") and y.phq9 >= 5,
        "Y2p": y.yes("flag.perinatal") and y.yes("flag.psychosis", "flag.mania"),
        "Y2b": y.yes("flag.perinatal") and (y.phq9 >= 10 or low),
        "Y3": y.yes("flag.child") or (minor and y.harm_at_home_or_sexual),
        "Y3b": y.yes("harm.other", "harm.runaway") or (not minor and y.harm_at_home_or_sexual),
        "Y4b": y.difficulty >= 2 or y.absence >= 1 or y.function >= 2 or y.troubles >= 2,
        "Y5": y.phq9 >= 5 or y.gad7 >= 5,
        "Y6": y.phq9 >= 11,
        "Y6b": y.failed >= 1,
        "Y7": y.gad7 >= 10 or y.absence >= 2,
        "Y7b": y.trauma,
        "Y7c": y.eating,
        "Y8": y.phq9 >= 16 or y.gad7 >= 15 or y.failed >= 2,
        "Y8b": y.absence >= 3 or y.function >= 3,
        "Y9": y.phq9 >= 20
        or y.domains >= 3
        or y.failed >= 3
        or (y.absence >= 3 and (y.phq9 >= 16 or y.function >= 3 or y.failed >= 2)),
        "Y0m": minor,
        "Y0t": minor and (y.says("guardian.tell", "part") or y.says("guardian.tell", "nothing")),
        "Y0h": y.yes("talk.overheard"),
        "Y0s": y.yes("secrecy.unclear"),
        "Y2m": y.alcohol or y.drunk >= 2 or y.drugs >= 1,
        "Y2s": y.drunk >= 3 or y.drugs >= 2,
        "Y3n": y.yes("danger.child", "flag.child") or (minor and y.harm_at_home_or_sexual),
        "Y3k": y.yes("harm.bullying"),
        "Y4": y.phq9 < 5
        and y.gad7 < 5
        and y.absence < 1
        and y.function < 2
        and y.number("phq9.9") < 1
        and not y.attempt
        and not y.yes("selfharm"),
        "Y5a": y.phq9 >= 5 or y.gad7 >= 5,
        "Y5s": (y.yes("sleep.trouble") or y.number("phq9.3") >= 2) and y.phq9 < 11,
        "Y5g": y.yes("gaming.harm"),
        "Y5n": minor and y.says("wish.formats", "net"),
        "Y7s": y.absence >= 1 or y.yes("school.grades"),
        "Y7i": y.trauma,
        "Y7e": y.eating,
        "Y8d": y.phq9 >= 16
        or y.gad7 >= 15
        or y.failed >= 2
        or y.absence >= 3
        or y.function >= 3
        or y.says("wish.formats", "medication"),
        "Y9d": y.phq9 >= 20,
        "Y9f": y.yes("flag.somatic"),
        "Y10": wished("worry", "conduct") or wished("conduct") or wished("strain"),
        "Y11": True,
        "Y12": y.age >= 19,
    }


CONTRACT = Contract(
    questions=QUESTIONS,
    stops=STOPS,
    step_once_recorded=FLOOR_ONCE_RECORDED,
    steps=FLOORS,
    actions=ACTIONS,
    rules=_rules,
    required=required,
    provisional={"Y9f"},
)
outcome = CONTRACT.outcome
