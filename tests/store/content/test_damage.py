"""If these fail, a workplace is without pathways, or on older ones, once a file is damaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from store import errors
from store.content.chosen import OURS, Chosen
from store.content.places import RECORD, choose
from store.content.receiving import alone, go_back
from store.installation.file_list import LIST
from store.paths import PATHWAYS as OURS_FOLDER
from tests.store.content.made import Author, install
from tests.store.installation.signed import needs_ssh_keygen

pytestmark = needs_ssh_keygen
RULES = "pathways/small/rules.toml"


def no_number(place: Path) -> None:
    (place / "current").unlink()


def no_rules(place: Path) -> None:
    (place / "0001" / RULES).unlink()


def no_about(place: Path) -> None:
    (place / "0001" / "content.toml").write_bytes(b"")


@pytest.mark.parametrize("damage", [no_number, no_rules, no_about])
def test_damage_does_not_let_an_older_version_in_unsaid(
    damage: Callable[[Path], None], place: Path, author: Author, first: Path, second: Path
) -> None:
    """Else an old stick, signed well, is put in unseen when one file was made unreadable."""
    install(place, second, author)
    damage(place)
    with pytest.raises(errors.ContentOlder):
        install(place, first, author)
    install(place, second, author)
    assert choose(place).title == "Invented 2.0"


def test_one_goes_back_to_what_comes_with_porras_whatever_became_of_the_contents(
    place: Path, author: Author, first: Path
) -> None:
    install(place, first, author)
    (place / "0001" / RECORD).unlink()
    with pytest.raises(errors.ContentDamaged):
        go_back(place)
    for ready in (place, place.with_name("never")):
        with alone(ready):
            assert go_back(ready, ours=True) == OURS
        assert choose(ready) == Chosen(ready, number=OURS)


@pytest.mark.parametrize("file", [RULES, LIST, RECORD, "content.toml"])
def test_a_content_that_is_damaged_later_gives_way_to_the_one_before(
    file: str, place: Path, author: Author, first: Path, second: Path
) -> None:
    install(place, first, author)
    install(place, second, author)
    path = place / "0002" / file
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    chosen = choose(place)
    assert chosen.pathways == place / "0001" / "pathways"
    assert chosen.damage and chosen.damage.values["file"] == file
    assert set(chosen.holds) == (set() if file == RECORD else {"small"})
    path = place / "0001" / RULES
    path.unlink()
    assert choose(place).pathways == OURS_FOLDER
    assert install(place, second, author) == "0003"
    assert choose(place).damage is None


@pytest.mark.parametrize("told", [None, b"", b"0007\n", b"x" * 200, b"\xff"])
def test_the_file_that_names_the_one_in_use_may_be_gone_or_damaged(
    told: bytes | None, place: Path, author: Author, first: Path, second: Path
) -> None:
    install(place, first, author)
    (place / "current").unlink()
    if told is not None:
        (place / "current").write_bytes(told)
    chosen = choose(place)
    assert chosen.damage
    assert chosen.pathways in (OURS_FOLDER, place / "0001" / "pathways")
    assert install(place, second, author) == "0002"
    assert choose(place).title == "Invented 2.0"
