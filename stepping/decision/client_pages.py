"""What a client alone at the keyboard may see: questions asked of clients, from one page on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile

from stepping.decision.interview import Ask, Next, shown_pages
from stepping.pathway.model import Answers, Pathway, QuestionPage


def is_client_page(page: QuestionPage) -> bool:
    """Say whether a client alone may be shown a page: no question on it is the nurse's own."""
    return all(question.asked_of == "client" for question in page.questions)


@dataclass(frozen=True)
class HandOver:
    """The keyboard in the client's hands: where that began, and the pages passed since."""

    start: str
    passed: tuple[str, ...] = ()
    """Pages that were answered or skipped alone, in that order."""

    def add_passed(self, page_id: str) -> HandOver:
        """Return the same with one more page passed."""
        if page_id in self.passed:
            return self
        return replace(self, passed=(*self.passed, page_id))

    def next_page(self, pathway: Pathway, now: Next) -> QuestionPage | None:
        """Return the page that the client goes on with; nothing where the nurse has to."""
        if not isinstance(now, Ask) or not is_client_page(now.page):
            return None
        order = [page.id for page in pathway.pages]
        return now.page if order.index(now.page.id) >= order.index(self.start) else None

    def list_turn(self, pathway: Pathway, answers: Answers, page_id: str) -> list[str]:
        """Return the pages of the whole turn, as far as is known at a page: passed and to come.

        Later answers may still add some or take some away. It ends before the nurse's next page.
        """
        passed = [page.id for page in self._still_shown(pathway, answers)]
        known = {*passed, page_id}
        open_ = [
            page
            for page in self._from_start(pathway, answers)
            if page.id in known or any(each.id not in answers for each in page.questions)
        ]
        ahead = [page.id for page in takewhile(is_client_page, open_)]
        found = dict.fromkeys([*passed, *ahead])
        return list(found if page_id in found else [*passed, page_id, *ahead])

    def _from_start(self, pathway: Pathway, answers: Answers) -> list[QuestionPage]:
        order = [page.id for page in pathway.pages]
        begins = order.index(self.start)
        return [p for p in shown_pages(pathway, answers) if order.index(p.id) >= begins]

    def page_before(self, pathway: Pathway, answers: Answers, page_id: str) -> QuestionPage | None:
        """Return the page that was passed before one; nothing where the client began."""
        pages = self._still_shown(pathway, answers)
        at = self._place(pages, page_id)
        return pages[at - 1] if at > 0 else None

    def page_after(self, pathway: Pathway, answers: Answers, page_id: str) -> QuestionPage | None:
        """Return the page that was passed after one; nothing after the last of them."""
        pages = self._still_shown(pathway, answers)
        at = self._place(pages, page_id) + 1
        return pages[at] if at < len(pages) else None

    def _still_shown(self, pathway: Pathway, answers: Answers) -> list[QuestionPage]:
        shown = {page.id: page for page in shown_pages(pathway, answers)}
        passed = [shown[id_] for id_ in self.passed if id_ in shown]
        return [page for page in passed if is_client_page(page)]

    @staticmethod
    def _place(pages: list[QuestionPage], page_id: str) -> int:
        ids = [page.id for page in pages]
        return ids.index(page_id) if page_id in ids else len(ids)
