"""Many cases at once come out exactly as each would alone; a row that is unfit spoils no other."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepping.batch.batch import OUTPUT, Batch, CellRefusal, UnfitColumns
from stepping.batch.columns import BatchPlan, FactColumns
from stepping.decision.decide import decide
from stepping.pathway.answers import AnswersError, read_answers
from stepping.pathway.model import DECLINED, Answer, Pathway
from stepping.pathway.reader import read_pathway
from stepping.proofs.examples import example_answers
from tests.stepping.cases import (
    INVENTED_HETU,
    SMALL,
    WELL,
    Case,
    adult,
    cases,
    small,
    text,
    without,
)

Recorded = tuple[str, ...]


# -- an odd pathway: everything that a column has to know, the wide and the rare too -----------

_ASK = """
[[ask]]
id = "{id}"
section = "first"
type = "{type}"
{more}
text = {text}
label = {text}
source = "own words"
basis = "local"
"""


def ask(id_: str, type_: str, more: str = "") -> str:
    return _ASK.format(id=id_, type=type_, more=more, text=text(id_))


def rule(id_: str, when: str, effect: str) -> str:
    return f"""
[[rule]]
id = "{id_}"
when = "{when}"
{effect}
because = {text(id_)}
source = "test"
basis = "local"
"""


def option(id_: str) -> str:
    return f'{{ id = "{id_}", label = {text(id_)} }}'


STOP = 'cards = [{ card = "danger" }]'
UNWILLING = "required = true\nask_if = 'willing is not yes'"
ABOVE = f"or_above = true\nconsider = {text('wishes')}"
CUTS = range(1, 300, 3)
"""More places at which a number is cut than a byte has values."""

ODD: dict[str, str] = {
    **SMALL,
    "pathway.toml": SMALL["pathway.toml"].replace(
        "[[section]]",
        f"[[step]]\nnumber = 3\nname = {text('more')}\nsummary = {text('more')}\n\n"
        f"[[step]]\nnumber = 4\nname = {text('most')}\nsummary = {text('most')}\n\n[[section]]",
    ),
    "questions.toml": SMALL["questions.toml"]
    + f"""
[[given]]
id = "client.area"
type = "choice"
options = [{option("town")}, {option("country")}]
default = "country"
label = {text("area")}

[[ask]]
instrument = "wide"
section = "first"
required = true
ask_if = "danger or mood.1 >= 1"
"""
    + ask("days", "integer", "min = 0\nmax = 400\nrequired = true\nask_if = 'wide.total >= 100'")
    + ask("willing", "yesno", "refusable = true\nask_if = 'not days >= 30'")
    + ask("wish", "multi", f"options = [{option('net')}, {option('talk')}]\nask_if = 'willing'")
    + ask("words", "text", "ask_if = 'wish has talk'")
    + ask("since", "date")
    + ask("place", "choice", f"options = [{option('home')}, {option('none')}]\n{UNWILLING}"),
    "rules.toml": SMALL["rules.toml"].replace('when = "danger"', 'when = "danger and wide.5"')
    + f"""
[[fact]]
id = "many"
count = ["mood.1 >= 1", "willing is refused", "low", "not (days > 3)", "wish has net"]
label = {text("many")}

[[fact]]
id = "far"
when = "many >= 2 and place is not home"
label = {text("far")}
"""
    + rule("S2", "many >= 4 or wide.1 >= 150", f'stop = "week"\n{STOP}\nthen_at_least = 3')
    + rule("S3", "wide.yes or far and days > 100", f'stop = "same_day"\n{STOP}\nthen_at_least = 1')
    + rule("F1", "willing is not yes and many >= 1", f"at_least = 3\n{ABOVE}")
    + rule("F2", "words is given or weeks >= 52 or not since is given and far", "at_least = 4")
    + rule("F3", "client.area is town and client.age >= 65", f"at_least = 1\n{ABOVE}")
    + rule("B1", " or ".join(f"days is {cut}" for cut in CUTS), 'add = ["doctor"]')
    + rule("B2", " or ".join(f"wide.total is {cut}" for cut in CUTS), 'add = ["doctor"]'),
    "instruments/wide.toml": f"""\
id = "wide"
version = "1"
name = "WIDE"
title = {text("wide")}
stem = {text("lately")}
window = {text("a week")}
source = "test"
licence = "free"
options = [{{ score = 0, label = {text("no")} }}, {{ score = 99, label = {text("all")} }}]

[wording.en]
status = "published"
source = "test"

[wording.fi]
status = "working"
source = "test"

[[item]]
id = "1"
type = "scale"
min = 0
max = 200
low = {text("none")}
high = {text("all")}
text = {text("one")}
label = {text("one")}

[[item]]
id = "2"
text = {text("two")}
label = {text("two")}
ask_if = "wide.1 >= 1"

[[item]]
id = "3"
type = "scale"
min = -5
max = 5
low = {text("none")}
high = {text("all")}
text = {text("three")}
label = {text("three")}

[[item]]
id = "4"
type = "yesno"
refusable = true
text = {text("four")}
label = {text("four")}

[[item]]
id = "5"
type = "yesno"
text = {text("five")}
label = {text("five")}
ask_if = "not wide.4"

[[total]]
id = "total"
label = {text("total")}
bands = [{{ from = 0, label = {text("low")} }}]
source = "test"

[[total]]
id = "few"
items = ["4", "5"]
label = {text("few")}
bands = [{{ from = 0, label = {text("low")} }}]
source = "test"

[[positive]]
id = "yes"
label = {text("yes")}
rows = [
  {{ when = "client.area is town and wide.few >= 2", source = "test" }},
  {{ when = "client.area is not town and wide.few >= 1 and wide.total > 300", source = "test" }},
]
""",
}


@cache
def odd() -> Pathway:
    return read_pathway(ODD)


# -- what one case alone would say -------------------------------------------------------------


def cell(answer: Answer) -> str:
    """An answer as a cell holds it; one with nothing in it is a lone bar."""
    if isinstance(answer, tuple):
        answer = "|".join(answer)
    return "|" if answer == "" else str(answer)


def alone(pathway: Pathway, case: Mapping[str, Answer], recorded: Recorded = ()) -> tuple[str, ...]:
    """The cells that the decision on one case makes, without the name of the case."""
    decision = decide(pathway, dict(case), recorded)

    def or_empty(value: object) -> str:
        return "" if value is None else str(value)

    return (
        decision.status,
        or_empty(decision.step),
        "yes" if decision.or_above else "no",
        or_empty(decision.lowest),
        or_empty(decision.highest),
        or_empty(decision.urgency),
        "|".join(decision.stops),
        "|".join(rule.id for rule in decision.rules),
        "|".join(decision.missing),
        "|".join(decision.declined),
        "yes" if decision.at_least else "no",
    )


def columns(pathway: Pathway) -> list[str]:
    given_facts = [fact.id for fact in pathway.facts.values() if fact.origin == "given"]
    return ["case", *given_facts, *pathway.questions, "recorded"]


def row(pathway: Pathway, case: Mapping[str, Answer], recorded: Recorded = ()) -> list[str]:
    told = {name: cell(answer) for name, answer in case.items()}
    told |= {"case": "x", "recorded": "|".join(recorded)}
    return [told.get(name, "") for name in columns(pathway)]


@cache
def batch(pathway: Pathway) -> Batch:
    """One for all tests of a pathway, as a long file has one for all its rows."""
    return Batch(pathway, columns(pathway))


def check(pathway: Pathway, met: list[tuple[Case, Recorded]]) -> None:
    out = batch(pathway).decide_rows([row(pathway, case, recorded) for case, recorded in met])
    assert out.refusals == []
    for (case, recorded), came in zip(met, out.rows, strict=True):
        assert came == ("x", *alone(pathway, case, recorded))


def some_stops(pathway: Pathway) -> st.SearchStrategy[Recorded]:
    stops = [rule.id for rule in pathway.stops]
    picked = st.lists(st.sampled_from(stops), unique=True).map(tuple)
    return st.one_of(st.just(()), picked)


@st.composite
def thinned(draw: st.DrawFn, pathway: Pathway, full: st.SearchStrategy[Case]) -> Case:
    """A case with nothing, a few, or half of its answers taken away, and as many declined."""
    case, share = draw(full), draw(st.sampled_from([0, 1, 5]))
    case = {name: a for name, a in case.items() if draw(st.integers(0, 9)) >= share}
    share = draw(st.sampled_from([0, 1, 5]))
    may_be = [name for name, question in pathway.questions.items() if question.declinable]
    return case | {name: DECLINED for name in may_be if draw(st.integers(0, 9)) < share}


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(thinned(adult(), st.booleans().flatmap(cases)), some_stops(adult())),
        min_size=1,
        max_size=4,
    )
)
def test_a_row_of_the_adult_pathway_says_what_the_case_says_alone(
    met: list[tuple[Case, Recorded]],
) -> None:
    check(adult(), met)


def test_the_adult_examples_come_out_the_same_in_one_file() -> None:
    check(adult(), [(example_answers(adult(), e), tuple(e.recorded)) for e in adult().examples])


def odd_cases() -> st.SearchStrategy[Case]:
    yes_no = ["no", "yes"]
    picks: dict[str, list[Answer]] = {
        "client.age": [18, 64, 65, 99],
        "client.area": ["town", "country"],
        "danger": [*yes_no],
        "mood.1": [0, 1, 2],
        "mood.2": [0, 1, 2],
        "weeks": [0, 3, 4, 52],
        "wide.1": [0, 1, 149, 150, 200],
        "wide.2": [0, 99],
        "wide.3": [-5, -1, 0, 5],
        "wide.4": ["no", "refused", "yes"],
        "wide.5": [*yes_no],
        "days": [0, 3, 4, 29, 30, 100, 101, 299, 400],
        "willing": ["no", "refused", "yes"],
        "wish": [(), ("net",), ("talk",), ("net", "talk")],
        "words": ["", "sign language"],
        "since": ["2026-01-31"],
        "place": ["home", "none"],
    }
    return st.fixed_dictionaries({name: st.sampled_from(v) for name, v in picks.items()})


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(thinned(odd(), odd_cases()), some_stops(odd())), min_size=6, max_size=12),
)
def test_a_row_of_an_odd_pathway_says_what_the_case_says_alone(
    met: list[tuple[Case, Recorded]],
) -> None:
    """Doubted and hidden answers, refusals, counts, lists, remarks, wide numbers, many steps."""
    check(odd(), met)


def test_a_required_question_that_may_not_be_asked_is_not_yet_lacking() -> None:
    calm: Case = {"client.age": 30, "danger": "no", "mood.1": 0, "mood.2": 0}
    assert alone(odd(), calm)[0] == "suggested"
    assert "place" in alone(odd(), calm)[-3]
    check(odd(), [(calm, ()), ({**calm, "willing": "no"}, ())])


def test_a_fact_with_more_values_than_a_byte_is_told_apart() -> None:
    """Otherwise the cases of a big file would begin to share each other's answers."""
    base: Case = {"client.age": 70, "danger": "yes", "mood.1": 2, "wide.1": 120, "wide.2": 99}
    met: list[tuple[Case, Recorded]] = [({**base, "days": days}, ()) for days in range(401)]
    met += [({**base, "wide.1": one, "wide.3": -5}, ("S2",)) for one in range(201)]
    for gone in ({"wide.2"}, {"wide.3"}, {"wide.2", "wide.3"}):
        met += [(without(case, gone), recorded) for case, recorded in met[401:602]]
    check(odd(), met)
    check(odd(), met[::7])
    plan = batch(odd())._plan
    assert len(plan.encoders["wide.1"]) > 256
    assert len(plan.encoders["wide.total"]) > 256


def test_memory_of_cells_that_was_thrown_away_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("stepping.batch.columns._MOST_KEPT", 3)
    words = ["sign language", "large print", "suomi", "svenska", "romani", ""]
    met: list[tuple[Case, Recorded]] = [
        ({"wish": ("talk",), "willing": "yes", "days": days, "words": word}, ())
        for word in words
        for days in (0, 29, 30, 31)
    ]
    check(odd(), met)
    assert len(batch(odd())._cells["words"]._memo) <= 3


def test_what_has_no_column_is_unanswered() -> None:
    names = ["case", "phq9.1", "client.age"]
    out = Batch(adult(), names).decide_rows([["a", "3", "30"], ["b", "", ""]])
    assert [row[0] for row in out.rows] == ["a", "b"]
    assert out.rows[0][1:] == alone(adult(), {"phq9.1": 3, "client.age": 30})
    assert out.rows[1][1:] == alone(adult(), {})


def test_no_rows_and_no_columns_are_no_fault() -> None:
    assert Batch(small(), ["case"]).decide_rows([]).rows == []
    assert Batch(small(), ["case"]).decide_rows([["a"]]).rows[0][1:] == alone(small(), {})


# -- what is refused --------------------------------------------------------------------------


def refused(name: str, value: str, pathway: Pathway | None = None) -> CellRefusal | None:
    """What one unfit cell between two good rows is told; its neighbours must not notice."""
    ready = pathway or adult()
    well = row(ready, WELL if ready is adult() else {})
    names = columns(ready)
    unfit = [value if column == name else c for column, c in zip(names, well, strict=True)]
    out = batch(ready).decide_rows([well, unfit, well])
    good = ("x", *alone(ready, WELL if ready is adult() else {}))
    assert (out.rows[0], out.rows[2]) == (good, good)
    if not out.refusals:
        return None
    (refusal,) = out.refusals
    assert (refusal.row, refusal.column) == (1, name)
    assert out.rows[1][1:] == ("refused", *[""] * (len(OUTPUT) - 2))
    return refusal


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("phq9.1", "4", "4 is out of range; it goes from 0 to 3"),
        ("phq9.1", "-1", "-1 is out of range"),
        ("phq9.1", "x", "needs a whole number 0–3, not 'x'"),
        ("phq9.1", "1.0", "needs a whole number 0–3, not '1.0'"),
        ("phq9.1", " 1", "needs a whole number 0–3, not ' 1'"),
        ("phq9.1", "१", "needs a whole number 0–3"),
        ("phq9.1", "1_0", "needs a whole number 0–3"),
        ("phq9.1", "9" * 5000, "needs a whole number 0–3, not a str of 5002 characters"),
        ("client.age", "17", "17 is outside this pathway, which is for ages 18–120"),
        ("client.sex", "F", "needs one of f, m, x"),
        ("danger.suicide", "TRUE", "needs one of no, yes, not 'TRUE'"),
        ("danger.suicide", "refused", "needs one of no, yes"),
        ("work.status", "working|student", "needs one of"),
        ("wish.formats", "net|nothing", "needs any of"),
        ("wish.formats", "net|", "needs any of"),
        ("need.language", "\u202e", "character 1 (U+202E) cannot be kept"),
        ("need.language", "x" * 501, "longer than 500 characters"),
        ("recorded", "S9", "S9 is not a stop of adult"),
        ("recorded", "A2", "A2 is not a stop of adult"),
        ("recorded", "S2|", "is not a stop of adult"),
        ("case", "a\u200bb", "character 2 (U+200B) cannot be kept"),
    ],
)
def test_an_unfit_cell_is_told_and_spoils_its_own_row_only(
    name: str, value: str, message: str
) -> None:
    for _ in range(2):  # the second time it is no longer a new cell
        refusal = refused(name, value)
        assert refusal is not None
        assert message in refusal.message


@pytest.mark.parametrize("name", ["case", "recorded", "phq9.1", "need.language", "danger.suicide"])
@pytest.mark.parametrize("identity", [INVENTED_HETU, "0401234567", "040123456", "a@example.org"])
def test_what_names_a_person_is_refused_and_not_repeated(name: str, identity: str) -> None:
    refusal = refused(name, identity)
    assert refusal is not None
    assert identity not in refusal.message
    assert identity.lstrip("0") not in refusal.message


def test_a_case_that_names_a_person_leaves_no_name_in_what_comes_out() -> None:
    out = Batch(small(), ["case", "mood.1"]).decide_rows(
        [[INVENTED_HETU, "0"], ["b", "7"], ["c", "1"]]
    )
    assert [row[:2] for row in out.rows] == [("", "refused"), ("b", "refused"), out.rows[2][:2]]
    assert out.rows[2][1] == "insufficient"


def test_running_numbers_are_names_of_cases() -> None:
    rows = [[f"{number:010}", "0"] for number in range(123456789, 123459789)]
    assert Batch(small(), ["case", "mood.1"]).decide_rows(rows).refusals == []


def test_names_of_cases_beside_each_other_are_not_taken_for_a_telephone_number() -> None:
    rows = [[str(number), "0"] for number in range(1, 3000)]
    assert Batch(small(), ["case", "mood.1"]).decide_rows(rows).refusals == []


def test_every_fault_of_a_row_is_told() -> None:
    out = Batch(small(), ["case", "danger", "mood.1"]).decide_rows([["a", "maybe", "9"]])
    assert [(r.row, r.column) for r in out.refusals] == [(0, "danger"), (0, "mood.1")]


def test_a_row_with_too_few_or_too_many_cells_is_refused_by_its_number_of_cells() -> None:
    out = Batch(small(), ["case", "mood.1"]).decide_rows([["a"], ["b", "1"], ["c", "1", ""], []])
    assert [(r.row, r.message) for r in out.refusals] == [
        (0, "has 1 cells, the heading has 2"),
        (2, "has 3 cells, the heading has 2"),
        (3, "has 0 cells, the heading has 2"),
    ]
    assert [row[:2] for row in out.rows] == [
        ("a", "refused"),
        ("b", "insufficient"),
        ("c", "refused"),
        ("", "refused"),
    ]


def test_a_row_that_could_not_be_read_says_what_its_reader_said() -> None:
    out = Batch(small(), ["case"]).decide_rows(["is torn"])
    assert out.refusals == [CellRefusal(0, "", "is torn")]
    assert out.rows == [("", "refused", *[""] * (len(OUTPUT) - 2))]


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(columns(adult())[1:-1]),
    st.one_of(st.integers(-3, 1100).map(str), st.sampled_from(["yes", "no", "x", "net", "f"])),
)
def test_a_cell_is_refused_when_and_only_when_the_answer_would_be(name: str, value: str) -> None:
    numeric = adult().facts[name].kind == "number"
    raw = int(value) if numeric and value.lstrip("-").isdigit() else value
    refusal = refused(name, value)
    try:
        read_answers(adult(), {name: raw})
    except AnswersError as error:
        assert refusal is not None
        assert refusal.message == error.faults[0].message
    else:
        assert refusal is None


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "the first column must be case"),
        (["mood.1", "case"], "the first column must be case"),
        (["case;mood.1"], "separate the columns with commas, not ';'"),
        (["case", "mood.1", "mood.1"], "column 3, mood.1: stands twice"),
        (["case", "case"], "column 2, case: stands twice"),
        (["case", "mood.3"], "column 2, mood.3: no such question in small; did you mean 'mood."),
        (["case", "mood.total"], "column 2, mood.total: this is calculated; give mood.1 … mood.2"),
        (["case", "low"], "column 2, low: this is calculated from other answers"),
        (["case", ""], "column 2, '': no such question"),
    ],
)
def test_a_heading_that_cannot_be_used_is_told(names: list[str], message: str) -> None:
    with pytest.raises(UnfitColumns) as error:
        Batch(small(), names)
    assert message in str(error.value)


def test_every_fault_of_a_heading_is_told_and_no_identity_repeated() -> None:
    with pytest.raises(UnfitColumns) as error:
        Batch(small(), ["case", "x", INVENTED_HETU])
    assert [line[:8] for line in str(error.value).splitlines()] == ["column 2", "column 3"]
    assert INVENTED_HETU not in str(error.value)


@pytest.mark.parametrize("name", ["x{}", "mood.1", ""])
def test_a_hundred_thousand_unfit_columns_are_counted(name: str) -> None:
    """One hint at a spelling looks at every fact: so many of them would take minutes."""
    columns = ["case", *(name.format(number) for number in range(100_000))]
    with pytest.raises(UnfitColumns) as error:
        Batch(small(), columns)
    told = str(error.value).splitlines()
    assert len(told) == 21
    assert told[0].startswith("column 2" if name != "mood.1" else "column 3")
    unknown = 0 if name == "mood.1" else 100_000
    assert told[-1] == f"… and so on: {unknown} of 100000 are no questions of small"


def test_a_hundred_thousand_unknown_answers_are_counted() -> None:
    raw = {f"x{number}": 1 for number in range(100_000)}
    with pytest.raises(AnswersError) as error:
        read_answers(small(), raw)
    told = str(error.value).splitlines()
    assert (len(told), told[-1]) == (21, "… and so on: 100000 of 100000 are no questions of small")


def test_an_unanswered_fact_is_neither_true_nor_false_in_a_column() -> None:
    plan = BatchPlan(small())
    view = FactColumns(plan, {id_: bytes(3) for id_ in plan.answerable}, 3)
    for ready in small().rules:
        assert view.evaluate(ready.condition) == (0, 0)
