"""If these fail, a bad OpenSSL goes unseen, or a good one alarms for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.database import engine
from store.maintenance import engine_flaws, health, openssl
from store.paths import find


def finding(tmp_path: Path, name: str) -> health.HealthCheck:
    (found,) = (each for each in health.check(find(tmp_path / "porras.db")) if each.name == name)
    return found


@pytest.mark.parametrize(
    ("version", "flaws"),
    [
        ("1.1.1", ["CVE-2019-1549"]),
        ("1.1.1c", ["CVE-2019-1549"]),
        ("1.1.1d", []),
        ("1.1.1w", []),
        ("3.1.3", ["CVE-2023-5363"]),
        ("3.1.4", []),
        ("3.6.4", []),
        ("3.5.9", ["CVE-2026-121482"]),
        ("3.5.10", []),
        ("4.0.1", ["CVE-2026-75803", "CVE-2026-121482"]),
        ("4.0.4", []),
    ],
)
def test_a_version_is_affected_until_the_one_that_mends_it(version: str, flaws: list[str]) -> None:
    assert [flaw.cve for flaw in openssl.known(version)] == flaws


def test_both_that_are_linked_are_told_with_the_day_of_the_list(tmp_path: Path) -> None:
    assert engine.cipher_library().startswith("OpenSSL ")
    for name in ("cipher", "sealing"):
        found = finding(tmp_path, name)
        assert found.level == "ok"
        assert openssl.AS_OF in str(found)
        assert str(found.values["version"]) in str(found)


@pytest.mark.parametrize("version", ["3.0.11", "1.1.1a"])
def test_a_fault_in_what_is_used_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setattr(engine, "cipher_library", lambda: f"OpenSSL {version} 1 Jan 2020")
    found = finding(tmp_path, "cipher")
    assert found.level == "fault"
    assert "CVE-20" in str(found)
    assert found.means
    assert "Reinstall" in found.do


@pytest.mark.parametrize(
    "library",
    ["Apple CommonCrypto", "LibreSSL 3.9.2", "OpenSSL 1.1.1 (compatible; BoringSSL)", "wolf 3.0.2"],
)
def test_another_library_is_named_and_not_called_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setattr(engine, "cipher_library", lambda: library)
    assert f"{library}, whose faults are not listed" in str(finding(tmp_path, "cipher"))


def test_every_range_runs_upward_within_one_line_of_versions() -> None:
    for flaw in openssl.FLAWS:
        for first, mended in flaw.ranges:
            assert openssl._parsed(first)[:2] == openssl._parsed(mended)[:2]
            assert openssl._parsed(first) < openssl._parsed(mended)


@pytest.mark.parametrize(
    ("name", "told", "version", "level", "word"),
    [
        ("sqlite", "engine_version", "3.52.0", "fault", "withdrawn"),
        ("sqlite", "engine_version", "3.53.1", "ok", "CVE-2026-11822"),
        ("sqlite", "engine_version", "3.54.0", "ok", "no fault listed"),
        ("sqlcipher", "sqlcipher_version", "4.4.1", "fault", "4.4.2"),
        ("sqlcipher", "sqlcipher_version", "4.4.2", "ok", "CVE-2021-3119"),
        ("sqlcipher", "sqlcipher_version", "4.19.0", "ok", "no fault listed"),
        ("sqlcipher", "sqlcipher_version", "", "warning", "does not tell"),
    ],
)
def test_a_bad_version_of_the_engine_is_told_with_the_day_of_the_list(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    told: str,
    version: str,
    level: str,
    word: str,
) -> None:
    monkeypatch.setattr(engine, told, lambda: version)
    found = finding(tmp_path, name)
    assert found.level == level
    assert word in str(found)
    assert (engine_flaws.AS_OF in str(found)) is (level == "ok")
    assert bool(found.do) is (level != "ok")


def test_the_engine_that_comes_with_the_program_has_no_listed_fault_in_use(tmp_path: Path) -> None:
    for name in ("sqlite", "sqlcipher"):
        assert finding(tmp_path, name).level == "ok"
