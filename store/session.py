"""One signed-in worker at one open file: what every part of the repository stands on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Self

from store import audit, engine
from store.errors import ClosedAssessment, StoreFault, UnknownRecord
from store.times import Clock, Ids, stamp

STATE = """
    CASE WHEN EXISTS (SELECT 1 FROM decisions d WHERE d.assessment_id = a.id) THEN 'confirmed'
         WHEN EXISTS (SELECT 1 FROM closings c WHERE c.assessment_id = a.id) THEN 'abandoned'
         ELSE 'draft' END"""


class Session:
    """An open store file, the worker who uses it, and the clock."""

    def __init__(self, db: engine.Database, handle: str, clock: Clock, *, training: bool) -> None:
        self.db = db
        self.handle = handle
        self.training = training
        self._clock = clock
        self._ids = Ids(clock)
        self._worker = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; all that was recorded is on the disk already."""
        self.db.close()

    def _write(self) -> AbstractContextManager[None]:
        return engine.writing(self.db)

    def _read(self) -> AbstractContextManager[None]:
        return engine.reading(self.db)

    def _now(self) -> str:
        return stamp(self._clock())

    def _sign_in(self) -> None:
        """Find or add the worker, and log that the file was opened."""
        with self._write():
            row = self._row("SELECT id FROM workers WHERE handle = ?", self.handle)
            self._worker = row["id"] if row else self._ids.new()
            if not row:
                worker = {"id": self._worker, "handle": self.handle, "created_at": self._now()}
                self._append("workers", worker, "worker.added", self._worker)
            self._log("session.opened", self._worker)

    def _append(self, table: str, row: dict[str, Any], event: str, subject: str) -> None:
        """Insert one row and the event that tells of it, in the transaction that is open."""
        self.db.table(table).insert(row)
        if self.db.execute("SELECT changes()").fetchone()[0] != 1:
            raise StoreFault(reason="CHANGES")
        self._log(event, subject, audit.digest(row))

    def _set(self, row: dict[str, str]) -> None:
        """Keep one setting, `key` and `value`, in the transaction that is open."""
        self.db.execute(
            "INSERT INTO settings (key, value) VALUES (:key, :value)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            row,
        )
        self._log("setting.changed", row["key"], audit.digest(row))

    def _log(self, event: str, subject: str, written: str = audit.NOTHING) -> None:
        audit.append(self.db, self._now(), self.handle, event, subject, written)

    def _rows(self, sql: str, *values: Any) -> Iterator[dict[str, Any]]:
        cursor = self.db.execute(sql, values)
        columns = [column[0] for column in cursor.description]
        return (dict(zip(columns, row, strict=True)) for row in cursor.fetchall())

    def _row(self, sql: str, *values: Any) -> dict[str, Any] | None:
        return next(self._rows(sql, *values), None)

    def _require(self, assessment_id: str, *, draft: bool = False) -> None:
        """UnknownRecord if there is no such assessment, ClosedAssessment if a draft is needed."""
        row = self._row(f"SELECT {STATE} AS state FROM assessments a WHERE id = ?", assessment_id)
        if not row:
            raise UnknownRecord
        if draft and row["state"] != "draft":
            raise ClosedAssessment
