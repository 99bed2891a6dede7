"""Draws every page as a PNG, in each language, theme and size: `python -m tests.gallery`.

The pages are those that the tests make, drawn by the painter of the program on a terminal in
memory. Each lies in language/theme/size/page.png, the next screenful of a longer one in page+2.png;
the index.html beside them shows all of them. Everything takes some ten minutes on two cores;
`--language fi --size 80x24 --page result` draws less.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, count, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args
from urllib.parse import quote

from textual._compositor import LayoutUpdate

from casework.desk.client_search import search_clients
from casework.episode import EpisodeSession
from casework.language import LANGUAGES
from screens.assessment.assessment_list import AssessmentListScreen
from screens.assessment.open_stops import OpenStopsScreen
from screens.base.error import LossScreen, LostDatabaseScreen
from screens.base.page import Page
from screens.desk.backup import BackupScreen
from screens.desk.clock_check import ClockScreen
from screens.desk.found import FoundScreen
from screens.desk.worklist import WorklistScreen
from screens.episode.episode import EpisodeScreen
from screens.pathway.browser import RuleScreen, pathways_screen, rules_screen
from store.audit.clock_check import Doubt
from store.errors import NotKeptApart, TakenAway
from store.paths import find
from store.pathway_files.files import built_in
from tests.screens.running import Session, Stage
from tests.screens.test_client_mode import client_pages
from tests.screens.test_words import Screens
from tests.screens.test_youth import YoungStage, young_pages
from tests.terminal.drawing import DARK, LIGHT, Palette, draw_png
from tests.terminal.emulator import Terminal
from tui.terminal.capabilities import ThemeName, detect_ability

THEMES: tuple[ThemeName, ...] = get_args(ThemeName)
SIZES = ("64x18", "80x24", "132x40")
FOLDER = Path("build") / "pages"

_ENV = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
_SCREENFULS = 6
"""More of one page are not drawn."""
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Wanted:
    """What is drawn: themes on one size in one language, pages with a word in their name."""

    folder: Path
    language: str
    size: str
    themes: tuple[ThemeName, ...]
    word: str
    palette: Palette

    @property
    def cells(self) -> tuple[int, int]:
        """Columns and rows of the terminal."""
        columns, _, rows = self.size.partition("x")
        return int(columns), int(rows)


def pages_of_adults(session: Session, stage: Stage, language: str) -> Iterator[tuple[str, Any]]:
    """Yield what the training store opens with, then every page of the adult pathway and its care.

    Pages that are made later may have changed the store: the first are drawn as a nurse meets them.
    """
    workspace = session.app.workspace
    yield "start of practice", session.shown
    yield "worklist", WorklistScreen(workspace)
    for client in session.store.clients.list_recent():
        yield "practice past", AssessmentListScreen(workspace, client)
    for page in practice_episodes(session):
        yield "practice episode", page
    yield from pages_of_the_desk(session)
    yield from Screens(session, stage, language).all()
    yield from client_pages(session, stage, language)
    yield "pathways", pathways_screen(workspace, [stage.pathway])
    yield "rules", rules_screen(workspace, stage.pathway, stage.pathway.rules, 0)
    for at, rule in enumerate(stage.pathway.rules):
        yield f"rule {rule.id}", RuleScreen(workspace, stage.pathway, stage.pathway.rules, at)


def pages_of_the_desk(session: Session) -> Iterator[tuple[str, Page[Any]]]:
    """Yield what comes up at the desk now and then."""
    workspace, store = session.app.workspace, session.store
    doubt = Doubt(store.now, store.now + timedelta(days=400), 1)
    yield "clock", ClockScreen(workspace, doubt)
    yield "backup", BackupScreen(workspace, Path("/media/usb/porras"))
    yield "loss", LossScreen(workspace)
    if (found := search_clients(store, "TR")) is not None:
        yield "found", FoundScreen(workspace, "TR", found)
    for error in (TakenAway, NotKeptApart):
        lost = error(path="/home/nurse/porras.db", kept="/home/nurse/backups/porras-kept-apart")
        yield f"lost database {error.__name__}", LostDatabaseScreen(workspace, lost, back=True)
    for client in store.clients.list_recent():
        if stops := store.open_stops.list_of(client.id):
            yield "open stops", OpenStopsScreen(workspace, client, stops, workspace.t("draft"))


def practice_episodes(session: Session) -> Iterator[EpisodeScreen]:
    """Yield the episodes of care that the training store opens with."""
    workspace, store = session.app.workspace, session.store
    for client in store.clients.list_recent():
        if (found := store.episodes.find_open(client.id)) is not None:
            yield EpisodeScreen(EpisodeSession.load(workspace, client, found[0].id))


def draw(wanted: Wanted) -> int:
    """Draw pages into language/theme/size of a folder; return how many pictures were made."""
    return asyncio.run(_draw(wanted))


async def _draw(wanted: Wanted) -> int:
    gallery = Gallery(wanted)
    with TemporaryDirectory() as place:
        for kind, pathway, made in (
            (Stage, "adult", pages_of_adults),
            (YoungStage, "youth", young_pages),
        ):
            stage: Any = kind(find(Path(place) / pathway / "porras.db"), built_in(pathway))
            shown = stage.program(demo=True, language=wanted.language, size=wanted.cells)
            async with shown as session:
                session.patient = False
                for name, page in made(session, stage, wanted.language):
                    await gallery.add(session, f"{pathway} {name}", page)
    return gallery.write_sheets()


class Gallery:
    """The pictures of one language and size."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._names: list[str] = []
        self._drawn: set[object] = set()

    async def add(self, session: Session, name: str, page: Page[Any]) -> None:
        """Show a page in place of the one before, and draw each screenful that is not yet there."""
        name = self._named(name)
        if self._wanted.word not in name:
            return
        if page is not session.shown:
            await session.put(page, instead=len(session.stack) > 1)
        for screenful in range(1, _SCREENFULS + 1):
            await session.settle()
            lines = session.screen._lines.lines
            if lines not in self._drawn:
                self._drawn.add(lines)
                await self._draw(session, f"{name}{f'+{screenful}' * (screenful > 1)}.png")
            before = page.offset_rows
            page.scroll(session.screen.room - 1)
            if page.offset_rows == before:
                return

    def _named(self, name: str) -> str:
        plain = re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-")[:_LONGEST_NAME]
        same = (f"{plain}-{number}" for number in count(2))
        self._names.append(next(each for each in chain([plain], same) if each not in self._names))
        return self._names[-1]

    async def _draw(self, session: Session, file: str) -> None:
        for theme in self._wanted.themes:
            await dress(session, theme)
            path = self._folder(theme) / file
            path.parent.mkdir(parents=True, exist_ok=True)
            draw_png(_shown(session), path, self._wanted.palette)
        await dress(session, self._wanted.themes[0])

    def _folder(self, theme: ThemeName) -> Path:
        wanted = self._wanted
        return wanted.folder / wanted.language / theme / wanted.size

    def write_sheets(self) -> int:
        """Write a sheet of each folder's pictures in the order of pages; return their number."""
        place = {name: at for at, name in enumerate(self._names)}
        made = 0
        for theme in self._wanted.themes:
            folder = self._folder(theme)
            files = [path for path in folder.glob("*.png") if _page_of(path) in place]
            files.sort(key=lambda path: (place[_page_of(path)], path.stem))
            title = f"{self._wanted.language} · {theme} · {self._wanted.size}"
            _write_sheet(folder / "index.html", title, [_figure(path) for path in files])
            made += len(files)
        return made


async def dress(session: Session, theme: ThemeName) -> None:
    """Draw the screen on top as on a usual terminal, in a theme."""
    app = session.app
    ability = detect_ability(_ENV, theme=theme)
    if app.ability != ability:
        app.ability = ability
        session.screen._lines._rows.clear()
        session.screen.draw()
        app.refresh_css(animate=False)
        await session.settle()


def codes(session: Session) -> bytes:
    """Return what the painter sends for all of the screen on top."""
    app, screen = session.app, session.screen
    painter = app.new_painter(app.size)
    assert painter is not None
    update = screen._compositor.render_update(full=True)
    assert isinstance(update, LayoutUpdate)
    painter.update(update, app._typed_at(screen))
    return painter.take().encode()


def _shown(session: Session) -> Terminal:
    terminal = Terminal(*session.app.size)
    terminal.feed(codes(session))
    return terminal


# -- what is looked at -----------------------------------------------------


def _page_of(path: Path) -> str:
    return path.stem.partition("+")[0]


def _figure(path: Path) -> str:
    name = quote(path.name)
    return (
        f'<figure><a href="{name}"><img loading="lazy" src="{name}" alt=""></a>'
        f"<figcaption>{path.stem}</figcaption></figure>"
    )


def _write_contents(folder: Path) -> None:
    """Write what leads from the folder to the sheets in it."""
    sheets = sorted(path.relative_to(folder) for path in folder.glob("*/*/*/index.html"))
    links = [f'<p><a href="{path.as_posix()}">{path.parent.as_posix()}</a></p>' for path in sheets]
    _write_sheet(folder / "index.html", "Porras", links)


def _write_sheet(path: Path, title: str, parts: Sequence[str]) -> None:
    style = "body{font:14px sans-serif;background:#777}figure{display:inline-block;margin:6px}"
    style += "img{width:480px;display:block}figcaption{width:480px;overflow-wrap:anywhere}"
    head = f'<!doctype html><meta charset="utf-8"><title>{title}</title><style>{style}</style>'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([head, f"<h1>{title}</h1>", *parts, ""]), encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Draw what is asked for; return the exit status: 1 where no page has the name."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.gallery",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--language", nargs="+", choices=LANGUAGES, default=list(LANGUAGES))
    parser.add_argument("--theme", nargs="+", choices=THEMES, default=list(THEMES))
    parser.add_argument("--size", nargs="+", default=list(SIZES), help="columns and rows: 80x24")
    parser.add_argument("--page", default="", help="only pages with this in the name")
    parser.add_argument("--light", action="store_true", help="on a light ground")
    parser.add_argument("--workers", type=int, help="how many cores are used; all of them if not")
    asked = parser.parse_args(argv)
    palette = LIGHT if asked.light else DARK
    work = [
        Wanted(asked.folder, language, size, tuple(asked.theme), asked.page, palette)
        for language, size in product(asked.language, asked.size)
    ]
    total = 0
    with ProcessPoolExecutor(asked.workers) as pool:
        for each, made in zip(work, pool.map(draw, work), strict=True):
            total += made
            print(f"{each.language} {each.size}: {made} pictures")
    _write_contents(asked.folder)
    return 0 if total else 1


if __name__ == "__main__":
    sys.exit(main())
