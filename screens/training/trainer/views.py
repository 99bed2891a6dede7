"""What stands on each of the trainer's pages: pictures for a projector, or words to be read out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from casework.training.class_results import ClassResults
from screens.base.lines import Line, Look, bold, paragraph, paragraphs, plain, wrap
from screens.training.seat_faults import told_faults
from screens.training.trainer.block_digits import (
    LargeFigure,
    large,
    large_beside,
    low,
)
from screens.training.trainer.words import MEANING, ClassWords
from stepping.training.agreement import ClassFigures, JudgedCase, Shares, Standing
from stepping.training.disputed import MOST_DISPUTED, find_disputed
from stepping.training.kappa import Figure

DOT = "●"
_SEAT_CELLS = 29
"""A seat with its case, pages and judged cases; two of them stand beside each other."""


@dataclass(frozen=True)
class Seen:
    """A class as it is shown now, with the case that is talked about."""

    words: ClassWords
    results: ClassResults
    judged: JudgedCase
    revealed: frozenset[str]
    """The cases whose steps may be shown."""
    by_seat: bool = False
    """Whether the words of the seats stand in place of the dots."""
    aloud: bool = False
    """Whether it is read out."""
    halves: bool = True
    """Whether the terminal has half blocks."""

    @property
    def figures(self) -> ClassFigures:
        """The whole class."""
        return self.results.figures

    @property
    def shown(self) -> ClassFigures:
        """The class by the cases that were revealed."""
        return self.figures.only(self.revealed)


def who_is_where(seen: Seen, width: int) -> list[Line]:
    """Show how many have judged the case, and where each seat is."""
    t, of, done = seen.words.t, len(seen.figures.standings), len(seen.judged.first)
    words = t("{count} of {of} have judged this case.", count=done, of=of)
    lines = [*paragraph(words, width, look="bold"), *_faults(seen, width)]
    numbers = {each.id: at for at, each in enumerate(seen.figures.record.cases, start=1)}
    if seen.aloud:
        said = (_place_told(seen.words, each, numbers) for each in seen.figures.standings)
        return [*lines, *paragraphs(said, width)]
    digits = low(f"{done}/{of}") if seen.halves else large(f"{done}/{of}", 2)
    cells = [_place(each, numbers) for each in seen.figures.standings]
    columns = max(1, (width + 3) // (_SEAT_CELLS + 3))
    rows = -(-len(cells) // columns)
    heading = t("case · pages · judged").rjust(_SEAT_CELLS)
    return [
        *(plain(row, "accent") for row in digits),
        *lines,
        plain("   ".join([heading] * min(columns, -(-len(cells) // rows))), "dim"),
        *(plain("   ".join(cells[at::rows])) for at in range(rows)),
    ]


def _place(standing: Standing, numbers: dict[str, int]) -> str:
    case, pages = "·", ""
    if standing.now is not None:
        case = str(numbers.get(standing.now.case, "?"))
        pages = f"{standing.now.done}/{standing.now.of}"
    judged = f"{standing.judged}/{len(numbers)}"
    return f"{standing.seat:<12} {case:>2} {pages:>7} {judged:>5}"


def _place_told(words: ClassWords, standing: Standing, numbers: dict[str, int]) -> str:
    judged = words.t(
        "{seat}: {count} of {of} judged", seat=standing.seat, count=standing.judged, of=len(numbers)
    )
    now = standing.now
    if now is None:
        return f"{judged}."
    place = words.t(
        "case {case}, page {done} of {of}",
        case=numbers.get(now.case, "?"),
        done=now.done,
        of=now.of,
    )
    return f"{judged}; {place}."


def _large_share(count: int, of: int, look: Look, width: int) -> list[Line]:
    return [(), *large_beside([LargeFigure(f"{count}/{of}", look)], width)]


def _faults(seen: Seen, width: int) -> list[Line]:
    """Tell what does not count, and why."""
    words, figures = seen.words, seen.figures
    told = told_faults(seen.results.seats, seen.results.early, words.speech)
    faults = [f"! {each}" for each in told]
    rest = filter(None, [*words.left_out(figures.left_out), words.unread(figures)])
    return [*paragraphs(faults, width, "danger"), *paragraphs(rest, width, "dim")]


def dot_plot(seen: Seen, width: int) -> list[Line]:
    """Draw a dot for each trainee at the step that they chose, the highest step on top."""
    judged, words = seen.judged, seen.words
    expect = judged.case.vignette.expect
    lines: list[Line] = []
    for step in reversed(judged.steps):
        hit = expect.lowest <= step <= expect.highest
        seats = [seat for seat, each in judged.first.items() if each.step == step]
        name = words.step(judged, step)
        if seen.aloud:
            told = _told(words, step, name, len(seats), hit=hit)
            who = f": {', '.join(seats)}" if seen.by_seat and seats else ""
            lines += paragraph(f"{told}{who}", width)
            continue
        low = step < expect.lowest and bool(seats)
        mark = "►" if hit else "!" if low else " "
        look: Look = "good" if hit else "warning" if low else "normal"
        lines += _row_of_dots(f"{mark} {step} │", seats, seen, width, look)
        lines.append(plain(f"    {wrap(name, width - 4)[0]}", "dim"))
    note = words.expectation(judged)
    lines += paragraph(note if seen.aloud else f"► {note}", width, look="good")
    return [*lines, *paragraph(words.counted(judged), width)]


def _told(words: ClassWords, step: int, name: str, count: int, *, hit: bool) -> str:
    told = words.t("Step {step}, {name}: {count}", step=step, name=name, count=count)
    return f"{told} ({words.t('expected')})" if hit else told


def _row_of_dots(head: str, seats: Sequence[str], seen: Seen, width: int, look: Look) -> list[Line]:
    room = width - len(head) - 4
    if seen.by_seat:
        drawn = wrap(" ".join(seats), room)
    else:
        gap = " " if 2 * len(seats) <= room else ""
        dots = gap.join(DOT * len(seats))
        drawn = [dots if len(dots) <= room else f"{DOT} × {len(seats)}"]
    count = f"{len(seats) or '':>2} "
    first: Line = ((head, "bold"), (count, "bold"), (drawn[0], look))
    return [first, *(((" " * len(head + count), "normal"), (row, look)) for row in drawn[1:])]


def shares(seen: Seen, width: int) -> list[Line]:
    """Show how many were right, nearly right and too low, of this case and of those revealed."""
    words, judged, whole = seen.words, seen.judged, seen.shown
    lines: list[Line] = []
    if judged.tests and judged.first and not seen.aloud:
        lines += [(), *large_beside(_large_shares(words, judged.shares), width), ()]
    lines += paragraph(words.counted(judged), width, look="normal" if judged.tests else "bold")
    if len(whole.tested) > 1:
        told = words.t(
            "All cases whose steps were shown: {shares}.", shares=words.shares(whole.shares)
        )
        lines += [(), *paragraph(told, width)]
    low = words.t("Too low to be safe: less care than the lowest step that is expected.")
    return [*lines, *paragraph(low, width, look="dim")]


def _large_shares(words: ClassWords, found: Shares) -> list[LargeFigure]:
    def share(count: int) -> str:
        return f"{round(100 * count / found.of)}%" if found.of else "-"

    low: Look = "danger" if found.unsafe_low else "normal"
    return [
        LargeFigure(share(found.exact), "good", (words.t("exact"),)),
        LargeFigure(share(found.near), "normal", (words.t("within one step"),)),
        LargeFigure(share(found.unsafe_low), low, (words.t("too low"),)),
    ]


def agreement(seen: Seen, width: int) -> list[Line]:
    """Show κ against the cases and agreement among the trainees, with bands, and what it means."""
    words, figures = seen.words, seen.shown
    if not figures.cases:
        return paragraph(words.t("Show the steps of a case first; page 2 has the key."), width)
    expert, among = figures.with_expert(), figures.among()
    said = [
        words.t("With the expected steps (weighted κ): {figure}", figure=words.figure(expert)),
        words.t("Among each other (Krippendorff's α): {figure}", figure=words.figure(among)),
    ]
    heading = bold(words.t("All cases whose steps were shown"))
    if seen.aloud or expert.value is None or among.value is None:
        lines = [heading, *paragraphs(said, width)]
    else:
        named: tuple[tuple[Figure, str, Look], ...] = (
            (expert, words.t("κ with the cases"), "accent"),
            (among, words.t("α among each other"), "normal"),
        )
        lines = [
            heading,
            (),
            *large_beside([_large_figure(words, *each) for each in named], width),
        ]
    counted = sum(1 for each in figures.tested if each.first)
    small = words.many(
        "{count} case: a small sample, for talking, which says nothing of a person's skill.",
        "{count} cases: a small sample, for talking, which says nothing of a person's skill.",
        counted,
    )
    return [*lines, (), *paragraph(" ".join([*map(words.t, MEANING), small]), width)]


def _large_figure(words: ClassWords, figure: Figure, told: str, look: Look) -> LargeFigure:
    digits = words.decimals(figure.value or 0).replace("−", "-")
    return LargeFigure(digits, look, (told, words.band(figure)))


def disputed(seen: Seen, width: int) -> list[Line]:
    """List the questions that were answered most differently."""
    words = seen.words
    if not seen.judged.first:
        return paragraph(words.t("Nobody has judged this case."), width)
    found = find_disputed(seen.judged)[:MOST_DISPUTED]
    if not found:
        return paragraph(words.t("Everybody answered every question as the case has it."), width)
    lines: list[Line] = []
    for number, each in enumerate(found, start=1):
        look: Look = "danger" if each.changes == "stop" else "bold"
        told = f"{number}. {words.disputed(seen.judged, each)}"
        lines += paragraph(told, width, hanging=3, look=look)
        lines += paragraph(words.answers(seen.judged, each), width, indent=3)
    return lines


def missed_stops(seen: Seen, width: int) -> list[Line]:
    """Show how many did not come upon each stop of the case."""
    words, judged = seen.words, seen.judged
    if not judged.missed:
        return paragraph(words.t("No stop belongs to this case."), width)
    if not judged.first:
        return paragraph(words.t("Nobody has judged this case."), width)
    lines: list[Line] = []
    for stop, count in sorted(judged.missed.items(), key=lambda each: -each[1]):
        look: Look = "danger" if count else "good"
        told = words.missed(judged, stop, count)
        if seen.aloud:
            lines += paragraph(told, width)
        elif len(judged.missed) == 1:
            lines += _large_share(count, len(judged.first), look, width)
            lines += paragraph(told, width, look="bold")
        else:
            share = f"{count}/{len(judged.first)}"
            digits = low(share, 1) if seen.halves else large(share)
            lines += [*([()] if lines else []), *_beside(digits, told, look, width)]
    return lines


def _beside(digits: Sequence[str], told: str, look: Look, width: int) -> list[Line]:
    """Draw digits with their words beside them."""
    left = len(digits[0]) + 2
    rows = zip_longest(digits, wrap(told, width - left), fillvalue="")
    return [((digit.ljust(left), look), (row, "bold")) for digit, row in rows]


def talk(seen: Seen, width: int) -> list[Line]:
    """List questions to talk about, then the teaching points of the case."""
    words, judged = seen.words, seen.judged
    lines = [bold(words.t("To talk about"))]
    lines += paragraphs((f"- {each}" for each in words.talk(judged)), width)
    lines += [(), bold(words.t("What this case teaches"))]
    return [*lines, *paragraphs((f"- {each}" for each in words.teaching(judged)), width)]


def hidden(seen: Seen, width: int) -> list[Line]:
    """Say that the steps are not shown yet, and how many have judged."""
    words, done = seen.words, len(seen.judged.first)
    lines: list[Line] = []
    if not seen.aloud:
        of = len(seen.figures.standings)
        lines += [*_large_share(done, of, "accent", width), ()]
    return [*lines, *paragraphs(_of_hidden(words, done), width)]


def _of_hidden(words: ClassWords, done: int) -> Iterator[str]:
    yield words.many("{count} has judged this case.", "{count} have judged this case.", done)
    yield words.t("What they chose is not shown before you say so.")
