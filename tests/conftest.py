"""Settings of every test: the same examples in every run, and none of the user's own settings."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

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
    for key in ("DB", "PATHWAYS", "LANG", "CONFIG"):
        monkeypatch.delenv(f"PORRAS_{key}", raising=False)
    for key in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(key, str(tmp_path_factory.getbasetemp() / key.lower()))
