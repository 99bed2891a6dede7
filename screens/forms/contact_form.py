"""How the next contact is asked for: the day, the time of day, and who gets in touch."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from casework.language import N_, Speech
from casework.workspace import Workspace
from screens.forms.agree_form import agree_fields, terms_of
from screens.forms.entry import Entry
from screens.forms.fields import NO_NAMES, Day, Field, Misread, Pick, Text, Values
from screens.forms.form import FormScreen, describe_refusal
from screens.wording.day_words import named_day
from stepping.episode.contacts import last_day
from stepping.episode.events import NextContact
from stepping.pathway.schema import AgreedOn
from store.records import AgreedContact, StepTerms

LEFT_OPEN = "-"
"""What is typed where no time of day is agreed."""
_ROLE, _HANDLE = "role:", "code:"
"""How a choice of who gets in touch begins."""
DUE = N_("Day (10.12., or 5 days, or 2w)")
WHO = N_("Who gets in touch")
WHY = N_("Why so late")
NOT_A_TIME = N_("A time as 9.30, please, or - where none is agreed.")


@dataclass(frozen=True)
class Time(Field):
    """A time of day, typed as 9, 930, 9.30 or 9:30; `-` says that none is agreed."""

    def read(self, typed: str, today: date, t: Speech) -> str | None:
        """Return the time as 09:30, or `LEFT_OPEN`.

        Raises:
            Misread: If it cannot be read.
        """
        if typed in ("", LEFT_OPEN):
            return typed or None
        found = re.fullmatch(r"(\d{1,2})(?:[.:]?([0-5]\d))?", typed)
        if not found or int(found[1]) > 23:
            raise Misread(NOT_A_TIME)
        return f"{int(found[1]):02}:{found[2] or '00'}"

    def shown(self, typed: str, today: date, t: Speech) -> str:
        """Return the time in full."""
        try:
            read = self.read(typed, today, t)
        except Misread:
            return typed
        return t("left open") if read == LEFT_OPEN else str(t.told(read or ""))

    @property
    def entry(self) -> Entry:
        """Digits, and what stands between them."""
        return Entry("0123456789.:" + LEFT_OPEN, 5)


def contact_fields(
    workspace: Workspace,
    typed: Mapping[str, str],
    was: NextContact | None = None,
    *,
    last: date | None,
    needed: bool,
) -> list[Field]:
    """Return the fields of a contact; one after the day `last` needs a reason.

    `needed` says whether time and person have to be told; the time may then be left open in words.
    """
    due = Day("due", DUE, typed=workspace.t.day(was.due) if was else "", ahead=True)
    day = _read(due, typed.get("due", due.typed), workspace)
    late = last is not None and day is not None and day > last
    why = Text("why", WHY, needed=True, typed=(was.why if was else "") or "", explanation=NO_NAMES)
    time = str(workspace.t.told(was.time)) if was and was.time else ""
    return [
        due,
        Time("time", N_("Time (9.30; - leaves it open)"), needed, time),
        Pick("who", WHO, needed, _who(was), _people(workspace)),
        *([why] if late else []),
    ]


def _read(due: Day, typed: str, workspace: Workspace) -> date | None:
    try:
        return due.read(typed, workspace.today, workspace.t)
    except Misread:
        return None


def _who(was: NextContact | None) -> str:
    if was is None:
        return ""
    return f"{_HANDLE}{was.who}" if was.who else f"{_ROLE}{was.role}" if was.role else ""


def _people(workspace: Workspace) -> list[tuple[str, str]]:
    """Oneself, then the roles, then the others who work here."""
    own, *others = list_workers(workspace)
    return [
        (_HANDLE + own, own),
        *((_ROLE + role, name) for role, name in workspace.care_names.roles().items()),
        *((_HANDLE + code, code) for code in others),
    ]


def list_workers(workspace: Workspace) -> list[str]:
    """Return the staff codes of all who may work here, one's own first."""
    own = workspace.store.handle
    return [own, *(code for code in workspace.store.staff.list_colleagues() if code != own)]


def contact_of(values: Values, by: date | None) -> AgreedContact:
    """Return the contact that a filled form tells of."""
    who = str(values.get("who") or "")
    time, due = values.get("time"), values["due"]
    late = isinstance(due, date) and by is not None and due > by
    return AgreedContact.model_validate(
        {
            "due": due,
            "time": None if time == LEFT_OPEN else time,
            "who": who.removeprefix(_HANDLE) if who.startswith(_HANDLE) else None,
            "role": who.removeprefix(_ROLE) if who.startswith(_ROLE) else None,
            "by": by,
            "why": values.get("why") if late else None,
        }
    )


def contact_screen(
    workspace: Workspace,
    step: str,
    client: str,
    within: int,
    wanted: Collection[AgreedOn],
    keep: Callable[[AgreedContact, StepTerms], object],
) -> FormScreen:
    """Return the form on which a safety step agrees a contact within some days.

    `step` is the text of the safety step, `client` the client's code, and `wanted` what else the
    step asks to be agreed.
    """
    by = last_day(workspace.today, within)

    def fields(typed: Mapping[str, str]) -> Sequence[Field]:
        due, time, who, *why = contact_fields(workspace, typed, last=by, needed=True)
        return [due, time, who, *agree_fields(workspace, wanted), *why]

    def kept(values: Values) -> str | None:
        return describe_refusal(workspace, lambda: keep(contact_of(values, by), terms_of(values)))

    note = workspace.t.many(
        "This step asks for a contact within {count} day: by {day}. A later one needs a reason.",
        "This step asks for a contact within {count} days: by {day}. A later one needs a reason.",
        within,
        day=named_day(by, workspace.t),
    )
    title = workspace.t("The next contact"), client
    return FormScreen(workspace, title, fields, kept, note=f"{step} {note}")
