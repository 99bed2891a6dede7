"""If these fail, somebody is told that they have learnt, or have not, when that is not so."""

from __future__ import annotations

from dataclasses import replace

from casework.language import speech
from screens.training.results import sums, told_case
from stepping.training.progress import ENOUGH, Progress, follow_progress
from stepping.training.reading import Case
from stepping.training.records import DrillTry, FlipTry, Judgement, SeatRecord
from tests.stepping.training.test_records import AT, judgement
from tests.training_cases import PATTERN, shipped_case


def case() -> Case:
    return shipped_case(PATTERN)


def tried(number: int, step: int, *, named: str = "sleepless_teacher") -> Judgement:
    id_ = f"0190a0f0-0000-7000-8000-{number:012d}"
    given = {"id": id_, "step": step, "case": named, "case_digest": case().digest}
    return judgement().model_copy(update=given)


def many_tries() -> Progress:
    """Everything that a page of results may have to tell."""
    cases = {f"case{number}": case() for number in range(ENOUGH)}
    steps = [4] * (ENOUGH // 2) + [case().vignette.expect.lowest] * (ENOUGH // 2)
    entries = [
        *(tried(at, step, named=f"case{at}") for at, step in enumerate(steps)),
        tried(50, 0, named="case0"),
        tried(51, 2, named="gone"),
        *(
            FlipTry(id=tried(at, 0).id, at=AT, case="x", case_digest="0" * 64, fact="f", right=True)
            for at in (60, 61)
        ),
        *(
            DrillTry(
                **{"id": tried(at, 0).id, "at": AT, "case": "x", "case_digest": "0" * 64},
                card="c",
                right=at % 2 == 0,
                seconds=at / 4,
            )
            for at in range(70, 78)
        ),
    ]
    return follow_progress(SeatRecord(seat="koivu", entries=tuple(entries)), cases)


def test_each_judgement_stands_beside_its_case() -> None:
    expect = case().vignette.expect
    steps = (expect.lowest, expect.lowest - 1, expect.highest + 1)
    record = SeatRecord(seat="koivu", entries=tuple(map(tried, range(3), steps)))
    found = follow_progress(record, {"sleepless_teacher": case()})
    assert [each.time for each in found.judged] == [1, 2, 3]
    assert (found.all.exact, found.all.too_low, found.all.too_high) == (1, 1, 1)
    assert found.all.of == 3


def test_a_case_that_was_changed_or_is_gone_counts_nowhere() -> None:
    other = tried(1, 1).model_copy(update={"case_digest": "f" * 64})
    record = SeatRecord(seat="koivu", entries=(other, tried(2, 1, named="gone")))
    found = follow_progress(record, {"sleepless_teacher": case()})
    assert [each.verdict for each in found.judged] == [None, None]
    assert found.all.of == 0
    assert found.again is None


def test_a_case_for_talking_is_neither_right_nor_wrong() -> None:
    vignette = case().vignette.model_copy(update={"use": "talk"})
    disputed = replace(case(), vignette=vignette)
    cases = {f"case{number}": disputed for number in range(ENOUGH)}
    entries = [tried(at, 4, named=f"case{at}") for at in range(ENOUGH)]
    record = SeatRecord(seat="koivu", entries=(*entries, tried(50, 0, named="case0")))
    found = follow_progress(record, cases)
    assert found.all.of == 0
    assert found.halves is None
    assert found.again is None
    told = told_case(found.judged[0], speech("en"))
    assert "for talking" in told
    assert "too high" not in told
    assert f"{ENOUGH + 1} of them count in no sum" in " ".join(sums(found, speech("en")))


def test_few_cases_tell_no_change_over_time() -> None:
    cases = {f"case{number}": case() for number in range(ENOUGH)}
    entries = tuple(tried(at, 1, named=f"case{at}") for at in range(ENOUGH))
    few = SeatRecord(seat="koivu", entries=entries[:-1])
    assert follow_progress(few, cases).halves is None
    assert follow_progress(SeatRecord(seat="koivu", entries=entries), cases).halves


def test_halves_are_of_first_tries_alone() -> None:
    found = many_tries()
    assert found.halves
    first, later = found.halves
    assert (first.of, later.of) == (ENOUGH // 2, ENOUGH // 2)
    assert (first.exact, later.exact) == (0, ENOUGH // 2)


def test_the_last_time_stands_beside_the_first() -> None:
    lowest = case().vignette.expect.lowest
    entries = (tried(1, 4), tried(2, lowest))
    found = follow_progress(SeatRecord(seat="koivu", entries=entries), {entries[0].case: case()})
    assert found.again
    assert (found.again.nearer, found.again.same, found.again.further) == (1, 0, 0)
