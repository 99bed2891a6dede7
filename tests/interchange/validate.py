"""Holds our forms and records against three validators: `python -m tests.interchange.validate`.

`fhirkit`, the JSON schema of FHIR R4 and the constraints of SDC's Questionnaire profile. Needs node
and npm; what is fetched lies in `build/validators`. Exit status 1 where one of our files is faulty,
or a file that is wrong in one thing passes all three.
"""

from __future__ import annotations

import copy
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import fhirkit

from tests.stepping.interchange.test_form import EVERY, LANGUAGES, made
from tests.stepping.interchange.test_record import WRONG, record, spoilt

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "validators"
SDC = "hl7.fhir.uv.sdc@4.0.0-ballot"
SDC_SHA256 = "e535112cea10f581cd3aba233c065b221d8aad24104f3532466daf938de8d4f9"

Json = dict[str, Any]
Told = Mapping[str, list[str]]
"""What each validator says of one file."""


def _question(form: Json) -> Json:
    """The first question of a form that has answers to choose from."""
    items: Iterator[Json] = (item for group in form["item"] for item in group["item"])
    return next(item for item in items if item.get("answerOption"))


def _conditional(form: Json) -> Json:
    items: Iterator[Json] = (item for group in form["item"] for item in group["item"])
    return next(item for item in items if item.get("enableWhen"))


def wrong_forms() -> dict[str, Json]:
    """Return forms, each of which is wrong in one thing."""
    spoils: dict[str, Callable[[Json], object]] = {
        "two questions with one link": lambda f: f["item"][1]["item"][0].update(
            linkId=_question(f)["linkId"]
        ),
        "a question without a link": lambda f: _question(f).pop("linkId"),
        "a type that is none": lambda f: _question(f).update(type="radio"),
        "answers to a whole number": lambda f: _question(f).update(type="integer"),
        "a group with answers": lambda f: f["item"][0].update(
            answerOption=_question(f)["answerOption"]
        ),
        "a question without a type": lambda f: _question(f).pop("type"),
        "a condition without an answer": lambda f: _conditional(f).update(
            enableWhen=[
                {key: value for key, value in each.items() if "answer" not in key}
                for each in _conditional(f)["enableWhen"]
            ]
        ),
        "several conditions that nobody joins": lambda f: _conditional(f).update(
            enableWhen=_conditional(f)["enableWhen"][:1] * 2, enableBehavior=None
        ),
        "a display with answers to give": lambda f: _question(f).update(type="display"),
        "no status": lambda f: f.pop("status"),
        "a status that is none": lambda f: f.update(status="final"),
        "an unknown element": lambda f: f.update(step=2),
        "an option of two kinds": lambda f: _question(f)["answerOption"][0].update(valueString="x"),
        "a name of several words": lambda f: f.update(name="our form"),
    }
    found = {}
    for name, spoil in spoils.items():
        form = copy.deepcopy(made("adult", "en"))
        spoil(form)
        found[f"form: {name}"] = json.loads(
            json.dumps(form), object_hook=lambda o: {k: v for k, v in o.items() if v is not None}
        )
    return found


BLIND = frozenset(
    {
        "record: a status that is none",
        "record: an intent that is none",
        "form: answers to a whole number",
        "form: several conditions that nobody joins",
        "form: a name of several words",
    }
)
"""What none of the three sees: few codes are bound in them, and R4's own rule counts from three."""


def fetch() -> None:
    """Fetch the validators by their locked digests, unless that is done already."""
    if (BUILD / "ready").exists():
        return
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / f"validators.{name}", BUILD / name)
    shutil.copy(HERE / "validate.mjs", BUILD)
    _run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"])
    _run(["npm", "pack", "--silent", SDC])
    archive = BUILD / f"{SDC.replace('@', '-')}.tgz"
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SDC_SHA256:
        raise SystemExit(f"{SDC} is not the one that was locked")
    _run(["tar", "xzf", archive.name])
    (BUILD / "ready").touch()


def _run(words: list[str]) -> str:
    done = subprocess.run(words, cwd=BUILD, check=True, capture_output=True, text=True)
    return done.stdout


def judge(resources: Mapping[str, Json]) -> dict[str, Told]:
    """Return what the three validators say of resources, by name."""
    fetch()
    with tempfile.TemporaryDirectory() as place:
        files = {}
        for number, (name, resource) in enumerate(resources.items()):
            file = Path(place) / f"{number}.json"
            file.write_text(json.dumps(resource), encoding="utf-8")
            files[str(file)] = name
        told = json.loads(_run(["node", "validate.mjs", "package", *files]))
    found = {files[file]: faults for file, faults in told.items()}
    for name, resource in resources.items():
        found[name]["fhirkit"] = [str(each) for each in fhirkit.validate(resource)]
    return found


def ours() -> dict[str, Json]:
    """Return every form in every language, and a record of everything."""
    forms = {f"{name}.{language}": made(name, language) for name in EVERY for language in LANGUAGES}
    stopped = record(stops=(("S1", "Danger"),)).bundle()
    return {**forms, "record": record().bundle(), "record with a stop": stopped}


def wrong() -> dict[str, Json]:
    """Return what every validator that is worth asking should not let pass."""
    records = {f"record: {name}": spoilt(record().bundle(), *how) for name, how in WRONG.items()}
    return {**records, **wrong_forms()}


def main() -> int:
    """Judge what is ours and what is wrong; say which is not as it should be."""
    faulty = {name: told for name, told in judge(ours()).items() if any(told.values())}
    seen = judge(wrong())
    passed = {name for name, told in seen.items() if not any(told.values())}
    for name, told in faulty.items():
        print(name, {who: faults[:3] for who, faults in told.items() if faults})
    for who in ("fhirkit", "schema", "constraints"):
        print(f"{who}: {sum(bool(told[who]) for told in seen.values())} of {len(seen)} wrong files")
    print(f"passed by all: {', '.join(sorted(passed)) or 'none'}")
    return 1 if faulty or passed != BLIND else 0


if __name__ == "__main__":
    sys.exit(main())
