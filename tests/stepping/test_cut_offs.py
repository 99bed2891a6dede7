"""If these fail, a bar shows a limit that is not this client's, or one that nobody has set."""

from __future__ import annotations

import pytest

from stepping.cut_offs import find_cut_off
from stepping.pathway.model import Answer
from store.pathway_files import files

ADULT = files.built_in("adult")


@pytest.mark.parametrize(
    ("score", "answers", "cut_off"),
    [
        ("phq9.total", {}, 10),
        ("gad7.total", {}, 8),
        ("pcptsd5.total", {"client.sex": "m"}, 4),
        ("pcptsd5.total", {"client.sex": "f"}, 3),
        ("pcptsd5.total", {}, 3),
        ("auditc.total", {"client.sex": "m", "client.age": 40}, 6),
        ("auditc.total", {"client.sex": "f", "client.age": 40}, 5),
        ("auditc.total", {"client.sex": "m", "client.age": 70}, 4),
        ("auditc.total", {}, 4),
        ("audit.total", {}, None),
        ("domains.positive", {}, None),
    ],
)
def test_the_cut_off_is_the_pathways_own_for_this_client(
    score: str, answers: dict[str, Answer], cut_off: int | None
) -> None:
    assert find_cut_off(ADULT, answers, score) == cut_off
