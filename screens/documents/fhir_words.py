"""What a form for other programs says that stands in no file of a pathway."""

from __future__ import annotations

from casework.language import speech
from stepping.interchange.form import FormWords


def form_words(language: str) -> FormWords:
    """Return the words of a form in a language of the program."""
    t = speech(language)
    return FormWords(
        yes=t("yes"),
        no=t("no"),
        refused=t("refused"),
        declined=t("The client does not want to answer."),
        by_nurse=t("The professional answers this, also from what they see."),
        working=t("This is our own wording or translation. It is not official and not validated."),
        own=t("The other questions are the pathway's own. They are no validated instrument."),
    )
