"""An identity in a free text would stand beside a person's answers for as long as they are kept."""

from __future__ import annotations

from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepping.privacy import check_characters, find_identity


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
        "010190 -912K",
        "010190- 912K",
        "01.01.90-912K",
        "01 01 90 - 912 K",
        "01.01.90\u2212912-K",
        "010190\u2011912K.",
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
        "09.1234 5678",
        "0401-234 567",
        "puh. 40 123 4567",
        "Gsm: 501234567",
        "tel 8 123 456 78",
        "aika 08.30-09.15, 040 1234567",
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


NAMES = [
    "Nimeni on Aapo Esimerkki",
    "nimeni on aapo",
    "Asiakkaan nimi on Aino",
    "hänen nimi on Eino",
    "Nimi: Testinen",
    "herra Esimerkki soitti",
    "Rouva Mallikas tulee maanantaina",
    "rva Mallikkaalle soitettu",
    "Tohtori Keksitty lähetti",
    "Jag heter Alva",
    "jag heter alva påhittad",
    "Mitt namn är Alva",
    "Patienten heter Sixten",
    "herr Exempel ringde",
    "fru Påhittad kommer",
    "Namn: Exempel",
    "My name is Ada",
    "my name's ada",
    "Her husband's name is Bob",
    "Mr. Example called",
    "Mrs Sample and her son",
    "Dr Invented referred",
    "Name: Sample",
]


@pytest.mark.parametrize("text", NAMES)
def test_a_name_that_words_announce_is_found(text: str) -> None:
    assert kinds(text) == ["name"]


def test_a_name_is_found_after_anything() -> None:
    for text in NAMES:
        assert kinds(f"PHQ-9 12;;;{text};;;0") == ["name"]


ORDINARY = [
    # Finnish
    "Nukahtamisvaikeuksia 3 kk, herää klo 03.15 ja 05.30, nukkuu 4-5 h yössä.",
    "PHQ-9 17/27, GAD-7 12/21, AUDIT-C 5/12, OASIS 9, BDI-21 24.",
    "PHQ-9: 12 -> 9 -> 5 (viikot 1, 4 ja 8), kohdat 1 0 2 3 1 2 0 1 0.",
    "PHQ-9 kohdat 0 1 2 3 0 1 2 3 1, yhteensä 13.",
    "Sertraliini 50 mg 1x1 alkaen 01.02.26, nosto 100 mg 15.02.26.",
    "Sertraliini aloitettu 01.02.26 - 150 mg asti, lopetettu 30.06.26.",
    "Ketiapiini 25 mg 0-0-0-1, melatoniini 1,9 mg iltaisin.",
    "Sairausloma 01.02.-15.02. 3 viikkoa 50 %, sitten työkokeilu.",
    "Sairausloma 1.2.2026-28.2.2026, F43.2, seuraava arvio 2.3.2026 klo 09.15.",
    "Aika 08.30-09.15 2 krt/vko, ryhmä 0830-0900 12 kertaa.",
    "Vastaanotto ti 12.00-12.45 10 viikon ajan.",
    "Lääkkeen nimi on Sertralin, aloitettu 2024.",
    "Asiakkaan nimi puuttuu lomakkeesta.",
    "Kadun nimi on Aleksanterinkatu 12 B 34, asuu yksin.",
    "Asuu Kirkkokatu 5:ssä puolison ja 2 lapsen (8 v ja 11 v) kanssa.",
    "Muutti Hollolasta Lahteen 2023, Rauhankatu 7 A 12.",
    "Postinumero 15110, uusi asunto 03/2026.",
    "Herra Jumala, hän huudahti, ja alkoi itkeä.",
    "Työpaikalla herra ja rouva johtaja riitelevät.",
    "Nimeni on vaihtunut avioliitossa, se vaivaa.",
    "Paino 78 kg -> 71 kg 3 kk aikana, RR 132/84, pulssi 76.",
    "Alkoholia 24 annosta viikossa, pe-la 10-12 annosta, su 0.",
    "Soitti MIELI ry:n linjalle kahdesti; 112 ja 116 117 kerrottu.",
    "Päivystysapu 116117 ja 112 annettu kortilla.",
    "Terapiatakuu: tarve 12.01.2026, 28 vrk täyttyy 09.02.2026.",
    "Hoitaja soittaa to 26.11. klo 14, kesto 30 min.",
    "Itsetuhoajatuksia 2 krt/vko, suunnitelmaa ei ole, keinot poistettu.",
    "Työkyky 4/10, toimintakyky 55/100, ORS 18,5 ja SRS 36.",
    "Kela B-lausunto 05/2026, kuntoutuspsykoterapia 40 krt/v.",
    "Ohjattu Nettiterapiaan, 7 osaa, 10 viikkoa, osa 1-3 tehty.",
    "Unettomuus 21.30-06.00 välillä 3 heräämistä, 6,5 h/yö.",
    "TSH 2,31 mU/l, Hb 134 g/l, B12 310, D-vit 68 nmol/l.",
    "ICD-10 F32.1, ICPC P76, toimenpide WX110 x 3.",
    # Swedish
    "Sover 4-5 timmar, vaknar 03.15 och 05.30 sedan 3 månader.",
    "PHQ-9 17 av 27, GAD-7 12 av 21, AUDIT-C 5.",
    "Sertralin 50 mg 1x1 från 01.02.26, höjs till 100 mg 15.2.",
    "Sjukskriven 1.2-28.2.2026 på 50 %, därefter 100 %.",
    "Medicinen heter Sertralin och avdelningen heter Björken.",
    "Jag heter inte så längre, namnet byttes 2019.",
    "Bor på Storgatan 12 B 3 med sambon och 2 barn (8 och 11 år).",
    "Herr och fru i rapporten, grälar varje helg.",
    "Herr Gud, sade hen och grät.",
    "Tid 08.30-09.15 2 ggr i veckan, grupp 10 gånger.",
    "Dricker 24 portioner i veckan, fre-lör 10-12.",
    "Ringde 112 förra veckan, fick numret 116 117.",
    "Självmordstankar 2 ggr/vecka, ingen plan, medel borta.",
    "Arbetsförmåga 4/10, funktion 55/100.",
    "Vårdgaranti: behov 12.1.2026, 28 dygn 9.2.2026.",
    "Puls 76, blodtryck 132/84, vikt 78 -> 71 kg.",
    "Nätterapi 7 delar på 10 veckor, del 1-3 klara.",
    "Remiss till psykoterapi 40 ggr/år, intyg B 05/2026.",
    "Flyttade från Borgå till Lovisa 2023.",
    # English
    "Sleeps 4-5 h, wakes at 03:15 and 05:30, for 3 months.",
    "PHQ-9 17/27 on 2026-02-01, 12/27 on 2026-03-01, 9/27 on 2026-04-01.",
    "Sertraline 50 mg once daily from 01/02/2026, then 100 mg.",
    "Sick leave 01.02.2026-28.02.2026, part time 50 % until 30.06.",
    "The medicine's name is Sertraline and the ward is called Birch.",
    "My name is not what matters, the client said.",
    "Lives at 12 Church Street with two children aged 8 and 11.",
    "Has MS since 2015; Miss the group twice and the place goes.",
    "Good Lord, said the client; mister and missus argue.",
    "Seen 08:30-09:15 twice a week, 10 sessions, group of 8.",
    "Drinks 24 units a week, 10-12 on Friday and Saturday.",
    "Was given 112 and 116 117; called the crisis line twice.",
    "Work ability 4/10, ORS 18.5, SRS 36, HoNOS 12.",
    "Weight 78 kg to 71 kg, BP 132/84, pulse 76, TSH 2.31.",
    "Steps 0 1 2 3 4; scores 10 12 14 8 6 4; change -6 and +5.",
    "Reads ICD-10 F41.1 and F32.1 on the form of 22.11.2026.",
    "Version 1.12.3, digest 4f9a03c1, 128 rules, 3 languages.",
    "Doctor will call on 26.11. at 14, nurse on 27.11. at 9.",
    "Name: not given; age 34; referred by the school nurse.",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_sentence_of_the_work_is_taken(text: str) -> None:
    assert find_identity(text) == []


def test_an_id_of_the_program_is_no_telephone_number() -> None:
    # Of random ids in this form, 14 in 1000 hold digits and dashes in the shape of a number.
    random = Random(2026)
    for version in (4, 7):
        for _ in range(5000):
            id_ = str(UUID(int=random.getrandbits(128) & ~(15 << 76) | version << 76))
            assert find_identity(id_) == []
            assert find_identity(f"case {id_}, PHQ-9 12") == []


def test_a_number_beside_an_id_is_found_all_the_same() -> None:
    id_ = str(UUID(int=Random(1).getrandbits(128)))
    assert kinds(f"{id_} 040 1234567") == ["phone"]
    assert kinds(f"040 1234567 {id_}") == ["phone"]


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
        check_characters(text)


@pytest.mark.parametrize("text", ["", "Hän nukkuu huonosti – ½ yötä.", "Å så är det", "日本 🙂"])
def test_ordinary_text_is_returned_as_it_is(text: str) -> None:
    assert check_characters(text) == text
