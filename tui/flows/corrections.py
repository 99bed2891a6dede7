"""The way through what is put right: the card, two codes of one person, a wrong client."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from casework.workspace import Workspace
from screens.base.pick import ListItem, PickScreen
from screens.base.prompt import PromptScreen
from screens.corrections.assessment import AssessmentScreen, move_screen
from screens.corrections.card_form import CardForm
from screens.corrections.putting_right import PutRightScreen, code_screen, join_screen, part_screen
from screens.forms.fields import NO_NAMES
from screens.wording.source_words import pathway_name
from stepping.pathway.diagnostics import PathwayError
from stepping.pathway.model import Pathway
from store.codes import show
from store.errors import StoreError
from store.records import Assessment, Client
from store.repository.corrections import Carried
from store.retention import retention
from tui.flows.show import Show, Tell


class CorrectionsFlow:
    """Leads through what is put right of one client; tells what came of it."""

    def __init__(self, workspace: Workspace, show_: Show, tell: Tell) -> None:
        self._workspace = workspace
        self._show = show_
        self._tell = tell

    async def run(self, client: Client) -> str:
        """Ask what is to be put right and lead through it; return what to say afterwards."""
        try:
            found = self._workspace.store.assessments.list_of(client.id)
            chosen = PutRightScreen(self._workspace, client, assessments=bool(found))
            match await self._show(chosen):
                case "card":
                    stored = await self._show(CardForm(self._workspace, client))
                    return self._workspace.t("The card is put right.") if stored else ""
                case "join":
                    return await self._join(client)
                case "part":
                    return await self._part(client)
                case "assessment":
                    return await self._assessment(client, found)
        except StoreError as error:
            await self._tell(error)
        return ""

    async def _other(self, client: Client, title: str) -> Client | None:
        """Ask for another client's code, until there is one or the nurse goes back."""
        while code := await self._show(code_screen(self._workspace, client, title)):
            if other := self._workspace.store.clients.find(code):
                self._workspace.store.audit_log.log_view(other.id)
                return other
            title = self._workspace.t("No client has this code here.")
        return None

    async def _join(self, client: Client) -> str:
        t = self._workspace.t
        other = await self._other(client, t("Another code of the same person"))
        if other is None or not await self._show(join_screen(self._workspace, client, other)):
            return ""
        return t("The two codes are one client now.")

    async def _part(self, client: Client) -> str:
        t, at = self._workspace.t, 0
        if len(client.also) > 1:
            codes = [ListItem(show(code), "") for code in client.also]
            picked = await self._show(PickScreen(self._workspace, (t("Which code?"), ""), codes))
            if picked is None:
                return ""
            at = picked
        code = client.also[at]
        if not await self._show(part_screen(self._workspace, client, code)):
            return ""
        return t("{code} is a client of its own again.", code=show(code))

    async def _assessment(self, client: Client, found: list[Assessment]) -> str:
        """Let the nurse choose an assessment, and mark, move or end it."""
        workspace, t = self._workspace, self._workspace.t
        rows = [ListItem(t.moment(each.started_at), self._about(each)) for each in found]
        picked = await self._show(PickScreen(workspace, (t("Which assessment?"), ""), rows))
        if picked is None:
            return ""
        each, store = found[picked], workspace.store
        taken = retention.transfer_of(store, each.id)
        match await self._show(AssessmentScreen(workspace, client, each, taken)):
            case "mark":
                keep = partial(store.corrections.mark_wrong_client, each.id, after=each.move)
                said = t("The assessment is marked and counts nowhere.")
                return await self._why(t("Mark as wrong client"), keep, said)
            case "back":
                back = partial(self._moved_to, each, client.id)
                said = t("The assessment counts for this client again.")
                return await self._why(t("Take the mark back"), back, said)
            case "move":
                return await self._move(client, each)
            case "end":
                end = partial(store.assessments.abandon, each.id)
                said = t("The assessment was ended without a step.")
                return await self._why(t("End without a step"), end, said)
        return ""

    def _about(self, each: Assessment) -> str:
        parts = [pathway_name(each.pathway_id, self._workspace.t), each.started_by, str(each.seq)]
        if each.wrong_client:
            parts.append(self._workspace.t("wrong client"))
        return " · ".join(parts)

    async def _why(self, title: str, keep: Callable[[str], object], said: str) -> str:
        """Ask for a reason; return what to say of what was stored with it."""
        prompt = PromptScreen(self._workspace, title, self._workspace.t(NO_NAMES), keep=keep)
        return self._carried(prompt.kept, said) if await self._show(prompt) else ""

    def _moved_to(self, each: Assessment, client_id: str, why: str) -> Carried:
        return self._workspace.store.corrections.move_assessment(
            each.id, client_id, why, after=each.move
        )

    async def _move(self, client: Client, each: Assessment) -> str:
        workspace, t = self._workspace, self._workspace.t
        other = await self._other(client, t("Move to the right client"))
        if other is None:
            return ""
        moved = partial(self._moved_to, each, other.id)
        screen = move_screen(workspace, each, (client, other), self._pathway(each), moved)
        if not await self._show(screen):
            return ""
        return self._carried(
            screen.kept, t("The assessment is of {code} now.", code=show(other.code))
        )

    def _pathway(self, each: Assessment) -> Pathway | None:
        """Return the text of an assessment's pathway, where it can be read."""
        try:
            return self._workspace.get_pathway(each.pathway_digest)
        except (PathwayError, StoreError):
            return None

    def _carried(self, carried: object, said: str) -> str:
        """Return what to say of a stored mark or move, with what hung on the assessment."""
        t = self._workspace.t
        if not isinstance(carried, Carried):
            return said
        left = t.many(
            "{count} entry was withdrawn from the episode.",
            "{count} entries were withdrawn from the episode.",
            carried.left,
        )
        parts = [said, left] if carried.left else [said]
        if carried.why_not:
            why = t(carried.why_not)
            parts.append(t("It does not fit the open episode: {why}", why=why))
        return " ".join(parts)
