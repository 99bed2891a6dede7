"""If this fails, whoever works line by line types again what the client told a navigator."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from stepping.pathway.age import Elsewhere
from tests.tui.test_plain import draft_after
from tests.tui.test_plain import watched as watched

DAY = date(2026, 11, 20)


def test_a_navigators_result_is_typed_line_by_line(tmp_path: Path) -> None:
    """One line a field, an empty one where nothing was told, and one more that takes it."""
    lines = ["v", "20.11.", "14", "0", "2", "9", "5", "", "24", "AB12", ""]
    nurse, answers, progress = draft_after(tmp_path, "danger", *lines)
    assert "14/27" in nurse.text
    assert "Asked all the same" in nurse.text
    assert "danger is always asked by you" in nurse.text
    assert answers["phq9.total"] == 14
    assert answers["auditc.total"] == 5
    assert answers["wish.formats"] == ["net", "group"]
    assert progress.elsewhere["gad7.total"] == Elsewhere("navigator", DAY)
    assert next(note.text for note in progress.notes).endswith("code AB12")
