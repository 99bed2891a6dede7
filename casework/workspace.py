"""What pages and commands work with: the language, the open store, the pathways, and the clock.

What reads pathways is imported only when it is needed, so that the first picture comes at once.

Longer than most modules because all that is read of one disk, which may fall silent, shares a lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

from casework.error_text import ErrorText, translate_error
from casework.language import DEFAULT, Speech, speech
from store.errors import StoreError, TakenAway
from store.files.unresponsive import SILENT, Asked, NoAnswer
from store.paths import PATHWAYS

if TYPE_CHECKING:
    from casework.care_names import CareNames
    from casework.pathways_in_use import Found, PathwayStatus
    from stepping.pathway.care.schema import CareRules
    from stepping.pathway.diagnostics import PathwayError
    from stepping.pathway.model import Pathway
    from stepping.pathway.schema import Area
    from stepping.services.match import Nearby, Seeker
    from store.content.chosen import Chosen
    from store.repository.store import Store
    from store.session.announcements import Announcement, News

Answer = TypeVar("Answer")

PATIENCE_S = 10.0
"""Seconds until a folder of pathways that does not answer is gone on without."""

HURRY_S = 4.0
"""Seconds that the emergency card waits for the site's own cards before it shows ours."""

MUNICIPALITY = "municipality"
"""The setting of a store that holds where this workplace is."""


@dataclass
class Workspace:
    """Holds what is the same for every page and command; the program fills it in as it opens."""

    clock: Callable[[], datetime]
    """Returns the present time with its zone."""
    pathways: Path = PATHWAYS
    vignettes: Path | None = None
    classes: Path | None = None
    """The folders of the site's own vignettes and of classes, where they are not the usual ones."""
    language: str = DEFAULT
    language_asked: bool = False
    """Whether the language came from a flag, which weighs more than the store's setting."""
    training: bool = False
    seat: str | None = None
    """The word of the seat whose training store it is, where it is not the usual one."""
    with_client: bool = False
    """Whether the keyboard is in the client's hands, until the nurse unlocks."""
    opened: Store | None = None
    debounce_s: float = 0.05
    """Seconds for which a fresh screen takes no key: nobody reads faster."""
    _found: Found | None = field(default=None, repr=False)
    _statuses: tuple[PathwayStatus, ...] | None = field(default=None, repr=False)
    _by_digest: dict[str, Pathway] = field(default_factory=dict, repr=False)
    _areas: tuple[Area, ...] | None = field(default=None, repr=False)
    area_fault: PathwayError | None = None
    """Why no area could be read, where that is so."""
    _care: CareRules | None = field(default=None, repr=False)
    care_fault: PathwayError | None = None
    """Why tracks, deadlines and roles are ours and not the site's, where that is so."""
    content: Chosen | None = None  # the installed one in use, or what stands in for it
    shown_faults: list[Exception] = field(default_factory=list, repr=False)
    _news: News | None = field(default=None, repr=False)
    _reading: RLock = field(default_factory=RLock, repr=False)
    _asked: dict[str, Asked[Any]] = field(default_factory=dict, repr=False)
    """What is being read: who needs it too waits for it, and does not read it again."""
    _in_vain: bool = field(default=False, repr=False)
    """Whether somebody in danger has waited once already."""
    _silent: bool = field(default=False, repr=False)
    """Whether the disk has failed to answer; nobody waits for it then, until it answers at last."""

    def __post_init__(self) -> None:
        """Let the open store know the site's tracks and deadlines."""
        if self.opened is not None:
            self.use(self.opened)

    def use(self, store: Store) -> None:
        """Work with an open store from now on, and miss the content that it knows."""
        self.opened = store
        store.site_care = lambda: self.care
        if self.content is not None:  # whoever names a folder of pathways misses nothing
            with suppress(StoreError):
                known = store.pathway_texts.find_content()
                self.content = self.content.beside(*known) if known else self.content

    @property
    def t(self) -> Speech:
        """The sentences of the screens in the nurse's language."""
        return speech(self.language)

    @property
    def today(self) -> date:
        """The day in Finland."""
        from stepping.finland import finnish_day

        return finnish_day(self.clock())

    @property
    def store(self) -> Store:
        """The open store.

        Raises:
            RuntimeError: If none is open, as before the passphrase.
        """
        if self.opened is None:
            raise RuntimeError("no store is open")
        return self.opened

    def close(self) -> None:
        """Close the store, if one is open.

        Raises:
            TakenAway: If its database has lost its name.
        """
        store, self.opened = self.opened, None
        if store is not None:
            store.close()

    def explain_error(self, error: StoreError) -> ErrorText:
        """Return what an error of the store says: what happened, what is safe, and what to do."""
        return translate_error(error, self.t)

    def describe_error(self, error: StoreError) -> str:
        """Return an error of the store in its three sentences."""
        return str(self.explain_error(error))

    @property
    def lost_database(self) -> TakenAway | None:
        """Why the open store has no database any more, if that is so."""
        barred = self.opened.barred if self.opened else None
        return barred if isinstance(barred, TakenAway) else None

    @property
    def announcements(self) -> tuple[Announcement, ...]:
        """What the worker was not shown yet, the newest first; read once."""
        if self._news is None:
            from store.session.announcements import find_unseen

            self._news = find_unseen(self.store)
        return self._news.announcements

    def mark_announced(self) -> None:
        """Keep that the announcements were shown; what cannot be kept is told once more."""
        from store.session.announcements import mark_seen

        if self._news is not None:
            with suppress(StoreError):
                mark_seen(self.store, self._news)
            self._news = self._news._replace(due=False)

    @property
    def pathways_on_disk(self) -> Found:
        """The pathways on disk; each may be its faults instead. Read once when a store is open.

        A folder that has not answered in time is looked at again each time, without a wait.
        """
        return self._found_beside(self._last_good())

    def _found_beside(self, last_good: Mapping[str, str] | None) -> Found:
        if self._found is not None:
            return self._found
        try:
            found = self._asked_for_pathways(last_good).result(self._patience)
        except NoAnswer:
            return self._unanswered(last_good or ())
        if last_good is None:
            self._asked.pop("pathways that nobody could name", None)
            return found
        self._found, self._silent = found, False
        return found

    def _asked_for_pathways(self, last_good: Mapping[str, str] | None) -> Asked[Found]:
        from casework.pathways_in_use import read_pathways

        name = "pathways that nobody could name" if last_good is None else "pathways"
        return self._ask(name, lambda: read_pathways(self.pathways, last_good or {}, self.content))

    def _ask(self, name: str, action: Callable[[], Answer]) -> Asked[Answer]:
        """Ask the disk in a thread of its own; what is asked already is not asked again."""
        with self._reading:
            asked: Asked[Answer] = self._asked.get(name) or Asked(action)
            self._asked[name] = asked
            return asked

    def ask_site(self, name: str, action: Callable[[], Answer]) -> Answer:
        """Return what an action reads of the site's folder, once under a name.

        Raises:
            NoAnswer: If the disk does not answer.
        """
        return self._ask(name, action).result(self._patience)

    @property
    def _patience(self) -> float:
        """Seconds for which an answer of the disk is waited for; none where one failed to come."""
        return 0 if self._silent else PATIENCE_S

    def _unanswered(self, names: Iterable[str]) -> Found:
        """Return a fault for each pathway: a folder is silent, and kept texts stay in use.

        Where nothing is known of what is in the folder, the fault is the folder's.
        """
        from stepping.pathway.diagnostics import Diagnostic, PathwayError
        from stepping.pathway.files import HEADER

        self._silent = True
        faults = {name: PathwayError([Diagnostic(HEADER, 1, SILENT)]) for name in names}
        whole = PathwayError([Diagnostic(str(self.pathways), 1, SILENT)])
        return faults or {self.pathways.name: whole}

    def pathways_ready(self) -> bool:
        """Say whether the pathways are at hand, or come as soon as somebody in danger may wait."""
        if self._found is not None:
            return True
        asked = self._asked_for_pathways(self._last_good())
        answered = asked.within(0 if self._in_vain else HURRY_S)
        self._in_vain = not answered
        return answered

    def _last_good(self) -> Mapping[str, str] | None:
        """Return the pathways that the store could fall back on; None if it cannot tell.

        The emergency card has to open whatever has become of the store.
        """
        with suppress(StoreError):
            if self.opened is not None and self._found is None:
                return self.opened.pathway_texts.find_last_good()
        return None

    def make_reader(self) -> Callable[[], None]:
        """Return what reads pathways and services; it may run in a thread of its own."""
        last_good = self._last_good()  # a store is asked in its own thread only

        def read() -> None:
            self._asked_for_areas()
            self._found_beside(last_good)
            self.areas  # noqa: B018 - reading them is all that is wanted
            self.care_names  # noqa: B018

        return read

    @property
    def readable_pathways(self) -> tuple[Pathway, ...]:
        """Every pathway that has a text, proven or not; for what must be at hand at any time."""
        from stepping.pathway.model import Pathway

        texts = {
            name: text for name, text in self.pathways_on_disk.items() if isinstance(text, Pathway)
        }
        used = {each.name: each.used for each in self._statuses or () if each.used}
        return tuple({**texts, **used}.values())

    @property
    def pathway_statuses(self) -> tuple[PathwayStatus, ...]:
        """The status of each pathway, proven once for each text.

        Raises:
            StoreError: If what is proven cannot be kept.
        """
        from casework.pathways_in_use import judge_pathways

        if self._statuses is not None:
            return self._statuses
        judged = judge_pathways(self.pathways_on_disk, self.store)
        if self._found is not None:
            self._statuses = judged
            self._keep_content()
        return judged

    def _keep_content(self) -> None:
        """Let the store know which content is in use, so that it is missed once it is gone."""
        content = self.content
        if content is not None and content.damage is None and content.number:
            self.store.pathway_texts.keep_content(content.title, content.holds)

    @property
    def has_unproven(self) -> bool:
        """Whether some text has to be proven, which takes a moment.

        Raises:
            StoreError: If the store does not tell what is proven.
        """
        from casework.pathways_in_use import has_unproven

        return self._statuses is None and has_unproven(self.pathways_on_disk, self.store)

    @property
    def pathways_in_use(self) -> tuple[Pathway, ...]:
        """The pathways of new assessments.

        Raises:
            PathwayError: If there is none that takes new clients, with the faults of all.
            StoreError: If what is proven cannot be kept.
        """
        from casework.pathways_in_use import list_used

        return list_used(self.pathway_statuses, self.pathways)

    def find_pathway_for(self, age: int) -> Pathway | None:
        """Return the pathway that assesses an age in years, if it is settled which one does."""
        from stepping.pathway.population import pathway_for

        chosen = pathway_for((pathway.header for pathway in self.pathways_in_use), age)
        return next((pathway for pathway in self.pathways_in_use if pathway.id == chosen), None)

    def get_pathway(self, digest: str) -> Pathway:
        """Return the pathway with a digest, as the store keeps it for its assessments.

        Raises:
            PathwayError: If its text can no longer be read.
            StoreError: If the store does not give it.
        """
        from stepping.pathway.model import Pathway
        from stepping.pathway.reader import read_pathway

        if digest not in self._by_digest:
            same = (
                p
                for p in self.pathways_on_disk.values()
                if isinstance(p, Pathway) and p.digest == digest
            )
            read = next(same, None) or read_pathway(
                self.store.pathway_texts.read_files(digest), kept=True
            )
            self._by_digest[digest] = read
        return self._by_digest[digest]

    @property
    def care(self) -> CareRules:
        """The site's tracks, deadlines and roles; ours if there is a `care_fault`."""
        from stepping.pathway.diagnostics import PathwayError
        from store.pathway_files.care import load_care, shipped_care

        with self._reading:
            if self._care is not None:
                return self._care
        fault: PathwayError | None = None
        try:
            read = self._ask("care", lambda: load_care(self.pathways)).result(self._patience)
        except PathwayError as error:
            read, fault = shipped_care(), error
        except NoAnswer:  # the fault of the services tells that the folder is silent
            self._silent = True
            return shipped_care()
        with self._reading:
            if self._care is None:
                self._care, self.care_fault = read, fault
            return self._care

    def refresh_worklist(self) -> None:
        """Have the worklist follow the site's tracks and deadlines, if these have changed since.

        Where they cannot be read, or the store takes nothing now, it stays as it was made.
        """
        # Only once they were read is it known whether they can be.
        damage = self.content and self.content.damage  # then it is another content's care
        if self.care and self.care_fault is None and not damage and not self._silent:
            with suppress(StoreError):
                self.store.worklist.bring_up_to_date()

    @property
    def care_names(self) -> CareNames:
        """The names of tracks, places, roles and deadlines in the nurse's language."""
        from casework.care_names import CareNames

        return CareNames(self.care, self.language)

    @property
    def unshown_fault(self) -> PathwayError | StoreError | None:
        """Why content, services or care cannot be read, if nobody was told yet."""
        faults = self.content and self.content.damage, self.area_fault, self.care_fault
        return next((each for each in faults if each and each not in self.shown_faults), None)

    @property
    def areas_read(self) -> bool:
        """Whether the services are at hand already, or known to be faulty."""
        return self._areas is not None

    @property
    def areas(self) -> tuple[Area, ...]:
        """The services of every area, read when first needed; none if there is an `area_fault`."""
        from stepping.pathway.diagnostics import Diagnostic, PathwayError

        with self._reading:
            if self._areas is not None:
                return self._areas
        asked = self._asked_for_areas()
        try:
            areas, fault = asked.result(self._patience), None
        except PathwayError as error:
            areas, fault = (), error
        except NoAnswer:
            self._silent = True
            silent = PathwayError([Diagnostic("services", 1, SILENT)])
            with self._reading:
                self.area_fault = self.area_fault or silent
            return ()
        with self._reading:
            if self._areas is None:
                self._areas, self.area_fault = areas, fault
            return self._areas

    def _asked_for_areas(self) -> Asked[tuple[Area, ...]]:
        from store.pathway_files.files import load_areas

        return self._ask("areas", lambda: load_areas(self.pathways))

    def find_services(self, intervention: str, client: Seeker) -> Nearby:
        """Return where a client gets an intervention, and which services are left out and why."""
        from stepping.services.match import find_services

        return find_services(self.areas, intervention, client)

    def get_municipality_name(self, id_: str | None, language: str) -> str:
        """Return the name of a municipality."""
        from stepping.services.match import find_home

        found = find_home(self.areas, id_)
        return found[1].name[language] if found else id_ or ""
