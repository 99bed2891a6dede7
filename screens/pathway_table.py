"""A pathway's rules as text that a doctor can read: condition, effect, reason, source, basis."""

from __future__ import annotations

from collections.abc import Iterator

from screens.language import speech
from screens.widgets.lines import wrap
from screens.wording import BASIS
from stepping.pathway import Pathway, ReadyRule

_WIDTH = 78


def pathway_text(pathway: Pathway, language: str) -> str:
    """Return the header, instruments and rules of a pathway as lines of at most 78 characters."""
    return "\n".join(
        [*_header(pathway, language), *_instruments(pathway, language), *_rules(pathway, language)]
    )


def _header(pathway: Pathway, language: str) -> Iterator[str]:
    t, header = speech(language), pathway.header
    yield f"{header.title[language]}  {header.id} {header.version}"
    yield t("Status: {status}", status=t("approved") if header.status == "approved" else t("draft"))
    if header.status == "approved":
        yield t("Reviewed by {who} on {when}", who=header.reviewed_by, when=header.reviewed_on)
    yield t("Owner: {owner}", owner=header.owner)
    yield t("Ages: {low}–{high}", low=header.ages.from_, high=header.ages.to)
    yield t("Digest: {digest}", digest=pathway.digest)
    yield ""
    for step in header.step:
        yield f"{step.number}  {step.name[language]}"
        yield from _indented(step.summary[language])


def _instruments(pathway: Pathway, language: str) -> Iterator[str]:
    t = speech(language)
    yield ""
    yield t("Instruments")
    for instrument in pathway.instruments.values():
        yield f"{instrument.name}  {instrument.title[language]}"
        yield from _indented(t("Source: {source}", source=instrument.source))
        yield from _indented(t("Licence: {licence}", licence=instrument.licence))
        for code, wording in instrument.wording.items():
            yield from _indented(f"{code}: {wording.status}, {wording.source}")


def _rules(pathway: Pathway, language: str) -> Iterator[str]:
    yield ""
    t = speech(language)
    yield t("Rules")
    for rule in pathway.rules:
        yield from _rule(rule, language)


def _rule(ready: ReadyRule, language: str) -> Iterator[str]:
    t, rule = speech(language), ready.rule
    yield ""
    yield f"{rule.id}  {rule.effect}"
    yield from _indented(t("when {condition}", condition=str(ready.condition)))
    if rule.then_at_least is not None:
        yield from _indented(t("once recorded: at least step {step}", step=rule.then_at_least))
    yield from _indented(rule.because[language])
    yield from _indented(t("{source} ({basis})", source=rule.source, basis=t(BASIS[rule.basis])))


def _indented(text: str) -> list[str]:
    return [f"    {row}" for row in wrap(text, _WIDTH - 4, 2)]
