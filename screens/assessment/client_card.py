"""The client card: a code and no name, year of birth, sex for cut-offs, language, place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from casework.client_card import ClientCard
from casework.language import LANGUAGES
from casework.workspace import MUNICIPALITY, Workspace
from screens.base.content import Traits
from screens.base.keys import Caption, KeyBinding, Shown, hidden
from screens.base.lines import Line, bold, labelled, paragraph, plain, span, wrap
from screens.base.open_stops import open_stop_lines
from screens.base.page import Page, TypedField
from screens.base.prompt import PromptScreen
from screens.forms.entry import Entry
from screens.forms.municipality_picker import PlacePicker
from screens.wording.client_words import (
    FIELDS,
    LABELS,
    OLDEST,
    SETTINGS,
    SEXES,
    UNKNOWN,
    CardField,
    municipality_words,
)
from screens.wording.decision_words import version_text
from stepping.pathway.model import Pathway
from stepping.pathway.population import find_takers, list_covered_ages
from store import codes
from store.errors import MistypedCode, OtherUnit
from store.records import Client, OpenStop


@dataclass
class _Form:
    values: dict[CardField, str] = field(default_factory=dict)
    client: Client | None = None
    stops: Sequence[OpenStop] = ()
    """The safety stops that are open in drafts of the client."""
    died: date | None = None
    """The day of the client's death, if one is recorded."""
    why_unknown: str = ""


class ClientScreen(Page[ClientCard | None]):
    """Asks one field after another; the last one returns the card."""

    def __init__(
        self,
        workspace: Workspace,
        known: Client | ClientCard | None = None,
        card_form: Callable[[Client], Page[bool]] | None = None,
    ) -> None:
        super().__init__(workspace)
        self._card_form = card_form
        """The form on which a stored card is put right."""
        self._form = _Form()
        self._fresh = codes.new()
        self._at: CardField = "code"
        self._entry: Entry | None = None
        self._places: PlacePicker | None = None
        if isinstance(known, Client):
            self._know(known)
        elif known is not None:
            self._fill_again(known)
        self._begin(self._first_open())

    @property
    def traits(self) -> Traits:
        """One field follows another."""
        return Traits(reads_changes=True)

    # -- fields ------------------------------------------------------------

    def _know(self, client: Client) -> None:
        """Fill in what is known of a client; only the setting is asked anew.

        Raises:
            StoreError: If the store does not tell whether a stop is open or a death recorded.
        """
        store = self.workspace.store
        stops, died = store.open_stops.list_of(client.id), store.episodes.find_death(client.id)
        self._form.client, self._form.stops, self._form.died = client, stops, died
        self._form.values = {
            "code": client.code,
            "birth_year": UNKNOWN if client.birth_year is None else str(client.birth_year),
            # What is not known stays so: an answer here would not be kept with the client.
            "sex": client.sex or "x",
            "municipality": client.municipality or "",
        }
        if self._offers(client.language):
            self._form.values["language"] = client.language

    def _offers(self, language: str) -> bool:
        pathway = self._pathway
        return pathway is None or language in pathway.header.languages

    @property
    def _age(self) -> int | None:
        """The highest age that the client may have, once the year of birth is known."""
        born = self._form.values.get("birth_year")
        return self.workspace.today.year - int(born) if born else None

    @property
    def _unknown(self) -> bool:
        """Whether it was said that the year of birth is not known yet."""
        return self._form.values.get("birth_year") == UNKNOWN

    @property
    def _fields(self) -> tuple[CardField, ...]:
        """The fields in their order; the pathway is asked where no age tells it."""
        return tuple(name for name in FIELDS if name != "pathway" or self._unknown)

    @property
    def _assessing(self) -> list[Pathway]:
        """The pathways that assess new clients."""
        return [each for each in self.workspace.pathways_in_use if not each.header.follows]

    @property
    def _pathway(self) -> Pathway | None:
        """The pathway that assesses the client's age, or that the nurse chose without one."""
        if self._unknown:
            chosen = self._form.values.get("pathway")
            return next((each for each in self._assessing if each.id == chosen), None)
        return None if self._age is None else self.workspace.find_pathway_for(self._age)

    def _fill_again(self, card: ClientCard) -> None:
        """Fill in a card that could not be stored; only its last field is asked again."""
        self._form.client, self._form.why_unknown = card.client, card.why_unknown
        if card.client:
            self._form.stops = self.workspace.store.open_stops.list_of(card.client.id)
        self._form.values = {
            "code": card.code,
            "birth_year": UNKNOWN if card.birth_year is None else str(card.birth_year),
            "pathway": card.pathway.id,
            "sex": card.sex,
            "language": card.language,
            "setting": card.setting,
            "municipality": card.municipality,
        }
        del self._form.values["setting" if card.client else "municipality"]

    def _first_open(self) -> CardField | None:
        return next((name for name in self._fields if name not in self._form.values), None)

    def _begin(self, name: CardField | None) -> None:
        if name is None:
            return
        self._at = name
        self._entry = self._places = None
        if name == "code":
            self._entry = Entry(codes.ALPHABET + "-", 9)
        elif name == "birth_year":
            self._entry = Entry(longest=4)
        elif name == "municipality":
            self._places = PlacePicker(
                self.workspace, self.workspace.store.settings.get(MUNICIPALITY)
            )

    @property
    def _titles(self) -> list[tuple[str, str]]:
        """The pathways to choose from, by id."""
        return [(each.id, each.header.title[self.workspace.language]) for each in self._assessing]

    def _choices(self) -> list[tuple[str, str]]:
        match self._at:
            case "sex":
                return [(id_, self.t(label)) for id_, label in SEXES.items()]
            case "language":
                return [(id_, name) for id_, name in LANGUAGES.items() if self._offers(id_)]
            case "pathway":
                return self._titles
            case "setting":
                return [(id_, self.t(label)) for id_, label in SETTINGS.items()]
            case _:
                return []

    # -- drawing -----------------------------------------------------------

    def top(self) -> tuple[str, str]:
        """Name the screen."""
        return self.t("Client"), self.t("no names, no personal identity codes")

    def body(self, width: int) -> list[Line]:
        """Draw the fields so far and the choices of the present one."""
        lines: list[Line] = [*open_stop_lines(self.workspace, self._form.stops, width), ()]
        if died := self._form.died:
            warning = self.t("! This client's death is recorded: {day}. Check the code.", day=died)
            lines += [*map(bold, wrap(warning, width)), ()]
        for name in self._fields:
            label = f"{self.t(LABELS[name]):<34}"
            if name == self._at:
                value = self._entry.drawn() if self._entry else ""
                lines.append(bold(f"> {label} {value}"))
                lines += self._present(width)
            else:
                lines.append(plain(f"  {label} {self._shown(name)}"))
        return [*lines, *self._chosen(width)]

    def _chosen(self, width: int) -> list[Line]:
        """The pathway that the age leads to, or why there is none."""
        pathway, language = self._pathway, self.workspace.language
        if self._unknown:
            return [(), *self._while_unknown(width)]
        if self._age is None:
            return []
        if pathway is None:
            return [(), *labelled("!", self._age_fault(self._age), width)]
        text = self.t(
            "Pathway: {title}, {version}",
            title=pathway.header.title[language],
            version=version_text(pathway.header, language),
        )
        return [(), *paragraph(text, width, indent=2)]

    def _while_unknown(self, width: int) -> list[Line]:
        """What holds while the year of birth is not known."""
        said = (
            self.t("! The year of birth is still to be asked."),
            self.t("Choose the pathway by what you see and hear."),
            self.t("Until then age lowers no step, and the shortest legal times run."),
        )
        return [row for each in said for row in paragraph(each, width, indent=2)]

    def _present(self, width: int) -> list[Line]:
        if self._at == "code":
            return [
                *paragraph(
                    self.t("Enter takes the new code {code}.", code=codes.show(self._fresh)),
                    width,
                    indent=4,
                ),
                *paragraph(
                    self.t(
                        "Or type the code of an earlier client. Write the code in the patient "
                        "record."
                    ),
                    width,
                    indent=4,
                ),
            ]
        if self._places is not None:
            return self._places.lines(width)
        return [plain(f"    {n}  {label}") for n, (_, label) in enumerate(self._choices(), start=1)]

    def _shown(self, name: CardField) -> str:
        value = self._form.values.get(name)
        if value is None:
            return "–"
        match name:
            case "code":
                return codes.show(value)
            case "birth_year" if value == UNKNOWN:
                return self.t("not known yet")
            case "pathway":
                return dict(self._titles).get(value, value)
            case "sex":
                return self.t(SEXES[value])
            case "language":
                return LANGUAGES.get(value, value)
            case "setting":
                return self.t(SETTINGS[value])
            case "municipality":
                return municipality_words(self.workspace, value)
            case _:
                return value

    # -- keys --------------------------------------------------------------

    def key_list(self) -> Shown:
        """Enter takes what is typed, a digit what is listed."""
        choices = self._choices()
        picks = [
            hidden(str(n), partial(self._pick, id_)) for n, (id_, _) in enumerate(choices, start=1)
        ]
        return [
            *([KeyBinding("enter", "Enter", self.t("take it"), self._take)] if self._entry else []),
            *self._about_card(),
            *([Caption(span(len(choices)), self.t("choose"))] if choices else []),
            *picks,
            *(self._places.key_list(self._pick, self.draw) if self._places else []),
            KeyBinding("left,backspace", "←", self.t("back"), self._back),
            KeyBinding("escape", "Esc", self.t("cancel"), self.leave),
        ]

    @property
    def field(self) -> TypedField | None:
        """The entry, or the list of municipalities."""
        return self._entry or self._places

    def _about_card(self) -> list[KeyBinding | Caption]:
        """A year that is not known yet; a stored card that is wrong."""
        if self._at == "birth_year":
            return [KeyBinding("u", "u", self.t("not known yet"), self._ask_why)]
        if self._form.client is not None and self._card_form and self._places is None:
            return [KeyBinding("k", "k", self.t("put the card right"), self._put_right)]
        return []

    async def _ask_why(self) -> None:
        prompt = PromptScreen(
            self.workspace,
            self.t("Why is the year of birth not known yet?"),
            self.t("A few words, without names or contact details."),
        )
        if why := await self.ask(prompt):
            self._form.why_unknown = why
            if len(self._assessing) == 1:
                self._form.values["pathway"] = self._assessing[0].id
            self._set(UNKNOWN)

    async def _put_right(self) -> None:
        """Put a stored card right, and go on with it as it is then."""
        known, form = self._form.client, self._card_form
        if known is not None and form is not None and await self.ask(form(known)):
            client = self.attempt(lambda: self.workspace.store.clients.get(known.id))
            if client is not None:
                self._know(client)
                self._begin(self._first_open())
                self.say(self.t("The card is put right."))

    async def _take(self) -> None:
        typed = self._entry.text if self._entry else ""
        if self._at == "code":
            self._take_code(typed)
        else:
            await self._take_year(typed)

    def _take_code(self, typed: str) -> None:
        if not typed:
            self._set(self._fresh)
            return
        try:
            code = codes.parse(typed)
        except MistypedCode as error:
            self.say(self.t(error.what, **error.values))
            return
        self._form.stops = ()
        found = self.attempt(lambda: self._look_up(code))
        if found is None:
            return
        client, self._form.stops = found
        if client is not None:
            if self.stored(lambda: self._know(client)):
                self._set(client.code)
        elif self._form.stops:
            self.say(self.t(OtherUnit.what))
        else:
            self.say(self.t("No client has this code here."))

    def _look_up(self, code: str) -> tuple[Client | None, Sequence[OpenStop]]:
        """The client with a code; of a client of another unit, the open stops alone."""
        store = self.workspace.store
        try:
            return store.clients.find(code), ()
        except OtherUnit:
            if stops := store.open_stops.list_of_code(code):
                return None, stops
            raise

    async def _take_year(self, typed: str) -> None:
        now = self.workspace.today.year
        if typed == "0000":
            await self._ask_why()
        elif not typed.isdigit() or not now - OLDEST <= int(typed) <= now:
            self.say(
                self.t(
                    "A year of birth from {first} to {last}, please.", first=now - OLDEST, last=now
                )
            )
        elif fault := self._age_fault(now - int(typed)):
            self.say(fault)
        else:
            self._set(typed)

    def _age_fault(self, age: int) -> str:
        """Say why no pathway assesses an age, and where to turn; nothing if one does."""
        if self.workspace.find_pathway_for(age) is not None:
            return ""
        headers = [pathway.header for pathway in self.workspace.pathways_in_use]
        if several := find_takers(headers, age):
            return self.t(
                "{pathways} all take age {age}, and nothing says which of them leads. Tell whoever "
                "keeps the pathways.",
                pathways=", ".join(header.id for header in several),
                age=age,
            )
        ages = ", ".join(f"{low}–{high}" for low, high in list_covered_ages(headers))
        return self.t(
            "The pathways here are for ages {ages}, not for {age}. Turn to the services for that "
            "age: for a child the family centre or school health care. In danger call 112.",
            ages=ages,
            age=age,
        )

    def _pick(self, value: str) -> None:
        self._set(value)

    def _set(self, value: str) -> None:
        self._form.values[self._at] = value
        self.message = ""
        following = self._first_open()
        if following is None:
            self._finish()
        else:
            self._begin(following)
            self.draw()

    def _finish(self) -> None:
        values, pathway = self._form.values, self._pathway
        if pathway is None:  # a known client whose age no pathway takes; the card says so
            self._form.values.pop("setting", None)
            self._begin("setting")
            self.draw()
            return
        sex = values["sex"]
        self.leave(
            ClientCard(
                client=self._form.client,
                code=values["code"],
                birth_year=int(values["birth_year"]) if values["birth_year"] else None,
                sex="f" if sex == "f" else "m" if sex == "m" else "x",
                language=values["language"],
                setting=values["setting"],
                municipality=values["municipality"],
                pathway=pathway,
                why_unknown=self._form.why_unknown,
            )
        )

    def _back(self) -> None:
        fields = self._fields
        at = fields.index(self._at)
        if at == 0 or self._form.client is not None:
            self.leave(None)
            return
        self._form.values.pop(fields[at - 1], None)
        self._begin(fields[at - 1])
        self.draw()
