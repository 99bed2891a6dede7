"""If these fail, whoever installs on Tuesdays finds a command that is not there, or reads long."""

from __future__ import annotations

import re
import subprocess
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from distribution.release import EXPECTED, PAGES, SHARED_HOST, TEMPLATE
from distribution.wheelhouse import install

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
WORDS = {"site.md": 18, "site.fi.md": 15, "site.sv.md": 18}
LINES, WIDTH = 95, 160


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def blocks(text: str) -> list[str]:
    return re.findall(r"^```\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def named(text: str) -> set[str]:
    """Every command, file and option that a page names between backticks."""
    plain = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return set(re.findall(r"`([^`]+)`", plain))


@pytest.mark.parametrize("name", PAGES)
def test_each_page_fits_two_sheets(name: str) -> None:
    lines = page(name).splitlines()
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= WIDTH


@pytest.mark.parametrize("name", PAGES[1:])
def test_each_language_names_the_same_commands_in_the_same_order(name: str) -> None:
    assert blocks(page(name)) == blocks(page("site.md"))
    assert named(page(name)) == named(page("site.md"))
    heads = re.findall(r"^#+", page(name), re.MULTILINE)
    assert heads == re.findall(r"^#+", page("site.md"), re.MULTILINE)


@pytest.mark.parametrize("name", PAGES)
def test_no_sentence_is_long(name: str) -> None:
    text = re.sub(r"^```.*?^```$|^\|.*$|^#.*$", ".", page(name), flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"`[^`]*`", "code", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text))
    sentences = re.split(r"[.!?:;](?=\W)", text.replace("**", ""))
    long = [" ".join(each.split()) for each in sentences if len(each.split()) > WORDS[name]]
    assert not long


@pytest.mark.parametrize("name", PAGES)
def test_every_package_of_a_release_is_named(name: str) -> None:
    shown = [each.replace("…", "-1") for each in named(page(name)) if each.startswith("porras")]
    shown += [each.replace("linux-x86_64", "linux-aarch64") for each in shown]
    for pattern in EXPECTED:
        wanted = pattern.format(version="0.2.0")
        assert any(fnmatchcase(each, wanted) for each in shown), wanted


@pytest.mark.parametrize("name", (*PAGES, "running.md", "security.md", "releasing.md"))
def test_links_lead_somewhere(name: str) -> None:
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page(name)):
        assert (DOCS / link).exists(), link


def test_the_commands_of_the_check_are_those_of_the_folder() -> None:
    given = blocks(page("site.md"))[0].splitlines()
    told = [
        line.strip() for line in TEMPLATE.read_text("utf-8").splitlines() if line[:5] == "    s"
    ]
    assert [line.replace("{signer}", "NAME") for line in told] == given


@pytest.mark.parametrize("name", PAGES)
def test_the_key_that_signed_is_compared_and_not_only_the_one_that_lies_beside_it(
    name: str,
) -> None:
    """The fingerprint of `allowed_signers.pub` says nothing of the key in `allowed_signers`."""
    both = {
        "site.md": ("The first and the second must both", "The first two must both"),
        "site.fi.md": (
            "Ensimmäisen ja toisen pitää kummankin",
            "Kahden ensimmäisen pitää kummankin",
        ),
        "site.sv.md": ("Den första och den andra ska båda", "De två första ska båda"),
    }
    on_page, in_folder = both[name]
    assert on_page in page(name)
    assert in_folder in TEMPLATE.read_text("utf-8")


def test_the_installers_have_the_options_that_are_named() -> None:
    asked = install.arguments(["--system", "--remove"])
    assert asked.system
    assert asked.remove
    told = subprocess.run(["sh", SHARED_HOST, "--help"], capture_output=True, text=True, check=True)
    for name in (*PAGES, "security.md"):
        for line in re.findall(r"shared_host\.sh (--[^\n`]*)", page(name)):
            for option in re.findall(r"--[a-z-]+", line):
                assert option in told.stdout, option


def test_the_rule_of_the_document_is_the_one_that_is_written() -> None:
    says = f"eval \"$(sed -n '/^rule_text/,/^}}/p' {SHARED_HOST})\"; rule_text"
    given = {"MARK": "#", "account": "porras", "program": "/usr/bin/porras", "group": "nurses"}
    done = subprocess.run(["sh", "-c", says], env=given, capture_output=True, text=True, check=True)
    (rule,) = (each for each in blocks(page("security.md")) if each.startswith("Defaults>"))
    assert done.stdout == "#\n" + rule


@pytest.mark.parametrize("name", PAGES)
def test_what_it_says_in_the_last_table_is_said(name: str) -> None:
    """The sentences that are quoted are those of the program, by their first words."""
    language = {"site.md": "en", "site.fi.md": "fi", "site.sv.md": "sv"}[name]
    from casework.language import speech
    from store.errors import SetUpOtherwise

    told = speech(language)(SetUpOtherwise.what, name="x", kept="1", value="2")
    rows = re.findall(r"^\| ([^|]+) \|", page(name), re.MULTILINE)
    beginning = " ".join(told.removeprefix("The ").split()[:5]).rstrip(":").lower()
    assert any(beginning in row.lower() for row in rows), told


def test_templates_for_issues_ask_for_nothing_of_a_client() -> None:
    templates = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.md"))
    assert [path.stem for path in templates] == ["content", "fault", "site"]
    for path in templates:
        text = " ".join(path.read_text("utf-8").split())
        assert re.search(r"\*\*Write (nothing|no)[^*]*client", text), path
