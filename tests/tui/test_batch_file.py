"""`porras decide --batch`: a file of cases in, a file of decisions out, no case lost between."""

from __future__ import annotations

import csv
import io
import os
import stat
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from stepping.batch.batch import OUTPUT
from stepping.spreadsheet import as_meant, defused
from tests.stepping.cases import INVENTED_HETU, SMALL, small
from tui.cli import porras
from tui.commands import decide_csv
from tui.commands.case_file import LONGEST_LINE, BatchFileError
from tui.commands.decide_csv import Counts, decide_file

ROOT = Path(__file__).parents[2]
HEADING = "case,client.age,danger,mood.1,mood.2,weeks\n"
WELL = "suggested,0,no,0,0,,,,,,no"
HELPED = "suggested,1,no,1,1,,,R2|R3,,,no"
CASES = f"{HEADING}a,40,no,0,0,\nb,40,no,2,1,8\nc,40,no,0,,\n"
DECIDED = f"{','.join(OUTPUT)}\na,{WELL}\nb,{HELPED}\nc,insufficient,,no,0,1,,,,mood.2|weeks,,no\n"
REFUSED = "refused,,,,,,,,,,"


def run(*arguments: str | Path, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(porras, ["decide", *map(str, arguments)], input=given)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """The small pathway as a folder."""
    for name, content in SMALL.items():
        path = tmp_path / "small" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path / "small"


def decided(given: str | bytes) -> tuple[list[str], list[str], Counts]:
    """The lines that come out without their heading, what is told, and the counts."""
    out, told = io.BytesIO(), list[str]()
    data = given if isinstance(given, bytes) else given.encode()
    counts = decide_file(small(), io.BytesIO(data), out, tell=told.append)
    return out.getvalue().decode().splitlines()[1:], told, counts


def refusal(given: str | bytes) -> str:
    with pytest.raises(BatchFileError) as error:
        decided(given)
    return str(error.value)


# -- the command ------------------------------------------------------------------------------


def test_a_file_of_cases_becomes_a_file_of_decisions(mine: Path, tmp_path: Path) -> None:
    cases, out = tmp_path / "in.csv", tmp_path / "out.csv"
    cases.write_text(CASES, encoding="utf-8")
    done = run(mine, "--batch", cases, "--out", out)
    assert (done.exit_code, done.stdout) == (0, "")
    assert out.read_text(encoding="utf-8") == DECIDED
    assert done.stderr.startswith("3 decided, 0 refused, ")
    assert done.stderr.rstrip().endswith(" a second")


def test_it_reads_and_writes_a_pipe(mine: Path) -> None:
    done = run(mine, "--batch", "-", "--out", "-", given=CASES)
    assert (done.exit_code, done.stdout) == (0, DECIDED)


def test_refused_lines_end_with_1_and_the_others_are_decided(mine: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    given = CASES.replace("b,40,no,2,1,8", "b,40,no,2,9,99")
    done = run(mine, "--batch", "-", "--out", out, given=given)
    assert done.exit_code == 1
    assert out.read_text(encoding="utf-8") == DECIDED.replace(f"b,{HELPED}", f"b,{REFUSED}")
    told = done.stderr.splitlines()
    assert told[:2] == [
        "line 3, mood.2: 9 is out of range; it goes from 0 to 2",
        "line 3, weeks: 99 is out of range; it goes from 0 to 52",
    ]
    assert told[2].startswith("2 decided, 1 refused, ")


def test_the_single_command_says_the_same(mine: Path) -> None:
    given = '{"client.age": 40, "danger": false, "mood.1": 2, "mood.2": 1, "weeks": 8}'
    told = run(mine, "--format", "json", given=given).stdout
    assert '"step": 1' in told
    assert decided(CASES)[0][1] == f"b,{HELPED}"


def test_an_older_file_stays_whole_until_a_new_one_is(mine: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    older = DECIDED.replace("a,", "older,")
    out.write_text(older, encoding="utf-8")
    out.chmod(0o644)
    done = run(mine, "--batch", "-", "--out", out, given="nothing,like,it\n")
    assert done.exit_code == 1
    assert out.read_text(encoding="utf-8") == older
    long = CASES + "d" * LONGEST_LINE
    assert run(mine, "--batch", "-", "--out", out, given=long).exit_code == 1
    assert out.read_text(encoding="utf-8") == older
    assert run(mine, "--batch", "-", "--out", out, given=CASES).exit_code == 0
    assert out.read_text(encoding="utf-8") == DECIDED
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["out.csv"]


def test_what_comes_out_is_readable_by_its_owner_alone(mine: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    run(mine, "--batch", "-", "--out", out, given=CASES)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_link_is_not_followed(mine: Path, tmp_path: Path) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text(DECIDED.replace("a,", "older,"), encoding="utf-8")
    link.symlink_to(real)
    done = run(mine, "--batch", "-", "--out", link, given=CASES)
    assert done.exit_code == 1
    assert "That is a link" in done.stderr
    assert "older," in real.read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_device_is_no_place_for_decisions(mine: Path) -> None:
    done = run(mine, "--batch", "-", "--out", "/dev/full", given=CASES)
    assert done.exit_code == 1
    assert "/dev/full: That is a folder or no ordinary file" in done.stderr


def test_the_file_that_is_read_is_never_written(mine: Path, tmp_path: Path) -> None:
    cases, other = tmp_path / "in.csv", tmp_path / "other.csv"
    cases.write_text(CASES, encoding="utf-8")
    other.hardlink_to(cases)
    for out in (cases, tmp_path / "." / "in.csv", other):
        done = run(mine, "--batch", cases, "--out", out)
        assert done.exit_code == 2
        assert "--out is the file that is read" in done.stderr
    assert cases.read_text(encoding="utf-8") == CASES


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--batch", "-"], "--batch IN.csv and --out OUT.csv go together"),
        (["--out", "-"], "--batch IN.csv and --out OUT.csv go together"),
        (["--batch", "-", "--out", "-", "--answers", "-"], "are for one case"),
        (["--batch", "-", "--out", "-", "--lang", "fi"], "are for one case"),
        (["--batch", "-", "--out", "-", "--format", "json"], "are for one case"),
        (["--batch", "/no/such.csv", "--out", "-"], "No such file"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_why(
    mine: Path, arguments: list[str], message: str
) -> None:
    done = run(mine, *arguments, given=CASES)
    assert done.exit_code == 2
    assert message in done.stderr


@pytest.mark.parametrize(
    ("out", "message"),
    [("/no/such/out.csv", "There is no such folder"), (".", "That is a folder")],
)
def test_a_place_that_cannot_be_written_is_told(mine: Path, out: str, message: str) -> None:
    done = run(mine, "--batch", "-", "--out", out, given=CASES)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {out}: {message}")


def test_a_reader_that_goes_away_is_no_fault(mine: Path, tmp_path: Path) -> None:
    cases = tmp_path / "in.csv"
    cases.write_text(HEADING + "a,40,no,0,0,\n" * 20_000, encoding="utf-8")
    piped = f'"{sys.executable}" -m tui decide "{mine}" --batch "{cases}" --out - | head -1'
    done = subprocess.run(
        ["/bin/sh", "-c", piped], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.stdout == f"{','.join(OUTPUT)}\n"
    assert "Traceback" not in done.stderr


# -- the file ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        CASES.encode(),
        b"\xef\xbb\xbf" + CASES.encode(),
        CASES.replace("\n", "\r\n").encode(),
        CASES.replace("\n", "\r").encode(),
        CASES.rstrip("\n").encode(),
        CASES.replace("\n", "\n\n").encode()[: -len("\n")],
        CASES.replace("40", '"40"').encode(),
    ],
    ids=["plain", "bom", "crlf", "cr", "no last line end", "blank lines", "quoted"],
)
def test_the_ways_of_writing_one_file_are_one(given: bytes) -> None:
    lines, told, counts = decided(given)
    assert (lines, told, counts) == (DECIDED.splitlines()[1:], [], Counts(3, 0))


FINNISH = CASES.replace(",", ";")


@pytest.mark.parametrize(
    "given",
    [
        FINNISH.encode(),
        b"\xef\xbb\xbf" + FINNISH.replace("\n", "\r\n").encode(),
        f"sep=;\r\n{FINNISH}".encode(),
        f'\ufeff"sep=;"\n{FINNISH}'.encode(),
        FINNISH.replace("case", '"case"')
        .replace("danger", '"danger"')
        .replace("a;", '"a";')
        .encode(),
        FINNISH.replace("client.age", " client.age ").encode(),
        f";;;;;\n{FINNISH};;;;;\n ; ;;;;\n".encode(),
    ],
    ids=[
        "semicolons",
        "excel",
        "sep",
        "quoted sep",
        "quoted",
        "blanks in the heading",
        "empty rows",
    ],
)
def test_the_ways_of_a_finnish_spreadsheet_are_read_and_written(given: bytes) -> None:
    lines, told, counts = decided(given)
    assert (told, counts) == ([], Counts(3, 0))
    assert [line.replace(";", ",") for line in lines] == DECIDED.splitlines()[1:]
    assert lines[0].startswith("a;suggested;")


@pytest.mark.parametrize("sep", [",", "\t"])
def test_the_first_sign_of_the_heading_separates_and_sep_may_say_so(sep: str) -> None:
    for first in ("", f"sep={sep}\n", f"SEP={sep}\r\n"):
        lines, told, _ = decided(first + CASES.replace(",", sep))
        assert told == []
        assert [line.split(sep)[:2] for line in lines][:1] == [["a", "suggested"]]


def test_lines_keep_their_numbers_where_others_are_passed_over() -> None:
    lines, told, counts = decided(f"sep=,\n,,\n{HEADING},,,,,\n\n  \na,40,no,7,0,\n")
    assert lines == [f"a,{REFUSED}"]
    assert told == ["line 7, mood.1: 7 is out of range; it goes from 0 to 2"]
    assert counts == Counts(0, 1)


def test_a_case_that_stands_twice_is_told_with_both_lines(mine: Path) -> None:
    given = HEADING + "a,40,no,0,0,\nb,40,no,0,0,\n\na,40,no,2,1,8\n,40,no,0,0,\n,40,no,0,0,\n"
    lines, told, counts = decided(given)
    assert [lines[0], lines[2]] == [f"a,{WELL}", f"a,{HELPED}"]
    assert told == ["line 5, case: line 2 has the same case; both are decided"]
    assert counts == Counts(5, 0, 1)
    done = run(mine, "--batch", "-", "--out", "-", given=given)
    assert done.exit_code == 1
    assert (
        "a case stands twice, each time with a decision; give each a name of its own" in done.stderr
    )


def test_a_case_that_stands_twice_is_found_over_any_distance(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(decide_csv, "LINES_AT_ONCE", 2)
    rows = "".join(f"c{n % 5000},40,no,0,0,\n" for n in range(5003))
    assert decided(HEADING + rows)[1] == [
        f"line {5002 + n}, case: line {2 + n} has the same case; both are decided" for n in range(3)
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("0123456789", None),
        ("358000123", None),
        ("A0123456789", None),
        ("2026110001", None),
        ("040 123 4567", "a phone at character 1; name the case without it; put a letter before a"),
        ("+358401234567", "a phone at character 1"),
        ("0401234567", "a phone at character 1"),
        (INVENTED_HETU, "a hetu at character 1; name the case without it"),
        (f"0123456789 {INVENTED_HETU}", "a hetu at character 12"),
    ],
)
def test_running_numbers_are_cases_and_people_are_not(given: str, message: str | None) -> None:
    lines, told, _ = decided(f"{HEADING}{given},40,no,0,0,\n")
    assert (told == []) == (message is None)
    assert lines == [f"{given if message is None else ''},{WELL if message is None else REFUSED}"]
    assert all(f"line 2, case: looks like it holds {message}" in one for one in told)


# -- formulas -------------------------------------------------------------------------------------

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", ' "=1"', "'=1", "''@x", " -2", "＝1", '"+x', "=a;b,c"]


def test_names_of_cases_come_through_as_they_are_unless_a_spreadsheet_would_run_them() -> None:
    names = ['say "a, b"', "å ä ö – 案例", " spaced ", "a=1", "a-1", "'quoted'", "1-2", ""]
    assert [row[0] for row in csv.reader(decided(_cases_named(names))[0])] == names
    lines, told, _ = decided(_cases_named(FORMULAS))
    assert told == []
    for name, (cell, *_) in zip(FORMULAS, csv.reader(lines), strict=True):
        assert cell == (name if name[:1] == "'" else f"'{name}")


def test_a_name_that_was_defused_is_the_same_case_when_it_is_read_again() -> None:
    once = decided(_cases_named(FORMULAS))[0]
    again = decided(_cases_named([row[0] for row in csv.reader(once)]))[0]
    assert again == once
    assert "has the same case" in decided(_cases_named(["=1", "'=1"]))[1][0]
    assert [as_meant(defused(name)) for name in FORMULAS] == FORMULAS


@pytest.mark.parametrize("start", ["\t", "\r", "\t=1"])
def test_a_tab_or_a_return_starts_no_cell(start: str) -> None:
    assert defused(f"{start}x") == f"'{start}x"


def test_a_name_is_no_formula_in_a_program_that_splits_at_another_sign() -> None:
    (line,) = decided(_cases_named(["a;=1+1"]))[0]
    assert line.startswith('"a;=1+1"')


def test_no_csv_is_written_where_formulas_are_not_defused() -> None:
    """Python's own writer defuses nothing: `stepping/spreadsheet.py` alone writes CSV."""
    rooms = [
        p
        for room in ("stepping", "store", "casework", "screens", "tui")
        for p in (ROOT / room).rglob("*.py")
    ]
    texts = {path.name: path.read_text(encoding="utf-8") for path in rooms}
    assert [
        name for name, text in texts.items() if "csv.writer" in text or "DictWriter" in text
    ] == []


def _cases_named(names: list[str]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows([["case", "mood.1"], *([name, "1"] for name in names)])
    return file.getvalue()


def test_a_file_longer_than_one_piece_keeps_its_lines_and_their_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(decide_csv, "LINES_AT_ONCE", 3)
    rows = [f"c{n},40,no,{n % 3},0,8" for n in range(20)]
    rows[7], rows[11], rows[13] = "c7,40,no,5,0,8", "", "c13,x"
    lines, told, counts = decided(HEADING + "\n".join(rows))
    kept = [n for n in range(20) if n != 11]
    assert [line.split(",")[0] for line in lines] == [f"c{n}" for n in kept]
    assert [line.split(",")[1] for line in lines].count("refused") == 2
    assert [sentence.split(":")[0] for sentence in told] == ["line 9, mood.1", "line 15"]
    assert counts == Counts(17, 2)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'b,"40,no,0,0,', "line 3: a quote is not closed"),
        (b'b,"40"x,no,0,0,', "line 3: a quote is not closed, or closed too early"),
        (b"b,40,no", "line 3: has 3 cells, the heading has 6"),
        (b"b,40,no,0,0,,,", "line 3: has 8 cells, the heading has 6"),
        (b"\xe5,40,no,0,0,", "line 3: character 1 is not UTF-8"),
        (b"b,40,no,\xff,0,", "line 3: character 9 is not UTF-8"),
        (b"b,40,no,\x00,0,", "line 3, mood.1: needs a whole number 0\xe2\x80\x932"),
        (b"b," + b"9" * 140_000 + b",no,0,0,", "line 3: a quote is not closed"),
        (b"x", "line 3: has 1 cells"),
        (
            b"b;40;no;0;0;",
            "line 3: has 1 cells, the heading has 6; it is separated by a semicolon, the",
        ),
        (
            b"b,40,no,0,5,0,",
            "line 3: has 7 cells, the heading has 6; a comma inside a cell needs quotes",
        ),
        (b'b, "40",no,0,0,', "line 3, client.age: needs a whole number"),
    ],
)
def test_a_torn_line_is_told_and_spoils_no_other(line: bytes, told: str) -> None:
    expected = told.encode("latin-1").decode() if "\xe2" in told else told
    good = b"40,no,0,0,\n"
    lines, sentences, counts = decided(HEADING.encode() + b"a," + good + line + b"\nc," + good)
    assert (lines[0], lines[2]) == (f"a,{WELL}", f"c,{WELL}")
    assert lines[1].split(",", 1)[1] == REFUSED
    assert len(sentences) == 1
    assert sentences[0].startswith(expected)
    assert counts == Counts(2, 1)


def test_a_name_broken_in_two_makes_no_case_of_its_second_half() -> None:
    lines, sentences, counts = decided(f'{HEADING}"a\nb",40,no,0,0,\nc,40,no,0,0,\n')
    assert lines == [f",{REFUSED}", f",{REFUSED}", f"c,{WELL}"]
    assert [told.split(":")[0] for told in sentences] == ["line 2", "line 3"]
    assert counts == Counts(1, 2)


def test_an_identity_is_never_repeated() -> None:
    lines, told, _ = decided(f"{HEADING}{INVENTED_HETU},40,no,0,0,\nb,{INVENTED_HETU},no,0,0,\n")
    assert lines == [f",{REFUSED}", f"b,{REFUSED}"]
    assert len(told) == 2
    assert INVENTED_HETU not in "".join(told)
    assert INVENTED_HETU not in refusal(f"case,{INVENTED_HETU}\n")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "the file is empty; its first line names the columns"),
        ("\ufeff", "the file is empty"),
        ("\n\n", "the file is empty; its first line names the columns"),
        ("\nage,case\n", "line 2: the first column must be case"),
        ("mood.1,case\n", "line 1: the first column must be case"),
        ("sep=|\ncase|mood.1\n", "line 1: sep= names none of these: a comma, a semicolon, a tab"),
        ("sep=,\ncase;mood.1\n", "line 2: sep= names a comma, but a semicolon separates"),
        ("sep=;\ncase,mood.1\n", "line 2: sep= names a semicolon, but a comma separates"),
        ("sep=;\n", "the file is empty; its first line names the columns"),
        ("case;mood.9\n", "line 1: column 2, mood.9: no such question in small"),
        ("case,mood.9\n", "line 1: column 2, mood.9: no such question in small"),
        ("case,mood.1,mood.1\n", "line 1: column 3, mood.1: stands twice"),
        ('case,"mood.1\n', "line 1: a quote is not closed"),
        ("case,danger\n".encode("utf-16"), "line 1: character 1 is not UTF-8; the file is UTF-16"),
        (
            "case,danger\n".encode("utf-16-be"),
            "line 1: character 1 is not UTF-8; the file is UTF-16",
        ),
        (
            "case,kyllä\n".encode("cp1252"),
            "line 1: character 10 is not UTF-8; save the file as UTF-8 (in Excel",
        ),
        ("x" * LONGEST_LINE, "line 1 is longer than 1000000 characters"),
        ("case\na\n" + "x" * LONGEST_LINE, "line 3 is longer than"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_its_place(
    given: str | bytes, message: str
) -> None:
    assert refusal(given).startswith(message)


def test_a_heading_alone_is_a_file_of_no_cases() -> None:
    assert decided(HEADING) == ([], [], Counts(0, 0))


class _Endless(io.RawIOBase):
    """So many lines of cases, each with a text of its own, made only when they are read."""

    def __init__(self, lines: int) -> None:
        self._lines = (f"c{n},40,no,{n % 3},0,8\n".encode() for n in range(lines))
        self._rest = HEADING.encode()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while len(self._rest) < len(buffer) and (line := next(self._lines, b"")):
            self._rest += line
        piece, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def _peak(lines: int) -> int:
    with Path(os.devnull).open("wb") as nowhere:
        tracemalloc.start()
        try:
            source = io.BufferedReader(_Endless(lines))
            counts = decide_file(small(), source, nowhere, tell=lambda _: None)
            assert counts.decided == lines
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


def test_a_longer_file_needs_no_more_memory_than_a_mark_for_each_case() -> None:
    _peak(10_000)  # what is kept once is kept by now
    # 16 bytes a mark, and room to spare that depends on how the hashes of this run are spread.
    assert _peak(60_000) < 1.2 * _peak(10_000) + 50_000 * 20
