"""If these fail, a figure of a report says something else than the records that it is about."""

from __future__ import annotations

import datetime
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import pytest

from stepping.episode.events import AlcoholUse, Contact, NeedEstablished, Opened, Paused, Resumed
from stepping.finland import finnish_day
from stepping.reports.catalogue import PARTS, REPORTS
from stepping.reports.model import NOT_TOLD
from stepping.reports.periods import InTheFuture, month_name, read_period
from stepping.reports.table import Cell, Table
from store.errors import ClockPutBack
from store.records import Confirmation
from store.repository.store import Store
from store.training.opening import open_training
from tests.store.conftest import TickingClock
from tests.store.event_counts import Fact, Records
from tests.store.nasty_care import Mixed
from tests.store.plain_figures import counted, figure_of
from tests.store.test_retention import ADULT, Workspace
from tests.store.told_tables import EVERY, NOW, make_caseload, told_by

PERIODS = ("2026", "2026-Q4", "2026-T2", "2026-11", "2025-08..2026-10")


def or_nothing(value: Any) -> Any:
    return NOT_TOLD if value is None else value


def months_of(table: Table, cell: Cell, *, part: bool) -> range:
    """The months of a cell: those of its period, or of the part of it that it stands for."""
    months = cell.period.months
    if not part or cell.group is None:
        return months
    shift = table.periods[0].first - cell.period.first
    whole = read_period(cell.group, datetime.date(9000, 1, 1)).months
    return range(max(whole[0] - shift, months[0]), min(whole[-1] - shift, months[-1]) + 1)


def differences(store: Store, periods: Sequence[str]) -> list[str]:
    """Every figure that says something else than a count of the records by hand."""
    today = finnish_day(store.clock())
    facts: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in Records(store, today).facts():
        facts[fact.kind, fact.month].append(fact)
    found = []
    for (report, by), typed in product(EVERY, periods):
        table = told_by(store, report, by, read_period(typed, today))
        part = by in PARTS
        kinds = {figure.name: figure.kind for figure in table.figures}
        for cell in table.cells:
            months = map(month_name, months_of(table, cell, part=part))
            chosen = [
                fact
                for month in months
                for fact in facts.get((counted(cell.figure, by), month), ())
                if part or cell.group in {None, str(or_nothing(fact.by.get(by or "")))}
            ]
            number, denominator, value = figure_of(cell.figure, chosen)
            stands, wanted = {
                "count": ((cell.number,), (number,)),
                "share": (
                    (cell.number, cell.denominator, cell.value),
                    (number, denominator, value),
                ),
            }.get(kinds[cell.figure], ((cell.value,), (value,)))
            if stands != wanted:
                where = f"{report.name}/{by}/{typed}/{cell.group}/{cell.period.name}"
                found.append(f"{where} {cell.figure}: told {stands}, by hand {wanted}")
        if by and not part:
            shown = {m for p in table.periods for m in map(month_name, p.months)}
            of_it = {counted(figure.name, by) for figure in table.figures}
            groups = {
                str(or_nothing(fact.by.get(by)))
                for (kind, month), those in facts.items()
                for fact in those
                if month in shown and kind in of_it
            }
            if set(table.groups) - groups or (not table.groups and groups):
                found.append(f"{report.name}/{by}/{typed}: {table.groups}, by hand {groups}")
    return found


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = make_caseload(tmp_path_factory.mktemp("figures") / "training.db", 6)
    with open_training(path, lambda: NOW + datetime.timedelta(days=1)) as store:
        yield store


def confirm(store: Store, assessment: str, decision: dict[str, Any]) -> None:
    told = Confirmation(
        decision_json=json.dumps({"decision": decision}),
        suggested_step=1,
        confirmed_step=1,
        final_answers_seq=store.answers.get_progress(assessment).seq,
    )
    store.decisions.confirm(assessment, told)


@pytest.fixture
def workspace(store: Store, clock: TickingClock) -> Workspace:
    return Workspace(store, clock)


def test_every_figure_of_a_caseload_is_what_the_records_tell(many: Store) -> None:
    assert differences(many, PERIODS[-1:]) == []


@pytest.mark.nightly
def test_every_figure_of_any_period_is_what_the_records_tell(many: Store) -> None:
    assert differences(many, PERIODS) == []


def test_a_caseload_has_something_of_every_kind_to_count(many: Store) -> None:
    found = {fact.kind for fact in Records(many, finnish_day(many.clock())).facts()}
    assert found >= {"start", "end", "need", "law", "change", "course", "contact", "assessment"}


def test_every_figure_of_random_care_is_what_the_records_tell(workspace: Workspace) -> None:
    walk = Mixed(workspace, random.Random(1))
    done = [walk.do() for _ in range(50)]
    year = str(workspace.clock.now.year)
    assert differences(workspace.store, [year]) == [], done


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(100, 130))
def test_every_figure_of_much_random_care_is_what_the_records_tell(
    workspace: Workspace, seed: int
) -> None:
    walk = Mixed(workspace, random.Random(seed))
    for _ in range(120):
        walk.do()
    year = workspace.clock.now.year
    periods = [str(year), f"{year}-Q1", f"{year - 1}-12..{year}-01"]
    assert differences(workspace.store, periods) == []


# -- days and clocks -------------------------------------------------------------------------------

MOMENTS = {
    "leap day": datetime.datetime(2028, 2, 28, 21, 40, tzinfo=datetime.UTC),
    "year end": datetime.datetime(2026, 12, 31, 21, 40, tzinfo=datetime.UTC),
    "an hour less": datetime.datetime(2027, 3, 28, 0, 40, tzinfo=datetime.UTC),
    "an hour more": datetime.datetime(2027, 10, 31, 0, 40, tzinfo=datetime.UTC),
}
"""Shortly before a day, a year or a time of the year begins in Finland."""


@pytest.mark.nightly
@pytest.mark.parametrize("moment", MOMENTS)
def test_every_figure_around_such_a_moment_is_what_the_records_tell(
    workspace: Workspace, moment: str
) -> None:
    workspace.clock.now = MOMENTS[moment]
    walk = Mixed(workspace, random.Random(moment))
    done = [walk.do() for _ in range(60)]
    year = workspace.clock.now.year
    told = (str(year), f"{year}-Q1", f"{year - 1}-12..{year}-01")
    assert differences(workspace.store, told) == [], done


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_is_done_over_such_a_moment_takes_its_minutes_and_counts_once(
    workspace: Workspace, moment: str
) -> None:
    """It belongs to the month in which it was confirmed, by the calendar of Finland."""
    workspace.clock.now = MOMENTS[moment]
    store, client = workspace.store, workspace.client()
    made = store.assessments.start(client.id, ADULT, setting="clinic", language="fi")
    for answer in (1, 2):
        workspace.wait(14 / (24 * 60))
        store.answers.record(made.id, {"phq9.1": answer})
    confirm(store, made.id, {"scores": {}})
    today = finnish_day(store.clock())
    assert (
        today.month == {"leap day": 2, "year end": 1, "an hour less": 3, "an hour more": 10}[moment]
    )
    month = read_period(f"{today:%Y-%m}", today)
    table = told_by(store, REPORTS["pathway"], None, month)
    confirmed, minutes, *_ = (table.cell(each, None, month) for each in table.figures)
    assert confirmed is not None
    assert confirmed.number == 1
    assert minutes is not None
    assert minutes.value == 28
    assert differences(store, [f"{today:%Y-%m}"]) == []


def test_a_leap_day_has_its_month_beside_a_shorter_one(workspace: Workspace) -> None:
    workspace.clock.now = datetime.datetime(2028, 2, 29, 8, tzinfo=datetime.UTC)
    workspace.care(workspace.client())
    periods = ("2028-02", "2028")
    assert differences(workspace.store, periods) == []
    workspace.clock.now = datetime.datetime(2029, 2, 28, 8, tzinfo=datetime.UTC)
    assert differences(workspace.store, ("2029-02",)) == []
    february = read_period("2029-02", finnish_day(workspace.clock.now))
    table = told_by(workspace.store, REPORTS["pathway"], None, february)
    before = table.cell(table.figures[0], None, february.year_before())
    assert before is not None
    assert before.number == 2


def test_a_clock_that_was_put_back_hides_nothing_of_a_period_that_it_knows(
    workspace: Workspace,
) -> None:
    """What is dated ahead of it counts in its year; of its own months nobody can ask yet."""
    workspace.care(workspace.client())
    ahead = workspace.clock.now
    workspace.wait(-70)
    with pytest.raises(ClockPutBack):
        workspace.assess(workspace.client())
    today = finnish_day(workspace.clock.now)
    late = workspace.client()
    episode = workspace.store.episodes.begin(late.id, Opened(day=today), workspace.around).id
    workspace.tell(episode, NeedEstablished(day=today))
    workspace.tell(episode, Contact(day=today))
    assert today.year == ahead.year
    assert differences(workspace.store, [str(today.year), f"{today:%Y-%m}"]) == []
    assert shown(workspace.store, "pathway", "confirmed") == (2, None)
    assert shown(workspace.store, "contacts", "contacts") == (1, None)
    for typed in (f"{ahead:%Y-%m}", f"{today:%Y-%m}..{ahead:%Y-%m}", str(today.year + 1)):
        with pytest.raises(InTheFuture):
            read_period(typed, today)


# -- what was wrong ----------------------------------------------------------------------------


def shown(
    store: Store, report: str, figure: str, by: str | None = None, group: str | None = None
) -> tuple[Any, Any]:
    """The number and denominator of a figure of all, or of a group, in this year."""
    period = read_period(str(store.clock().year), finnish_day(store.clock()))
    table = told_by(store, REPORTS[report], by, period)
    found = next(each for each in table.figures if each.name == figure)
    cell = table.cell(found, group, period)
    assert cell is not None
    return cell.number, cell.denominator


def positive(workspace: Workspace) -> str:
    """An episode with an assessment in which AUDIT-C was over its limit."""
    store, client = workspace.store, workspace.client()
    today = workspace.clock.now.date()
    episode = store.episodes.begin(client.id, Opened(day=today), workspace.around).id
    made = store.assessments.start(client.id, ADULT, setting="clinic", language="fi")
    store.answers.record(made.id, {"phq9.1": 1})
    confirm(store, made.id, {"actions": ["full_audit"], "scores": {"auditc.total": 9}})
    store.episodes.attach_assessment(made.id, episode)
    return episode


def test_a_mini_intervention_on_the_day_of_the_assessment_counts(workspace: Workspace) -> None:
    episode = positive(workspace)
    assert shown(workspace.store, "mini_intervention", "mini_30") == (0, 1)
    today = workspace.clock.now.date()
    workspace.tell(episode, AlcoholUse(day=today, audit=14, mini_intervention=True))
    assert shown(workspace.store, "mini_intervention", "mini_30") == (1, 1)
    assert shown(workspace.store, "mini_intervention", "audit_done") == (1, 1)


def test_a_time_that_stands_still_since_today_is_paused(workspace: Workspace) -> None:
    episode = positive(workspace)
    today = workspace.clock.now.date()
    workspace.tell(episode, NeedEstablished(day=today))
    workspace.tell(episode, Paused(day=today, why="medical"))
    assert shown(workspace.store, "access", "paused_medical") == (1, 1)
    assert shown(workspace.store, "access", "paused_client") == (0, 1)
    workspace.tell(episode, Resumed(day=today))
    assert shown(workspace.store, "access", "paused_medical") == (0, 1)


def test_a_safety_step_that_was_not_done_counts_under_its_reason_or_as_not_told(
    workspace: Workspace,
) -> None:
    store = workspace.store
    client = workspace.client()
    made = store.assessments.start(client.id, ADULT, setting="clinic", language="fi")
    store.answers.record(made.id, {"phq9.1": 1})
    reasons = {"alone": "not_reached", "means": "not_reached", "plan": "declined", "call": None}
    for step, reason in reasons.items():
        store.safety_steps.record(
            made.id, "S3", "suicide_acute", step, done=False, why_not="in words", reason=reason
        )
    store.safety_steps.record(
        made.id, "S3", "suicide_acute", "plan", done=False, why_not="otherwise", reason="other"
    )
    store.assessments.abandon(made.id, "client left")
    (kept,) = store.db.execute("SELECT not_done, reasons FROM summary_stops").fetchall()
    assert tuple(kept) == (4, '["not_reached", "not_reached", "other"]'), "the newest one counts"
    told = {
        group: shown(store, "stops", "not_done", "not_done", group)
        for group in ("not_reached", "other", NOT_TOLD)
    }
    assert told == {"not_reached": (2, None), "other": (1, None), NOT_TOLD: (1, None)}
    assert shown(store, "stops", "some_not") == (1, 1)
