"""The shapes of the caseload, as `caseload.toml` beside this module tells them."""

from __future__ import annotations

import tomllib
from pathlib import Path

from stepping.training.caseload import Shapes

_FILE = Path(__file__).with_name("caseload.toml")


def read_shapes() -> Shapes:
    """Return the shapes of the caseload that comes with Porras."""
    return Shapes.model_validate(tomllib.loads(_FILE.read_text("utf-8")))
