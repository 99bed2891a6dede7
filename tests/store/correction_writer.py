"""Puts one client right again and again: run as a program, never imported by a test.

correction_writer.py PATH CLIENT OTHER ASSESSMENT  moves, joins and corrects until it is killed
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from store.errors import ChangedElsewhere
from store.opening.store_file import open_store
from store.repository.store import Store

KEY = bytes(range(32))


def main() -> None:
    path, client, other, assessment = Path(sys.argv[1]), *sys.argv[2:]
    with open_store(path, KEY, "nurse-2") as store:
        os.write(sys.stdout.fileno(), b"ready\n")
        for year in range(1950, 2000):
            try:
                once(store, client, other, assessment, year)
            except ChangedElsewhere:
                continue  # another process was first
        os.write(sys.stdout.fileno(), b"done\n")


def once(store: Store, client: str, other: str, assessment: str, year: int) -> None:
    now = store.clients.get(client)
    store.corrections.correct_card(
        client,
        birth_year=year,
        sex=now.sex,
        language=now.language,
        municipality=now.municipality,
        why="typed wrong",
        after=now.card,
    )
    for to in (other, client):
        found = store.assessments.get(assessment)
        store.corrections.move_assessment(assessment, to, "of the other one", after=found.move)
    found = store.assessments.get(assessment)
    store.corrections.mark_wrong_client(assessment, "of nobody here", after=found.move)
    code = store.clients.get(other).code
    store.corrections.join_clients(client, store.clients.get(other).id, "one person")
    store.corrections.part_clients(client, code, "two people")


if __name__ == "__main__":
    main()
