"""Fills our forms in by three renderers: `python -m tests.interchange`.

Needs node, npm and Debian's Chromium; what is fetched lies in `build/interchange`. With `--write`
the responses are kept in `tests/fixtures/interchange`. Exit status 1 where a total is not ours.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screens.documents.fhir_words import form_words
from stepping.interchange.form import Form
from store.pathway_files.files import built_in
from store.pathway_files.forms import instrument_ids, load_codes, load_instrument
from tests.interchange.fillings import fillings_of
from tests.interchange.judged import faults_of, lost_in

if TYPE_CHECKING:
    from stepping.pathway.model import Pathway

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "interchange"
FIXTURES = HERE.parent / "fixtures" / "interchange"
RENDERERS = ("lhc", "smart", "refero")
PATHWAYS = ("adult", "follow_up", "youth")
LFORMS = "lforms@40.1.3"
LFORMS_SHA256 = "288cff4360e8a90a44e994a01422d2cf970170000ce915b5739ccc383097edd9"
_EMPTY = [f"--loader:.{kind}=empty" for kind in ("scss", "woff", "woff2", "ttf")]


def fetch() -> None:
    """Fetch the renderers and bundle their pages, unless that is done already."""
    pages = BUILD / "pages"
    if (pages / "refero.js").exists():
        return
    shutil.copytree(HERE / "pages", pages, dirs_exist_ok=True)
    _run(["npm", "pack", "--silent", LFORMS], BUILD)
    archive = f"{LFORMS.replace('@', '-')}.tgz"
    if hashlib.sha256((BUILD / archive).read_bytes()).hexdigest() != LFORMS_SHA256:
        raise SystemExit(f"{LFORMS} is not the one that was locked")
    _run(["tar", "xzf", archive], BUILD)
    shutil.copytree(BUILD / "package" / "dist" / "lforms", pages / "lforms", dirs_exist_ok=True)
    for name in ("smart", "refero"):
        folder = BUILD / name
        folder.mkdir(exist_ok=True)
        for locked in ("package.json", "package-lock.json"):
            shutil.copy(HERE / f"{name}.{locked}", folder / locked)
        quiet = ("--legacy-peer-deps", "--no-audit", "--no-fund", "--ignore-scripts")
        _run(["npm", "ci", *quiet], folder)
        shutil.copy(HERE / "pages" / f"{name}.jsx", folder)
        _bundle(folder, name, pages)
    assets = BUILD / "refero" / "node_modules" / "@helsenorge" / "refero" / "assets"
    shutil.copytree(assets, pages / "assets", dirs_exist_ok=True)


def _bundle(folder: Path, name: str, pages: Path) -> None:
    esbuild = BUILD / "smart" / "node_modules" / ".bin" / "esbuild"
    out = f"--outfile={pages / name}.js"
    production = "--define:process.env.NODE_ENV='production'"
    form = ("--bundle", "--format=esm", "--log-level=error", "--loader:.svg=dataurl")
    _run([str(esbuild), f"{name}.jsx", *form, *_EMPTY, production, out], folder)


@cache
def pathway_of(name: str) -> Pathway:
    """Read an instrument by itself, or a pathway that comes with Porras."""
    return built_in(name) if name in PATHWAYS else load_instrument(name)


def form_of(name: str) -> Form:
    """Return our form, in Finnish."""
    alone = name if name in instrument_ids() else None
    return Form(pathway_of(name), "fi", form_words("fi"), load_codes(), alone)


def fill_in(name: str, renderer: str) -> list[dict[str, Any]]:
    """Return what a renderer wrote for each filling of a form."""
    form = form_of(name)
    (BUILD / f"{name}.json").write_bytes(form.to_bytes())
    fillings = fillings_of(name, form.resource())
    (BUILD / f"{name}.fillings.json").write_text(json.dumps(fillings), encoding="utf-8")
    playwright = BUILD / "smart" / "node_modules" / "playwright-core" / "index.mjs"
    files = (BUILD / f"{name}.json", BUILD / f"{name}.fillings.json")
    script = [HERE / "fill_in.mjs", playwright, BUILD / "pages", renderer, *files]
    told: list[dict[str, Any]] = json.loads(_run(["node", *map(str, script)], BUILD))
    for each, filling in zip(told, fillings, strict=True):
        each["lost"] = [*lost_in(each["response"], form.resource(), filling["choose"])]
    return told


def _run(command: Sequence[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def main(arguments: Sequence[str]) -> int:
    """Fill in every form by every renderer, tell what came of it; 1 if a total is not ours."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=(*instrument_ids(), *PATHWAYS))
    parser.add_argument("--write", action="store_true", help="keep the responses as fixtures")
    asked = parser.parse_args(arguments)
    BUILD.mkdir(parents=True, exist_ok=True)
    fetch()
    wrong = 0
    for name in asked.only:
        for renderer in RENDERERS:
            told = fill_in(name, renderer)
            for each in told:
                faults = [*faults_of(each["response"], form_of(name))]
                faults += [f"not told: {lost}" for lost in each["lost"]]
                faults += [f"asked outside: {url}" for url in each["outside"]]
                faults += [f"no such answer to press: {link}" for link in each["notFound"]]
                wrong += bool(faults)
                sys.stdout.write(f"{name} {renderer} {each['name']}: {faults or 'as ours'}\n")
            if asked.write:
                kept = {each["name"]: each["response"] for each in told}
                FIXTURES.mkdir(exist_ok=True)
                text = json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
                (FIXTURES / f"{name}.{renderer}.json").write_text(text, encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
