"""`porras decide`: decisions without a screen, on one set of answers or on a file of them."""

from __future__ import annotations

from typing import Any

import click
from click.core import ParameterSource

from screens.wording.decision_words import decision_text
from stepping.decision.decide import UnknownStop
from stepping.decision.decide import decide as decide_on
from stepping.decision.explain import decision_to_json
from stepping.decision.interview import find_counting_answers
from stepping.pathway.answers import AnswersError, read_answers
from tui import say
from tui.commands.common import (
    FORMAT,
    InputFile,
    blame_pathway,
    choose_language,
    load_pathway,
    require_spoken,
)
from tui.commands.decide_json import AnswerFileError, read_answer_file
from tui.commands.groups import CommandError
from tui.commands.own_options import OWN, OwnOrFile, refuse_store_options, who_opens
from tui.settings import Settings
from tui.spoken import said


@click.command()
@click.argument("pathway")
@click.option("--answers", "answers_file", type=InputFile(), default="-", help="JSON; - is stdin.")
@click.option("--lang", metavar="LANGUAGE", help="fi, sv or en.")
@FORMAT
@click.option(
    "--batch",
    "cases_file",
    type=OwnOrFile(),
    help="CSV with a case a line: case, then question ids; - is stdin. Or own: how many of the "
    "store's past cases come out how.",
)
@click.option("--out", metavar="FILE", help="Where the decisions of --batch go; - is stdout.")
@who_opens
@click.pass_context
def decide(
    context: click.Context,
    /,
    pathway: str,
    answers_file: Any,
    lang: str | None,
    form: str,
    cases_file: Any,
    out: str | None,
    who: str | None,
    secret: str | None,
) -> None:
    """Decide on one set of answers, {"question id": value}, or on a file of cases."""
    if cases_file == OWN:
        _decide_own(context, pathway, form, who, secret)
        return
    refuse_store_options(context, who, secret)
    if (cases_file is None) != (out is None):
        raise click.UsageError("--batch IN.csv and --out OUT.csv go together")
    if cases_file is None or out is None:
        _decide_one(context.obj, pathway, answers_file, lang, form)
        return
    if _is_given(context, "answers_file", "lang", "form"):
        raise click.UsageError("--answers, --lang and --format are for one case, not for --batch")
    from tui.commands.decide_batch import decide_batch

    decide_batch(context.obj, load_pathway(context.obj, pathway), cases_file, out)


def _is_given(context: click.Context, *names: str) -> bool:
    """Return whether any of some options was typed."""
    sources = map(context.get_parameter_source, names)
    return ParameterSource.COMMANDLINE in sources


def _decide_own(
    context: click.Context, pathway: str, form: str, who: str | None, secret: str | None
) -> None:
    if _is_given(context, "answers_file", "lang", "out"):
        raise click.UsageError("--answers, --lang and --out do not go with --batch own")
    from tui.commands.open_store import Caller
    from tui.commands.own_cases import print_outcomes

    ready = load_pathway(context.obj, pathway)
    print_outcomes(context, Caller(context.obj, who, secret), ready, form)


def _decide_one(
    settings: Settings, pathway: str, answers_file: Any, lang: str | None, form: str
) -> None:
    ready = load_pathway(settings, pathway)
    offered = ready.header.languages
    language = choose_language(lang or settings.speaks_among(offered), offered)
    if form == "text":
        require_spoken(language)
    if answers_file.isatty():
        raise click.UsageError(
            "give the answers with --answers FILE, or send them to standard input"
        )
    try:
        given = read_answer_file(answers_file)
        answers = read_answers(ready, given.answers)
        with blame_pathway(ready, besides=UnknownStop):
            decision = decide_on(ready, answers, given.recorded)
    except (AnswersError, AnswerFileError, UnknownStop) as error:
        raise CommandError(
            f"{said('the answers are refused, nothing was decided')}\n{error}"
        ) from None
    for id_, counts in find_counting_answers(ready, answers).items():
        if not counts:
            told = said("note: {id} was given but is not asked here, so it did not count")
            say.line(told.format(id=id_), err=True)
    if form == "json":
        say.data(decision_to_json(ready, decision, language))
    else:
        say.line(decision_text(ready, decision, answers, language))
