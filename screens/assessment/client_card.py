"""The client card: a code and no name, year of birth, sex for cut-offs, language, place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from casework.client_card import ClientCard, find_client
from casework.family_care import list_family_care
from casework.language import LANGUAGES
from casework.workspace import MUNICIPALITY, Workspace
from screens.assessment.family import FamilyScreen
from screens.base.content import Traits
from screens.base.keys import Caption, KeyBinding, Shown
from screens.base.lines import Line, bold, labelled, paragraph, wrap
from screens.base.open_stops import open_stop_lines
from screens.base.page import Page, TypedField
from screens.base.prompt import PromptScreen
from screens.base.risk_marks import danger_lines, find_dangers, risk_lines
from screens.forms.client_fields import CodeField, YearOfBirth, read_year
from screens.forms.field_page import LEAST_WIDTH, FieldPage
from screens.forms.fields import Field, Misread, Pick, options
from screens.forms.municipality_picker import PlacePicker
from screens.wording.client_words import (
    LABELS,
    SETTINGS,
    SEXES,
    UNKNOWN,
    CardField,
    describe_age_fault,
    municipality_words,
)
from screens.wording.decision_words import version_text
from stepping.pathway.client_facts import highest_age
from stepping.pathway.model import Pathway
from store import codes
from store.errors import MistypedCode, OtherUnit
from store.records import Client, OpenStop
from store.risk_records import RiskMark


class ClientScreen(FieldPage[ClientCard | None]):
    """Asks one field after another; the last one returns the card."""

    traits = Traits(reads_changes=True, least_width=LEAST_WIDTH)
    """One field follows another."""

    label_width = 34

    def __init__(
        self,
        workspace: Workspace,
        known: Client | ClientCard | None = None,
        card_form: Callable[[Client], Page[bool]] | None = None,
    ) -> None:
        super().__init__(workspace)
        self._card_form = card_form
        """The form on which a stored card is put right."""
        self._client: Client | None = None
        self._stops: Sequence[OpenStop] = ()
        """The safety stops that are open in drafts of the client."""
        self._risk: Sequence[RiskMark] = ()
        self._dangers: Sequence[str] = ()
        self._died: date | None = None
        """The day of the client's death, if one is recorded."""
        self._why_unknown = ""
        self._refused: int | None = None
        """The age of the year of birth that was refused."""
        self._fresh = codes.new()
        self._places: PlacePicker | None = None
        if isinstance(known, Client):
            self._know(known)
        elif known is not None:
            self._fill_again(known)
        self._enter(self._first_open() or 0)

    # -- fields ------------------------------------------------------------

    def _know(self, client: Client) -> None:
        """Fill in what is known of a client; only the setting is asked anew.

        Raises:
            StoreError: If the store does not tell whether a stop is open or a death recorded.
        """
        self._warn_of(client)
        self._typed = {
            "code": client.code,
            "birth_year": UNKNOWN if client.birth_year is None else str(client.birth_year),
            # What is not known stays so: an answer here would not be kept with the client.
            "sex": client.sex or "x",
            "municipality": client.municipality or "",
        }
        if self._offers(client.language):
            self._typed["language"] = client.language

    def _warn_of(self, client: Client) -> None:
        """Take a client with all that is told above the card; nobody, if the store fails."""
        store = self.workspace.store
        stops, risk = store.open_stops.list_of(client.id), store.risk_marks.list_of(client.id)
        dangers, died = find_dangers(self.workspace, client), store.episodes.find_death(client.id)
        self._client, self._stops, self._risk = client, stops, risk
        self._dangers, self._died = dangers, died

    def _offers(self, language: str) -> bool:
        pathway = self._pathway
        return pathway is None or language in pathway.header.languages

    @property
    def _age(self) -> int | None:
        """The highest age that the client may have, once the year of birth is known."""
        born = self._typed.get("birth_year")
        return highest_age(int(born) if born else None, self.workspace.today)

    @property
    def _unknown(self) -> bool:
        """Whether it was said that the year of birth is not known yet."""
        return self._typed.get("birth_year") == UNKNOWN

    @property
    def _fields(self) -> Sequence[Field]:
        """The fields in their order; the pathway is asked where no age tells it."""
        titles = [(each.id, each.header.title[self.workspace.language]) for each in self._assessing]
        offered = [(id_, name) for id_, name in LANGUAGES.items() if self._offers(id_)]
        return [
            CodeField("code", LABELS["code"]),
            YearOfBirth("birth_year", LABELS["birth_year"]),
            *([self._pick_field("pathway", titles)] if self._unknown else []),
            self._pick_field("sex", options(SEXES, self.t)),
            self._pick_field("language", offered),
            self._pick_field("setting", options(SETTINGS, self.t)),
            Field("municipality", LABELS["municipality"]),
        ]

    @staticmethod
    def _pick_field(name: CardField, choices: Sequence[tuple[str, str]]) -> Field:
        return Pick(name, LABELS[name], options=choices, marked=False)

    @property
    def _assessing(self) -> list[Pathway]:
        """The pathways that assess new clients."""
        return [each for each in self.workspace.pathways_in_use if not each.header.follows]

    @property
    def _pathway(self) -> Pathway | None:
        """The pathway that assesses the client's age, or that the nurse chose without one."""
        if self._unknown:
            chosen = self._typed.get("pathway")
            return next((each for each in self._assessing if each.id == chosen), None)
        return None if self._age is None else self.workspace.find_pathway_for(self._age)

    def _fill_again(self, card: ClientCard) -> None:
        """Fill in a card that could not be stored; only its last field is asked again."""
        self._why_unknown = card.why_unknown
        if card.client:
            self._warn_of(card.client)
        self._typed = {
            "code": card.code,
            "birth_year": UNKNOWN if card.birth_year is None else str(card.birth_year),
            "pathway": card.pathway.id,
            "sex": card.sex,
            "language": card.language,
            "setting": card.setting,
            "municipality": card.municipality,
        }
        del self._typed["setting" if card.client else "municipality"]

    def _first_open(self) -> int | None:
        """Return which field is the first that is not given."""
        open_ = (n for n, each in enumerate(self._fields) if each.name not in self._typed)
        return next(open_, None)

    def _enter(self, at: int) -> None:
        super()._enter(at)
        self._places = None
        if self._is_at("municipality"):
            here = self.workspace.store.settings.get(MUNICIPALITY)
            self._places = PlacePicker(self.workspace, here)

    def _is_at(self, name: CardField) -> bool:
        return self._field is not None and self._field.name == name

    # -- drawing -----------------------------------------------------------

    def top(self) -> tuple[str, str]:
        """Name the screen."""
        return self.t("Client"), self.t("no names, no personal identity codes")

    def body(self, width: int) -> list[Line]:
        """Draw the fields so far and the choices of the present one."""
        lines = open_stop_lines(self.workspace, self._stops, width)
        lines += danger_lines(self._dangers, width)
        lines += [*risk_lines(self.workspace, self._risk, width, whole=False), ()]
        if died := self._died:
            warning = self.t("! This client's death is recorded: {day}. Check the code.", day=died)
            lines += [*map(bold, wrap(warning, width)), ()]
        lines += self._field_lines(width)
        self.in_view = None  # what is told above stays in sight
        return [*lines, *self._chosen(width)]

    def _chosen(self, width: int) -> list[Line]:
        """Return the pathway that the age leads to, or why there is none."""
        pathway, language = self._pathway, self.workspace.language
        if self._unknown:
            return [(), *self._while_unknown(width)]
        if self._age is None:
            return []
        if pathway is None:
            return [(), *labelled("!", describe_age_fault(self.workspace, self._age), width)]
        text = self.t(
            "Pathway: {title}, {version}",
            title=pathway.header.title[language],
            version=version_text(pathway.header, language),
        )
        return [(), *paragraph(text, width, indent=2)]

    def _while_unknown(self, width: int) -> list[Line]:
        """Return what holds while the year of birth is not known."""
        said = (
            self.t("! The year of birth is still to be asked."),
            self.t("Choose the pathway by what you see and hear."),
            self.t("Until then age lowers no step, and the shortest legal times run."),
        )
        return [row for each in said for row in paragraph(each, width, indent=2)]

    def _present(self, width: int) -> list[Line]:
        if self._is_at("code"):
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
        return super()._present(width)

    def _shown(self, each: Field) -> str:
        value = self._typed.get(each.name)
        if self._field is not None and each.name == self._field.name:
            return ""
        if value is None:
            return "–"
        if each.name == "municipality":
            return municipality_words(self.workspace, value)
        if each.name == "birth_year" and value == UNKNOWN:
            return self.t("not known yet")
        return super()._shown(each) or value

    # -- keys --------------------------------------------------------------

    def key_list(self) -> Shown:
        """Enter takes what is typed, a digit what is listed."""
        return [
            *([KeyBinding("enter", "Enter", self.t("take it"), self._take)] if self._entry else []),
            *self._about_card(),
            *self._pick_keys(),
            *(self._places.key_list(self._give, self.draw) if self._places else []),
            KeyBinding("left,backspace", "←", self.t("back"), self._back),
            KeyBinding("escape", "Esc", self.t("cancel"), self.leave),
        ]

    @property
    def field(self) -> TypedField | None:
        """The entry, or the list of municipalities."""
        return self._entry or self._places

    def _about_card(self) -> list[KeyBinding | Caption]:
        """Tell of a year that is not known yet, or of a stored card that is wrong."""
        if self._is_at("birth_year"):
            unknown = self.bind("u", "not known yet", self._ask_why)
            return [unknown, *self._family_key(self._refused)]
        if self._client is not None and self._card_form and self._places is None:
            put_right = self.bind("k", "put the card right", self._put_right)
            return [put_right, *self._family_key(self._age)]
        return []

    def _family_key(self, age: int | None) -> list[KeyBinding]:
        """Lead to what there is for the family of a child whom no pathway assesses."""
        if age is None or not list_family_care(self.workspace, age):
            return []
        show = partial(self._show_family, age)
        return [self.bind("f", "help for the family", show)]

    async def _show_family(self, age: int) -> None:
        await self.ask(FamilyScreen(self.workspace, age))

    async def _ask_why(self) -> None:
        prompt = PromptScreen(
            self.workspace,
            self.t("Why is the year of birth not known yet?"),
            self.t("A few words, without names or contact details."),
        )
        if why := await self.ask(prompt):
            self._why_unknown = why
            if len(self._assessing) == 1:
                self._typed["pathway"] = self._assessing[0].id
            self._give(UNKNOWN)

    async def _put_right(self) -> None:
        """Put a stored card right, and go on with it as it is then."""
        known, form = self._client, self._card_form
        if known is not None and form is not None and await self.ask(form(known)):
            client = self.attempt(lambda: self.workspace.store.clients.get(known.id))
            if client is not None:
                self._know(client)
                self._enter(self._first_open() or 0)
                self.say(self.t("The card is put right."))

    async def _take(self) -> None:
        typed = self._entry.text if self._entry else ""
        if self._is_at("code"):
            self._take_code(typed)
        else:
            await self._take_year(typed)

    def _take_code(self, typed: str) -> None:
        if not typed:
            self._give(self._fresh)
            return
        try:
            code = codes.parse(typed)
        except MistypedCode as error:
            self.say(self.t(error.what, **error.values))
            return
        self._stops = ()
        found = self.attempt(lambda: find_client(self.workspace.store, code))
        if found is None:
            return
        client, self._stops = found
        if client is not None:
            if self.stored(lambda: self._know(client)):
                self._give(client.code)
        elif self._stops:
            self.say(self.t(OtherUnit.what))
        else:
            self.say(self.t("No client has this code here."))

    async def _take_year(self, typed: str) -> None:
        if typed == "0000":
            await self._ask_why()
            return
        try:
            year = read_year(typed, self._today)
        except Misread as error:
            self.say(self.t(error.sentence, **error.values_))
            return
        self._refused = self._today.year - year
        if fault := describe_age_fault(self.workspace, self._refused):
            self.say(fault)
        else:
            self._give(typed)

    def _advance(self) -> None:
        self.message = ""
        following = self._first_open()
        if following is None:
            self._finish()
        else:
            self._enter(following)
            self.draw()

    def _finish(self) -> None:
        values, pathway = self._typed, self._pathway
        if pathway is None:  # a known client whose age no pathway takes; the card says so
            self._typed.pop("setting", None)
            self._enter(self._first_open() or 0)
            self.draw()
            return
        sex = values["sex"]
        self.leave(
            ClientCard(
                client=self._client,
                code=values["code"],
                birth_year=int(values["birth_year"]) if values["birth_year"] else None,
                sex="f" if sex == "f" else "m" if sex == "m" else "x",
                language=values["language"],
                setting=values["setting"],
                municipality=values["municipality"],
                pathway=pathway,
                why_unknown=self._why_unknown,
            )
        )

    def _back(self) -> None:
        if self._at == 0 or self._client is not None:
            self.leave()
            return
        self._typed.pop(self._fields[self._at - 1].name, None)
        self._enter(self._at - 1)
        self.draw()
