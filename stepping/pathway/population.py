"""Which of a folder's pathways assesses whom, by age, and whether every age has exactly one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise

from stepping.pathway.diagnostics import Diagnostic, DiagnosticCollector, suggest_nearest
from stepping.pathway.files import HEADER
from stepping.pathway.model import Pathway
from stepping.pathway.schema import Header, Intervention, Overlap


def pathway_for(headers: Iterable[Header], age: int) -> str | None:
    """Return the id of the pathway that assesses an age in whole years.

    Where several take the age, the one that every declared overlap lets lead; `None` where none
    takes it, or where nothing says which of several leads.
    """
    taking = find_takers(headers, age)
    leading = [h.id for h in taking if all(_leads(h, other, age) for other in taking if other != h)]
    return leading[0] if leading else None


def find_takers(headers: Iterable[Header], age: int) -> list[Header]:
    """Return the pathways whose ages hold an age, whoever leads; none that only measures again."""
    return [header for header in headers if header.ages.contains(age) and not header.follows]


def list_covered_ages(headers: Iterable[Header]) -> list[tuple[int, int]]:
    """Return the ages that some pathway takes, as ranges with both ends included."""
    ranges: list[tuple[int, int]] = []
    for low, high in sorted((h.ages.from_, h.ages.to) for h in headers if not h.follows):
        if ranges and low <= ranges[-1][1] + 1:
            ranges[-1] = ranges[-1][0], max(high, ranges[-1][1])
        else:
            ranges.append((low, high))
    return ranges


def family_care_at(pathways: Iterable[Pathway], age: int) -> list[Intervention]:
    """Return the forms of care for the family of a child of an age, each id once, as files say."""
    forms = (ready.content for pathway in pathways for ready in pathway.interventions)
    for_age = [f for f in forms if f.child_ages is not None and f.child_ages.contains(age)]
    return list({form.id: form for form in reversed(for_age)}.values())[::-1]


def check_population(pathways: Iterable[Pathway]) -> tuple[Diagnostic, ...]:
    """Return every fault in how the pathways of one folder share the ages among them.

    Faults are an age between the youngest and the oldest that none takes, ages that two take while
    nothing settles which leads, and a declared overlap that cannot hold. `file` begins with the id
    of the pathway.
    """
    known = tuple(pathway for pathway in pathways if not pathway.header.follows)
    problems = (*_declared(known), *_undeclared(known), *_gaps(known))
    return tuple(dict.fromkeys(problems))


def _leads(header: Header, other: Header, age: int) -> bool:
    """Say whether a pathway leads another at an age; of two declarations both must say so."""
    leading = {overlap.leads for overlap in _overlaps(header, other) if overlap.ages.contains(age)}
    return leading == {header.id}


def _overlaps(one: Header, other: Header) -> Iterator[Overlap]:
    """Yield what either of two pathways declares about the other."""
    yield from (overlap for overlap in one.overlap if overlap.pathway == other.id)
    yield from (overlap for overlap in other.overlap if overlap.pathway == one.id)


def _declared(pathways: Sequence[Pathway]) -> Iterator[Diagnostic]:
    headers = {pathway.id: pathway.header for pathway in pathways}
    for pathway in pathways:
        for index, overlap in enumerate(pathway.header.overlap):
            for key, message in _wrong(pathway.header, overlap, headers):
                yield _problem(pathway, ("overlap", index, key), message)


def _wrong(
    header: Header, overlap: Overlap, headers: dict[str, Header]
) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with one declared overlap: the key, and the fault in one sentence."""
    if overlap.pathway == header.id or overlap.pathway not in headers:
        others = [id_ for id_ in headers if id_ != header.id]
        hint = suggest_nearest(overlap.pathway, others)
        yield "pathway", f"overlap: there is no other pathway {overlap.pathway!r}{hint}"
        return
    low, high = find_shared_ages(header, headers[overlap.pathway])
    ages = f"{overlap.ages.from_}–{overlap.ages.to}"
    if low > high:
        yield "ages", f"overlap: {header.id} and {overlap.pathway} have no age in common"
    elif not low <= overlap.ages.from_ <= overlap.ages.to <= high:
        yield "ages", f"overlap: ages {ages} go beyond the common ones, {low}–{high}"
    if overlap.leads not in (header.id, overlap.pathway):
        both = f"{header.id} nor {overlap.pathway}"
        yield "leads", f"overlap: {overlap.leads!r} cannot lead, it is neither {both}"


def _undeclared(pathways: Sequence[Pathway]) -> Iterator[Diagnostic]:
    for one, other in combinations(pathways, 2):
        low, high = find_shared_ages(one.header, other.header)
        unsaid = [
            age
            for age in range(low, high + 1)
            if not _leads(one.header, other.header, age)
            and not _leads(other.header, one.header, age)
        ]
        for first, last in _runs(unsaid):
            for here, there in ((one, other), (other, one)):
                message = f"ages {first}–{last} belong to {there.id} too: say which leads"
                yield _problem(here, ("ages",), message)


def _gaps(pathways: Sequence[Pathway]) -> Iterator[Diagnostic]:
    ranges = list_covered_ages(pathway.header for pathway in pathways)
    for (_, last), (first, _) in pairwise(ranges):
        message = f"no pathway of this folder takes ages {last + 1}–{first - 1}"
        for pathway in pathways:
            if pathway.header.ages.to == last or pathway.header.ages.from_ == first:
                yield _problem(pathway, ("ages",), message)


def find_shared_ages(one: Header, other: Header) -> tuple[int, int]:
    """Return the ages that two pathways both take; an empty range if there are none."""
    return max(one.ages.from_, other.ages.from_), min(one.ages.to, other.ages.to)


def _runs(ages: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Return ascending ages as unbroken ranges."""
    starts = [age for age in ages if age - 1 not in ages]
    ends = [age for age in ages if age + 1 not in ages]
    return zip(starts, ends, strict=True)


def _problem(pathway: Pathway, place: tuple[str | int, ...], message: str) -> Diagnostic:
    faults = DiagnosticCollector(pathway.files)
    faults.add(HEADER, place, message)
    (found,) = faults.found
    return Diagnostic(f"{pathway.id}/{HEADER}", found.line, found.message)
