"""The lock of the screen: a cover over everything until the nurse is back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from casework.idle_timer import IdleTimer
    from casework.workspace import Workspace
    from screens.base.page import Page
    from screens.desk.idle_lock import IdleScreen
    from store.paths import StorePaths
    from store.repository.store import Store


class Pushes(Protocol):
    """Shows a page over whatever is on the screen; its result is for the callback."""

    def __call__(self, page: Page[Any], callback: Callable[[Any], object] | None = None) -> None:
        """Show it."""


class ScreenLock:
    """Covers everything when no key comes for too long, or when the nurse asks for it.

    Nothing is loaded for it before a store is open. `knows` says what is wrong with a text as the
    nurse's passphrase; `uptime` are seconds that count on while the
    computer sleeps.
    """

    def __init__(
        self,
        workspace: Workspace,
        places: StorePaths,
        push: Pushes,
        knows: Callable[[str], str | None],
        uptime: Callable[[], float] | None,
    ) -> None:
        self._workspace = workspace
        self._places = places
        self._push = push
        self._knows = knows
        self._uptime = uptime
        self._page: IdleScreen | None = None
        self.idle: IdleTimer | None = None
        """Of the store that is open; None while nothing has to be hidden."""

    @property
    def covers(self) -> bool:
        """Whether everything is covered now."""
        return self._page is not None

    def watch(self, store: Store) -> None:
        """Lock from now on when no key comes for the time that the store says."""
        from casework import idle_timer

        stored = store.settings.get(idle_timer.SETTING)
        limit = idle_timer.limit_s(stored, shared=idle_timer.is_shared(self._places))
        self.idle = idle_timer.IdleTimer(self._uptime or idle_timer.uptime_s, limit)
        self.idle.touch()

    def touch(self) -> None:
        """Note that somebody is there."""
        if self.idle is not None and not self.covers:
            self.idle.touch()

    def lock_if_idle(self) -> bool:
        """Cover everything if no key came for too long; say whether it is covered now.

        A client who answers alone may take any time; the lock at the end of that is another one.
        """
        if self.covers:
            return True
        if self.idle is None or self._workspace.with_client or not self.idle.due:
            return False
        self._lay_over(self.idle)
        return True

    def lock(self) -> None:
        """Cover everything because the nurse asks for it; in training too, which never idles."""
        if self.covers:
            return
        from casework.idle_timer import IdleTimer, uptime_s

        self._lay_over(self.idle or IdleTimer(self._uptime or uptime_s), asked=True)

    def _lay_over(self, idle: IdleTimer, *, asked: bool = False) -> None:
        from screens.desk.idle_lock import IdleScreen

        self._page = IdleScreen(self._workspace, idle, self._knows, asked=asked)
        self._push(self._page, self._uncovered)

    def _uncovered(self, _: str | None) -> None:
        cover, self._page = self._page, None
        self.touch()
        if cover is not None and cover.wants_pin:
            from screens.desk.idle_lock import pin_screen

            self._push(pin_screen(self._workspace), self._take_pin)

    def _take_pin(self, pin: str | None) -> None:
        if pin and self.idle is not None:
            self.idle.choose(pin)
