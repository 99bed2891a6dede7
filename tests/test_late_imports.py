"""Imports inside functions: each is known here, with the reason why it waits."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

from tests.test_house import ROOMS, ROOT

EARLY = "something has to be put right first: the process, or what is said to the terminal"
PICTURE = "the first picture is shown before this is read"
START = (
    "the start screen of practice stands before this is read; `tui.preload` reads most of it then"
)
BRANCH = "few of those who run this module come to need it"
SYSTEM = "other systems do not have it"
LATE: dict[str, dict[str, set[str]]] = {
    EARLY: {
        "tui.__main__": {"tui.cli", "tui.hardening", "tui.terminal.leftover"},
        "tui.launch": {"tui.app", "tui.line_mode.run", "tui.line_mode.stdio"},
    },
    PICTURE: {
        "casework.language": {"stepping.finland"},
        "casework.workspace": {"stepping.finland"},
        "store.training.opening": {"store.training.story"},
        "tui.app": {"tui.flows.main", "tui.flows.sign_in", "tui.full_screen.page_screen"},
        "tui.launch": {"store.times"},
    },
    START: {
        "casework.workspace": {
            "casework.care_names",
            "casework.pathways_in_use",
            "stepping.pathway.diagnostics",
            "stepping.pathway.files",
            "stepping.pathway.model",
            "stepping.pathway.population",
            "stepping.pathway.reader",
            "stepping.services.match",
            "store.pathway_files.care",
            "store.pathway_files.files",
            "store.session.announcements",
        },
        "screens.desk.start": {
            "casework.desk.glance",
            "casework.pathways_in_use",
            "casework.reminders",
        },
        "screens.desk.announcements": {"screens.wording.decision_words"},
        "store.audit.event_types": {"stepping.decision.outcome"},
        "store.audit.seals": {
            "cryptography.exceptions",
            "cryptography.hazmat.primitives.asymmetric.ed25519",
        },
        "store.keys.credentials": {"store.keys.common_passphrases"},
        "store.keys.keyslots": {
            "argon2.low_level",
            "cryptography.exceptions",
            "cryptography.hazmat.primitives.asymmetric.x25519",
            "cryptography.hazmat.primitives.hashes",
            "cryptography.hazmat.primitives.hpke",
            "cryptography.hazmat.primitives.kdf.hkdf",
            "cryptography.hazmat.primitives.keywrap",
        },
        "store.opening.store_file": {
            "store.backup.backup",
            "store.backup.before_update",
            "store.maintenance.kept_apart",
            "store.maintenance.rolling_check",
        },
        "store.repository.decisions": {"stepping.decision.outcome"},
        "store.repository.episodes": {"stepping.episode.contacts", "stepping.episode.events"},
        "store.repository.internal.draft_status": {
            "stepping.decision.draft_status",
            "stepping.decision.safety",
            "stepping.pathway.client_facts",
        },
        "store.repository.internal.risk_signs": {
            "stepping.decision.risk",
            "stepping.pathway.client_facts",
        },
        "store.repository.internal.episodes": {
            "stepping.decision.risk",
            "stepping.episode.episode",
            "stepping.episode.events",
            "stepping.episode.validation",
        },
        "store.repository.internal.measurements": {
            "stepping.measured",
            "stepping.episode.events",
        },
        "store.repository.internal.summary.keeping": {
            "stepping.summary.assessments",
            "stepping.summary.context",
            "stepping.summary.episodes",
        },
        "store.repository.internal.summary.sources": {
            "stepping.summary.assessments",
            "stepping.summary.context",
            "stepping.summary.rows",
        },
        "store.repository.reports": {
            "store.repository.internal.kept_sums",
            "store.repository.internal.past_cases",
            "store.repository.internal.report_sums",
        },
        "store.repository.store": {"store.repository.internal.summary.keeping"},
        "store.repository.summaries": {
            "store.repository.internal.kept_sums",
            "store.repository.internal.summary.keeping",
        },
        "store.repository.worklist": {"store.repository.internal.summary.keeping"},
        "store.repository.internal.moves": {"stepping.episode.events"},
        "store.repository.internal.pathway_copies": {"stepping.pathway.reader"},
        "store.repository.internal.safety_contacts": {"stepping.episode.events"},
        "store.repository.internal.worklist_lines": {
            "stepping.episode.clocks",
            "stepping.episode.schedule",
            "stepping.episode.tracks",
        },
        "store.session.session": {"store.pathway_files.care"},
        "tui.app": {
            "screens.base.error",
            "screens.base.help",
            "screens.desk.emergency",
            "tui.full_screen.entry_screen",
        },
        "tui.flows.main": {
            "screens.base.error",
            "screens.desk.clock_check",
            "screens.desk.tour",
            "tui.flows.backup",
            "tui.flows.clients",
            "tui.flows.find",
            "tui.flows.reports",
            "tui.flows.training.menu",
            "tui.flows.training.trainer",
        },
        "tui.flows.sign_in": {
            "screens.base.error",
            "screens.base.lock",
            "screens.base.prompt",
            "screens.desk.setup",
            "store.session.announcements",
        },
        "tui.full_screen.screen_lock": {"casework.idle_timer", "screens.desk.idle_lock"},
        "tui.preload": {"store.maintenance.rolling_check"},
    },
    BRANCH: {
        "stepping.interchange.calendar": {"icalendar"},
        "store.installation.signature": {"sshsig", "sshsig.allowed_signers"},
        "casework.pathways_in_use": {"stepping.proofs.checker"},
        "store.content.chosen": {"store.content.about"},
        "store.paths": {"platformdirs"},
        "tui.cli": {"tui.commands.training_reset", "tui.launch"},
        "screens.export.qr_code": {"segno"},
        "screens.documents.as_pdf": {"typst"},
        "screens.reports.forms": {"screens.reports.as_xlsx"},
        "tui.commands.decide": {
            "tui.commands.decide_batch",
            "tui.commands.open_store",
            "tui.commands.own_cases",
        },
        "tui.hardening": {"tui.spoken"},
        "tui.settings": {"platformdirs", "store.content.chosen", "store.content.places", "tomllib"},
    },
    SYSTEM: {
        "store.backup.restore_plan": {"fcntl"},
        "store.files.disk_errors": {"resource"},
        "store.files.file_lock": {"fcntl", "msvcrt"},
        "store.files.ownership": {"pwd"},
        "store.keys.authentication": {"pwd"},
        "tui.hardening": {"ctypes", "resource", "store.windows.sessions"},
        "tui.line_mode.signal_keys": {"termios"},
        "tui.launch": {"tui.terminal.leftover"},
        "tui.line_mode.stdio": {"curses", "termios", "tui.terminal.windows.console"},
        "tui.preload": {"ctypes"},
        "tui.terminal.app": {"tui.terminal.driver", "tui.terminal.windows_driver"},
        "tui.terminal.capabilities": {"termios", "tui.terminal.windows.console"},
        "tui.terminal.leftover": {"fcntl", "termios"},
    },
}
"""What each module imports inside functions, by reason."""


def test_every_import_inside_a_function_is_known_with_its_reason() -> None:
    """What start-up reads stays little by itself: nothing waits out of habit."""
    known: dict[str, set[str]] = defaultdict(set)
    for modules in LATE.values():
        for module, imported in modules.items():
            known[module] |= imported
    found = {}
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        if imported := {*imported_late(ast.parse(path.read_text("utf-8")))}:
            found[".".join(path.relative_to(ROOT).with_suffix("").parts)] = imported
    assert found == known


def imported_late(source: ast.Module) -> Iterator[str]:
    """Yield the modules that functions import."""
    for function in ast.walk(source):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.ImportFrom):
                    yield from (_module(node.module or "", each.name) for each in node.names)
                elif isinstance(node, ast.Import):
                    yield from (each.name for each in node.names)


def _module(package: str, name: str) -> str:
    """Return the module that a name is imported from, or that the name is."""
    path = ROOT.joinpath(*package.split("."), f"{name}.py")
    return f"{package}.{name}" if path.exists() else package
