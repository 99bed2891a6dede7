"""Installs Porras for whoever runs it, without rights and without network; install.cmd starts it.

It runs on the Python of the package, at the top of what was unpacked. Every file is compared with
the package's list before anything is changed, and the copy once more before it is used: whatever
stops it half-way, the version that was in use starts as before.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from store.errors import (
    FileListUnreadable,
    PackageUnreadable,
    SignatureWrong,
    SignersUnreadable,
)
from store.installation import file_list, layout, self_check
from store.installation.layout import PART
from store.installation.package import VERSIONS, read_package
from store.installation.signature import Signer

PROGRAMS = (
    "porras.cmd",
    "Start Porras.cmd",
    "Start Porras in the old console.cmd",
    "install.py",
    "install.cmd",
    "uninstall.cmd",
    "README.txt",
)
"""What lies beside the versions, in the order in which it is put there."""

USUAL = Path("Programs") / "Porras"
"""Where it is installed, from the user's own folder for programs' data."""
_COMMAND = '@echo off\n"%LOCALAPPDATA%\\Programs\\Porras\\porras.cmd" %*\n'

_ROOM = 20_000_000
"""Bytes that have to be left on the disk afterwards."""
_TRIES, _PAUSE_S = 10, 1.0
"""A scanner for viruses looks at each new file, and a folder is not renamed meanwhile."""
_SHOWN = 5

TEXTS: Mapping[str, tuple[str, str, str]] = {
    "damaged": (
        "Mitään ei asennettu: paketti on vioittunut. Pura zip uudelleen; jos sama toistuu, "
        "hae se uudelleen.",
        "Inget har installerats: paketet är skadat. Packa upp zip-filen igen; om det inte hjälper, "
        "hämta den på nytt.",
        "Nothing was installed: the package is damaged. Unpack the zip again; if that does not "
        "help, get it again.",
    ),
    "unsigned": (
        "Mitään ei asennettu: tätä pakettia ei ole allekirjoittanut kukaan, jonka käytössä oleva "
        "versio tuntee. Hae paketti sieltä, mistä edellinenkin, tai poista ensin vanha: "
        "uninstall.cmd",
        "Inget har installerats: paketet är inte undertecknat av någon som den version som är i "
        "bruk känner. Hämta paketet från samma håll som förra gången, eller ta först bort den "
        "gamla: uninstall.cmd",
        "Nothing was installed: this package is not signed by anybody whom the version in use "
        "knows. Get it from where that one came from, or remove the old one first: uninstall.cmd",
    ),
    "changed": ("Muuttunut: {name}", "Ändrad: {name}", "Changed: {name}"),
    "missing": ("Puuttuu: {name}", "Saknas: {name}", "Missing: {name}"),
    "added": ("Ylimääräinen: {name}", "Överflödig: {name}", "Not of the package: {name}"),
    "more": ("… ja {count} muuta.", "… och {count} till.", "… and {count} more."),
    "here": (
        "Porras on jo tässä kansiossa. Käynnistä se: Start Porras.",
        "Porras finns redan i den här mappen. Starta med Start Porras.",
        "Porras is in this folder already. Start it by Start Porras.",
    ),
    "room": (
        "Mitään ei asennettu: levyllä ei ole tilaa. Vapauta {count} Mt ja yritä uudelleen.",
        "Inget har installerats: disken är full. Frigör {count} MB och försök igen.",
        "Nothing was installed: the disk is full. Free {count} MB and try again.",
    ),
    "refused": (
        "Asennus keskeytyi: {name} ei onnistunut ({reason}). Aiempi versio toimii ennallaan. "
        "Yritä uudelleen tai valitse toinen kansio: install.cmd /to KANSIO",
        "Installationen avbröts vid {name} ({reason}). Den tidigare versionen fungerar som förut. "
        "Försök igen eller välj en annan mapp: install.cmd /to MAPP",
        "The installation stopped at {name} ({reason}). The version before works as it did. "
        "Try again, or choose another folder: install.cmd /to FOLDER",
    ),
    "copying": ("Kopioidaan …", "Kopierar …", "Copying …"),
    "installed": (
        "Porras {version} on asennettu kansioon {folder}.",
        "Porras {version} har installerats i {folder}.",
        "Porras {version} is installed in {folder}.",
    ),
    "start": (
        "Käynnistä se Käynnistä-valikosta: Porras. Komentorivillä: {command}",
        "Starta den från Start-menyn: Porras. På kommandoraden: {command}",
        "Start it from the Start menu: Porras. On the command line: {command}",
    ),
    "menu": (
        "Käynnistä-valikkoon ei saatu pikakuvaketta. Käynnistä: {folder}\\Start Porras.cmd",
        "Start-menyn fick ingen genväg. Starta med {folder}\\Start Porras.cmd",
        "The Start menu got no shortcut. Start Porras by {folder}\\Start Porras.cmd",
    ),
}
_LANGUAGES = {0x0B: 0, 0x1D: 1}
"""Windows' numbers of Finnish and Swedish, and where their texts stand; English is the last."""


class Refused(Exception):
    """Nothing that was in use has changed; the sentences say why and what to do."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))


def main(words: Sequence[str]) -> int:
    """Install from the folder of this file; return the status to leave with."""
    parser = argparse.ArgumentParser(prog="install.cmd", prefix_chars="/", description=__doc__)
    parser.add_argument("/to", type=Path, help="folder of the installation")
    parser.add_argument("/quiet", action="store_true", help="wait for no key at the end")
    asked = parser.parse_args(words)
    target = asked.to or Path(os.environ["LOCALAPPDATA"]) / USUAL
    source = Path(__file__).parent
    try:
        install(source, Path(sys.executable).parent, target.absolute())
    except Refused as refused:
        tell(str(refused))
        return 1
    return 0


def install(source: Path, version: Path, target: Path) -> None:
    """Put a version into an installation, which is made where there is none, and use it.

    Raises:
        Refused: If the package is damaged, or the disk refuses.
    """
    listed = checked(version)
    check_signature(version, target)
    name = read_package(version).version
    if target.exists() and target.samefile(source):
        raise Refused(text("here"))
    try:
        placed = place(version, target, name, listed)
        put_beside(source, target)
        layout.write_current(target, placed)
    except OSError as fault:
        where = fault.filename2 or fault.filename or str(target)
        raise Refused(text("refused", name=where, reason=fault.strerror or fault)) from None
    tell(text("installed", version=name, folder=target))
    command = offer_command(target)
    menu = offer_in_menu(target)
    tell(text("start", command=command) if menu else text("menu", folder=target))


def checked(version: Path) -> dict[str, str]:
    """Return the list of a version whose files are all as listed.

    Raises:
        Refused: If they are not; the first of them are named.
    """
    path = version / file_list.LIST
    try:
        listed = file_list.parse(path.read_bytes(), str(path))
        read_package(version)
    except (OSError, FileListUnreadable, PackageUnreadable):
        raise Refused(text("damaged")) from None
    found = file_list.compare(version, listed, set(file_list.files_in(version)))
    told = [text(kind, name=name) for kind in found._fields for name in getattr(found, kind)]
    if told:
        more = [text("more", count=len(told) - _SHOWN)] if len(told) > _SHOWN else []
        raise Refused(text("damaged"), *told[:_SHOWN], *more)
    return listed


def check_signature(version: Path, target: Path) -> None:
    """Take only what a signer of the version in use has signed; without one, a whole signature.

    Whoever changed a package, its installer too, is stopped by nothing in it: who has the sums and
    their signature from elsewhere checks them before (docs/update.md).

    Raises:
        Refused: If the signature is not theirs, or there is none, or it cannot be read.
    """
    used = layout.read_current(target)
    known: tuple[Signer, ...] = ()
    try:
        known = self_check.signers_of(target / VERSIONS / used) if used else ()
        listed = (version / file_list.LIST).read_bytes()
        signer = self_check.read_signature(version, listed, known or None)
    except (SignatureWrong, SignersUnreadable):
        raise Refused(text("unsigned" if known else "damaged")) from None
    if known and signer is None:
        raise Refused(text("unsigned"))


def place(version: Path, target: Path, name: str, listed: Mapping[str, str]) -> str:
    """Copy a version into an installation, unless it is there whole; return its name there.

    Raises:
        Refused: If there is no room, or the copy is not what was copied.
    """
    versions = target / VERSIONS
    versions.mkdir(parents=True, exist_ok=True)
    for unfinished in versions.glob(f"{PART}*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    for there, package in layout.list_versions(target).items():
        if package.version == name and _is_whole(versions / there, listed):
            return there
    placed = layout.free_name(target, name)
    files = (
        *listed,
        *(extra for extra in (file_list.LIST, file_list.SIGNATURE) if (version / extra).exists()),
    )
    needed = sum((version / path).stat().st_size for path in files) + _ROOM
    if shutil.disk_usage(versions).free < needed:
        raise Refused(text("room", count=needed // 1_000_000 + 1))
    tell(text("copying"))
    part = Path(tempfile.mkdtemp(prefix=f"{PART}{name}-", dir=versions))
    for path in files:
        (part / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(version / path, part / path)
    checked(part)
    _rename(part, versions / placed)
    return placed


def _is_whole(folder: Path, listed: Mapping[str, str]) -> bool:
    return not file_list.compare(folder, listed, set(file_list.files_in(folder)))


def _rename(part: Path, final: Path) -> None:
    for tries_left in reversed(range(_TRIES)):
        try:
            part.rename(final)
        except PermissionError:
            if not tries_left:
                raise
            time.sleep(_PAUSE_S)
        else:
            return


def put_beside(source: Path, target: Path) -> None:
    """Replace what starts the versions, each file whole."""
    for name in PROGRAMS:
        fresh = target / f"{PART}{name}"
        shutil.copyfile(source / name, fresh)
        fresh.replace(target / name)


def offer_command(target: Path) -> str:
    """Return how Porras is started on the command line; `porras` alone, at its usual place.

    Windows looks for commands in a folder of the user's own, into which no right is needed. What is
    written there names no user: the command line does not know the letters of every name.
    """
    own = Path(os.environ.get("LOCALAPPDATA", ""))
    folder = own / "Microsoft" / "WindowsApps"
    searched = os.environ.get("PATH", "").casefold().split(os.pathsep)
    found = str(folder).casefold() in (each.rstrip("\\") for each in searched)
    if found and folder.is_dir() and target == own / USUAL:
        with suppress(OSError):
            (folder / "porras.cmd").write_text(_COMMAND, encoding="ascii", newline="\r\n")
            return "porras"
    return f'"{target}\\porras.cmd"'


def offer_in_menu(target: Path) -> bool:
    """Put Porras into the Start menu of this user; return whether that worked."""
    menu = Path(os.environ.get("APPDATA", "")) / "Microsoft/Windows/Start Menu/Programs/Porras"
    try:
        menu.mkdir(parents=True, exist_ok=True)
        for name, program in (
            ("Porras", "Start Porras.cmd"),
            ("Porras in the old console", "Start Porras in the old console.cmd"),
            ("Remove Porras", "uninstall.cmd"),
        ):
            make_shortcut(menu / f"{name}.lnk", target / program)
    except OSError:
        return False
    return True


if sys.platform == "win32":
    import ctypes
    from ctypes import HRESULT, POINTER, WINFUNCTYPE, byref, c_ubyte, c_void_p
    from ctypes.wintypes import BOOL, DWORD, LPCWSTR

    _SHELL_LINK = "{00021401-0000-0000-C000-000000000046}"
    _I_SHELL_LINK = "{000214F9-0000-0000-C000-000000000046}"
    _I_PERSIST_FILE = "{0000010B-0000-0000-C000-000000000046}"
    _IN_PROCESS = 1
    # The places of methods in the tables of these interfaces (shobjidl_core.h, objidl.h).
    _query = WINFUNCTYPE(HRESULT, c_void_p, POINTER(c_void_p))(0, "QueryInterface")
    _release = WINFUNCTYPE(DWORD)(2, "Release")
    _set_folder = WINFUNCTYPE(HRESULT, LPCWSTR)(9, "SetWorkingDirectory")
    _set_path = WINFUNCTYPE(HRESULT, LPCWSTR)(20, "SetPath")
    _save = WINFUNCTYPE(HRESULT, LPCWSTR, BOOL)(6, "Save")

    def _identity(written: str) -> ctypes.Array[c_ubyte]:
        identity = (c_ubyte * 16)()
        ctypes.oledll.ole32.CLSIDFromString(written, byref(identity))
        return identity

    def make_shortcut(path: Path, program: Path) -> None:
        """Let Windows itself write a shortcut to a program.

        Raises:
            OSError: If it refuses.
        """
        ole = ctypes.oledll.ole32
        with suppress(OSError):  # as when it was done already
            ole.CoInitialize(None)
        link, file = c_void_p(), c_void_p()
        ole.CoCreateInstance(
            byref(_identity(_SHELL_LINK)),
            None,
            _IN_PROCESS,
            byref(_identity(_I_SHELL_LINK)),
            byref(link),
        )
        _set_path(link, str(program))
        _set_folder(link, str(Path.home()))
        _query(link, byref(_identity(_I_PERSIST_FILE)), byref(file))
        _save(file, str(path), True)
        _release(file)
        _release(link)

    def _language() -> int:
        return _LANGUAGES.get(ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF, 2)

else:

    def make_shortcut(path: Path, program: Path) -> None:
        """Refuse: there is no such menu here."""
        raise OSError(f"no shortcut to {program} can be made at {path} by {sys.platform}")

    def _language() -> int:
        return 2


def text(name: str, /, **values: object) -> str:
    """Return a sentence in the language that Windows speaks with this user."""
    return TEXTS[name][_language()].format(**values)


def tell(sentence: str) -> None:
    """Print a sentence."""
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
