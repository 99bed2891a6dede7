"""If these fail, pathways that do not hold come into use, or a site cannot see what is in use."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from click.testing import CliRunner, Result

from store.content.about import read_about
from store.content.receiving import alone, put_in_place, receive
from store.installation import file_list
from store.installation.file_list import LIST, SIGNATURE
from store.installation.signing import sign
from store.paths import find
from store.pathway_files.files import built_in
from tests.screens.running import PASSPHRASE, Stage
from tests.store.content.made import Author, new_author
from tests.store.installation.signed import needs_ssh_keygen
from tests.test_house import ROOMS, ROOT
from tui.cli import porras

pytestmark = needs_ssh_keygen


class Site:
    """A workplace with a database's folder and a file of signers of its own."""

    def __init__(self, folder: Path, author: Author) -> None:
        self.place = folder / "site" / "content"
        self.database = folder / "site" / "porras.db"
        self.signers = folder / "signers"
        self.signers.write_text(f'county namespaces="porras-content" {author.signers[0].key}\n')

    def run(self, *words: str | Path, answer: str = "", **more: str) -> Result:
        env = {"PORRAS_DB": str(self.database), "PORRAS_SIGNERS": str(self.signers), **more}
        asked = patch("tui.say.is_answered_by_a_person", return_value=bool(answer))
        with asked:
            runner = CliRunner()
            return runner.invoke(porras, ["--lang", "en", *map(str, words)], answer, env=env)


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Author:
    return new_author(tmp_path_factory.mktemp("author"))


@pytest.fixture(scope="module")
def packed(author: Author, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A content made by the command, and what it said."""
    out = author.folder / "stick"
    site = Site(tmp_path_factory.mktemp("county"), author)
    return out, site.run("content", "pack", author.draft(), "--key", author.key, "--out", out)


@pytest.fixture
def site(tmp_path: Path, author: Author) -> Site:
    return Site(tmp_path, author)


def resign(folder: Path, author: Author) -> None:
    """Sign a content anew as it stands, as an author does who has checked nothing."""
    text = file_list.write(file_list.measure(folder))
    (folder / LIST).write_text(text, "utf-8")
    (folder / SIGNATURE).unlink()
    sign(folder / LIST, author.key, "porras-content")


def test_a_content_is_packed_installed_listed_and_gone_back_from(
    site: Site, packed: tuple[Path, Result], author: Author
) -> None:
    stick, done = packed
    assert done.exit_code == 0, done.output
    assert "small: new, version 0.1." in done.stdout
    assert "Drafts that nobody has approved: small." in done.stdout
    assert re.search(r"\d+ texts in them are local proposals that nobody has signed", done.stdout)
    assert f'County namespaces="porras-content" {author.signers[0].key}' in done.stdout
    about = read_about(stick)
    assert (about.name, about.by, about.least) == ("Invented", "County", "0.2.0")
    assert set(about.holds) == {"small"}

    done = site.run("content", "install", stick, "--yes")
    assert done.exit_code == 0, done.output
    assert f"Signed by county, key {author.signers[0].fingerprint}" in done.stdout
    assert "adult: taken out of use for new assessments." in done.stdout
    assert "local proposals that nobody has signed" in done.stdout
    assert site.run("pathway", "list").stdout.startswith("small\t")
    (row,) = json.loads(site.run("content", "list", "--format", "json").stdout)["contents"]
    assert (row["number"], row["in_use"], row["sound"]) == ("0001", True, True)
    assert row["holds"] == about.holds
    listed = site.run("content", "list").stdout
    assert "* 0001  Invented 1.0" in listed
    assert f"signed by county, key {author.signers[0].fingerprint}" in listed

    again = site.run("content", "install", stick, "--yes")
    assert (again.exit_code, "nothing was changed" in again.stdout) == (0, True)
    assert site.run("content", "back").exit_code == 0
    assert site.run("pathway", "list").stdout.startswith("adult\t")
    assert site.run("content", "back").exit_code == 1


def test_pathways_named_by_hand_weigh_more_than_a_content(
    site: Site, packed: tuple[Path, Result], author: Author
) -> None:
    other = author.draft("other", "Another pathway") / "pathways"
    done = site.run("--pathways", other, "content", "install", packed[0], "--yes")
    assert f"The setting `pathways` names another folder, which weighs more: {other}" in done.stderr
    assert "Another pathway" in site.run("--pathways", other, "pathway", "list").stdout
    listed = site.run("content", "list", PORRAS_PATHWAYS=str(other)).stdout
    assert "* 0001" not in listed
    assert str(other) in listed
    assert "* 0001" in site.run("content", "list").stdout


def test_what_an_author_writes_looks_like_no_sentence_of_porras(site: Site, author: Author) -> None:
    stick = author.pack("1.0", name="forged")
    about = (stick / "content.toml").read_text("utf-8")
    forged = f"Signed by county, key {author.signers[0].fingerprint}"
    about = about.replace('name = "Invented"', f'name = "{forged}"\nnote = "{forged}"')
    (stick / "content.toml").write_text(about, "utf-8")
    resign(stick, author)
    done = site.run("content", "install", stick)
    told = done.stdout.splitlines()
    assert [f'"{forged}", version 1.0', f'"{forged}"', forged] == [told[0], *told[2:4]]


def test_no_text_of_a_record_begins_a_line_of_its_own(
    site: Site, packed: tuple[Path, Result]
) -> None:
    site.run("content", "install", packed[0], "--yes")
    record = site.place / "0001" / "installed.toml"
    forged = re.sub(
        '^(title|signer) = "', r'\1 = "x\\nSigned by us ', record.read_text("utf-8"), flags=re.M
    )
    record.write_text(forged, encoding="utf-8")
    listed = site.run("content", "list").stdout
    assert listed.count("Signed by us") == 2
    assert not re.search("^Signed by us", listed, re.MULTILINE)


def test_contents_may_stand_in_a_folder_that_many_share(
    site: Site, packed: tuple[Path, Result], tmp_path: Path
) -> None:
    shared = tmp_path / "srv" / "content"
    site.run("--content", shared, "content", "install", packed[0], "--yes")
    assert (shared / "current").read_text() == "0001\n"
    assert not site.place.exists()
    others = site.run("pathway", "list", PORRAS_CONTENT=str(shared))
    assert others.stdout.startswith("small\t")


def unproven(folder: Path) -> None:
    """Let somebody with a high total get a lower step."""
    rules = folder / "pathways" / "small" / "rules.toml"
    text = rules.read_text("utf-8")
    assert "at_least = " in text or "step" in text
    rules.write_text(text + '\n[[rule]]\nid = "Z9"\n', "utf-8")


def services_of_nobody(folder: Path) -> None:
    area = folder / "pathways" / "small" / "services" / "my_area.toml"
    area.write_text(area.read_text("utf-8") + "\nnonsense = 1\n", "utf-8")


def a_case_without_a_pathway(folder: Path) -> None:
    case = folder / "pathways" / "vignettes" / "mine.toml"
    case.parent.mkdir()
    case.write_text('id = "mine"\npathway = "none"\n', "utf-8")


def tracks_of_nonsense(folder: Path) -> None:
    care = folder / "pathways" / "care" / "tracks.toml"
    care.parent.mkdir()
    care.write_text("nonsense = 1\n", "utf-8")


def without_pathways(folder: Path) -> None:
    (folder / "pathways" / "small" / "pathway.toml").unlink()


UNFIT = {
    "rules": (unproven, "small/rules.toml"),
    "services": (services_of_nobody, "my_area.toml"),
    "cases": (a_case_without_a_pathway, "vignettes/mine.toml"),
    "care": (tracks_of_nonsense, "care/tracks.toml"),
    "nothing": (without_pathways, "there is no pathway that takes new clients"),
}


@pytest.mark.parametrize("unfit", UNFIT)
def test_what_does_not_hold_is_neither_signed_nor_used(
    unfit: str, site: Site, author: Author, tmp_path: Path
) -> None:
    spoil, told = UNFIT[unfit]
    draft = Author(tmp_path, author.key).draft()
    spoil(draft)
    done = site.run("content", "pack", draft, "--key", author.key, "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert told in done.stdout
    assert "may not be used, since not everything in it holds" in done.stderr
    assert not (tmp_path / "out").exists()

    stick = author.pack("1.0", name=f"unfit-{unfit}")
    spoil(stick)
    resign(stick, author)
    done = site.run("content", "install", stick, "--yes")
    assert done.exit_code == 1
    assert told in done.stdout
    assert not (site.place / "current").exists()
    assert site.run("pathway", "list").stdout.startswith("adult\t")


def test_a_pathway_that_reads_otherwise_than_where_it_was_signed_is_refused(
    site: Site, author: Author
) -> None:
    """A content that draws on files of Porras would change with it."""
    stick = author.pack("1.0", name="otherwise")
    about = stick / "content.toml"
    about.write_text(re.sub(r'"small" = "\w{8}', '"small" = "00000000', about.read_text()))
    resign(stick, author)
    done = site.run("content", "install", stick, "--yes")
    assert "is not the same here as where it was signed" in done.stderr
    assert not (site.place / "current").exists()


def test_a_content_has_the_cards_and_questionnaires_that_it_needs(
    site: Site, author: Author, tmp_path: Path
) -> None:
    draft = Author(tmp_path, author.key).draft()
    for path in sorted((draft / "pathways" / "small" / "cards").rglob("*"), reverse=True):
        path.unlink()
    (draft / "pathways" / "small" / "cards").rmdir()
    done = site.run("content", "pack", draft, "--key", author.key, "--out", tmp_path / "out")
    assert "has no cards/, which pathway small needs" in done.stderr


def test_an_unsigned_content_is_taken_after_a_question_alone(site: Site, author: Author) -> None:
    bare = author.pack("1.0", signed=False)
    refused = site.run("content", "install", bare, "--yes")
    assert "Nobody has signed the content" in refused.stderr
    unasked = site.run("content", "install", bare, "--unsigned", "--yes")
    assert "Somebody has to answer that." in unasked.stderr
    no = site.run("content", "install", bare, "--unsigned", answer="n\n")
    assert (no.exit_code, (site.place / "current").exists()) == (1, False)
    yes = site.run("content", "install", bare, "--unsigned", answer="y\n")
    assert yes.exit_code == 0, yes.output
    assert "signed by nobody" in site.run("content", "list").stdout


def test_nothing_comes_into_use_before_somebody_says_yes(
    site: Site, packed: tuple[Path, Result]
) -> None:
    alone_ = site.run("content", "install", packed[0])
    assert "With --yes nobody is asked." in alone_.stderr
    assert site.run("content", "install", packed[0], answer="n\n").exit_code == 1
    assert not (site.place / "current").exists()
    assert site.run("content", "install", packed[0], answer="y\n").exit_code == 0


def test_a_content_that_is_damaged_later_is_told_by_every_command_and_by_the_list(
    site: Site, author: Author
) -> None:
    stick = author.pack("1.0")
    with alone(site.place), receive(site.place, stick, author.signers) as staged:
        put_in_place(staged, "2026-11-30T12:00:00.000Z", staged.about.holds)
    rules = site.place / "0001" / "pathways" / "small" / "rules.toml"
    rules.write_bytes(rules.read_bytes() + b"\n")
    done = site.run("pathway", "list")
    assert "porras: The installed content Invented 1.0 is damaged: pathways/small" in done.stderr
    assert done.stdout.startswith("adult\t")
    assert "! damaged: pathways/small/rules.toml" in site.run("content", "list").stdout
    looked = json.loads(site.run("doctor", "--format", "json").stdout)
    found = {each["name"]: each for each in looked if "content" in each["name"]}
    assert {name: each["mark"] for name, each in found.items()} == {
        "content": "FAULT",
        "content 0001": "WARNING",
    }


ABOUT = 'name = "Invented"\nversion = "1.0"\nfrom = "County"\n'
UNCLEAR: dict[str, Callable[[str], str]] = {
    "TOML": lambda text: text + "=",
    "name": lambda text: text.replace('name = "Invented"\n', ""),
    "version": lambda text: text.replace("1.0", "one"),
    "from": lambda text: text.replace("County", ""),
    "least": lambda text: text + 'least = "soon"\n',
    "note": lambda text: text + f'note = "{"x" * 201}"\n',
    "surprise": lambda text: text + "surprise = 1\n",
    "holds": lambda text: text + '[holds]\nsmall = "abc"\n',
}


@pytest.mark.parametrize("key", UNCLEAR)
def test_what_a_content_says_of_itself_is_refused_by_its_key(
    key: str, site: Site, author: Author, tmp_path: Path
) -> None:
    draft = Author(tmp_path, author.key).draft()
    (draft / "content.toml").write_text(UNCLEAR[key](ABOUT), "utf-8")
    done = site.run("content", "pack", draft, "--key", author.key, "--out", tmp_path / "out")
    assert (done.exit_code, done.stderr.count(f"in this content: {key}")) == (1, 1), done.output


def test_a_key_that_does_not_sign_leaves_no_content(
    site: Site, author: Author, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = site.run("content", "pack", author.draft(), "--key", tmp_path / "none", "--out", out)
    assert "ssh-keygen did not sign with the key" in done.stderr
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == []
    with patch("shutil.which", return_value=None):
        done = site.run("content", "pack", author.draft(), "--key", author.key, "--out", out)
    assert "whether the program ssh-keygen of OpenSSH is installed" in done.stderr


def test_no_other_program_is_run_but_what_signs_installs_and_prints() -> None:
    """What runs other programs runs them with the rights of whoever opened the store."""
    found = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"\bimport subprocess|os\.(system|exec|spawn|popen)", path.read_text("utf-8"))
    }
    signs, installs = "store/installation/signing.py", "store/installation/environment.py"
    assert found == {signs, installs, "casework/desk/printing.py"}


def test_a_command_that_opens_a_store_tells_that_its_content_is_gone(tmp_path: Path) -> None:
    """Whoever reads the worklist by a script hears what whoever opens the program hears."""
    stage = Stage(find(tmp_path / "data" / "porras.db"), built_in("adult"))
    with stage.store() as store:
        store.pathway_texts.keep_content("Invented 2.0", {"small": "0" * 64})
    words = ("--lang", "en", "--db", str(stage.places.database), "worklist")
    told = CliRunner().invoke(porras, [*words, "--passphrase-file", "-"], PASSPHRASE)
    assert told.exit_code == 0, told.output
    assert "Invented 2.0, with which this store worked last, is not in" in told.stderr
    deep = (*words[:4], "doctor", "--deep", "--passphrase-file", "-", "--format", "json")
    looked = json.loads(CliRunner().invoke(porras, [*deep], PASSPHRASE).stdout)
    found = [each for each in looked if each["name"] == "content"]
    assert [each["mark"] for each in found] == ["FAULT"]
    assert "Invented 2.0, with which this store worked last" in found[0]["text"]
    assert "porras content back --ours" in found[0]["do"]
    assert CliRunner().invoke(porras, [*words[:4], "content", "back", "--ours"]).exit_code == 0
    told = CliRunner().invoke(porras, [*words, "--passphrase-file", "-"], PASSPHRASE)
    assert "Invented" not in told.stderr
    assert "Invented" not in CliRunner().invoke(porras, [*deep], PASSPHRASE).stdout
