"""A first day with an installed Porras: set up, one assessment, backup, a look at the workplace."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from tests.packages.roots import HOME, NURSE, Machine
from tests.terminal.main_job import ANSWERS, HANDLE, PASSPHRASE, Nurse
from tests.terminal.session import Session

LOOKS_S = 2.0
"""Somebody who reads each page. What is pressed before a busy machine has shown its page
counts not, and a digit pressed on two pages at once might be a held key.
"""
TIMES, AGAIN_S = 3, 10.0
"""How often she presses a key of which nothing comes, and how long she waits for it."""
STARTS_S = 60.0
"""How long the first page may take on a machine that has never read the program."""

_SECRET = f"{HOME}/passphrase"


@dataclass(frozen=True)
class Day:
    """What came of it."""

    version: str
    step: int
    """Of the assessment that was confirmed."""
    backup: str
    """The folder of the backup."""
    doctor: Mapping[str, str]
    """What doctor said of each thing: OK, WARNING or FAULT."""


class Patient(Nurse):
    """Somebody who looks at each page, and presses a key again where nothing came of it."""

    awake_s = LOOKS_S

    def begins(self) -> None:
        """Ask for a new assessment; the start page takes no key while it is brought up to date."""
        for _ in range(TIMES):
            super().begins()
            if self.session.shows("> Client code", AGAIN_S):
                return


def first_day(machine: Machine, porras: str) -> Day:
    """Use a program that was installed, on screens and by commands, as the nurse there."""
    version = machine.does(porras, "--version", user=NURSE).split()[-1]
    env = ["PORRAS_GLYPHS=unicode", "PORRAS_TOUR=no"]
    begun = machine.command(porras, "--lang", "en", user=NURSE, env=env)
    with Session(begun, settle_s=0.1) as session:
        nurse = Patient(session, "en")
        session.wait_for("Set up this workplace", STARTS_S)
        nurse.sets_up()
        nurse.fills_in_client()
        nurse.answers(*ANSWERS)
        nurse.confirms()
        session.press("Esc")
    return _beside(machine, porras, version)


def _beside(machine: Machine, porras: str, version: str) -> Day:
    """Do by commands what is done beside clients."""
    machine.does("sh", "-c", f"umask 077; cat > {_SECRET}", user=NURSE, typed=f"{PASSPHRASE}\n")

    def ask(*words: str) -> str:
        who = ("--as", HANDLE, "--passphrase-file", _SECRET, "--format", "json")
        return machine.does(porras, "--lang", "en", *words, *who, user=NURSE)

    waiting, *_ = json.loads(ask("worklist"))
    (assessment,) = json.loads(ask("client", waiting["client"]))["assessments"]
    backup = json.loads(ask("backup", "make", "--create", f"{HOME}/backup"))
    told = machine.run(porras, "--lang", "en", "doctor", "--format", "json", user=NURSE)
    marks = {found["name"]: found["mark"] for found in json.loads(told.stdout)}
    return Day(version, assessment["confirmed"], backup["folder"], marks)
