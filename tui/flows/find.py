"""The way to a client: what is typed, and a choice among those that it finds."""

from __future__ import annotations

from casework.client_card import find_client
from casework.desk.client_search import read_year, search_clients
from casework.workspace import Workspace
from screens.base.open_stops import sentences
from screens.base.prompt import Refused, ValuePrompt
from screens.desk.found import FoundScreen
from store import codes
from store.errors import OtherUnit, StoreError
from store.records import FoundClients
from tui.flows.show import Show


class _Search:
    """Reads what is typed, and remembers it for the next try."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.typed = ""

    def read(self, text: str) -> str | FoundClients:
        """Return the id of the only client found, or all of them.

        Raises:
            Refused: If none is found, or what was typed is a mistake.
        """
        t, store, self.typed = self._workspace.t, self._workspace.store, text
        if sum(map(str.isalnum, text)) < codes.LEAST_BEGINNING:
            raise Refused(t("Type at least two characters of the code, or a year of birth."))
        try:
            found = search_clients(store, text)
        except StoreError as error:
            raise Refused(t(error.what, **error.values)) from None
        if found is None:
            return self._whole(text)
        if not found.shown and read_year(text) is not None:
            raise Refused(t("No client here was born in {year}.", year=text))
        if not found.shown:
            raise Refused(t("No client here has a code that begins so."))
        return found if found.total > 1 else found.shown[0].client.id

    def _whole(self, text: str) -> str:
        """Return the id of the client with a code."""
        t, store = self._workspace.t, self._workspace.store
        try:
            client, stops = find_client(store, text)
        except StoreError as error:
            raise Refused(t(error.what, **error.values)) from None
        if stops:
            told = sentences(self._workspace, stops[0])
            raise Refused(" ".join((t(OtherUnit.what), *told)))
        if client is None:
            raise Refused(t("No client has this code here."))
        return client.id


async def find(workspace: Workspace, show: Show) -> str | None:
    """Ask for a code, its beginning or a year of birth until a client is chosen; return its id."""
    t, search = workspace.t, _Search(workspace)
    about = t("Type the client code, the beginning of it, or a year of birth.")
    while True:
        title = t("Find a client")
        prompt = ValuePrompt(workspace, title, about, search.read, begin_with=search.typed)
        found = await show(prompt)
        if not isinstance(found, FoundClients):
            return found
        if picked := await show(FoundScreen(workspace, search.typed, found)):
            return picked
