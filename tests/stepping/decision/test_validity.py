"""If these fail, what somebody said in May decides in November, or a danger is asked too seldom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stepping.decision.decide import decide
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Answer, Pathway
from stepping.pathway.reader import read_pathway
from stepping.proofs.checker import check_pathway
from stepping.versions.edits import list_edits
from store.pathway_files.files import built_in
from store.pathway_files.new_pathway import template_files
from tests.stepping.cases import WELL, adult, changed

Q, H, MOOD = "questions.toml", "pathway.toml", "instruments/mood.toml"
HOURS, DAYS = timedelta(hours=12), timedelta(days=14)


def holds(files: dict[str, str]) -> dict[str, timedelta]:
    return {id_: each.holds for id_, each in read_pathway(files).questions.items()}


def test_a_text_that_states_no_time_holds_twelve_hours_for_safety_and_fourteen_days_else() -> None:
    unsafe = changed(Q, 'id = "danger"\n', 'id = "danger"\nsafety = true\n')
    found = holds(unsafe)
    assert found.pop("danger") == HOURS
    assert set(found.values()) == {DAYS}
    gate = changed(Q, 'id = "danger"\n', 'id = "danger"\nsafety = "gate"\n')
    assert holds(gate)["danger"] == HOURS


def test_the_time_that_is_stated_nearest_to_a_question_wins() -> None:
    files = changed(H, 'id = "first"\n', 'id = "first"\nholds = "8 days"\n')
    assert set(holds(files).values()) == {timedelta(days=8)}
    files = changed(MOOD, 'name = "', 'holds = "2 weeks"\nname = "', files)
    assert holds(files)["mood.1"] == timedelta(days=14)
    files = changed(Q, 'instrument = "mood"\n', 'instrument = "mood"\nholds = "5 hours"\n', files)
    assert holds(files)["mood.1"] == timedelta(hours=5)
    files = changed(MOOD, 'id = "1"\n', 'id = "1"\nholds = "1 day"\n', files)
    assert holds(files)["mood.1"] == timedelta(days=1)
    assert holds(files)["mood.2"] == timedelta(hours=5)
    files = changed(Q, 'id = "weeks"\n', 'id = "weeks"\nholds = "2 years"\n', files)
    assert holds(files)["weeks"] == timedelta(days=730)


@pytest.mark.parametrize(
    "told", ["0 hours", "-1 days", "00 days", "2 fortnights", "3", "", "1.5 days"]
)
def test_a_time_that_is_none_is_refused_by_line(told: str) -> None:
    files = changed(Q, 'id = "weeks"\n', f'id = "weeks"\nholds = "{told}"\n')
    with pytest.raises(PathwayError) as refused:
        read_pathway(files)
    (problem,) = refused.value.diagnostics
    line = files[Q].split("\n").index(f'holds = "{told}"') + 1
    assert (problem.file, problem.line) == (Q, line)
    assert 'as in "12 hours"' in problem.message


@pytest.mark.parametrize(
    ("told", "found"), [("3 days", False), ("73 hours", True), ("2 years", True)]
)
def test_an_answer_about_danger_may_not_hold_longer_than_three_days(told: str, found: bool) -> None:
    files = changed(Q, 'id = "danger"\n', f'id = "danger"\nsafety = true\nholds = "{told}"\n')
    kinds = [f.kind for f in check_pathway(read_pathway(files)).findings]
    assert ("safety_stale" in kinds) is found


def test_the_comparison_of_two_versions_tells_a_changed_time() -> None:
    before = changed(Q, 'id = "weeks"\n', 'id = "weeks"\nholds = "14 days"\n')
    after = changed(Q, 'id = "weeks"\n', 'id = "weeks"\nholds = "15 days"\n')
    (edit,) = list_edits(read_pathway(before), read_pathway(after))
    assert (edit.part, edit.key, edit.was, edit.becomes) == ("rules", "holds", "14 days", "15 days")


def test_every_shipped_question_states_how_long_it_holds() -> None:
    """Danger now: hours. Flags: days. The two-week instruments: two weeks. History: long."""
    new = read_pathway(template_files("mine"))
    for pathway in (adult(), built_in("youth"), built_in("follow_up"), new):
        assert all(section.holds for section in pathway.header.section), pathway.id
        for id_, question in pathway.questions.items():
            if question.safety:
                assert question.holds <= timedelta(days=3), id_
            if id_.startswith(("danger.", "suicide.", "asq.")) or id_ == "phq9.9":
                assert question.holds == HOURS, id_
            elif id_.startswith(("phq9.", "gad7.")):
                assert question.holds == DAYS, id_
            elif id_.startswith("flag."):
                assert question.holds == timedelta(days=3), id_
    assert adult().questions["history.episodes"].holds == timedelta(days=730)


@pytest.mark.parametrize("more", [{}, {"phq9.9": 1}, {"phq9.1": 3, "phq9.2": 3, "drugs": 3}])
def test_an_older_text_without_times_reads_and_decides_the_same(more: dict[str, Answer]) -> None:
    older = _timeless(adult())
    assert older.digest != adult().digest
    new, old = (decide(each, WELL | more) for each in (adult(), older))
    assert old.model_copy(update={"digest": new.digest}) == new


def _timeless(pathway: Pathway) -> Pathway:
    lines = {
        name: "\n".join(line for line in text.split("\n") if not line.startswith("holds = "))
        for name, text in pathway.files.items()
    }
    return read_pathway(lines)
