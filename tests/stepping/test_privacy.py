"""An identity in a free text would stand beside a person's answers for as long as they are kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepping.privacy import clean, find_identity


def kinds(text: str) -> list[str]:
    return [find.kind for find in find_identity(text)]


@pytest.mark.parametrize("sign", "+-YXWVUABCDEF")
def test_every_century_sign_of_an_identity_code_is_known(sign: str) -> None:
    # 900 to 999 are never given to anyone; the check character is not computed here.
    assert kinds(f"Ks. 010190{sign}912K, soitettu") == ["hetu"]
    assert kinds(f"010190{sign.lower()}912k") == ["hetu"]


@pytest.mark.parametrize(
    "text",
    [
        "010190-912A",  # also with a wrong check character
        "hetu010190-912K",
        "010190 - 912K",
        "010190\u2013912K",
        "(290200A9999)",
    ],
)
def test_an_identity_code_is_found_however_it_is_written(text: str) -> None:
    assert kinds(text) == ["hetu"]


@pytest.mark.parametrize(
    "text",
    [
        "+358 40 123 4567",
        "+358401234567",
        "+358 (0)40 1234567",
        "00358 40 1234567",
        "358401234567",
        "040 1234567",
        "040-123 4567",
        "0401234567",
        "(09) 1234 5678",
        "050.123.4567",
        "+46 8 123 456 78",
        "+372 5123 4567",
        "+1 212 555 0100",
        "soita 22.11.2026 numeroon 045 123 45 67",
    ],
)
def test_a_phone_number_is_found(text: str) -> None:
    assert kinds(text) == ["phone"]


@pytest.mark.parametrize(
    "text",
    ["a.b@example.org", "A_b+c@mail.example.fi", "etu.suku (at) example.fi", "a@b-c.example.com"],
)
def test_an_email_address_is_found(text: str) -> None:
    assert kinds(text) == ["email"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PHQ-9 12",
        "PHQ-9 12, GAD-7 10, AUDIT-C 7/12",
        "2026-11-22",
        "22.11.2026",
        "01.02.2026 100 mg x 3",
        "1.2.2026-28.2.2026",
        "2026-11-22 08:30",
        "+5 2026-11-22",
        "klo 08.00-16.00",
        "0800-1600",
        "100 mg x 3",
        "0,5 mg + 0,25 mg",
        "sertraliini 50 mg 1x1, 100 mg 1x1",
        "112",
        "116 117",
        "15 -> 9 (-6), 21 -> 12 (-9)",
        "ICD-10 F32.1, ICPC P76",
        "1 000 000 euroa",
        "10 12 14 8 6 4",
        "60/30/10 %",
        "viikot 47-50",
        "vastaanotto @ 9",
    ],
)
def test_scores_dates_times_and_doses_are_left_alone(text: str) -> None:
    assert find_identity(text) == []


@pytest.mark.parametrize("text", ["0a4b5c6d7e8f9a1b2c", "04;05;06;07;08;09", "0401A234B567"])
def test_letters_and_semicolons_are_no_gaps_in_a_number(text: str) -> None:
    assert kinds(text) == []


def test_places_are_told_in_order() -> None:
    text = "a@example.fi tai 040 1234567 tai 010190-912K"
    finds = find_identity(text)
    assert [text[find.start : find.end] for find in finds] == [
        "a@example.fi",
        "040 1234567",
        "010190-912K",
    ]


@given(
    st.text(st.characters(exclude_categories=["Nd"]), max_size=20),
    st.dates(),
    st.sampled_from("+-YXWVUABCDEF"),
    st.integers(900, 999),
    st.sampled_from("0123456789ABCDEFHJKLMNPRSTUVWXY"),
)
def test_no_words_around_it_hide_an_identity_code(
    words: str, born: object, sign: str, number: int, check: str
) -> None:
    text = f"{words}{born:%d%m%y}{sign}{number}{check} {words}"
    assert "hetu" in kinds(text)


@given(st.dates(), st.integers(0, 27), st.integers(0, 21))
def test_dated_scores_are_left_alone(day: object, phq9: int, gad7: int) -> None:
    assert find_identity(f"{day:%d.%m.%Y} PHQ-9 {phq9} GAD-7 {gad7}") == []
    assert find_identity(f"{day:%Y-%m-%d}: {phq9}/27, {gad7}/21") == []


@given(st.text(max_size=300))
def test_no_text_breaks_the_detector(text: str) -> None:
    for find in find_identity(text):
        assert 0 <= find.start < find.end <= len(text)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("\x00", 1),
        ("ab\x1b[31m", 3),
        ("ab\ncd", 3),
        ("a\ud800", 2),
        ("abc\u202e", 4),
        ("\u2066x", 1),
        ("0101\u200b90-912K", 5),
        ("x\x9b", 2),
    ],
)
def test_characters_that_hide_or_break_are_refused_by_place(text: str, position: int) -> None:
    with pytest.raises(ValueError, match=rf"^character {position} \(U\+[0-9A-F]{{4,6}}\)"):
        clean(text)


@pytest.mark.parametrize("text", ["", "Hän nukkuu huonosti – ½ yötä.", "Å så är det", "日本 🙂"])
def test_ordinary_text_is_returned_as_it_is(text: str) -> None:
    assert clean(text) == text
