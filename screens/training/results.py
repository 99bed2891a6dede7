"""A seat's own results over time: for whoever has tried, to learn by; no grade, no rank."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from casework.language import Speech
from casework.workspace import Workspace
from screens.base.keys import KeyBinding, Shown
from screens.base.lines import Line, bold, paragraph, wrap
from screens.base.page import Page
from stepping.finland import finnish_day
from stepping.training.progress import ENOUGH, JudgedCase, Progress, Tally
from store.training.places import OWN_SEAT

_SECONDS = 6
"""How many drills are told one by one, the last ones."""


class OwnResultsScreen(Page[None]):
    """Tells what a seat has tried, the newest first."""

    def __init__(self, workspace: Workspace, seat: str, progress: Progress) -> None:
        super().__init__(workspace)
        self._seat = seat
        self._progress = progress

    def top(self) -> tuple[str, str]:
        """Name the page and the seat."""
        seat = self.t("seat {seat}", seat=self._seat) if self._seat != OWN_SEAT else ""
        return self.t("Own results"), seat

    def body(self, width: int) -> list[Line]:
        """Tell the sums first, then each case."""
        t, language = self.t, self.workspace.language
        lines: list[Line] = []
        for sentence in sums(self._progress, t):
            lines += paragraph(sentence, width)
        judged = self._progress.judged
        if judged:
            lines += [(), bold(t("Each case, the newest first"))]
        for each in reversed(judged):
            lines += [*map(bold, wrap(title(each, language), width))]
            lines += paragraph(told_case(each, t), width, indent=2)
        return lines

    def key_list(self) -> Shown:
        """Only the way back."""
        return [KeyBinding("escape,left,backspace", "Esc", self.t("back"), self.leave)]


def sums(progress: Progress, t: Speech) -> Iterator[str]:
    """Yield what all of it comes to, in sentences."""
    if not (progress.judged or progress.flips or progress.drills):
        yield t("Nothing has been tried at this seat yet.")
        return
    if progress.judged:
        yield t.many(
            "{count} case judged: {told}",
            "{count} cases judged: {told}",
            len(progress.judged),
            told=_counted(progress.all, t),
        )
        if left := len(progress.judged) - progress.all.of:
            yield t.many(
                "{count} of them counts in no sum: it is for talking, or has changed.",
                "{count} of them count in no sum: they are for talking, or have changed.",
                left,
            )
        yield from _over_time(progress, t)
    if progress.flips:
        right = sum(each.right for each in progress.flips)
        of = len(progress.flips)
        yield t("Find the flip: right {right} of {of} times.", right=right, of=of)
    if progress.drills:
        right = sum(each.right for each in progress.drills)
        of = len(progress.drills)
        yield t("Emergency drill: the right card {right} of {of} times.", right=right, of=of)
        last = progress.drills[-_SECONDS:]
        seconds = ", ".join(str(round(each.seconds)) for each in last)
        yield t("Seconds to the card, the last ones: {seconds}.", seconds=seconds)


def _over_time(progress: Progress, t: Speech) -> Iterator[str]:
    if halves := progress.halves:
        first, later = halves
        yield t("Earlier half: {told}", told=_counted(first, t))
        yield t("Later half: {told}", told=_counted(later, t))
    else:
        yield t("Before and after is told from {count} different cases on.", count=ENOUGH)
    if again := progress.again:
        yield t(
            "Judged again: nearer {nearer}, as before {same}, further {further}.",
            nearer=again.nearer,
            same=again.same,
            further=again.further,
        )


def _counted(found: Tally, t: Speech) -> str:
    return t(
        "exact {exact}, too high {high}, too low {low}; stops missed {missed}.",
        exact=found.exact,
        high=found.too_high,
        low=found.too_low,
        missed=found.missed_stops,
    )


def title(each: JudgedCase, language: str) -> str:
    """Return how a case is called; its id where it is not there any more."""
    return each.case.vignette.title[language] if each.case else each.judgement.case


def told_case(each: JudgedCase, t: Speech) -> str:
    """Return what a judgement came to, in a line."""
    day = finnish_day(datetime.fromisoformat(each.judgement.at))
    own = t("{day}: own step {step}", day=day, step=each.judgement.step)
    if each.case is None or each.verdict is None:
        return f"{own}. {t('The case has been changed since, or is not here.')}"
    parts = [own, t("expected {steps}", steps=each.case.vignette.expect.steps)]
    parts.append(t("for talking") if each.talks else how_near(each, t))
    if each.missed:
        count = len(each.missed)
        parts.append(t.many("{count} stop missed", "{count} stops missed", count))
    if each.time > 1:
        parts.append(t("time {number}", number=each.time))
    return " · ".join(parts)


def how_near(each: JudgedCase, t: Speech) -> str:
    """Return how near a step was to those expected; below them is told as too low."""
    distance = each.verdict.distance if each.verdict else 0
    if not distance:
        return t("exact")
    if distance < 0:
        return t.many("{count} too low", "{count} too low", -distance)
    return t.many("{count} too high", "{count} too high", distance)
