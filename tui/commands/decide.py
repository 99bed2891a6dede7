"""`porras decide`: decisions without a screen, on one set of answers or on a file of them."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click
from click.core import ParameterSource

from casework.language import speech
from tui import say
from tui.commands.common import (
    FORMAT,
    CommandError,
    InputFile,
    blame_pathway,
    choose_language,
    get_guarded,
    load_pathway,
    require_spoken,
)
from tui.settings import Settings

if TYPE_CHECKING:
    from stepping.pathway.model import Pathway
    from tui.commands.decide_csv import Counts


@click.command()
@click.argument("pathway")
@click.option("--answers", "answers_file", type=InputFile(), default="-", help="JSON; - is stdin.")
@click.option("--lang", metavar="LANGUAGE", help="fi, sv or en.")
@FORMAT
@click.option(
    "--batch",
    "cases_file",
    type=InputFile(),
    help="CSV with a case a line: case, then question ids; - is stdin.",
)
@click.option("--out", metavar="FILE", help="Where the decisions of --batch go; - is stdout.")
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
) -> None:
    """Decide on one set of answers, {"question id": value}, or on a file of cases."""
    if (cases_file is None) != (out is None):
        raise click.UsageError("--batch IN.csv and --out OUT.csv go together")
    if cases_file is None or out is None:
        _decide_one(context.obj, pathway, answers_file, lang, form)
        return
    for name in ("answers_file", "lang", "form"):
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(
                "--answers, --lang and --format are for one case, not for --batch"
            )
    _decide_batch(context.obj, load_pathway(context.obj, pathway), cases_file, out)


def _decide_one(
    settings: Settings, pathway: str, answers_file: Any, lang: str | None, form: str
) -> None:
    from stepping.decision.decide import UnknownStop
    from stepping.decision.decide import decide as decide_on
    from stepping.decision.explain import decision_to_json
    from stepping.decision.interview import find_counting_answers
    from stepping.pathway.answers import AnswersError, read_answers
    from tui.commands.decide_json import AnswerFileError, read_answer_file

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
        raise CommandError(f"the answers are refused, nothing was decided\n{error}") from None
    for id_, counts in find_counting_answers(ready, answers).items():
        if not counts:
            say.line(f"note: {id_} was given but is not asked here, so it did not count", err=True)
    if form == "json":
        say.data(decision_to_json(ready, decision, language))
    else:
        from screens.wording.decision_words import decision_text

        say.line(decision_text(ready, decision, language))


def _decide_batch(settings: Settings, pathway: Pathway, source: BinaryIO, out: str) -> None:
    from store.output import Unwritten
    from tui.commands.case_file import BatchFileError
    from tui.commands.decide_csv import decide_file, is_same_file

    if source.isatty():
        raise click.UsageError("give the cases with --batch FILE, or send them to standard input")
    if out != "-" and is_same_file(source, Path(out)):
        raise click.UsageError("--out is the file that is read; write the decisions to another")
    began = time.perf_counter()
    line = say.ProgressLine()

    def shown(counts: Counts) -> None:
        line.show(f"{counts.decided + counts.refused} lines")

    try:
        with (
            _target(settings, out) as target,
            blame_pathway(pathway, besides=(BatchFileError, Unwritten)),
        ):
            counts = decide_file(pathway, source, target, tell=line.tell, progress=shown)
    except Unwritten as error:
        raise CommandError(f"{out}: {speech(settings.speaks)(error.sentence)}") from None
    except BatchFileError as error:
        raise CommandError(f"the file of cases is refused, no more was decided\n{error}") from None
    except BrokenPipeError:
        raise  # who reads standard output has had enough; no fault of the file's
    except OSError as error:
        where = "standard output" if out == "-" else out
        raise CommandError(f"{where}: {error.strerror}") from None
    seconds = time.perf_counter() - began
    rate = (counts.decided + counts.refused) / max(seconds, 1e-9)
    line.tell(
        f"{counts.decided} decided, {counts.refused} refused, {seconds:.1f} s, {rate:.0f} a second"
    )
    if counts.refused:
        raise CommandError("what was refused has no decision; mend those lines and run them again")
    if counts.twice:
        raise CommandError(
            "a case stands twice, each time with a decision; give each a name of its own"
        )


def _target(settings: Settings, out: str) -> AbstractContextManager[BinaryIO]:
    """Open the file for the decisions; an earlier table of decisions makes room for them."""
    if out == "-":
        return nullcontext(say.raw())
    from store.output import open_target
    from tui.commands.decide_csv import TABLE

    return open_target(Path(out), TABLE, get_guarded(settings), replace=True)
