"""If these fail, whoever types a command in Finnish or Swedish is answered in English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner

from tests.command_texts import catalogues, commands, renewed, texts
from tests.screens.foreign import ENGLISH_WORDS, NAMES
from tests.screens.test_catalogue import faults
from tui.cli import porras
from tui.spoken import said, speak


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    speak(lambda: "en")


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.parts[-3])
def test_every_text_of_the_command_line_is_translated(path: Path) -> None:
    with path.open("rb") as file:
        words = read_po(file, locale=path.parts[-3])
    single = [text for text in texts() if isinstance(text, str)]
    wrong = [f"{text!r} {fault}" for text in single for fault in faults(words, text)]
    counted = [text for text in texts() if isinstance(text, tuple)]
    wrong += [f"{text!r} is missing" for text in counted if not all(words[text[0]].string or "")]
    assert not wrong, "\n".join(wrong)
    assert renewed(path) == path.read_bytes(), "run make messages"


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_no_help_speaks_english(language: str) -> None:
    speak(lambda: language)
    wrong, names = [], {path.split()[-1] for path, _ in commands()}
    for path, command in commands():
        told = command.get_help(click.Context(command, info_name=path))
        shown = NAMES.sub(" ", " ".join(told.split()))
        wrong += [
            f"{path}: {found[0]!r}"
            for found in ENGLISH_WORDS.finditer(shown)
            if found[0] not in names
        ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["auditt"], "Virhe: Komentoa 'auditt' ei ole."),
        (["audit", "--nowhere"], "Virhe: Valitsinta '--nowhere' ei ole."),
        (["audit", "log", "--since", "31.2."], "kalenterissa ei ole päivää '31.2.'"),
        (["note", "x", "--out", ""], "--out: arvo on tyhjä; jäikö jokin muuttuja asettamatta?"),
        (["--theme", "pink"], "theme 'pink' ei ole mikään näistä: standard"),
        (["--demo", "purge"], "--demo avaa ohjelman; se käy vain näiden komentojen kanssa"),
        (["client"], "Puuttuu 'KOODI'."),
        (["user", "idle", "x"], "kohtaan 'MINUUTIT': 'x' ei ole kokonaisluku."),
        (["worklist", "--limit", "x"], "kohtaan '--limit': 'x' ei ole kokonaisluku."),
        (["pathway", "show", "adul"], "'adul' ei ole hoitopolku eikä kansio"),
        (["pathway", "check", "adul"], "tarkoititko 'adult'?"),
        (["pathway", "show", "adult", "--rule", "x"], "hoitopolussa adult ei ole sääntöä 'x'"),
        (["decide", "adult", "--answers", "none.json"], "'none.json': tiedostoa tai kansiota ei"),
    ],
)
def test_a_refusal_is_told_in_the_language_asked_for(args: list[str], told: str) -> None:
    result = CliRunner().invoke(porras, ["--lang", "fi", *args])
    assert result.exit_code == 2
    assert told in result.output
    result = CliRunner().invoke(porras, args, env={"PORRAS_LANG": "fi"})
    assert told in result.output


def test_what_nobody_translated_is_said_in_english() -> None:
    speak(lambda: "fi")
    assert said("no such sentence") == "no such sentence"
    assert said("") == ""


def test_a_wrong_language_or_config_keeps_the_help_readable(tmp_path: Path) -> None:
    for args in (["--lang", "xx"], ["--config", str(tmp_path / "none.toml")]):
        result = CliRunner().invoke(porras, [*args, "--help"], env={"LC_ALL": "C"})
        assert "Usage:" in result.output


def test_the_language_of_a_text_is_not_that_of_the_command_line() -> None:
    args = ["decide", "adult", "--batch", "-", "--out", "-", "--lang", "fi"]
    result = CliRunner().invoke(porras, args, env={"LC_ALL": "C"})
    assert "are for one case" in result.output
