"""If these fail, a page calls somebody recovered whom the rules do not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.care_names import CareNames
from casework.language import LANGUAGES, speech
from screens.episode.meaning import changed
from screens.wording.event_words import HAS_RECOVERED, VERDICTS
from stepping.decision.decide import decide
from stepping.decision.verdicts import Verdicts
from stepping.episode.episode import Episode
from stepping.episode.events import Measured, Opened
from stepping.episode.given_facts import given_facts
from stepping.pathway.model import Answer
from store.pathway_files.care import shipped_care
from store.pathway_files.files import built_in
from tests.screens.episodes import KNOWN, day, in_words, lived, measured
from tests.screens.noted import flat, note_of
from tests.screens.test_note import BEGUN, followed
from tests.stepping.cases import gad7, phq9
from tests.stepping.contracts.test_follow_up_contract import TREATED

FOLLOW_UP = built_in("follow_up")


def told(episode: Episode, language: str = "en") -> str:
    """What the page of an episode says of change."""
    names = replace(KNOWN, care=CareNames(shipped_care(), language))
    return in_words(changed(episode, names, day(400), speech(language)))


def followed_up(episode: Episode, at: int, answers: dict[str, Answer]) -> Measured:
    """The measurement of a follow-up after what an episode tells."""
    earlier = ("before.", "since.", "care.")
    own = {id_: value for id_, value in TREATED.items() if not id_.startswith(earlier)}
    now = decide(FOLLOW_UP, {**own, **given_facts(FOLLOW_UP, episode), **answers})
    scores = {id_: n for id_, n in now.scores.items() if isinstance(n, int)}
    return Measured(
        day=day(at),
        assessment=f"a{at}",
        step=now.step,
        scores={id_: n for id_, n in scores.items() if id_.endswith(".total")},
        verdicts=now.verdicts,
    )


NO_DANGER = "no danger signs reported"
signs = st.sampled_from(
    [{}, {}, {}, {"nurse.worried": "yes"}, {"suicide.thoughts": "yes"}, {"danger.suicide": "yes"}]
)
rounds = st.lists(st.tuples(st.integers(0, 24), st.integers(0, 21), signs), min_size=1, max_size=4)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.none(), st.integers(0, 27)), st.integers(0, 21), rounds)
def test_the_page_never_says_what_the_rules_deny(
    mood: int | None, worry: int, later: list[tuple[int, int, dict[str, Answer]]]
) -> None:
    episode = lived(Opened(day=day(0)), measured(0, 2, mood, worry))
    for number, (low, tense, sign) in enumerate(later, 1):
        now = followed_up(episode, 30 * number, {**phq9(low), **gad7(tense), **sign})
        episode = lived(*episode.events, now)
        assert now.verdicts is not None
        says = HAS_RECOVERED in told(episode)
        assert says is (now.verdicts.recovered is True)
        assert not (says and sign)


EARLIER: dict[str, Answer] = {"before.gad7": 11, "since.phq9": 17, "since.gad7": 11}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 24), st.integers(0, 21), signs)
def test_the_note_never_says_what_the_rules_deny(
    low: int, tense: int, sign: dict[str, Answer]
) -> None:
    visit = followed({**phq9(low), **gad7(tense), **sign})
    visit.given |= EARLIER
    episode = lived(*BEGUN, Measured(day=day(40), assessment="a40", step=1))
    now = visit.decide().verdicts
    assert now is not None
    text = flat(note_of(visit, episode=episode).text()).casefold()
    assert (HAS_RECOVERED in text) is (now.recovered is True)
    assert (NO_DANGER in text) is not bool(sign)
    assert not (now.recovered and sign)


verdicts = st.one_of(
    st.none(),
    st.builds(
        Verdicts,
        **dict.fromkeys(("recovered", "case", "risk"), st.sampled_from([None, True, False])),
    ),
)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 27), st.integers(0, 21), verdicts), min_size=2, max_size=4)
)
def test_only_the_latest_measurement_can_say_that_a_client_has_recovered(
    series: list[tuple[int, int, Verdicts | None]],
) -> None:
    events = [measured(n, 1, low, tense, last) for n, (low, tense, last) in enumerate(series)]
    episode = lived(Opened(day=day(0)), *events)
    last = series[-1][2]
    assert (HAS_RECOVERED in told(episode)) is (last is not None and last.recovered is True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_scores_alone_are_called_scores(language: str) -> None:
    """Also in what was recorded before the rules' own word was kept with a measurement."""
    t = speech(language)
    said = told(lived(Opened(day=day(0)), measured(0, 1, 17), measured(30, 1, 3)), language)
    assert t(VERDICTS["reliable_recovery"]) in said
    assert t(HAS_RECOVERED) not in said


def test_good_scores_with_a_sign_of_risk_are_told_as_no_recovery() -> None:
    denied = Verdicts(recovered=False, case=False, risk=True)
    said = told(lived(Opened(day=day(0)), measured(0, 1, 17, 9), measured(30, 1, 3, 2, denied)))
    assert "scores recovered; not counted as recovered: a sign of suicide risk" in said
