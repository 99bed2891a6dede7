"""If these fail, a total that a renderer showed for our form is no longer what Porras makes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from store.pathway_files.forms import instrument_ids, load_codes
from tests.interchange.__main__ import FIXTURES, PATHWAYS, RENDERERS, form_of, main, pathway_of
from tests.interchange.judged import answers_in, every_item, faults_of

EVERY = (*instrument_ids(), *PATHWAYS)
RECORDED = sorted(FIXTURES.glob("*.json"))


def test_each_form_is_recorded_by_each_renderer() -> None:
    wanted = {f"{name}.{renderer}.json" for name in EVERY for renderer in RENDERERS}
    assert {path.name for path in RECORDED} == wanted


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_the_recorded_totals_are_ours(path: Path) -> None:
    id_ = path.name.split(".")[0]
    form, pathway = form_of(id_), pathway_of(id_)
    responses = json.loads(path.read_text(encoding="utf-8"))
    assert len(responses) >= 3
    for name, response in responses.items():
        assert [*faults_of(response, form)] == [], name
        assert answers_in(response, pathway, load_codes()), name
    if id_ in PATHWAYS:
        return
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
@pytest.mark.parametrize("name", EVERY)
def test_the_renderers_compute_what_we_do(name: str) -> None:
    assert main(["--only", name]) == 0
