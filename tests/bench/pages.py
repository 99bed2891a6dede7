"""How many bytes the pages that a nurse meets most take, in Finnish at 80×24 on the training store.

Each is drawn whole on an empty terminal, as after a start or a redraw; after another page fewer
bytes are sent, since what stands there already stays.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from screens.base.page import Page
from screens.result.result import ResultScreen
from stepping.decision.interview import open_stops
from store.paths import find
from store.pathway_files.files import built_in
from tests.bench.budget import Budget, Setting, told
from tests.gallery import codes, dress, practice_episodes
from tests.screens.running import Session, Stage, record_steps
from tests.screens.test_result import MODERATE
from tests.screens.test_words import HEAVY

START, RESULT, EPISODE = 1000, 1800, 2400
"""The most bytes of each page."""

LANGUAGE, SIZE = "fi", (80, 24)


@cache
def sizes(folder: Path) -> Mapping[str, int]:
    """Return the bytes of the start, of a usual and of the heaviest result, and of the episodes.

    Of several episodes in practice the one that takes most is told.
    """
    return asyncio.run(_sizes(folder / "pages"))


async def _sizes(folder: Path) -> dict[str, int]:
    stage = Stage(find(folder / "porras.db"), built_in("adult"))
    async with stage.program(demo=True, language=LANGUAGE, size=SIZE) as session:
        await dress(session, "standard")
        found = {"start": len(codes(session))}
        episodes = [await _size(session, page) for page in practice_episodes(session)]
        found["episode"] = max(episodes)
        for name, answers in (("result", MODERATE), ("heavy result", HEAVY)):
            visit = stage.visit(session.store, language=LANGUAGE)
            visit.record_answers(stage.whole(answers))
            for stop in open_stops(visit.pathway, visit.answers, ()):
                record_steps(visit, stop)
            page = ResultScreen(session.app.workspace, visit, visit.decide())
            found[name] = await _size(session, page)
    return found


async def _size(session: Session, page: Page[Any]) -> int:
    await session.put(page, instead=len(session.stack) > 1)
    await session.settle()
    return len(codes(session))


def _of(folder: Path, name: str) -> float:
    return sizes(folder)[name]


def budgets(setting: Setting) -> Iterator[Budget]:
    """Yield a row for each page."""
    of = partial(partial, _of, setting.folder)
    yield Budget("bytes of the whole start page", START, "B", of("start"))
    yield Budget("bytes of the whole result page", RESULT, "B", of("result"))
    yield told("  with as much on it as there may be", "B", of("heavy result"))
    yield Budget("bytes of the whole episode page", EPISODE, "B", of("episode"))
