"""Installs Porras from the folder in which this lies; it needs Python alone, and no network.

`install.sh` starts it. An installation is a folder with a folder for each version; a version is
made beside the others, held against its list, tried, and only then used. Older Pythons can read
this file, so that they too get a sentence. Longer than most modules because it stands by itself: on
a stick it has no other module of ours beside it.
"""

from __future__ import annotations

import argparse
import compileall
import contextlib
import hashlib
import os
import platform
import py_compile
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
LIST, SIGNATURE, SIGNERS = "files.sha256", "files.sha256.sig", "allowed_signers"
ABOUT = "package.toml"
MADE_HERE = "made_here.sha256"
"""The list of what was made on this computer: what Python compiled, and where that Python is."""
FOR_PYTHON = "for-python"
"""The folder with what differs from Python to Python: wheels, list, signature, package.toml."""
COPIED = ("LICENSES", "sbom.cdx.json", SIGNERS)
"""What a version has at its top as the package has it."""
LAUNCHER, CURRENT, VERSIONS, PART = "porras", "current", "versions", ".new-"
OLDEST, NEWEST = (3, 11), (3, 14)
SPARE = 50 << 20
"""Bytes that stay free on the disk."""

NATIVE = (
    "textual, sqlcipher3.dbapi2, argon2.low_level, pydantic, cryptography.hazmat.bindings._rust"
)
"""What a new version is tried with: everything that is compiled for one kind of computer."""

_LINE = re.compile(r"([0-9a-f]{64})  ([^\\\n\r\0]+)")


class Refusal(Exception):
    """Why nothing was installed, in words for whoever installs."""


def main(words: list[str]) -> None:
    """Do what is asked; leave with a sentence where that cannot be."""
    try:
        check_python()
        asked = arguments(words)
        os.umask(0o022)
        if asked.remove:
            remove(Place(asked))
        elif asked.make:
            check_package()
            check_computer()
            make_version(asked.make, asked.named or asked.make)
        else:
            install(Place(asked))
    except Refusal as refused:
        sys.exit(f"\nPorras: {refused}")
    except (OSError, zipfile.BadZipFile, EOFError) as error:
        sys.exit(
            f"\nPorras: {error}. What was installed before is as it was. If the disk is full, make "
            "room; if the package lies on a stick, put it in again. Then run this again."
        )


def arguments(words: list[str]) -> argparse.Namespace:
    """Read what was said on the command line."""
    parser = argparse.ArgumentParser(
        prog="install.sh", description="Installs Porras, or removes it."
    )
    parser.add_argument("--system", action="store_true", help="for all users, as root: /opt/porras")
    parser.add_argument("--into", type=Path, metavar="FOLDER", help="into a folder of your choice")
    parser.add_argument("--remove", action="store_true", help="remove the program, not the data")
    # For `porras update`, which looks after the lock and the names itself.
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--named", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args(words)


class Place:
    """Where Porras is installed, and where it is started from."""

    def __init__(self, asked: argparse.Namespace) -> None:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        if asked.system and not root:
            raise Refusal(
                "--system installs for all users and needs root: sudo ./install.sh --system"
            )
        if root and not asked.system and not asked.into:
            raise Refusal(
                "you are root, and would be the only one who can start it. Say --system to install "
                "it for all users, or run this as the user who works with it."
            )
        home = Path.home()
        usual = Path("/opt/porras") if asked.system else home / ".local" / "lib" / "porras"
        self.system: bool = asked.system
        self.folder: Path = asked.into.absolute() if asked.into else usual
        self.link: Path | None = None
        if not asked.into:
            self.link = (
                Path("/usr/local/bin/porras") if asked.system else home / ".local/bin/porras"
            )

    @property
    def versions(self) -> Path:
        """The folder with a folder for each version."""
        return self.folder / VERSIONS

    @property
    def launcher(self) -> Path:
        """What starts the version in use."""
        return self.folder / LAUNCHER


# What is checked before anything is changed


def check_python() -> None:
    """Refuse a Python that Porras does not run on."""
    found = sys.version_info[:2]
    if not OLDEST <= found <= NEWEST or sys.implementation.name != "cpython":
        raise Refusal(
            "it needs CPython 3.11, 3.12, 3.13 or 3.14; this is "
            f"{platform.python_implementation()} {platform.python_version()}. Nothing was changed."
        )


def check_computer() -> None:
    """Refuse a computer, a C library or a kind of Python that the package is not for."""
    about = read_about(HERE / ABOUT)
    here = f"{platform.system().lower()}-{platform.machine()}"
    if about["system"] != here or sys.maxsize < 1 << 32:
        raise Refusal(
            f"this package is for {about['system']}, and here is {here} with a Python of "
            f"{64 if sys.maxsize > 1 << 32 else 32} bits. Nothing was changed. Take the package "
            "for this computer."
        )
    try:
        told = (os.confstr("CS_GNU_LIBC_VERSION") or "").split()
    except (ValueError, OSError):
        told = []
    needed = about.get("glibc", "")
    if needed and (len(told) != 2 or numbers(told[1]) < numbers(needed)):
        raise Refusal(
            f"it needs glibc {needed} or newer, and this system has {' '.join(told) or 'none'}. "
            "Nothing was changed."
        )


def read_about(path: Path) -> dict[str, str]:
    """Return what a package says of itself."""
    import tomllib  # older Pythons, which are refused with a sentence, do not have it

    return tomllib.loads(path.read_text(encoding="utf-8"))


def numbers(version: str) -> tuple[int, ...]:
    """Return what versions are compared by: (0, 2, 0) of 0.2.0."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def read_list(path: Path) -> dict[str, str]:
    """Return the digest of each path of a list; none where a line is not one of a list."""
    listed = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        match = _LINE.fullmatch(line)
        if match is None or {"", ".", ".."}.intersection(match[2].split("/")):
            return {}
        listed[match[2]] = match[1]
    return listed


def wrong_files(folder: Path, listed: dict[str, str]) -> list[str]:
    """Return which files of a list are not there, or are not as it says."""
    wrong = []
    for name, digest in sorted(listed.items()):
        path = folder / name
        if path.is_symlink() or not path.is_file() or digest_of(path) != digest:
            wrong.append(name)
    return wrong


def is_version() -> bool:
    """Return whether the package is a version as it will lie there, with a Python of its own."""
    return not (HERE / FOR_PYTHON).is_dir()


def check_package() -> None:
    """Hold every file of the package against its list."""
    listed = read_list(HERE / LIST) if (HERE / LIST).is_file() else {}
    if not listed:
        raise Refusal(f"the package in {HERE} has no readable list ({LIST}). {_AGAIN}")
    wrong = wrong_files(HERE, listed)
    if wrong:
        some = ", ".join(wrong[:5]) + (f" and {len(wrong) - 5} more" if len(wrong) > 5 else "")
        raise Refusal(
            f"these files of the package are missing, or are not as {LIST} says: {some}. {_AGAIN}"
        )


_AGAIN = "Nothing was changed. Copy the whole package again and unpack it anew."


def needed_bytes() -> int:
    """Return how much room a version takes; compiled code is about as large as its source."""
    total = SPARE
    if is_version():
        return total + sum(path.stat().st_size for path in HERE.rglob("*") if path.is_file())
    for wheel in wheels():
        for member in zipfile.ZipFile(wheel).infolist():
            total += member.file_size * (2 if member.filename.endswith(".py") else 1)
    return total


def check_place(place: Place) -> None:
    """Refuse a place without room or without the right to write."""
    standing = next(path for path in (place.versions, *place.versions.parents) if path.exists())
    if not standing.is_dir() or not os.access(standing, os.W_OK | os.X_OK):
        raise Refusal(
            f"{standing} cannot be written by you. Nothing was changed. Say another folder "
            "(--into FOLDER), or let root install it for all users (--system)."
        )
    needed, free = needed_bytes(), shutil.disk_usage(standing).free
    if free < needed:
        raise Refusal(
            f"it needs {needed >> 20} MB in {place.folder}, and {free >> 20} MB are free. "
            "Nothing was changed. Make room, or say another folder (--into FOLDER)."
        )
    if place.system and not is_version():
        check_for_all(base_python())


def check_for_all(python: Path) -> None:
    """Refuse a Python that others may not run, where all users are to start Porras with it."""
    for path in (python, *python.parents):
        if not path.stat().st_mode & stat.S_IXOTH:
            raise Refusal(
                f"other users may not run {python} (see {path}). Nothing was changed. Install "
                "Python from your system, or say which one: PORRAS_PYTHON=/usr/bin/python3"
            )


def base_python() -> Path:
    """Return the Python that runs this, not a virtual environment of it; without links."""
    return Path(getattr(sys, "_base_executable", "") or sys.executable).resolve()


# Making a version


def this_python() -> str:
    """Return the version of the Python that runs this, as in 3.11."""
    return "{}.{}".format(*sys.version_info[:2])


def wheels() -> list[Path]:
    """Return the wheels for the Python that runs this."""
    return wheels_for(this_python(), HERE)


def wheels_for(python: str, package: Path) -> list[Path]:
    """Return the wheels of a package for a Python, as in 3.11."""
    names = (package / FOR_PYTHON / f"{python}.wheels").read_text(encoding="utf-8").split()
    return [package / "wheels" / name for name in names]


def without_programs(wheel: zipfile.ZipFile) -> list[str]:
    """Return the names of what a wheel holds, less the programs that it would put on the path."""
    return [name for name in wheel.namelist() if ".data/scripts/" not in name]


def lay(package: Path, python: str, folder: Path) -> None:
    """Lay out in a new folder all that a version has on every computer.

    Wheels are unpacked and nothing else, so that each file is one that was listed and signed. They
    have no scripts but the one that starts Porras, which runs in whatever folder it lies.
    """
    site = folder / "lib" / f"python{python}" / "site-packages"
    site.mkdir(parents=True)
    for wheel in wheels_for(python, package):
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(site, without_programs(packed))
    (folder / "bin").mkdir()
    shutil.copyfile(package / "start.sh", folder / "bin" / "porras")
    (folder / "bin" / "porras").chmod(0o755)
    for name in COPIED:
        source = package / name
        if source.is_dir():
            shutil.copytree(source, folder / name, copy_function=shutil.copyfile)
        elif source.exists():
            shutil.copyfile(source, folder / name)
    shutil.copyfile(package / FOR_PYTHON / f"{python}.toml", folder / ABOUT)


def make_version(folder: Path, final: Path) -> None:
    """Make a version in an empty folder, which will be called `final`, and try it there."""
    python = this_python()
    if is_version():
        copy_version(folder)
    else:
        lay(HERE, python, folder)
        for ending, name in ((".sha256", LIST), (".sha256.sig", SIGNATURE)):
            source = HERE / FOR_PYTHON / f"{python}{ending}"
            if source.exists():
                shutil.copyfile(source, folder / name)
    wrong = wrong_files(folder, read_list(folder / LIST))
    if wrong:
        raise Refusal(
            f"{folder / wrong[0]} is not what was written there. Nothing that was installed before "
            "is changed. The disk may be failing; try another folder (--into FOLDER)."
        )
    if not is_version():
        make_environment(folder, python, final)
    try_out(folder)


def copy_version(folder: Path) -> None:
    """Copy a package that is a version, with the rights that it needs, whoever unpacked it how."""
    for name in (*read_list(HERE / LIST), LIST, SIGNATURE):
        source, target = HERE / name, folder / name
        if name == SIGNATURE and not source.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        target.chmod(0o755 if os.access(source, os.X_OK) else 0o644)


def make_environment(folder: Path, python: str, final: Path) -> None:
    """Make a version the virtual environment of a Python (PEP 405), and compile it."""
    base = base_python()
    settings = f"home = {base.parent}\ninclude-system-site-packages = false\nversion = {python}\n"
    (folder / "pyvenv.cfg").write_text(settings, encoding="utf-8")
    (folder / "bin" / "python3").symlink_to(base)
    site = folder / "lib" / f"python{python}" / "site-packages"
    # Nothing imports pip, which comes with sqlite-utils.
    compileall.compile_dir(
        site,
        ddir=str(final / site.relative_to(folder)),
        quiet=2,
        rx=re.compile(r"/site-packages/pip/"),
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    made = sorted([Path("pyvenv.cfg"), *(p.relative_to(folder) for p in site.rglob("*.pyc"))])
    lines = (f"{digest_of(folder / path)}  {path.as_posix()}\n" for path in made)
    (folder / MADE_HERE).write_text("".join(lines), encoding="utf-8")


def try_out(folder: Path) -> None:
    """Start a new version, and load all that is compiled for one kind of computer."""
    for command in (
        [str(folder / ("porras" if is_version() else "bin/porras")), "--version"],
        [str(folder / "bin" / "python3"), "-IBc", f"import {NATIVE}"],
    ):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            told = (done.stderr or done.stdout).strip().splitlines()[-1:]
            more = (
                ""
                if is_version()
                else " A Python that lacks parts is often completed by `apt install python3`."
            )
            raise Refusal(
                f"it does not run on this computer with {base_python()}: {''.join(told)} "
                f"What was installed before is as it was.{more}"
            )


# Installing and removing


def install(place: Place) -> None:
    """Install the package, or say that it is installed already."""
    about = read_about(HERE / ABOUT) if (HERE / ABOUT).is_file() else {}
    print(f"Porras {about.get('version', '?')}: checking the package …", flush=True)
    check_package()
    check_computer()
    check_place(place)
    place.versions.mkdir(parents=True, exist_ok=True)
    with alone(place):
        for left_over in place.versions.glob(f"{PART}*"):
            shutil.rmtree(left_over)
        # Read before anything is in use: a stick may be pulled out until then.
        launcher = (HERE / ("launcher" if is_version() else LAUNCHER)).read_bytes()
        name = whole_version(place, about["version"])
        if name is None:
            name = put_in_place(place, about["version"])
        write_whole(place.launcher, launcher, 0o755)
        write_whole(place.folder / CURRENT, f"{name}\n".encode(), 0o644)
        tell(place, about["version"], make_link(place))


@contextlib.contextmanager
def alone(place: Place) -> Iterator[None]:
    """Keep a second installation, or an update, from the same place."""
    import fcntl  # a package for Windows has another way to be installed

    with (place.folder / f"{CURRENT}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            free = os.path.samestat(os.fstat(lock.fileno()), Path(lock.name).stat())
        except (BlockingIOError, FileNotFoundError):  # or it was removed together with Porras
            free = False
        if not free:
            raise Refusal(
                f"another installation or update is under way in {place.folder}. "
                "Nothing was changed. Wait until it has ended."
            )
        yield


def whole_version(place: Place, version: str) -> str | None:
    """Return the name of a version that is this package, whole, and runs; None if there is none."""
    python = this_python()
    wanted = (HERE / LIST if is_version() else HERE / FOR_PYTHON / f"{python}.sha256").read_bytes()
    for folder in sorted(place.versions.glob(f"{version}*")):
        lists = [folder / LIST] if is_version() else [folder / LIST, folder / MADE_HERE]
        if all(path.is_file() for path in lists) and lists[0].read_bytes() == wanted:
            if any(wrong_files(folder, read_list(path)) for path in lists):
                continue
            with contextlib.suppress(Refusal, OSError):
                try_out(folder)
                return folder.name
    return None


def put_in_place(place: Place, version: str) -> str:
    """Make the version and give it its name; return that."""
    taken = {path.name for path in place.versions.iterdir()}
    names = [version, *(f"{version}-{number}" for number in range(2, len(taken) + 3))]
    name = next(each for each in names if each not in taken)
    print(f"Installing into {place.folder} …", flush=True)
    part = Path(tempfile.mkdtemp(prefix=PART, dir=place.versions))
    try:
        part.chmod(0o755)
        make_version(part, place.versions / name)
        check_signature(place, part)
        os.sync()  # so that after a power cut a version that has its name is whole
        part.rename(place.versions / name)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return name


def check_signature(place: Place, part: Path) -> None:
    """Where a signed version is in use, take only one that its signers have signed.

    That keeps a mistake away. Whoever means harm also changes this file; `porras update`, which
    checks before anything of a package runs, is what keeps them away.
    """
    current = place.folder / CURRENT
    name = current.read_text(encoding="utf-8").strip() if current.is_file() else ""
    signers = place.versions / (name or "-") / SIGNERS
    if not signers.is_file():
        return
    code = (
        "import sys; from pathlib import Path; from store.installation import self_check as s;"
        "used, part = map(Path, sys.argv[1:]);"
        f"listed = (part / '{LIST}').read_bytes();"
        "sys.exit(s.read_signature(part, listed, s.signers_of(used)) is None)"
    )
    command = [str(part / "bin" / "python3"), "-IBc", code, str(signers.parent), str(part)]
    if subprocess.run(command, capture_output=True).returncode != 0:
        raise Refusal(
            f"the version in use is signed, and this package is not signed by one of {signers}. "
            "What was installed before is as it was. If you trust this package, remove Porras "
            "first (install.sh --remove leaves the data) and install it anew."
        )


def write_whole(path: Path, content: bytes, rights: int) -> None:
    """Replace a file by a rename, so that it is never half there."""
    if path.is_file() and path.read_bytes() == content and path.stat().st_mode & 0o777 == rights:
        return
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(rights)
    fresh.replace(path)


def make_link(place: Place) -> bool:
    """Make the link by which Porras is started; return whether it leads to this installation."""
    link = place.link
    if link is None or is_ours(place):
        return link is not None
    if link.is_symlink() or link.exists():
        return False
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(place.launcher)
    return True


def is_ours(place: Place) -> bool:
    """Return whether the link leads to this installation."""
    return bool(place.link and place.link.is_symlink() and place.link.readlink() == place.launcher)


def tell(place: Place, version: str, linked: bool) -> None:
    """Say what is installed and how it is started."""
    print(f"\nPorras {version} is installed in {place.folder}.")
    if place.link is None:
        print(f"Start it:  {place.launcher}")
    elif not linked:
        print(f"{place.link} is another program and was left as it is. Start:  {place.launcher}")
    elif str(place.link.parent) in os.environ.get("PATH", "").split(os.pathsep):
        print("Start it:  porras")
    else:
        print(f"Start it:  {place.link}    (after the next sign-in perhaps:  porras)")
    how = " --system" if place.system else "" if place.link else f" --into {place.folder}"
    print(f"Remove it: ./install.sh --remove{how}    (the data stays)")


def remove(place: Place) -> None:
    """Remove the program and leave the data, and say where that is."""
    if not (place.versions.is_dir() or is_ours(place)):
        raise Refusal(f"it is not installed in {place.folder}. Nothing was changed.")
    if place.folder.is_dir():
        if not os.access(place.folder, os.W_OK | os.X_OK):
            raise Refusal(f"{place.folder} cannot be written by you. Nothing was changed.")
        with alone(place):
            # The launcher goes first: what is half removed is not started.
            for name in (LAUNCHER, CURRENT):
                (place.folder / name).unlink(missing_ok=True)
            shutil.rmtree(place.versions, ignore_errors=False)
            for name in (f"{LAUNCHER}.new", f"{CURRENT}.new", f"{CURRENT}.lock"):
                (place.folder / name).unlink(missing_ok=True)
        left = sorted(path.name for path in place.folder.iterdir())
        if left:
            print(f"{place.folder} holds what is not of Porras, and stays: {', '.join(left)}")
        else:
            place.folder.rmdir()
    if place.link and is_ours(place):
        place.link.unlink()
    print("Porras is removed.")
    print(f"The data stays. {where_data_is(place)}")


def where_data_is(place: Place) -> str:
    """Say where the data lies, for one user or for all."""
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    if place.system:
        return "Each user's lies in ~/.local/share/porras, unless PORRAS_DB says otherwise."
    return f"It lies in {os.environ.get('PORRAS_DB') or Path(data) / 'porras'}."


if __name__ == "__main__":
    main(sys.argv[1:])
