"""Putting a newer package in the place of the one in use, and going back.

Everything is checked before the version in use changes: the sums of the packages and who has signed
them, the package itself, whether it runs here, room and rights. The new version is made whole
beside the others and gets its name by a rename; then `current` names it. Whatever cuts that short
leaves the version before in use, and the same command goes on.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from store.errors import (
    BelongsToSystem,
    FileListUnreadable,
    GlibcTooOld,
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
    PackageUnreadable,
    PackageUnsigned,
    SameVersion,
    SignatureWrong,
    StickGone,
    StoreBusy,
    UpdateUnderWay,
    VersionDamaged,
    WrongPackage,
)
from store.files import disk_errors, drives, durable, file_lock, ownership, regular_files
from store.installation import environment, file_list, layout, self_check, unpacking
from store.installation.offers import Offer, read_shelf
from store.installation.package import VERSIONS, Package, read_package
from store.installation.signature import Signer

Stage = Literal["copy", "unpack", "prove"]
"""What an update is busy with."""

RESERVE = 50 << 20
"""Bytes that stay free, so that records find room while the update is under way."""

_BLOCK = 1 << 20
_WAIT_S = 1.0
_BY_THE_SYSTEM = {"deb": "sudo apt install ./FILE", "rpm": "sudo dnf downgrade ./FILE"}
"""What goes back to a version that a tool of the system puts in place."""


class Plan(NamedTuple):
    """An update that was found possible; nothing is changed yet."""

    package: Package
    """The one that is installed."""
    offer: Offer
    signer: Signer | None
    signers: tuple[Signer, ...]
    """Whose signature counts here."""
    name: str
    """What the version will be called."""
    whole: bool
    """Whether it lies here already, as after an update that was cut short near its end."""


class Updated(NamedTuple):
    """An update that is done."""

    name: str
    before: str
    """The version that was in use, for the way back."""
    removed: tuple[str, ...]


def name_in_use(package: Package) -> str:
    """Return the name of the version that the next start would start."""
    installation = _installation(package)
    return layout.read_current(installation) or package.folder.name


def plan(place: Path, package: Package, *, unsigned: bool = False, again: bool = False) -> Plan:
    """Choose a package from a folder, or take the one that is named, and check what can be told.

    With `unsigned` a package is taken that nobody has signed; with `again` also the same version.

    Raises:
        NothingThere: If nothing is at that place; PackageUnsigned if nobody vouches for it.
        UpdateRefused: Why else there is no update; or what `offers.read_shelf` raises.
        NoAccess: If this user may not change the installation.
    """
    if not place.exists():
        raise NothingThere(path=str(place))
    signers = self_check.signers_of(package.folder)
    folder = place if place.is_dir() else place.parent
    with _reading(place):
        shelf = read_shelf(folder, signers)
    offer = _choose(place, package, shelf.offers)
    if shelf.signer is None and not unsigned:
        raise PackageUnsigned(name=offer.path.name)
    _refuse_older(package, offer, place, again=again)
    made = Plan(package, offer, shelf.signer, signers, offer.version, whole=False)
    if package.kind in {"deb", "rpm"}:
        return made
    installation = _installation(package)
    for path in (installation, installation / VERSIONS):
        if why := ownership.not_written(path):
            raise why
    if not again and _is_whole(installation / VERSIONS / offer.version, made):
        return made._replace(whole=True)
    _refuse_without_room(installation, _size(offer))
    return made._replace(name=layout.free_name(installation, offer.version))


def prove_file(made: Plan) -> None:
    """Read the file of a package, which another program will install, against its sum.

    Raises:
        PackageChanged: If it is not that one; StickGone.
    """
    with _reading(made.offer.path):
        if file_list.digest_of(made.offer.path) != made.offer.digest:
            raise PackageChanged(path=str(made.offer.path))


@disk_errors.as_file_work()
def carry_out(made: Plan, tell: Callable[[Stage], None] = lambda _: None) -> Updated:
    """Make the version, and use it from the next start on.

    Raises:
        UpdateRefused: If the package is not what it should be, or cannot run here.
        StoreError: If the disk does not take it; the version in use stays as it was.
    """
    installation = _installation(made.package)
    with _alone(installation), disk_errors.translated(installation):
        before = name_in_use(made.package)
        layout.clear(installation, keep=set(layout.list_versions(installation)))
        if not made.whole:
            _make(made, installation / VERSIONS, tell)
        layout.write_current(installation, made.name)
        keep = {made.name, before, made.package.folder.name}
        return Updated(made.name, before, tuple(layout.clear(installation, keep)))


@disk_errors.as_file_work()
def use(package: Package, name: str | None = None) -> Updated:
    """Go to another version that lies here: one by its name, or the one before that in use.

    Raises:
        NoOtherVersion: If there is none; NoVersionBefore if nothing was in use before.
        VersionDamaged: If it is not as its list says.
    """
    installation = _installation(package)
    with _alone(installation), disk_errors.translated(installation):
        now = name_in_use(package)
        wanted = name or layout.before(installation, now)
        other = layout.list_versions(installation).get(wanted or "")
        if wanted is None or other is None:
            if name is None:
                raise NoVersionBefore(path=str(installation))
            raise NoOtherVersion(path=str(installation), name=name)
        if damaged := self_check.examine(other).damaged:
            raise VersionDamaged(name=wanted, file=damaged)
        layout.write_current(installation, wanted)
        return Updated(wanted, now, ())


# What can be told before anything is written


def _installation(package: Package) -> Path:
    if command := _BY_THE_SYSTEM.get(package.kind):
        raise BelongsToSystem(path=str(package.folder), command=command)
    if package.installation is None:
        raise NotAmongVersions(path=str(package.folder))
    return package.installation


def _choose(place: Path, package: Package, offers: tuple[Offer, ...]) -> Offer:
    """Return the newest package of this kind, or the one that is named."""
    asked = [offer for offer in offers if place.is_dir() or offer.path.name == place.name]
    fitting = [offer for offer in asked if offer.fits(package)]
    if not fitting:
        raise NoPackageFits(path=str(place), kind=package.kind, system=package.system)
    return fitting[0]


def _refuse_older(package: Package, offer: Offer, place: Path, *, again: bool) -> None:
    told = {"version": package.version, "offered": offer.version, "path": str(place)}
    offered, installed = layout.order(offer.version), layout.order(package.version)
    if offered < installed:
        raise OlderVersion(**told)
    if offered == installed and not again:
        raise SameVersion(**told)


def _is_whole(folder: Path, made: Plan) -> bool:
    """Return whether a version that lies here is as its list says, and is vouched for as asked."""
    try:
        found = self_check.examine(read_package(folder))
    except (PackageUnreadable, OSError):
        return False
    vouched = made.signer is None or found.signer is not None
    return found.is_whole and vouched


def _size(offer: Offer) -> int:
    with _reading(offer.path):
        return offer.path.stat().st_size


def _refuse_without_room(installation: Path, size: int) -> None:
    free = drives.free_bytes(installation)
    if free < size + RESERVE:
        told = {"needed": (size + RESERVE) >> 20, "free": free >> 20}
        raise NoRoomToUpdate(path=str(installation), **told)


# Making the version


def _make(made: Plan, versions: Path, tell: Callable[[Stage], None]) -> None:
    part = Path(tempfile.mkdtemp(prefix=layout.PART, dir=versions))
    try:
        tell("copy")
        archive = _copy(made.offer, part / "package")
        found = _survey(made, archive)
        _refuse_unfit(made, found.package)
        _refuse_without_room(versions, found.size)
        tell("unpack")
        files = part / "files"
        files.mkdir()
        files.chmod(0o755)
        with _told_of(made.offer):
            unpacking.unpack(archive, files)
        tell("prove")
        folder = files / found.package.folder
        _prove(made, folder)
        if found.package.kind == "wheelhouse":
            folder = _of_wheelhouse(made, folder, part / "version", versions / made.name)
        _settle(folder, versions)
        folder.rename(versions / made.name)
        durable.sync_folder(versions)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _copy(offer: Offer, target: Path) -> Path:
    """Copy a package from its stick, and refuse another one than the sums tell of."""
    digest = hashlib.sha256()
    with _reading(offer.path), regular_files.open_regular(offer.path) as source:
        blocks = iter(lambda: source.read(_BLOCK), b"")
        with target.open("xb") as file:
            for block in blocks:
                digest.update(block)
                with disk_errors.translated(target):
                    file.write(block)
    if digest.hexdigest() != offer.digest:
        raise PackageChanged(path=str(offer.path))
    return target


@contextmanager
def _reading(place: Path) -> Iterator[None]:
    """Tell of a stick that was pulled out, or whose package is not there."""
    try:
        yield
    except OSError as error:
        gone = isinstance(error, FileNotFoundError) and place.parent.is_dir()
        raise (PackageNotThere if gone else StickGone)(path=str(place)) from None


@contextmanager
def _told_of(offer: Offer) -> Iterator[None]:
    """Name the package itself, where a fault would name its copy."""
    try:
        yield
    except (PackageBroken, PackageUnreadable) as error:
        raise PackageBroken(path=str(offer.path)) from error
    except FileListUnreadable:
        raise PackageNotItself(path=str(offer.path), file=file_list.LIST) from None


def _survey(made: Plan, archive: Path) -> unpacking.Survey:
    with _told_of(made.offer):
        return unpacking.survey(archive)


def _refuse_unfit(made: Plan, found: Package) -> None:
    """Refuse a package that says otherwise than its name, or cannot run on this computer."""
    here, offer = made.package, made.offer
    says = (found.kind, found.version, found.system)
    if says[:2] != (offer.kind, offer.version) or found.system not in {here.system, "any"}:
        wanted = " ".join((here.kind, offer.version, here.system))
        raise WrongPackage(path=str(offer.path), found=" ".join(says), wanted=wanted)
    if found.kind == "wheelhouse":
        environment.refuse_other_python(offer.path, found)
    ours = _glibc()
    if ours and found.glibc and layout.order(found.glibc) > layout.order(ours):
        raise GlibcTooOld(path=str(offer.path), needed=found.glibc, found=ours)


def _glibc() -> str:
    """Return the version of the system's C library; empty where it is another one."""
    if sys.platform == "win32":
        return ""
    names = getattr(os, "confstr_names", {})
    told = os.confstr("CS_GNU_LIBC_VERSION") if "CS_GNU_LIBC_VERSION" in names else None
    return (told or "").removeprefix("glibc ")


def _prove(made: Plan, folder: Path) -> None:
    """Refuse files that are not those of their own list, and a list that is not signed as the sums.

    Raises:
        PackageNotItself: Or SignatureWrong.
    """
    path = str(made.offer.path)
    with _told_of(made.offer):
        text = regular_files.read(folder / file_list.LIST, file_list.LARGEST_LIST)
        listed = file_list.parse(text, path)
    found = file_list.compare(folder, listed, set(file_list.files_in(folder)))
    if wrong := [*found.changed, *found.missing, *found.added]:
        raise PackageNotItself(path=path, file=wrong[0])
    if made.signer and self_check.read_signature(folder, text, made.signers) is None:
        raise SignatureWrong(path=path)


def _of_wheelhouse(made: Plan, folder: Path, version: Path, final: Path) -> Path:
    """Return the version that the installer of an unpacked wheelhouse has made, once it is proven.

    Raises:
        PackageDoesNotRun: Or PackageNotItself, SignatureWrong.
    """
    environment.make_version(made.offer.path, folder, version, final)
    found = self_check.examine(read_package(version))
    if not found.is_whole:
        raise PackageNotItself(path=str(made.offer.path), file=found.damaged or file_list.LIST)
    if made.signer:
        text = (version / file_list.LIST).read_bytes()
        if self_check.read_signature(version, text, made.signers) is None:
            raise SignatureWrong(path=str(made.offer.path))
    return version


def _settle(folder: Path, versions: Path) -> None:
    """Make a version durable, its owner that of the installation."""
    for below, _, names in os.walk(folder):
        for path in (Path(below) / name for name in names):
            if not path.is_symlink():  # which leads to the Python of the computer
                ownership.belong(path, versions)
                durable.sync_file(path)
        ownership.belong(Path(below), versions)
        durable.sync_folder(Path(below))


@contextmanager
def _alone(installation: Path) -> Iterator[None]:
    try:
        with file_lock.alone(installation / layout.CURRENT, _WAIT_S, beside=installation):
            yield
    except StoreBusy:
        raise UpdateUnderWay from None
