"""If these fail, half a release, or one of something else, gets a name and a signature."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from distribution import release
from distribution.__main__ import SUMS
from distribution.release import EXPECTED, Wanted
from distribution.setting import CannotBuild
from distribution.signing import signer_line
from store.errors import CannotSign
from store.installation.package import SIGNERS

ROOT = Path(__file__).parents[2]
CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-11-30\n\n### Added\n- It.\n"


def git(root: Path, *words: str) -> None:
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", *identity, "-C", root, *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("key") / "key"
    command: list[str | Path] = [
        "ssh-keygen",
        "-q",
        "-t",
        "ed25519",
        "-N",
        "",
        "-C",
        "test",
        "-f",
        made,
    ]
    subprocess.run(command, check=True)
    return made


@pytest.fixture
def wanted(tmp_path: Path, key: Path) -> Wanted:
    """A tree that is ready to be released."""
    root = tmp_path / "tree"
    (root / "docs").mkdir(parents=True)
    for page in release.PAGES:
        (root / "docs" / page).write_text("page\n")
    (root / "CHANGELOG.md").write_text(CHANGELOG)
    (root / ".gitignore").write_text("dist/\n")
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "all")
    git(root, "tag", "v0.2.0")
    return Wanted(root, "0.2.0", key, "somebody")


class Builder:
    """Stands for `make check` and for the builders of packages."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.asked: list[str] = []
        self.left_out = ""
        self.then: Callable[[Path], object] = lambda folder: None

    def __call__(self, command: Sequence[str | Path]) -> None:
        words = [str(word) for word in command]
        self.asked.append(" ".join(words))
        if words[:1] == ["make"]:
            return
        folder = Path(words[words.index("--out") + 1])
        folder.mkdir()
        for pattern in EXPECTED:
            if pattern != self.left_out:
                name = pattern.format(version="0.2.0").replace("*", "-1")
                (folder / name).write_text(f"{name}\n")
        line = signer_line(self.wanted.key, self.wanted.signer, "porras-package")
        (folder / SIGNERS).write_text(line)
        self.then(folder)


def refused(wanted: Wanted, build: Builder | None = None) -> str:
    with pytest.raises(CannotBuild) as told:
        release.make(wanted, build or Builder(wanted))
    assert not wanted.folder.exists()
    left = wanted.root / "dist"
    assert not left.exists() or not list(left.iterdir()), "nothing that looks like a release"
    return str(told.value)


def test_a_release_is_checked_built_signed_and_named_last(wanted: Wanted) -> None:
    build = Builder(wanted)
    release.make(wanted, build)
    assert build.asked[0] == "make check"
    assert f"--key {wanted.key} --signer somebody" in build.asked[1]
    names = {path.name for path in wanted.folder.iterdir()}
    assert len(names) == len(EXPECTED) + 10
    assert {SUMS, f"{SUMS}.sig", SIGNERS, "README.txt", *release.PAGES} < names
    assert "### Added\n- It." in (wanted.folder / release.NOTES).read_text()


def test_a_stranger_can_do_what_the_readme_says(wanted: Wanted) -> None:
    release.make(wanted, Builder(wanted))
    text = (wanted.folder / "README.txt").read_text(encoding="utf-8")
    commands = [line.strip() for line in text.splitlines() if line.startswith("    s")]
    assert len(commands) == 3
    done = [
        subprocess.run(
            ["sh", "-c", each], cwd=wanted.folder, capture_output=True, text=True, check=True
        ).stdout
        for each in commands
    ]
    fingerprint = done[0].split()[1]
    assert fingerprint in text
    assert f'Good "porras-package" signature for somebody with ED25519 key {fingerprint}' in done[1]
    assert "README.txt: OK" in done[2]


@pytest.mark.parametrize("left_out", EXPECTED)
def test_half_a_release_is_none(wanted: Wanted, left_out: str) -> None:
    build = Builder(wanted)
    build.left_out = left_out
    assert left_out.format(version="0.2.0") in refused(wanted, build)


def test_a_package_that_is_there_twice_is_told(wanted: Wanted) -> None:
    build = Builder(wanted)
    build.then = lambda folder: (folder / "porras_0.2.0-9_amd64.deb").write_text("x")
    assert "porras_0.2.0*_amd64.deb: 2 files" in refused(wanted, build)


CHANGES: dict[str, tuple[Callable[[Wanted], object], str]] = {
    "a change": (lambda w: (w.root / "docs" / "site.md").write_text("other"), "not committed"),
    "a new file": (lambda w: (w.root / "new").write_text("x"), "not committed"),
    "no tag": (lambda w: git(w.root, "tag", "--delete", "v0.2.0"), "v0.2.0 is not on this commit"),
    "a later commit": (
        lambda w: git(w.root, "commit", "--quiet", "--allow-empty", "--message", "x"),
        "v0.2.0 is not on this commit",
    ),
    "a release": (lambda w: w.folder.mkdir(parents=True), "is there already"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_tree_that_is_not_what_it_says_is_refused(wanted: Wanted, change: str) -> None:
    make, told = CHANGES[change]
    make(wanted)
    build = Builder(wanted)
    with pytest.raises(CannotBuild, match=told):
        release.make(wanted, build)
    assert build.asked == []


CHANGELOGS = {
    CHANGELOG.replace("0.2.0", "0.3.0"): "is not 0.2.0",
    CHANGELOG.replace(" - 2026-11-30", ""): "no day",
    CHANGELOG.replace("### Added\n- It.\n", ""): "says nothing of 0.2.0",
    CHANGELOG.replace("[Unreleased]\n", "[Unreleased]\n- More.\n"): r"under \[Unreleased\]",
    "# Changelog\n": "is not 0.2.0",
}


@pytest.mark.parametrize("text", CHANGELOGS)
def test_a_changelog_that_does_not_tell_of_it_is_refused(wanted: Wanted, text: str) -> None:
    (wanted.root / "CHANGELOG.md").write_text(text)
    git(wanted.root, "commit", "--quiet", "--all", "--message", "x")
    git(wanted.root, "tag", "--force", "v0.2.0")
    with pytest.raises(CannotBuild, match=CHANGELOGS[text]):
        release.refuse_unready(wanted)


def test_a_key_in_the_tree_or_without_its_half_is_refused(wanted: Wanted, tmp_path: Path) -> None:
    inside = wanted.root / "key"
    for end in ("", ".pub"):
        shutil.copyfile(f"{wanted.key}{end}", f"{inside}{end}")
    assert "lies in this tree" in refused(wanted._replace(key=inside))
    assert "is two files" in refused(wanted._replace(key=tmp_path / "none"))


def test_a_key_whose_signature_nobody_would_take_is_told_first(
    wanted: Wanted, tmp_path: Path
) -> None:
    build = Builder(wanted)
    assert "one word" in refused(wanted._replace(signer="two words"), build)
    mixed = tmp_path / "mixed"
    shutil.copyfile(wanted.key, mixed)
    mixed.chmod(0o600)
    other = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "other")]
    subprocess.run(other, check=True)
    (tmp_path / "other.pub").rename(tmp_path / "mixed.pub")
    with pytest.raises(CannotSign):
        release.make(wanted._replace(key=mixed), build)
    assert build.asked == []


def test_tests_that_fail_or_leave_something_stop_it(wanted: Wanted) -> None:
    def leaves(command: Sequence[str | Path]) -> None:
        (wanted.root / "left").write_text(str(command))

    with pytest.raises(CannotBuild, match="not committed"):
        release.make(wanted, leaves)

    def fails(command: Sequence[str | Path]) -> None:
        raise subprocess.CalledProcessError(1, list(map(str, command)))

    (wanted.root / "left").unlink()
    with pytest.raises(subprocess.CalledProcessError):
        release.make(wanted, fails)
    assert not wanted.folder.exists()


@pytest.mark.parametrize("change", ["changed", "missing", "added", "signature", "stranger"])
def test_what_is_not_as_it_was_signed_is_found(wanted: Wanted, tmp_path: Path, change: str) -> None:
    release.make(wanted, Builder(wanted))
    folder = wanted.folder
    match change:
        case "changed":
            (folder / "README.txt").write_text("other")
        case "missing":
            (folder / "README.txt").unlink()
        case "added":
            (folder / "more.txt").write_text("x")
        case "signature":
            seal = folder / f"{SUMS}.sig"
            lines = seal.read_text().splitlines()
            lines[2] = lines[2][::-1]
            seal.write_text("\n".join(lines))
        case "stranger":
            other = tmp_path / "other"
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other], check=True)
            (folder / SIGNERS).write_text(signer_line(other, "somebody", "porras-package"))
    with pytest.raises(CannotBuild):
        release.verify(folder, "somebody")


def test_this_tree_tells_of_its_own_version() -> None:
    """Version and changelog agree here too; tag and tree are looked at when it is released."""
    import tomllib

    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert release.notes((ROOT / "CHANGELOG.md").read_text("utf-8"), version)
