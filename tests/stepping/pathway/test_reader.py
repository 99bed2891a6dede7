"""A clinician who mistypes a pathway must be shown the file, the line and the rule at fault."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepping.pathway.diagnostics import Diagnostic, PathwayError
from stepping.pathway.files import OWN_FILES
from stepping.pathway.reader import read_area, read_pathway
from stepping.pathway.toml_lines import TomlLines
from tests.stepping.cases import SMALL, added, adult, changed, small, text

Q, R, H, X = "questions.toml", "rules.toml", "pathway.toml", "examples.toml"
CARE = "interventions.toml"
MOOD, CARD = "instruments/mood.toml", "cards/danger.toml"


def faults(files: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    with pytest.raises(PathwayError) as refused:
        read_pathway(files)
    return refused.value.diagnostics


def the_fault(files: Mapping[str, str]) -> Diagnostic:
    found = faults(files)
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]


def line_of(files: Mapping[str, str], file: str, mark: str) -> int:
    """The line where a text stands; it must stand there once."""
    lines = [n for n, line in enumerate(files[file].split("\n"), start=1) if mark in line]
    assert len(lines) == 1, (mark, lines)
    return lines[0]


def test_the_small_pathway_and_ours_are_read() -> None:
    assert [rule.id for rule in small().rules] == ["R1", "R2", "R3"]
    assert adult().id == "adult"


ALARM = f"""
[[ask]]
id = "alarm"
section = "first"
type = "yesno"
text = {text("alarm?")}
label = {text("alarm")}
source = "own words"
basis = "local"
"""
CHOICE = ALARM.replace('"yesno"', '"choice"')
TWO = (
    f'options = [ {{ id = "1", label = {text("one")} }}, {{ id = "2", label = {text("two")} }} ]\n'
)
RULE = f"""
[[rule]]
id = "R4"
because = {text("more")}
source = "test"
basis = "local"
"""

BROKEN: list[tuple[str, dict[str, str], str, str, str]] = [
    # what is wrong, the files, the file and a mark on the line at fault, words of the message
    (
        "an unknown key, with the nearest",
        changed(R, 'when = "danger"\n', 'when = "danger"\nat_leest = 2\n'),
        R,
        "at_leest",
        "rule R1: the key 'at_leest' is not known; did you mean 'at_least'?",
    ),
    (
        "a key left out",
        changed(R, 'when = "mood.total >= 3"\n', ""),
        R,
        'id = "R3"',
        "rule R3: 'when' is missing",
    ),
    (
        "an unknown fact, with the nearest",
        changed(R, '"low and weeks >= 4"', '"low and week >= 4"'),
        R,
        "week >=",
        "the fact 'week' is not known; did you mean 'weeks'?",
    ),
    (
        "an unknown fact in a fact",
        changed(R, '"mood.total >= 2"', '"mood.totl >= 2"'),
        R,
        "mood.totl",
        "did you mean 'mood.total'?",
    ),
    (
        "a value that a fact never has",
        changed(R, 'when = "danger"\n', 'when = "danger is refused"\n'),
        R,
        "danger is refused",
        "danger is never 'refused'",
    ),
    (
        "a number compared with a word",
        changed(R, '"mood.total >= 3"', '"mood.total is yes"'),
        R,
        "mood.total is yes",
        "mood.total is a number, compare it with a number",
    ),
    (
        "a yes/no compared with a number",
        changed(R, 'when = "danger"\n', 'when = "danger >= 1"\n'),
        R,
        "danger >= 1",
        "danger cannot be compared with '>='",
    ),
    (
        "a cut-off above the range",
        changed(R, '"mood.total >= 3"', '"mood.total >= 5"'),
        R,
        "mood.total >= 5",
        "5 decides nothing: mood.total goes from 0 to 4",
    ),
    (
        "a cut-off that everybody reaches",
        changed(R, '"mood.total >= 3"', '"mood.total >= 0"'),
        R,
        "mood.total >= 0",
        "0 decides nothing",
    ),
    (
        "a condition that cannot be read",
        changed(R, '"mood.total >= 3"', '"mood.total => 3"'),
        R,
        "=> 3",
        "cannot be read: column 12",
    ),
    (
        "a card's condition that cannot be read",
        changed(R, '{ card = "danger" }', '{ card = "danger", when = "danger and" }'),
        R,
        "danger and",
        "cannot be read: it ends where a fact should follow",
    ),
    (
        "two effects",
        changed(R, "at_least = 1\n", 'at_least = 1\nadd = ["doctor"]\n'),
        R,
        'id = "R2"',
        "rule R2: a rule is a stop, a floor, or something beside the step",
    ),
    (
        "no effect",
        changed(R, "at_least = 1\n", ""),
        R,
        'id = "R2"',
        "a rule is a stop, a floor, or something beside the step",
    ),
    (
        "a stop without a card",
        changed(R, 'cards = [{ card = "danger" }]\n', ""),
        R,
        'id = "R1"',
        "a stop names its action card",
    ),
    (
        "a floor with a card",
        changed(R, "at_least = 1\n", 'at_least = 1\ncards = [{ card = "danger" }]\n'),
        R,
        'id = "R2"',
        "belong to a stop",
    ),
    (
        "or above without a floor",
        changed(R, 'add = ["doctor"]\n', 'add = ["doctor"]\nor_above = true\n'),
        R,
        'id = "R3"',
        "or_above belongs to a floor",
    ),
    (
        "or above with nothing to consider",
        changed(R, "at_least = 1\n", "at_least = 1\nor_above = true\n"),
        R,
        'id = "R2"',
        "or_above and consider go together",
    ),
    (
        "a review on no date",
        changed(H, 'status = "draft"', 'status = "draft"\nreviewed_on = "yesterday"'),
        H,
        "yesterday",
        "reviewed_on: ",
    ),
    (
        "a missing language in a sub-table key",
        changed(R, f"because = {text('very low')}", 'because.en = "very low"'),
        R,
        "very low",
        "rule R3: because has no text in fi",
    ),
    (
        "a missing language in one line",
        changed(R, text("low for long"), '{ fi = "kauan" }'),
        R,
        "kauan",
        "rule R2: because has no text in en",
    ),
    (
        "a text only in a language that nobody declared",
        changed(R, text("low for long"), '{ sv = "länge" }'),
        R,
        "länge",
        "rule R2: because has no text in en, fi",
    ),
    (
        "a text without any words",
        changed(R, text("low for long"), "{}"),
        R,
        "because = {}",
        "rule R2: because has no text in en, fi",
    ),
    (
        "a text of spaces",
        changed(CARD, text("act now"), '{ en = " ", fi = " " }'),
        CARD,
        "lead",
        "lead has no text in en, fi",
    ),
    (
        "an opening sentence that is not even left empty",
        changed(MOOD, text("lately"), '{ en = "" }'),
        MOOD,
        "stem",
        "stem has no text in fi",
    ),
    (
        "a missing language of an option in a list",
        changed(MOOD, text("much"), '{ en = "much" }'),
        MOOD,
        "score = 2",
        "options.3.label has no text in fi",
    ),
    (
        "the same rule twice",
        added(R, RULE.replace("R4", "R1") + 'when = "danger"\nadd = ["doctor"]\n'),
        R,
        "",
        "rule R1 is defined twice",
    ),
    (
        "danger told elsewhere than under risk",
        added(Q, ALARM + 'safety = true\nnote = "view"\n'),
        Q,
        "",
        "what is asked about danger stands under `risk` in the note",
    ),
    (
        "a part that no note has",
        added(Q, ALARM + 'note = "plan"\n'),
        Q,
        'note = "plan"',
        "'plan' is not one of 'reason', 'state', 'view' or 'risk'",
    ),
    *(
        (
            f"a risk that no answer would tell: {what}",
            added(Q, ALARM.replace('"yesno"', f'"{kind}"') + more + 'risk = "attempt"\n'),
            Q,
            'risk = "attempt"',
            "alarm: `risk` is told by a yes, or by a number above the lowest that is worse up; "
            "no answer of this question is that",
        )
        for what, kind, more in (
            ("marks", "multi", TWO),
            ("words", "choice", TWO.replace('"2"', '"never"')),
            ("a text", "text", ""),
            ("a day", "date", ""),
            ("the lowest is worst", "scale", 'max = 10\nworse = "down"\n'),
        )
    ),
    (
        "the same question twice",
        added(Q, ALARM.replace('"alarm"', '"danger"')),
        Q,
        "",
        "danger is defined twice",
    ),
    (
        "the same fact twice",
        added(R, f'\n[[fact]]\nid = "low"\nwhen = "danger"\nlabel = {text("low again")}\n'),
        R,
        "",
        "low is defined twice",
    ),
    (
        "the same option twice",
        added(Q, CHOICE + TWO.replace('"2"', '"1"')),
        Q,
        "options",
        "option 1 is defined twice",
    ),
    (
        "the same score twice",
        changed(MOOD, "score = 1", "score = 2"),
        MOOD,
        'en = "much"',
        "score 2 is defined twice",
    ),
    (
        "the same safety step twice",
        changed(CARD, 'id = "call"', 'id = "stay"'),
        CARD,
        "",
        "step stay is defined twice",
    ),
    (
        "the same intervention twice",
        added(CARE, SMALL[CARE].split("[[intervention.suits]]")[0]),
        CARE,
        "",
        "intervention talk is defined twice",
    ),
    ("the same example twice", added(X, "\n" + SMALL[X]), X, "", "example well is defined twice"),
    (
        "the same step of care twice",
        changed(H, "number = 1", "number = 0"),
        H,
        "",
        "step 0 is defined twice",
    ),
    (
        "an unknown card",
        changed(R, 'cards = [{ card = "danger" }]', 'cards = [{ card = "dangr" }]'),
        R,
        "dangr",
        "card 'dangr' has no file; did you mean 'danger'?",
    ),
    (
        "an unknown card on the emergency list",
        changed(H, 'emergency_cards = ["danger"]', 'emergency_cards = ["dangr"]'),
        H,
        "dangr",
        "card 'dangr' has no file",
    ),
    (
        "an unknown card of an action",
        changed(H, 'id = "doctor"\n', 'id = "doctor"\ncard = "dr"\n'),
        H,
        'card = "dr"',
        "card 'dr' has no file",
    ),
    (
        "an unknown instrument",
        changed(Q, 'instrument = "mood"', 'instrument = "moods"'),
        Q,
        "moods",
        "instrument 'moods' has no file; did you mean 'mood'?",
    ),
    (
        "an unknown item",
        changed(Q, 'instrument = "mood"\n', 'instrument = "mood"\nitems = ["1", "2", "3"]\n'),
        Q,
        "items = ",
        "item '3' is not known",
    ),
    (
        "an item summed but not asked",
        changed(Q, 'instrument = "mood"\n', 'instrument = "mood"\nitems = ["1"]\n'),
        MOOD,
        "[[total]]",
        "mood.2 is summed but never asked",
    ),
    (
        "an unknown action",
        changed(R, 'add = ["doctor"]', 'add = ["docter"]'),
        R,
        "docter",
        "rule R3: add 'docter' is not known; did you mean 'doctor'?",
    ),
    (
        "an unknown intervention",
        changed(R, 'add = ["doctor"]', 'avoid = ["tolk"]'),
        R,
        "tolk",
        "rule R3: avoid 'tolk' is not known; did you mean 'talk'?",
    ),
    (
        "an unknown question to ask first",
        changed(R, 'stop = "emergency"\n', 'stop = "emergency"\nask_first = ["week"]\n'),
        R,
        "ask_first",
        "rule R1: ask_first 'week' is not known; did you mean 'weeks'?",
    ),
    (
        "a step of care that does not exist",
        changed(R, "at_least = 1", "at_least = 2"),
        R,
        "at_least = 2",
        "rule R2: there is no step 2",
    ),
    (
        "a recorded stop's step that does not exist",
        changed(R, 'stop = "emergency"\n', 'stop = "emergency"\nthen_at_least = 7\n'),
        R,
        "then_at_least",
        "rule R1: there is no step 7",
    ),
    (
        "an intervention's step that does not exist",
        changed(CARE, "steps = [0, 1]", "steps = [0, 3]"),
        CARE,
        "steps = ",
        "there is no step 3",
    ),
    (
        "an unknown section",
        changed(
            Q, 'instrument = "mood"\nsection = "first"', 'instrument = "mood"\nsection = "fist"'
        ),
        Q,
        "fist",
        "section 'fist' is not known; did you mean 'first'?",
    ),
    (
        "an unknown page",
        added(Q, ALARM + 'page = "alarms"\n'),
        Q,
        "alarms",
        "page 'alarms' is not known",
    ),
    (
        "a date as people write it",
        changed(H, 'owner = "test"', 'owner = "test"\nreviewed_on = "30.11.2026"'),
        H,
        "30.11.2026",
        "reviewed_on: needs a date as YYYY-MM-DD",
    ),
    (
        "a version that is a number",
        changed(H, 'version = "1"', "version = 1"),
        H,
        "version = 1",
        "version: needs words in quotes",
    ),
    (
        "words without quotes",
        changed(R, 'when = "danger"\n', "when = danger\n"),
        R,
        "when = danger",
        "words stand in quotes",
    ),
    (
        "a list without brackets",
        changed(R, "cards = [", 'ask_first = "alarm"\ncards = ['),
        R,
        "ask_first",
        "rule R1: ask_first: needs a list in [ ]",
    ),
    (
        "an unknown urgency",
        changed(R, '"emergency"', '"emergence"'),
        R,
        "emergence",
        "rule R1: stop: 'emergence' is not one of 'emergency', 'same_day' or 'week'",
    ),
    (
        "a circle of facts",
        changed(R, 'when = "mood.total >= 2"', 'when = "mood.total >= 2 or low"'),
        R,
        'id = "low"',
        "facts depend on each other in a circle: low → low",
    ),
    (
        "a question that waits for a later one",
        changed(Q, 'worse = "yes"\n', 'worse = "yes"\nask_if = "weeks >= 4"\n'),
        Q,
        "weeks >= 4",
        "danger depends on weeks, which is not asked before it",
    ),
    (
        "a question that waits for itself",
        changed(Q, '"mood.total >= 1"', '"weeks >= 1"'),
        Q,
        'id = "weeks"',
        "facts depend on each other in a circle: weeks → weeks",
    ),
    (
        "a question that waits for one on the same screen",
        added(
            Q,
            f'{ALARM}page = "p"\n{ALARM.replace("alarm", "fire")}page = "p"\nask_if = "alarm"\n'
            f'[[page]]\nid = "p"\nsection = "first"\ntext = {text("p")}\n',
        ),
        Q,
        'ask_if = "alarm"',
        "fire depends on alarm, which is not asked before it",
    ),
    (
        "bands that do not rise",
        changed(MOOD, "from = 2", "from = 0"),
        MOOD,
        "[[total]]",
        "the bands do not rise from 0 within 0–4",
    ),
    (
        "bands beyond the total",
        changed(MOOD, "from = 2", "from = 5"),
        MOOD,
        "[[total]]",
        "the bands do not rise from 0 within 0–4",
    ),
    (
        "an instrument under another name",
        changed(MOOD, 'id = "mood"', 'id = "moods"'),
        MOOD,
        'id = "moods"',
        "id is not the name of the file, 'mood'",
    ),
    (
        "a card under another name",
        changed(CARD, 'id = "danger"', 'id = "fire"'),
        CARD,
        'id = "fire"',
        "id is not the name of the file, 'danger'",
    ),
    *(
        (
            f"a number verified {day}",
            changed(CARD, 'number = "112", ', f'number = "112", verified = {day}, '),
            CARD,
            "numbers = [",
            message,
        )
        for day, message in (
            ('"last week"', 'needs a day as 2026-03-23, or "2026-03", "2026" or "2025/2026"'),
            ("2026-03-23T12:00:00", 'needs a day as 2026-03-23, or "2026-03"'),
            ('"2026-13"', "month must be in 1..12"),
            ('"2026/2025"', "ends before it begins"),
            ("2026", "needs words in quotes"),
        )
    ),
    (
        "hours of a number in one language alone",
        changed(CARD, 'number = "112", ', 'number = "112", hours = { en = "24 h" }, '),
        CARD,
        "numbers = [",
        "has no text in fi",
    ),
    (
        "a wording of unknown standing",
        changed(MOOD, '[wording.fi]\nstatus = "working"\nsource = "test"\n', ""),
        MOOD,
        "[wording.en]",
        "there is no [wording.fi]",
    ),
    (
        "approved by nobody",
        changed(H, '"draft"', '"approved"'),
        H,
        'id = "small"',
        "an approved pathway also needs reviewed_by, reviewed_on",
    ),
    (
        "a choice with one option",
        added(Q, CHOICE + f'options = [ {{ id = "1", label = {text("one")} }} ]\n'),
        Q,
        "",
        "question alarm needs at least two options",
    ),
    (
        "a choice on a shared page",
        added(
            Q,
            CHOICE
            + TWO
            + f'page = "p"\n[[page]]\nid = "p"\nsection = "first"\ntext = {text("p")}\n',
        ),
        Q,
        "",
        "question alarm: only yes/no shares a page",
    ),
    (
        "a range upside down",
        changed(Q, "max = 52", "max = 0"),
        Q,
        "",
        "weeks: min is not below max",
    ),
    (
        "a default that is no option",
        added(
            Q,
            f'\n[[given]]\nid = "client.sex"\ntype = "choice"\n{TWO}default = "3"\n'
            f"label = {text('sex')}\n",
        ),
        Q,
        "default",
        "default '3' is not known",
    ),
    (
        "a number that is a text",
        changed(Q, "max = 52", 'max = "many"'),
        Q,
        "many",
        "ask weeks: max: needs a whole number",
    ),
    (
        "a condition of an intervention",
        changed(CARE, '"weeks >= 50"', '"weks >= 50"'),
        CARE,
        "weks",
        "the fact 'weks' is not known; did you mean 'weeks'?",
    ),
    (
        "half-written TOML",
        changed(R, 'when = "mood.total >= 3"', 'when = "mood.total >= 3'),
        R,
        "mood.total >= 3",
        "not readable as TOML: Illegal character",
    ),
    (
        "a key twice",
        changed(R, 'when = "mood.total >= 3"\n', 'when = "danger"\nwhen = "mood.total >= 3"\n'),
        R,
        "mood.total >= 3",
        "not readable as TOML: Cannot overwrite a value",
    ),
]


@pytest.mark.parametrize(
    ("files", "file", "mark", "message"),
    [pytest.param(*case, id=what) for what, *case in BROKEN],
)
def test_each_fault_is_told_with_its_line(
    files: dict[str, str], file: str, mark: str, message: str
) -> None:
    told = [fault for fault in faults(files) if message in fault.message]
    assert [fault.file for fault in told] == [file]
    fault = told[0]
    if mark:
        line = line_of(files, file, mark)
        # A rule's own table starts one line above its id.
        assert fault.line in ((line, line - 1) if mark.startswith('id = "') else (line,))


def test_a_fault_of_the_whole_file_names_no_place() -> None:
    files = changed(H, 'status = "draft"', 'status = "approved"')
    assert the_fault(files).message.startswith("an approved pathway also needs")


def test_the_later_of_two_has_the_line() -> None:
    for files, file in [
        (added(R, RULE.replace("R4", "R1") + 'when = "danger"\nadd = ["doctor"]\n'), R),
        (added(Q, ALARM.replace('"alarm"', '"danger"')), Q),
        (added(X, "\n" + SMALL[X]), X),
    ]:
        fault = the_fault(files)
        assert fault.line == SMALL[file].count("\n") + 2
    step = the_fault(changed(CARD, 'id = "call"', 'id = "stay"'))
    assert step.line == SMALL[CARD].split("\n").index('id = "call"') + 0


@pytest.mark.parametrize("file", OWN_FILES)
def test_a_missing_file_is_told(file: str) -> None:
    fault = the_fault({name: content for name, content in SMALL.items() if name != file})
    assert str(fault) == f"{file}:1: the file is missing"


def test_every_fault_of_a_file_is_told_at_once() -> None:
    """Whoever mends a pathway should not have to run the check once a fault."""
    files = changed(R, '"low and weeks >= 4"', '"lo and weks >= 4"')
    files = changed(CARE, '"weeks >= 50"', '"weeks >= 500"', files)
    assert [(fault.file, fault.line) for fault in faults(files)] == [
        (CARE, line_of(files, CARE, "500")),
        (R, line_of(files, R, "weks")),
        (R, line_of(files, R, "weks")),
    ]


def test_each_row_of_a_cut_off_table_is_read_alone() -> None:
    rows = """
[[positive]]
id = "positive"
label = { en = "positive", fi = "yli rajan" }
rows = [
  { when = "mood.total >= 2) or (danger", source = "test" },
]
"""
    fault = the_fault(added(MOOD, rows))
    assert "cannot be read: column 16" in fault.message
    assert fault.line == line_of(added(MOOD, rows), MOOD, "(danger")


def test_what_a_circle_goes_through_is_told_once() -> None:
    more = f"""
[[fact]]
id = "b"
when = "a"
label = {text("b")}

[[fact]]
id = "a"
count = ["b"]
label = {text("a")}
"""
    files = added(R, more.replace('when = "a"', 'when = "a >= 1"'))
    fault = the_fault(files)
    assert "in a circle: a → b → a" in fault.message
    assert fault.line == line_of(files, R, 'id = "a"') - 1


def test_deep_nesting_is_a_fault_and_no_crash() -> None:
    assert "not readable as TOML" in the_fault(added(R, "\nx = " + "[" * 5000)).message
    deep = changed(R, '"mood.total >= 3"', '"' + "(" * 3000 + "danger" + ")" * 3000 + '"')
    assert "nested too deep" in the_fault(deep).message


EVIL = [
    *(chr(code) for code in (0x07, 0x08, 0x0C, 0x1B, 0x7F, 0x85, 0x9B, 0x9D)),
    *(chr(code) for code in (0xAD, 0x61C, 0x200B, 0x200D, 0x200E, 0x2028, 0x2029, 0x202A, 0x202E)),
    *(chr(code) for code in (0x2060, 0x2066, 0x2069, 0xFEFF, 0xFFF9, 0xE0041)),
]
"""What steers a terminal, turns the reading direction, or is not seen."""


@pytest.mark.parametrize("evil", EVIL, ids=lambda evil: f"U+{ord(evil):04X}")
@pytest.mark.parametrize("file", sorted(SMALL))
def test_no_text_holds_what_steers_a_terminal_or_hides(file: str, evil: str) -> None:
    """Written out, in a remark as well, and as an escape in a text, of which the place is told."""
    escape = f"\\U{ord(evil):08x}"
    first = next(line for line in SMALL[file].split("\n") if '"' in line and "when" not in line)
    before, after = first.rsplit('"', 1)
    told = the_fault(changed(file, first, f'{before}{escape}"{after}'))
    assert (told.file, told.line) == (file, line_of(SMALL, file, first))
    assert f"U+{ord(evil):04X}" in told.message
    if evil >= " " and evil != "\x7f":  # the others are no TOML
        remark = SMALL[file] + f"\n# hid{evil}den\n"
        told = the_fault({**SMALL, file: remark})
        assert (told.file, told.line) == (file, remark.count("\n"))
        assert told.message.startswith(f"character 6 is U+{ord(evil):04X}")


def test_an_unfit_key_is_told_with_its_table() -> None:
    told = the_fault(added(R, '\n[[rule]]\nid = "X"\n"when\\u202e" = "danger"\n'))
    assert told.message.startswith("rule X: is U+202E (RIGHT-TO-LEFT OVERRIDE)")


def test_a_text_that_the_store_has_kept_is_read_as_it_is() -> None:
    old = {**SMALL, CARD: SMALL[CARD].replace('"danger", fi', '"dan\\u00adger", fi', 1)}
    assert "\\u00ad" in old[CARD]
    assert the_fault(old).file == CARD
    assert read_pathway(old, kept=True).digest


def test_variation_selectors_are_looks_and_pass() -> None:
    read_pathway(added(R, "\n# \u26a0\ufe0f and \u26a0\ufe0e\n"))


def test_a_huge_number_is_a_fault_and_no_crash() -> None:
    huge = changed(R, "at_least = 1", "at_least = " + "1" * 5000)
    assert the_fault(huge).file == R


def test_a_language_without_a_wording_needs_no_texts_of_the_instrument() -> None:
    files = changed(MOOD, '[wording.fi]\nstatus = "working"', '[wording.fi]\nstatus = "none"')
    files[MOOD] = files[MOOD].replace(text("sad"), '{ en = "sad" }')
    assert read_pathway(files).instruments["mood"].wording["fi"].status == "none"


def test_texts_that_may_be_left_out_may_be_left_out() -> None:
    assert small().questions["danger"].help == {}
    half = changed(Q, 'id = "danger"\n', 'id = "danger"\nhelp.en = "careful"\n')
    assert the_fault(half).message == "ask danger: help has no text in fi"


@settings(max_examples=150)
@given(
    st.sampled_from(sorted(SMALL)), st.integers(0, 3000), st.integers(0, 40), st.text(max_size=5)
)
def test_no_cut_in_any_file_crashes_the_reader(
    file: str, start: int, length: int, instead: str
) -> None:
    """Half-saved files happen; the answer is a list of faults, each with a line that exists."""
    content = SMALL[file]
    broken = content[:start] + instead + content[start + length :]
    try:
        read_pathway({**SMALL, file: broken})
    except PathwayError as error:
        assert error.diagnostics
        for problem in error.diagnostics:
            assert problem.file in SMALL
            assert 1 <= problem.line <= max(SMALL[problem.file].count("\n"), broken.count("\n")) + 1


def test_services_have_lines_too() -> None:
    area = """\
id = "area"
county = { en = "County", fi = "Alue" }
municipalities = [ { id = "hollola", name = { en = "Hollola", fi = "Hollola" } } ]

[[service]]
id = "clinic"
name = { en = "Clinic", fi = "Klinikka" }
municipalities = "hollola"
interventions = ["talk"]
production = "own"
place = "fixed"
languages = ["fi"]
contact = "000"
contact_checked = 2026-11-02
"""
    assert read_area("services/area.toml", area).service[0].municipalities == ("hollola",)
    with pytest.raises(PathwayError) as refused:
        read_area("services/area.toml", area.replace('"own"', '"owned"'))
    assert str(refused.value).startswith("services/area.toml:10: service clinic: ")


# -- the lines themselves -----------------------------------------------------------------------


def test_lines_of_tables_keys_and_what_stands_in_them() -> None:
    lines = TomlLines(
        'a = 1\n[t]\nb.c = 2\n[[r]]\nd = [\n  "x = 1",\n  ["y"]\n]\ne = """\n[[r]]\nf = 3\n"""\n'
        "[[r]]\n[[r.s]]\n\"g.h\" = 4 # [[r]]\n[r.u]\n'i' = '[' # ]\nj = 5\n"
    )
    assert lines.find_line(("a",)) == 1
    assert lines.find_line(("t", "b", "c")) == lines.find_line(("t", "b")) == 3
    assert lines.find_line(("r", 0)) == 4
    assert lines.find_line(("r", 0, "d")) == 5
    assert lines.find_line(("r", 0, "d", 0)) == 6
    assert lines.find_line(("r", 0, "d", 1)) == lines.find_line(("r", 0, "d", 1, 0)) == 7
    assert lines.find_line(("r", 0, "e")) == 9
    assert lines.find_line(("r", 1)) == 13
    assert lines.find_line(("r", 1, "s", 0)) == 14
    assert lines.find_line(("r", 1, "s", 0, "g.h")) == 15
    assert lines.find_line(("r", 1, "u", "i")) == 17
    assert lines.find_line(("r", 1, "u", "j")) == 18
    assert lines.find_line(("nothing", 3)) == 1


def test_line_separators_that_toml_does_not_know_are_no_lines() -> None:
    assert TomlLines("a = 'x\u2028y'\nb = 1\n").find_line(("b",)) == 2
    assert TomlLines("a = 'x\x85y'\nb = 1\n").find_line(("b",)) == 2


def test_the_lines_of_our_own_pathway_are_right() -> None:
    """Every table of the adult pathway, by the words that stand there."""
    import tomllib

    for name, content in adult().files.items():
        rows, lines = content.split("\n"), TomlLines(content)
        for key, value in tomllib.loads(content).items():
            assert rows[lines.find_line((key,)) - 1].lstrip("[").startswith(key)
            for index, inner in enumerate(value if isinstance(value, list) else ()):
                if (
                    isinstance(inner, dict)
                    and "id" in inner
                    and lines.find_line((key, index)) != lines.find_line((key,))
                ):
                    at = lines.find_line((key, index, "id"))
                    assert rows[at - 1] == f'id = "{inner["id"]}"', (name, key, index)
