"""Beginning anew: what goes and what stays, and the page that stands while it is done."""

from __future__ import annotations

from collections.abc import Callable

from casework.language import Speech
from casework.workspace import Workspace
from screens.base.host import Beside
from screens.base.keys import Shown
from screens.base.lines import Line, bold, paragraph, wrap
from screens.base.page import Page
from store.errors import StoreError


class BeginAnewScreen(Page[None]):
    """Stands while the training store is put back; leaves by itself."""

    def __init__(self, workspace: Workspace, make: Callable[[], object]) -> None:
        super().__init__(workspace)
        self._make = make
        self.failed: StoreError | None = None
        """Why the old one stands still, if that is so."""

    def open(self) -> None:
        """Begin at once."""
        self.host.start(self._work())

    async def _work(self) -> None:
        await Beside(self._try)
        self.leave()

    def _try(self) -> None:
        """Do it; what is done beside a page has to tell by itself how it ended."""
        try:
            self._make()
        except StoreError as error:
            self.failed = error

    def top(self) -> tuple[str, str]:
        """Name the page."""
        return self.t("Begin anew"), ""

    def body(self, width: int) -> list[Line]:
        """Say that it takes a while."""
        doing = self.t("Making the invented clients …")
        while_ = self.t("It takes some seconds. Until it is done the old ones stand.")
        return [(), *map(bold, wrap(doing, width)), (), *paragraph(while_, width)]

    def key_list(self) -> Shown:
        """There is nothing to press."""
        return []


def what_goes(t: Speech, clients: int, drafts: int) -> list[str]:
    """Say what a training store holds that goes with it, and what stays."""
    told = [
        t.many(
            "{count} invented client goes, with all that was recorded.",
            "{count} invented clients go, with all that was recorded.",
            clients,
        )
    ]
    if drafts:
        told.append(
            t.many(
                "{count} case under way is lost with them.",
                "{count} cases under way are lost with them.",
                drafts,
            )
        )
    return [*told, t("Your own results stay.")]
