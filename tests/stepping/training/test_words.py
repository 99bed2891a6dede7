"""If these fail, a slip of a finger leads to another trainee's seat."""

from __future__ import annotations

from random import Random

from stepping.training.words import WORDS, draw_words


def test_no_slip_of_a_finger_makes_one_seat_of_another() -> None:
    for language, words in WORDS.items():
        assert len(words) >= 60
        assert all(word.isascii() and 3 <= len(word) <= 12 for word in words)
        drawn = draw_words(language, 15, words[:20], Random(1).sample)
        assert len(set(drawn)) == 15 and not {*drawn} & {*words[:20]}
        assert not [(a, b) for i, a in enumerate(words) for b in words[:i] if _near(a, b)]
    assert len(set(draw_words("fi", 60, WORDS["fi"], Random(1).sample))) == 60


def _near(one: str, other: str) -> bool:
    """Whether one letter typed wrong, left out or put in makes one word of the other."""
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return sum(a != b for a, b in zip(one, other, strict=True)) < 2
    return len(long) - len(short) == 1 and any(
        long[:i] + long[i + 1 :] == short for i in range(len(long))
    )
