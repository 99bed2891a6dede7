"""How is asked what a safety step agrees besides the next contact: who, when and where."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from casework.language import N_
from casework.workspace import Workspace
from screens.forms.fields import NO_NAMES, Day, Field, Pick, Text, Values
from screens.forms.form import FormScreen, describe_refusal
from stepping.pathway.schema import AgreedOn
from store.records import StepTerms

WHO, WHEN, WHERE = "with_whom", "on_day", "at_place"
"""The names of the fields; a form of the next contact has others beside them."""


def agree_fields(workspace: Workspace, wanted: Collection[AgreedOn]) -> list[Field]:
    """Return the fields of what a step asks to be agreed; each may be left."""
    roles = list(workspace.care_names.roles().items())
    fields: dict[AgreedOn, Field] = {
        "who": Pick(WHO, N_("Who, or with whom"), needed=False, options=roles),
        "when": Day(WHEN, N_("On which day"), needed=False, ahead=True),
        "where": Text(WHERE, N_("Where, or where it is kept"), needed=False, explanation=NO_NAMES),
    }
    return [field for name, field in fields.items() if name in wanted]


def terms_of(values: Values) -> StepTerms:
    """Return what a filled form tells was agreed."""
    return StepTerms.model_validate(
        {"who": values.get(WHO), "when": values.get(WHEN), "where": values.get(WHERE)}
    )


def agree_screen(
    workspace: Workspace,
    step: str,
    client: str,
    wanted: Collection[AgreedOn],
    keep: Callable[[StepTerms], object],
) -> FormScreen:
    """Return the form on which a safety step is recorded with what was agreed.

    `step` is the text of the safety step, and `client` the client's code.
    """

    def fields(_: Mapping[str, str]) -> Sequence[Field]:
        return agree_fields(workspace, wanted)

    def kept(values: Values) -> str | None:
        return describe_refusal(workspace, lambda: keep(terms_of(values)))

    note = workspace.t("What was not agreed may be left: Enter goes on. The end records the step.")
    title = workspace.t("What was agreed"), client
    return FormScreen(workspace, title, fields, kept, note=f"{step} {note}", from_first=True)
