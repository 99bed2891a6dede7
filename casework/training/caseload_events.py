"""The events of the caseload that tell how care was had, and what began beside its steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from casework.training.caseload_times import weekday
from stepping.episode.episode import Episode
from stepping.pathway.schema import Intervention
from stepping.training.caseload import Act

FACTS = frozenset({"referrer", "reason", "responsible", "outside", "experience"})
"""The acts that tell such a fact."""


def fact_of(act: Act, episode: Episode, handle: str) -> dict[str, object] | None:
    """Return the event of an act that tells a fact; nothing where it has no ground."""
    match act.kind:
        case "referrer" | "reason":
            return {"kind": act.kind, **act.told}
        case "responsible":
            return {"kind": "responsible", "who": handle, **act.told}
        case "outside":
            return {"kind": "contact", "by": "nurse", **act.told}
        case "experience":
            ended = [period.id for period in episode.periods if not period.open]
            return {"kind": "experience", "period": ended[-1], **act.told} if ended else None
        case _:
            return None


def only_way(form: Intervention, act: Act) -> Mapping[str, object]:
    """Return how a contact is of a form of care that is given in groups, or over the net alone."""
    if form.formats[:1] == ("group",):
        channel = "group"
    elif form.formats[:1] == ("net",) and "talk" not in form.formats:
        channel = "message"
    else:
        return {}
    return {"channel": channel, **({"with_whom": "client"} if act.kind == "contact" else {})}


def beside(told: Mapping[str, object], today: date) -> dict[str, object]:
    """Return what begins beside the steps."""
    review = weekday(today + timedelta(days=60)).isoformat()
    points = int(str(told["points"]))
    match told["what"]:
        case "alcohol":
            brief = {"mini_intervention": points > 7, "review_on": review}
            return {"kind": "alcohol", "audit": points, **brief}
        case "measure":
            return {"kind": "measure", "measure": "isi", "points": points}
        case "work_ability":
            return {"kind": "track", "track": "work_ability", "what": "consented"}
        case track:
            plan = {"what": "planned", "role": "nurse", "review_on": review}
            goals = [told["words"]]
            return {"kind": "track", "track": track, "goals": goals, **plan}
