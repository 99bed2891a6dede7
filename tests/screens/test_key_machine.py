"""If this fails, hypothesis has found keys that pass an open stop, and shows the shortest way."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from textual._time import get_time

from screens.base.keys import bindings
from screens.base.prompt import ValuePrompt
from store.paths import find
from store.pathway_files.files import built_in
from tests.screens.running import Session, Stage
from tests.screens.test_deliberate import held, send
from tests.screens.test_random_keys import KEYS, WORDS, drafts, stand
from tests.terminal.nimble import ANY_PACE
from tui.full_screen.key_pace import Fingers, Pace

Act = Callable[[Session], Coroutine[Any, Any, None]]


def deeds(session: Session) -> list[int]:
    """How many rows there are of what a nurse answers for: one key adds one at most."""
    count = "SELECT count(*) FROM {}"
    tables = ("safety", "decisions", "closings", "assessments")
    rows = (session.store.db.execute(count.format(table)).fetchone() for table in tables)
    return [int(row[0]) for row in rows]


class Keys(RuleBasedStateMachine):
    """The real program over a real store; each rule is something that a hand can do.

    The program runs in one task of a loop of its own, because Textual keeps what is active there.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        database = Path(self.folder.name) / "data" / "porras.db"
        self.stage = Stage(find(database), built_in("adult"))
        drafts(self.stage)
        self.loop = asyncio.new_event_loop()
        self.acts: asyncio.Queue[Act | None] = asyncio.Queue()
        self.answers: asyncio.Queue[BaseException | None] = asyncio.Queue()
        self.running = self.loop.create_task(self._run())
        self._wait()

    async def _run(self) -> None:
        """Run the program, again and again where a key closes it, until there is no more to do."""
        while True:
            async with self.stage.workplace() as session:
                self.session = session
                self.answers.put_nowait(None)
                while session.app.is_running:
                    if (act := await self.acts.get()) is None:
                        return
                    try:
                        await act(session)
                        if session.app.is_running:
                            stand(session)
                    except BaseException as error:
                        self.answers.put_nowait(error)
                    else:
                        if session.app.is_running:
                            self.answers.put_nowait(None)

    def _wait(self) -> None:
        if error := self.loop.run_until_complete(self.answers.get()):
            raise error

    def _do(self, act: Act) -> None:
        self.acts.put_nowait(act)
        self._wait()

    @rule(key=st.sampled_from(KEYS))
    def any_key(self, key: str) -> None:
        async def act(session: Session) -> None:
            await session.press(key)

        self._do(act)

    @rule(number=st.integers(0, 40))
    def key_that_works_here(self, number: int) -> None:
        async def act(session: Session) -> None:
            own = [key for each in bindings(session.shown.key_list()) for key in each.names]
            await session.press(own[number % len(own)])

        self._do(act)

    @rule(number=st.integers(0, 40))
    def key_held_down(self, number: int) -> None:
        async def act(session: Session) -> None:
            own = [key for each in bindings(session.shown.key_list()) for key in each.names]
            before = deeds(session)
            session.app._fingers = Fingers(Pace())
            try:
                await send(session, *held(own[number % len(own)], get_time() + 1, 40))
            finally:
                if session.app.is_running:
                    session.app._fingers = Fingers(ANY_PACE)
            if session.app.is_running:
                added = [now - then for now, then in zip(deeds(session), before, strict=True)]
                assert max(added) <= 1, added

        self._do(act)

    @precondition(lambda self: isinstance(self.session.shown, ValuePrompt))
    @rule(text=st.sampled_from(WORDS))
    def text(self, text: str) -> None:
        async def act(session: Session) -> None:
            await session.type(text)

        self._do(act)

    def teardown(self) -> None:
        self.acts.put_nowait(None)
        self.loop.run_until_complete(self.running)
        self.loop.close()
        self.folder.cleanup()


TestKeys = Keys.TestCase
TestKeys.settings = settings(max_examples=15, stateful_step_count=50, deadline=None)
