"""A pathway that is broken or huge is told with its file and line, and costs no more than that."""

from __future__ import annotations

import sys

import pytest

from stepping.decision.decide import decide
from stepping.pathway import reader
from stepping.pathway.condition_parser import LONGEST, parse_condition
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.linking.dependencies import MOST_LEVELS, MOST_SUMMED
from stepping.pathway.reader import MOST, read_pathway
from stepping.proofs import checker, diagrams
from stepping.proofs.checker import check_pathway
from stepping.proofs.diagrams import DecisionDiagrams, NodeLimitExceeded
from tests.stepping.cases import SMALL, small, text

ASK = """
[[ask]]
id = "{id}"
section = "first"
type = "yesno"
{more}
text = {text}
label = {text}
source = "own words"
basis = "local"
"""
FACT = """
[[fact]]
id = "{id}"
when = "{when}"
label = {text}
"""


def asks(count: int, condition: str = "q{before}") -> str:
    """So many questions, each asked after the one before it."""
    return "".join(
        ASK.format(
            id=f"q{n}",
            more=f"ask_if = '{condition.format(before=n - 1)}'" if n and condition else "",
            text=text("question"),
        )
        for n in range(count)
    )


def facts(count: int, when: str) -> str:
    """So many facts, each of which rests on the one before it."""
    named = (when.format(before=f"f{n - 1}") if n else "danger" for n in range(count))
    return "".join(
        FACT.format(id=f"f{n}", when=condition, text=text("fact"))
        for n, condition in enumerate(named)
    )


def faults(**more: str) -> list[str]:
    """What is wrong with the small pathway when its files go on with this."""
    files = {**SMALL, **{f"{n}.toml": SMALL[f"{n}.toml"] + added for n, added in more.items()}}
    with pytest.raises(PathwayError) as error:
        read_pathway(files)
    return [str(problem) for problem in error.value.diagnostics]


def test_a_chain_of_250_conditional_questions_is_refused_with_its_line() -> None:
    (told,) = faults(questions=asks(250))
    file, line, message = told.split(":", 2)
    table = (SMALL["questions.toml"] + asks(250)).split("\n")[int(line) - 1 :]
    assert (file, table[:2]) == ("questions.toml", ["[[ask]]", 'id = "q80"'])
    assert message == f" q80 hangs on other facts over 81 levels; at most {MOST_LEVELS}"


def test_the_longest_chain_is_read_proven_and_decided_deep_in_a_program() -> None:
    questions = SMALL["questions.toml"] + asks(MOST_LEVELS)
    pathway = read_pathway({**SMALL, "questions.toml": questions})

    def deep(calls: int) -> None:
        if calls:
            deep(calls - 1)
            return
        answers = {f"q{n}": "yes" for n in range(MOST_LEVELS)}
        decide(pathway, answers)
        assert not [f for f in check_pathway(pathway).findings if f.kind == "unproven"]

    limit = sys.getrecursionlimit()
    deep(limit // 5)  # as deep as screens stand in the application


def test_parentheses_are_levels_too() -> None:
    nested = "(" * 60 + "q{before}" + ")" * 60
    read_pathway({**SMALL, "questions.toml": SMALL["questions.toml"] + asks(3, nested)})
    deep = "not (danger and " * 45 + "q{before}" + ")" * 45
    (told,) = faults(questions=asks(3, deep))
    assert "levels; at most" in told


def test_facts_to_which_many_ways_lead_are_followed_once_each() -> None:
    """Two to the power of 70 ways: this test would never end."""
    both = "{before} or not {before}"
    rules = SMALL["rules.toml"] + facts(26, both)
    pathway = read_pathway({**SMALL, "rules.toml": rules})
    assert "f25" in pathway.facts


def test_what_nobody_could_ask_is_counted_before_time_goes_into_it() -> None:
    huge = faults(questions=asks(10_000, ""))
    assert any(f"[[ask]]; at most {MOST['ask']}" in told for told in huge)
    assert any(f"[[fact]]; at most {MOST['fact']}" in f for f in faults(rules=facts(600, "danger")))


def test_a_condition_has_an_end() -> None:
    with pytest.raises(ValueError, match=f"longer than {LONGEST} characters"):
        parse_condition("a or " * LONGEST + "a")


@pytest.mark.parametrize("content", ["\0", "a = " + "[" * 1_000_000, "a = " + "{a=" * 300_000])
def test_a_file_that_is_no_toml_is_told_whatever_it_holds(content: str) -> None:
    with pytest.raises(PathwayError) as error:
        read_pathway({**SMALL, "rules.toml": content})
    (problem,) = error.value.diagnostics
    assert (problem.file, problem.line) == ("rules.toml", 1)


def test_a_number_in_a_sum_has_so_many_values_as_a_proof_can_tell_apart() -> None:
    instrument = SMALL["instruments/mood.toml"]
    item = instrument[instrument.index("[[item]]") :].split("[[item]]")[1]
    wide = instrument.replace(item, item + f'type = "scale"\nmin = 0\nmax = {MOST_SUMMED}\n', 1)
    with pytest.raises(PathwayError, match=f"at most {MOST_SUMMED} values"):
        read_pathway({**SMALL, "instruments/mood.toml": wide})


def test_a_proof_ends_by_its_steps_and_by_its_branches(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("MOST_WORK", "MOST_BRANCHES"):
        with monkeypatch.context() as patch:
            patch.setattr(diagrams, limit, 50)
            with pytest.raises(NodeLimitExceeded):
                logic = DecisionDiagrams([[0, 1, 2]] * 60)
                logic.conj_all(logic.branch(n, (0, 1, 1)) for n in range(60))
            found = [f for f in check_pathway(small()).findings if f.kind == "unproven"]
            assert "hang together too widely" in found[0].diagnostic.message


# -- the program itself fails -----------------------------------------------------------------

ERRORS = [KeyError("secret"), RecursionError("secret"), MemoryError("secret"), ValueError("secret")]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("stage", ["_read", "link_pathway", "_check_sizes"])
def test_a_failure_in_reading_is_the_pathways_and_tells_no_value(
    stage: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(reader, stage, fail)
    with pytest.raises(PathwayError) as told:
        read_pathway(SMALL)
    (problem,) = told.value.diagnostics
    kind = type(error).__name__
    assert problem.message.startswith(
        f"the program failed on it ({kind}, tests.stepping.pathway.test_huge"
    )
    assert problem.message.endswith("); please report this place")
    assert "secret" not in problem.message


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(
    "stage", ["_ran", "_failing", "_content", "prove", "_coverage", "_uncovered"]
)
def test_a_failure_in_a_proof_is_a_finding_and_the_rest_is_still_found(
    stage: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    pathway = small()
    before = {f.diagnostic for f in check_pathway(pathway).findings}
    monkeypatch.setattr(checker, stage, fail)
    found = check_pathway(pathway)
    own = [f for f in found.errors if "the program failed on it" in f.diagnostic.message]
    assert len(own) == 1
    assert "secret" not in str(own[0].diagnostic)
    if stage != "_ran":  # without the runs of the examples, cut-offs look uncovered
        assert {f.diagnostic for f in found.findings} - {own[0].diagnostic} <= before
