"""If these fail, a content that nobody signed is used, or what was in use is lost."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest

from store import errors
from store.content.chosen import OURS, Chosen
from store.content.files import MOST_BYTES
from store.content.places import RECORD, check_sound, choose, numbers
from store.content.receiving import KEPT, alone, check_wanted, go_back, receive
from store.content.signers import find_signers
from store.files import regular_files
from store.installation import file_list
from store.installation.file_list import LIST, SIGNATURE
from store.paths import PATHWAYS as OURS_FOLDER
from tests.store.content.made import Author, install, new_author
from tests.store.installation.signed import needs_ssh_keygen

pytestmark = needs_ssh_keygen


def stick(source: Path, tmp_path: Path) -> Path:
    """A copy that may be spoiled."""
    return Path(shutil.copytree(source, tmp_path / "stick"))


def nothing_left(place: Path) -> bool:
    """Whether nothing lies there but the lock."""
    return [path.name for path in place.iterdir()] in ([], ["current.lock"])


def test_a_content_comes_into_use_as_it_was_signed(
    place: Path, author: Author, first: Path
) -> None:
    assert install(place, first, author) == "0001"
    chosen = choose(place)
    assert (chosen.pathways, chosen.damage) == (place / "0001" / "pathways", None)
    record = check_sound(place / "0001")
    assert (record.title, record.signer, record.before) == ("Invented 1.0", "county", OURS)
    assert record.key == author.signers[0].fingerprint
    assert file_list.measure(place / "0001", (LIST, SIGNATURE, RECORD)) == file_list.measure(first)


def test_nothing_installed_means_what_comes_with_porras(place: Path) -> None:
    assert choose(place) == Chosen(place)
    assert Chosen(place).pathways == OURS_FOLDER


def test_the_same_content_twice_changes_nothing(place: Path, author: Author, first: Path) -> None:
    install(place, first, author)
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    assert install(place, first, author) is None
    after = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    del before[place / "current.lock"], after[place / "current.lock"]
    assert after == before


def test_an_older_version_is_taken_only_if_that_was_said(
    place: Path, author: Author, first: Path, second: Path
) -> None:
    install(place, second, author)
    with pytest.raises(errors.ContentOlder):
        install(place, first, author)
    assert choose(place).title == "Invented 2.0"
    assert install(place, first, author, older=True) == "0002"
    assert choose(place).title == "Invented 1.0"


def test_two_contents_with_one_version_are_told_apart(
    place: Path, author: Author, first: Path
) -> None:
    install(place, first, author)
    with pytest.raises(errors.ContentOlder):
        install(place, author.pack("1.0", name="other", title="Another"), author)


def test_one_goes_back_step_by_step_to_what_comes_with_porras(
    place: Path, author: Author, first: Path, second: Path
) -> None:
    install(place, first, author)
    install(place, second, author)
    titles = []
    for _ in range(2):
        go_back(place)
        titles.append(choose(place).title)
    assert titles == ["Invented 1.0", ""]
    with pytest.raises(errors.NoEarlierContent):
        go_back(place)
    assert choose(place).pathways == OURS_FOLDER


def test_what_was_gone_back_from_is_not_what_was_before(
    place: Path, author: Author, first: Path, second: Path
) -> None:
    """Else a content that was found wrong comes back by going back from its remedy."""
    install(place, first, author)
    install(place, second, author)
    go_back(place)
    install(place, author.pack("3.0", name="third"), author)
    assert go_back(place) == "0001"


def test_the_last_three_are_kept(place: Path, author: Author) -> None:
    for version in ("4.0", "5.0", "6.0", "7.0", "8.0"):
        install(place, author.pack(version), author)
    assert numbers(place) == ["0003", "0004", "0005"]
    assert len(numbers(place)) == KEPT
    go_back(place), go_back(place)
    with pytest.raises(errors.NoEarlierContent):
        go_back(place)
    assert choose(place).title == "Invented 6.0"


# -- what is refused ----------------------------------------------------------------------------

Spoil = Callable[[Path], object]
RULES = "pathways/small/rules.toml"


def relisted(folder: Path, path: str, content: bytes) -> None:
    """Put a file into a content and its list, which nobody has signed so."""
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(content)
    text = file_list.write(file_list.measure(folder))
    (folder / LIST).write_text(text, "utf-8")


SPOILED: dict[str, tuple[Spoil, type[errors.StoreError]]] = {
    "no list": (lambda at: (at / LIST).unlink(), errors.NoContent),
    "no signature": (lambda at: (at / SIGNATURE).unlink(), errors.ContentUnsigned),
    "a signature of nothing": (lambda at: (at / SIGNATURE).write_text("-"), errors.SignatureWrong),
    "a long signature": (
        lambda at: (at / SIGNATURE).write_bytes(b"-" * 5000),
        errors.ContentTooLarge,
    ),
    "half a folder": (lambda at: (at / RULES).unlink(), errors.ContentCutShort),
    "no content.toml": (lambda at: (at / "content.toml").unlink(), errors.ContentCutShort),
    "a changed byte": (
        lambda at: (at / RULES).write_bytes((at / RULES).read_bytes().replace(b"a", b"b", 1)),
        errors.ContentChanged,
    ),
    "half a file": (
        lambda at: (at / RULES).write_bytes((at / RULES).read_bytes()[:100]),
        errors.ContentChanged,
    ),
    "a huge file": (
        lambda at: (at / RULES).write_bytes(b"#" * 2_000_001),
        errors.ContentTooLarge,
    ),
    "a changed list": (
        lambda at: (at / LIST).write_bytes((at / LIST).read_bytes().replace(b"0", b"1", 1)),
        errors.SignatureWrong,
    ),
    "a list that leads out": (
        lambda at: (at / LIST).write_text(f"{'0' * 64}  ../outside.toml\n"),
        errors.FileListUnreadable,
    ),
    "one more file in the list": (
        lambda at: relisted(at, "pathways/small/more.toml", b""),
        errors.SignatureWrong,
    ),
    "a program": (lambda at: relisted(at, "pathways/run.py", b""), errors.ContentNameUnfit),
    "a hidden file": (lambda at: relisted(at, "pathways/.x.toml", b""), errors.ContentNameUnfit),
    "a device of Windows": (
        lambda at: relisted(at, "pathways/small/con.toml", b""),
        errors.ContentNameUnfit,
    ),
    "a folder that is a device of Windows": (
        lambda at: relisted(at, "pathways/com\N{SUPERSCRIPT ONE}/x.toml", b""),
        errors.ContentNameUnfit,
    ),
    "beside the pathways": (lambda at: relisted(at, "other/x.toml", b""), errors.ContentNameUnfit),
    "the record of a site": (lambda at: relisted(at, RECORD, b""), errors.ContentNameUnfit),
    "deep folders": (
        lambda at: relisted(at, "pathways/a/b/c/d.toml", b""),
        errors.ContentNameUnfit,
    ),
    "one name in two ways": (
        lambda at: relisted(at, "pathways/small/RULES.toml", b""),
        errors.ContentNameUnfit,
    ),
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_what_is_not_as_it_was_signed_is_refused_and_nothing_changes(
    spoiled: str, place: Path, author: Author, first: Path, second: Path, tmp_path: Path
) -> None:
    spoil, refusal = SPOILED[spoiled]
    install(place, first, author)
    there = stick(second, tmp_path)
    spoil(there)
    with pytest.raises(refusal) as refused:
        install(place, there, author)
    assert str(refused.value)
    assert choose(place).title == "Invented 1.0"
    assert sorted(path.name for path in place.iterdir()) == ["0001", "current", "current.lock"]


@pytest.mark.skipif(os.name != "posix", reason="needs links")
@pytest.mark.parametrize("linked", [RULES, "pathways/small", "pathways"])
def test_a_link_is_no_file_nor_folder_of_a_content(
    place: Path, author: Author, first: Path, tmp_path: Path, linked: str
) -> None:
    there = stick(first, tmp_path)
    (there / linked).rename(tmp_path / "elsewhere")
    (there / linked).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(errors.ContentNameUnfit):
        install(place, there, author)


@pytest.mark.skipif(os.name != "posix", reason="needs links")
def test_a_content_may_be_named_by_a_link(
    place: Path, author: Author, first: Path, tmp_path: Path
) -> None:
    """As the folder in which a desktop shows a stick."""
    (tmp_path / "stick").symlink_to(first)
    assert install(place, tmp_path / "stick", author) == "0001"


def test_what_lies_beside_on_the_stick_is_passed_over(
    place: Path, author: Author, first: Path, tmp_path: Path
) -> None:
    """A computer lays its own files on a stick; what nobody signed is not copied."""
    there = stick(first, tmp_path)
    for name in (".DS_Store", "pathways/desktop.ini", "pathways/small/evil.toml"):
        (there / name).write_bytes(b"x")
    install(place, there, author)
    assert not [*place.rglob("evil.toml"), *place.rglob("desktop.ini")]
    assert choose(place).damage is None


def test_a_stranger_is_refused_also_where_unsigned_is_taken(
    place: Path, first: Path, tmp_path: Path, author: Author
) -> None:
    stranger = new_author(tmp_path / "stranger")
    for unsigned in (False, True):
        with (
            pytest.raises(errors.SignatureWrong),
            alone(place),
            receive(place, first, stranger.signers, unsigned=unsigned),
        ):
            pass
    with pytest.raises(errors.NoSigners), alone(place), receive(place, first, ()):
        pass
    bare = author.pack("1.0", signed=False)
    with alone(place), receive(place, bare, author.signers, unsigned=True) as staged:
        assert staged.signer is None
    assert nothing_left(place)


def test_a_key_for_packages_signs_no_content(
    place: Path, first: Path, author: Author, tmp_path: Path
) -> None:
    line = f'county namespaces="porras-package" {author.signers[0].key}\n'
    signers = tmp_path / "signers"
    signers.write_text(line)
    assert find_signers(signers) == ()
    signers.write_text(line.replace("package", "content"))
    assert find_signers(signers) == author.signers


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_a_file_of_signers_that_others_may_write_or_replace_vouches_for_nobody(
    author: Author, tmp_path: Path
) -> None:
    folder = tmp_path / "etc"
    folder.mkdir(mode=0o755)
    signers = folder / "signers"
    signers.write_text(f"county {author.signers[0].key}\n")
    signers.chmod(0o644)
    assert find_signers(signers)
    for path, mode, before in ((signers, 0o666, 0o644), (folder, 0o777, 0o755)):
        path.chmod(mode)
        with pytest.raises(errors.SignersOpen) as refused:
            find_signers(signers)
        assert refused.value.values == {"file": str(signers), "path": str(path)}
        path.chmod(before)
    with pytest.raises(errors.SignersGone):
        find_signers(tmp_path / "none")


def test_a_content_that_needs_a_later_porras_is_refused(
    place: Path, author: Author, first: Path
) -> None:
    with alone(place), receive(place, first, author.signers) as staged:
        with pytest.raises(errors.ContentTooNew):
            check_wanted(staged, "0.1.9", older=False)
        assert check_wanted(staged, "0.10", older=False)


def test_a_full_disk_leaves_what_was_in_use(
    place: Path, author: Author, first: Path, second: Path
) -> None:
    install(place, first, author)
    room = iter([None] * 4)

    def full(descriptor: int) -> None:
        if next(room, "full") == "full":
            raise OSError(errno.ENOSPC, "full")

    with patch("os.fsync", full), pytest.raises(errors.DiskFull):
        install(place, second, author)
    assert choose(place).title == "Invented 1.0"
    assert sorted(path.name for path in place.iterdir()) == ["0001", "current", "current.lock"]
    assert install(place, second, author) == "0002"


def test_a_stick_that_is_pulled_out_is_told_and_changes_nothing(
    place: Path, author: Author, first: Path, second: Path
) -> None:
    install(place, first, author)
    read = regular_files.read

    def pulled(path: Path, most: int, *, links: bool = True) -> bytes:
        if path == second / RULES:
            raise OSError(errno.EIO, "gone")
        return read(path, most, links=links)

    with (
        patch("store.files.regular_files.read", pulled),
        pytest.raises(errors.ContentCutShort, match=r"rules\.toml"),
    ):
        install(place, second, author)
    assert choose(place).title == "Invented 1.0"


def test_one_at_a_time(place: Path, author: Author, first: Path) -> None:
    with (
        patch("store.content.receiving._WAIT_S", 0.0),
        alone(place),
        pytest.raises(errors.ContentBusy),
    ):
        install(place, first, author)


def test_a_content_may_not_be_larger_than_all_of_its_files_together(
    place: Path, author: Author, first: Path
) -> None:
    assert MOST_BYTES > 10_000_000
    with patch("store.content.files.MOST_BYTES", 1000), pytest.raises(errors.ContentTooLarge):
        install(place, first, author)
