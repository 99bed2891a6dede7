"""If these fail, a caseload is another one each time, or tells of care that goes one way only."""

from __future__ import annotations

from collections import Counter

from stepping.training.caseload import Chance, draw_courses
from store.training.shapes import read_shapes


def test_the_same_seed_gives_the_same_courses() -> None:
    shapes = read_shapes()
    once, again = list(draw_courses(shapes)), list(draw_courses(shapes))
    assert once == again
    other = shapes.model_copy(update={"seed": "another"})
    assert list(draw_courses(other)) != once


def test_there_are_enough_clients_of_every_kind() -> None:
    shapes = read_shapes()
    courses = list(draw_courses(shapes))
    assert len(courses) >= 200
    kinds = Counter(course.shape.id for course in courses)
    assert kinds.keys() == {shape.id for shape in shapes.shape}
    assert max(kinds.values()) < len(courses) / 4
    assert {course.unit.name for course in courses} == {unit.name for unit in shapes.unit}
    assert {course.sex for course in courses} == {"f", "m", "x"}
    assert {course.language for course in courses} == {"fi", "sv", "en"}
    ages = [course.age for course in courses]
    assert min(ages) < 18 < 60 < max(ages)
    begun = sorted(course.acts[0].days_ago for course in courses)
    assert begun[0] < 3
    assert 500 < begun[-1] <= shapes.days


def test_what_happens_comes_in_its_order() -> None:
    for course in draw_courses(read_shapes()):
        days = [act.days_ago for act in course.acts]
        assert days == sorted(days, reverse=True)


def test_chance_draws_within_its_ends() -> None:
    chance = Chance("a seed")
    drawn = [chance.number((2, 4)) for _ in range(200)]
    assert set(drawn) == {2, 3, 4}
    assert all(chance.weighed((("never", 0), ("ever", 1))) == "ever" for _ in range(50))
