"""The summary of a navigator: typed field by field, or pasted; looked at before it is taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from casework.assessment import AssessmentSession
from casework.elsewhere.navigator import (
    find_result_faults,
    list_taken_back,
    navigator_form,
    sort_told,
    take_back,
    take_result,
)
from casework.language import N_, Speech
from casework.workspace import Workspace
from screens.base.keys import Shown
from screens.base.lines import Line, bold, paragraph, plain, wrap
from screens.forms.entry import Entry
from screens.forms.fields import Day, Field, Misread, Number, Value, Values
from screens.forms.form import FormScreen, describe_refusal
from screens.wording.elsewhere.navigator_words import FAULTS, TROUBLES, WHY_ASKED, line_numbers
from stepping.interchange.navigator import (
    LONGEST_REFERENCE,
    NavigatorField,
    NavigatorForm,
    NavigatorResult,
    is_reference,
)
from stepping.interchange.navigator_answers import TakenResult
from stepping.interchange.navigator_text import (
    LineFault,
    NamesSomebody,
    PastedSummary,
    read_summary,
)
from stepping.pathway.model import Pathway
from store.codes import show

_NOT_A_CODE = N_("Letters, digits and dashes with a digit among them, please; nothing of a person.")
_NOT_A_CHOICE = N_("Digits of the choices below, please.")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"


@dataclass(frozen=True)
class Marks(Field):
    """Several of a few things, by their digits."""

    options: Sequence[tuple[str, str]] = ()

    def read(self, typed: str, today: date, t: Speech) -> str | None:
        """Return the digits, each once and in order.

        Raises:
            Misread: If one of them is no choice.
        """
        digits = "".join(sorted(set(typed)))
        if not set(digits) <= set(map(str, range(1, len(self.options) + 1))):
            raise Misread(_NOT_A_CHOICE)
        return digits or None

    def chosen(self, digits: str) -> tuple[str, ...]:
        """Return the ids that digits stand for."""
        return tuple(id_ for n, (id_, _) in enumerate(self.options, 1) if str(n) in digits)

    def shown(self, typed: str, today: date, t: Speech) -> str:
        """Return the names of what was chosen."""
        names = dict(self.options)
        return ", ".join(names[id_] for id_ in self.chosen(typed))

    @property
    def entry(self) -> Entry:
        """The digits of the choices."""
        return Entry("".join(map(str, range(1, len(self.options) + 1))), len(self.options))


@dataclass(frozen=True)
class Points(Number):
    """Points, of which each may have a meaning of its own."""

    meanings: Sequence[tuple[str, str]] = field(default=(), kw_only=True)

    def shown(self, typed: str, today: date, t: Speech) -> str:
        """Return the points of the highest, or with what they mean."""
        meaning = dict(self.meanings).get(typed)
        if meaning:
            return f"{typed} {meaning}"
        return f"{typed}/{self.high}" if typed else ""


@dataclass(frozen=True)
class Reference(Field):
    """The code of another system."""

    def read(self, typed: str, today: date, t: Speech) -> str | None:
        """Return the code.

        Raises:
            Misread: If it cannot be kept.
        """
        if typed and not is_reference(typed):
            raise Misread(_NOT_A_CODE)
        return typed or None

    @property
    def entry(self) -> Entry:
        """Letters, digits and dashes."""
        return Entry(_LETTERS, LONGEST_REFERENCE)


class NavigatorScreen(FormScreen):
    """Asks what a navigator's summary tells; at the end it says what is taken and what is asked."""

    def __init__(self, workspace: Workspace, session: AssessmentSession) -> None:
        self._session = session
        self._form: NavigatorForm = navigator_form()
        super().__init__(
            workspace,
            (workspace.t("Navigator's result"), show(session.client.code)),
            partial(_fields, self._form, session.pathway, workspace.language),
            self._take,
            from_first=True,
        )

    # -- drawing -----------------------------------------------------------

    def body(self, width: int) -> list[Line]:
        """Draw the fields; before the first how to paste, and at the end what comes of them."""
        lines = super().body(width)
        if self._field is None:
            return [*lines, *self._outlook(width)]
        told = self.t("A copied summary can be pasted here. Leave empty what it does not tell.")
        return [*lines, *paragraph(told, width)]

    def _present(self, width: int) -> list[Line]:
        each = self._field
        if isinstance(each, Marks):
            return [plain(f"    {n}  {label}") for n, (_, label) in enumerate(each.options, 1)]
        if isinstance(each, Points) and each.meanings:
            return [plain(f"    {points}  {label}") for points, label in each.meanings]
        return super()._present(width)

    def _outlook(self, width: int) -> list[Line]:
        """Say why nothing can be taken, or what is asked all the same."""
        try:
            result = self._result({f.name: self._value(f) for f in self._fields})
        except Misread:
            return []
        faults = [*self._fault_words(result)]
        if faults:
            return [(), *(line for f in faults for line in paragraph(f"! {f}", width, hanging=2))]
        taken = sort_told(self._session, self._form, result)
        opens = [f"! {row}" for row in self._danger_words(taken)]
        rows = [f"- {row}" for row in self._asked_words(taken)]
        lines: list[Line] = [()] if opens else []
        lines += [bold(text) for row in opens for text in wrap(row, width)]
        lines += [(), bold(self.t("Asked all the same"))] if rows else []
        return [*lines, *(line for row in rows for line in paragraph(row, width, hanging=2))]

    def _value(self, each: Field) -> Value:
        return each.read(self._typed[each.name], self._today, self.t)

    def _fault_words(self, result: NavigatorResult) -> Iterator[str]:
        for fault in find_result_faults(self._session, self._form, result):
            yield self.t(
                "{field}: {fault}",
                field=self._label(fault.field),
                fault=self.t(
                    FAULTS[fault.kind],
                    other=self._label(fault.other) if fault.other else "",
                    high=fault.high,
                ),
            )

    def _danger_words(self, taken: TakenResult) -> Iterator[str]:
        """Name each field whose stop opens as soon as it is taken."""
        questions = self._session.pathway.questions
        for each in self._form.field:
            question = questions.get(each.fact or "")
            if question is not None and question.safety and question.id in taken.answers:
                label = self._label(each.id)
                yield self.t("{field}: see to danger at once, before all else", field=label)

    def _asked_words(self, taken: TakenResult) -> Iterator[str]:
        """Say for each reason which fields are asked all the same."""
        for why in dict.fromkeys(why for _, why in taken.asked):
            labels = ", ".join(self._label(id_) for id_, other in taken.asked if other == why)
            yield self.t("{field}: {fault}", field=labels, fault=self.t(WHY_ASKED[why]))

    def _label(self, id_: str) -> str:
        return self._form.get(id_).label[self.workspace.language]

    # -- taking ------------------------------------------------------------

    def key_list(self) -> Shown:
        """Beside the keys of a form, at its first field, ask all of it here instead."""
        keys = list(super().key_list())
        if self._at == 0 and list_taken_back(self._session):
            keys.insert(-1, self.bind("x", "ask it here instead", self._take_back))
        return keys

    def _take_back(self) -> None:
        if self.stored(partial(take_back, self._session)):
            self.leave(False)

    def _result(self, values: Values) -> NavigatorResult:
        """Return the result that typed values tell."""
        points = {
            each.id: value
            for each in self._form.field
            if isinstance(value := values.get(each.id), int)
        }
        day, wishes = values.get("day"), None
        for each in self._fields:
            if isinstance(each, Marks) and (digits := values.get(each.name)):
                wishes = each.chosen(str(digits))
        reference = next((f.name for f in self._fields if isinstance(f, Reference)), "")
        return NavigatorResult(
            day if isinstance(day, date) else None,
            points,
            wishes,
            str(values.get(reference) or ""),
        )

    def _take(self, values: Values) -> str | None:
        result = self._result(values)
        fault = next(self._fault_words(result), None)
        if fault is not None:
            return fault
        take = partial(take_result, self._session, self._form, result, self._remark(result))
        return describe_refusal(self.workspace, take)

    def _remark(self, result: NavigatorResult) -> str:
        """Say in one remark all that was told, as it was told."""
        told = [
            self.t("{field} {points}", field=self._label(id_), points=points)
            for id_, points in result.points.items()
        ]
        if result.reference:
            told.append(self.t("code {code}", code=result.reference))
        return self.t("Navigator {day}: {told}", day=result.day, told=", ".join(told))

    # -- pasting -----------------------------------------------------------

    def paste(self, text: str) -> bool:
        """Fill in what a pasted summary tells, in the place of all that stood there."""
        try:
            found = read_summary(self._form, self._session.pathway, text, self._today)
        except NamesSomebody as error:
            self.say(
                self.t(
                    "Line {line} seems to name a person. Nothing of it was taken.", line=error.line
                )
            )
            return True
        if not found.typed and not found.faults:
            self.say(self.t("No line of it was recognised. Nothing of it was taken."))
            return True
        self._typed = {name: found.typed.get(name, "") for name in self._typed}
        self._built = None
        self._typed.update(found.typed)
        self._enter(self._first_open())
        self.draw()
        self.say(" ".join(self._pasted_words(found)))
        return True

    def refuse_paste(self, count: int) -> bool:
        """Say that a paste is longer than any summary."""
        told = self.t(
            "Pasted: {count} characters, more than a summary has. Nothing of it was taken.",
            count=count,
        )
        self.say(told)
        return True

    def _pasted_words(self, found: PastedSummary) -> Iterator[str]:
        count = len(found.typed)
        yield self.t.many("{count} field is filled in.", "{count} fields are filled in.", count)
        for fault in found.faults:
            yield self._trouble_words(fault)
        if found.unknown:
            yield self.t.many(
                "{count} line was not recognised: {lines}.",
                "{count} lines were not recognised: {lines}.",
                len(found.unknown),
                lines=line_numbers(found.unknown),
            )

    def _trouble_words(self, fault: LineFault) -> str:
        known = {each.id for each in self._form.field}
        name = self._label(fault.field) if fault.field in known else fault.field
        return self.t(TROUBLES[fault.trouble], line=fault.line, field=name)


def _fields(
    form: NavigatorForm, pathway: Pathway, language: str, typed: Mapping[str, str]
) -> list[Field]:
    """Return the fields under what has been typed: an item goes with its total."""
    return [made for each in form.field if (made := _field(each, pathway, language, typed))]


def _field(
    each: NavigatorField, pathway: Pathway, language: str, typed: Mapping[str, str]
) -> Field | None:
    label = each.label[language]
    question = pathway.questions.get(each.fact or "")
    options = [(o.id, o.label[language]) for o in question.options] if question else []
    match each.kind:
        case "day":
            return Day(each.id, label)
        case "wishes":
            return Marks(each.id, label, needed=False, options=options) if options else None
        case "reference":
            return Reference(each.id, label, needed=False)
        case "item":
            needed = bool(each.within and typed.get(each.within))
            meanings = [] if each.within else options
            return Points(each.id, label, needed, high=each.high, meanings=meanings)
        case _:
            return Points(each.id, label, needed=False, high=each.high)
