"""What is guessed first: if these fail, it opens a store, or a good passphrase is refused."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from store import paths
from store.errors import RefusedPassphrase
from store.keys import common_passphrases
from store.opening import staff_accounts, unlock

ROOT = Path(__file__).resolve().parents[2]
GOOD = "four words in a row"


@pytest.mark.parametrize(
    ("passphrase", "fault"),
    [
        ("aaaaaaaaaaaa", "repeated"),
        ("abcabcabcabca", "repeated"),
        ("kukkuu kukkuu kukkuu", "repeated"),
        ("040 123 45678", "digits"),
        ("\U0001f600\U0001f680\U0001f308\U0001f340" * 3 + "\U0001f41f\U0001f31e", "signs"),
        ("!?#%&/()=+-*<>", "signs"),
        ("24.12.1985 24.12.1985", "repeated"),
        ("24.12.1985 & 6.1.1987", "digits"),
        ("password1234", "common"),
        ("P@ssw0rd 2026", "common"),
        ("Salasana2026!", "common"),
        ("L\u00f6senord1234", "common"),
        ("lo\u0308senord1234", "common"),
        ("We1come12345", "common"),
        ("Kes\u00e4kuu 2026!", "common"),
        ("sommar2026!!", "common"),
        ("Monday-Monday-1", "common"),
        ("qwertyuiop\u00e5!", "common"),
        ("1qaz2wsx3edc", "common"),
        ("q1w2e3r4t5y6", "common"),
        ("poiuytrewq!!", "common"),
        ("abcdefghijkl", "common"),
        ("hoitaja12345", "common"),
        ("porras porras 1", "common"),
        ("Correct-Horse-Battery-Staple", "common"),
        ("ville-4 2026!", "handle"),
        ("Ville4Ville4Ville4", "repeated"),
        ("salasana ville-4", "handle"),
        (GOOD, None),
        ("nelj\u00e4 sanaa per\u00e4kk\u00e4in", None),
        ("fyra ord p\u00e5 rad", None),
        ("twelve chars", None),
        ("kes\u00e4 talvi kev\u00e4t syksy porras", None),  # five words: no longer tried first
        ("salasanani on kilpikonna", None),
        ("hg7w2kq9zm4t", None),
        ("\u65e5\u672c\u8a9e\u306e\u9577\u3044\u5408\u8a00\u8449\u3067\u3059\u3002", None),
    ],
)
def test_what_is_tried_first_is_refused_with_its_reason(passphrase: str, fault: str | None) -> None:
    assert common_passphrases.fault(passphrase, "ville-4") == fault


def test_the_longest_passphrase_is_judged_too() -> None:
    assert common_passphrases.fault("salasana" * 31 + "qwerty!") is None
    assert common_passphrases.fault("salasana1" + "!" * 247) == "common"


def test_it_is_refused_wherever_one_is_chosen(tmp_path: Path) -> None:
    bad = "Salasana2026!"
    where = paths.find(tmp_path / "site" / "porras.db")
    with pytest.raises(RefusedPassphrase) as error:
        unlock.set_up(where, "lead", bad)
    assert error.value.fault == "common"
    assert not where.keys.exists()
    made = unlock.set_up(where, "lead", GOOD)
    with made.store as store:
        attempts: tuple[Callable[[], object], ...] = (
            lambda: staff_accounts.add(where, store, "aino", bad, ["nurse"]),
            lambda: staff_accounts.give_passphrase(where, store, "lead", bad),
            lambda: staff_accounts.change_passphrase(where, store, GOOD, bad),
            lambda: staff_accounts.change_passphrase(where, store, GOOD, "lead 2026 lead!"),
        )
        for attempt in attempts:
            before = where.keys.read_bytes()
            with pytest.raises(RefusedPassphrase):
                attempt()
            assert where.keys.read_bytes() == before
        assert [person.handle for person in store.staff.list_all()] == ["lead"]
    with pytest.raises(RefusedPassphrase):
        unlock.unlock(where, "lead", GOOD, new_passphrase=bad)
    with pytest.raises(RefusedPassphrase):
        unlock.recover(where, made.recovery_code, "lead", bad)
    unlock.unlock(where, "lead", GOOD).close()


def test_one_that_was_chosen_before_opens_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = paths.find(tmp_path / "site" / "porras.db")
    with monkeypatch.context() as before:
        before.setattr(common_passphrases, "fault", lambda *_: None)
        unlock.set_up(where, "lead", "Salasana2026!").store.close()
    unlock.unlock(where, "lead", "Salasana2026!").close()


def test_it_costs_a_start_nothing() -> None:
    code = (
        "import sys, tui.flows.sign_in, store.opening.unlock;"
        " print('store.keys.common_passphrases' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert told.stdout.strip() == "False"


def test_no_word_is_listed_in_a_form_that_is_never_looked_for() -> None:
    assert [
        word for word in common_passphrases._WORDS if common_passphrases._plain(word) != word
    ] == []
