"""The pace of pictures where the line hides how slow it is, and answers that are never keys.

Failing here means a nurse who waits for pages that she has long left, or an answer nobody gave.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual.events import Event, Key, Paste

from tui.terminal.keyboard import PAUSE_S, Burst, KeyReader, StatusReport
from tui.terminal.paint import flow_control
from tui.terminal.paint.flow_control import (
    ANSWER_S,
    ASK_AFTER,
    MOST,
    QUESTION,
    RETRIES,
    STRANGER_S,
    FlowControl,
)
from tui.terminal.paint.writer import Writer

ANSWER = b"\x1b[0n"
LITTLE = "x" * 50
MUCH = "x" * ASK_AFTER


class Clock:
    """Seconds that pass only when a test lets them."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def asking() -> tuple[FlowControl, Clock]:
    clock = Clock()
    return FlowControl(asks=True, clock=clock), clock


def known() -> tuple[FlowControl, Clock]:
    """A terminal that has answered once."""
    log, clock = asking()
    log.add(MUCH)
    log.answered()
    return log, clock


# -- what is on its way --------------------------------------------------------


def test_little_is_sent_without_a_question() -> None:
    log, _ = asking()
    for _ in range(10):
        assert log.add(LITTLE)[0] == LITTLE
    assert log.add(LITTLE)[0] == LITTLE + QUESTION  # 550 bytes
    assert log.add(LITTLE)[0] == LITTLE
    assert not log.held_s()


def test_nothing_is_asked_behind_nothing() -> None:
    log, _ = asking()
    log.add(MUCH)
    log.add(MUCH[1:])
    assert log.add("")[0] == ""


def test_letters_count_as_the_bytes_that_they_are() -> None:
    log, _ = asking()
    assert log.add("ä" * (ASK_AFTER // 2))[0].endswith(QUESTION)


def test_next_picture_waits_for_what_is_on_its_way() -> None:
    log, clock = known()
    log.add(MUCH)
    log.add(MUCH)
    assert log.held_s() == ANSWER_S
    clock.now += 1
    assert log.held_s() == ANSWER_S - 1
    log.answered()
    assert not log.held_s()
    assert log.awaited_s  # of the second question
    log.answered()
    assert not log.awaited_s


def test_a_terminal_that_never_answers_is_asked_once() -> None:
    log, clock = asking()
    log.add("x" * MOST)
    assert log.held_s() == STRANGER_S
    clock.now += STRANGER_S
    assert not log.held_s()
    for _ in range(20):
        assert QUESTION not in log.add(MUCH)[0]
        assert not log.held_s()
        clock.now += 0.1


def test_a_late_answer_brings_the_questions_back() -> None:
    log, clock = asking()
    log.add("x" * MOST)
    clock.now += STRANGER_S
    log.held_s()
    log.answered()
    assert log.add(MUCH)[0].endswith(QUESTION)


def test_a_line_that_hangs_gets_little_and_is_given_up_after_a_while() -> None:
    log, clock = known()
    sent = 0
    for _ in range(RETRIES - 1):
        while not log.held_s():
            sent += len(log.add(LITTLE)[0])
        clock.now += ANSWER_S
    assert sent <= (RETRIES - 1) * (MOST + len(LITTLE) + 2 * len(QUESTION))
    while not log.held_s():
        log.add(LITTLE)
    clock.now += ANSWER_S
    assert not log.held_s()
    assert QUESTION not in log.add(MUCH)[0]


def test_a_lost_answer_holds_nothing_up_for_good() -> None:
    log, clock = known()
    log.add(MUCH)
    log.add(MUCH)
    log.answered()  # the other one is lost
    log.add(MUCH)
    assert 0 < log.held_s() <= ANSWER_S
    clock.now += ANSWER_S
    assert not log.held_s()
    assert log.add(MUCH)[0].endswith(QUESTION)


def test_a_forged_answer_lets_no_more_out_than_one_window() -> None:
    log, _ = known()
    log.answered()  # somebody types it; nothing was asked
    log.add(MUCH)
    log.add(MUCH)
    assert log.held_s()


@pytest.mark.parametrize(("took_s", "slow"), [(0.02, False), (1.0, True)])
def test_the_answer_tells_how_fast_the_line_is(took_s: float, slow: bool) -> None:
    log, clock = asking()
    log.add("x" * MOST)
    clock.now += took_s
    log.answered()
    assert log.slow == slow


def test_an_unanswered_question_makes_a_line_slow_while_it_is_asked_again() -> None:
    """Parts of a picture keep what is on its way small where nobody knows how much that is."""
    log, _ = known()
    for _ in range(RETRIES - 1):
        log.add(MUCH)
        log.give_up()
        assert log.slow
    log.answered()
    log.add(MUCH)
    log.give_up()
    assert log.slow, "it had answered once more"


def test_a_terminal_that_is_asked_no_more_is_not_taken_for_slow() -> None:
    """Nothing would ever tell that it is fast again: each page would come in parts for good."""
    silent, _ = asking()
    silent.add(MUCH)
    silent.give_up()
    assert not silent.slow
    log, _ = known()
    for _ in range(RETRIES):
        log.add(MUCH)
        log.give_up()
    assert not log.slow
    assert log.add(MUCH) == (MUCH, ())


def test_nothing_is_asked_once_the_end_has_begun() -> None:
    log, _ = known()
    log.close()
    assert log.add(MUCH)[0] == MUCH


# -- who waits for a text to be shown ---------------------------------------------


class Waiting:
    """Counts how often it was called."""

    def __init__(self) -> None:
        self.called = 0

    def __call__(self) -> None:
        self.called += 1


def test_who_waits_for_a_text_is_called_with_the_answer() -> None:
    log, _ = known()
    first, second = Waiting(), Waiting()
    assert log.add(LITTLE, [first]) == (LITTLE + QUESTION, ())
    assert log.add("", [second]) == ("", ())  # nothing new: the same question serves
    assert (first.called, second.called) == (0, 0)
    log.answered()
    assert (first.called, second.called) == (1, 1)


def test_who_waits_for_what_was_sent_before_has_it_asked_for() -> None:
    log, _ = known()
    log.add(LITTLE)
    waiting = Waiting()
    assert log.add("", [waiting]) == (QUESTION, ())


def test_who_waits_for_nothing_new_need_not_wait() -> None:
    log, _ = known()
    waiting = Waiting()
    assert log.add("", [waiting]) == ("", [waiting])


def test_who_waits_is_called_where_nobody_can_be_asked() -> None:
    waiting = Waiting()
    assert FlowControl(asks=False).add(LITTLE, [waiting]) == (LITTLE, [waiting])


def test_a_page_of_a_line_that_hangs_is_asked_about_again() -> None:
    log, clock = known()
    waiting = Waiting()
    log.add(LITTLE, [waiting])
    clock.now += ANSWER_S
    assert log.patience_s() == 0
    assert log.unconfirmed
    assert log.add("") == (QUESTION, ())
    assert not log.unconfirmed
    assert log.patience_s()
    assert waiting.called == 0
    log.answered()
    assert waiting.called == 1


def test_a_terminal_that_answers_no_more_leaves_nobody_waiting_for_good() -> None:
    log, clock = known()
    waiting, asked = Waiting(), 0
    text, _ = log.add(LITTLE, [waiting])
    while not waiting.called:
        asked += text.count(QUESTION)
        assert asked <= RETRIES
        clock.now += ANSWER_S
        log.patience_s()
        text, _ = log.add("")
    assert asked > 1
    assert not log.unconfirmed
    assert log.patience_s() is None


def test_the_end_leaves_nobody_waiting() -> None:
    log, clock = known()
    doubted, waiting = Waiting(), Waiting()
    log.add(LITTLE, [doubted])
    clock.now += ANSWER_S
    log.patience_s()
    log.close()
    assert doubted.called == 1
    assert not log.unconfirmed
    assert log.add("", [waiting]) == ("", [waiting])


def test_a_far_terminal_is_not_taken_for_a_slow_one() -> None:
    log, clock = known()
    log.add(LITTLE, [Waiting()])
    clock.now += 1
    log.answered()
    assert not log.slow


@given(st.lists(st.one_of(st.integers(1, 900), st.just("answer"), st.floats(0.01, 2)), max_size=60))
@example([900, 900, 900, "answer", 900])
def test_never_more_than_a_window_and_a_picture_on_the_way(
    steps: list[int | str | float],
) -> None:
    log, clock = known()
    on_way: list[int] = [0]
    """Bytes before each question that is out, and at last those behind the newest."""
    for step in steps:
        if isinstance(step, float):
            clock.now += step / 30  # the whole run stays within everybody's patience
        elif step == "answer":
            if len(on_way) > 1:
                on_way.pop(0)
                log.answered()
        elif not log.held_s():
            assert sum(on_way) < MOST
            on_way[-1] += int(step)
            if log.add("x" * int(step))[0].endswith(QUESTION):
                on_way.append(0)
        else:
            assert sum(on_way) >= MOST
            assert len(on_way) > 1  # an answer will set it free


@given(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from([0, 1, 50, 900]), st.booleans()),
            st.sampled_from(["answer", "close"]),
            st.floats(0.01, 3),
        ),
        max_size=40,
    )
)
def test_whoever_waits_is_called_once_whatever_the_terminal_does(
    steps: list[tuple[int, bool] | str | float],
) -> None:
    log, clock = asking()
    waiting: list[Waiting] = []

    def send(size: int, *calls: Waiting) -> None:
        for call in log.add("x" * size, calls)[1]:
            call()

    for step in steps:
        if isinstance(step, tuple):
            size, waits = step
            waiting += [Waiting()] if waits else []
            send(size, *waiting[-1:] if waits else [])
        elif isinstance(step, float):
            clock.now += step
            log.patience_s()
        else:
            log.answered() if step == "answer" else log.close()
    for _ in range(RETRIES + 1):
        clock.now += ANSWER_S
        if log.patience_s() is not None:
            send(0)
    assert log.patience_s() is None
    assert {each.called for each in waiting} <= {1}


@pytest.mark.parametrize(
    ("term", "known"),
    [
        *[(term, True) for term in ("xterm-256color", "linux", "tmux", "screen.xterm", "vt100")],
        *[(term, False) for term in ("", "st-256color", "dumb", "ansi", "wy60", "eterm-color")],
    ],
)
def test_only_terminals_that_answer_are_asked(term: str, known: bool) -> None:
    assert flow_control.answers(term) == known


# -- the writing thread --------------------------------------------------------


class Terminal:
    """Takes all at once, as sshd does; pictures are numbered and have a size of their own."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.newest = 0
        self.got: list[str] = []
        self.clock = Clock()
        self.line = Writer(self.write, self.picture, flow=FlowControl(asks=True, clock=self.clock))
        self._shown = 0
        self._taken = threading.Condition()

    def write(self, text: str) -> bool:
        with self._taken:
            self.got.append(text)
            self._taken.notify_all()
        return True

    def picture(self, _limit: int) -> str:
        if self._shown == self.newest:
            return ""
        self._shown = self.newest
        return f"<{self.newest}>".ljust(self.size)

    def draw(self) -> None:
        self.newest += 1
        self.line.wake()

    def wait(self, wanted: Callable[[], bool]) -> None:
        with self._taken:
            assert self._taken.wait_for(wanted, 5), self.got

    @property
    def numbers(self) -> list[int]:
        return [int(text[1 : text.index(">")]) for text in self.got if text.startswith("<")]

    @property
    def questions(self) -> int:
        return "".join(self.got).count(QUESTION)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    terminal = Terminal(size=MOST)
    terminal.line.start()
    yield terminal
    terminal.line.hear_out(0)
    terminal.line.finish()
    assert not terminal.line.is_alive()


class SlowLine:
    """A line of 9600 bit/s for which there is always more to draw; time stands still on it."""

    def __init__(self) -> None:
        self.sent = 0
        self.now = 0.0
        self.looks = 0
        self._changed = threading.Condition()
        self.line = Writer(self.write, "x".ljust, 9600, clock=self.clock)

    def clock(self) -> float:
        with self._changed:
            self.looks += 1
            self._changed.notify_all()
            return self.now

    def write(self, text: str) -> bool:
        self.sent += len(text)
        return True

    def stand_still(self) -> None:
        """Let the line look at the clock again and again, with something new to draw each time."""
        for _ in range(5):
            with self._changed:
                wanted = self.looks + 1
                self.line.wake()
                while self.looks < wanted:
                    assert self._changed.wait(20)


def test_a_slow_line_is_given_what_it_passes_on_and_no_more() -> None:
    slow = SlowLine()
    slow.line.start()
    for moment in range(60):
        slow.now = moment / 20
        slow.stand_still()
        passed_on = 960 * slow.now
        assert passed_on <= slow.sent <= passed_on + 2 * 256
    slow.line.finish()


def test_pictures_are_left_out_until_the_terminal_has_got_the_last(terminal: Terminal) -> None:
    terminal.draw()
    terminal.wait(lambda: terminal.numbers == [1])
    for _ in range(50):
        terminal.draw()
    assert terminal.numbers == [1]
    terminal.line.answered()
    terminal.wait(lambda: terminal.numbers == [1, 51])


def test_a_picture_that_presses_waits_for_no_answer(terminal: Terminal) -> None:
    terminal.draw()
    terminal.wait(lambda: terminal.numbers == [1])
    terminal.draw()
    assert terminal.numbers == [1]
    terminal.line.press()
    terminal.wait(lambda: terminal.numbers == [1, 2])
    terminal.draw()
    assert terminal.numbers == [1, 2], "only the one picture"
    terminal.line.answered()
    terminal.line.answered()
    terminal.wait(lambda: terminal.numbers == [1, 2, 3])


def test_the_last_picture_comes_even_when_the_answer_does_not(terminal: Terminal) -> None:
    terminal.draw()
    terminal.wait(lambda: terminal.questions == 1)
    terminal.draw()
    terminal.clock.now += STRANGER_S
    terminal.line.wake()
    terminal.wait(lambda: terminal.numbers == [1, 2])
    assert terminal.questions == 1


def test_codes_do_not_wait_for_an_answer(terminal: Terminal) -> None:
    terminal.draw()
    terminal.wait(lambda: terminal.questions == 1)
    terminal.line.send("mode off")
    terminal.wait(lambda: "mode off" in terminal.got)


def test_a_picture_is_shown_when_the_terminal_says_so(terminal: Terminal) -> None:
    shown = threading.Event()
    terminal.draw()
    terminal.line.once_shown(shown.set)
    terminal.wait(lambda: terminal.questions > 0)
    assert not shown.is_set()
    terminal.line.answered()
    terminal.line.answered()
    assert shown.wait(5)


def test_a_silent_terminal_is_taken_to_show_it_after_a_while(terminal: Terminal) -> None:
    shown = threading.Event()
    terminal.draw()
    terminal.line.once_shown(shown.set)
    terminal.wait(lambda: terminal.questions > 0)
    terminal.clock.now += STRANGER_S
    terminal.line.wake()
    assert shown.wait(5)


def test_a_line_that_hangs_is_asked_again_and_shows_nothing_meanwhile(terminal: Terminal) -> None:
    shown = threading.Event()
    terminal.draw()
    terminal.wait(lambda: terminal.questions > 0)
    terminal.line.answered()  # it is known to answer
    terminal.draw()
    terminal.line.once_shown(shown.set)
    terminal.wait(lambda: terminal.numbers == [1, 2])
    before = terminal.questions
    terminal.clock.now += ANSWER_S
    terminal.line.send("")  # a moment has passed
    terminal.wait(lambda: terminal.questions > before)
    assert not shown.is_set()
    terminal.line.answered()
    assert shown.wait(5)


def test_a_fault_in_drawing_is_told_and_the_terminal_is_still_put_right() -> None:
    got: list[str] = []
    told: list[Exception] = []
    shown = threading.Event()

    def write(text: str) -> bool:
        got.append(text)
        return True

    def picture(_limit: int) -> str:
        raise IndexError(1)

    line = Writer(write, picture, failed=told.append)
    line.start()
    line.once_shown(shown.set)
    line.send("mode off")
    while not told:
        threading.Event().wait(0.01)
    assert not shown.is_set()
    line.wake()
    line.send("clear")
    line.finish()
    assert not line.is_alive()
    assert got == ["mode off", "clear"]
    assert [type(error) for error in told] == [IndexError]


def test_nobody_waits_for_a_line_that_has_ended(terminal: Terminal) -> None:
    shown, later = threading.Event(), threading.Event()
    terminal.draw()
    terminal.line.once_shown(shown.set)
    terminal.wait(lambda: terminal.questions > 0)
    terminal.line.finish()
    terminal.line.once_shown(later.set)
    assert shown.wait(5)
    assert later.is_set()


def test_the_end_hears_the_answer_out(terminal: Terminal) -> None:
    terminal.draw()
    terminal.wait(lambda: terminal.questions == 1)
    answer = threading.Timer(0.1, terminal.line.answered)
    answer.start()
    terminal.line.hear_out(5)
    assert not terminal.line.awaits_answer
    terminal.draw()
    terminal.wait(lambda: terminal.numbers == [1, 2])
    assert terminal.questions == 1


# -- answers among keys ------------------------------------------------------------


def kinds(events: list[Event]) -> list[str]:
    """Keys by name, pastes and bursts by text, answers as such."""
    return [
        "answer"
        if isinstance(event, StatusReport)
        else event.key
        if isinstance(event, Key)
        else f"pasted {event.text}"
        if isinstance(event, Paste)
        else f"at once {''.join(key.character or '' for key in event.keys)}"
        if isinstance(event, Burst)
        else repr(event)
        for event in events
    ]


def heard(*reads: bytes, gap_s: float = 0.01, awaited: bool = True) -> list[str]:
    """What comes of these reads; the reader looks up whenever nothing comes for long enough."""
    reader = KeyReader()
    now, events = 1.0, []
    for data in reads:
        events += reader.feed(data, now)
        for _ in range(int(gap_s / PAUSE_S)):
            now += PAUSE_S
            events += reader.pause(now, awaited)
        now += gap_s % PAUSE_S
    for _ in range(20):
        now += PAUSE_S
        events += reader.pause(now, awaited=False)
    return kinds(events)


@pytest.mark.parametrize("answer", [ANSWER, b"\x1b[3n", b"\x9b0n"])
def test_an_answer_is_no_key(answer: bytes) -> None:
    assert heard(answer) == ["answer"]
    assert sorted(heard(b"1" + answer + b"2")) == ["answer", "at once 12"]


@pytest.mark.parametrize("gap_s", [0.01, 0.15, 0.7, 3.0])
@pytest.mark.parametrize("cut", range(1, 4))
def test_an_answer_cut_in_two_is_still_none(cut: int, gap_s: float) -> None:
    assert heard(ANSWER[:cut], ANSWER[cut:], gap_s=gap_s) == ["answer"]


@given(st.lists(st.integers(0, 30), max_size=4), st.sampled_from([0.01, 0.15, 0.7]))
def test_answers_anywhere_among_keys_change_none(places: list[int], gap_s: float) -> None:
    typed = b"1\x1b[A2\x1b[5~\r"
    pieces, start = [], 0
    for end in [*sorted(place % len(typed) for place in places), len(typed)]:
        pieces += [typed[start:end], ANSWER] if end < len(typed) else [typed[start:end]]
        start = end
    whole = b"".join(pieces)
    found = [kind for kind in heard(whole, gap_s=gap_s) if kind != "answer"]
    assert found == ["1", "up", "2", "pageup", "enter"]


@pytest.mark.parametrize("cut", range(5))
def test_an_answer_within_a_paste_is_not_pasted(cut: int) -> None:
    data = b"\x1b[200~before", ANSWER[:cut], ANSWER[cut:], b" after\x1b[201~"
    assert sorted(heard(*data)) == ["answer", "pasted before after"]
    assert sorted(heard(data[0] + data[1], data[2] + data[3])) == ["answer", "pasted before after"]


def test_a_paste_with_an_escape_in_it_types_none() -> None:
    assert heard(b"\x1b[200~a\x1b", b"b\x1b[201~", gap_s=0.3) == ["pasted ab"]


def test_escape_is_heard_beside_an_answer() -> None:
    assert sorted(heard(b"\x1b" + ANSWER)) == ["answer", "escape"]
    assert sorted(heard(b"\x1b", ANSWER)) == ["answer", "escape"]
    assert sorted(heard(ANSWER, b"\x1b")) == ["answer", "escape"]


def test_escape_waits_for_the_answer_but_the_next_key_does_not() -> None:
    reader = KeyReader()
    assert reader.feed(b"\x1b", 1.0) + reader.pause(1.15, awaited=True) == []
    assert kinds(reader.feed(b"n", 1.4)) == ["escape", "n"]
    assert reader.feed(b"\x1b", 2.0) + reader.pause(2.15, awaited=True) == []
    assert kinds(reader.pause(2.3)) == ["escape"]


def test_answers_use_up_no_keys_and_end_no_paste() -> None:
    reader = KeyReader()
    for _ in range(1000):
        reader.feed(ANSWER, 1.0)
    assert kinds(reader.feed(b"1", 1.0)) == ["1"]
    assert kinds(reader.feed(b"2" * 100, 2.0)) == []
    reader.feed(ANSWER, 2.06)
    found = kinds(reader.feed(b"3", 2.12))
    assert found == ["at once " + "2" * 100, "3"]  # silence was long enough, but for the answer
