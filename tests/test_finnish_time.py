"""Days and times are Finland's on any host: whatever it is set to, and whatever zones it brings."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("stepping", "store", "casework", "screens", "tui")

# -- one place asks the computer for the time -------------------------------------------------

CLOCK = "store/times.py"
"""The only module that may ask what time it is."""
OWN_ZONE = {"today", "utcnow", "utcfromtimestamp", "localtime", "gmtime", "ctime", "mktime"}
PARTS = {"date", "time", "year", "month", "day", "hour"}
NEEDS_ZONE = {"now": 0, "astimezone": 0, "fromtimestamp": 1}
"""Calls that take the computer's zone where none is given after so many arguments."""


def unzoned(tree: ast.AST) -> list[str]:
    """The calls of a module that take what zone the computer is set to, or its clock."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call):
            name = ast.unparse(node.value.func).rsplit(".", 1)[-1]
            if name in ("clock", "_clock") and node.attr in PARTS:
                found.append(f"{node.lineno}: a part of an instant, in whatever zone it has")
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        called = ast.unparse(node.func)
        given = len(node.args) + len(node.keywords)
        if (
            (node.func.attr in OWN_ZONE and not called.endswith(("workspace.today", "self.today")))
            or (called.startswith("time.") and node.func.attr in ("time", "time_ns", "strftime"))
            or given <= NEEDS_ZONE.get(node.func.attr, -1)
            or called in ("datetime.now", "datetime.datetime.now")
        ):
            found.append(f"{node.lineno}: {called}")
    return found


def test_no_room_takes_the_time_from_the_computer_but_one_module() -> None:
    told = {
        str(path.relative_to(ROOT)): unzoned(ast.parse(path.read_text(encoding="utf-8")))
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
    }
    assert {name: found for name, found in told.items() if found and name != CLOCK} == {}
    assert len(told[CLOCK]) == 1


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now()",
        "datetime.date.today()",
        "date.today()",
        "datetime.now().astimezone()",
        "moment.astimezone()",
        "datetime.fromtimestamp(seconds)",
        "time.time()",
        "time.localtime()",
        "time.strftime('%H')",
        "self.workspace.clock().year",
        "workspace.clock().date()",
    ],
)
def test_each_way_to_take_it_would_be_found(line: str) -> None:
    assert unzoned(ast.parse(line))


# -- what hosts are set to --------------------------------------------------------------------

SHOW = """
import sys, zoneinfo
from datetime import datetime, timezone
zoneinfo.reset_tzpath(to=())
from store.times import local_time, to_iso_utc
from tui.commands.audit import _start
from tui.launch import now

night = datetime(2026, 1, 15, 22, 30, tzinfo=timezone.utc)
print(f"{local_time(night):%Y-%m-%d %H:%M}", f"{local_time(night.replace(month=7)):%Y-%m-%d %H:%M}")
print(to_iso_utc(local_time(night)), to_iso_utc(_start(datetime(2026, 7, 1))))
print(now().utcoffset() == local_time(now()).utcoffset(), now().tzinfo)
"""
SHOWN = """\
2026-01-16 00:30 2026-07-16 01:30
2026-01-15T22:30:00.000Z 2026-06-30T21:00:00.000Z
True Europe/Helsinki
"""
ZONES = ["America/Los_Angeles", "Pacific/Kiritimati", None, "garbage!", "", "UTC"]


@pytest.mark.parametrize("zone", ZONES)
def test_the_zone_of_the_computer_changes_no_day_and_no_time(zone: str | None) -> None:
    env = {name: value for name, value in os.environ.items() if name not in ("TZ", "PYTHONTZPATH")}
    env |= {} if zone is None else {"TZ": zone}
    done = subprocess.run(
        [sys.executable, "-c", SHOW], capture_output=True, text=True, check=False, env=env, cwd=ROOT
    )
    assert (done.stdout, done.stderr) == (SHOWN, "")
