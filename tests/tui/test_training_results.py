"""If these fail, somebody cannot see what they have practised, or sees another's."""

from __future__ import annotations

import json
import re
from pathlib import Path

from click.testing import CliRunner

from stepping.training.records import SeatRecord
from store.paths import find
from store.training.places import record_path, seat_places
from store.training.seats import keep_record
from tests.stepping.training.test_progress import case, tried
from tests.tui.test_docs import ROOT
from tui.cli import porras


def run(path: Path, *words: str) -> str:
    done = CliRunner().invoke(porras, ["--db", str(path), "--lang", "en", *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_each_seat_is_told_its_own(tmp_path: Path) -> None:
    database = tmp_path / "porras.db"
    places = seat_places(find(database), "koivu")
    expect = case().vignette.expect
    entries = (tried(1, expect.lowest), tried(2, expect.highest + 1))
    keep_record(record_path(places, "koivu"), SeatRecord(seat="koivu", entries=entries))
    told = run(database, "--seat", "KOIVU", "train", "--results")
    assert "2 cases judged: exact 1, too high 1, too low 0" in told
    assert "1 too high · time 2" in told
    found = json.loads(run(database, "train", "--seat", "Koivu", "--results", "--format", "json"))
    assert [each["exact"] for each in found["judged"]] == [True, False]
    document = (ROOT / "docs" / "commands.md").read_text("utf-8")
    named = {*re.findall(r"`([a-z_]+)`", document.split("`porras train --results` prints")[1])}
    beside = {"time", "use", "expected", "exact", "too_low", "missed_stops"}
    assert {*found, *beside} <= named
    assert beside <= {*found["judged"][0]}
    assert "answers" not in found["judged"][0]
    assert "Nothing has been tried" in run(database, "train", "--results")
