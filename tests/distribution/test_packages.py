"""If these fail, packages differ from run to run, or do not say what they are made of."""

from __future__ import annotations

import errno
import os
import subprocess
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name

from distribution import __main__ as run
from distribution import archives, inside, licences, sbom, wheels
from distribution.setting import CannotBuild
from distribution.wheels import Target
from store.errors import CannotSign
from store.installation.file_list import digest_of
from store.installation.package import SIGNERS
from store.installation.signature import read_signers, verify
from tests.distribution.made_up import ROOT, setting, wheel
from tests.store.installation.signed import needs_ssh_keygen, new_key

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


@pytest.mark.parametrize("pack", [archives.pack_zip, archives.pack_tar])
def test_archives_of_two_folders_with_the_same_files_are_the_same(
    pack: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    assert callable(pack)
    names = ["b/program", "a.txt", "b/c/deep.txt", "z"]
    for folder, order, rights in (("one", names, 0o700), ("two", names[::-1], 0o775)):
        for number, name in enumerate(order):
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
            path.chmod(rights if name == "b/program" else rights & 0o666)
            os.utime(path, (number * 1e8, number * 1e8 + len(folder)))
        pack(tmp_path / folder, tmp_path / f"{folder}.packed", "top")
    one, two = ((tmp_path / f"{name}.packed").read_bytes() for name in ("one", "two"))
    assert one == two


@needs_ssh_keygen
def test_the_sums_name_all_that_was_built_and_are_signed(tmp_path: Path) -> None:
    made = setting(tmp_path, new_key(tmp_path))
    written = [made.out / name for name in ("b.zip", "a.tar.gz")]
    for path in written:
        path.write_text(path.name)
    run._finish(made, written)
    done = subprocess.run(["sha256sum", "-c", run.SUMS], cwd=made.out, capture_output=True)
    assert done.stdout.decode().splitlines() == ["a.tar.gz: OK", "b.zip: OK"]
    signers = read_signers((made.out / SIGNERS).read_text(), SIGNERS)
    text, signature = ((made.out / name).read_bytes() for name in (run.SUMS, f"{run.SUMS}.sig"))
    assert verify(text, signature, signers, "porras-package", run.SUMS).name == "region"
    run._finish(setting(tmp_path), written)  # unsigned: no older signature stays beside it
    assert {path.name for path in made.out.iterdir()} == {"b.zip", "a.tar.gz", run.SUMS}


def test_a_key_without_its_public_half_is_told(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("invented")
    with pytest.raises(CannotBuild, match=r"no file .*key\.pub"):
        run.prepare(ROOT, tmp_path / "dist", tmp_path / "key", "region")


def test_without_the_time_of_a_commit_nothing_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    with pytest.raises(CannotBuild, match="Set SOURCE_DATE_EPOCH"):
        run.prepare(tmp_path, tmp_path / "dist", None, "region")


def _failed() -> Exception:
    return subprocess.CalledProcessError(2, ["nfpm", "package"], stderr="first\nno such file")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (FileNotFoundError(2, "No such file", "nfpm"), "The program `nfpm` is missing"),
        (OSError(errno.ENOSPC, "No space left", "dist/x"), r"The disk is full \(dist/x\)"),
        (_failed(), r"`nfpm package` gave up \(2\)\.\nfirst\nno such file"),
        (CannotBuild("No wheel."), "No wheel"),
        (CannotSign(path="county"), r"ssh-keygen did not sign with the key county\. Look at"),
    ],
)
def test_what_stops_a_run_is_told_in_a_sentence(
    fault: Exception, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(run, "prepare", fail)
    with pytest.raises(SystemExit, match=told):
        run.main(["--out", str(tmp_path)])


def test_each_kind_has_its_builder_and_deb_and_rpm_that_of_the_folder() -> None:
    assert run._modules(["deb", "rpm", "folder"]) == ["distribution.frozen"]
    assert run._modules(run.KINDS) == sorted(run.BUILDERS.values())


# Wheels


def test_the_lock_is_read_as_it_stands() -> None:
    pins = {pin.name: pin for pin in wheels.read_lock(LOCK)}
    assert pins["sqlcipher3"].version in LOCK
    assert sum(len(pin.digests) for pin in pins.values()) == LOCK.count("--hash=sha256:")
    (only,) = wheels.read_lock("a==1 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n")
    assert wheels._applies(only, Target("windows-x86_64", "3.13"))
    assert not wheels._applies(only, Target("linux-x86_64", "3.13"))


def test_a_wheel_is_taken_for_what_it_runs_on_and_with_its_digest(tmp_path: Path) -> None:
    name = "cffi-2.1.1-cp312-cp312-manylinux2014_aarch64.manylinux_2_17_aarch64.whl"
    (tmp_path / name).write_bytes(b"invented")
    digest = digest_of(tmp_path / name)
    (pin,) = wheels.read_lock(f"cffi==2.1.1 --hash=sha256:{digest}\n")
    assert wheels.find(tmp_path, pin, Target("linux-aarch64", "3.12")) == tmp_path / name
    for other in (("linux-x86_64", "3.12"), ("linux-aarch64", "3.13"), ("windows-x86_64", "3.12")):
        assert wheels.find(tmp_path, pin, Target(*other)) is None
    (tmp_path / name).write_bytes(b"changed")
    assert wheels.find(tmp_path, pin, Target("linux-aarch64", "3.12")) is None


def test_a_wheel_for_a_newer_glibc_is_not_taken() -> None:
    tags = {str(tag) for tag in Target("linux-x86_64", "3.11").tags}
    assert "cp311-cp311-manylinux_2_28_x86_64" in tags
    assert "cp311-cp311-manylinux_2_29_x86_64" not in tags
    names = (
        "a-1-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
        "b-1-py3-none-any.whl",
    )
    assert wheels.oldest_glibc(Path(name) for name in names) == "2.17"


def test_what_cannot_be_had_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    made = setting(tmp_path)
    pins = list(wheels.read_lock(f"invented-thing==1.0 --hash=sha256:{'0' * 64}\n"))
    with pytest.raises(CannotBuild, match=r"invented-thing\. It needs the network once"):
        wheels._download(pins, Target("linux-x86_64", "3.12"), tmp_path, made.work)


def test_a_wheel_with_files_for_other_places_is_refused(tmp_path: Path) -> None:
    wheels.refuse_unfit(wheel(tmp_path, "plain", {"plain.py": b""}))
    odd = wheel(tmp_path, "odd", {"odd-1.0.data/headers/odd.h": b""})
    with pytest.raises(CannotBuild, match=r"odd-1\.0\.data/headers/odd\.h"):
        wheels.refuse_unfit(odd)


def test_a_program_of_a_library_is_left_out(tmp_path: Path) -> None:
    files = {"plain.py": b"", "plain-1.0.data/scripts/plain": b""}
    wheels.unpack(wheel(tmp_path, "plain", files), tmp_path / "site")
    assert not list((tmp_path / "site").rglob("*.data"))
    assert (tmp_path / "site" / "plain.py").is_file()


# What packages are made of


def _as_wheel(folder: Path, name: str) -> Path:
    """A wheel of something that is installed here, as it is."""
    found = metadata.distribution(name)
    path = folder / f"{name.replace('-', '_')}-{found.version}-cp311-abi3-linux_x86_64.whl"
    with zipfile.ZipFile(path, "w") as packed:
        for file in found.files or ():
            if ".." not in file.parts and file.suffix != ".pyc":
                packed.write(str(file.locate()), str(file))
    return path


@pytest.fixture(scope="module")
def native(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("native")
    return [_as_wheel(folder, name) for name in inside._NATIVE]


def test_what_lies_inside_wheels_is_named_as_it_names_itself(native: list[Path]) -> None:
    from cryptography.hazmat.backends.openssl import backend

    parts = {(part.inside, part.name): part for part in inside.parts_inside(native)}
    engine = inside.ask_engine()
    assert parts["sqlcipher3", "SQLCipher"].version == engine.sqlcipher
    assert parts["sqlcipher3", "SQLite"].version == engine.sqlite
    assert parts["sqlcipher3", "OpenSSL"].version
    told = f"OpenSSL {parts['cryptography', 'OpenSSL'].version} "
    assert backend.openssl_version_text().startswith(told)
    assert ("argon2-cffi-bindings", "Argon2 reference code") in parts
    assert ("cffi", "libffi") in parts
    assert ("cryptography", "pyo3") in parts  # of the list that the wheel itself brings


def test_a_bill_names_parts_under_what_brings_them(native: list[Path]) -> None:
    components: list[dict[str, Any]] = [
        {"name": name, "version": "1.0", "bom-ref": f"{name}==1.0"} for name in inside._NATIVE
    ]
    bill: dict[str, Any] = {"components": components, "dependencies": [{"ref": sbom.ROOT}]}
    extra = inside.Part("CPython", "3.13.2", "PSF-2.0", (ROOT / "LICENSE",))
    sbom._add(bill, [*inside.parts_inside(native), extra])
    needs = {each["ref"]: each.get("dependsOn", []) for each in bill["dependencies"]}
    assert needs[sbom.ROOT] == ["beside/CPython@3.13.2"]
    assert f"sqlcipher3/SQLite@{inside.ask_engine().sqlite}" in needs["sqlcipher3==1.0"]
    sqlite = next(each for each in components if each["name"] == "SQLite")
    assert sqlite["cpe"].startswith(f"cpe:2.3:a:sqlite:sqlite:{sqlite['version']}:")
    libffi = next(each for each in components if each["name"] == "libffi")
    assert "version" not in libffi
    assert {"name": "porras:version-told-by", "value": "nothing tells"} in libffi["properties"]


def test_a_wheel_with_another_engine_than_here_is_refused() -> None:
    with pytest.raises(CannotBuild, match="holds another engine"):
        list(inside._sqlcipher(b"4.0.0", "sqlcipher3.whl"))
    with pytest.raises(CannotBuild, match="does not tell which OpenSSL"):
        inside.openssl_version(b"OpenSSL 3.0.1 1 Jan 2022\0OpenSSL 3.0.2 2 Feb 2022", "a.whl")


def test_a_bill_that_names_what_is_not_packed_is_refused(tmp_path: Path) -> None:
    packed = [wheel(tmp_path, "invented", {})]
    about = {"name": "Invented", "version": "1.0"}
    bill: dict[str, Any] = {"metadata": {"component": about}, "components": [about]}
    sbom.refuse_others(bill, packed)
    bill["components"] = [about, {"name": "pytest", "version": "9"}]
    with pytest.raises(CannotBuild, match="pytest 9"):
        sbom.refuse_others(bill, packed)


def test_every_part_brings_its_licence(native: list[Path], tmp_path: Path) -> None:
    for pin in wheels.read_lock(LOCK):
        files = [str(file) for file in metadata.distribution(pin.name).files or ()]
        tops = {name.partition("/")[0] + "/" for name in files if ".dist-info/" in name}
        assert any(licences.is_licence(name, top) for name in files for top in tops), pin.name
    parts = inside.parts_inside(native)
    licences.collect(tmp_path / "LICENSES", native, parts)
    for part in parts:
        if part.cpe:
            folder = tmp_path / "LICENSES" / f"{part.name}-{part.version}"
            assert any(folder.iterdir()), part.name
    for path in native:
        name, version, *_ = path.name.split("-")
        assert any((tmp_path / "LICENSES" / f"{canonicalize_name(name)}-{version}").iterdir())


def test_a_part_without_a_licence_is_refused(tmp_path: Path) -> None:
    bare = wheel(tmp_path, "bare", {"bare.py": b""})
    with pytest.raises(CannotBuild, match=r"bare-1\.0-py3-none-any\.whl brings no text"):
        licences.collect(tmp_path / "LICENSES", [bare], [])
    with pytest.raises(CannotBuild, match="CPython brings no text"):
        licences.collect(tmp_path / "LICENSES", [], [inside.Part("CPython", "3.13.2")])


def test_the_own_texts_of_licences_are_all_used() -> None:
    modules = Path(inside.__file__).parent.rglob("*.py")
    sources = "\n".join(module.read_text(encoding="utf-8") for module in modules)
    for text in inside.LICENCES.iterdir():
        assert f'"{text.name}"' in sources
