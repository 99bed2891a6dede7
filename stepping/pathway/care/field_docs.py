"""What each key of the files of `care/` means, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping

from stepping.pathway.care import schema
from stepping.pathway.schema import Content

_SOURCE = "Where it comes from: the guideline, law or paper, as exactly as it can be found again."
_BASIS = "`guideline`: read in the source itself; `law`; `local`: a proposal that awaits sign-off."

CARE_FIELD_DOCS: Mapping[type[Content], Mapping[str, str]] = {
    schema.NamedCode: {
        "id": "The code that is stored; never give it another meaning.",
        "name": "Its name for people.",
    },
    schema.FirstIf: {
        "question": "A question of the latest assessment.",
        "answer": "The answer to it.",
    },
    schema.TrackPlace: {
        "id": "The code that is stored; never give it another meaning.",
        "name": "Its name for people.",
        "first_if": "The answer that puts it before all services. Left out: it comes last.",
    },
    schema.TrackAction: {
        "id": "What happens; the program gives each of these its meaning and its key.",
        "done": "How it is told on this track. Left out: in the words of every track.",
        "after": "One of these comes before it in the round. Left out: it may begin a round.",
        "consent": "Whether the client's consent has to stand.",
        "needs": "What must be recorded with it.",
        "may": "What may be recorded with it; anything else is refused.",
    },
    schema.TrackDefinition: {
        "id": "The code that is stored; never give it another meaning.",
        "name": "Its name, as it stands inside a sentence.",
        "about": "What it is for, at the top of its page.",
        "action": "What may be recorded, in the order in which it is offered.",
        "way": "The actions that lead through it, one after the other, to `ended`.",
        "given_by": "The form of care that it leads to; its services are offered first.",
        "place": "Where it may lead that no list of services has.",
        "services": "Whether it may lead to services. Left out: true.",
        "outcome": "What may become of it.",
        "notice_step": "The safety step of action cards that asks for this track once it is done.",
        "warns": "Whether its forms repeat what `about` says.",
        "attendance_only": "Whether nothing but the attendance is kept, and the refusal says so.",
        "source": _SOURCE,
        "basis": _BASIS,
    },
    schema.Tracks: {
        "track": "At most nine tracks, in the order of the digits that open them.",
    },
    schema.TimeLimit: {
        "days": "So many days.",
        "months": "So many calendar months.",
    },
    schema.Young: {
        "until": "The age in whole years from which a client has the time of the others.",
        "under": "How it is told of whoever is younger.",
        "either": "How it is told of whoever may be younger still, by the year of birth.",
        "over": "How it is told of the others.",
        "unknown": "How it is told where the year of birth is not known.",
        "source": _SOURCE,
        "basis": _BASIS,
    },
    schema.DeadlineRule: {
        "id": "The code that is stored; a later law on the same has the same one.",
        "name": "Its name for people.",
        "since": "The first day from which it counts; needed where it follows an earlier one.",
        "starts": "What the time runs from.",
        "ends": "What must happen within it.",
        "young": "The time of the young.",
        "others": "The time of the others. Left out: it is for the young alone.",
        "watched": "Whether episodes of care watch it, from the need for treatment to its start.",
        "law": "The law.",
        "source": _SOURCE,
        "basis": _BASIS,
    },
    schema.Deadlines: {
        "young": "Who has the time of the young.",
        "deadline": "The deadlines, those of one id from the oldest on.",
    },
    schema.Contacts: {
        "role": "Whom a contact person may be, never by name.",
        "referrer": "Who may have sent a client.",
        "source": _SOURCE,
        "basis": _BASIS,
    },
}
"""By model and by key as it is written in the file."""
