"""If these fail, a total that a renderer showed for our form is no longer what Porras makes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from store.pathway_files.forms import instrument_ids, load_codes, load_instrument
from tests.interchange.__main__ import FIXTURES, RENDERERS, main
from tests.interchange.judged import answers_in, every_item, faults_of

RECORDED = sorted(FIXTURES.glob("*.json"))


def test_each_renderer_is_recorded() -> None:
    assert {path.name.split(".")[1] for path in RECORDED} == {*RENDERERS}


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_the_recorded_totals_are_ours(path: Path) -> None:
    pathway = load_instrument(path.name.split(".")[0])
    responses = json.loads(path.read_text(encoding="utf-8"))
    assert len(responses) >= 3
    for name, response in responses.items():
        assert [*faults_of(response, pathway, load_codes())] == [], name
        assert answers_in(response, pathway, load_codes()), name
    totals = [fact.id for fact in pathway.facts.values() if fact.origin == "total"]
    told = {
        item["linkId"]: item["answer"][0]["valueInteger"]
        for item in every_item(responses["worst"])
        if item["linkId"] in totals
    }
    assert told == {total: pathway.facts[total].high for total in totals}


@pytest.mark.nightly
@pytest.mark.skipif(
    not (shutil.which("npm") and shutil.which("chromium")), reason="needs npm and chromium"
)
@pytest.mark.parametrize("name", instrument_ids())
def test_the_renderers_compute_what_we_do(name: str) -> None:
    assert main(["--only", name]) == 0
