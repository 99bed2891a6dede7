"""The way through an episode of care: its page, what is recorded in it, its entries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from screens.care import Care
from screens.desk import Desk
from screens.episode import (
    EntryScreen,
    EpisodeScreen,
    RecordScreen,
    entries_screen,
    form_screen,
    newest,
    opening_screen,
)
from screens.sheet import Sheet
from store.errors import StoreError
from store.records import Client

Result = TypeVar("Result")


class Show(Protocol):
    """Puts a screen on top and waits for what it returns."""

    def __call__(self, sheet: Sheet[Result], /) -> Awaitable[Result | None]:
        """Show a screen."""
        ...


class CareFlow:
    """Leads through one client's episode until the nurse goes back."""

    def __init__(self, desk: Desk, show: Show, tell: Callable[[StoreError], Any]) -> None:
        self._desk = desk
        self._show = show
        self._tell = tell

    async def run(self, client: Client) -> None:
        """Show the episode that a client is in, or open one; what has ended can be read."""
        try:
            care = await self._care(client)
            while care is not None and await self._once(care):
                care = Care.of(self._desk, client, care.id)
        except StoreError as error:
            await self._tell(error)

    async def _care(self, client: Client) -> Care | None:
        """The open episode, else a new one if the nurse opens it, else the last that ended."""
        store = self._desk.store
        found = store.open_episode_of(client.id)
        if found is None and await self._show(opening_screen(self._desk, client)):
            found = store.open_episode_of(client.id)
        if found is None:
            found = next(iter(store.episodes_of(client.id)), None)
        if found is None:
            return None
        store.log_view(found[0].id)
        return Care.of(self._desk, client, found[0].id)

    async def _once(self, care: Care) -> bool:
        """Show the episode's page and what is wanted from it; say whether to go on."""
        match await self._show(EpisodeScreen(care)):
            case "record":
                if kind := await self._show(RecordScreen(care)):
                    await self._show(form_screen(care, kind))
                return True
            case "entries":
                await self._entries(care)
                return True
            case _:
                return False

    async def _entries(self, care: Care) -> None:
        """List the entries, and correct those that the nurse opens."""
        at = 0
        while (picked := await self._show(entries_screen(care, at))) is not None:
            at = picked
            entry = newest(care)[at]
            if await self._show(EntryScreen(care, entry)) == "correct":
                await self._show(form_screen(care, entry.event.kind, entry))
