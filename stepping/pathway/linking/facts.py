"""Links the facts that are made of others: totals, cut-offs, conditions, counts, differences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from stepping.pathway.condition import Condition, Or
from stepping.pathway.files import RULES, instrument_file
from stepping.pathway.linking.resolver import Resolver, decides_nothing
from stepping.pathway.model import NO, YES, Fact
from stepping.pathway.schema import Band, Change, DerivedFact, Instrument, Positive, Total
from stepping.pathway.toml_lines import Place


def link_derived_facts(resolver: Resolver) -> None:
    """Add every derived fact of the instruments and of `rules.toml`."""
    _link_totals(resolver)
    for instrument in resolver.parts.instruments.values():
        for index, positive in enumerate(instrument.positive):
            _link_positive(resolver, instrument, positive, ("positive", index))
        if instrument.change is not None:
            _check_change(resolver, instrument, instrument.change)
    for index, fact in enumerate(resolver.parts.rules.fact):
        place: Place = ("fact", index)
        if fact.when is not None:
            condition = resolver.read_condition(fact.when, RULES, (*place, "when"))
            resolver.add_fact(_yes_no(fact.id, fact.label, condition), RULES, place)
        elif fact.difference:
            _link_difference(resolver, fact, place)
        else:
            _link_count(resolver, fact, place)


def _link_count(resolver: Resolver, fact: DerivedFact, place: Place) -> None:
    read = [resolver.read_condition(text, RULES, (*place, "count")) for text in fact.count]
    conditions = tuple(condition for condition in read if condition is not None)
    counted = Fact(
        fact.id,
        "number",
        fact.label,
        worse="up",
        high=len(conditions),
        origin="count",
        conditions=conditions,
    )
    resolver.add_fact(counted, RULES, place)


def _link_difference(resolver: Resolver, fact: DerivedFact, place: Place) -> None:
    """Add how much one number is above another; both are always asked, or the card tells."""
    known = {
        id_: other
        for id_, other in resolver.facts.items()
        if other.kind == "number" and other.origin not in ("question", "difference")
    }
    what = "a total, a count or a number of the client card"
    resolver.check_known(what, fact.difference, known, RULES, (*place, "difference"))
    if not all(name in known for name in fact.difference):
        return
    for name in fact.difference:
        if known[name].context:
            resolver.faults.add(RULES, (*place, "difference"), decides_nothing(name))
    later, earlier = (known[name] for name in fact.difference)
    difference = Fact(
        fact.id,
        "number",
        fact.label,
        worse=later.worse,
        low=later.low - earlier.high,
        high=later.high - earlier.low,
        origin="difference",
        items=fact.difference,
    )
    resolver.add_fact(difference, RULES, place)


def _link_totals(resolver: Resolver) -> None:
    """Add every total; those that count totals of other instruments come after those."""
    totals = [
        (instrument, total, index)
        for instrument in resolver.parts.instruments.values()
        for index, total in enumerate(instrument.total)
    ]
    for instrument, total, index in sorted(totals, key=lambda found: bool(found[1].plus)):
        _link_total(resolver, instrument, total, ("total", index))


def _added_items(resolver: Resolver, total: Total, file: str, place: Place) -> tuple[str, ...]:
    """Return the items of the other totals that a total counts too."""
    known = {id_: fact for id_, fact in resolver.facts.items() if fact.origin == "total"}
    resolver.check_known("total", total.plus, known, file, (*place, "plus"))
    others = [known[id_] for id_ in total.plus if id_ in known]
    for other in others:
        if other.worse != total.worse:
            message = f"{total.id}: {other.id} is worse {other.worse}, and cannot be added"
            resolver.faults.add(file, (*place, "plus"), message)
    return tuple(item for other in others for item in other.items)


def _link_total(resolver: Resolver, instrument: Instrument, total: Total, place: Place) -> None:
    file = instrument_file(instrument.id)
    items = {item.id: item for item in instrument.item}
    named = total.items or tuple(item.id for item in instrument.item if item.scored)
    resolver.check_known("item", named, items, file, (*place, "items"))
    own = tuple(f"{instrument.id}.{name}" for name in named if name in items)
    ids = (*_added_items(resolver, total, file, place), *own)
    resolver.check_unique(f"{total.id}: item", ids, file, place)
    asked = [resolver.facts[id_] for id_ in ids if id_ in resolver.facts]
    most = sum(fact.high if fact.kind == "number" else 1 for fact in asked)
    for id_ in ids:
        if id_ not in resolver.facts:
            resolver.faults.add(file, place, f"{id_} is summed but never asked")
    starts = [band.from_ for band in total.bands]
    if starts and (starts[0] != 0 or starts != sorted(set(starts)) or starts[-1] > most):
        resolver.faults.add(file, place, f"the bands do not rise from 0 within 0–{most}")
    for index, fault in _band_faults(total.bands, most):
        resolver.faults.add(file, (*place, "bands", index), f"{total.id}: {fault}")
    fact = Fact(
        f"{instrument.id}.{total.id}",
        "number",
        total.label,
        worse=total.worse,
        high=most,
        origin="total",
        items=ids,
        context=any(fact.context for fact in asked),
    )
    resolver.add_fact(fact, file, place)


def _band_faults(bands: Sequence[Band], most: int) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with where bands say they end: a score in none of them, or in two."""
    ends = [*(band.from_ - 1 for band in bands[1:]), most]
    for index, (band, end) in enumerate(zip(bands, ends, strict=False)):
        if band.to is None or band.to == end:
            continue
        message = f"the band from {band.from_} ends at {band.to}"
        if band.to < end:
            yield index, f"{message}, so {band.to + 1}–{end} have no band"
        elif end == most:
            yield index, f"{message}, but the highest score is {most}"
        else:
            yield index, f"{message}, but the next one begins at {end + 1}"


def _link_positive(
    resolver: Resolver, instrument: Instrument, positive: Positive, place: Place
) -> None:
    file = instrument_file(instrument.id)
    asked = (resolver.facts.get(f"{instrument.id}.{item.id}") for item in instrument.item)
    context = any(fact is not None and fact.context for fact in asked)
    read = [
        resolver.read_condition(row.when, file, (*place, "rows", index, "when"), context=context)
        for index, row in enumerate(positive.rows)
    ]
    rows = tuple(condition for condition in read if condition is not None)
    whole = rows[0] if len(rows) == 1 else Or(rows)
    fact = _yes_no(f"{instrument.id}.{positive.id}", positive.label, whole)
    resolver.add_fact(replace(fact, context=context), file, place)


def _yes_no(id_: str, label: dict[str, str], condition: Condition | None) -> Fact:
    conditions = (condition,) if condition else ()
    return Fact(
        id_, "word", label, worse="yes", words=(NO, YES), origin="condition", conditions=conditions
    )


def _check_change(resolver: Resolver, instrument: Instrument, change: Change) -> None:
    """Note a change that cannot be followed; in an episode a rise counts as worse."""
    file = instrument_file(instrument.id)
    totals = {total.id: total for total in instrument.total}
    total = totals.get(change.total)
    if total is None:
        at = ("change", "total")
        resolver.faults.add_unknown(file, at, "total", change.total, totals)
        return
    if total.worse == "down":
        message = f"{total.id} cannot be followed: less of it is worse, and a rise counts as such"
        resolver.faults.add(file, ("change", "total"), message)
    most = resolver.facts[f"{instrument.id}.{total.id}"].high
    for key in ("caseness", "reliable"):
        if not 1 <= (points := getattr(change, key)) <= most:
            message = f"{key} {points} is not within 1–{most}"
            resolver.faults.add(file, ("change", key), message)
