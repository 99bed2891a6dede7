"""A day with the zip: what is typed, and what is asked of it by commands."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.terminal.main_job import HANDLE, PASSPHRASE, STEP
from tests.terminal.test_plain import CARD, INTERVIEW
from tests.windows.wine import PROFILE, Done, Windows

SETS_UP = ("1", HANDLE, "holl", "1", PASSPHRASE, PASSPHRASE, "w")
TYPED = "\n".join((*SETS_UP, "n", *CARD, *INTERVIEW, "", str(STEP), "q", "", "q", ""))
"""The first run line by line, to a step that is confirmed."""

LOCAL = f"{PROFILE}/AppData/Local"
INSTALLED = f"{LOCAL}/Programs/Porras"


class Unexpected(Exception):
    """What came out is not what somebody there would need."""


def use(there: Windows) -> Iterator[tuple[str, Done]]:
    """Use the program for a day; yield what was done and what came of it.

    Raises:
        Unexpected: If something did not come out as it should; the rest is not tried then.
    """
    yield "version", _good(there.porras("--version"))
    yield "set-up and one assessment, line by line", _stores(there)
    waiting = _asked(there, "worklist")
    yield "worklist", waiting
    client = json.loads(waiting.output)[0]["client"]
    yield "client", _good(there.porras("client", client, *_as(there)))
    yield "note", _good(there.porras("note", client, *_as(there)))
    made = _asked(there, "backup", "make", "--create", "C:\\backup")
    yield "backup", made
    yield "doctor finds no fault", _healthy(there)
    yield "check of the pathways", _good(there.porras("pathway", "check", "adult"))
    yield "a stop by command", _stops(there)
    yield "a folder `data` beside it keeps the store", _keeps_beside(there)
    yield "doctor tells of a changed byte and of other readers", _told(there)
    refused = _with_harm(there, lambda: _installs(there))
    yield "install.cmd refuses a changed byte", _good(refused, 1)
    yield "install.cmd", _good(_installs(there))
    yield "the installed one starts", _good(there.cmd(INSTALLED, "porras.cmd", "--version"))
    yield "uninstall.cmd leaves the store alone", _removes(there)


def _good(done: Done, status: int = 0) -> Done:
    if done.status != status:
        raise Unexpected(f"exit status {done.status}:\n{done.told[-2000:]}")
    return done


def _stores(there: Windows) -> Done:
    done = _good(there.porras("--plain", "--lang", "en", typed=TYPED))
    if "confirmed" not in done.told:
        raise Unexpected(done.told[-2000:])
    return done


def _as(there: Windows) -> list[str]:
    secret = Path(f"{there.machine.root}/root/passphrase")
    secret.touch(0o600)
    secret.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    return ["--as", HANDLE, "--passphrase-file", "Z:\\root\\passphrase"]


def _asked(there: Windows, *words: str) -> Done:
    return _good(there.porras("--lang", "en", *words, *_as(there), "--format", "json"))


def _stops(there: Windows) -> Done:
    words = ("decide", "adult", "--answers", "-", "--format", "json")
    done = _good(there.porras(*words, typed='{"danger.suicide": true}'))
    if '"stop"' not in done.told:
        raise Unexpected(done.told[-2000:])
    return done


def _keeps_beside(there: Windows) -> Done:
    data = Path(f"{there.machine.root}{there.top}/data")
    data.mkdir()
    try:
        done = _good(there.porras("--plain", "--lang", "en", typed="\n".join((*SETS_UP, "q", ""))))
        if not (data / "porras.db").exists():
            raise Unexpected(f"no store in the folder data:\n{done.told[-2000:]}")
    finally:
        shutil.rmtree(data)
    return done


def _healthy(there: Windows) -> Done:
    done = _good(there.porras("doctor", "--format", "json"))
    told = {check["name"] for check in json.loads(done.output) if check["mark"] != "OK"}
    if told != {"signature", "terminal"}:  # nobody has signed it, and the output is no console
        raise Unexpected(done.output)
    return done


def _told(there: Windows) -> Done:
    """Return what doctor says when a byte of the program has changed and all may read the store."""
    store = Path(f"{there.machine.root}{LOCAL}/porras/porras.db")
    store.chmod(0o755)
    try:
        done = _good(_with_harm(there, lambda: there.porras("doctor")), 1)
    finally:
        store.chmod(0o700)
    if "Everyone" not in done.told:
        raise Unexpected(done.told[-2000:])
    return done


def _with_harm(there: Windows, ask: Callable[[], Done]) -> Done:
    victim = Path(f"{there.machine.root}{there.version}/site-packages/click_default_group.py")
    whole = victim.read_bytes()
    victim.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    try:
        done = ask()
    finally:
        victim.write_bytes(whole)
    if victim.name not in done.told:
        raise Unexpected(f"no word of {victim.name}:\n{done.told[-2000:]}")
    return done


def _installs(there: Windows) -> Done:
    return there.cmd(there.top, "install.cmd", "/quiet")


def _removes(there: Windows) -> Done:
    # Whoever stands in a folder keeps Windows from taking it away; so it is called from outside.
    done = _good(there.cmd(f"{LOCAL}/Programs", "Porras\\uninstall.cmd", "/quiet"))
    root = there.machine.root
    stays = (root / INSTALLED.lstrip("/")).exists()
    kept = list((root / LOCAL.lstrip("/") / "porras").rglob("porras.db"))
    if stays or not kept:
        raise Unexpected(f"the folder stays: {stays}, stores: {kept}\n{done.told[-2000:]}")
    return done
