"""If these fail, a clinician prints or signs another paper than the one that was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stepping.cases import SMALL, adult
from tests.tui.test_cli import lay_out, refused, run

SHOW = ("pathway", "show", "adult")


def shown(*arguments: str | Path) -> str:
    done = run(*SHOW, *arguments)
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
    return done.stdout


def test_a_terminal_gets_the_rules_and_a_document_everything() -> None:
    question = adult().questions["danger.child"].text["en"]
    assert question not in shown()
    assert question in shown("--part", "all")
    assert question in shown("--format", "markdown")
    assert question not in shown("--format", "markdown", "--part", "rules")
    assert question in shown("--format", "html")


def test_the_form_alone() -> None:
    text = shown("--part", "form", "--lang", "fi")
    assert adult().questions["danger.child"].text["fi"] in text
    assert "[ ]" in text
    assert adult().rule("A2").rule.because["fi"] not in text


def test_a_document_is_utf_8_whatever_the_terminal_is() -> None:
    done = run(*SHOW, "--format", "html", "--lang", "sv", PYTHONIOENCODING="ascii")
    text = done.stdout_bytes.decode("utf-8")
    assert '<html lang="sv">' in text
    assert "Säkerheten först" in text
    assert done.stdout_bytes.endswith(b"</html>\n")


@pytest.mark.parametrize("form", ["table", "markdown", "html"])
def test_one_rule_alone(form: str) -> None:
    text = shown("--rule", "A2", "--format", form)
    assert "A2 · at least step 1" in text
    assert "A3 · " not in text
    assert "CE-marked" in text


def test_a_rule_that_there_is_not_is_named() -> None:
    said = refused(*SHOW, "--rule", "A99", code=2)
    assert "adult has no rule 'A99'; did you mean 'A9'?" in said
    said = refused(*SHOW, "--rule", "A2", "--part", "form", code=2)
    assert "--rule shows one rule and goes with no --part" in said


def test_a_countys_own_pathway_is_shown(tmp_path: Path) -> None:
    mine = lay_out(tmp_path / "mine", SMALL)
    done = run("pathway", "show", mine, "--format", "html")
    assert "low for long" in done.stdout
