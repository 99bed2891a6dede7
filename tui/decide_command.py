"""`porras decide`: one decision on one set of answers, without a screen."""

from __future__ import annotations

import json
from typing import Any

import click

from tui.loading import Fault, language_of, load_pathway, spoken
from tui.settings import Settings


@click.command()
@click.argument("pathway")
@click.option(
    "--answers", "answers_file", type=click.File("rb"), default="-", help="JSON; - is stdin."
)
@click.option("--lang", metavar="LANGUAGE", help="fi, sv or en.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def decide(
    settings: Settings, pathway: str, answers_file: Any, lang: str | None, form: str
) -> None:
    """Decide on one set of answers: {"question id": value}."""
    from stepping.answers import AnswersError, read_answers
    from stepping.decision import UnknownStop
    from stepping.decision import decide as decide_on
    from stepping.explain import as_json
    from stepping.interview import counted
    from tui.answer_file import AnswerFileError, read_answer_file

    ready = load_pathway(settings, pathway)
    language = language_of(lang or settings.speaks, ready.header.languages)
    if form == "text":
        spoken(language)
    if answers_file.isatty():
        raise click.UsageError(
            "give the answers with --answers FILE, or send them to standard input"
        )
    try:
        given = read_answer_file(answers_file)
        answers = read_answers(ready, given.answers)
        decision = decide_on(ready, answers, given.recorded)
    except (AnswersError, AnswerFileError, UnknownStop) as error:
        raise Fault(f"the answers are refused, nothing was decided\n{error}") from None
    for id_, counts in counted(ready, answers).items():
        if not counts:
            click.echo(
                f"note: {id_} was given but is not asked here, so it did not count", err=True
            )
    if form == "json":
        told = json.dumps(as_json(ready, decision, language), ensure_ascii=False, indent=1)
        click.echo(told.encode())  # JSON is UTF-8 whatever the terminal's own encoding is
    else:
        from screens.wording import decision_text

        click.echo(decision_text(ready, decision, language))
