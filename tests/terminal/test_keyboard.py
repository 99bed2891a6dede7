"""What terminals send, and which keys come of it; a wrong one would be an answer nobody gave."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual.events import Event, Key, Paste

from tests.terminal.keyscript import KEYS, key_bytes
from tui.terminal.keyboard import KEY_LIMIT, PASTE_LIMIT, Burst, KeyReader, TooMuch


def names(events: list[Event]) -> list[str]:
    return [event.key if isinstance(event, Key) else repr(event) for event in events]


def pasted(events: list[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Paste)]


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("1", "1"),
        ("ä", "ä"),
        ("Enter", "enter"),
        ("BS", "backspace"),
        ("Tab", "tab"),
        ("S-Tab", "shift+tab"),
        ("Space", "space"),
        ("Left", "left"),
        ("Home", "home"),
        ("PgDn", "pagedown"),
        ("Del", "delete"),
        ("F1", "f1"),
        ("F5", "f5"),
        ("F10", "f10"),
        ("F12", "f12"),
        ("C-q", "ctrl+q"),
        ("M-x", "alt+x"),
        ("?", "question_mark"),
    ],
)
def test_keys(key: str, name: str) -> None:
    assert names(KeyReader().feed(key_bytes(key), 1.0)) == [name]


def test_cursor_keys_in_application_mode_and_on_the_linux_console() -> None:
    reader = KeyReader()
    assert names(reader.feed(key_bytes("Up", application_keys=True), 1.0)) == ["up"]
    assert names(reader.feed(b"\x1b[[A\x1b[[E", 1.0)) == ["f1", "f5"]


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        *[(f"\x1b[{n + 10}~", f"f{n}") for n in range(1, 6)],
        *[(f"\x1b[[{letter}", f"f{n}") for n, letter in enumerate("ABCDE", start=1)],
        ("\x1b[21~", "f10"),
        *[(code, "home") for code in ("\x1b[1~", "\x1b[7~", "\x1b[H", "\x1bOH")],
        *[(code, "end") for code in ("\x1b[4~", "\x1b[8~", "\x1b[F", "\x1bOF")],
        ("\x7f", "backspace"),
        ("\x08", "backspace"),
        ("\x1bOM", "enter"),
        ("\x1bOq", "1"),
    ],
)
def test_one_key_has_many_codes(sent: str, name: str) -> None:
    """PuTTY, the Linux console, rxvt, xterm, and the number block of a VT100."""
    reader = KeyReader()
    assert names(reader.feed(sent.encode(), 1.0) + reader.pause(2.0)) == [name]


@pytest.mark.parametrize("key", [key for key in KEYS if key != "Esc"])
def test_key_cut_between_two_reads_is_still_that_key(key: str) -> None:
    whole = names(KeyReader().feed(KEYS[key], 1.0))
    for cut in range(1, len(KEYS[key])):
        reader = KeyReader()
        events = reader.feed(KEYS[key][:cut], 1.0) + reader.feed(KEYS[key][cut:], 1.01)
        assert names(events) == whole


def test_letter_cut_between_two_reads_is_still_that_letter() -> None:
    reader = KeyReader()
    assert names(reader.feed("ä".encode()[:1], 1.0) + reader.feed("ä".encode()[1:], 1.01)) == ["ä"]
    assert not reader.not_utf8


def test_escape_is_a_key_once_nothing_follows() -> None:
    reader = KeyReader()
    assert reader.feed(b"\x1b", 1.0) == []
    assert names(reader.pause(1.1)) == ["escape"]
    assert names(reader.feed(b"\x1b\x1b", 2.0) + reader.pause(2.1)) == ["escape", "escape"]


def test_sequence_that_never_ends_is_forgotten() -> None:
    reader = KeyReader()
    assert reader.feed(b"\x1b[1;", 1.0) + reader.pause(1.1) + reader.pause(1.6) == []
    assert names(reader.feed(b"2", 3.0)) == ["2"]


def test_foreign_byte_is_reported_even_when_nothing_follows() -> None:
    reader = KeyReader()
    assert reader.feed(b"\xe4", 1.0) == []
    assert not reader.not_utf8
    assert reader.pause(1.1) == []
    assert reader.not_utf8
    assert names(reader.feed(b"1", 1.2)) == ["1"]


def test_paste_is_one_event_with_clean_text() -> None:
    events = KeyReader().feed(b"\x1b[200~a\r\nb\rc\x1b[31m\x07\t!\x00\x1b[201~1", 1.0)
    assert pasted(events[:1]) == ["a\nb\nc[31m\t!"]
    assert names(events[1:]) == ["1"]


@pytest.mark.parametrize("cut", range(1, 14))
def test_paste_cut_between_two_reads(cut: int) -> None:
    data = b"\x1b[200~1\x1b[201~"
    reader = KeyReader()
    events = reader.feed(data[:cut], 1.0) + reader.feed(data[cut:], 1.01)
    assert pasted(events) == ["1"]
    assert len(events) == 1


def bursts(events: list[Event]) -> list[str]:
    return ["".join(k.character or "" for k in e.keys) for e in events if isinstance(e, Burst)]


def too_much(events: list[Event]) -> list[int | None]:
    return [event.characters for event in events if isinstance(event, TooMuch)]


def test_a_paste_that_is_too_long_is_told_whole_and_the_next_one_is_not_short() -> None:
    reader = KeyReader()
    events = reader.feed(b"\x1b[200~" + b"1" * 9000 + b"\x1b[201~", 1.0)
    assert (too_much(events), pasted(events)) == ([9000], [])
    fits = b"\x1b[200~" + b"2" * PASTE_LIMIT + b"\x1b[201~"
    assert pasted(reader.feed(fits, 2.0)) == ["2" * PASTE_LIMIT]


@pytest.mark.parametrize("sent", ["10\r", "22", "1\r", "0000", "p\u00e4"])
def test_characters_of_one_read_are_no_keys(sent: str) -> None:
    reader = KeyReader()
    assert reader.feed(sent.encode(), 1.0) == []
    events = reader.pause(1.1)
    assert (bursts(events), names(events)[1:]) == ([sent], [])


def test_what_follows_a_burst_at_once_belongs_to_it() -> None:
    reader = KeyReader()
    assert reader.feed(b"12", 1.0) + reader.feed(b"3", 1.05) == []
    assert reader.pause(1.1) == []
    assert bursts(reader.pause(1.16)) == ["123"]
    assert names(reader.feed(b"1", 1.5)) == ["1"]


def test_a_burst_comes_before_what_ends_it() -> None:
    events = KeyReader().feed(b"12" + KEYS["Down"], 1.0)
    assert (bursts(events), names(events)[1:]) == (["12"], ["down"])
    reader = KeyReader()
    events = reader.feed(b"12", 1.0) + reader.feed(b"3", 1.5)
    assert (bursts(events), names(events)[1:]) == (["12"], ["3"])


def test_a_burst_that_is_too_long_is_told() -> None:
    reader = KeyReader()
    events = [event for n in range(3) for event in reader.feed(b"1" * 4000, 1.0 + n / 100)]
    assert too_much(events + reader.pause(1.2)) == [12000]


def test_moving_keys_of_one_read_are_single_keys() -> None:
    assert names(KeyReader().feed(KEYS["Down"] * 3, 1.0)) == ["down"] * 3


def test_fast_typing_and_held_keys_are_all_kept() -> None:
    reader = KeyReader()
    held = [key for n in range(2000) for key in reader.feed(b"1", 1.0 + n / 100)]
    assert len(held) == 2000


def test_flood_of_keys_is_cut_and_recovers() -> None:
    reader = KeyReader()
    events = reader.feed(KEYS["Down"] * 5000, 1.0)
    assert len(events) >= KEY_LIMIT
    assert names(events[:KEY_LIMIT]) == ["down"] * KEY_LIMIT
    assert too_much(events[KEY_LIMIT:]) == [None]
    assert reader.feed(KEYS["Down"], 1.0) == []
    assert names(reader.feed(KEYS["Down"], 1.1)) == ["down"]


@given(st.lists(st.binary(max_size=40), max_size=8))
@example([b"\x1b[200~", b"\x1b[201", b"~"])
@example([b"\x1b[M", b"\x1b"])
@example([b"\x1b[99999999999u"])
def test_no_bytes_raise_and_the_next_key_after_silence_is_heard(chunks: list[bytes]) -> None:
    reader = KeyReader()
    now = 1.0
    for chunk in chunks:
        now += 0.01
        reader.feed(chunk, now)
    for silence in (0.1, 0.6, 1.1):
        reader.pause(now + silence)
    assert names(reader.feed(b"1", now + 5)) == ["1"]


@given(st.from_regex(rb"\x1b\[[<=>?]?[0-9;:]*[ -/]*[@-LN-Z^_`a-z|{}~]", fullmatch=True))
def test_no_control_sequence_types_a_digit(sequence: bytes) -> None:
    reader = KeyReader()
    events = reader.feed(sequence, 1.0) + reader.pause(1.2) + reader.pause(3.0)
    if not sequence.endswith(b"u"):  # the kitty protocol spells keys out, when asked to
        assert not any(isinstance(event, Key) and event.key in "0123456789" for event in events)
