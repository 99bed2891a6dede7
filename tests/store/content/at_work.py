"""Somebody at work with the content in use: run as a program, never imported.

at_work.py DATABASE PLACE

Chooses the content in use, as Porras does when it is started, and prints "begun". Then it does what
each line of its input says, and prints what came of it as JSON:
open                     opens the store; prints what it says of its content
start                    starts an assessment; prints its number
resume NUMBER            goes on with a draft, by the text that it began with
answer KEY VALUE         records an answer; prints false where others had answered, which it reads
confirm                  confirms what is suggested; prints title, answers and step
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from casework.assessment import AssessmentSession
from casework.workspace import Workspace
from store.content.places import choose
from store.errors import ChangedElsewhere
from store.opening.store_file import open_store
from store.times import utc_now

KEY = bytes(range(32))


class Nurse:
    """One nurse at one program, from its start on."""

    def __init__(self, database: Path, place: Path) -> None:
        self.database, self.chosen = database, choose(place)
        self.workspace: Workspace
        self.session: AssessmentSession

    def open(self) -> str:
        store, chosen = open_store(self.database, KEY, "nurse-1"), self.chosen
        self.workspace = Workspace(utc_now, pathways=chosen.pathways, content=chosen, opened=store)
        self.workspace.pathways_in_use  # noqa: B018 - reading them is all that is wanted
        return type(self.workspace.unshown_fault).__name__

    def start(self) -> int:
        (pathway,) = self.workspace.pathways_in_use
        store = self.workspace.store
        client = store.clients.add(birth_year=1986, language="en", sex="f", municipality="hollola")
        self.session = AssessmentSession.start(
            store, pathway, client, setting="phone", language="en"
        )
        return self.session.assessment.seq

    def resume(self, number: str) -> str:
        store = self.workspace.store
        (draft,) = (d for d in store.assessments.list_drafts() if d.assessment.seq == int(number))
        pathway = self.workspace.get_pathway(draft.assessment.pathway_digest)
        self.session = AssessmentSession.resume(store, draft.assessment, pathway)
        return self.session.pathway.header.title["en"]

    def answer(self, key: str, value: str) -> bool:
        try:
            self.session.record_answers({key: json.loads(value)})
        except ChangedElsewhere:
            return False
        return True

    def confirm(self) -> dict[str, Any]:
        mine, store = self.session, self.workspace.store
        self.session = AssessmentSession.resume(store, mine.assessment, mine.pathway)
        decision = self.session.decide()
        assert decision.step is not None
        self.session.confirm(decision, decision.step)
        title = self.session.pathway.header.title["en"]
        return {"title": title, "answers": self.session.answers, "step": decision.step}


if __name__ == "__main__":
    nurse = Nurse(Path(sys.argv[1]), Path(sys.argv[2]))
    print(json.dumps("begun"), flush=True)
    for line in sys.stdin:
        word, *more = line.split(maxsplit=2)
        print(json.dumps(getattr(nurse, word)(*more), default=str), flush=True)
