"""Single faults in the pathways that come with Porras, and what the check must say of each.

A fault is one edit of one file, of the kind that slips into a file of hundreds of lines unseen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Change = Callable[[str], str]

RULES, QUESTIONS, CARE = "rules.toml", "questions.toml", "interventions.toml"
HEADER, EXAMPLES = "pathway.toml", "examples.toml"
SERVICES = "services/paijat_hame_example.toml"


@dataclass(frozen=True)
class Mutation:
    """One fault: the edit, and the finding that must come of it."""

    name: str
    pathway: str
    file: str
    change: Change
    kind: str
    """The kind of finding; faults of reading are `content`."""
    names: str
    """What the finding must name: a rule, a question, a wrong word."""
    severity: str = "error"


# -- edits -------------------------------------------------------------------------------------


def swap(old: str, new: str) -> Change:
    """Replace a text that stands once in the file."""

    def change(text: str) -> str:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        return text.replace(old, new)

    return change


def first(old: str, new: str) -> Change:
    """Replace the first place of a text."""

    def change(text: str) -> str:
        assert old in text, f"{old!r} does not stand there"
        return text.replace(old, new, 1)

    return change


def within(id_: str, old: str, new: str) -> Change:
    """Replace a text in the table that has an id."""
    return _table(id_, first(old, new))


def line(id_: str, key: str, new: str = "") -> Change:
    """Replace, or take away, the line of a key in the table that has an id."""

    def change(table: str) -> str:
        found = re.findall(rf"^{re.escape(key)} = .*\n?", table, re.M)
        assert len(found) == 1, f"{id_}: {key} stands {len(found)} times"
        return table.replace(found[0], new + "\n" if new else "")

    return _table(id_, change)


def drop(id_: str) -> Change:
    """Take the table with an id away."""
    return _table(id_, lambda _: "")


def cut(id_: str, mark: str) -> Change:
    """Take away the end of the table with an id, from a mark on."""
    return _table(id_, lambda table: table[: table.index(mark)])


def twice(id_: str) -> Change:
    """Let the table with an id stand twice."""
    return _table(id_, lambda table: f"{table.rstrip()}\n\n{table}")


def more(text: str) -> Change:
    """Add a table at the end."""
    return lambda before: f"{before.rstrip()}\n\n{text}\n"


def refer(card: str) -> Change:
    """Let a card stand for reference, and no other one."""

    def change(text: str) -> str:
        bare = re.sub(r"(?s)reference_cards = \[.*?\]\n", "", text)
        named = f'reference_cards = ["{card}"]\n' if card else ""
        return bare.replace("emergency_cards = [", f"{named}emergency_cards = [")

    return change


def _table(id_: str, change: Change) -> Change:
    """Edit a table and what belongs to it: everything up to the next table of its kind."""

    def whole(text: str) -> str:
        parts = re.split(r"(?m)^(?=\[\[(?:\w+)\]\])", text)
        owned = [n for n, part in enumerate(parts) if _has(part, id_)]
        assert owned, f"there is no table {id_}"
        parts[owned[0]] = change(parts[owned[0]])
        return "".join(parts)

    return whole


def _has(part: str, id_: str) -> bool:
    return bool(re.search(rf'(?m)^(?:id|code|number) = "?{re.escape(id_)}"?(?:\s|$)', part))


def _on(pathway: str, *rows: tuple[object, ...]) -> tuple[Mutation, ...]:
    return tuple(Mutation(str(row[0]), pathway, *row[1:]) for row in rows)  # type: ignore[arg-type]


CONSIDER = 'consider = { en = "a", fi = "b", sv = "c" }'
SWALLOWED = """[[rule]]
id = "spare"
when = "phq9.total >= 21"
at_least = 2
because = { en = "a", fi = "b", sv = "c" }
source = "nobody"
basis = 'local'"""
CIRCLE = """[[fact]]
id = "spare"
when = "domains.positive >= 2"
label = { en = "a", fi = "b", sv = "c" }"""
ITEM = """[[item]]
id = "6"
type = "yesno"
safety = true
text = { en = "a", fi = "b", sv = "c" }
label = { en = "a", fi = "b", sv = "c" }"""
FACT = '[[fact]]\nid = "spare"\nwhen = "phq9.9 >= 1"\nlabel = { en = "a", fi = "b", sv = "c" }'
STEP = """[[step]]
number = 5
name = { en = "a", fi = "b", sv = "c" }
summary = { en = "a", fi = "b", sv = "c" }"""
NO = "and client.sex is f and client.sex is m"

ADULT = _on(
    "adult",
    # stops
    ("stop dropped: suicide now", RULES, drop("S1"), "safety", "danger.suicide"),
    ("stop dropped: other danger now", RULES, drop("S1b"), "safety", "danger.violence"),
    ("stop dropped: suicidal thoughts", RULES, drop("S2"), "example", "rules should be S2"),
    ("stop dropped: psychosis, mania", RULES, drop("S3"), "safety_passed", "flag.psychosis"),
    ("stop dropped: other flags", RULES, drop("S4"), "safety", "flag.withdrawal"),
    ("part dropped: ASQ 5", RULES, within("S1", " or asq.5", ""), "safety", "asq.5"),
    (
        "part dropped: confusion",
        RULES,
        within("S1b", " or danger.confusion", ""),
        "safety",
        "danger.confusion",
    ),
    (
        "part dropped: PHQ-9 item 9",
        RULES,
        within("S2", "phq9.9 >= 1 or ", ""),
        "example_rule",
        "S2",
    ),
    (
        "part dropped: direct question",
        RULES,
        within("S2", " or suicide.thoughts", ""),
        "example",
        "rules should be S2",
    ),
    (
        "part dropped: worry",
        RULES,
        within("S2", " or nurse.worried", ""),
        "example",
        "nurse_worried: rules should be S2",
    ),
    # red flags silenced for some clients: most answer sets still stop
    (
        "violence asked of women only",
        QUESTIONS,
        line("flag.violence", "safety", 'safety = true\nask_if = "client.sex is f"'),
        "safety_hidden",
        "flag.violence",
    ),
    (
        "danger asked below 75 only",
        QUESTIONS,
        line("danger.violence", "safety", 'safety = true\nask_if = "client.age < 75"'),
        "safety_hidden",
        "danger.violence",
    ),
    (
        "worry counts below 65 only",
        RULES,
        within("S2", "nurse.worried", "(nurse.worried and client.age < 65)"),
        "safety_passed",
        "nurse.worried",
    ),
    (
        "a question that decides called context",
        QUESTIONS,
        line("flag.memory", "required", "required = true\ncontext = true"),
        "content",
        "flag.memory is context",
    ),
    (
        "danger called context",
        QUESTIONS,
        line("flag.psychosis", "required", "required = true\ncontext = true"),
        "content",
        "opens a stop, so it is no context",
    ),
    (
        "wishes called context",
        QUESTIONS,
        within("wish.formats", 'type = "multi"', 'type = "multi"\ncontext = true'),
        "content",
        "wish.formats",
    ),
    (
        "beside a step that does not exist",
        RULES,
        within("A1a", "add = [", "only_steps = [0, 9]\nadd = ["),
        "content",
        "there is no step 9",
    ),
    (
        "beside a step that its scores never leave",
        RULES,
        within("A4d", "add = [", "only_steps = [0]\nadd = ["),
        "dead_part",
        "rule A4d says nothing on step 0",
    ),
    (
        "a limit that a worse answer to any item passes by",
        RULES,
        within("A6a", "phq9.total >= 20", "phq9.total is 20"),
        "monotone_step",
        "rule A6a: a worse answer lowers the step (phq9.7 ",
    ),
    (
        "a step that less is left open the worse it gets",
        RULES,
        within("A4", "at_least = 2", f"at_least = 2\nor_above = 'phq9.total < 19'\n{CONSIDER}"),
        "monotone_step",
        "rule A4: a worse answer lowers the step",
    ),
    (
        "a step left open where its rule never holds",
        RULES,
        within(
            "A4",
            "at_least = 2",
            f"at_least = 2\nor_above = 'gad7.total < 5 and phq9.total < 9'\n{CONSIDER}",
        ),
        "dead_part",
        "rule A4: its or_above never holds",
    ),
    (
        "a step left open wherever its rule holds",
        RULES,
        within(
            "A4",
            "at_least = 2",
            f"at_least = 2\nor_above = 'phq9.total >= 5 or gad7.total >= 5'\n{CONSIDER}",
        ),
        "always_above",
        "rule A4",
        "hint",
    ),
    (
        "psychosis no longer required",
        QUESTIONS,
        line("flag.psychosis", "required"),
        "safety_optional",
        "flag.psychosis",
        "hint",
    ),
    (
        "psychosis of last month counts",
        QUESTIONS,
        line("flag.psychosis", "required", 'required = true\nholds = "30 days"'),
        "safety_stale",
        "flag.psychosis",
    ),
    (
        "the card of another danger",
        RULES,
        within("S2", 'card = "suicide_non_acute"', 'card = "perinatal"'),
        "example",
        "cards should be suicide_non_acute",
    ),
    (
        "a card that is too mild",
        RULES,
        within("S2", 'card = "suicide_non_acute"', 'card = "minor_guardian"'),
        "card_too_mild",
        "minor_guardian",
    ),
    (
        "a stop that is milder than its card",
        RULES,
        line("S1", "stop", 'stop = "same_day"'),
        "stop_too_mild",
        "suicide_acute",
    ),
    (
        "the level of another branch of a card",
        RULES,
        within("S4", 'level = "D", ', ""),
        "stop_too_mild",
        "partner_violence",
    ),
    (
        "a level that a card does not name",
        RULES,
        within("S2", 'card = "suicide_non_acute"', 'card = "suicide_non_acute", level = "W"'),
        "content",
        "names no level W",
    ),
    (
        "a card that no answer opens",
        HEADER,
        first('  "somatic_alarm",', '  "somatic_alarm",\n  "runaway",'),
        "card_never_opened",
        "runaway",
    ),
    (
        "a card for reference that a stop opens",
        HEADER,
        refer("mania"),
        "reference_card_opened",
        "mania",
    ),
    (
        "a card for reference that is on no key",
        HEADER,
        refer("bullying"),
        "content",
        "bullying",
    ),
    (
        "an empty emergency card",
        HEADER,
        lambda text: re.sub(
            r"(?s)emergency_cards = \[.*?\]", "emergency_cards = []", refer("")(text)
        ),
        "content",
        "emergency_cards is empty",
    ),
    (
        "a condition counted twice",
        RULES,
        within("domains.positive", '"flag.eating",', '"flag.eating", "flag.eating",'),
        "content",
        "counts the same condition twice",
    ),
    (
        "a range with too many digits",
        QUESTIONS,
        line("history.weeks", "max", "max = 1040000000"),
        "content",
        "history.weeks",
    ),
    (
        "part dropped: mania",
        RULES,
        within("S3", " or flag.mania", ""),
        "safety_passed",
        "flag.mania",
    ),
    ("part dropped: child", RULES, within("S4", " or flag.child", ""), "safety", "flag.child"),
    (
        "eating alarm counts below 65 only",
        RULES,
        within("S1e", '"eating.alarm"', '"eating.alarm and client.age < 65"'),
        "safety_passed",
        "eating.alarm",
    ),
    (
        "part dropped: refusal of ASQ 2",
        RULES,
        within("asq.any", " or asq.2 is refused", ""),
        "example",
        "asq",
    ),
    (
        "part dropped: ASQ 3",
        RULES,
        within("asq.any", "asq.3 is yes or asq.3 is refused or ", ""),
        "safety",
        "asq.3",
    ),
    (
        "stop needs two answers",
        RULES,
        within("S3", "flag.psychosis or flag.mania", "flag.psychosis and flag.mania"),
        "example_rule",
        "S3",
    ),
    ("stop less urgent", RULES, within("S1", '"emergency"', '"week"'), "example", "urgency"),
    # comparisons and cut-offs
    (
        "flipped: A2",
        RULES,
        within("A2", "phq9.total >= 10", "phq9.total < 10"),
        "monotone_step",
        "A2",
    ),
    ("flipped: A6a", RULES, within("A6a", ">= 20", "<= 20"), "monotone_step", "A6a"),
    (
        "flipped: work ability",
        RULES,
        within("A6b", "work.ability <= 2", "work.ability >= 2"),
        "monotone_step",
        "A6b",
    ),
    ("flipped: stop", RULES, within("S2", "phq9.9 >= 1", "phq9.9 < 1"), "monotone_stop", "S2"),
    (
        "denied: stop",
        RULES,
        within("S3", "flag.psychosis or", "not flag.psychosis or"),
        "monotone_stop",
        "S3",
    ),
    ("cut-off moved: 20 to 21", RULES, within("A6a", ">= 20", ">= 21"), "example_rule", "A6a"),
    ("cut-off moved: 16 to 15", RULES, within("A4", ">= 16", ">= 15"), "example", "it is A2, A4"),
    (
        "cut-off moved: weeks",
        RULES,
        within("A1b", "weeks >= 4", "weeks >= 5"),
        "example",
        "should be A1b",
    ),
    ("cut-off moved: domains", RULES, within("A12", ">= 3", ">= 4"), "example_rule", "A12"),
    ("off by one: sick leave", RULES, within("A15", "> 30", ">= 30"), "example", "A15"),
    ("off by one: ability", RULES, within("A15", "<= 5", "< 5"), "example", "A15"),
    (
        "table: alcohol from 65",
        "instruments/auditc.toml",
        swap("client.age >= 65 and auditc.total >= 4", "client.age >= 65 and auditc.total >= 5"),
        "example",
        "rules should be",
    ),
    (
        "table: trauma of women",
        "instruments/pcptsd5.toml",
        swap("is not m and pcptsd5.total >= 3", "is not m and pcptsd5.total >= 4"),
        "example",
        "rules should be",
    ),
    (
        "table: a row that never holds",
        "instruments/pcptsd5.toml",
        swap("client.sex is m and pcptsd5.total >= 4", f"pcptsd5.total >= 4 {NO}"),
        "dead_part",
        "pcptsd5.positive",
    ),
    (
        "cut-off out of range: episodes",
        RULES,
        within("A5", "episodes >= 2", "episodes >= 21"),
        "content",
        "history.episodes goes from 0 to 20",
    ),
    (
        "cut-off out of range: ability",
        RULES,
        within("A6b", "ability <= 2", "ability <= 10"),
        "content",
        "10 decides nothing",
    ),
    (
        "cut-off out of range: domains",
        RULES,
        within("A12", ">= 3", ">= 6"),
        "content",
        "6 decides nothing",
    ),
    ("and for or", RULES, within("A2", " or ", " and "), "example_rule", "A2"),
    # steps
    ("step swapped: A3", RULES, within("A3", "at_least = 2", "at_least = 1"), "example", "step"),
    ("step swapped: A9", RULES, within("A9", "at_least = 2", "at_least = 3"), "example", "step"),
    ("step swapped: A6b", RULES, within("A6b", "at_least = 4", "at_least = 3"), "example", "step"),
    (
        "step after a stop lower",
        RULES,
        within("S1", "then_at_least = 4", "then_at_least = 3"),
        "example",
        "should be 4",
    ),
    (
        "step after a stop lost",
        RULES,
        within("S2", "then_at_least = 2\n", ""),
        "example",
        "should be 2",
    ),
    ("unknown step", RULES, within("A4", "at_least = 2", "at_least = 9"), "content", "no step 9"),
    (
        "unknown step after a stop",
        RULES,
        within("S3", "then_at_least = 4", "then_at_least = 7"),
        "content",
        "rule S3: there is no step 7",
    ),
    ("step that nothing leads to", HEADER, more(STEP), "unreached_step", "step 5"),
    ("step dropped", HEADER, drop("4"), "content", "no step 4"),
    ("step twice", HEADER, within("3", "number = 3", "number = 2"), "content", "step 2"),
    ("rule swallowed", RULES, more(SWALLOWED), "swallowed_rule", "spare", "hint"),
    # names
    ("misspelt fact", RULES, within("A2", "phq9.total", "phq9.totl"), "content", "'phq9.total'"),
    (
        "misspelt intervention",
        RULES,
        within("A9i", "guided_self_help", "guided_selfhelp"),
        "content",
        "did you mean 'guided_self_help'",
    ),
    (
        "misspelt action",
        RULES,
        within("A4d", "doctor_consult", "doctor_consul"),
        "content",
        "did you mean 'doctor_consult'",
    ),
    (
        "misspelt card of a stop",
        RULES,
        within("S1", "suicide_acute", "suicide_acut"),
        "content",
        "did you mean 'suicide_acute'",
    ),
    (
        "misspelt emergency card",
        HEADER,
        first('"suicide_acute"', '"suicide_accute"'),
        "content",
        "suicide_accute",
    ),
    (
        "misspelt card of an action",
        HEADER,
        within("doctor_first", "somatic_alarm", "somatic_alarms"),
        "content",
        "somatic_alarms",
    ),
    (
        "misspelt section",
        QUESTIONS,
        first('section = "mood"', 'section = "mod"'),
        "content",
        "'mod'",
    ),
    ("misspelt instrument", QUESTIONS, swap('"gad7"', '"gad"'), "content", "'gad'"),
    ("misspelt item", QUESTIONS, first('"8", "9"]', '"8", "9b"]'), "content", "'9b'"),
    (
        "misspelt option",
        RULES,
        within("A15", "unemployed_limited", "unemployd_limited"),
        "content",
        "'unemployed_limited'",
    ),
    (
        "misspelt choice of several",
        RULES,
        within("A18", "long_psychotherapy", "long_therapy"),
        "content",
        "'long_therapy'",
    ),
    ("misspelt page", QUESTIONS, within("flag.mania", '"flags"', '"flag"'), "content", "'flags'"),
    (
        "misspelt question to ask first",
        RULES,
        within("S2", '"asq.5"]', '"asq.6"]'),
        "content",
        "'asq.6'",
    ),
    (
        "misspelt key",
        QUESTIONS,
        within("danger.child", "required =", "requird ="),
        "content",
        "did you mean 'required'",
    ),
    # texts
    ("text lost: rule", RULES, line("S2", "because.sv"), "content", "rule S2"),
    ("text lost: question", QUESTIONS, line("danger.child", "text.fi"), "content", "danger.child"),
    ("text lost: item", "instruments/phq9.toml", line("9", "text.sv"), "content", "item 9"),
    (
        "text lost: safety step",
        "cards/suicide_acute.toml",
        line("not_alone", "text.fi"),
        "content",
        "not_alone",
    ),
    ("text lost: step", HEADER, line("3", "summary.sv"), "content", "step"),
    (
        "text empty: name of a step",
        HEADER,
        first('fi = "Lyhytpsykoterapia"', 'fi = " "'),
        "content",
        "name",
    ),
    ("text lost: action", HEADER, line("doctor_first", "detail.fi"), "content", "doctor_first"),
    ("text lost: care", CARE, line("psychoeducation", "summary.en"), "content", "psychoeducation"),
    # bands
    (
        "bands: gap",
        "instruments/phq9.toml",
        swap("to = 14", "to = 13"),
        "content",
        "14–14 have no band",
    ),
    (
        "bands: overlap",
        "instruments/phq9.toml",
        swap("to = 14", "to = 15"),
        "content",
        "begins at 15",
    ),
    (
        "total of another instrument misspelt",
        "instruments/audit.toml",
        swap('plus = ["auditc.total"]', 'plus = ["auditc.totl"]'),
        "content",
        "did you mean 'auditc.total'",
    ),
    (
        "total of another instrument left out",
        "instruments/audit.toml",
        swap('plus = ["auditc.total"]', "plus = []"),
        "content",
        "40",
    ),
    (
        "total of another instrument counted twice",
        "instruments/audit.toml",
        swap('plus = ["auditc.total"]', 'plus = ["auditc.total", "auditc.total"]'),
        "content",
        "auditc.1 is defined twice",
    ),
    ("bands: too far in AUDIT", "instruments/audit.toml", swap("= 40", "= 41"), "content", "is 40"),
    (
        "a wording with an answer too few",
        "instruments/phq9.sv.toml",
        swap(', "Extrema svårigheter"]', "]"),
        "content",
        "has 3 options, and needs 4",
    ),
    ("bands: too far", "instruments/gad7.toml", swap("to = 21", "to = 22"), "content", "is 21"),
    ("bands: too short", "instruments/gad7.toml", swap("to = 21", "to = 20"), "content", "21–21"),
    ("bands: falling", "instruments/gad7.toml", swap("from = 10", "from = 4"), "content", "bands"),
    # what never holds, what nothing uses
    ("dead rule", RULES, within("A6a", ">= 20", ">= 20 and phq9.total < 10"), "dead_rule", "A6a"),
    (
        "dead rule through hiding",
        RULES,
        within("A6a", ">= 20", ">= 20 and suicide.thoughts and phq9.9 >= 1"),
        "dead_rule",
        "A6a",
    ),
    (
        "dead part",
        RULES,
        within("A6b", "phq9.difficulty >= 3", "phq9.total <= 5"),
        "dead_part",
        "A6b",
    ),
    (
        "dead card",
        RULES,
        within("S3", 'when = "flag.mania"', 'when = "flag.mania and flag.mania is no"'),
        "dead_card",
        "S3",
    ),
    (
        "dead row of an intervention",
        CARE,
        within("ipc", "phq9.total < 5", "phq9.total < 5 and phq9.total > 8"),
        "dead_row",
        "ipc",
    ),
    ("fact that nothing uses", RULES, more(FACT), "unused_fact", "spare"),
    (
        "question that is never asked",
        QUESTIONS,
        within("suicide.thoughts", "phq9.9 is 0", "phq9.9 is 0 and phq9.9 >= 1"),
        "unreachable_question",
        "suicide.thoughts",
    ),
    # circles and order
    (
        "circle of facts",
        RULES,
        lambda t: more(CIRCLE)(within("domains.positive", '"flag.eating",', '"spare",')(t)),
        "content",
        "domains.positive → spare → domains.positive",
    ),
    (
        "circle through itself",
        RULES,
        within("asq.any", "asq.1 is yes", "asq.any or asq.1 is yes"),
        "content",
        "asq.any → asq.any",
    ),
    (
        "circle of asking",
        QUESTIONS,
        within("nurse.worried", "safety = true", 'safety = true\nask_if = "asq.any"'),
        "content",
        "nurse.worried depends on asq",
    ),
    (
        "asked too early",
        QUESTIONS,
        within("danger.child", "safety = true", 'safety = true\nask_if = "phq9.9 >= 1"'),
        "content",
        "danger.child depends on phq9.9",
    ),
    # follow-up
    (
        "followed where less is worse",
        "instruments/phq9.toml",
        within("total", 'id = "total"', 'id = "total"\nworse = "down"'),
        "content",
        "less of it is worse",
    ),
    (
        "followed total misspelt",
        "instruments/gad7.toml",
        swap('total = "total"', 'total = "totl"'),
        "content",
        "did you mean 'total'",
    ),
    (
        "a case that nobody can be",
        "instruments/gad7.toml",
        swap("caseness = 8", "caseness = 80"),
        "content",
        "caseness 80 is not within 1–21",
    ),
    (
        "a change of no points",
        "instruments/phq9.toml",
        swap("reliable = 6", "reliable = 0"),
        "content",
        "reliable 0 is not within 1–27",
    ),
    (
        "measured at no contact",
        CARE,
        within("klt", "every = 2", "every = 0"),
        "content",
        "must be at least 1",
    ),
    (
        "measured years later",
        CARE,
        within("klt", "[3, 6]", "[3, 36]"),
        "content",
        "must be at most 24",
    ),
    (
        "months that do not rise",
        CARE,
        within("klt", "[3, 6]", "[6, 3]"),
        "content",
        "the months rise",
    ),
    (
        "misspelt key of a plan",
        CARE,
        within("klt", "after_months", "after_month"),
        "content",
        "did you mean 'after_months'",
    ),
    # cards
    (
        "stop without a card",
        RULES,
        within("S1", '[{ card = "suicide_acute" }]', "[]"),
        "content",
        "a stop names its action card",
    ),
    (
        "card of one flag removed",
        RULES,
        within("S3", '  { card = "mania", when = "flag.mania" },\n', ""),
        "stop_without_card",
        "S3",
    ),
    (
        "card of a child removed",
        RULES,
        within("S1b", '  { card = "child_at_risk", when = "danger.child" },\n', ""),
        "stop_without_card",
        "S1b",
    ),
    (
        "card without numbers",
        "cards/mania.toml",
        lambda text: re.sub(r"(?ms)^numbers = \[.*?^\]\n", "", text),
        "card_without_number",
        "mania",
    ),
    ("number left empty", "cards/mania.toml", swap('"112"', '""'), "content", "number"),
    (
        "card without steps",
        "cards/mania.toml",
        lambda text: text[: text.index("[[steps]]")],
        "content",
        "'steps' is missing",
    ),
    ("safety step twice", "cards/mania.toml", twice("doctor"), "content", "doctor"),
    # sources, licences, wording
    (
        "licence empty",
        "instruments/phq9.toml",
        lambda t: re.sub(r"(?m)^licence = .*$", 'licence = ""', t),
        "content",
        "licence",
    ),
    (
        "source empty: instrument",
        "instruments/asq.toml",
        lambda t: re.sub(r'(?m)^source = "Hor.*$', 'source = ""', t),
        "content",
        "source",
    ),
    ("source empty: rule", RULES, line("A2", "source", 'source = ""'), "content", "rule A2"),
    (
        "source empty: question",
        QUESTIONS,
        line("drugs", "source", 'source = " "'),
        "content",
        "drugs",
    ),
    (
        "source lost: card",
        "cards/mania.toml",
        lambda t: re.sub(r"(?m)^source = .*\n", "", t),
        "content",
        "'source' is missing",
    ),
    ("source empty: care", CARE, line("klt", "source", 'source = ""'), "content", "klt"),
    ("basis unknown", RULES, line("A2", "basis", 'basis = "guess"'), "content", "rule A2"),
    (
        "wording stated as none",
        "instruments/asq.toml",
        first('status = "working"', 'status = "none"'),
        "content",
        "no wording in fi",
    ),
    # worse directions
    (
        "worse direction wrong: difficulty",
        "instruments/phq9.toml",
        within("difficulty", "scored = false", 'scored = false\nworse = "down"'),
        "monotone_step",
        "phq9.difficulty",
    ),
    (
        "worse direction wrong: weeks",
        QUESTIONS,
        within("history.weeks", '"up"', '"down"'),
        "monotone_step",
        "history.weeks",
    ),
    (
        "worse direction wrong: ability",
        "instruments/work.toml",
        swap('worse = "down"', 'worse = "up"'),
        "monotone_step",
        "work.ability",
    ),
    (
        "worse direction lost: danger",
        QUESTIONS,
        within("danger.suicide", 'worse = "yes"\n', ""),
        "safety",
        "danger.suicide",
    ),
    (
        "worse direction lost: episodes",
        QUESTIONS,
        within("history.episodes", 'worse = "up"\n', ""),
        "no_worse",
        "history.episodes",
        "hint",
    ),
    # asking
    (
        "hidden by a worse answer: GAD-7",
        QUESTIONS,
        swap('instrument = "gad7"\n', 'instrument = "gad7"\nask_if = "phq9.1 <= 2"\n'),
        "monotone_step",
        "phq9.1 2 → 3",
    ),
    (
        "hidden by a worse answer: psychosis",
        QUESTIONS,
        within(
            "flag.psychosis", "safety = true", 'safety = true\nask_if = "danger.violence is no"'
        ),
        "monotone_stop",
        "danger.violence",
    ),
    (
        "hidden by a worse answer: eating",
        QUESTIONS,
        within("eating.alarm", '"flag.eating"', '"drugs <= 2"'),
        "monotone_stop",
        "drugs",
    ),
    (
        "gate turned round",
        "instruments/pcptsd5.toml",
        within("1", '"pcptsd5.gate"', '"pcptsd5.gate is no"'),
        "example",
        "rules should be",
    ),
    ("item not asked: PHQ-9 9", QUESTIONS, first('"8", "9"]', '"8"]'), "content", "phq9.9"),
    (
        "item not asked: ASQ 4",
        QUESTIONS,
        first('["1", "2", "3", "4"]', '["1", "2", "3"]'),
        "content",
        "asq.4",
    ),
    ("item marked as safety, not asked", "instruments/asq.toml", more(ITEM), "safety", "asq.6"),
    (
        "safety question not required",
        QUESTIONS,
        within("danger.suicide", "required = true\n", ""),
        "example",
        "missing_danger",
    ),
    (
        "default of another cut-off",
        QUESTIONS,
        within("client.sex", 'default = "x"', 'default = "m"'),
        "example",
        "rules should be",
    ),
    (
        "default unknown",
        QUESTIONS,
        within("client.sex", 'default = "x"', 'default = "q"'),
        "content",
        "'q'",
    ),
    (
        "range turned round",
        QUESTIONS,
        within("history.episodes", "max = 20", "max = 0"),
        "content",
        "history.episodes",
    ),
    (
        "ages of the client card too narrow",
        QUESTIONS,
        within("client.age", "min = 18", "min = 30"),
        "content",
        "client.age goes from 30",
    ),
    # examples
    (
        "example dropped: one side of a cut-off",
        EXAMPLES,
        drop("audit_20"),
        "uncovered",
        "its cut-off 20",
        "hint",
    ),
    (
        "example dropped: the only one of a rule",
        EXAMPLES,
        drop("long_psychotherapy_wish"),
        "uncovered",
        "rule A18",
        "hint",
    ),
    (
        "example with a wrong step",
        EXAMPLES,
        first("step = 0", "step = 1"),
        "example",
        "step should be 1",
    ),
    (
        "example of an unknown base",
        EXAMPLES,
        first('base = "well"', 'base = "wel"'),
        "example",
        "'wel'",
    ),
    (
        "example with an unknown answer",
        EXAMPLES,
        within("audit_20", '"audit.4"', '"audit.44"'),
        "example",
        "audit.44",
    ),
    # texts that cannot be read, things that stand twice
    ("broken TOML", RULES, swap('id = "A2"', 'id = "A2'), "content", "not readable as TOML"),
    (
        "key twice",
        RULES,
        within("A2", "at_least = 1", "at_least = 1\nat_least = 2"),
        "content",
        "not readable as TOML",
    ),
    ("rule twice", RULES, twice("A2"), "content", "rule A2 is defined twice"),
    ("question twice", QUESTIONS, twice("drugs"), "content", "drugs is defined twice"),
    ("care twice", CARE, twice("klt"), "content", "intervention klt is defined twice"),
    ("example twice", EXAMPLES, twice("audit_20"), "content", "audit_20"),
    (
        "option twice",
        QUESTIONS,
        within("drugs", 'id = "3"', 'id = "2"'),
        "content",
        "option 2 is defined twice",
    ),
    ("two effects", RULES, within("S1", "then_at_least = 4", "at_least = 4"), "content", "S1"),
    (
        "approved by nobody",
        HEADER,
        swap('status = "draft"', 'status = "approved"'),
        "content",
        "reviewed_by",
    ),
    # care
    (
        "no care on a step",
        CARE,
        within("brief_psychotherapy", "steps = [3]", "steps = [4]"),
        "step_without_intervention",
        "step 3",
    ),
    (
        "no care for an age",
        CARE,
        within("brief_psychotherapy", "steps = [3]", "steps = [3]\nages = { from = 18, to = 64 }"),
        "step_without_intervention",
        "age 65",
    ),
    (
        "care on no step of the pathway",
        CARE,
        within("klt", "steps = [2]", "steps = [7]"),
        "content",
        "no step 7",
    ),
    (
        "care for no age of the pathway",
        CARE,
        within("klt", "steps = [2]", "steps = [2]\nages = { to = 17 }"),
        "intervention_never_offered",
        "klt",
    ),
    (
        "care for an impossible age",
        CARE,
        within("net_therapy", "ages = { from = 18 }", "ages = { from = 180 }"),
        "content",
        "net_therapy",
    ),
    (
        "care that nothing brings up",
        CARE,
        cut("psychophysical_physiotherapy", "[[intervention.suits]]"),
        "intervention_never_offered",
        "psychophysical_physiotherapy",
    ),
    (
        "care with an unknown need",
        CARE,
        within("net_therapy", '"e_id"', '"id_card"'),
        "content",
        "net_therapy",
    ),
    # ages and services
    (
        "ages: gap",
        HEADER,
        swap("ages = { from = 18, to = 120 }", "ages = { from = 24, to = 120 }"),
        "population",
        "23–23",
    ),
    (
        "ages: an overlap that nothing settles",
        HEADER,
        swap("ages = { from = 18, to = 120 }", "ages = { from = 17, to = 120 }"),
        "population",
        "17–17",
    ),
    (
        "service with an unknown intervention",
        SERVICES,
        first('"active_monitoring"', '"activ_monitoring"'),
        "services",
        "'activ_monitoring'",
    ),
    (
        "service in an unknown municipality",
        SERVICES,
        first('["hollola"]', '["holola"]'),
        "services",
        "'hollola'",
    ),
    (
        "service with an undated wait",
        SERVICES,
        first("waiting_checked = 2026-11-16\n", ""),
        "services",
        "waiting_checked",
    ),
    (
        "service with an undated contact",
        SERVICES,
        first("contact_checked = 2026-11-02\n", ""),
        "services",
        "contact_checked",
    ),
    (
        "service checked on no day",
        SERVICES,
        first("contact_checked = 2026-11-02", 'contact_checked = "soon"'),
        "services",
        "contact_checked",
    ),
)

NEW_OF_ADULTS = _on(
    "adult",
    # what the second version added: each stop, rule and question, lost or moved
    (
        "part dropped: the body",
        RULES,
        within("S1b", " or danger.body", ""),
        "safety",
        "danger.body",
    ),
    (
        "card of the body removed",
        RULES,
        within("S1b", '  { card = "somatic_alarm", when = "danger.body" },\n', ""),
        "stop_without_card",
        "S1b",
    ),
    (
        "the body not asked",
        QUESTIONS,
        within("danger.body", "required = true\n", ""),
        "safety_optional",
        "danger.body",
        "hint",
    ),
    ("stop dropped: eating alarm", RULES, drop("S1e"), "safety", "eating.alarm"),
    ("stop dropped: psychosis after birth", RULES, drop("S1p"), "example", "perinatal_psychosis"),
    (
        "psychosis after birth on the same day",
        RULES,
        within("S1p", '"emergency"', '"same_day"'),
        "stop_too_mild",
        "S1p",
    ),
    (
        "part dropped: mania after birth",
        RULES,
        within("S1p", "(flag.psychosis or flag.mania)", "flag.psychosis"),
        "example",
        "perinatal_mania",
    ),
    (
        "part dropped: attempt",
        RULES,
        within("S2", " or history.attempt >= 2 or epds.10 >= 1", " or epds.10 >= 1"),
        "example",
        "attempt_within_year",
    ),
    (
        "cut-off moved: attempt within a year",
        RULES,
        within("S2", "history.attempt >= 2 or", "history.attempt >= 3 or"),
        "example",
        "attempt_within_year",
    ),
    (
        "attempt counts below 65 only",
        RULES,
        within("S2", "history.attempt >= 2 or", "(history.attempt >= 2 and client.age < 65) or"),
        "safety_passed",
        "history.attempt",
    ),
    (
        "card of an attempt removed",
        RULES,
        within("S2", '  { card = "attempt_adult", when = "history.attempt >= 2" },\n', ""),
        "stop_without_card",
        "S2",
    ),
    (
        "part dropped: item 10 of EPDS",
        RULES,
        within("S2", " or epds.10 >= 1", ""),
        "safety_passed",
        "epds.10",
    ),
    (
        "attempt asked of some",
        QUESTIONS,
        within("history.attempt", "safety = true", 'safety = true\nask_if = "client.age < 65"'),
        "safety_hidden",
        "history.attempt",
    ),
    (
        "attempt of last week counts",
        QUESTIONS,
        within("history.attempt", "safety = true", 'safety = true\nholds = "14 days"'),
        "safety_stale",
        "history.attempt",
    ),
    (
        "after an attempt no safety question",
        QUESTIONS,
        first(" or history.attempt >= 2", ""),
        "example",
        "attempt_asked_now",
    ),
    (
        "around a birth stopped at once again",
        RULES,
        within("S4", "phq9.total >= 20", "phq9.total >= 10"),
        "example",
        "perinatal_10",
    ),
    ("stop dropped: self-neglect", RULES, drop("S5"), "example", "function_4"),
    (
        "self-neglect within a week",
        RULES,
        within("S5", '"same_day"', '"week"'),
        "stop_too_mild",
        "S5",
    ),
    (
        "step after a stop lost: self-neglect",
        RULES,
        within("S5", "then_at_least = 3\n", ""),
        "example",
        "function_4_recorded",
    ),
    ("stop dropped: past mania", RULES, drop("S6"), "safety", "history.mania"),
    (
        "past mania asks for low mood twice as deep",
        RULES,
        within("S6", "phq9.total >= 5", "phq9.total >= 10"),
        "example",
        "mania_past_5",
    ),
    (
        "step after a stop lower: past mania",
        RULES,
        within("S6", "then_at_least = 3", "then_at_least = 2"),
        "example",
        "mania_past_5_recorded",
    ),
    (
        "worse direction lost: past mania",
        QUESTIONS,
        within("history.mania", 'worse = "yes"\n', ""),
        "safety",
        "history.mania",
    ),
    (
        "step swapped: A11f",
        RULES,
        within("A11f", "at_least = 1", "at_least = 2"),
        "example",
        "step",
    ),
    ("cut-off moved: A11f", RULES, within("A11f", ">= 16", ">= 17"), "example", "audit_16"),
    ("part dropped: A11g", RULES, within("A11g", " or drugs >= 3", ""), "example", "drugs_daily"),
    (
        "flipped: A11g",
        RULES,
        within("A11g", "audit.total >= 20", "audit.total < 20"),
        "monotone_step",
        "A11g",
    ),
    ("cut-off moved: A21", RULES, within("A21", ">= 3", ">= 2"), "example", "function_2"),
    ("rule dropped: A21", RULES, drop("A21"), "example", "housebound_anxiety"),
    ("cut-off moved: A21d", RULES, within("A21d", ">= 3", ">= 4"), "example", "function_3"),
    (
        "worse direction wrong: function",
        QUESTIONS,
        within("function.daily", 'worse = "up"', 'worse = "down"'),
        "monotone_stop",
        "function.daily",
    ),
    (
        "cut-off moved: trials",
        RULES,
        within("A23b", "trials >= 2", "trials >= 3"),
        "example",
        "trials_2",
    ),
    (
        "cut-off moved: anxiety after trials",
        RULES,
        within("A23b", "gad7.total >= 8", "gad7.total >= 7"),
        "example",
        "trials_2_anxiety_7",
    ),
    (
        "cut-off moved: A23",
        RULES,
        within("A23", "trials >= 1", "trials >= 2"),
        "example",
        "trials_1",
    ),
    ("action lost: A23c", RULES, drop("A23c"), "example", "trials_2"),
    (
        "hidden by a worse answer: trials",
        QUESTIONS,
        within("treatment.trials", "phq9.total >= 5 or", "phq9.total <= 15 or"),
        "monotone_step",
        "A23b",
    ),
    ("cut-off moved: A24", RULES, within("A24", ">= 10", ">= 9"), "example", "two_episodes_mood_9"),
    (
        "and for or: A25",
        RULES,
        within("A25", "(phq9.total >= 10 or", "(phq9.total >= 10 and"),
        "example",
        "perinatal",
    ),
    (
        "cut-off moved: EPDS",
        RULES,
        within("A25", "epds.total >= 13", "epds.total >= 14"),
        "example",
        "perinatal_epds_13",
    ),
    ("action lost: A25m", RULES, drop("A25m"), "example", "perinatal_epds_13"),
    ("cut-off moved: A26", RULES, within("A26", ">= 1", ">= 2"), "example", "attempt_old"),
    ("action lost: A26s", RULES, drop("A26s"), "example", "attempt_old"),
    (
        "another treatment taken for a unit's",
        RULES,
        within("A27", "psychiatric_care", "psychotherapy"),
        "example",
        "already_in_psychiatric_care",
    ),
    (
        "age line moved: guarantee",
        RULES,
        within("G1", "<= 23", "<= 22"),
        "example",
        "age_23_guarantee",
    ),
    (
        "guarantee on every step",
        RULES,
        within("G1", "only_steps = [1, 2, 3]\n", ""),
        "example",
        "G1",
    ),
    (
        "misspelt problem",
        CARE,
        within("ipc", "problem.main has grief", "problem.main has greif"),
        "content",
        "'greif'",
    ),
    (
        "AUDIT asked of nobody",
        QUESTIONS,
        first('instrument = "audit"', 'instrument = "audit"\nitems = ["4", "5"]'),
        "content",
        "audit.6",
    ),
    (
        "AUDIT hidden from heavy drinkers",
        QUESTIONS,
        first('ask_if = "auditc.positive"', 'ask_if = "auditc.positive and drugs <= 2"'),
        "content",
        "drugs",
    ),
)
"""What the second version of the adult pathway added, each part lost or moved."""

YOUTH = _on(
    "youth",
    ("stop dropped: suicide now", RULES, drop("Y0a"), "safety", "danger.suicide"),
    ("stop dropped: other danger now", RULES, drop("Y0b"), "safety", "danger.child"),
    ("stop dropped: attempt under 18", RULES, drop("Y0"), "example", "Y0"),
    ("stop dropped: thoughts, self-harm", RULES, drop("Y1"), "safety", "selfharm"),
    ("stop dropped: psychosis, mania", RULES, drop("Y2"), "safety_passed", "flag.mania"),
    ("stop dropped: alarm of eating", RULES, drop("Y2e"), "safety", "eating.alarm"),
    ("stop dropped: past mania", RULES, drop("Y2h"), "safety", "history.mania"),
    ("stop dropped: psychosis around a birth", RULES, drop("Y2p"), "example", "Y2p"),
    (
        "part dropped: danger of the body",
        RULES,
        within("Y0b", " or danger.body", ""),
        "safety",
        "danger.body",
    ),
    (
        "stop milder than its card: alarm of the body",
        RULES,
        within("Y0b", 'stop = "emergency"', 'stop = "same_day"'),
        "stop_too_mild",
        "Y0b",
    ),
    (
        "cut-off moved: past mania",
        RULES,
        within("Y2h", "phq9.total >= 5", "phq9.total >= 6"),
        "example",
        "Y2h",
    ),
    ("floor dropped: school, daily life", RULES, drop("Y8b"), "example", "Y8b"),
    (
        "help for a family that is told nowhere",
        CARE,
        within("klt_child", "child_ages = { from = 7, to = 12 }\n", ""),
        "intervention_never_offered",
        "klt_child",
    ),
    (
        "part dropped: daily life",
        RULES,
        within("Y8b", " or daily.function >= 3", ""),
        "example",
        "everyday_stopped",
    ),
    (
        "cut-off moved: daily life",
        RULES,
        within("Y4b", "daily.function >= 2", "daily.function >= 1"),
        "example",
        "Y4b",
    ),
    (
        "sign beside school dropped: mood",
        RULES,
        within("Y9", "phq9.total >= 16 or ", ""),
        "example",
        "school_stopped_phq_16",
    ),
    (
        "sign beside school dropped: failed step",
        RULES,
        within("Y9", " or history.failed_step >= 2", ""),
        "example",
        "school_stopped_failed_2",
    ),
    (
        "sign beside school flipped",
        RULES,
        within("Y9", "daily.function >= 3", "daily.function < 3"),
        "monotone_step",
        "Y9",
    ),
    (
        "school alone leads to psychiatry again",
        RULES,
        within("Y9", "school.absence >= 3 and", "school.absence >= 3 or"),
        "example",
        "Y9",
    ),
    ("stop dropped: harm", RULES, drop("Y3b"), "safety", "harm.runaway"),
    ("part dropped: self-harm", RULES, within("Y1", " or selfharm", ""), "safety", "selfharm"),
    (
        "part dropped: refusal of ASQ 1",
        RULES,
        within("asq.any", "asq.1 is yes or asq.1 is refused", "asq.1 is yes"),
        "safety",
        "asq.1",
    ),
    (
        "part dropped: guardian",
        RULES,
        within("Y1", " or guardian.afraid", ""),
        "safety",
        "guardian.afraid",
    ),
    (
        "part dropped: unassessed attempt",
        RULES,
        within(
            "Y0c", "client.age >= 19 and attempt.unassessed", "client.age >= 19 and phq9.9 >= 1"
        ),
        "safety",
        "attempt.unassessed",
    ),
    ("part dropped: drugs", RULES, within("Y2", " or drugs >= 3", ""), "safety", "drugs"),
    (
        "age line moved: attempt",
        RULES,
        within("Y0", "client.age < 18", "client.age < 17"),
        "example",
        "Y0",
    ),
    (
        "age line with a hole: attempt",
        RULES,
        within("Y0c", "client.age is 18", "client.age is 19"),
        "example",
        "Y0c",
    ),
    (
        "age beyond the pathway",
        RULES,
        within("Y0m", "client.age < 18", "client.age >= 40"),
        "dead_rule",
        "Y0m",
    ),
    (
        "card of one age removed",
        RULES,
        within("Y0c", '  { card = "attempt_adult", when = "client.age >= 19" },\n', ""),
        "stop_without_card",
        "Y0c",
    ),
    (
        "card only where it does not hold",
        RULES,
        within("Y3b", 'when = "harm.runaway"', 'when = "harm.runaway and client.age >= 18"'),
        "stop_without_card",
        "Y3b",
    ),
    (
        "card of self-harm removed",
        RULES,
        within("Y1", '  { card = "self_harm", when = "selfharm" },\n', ""),
        "stop_without_card",
        "Y1",
    ),
    ("cut-off moved: mood", RULES, within("Y6", ">= 11", ">= 12"), "example", "Y6"),
    (
        "cut-off moved: absence",
        RULES,
        within("Y7", "absence >= 2", "absence >= 3"),
        "example",
        "Y7",
    ),
    (
        "cut-off out of range: absence",
        RULES,
        within("Y9", "school.absence >= 3", "school.absence >= 4"),
        "content",
        "school.absence goes from",
    ),
    (
        "flipped: mood",
        RULES,
        within("Y8", "phq9.total >= 16", "phq9.total <= 16"),
        "monotone_step",
        "Y8",
    ),
    ("flipped: failed step", RULES, within("Y6b", ">= 1", "< 1"), "monotone_step", "Y6b"),
    (
        "step swapped",
        RULES,
        within("Y9", "at_least = 4", "at_least = 3"),
        "example",
        "step should be 4",
    ),
    (
        "misspelt fact",
        RULES,
        within("life.troubles", "friends.lonely", "friend.lonely"),
        "content",
        "'friends.lonely'",
    ),
    (
        "misspelt card",
        RULES,
        within("Y2b", '"perinatal"', '"perinatl"'),
        "content",
        "'perinatal'",
    ),
    (
        "hidden by a worse answer: alarm",
        QUESTIONS,
        within("eating.alarm", '"flag.eating"', '"flag.eating and harm.home is no"'),
        "monotone_stop",
        "Y2e",
    ),
    (
        "offer for other ages",
        RULES,
        within("Y5n", "add = ", 'offer = ["net_therapy"]\nadd = '),
        "offer_unfit",
        "net_therapy",
    ),
    (
        "asked of the wrong age",
        QUESTIONS,
        within("guardian.afraid", "client.age < 18 and", "client.age >= 30 and"),
        "unreachable_question",
        "guardian.afraid",
    ),
    (
        "worse direction wrong: absence",
        QUESTIONS,
        within("school.absence", '"up"', '"down"'),
        "monotone_step",
        "school.absence",
    ),
    (
        "worse direction lost: self-harm",
        QUESTIONS,
        within("selfharm", 'worse = "yes"\n', ""),
        "safety",
        "selfharm",
    ),
    (
        "card without numbers",
        "cards/self_harm.toml",
        lambda text: re.sub(r"(?ms)^numbers = \[.*?^\]\n", "", text),
        "card_without_number",
        "self_harm",
    ),
    (
        "text lost: safety step",
        "cards/sexual_harm.toml",
        lambda t: re.sub(r"(?m)^text\.sv = .*\n", "", t, count=1),
        "content",
        "sv",
    ),
    (
        "ages: gap",
        HEADER,
        swap("ages = { from = 13, to = 22 }", "ages = { from = 13, to = 16 }"),
        "population",
        "17–17",
    ),
    (
        "ages: overlap declared too wide",
        HEADER,
        swap("ages = { from = 19, to = 22 }", "ages = { from = 17, to = 22 }"),
        "population",
        "17–22",
    ),
    (
        "overlap with an unknown pathway",
        HEADER,
        first('pathway = "adult"', 'pathway = "adults"'),
        "population",
        "'adult'",
    ),
    (
        "overlap that nobody leads",
        HEADER,
        swap('leads = "adult"', 'leads = "child"'),
        "population",
        "'child' cannot lead",
    ),
)

YOUNG_CARD = """  { card = "psychosis_youth", when = "flag.psychosis and client.young" },
"""
FOLLOW_UP = _on(
    "follow_up",
    (
        "stop dropped: psychosis, mania",
        RULES,
        drop("S3"),
        "example",
        "psychosis_new: stops should be S3",
    ),
    ("stop dropped: other signs", RULES, drop("S4"), "example", "violence_new: stops should be S4"),
    (
        "stop dropped: eating alarm",
        RULES,
        drop("S1e"),
        "example",
        "eating_alarm: stops should be S1e",
    ),
    (
        "stop dropped: eating alarm of the young",
        RULES,
        drop("S1ey"),
        "example",
        "eating_alarm_young: stops",
    ),
    (
        "stop dropped: mania around a birth",
        RULES,
        drop("S1p"),
        "example",
        "mania_birth: stops should be S1p, S3",
    ),
    (
        "part dropped: the body",
        RULES,
        within("S1b", " or danger.body", ""),
        "safety",
        "danger.body",
    ),
    (
        "part dropped: intoxication",
        RULES,
        within("S1b", " or danger.intoxicated", ""),
        "safety",
        "danger.intoxicated",
    ),
    (
        "part dropped: withdrawal",
        RULES,
        within("S4", " or flag.withdrawal", ""),
        "safety",
        "flag.withdrawal",
    ),
    (
        "part dropped: low mood around a birth",
        RULES,
        within("S4", " or perinatal.today", ""),
        "example",
        "birth_20: stops should be S4",
    ),
    (
        "limit moved: low mood around a birth",
        RULES,
        within("perinatal.today", "phq9.total >= 20", "phq9.total >= 21"),
        "example",
        "birth_20: stops",
    ),
    (
        "limit moved: the same in the young",
        RULES,
        within("perinatal.today", "phq9.total >= 10", "phq9.total >= 11"),
        "example",
        "birth_young_10",
    ),
    (
        "card dropped: psychosis of the young",
        RULES,
        within("S3", YOUNG_CARD, ""),
        "stop_without_card",
        "S3",
    ),
    (
        "part dropped: child card of the young",
        RULES,
        within("S4", " or (flag.violence and client.young)", ""),
        "example",
        "violence_young: cards",
    ),
    (
        "emergency made milder",
        RULES,
        line("S1p", "stop", 'stop = "same_day"'),
        "stop_too_mild",
        "S1p",
    ),
    ("floor dropped: eating", RULES, drop("F5"), "example", "eating_new: step should be 2"),
    ("floor dropped: substances", RULES, drop("F6"), "example", "substances_new: step should be 1"),
    (
        "floor dropped: no first score on step 1",
        RULES,
        drop("N1"),
        "example",
        "unknown_1_no: step should be 1",
    ),
    (
        "floor dropped: no first score on step 2",
        RULES,
        drop("N2"),
        "example",
        "unknown_2_no: step should be 2",
    ),
    (
        "floor dropped: no first score on step 3",
        RULES,
        drop("N3"),
        "example",
        "unknown_3_no: step should be 3",
    ),
    (
        "turned: no first score",
        RULES,
        within("N2", "before.known is no", "before.known is yes"),
        "example",
        "unknown_2_no: step",
    ),
    (
        "floor dropped: still ill after step 1",
        RULES,
        drop("A9a"),
        "example",
        "partly_1_end: step should be 2",
    ),
    (
        "floor dropped: still ill after step 2",
        RULES,
        drop("A9b"),
        "example",
        "partly_2_end: step should be 3",
    ),
    (
        "floor dropped: still ill after step 3",
        RULES,
        drop("A9c"),
        "example",
        "partly_3_end: or_above",
    ),
    (
        "part dropped: a treatment that goes on",
        RULES,
        within("A9b", " and measured.after", ""),
        "example",
        "better_not_yet: step",
    ),
    (
        "part dropped: enough contacts",
        RULES,
        within("A9a", "treatment.adequate and ", ""),
        "example",
        "partly_1_few: step",
    ),
    (
        "part dropped: told to finish at the end",
        RULES,
        within("C1", " and (not measured.after or not treatment.adequate)", ""),
        "example",
        "partly_1_end: actions",
    ),
    (
        "part dropped: never a case",
        RULES,
        within("recovered", " or (not case.before and target.better >= 2)", ""),
        "example",
        "never_eased: step should be 0",
    ),
    (
        "limit moved: partly eased",
        RULES,
        within("recovered", "target.better >= 2", "target.better >= 1"),
        "example",
        "never_partly: step",
    ),
    (
        "part dropped: recovery without risk",
        RULES,
        within("recovered", " and not suicide.sign", ""),
        "example",
        "item_9: actions",
    ),
    (
        "part dropped: recovery below the limits",
        RULES,
        within("recovered", "not case.now and ", ""),
        "example",
        "better_not_yet: rules",
    ),
    (
        "part dropped: an end with a first score",
        RULES,
        within("C2", " and before.known is yes", ""),
        "example",
        "unknown_2_no: rules",
    ),
    (
        "part dropped: a close with a first score",
        RULES,
        within("C6", " and before.known is yes", ""),
        "example",
        "after_6_unknown: rules",
    ),
    (
        "part dropped: an end without signs",
        RULES,
        within("C2", " and not flag.any", ""),
        "example",
        "substances_new: rules",
    ),
    (
        "part dropped: a close without signs",
        RULES,
        within("C6", " and not flag.any", ""),
        "example",
        "after_6_substances: rules",
    ),
    (
        "part dropped: six months after",
        RULES,
        within("measured.after", " or occasion is months_6", ""),
        "example",
        "after_6_still_ill: rules",
    ),
    (
        "part dropped: substances among signs",
        RULES,
        within("flag.any", " or flag.substances", ""),
        "example",
        "substances_new: rules",
    ),
    ("action dropped: plan after the end", RULES, drop("B6"), "example", "partly_1_end: actions"),
    ("action dropped: talk about help", RULES, drop("D6"), "example", "never_partly: actions"),
    ("action dropped: examination", RULES, drop("E1"), "example", "eating_new: actions"),
    ("action dropped: AUDIT", RULES, drop("E2"), "example", "substances_new: actions"),
    ("action dropped: maternity clinic", RULES, drop("E3"), "example", "birth_10: actions"),
    (
        "limit moved: maternity clinic",
        RULES,
        within("E3", "phq9.total >= 10", "phq9.total >= 11"),
        "example",
        "birth_10: actions",
    ),
    (
        "not required: the problem treated",
        QUESTIONS,
        line("target.better", "required"),
        "example",
        "after_3_not_asked: status",
    ),
    (
        "asked at the end alone: the problem treated",
        QUESTIONS,
        line("target.better", "ask_if", 'ask_if = "occasion is end"'),
        "example",
        "after_3_not_asked: status",
    ),
    (
        "worse turned: the problem treated",
        QUESTIONS,
        line("target.better", "worse", 'worse = "up"'),
        "monotone_step",
        "target.better",
    ),
    (
        "not required: psychosis",
        QUESTIONS,
        line("flag.psychosis", "required"),
        "safety_optional",
        "flag.psychosis",
        "hint",
    ),
    (
        "taken for known: earlier scores",
        QUESTIONS,
        line("before.known", "default", 'default = "yes"'),
        "example",
        "unknown_not_told: step should be 2",
    ),
)
