"""The safety stops that are open in drafts, told of the whole person."""

from __future__ import annotations

from store import codes
from store.records import OpenStop
from store.repository.internal import open_stops, persons
from store.session.guarded import Repository, reads


class OpenStops(Repository):
    """The safety stops that are open in drafts, told of the whole person."""

    @reads("read")
    def list_of(self, client_id: str) -> list[OpenStop]:
        """Return the stops that are open in any draft of the person, the most urgent first.

        Those of a draft that the worker may not read are told as well: which, how urgent, where.
        """
        return list(open_stops.list_open_stops(self.session, client_id))

    @reads("read")
    def list_of_code(self, code: str) -> list[OpenStop]:
        """Return the open stops of the person with a code in any unit: which, how urgent, where.

        It is asked where `Clients.find` raised OtherUnit, which is in the log: whoever has the
        person in front of them has to know. Nothing else of the client is told.
        """
        row = persons.find_coded(self.session, codes.parse(code))
        return list(open_stops.list_open_stops(self.session, row["id"])) if row else []
