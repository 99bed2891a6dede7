"""An answer file that is misread decides about somebody else's answers."""

from __future__ import annotations

import io

import pytest

from tests.stepping.cases import INVENTED_HETU
from tui.commands.decide_json import LARGEST, AnswerFile, AnswerFileError, read_answer_file


def read(text: str | bytes) -> AnswerFile:
    return read_answer_file(io.BytesIO(text if isinstance(text, bytes) else text.encode()))


def refusal(text: str | bytes) -> str:
    with pytest.raises(AnswerFileError) as refused:
        read(text)
    return str(refused.value)


def test_a_flat_object_is_answers_with_nothing_recorded() -> None:
    assert read('{"phq9.1": 2, "danger.suicide": false}') == AnswerFile(
        {"phq9.1": 2, "danger.suicide": False}, ()
    )
    assert read("{}") == AnswerFile({}, ())


def test_a_nested_object_has_answers_and_what_is_recorded() -> None:
    told = AnswerFile({"phq9.9": 1}, ("S2", "S4"))
    assert read('{"answers": {"phq9.9": 1}, "recorded": ["S2", "S4"]}') == told
    assert read('{"answers": {"phq9.9": 1}}') == AnswerFile({"phq9.9": 1}, ())
    assert read('{"answers": {"phq9.9": 1}, "recorded": []}') == AnswerFile({"phq9.9": 1}, ())


def test_the_mark_that_some_editors_put_first_is_no_fault() -> None:
    assert read(b'\xef\xbb\xbf{"phq9.1": 2}').answers == {"phq9.1": 2}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1: not JSON"),
        ("phq9.1 = 2", "line 1, column 1: not JSON"),
        ('{"phq9.1": 2,\n "phq9.2": }', "line 2, column 12: not JSON"),
        ("{'phq9.1': 2}", "line 1, column 2: not JSON"),
        ('{"phq9.1": 2} {}', "line 1, column 15: not JSON"),
        (b'{"phq9.1": "\xff"}', "byte 13 is not UTF-8"),
        ("[]", "the answers are not an object"),
        ("3", "the answers are not an object"),
        ("null", "the answers are not an object"),
        ('{"a": NaN}', "NaN is not an answer"),
        ('{"a": -Infinity}', "-Infinity is not an answer"),
        ('{"answers": []}', "answers is not an object"),
        ('{"answers": null}', "answers is not an object"),
        ('{"answers": {}, "recorded": "S2"}', "recorded is not a list of stop ids"),
        ('{"answers": {}, "recorded": [2]}', "recorded is not a list of stop ids"),
        ('{"answers": {}, "recorded": null}', "recorded is not a list of stop ids"),
        ('{"answers": {}, "phq9.1": 2}', "phq9.1 stands beside answers"),
        ('{"phq9.1": 2, "phq9.1": 3}', "phq9.1 is answered twice"),
        ('{"answers": {"phq9.1": 2, "phq9.1": 2}}', "phq9.1 is answered twice"),
        ('{"answers": {}, "answers": {}}', "answers is answered twice"),
        ("[" * 100_000, "nested too deep"),
        ('{"a":' * 100_000, "nested too deep"),
        ('{"phq9.1": ' + "1" * 5000 + "}", "too many digits"),
        (" " * (LARGEST + 1), f"larger than {LARGEST} bytes"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str | bytes, message: str) -> None:
    assert message in refusal(text)


def test_the_largest_file_is_still_read() -> None:
    assert read("{}" + " " * (LARGEST - 2)) == AnswerFile({}, ())


def test_an_endless_input_is_not_read_to_its_end() -> None:
    class Endless(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert 0 < size <= LARGEST + 1
            self.taken += size
            return b" " * size

    source = Endless()
    with pytest.raises(AnswerFileError):
        read_answer_file(source)
    assert source.taken <= LARGEST + 1


def test_an_identity_given_twice_is_not_repeated() -> None:
    assert INVENTED_HETU not in refusal(f'{{"{INVENTED_HETU}": 1, "{INVENTED_HETU}": 2}}')
