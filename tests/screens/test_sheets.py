"""If these fail, a sheet for the hand says more, less or something else than it should."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from casework.episode_names import collect_names
from casework.language import LANGUAGES, speech
from casework.sheets.texts import find_numbers, find_sheets, opens_plan
from casework.workspace import Workspace
from screens.base.lines import harmless
from screens.documents.as_html import as_html
from screens.documents.as_pdf import NO_PDF, NOT_DRAWN, NoPdf, as_pdf
from screens.documents.as_text import as_text
from screens.documents.as_typst import as_typst
from screens.documents.document import (
    Boxes,
    Bullets,
    Document,
    DotPlot,
    DotRow,
    Heading,
    NewSheet,
    Piece,
    Prose,
    Ruled,
    Table,
    cell,
)
from screens.sheets.compose import (
    AGREED,
    FORM,
    PLAN,
    SERVICES,
    Sheet,
    compose_sheet,
    sheet_names,
    sheet_text,
    title_of,
)
from screens.sheets.parts import NoSheet
from screens.wording.day_words import weekday
from screens.wording.decision_words import LOCAL
from stepping.decision.safety import SafetyStep
from stepping.episode.episode import replay
from stepping.episode.events import (
    Event,
    EventEntry,
    NextContact,
    Opened,
    PeriodStarted,
    TrackEvent,
    Voice,
)
from stepping.pathway.care.sheets import SHEETS, read_sheets
from stepping.pathway.diagnostics import PathwayError
from store.paths import PATHWAYS
from store.pathway_files.files import built_in, ids
from store.records import Client, SafetyRecord, StepTerms
from tests.screens.test_review import Page, flat

TODAY = date(2026, 12, 1)
CLIENT = Client(
    id="c",
    code="K7M2QX",
    birth_year=1980,
    sex="f",
    language="fi",
    municipality=None,
    created_at=datetime(2026, 12, 1, tzinfo=UTC),
    created_by="w",
)
HOSTILE = '"] #eval("1") \\u{202e} <script>alert(1)</script> $x$ #import "a" */ // `c`'


@cache
def read_once() -> Workspace:
    """A workspace that has read its pathways."""
    made = Workspace(lambda: datetime(2026, 12, 1, 10, tzinfo=UTC))
    assert made.readable_pathways
    return made


@pytest.fixture
def workspace() -> Workspace:
    return replace(read_once(), _asked={})


def of(name: str, language: str = "en", **more: Any) -> Sheet:
    """A sheet with a pathway where it needs one."""
    if name == FORM:
        more.setdefault("pathway", built_in("adult"))
    return Sheet(name, language, **more)


def told(*events: Event) -> Sheet:
    """What was agreed, of a client in whose episode this stands."""
    entries = [
        EventEntry(id=f"e{seq}", seq=seq, event=event)
        for seq, event in enumerate((Opened(day=date(2026, 11, 1)), *events), 1)
    ]
    return of(AGREED, client=CLIENT, episode=replay(entries))


UNREAD = dict.fromkeys(map(ord, "•-"))
"""What pdftotext leaves out at the ends of lines, and the signs of lists."""

FOOT = re.compile(r"\d+ / \d+\s*\f")
"""The number of a page, at the end of it."""

GENERAL = [PLAN, "self_care", "for_clients", "for_managers", FORM]


# -- what stands on each ------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", GENERAL)
def test_each_sheet_fits_a_terminal_and_says_what_it_is_not(
    workspace: Workspace, name: str, language: str
) -> None:
    document = compose_sheet(workspace, of(name, language))
    text = as_text(document)
    assert [line for line in text.split("\n") if cell_len(line) > 78] == []
    assert document.language == language
    assert document.upright
    if name != FORM:
        assert speech(language)(LOCAL).lower() in flat(text).lower()
        for number in find_numbers(workspace):
            assert number.number in text
        assert text.startswith(title_of(workspace, name, language))


@pytest.mark.parametrize("name", ids(PATHWAYS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pathway_has_a_form_on_paper(workspace: Workspace, name: str, language: str) -> None:
    pathway = built_in(name)
    text = flat(sheet_text(workspace, of(FORM, language, pathway=pathway)))
    for question in pathway.questions.values():
        assert flat(question.text[language]) in text


def test_the_texts_go_by_what_is_known_and_none_is_called_official() -> None:
    sheets = read_sheets((PATHWAYS / SHEETS).read_text(encoding="utf-8"))
    assert {sheets.plan.basis, *(page.basis for page in sheets.page)} == {"local"}
    assert list(sheets.pages) == ["self_care", "for_clients", "for_managers"]


def test_the_plan_has_the_points_in_order_and_whom_to_call_above_them(
    workspace: Workspace,
) -> None:
    words = {"signs": "I stop answering messages", "means": "My sister keeps the medicines"}
    text = sheet_text(workspace, of(PLAN, words=words))
    points = find_sheets(workspace).plan.point
    places = [text.index(f"{n} {point.title['en']}") for n, point in enumerate(points, 1)]
    assert [point.id for point in points] == ["signs", "own", "people", "professionals", "means"]
    assert places == sorted(places)
    assert text.index("112") < places[0]
    assert text.index("I stop answering messages") < places[1]
    assert points[0].ask["en"] not in flat(text)
    assert points[1].ask["en"] in flat(text)


def test_the_plan_belongs_to_steps_that_there_are(workspace: Workspace) -> None:
    cards = {id_: card for name in ids(PATHWAYS) for id_, card in built_in(name).cards.items()}
    for named in find_sheets(workspace).plan.opens:
        card, step = named.split("/")
        assert step in [each.id for each in cards[card].steps]
        assert opens_plan(workspace, SafetyStep("S", card, step))
    assert not opens_plan(workspace, SafetyStep("S", "partner_violence", "safety_plan"))


# -- what was agreed ----------------------------------------------------------------------------


def test_a_contact_ahead_is_printed_without_a_staff_code(workspace: Workspace) -> None:
    ahead = NextContact(day=TODAY, due=date(2026, 12, 8), time="09:30", who="maija", role="nurse")
    text = sheet_text(workspace, told(ahead, Voice(day=TODAY, about="goal", words="sleep")))
    assert "Tue 2026-12-08 09:30" in text
    assert "- sleep" in text
    assert "maija" not in text
    assert CLIENT.code not in text


def test_a_contact_that_has_passed_leaves_a_line_for_a_pen(workspace: Workspace) -> None:
    passed = NextContact(day=date(2026, 11, 2), due=date(2026, 11, 9), role="nurse")
    text = sheet_text(workspace, told(passed))
    assert "2026-11-09" not in text
    assert "Day, time and who gets in touch: ___" in text


def test_what_others_must_not_read_is_not_printed(workspace: Workspace) -> None:
    text = sheet_text(
        workspace,
        told(
            TrackEvent(day=TODAY, track="child_protection", what="notified", words="SECRET"),
            TrackEvent(day=TODAY, track="employer_talk", what="referred"),
            TrackEvent(day=TODAY, track="work_ability", what="consented", words="SECRET"),
            TrackEvent(day=date(2026, 11, 3), track="work_ability", what="met"),
        ),
    )
    assert "SECRET" not in text
    assert "Work ability: the client agreed" in text
    for hidden in ("hild", "mployer", "has met"):
        assert hidden not in text.split("What else we agreed")[0]


def done(named: str, **more: Any) -> SafetyRecord:
    """A safety step that was recorded today."""
    card, step = named.split("/")
    at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    parts = {"done": True, "why_not": None, "recorder": "maija", "answers_seq": 1, "at": at, **more}
    return SafetyRecord(stop="S2", card=card, step=step, **parts)


SECRET = StepTerms(who="relative", when=date(2026, 12, 3), where="in the shed")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_safety_steps_agreed_is_printed_in_words_for_the_client(
    workspace: Workspace, language: str
) -> None:
    sheet = replace(
        told(),
        language=language,
        safety=(
            done("suicide_non_acute/means", terms=SECRET),
            done("suicide_youth/means", terms=SECRET),
            done("attempt_adult/assessment", terms=SECRET),
        ),
    )
    text = flat(sheet_text(workspace, sheet))
    t = speech(language)
    lines = {line.of[0]: line for line in find_sheets(workspace).agreed}
    speaking = replace(workspace, language=language)
    assert sheet.episode is not None
    role = collect_names(speaking, 1980, sheet.episode, "f").care.role("relative")
    means = lines["suicide_non_acute/means"].text[language]
    doctor = lines["attempt_adult/assessment"].text[language]
    assert text.count(means) == 1
    assert f"{means}: {role}" in text
    assert f"{doctor}: {weekday(SECRET.when or TODAY, t)}, in the shed" in text
    assert text.count("in the shed") == 1, "where means are kept is not for the client's paper"
    assert "maija" not in text
    assert t(LOCAL)[1:] in text


def test_no_other_safety_step_and_none_of_another_day_is_printed(workspace: Workspace) -> None:
    """A paper at home may be found."""
    earlier = datetime(2026, 11, 30, 9, tzinfo=UTC)
    listed = {named for line in find_sheets(workspace).agreed for named in line.of}
    others = [
        f"{card.id}/{step.id}"
        for name in ids(PATHWAYS)
        for card in built_in(name).cards.values()
        for step in card.steps
        if f"{card.id}/{step.id}" not in listed
    ]
    rows = [
        *(done(named, terms=SECRET) for named in others),
        done("suicide_non_acute/means", terms=SECRET, at=earlier),
        done("suicide_non_acute/company", done=False, why_not="SECRET"),
    ]
    assert "partner_violence/safety_plan" in others
    assert sheet_text(workspace, replace(told(), safety=rows)) == sheet_text(workspace, told())


def test_what_is_printed_is_of_steps_that_there_are(workspace: Workspace) -> None:
    cards = {id_: card for name in ids(PATHWAYS) for id_, card in built_in(name).cards.items()}
    for line in find_sheets(workspace).agreed:
        for named in line.of:
            card, step = named.split("/")
            (found,) = (each for each in cards[card].steps if each.id == step)
            assert set(line.tells) <= set(found.agree)


def test_a_day_of_a_safety_step_that_has_passed_is_not_printed(workspace: Workspace) -> None:
    passed = StepTerms(when=date(2026, 11, 30))
    rows = (done("attempt_adult/assessment", terms=passed),)
    assert "2026-11-30" not in sheet_text(workspace, replace(told(), safety=rows))


def test_care_of_a_client_is_what_has_begun(workspace: Workspace) -> None:
    begun = PeriodStarted(day=TODAY, period="p1", intervention="guided_self_help", step=1)
    sheet = told(begun)
    own = Sheet("self_care", "en", CLIENT, built_in("adult"), 1, episode=sheet.episode)
    anybody = Sheet("self_care", "en", None, built_in("adult"), 1)
    assert "Guided self-help" in sheet_text(workspace, own)
    assert "Insomnia programme" not in sheet_text(workspace, own)
    assert "Insomnia programme" in sheet_text(workspace, anybody)


def test_the_plan_of_several_services_tells_its_goals_until_it_has_ended(
    workspace: Workspace,
) -> None:
    planned = TrackEvent(
        day=date(2026, 11, 5),
        track="multi_service",
        what="planned",
        role="nurse",
        goals=("walk each day", "pay the rent"),
        review_on=date(2027, 1, 5),
        words="SECRET",
    )
    ended = TrackEvent(day=date(2026, 11, 6), track="multi_service", what="ended")
    going_on = told(planned).episode
    sheet = of(SERVICES, client=CLIENT, episode=going_on)
    text = sheet_text(workspace, sheet)
    assert "Goal 1: walk each day" in text
    assert "Goal 2: pay the rent" in text
    assert "Tue 2027-01-05" in text
    assert "SECRET" not in text
    with pytest.raises(NoSheet):
        compose_sheet(workspace, of(SERVICES, client=CLIENT, episode=told(planned, ended).episode))


@pytest.mark.parametrize("name", [AGREED, SERVICES])
def test_a_sheet_about_a_client_needs_one_with_an_episode(workspace: Workspace, name: str) -> None:
    for sheet in (of(name), of(name, client=CLIENT), Sheet(FORM, "en")):
        with pytest.raises(NoSheet) as refused:
            compose_sheet(workspace, sheet)
        assert refused.value.sentence.count(".") == 3


def test_the_training_store_marks_its_sheets(workspace: Workspace) -> None:
    workspace.training = True
    assert sheet_text(workspace, of(PLAN)).startswith("TRAINING: invented clients only")


# -- files that a site writes -------------------------------------------------------------------


def test_a_site_has_its_own_sheets_and_ours_where_they_cannot_be_read(
    tmp_path: Path, workspace: Workspace
) -> None:
    text = (PATHWAYS / SHEETS).read_text(encoding="utf-8")
    own = tmp_path / SHEETS
    own.parent.mkdir()
    own.write_text(text.replace('"My safety plan"', '"Our own plan"'), encoding="utf-8")
    workspace.pathways = tmp_path
    assert title_of(workspace, PLAN, "en") == "Our own plan"
    own.write_text("[plan", encoding="utf-8")
    other = Workspace(workspace.clock, pathways=tmp_path)
    assert title_of(other, PLAN, "en") == "My safety plan"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('id = "own"', 'id = "signs"', "defined twice"),
        ('id = "for_clients"', 'id = "self_care"', "defined twice"),
        ('fi = "Varomerkkini", ', "", "has no text in fi"),
        ('opens = ["suicide', 'opens = ["suicide acute', "opens"),
    ],
)
def test_a_fault_of_the_file_is_told_with_its_place(old: str, new: str, fault: str) -> None:
    text = (PATHWAYS / SHEETS).read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(PathwayError) as refused:
        read_sheets(text.replace(old, new, 1))
    assert fault in str(refused.value)
    assert SHEETS in str(refused.value)


# -- no text breaks out ---------------------------------------------------------------------------


def every_block(text: str) -> Document:
    """A document with a text wherever words may stand."""
    piece = (Piece(text), Piece(text, "strong", 1), Piece(text, "code"), Piece(text, "quiet"))
    return Document(
        f"t{text}",
        "en",
        (
            Heading(1, text),
            Prose(cell(*piece)),
            Bullets((text, text)),
            Boxes((text, text)),
            Ruled((text, "")),
            Table((text, "b"), ((cell(*piece), ()), (cell("c"), cell(text)))),
            NewSheet(),
            DotPlot((DotRow(text, 2),)),
        ),
        upright=True,
    )


def strings_of(code: str) -> tuple[list[str], str]:
    """The strings of typst code as typst reads them, and the code without them."""
    strings, rest, at = [], "", 0
    while at < len(code):
        if code[at] != '"':
            rest, at = rest + code[at], at + 1
            continue
        at, found = at + 1, ""
        while code[at] != '"':
            if code[at] == "\\":
                at += 1
                assert code[at] in '\\"'
            found, at = found + code[at], at + 1
        strings.append(found)
        rest, at = rest + '""', at + 1
    return strings, rest


class Sheets(Page):
    """A page with sheets that end."""

    VOID = ("meta", "hr")  # type: ignore[assignment]


PLAIN = strings_of(as_typst(every_block("x")))[1]


@given(st.text(min_size=1))
@settings(max_examples=150, deadline=None)
def test_no_text_is_markup_in_any_form(text: str) -> None:
    document = every_block(text)
    strings, code = strings_of(as_typst(document))
    assert code == PLAIN
    assert harmless(text) in strings
    page = Sheets(as_html(document))
    assert "script" not in page.tags
    assert all(name != "onclick" for name, _ in page.attributes)
    assert page.tags == Sheets(as_html(every_block("x"))).tags
    assert all(cell_len(line) <= 78 for line in as_text(document).split("\n"))


@given(st.text(st.sampled_from('\\"#[]{}()$*_`/<>@\n\tuab1 ;'), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_a_pdf_is_made_of_any_text_of_signs_that_mean_something_to_typst(text: str) -> None:
    assert as_pdf(every_block(text)).startswith(b"%PDF-")


# -- PDF ------------------------------------------------------------------------------------------


def test_a_sign_that_no_font_has_is_told_and_makes_no_pdf() -> None:
    with pytest.raises(NoPdf) as refused:
        as_pdf(every_block("\U0001f600"))
    assert refused.value.sentence == NOT_DRAWN


def test_without_the_extra_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(NoPdf) as refused:
        as_pdf(every_block("x"))
    assert refused.value.sentence == NO_PDF
    assert "porras[pdf]" in NO_PDF


def test_nothing_is_read_or_written_for_a_pdf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert as_pdf(every_block(HOSTILE.replace("\\u{202e}", "")))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(
    not (shutil.which("pdftotext") and shutil.which("pdfinfo")), reason="poppler is not here"
)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", GENERAL)
def test_a_pdf_is_whole_tagged_and_of_a4(
    workspace: Workspace, tmp_path: Path, name: str, language: str
) -> None:
    document = compose_sheet(workspace, of(name, language))
    file = tmp_path / "sheet.pdf"
    file.write_bytes(as_pdf(document))

    def asked(*command: str) -> str:
        return subprocess.run(command, capture_output=True, check=True).stdout.decode()

    about = asked("pdfinfo", str(file))
    assert "Tagged:          yes" in about
    assert "(A4)" in about
    assert f"/Lang({language})".encode() in file.read_bytes().replace(b" ", b"")
    read = "".join(FOOT.sub("", asked("pdftotext", str(file), "-")).split()).translate(UNREAD)
    for block in document.blocks:
        for text in words_of(block):
            assert "".join(text.split()).translate(UNREAD) in read, text


def words_of(block: object) -> list[str]:
    """What of a block is read on paper."""
    match block:
        case Heading(_, text):
            return [text]
        case Prose(pieces):
            return [piece.text for piece in pieces]
        case Bullets(texts) | Boxes(texts) | Ruled(texts):
            return list(texts)
    return []


def test_every_sheet_has_a_name_on_the_command_line(workspace: Workspace) -> None:
    assert set(sheet_names(workspace)) == {*GENERAL, AGREED, SERVICES}
