"""Checks of the place where the store lives; they need no passphrase and change nothing.

`integrity` looks into the store itself.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from cryptography.hazmat.backends.openssl.backend import backend

from store.database import (
    damage_mark,
    engine,
    head_record,
    inspection,
    migrations,
    reserve,
    transactions,
)
from store.errors import N_, Damaged, ForeignFile, NoAccess, NotRegular, StoreError, StoreMissing
from store.files import drives, ownership, regular_files
from store.keys import keystore
from store.maintenance import engine_flaws, openssl
from store.maintenance.advice import ADVICE
from store.paths import StorePaths

Level = Literal["ok", "warning", "fault"]

_LITTLE_ROOM = 200 << 20
_NO_ROOM = 5 << 20


class HealthCheck(NamedTuple):
    """What one check found; `sentence` is a message id to be filled in with `values`."""

    name: str
    level: Level
    sentence: str
    values: dict[str, str | int]
    error: StoreError | None = None
    """What has been met, where that is not what the check looks for; it says itself what to do."""

    def __str__(self) -> str:
        return self.sentence.format(**self.values)

    @property
    def means(self) -> str:
        """What a warning or fault means, as a message id; empty if all is well."""
        if self.error:
            return self.error.safe
        return "" if self.level == "ok" else ADVICE[self.name][0]

    @property
    def do(self) -> str:
        """What to do about it, as a message id; empty if all is well."""
        if self.error:
            return self.error.next
        return "" if self.level == "ok" else ADVICE[self.name][1]


def ok(name: str, sentence: str, **values: str | int) -> HealthCheck:
    """Return that all is well."""
    return HealthCheck(name, "ok", sentence, values)


def warning(name: str, sentence: str, **values: str | int) -> HealthCheck:
    """Return what should be looked after."""
    return HealthCheck(name, "warning", sentence, values)


def fault(name: str, sentence: str, **values: str | int) -> HealthCheck:
    """Return what has to be mended."""
    return HealthCheck(name, "fault", sentence, values)


def error_check(name: str, error: StoreError) -> HealthCheck:
    """Return an error of the store as a finding; a restore is advised for damage alone."""
    of_damage = isinstance(error, Damaged | ForeignFile)
    return HealthCheck(name, "fault", error.what, error.values, None if of_damage else error)


def check(paths: StorePaths) -> list[HealthCheck]:
    """Return all findings, one a check, in the order in which they should be mended."""
    checks: tuple[Callable[[StorePaths], HealthCheck], ...] = (
        _engine,
        _sqlite,
        _sqlcipher,
        _cipher,
        _sealing,
        _drive,
        _room,
        _files,
        _owners,
        _writing,
        _rights,
        _keys,
        _old_slots,
        _damage_mark,
        _reserve,
        _training,
    )
    try:
        paths.get_state()
    except NoAccess as error:  # and nothing else can be seen there either
        return [_engine(paths), error_check("files", error)]
    return [one(paths) for one in checks]


def _engine(_: StorePaths) -> HealthCheck:
    version = engine.engine_version()
    if engine.affected_by_wal_reset(version):
        sentence = N_("The engine {version} can lose entries when several people write at once.")
        return fault("engine", sentence, version=version)
    return ok("engine", N_("The engine is SQLite {version}."), version=version)


def _sqlite(_: StorePaths) -> HealthCheck:
    return _of_engine("sqlite", "SQLite", engine.engine_version(), engine_flaws.SQLITE)


def _sqlcipher(_: StorePaths) -> HealthCheck:
    return _of_engine("sqlcipher", "SQLCipher", engine.sqlcipher_version(), engine_flaws.SQLCIPHER)


def _of_engine(
    name: str, library: str, version: str, listed: tuple[openssl.Flaw, ...]
) -> HealthCheck:
    """Return whether a part of the engine has a listed fault in what Porras uses of it."""
    told = {"library": library, "version": version, "day": engine_flaws.AS_OF}
    try:
        flaws = openssl.known(version, listed)
    except ValueError:
        sentence = N_("{library} does not tell its version ({version}).")
        return warning(name, sentence, **told)
    return _listed(name, "engine", flaws, told)


def _cipher(_: StorePaths) -> HealthCheck:
    return _openssl("cipher", engine.cipher_library())


def _sealing(_: StorePaths) -> HealthCheck:
    return _openssl("sealing", backend.openssl_version_text())


def _openssl(part: openssl.Part, text: str) -> HealthCheck:
    """Return whether an OpenSSL has a known fault in what Porras uses of it."""
    version = openssl.version_in(text)
    if version is None:
        sentence = N_("The cryptography comes from {library}, whose faults are not listed here.")
        return ok(part, sentence, library=text or "?")
    told = {"library": "OpenSSL", "version": version, "day": openssl.AS_OF}
    return _listed(part, part, openssl.known(version), told)


def _listed(
    name: str, part: openssl.Part, flaws: tuple[openssl.Flaw, ...], told: Mapping[str, str]
) -> HealthCheck:
    """Return which faults a library is known to have, and whether one lies in the part in use."""
    touching = tuple(flaw for flaw in flaws if part in flaw.touches)
    values = {**told, "flaws": ", ".join(flaw.cve for flaw in touching or flaws)}
    if touching:
        return fault(name, N_("{library} {version} has faults: {flaws}."), **values)
    if flaws:
        sentence = N_("{library} {version}: {flaws} lie in what Porras does not use ({day}).")
        return ok(name, sentence, **values)
    return ok(name, N_("{library} {version} has no fault listed on {day}."), **values)


def _drive(paths: StorePaths) -> HealthCheck:
    if kind := drives.network_drive(paths.database):
        sentence = N_("The database is on a network drive ({kind}); it needs a local disk.")
        return fault("drive", sentence, kind=kind)
    return ok("drive", N_("The database is not on a known network drive."))


def _room(paths: StorePaths) -> HealthCheck:
    free = drives.free_bytes(paths.database)
    room = {"megabytes": free >> 20}
    if free < _NO_ROOM:
        return fault("room", N_("The disk is full: {megabytes} MB are free."), **room)
    if free < _LITTLE_ROOM:
        sentence = N_("The disk is nearly full: {megabytes} MB are free.")
        return warning("room", sentence, **room)
    return ok("room", N_("{megabytes} MB are free on the disk."), **room)


def _files(paths: StorePaths) -> HealthCheck:
    for path in (paths.database, paths.keys):
        try:
            regular_files.refuse_else(path)
        except regular_files.NotAFile:
            return error_check("files", NotRegular(path=str(path)))
    values: dict[str, str | int] = {"path": str(paths.database)}
    sentences: dict[str, tuple[Level, str]] = {
        "nothing": ("ok", N_("No store has been set up at {path}.")),
        "store": ("ok", N_("The store is at {path}.")),
        "keys only": ("warning", N_("There is a key file but no database at {path}.")),
        "database only": ("fault", N_("There is a database but no key file at {path}.")),
    }
    level, sentence = sentences[paths.get_state()]
    return HealthCheck("files", level, sentence, values)


def _owners(paths: StorePaths) -> HealthCheck:
    """Return whether a file of the store belongs to somebody else, as when root has written it."""
    most, strange = ownership.strangers(paths.database)
    if strange:
        owner, user = ownership.name_of(strange[0]), ownership.name(most)
        sentence = N_("{path} belongs to {owner}, the other files of the store to {user}.")
        return fault("owners", sentence, path=str(strange[0]), owner=owner, user=user)
    return ok("owners", N_("All files of the store belong to one user."))


def _writing(paths: StorePaths) -> HealthCheck:
    """Return whether disk, folder and files take what is to be recorded."""
    database = paths.database
    files = (
        paths.keys,
        database,
        head_record.path_of(database),
        paths.keys.with_suffix(".tries"),
    )
    if not database.exists():
        return ok("writing", N_("There is no store yet."))
    there = [path for path in (database.parent, *files) if path.exists()]
    for why in filter(None, map(ownership.not_written, there)):
        return error_check("writing", why)
    return ok("writing", N_("Disk, folder and files of the store can be written."))


def _rights(paths: StorePaths) -> HealthCheck:
    """Return whether others than the owner may read the folder or the files."""
    if os.name != "posix":
        return _rights_of_windows(paths)
    open_to_all = [path for path in (paths.database, paths.keys) if _shared(path)]
    if open_to_all:
        sentence = N_("Other users may read {path}; its rights should be 600.")
        return fault("rights", sentence, path=str(open_to_all[0]))
    folder = paths.database.parent
    if _shared(folder):
        sentence = N_("Other users may look into the folder {path}; its rights should be 700.")
        return warning("rights", sentence, path=str(folder))
    return _above(folder)


def _above(folder: Path) -> HealthCheck:
    """Return whether others may put another folder in place of one that only the owner may read."""
    if above := ownership.open_to_others(folder):
        sentence = N_("Other users may write in {path} and put another store in place of this one.")
        return warning("rights", sentence, path=str(above))
    return ok("rights", N_("Only the owner may read the store's files."))


def _rights_of_windows(paths: StorePaths) -> HealthCheck:
    """Return whether others may read the folder or the files, where everybody has a list of names.

    A file is looked at by itself: who may read it need not be able to look into its folder.
    """
    folder = paths.database.parent
    if not drives.keeps_rights_at_all(folder):
        sentence = N_("The disk with {path} keeps no rights: whoever has it can read the files.")
        return warning("rights", sentence, path=str(folder))
    for path in (paths.database, paths.keys):
        if path.exists() and (who := ownership.readers(path)):
            sentence = N_("Others may read {path}: {who}.")
            return fault("rights", sentence, path=str(path), who=", ".join(who))
    if folder.exists() and (who := ownership.readers(folder)):
        sentence = N_("Others may look into the folder {path}: {who}.")
        return warning("rights", sentence, path=str(folder), who=", ".join(who))
    return _above(folder)


def _shared(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _keys(paths: StorePaths) -> HealthCheck:
    if not paths.keys.exists():
        return ok("keys", N_("There is no key file yet."))
    try:
        count = len(keystore.handles(paths.keys))
    except StoreError as error:
        return error_check("keys", error)
    return ok("keys", N_("Staff codes with a key: {count}."), count=count)


def _old_slots(paths: StorePaths) -> HealthCheck:
    try:
        old = [user.handle for user in keystore.users(paths.keys) if user.old]
    except StoreError:  # which the finding before has told
        old = []
    if old:
        sentence = N_("Staff codes whose key is of the first form: {handles}.")
        return warning("old slots", sentence, handles=", ".join(old))
    return ok("old slots", N_("No staff code has a key of the first form."))


def _damage_mark(paths: StorePaths) -> HealthCheck:
    if damage_mark.path_of(paths.database).exists():
        sentence = N_("A damaged page was seen in the database.")
        return warning("suspicion", sentence)
    return ok("suspicion", N_("No damaged page was seen in the database."))


def _reserve(paths: StorePaths) -> HealthCheck:
    if not paths.database.exists():
        return ok("ballast", N_("There is no store yet."))
    if reserve.path_of(paths.database).exists():
        return ok("ballast", N_("Room is kept aside for a full disk."))
    return warning("ballast", N_("No room is kept aside for a full disk."))


def _training(paths: StorePaths) -> HealthCheck:
    """Look into the training store; the clients' store opens only with a passphrase."""
    try:
        inspection.inspect(paths.training, None, migrations.schema(training=True))
    except StoreMissing:
        return ok("training", N_("There is no training store yet."))
    except StoreError as error:
        return error_check("training", error)
    return ok("training", N_("The training store can be opened."))


def check_open(database: engine.Database) -> HealthCheck:
    """Return what the engine finds in every page of an open store; may take seconds."""
    try:
        found = transactions.faults(database)
    except StoreError as error:
        return error_check("pages", error)
    if found:
        sentence = N_("The engine found {count} faults in the database; restore a backup.")
        return fault("pages", sentence, count=len(found))
    return ok("pages", N_("Every page of the database can be read."))
