"""Puts a version into /usr/lib/porras by the package managers of Debian and of RHEL."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

from distribution.archives import epoch
from distribution.frozen import tree
from distribution.setting import Setting
from distribution.version_folder import complete

Manager: TypeAlias = Literal["deb", "rpm"]
KINDS: tuple[Manager, ...] = ("deb", "rpm")

PLACE = "/usr/lib/porras"
_DOC = "/usr/share/doc/porras"
_ARCHITECTURES: Mapping[str, str] = {"linux-x86_64": "amd64", "linux-aarch64": "arm64"}
_MAINTAINER = "The makers of Porras"
"""Without an address: whoever hands the packages out is asked, and no mailbox is made up."""
_SAID = """\
Stepped-care assessment on a terminal
 Questions, safety stops, the lowest safe step of care, and why.
 It brings a Python of its own and needs no network."""


def pack(setting: Setting, system: str, folder: Path, kind: Manager, glibc: str) -> Path:
    """Make the package of a folder that is put together; return it.

    Raises:
        subprocess.CalledProcessError: If nfpm gives up.
    """
    staged = setting.work / f"{kind}-{system}"
    shutil.rmtree(staged, ignore_errors=True)
    shutil.copytree(folder, staged)
    complete(setting, tree.about(setting, system, staged, kind, glibc))
    for path in (staged, *staged.rglob("*")):  # whatever umask the maker has
        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        os.utime(path, (epoch(), epoch()))
    settings = setting.work / f"nfpm-{kind}-{system}.json"
    told = _settings(setting, system, staged, glibc)
    settings.write_text(json.dumps(told, indent=1), encoding="utf-8")
    out = setting.work / f"{kind}-out"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    # nfpm reads JSON too, which is YAML.
    nfpm = Path(sys.executable).with_name("nfpm")
    command: list[str | Path] = [
        nfpm,
        "package",
        "--config",
        settings,
        "--packager",
        kind,
        "--target",
        out,
    ]
    subprocess.run(command, check=True, capture_output=True, text=True)
    (made,) = out.iterdir()
    return Path(shutil.move(made, setting.out / made.name))


def _settings(setting: Setting, system: str, staged: Path, glibc: str) -> dict[str, Any]:
    moment = datetime.fromtimestamp(epoch(), UTC).isoformat().replace("+00:00", "Z")
    changes = _changelog(setting, moment)
    return {
        "name": "porras",
        "arch": _ARCHITECTURES[system],
        "platform": "linux",
        "version": setting.version,
        "version_schema": "semver",
        "release": "1",
        "section": "science",
        "priority": "optional",
        "maintainer": _MAINTAINER,
        "description": _SAID,
        "license": "MIT",
        "mtime": moment,
        "changelog": str(changes),
        "contents": [
            {"src": f"{staged}/", "dst": PLACE, "type": "tree"},
            {"src": f"{PLACE}/porras", "dst": "/usr/bin/porras", "type": "symlink"},
            {"src": str(setting.root / "LICENSE"), "dst": f"{_DOC}/copyright"},
        ],
        "rpm": {"buildhost": "localhost", "group": "Applications/Medical"},
        "overrides": {
            "deb": {"depends": [f"libc6 (>= {glibc})"]},
            "rpm": {"depends": [f"libc.so.6(GLIBC_{glibc})(64bit)"]},
        },
    }


def _changelog(setting: Setting, moment: str) -> Path:
    """Write what is new in the form that nfpm reads; the whole story is CHANGELOG.md."""
    entry = {
        "semver": setting.version,
        "date": moment,
        "packager": _MAINTAINER,
        "changes": [{"note": f"Porras {setting.version}; see CHANGELOG.md of its sources."}],
    }
    path = setting.work / "changelog.json"
    path.write_text(json.dumps([entry]), encoding="utf-8")
    return path
