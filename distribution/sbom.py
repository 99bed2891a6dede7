"""The bill of materials (CycloneDX): packages of Python, and what lies inside and beside them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name, parse_wheel_filename

from distribution import licences
from distribution.inside import Part, parts_inside
from distribution.setting import CannotBuild, Setting

NAME = "sbom.cdx.json"
ROOT = "root-component"
"""What cyclonedx-bom calls the program itself."""


def describe(
    setting: Setting, folder: Path, wheels: Sequence[Path], extra: Sequence[Part] = ()
) -> Path:
    """Write what a package is made of: LICENSES/ and the bill of materials; return the latter.

    `wheels` are all that it brings, that of Porras too; `extra` what else, such as CPython and its
    libraries. Call it before the list of files is made.

    Raises:
        CannotBuild: If a part does not tell what it is, or lacks a licence.
        subprocess.CalledProcessError: If cyclonedx-bom gives up.
    """
    parts = [*parts_inside(wheels), *sorted(extra)]
    licences.collect(folder / licences.FOLDER, wheels, parts)
    bill = _of_wheels(setting, wheels)
    _add(bill, parts)
    text = json.dumps(bill, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    validate(text)
    path = folder / NAME
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def validate(text: str) -> None:
    """Refuse a text that is no bill of materials.

    Raises:
        CannotBuild: If so.
    """
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        raise CannotBuild(f"The bill of materials is not one of CycloneDX 1.6: {fault}")


def _of_wheels(setting: Setting, wheels: Sequence[Path]) -> dict[str, Any]:
    """Return what cyclonedx-bom says of an environment that has the metadata of the wheels.

    They need not run here, so nothing but the metadata is unpacked.
    """
    place = setting.work / "sbom-environment"
    shutil.rmtree(place, ignore_errors=True)
    python = "python{}.{}".format(*sys.version_info[:2])
    site = place / "lib" / python / "site-packages"
    site.mkdir(parents=True)
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as packed:
            names = packed.namelist()
            packed.extractall(site, [name for name in names if ".dist-info/" in name])
    program = place / "bin" / "python3"
    program.parent.mkdir()
    base = Path(sys.base_prefix) / "bin" / python
    program.symlink_to(base)
    alone = f"home = {base.parent}\ninclude-system-site-packages = false\n"
    (place / "pyvenv.cfg").write_text(alone, encoding="utf-8")
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible"]
    command += ["--short-PURLs", "--no-validate", "--output-file", str(place / NAME)]
    command += ["--pyproject", str(setting.root / "pyproject.toml"), str(program)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    bill: dict[str, Any] = json.loads((place / NAME).read_text(encoding="utf-8"))
    refuse_others(bill, wheels)
    return bill


def refuse_others(bill: dict[str, Any], wheels: Sequence[Path]) -> None:
    """Refuse a bill that names anything but what the wheels are, such as what is installed here.

    Raises:
        CannotBuild: If so.
    """
    parsed = [parse_wheel_filename(wheel.name) for wheel in wheels]
    packed = {(str(name), str(version)) for name, version, _, _ in parsed}
    about = bill["metadata"]["component"]
    told = {(canonicalize_name(c["name"]), c["version"]) for c in (about, *bill["components"])}
    if packed != told:
        differing = sorted(f"{name} {version}" for name, version in packed ^ told)
        raise CannotBuild(f"Packed and listed are not the same: {', '.join(differing)}.")


def _add(bill: dict[str, Any], parts: Sequence[Part]) -> None:
    """Add parts to a bill, each as something that its wheel, or the program, depends on."""
    components: list[dict[str, Any]] = bill["components"]
    for component in components:
        text = (
            f"see {licences.FOLDER}/{canonicalize_name(component['name'])}-{component['version']}"
        )
        component.setdefault("licenses", [{"license": {"name": text}}])
    references = {str(canonicalize_name(c["name"])): c["bom-ref"] for c in components}
    needs: dict[str, set[str]] = {
        each["ref"]: set(each.get("dependsOn", ())) for each in bill["dependencies"]
    }
    for part in parts:
        described = _component(part)
        components.append(described)
        owner = references[part.inside] if part.inside else ROOT
        needs.setdefault(owner, set()).add(described["bom-ref"])
        needs[described["bom-ref"]] = set()
    bill["dependencies"] = [
        {"ref": ref, **({"dependsOn": sorted(on)} if on else {})}
        for ref, on in sorted(needs.items())
    ]


def _component(part: Part) -> dict[str, Any]:
    """Return the entry of a part; what nothing tells is left out, and said."""
    entry: dict[str, Any] = {
        "type": "library",
        "bom-ref": f"{part.inside or 'beside'}/{part.name}@{part.version}",
        "name": part.name,
        "properties": [
            {"name": f"porras:{name}", "value": value}
            for name, value in (("inside", part.inside), ("version-told-by", part.told_by))
            if value
        ],
    }
    if part.licence:
        entry["licenses"] = [{"expression": part.licence}]
    if part.version:
        entry["version"] = part.version
        if part.purl:
            entry["purl"] = f"{part.purl}@{part.version}"
        if part.cpe:
            entry["cpe"] = f"cpe:2.3:a:{part.cpe}:{part.version}:*:*:*:*:*:*:*"
    return entry
