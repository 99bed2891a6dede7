"""Settings: the wrong database or pathways would be another site's."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from store.paths import PATHWAYS
from tui.settings import Settings, SettingsError, read_settings
from tui.terminal.capabilities import detect_ability

NOTHING: dict[str, str | None] = {"db": None, "pathways": None, "lang": None, "config": None}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    for folder in ("by_config", "by_environment", "by_flag"):
        (tmp_path / folder).mkdir()
    file = tmp_path / "porras.toml"
    file.write_text(f'db = "/config.db"\npathways = "{tmp_path / "by_config"}"\nlang = "fi"\n')
    return file


def test_without_settings_it_speaks_english_and_uses_its_own_pathways() -> None:
    found = read_settings(NOTHING, {})
    assert replace(found, chosen=None) == Settings(None, PATHWAYS, None)
    assert read_settings(NOTHING, {}).speaks == "en"


def test_flags_weigh_more_than_the_environment_and_that_more_than_the_file(config: Path) -> None:
    folder = config.parent
    environment = {
        "PORRAS_CONFIG": str(config),
        "PORRAS_DB": "/environment.db",
        "PORRAS_PATHWAYS": str(folder / "by_environment"),
        "PORRAS_LANG": "sv",
    }
    flags: dict[str, str | None] = {
        **NOTHING,
        "db": "/flag.db",
        "pathways": str(folder / "by_flag"),
        "lang": "en",
    }
    only_file = read_settings(NOTHING, {"PORRAS_CONFIG": str(config)})
    assert only_file == Settings(Path("/config.db"), folder / "by_config", "fi")
    assert read_settings({**NOTHING, "config": str(config)}, {}) == only_file
    both = read_settings(NOTHING, environment)
    assert both == Settings(Path("/environment.db"), folder / "by_environment", "sv")
    assert read_settings(flags, environment) == Settings(Path("/flag.db"), folder / "by_flag", "en")


def test_the_config_flag_weighs_more_than_the_environment(config: Path) -> None:
    other = config.with_name("other.toml")
    other.write_text('lang = "sv"\n')
    flags = {**NOTHING, "config": str(other)}
    assert read_settings(flags, {"PORRAS_CONFIG": str(config)}).language == "sv"


def test_the_file_in_its_usual_place_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "porras").mkdir()
    (tmp_path / "porras" / "config.toml").write_bytes(b'\xef\xbb\xbflang = "fi"\n')
    assert read_settings(NOTHING, {}).speaks == "fi"


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("fi_FI.UTF-8", "fi"),
        ("fi_FI", "fi"),
        ("fi-FI", "fi"),
        ("FI", "fi"),
        (" fi ", "fi"),
        ("sv_FI@euro", "sv"),
        ("SV-se", "sv"),
        ("en_GB.UTF-8", "en"),
        ("C.UTF-8", "en"),
        ("POSIX", "en"),
    ],
)
def test_a_language_may_be_named_as_a_locale(tmp_path: Path, name: str, language: str) -> None:
    assert read_settings({**NOTHING, "lang": name}, {}).language == language
    assert read_settings(NOTHING, {"PORRAS_LANG": name, "LANG": "sv_FI"}).language == language
    file = tmp_path / "porras.toml"
    file.write_text(f'lang = "{name}"\n')
    assert read_settings({**NOTHING, "config": str(file)}, {}).language == language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "fi_FI.UTF-8"}, "fi"),
        ({"LANG": "sv_FI@euro"}, "sv"),
        ({"LANG": "sv_FI", "LC_MESSAGES": "fi_FI"}, "fi"),
        ({"LANG": "fi_FI", "LC_MESSAGES": "sv_FI", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "fi_FI", "LC_ALL": ""}, "fi"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "de:fi:sv"}, "fi"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "fi"}, "fi"),
        ({"LANGUAGE": "sv"}, "sv"),
        ({"LANG": "fi_FI", "LC_ALL": "C", "LANGUAGE": "fi"}, "en"),
        ({"LANG": "fi_FI.UTF-8", "LC_CTYPE": "sv_SE"}, "fi"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_computers_locale_speaks_where_nothing_else_is_asked(
    environment: dict[str, str], language: str
) -> None:
    settings = read_settings(NOTHING, environment)
    assert (settings.speaks, settings.language, settings.notes) == (language, None, ())


def test_an_unknown_language_is_told_with_the_known_ones_and_the_next_counts(
    config: Path,
) -> None:
    settings = read_settings(NOTHING, {"PORRAS_CONFIG": str(config), "PORRAS_LANG": "se"})
    assert settings.language == "fi"
    assert settings.notes == (
        "PORRAS_LANG: language 'se' is not one of fi, sv, en, and is passed over",
    )
    settings = read_settings(NOTHING, {"PORRAS_LANG": "se", "LANG": "sv_FI"})
    assert (settings.speaks, len(settings.notes)) == ("sv", 1)
    with pytest.raises(SettingsError, match="'se' is not one of fi, sv, en"):
        read_settings({**NOTHING, "lang": "se"}, {})


def test_a_locale_that_a_pathway_lacks_gives_way_and_a_language_asked_for_does_not() -> None:
    assert read_settings(NOTHING, {"LANG": "fi_FI"}).speaks_among(("en", "sv")) == "en"
    assert read_settings(NOTHING, {"PORRAS_LANG": "fi"}).speaks_among(("en", "sv")) == "fi"


def test_an_empty_setting_is_none() -> None:
    found = read_settings({**NOTHING, "db": ""}, {"PORRAS_DB": "", "PORRAS_LANG": ""})
    assert replace(found, chosen=None) == Settings(None, PATHWAYS, None)


def test_the_users_own_folder_may_be_written_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "own").mkdir()
    (tmp_path / "porras.toml").write_text('db = "~/porras.db"\npathways = "~/own"\n')
    settings = read_settings({**NOTHING, "config": "~/porras.toml"}, {})
    assert settings.database == tmp_path / "porras.db"
    assert settings.pathways == tmp_path / "own"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('lang = "de"', "language 'de' is not one of fi, sv, en"),
        ('pathways = "/no/such/folder"', "the pathways folder '/no/such/folder' does not exist"),
        ('database = "/x.db"', "porras.toml: 'database' is not a setting"),
        ("db = 3", "porras.toml: 'db' is not a setting"),
        ("[db]", "porras.toml: 'db' is not a setting"),
        ("lang = ", "porras.toml cannot be read"),
        ('pathways = "/x\\u0000"', "porras.toml cannot be read: a value holds a null character"),
        (b"lang = '\xff'", "porras.toml cannot be read"),
        ("x = " + "[" * 5000, "porras.toml cannot be read: its values are nested too deep"),
        ("# " + "x" * 70_000, "porras.toml cannot be read: it is larger than 64000 bytes"),
    ],
)
def test_a_setting_that_cannot_be_used_is_told(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    file = tmp_path / "porras.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingsError) as refused:
        read_settings({**NOTHING, "config": str(file)}, {})
    assert message in str(refused.value)


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices in folders")
def test_a_config_is_a_file_and_nothing_else_is_waited_for(tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "pipe")
    for place in (pipe, Path("/dev/zero"), tmp_path):
        with pytest.raises(SettingsError, match="it is not a file"):
            read_settings({**NOTHING, "config": str(place)}, {})
    assert read_settings({**NOTHING, "config": os.devnull}, {}).language is None


def test_a_config_file_that_is_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        read_settings({**NOTHING, "config": str(tmp_path / "none.toml")}, {})
    with pytest.raises(SettingsError, match="does not exist"):
        read_settings(NOTHING, {"PORRAS_CONFIG": str(tmp_path / "none.toml")})


def test_glyphs_painter_and_theme_are_chosen_by_name_and_nothing_else(tmp_path: Path) -> None:
    flags: dict[str, str | None] = {**NOTHING, "glyphs": "ascii", "theme": "mono"}
    environment = {"PORRAS_PAINTER": "textual", "PORRAS_THEME": "contrast"}
    found = read_settings(flags, environment)
    assert (found.glyphs, found.painter, found.theme) == ("ascii", "textual", "mono")
    file = tmp_path / "porras.toml"
    file.write_text('theme = "contrast"\n')
    assert read_settings({**NOTHING, "config": str(file)}, {}).theme == "contrast"
    with pytest.raises(SettingsError, match="'latin' is not one of unicode, ascii"):
        read_settings(NOTHING, {"PORRAS_GLYPHS": "latin"})
    with pytest.raises(SettingsError, match="'dark' is not one of standard, contrast, mono"):
        read_settings(NOTHING, {"PORRAS_THEME": "dark"})


@pytest.mark.parametrize(
    ("env", "colours", "plain", "glyphs"),
    [
        ({"TERM": "xterm-256color", "LANG": "fi_FI.UTF-8"}, 16, False, "unicode"),
        ({"TERM": "xterm-256color", "LANG": "fi_FI.UTF-8", "NO_COLOR": "1"}, 0, False, "unicode"),
        ({"TERM": "xterm", "LANG": "C"}, 16, False, "ascii"),
        ({"TERM": "xterm", "LANG": "C", "LC_CTYPE": "C.UTF-8"}, 16, False, "ascii"),
        ({"TERM": "xterm", "LANG": "C", "LC_ALL": "C.UTF-8"}, 16, False, "unicode"),
        ({"TERM": "xterm"}, 16, False, "ascii"),
        ({"TERM": "linux", "LANG": "fi_FI.UTF-8"}, 8, False, "ascii"),
        ({"TERM": "vt100", "LANG": "fi_FI.UTF-8"}, 0, True, "ascii"),
        ({"TERM": "vt420", "LANG": "fi_FI.UTF-8"}, 16, False, "ascii"),
        ({"TERM": "linux", "LANG": "C", "PORRAS_GLYPHS": "unicode"}, 8, False, "unicode"),
        ({"TERM": "xterm", "LANG": "en_GB.UTF-8", "PORRAS_GLYPHS": "ascii"}, 16, False, "ascii"),
    ],
)
def test_a_terminal_gets_what_it_can_show(
    env: dict[str, str], colours: int, plain: bool, glyphs: str
) -> None:
    found = detect_ability(env)
    assert (found.colours, found.plain, found.glyphs) == (colours, plain, glyphs)


@pytest.mark.parametrize("value", ["64x18", " 64X18 ", "64×18"])
def test_a_part_of_the_window_is_asked_for(value: str) -> None:
    assert read_settings({**NOTHING, "size": value}, {}).size == (64, 18)
    assert read_settings(NOTHING, {"PORRAS_SIZE": value}).size == (64, 18)


@pytest.mark.parametrize("value", ["64", "x", "64x", "-64x18", "63x18", "64x17", "9" * 9 + "x18"])
def test_a_part_that_no_page_fits_in_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="64x18"):
        read_settings({**NOTHING, "size": value}, {})


def test_the_folder_of_own_cases_is_found_like_other_settings(tmp_path: Path) -> None:
    """Named in any of the three places; one that is not there yet may be named, to be made."""
    file = tmp_path / "porras.toml"
    file.write_text('vignettes = "/config/cases"\n')
    assert read_settings(NOTHING, {}).vignettes is None
    config = {**NOTHING, "config": str(file)}
    assert read_settings(config, {}).vignettes == Path("/config/cases")
    asked = {"PORRAS_VIGNETTES": "/environment/cases"}
    assert read_settings(config, asked).vignettes == Path("/environment/cases")
    flags = {**config, "vignettes": "~/cases"}
    assert read_settings(flags, asked).vignettes == Path("~/cases").expanduser()


def test_the_folder_of_classes_and_the_tour_are_set_like_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "porras.toml"
    file.write_text('classes = "/config/classes"\ntour = "no"\n')
    unset = read_settings(NOTHING, {})
    assert (unset.classes, unset.tour) == (None, True)
    config = {**NOTHING, "config": str(file)}
    of_file = read_settings(config, {})
    assert (of_file.classes, of_file.tour) == (Path("/config/classes"), False)
    asked = {"PORRAS_CLASSES": "/environment/classes", "PORRAS_TOUR": "yes"}
    both = read_settings(config, asked)
    assert (both.classes, both.tour) == (Path("/environment/classes"), True)
    assert not read_settings(NOTHING, {"PORRAS_TOUR": "no"}).tour
