"""Who may open the store: if these fail, a nurse is locked out or a stranger gets in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from store.errors import (
    ForgedKeys,
    FutureKeys,
    HandleTaken,
    KeyslotDamaged,
    KeysMissing,
    LastAdministrator,
    MistypedCode,
    OldSlots,
    RefusedHandle,
    RefusedPassphrase,
    StoreBusy,
    StoreError,
    StoreExists,
    UnknownHandle,
    WrongPassphrase,
    WrongRecoveryCode,
)
from store.files import file_lock
from store.keys import keyslots, keystore
from tests.store import hpke
from tests.store.systems import is_for_its_owner_alone

ROOT = Path(__file__).resolve().parents[2]
PASS = "neljä sanaa peräkkäin"
OTHER = "nine brave otters"

# A file of version 1 with these secrets, as the program of that time wrote it.
VERSION_1 = Path(__file__).with_name("version_1.keys")
PASS_1, PASS_2 = "four words in a row", "nine brave otters"
CODE_1 = "8YBUZ-Z79PC-UL5PE-EAXWP-N9CHL-9MGCY"
KEY_1 = bytes.fromhex("de9c397fdbf2c0d4a8906e49b7c4a7b6bac1688eb0ece141a28ccfd3b425c3e1")

# One of version 2, with the same passphrases.
VERSION_2 = Path(__file__).with_name("version_2.keys")
CODE_2 = "L7MAQ-UTGAG-RJPLM-FBYUX-YX2MV-FECEB"
KEY_2 = bytes.fromhex("c2a350db3abde7cb69a1f6ba77d84d1e97dfc1f2b58b4847350af790bb5c7628")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "site" / "porras.keys"


@pytest.fixture
def made(file: Path) -> keystore.NewKeys:
    return keystore.create(file, "nurse-1", PASS)


def test_passphrase_and_recovery_code_both_open(file: Path, made: keystore.NewKeys) -> None:
    assert len(made.key) == keyslots.KEY_BYTES
    assert keystore.unlock(file, "nurse-1", PASS) == made.key
    assert keystore.unlock(file, " Nurse-1 ", PASS) == made.key
    assert keystore.unlock_with_recovery(file, made.recovery_code.lower()) == made.key
    assert keystore.handles(file) == ("nurse-1",)


def test_the_file_is_private_and_holds_no_secret(file: Path, made: keystore.NewKeys) -> None:
    assert is_for_its_owner_alone(file)
    assert is_for_its_owner_alone(file.parent)
    content = file.read_bytes()
    for secret in (made.key, made.key.hex().encode(), PASS.encode(), made.recovery_code.encode()):
        assert secret not in content
    assert [p.name for p in file.parent.iterdir()] == ["porras.keys"]


def test_two_stores_have_different_keys(file: Path, made: keystore.NewKeys, tmp_path: Path) -> None:
    other = keystore.create(tmp_path / "other.keys", "nurse-1", PASS)
    assert other.key != made.key
    with pytest.raises(WrongRecoveryCode):
        keystore.unlock_with_recovery(file, other.recovery_code)


def test_a_wrong_passphrase_and_an_unknown_code_are_one_error(
    file: Path, made: keystore.NewKeys
) -> None:
    with pytest.raises(WrongPassphrase) as wrong:
        keystore.unlock(file, "nurse-1", PASS + "!")
    with pytest.raises(WrongPassphrase) as unknown:
        keystore.unlock(file, "nurse-2", PASS)
    assert str(wrong.value) == str(unknown.value)
    with pytest.raises(WrongPassphrase):
        keystore.unlock(file, "", made.recovery_code)  # the recovery slot is no user's


def test_a_passphrase_typed_in_another_unicode_form_opens(
    file: Path, made: keystore.NewKeys
) -> None:
    assert keystore.unlock(file, "nurse-1", PASS.replace("ä", "a\u0308")) == made.key


def test_a_mistyped_recovery_code_is_named(file: Path, made: keystore.NewKeys) -> None:
    with pytest.raises(MistypedCode):
        keystore.unlock_with_recovery(file, made.recovery_code[:-1])


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
        keystore.create(file, "nurse-1", passphrase)
    assert error.value.fault == fault
    assert not file.exists()


def test_twelve_characters_are_enough(file: Path) -> None:
    made = keystore.create(file, "n1", "twelve chars")
    assert keystore.unlock(file, "n1", "twelve chars") == made.key


@pytest.mark.parametrize("handle", ["", "a", "x" * 17, "-ab", "Maija Virtanen", "ä1", "a\nb"])
def test_a_staff_code_is_no_name(file: Path, handle: str) -> None:
    with pytest.raises(RefusedHandle):
        keystore.create(file, handle, PASS)
    assert not file.exists()


def test_keys_are_never_overwritten(file: Path, made: keystore.NewKeys) -> None:
    before = file.read_bytes()
    with pytest.raises(StoreExists):
        keystore.create(file, "nurse-2", PASS)
    assert file.read_bytes() == before


def test_a_new_user_and_a_changed_passphrase(file: Path, made: keystore.NewKeys) -> None:
    keystore.set_passphrase(file, "nurse-2", made.key, "another long one")
    assert keystore.unlock(file, "nurse-2", "another long one") == made.key
    keystore.set_passphrase(file, "nurse-1", made.key, "changed long one")
    assert keystore.unlock(file, "nurse-1", "changed long one") == made.key
    assert sorted(keystore.handles(file)) == ["nurse-1", "nurse-2"]
    with pytest.raises(WrongPassphrase):
        keystore.unlock(file, "nurse-1", PASS)
    assert keystore.unlock_with_recovery(file, made.recovery_code) == made.key
    assert is_for_its_owner_alone(file)


def test_a_wrong_key_cannot_be_given_to_a_user(file: Path, made: keystore.NewKeys) -> None:
    before = file.read_bytes()
    with pytest.raises(WrongPassphrase):
        keystore.set_passphrase(file, "nurse-2", bytes(32), PASS)
    assert file.read_bytes() == before


def test_a_renewed_recovery_code_ends_the_old_one(file: Path, made: keystore.NewKeys) -> None:
    code = keystore.renew_recovery(file, made.key)
    assert keystore.unlock_with_recovery(file, code) == made.key
    with pytest.raises(WrongRecoveryCode):
        keystore.unlock_with_recovery(file, made.recovery_code)


def test_no_file_is_no_wrong_passphrase(file: Path) -> None:
    with pytest.raises(KeysMissing):
        keystore.unlock(file, "nurse-1", PASS)


def test_every_damaged_byte_is_told_from_a_wrong_passphrase(
    file: Path, made: keystore.NewKeys
) -> None:
    whole = file.read_bytes().rstrip()
    for place in range(0, len(whole), 7):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(KeyslotDamaged):
            keystore.unlock(file, "nurse-1", PASS)


@pytest.mark.parametrize("keep", [0, 1, 100, -70])
def test_a_cut_file_is_damage(file: Path, made: keystore.NewKeys, keep: int) -> None:
    file.write_bytes(file.read_bytes()[:keep])
    with pytest.raises(KeyslotDamaged):
        keystore.unlock_with_recovery(file, made.recovery_code)


def parts(file: Path) -> tuple[dict[str, Any], str]:
    """What a key file holds, and its line of signatures."""
    body, signed, _ = file.read_text().strip().rsplit("\n", 2)
    return json.loads(body), signed


def forge(file: Path, body: dict[str, Any], *rest: str) -> None:
    """Write a key file as somebody can who has no data key."""
    text = "\n".join((json.dumps(body), *rest)).encode()
    file.write_bytes(text + b"\n" + sha256(text).hexdigest().encode() + b"\n")


@pytest.mark.parametrize(
    ("field", "value"),
    [("memory_kib", 64 << 20), ("passes", 10_000), ("lanes", 99), ("memory_kib", 8)],
)
def test_a_forged_file_cannot_ask_for_any_amount_of_work(
    file: Path, made: keystore.NewKeys, field: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyslots, "_derive", lambda *_: pytest.fail("work was done"))
    body, signed = parts(file)
    body["slots"][0][field] = value
    forge(file, body, signed)
    with pytest.raises(KeyslotDamaged):
        keystore.unlock(file, "nurse-1", PASS)


def test_each_guess_of_a_stolen_file_costs_what_the_documents_say(
    file: Path, made: keystore.NewKeys
) -> None:
    """In the program, whose cost the tests do without (`tests/conftest.py`)."""
    code = "from store.keys import keyslots; print(*keyslots.COST.values())"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.split() == ["2", str(46 * 1024), "1"]
    for slot in parts(file)[0]["slots"]:
        assert {name: slot[name] for name in keyslots.COST} == keyslots.COST


def test_a_newer_key_file_is_refused(file: Path, made: keystore.NewKeys) -> None:
    body, signed = parts(file)
    forge(file, {**body, "version": 4}, signed)
    with pytest.raises(FutureKeys):
        keystore.handles(file)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("[" * 200_000, KeyslotDamaged),
        ('{"format": "porras-keys", "version": ' + "[" * 200_000, KeyslotDamaged),
        ('{"format": "porras-keys", "version": ' + "9" * 5000 + "}", KeyslotDamaged),
        ('{"format": "porras-keys", "version": 1e999}', FutureKeys),
        ('{"format": "porras-keys", "version": NaN}', KeyslotDamaged),
        ('{"format": "porras-keys", "version": 3, "number": 1e300}', KeyslotDamaged),
        ('{"format": "porras-keys", "version": 3, "number": ' + "9" * 5000 + "}", KeyslotDamaged),
    ],
)
@pytest.mark.parametrize("signed", [[], ["signed 00"]])
def test_an_absurd_file_with_a_right_digest_is_told_in_a_sentence(
    tmp_path: Path, content: str, error: type[StoreError], signed: list[str]
) -> None:
    """One that is nested deeply ended every command with a RecursionError."""
    file = tmp_path / "porras.keys"
    text = "\n".join((content, *signed)).encode()
    file.write_bytes(text + b"\n" + sha256(text).hexdigest().encode() + b"\n")
    with pytest.raises(error) as found:
        keystore.handles(file)
    assert found.type is error


def test_a_wrong_passphrase_costs_what_an_unknown_code_costs(
    file: Path, made: keystore.NewKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    work: list[tuple[int, int, int]] = []
    derive: Callable[[Any, str], bytes] = keyslots._derive

    def watched(slot: Any, secret: str) -> bytes:
        work.append((slot.passes, slot.memory_kib, slot.lanes))
        return derive(slot, secret)

    monkeypatch.setattr(keyslots, "_derive", watched)
    for handle in ("nurse-1", "nurse-2"):
        with pytest.raises(WrongPassphrase):
            keystore.unlock(file, handle, OTHER)
    assert work[0] == work[1]
    assert len(work) == 2


# A forged file


def stranger(body: dict[str, Any], place: int) -> None:
    """Put somebody's own key pair where another's public half stood."""
    import base64

    own = keyslots.make("passphrase", "nurse-2", "the stranger's own", (bytes(32),))
    body["slots"][place]["public"] = base64.urlsafe_b64encode(own.public).decode()


def attacked(file: Path, key: bytes) -> tuple[tuple[type[StoreError], Callable[[], object]], ...]:
    """Everything that opens or writes the file."""
    return (
        (ForgedKeys, lambda: keystore.unlock(file, "nurse-1", PASS)),
        (ForgedKeys, lambda: keystore.add_user(file, key, "nurse-9", OTHER)),
        (ForgedKeys, lambda: keystore.set_passphrase(file, "nurse-2", key, OTHER)),
        (ForgedKeys, lambda: keystore.remove_user(file, key, "nurse-2", {"nurse-1"})),
        (ForgedKeys, lambda: keystore.bind(file, key, "nurse-2", "maija")),
        (ForgedKeys, lambda: keystore.renew_recovery(file, key)),
    )


def test_a_key_is_never_sealed_to_a_stranger(file: Path, made: keystore.NewKeys) -> None:
    keystore.add_user(file, made.key, "nurse-2", OTHER)
    body, signed = parts(file)
    stranger(body, 2)
    forge(file, body, signed)
    before = file.read_bytes()
    for error, action in attacked(file, made.key):
        with pytest.raises(error) as caught:
            action()
        assert "backup" in str(caught.value)
    assert file.read_bytes() == before


def test_a_binding_and_a_first_passphrase_cannot_be_edited_away(
    file: Path, made: keystore.NewKeys
) -> None:
    keystore.add_user(file, made.key, "nurse-2", OTHER, "maija")
    for change in ({"os_user": None}, {"must_change": False}):
        body, signed = parts(file)
        saved = file.read_bytes()
        body["slots"][2].update(change)
        forge(file, body, signed)
        with pytest.raises(ForgedKeys):
            keystore.unlock(file, "nurse-2", OTHER)
        file.write_bytes(saved)


def test_a_file_without_signatures_is_taken_for_no_older_one(
    file: Path, made: keystore.NewKeys
) -> None:
    body, signed = parts(file)
    for rest in ((), ("signed ",), (signed[:-64],)):
        forge(file, body, *rest)
        with pytest.raises(KeyslotDamaged):
            keystore.unlock(file, "nurse-1", PASS)
    old = {"format": "porras-keys", "version": 1, "check": body["checks"][0]}
    forge(file, {**old, "slots": body["slots"]})
    with pytest.raises(KeyslotDamaged):
        keystore.unlock(file, "nurse-1", PASS)


def test_a_data_key_of_a_strangers_choice_is_refused(file: Path, made: keystore.NewKeys) -> None:
    import base64

    body, signed = parts(file)
    public = base64.urlsafe_b64decode(body["slots"][0]["public"])
    chosen = keyslots._seal("passphrase", "nurse-1", public, bytes(32))
    body["slots"][0]["sealed"] = [base64.urlsafe_b64encode(chosen).decode()]
    forge(file, body, signed)
    with pytest.raises(ForgedKeys):
        keystore.unlock(file, "nurse-1", PASS)


# Users


def test_a_first_passphrase_is_only_good_until_it_is_changed(
    file: Path, made: keystore.NewKeys
) -> None:
    keystore.add_user(file, made.key, "Nurse-2", "given by the lead", "maija")
    assert keystore.users(file)[1] == keystore.User("nurse-2", True, "maija", False)
    keystore.change_passphrase(file, "nurse-2", "given by the lead", OTHER)
    assert keystore.users(file)[1] == keystore.User("nurse-2", False, "maija", False)
    assert keystore.unlock(file, "nurse-2", OTHER) == made.key
    with pytest.raises(WrongPassphrase):
        keystore.unlock(file, "nurse-2", "given by the lead")
    keystore.set_passphrase(file, "nurse-2", made.key, "given once more", must_change=True)
    assert keystore.users(file)[1].must_change


def test_a_changed_passphrase_is_another_one(file: Path, made: keystore.NewKeys) -> None:
    before = file.read_bytes()
    with pytest.raises(RefusedPassphrase) as same:
        keystore.change_passphrase(file, "nurse-1", PASS, PASS.replace("ä", "a\u0308"))
    assert same.value.fault == "same"
    with pytest.raises(RefusedPassphrase):
        keystore.change_passphrase(file, "nurse-1", PASS, "short")
    with pytest.raises(WrongPassphrase):
        keystore.change_passphrase(file, "nurse-1", OTHER, "another long one")
    assert file.read_bytes() == before


def test_a_staff_code_is_never_given_twice(file: Path, made: keystore.NewKeys) -> None:
    with pytest.raises(HandleTaken):
        keystore.add_user(file, made.key, " NURSE-1", OTHER)
    assert keystore.unlock(file, "nurse-1", PASS) == made.key


def test_a_removed_user_opens_nothing(file: Path, made: keystore.NewKeys) -> None:
    keystore.add_user(file, made.key, "nurse-2", OTHER)
    keystore.remove_user(file, made.key, "nurse-2", {"nurse-1"})
    assert keystore.handles(file) == ("nurse-1",)
    with pytest.raises(WrongPassphrase):
        keystore.unlock(file, "nurse-2", OTHER)
    with pytest.raises(UnknownHandle):
        keystore.remove_user(file, made.key, "nurse-2", {"nurse-1"})
    assert keystore.unlock_with_recovery(file, made.recovery_code) == made.key


def test_somebody_can_always_look_after_the_store(file: Path, made: keystore.NewKeys) -> None:
    keystore.add_user(file, made.key, "nurse-2", OTHER)
    for administrators in ({"nurse-1"}, {"nurse-1", "gone"}):
        with pytest.raises(LastAdministrator):
            keystore.remove_user(file, made.key, "nurse-1", administrators)
    keystore.remove_user(file, made.key, "nurse-1", {"nurse-1", "nurse-2"})
    with pytest.raises(LastAdministrator):
        keystore.remove_user(file, made.key, "nurse-2", set())
    assert keystore.handles(file) == ("nurse-2",)


def test_a_staff_code_is_bound_and_set_free(file: Path, made: keystore.NewKeys) -> None:
    keystore.bind(file, made.key, "nurse-1", "maija")
    assert keystore.users(file)[0].os_user == "maija"
    keystore.set_passphrase(file, "nurse-1", made.key, OTHER)
    assert keystore.users(file)[0].os_user == "maija"
    keystore.bind(file, made.key, "nurse-1", None)
    assert keystore.users(file)[0].os_user is None
    with pytest.raises(UnknownHandle):
        keystore.bind(file, made.key, "nurse-2", "maija")


ADD = """
import sys
from pathlib import Path
from store.keys import keystore
for number in range(3):
    handle = f"{sys.argv[3]}-{number}"
    keystore.add_user(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), handle, "nine brave otters")
"""


def test_programs_that_add_users_at_once_lose_none(file: Path, made: keystore.NewKeys) -> None:
    run = [sys.executable, "-c", ADD, str(file), made.key.hex()]
    working = [subprocess.Popen([*run, name], cwd=ROOT) for name in ("aa", "bb", "cc", "dd")]
    assert [each.wait(60) for each in working] == [0] * 4
    assert len(keystore.handles(file)) == 13
    assert keystore.unlock(file, "dd-2", OTHER) == made.key


def test_a_file_that_another_program_changes_is_waited_for_and_not_forever(
    file: Path, made: keystore.NewKeys
) -> None:
    with file_lock.alone(file), pytest.raises(StoreBusy), file_lock.alone(file, wait_s=0.1):
        pass
    with file_lock.alone(file, wait_s=0):
        assert keystore.unlock(file, "nurse-1", PASS) == made.key  # reading needs no turn


# Version 1


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.keys"
    path.write_bytes(VERSION_1.read_bytes())
    return path


def test_an_old_file_opens_and_turns_slot_by_slot(old: Path) -> None:
    assert all(user.old for user in keystore.users(old))
    for handle, passphrase in (("nurse-1", PASS_1), ("nurse-2", PASS_2)):
        opened = keystore.open_slot(old, handle, passphrase)
        assert opened.keys == (KEY_1,)
        keystore.upgrade_slot(old, KEY_1, opened, passphrase)
        assert keystore.unlock(old, handle, passphrase) == KEY_1
        assert keystore.unlock(old, "nurse-2", PASS_2) == KEY_1
        assert keystore.unlock_with_recovery(old, CODE_1) == KEY_1
    assert not any(user.old for user in keystore.users(old))
    recovered = keystore.open_recovery(old, CODE_1)
    keystore.upgrade_slot(old, KEY_1, recovered, CODE_1.lower().replace("-", " "))
    assert keystore.unlock_with_recovery(old, CODE_1) == KEY_1
    body, _ = parts(old)
    assert not any("wrapped" in slot for slot in body["slots"])


def test_an_old_slot_is_turned_only_as_it_was_opened(old: Path) -> None:
    opened = keystore.open_slot(old, "nurse-2", PASS_2)
    keystore.set_passphrase(old, "nurse-2", KEY_1, "given by the lead", must_change=True)
    after = old.read_bytes()
    keystore.upgrade_slot(old, KEY_1, opened, PASS_2)
    assert old.read_bytes() == after


def test_a_write_signs_an_old_file_and_keeps_what_it_cannot_turn(old: Path) -> None:
    with pytest.raises(OldSlots):
        keystore.bind(old, KEY_1, "nurse-1", "maija")
    keystore.add_user(old, KEY_1, "nurse-3", OTHER)
    assert [user.old for user in keystore.users(old)] == [True, True, False]
    assert keystore.unlock(old, "nurse-1", PASS_1) == KEY_1
    body, signed = parts(old)
    body["slots"][0]["handle"] = "nurse-9"
    forge(old, body, signed)
    with pytest.raises(ForgedKeys):
        keystore.unlock(old, "nurse-2", PASS_2)


# Version 2


@pytest.fixture
def middle(tmp_path: Path) -> Path:
    path = tmp_path / "middle.keys"
    path.write_bytes(VERSION_2.read_bytes())
    return path


def test_a_file_of_version_2_is_turned_as_a_whole_by_the_first_who_opens_it(middle: Path) -> None:
    users = keystore.users(middle)
    opened = keystore.open_slot(middle, "nurse-2", PASS_2)
    assert opened.keys == (KEY_2,)
    assert keystore.read(middle).number == 0
    keystore.upgrade_slot(middle, KEY_2, opened, PASS_2)
    file = keystore.read(middle)
    assert (file.version, file.number) == (3, 1)
    assert not any(isinstance(slot, keyslots.Slot) and slot.sealed_before for slot in file.slots)
    assert keystore.users(middle) == users
    assert keystore.unlock(middle, "nurse-1", PASS_1) == KEY_2
    assert keystore.open_slot(middle, "nurse-3", "a first passphrase").keys == (KEY_2,)
    assert keystore.unlock_with_recovery(middle, CODE_2) == KEY_2
    turned = middle.read_bytes()
    keystore.upgrade_slot(middle, KEY_2, keystore.open_slot(middle, "nurse-1", PASS_1), PASS_1)
    assert middle.read_bytes() == turned


def test_a_file_of_version_2_becomes_one_of_today_with_any_change(middle: Path) -> None:
    keystore.add_user(middle, KEY_2, "nurse-4", OTHER)
    assert keystore.read(middle).version == 3
    assert keystore.unlock(middle, "nurse-1", PASS_1) == KEY_2


def test_a_file_of_version_2_that_was_changed_is_a_forged_one(middle: Path) -> None:
    body, signed = parts(middle)
    body["slots"][0]["must_change"] = True
    forge(middle, body, signed)
    with pytest.raises(ForgedKeys):
        keystore.unlock(middle, "nurse-1", PASS_1)


def test_neither_version_has_what_is_the_others(
    file: Path, made: keystore.NewKeys, middle: Path
) -> None:
    before, today = parts(middle), parts(file)
    for body, signed in (
        ({**before[0], "version": 3, "number": 1}, before[1]),
        ({**before[0], "number": 1}, before[1]),
        ({**today[0], "version": 2}, today[1]),
        ({**today[0], "number": 0}, today[1]),
    ):
        forge(file, body, signed)
        with pytest.raises(KeyslotDamaged):
            keystore.unlock(file, "nurse-1", PASS)


# Sealing


def test_the_example_of_the_rfc_opens() -> None:
    """So the check below is one of RFC 9180 and not of a mistake that both have made."""
    assert hpke.opened(**hpke.EXAMPLE) == b"Beauty is truth, truth beauty"


def test_a_slot_is_sealed_as_the_rfc_says_to_its_own_kind_and_staff_code() -> None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    pair = X25519PrivateKey.generate()
    private, public = pair.private_bytes_raw(), pair.public_key().public_bytes_raw()
    sealed = keyslots._seal("passphrase", "nurse-1", public, KEY_2)
    info = b"porras-keys 3\0passphrase\0nurse-1"
    assert hpke.opened(private=private, sealed=sealed, info=info) == KEY_2
    for other in (b"porras-keys 3\0recovery\0nurse-1", b"porras-keys 3\0passphrase\0nurse-2"):
        with pytest.raises(InvalidTag):
            hpke.opened(private=private, sealed=sealed, info=other)


def test_a_sealed_key_is_no_other_slots(file: Path, made: keystore.NewKeys) -> None:
    slot = keyslots.make("passphrase", "nurse-2", OTHER, (made.key,))
    private = keyslots.unwrap(slot, OTHER)
    assert private is not None
    assert keyslots.sealed_keys(slot, private) == (made.key,)
    for change in ({"handle": "nurse-3"}, {"kind": "recovery"}):
        assert keyslots.sealed_keys(slot.model_copy(update=change), private) is None


def test_each_change_has_a_higher_number(file: Path, made: keystore.NewKeys) -> None:
    numbers = [keystore.state(file, made.key).number]
    for change in (
        lambda: keystore.add_user(file, made.key, "nurse-2", OTHER),
        lambda: keystore.bind(file, made.key, "nurse-2", "maija"),
        lambda: keystore.change_passphrase(file, "nurse-1", PASS, OTHER),
        lambda: keystore.renew_recovery(file, made.key),
        lambda: keystore.remove_user(file, made.key, "nurse-2", {"nurse-1"}),
    ):
        change()
        numbers.append(keystore.state(file, made.key).number)
    assert numbers == [1, 2, 3, 4, 5, 6]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes and devices of Unix")
@pytest.mark.parametrize("odd", ["pipe", "device"])
def test_a_pipe_or_device_in_its_place_hangs_nothing(
    file: Path, made: keystore.NewKeys, odd: str
) -> None:
    file.unlink()
    os.mkfifo(file) if odd == "pipe" else file.symlink_to("/dev/zero")
    with pytest.raises(KeyslotDamaged):
        keystore.unlock(file, "nurse-1", PASS)
    with pytest.raises(KeyslotDamaged):
        keystore.add_user(file, made.key, "nurse-2", OTHER)
