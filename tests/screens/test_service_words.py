"""If these fail, the page tells a price that nobody gave, or hides one that somebody did."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from casework.workspace import Workspace
from screens.wording.service_words import ServiceWords
from tests.stepping.services.test_services import service


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "4 places a week · fee 28.2 € · price 110 € · own share 15.5 €"),
        ("fi", "4 paikkaa viikossa · maksu 28,2 € · hinta 110 € · omavastuu 15,5 €"),
    ],
)
def test_what_a_service_costs_is_told_as_far_as_it_is_known(language: str, told: str) -> None:
    words = ServiceWords(Workspace(lambda: datetime(2026, 11, 22, tzinfo=UTC), language=language))
    known = service("all", places_a_week=4, fee=28.2, price=110, own_share=15.5, place="remote")
    assert told in words.about(known)
    silent = words.about(service("none", place="remote"))
    assert "€" not in silent
    assert not any(figure in silent for figure in "0123456789")
    free = words.about(service("free", fee=0, place="remote"))
    assert ("free of charge" if language == "en" else "maksuton") in free
