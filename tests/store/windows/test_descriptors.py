"""Who may use a file of Windows, by the text that the system gives of its rights."""

from __future__ import annotations

import pytest

from store.windows import descriptors
from store.windows.descriptors import READ, REPLACE, others, parse

ME = "S-1-5-21-1111-2222-3333-1001"
OTHER = "S-1-5-21-1111-2222-3333-1002"

INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
"""`NT SERVICE\\TrustedInstaller`, the same on every Windows."""

OF_A_PROFILE = f"O:{ME}D:(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIID;FA;;;{ME})"
OF_A_DISK = (
    "O:BAD:AI(A;ID;FA;;;BA)(A;OICIIOID;GA;;;BA)(A;ID;FA;;;SY)(A;OICIIOID;GA;;;SY)"
    "(A;OICIID;0x1200a9;;;BU)(A;ID;0x1301bf;;;AU)(A;OICIIOID;SDGXGWGR;;;AU)"
)
"""What a folder gets that an administrator makes on a disk of its own, as `C:\\Data`."""


def test_a_folder_of_a_profile_is_its_owners() -> None:
    found = parse(OF_A_PROFILE)
    assert found.owner == ME
    assert not found.protected
    assert others(found, ME, READ) == others(found, ME, REPLACE) == ()


def test_a_folder_of_a_disk_is_everybodys() -> None:
    found = parse(OF_A_DISK)
    assert others(found, ME, READ) == ("BU", "AU")
    assert others(found, ME, REPLACE) == ("AU",)


def test_an_owner_who_is_somebody_else_is_told() -> None:
    theirs = ((OTHER, OTHER), (f"{INSTALLER}1", f"{INSTALLER}1"))
    for owner, strange in ((ME, None), ("BA", None), ("SY", None), (INSTALLER, None), *theirs):
        found = parse(f"O:{owner}D:P(A;;FA;;;{ME})")
        assert descriptors.strange_owner(found, ME) == strange
    assert descriptors.strange_owner(parse("D:P"), ME) is None


def test_without_a_list_everybody_may_all() -> None:
    for text in (f"O:{ME}", f"O:{ME}D:NO_ACCESS_CONTROL"):
        assert others(parse(text), ME, READ) == (descriptors.EVERYBODY,)
    assert others(parse(f"O:{ME}D:P"), ME, READ) == ()


@pytest.mark.parametrize(
    ("entry", "reads"),
    [
        (f"(A;;FR;;;{OTHER})", True),
        (f"(A;;0x1;;;{OTHER})", True),
        (f"(A;;CC;;;{OTHER})", True),
        (f"(A;;GR;;;{OTHER})", True),
        (f"(A;;0x120080;;;{OTHER})", False),  # to see that it is there
        (f"(A;OICIIO;FA;;;{OTHER})", False),  # what is made in it
        (f"(A;CIOI;FR;;;{OTHER})", True),
        (f"(D;;FA;;;{OTHER})", False),
        (f"(OA;;FR;0-0;;{OTHER})", True),
        (f'(XA;;FR;;;{OTHER};(WIN://SYSAPPID Contains "x"))', True),
        (f"(A;;FA;;;{ME})", False),
        ("(A;;FA;;;OW)", False),
        ("(A;;FA;;;S-1-5-21-9-9-9-512)", False),  # the administrators of a domain
        ("(A;;FA;;;S-1-5-21-9-9-9-5120)", True),
    ],
)
def test_who_else_may_read_is_found(entry: str, reads: bool) -> None:
    assert bool(others(parse(f"O:{ME}D:PAI{entry}"), ME, READ)) == reads


def test_what_is_made_is_its_makers_alone() -> None:
    for folder in (True, False):
        found = parse(f"O:{ME}" + descriptors.private(ME, folder=folder))
        assert found.protected
        assert {entry.who for entry in found.entries or ()} == {ME, "SY", "BA"}
        assert not others(found, ME, READ | REPLACE)
    assert not parse(descriptors.AS_FOLDER).protected


def test_a_class_is_read_by_all_and_nobody_touches_anothers_file() -> None:
    seats = parse(f"O:{ME}" + descriptors.shared(ME, writable=True))
    folder = parse(f"O:{ME}" + descriptors.shared(ME, writable=False))
    lays_files = 0x2
    assert others(seats, ME, READ) == others(folder, ME, READ) == ("AU",)
    assert others(seats, ME, lays_files) == ("AU",)
    assert others(folder, ME, lays_files) == ()
    assert others(seats, ME, REPLACE) == others(folder, ME, REPLACE) == ()
