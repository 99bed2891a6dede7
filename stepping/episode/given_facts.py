"""The facts and answers that an episode gives to the next assessment."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from stepping.episode.clocks import scores_of_step, step_began
from stepping.episode.episode import Episode
from stepping.pathway.answers import read_answer
from stepping.pathway.model import NO, YES, Answer, Pathway

KNOWN = "before.known"
"""The given fact by which a follow-up is told whether it can tell a change at all."""


def carried_answers(pathway: Pathway, episode: Episode) -> dict[str, Answer]:
    """Return what an episode was told that an interview would ask: client group and referrer.

    Each is asked once. What does not fit the question of the pathway is asked.
    """
    found: dict[str, Answer] = {}
    for id_, value in (("segment", episode.segment), ("referrer", episode.referrer)):
        if value is not None and id_ in pathway.questions:
            with suppress(ValueError):
                answer = read_answer(pathway, id_, value)
                found |= {} if answer is None else {id_: answer}
    return found


def given_facts(pathway: Pathway, episode: Episode) -> dict[str, Answer]:
    """Return what an episode tells of the given facts of a pathway; each within its range.

    `care.step` is the step confirmed last, `care.contacts` counts the contacts of the treatment
    that goes on or went on last, `before.NAME` is the total of an instrument at the first
    assessment, and `since.NAME` the one with which the present step began. `before.known` says
    whether all of these totals are known. Contacts of another step's treatment count for nothing:
    they say nothing of whether the present step has been given its chance.
    """
    first = episode.baseline.scores if episode.baseline else {}
    began = scores_of_step(episode)
    told: dict[str, int | None] = {"care.step": episode.step, "care.contacts": _contacts(episode)}
    for name, instrument in pathway.instruments.items():
        if instrument.change is not None:
            total = f"{name}.{instrument.change.total}"
            told |= {f"before.{name}": first.get(total), f"since.{name}": began.get(total)}
    numbers = {
        id_: min(max(value, fact.low), fact.high)
        for id_, value in told.items()
        if value is not None and (fact := pathway.facts.get(id_)) and fact.origin == "given"
    }
    return numbers | _known(pathway, told)


def _contacts(episode: Episode) -> int:
    """Return the contacts of the present step's treatment: the fullest that goes on, or the last.

    What goes on beside it, on another step or on none, takes nothing away. Of an episode that
    stepped elsewhere meanwhile, what ended before the present step began does not count.
    """
    began = step_began(episode)
    lasting = [p for p in episode.periods if p.ended is None or p.ended.day >= began]
    for step in (episode.step, None):  # `None`: as older programs told it
        own = [p for p in lasting if p.started.step == step]
        if open_ := [len(period.contacts) for period in own if period.open]:
            return max(open_)
        if own:
            return len(max(own, key=lambda p: p.started.day).contacts)
    return 0


def _known(pathway: Pathway, told: Mapping[str, int | None]) -> dict[str, Answer]:
    """Return whether all earlier totals are known, where a pathway is given that."""
    if KNOWN not in pathway.facts or pathway.facts[KNOWN].origin != "given":
        return {}
    given = told.keys() & pathway.facts.keys()
    earlier = (told[id_] for id_ in given if id_.startswith(("before.", "since.")))
    return {KNOWN: NO if None in earlier else YES}
