"""The texts of a new pathway that begins as a copy of another one."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from stepping.pathway.files import HEADER, OWN_FILES
from stepping.pathway.model import Pathway
from stepping.pathway.population import find_shared_ages
from stepping.pathway.schema import Header
from stepping.pathway.toml_lines import TomlLines
from store.pathway_files.files import neighbours, shared_folder

_UNTIL = {
    "en": "{other} assesses these ages until this pathway takes over.",
    "fi": "{other} arvioi nämä iät, kunnes tämä polku otetaan käyttöön.",
    "sv": "{other} bedömer dessa åldrar tills denna stig tas i bruk.",
}
"""Why another pathway of the folder leads, by language."""

_KINDS = {"instruments": "instrument", "cards": "card"}


class CannotCopy(ValueError):
    """No copy can stand there; the message says why and what to do."""


def copied_files(original: Pathway, source: Path, folder: Path, id_: str) -> dict[str, str]:
    """Return the texts of a copy by name: a draft that nobody has reviewed, under an id of its own.

    `source` is the folder of the original, `folder` that of the copy. Where another pathway beside
    the copy takes the same ages, that one leads. Instruments and cards are copied, unless they lie
    beside both and are shared.

    Raises:
        CannotCopy: If two pathways would measure the same clients again, or the header is written
            in a way that cannot be changed line by line.
    """
    beside = neighbours(folder)
    _check_follows(original.header, beside)
    texts = dict(original.files)
    for kind in _KINDS:
        if _is_shared(kind, source, folder):
            texts = {n: text for n, text in texts.items() if not n.startswith(f"{kind}/")}
    texts[HEADER] = _header(original, id_, beside)
    return {name: _with_schema(name, text) for name, text in texts.items()}


def _check_follows(header: Header, beside: Iterable[Pathway]) -> None:
    for other in beside:
        if both := sorted({*header.follows} & {*other.header.follows}):
            raise CannotCopy(
                f"{other.id} in the same folder measures clients of {', '.join(both)} again, and "
                f"only one pathway can: begin the copy in a folder elsewhere"
            )


def _is_shared(kind: str, source: Path, folder: Path) -> bool:
    """Say whether a copy finds the very files of the original beside it."""
    here = folder.parent / kind
    return os.path.lexists(here) and here.resolve() == shared_folder(source, kind).resolve()


def _header(original: Pathway, id_: str, beside: Iterable[Pathway]) -> str:
    """Return the header of the copy, its remarks and all that is not changed as they stand."""
    header = original.header
    values = {
        "id": id_,
        "version": "0.1",
        "status": "draft",
        "owner": "Clinical owner to be named",
        "reviewed_by": "",
        "reviewed_on": "",
        "change_note": f"First draft, begun as a copy of {header.id} {header.version}.",
    }
    text = original.files[HEADER]
    for key, value in values.items():
        text = _with_value(text, key, value)
    text = _without_overlaps(text)
    wanted = {**tomllib.loads(original.files[HEADER]), **values}
    wanted.pop("overlap", None)
    if not _is_whole([text]) or tomllib.loads(text) != wanted:
        raise CannotCopy(f"{HEADER} of {header.id} cannot be changed line by line")
    return text + "".join(_overlaps(header, beside))


def _with_value(text: str, key: str, value: str) -> str:
    """Put a value in the place of the one that a key of the top has, or add it below the id."""
    lines = text.split("\n")
    written = f"{key} = {json.dumps(value, ensure_ascii=False)}"
    if key not in tomllib.loads(text):
        at = TomlLines(text).find_line(("id",))
        return "\n".join([*lines[:at], written, *lines[at:]])
    start = TomlLines(text).find_line((key,)) - 1
    end = next(n for n in range(start + 1, len(lines) + 1) if _is_whole(lines[start:n]))
    return "\n".join([*lines[:start], written, *lines[end:]])


def _is_whole(lines: list[str]) -> bool:
    try:
        tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return False
    return True


def _without_overlaps(text: str) -> str:
    """Leave out each `[[overlap]]`, up to the next table or the remarks above it."""
    kept, inside = [], False
    for line in text.split("\n"):
        if re.match(r"\s*(\[|#)", line):
            inside = bool(re.match(r"\s*\[\[?\s*overlap\s*[\].]", line))
        if not inside:
            kept.append(line)
    return "\n".join(kept)


def _overlaps(header: Header, beside: Iterable[Pathway]) -> Iterator[str]:
    """Yield a table for each pathway beside the copy that takes the same ages and leads there."""
    for other in beside:
        low, high = find_shared_ages(header, other.header)
        if low > high or header.follows or other.header.follows:
            continue
        because = {
            language: _UNTIL.get(language, _UNTIL["en"]).format(other=other.id)
            for language in header.languages
        }
        yield f'\n[[overlap]]\npathway = "{other.id}"\nages = {{ from = {low}, to = {high} }}\n'
        yield f'leads = "{other.id}"\n'
        yield from (
            f"because.{code} = {json.dumps(t, ensure_ascii=False)}\n" for code, t in because.items()
        )


def _with_schema(name: str, text: str) -> str:
    """Let an editor find what explains the keys of a file."""
    if text.startswith("#:schema"):
        return text
    folder, _, file = name.rpartition("/")
    kind = file.removesuffix(".toml") if name in OWN_FILES else _KINDS[folder]
    if folder == "instruments" and "." in file.removesuffix(".toml"):
        kind = "translation"
    return f"#:schema {'../' if folder else ''}.schemas/{kind}.schema.json\n{text}"
