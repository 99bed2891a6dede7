"""`porras content pack`: proves a folder of pathways and writes it as a content, signed."""

from __future__ import annotations

from pathlib import Path

import click

from stepping.finland import finnish_day
from store.content.about import PATHWAYS, read_about
from store.content.packing import check_free, read_draft, write_content
from store.installation.signature import signer_line
from store.times import utc_now
from tui import say
from tui.commands.content_common import prove_whole, t_of, tell_changes, this_version
from tui.settings import Settings


@click.command()
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option("--out", metavar="FOLDER", type=click.Path(path_type=Path), required=True)
@click.option(
    "--key",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A private key of OpenSSH; ssh-keygen signs with it. Left out: nothing is signed.",
)
@click.pass_obj
def pack(settings: Settings, folder: Path, out: Path, key: Path | None) -> None:
    """Prove the pathways of a folder, and write them as a content, signed.

    FOLDER has content.toml and pathways/. What does not hold is told by file and line, and nothing
    is signed. What it changes of the pathways in use here is told too.
    """
    t = t_of(settings)
    about = read_about(folder, packed=False)
    files = read_draft(folder)
    check_free(out)
    proven = prove_whole(settings, folder / PATHWAYS)
    tell_changes(settings, folder / PATHWAYS, proven, t)
    replaces = settings.chosen.title if settings.chosen else ""
    told = about._replace(
        day=finnish_day(utc_now()).isoformat(),
        least=about.least or this_version(),
        replaces=about.replaces or replaces,
        holds=proven.digests,
    )
    packed = write_content(out, told, files, key)
    say.line(t("{title} is in {path}.", title=told.title, path=str(out)))
    if packed.signer is None:
        say.line(t("! It is not signed: no workplace takes it without a question."))
        return
    say.line(t("Signed with the key {key}", key=packed.signer.fingerprint))
    say.line(t("A workplace trusts it by this line in its file of signers:"))
    say.line(signer_line(packed.signer))
