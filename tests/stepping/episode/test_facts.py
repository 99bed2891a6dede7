"""If these fail, a fact that reports count is lost, is taken from the wrong word, or is refused."""

from __future__ import annotations

import pytest

from stepping.episode.episode import EventRejected, replay
from stepping.episode.events import (
    Contact,
    Event,
    EventEntry,
    Experience,
    Measured,
    Missed,
    Opened,
    PeriodEnded,
    PeriodStarted,
    Reason,
    Responsible,
    dump_event,
    read_event,
)
from stepping.episode.validation import ValidationContext, apply_event
from stepping.pathway.schema import Ages
from tests.screens.episodes import day, lived

AROUND = ValidationContext(
    today=day(400), birth_year=1990, interventions={"help": Ages()}, services={}, service_ages={},
    tracks={},
)  # fmt: skip
STARTED = PeriodStarted(day=day(3), period="p1", intervention="help")


def add(events: list[Event], event: Event) -> None:
    """Add an event to an episode of some; EventRejected if it cannot take it."""
    entries = [EventEntry(id=f"e{n}", seq=n, event=each) for n, each in enumerate(events, 1)]
    last = len(events) + 1
    apply_event(replay(entries), EventEntry(id=f"e{last}", seq=last, event=event), AROUND)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"day":"2025-02-03","kind":"contact","period":"p1","ors":20.0}', Contact),
        ('{"day":"2025-02-03","kind":"missed","period":"p1","why":"not_come"}', Missed),
        ('{"day":"2025-02-03","kind":"experience","helped":"talking"}', Experience),
        ('{"day":"2025-02-03","kind":"measured","assessment":"a","scores":{}}', Measured),
    ],
)
def test_what_an_older_program_kept_reads_as_not_told_and_stays_the_same_text(
    text: str, kind: type[Event]
) -> None:
    event = read_event(text)
    assert isinstance(event, kind)
    news = {"channel", "with_whom", "by", "role", "reasons", "satisfaction", "alone"}
    assert all(getattr(event, name) is None for name in news & type(event).model_fields.keys())
    assert dump_event(event) == text


def test_a_contact_outside_a_treatment_belongs_to_none_of_them() -> None:
    told = lived(
        Opened(day=day(0)),
        STARTED,
        Contact(day=day(1), channel="network", with_whom="network"),
        Missed(day=day(2), why="not_come"),
        Contact(day=day(4), period="p1", channel="video", by="psychologist"),
    )
    assert [c.channel for c in told.contacts] == ["network", "video"]
    assert [c.channel for c in told.periods[0].contacts] == ["video"]
    assert (len(told.missed), told.periods[0].missed) == (1, ())
    add([Opened(day=day(0))], Contact(day=day(0)))
    with pytest.raises(EventRejected, match="before the episode began"):
        add([Opened(day=day(2))], Contact(day=day(1)))
    with pytest.raises(EventRejected, match="no such treatment"):
        add([Opened(day=day(0))], Contact(day=day(1), period="p1"))


def test_whoever_confirmed_first_is_responsible_until_somebody_is_named() -> None:
    first = Measured(day=day(1), assessment="a", by="nurse-one", role="nurse")
    again = Measured(day=day(9), assessment="b", by="nurse-two")
    told = lived(Opened(day=day(0)), first, again).responsible
    assert told == Responsible(day=day(1), who="nurse-one", role="nurse")
    named = Responsible(day=day(5), role="psychologist")
    assert lived(Opened(day=day(0)), first, again, named).responsible == named
    unknown = Measured(day=day(1), assessment="a")
    assert lived(Opened(day=day(0)), unknown).responsible is None
    with pytest.raises(EventRejected, match="Nobody is named"):
        add([Opened(day=day(0))], Responsible(day=day(1)))


def test_the_newest_reason_counts_whoever_told_it() -> None:
    asked = Measured(day=day(2), assessment="a", reasons=("sleep", "mood"))
    opened = Opened(day=day(0), reason="grief")
    assert lived(opened).reasons == ("grief",)
    assert lived(opened, asked).reasons == ("sleep", "mood")
    assert lived(opened, asked, Reason(day=day(3), reason="panic")).reasons == ("panic",)
    assert lived(opened, Measured(day=day(4), assessment="b")).reasons == ("grief",)


def test_what_the_client_says_alone_weighs_more_than_what_the_nurse_wrote_down() -> None:
    ended = PeriodEnded(day=day(9), period="p1", why="completed", satisfaction=8)
    own = Experience(day=day(9), period="p1", satisfaction=4, alone=True)
    words = Experience(day=day(10), period="p1", helped="talking")
    (period,) = lived(Opened(day=day(0)), STARTED, ended).periods
    assert period.satisfaction == 8
    told = lived(Opened(day=day(0)), STARTED, own, ended, words)
    assert (told.periods[0].satisfaction, told.satisfaction) == (4, None)
    whole = lived(Opened(day=day(0)), STARTED, Experience(day=day(5), satisfaction=0))
    assert (whole.periods[0].satisfaction, whole.satisfaction) == (None, 0)


def test_an_experience_says_something_of_a_treatment_that_there_is() -> None:
    begun: list[Event] = [Opened(day=day(0)), STARTED]
    add(begun, Experience(day=day(4), satisfaction=0))
    add(begun, Experience(day=day(4), period="p1", satisfaction=10))
    with pytest.raises(EventRejected, match="one answer is enough"):
        add(begun, Experience(day=day(4), alone=True, helped="  "))
    with pytest.raises(EventRejected, match="no such treatment"):
        add(begun, Experience(day=day(4), period="p2", satisfaction=3))
    with pytest.raises(EventRejected, match="before the treatment began"):
        add(begun, Experience(day=day(2), period="p1", satisfaction=3))
