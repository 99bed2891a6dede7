"""The licence texts of all that a package brings, each part's in a folder of its own."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Sequence
from email.parser import HeaderParser
from pathlib import Path

from packaging.utils import parse_wheel_filename

from distribution.inside import Part
from distribution.setting import CannotBuild

FOLDER = "LICENSES"
_NAMES = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS")
_HEAD = """\
What this package is made of, and under which licence each part is. A part has its texts in the
folder of its name; one that came inside another, without a folder here, has them in the other's, or
comes with the name of its licence alone.

"""


def collect(target: Path, wheels: Sequence[Path], parts: Sequence[Part]) -> None:
    """Write the texts of wheels and parts below a folder, and a table of them.

    Raises:
        CannotBuild: If one lacks a licence.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    rows = {_of_wheel(wheel, target) for wheel in wheels}
    rows |= {_of_part(part, target) for part in parts}
    table = "".join(sorted(rows, key=str.casefold))
    (target / "README.txt").write_text(_HEAD + table, encoding="utf-8", newline="\n")


def _of_wheel(wheel: Path, target: Path) -> str:
    name, version, _, _ = parse_wheel_filename(wheel.name)
    folder = target / f"{name}-{version}"
    with zipfile.ZipFile(wheel) as packed:
        about = next(each for each in packed.namelist() if each.endswith(".dist-info/METADATA"))
        top = about.removesuffix("METADATA")
        texts = [each for each in packed.namelist() if is_licence(each, top)]
        if not texts:
            raise CannotBuild(f"{wheel.name} brings no text of its licence.")
        for each in texts:
            path = folder / each.removeprefix(top).removeprefix("licenses/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(packed.read(each))
        fields = HeaderParser().parsestr(packed.read(about).decode())
    told = fields["License-Expression"] or fields["License"] or ""
    licence = told.splitlines()[0] if told else f"see {folder.name}"
    return f"{name} {version}: {licence}\n"


def is_licence(name: str, top: str) -> bool:
    """Return whether a file of a wheel, whose metadata lie in `top`, is the text of a licence."""
    below = name.removeprefix(top)
    if name.endswith("/") or below == name:
        return False
    return below.startswith("licenses/") or below.upper().startswith(_NAMES)


def _of_part(part: Part, target: Path) -> str:
    """Write the texts of a part; where it has none, the wheel that it is inside answers for it."""
    if not part.texts and not part.inside:
        raise CannotBuild(f"{part.name} brings no text of its licence.")
    folder = target / "-".join(filter(None, (part.name.replace(" ", "-"), part.version)))
    for text in part.texts:
        folder.mkdir(exist_ok=True)
        shutil.copyfile(text, folder / text.name)
    inside = f" (inside {part.inside})" if part.inside else ""
    licence = part.licence or (f"see {part.inside}" if part.inside else f"see {folder.name}")
    return f"{part.name} {part.version or '?'}{inside}: {licence}\n"
