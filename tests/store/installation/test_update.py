"""If these fail, an update leaves a workplace without Porras, or with a stranger's program."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from distribution.signing import seal
from store.errors import (
    BelongsToSystem,
    GlibcTooOld,
    NoAccess,
    NoOtherVersion,
    NoPackageFits,
    NoRoomToUpdate,
    NotAmongVersions,
    NothingThere,
    NoVersionBefore,
    OlderVersion,
    PackageBroken,
    PackageChanged,
    PackageNotItself,
    PackageNotThere,
    PackageUnfit,
    PackageUnsigned,
    SameVersion,
    SignatureWrong,
    StickGone,
    StoreError,
    SumsMissing,
    UpdateUnderWay,
    VersionDamaged,
    WrongPackage,
)
from store.files import drives, file_lock
from store.installation import layout, unpacking, update
from store.installation.file_list import LIST
from store.installation.offers import SUMS, named
from store.installation.package import VERSIONS, Kind, Package, read_package
from store.installation.self_check import examine
from store.installation.update import carry_out, plan, use
from tests.store.installation.made import Site, add_up, make_package, make_site, put_on_stick
from tests.store.installation.signed import needs_ssh_keygen

pytestmark = needs_ssh_keygen


def started(site: Site) -> str:
    """What the program says that the launcher would start."""
    name = layout.read_current(site.place)
    program = site.place / VERSIONS / str(name) / "porras"
    return subprocess.run([program], capture_output=True, text=True, check=True).stdout.strip()


def unchanged(site: Site) -> bool:
    """Whether the old version is in use, whole, and nothing lies beside it."""
    names = {path.name for path in (site.place / VERSIONS).iterdir()}
    return started(site) == "0.2.0" and names == {"0.2.0"} and not examine(site.package).differences


def test_a_newer_package_of_a_stick_is_in_use_and_the_one_before_stays(site: Site) -> None:
    done = carry_out(plan(site.stick, site.package))
    assert (done.name, done.before, done.removed) == ("0.3.0", "0.2.0", ())
    assert started(site) == "0.3.0"
    fresh = read_package(site.place / VERSIONS / "0.3.0")
    found = examine(fresh)
    assert not found.differences
    assert found.signer
    # Others who share the computer can start it, whatever this user's mask is.
    for path in fresh.folder.rglob("*"):
        wanted = 0o755 if path.is_dir() or path.name == "porras" else 0o644
        assert stat.S_IMODE(path.stat().st_mode) == wanted
    assert stat.S_IMODE((site.place / "current").stat().st_mode) == 0o644
    back = use(fresh)
    assert back.name == "0.2.0"
    assert started(site) == "0.2.0"
    # What lies here already and is whole is only named again.
    again = plan(site.stick, site.package)
    assert again.whole
    carry_out(again)
    assert started(site) == "0.3.0"


def test_the_package_itself_may_be_named(site: Site) -> None:
    assert plan(site.newer, site.package).offer.version == "0.3.0"


def test_the_last_two_versions_are_kept(site: Site, makers: Path, tmp_path: Path) -> None:
    carry_out(plan(site.stick, site.package))
    newest = make_package(tmp_path / "made" / "0.10.0", makers, "0.10.0")
    put_on_stick(site.stick, newest, makers)
    done = carry_out(plan(site.stick, read_package(site.place / VERSIONS / "0.3.0")))
    assert (done.name, done.before, done.removed) == ("0.10.0", "0.3.0", ("0.2.0",))


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="reads /proc")
def test_a_version_from_which_a_program_runs_is_not_removed(site: Site) -> None:
    waiting = site.package.folder / "porras"
    waiting.write_text("#!/bin/sh\necho runs\nread x\n")
    pipe = subprocess.PIPE
    with subprocess.Popen([waiting], stdin=pipe, stdout=pipe) as running:
        assert running.stdout is not None
        running.stdout.readline()  # until then the system may not tell yet what it is
        assert layout.clear(site.place, keep=set()) == []
        running.communicate(b"\n")
    assert layout.clear(site.place, keep=set()) == ["0.2.0"]


def test_the_same_version_is_put_in_anew_under_a_name_of_its_own(
    site: Site, makers: Path, tmp_path: Path
) -> None:
    same = make_package(tmp_path / "made" / "0.2.0", makers, "0.2.0")
    stick = tmp_path / "other"
    put_on_stick(stick, same, makers)
    with pytest.raises(SameVersion):
        plan(stick, site.package)
    (site.package.folder / "_internal" / "part0" / "lib0.so").unlink()
    done = carry_out(plan(stick, site.package, again=True))
    assert done.name == "0.2.0-2"
    assert not examine(read_package(site.place / VERSIONS / done.name)).differences


def test_what_another_kind_or_system_needs_is_passed_over(site: Site, makers: Path) -> None:
    for name in (
        "porras-0.9.0-linux-riscv64.tar.gz",
        "porras-0.9.0-windows-x86_64.zip",
        "porras-0.9.0-wheelhouse.zip",
        "porras_0.9.0_amd64.deb",
        "porras-0.9.0-1.x86_64.rpm",
        "notes.txt",
    ):
        (site.stick / name).write_bytes(b"")
    add_up(site.stick, makers)
    assert plan(site.stick, site.package).offer.version == "0.3.0"
    site.newer.unlink()
    add_up(site.stick, makers)
    with pytest.raises(NoPackageFits):
        plan(site.stick, site.package)


def test_a_package_of_a_distribution_is_proven_and_left_to_its_own_tool(
    site: Site, makers: Path
) -> None:
    machine = site.package.system.partition("-")[2]
    for name in (f"porras_0.3.0_{machine}.deb", f"porras-0.3.0-1.{machine}.rpm"):
        (site.stick / name).write_bytes(b"made up")
    add_up(site.stick, makers)
    for kind in ("deb", "rpm"):
        made = plan(site.stick, site.package._replace(kind=kind))
        assert made.offer.path.suffix == f".{kind}"
        update.prove_file(made)
        made.offer.path.write_bytes(b"made Up")
        with pytest.raises(PackageChanged):
            update.prove_file(made)


def test_a_zip_of_windows_is_unpacked_by_the_same_code(tmp_path: Path, makers: Path) -> None:
    site = make_site(tmp_path, makers, "windows")
    carry_out(plan(site.stick, site.package._replace(system="windows-x86_64")))
    assert started(site) == "0.3.0"


# -- refused before anything changes ------------------------------------------------------------


def pull_out(site: Site) -> None:
    site.newer.unlink()


def lose_sums(site: Site) -> None:
    (site.stick / SUMS).unlink()


def half(site: Site) -> None:
    site.newer.write_bytes(site.newer.read_bytes()[: site.newer.stat().st_size // 2])


def flipped(site: Site) -> None:
    content = bytearray(site.newer.read_bytes())
    content[len(content) // 2] ^= 1
    site.newer.write_bytes(content)


def unsigned(site: Site) -> None:
    add_up(site.stick, None)


def signed_then_changed(site: Site) -> None:
    flipped(site)
    kept = (site.stick / f"{SUMS}.sig").read_bytes()
    add_up(site.stick, None)
    (site.stick / f"{SUMS}.sig").write_bytes(kept)


def one_more(site: Site) -> None:
    repack(site, lambda folder: (folder / "more").write_text("x"))


def one_other(site: Site) -> None:
    repack(site, lambda folder: (folder / "_internal/part0/lib0.so").write_text("x"))


def one_less(site: Site) -> None:
    repack(site, lambda folder: (folder / "_internal/part0/lib0.so").unlink())


def without_list(site: Site) -> None:
    repack(site, lambda folder: (folder / LIST).unlink())


def list_unsigned(site: Site) -> None:
    def change(folder: Path) -> None:
        for path in folder.glob(f"{LIST}*"):
            path.unlink()
        seal(folder, None)

    repack(site, change)


def repack(site: Site, change: Callable[[Path], object]) -> None:
    """Change the files of the newer version and put it on the stick again, with good sums."""
    folder = site.stick.parent / "made" / "0.3.0"
    change(folder)
    system = site.package.system
    put_on_stick(site.stick, Package(folder, "folder", "0.3.0", system, ""), site.key)


def says(**other: str) -> Callable[[Site], None]:
    def remake(site: Site) -> None:
        said = {"version": "0.3.0", "system": site.package.system} | other
        folder = site.stick.parent / "made" / "0.3.0"
        make_package(
            folder,
            site.key,
            said["version"],
            "folder",
            system=said["system"],
            glibc=said.get("glibc", ""),
        )
        told = Package(folder, "folder", "0.3.0", site.package.system, "")
        put_on_stick(site.stick, told, site.key)

    return remake


REFUSED: dict[str, tuple[Callable[[Site], object], type[StoreError]]] = {
    "the stick is gone": (pull_out, StickGone),
    "no sums": (lose_sums, SumsMissing),
    "half a package": (half, PackageChanged),
    "a flipped bit": (flipped, PackageChanged),
    "nobody signed": (unsigned, PackageUnsigned),
    "changed after it was signed": (signed_then_changed, SignatureWrong),
    "a file too many": (one_more, PackageNotItself),
    "another file": (one_other, PackageNotItself),
    "a file is missing": (one_less, PackageNotItself),
    "no list": (without_list, PackageBroken),
    "its list is not signed": (list_unsigned, SignatureWrong),
    "an old glibc": (says(glibc="2.99"), GlibcTooOld),
    "another system within": (says(system="linux-riscv64"), WrongPackage),
    "another version within": (says(version="0.2.9"), WrongPackage),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_is_told_and_the_old_version_stays(site: Site, case: str) -> None:
    spoil, refusal = REFUSED[case]
    spoil(site)
    with pytest.raises(refusal) as refused:
        carry_out(plan(site.stick, site.package))
    assert "{" not in str(refused.value)
    assert unchanged(site)


def test_the_signature_of_a_stranger_is_refused_whatever_is_asked(
    site: Site, stranger: Path
) -> None:
    add_up(site.stick, stranger)
    with pytest.raises(SignatureWrong):
        plan(site.stick, site.package, unsigned=True)
    assert unchanged(site)


def test_an_unsigned_package_is_taken_when_that_is_asked(site: Site, tmp_path: Path) -> None:
    stick = tmp_path / "unsigned"
    put_on_stick(stick, make_package(tmp_path / "made" / "own", None, "0.3.0"), None)
    with pytest.raises(PackageUnsigned):
        plan(stick, site.package)
    carry_out(plan(stick, site.package, unsigned=True))
    assert started(site) == "0.3.0"


def test_an_installation_that_knows_no_signer_takes_nothing_unasked(
    tmp_path: Path, makers: Path
) -> None:
    site = make_site(tmp_path, makers)
    folder = site.package.folder
    for path in (*folder.glob(f"{LIST}*"), folder / "allowed_signers"):
        path.unlink()
    with pytest.raises(PackageUnsigned):
        plan(site.stick, site.package)
    carry_out(plan(site.stick, site.package, unsigned=True))
    assert started(site) == "0.3.0"  # which knows who may sign the next one


def test_an_older_package_is_told_with_the_way_back(
    site: Site, makers: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "old"
    put_on_stick(stick, make_package(tmp_path / "made" / "0.1.0", makers, "0.1.0"), makers)
    with pytest.raises(OlderVersion) as refused:
        plan(stick, site.package)
    assert "--back" in str(refused.value)


def test_a_folder_that_is_not_there_is_told(site: Site, tmp_path: Path) -> None:
    with pytest.raises(NothingThere):
        plan(tmp_path / "not here", site.package)


def test_a_package_unpacked_by_hand_has_no_place_for_another(site: Site, tmp_path: Path) -> None:
    alone = site.package.folder.rename(tmp_path / "alone")
    with pytest.raises(NotAmongVersions):
        plan(site.stick, read_package(alone))


def test_little_room_is_told_before_anything_is_written(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drives, "free_bytes", lambda _: update.RESERVE)
    with pytest.raises(NoRoomToUpdate):
        plan(site.stick, site.package)
    monkeypatch.undo()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    made = plan(site.stick, site.package)
    room = update.RESERVE + site.newer.stat().st_size
    monkeypatch.setattr(drives, "free_bytes", lambda _: room)
    with pytest.raises(NoRoomToUpdate):  # once the size of what is in it is known
        carry_out(made)
    assert unchanged(site)


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user")
def test_who_may_not_write_the_folder_is_told_whose_it_is(site: Site, tmp_path: Path) -> None:
    for path in (*tmp_path.parents, tmp_path, *tmp_path.rglob("*")):
        if path.is_relative_to("/tmp/pytest-of-root") and path.is_dir():
            path.chmod(0o755)
    os.seteuid(65534)
    try:
        with pytest.raises(NoAccess):
            plan(site.stick, site.package)
    finally:
        os.seteuid(0)


@pytest.mark.parametrize(("kind", "tool"), [("deb", "apt install"), ("rpm", "dnf downgrade")])
def test_the_tool_of_the_system_is_named_for_the_way_back(
    site: Site, kind: Kind, tool: str
) -> None:
    with pytest.raises(BelongsToSystem) as refused:
        use(site.package._replace(kind=kind))
    assert tool in str(refused.value)


def test_a_package_that_the_sums_name_and_that_is_not_there_is_told(site: Site) -> None:
    pull_out(site)
    with pytest.raises(PackageNotThere):
        carry_out(plan(site.stick, site.package))


def test_two_updates_at_once_do_not_meet(site: Site) -> None:
    made = plan(site.stick, site.package)
    with file_lock.alone(site.place / layout.CURRENT), pytest.raises(UpdateUnderWay):
        carry_out(made)
    assert carry_out(made).name == "0.3.0"


def test_going_back_needs_a_version_that_is_whole(site: Site) -> None:
    with pytest.raises(NoVersionBefore):
        use(site.package)
    carry_out(plan(site.stick, site.package))
    fresh = read_package(site.place / VERSIONS / "0.3.0")
    (site.package.folder / "_internal" / "part0" / "lib0.so").write_text("x")
    with pytest.raises(VersionDamaged):
        use(fresh)
    assert started(site) == "0.3.0"
    with pytest.raises(NoOtherVersion):
        use(fresh, "../0.2.0")


# -- archives of anybody ------------------------------------------------------------------------


def tar(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for member, content in members:
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def entry(name: str, kind: bytes = tarfile.REGTYPE, to: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, to
    return member


WAYS_OUT = {
    "above": entry("../out"),
    "above within": entry("a/../../out"),
    "absolute": entry("/tmp/out"),
    "a drive": entry("C:/out"),
    "backslash": entry("a\\..\\out"),
    "control": entry("a\x1bb"),
    "too long": entry("a/" * 100 + "b" * 200),
    "a link": entry("a", tarfile.SYMTYPE, "/etc"),
    "a hard link": entry("a", tarfile.LNKTYPE, "../out"),
    "a device": entry("a", tarfile.CHRTYPE),
    "a pipe": entry("a", tarfile.FIFOTYPE),
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_nothing_of_an_archive_comes_out_of_its_folder(tmp_path: Path, way: str) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    archive = tar(tmp_path / "x.tar.gz", (WAYS_OUT[way], b""))
    with pytest.raises(PackageUnfit):
        unpacking.unpack(archive, inside)
    assert not any(inside.rglob("*"))
    assert {path.name for path in tmp_path.iterdir()} == {"in", "x.tar.gz"}


def test_two_files_of_one_name_are_refused_also_in_other_letters(tmp_path: Path) -> None:
    archive = tar(tmp_path / "x.tar.gz", (entry("a/B"), b"1"), (entry("A/b"), b"2"))
    with pytest.raises(PackageUnfit):
        unpacking.survey(archive)


def test_an_archive_that_swells_is_refused_before_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "MOST_BYTES", 1000)
    archive = tar(tmp_path / "x.tar.gz", *((entry(f"f{n}"), b"0" * 300) for n in range(4)))
    with pytest.raises(PackageUnfit):
        unpacking.survey(archive)
    monkeypatch.setattr(unpacking, "MOST_FILES", 3)
    many = tar(tmp_path / "y.tar.gz", *((entry(f"f{n}"), b"") for n in range(4)))
    with pytest.raises(PackageUnfit):
        unpacking.survey(many)


def test_a_zip_with_a_link_or_another_size_than_it_says_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    link = zipfile.ZipInfo("a")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc")
    with pytest.raises(PackageUnfit):
        unpacking.survey(path)


@pytest.mark.parametrize("cut", [1, 100, 0.3, 0.5, 0.9])
def test_half_an_archive_is_broken_and_nothing_else(site: Site, tmp_path: Path, cut: float) -> None:
    content = site.newer.read_bytes()
    end = int(len(content) * cut) if isinstance(cut, float) else cut
    path = tmp_path / "half.tar.gz"
    path.write_bytes(content[:end])
    with pytest.raises(PackageBroken):
        unpacking.survey(path)
        unpacking.unpack(path, tmp_path / "made")


def test_versions_follow_one_another_by_their_numbers() -> None:
    ordered = ["0.9.0rc1", "0.9.0", "0.9.0-2", "0.10.0", "1.0.0"]
    assert sorted(sorted(ordered), key=layout.order) == ordered


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("porras-0.3.0-linux-x86_64.tar.gz", ("folder", "0.3.0", "linux-x86_64")),
        ("porras-0.3.0-windows-x86_64.zip", ("windows", "0.3.0", "windows-x86_64")),
        ("porras_0.3.0_arm64.deb", ("deb", "0.3.0", "linux-aarch64")),
        ("porras-0.3.0-1.aarch64.rpm", ("rpm", "0.3.0", "linux-aarch64")),
        ("porras-x-linux-x86_64.tar.gz", None),
        ("porras-0.3.0.tar.gz", None),
    ],
)
def test_a_package_is_known_by_its_name(name: str, told: tuple[str, str, str] | None) -> None:
    found = named(Path(name))
    assert (found and found[1:4]) == told
