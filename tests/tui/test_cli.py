"""The command line: what scripts and coordinators rely on without a screen."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from store.paths import PATHWAYS
from tests.stepping.cases import (
    INVENTED_HETU,
    SMALL,
    WELL,
    Case,
    adult,
    changed,
    gad7,
    phq9,
    small,
)
from tui.cli import porras

ROOT = Path(__file__).parents[2]

KEYS = [
    "pathway",
    "version",
    "digest",
    "status",
    "step",
    "or_above",
    "consider",
    "range",
    "settled",
    "provisional",
    "urgency",
    "stops",
    "rules",
    "possible",
    "scores",
    "verdicts",
    "missing",
    "required",
    "declined",
    "at_least",
    "actions",
    "interventions",
    "excluded",
    "flips",
]


def run(*arguments: str | Path, given: str | bytes | None = None, **env: str) -> Result:
    return CliRunner().invoke(porras, [str(a) for a in arguments], input=given, env=env or None)


def decided(case: object, *arguments: str | Path) -> dict[str, Any]:
    done = run("decide", "adult", "--format", "json", *arguments, given=json.dumps(case))
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert isinstance(told, dict)
    return told


def refused(*arguments: str | Path, given: str | bytes | None = None, code: int = 1) -> str:
    done = run(*arguments, given=given)
    assert done.exit_code == code, (done.exit_code, done.output)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A pathway in a folder of its own."""
    return lay_out(tmp_path / "mine", SMALL)


def lay_out(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


MIXED: Case = {
    **WELL,
    **phq9(12),
    **gad7(3),
    "history.weeks": 8,
    "work.ability": 5,
    "need.no_net": "yes",
}


# -- decide -------------------------------------------------------------------------------------


def test_json_has_exactly_its_keys_in_their_order() -> None:
    told = decided(MIXED)
    assert list(told) == KEYS
    assert list(told["rules"][0]) == ["id", "effect", "facts", "held", "because", "source", "basis"]
    assert list(told["interventions"][0]) == ["id", "step", "fit", "because"]
    assert list(told["excluded"][0]) == ["id", "because"]
    assert list(told["flips"][0]) == ["fact", "from", "to", "step"]
    assert told["pathway"] == "adult"
    assert told["digest"] == adult().digest
    assert told["range"] == [1, 1]
    assert told["scores"] == {
        "phq9.total": 12,
        "gad7.total": 3,
        "auditc.total": 0,
        "pcptsd5.total": 0,
        "audit.total": 0,
        "domains.positive": 1,
    }
    rules = {rule["id"]: rule for rule in told["rules"]}
    assert rules["A2"]["facts"] == {"phq9.total": 12, "gad7.total": 3}
    assert rules["A2"]["effect"] == "at_least 1"
    assert rules["A2"]["basis"] == "guideline"
    assert {"fact": "phq9.total", "from": 12, "to": 16, "step": 2} in told["flips"]
    assert {"fact": "history.gsh_unfit", "from": False, "to": True, "step": 2} in told["flips"]


def test_json_and_nothing_else_stands_on_the_output() -> None:
    """A note about an answer that did not count must not break a script."""
    case = {**WELL, "audit.4": 4}
    done = run("decide", "adult", "--format", "json", given=json.dumps(case))
    assert json.loads(done.stdout)["step"] == 0
    assert "note: audit.4 was given but is not asked here" in done.stderr


def test_json_of_a_stop() -> None:
    told = decided({**WELL, "danger.violence": True, "nurse.worried": "yes"})
    assert (told["status"], told["step"], told["range"]) == ("stop", None, None)
    assert told["stops"] == ["S1b", "S2"]
    assert told["urgency"] == "emergency"
    assert told["interventions"] == told["excluded"] == told["flips"] == []


def test_json_of_too_few_answers() -> None:
    told = decided({"client.age": 30, "phq9.1": 3})
    assert (told["status"], told["step"]) == ("insufficient", None)
    assert told["range"] == [0, 4]
    assert told["scores"]["phq9.total"] == [3, 27]
    assert "danger.suicide" in told["required"]
    assert set(told["required"]) < set(told["missing"])
    possible = {rule["id"]: rule for rule in told["possible"]}
    assert possible["A2"]["effect"] == "at_least 1"
    assert "gad7.7" in possible["A2"]["missing"]


def test_stops_that_are_recorded_are_told_beside_the_answers() -> None:
    case = {**WELL, "nurse.worried": True}
    assert decided({"answers": case})["stops"] == ["S2"]
    told = decided({"answers": case, "recorded": ["S2"]})
    assert (told["status"], told["step"]) == ("suggested", 2)


def test_answers_come_from_a_file_or_the_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(MIXED), encoding="utf-8")
    from_file = run("decide", "adult", "--answers", file, "--format", "json")
    from_input = run(
        "decide", "adult", "--answers", "-", "--format", "json", given=json.dumps(MIXED)
    )
    assert from_file.stdout == from_input.stdout
    assert json.loads(from_file.stdout)["step"] == 1


@pytest.mark.parametrize(
    ("language", "step", "reason"),
    [
        ("en", "Guided self-help and net therapy", "PHQ-9 total: 12"),
        ("fi", "Ohjattu omahoito ja nettiterapia", "PHQ-9-pisteet: 12"),
        ("sv", "Vägledd egenvård och nätterapi", "PHQ-9-poäng: 12"),
    ],
)
def test_text_is_in_the_language_asked_for(language: str, step: str, reason: str) -> None:
    given = json.dumps(MIXED)
    done = run("decide", "adult", "--lang", language, given=given)
    assert done.exit_code == 0
    assert step in done.stdout.split("\n")[0]
    assert reason in done.stdout
    assert adult().rule("A2").rule.because[language] in done.stdout
    assert adult().digest[:12] in done.stdout
    assert run("--lang", language, "decide", "adult", given=given).stdout == done.stdout
    assert run("decide", "adult", given=given, PORRAS_LANG=language).stdout == done.stdout
    as_json = json.loads(
        run("decide", "adult", "--lang", language, "--format", "json", given=given).stdout
    )
    said = {rule["id"]: rule["because"] for rule in as_json["rules"]}
    assert said["A2"] == adult().rule("A2").rule.because[language]


def test_text_of_a_stop_names_it_and_no_step() -> None:
    done = run("decide", "adult", given=json.dumps({**WELL, "danger.suicide": True}))
    first, second = done.stdout.split("\n")[:2]
    assert first.startswith("STOP")
    assert second == "EMERGENCY: now"
    assert "S1" in done.stdout
    assert "Suggested step" not in done.stdout


def test_text_of_too_few_answers_names_what_is_needed() -> None:
    done = run("decide", "adult", given="{}")
    assert done.stdout.startswith("Not enough answers for a step")
    assert "  phq9.9  PHQ-9 item 9 (death or self-harm)" in done.stdout.split("\n")


def test_text_says_when_the_rest_cannot_change_it() -> None:
    case = {**WELL, **phq9(24), "history.specialised": "yes"}
    del case["history.weeks"], case["history.episodes"]
    done = run("decide", "adult", given=json.dumps(case))
    assert "The remaining 2 questions cannot change this suggestion." in done.stdout


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("not json", "line 1, column 1: not JSON"),
        ("[1]", "the answers are not an object"),
        ('{"phq9.1": NaN}', "NaN is not an answer"),
        ('{"phq9.1": 1e999}', "phq9.1: needs a whole number 0–3, not inf"),
        ('{"phq9.1": ' + "9" * 5000 + "}", "too many digits"),
        ('{"phq9.1": 1, "phq9.1": 2}', "phq9.1 is answered twice"),
        ('{"phq9.1": 7}', "phq9.1: 7 is out of range; it goes from 0 to 3"),
        ('{"phq99": 1}', "phq99: no such question in adult"),
        ('{"answers": {}, "recorded": ["S9"]}', "recorded: S9 is not a stop of adult"),
        ('{"answers": {}, "recorded": ["A2"]}', "recorded: A2 is not a stop of adult"),
        ('{"client.age": 17}', "client.age: 17 is outside this pathway, which is for ages 18–120"),
        ("[" * 100_000, "nested too deep"),
        (" " * 1_000_001, "larger than 1000000 bytes"),
        (b'{"need.language": "\xff"}', "is not UTF-8"),
        ('{"need.language": "\\ud800"}', "character 1 (U+D800) cannot be kept"),
        ('{"\\ud800": 1}', "no such question in adult"),
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_refused_answers_end_with_1_and_say_why(
    given: str | bytes, message: str, form: str
) -> None:
    said = refused("decide", "adult", "--format", form, given=given)
    assert message in said
    assert "nothing was decided" in said


def test_every_wrong_answer_is_told_at_once() -> None:
    said = refused("decide", "adult", given='{"phq9.1": 7, "gad7.1": "x"}')
    assert "phq9.1: " in said
    assert "gad7.1: " in said


def test_an_identity_is_never_repeated() -> None:
    for case in (
        {"need.language": f"tulkki {INVENTED_HETU}"},
        {"phq9.1": INVENTED_HETU},
        {INVENTED_HETU: 1},
        {"answers": {}, "recorded": [INVENTED_HETU]},
        {"answers": {}, INVENTED_HETU: 1},
    ):
        assert INVENTED_HETU not in refused("decide", "adult", given=json.dumps(case))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["decide"], "Missing argument 'PATHWAY'"),
        (["decide", "adlt"], "did you mean 'adult'?"),
        (["decide", "/no/such/folder"], "neither a pathway nor a folder"),
        (["decide", "adult", "--lang", "de"], "the pathway has no 'de'; it has en, fi, sv"),
        (["decide", "adult", "--format", "yaml"], "'yaml' is not one of 'text', 'json'"),
        (["decide", "adult", "--answers", "/no/such/file"], "No such file"),
        (["decide", "adult", "--answers", "/"], "is not a file"),
        (["--lang", "de", "decide", "adult"], "language 'de' is not one of fi, sv, en"),
        (["--pathways", "/no/such", "pathway", "list"], "the pathways folder '/no/such'"),
        (["--config", "/no/such", "pathway", "list"], "the config file '/no/such' does not exist"),
        (["--demo", "services", "check"], "--demo opens the program; it goes with no command"),
        (["--demo", "pathway", "list"], "--demo goes here with --cases own"),
        (["pathway", "show", "nope"], "neither a pathway nor a folder"),
        (["pathway", "check"], "Missing argument 'PATHWAY'"),
        (["nonsense"], "No such command 'nonsense'"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_why(arguments: list[str], message: str) -> None:
    assert message in refused(*arguments, given="{}", code=2)


@pytest.mark.parametrize(
    "words",
    [
        ["--db", "", "worklist"],
        ["--db=", "worklist"],
        ["--pathways", "", "pathway", "list"],
        ["backup", ""],
        ["restore", ""],
        ["note", "QCJG25WA", "--out", ""],
    ],
)
def test_a_variable_that_was_not_set_names_no_other_place(words: list[str]) -> None:
    done = CliRunner().invoke(porras, words)
    assert done.exit_code == 2
    assert "is empty; was a variable not set?" in done.stderr
    assert CliRunner().invoke(porras, ["--theme", "", "pathway", "list"]).exit_code == 0


def test_a_folder_is_a_pathway(mine: Path) -> None:
    given = '{"client.age": 30, "danger": false, "mood.1": 2, "mood.2": 1, "weeks": 4}'
    told = json.loads(run("decide", mine, "--format", "json", given=given).stdout)
    assert (told["pathway"], told["step"], told["actions"]) == ("small", 1, ["doctor"])
    assert told["digest"] == small().digest


def test_a_broken_pathway_ends_with_1_and_its_line(tmp_path: Path) -> None:
    broken = lay_out(tmp_path / "broken", changed("rules.toml", "at_least = 1", "at_leest = 1"))
    said = refused("decide", broken, given="{}")
    assert "the pathway broken cannot be used" in said
    line = SMALL["rules.toml"].split("\n").index("at_least = 1") + 1
    assert f"rules.toml:{line}: rule R2: the key 'at_leest' is not known" in said


def test_a_command_takes_a_language_by_the_name_of_a_locale() -> None:
    given = json.dumps(MIXED)
    finnish = run("decide", "adult", "--lang", "fi", given=given).stdout
    for name in ("fi_FI.UTF-8", "fi-FI", "FI"):
        assert run("decide", "adult", "--lang", name, given=given).stdout == finnish
    assert (
        run("decide", "adult", given=given, LANGUAGE="fi_FI", LANG="fi_FI.UTF-8").stdout == finnish
    )
    passed_over = run("decide", "adult", given=given, PORRAS_LANG="se")
    assert passed_over.exit_code == 0
    assert "PORRAS_LANG: language 'se' is not one of fi, sv, en" in passed_over.stderr


def test_a_pathway_in_a_language_that_porras_does_not_speak(tmp_path: Path) -> None:
    """Scripts get its texts; sentences of the program would be half in another language."""
    files = {
        name: content.replace("fi = ", "de = ").replace('"fi"', '"de"').replace(".fi]", ".de]")
        for name, content in SMALL.items()
    }
    german = lay_out(tmp_path / "german", files)
    given = '{"danger": true}'
    said = refused("decide", german, "--lang", "de", given=given, code=2)
    assert "Porras speaks fi, sv, en; texts in 'de' are in --format json only" in said
    assert "Porras speaks" in refused("pathway", "show", german, "--lang", "de", code=2)
    as_json = run("decide", german, "--lang", "de", "--format", "json", given=given)
    assert json.loads(as_json.stdout)["rules"][0]["because"] == "danger (fi)"


# -- pathway ------------------------------------------------------------------------------------


def test_pathways_are_listed(mine: Path) -> None:
    done = run("pathway", "list", PORRAS_LANG="fi")
    version = adult().header.version
    assert done.stdout == (
        f"adult\t{version}\tdraft\t18–120\tAikuisen psyykkinen oireilu\n"
        "follow_up\t2.0.0\tdraft\t13–120\tHoidon seuranta\n"
        "youth\t2.0.0\tdraft\t13–22\tNuoren psyykkinen oireilu\n"
    )
    listed = run("--pathways", mine.parent, "pathway", "list")
    assert listed.stdout == "mine\t1\tdraft\t18–99\tsmall\n"
    (mine / "rules.toml").write_text("[")
    broken = run("--pathways", mine.parent, "pathway", "list")
    assert broken.stdout.startswith("mine\tcannot be used: rules.toml:1: not readable as TOML")
    assert broken.exit_code == 0


def test_a_pathway_is_shown_with_every_rule() -> None:
    done = run("pathway", "show", "adult", "--lang", "fi")
    assert done.exit_code == 0
    lines = done.stdout.split("\n")
    assert max(len(line) for line in lines) <= 80
    for rule in adult().rules:
        assert any(line.startswith(f"{rule.id} · ") for line in lines)
    together = " ".join(line.strip() for line in lines)
    for rule in adult().rules:
        assert str(rule.condition) in together
        assert rule.rule.because["fi"] in together
    assert adult().digest in together


# -- settings -----------------------------------------------------------------------------------


def test_where_pathways_are_looked_for(mine: Path, tmp_path: Path) -> None:
    given = '{"danger": true}'
    arguments = ("decide", "mine", "--format", "json")
    assert run(*arguments, given=given).exit_code == 2
    assert run(*arguments, given=given, PORRAS_PATHWAYS=str(mine.parent)).exit_code == 0
    config = tmp_path / "porras.toml"
    config.write_text(f'pathways = "{mine.parent}"\nlang = "fi"\n')
    by_file = run(*arguments, given=given, PORRAS_CONFIG=str(config))
    assert json.loads(by_file.stdout)["rules"][0]["because"] == "danger (fi)"
    by_flag = run("--lang", "en", *arguments, given=given, PORRAS_CONFIG=str(config))
    assert json.loads(by_flag.stdout)["rules"][0]["because"] == "danger"


# -- doctor -------------------------------------------------------------------------------------


def marks(output: str) -> dict[str, str]:
    return {line[8:].split(":")[0]: line[:8].strip() for line in output.rstrip("\n").split("\n")}


def test_the_doctor_looks_at_everything(tmp_path: Path) -> None:
    done = run("--db", tmp_path / "porras.db", "doctor")
    found = marks(done.stdout)
    assert found["pathway adult"] == "OK"
    assert {found[f"language {language}"] for language in ("fi", "sv", "en")} == {"OK"}
    assert "terminal" in found
    assert (done.exit_code == 1) == ("FAULT" in found.values())
    assert list(tmp_path.iterdir()) == [], "looking changes nothing"


def test_the_doctor_finds_a_broken_pathway(mine: Path, tmp_path: Path) -> None:
    (mine / "rules.toml").write_text("[")
    done = run("--db", tmp_path / "porras.db", "--pathways", mine.parent, "doctor")
    assert done.exit_code == 1
    assert marks(done.stdout)["pathway mine"] == "FAULT"
    assert "1 fault; mend it before real use" in done.stderr


def test_the_doctor_is_content_with_a_countys_own_pathway(tmp_path: Path) -> None:
    own = lay_out(tmp_path / "county" / "small", SMALL)
    done = run("--db", tmp_path / "porras.db", "--pathways", own.parent, "doctor")
    assert marks(done.stdout)["pathway small"] == "OK"


# -- the program as it is started ---------------------------------------------------------------


def started(*arguments: str, given: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        input=given,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **env},
        check=False,
    )


def test_it_is_called_porras_and_knows_its_version() -> None:
    done = started("--version")
    assert done.stdout.startswith(b"porras, version ")
    assert b"Usage: porras [OPTIONS]" in started("--help").stdout


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_no_encoding_of_the_output_breaks_a_decision(form: str, encoding: str) -> None:
    """Old terminals and pipes in a batch job take what they can."""
    given = json.dumps({**MIXED, "need.language": "türkçe"}).encode()
    done = started(
        "decide", "adult", "--lang", "fi", "--format", form, given=given, PYTHONIOENCODING=encoding
    )
    assert done.returncode == 0, done.stderr
    if form == "json":
        told = json.loads(done.stdout.decode())
        assert (
            told["rules"][0]["because"] == adult().rule(told["rules"][0]["id"]).rule.because["fi"]
        )


def test_a_closed_pipe_is_no_fault() -> None:
    """`porras pathway show adult | head`."""
    command = f"{sys.executable} -m tui pathway show adult | head -1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, cwd=ROOT, check=False)
    assert done.stderr == b""
    assert done.stdout.count(b"\n") == 1


def test_nobody_waits_at_an_empty_terminal() -> None:
    """Without answers the command must say what to do and not hang."""
    parent, child = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tui", "decide", "adult"],
            stdin=child,
            capture_output=True,
            cwd=ROOT,
            check=False,
            timeout=60,
        )
    finally:
        os.close(child)
        os.close(parent)
    assert done.returncode == 2
    assert b"give the answers with --answers FILE" in done.stderr


def test_our_pathways_are_those_of_the_program() -> None:
    assert (PATHWAYS / "adult" / "rules.toml").is_file()


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices in folders")
@pytest.mark.parametrize(
    "words",
    [
        ("decide", "adult", "--answers"),
        ("decide", "adult", "--out", "-", "--batch"),
        ("pathway", "diff", "adult", "adult", "--cases"),
        ("worklist", "--passphrase-file"),
    ],
)
def test_no_command_waits_for_a_pipe_or_reads_a_device(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    store = tmp_path / "porras.db"
    (tmp_path / "porras.keys").touch()
    store.touch()
    before = ("--db", str(store)) if words[0] == "worklist" else ()
    as_whom = ("--as", "me") if words[0] == "worklist" else ()
    os.mkfifo(pipe := tmp_path / "pipe")
    for path in (pipe, Path("/dev/zero"), tmp_path):
        done = run(*before, *words, str(path), *as_whom)
        assert done.exit_code in {1, 2}
        assert "is not a file" in done.stderr or "is a directory" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="descriptors as files")
def test_a_pipe_is_given_as_a_descriptor(tmp_path: Path) -> None:
    out, into = os.pipe()
    os.write(into, json.dumps(WELL).encode())
    os.close(into)
    done = run("decide", "adult", "--answers", f"/dev/fd/{out}", "--format", "json")
    os.close(out)
    assert json.loads(done.stdout)["status"] == "suggested"
