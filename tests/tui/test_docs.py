"""The pathway document: whoever follows it to the letter must get what it promises."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from stepping.decision.decide import decide
from stepping.pathway import schema
from stepping.pathway.model import Pathway
from stepping.pathway.reader import read_pathway
from stepping.pathway.schema import Content
from stepping.proofs.checker import check_pathway
from stepping.services.match import check_services
from store.pathway_files.files import load, neighbours, service_files
from store.pathway_files.new_pathway import template_files
from tests.reference import put_into
from tui.cli import porras

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "pathways.md").read_text("utf-8")


def section(title: str) -> str:
    """What stands under a heading of the second level."""
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def blocks(text: str, language: str = "toml") -> list[str]:
    """The blocks of one language; those without a name are for the command line."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [body for name, body in found if name == language]


def test_every_piece_of_toml_can_be_read() -> None:
    assert len(blocks(TEXT)) > 10
    for block in blocks(TEXT):
        assert tomllib.loads(block)


# -- the tour -----------------------------------------------------------------------------------


def follow(block: str, folder: Path) -> None:
    """Do with a block what its first line says."""
    first, _, rest = block.partition("\n")
    name, _, where = first.removeprefix("# ").partition(", ")
    path = folder / name
    if where == "a new file":
        assert not path.exists()
        path.write_text(rest, encoding="utf-8")
        return
    text = path.read_text("utf-8")
    if where.startswith("under "):
        head = where.removeprefix("under ") + "\n"
        assert text.count(head) == 1
        text = text.replace(head, head + rest)
    else:
        assert where == ""
        text += "\n" + rest
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def followed(tmp_path: Path) -> Path:
    """The pathway of somebody who did the whole tour."""
    folder = tmp_path / "my_county"
    assert CliRunner().invoke(porras, ["pathway", "new", str(folder)]).exit_code == 0
    for block in blocks(section("The tour")):
        follow(block, folder)
    return folder


def test_the_tour_ends_with_a_pathway_that_passes_the_check(followed: Path) -> None:
    pathway = load(str(followed))
    assert [str(finding) for finding in check_pathway(pathway).findings] == []
    done = CliRunner().invoke(porras, ["pathway", "check", str(followed)])
    assert done.exit_code == 0, done.output
    assert {"S2", "F4", "F5", "A2"} <= {rule.id for rule in pathway.rules}
    services = service_files(followed)
    assert "carers_house" in services["services/my_area.toml"]
    together = (pathway, *neighbours(followed))
    known = {care.id for each in together for care in each.interventions}
    assert not check_services(known, services)


def test_the_counter_example_is_the_one_that_the_check_gives(tmp_path: Path) -> None:
    shown = blocks(section("Check"), "")[0].split("\n")
    assert "`load3.total >= 3 and not alone`" in section("Check")
    folder = tmp_path / "my_county"
    CliRunner().invoke(porras, ["pathway", "new", str(folder)])
    rules = folder / "rules.toml"
    text = rules.read_text("utf-8")
    rules.write_text(text.replace("total >= 3", "total >= 3 and not alone"), encoding="utf-8")
    lines = CliRunner().invoke(porras, ["pathway", "check", str(folder)]).stdout.split("\n")
    assert shown[0] in lines
    at = lines.index(shown[0])
    for wanted, got in zip(shown[1:4], lines[at + 1 : at + 4], strict=True):
        start, _, end = wanted.partition("…, ")
        assert got.startswith(start)
        assert got.endswith(end or start)
    case = tmp_path / "case.json"
    for line, step in ((lines[at + 1], 1), (lines[at + 2], 0)):
        case.write_text(line[line.index("{") :], encoding="utf-8")
        command = ["decide", str(folder), "--answers", str(case), "--format", "json"]
        assert json.loads(CliRunner().invoke(porras, command).stdout)["step"] == step


# -- a scheme of one's own ----------------------------------------------------------------------


def chart(distress: int, harm: int, daily: int) -> tuple[int, bool]:
    """The invented flow chart as the document tells it: level, and whether "or higher"."""
    if harm == 4:
        return 5, False
    if harm == 3 or distress == 4:
        return 4, False
    if distress == 3:
        return (4 if daily >= 3 else 3), False
    if distress == 2 or daily >= 2:
        return 2, distress == 2 and daily >= 2
    return 1, False


@pytest.fixture(scope="module")
def levels() -> Pathway:
    """The floors of the document in a pathway with levels 1–5."""
    questions, rules = blocks(section("A scheme with its own domains and levels"))
    files = template_files("levels")

    def en(word: str) -> str:
        return f'{{ en = "{word}" }}'

    step = "[[step]]\nnumber = {0}\nname = {{ en = '{0}' }}\nsummary = {{ en = '{0}' }}\n"
    care = (
        "[[intervention]]\nid = 'care{0}'\nsteps = [{0}]\nsource = 'none'\nbasis = 'local'\n"
        + "".join(f"{key} = {en('care')}\n" for key in ("title", "summary", "dose"))
        + "".join(f"{key} = {en('care')}\n" for key in ("delivered_by", "follow_up"))
    ).replace("{ en", "{{ en").replace('" }', '" }}')  # fmt: skip
    header = (
        "id = 'levels'\nversion = '1'\nstatus = 'draft'\nowner = 'test'\nlanguages = ['en']\n"
        f"ages = {{ from = 18, to = 120 }}\ntitle = {en('levels')}\nemergency_cards = []\n"
        f"[[section]]\nid = 'domains'\ntitle = {en('domains')}\n"
    )
    return read_pathway(
        {
            **files,
            "pathway.toml": header + "".join(step.format(n) for n in range(1, 6)),
            "questions.toml": questions,
            "rules.toml": rules,
            "interventions.toml": "".join(care.format(n) for n in range(1, 6)),
            "examples.toml": "",
        }
    )


def test_the_floors_give_what_the_flow_chart_gives(levels: Pathway) -> None:
    for distress, harm, daily in product(range(5), repeat=3):
        answers = {"domain.distress": distress, "domain.harm": harm, "domain.daily": daily}
        decision = decide(levels, answers)
        assert (decision.step, decision.or_above) == chart(distress, harm, daily), answers


def test_the_floors_pass_every_proof(levels: Pathway) -> None:
    kinds = {finding.kind for finding in check_pathway(levels).errors}
    assert kinds <= {"uncovered"}, "its examples are left to the reader"


# -- the reference ------------------------------------------------------------------------------


def test_the_tables_of_keys_are_those_of_the_reader() -> None:
    """If this fails, run `python -m tests.reference docs/pathways.md`."""
    assert put_into(TEXT) == TEXT


def test_no_key_is_left_out() -> None:
    told = set(re.findall(r"`([a-z_]+)`", section("Every key")))
    for model in vars(schema).values():
        if isinstance(model, type) and issubclass(model, Content):
            keys = {info.alias or name for name, info in model.model_fields.items()}
            assert keys <= told, model


def test_every_finding_of_the_check_is_explained() -> None:
    rooms = ("stepping", "store", "tui")
    sources = "".join(path.read_text("utf-8") for r in rooms for path in (ROOT / r).rglob("*.py"))
    found = set(re.findall(r'"(?:error|hint)",\s*"([a-z_]+)"', sources))
    found -= {"hint"}
    found |= set(re.findall(r'(?:[.](?:error|hint)|note)\(\s*"([a-z_]+)"', sources))
    found |= set(re.findall(r'as_findings\([^\n]*"([a-z_]+)"\)', sources))
    assert len(found) > 15
    rows = [line.split("|")[2] for line in section("Check").split("\n") if line.startswith("| ")]
    explained = {kind for row in rows[1:] for kind in re.findall(r"`([a-z_]+)`", row)}
    assert found | {"content"} == explained


def test_links_inside_the_document_lead_somewhere() -> None:
    heads = {
        re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-")
        for head in re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)
    }
    links = set(re.findall(r"\]\(#([^)]+)\)", TEXT))
    assert links <= heads
    assert links


# -- commands -----------------------------------------------------------------------------------


def commands() -> Iterator[str]:
    """Every command line that the documents show, in blocks and in the text."""
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")):
        text = path.read_text("utf-8")
        for block in blocks(text, ""):
            yield from (line for line in block.split("\n") if line.startswith("porras "))
        plain = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
        yield from (" ".join(line.split()) for line in re.findall(r"`(porras [^`]+)`", plain))


@pytest.mark.parametrize("line", sorted(set(commands())))
def test_every_command_that_is_shown_exists(line: str) -> None:
    words = shlex.split(line.split(" > ")[0])[1:]
    takes = (each for each in porras.params if not getattr(each, "is_flag", True))
    given = {name for each in takes for name in each.opts}
    while words and words[0] in given:  # an option of the whole program, with its value
        del words[:2]
    command: click.Command = porras
    options = {option: each for each in porras.params for option in each.opts}
    while words and words[0] in options:
        option = options[words.pop(0)]
        if not getattr(option, "is_flag", False):
            words.pop(0)
    while isinstance(command, click.Group) and words and re.fullmatch("[a-z][a-z-]*", words[0]):
        name = words.pop(0)
        found = command.get_command(click.Context(command), name)
        assert found is not None, name
        command = found
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known
