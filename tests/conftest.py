"""Settings of every test: the same examples in every run, and none of the user's own settings."""

from __future__ import annotations

import os
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, settings

from store.keys import keyslots

os.environ.setdefault("TEXTUAL_FPS", "500")
"""Screens that no eye looks at are drawn as soon as they can be; read when Textual is imported."""

# Programs that the tests start keep their bytecode, as an installed program has it.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

keyslots.COST = MappingProxyType({"passes": 1, "memory_kib": 8 * 1024, "lanes": 1})
"""Secrets of tests need no guarding; `tests/store/test_keys.py` holds what those of people cost."""

settings.register_profile(
    "porras",
    derandomize=True,
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("porras")


@pytest.fixture(autouse=True)
def _no_settings_of_the_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for key in ("DB", "PATHWAYS", "LANG", "CONFIG", "CONTENT", "SIGNERS"):
        monkeypatch.delenv(f"PORRAS_{key}", raising=False)
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setenv("PORRAS_TOUR", "no")
    for key in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(key, str(tmp_path_factory.getbasetemp() / key.lower()))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what waits most, the programs in terminals, so that none of it is left alone."""
    items.sort(key=lambda item: "terminal" not in item.path.parts)
