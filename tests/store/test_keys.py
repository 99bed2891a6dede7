"""Who may open the store: if these fail, a nurse is locked out or a stranger gets in."""

from __future__ import annotations

import json
import stat
from hashlib import sha256
from pathlib import Path

import pytest

from store import keys
from store.errors import (
    KeyslotDamaged,
    KeysMissing,
    MistypedCode,
    RefusedHandle,
    RefusedPassphrase,
    StoreExists,
    WrongPassphrase,
    WrongRecoveryCode,
)

PASS = "neljä sanaa peräkkäin"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "site" / "porras.keys"


@pytest.fixture
def made(file: Path) -> keys.NewKeys:
    return keys.create(file, "nurse-1", PASS)


def test_passphrase_and_recovery_code_both_open(file: Path, made: keys.NewKeys) -> None:
    assert len(made.key) == keys.KEY_BYTES
    assert keys.unlock(file, "nurse-1", PASS) == made.key
    assert keys.unlock(file, " Nurse-1 ", PASS) == made.key
    assert keys.unlock_with_recovery(file, made.recovery_code.lower()) == made.key
    assert keys.handles(file) == ("nurse-1",)


def test_the_file_is_private_and_holds_no_secret(file: Path, made: keys.NewKeys) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    content = file.read_bytes()
    for secret in (made.key, made.key.hex().encode(), PASS.encode(), made.recovery_code.encode()):
        assert secret not in content
    assert [p.name for p in file.parent.iterdir()] == ["porras.keys"]


def test_two_stores_have_different_keys(file: Path, made: keys.NewKeys, tmp_path: Path) -> None:
    other = keys.create(tmp_path / "other.keys", "nurse-1", PASS)
    assert other.key != made.key
    with pytest.raises(WrongRecoveryCode):
        keys.unlock_with_recovery(file, other.recovery_code)


def test_a_wrong_passphrase_and_an_unknown_code_are_one_error(
    file: Path, made: keys.NewKeys
) -> None:
    with pytest.raises(WrongPassphrase) as wrong:
        keys.unlock(file, "nurse-1", PASS + "!")
    with pytest.raises(WrongPassphrase) as unknown:
        keys.unlock(file, "nurse-2", PASS)
    assert str(wrong.value) == str(unknown.value)
    with pytest.raises(WrongPassphrase):
        keys.unlock(file, "", made.recovery_code)  # the recovery slot is no user's


def test_a_passphrase_typed_in_another_unicode_form_opens(file: Path, made: keys.NewKeys) -> None:
    assert keys.unlock(file, "nurse-1", PASS.replace("ä", "a\u0308")) == made.key


def test_a_mistyped_recovery_code_is_named(file: Path, made: keys.NewKeys) -> None:
    with pytest.raises(MistypedCode):
        keys.unlock_with_recovery(file, made.recovery_code[:-1])


@pytest.mark.parametrize(
    ("passphrase", "fault"),
    [
        ("elevenchars", "short"),
        ("ﬁﬁﬁ"[:1] + "abcdefghi", "short"),
        ("x" * 257, "long"),
        ("twelve chars\n", "character"),
        ("twelve\u200bchars", "character"),
        ("twelve chars\ud800", "character"),
    ],
)
def test_a_weak_or_unfit_passphrase_is_refused(file: Path, passphrase: str, fault: str) -> None:
    with pytest.raises(RefusedPassphrase) as error:
        keys.create(file, "nurse-1", passphrase)
    assert error.value.fault == fault
    assert not file.exists()


def test_twelve_characters_are_enough(file: Path) -> None:
    made = keys.create(file, "n1", "twelve chars")
    assert keys.unlock(file, "n1", "twelve chars") == made.key


@pytest.mark.parametrize("handle", ["", "a", "x" * 17, "-ab", "Maija Virtanen", "ä1", "a\nb"])
def test_a_staff_code_is_no_name(file: Path, handle: str) -> None:
    with pytest.raises(RefusedHandle):
        keys.create(file, handle, PASS)
    assert not file.exists()


def test_keys_are_never_overwritten(file: Path, made: keys.NewKeys) -> None:
    before = file.read_bytes()
    with pytest.raises(StoreExists):
        keys.create(file, "nurse-2", PASS)
    assert file.read_bytes() == before


def test_a_new_user_and_a_changed_passphrase(file: Path, made: keys.NewKeys) -> None:
    keys.set_passphrase(file, "nurse-2", made.key, "another long one")
    assert keys.unlock(file, "nurse-2", "another long one") == made.key
    keys.set_passphrase(file, "nurse-1", made.key, "changed long one")
    assert keys.unlock(file, "nurse-1", "changed long one") == made.key
    assert sorted(keys.handles(file)) == ["nurse-1", "nurse-2"]
    with pytest.raises(WrongPassphrase):
        keys.unlock(file, "nurse-1", PASS)
    assert keys.unlock_with_recovery(file, made.recovery_code) == made.key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_wrong_key_cannot_be_given_to_a_user(file: Path, made: keys.NewKeys) -> None:
    before = file.read_bytes()
    with pytest.raises(WrongPassphrase):
        keys.set_passphrase(file, "nurse-2", bytes(32), PASS)
    assert file.read_bytes() == before


def test_a_renewed_recovery_code_ends_the_old_one(file: Path, made: keys.NewKeys) -> None:
    code = keys.renew_recovery(file, made.key)
    assert keys.unlock_with_recovery(file, code) == made.key
    with pytest.raises(WrongRecoveryCode):
        keys.unlock_with_recovery(file, made.recovery_code)


def test_no_file_is_no_wrong_passphrase(file: Path) -> None:
    with pytest.raises(KeysMissing):
        keys.unlock(file, "nurse-1", PASS)


def test_every_damaged_byte_is_told_from_a_wrong_passphrase(file: Path, made: keys.NewKeys) -> None:
    whole = file.read_bytes().rstrip()
    for place in range(0, len(whole), 7):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(KeyslotDamaged):
            keys.unlock(file, "nurse-1", PASS)


@pytest.mark.parametrize("keep", [0, 1, 100, -70])
def test_a_cut_file_is_damage(file: Path, made: keys.NewKeys, keep: int) -> None:
    file.write_bytes(file.read_bytes()[:keep])
    with pytest.raises(KeyslotDamaged):
        keys.unlock_with_recovery(file, made.recovery_code)


@pytest.mark.parametrize(
    ("field", "value"),
    [("memory_kib", 64 << 20), ("passes", 10_000), ("lanes", 99), ("memory_kib", 8)],
)
def test_a_forged_file_cannot_ask_for_any_amount_of_work(
    file: Path, made: keys.NewKeys, field: str, value: int
) -> None:
    body = json.loads(file.read_bytes().rpartition(b"}")[0] + b"}")
    body["slots"][0][field] = value
    text = json.dumps(body).encode()
    file.write_bytes(text + b"\n" + sha256(text).hexdigest().encode() + b"\n")
    with pytest.raises(KeyslotDamaged):
        keys.unlock(file, "nurse-1", PASS)


def test_a_newer_key_file_is_refused(file: Path, made: keys.NewKeys) -> None:
    body = file.read_bytes().rpartition(b"}")[0] + b"}"
    text = body.replace(b'"version": 1', b'"version": 2')
    assert text != body
    file.write_bytes(text + b"\n" + sha256(text).hexdigest().encode() + b"\n")
    with pytest.raises(KeyslotDamaged):
        keys.handles(file)
