"""Reads the answers of `porras decide` from a file or the standard input."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import BinaryIO

from stepping.pathway.answers import shown_id

LARGEST = 1_000_000
"""Bytes; a set of answers is a few thousand."""


class AnswerFileError(ValueError):
    """An answer file that cannot be used; the message says where and what to do."""


@dataclass(frozen=True)
class AnswerFile:
    """Raw answers by question id, and the stops whose safety steps are recorded."""

    answers: dict[str, object]
    recorded: tuple[str, ...]


def read_answer_file(file: BinaryIO) -> AnswerFile:
    """Read `{"question id": value}` or `{"answers": {…}, "recorded": ["S2"]}`.

    Raises:
        AnswerFileError: If it is too large, not UTF-8, not such JSON, or answers a question twice.
    """
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise AnswerFileError(
            f"the answers are larger than {LARGEST} bytes; give one case at a time"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AnswerFileError(
            f"byte {error.start + 1} is not UTF-8; save the answers as UTF-8"
        ) from None
    try:
        parsed = json.loads(text, object_pairs_hook=_no_twice, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise AnswerFileError(
            f"line {error.lineno}, column {error.colno}: not JSON ({error.msg}); nothing was "
            f"decided"
        ) from None
    except RecursionError:
        raise AnswerFileError(
            "the answers are nested too deep; give one object of answers"
        ) from None
    except AnswerFileError:
        raise
    except ValueError:
        raise AnswerFileError("a number has too many digits to be an answer") from None
    if not isinstance(parsed, dict):
        raise AnswerFileError('the answers are not an object; write {"question id": value, …}')
    if "answers" not in parsed:
        return AnswerFile(parsed, ())
    return AnswerFile(_answers(parsed), _recorded(parsed))


def _answers(parsed: dict[str, object]) -> dict[str, object]:
    if odd := sorted(parsed.keys() - {"answers", "recorded"}):
        raise AnswerFileError(
            f"{shown_id(odd[0])} stands beside answers; there is only answers and recorded"
        )
    answers = parsed["answers"]
    if not isinstance(answers, dict):
        raise AnswerFileError("answers is not an object of question ids and values")
    return answers


def _recorded(parsed: dict[str, object]) -> tuple[str, ...]:
    recorded = parsed.get("recorded", [])
    if not isinstance(recorded, list) or not all(isinstance(name, str) for name in recorded):
        raise AnswerFileError('recorded is not a list of stop ids, such as ["S2"]')
    return tuple(str(name) for name in recorded)


def _no_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise AnswerFileError(f"{shown_id(key)} is answered twice; keep one of the answers")
        found[key] = value
    return found


def _no_constant(name: str) -> object:
    raise AnswerFileError(f"{name} is not an answer; use whole numbers, true, false or texts")
