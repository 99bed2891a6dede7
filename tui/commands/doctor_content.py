"""What the doctor says of the installed contents: which is in use, and whether each is sound."""

from __future__ import annotations

from collections.abc import Iterator

from casework.error_text import translate_error
from casework.language import speech
from store.content.places import check_sound, numbers
from store.errors import ContentDamaged
from store.paths import find_contents
from tui.commands.doctor_finding import DoctorFinding
from tui.settings import Settings


def look_at_contents(settings: Settings) -> Iterator[DoctorFinding]:
    """Yield what is in use where contents were installed, and those that are damaged."""
    t = speech(settings.speaks)
    place = find_contents(settings.database, settings.content)
    kept = numbers(place)
    chosen = settings.chosen
    if chosen is not None and chosen.damage is not None:
        told = translate_error(chosen.damage, t)
        yield DoctorFinding("FAULT", "content", told.what, told.safe, told.next)
    elif settings.pathways_named and kept:
        path = str(settings.pathways)
        text = t("The folder in the setting `pathways` is in use: {path}", path=path)
        yield DoctorFinding("OK", "content", text)
    elif chosen is not None and chosen.title:
        text = t("In use: {title}, number {number}.", title=chosen.title, number=chosen.number)
        yield DoctorFinding("OK", "content", text)
    elif kept:
        yield DoctorFinding("OK", "content", t("The pathways that come with Porras are in use."))
    for number in kept:
        try:
            check_sound(place / number)
        except ContentDamaged as damage:
            told = translate_error(damage, t)
            yield DoctorFinding("WARNING", f"content {number}", told.what, "", told.next)
