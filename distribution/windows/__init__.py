"""The package for Windows: a signed CPython, the wheels unpacked beside it, and what starts them.

It runs from where it was unpacked, also from a stick that cannot be written, and needs no rights.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from distribution import sbom, wheels
from distribution.archives import pack_zip
from distribution.bytecode import compile_folder
from distribution.setting import Setting
from distribution.version_folder import complete
from distribution.windows import embedded
from distribution.windows.bytecode import find_python
from distribution.windows.parts import parts_of
from store.installation.package import VERSIONS, Package

SYSTEM = "windows-x86_64"
FILES = Path(__file__).with_name("files")
"""What lies at the top of an installation, beside the versions."""
INSTALLER = FILES.with_name("install.py")


def build(setting: Setting) -> list[Path]:
    """Make the zip; return it."""
    pin = embedded.read_pin()
    target = wheels.Target(SYSTEM, pin.minor)
    unpacked = wheels.fetch_used(setting, target, wheels.own_wheel(setting))
    top = setting.work / "windows"
    shutil.rmtree(top, ignore_errors=True)
    put_together(setting, top, embedded.fetch(setting, pin), pin, unpacked)
    name = f"{setting.stem}-{SYSTEM}"
    bill = top / VERSIONS / setting.version / sbom.NAME
    return [
        pack_zip(top, setting.out / f"{name}.zip", name),
        Path(shutil.copyfile(bill, setting.out / f"{name}.cdx.json")),
    ]


def put_together(
    setting: Setting, top: Path, python: Path, pin: embedded.Pin, unpacked: Sequence[Path]
) -> None:
    """Make the folder of an installation with one version in it."""
    version = top / VERSIONS / setting.version
    site = version / embedded.SITE
    site.mkdir(parents=True)
    embedded.unpack(python, pin, version)
    for wheel in unpacked:
        wheels.unpack(wheel, site)
    maker = find_python(pin.minor, embedded.bytecode_of(version, pin))
    compile_folder(maker, site, site, beside=False)
    sbom.describe(setting, version, unpacked, list(parts_of(version)))
    complete(
        setting,
        Package(version, "windows", setting.version, SYSTEM, pin.python, made_from=setting.commit),
    )
    (top / "current").write_text(f"{setting.version}\n", encoding="ascii", newline="\n")
    for file in (*sorted(FILES.iterdir()), INSTALLER):
        put_file(file, top)


def put_file(file: Path, top: Path) -> None:
    """Copy a text with the ends of line that Windows has; with others its command line stumbles."""
    text = file.read_text(encoding="utf-8").replace("\r\n", "\n")
    (top / file.name).write_text(text, encoding="utf-8", newline="\r\n")
