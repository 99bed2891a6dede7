"""What is recorded of clients: refused, changed meanwhile, or not to be deleted."""

from __future__ import annotations

from typing import ClassVar

from store.errors.base import N_, NOTHING_CHANGED, NothingChanged, NotStored, StoreError


class UnknownRecord(NothingChanged):
    what = N_("There is no such record in the store.")
    next = N_("Check the code, or look for the record in the list.")


class AppendOnly(NothingChanged):
    what = N_("What has been recorded cannot be changed or deleted.")
    next = N_("Record a correction; it stands beside the first entry.")


class RefusedText(NotStored):
    """A text is not stored; `kind` is a find of `stepping.privacy`, or one of those below.

    `field` names the text, `position` (from 1) the place where that is known.
    """

    next = N_("Rewrite the text; names, identity codes and contact details do not belong here.")

    _WHAT: ClassVar = {
        "hetu": N_("The text holds what looks like a personal identity code."),
        "phone": N_("The text holds what looks like a phone number."),
        "email": N_("The text holds what looks like an e-mail address."),
        "name": N_("The text holds what looks like a person's name."),
        "character": N_("Character {position} of the text cannot be stored."),
        "long": N_("The text is too long: it may have at most {limit} characters."),
        "code": N_("A code in the entry has a form that cannot be stored."),
        "missing": N_("A reason is needed here."),
        "value": N_("The answer has a form that cannot be stored."),
    }

    def __init__(self, field: str, kind: str, **values: str | int) -> None:
        self.field = field
        self.kind = kind
        self.what = self._WHAT[kind]
        super().__init__(field=field, **values)


class ClosedAssessment(NotStored):
    what = N_("The assessment is closed and takes no more entries.")
    next = N_("Start a new assessment for the client.")


class AnswersChanged(StoreError):
    what = N_("The answers have changed since the suggestion was made.")
    safe = N_("The step was not confirmed; all the answers are safe.")
    next = N_("Look at the new suggestion and confirm it.")


class AnswersOutdated(StoreError):
    """An answer of the suggestion that is being confirmed has grown too old meanwhile."""

    what = N_("Some answers are too old for this step by now.")
    safe = N_("The step was not confirmed; all the answers are safe.")
    next = N_("Go back to the result: it leads to what is asked again.")


class StopOpen(StoreError):
    what = N_("A safety stop is open in this assessment, so it cannot end here.")
    safe = N_("The assessment was not ended; everything recorded is safe.")
    next = N_("Record each safety step first: done, or not done and why.")


class StopElsewhere(StoreError):
    """A safety stop in another draft of the client asks for more than what is to be confirmed."""

    what = N_("A safety stop is open in another draft of this client.")
    safe = N_("The step was not confirmed; all the answers are safe.")
    next = N_("The suggestion is made anew with that stop; look at it, and see to the stop first.")


class ChangedElsewhere(NotStored):
    what = N_("This assessment was changed in another window at the same time.")
    next = N_("The answers are read again now; look at them and answer once more.")


class EpisodeChanged(ChangedElsewhere):
    what = N_("This episode was changed in another window at the same time.")
    next = N_("The episode is read again now; look at it and record the entry once more.")


class PlanChanged(ChangedElsewhere):
    what = N_("This safety plan was changed in another window at the same time.")
    next = N_("The plan is read again now; look at it and write the point once more.")


class CardChanged(ChangedElsewhere):
    what = N_("This client was changed in another window at the same time.")
    safe = NOTHING_CHANGED
    next = N_("Look at the client's page as it is now, and do it again if it is still needed.")


class MovedElsewhere(ChangedElsewhere):
    what = N_("This assessment was moved or marked in another window at the same time.")
    safe = NOTHING_CHANGED
    next = N_("Look at the client's page as it is now, and do it again if it is still needed.")


class EpisodeOpen(NotStored):
    what = N_("The client has an open episode of care already.")
    next = N_("Go on with that episode, or close it first.")


class MarkedWrong(NotStored):
    what = N_("This assessment is marked as of the wrong client.")
    next = N_("Move it to the right client, or take the mark back, on the client's page.")


class BornLater(NothingChanged):
    what = N_("Something was recorded of this client in {year}, before that year of birth.")
    next = N_("Check the year of birth, and whether the assessment is of another client.")


class AttachedElsewhere(NotStored):
    what = N_("The assessment cannot belong to this episode of care.")
    next = N_("Look at the client's episodes; an assessment stays in the one it was begun in.")


class UnfitEvent(NotStored):
    """The episode cannot take the event; `reason` is the sentence that says why."""

    next = N_("Look at the episode as it stands, and record what fits.")

    # The sentences of `stepping.episode.validation`, repeated here to be found by who translates.
    _WHAT: ClassVar = {
        reason: reason
        for reason in (
            N_("A withdrawal says which entry it withdraws."),
            N_("The entry to be corrected does not stand any more."),
            N_("The episode is open already."),
            N_("The clock is paused already."),
            N_("The next contact lies before the day on which it was agreed."),
            N_("The next contact is later than a safety step allows: say why."),
            N_("A safety step agreed this contact. Correct it, or agree on another with a reason."),
            N_("This client's death is recorded. If that is a mistake, withdraw it first."),
            N_("The review lies before the day on which it was agreed."),
            N_("The day lies in the future."),
            N_("The day lies before the client's year of birth."),
            N_("The episode has not been opened."),
            N_("The day lies before the episode began."),
            N_("The episode is closed. Open a new one, or withdraw its end first."),
            N_("No measurement says that the client has recovered: say why it ends so."),
            N_("Say in a few words why it ends as recovered."),
            N_("Nobody has assessed an item on suicide that was typed in: say why it ends."),
            N_("The follow-up lies before the baseline."),
            N_("The assessment is in the episode already."),
            N_("The intervention is not known."),
            N_("The intervention is not for the client's age."),
            N_("A treatment with this id is known already."),
            N_("This treatment is open already: end it first."),
            N_("The service is not known."),
            N_("The service does not give this treatment."),
            N_("The service is not for the client's age."),
            N_("There is no such treatment in this episode."),
            N_("The day lies before the treatment began."),
            N_("The treatment has ended already."),
            N_("The day lies after the treatment ended."),
            N_("The treatment cannot end before its last contact."),
            N_("The clock is not paused."),
            N_("Nobody is named who would be responsible."),
            N_("The clock cannot go on before it was paused."),
            N_("A treatment is still open: end it first."),
            N_("The episode cannot end before the last thing that happened in it."),
            N_("What follows rests on this entry; withdraw that first."),
            N_("An assessment of the episode is a draft: confirm or abandon it first."),
            # Those of `stepping.episode.measures`.
            N_("The questionnaire is not known."),
            N_("Nobody can have so many points on this questionnaire."),
            N_("This questionnaire has no item of its own here."),
            N_("The item on suicide is needed: the total hides it."),
            N_("The item cannot have so many points."),
            N_("This questionnaire is typed in for that day already: correct that entry."),
            # Those of `stepping.episode.tracks`.
            N_("Nothing is told of how the care was: one answer is enough."),
            N_("This does not happen on this track."),
            N_("This track has ended: begin it anew first."),
            N_("The client's consent comes first."),
            N_("This is not told with what happened."),
            N_("Five goals are enough: choose the most important ones."),
            N_(
                "Only the attendance may go back to the employer: nothing more is kept on this "
                "track."
            ),
            N_("Nothing is told of alcohol: give a total, the portions or the mini-intervention."),
            N_("It has to be told where."),
            N_("A plan needs the role of the contact person."),
            N_("The day of the next review is needed."),
            N_("A plan needs at least one goal of the client's."),
            N_("It has to be told how the notice was made."),
            N_("It has to be told what became of the notice."),
            N_("It has to be told whether it took place."),
            N_("There is no referral or plan before this meeting."),
            N_("The referral has not arrived yet."),
            N_("There is nothing to review yet: no plan, or no meeting."),
            N_("There is no notice that could be acknowledged."),
            N_("There has been no talk with the employer yet."),
            N_("What comes before this on its track has not happened yet."),
            N_("Nothing has begun on this track that could end."),
        )
    }

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.what = reason
        super().__init__()


class NotConfirmed(NothingChanged):
    what = N_("Only the note of a confirmed assessment is taken to the patient record.")
    next = N_("Confirm the assessment first.")


class StillNeeded(NothingChanged):
    what = N_("This client's data cannot be erased yet.")
    next = N_("Settle what keeps it, then ask again.")


class ClockInDoubt(NothingChanged):
    """Nothing is deleted by days that a wrong clock may have counted."""

    what = N_("The date of this computer is in doubt, so nothing was deleted.")
    next = N_("Start Porras: it shows the date and asks whether it is right.")


class ClockPutBack(NothingChanged):
    """No step is confirmed by a clock that would make old answers young again."""

    what = N_("The date of this computer lies before what was recorded. No step was confirmed.")
    next = N_("Put the date right, or start Porras again: it shows the date and asks.")


class BrokenHistory(NothingChanged):
    """Nothing may be deleted while the log does not hold: it would be lost as evidence."""

    what = N_("The log does not hold from event {seq} on, so nothing was deleted.")
    next = N_("Find out why: run porras audit verify, and compare with a backup.")
