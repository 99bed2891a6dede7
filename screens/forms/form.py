"""A small form: one field after another, with digits, arrows and typed days; then it is stored.

What is typed stays, whatever is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from casework.language import N_
from casework.workspace import Workspace
from screens.base.content import Traits
from screens.base.keys import Caption, KeyBinding, KeyPress, Shown
from screens.base.lines import Line, bold, paragraph, plain
from screens.forms.entry import Writing
from screens.forms.field_page import LEAST_WIDTH, FieldPage
from screens.forms.fields import Aid, Day, Field, Misread, Number, Values
from screens.wording.day_words import NO_SUCH_DAY, NOT_WEEKS
from store.errors import EpisodeChanged, EpisodeOpen, RefusedText, StoreError, UnfitEvent

NEEDED = N_("This is needed: {field}.")
REFUSALS = (UnfitEvent, RefusedText, EpisodeChanged, EpisodeOpen)
"""What the form itself tells; any other failure of the store is a page of its own."""

Fields = Callable[[Mapping[str, str]], Sequence[Field]]
"""The fields of a form under what has been typed so far; only the last ones may come and go."""
Keep = Callable[[Values], str | None]
"""Stores what a form holds; returns why it cannot be, or nothing when it is stored."""


class FormScreen(FieldPage[bool]):
    """Asks the fields of a form; returns whether it was stored."""

    def __init__(
        self,
        workspace: Workspace,
        title: tuple[str, str],
        fields: Fields,
        keep: Keep,
        *,
        note: str = "",
        from_first: bool = False,
    ) -> None:
        super().__init__(workspace)
        self._title = title
        self._note = note
        self._asked = fields
        self._built: tuple[dict[str, str], Sequence[Field]] | None = None
        """What the fields were last built from, and the fields: some are read from the store."""
        self._keep = keep
        self._typed = {each.name: each.typed for each in fields({})}
        self._sure: set[tuple[str, str]] = set()
        """Far days that were asked about again: the field, and what was typed."""
        self._enter(0 if from_first else self._first_open())

    @property
    def _fields(self) -> Sequence[Field]:
        if self._built is None or self._built[0] != self._typed:
            found = self._asked(self._typed)
            for each in found:
                self._typed.setdefault(each.name, each.typed)
            self._built = dict(self._typed), found
        return self._built[1]

    def _first_open(self) -> int:
        """Return the first empty field that is needed or wanted, or the end."""
        fields = enumerate(self._fields)
        open_ = (n for n, f in fields if (f.needed or f.wanted) and not self._typed[f.name])
        return next(open_, len(self._fields))

    # -- drawing -----------------------------------------------------------

    def draw(self, *, awake: bool = False) -> None:
        """Draw what should stand here now, with fields that know what the store says by now."""
        self._built = None
        super().draw(awake=awake)

    def top(self) -> tuple[str, str]:
        """Name the form and the client."""
        return self._title

    def body(self, width: int) -> list[Line]:
        """Draw every field with what stands there, and the choices of the present one."""
        lines = [(), *self._field_lines(width, 1)]
        last = self.t("Enter stores this.")
        note = [(), *paragraph(self._note, width)] if self._note else []
        return [*lines, (), () if self._field else bold(f"> {last}"), *note]

    def _shown(self, each: Field) -> str:
        return super()._shown(each) or ("–" if each.needed else self.t("– (may be left)"))

    def _present(self, width: int) -> list[Line]:
        """Return also which day has been typed."""
        each = self._field
        return self._day_so_far(each) if isinstance(each, Day) else super()._present(width)

    def _day_so_far(self, each: Day) -> list[Line]:
        """Say which day has been typed, or that there is none; nothing of half a day."""
        typed = self._typed[each.name]
        try:
            told = (
                each.shown(typed, self._today, self.t)
                if each.read(typed, self._today, self.t)
                else ""
            )
            warned = each.warned(typed, self._today, self.t)
        except Misread as error:
            told = self.t(error.sentence) if error.sentence in (NO_SUCH_DAY, NOT_WEEKS) else ""
            warned = ""
        lines = [bold(f"    = {told}")] if told else []
        return [*lines, *([plain(f"      {warned}")] if warned else [])]

    # -- keys --------------------------------------------------------------

    def key_list(self) -> Shown:
        """Digits pick, Enter goes on and stores at the end, arrows move."""
        going = self.t("go on") if self._field else self.t("store it")
        return [
            *self._pick_keys(),
            KeyBinding("enter", "Enter", going, self._go_on),
            *self._more_keys(),
            *self._aids(),
            KeyBinding("down,tab", "↓", self.t("next field"), partial(self._move, 1), moves=True),
            KeyBinding(
                "up,shift+tab", "↑", self.t("field before"), partial(self._move, -1), moves=True
            ),
            KeyBinding("escape", "Esc", self.t("cancel"), partial(self.leave, False)),
        ]

    def _aids(self) -> list[KeyBinding | Caption]:
        aid = self._field.aid if isinstance(self._field, Number) else None
        if aid is None:
            return []
        key = self.t.letter(aid.key, aid.label)
        return [KeyBinding(key, key, self.t(aid.label), partial(self._help_with, aid))]

    async def _help_with(self, aid: Aid) -> None:
        found = await self.ask(aid.page())
        if found is not None:
            self._give(found)

    @property
    def traits(self) -> Traits:
        """It weighs at the end, where it is stored."""
        return Traits(weighs=self._field is None, reads_changes=True, least_width=LEAST_WIDTH)

    def edits(self, press: KeyPress) -> bool:
        """Whether a key is typed, or empties what was picked or written."""
        each = self._field
        empties = press.key == "backspace" and self._entry is None and each is not None
        return super().edits(press) or bool(empties and each and self._typed[each.name])

    def type_key(self, press: KeyPress) -> bool:
        """Type into the entry; Backspace empties what was picked or written."""
        each = self._field
        if each is None:
            return False
        if self._entry is not None:
            taken = self._entry.take(press)
            self._typed[each.name] = self._entry.text
            if isinstance(self._entry, Writing) and press.character and not self._entry.room:
                self.say(self.t("At most {count} characters, please.", count=self._entry.longest))
                return taken
        else:
            taken = press.key == "backspace" and bool(self._typed[each.name])
            if taken:
                self._typed[each.name] = ""
        if taken:
            self.message = ""
            self.draw(awake=True)
        return taken

    def paste(self, text: str) -> bool:
        """Take a pasted text into a field of words, whole or not at all; its lines become one."""
        entry, each = self._entry, self._field
        if not isinstance(entry, Writing) or each is None:
            return False
        line = " ".join("".join(filter(str.isprintable, part)) for part in text.split())
        if len(line) > entry.room:
            return self.refuse_paste(len(line))
        entry.put(line)
        self._typed[each.name] = entry.text
        self.message = ""
        self.draw(awake=True)
        return True

    def refuse_paste(self, count: int) -> bool:
        """Say that a paste is longer than the field of words has room for."""
        entry = self._entry
        if not isinstance(entry, Writing):
            return False
        self.say(
            self.t(
                "Pasted: {count} characters, with room for {room}. Nothing of it was taken.",
                count=count,
                room=entry.room,
            )
        )
        return True

    def _advance(self) -> None:
        self._to(self._at + 1)

    def _to(self, at: int) -> None:
        self.message = ""
        self._enter(at)
        self.draw()

    def _move(self, by: int) -> None:
        self._to((self._at + by) % (len(self._fields) + 1))

    def _go_on(self) -> None:
        each = self._field
        if each is None:
            self._store()
        elif fault := self._fault(each) or self._doubted(each):
            self.say(fault)
        else:
            self._advance()

    def _fault(self, each: Field) -> str:
        """Return what is wrong with a field, by its name, or nothing."""
        try:
            value = each.read(self._typed[each.name], self._today, self.t)
        except Misread as error:
            fault = self.t(error.sentence, **error.values_)
            return f"{self.t(each.label)}: {fault}"
        lacking = each.needed and value is None
        return self.t(NEEDED, field=self.t(each.label)) if lacking else ""

    def _doubted(self, each: Field) -> str:
        """Ask once more about a day that is more than a year away; a second Enter keeps it."""
        typed = self._typed[each.name]
        if not isinstance(each, Day) or (each.name, typed) in self._sure:
            return ""
        doubted = each.doubted(typed, self._today, self.t)
        if not doubted:
            return ""
        self._sure.add((each.name, typed))
        return self.t("{day} Enter again keeps it.", day=doubted)

    def _store(self) -> None:
        for number, each in enumerate(self._fields):
            if fault := self._fault(each) or self._doubted(each):
                self._enter(number)
                self.draw()
                self.say(fault)
                return
        values = {f.name: f.read(self._typed[f.name], self._today, self.t) for f in self._fields}
        kept = self.attempt(lambda: (self._keep(values),))
        if kept is None:
            return
        if kept[0]:
            self.say(kept[0])
        else:
            self.leave(True)


def describe_refusal(
    workspace: Workspace,
    change: Callable[[], object],
    refusals: tuple[type[StoreError], ...] = REFUSALS,
) -> str | None:
    """Change something; return why it is refused, if it is."""
    try:
        change()
    except refusals as error:
        return workspace.t(error.what, **error.values)
    return None
