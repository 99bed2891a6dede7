"""What every form is made of: its fields in their order, of which one is asked at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown, digit_keys
from screens.base.lines import Line, bold, labelled, paragraph, plain
from screens.base.page import Page, Result, TypedField
from screens.forms.entry import Entry
from screens.forms.fields import Field, Number, Pick, Text

LEAST_WIDTH = 60
"""Cells that a form needs for what stands beside its labels."""
_ROWS = 9
"""Choices under digits at a time."""


class FieldPage(Page[Result]):
    """Shows fields with what was typed in each, and asks the present one.

    Subclasses say which fields there are, and where a given field leads to.
    """

    label_width = 32
    """Cells of the label of a field."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._typed: dict[str, str] = {}
        """What was typed or picked, by the name of the field."""
        self._at = 0
        self._first = 0
        """The first choice that is shown."""
        self._entry: Entry | None = None

    @property
    def _fields(self) -> Sequence[Field]:
        """The fields under what has been typed so far; only the last ones may come and go."""
        raise NotImplementedError

    def _advance(self) -> None:
        """Go on from a field that has been given."""
        raise NotImplementedError

    @property
    def _today(self) -> date:
        return self.workspace.today

    @property
    def _field(self) -> Field | None:
        """The field that is asked; none at the end."""
        fields = self._fields
        return fields[self._at] if self._at < len(fields) else None

    def _enter(self, at: int) -> None:
        self._at, self._first = at, 0
        self._entry = self._field.entry if self._field else None
        if self._entry and self._field:
            self._entry.text = self._typed.get(self._field.name, "")

    def _give(self, value: str) -> None:
        """Put a value into the present field, and go on."""
        if self._field is not None:
            self._typed[self._field.name] = value
        self._advance()

    # -- drawing -----------------------------------------------------------

    def _field_lines(self, width: int, above: int = 0) -> list[Line]:
        """Return every field with what stands there; the present one is to be in view.

        `above` is the number of lines above the fields.
        """
        lines: list[Line] = []
        for number, each in enumerate(self._fields):
            here = number == self._at
            label = f"{'>' if here else ' '} {self.t(each.label):<{self.label_width}}"
            if here and self._entry:
                rows = labelled(label, self._entry.drawn(), width)
                rows = [bold("".join(text for text, _ in row)) for row in rows]
            else:
                rows = labelled(label, self._shown(each), width, "bold" if here else "normal")
            rows += self._present(width) if here else []
            if here:
                self.in_view = above + len(lines), above + len(lines) + len(rows) - 1
            lines += rows
        return lines

    def _shown(self, each: Field) -> str:
        """Return what stands in a field, as a person reads it."""
        return each.shown(self._typed.get(each.name, ""), self._today, self.t)

    def _present(self, width: int) -> list[Line]:
        """Return what stands below the present field: its choices, each with what it means."""
        each = self._field
        if isinstance(each, Number | Text) and each.explanation:
            return paragraph(self.t(each.explanation), width, indent=4)
        if not isinstance(each, Pick):
            return []
        lines: list[Line] = []
        for n, (id_, label) in enumerate(self._choices(), start=1):
            if not each.marked:
                lines.append(plain(f"    {n}  {label}"))
                continue
            mark = "x" if id_ == self._typed.get(each.name) else " "
            lines += paragraph(f"{n}  ({mark}) {label}", width, indent=4, hanging=6)
            about = each.about.get(id_, "")
            lines += paragraph(about, width, indent=10) if about else []
        return lines

    @property
    def _options(self) -> Sequence[tuple[str, str]]:
        return self._field.options if isinstance(self._field, Pick) else ()

    def _choices(self) -> Sequence[tuple[str, str]]:
        return self._options[self._first : self._first + _ROWS]

    # -- keys --------------------------------------------------------------

    @property
    def field(self) -> TypedField | None:
        """The entry of a field that is typed."""
        return self._entry

    def _pick_keys(self) -> Shown:
        """Return the keys that pick one of the choices."""
        picks = (partial(self._give, id_) for id_, _ in self._choices())
        return digit_keys(self.t("choose"), picks)

    def _more_keys(self) -> Shown:
        """Return the key that shows more choices, where there are more."""
        many = len(self._options) > _ROWS
        return [KeyBinding("0", "0", self.t("more"), self._turn)] if many else []

    def _turn(self) -> None:
        following = self._first + _ROWS
        self._first = following if following < len(self._options) else 0
        self.draw()
