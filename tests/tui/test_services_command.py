"""`porras services check`: if it fails, a region does not hear that its list has gone wrong."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from stepping.finland import finnish_day
from stepping.services.match import STALE_DAYS
from store.times import utc_now
from tests.stepping.cases import changed
from tests.store.test_pathway_files import lay_out
from tests.tui.test_cli import run

TODAY = finnish_day(utc_now())
AREA = f"""\
id = "area"
county = {{ en = "County" }}

[[municipalities]]
id = "town"
name = {{ en = "Town" }}

[[service]]
id = "clinic"
name = {{ en = "Clinic" }}
municipalities = ["town"]
interventions = ["talk"]
production = "own"
place = "fixed"
languages = ["fi"]
contact = "000"
contact_checked = {TODAY}
"""


CARD, NUMBER = "cards/danger.toml", 'number = "112", '


def verified(day: object, hours: str = "24 h") -> dict[str, str]:
    """The small pathway, its one telephone number with hours and a day."""
    told = dict.fromkeys(("en", "fi"), hours) if hours else {}
    words = ", ".join(f'{language} = "{text}"' for language, text in told.items())
    more = f"hours = {{ {words} }}, " if hours else ""
    more += f"verified = {day}, " if day else ""
    return changed(CARD, NUMBER, NUMBER + more)


@pytest.fixture
def region(tmp_path: Path) -> Path:
    """A region's folder with one small pathway and no services yet."""
    lay_out(tmp_path / "region" / "small", verified(TODAY))
    return tmp_path / "region"


def checked(region: Path, area: str, code: int = 0, name: str = "area") -> str:
    lay_out(region / "services", {f"{name}.toml": area})
    done = run("--pathways", region, "services", "check")
    assert done.exit_code == code, done.output
    return done.stdout


def told(region: Path) -> dict[str, Any]:
    done = run("--pathways", region, "services", "check", "--format", "json")
    report = json.loads(done.stdout)
    assert isinstance(report, dict)
    assert done.exit_code == (0 if report["ok"] else 1)
    return report


def test_our_own_services_have_no_errors() -> None:
    done = run("services", "check")
    assert done.exit_code == 0, done.output
    assert "services: 2 files, no errors," in done.stdout
    assert "service peer_association: the contact was checked on 2025-09-08" in done.stdout


def test_a_list_in_order_says_so_in_one_line(region: Path) -> None:
    assert checked(region, AREA) == "services: 1 file, no errors, no hints\n"


def test_every_file_is_read_and_an_error_makes_the_exit_status_one(region: Path) -> None:
    checked(region, AREA.replace('"talk"', '"tolk"'), code=1)
    lay_out(region / "small" / "services", {"more.toml": AREA.replace('["town"]', '["twon"]')})
    lay_out(region / "services", {"broken.toml": "id = "})
    report = told(region)
    assert report["files"] == [
        "services/area.toml",
        "services/broken.toml",
        "small/services/more.toml",
    ]
    errors = {f["file"]: f for f in report["findings"] if f["severity"] == "error"}
    assert set(errors) == set(report["files"])
    assert "did you mean 'talk'?" in errors["services/area.toml"]["message"]
    assert errors["services/area.toml"]["line"] == 12
    assert "did you mean 'town'?" in errors["small/services/more.toml"]["message"]
    assert report["errors"] == 3


@pytest.mark.parametrize(("days", "marked"), [(STALE_DAYS, False), (STALE_DAYS + 1, True)])
def test_old_dates_are_hints_with_their_age(region: Path, days: int, marked: bool) -> None:
    then = TODAY - datetime.timedelta(days=days)
    text = checked(region, AREA.replace(str(TODAY), str(then)))
    assert (f"the contact was checked on {then}, {days} days ago" in text) is marked


YEAR = datetime.timedelta(days=365)
DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "hours", "message"),
    [
        (TODAY - YEAR, "24 h", ""),
        (TODAY - YEAR - DAY, "24 h", "which may be more than a year ago"),
        (f'"{TODAY.year - 2}/{TODAY.year}"', "24 h", "which may be more than a year ago"),
        ("", "24 h", "not verified: no hours, or no day"),
        (TODAY, "", "not verified: no hours, or no day"),
    ],
)
def test_numbers_never_verified_or_long_ago_are_hints(
    region: Path, day: object, hours: str, message: str
) -> None:
    lay_out(region / "small", verified(day, hours))
    findings = told(region)["findings"]
    assert [f["severity"] for f in findings] == (["hint"] if message else [])
    assert all(message in f["message"] and f["file"] == CARD for f in findings)


def test_a_date_that_is_yet_to_come_is_an_error(region: Path) -> None:
    tomorrow = str(TODAY + DAY)
    lay_out(region / "small", verified(tomorrow))
    lay_out(region / "services", {"area.toml": AREA.replace(str(TODAY), tomorrow)})
    report = told(region)
    assert [f["message"] for f in report["findings"]] == [
        f"service clinic: contact_checked {tomorrow} is yet to come",
        f"number 112: verified {tomorrow}, which is yet to come ({CARD})",
    ]
    assert report["errors"] == 2


def test_a_number_of_which_cards_tell_different_hours_is_a_hint(region: Path) -> None:
    """One would be right and the other wrong: a number is edited on all of its cards."""
    files = verified(TODAY)
    files["cards/other.toml"] = files[CARD].replace('"danger"', '"other"').replace("24 h", "9–15")
    files["rules.toml"] = files["rules.toml"].replace(
        '{ card = "danger" }', '{ card = "danger" }, { card = "other" }'
    )
    lay_out(region / "small", files)
    found = [finding["message"] for finding in told(region)["findings"]]
    assert found == [
        f"number 112: cards tell other hours, or another day ({CARD}, cards/other.toml)"
    ]


def test_a_municipality_without_a_service_for_a_step_is_a_hint(region: Path) -> None:
    village = '[[municipalities]]\nid = "village"\nname = { en = "Village" }\n\n[[service]]'
    text = checked(region, AREA.replace("[[service]]", village))
    told = "services/area.toml:8: municipality village: no service for step 0, 1 of small"
    assert text == f"hint   {told}\nservices: 1 file, no errors, 1 hint\n"


def test_a_pathway_that_cannot_be_used_is_an_error_of_its_own(region: Path) -> None:
    lay_out(region / "services", {"area.toml": AREA})
    (region / "small" / "rules.toml").write_text("rule = ", encoding="utf-8")
    first = told(region)["findings"][0]
    assert first["file"] == "small/pathway.toml"
    assert "porras pathway check small" in first["message"]


def test_a_file_that_is_no_text_is_an_error_and_no_crash(region: Path) -> None:
    (region / "services").mkdir()
    (region / "services" / "area.toml").write_bytes(b"\xff\xfe")
    report = told(region)
    assert [f["message"] for f in report["findings"]] == ["is not UTF-8 text"]


def test_a_region_without_services_of_its_own_is_not_blamed_for_ours(region: Path) -> None:
    report = told(region)
    assert (report["ok"], report["files"], report["findings"]) == (True, [], [])
