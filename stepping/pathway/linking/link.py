"""Ties the files of a pathway together: every name found, every condition read and checked."""

from __future__ import annotations

from collections.abc import Mapping

from stepping.pathway.diagnostics import DiagnosticCollector
from stepping.pathway.linking.dependencies import check_levels, check_order
from stepping.pathway.linking.facts import link_derived_facts
from stepping.pathway.linking.questions import link_questions
from stepping.pathway.linking.resolver import PathwayParts, Resolver
from stepping.pathway.linking.rules import check_header, link_interventions, link_rules
from stepping.pathway.model import Pathway


def link_pathway(
    parts: PathwayParts, files: Mapping[str, str], digest: str, faults: DiagnosticCollector
) -> Pathway:
    """Tie the parts together.

    Raises:
        PathwayError: With every name that nothing has and every condition that cannot hold.
    """
    resolver = Resolver(parts, faults)
    pages = link_questions(resolver)
    link_derived_facts(resolver)
    resolver.check_conditions()
    rules = link_rules(resolver)
    interventions = link_interventions(resolver)
    check_header(resolver)
    faults.raise_if_any()
    check_levels(resolver)
    faults.raise_if_any()
    check_order(resolver, pages)
    faults.raise_if_any()
    return Pathway(
        header=parts.header,
        pages=pages,
        facts=resolver.facts,
        instruments=parts.instruments,
        rules=rules,
        cards=parts.cards,
        interventions=interventions,
        examples=parts.examples.example,
        example_bases=parts.examples.base,
        files=files,
        places=resolver.places,
        digest=digest,
    )
