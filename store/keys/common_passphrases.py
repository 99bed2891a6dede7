"""Passphrases that are tried first: what they are made of, told before anything is derived.

It finds what can be written down as a rule: one short piece over and over; digits or signs
alone; and what consists of nothing but common words (of passwords, of this trade and place, months,
seasons and days in Finnish, Swedish and English), the staff code, rows of keys, the alphabet, a few
digits and signs, also with the usual digits in the place of letters. It does not find other words
of any language, names, quotations (but for a handful), or what has leaked from elsewhere; the words
are our own list. Five common words in a row pass: that many are no longer tried first.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Fault = Literal["repeated", "digits", "signs", "common", "handle"]

_LISTED = """
    password passwords passwort passphrase passcode pass word code secret secrets letmein let
    open sesame admin administrator root user username login logon signin welcome hello change
    changeme test testing demo default guest access key keys master super love iloveyou you me
    my the in on temp temporary new old first company office computer system qwerty azerty
    dragon monkey football hockey batman superman princess sunshine shadow starwars pokemon
    whatever trustno cat dog salasana salasanat salasanani salalause tunnussana tunnus salainen
    salaisuus avain avaa yllapitaja yllapito paakayttaja kayttaja kirjaudu tervetuloa hei moi
    terve moikka vaihda muuta testi testaus vieras rakastan sinua mina sina minun oma uusi vanha
    ensimmainen kone tietokone jaakiekko jalkapallo aurinko perkele saatana vittu paska kissa
    koira losenord losenordet losenfras kodord hemlig hemligt hemlighet nyckel oppna anvandare
    logga valkommen hej byt andra prov gast alskar jag dig min mitt ny gammal dator fotboll
    ishockey solsken katt hund porras stepped care steppedcare nurse nurses hoitaja
    sairaanhoitaja terveydenhoitaja hoito skoterska sjukskoterska vard laakari doctor lakare
    potilas patient asiakas klinikka clinic klinik hospital sairaala sjukhus sote sotekeskus
    terveyskeskus halsocentral mielenterveys psykiatria tyo work arbete koti home hem suomi
    finland finnish helsinki helsingfors espoo esbo vantaa vanda turku abo tampere tammerfors
    oulu uleaborg lahti lahtis kuopio jyvaskyla vaasa vasa hollola sweden sverige ruotsi january
    february march april may june july august september october november december tammikuu
    helmikuu maaliskuu huhtikuu toukokuu kesakuu heinakuu elokuu syyskuu lokakuu marraskuu
    joulukuu januari februari mars maj juni juli augusti oktober spring summer autumn fall
    winter kevat kesa syksy talvi var sommar host vinter monday tuesday wednesday thursday
    friday saturday sunday maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai
    mandag tisdag onsdag torsdag fredag lordag sondag
"""
_WORDS = frozenset(_LISTED.split())
"""In lower case and without the marks on letters."""

_PHRASES = frozenset(
    {
        "correcthorsebatterystaple",
        "thequickbrownfoxjumpsoverthelazydog",
        "tobeornottobe",
        "tobeornottobethatisthequestion",
        "maytheforcebewithyou",
    }
)

_ROWS = (
    "1234567890",
    "qwertyuiopa",
    "qwertzuiop",
    "asdfghjkloa",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
)
_WALKS = tuple(row for way in _ROWS for row in (way, way[::-1]))
_SHORTEST_WALK = 4
_LONGEST_WORD = max(map(len, _WORDS))

_LETTERS = str.maketrans("@4310!$57", "aaeioisst")
"""The digits and signs that stand for letters; 1 stands for l as well."""

_WORD, _WALK, _RUN = 3, 2, 1
_WEAK = 14
"""A word counts 3, a row of keys 2, a character over and over or a digit 1, other signs nothing."""

_PIECE = 12
"""A piece of so many characters could stand alone, and twice is no worse."""


def fault(passphrase: str, handle: str = "") -> Fault | None:
    """Return what makes a passphrase one of those that are tried first, or None."""
    text = _plain(passphrase)
    letters = "".join(filter(str.isalnum, text))
    if _is_repeated(text):
        return "repeated"
    if not re.search(r"[^\W\d_]", text):
        return "digits" if any(map(str.isdigit, text)) else "signs"
    if letters in _PHRASES or _weight(text, _WORDS) <= _WEAK:
        return "common"
    own = _plain(handle)
    if own and _weight(text, _WORDS | {own, own.replace("-", "")}) <= _WEAK:
        return "handle"
    return None


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def _is_repeated(text: str) -> bool:
    """Return whether it is one short piece over and over, of which the last may be cut off."""
    longest = min(_PIECE - 1, (len(text) + 1) // 2)
    return any(text[piece:] == text[:-piece] for piece in range(1, longest + 1))


def _weight(text: str, words: frozenset[str]) -> float:
    """Return what it takes to make the text of common parts; infinite if they do not make it."""
    spellings = (text, text.translate(_LETTERS), text.replace("1", "l").translate(_LETTERS))
    longest = max(_LONGEST_WORD, *map(len, words))
    best = [0.0] + [float("inf")] * len(text)
    for at, sign in enumerate(text):
        until = min(len(text), at + longest)
        for end in range(at + 1, len(text) + 1):
            part = text[at:end]
            if end == at + 1 and not sign.isalpha():
                cost = 1.0 if sign.isdigit() else 0.0
            elif end <= until and any(each[at:end] in words for each in spellings):
                cost = _WORD
            elif len(part) >= _SHORTEST_WALK and any(part in walk for walk in _WALKS):
                cost = _WALK
            elif len(part) >= 3 and part == sign * len(part):
                cost = _RUN
            elif end > until:
                break
            else:
                continue
            best[end] = min(best[end], best[at] + cost)
    return best[-1]
