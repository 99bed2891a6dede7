"""Packs the wheelhouse: a zip for each kind of processor, for every Python that Porras runs on."""

from __future__ import annotations

import shutil
from pathlib import Path

from distribution import archives, sbom, wheels
from distribution.setting import Setting
from distribution.signing import seal
from distribution.version_folder import complete
from distribution.wheelhouse import install
from store.installation.file_list import LIST, SIGNATURE
from store.installation.package import SIGNERS, Package, write_package

SYSTEMS = ("linux-x86_64", "linux-aarch64")
_HERE = Path(__file__).parent
_LAUNCHER = _HERE.parent / "launcher" / "porras"


def build(setting: Setting) -> list[Path]:
    """Write the zip of each system, and what it is made of beside it; return them."""
    own = wheels.own_wheel(setting)
    return [path for system in SYSTEMS for path in _pack(setting, system, own)]


def _pack(setting: Setting, system: str, own: Path) -> tuple[Path, Path]:
    name = f"{setting.stem}-wheelhouse-{system}"
    folder = setting.work / name
    shutil.rmtree(folder, ignore_errors=True)
    chosen = {
        python: [*wheels.fetch(setting, wheels.Target(system, python)), own]
        for python in wheels.PYTHONS
    }
    folder.mkdir()
    every = sorted({wheel for each in chosen.values() for wheel in each})
    bill = shutil.copyfile(sbom.describe(setting, folder, every), setting.out / f"{name}.cdx.json")
    assemble(setting, folder, system, chosen)
    return archives.pack_zip(folder, setting.out / f"{name}.zip", name), bill


def assemble(setting: Setting, folder: Path, system: str, chosen: dict[str, list[Path]]) -> None:
    """Fill a folder with the wheels for each Python, and with what installs them.

    What it is made of (LICENSES, the bill of materials) lies in it before, so that it is listed.
    """
    every = sorted({wheel for each in chosen.values() for wheel in each})
    (folder / "wheels").mkdir(parents=True)
    (folder / install.FOR_PYTHON).mkdir()
    for wheel in every:
        wheels.refuse_unfit(wheel)
        shutil.copyfile(wheel, folder / "wheels" / wheel.name)
    for source in (*(_HERE / each for each in ("install.sh", "install.py", "start.sh")), _LAUNCHER):
        shutil.copy(source, folder / source.name)
    if setting.allowed_signers is not None:
        (folder / SIGNERS).write_text(setting.allowed_signers, encoding="utf-8")
    whole = Package(
        folder,
        "wheelhouse",
        setting.version,
        system,
        " ".join(chosen),
        wheels.oldest_glibc(every),
        setting.commit,
    )
    for python, fitting in chosen.items():
        _list_version(setting, whole, python, fitting)
    complete(setting, whole)


def _list_version(setting: Setting, whole: Package, python: str, fitting: list[Path]) -> None:
    """Write what a version will hold where it is installed with a Python, signed like the whole."""
    beside = whole.folder / install.FOR_PYTHON
    names = "".join(f"{wheel.name}\n" for wheel in sorted(fitting))
    (beside / f"{python}.wheels").write_text(names, encoding="utf-8")
    about = write_package(whole._replace(python=python))
    (beside / f"{python}.toml").write_text(about, encoding="utf-8")
    tree = setting.work / "wheelhouse-version"
    shutil.rmtree(tree, ignore_errors=True)
    install.lay(whole.folder, python, tree)
    seal(tree, setting.key)
    shutil.copyfile(tree / LIST, beside / f"{python}.sha256")
    if setting.key is not None:
        shutil.copyfile(tree / SIGNATURE, beside / f"{python}.sha256.sig")
    shutil.rmtree(tree)
