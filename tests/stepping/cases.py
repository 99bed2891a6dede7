"""Answers and small pathways that the tests of the core share; all people are invented."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from stepping.pathway.model import Answer, Pathway
from stepping.pathway.reader import read_pathway
from store.pathway_files.files import built_in
from tests.stepping.contracts.adult_oracle import CONTRACT, QUESTIONS
from tests.stepping.contracts.contract import ANY_OF, Values

Case = dict[str, Answer]

INVENTED_HETU = "010190-912K"
"""900 to 999 are never given to anyone."""


def adult() -> Pathway:
    return built_in("adult")


def _best(values: Values, worse: str) -> Answer:
    match values:
        case range():
            return values[0]
        case (int(low), int(high)):
            return high if worse == "down" else low
        case _:
            return str(values[0])


WELL: Case = {
    "client.age": 40,
    "client.sex": "f",
    **{
        name: _best(values, worse)
        for name, (values, worse) in QUESTIONS.items()
        if name not in (*ANY_OF, "need.language")
    },
    **dict.fromkeys(ANY_OF, ()),
    "need.language": "",
}
"""Every question answered, all of them well."""

SAFETY = tuple(
    name
    for name in QUESTIONS
    if name.startswith(("danger.", "asq.", "suicide.", "nurse."))
    or name in ("flag.psychosis", "flag.mania", "flag.withdrawal", "flag.violence", "flag.child")
    or name in ("history.attempt", "history.mania", "function.daily", "epds.10", "eating.alarm")
)
"""Questions that mostly stay well in random answers, so that steps are suggested at all."""


def spread(instrument: str, items: int, total: int, first: int = 1) -> Case:
    """Answers that reach a total, from the first item on, each item 0–3."""
    left, case = total, {}
    for item in range(first, first + items):
        case[f"{instrument}.{item}"] = min(3, left)
        left -= min(3, left)
    assert left == 0
    return dict(case)


def phq9(total: int) -> Case:
    """Items 1–8 that reach a total, the ninth 0."""
    return {**spread("phq9", 8, total), "phq9.9": 0}


def gad7(total: int) -> Case:
    return spread("gad7", 7, total)


def values_of(name: str) -> list[Answer]:
    """Every answer of a question, or for a long range those around all cut-offs."""
    match QUESTIONS[name][0]:
        case (int(low), int(high)) if high - low > 40:
            cuts = (4, 13, 26, 30, 31, 365)
            near = {low, high, *(c + d for c in cuts for d in (-1, 0, 1))}
            return sorted(v for v in near if low <= v <= high)
        case _:
            return CONTRACT.values_of(name)


def cases(calm: bool = True) -> st.SearchStrategy[Case]:
    """Full random answers; `calm` keeps most questions that stop the session well."""
    picks: dict[str, st.SearchStrategy[Answer]] = {
        "client.age": st.sampled_from([18, 22, 23, 30, 40, 64, 65, 80, 120]),
        "client.sex": st.sampled_from(["f", "m", "x"]),
    }
    for name in QUESTIONS:
        values = values_of(name)
        weights = 25 if calm and name in SAFETY else 3 if len(values) == 2 else 1
        if calm and name == "phq9.9":
            weights = 40
        picks[name] = st.sampled_from([values[0]] * weights + values[1:])
    return st.fixed_dictionaries(picks)


def without(case: Case, names: object) -> Case:
    """The answers with some taken away."""
    assert isinstance(names, set | frozenset | list | tuple)
    return {name: answer for name, answer in case.items() if name not in names}


# -- a small pathway that tests may break -----------------------------------------------------


def text(english: str) -> str:
    return f'{{ en = "{english}", fi = "{english} (fi)" }}'


SMALL: dict[str, str] = {
    "pathway.toml": f"""\
id = "small"
version = "1"
status = "draft"
owner = "test"
change_note = "first"
languages = ["en", "fi"]
ages = {{ from = 18, to = 99 }}
title = {text("small")}
emergency_cards = ["danger"]

[[step]]
number = 0
name = {text("watch")}
summary = {text("wait and see")}

[[step]]
number = 1
name = {text("help")}
summary = {text("guided help")}

[[section]]
id = "first"
title = {text("first")}

[[action]]
id = "doctor"
title = {text("see a doctor")}
""",
    "questions.toml": f"""\
[[given]]
id = "client.age"
type = "integer"
min = 18
max = 99
label = {text("age")}

[[ask]]
id = "danger"
section = "first"
type = "yesno"
required = true
worse = "yes"
text = {text("danger?")}
label = {text("danger")}
source = "own words"
basis = "local"

[[ask]]
instrument = "mood"
section = "first"
required = true

[[ask]]
id = "weeks"
section = "first"
type = "integer"
min = 0
max = 52
worse = "up"
ask_if = "mood.total >= 1"
text = {text("how long?")}
label = {text("weeks")}
source = "own words"
basis = "local"
""",
    "rules.toml": f"""\
[[fact]]
id = "low"
when = "mood.total >= 2"
label = {text("low mood")}

[[rule]]
id = "R1"
when = "danger"
stop = "emergency"
cards = [{{ card = "danger" }}]
because = {text("danger")}
source = "test"
basis = "local"

[[rule]]
id = "R2"
when = "low and weeks >= 4"
at_least = 1
because = {text("low for long")}
source = "test"
basis = "local"

[[rule]]
id = "R3"
when = "mood.total >= 3"
add = ["doctor"]
because = {text("very low")}
source = "test"
basis = "local"
""",
    "interventions.toml": f"""\
[[intervention]]
id = "talk"
steps = [0, 1]
title = {text("talk")}
summary = {text("a talk")}
dose = {text("once")}
delivered_by = {text("nurse")}
follow_up = {text("none")}
source = "test"
basis = "local"

[[intervention.suits]]
when = "mood.total >= 1"
because = {text("mood is low")}

[[intervention.excluded_if]]
when = "weeks >= 50"
because = {text("too long")}
""",
    "examples.toml": f"""\
[[example]]
id = "well"
title = {text("well")}
answers = {{ danger = false, "mood.1" = 0, "mood.2" = 0 }}
expect = {{ status = "suggested", step = 0 }}
""",
    "instruments/mood.toml": f"""\
id = "mood"
version = "1"
name = "MOOD"
title = {text("mood")}
stem = {text("lately")}
window = {text("two weeks")}
source = "test"
licence = "free"
options = [
  {{ score = 0, label = {text("no")} }},
  {{ score = 1, label = {text("some")} }},
  {{ score = 2, label = {text("much")} }},
]

[wording.en]
status = "published"
source = "test"

[wording.fi]
status = "working"
source = "test"

[[item]]
id = "1"
text = {text("sad")}
label = {text("sadness")}

[[item]]
id = "2"
text = {text("tired")}
label = {text("tiredness")}

[[total]]
id = "total"
label = {text("mood total")}
bands = [ {{ from = 0, label = {text("low")} }}, {{ from = 2, label = {text("high")} }} ]
source = "test"
""",
    "cards/danger.toml": f"""\
id = "danger"
level = "E"
title = {text("danger")}
lead = {text("act now")}
numbers = [ {{ number = "112", label = {text("emergency")} }} ]
source = "test"
basis = "local"

[[steps]]
id = "stay"
text = {text("stay")}

[[steps]]
id = "call"
text = {text("call")}
""",
}
"""A whole pathway in seven short files."""


def changed(file: str, old: str, new: str, files: Mapping[str, str] = SMALL) -> dict[str, str]:
    """The small pathway with one thing changed; the old text must stand there once."""
    assert files[file].count(old) == 1, (file, old, files[file].count(old))
    return {**files, file: files[file].replace(old, new)}


def added(file: str, more: str, files: Mapping[str, str] = SMALL) -> dict[str, str]:
    """The small pathway with more at the end of a file."""
    return {**files, file: files[file] + more}


def small() -> Pathway:
    return read_pathway(SMALL)


LADDER: dict[str, str] = added(
    "pathway.toml",
    f"""
[[step]]
number = 2
name = {text("therapy")}
summary = {text("short therapy")}

[[step]]
number = 3
name = {text("specialist")}
summary = {text("specialised care")}

[[override_reason]]
code = "wish"
direction = "any"
text = {text("the client wishes so")}
""",
    added(
        "rules.toml",
        f"""
[[rule]]
id = "R4"
when = "weeks >= 10"
at_least = 2
or_above = true
consider = {text("how long it has lasted")}
because = {text("long")}
source = "test"
basis = "local"

[[rule]]
id = "R5"
when = "weeks >= 30"
at_least = 3
because = {text("very long")}
source = "test"
basis = "local"
""",
        changed("interventions.toml", "steps = [0, 1]", "steps = [0, 1, 2, 3]"),
    ),
)
"""The small pathway with four steps; from ten weeks on it says step 2 or above."""


def ladder() -> Pathway:
    return read_pathway(LADDER)
