"""Small random pathways, from a seed, as the texts that a clinician would write.

They are as odd as the format allows: answers that hide questions, floors on the base step, rules
that swallow each other, cards that are never shown. Their answer sets are few enough to be walked
through one by one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from random import Random

from stepping.pathway.model import Answer, Pathway
from stepping.pathway.reader import read_pathway

Row = tuple[str, dict[str, object]]
"""The name of a table and its keys."""

AGES = (18, 20)
_OTHERS = ("a", "b", "c")


@dataclass(frozen=True)
class Known:
    """A fact that conditions may name: how it may be compared, and which answers are the worse."""

    id: str
    kind: str
    low: int = 0
    high: int = 0
    words: tuple[str, ...] = ()
    worse: str = "none"


@dataclass
class _Maker:
    random: Random
    most: int
    """Answer sets that the pathway may have at most."""
    given: list[dict[str, object]] = field(default_factory=list)
    asks: list[dict[str, object]] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)
    safe: list[Known] = field(default_factory=list)
    """Questions marked as safety."""
    size: int = 1
    instrument: list[Row] = field(default_factory=list)
    newer: Random = field(default_factory=lambda: Random(1))
    """Chance for keys that the format has got since, so that older pathways stay as they were."""

    @property
    def apart(self) -> _Maker:
        """A maker of conditions by the chance for newer keys."""
        return _Maker(self.newer, self.most)

    def maybe(self, chance: float) -> bool:
        return self.random.random() < chance

    # -- conditions --------------------------------------------------------

    def condition(self, known: Sequence[Known], depth: int = 2) -> str:
        roll = self.random.random()
        if depth == 0 or roll < 0.5 or len(known) == 1:
            return self.compare(self.random.choice(known))
        if roll < 0.57:
            return f"not ({self.condition(known, depth - 1)})"
        word = " and " if roll < 0.78 else " or "
        parts = [self.condition(known, depth - 1) for _ in range(self.random.choice((2, 2, 3)))]
        return "(" + word.join(parts) + ")"

    def compare(self, fact: Known) -> str:
        """A comparison, mostly one that worse answers make true."""
        rightly = self.maybe(0.75)
        match fact.kind:
            case "number":
                down = (fact.worse == "down") == rightly
                if self.maybe(0.15):
                    number = self.random.randint(fact.low, fact.high)
                    return f"{fact.id} {self.random.choice(('is', 'is not'))} {number}"
                if down:
                    strict = self.maybe(0.5)
                    number = self.random.randint(fact.low, fact.high - 1) + strict
                    return f"{fact.id} {'<' if strict else '<='} {number}"
                strict = self.maybe(0.5)
                number = self.random.randint(fact.low + 1, fact.high) - strict
                return f"{fact.id} {'>' if strict else '>='} {number}"
            case "word":
                words = fact.words[1:] if rightly and fact.worse != "none" else fact.words
                if fact.worse == "down" and rightly:
                    words = fact.words[:-1]
                sign = "is not" if self.maybe(0.15) else "is"
                return f"{fact.id} {sign} {self.random.choice(words)}"
            case "set":
                return f"{fact.id} has {self.random.choice(fact.words)}"
            case _:
                return f"{fact.id} is {'not ' if self.maybe(0.3) else ''}given"

    # -- questions ---------------------------------------------------------

    def ask_if(self, chance: float = 0.4) -> str | None:
        return self.condition(self.known, 1) if self.known and self.maybe(chance) else None

    def fits(self, answers: int) -> bool:
        """Take so many answers (one of them none) into the product, if they still fit."""
        if self.size * answers > self.most:
            return False
        self.size *= answers
        return True

    def client(self) -> None:
        if self.maybe(0.3) and self.fits(4):
            low, high = AGES
            age: dict[str, object] = {"id": "client.age", "type": "integer"}
            self.given.append(age | {"min": low, "max": high})
            if self.maybe(0.3):
                self.given[-1]["default"] = low
            self.known.append(Known("client.age", "number", low, high))
        if self.maybe(0.3) and self.fits(4):
            options = [{"id": word, "label": text(word)} for word in ("f", "m", "x")]
            sex: dict[str, object] = {"id": "client.sex", "type": "choice", "options": options}
            if self.maybe(0.7):
                sex["default"] = self.random.choice(("f", "x"))
            self.given.append(sex)
            self.known.append(Known("client.sex", "word", words=("f", "m", "x")))

    def question(self, number: int) -> None:
        kinds = ("yesno", "yesno", "refusable", "numeric", "choice", "integer", "scale", "multi")
        kind = self.random.choice((*kinds, "text", "date"))
        id_, worse = f"q{number}", self.random.choice(("up", "up", "down", "none"))
        ask: dict[str, object] = {"id": id_, "type": kind}
        words: tuple[str, ...] = ()
        low, high, facts = 0, 0, kind
        match kind:
            case "yesno" | "refusable":
                words = ("no", "refused", "yes") if kind == "refusable" else ("no", "yes")
                ask |= {"type": "yesno", "refusable": kind == "refusable"}
                worse, facts = self.random.choice(("yes", "yes", "yes", "none")), "word"
                answers = len(words) + 1
            case "numeric":
                numbers = self.random.choice(((0, 1), (0, 1, 2), (0, 2, 3)))
                ask |= {"type": "choice", "options": options(str(n) for n in numbers)}
                low, high, facts, answers = numbers[0], numbers[-1], "number", len(numbers) + 1
            case "choice":
                words, facts = _OTHERS[: self.random.choice((2, 3))], "word"
                ask["options"] = options(words)
                answers = len(words) + 1
            case "integer" | "scale":
                low = self.random.choice((0, 0, 0, -1, 2))
                high, facts = low + self.random.choice((1, 2, 3, 4)), "number"
                ask |= {"min": low, "max": high}
                answers = high - low + 2
            case "multi":
                words, facts, answers, worse = ("a", "b"), "set", 5, "none"
                ask["options"] = options(words)
            case _:
                facts, answers, worse = "remark", 2 + (kind == "text"), "none"
        if not self.fits(answers):
            return
        ask |= {"worse": worse, "required": self.maybe(0.5)}
        if condition := self.ask_if():
            ask["ask_if"] = condition
        found = Known(id_, facts, low, high, words, worse)
        self.asks.append(ask)
        if self.maybe(0.25):
            ask["safety"] = True
            self.safe.append(found)
        elif self.known and self.newer.random() < 0.06:
            ask["context"] = True
            return
        self.known.append(found)

    def questionnaire(self) -> None:
        """An instrument of two or three items with a total and perhaps a cut-off table."""
        kind = self.random.choice(("choice", "choice", "yesno", "refusable", "scale"))
        low, high = (1 if kind == "scale" else 0), self.random.choice((1, 2))
        high = 1 if kind in ("yesno", "refusable") else max(high, low + 1)
        words = {"yesno": ("no", "yes"), "refusable": ("no", "refused", "yes")}.get(kind, ())
        wanted = ("1", "2", "3")[: self.random.choice((2, 3))]
        items = [item for item in wanted if self.fits(1 + (len(words) or high - low + 1))]
        if not items:
            return
        use: dict[str, object] = {"instrument": "mood", "required": self.maybe(0.6)}
        if gated := self.ask_if(0.5):
            use["ask_if"] = gated
        self.asks.append(use)
        for item in items:
            self.item(item, kind, Known(f"mood.{item}", "number", low, high, words))
        self.instrument.append(("total", {"id": "total", "source": "test"}))
        total = Known("mood.total", "number", 0, high * len(items), worse="up")
        self.known.append(total)
        if self.maybe(0.5):
            clients = [known for known in self.known if known.id.startswith("client.")]
            rows = [self.compare(total)]
            if clients:
                cuts = [(self.compare(c), self.compare(total)) for c in clients]
                rows = [f"{who} and {cut}" for who, cut in cuts] + rows[: self.maybe(0.3)]
            told = [{"when": row, "source": "test"} for row in rows]
            self.instrument.append(("positive", {"id": "positive", "rows": told}))
            self.known.append(Known("mood.positive", "word", words=("no", "yes"), worse="yes"))
        if self.maybe(0.4) and self.fits(4):
            self.second_part(total)

    def second_part(self, first: Known) -> None:
        """An instrument of one item of 0, 2 or 3 points, whose total counts the first one's."""
        use: dict[str, object] = {"instrument": "more"}
        if self.maybe(0.6):
            self.asks.append(use | {"ask_if": self.compare(first)})
        else:
            self.asks.insert(self.random.choice((0, len(self.asks))), use)
        self.known.append(Known("more.1", "number", 0, 3, worse="up"))
        self.known.append(Known("more.total", "number", 0, first.high + 3, worse="up"))

    def item(self, id_: str, kind: str, shape: Known) -> None:
        row: dict[str, object] = {"id": id_, "type": "yesno" if shape.words else kind}
        worse = "yes" if shape.words else "none" if kind == "scale" else "up"
        if id_ != "1" and self.maybe(0.3):
            row["ask_if"] = "mood.1 is yes" if shape.words else f"mood.1 >= {shape.low + 1}"
        if shape.words:
            row["refusable"] = kind == "refusable"
        elif kind == "scale":
            row |= {"min": shape.low, "max": shape.high}
        else:
            scores = range(shape.high + 1)
            row["options"] = [{"score": n, "label": text(str(n))} for n in scores]
        if not shape.words and self.maybe(0.3):
            worse = self.random.choice(("up", "down", "none"))
            row["worse"] = worse
        kind = "word" if shape.words else "number"
        found = Known(shape.id, kind, shape.low, shape.high, shape.words, worse)
        if self.maybe(0.15):
            row["safety"] = True
            self.safe.append(found)
        self.instrument.append(("item", row))
        self.known.append(found)

    # -- facts, rules, interventions ---------------------------------------

    def facts(self) -> Iterator[Row]:
        first = sum(known.id.startswith("f") for known in self.known)
        for number in range(first, first + self.random.choice((0, 1, 1, 2))):
            id_ = f"f{number}"
            if self.maybe(0.6):
                yield "fact", {"id": id_, "when": self.condition(self.known)}
                self.known.append(Known(id_, "word", words=("no", "yes"), worse="yes"))
            else:
                count = [self.condition(self.known, 1) for _ in range(self.random.choice((2, 3)))]
                yield "fact", {"id": id_, "count": count}
                self.known.append(Known(id_, "number", 0, len(count), worse="up"))

    def rules(self, steps: Sequence[int], offered: Sequence[str]) -> Iterator[Row]:
        for number in range(self.random.choice((1, 1, 2))):
            when = self.condition(self.known, 1)
            if self.safe and self.maybe(0.7):
                when = f"{self.compare(self.random.choice(self.safe))} or {when}"
            row: dict[str, object] = {"id": f"S{number}", "when": when, "cards": self.cards()}
            row["stop"] = self.random.choice(("emergency", "same_day", "week"))
            if self.maybe(0.5):
                row["then_at_least"] = self.random.choice(steps)
            yield "rule", row
        for number in range(self.random.choice((2, 3, 4))):
            row = {"id": f"A{number}", "when": self.condition(self.known)}
            row["at_least"] = self.random.choice(steps)
            if self.maybe(0.3):
                row |= {"or_above": True, "consider": text("weigh it")}
                if self.newer.random() < 0.6:
                    row["or_above"] = self.apart.condition(self.known, 1)
            yield "rule", row
        for number in range(self.random.choice((0, 1, 2))):
            yield "rule", self.beside(number, steps, offered)

    def beside(
        self, number: int, steps: Sequence[int], offered: Sequence[str]
    ) -> dict[str, object]:
        """A rule beside the step."""
        row: dict[str, object] = {"id": f"B{number}", "when": self.condition(self.known)}
        for key, names in (("add", ("doctor",)), ("offer", offered), ("avoid", offered)):
            if self.maybe(0.5):
                row[key] = [self.random.choice(names)]
        if self.maybe(0.2) or not {"add", "offer", "avoid"} & row.keys():
            row["provisional"] = True
        if self.newer.random() < 0.3:
            count = self.newer.randint(1, len(steps))
            row["only_steps"] = sorted(self.newer.sample(list(steps), count))
        return row

    def cards(self) -> list[dict[str, object]]:
        uses: list[dict[str, object]] = []
        for _ in range(self.random.choice((1, 2))):
            use: dict[str, object] = {"card": self.random.choice(("call", "quiet"))}
            if self.maybe(0.5):
                use["when"] = self.condition(self.known, 1)
            if self.newer.random() < 0.4:
                use["level"] = self.newer.choice(("E", "D", "W"))
            uses.append(use)
        return uses

    def interventions(self, steps: Sequence[int]) -> Iterator[Row]:
        for number in range(len(steps) + 1):
            own = [steps[number]] if number < len(steps) else []
            row: dict[str, object] = {"id": f"i{number}", "steps": own}
            if self.maybe(0.15):
                row["steps"] = [self.random.choice(steps)]
            if self.maybe(0.3):
                low = self.random.randint(*AGES)
                row["ages"] = {"from": low, "to": self.random.randint(low, AGES[1])}
            for key, chance in (("suits", 0.3), ("excluded_if", 0.4), ("requires", 0.2)):
                if self.maybe(chance):
                    row[key] = [{"when": self.condition(self.known, 1), "because": text("so")}]
            yield "intervention", row

    def files(self) -> dict[str, str]:
        """The texts of a pathway."""
        self.client()
        when = self.random.choice((0, 1, 2))
        facts: list[Row] = []
        for number in range(self.random.choice((2, 3, 4))):
            if number == when:
                self.questionnaire()
            if number == 2 and self.known and self.maybe(0.5):
                facts += self.facts()
            self.question(number)
        if not self.asks:
            self.asks.append({"id": "q9", "type": "yesno", "worse": "yes"})
            self.known.append(Known("q9", "word", words=("no", "yes"), worse="yes"))
            self.size *= 3
        facts += self.facts()
        first = self.random.choice((0, 0, 1))
        steps = list(range(first, first + self.random.choice((2, 3))))
        care = list(self.interventions(steps))
        rules = list(self.rules(steps, [str(row["id"]) for _, row in care]))
        return _written(self, steps, (*facts, *rules), care)


def text(english: str) -> dict[str, object]:
    """A text in the one language of these pathways."""
    return {"en": english}


def options(ids: Iterable[str]) -> list[dict[str, object]]:
    """Options of a choice."""
    return [{"id": id_, "label": text(id_)} for id_ in ids]


def random_files(seed: int, most: int = 300) -> dict[str, str]:
    """The texts of a random pathway with at most about so many answer sets."""
    return _Maker(Random(seed), most, newer=Random(f"newer {seed}")).files()


def random_pathway(seed: int, most: int = 300) -> Pathway:
    """A random pathway, read."""
    return read_pathway(random_files(seed, most))


def answer_sets(pathway: Pathway) -> Iterator[dict[str, Answer]]:
    """Every answer set of a small pathway, with every question answered in any way or not."""
    names = [fact.id for fact in pathway.facts.values() if fact.origin in ("given", "question")]
    for values in product(*(answers_to(pathway, name) for name in names)):
        yield {n: v for n, v in zip(names, values, strict=True) if v is not None}


def answers_to(pathway: Pathway, id_: str) -> list[Answer | None]:
    """Every answer to a question or given fact; the first is none. Texts are given or empty."""
    fact, question = pathway.facts[id_], pathway.questions.get(id_)
    if question is None:
        numbers = range(fact.low, fact.high + 1)
        return [None, *(fact.words if fact.kind == "word" else numbers)]
    match question.kind:
        case "multi":
            return [None, (), *((word,) for word in question.words), question.words]
        case "text":
            return [None, "", "x"]
        case "date":
            return [None, "2000-01-01"]
        case _ if question.words:
            return [None, *(int(w) if question.numeric else w for w in question.words)]
        case _:
            return [None, *range(question.low, question.high + 1)]


# -- writing -----------------------------------------------------------------------------------


def _written(
    maker: _Maker, steps: Sequence[int], rules: Sequence[Row], care: Sequence[Row]
) -> dict[str, str]:
    told = {"source": "test", "basis": "local"}
    low, high = AGES
    header: Mapping[str, object] = {
        "id": "random",
        "version": "1",
        "status": "draft",
        "owner": "test",
        "languages": ["en"],
        "ages": {"from": low, "to": high},
        "title": text("random"),
        "emergency_cards": ["call"],
        "reference_cards": ["call"] if maker.newer.random() < 0.1 else [],
    }
    named: list[Row] = [
        *(("step", {"number": n, "name": text("s"), "summary": text("s")}) for n in steps),
        ("section", {"id": "one", "title": text("one")}),
        ("action", {"id": "doctor", "title": text("doctor")}),
    ]
    asked: list[Row] = [("given", {**row, "label": text("given")}) for row in maker.given]
    for row in maker.asks:
        own = {} if "instrument" in row else {"text": text("?"), "label": text("q"), **told}
        asked.append(("ask", {"section": "one", **row, **own}))
    ruled: list[Row] = [
        (name, {**row, "label": text("fact")} if name == "fact" else {**row, **_because(), **told})
        for name, row in rules
    ]
    words = ("title", "summary", "dose", "delivered_by", "follow_up")
    offered: list[Row] = [
        (name, {**row, **{w: text(w) for w in words}, **told}) for name, row in care
    ]
    files = {
        "pathway.toml": _toml(header, named),
        "questions.toml": _toml({}, asked),
        "rules.toml": _toml({}, ruled),
        "interventions.toml": _toml({}, offered),
        "examples.toml": "",
        "cards/call.toml": _card("call", [{"number": "112", "label": text("help")}]),
        "cards/quiet.toml": _card("quiet", []),
    }
    if maker.instrument:
        label: dict[str, object] = {"text": text("item"), "label": text("item")}
        fact: dict[str, object] = {"label": text("fact")}
        rows: list[Row] = [
            (name, row | (label if name == "item" else fact)) for name, row in maker.instrument
        ]
        files["instruments/mood.toml"] = _toml(_questionnaire("mood"), rows)
        scores = [{"score": n, "label": text(str(n))} for n in (0, 2, 3)]
        total = {"id": "total", "plus": ["mood.total"], "source": "test"}
        more: list[Row] = [
            ("item", {"id": "1", "options": scores} | label),
            ("total", total | fact),
        ]
        files["instruments/more.toml"] = _toml(_questionnaire("more"), more)
    return files


def _questionnaire(id_: str) -> dict[str, object]:
    return {
        "id": id_,
        "version": "1",
        "name": id_.upper(),
        **{key: text(key) for key in ("title", "stem", "window")},
        "source": "test",
        "licence": "free",
        "wording": {"en": {"status": "published", "source": "test"}},
    }


def _because() -> dict[str, object]:
    return {"because": text("so it is")}


def _card(id_: str, numbers: list[dict[str, object]]) -> str:
    return _toml(
        {"id": id_, "level": "E", "milder_levels": ["D", "W"], "numbers": numbers}
        | {"title": text(id_), "lead": text(id_), "source": "test", "basis": "local"},
        [("steps", {"id": "stay", "text": text("stay")})],
    )


def _toml(top: Mapping[str, object], rows: Sequence[Row]) -> str:
    lines = [f"{key} = {_value(value)}" for key, value in top.items()]
    for name, row in rows:
        lines += ["", f"[[{name}]]", *(f"{key} = {_value(value)}" for key, value in row.items())]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    match value:
        case dict():
            return "{ " + ", ".join(f"{key} = {_value(v)}" for key, v in value.items()) + " }"
        case list() | tuple():
            return "[" + ", ".join(_value(v) for v in value) + "]"
        case _:
            return json.dumps(value)
