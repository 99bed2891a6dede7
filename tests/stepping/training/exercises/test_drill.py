"""If these fail, a drill loses a part of its story, or never turns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stepping.training.exercises.drill import story_parts, turns_after
from stepping.training.reading import read_vignette
from stepping.training.records import DrillTry, SeatRecord
from tests.stepping.training.test_records import AT, DIGEST, ID
from tests.stepping.training.test_vignettes import PATTERN, text

VIGNETTE = read_vignette(PATTERN, text())


@given(st.lists(st.sampled_from(["One.", "two", "three?", "\n\n", "four", "”five.”"]), min_size=1))
def test_a_story_in_parts_is_the_whole_story(words: list[str]) -> None:
    story = " ".join(words)
    assert " ".join(story_parts(story)).split() == story.split()


def test_the_parts_of_a_story_are_short() -> None:
    for story in VIGNETTE.story.values():
        parts = story_parts(story)
        assert len(parts) >= 3
        assert all(len(part.split()) <= 60 for part in parts)


@given(st.integers(0, 1000), st.integers(1, 12))
def test_a_case_turns_within_its_story_and_at_another_point_some_other_time(
    tries: int, parts: int
) -> None:
    at = turns_after(VIGNETTE, tries, parts)
    assert 1 <= at <= parts
    assert at == turns_after(VIGNETTE, tries, parts)
    assert parts == 1 or len({turns_after(VIGNETTE, n, parts) for n in range(60)}) > 1


def test_a_class_does_not_hear_how_long_a_drill_took() -> None:
    tried = DrillTry(
        id=ID.format(1),
        at=AT,
        case=PATTERN,
        case_digest=DIGEST,
        class_id=ID.format(9),
        card="mania",
        right=True,
        seconds=41.5,
    )
    record = SeatRecord(seat="koivu").with_entry(tried)
    assert record.of_class(ID.format(9)).entries == (tried.model_copy(update={"seconds": 0.0}),)
    assert record.entries == (tried,)
