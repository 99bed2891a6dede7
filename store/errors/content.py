"""Pathways, services and vignettes that come apart from the program, and cannot be taken."""

from __future__ import annotations

from store.errors.base import N_, NothingChanged


class ContentRefused(NothingChanged):
    """The root of all that keeps a content from being used; nothing was put in its place."""

    safe = N_("The pathways in use are as they were, and everything recorded is safe.")


class NoContent(ContentRefused):
    what = N_("In {path} is no content for Porras: it has no {file}.")
    next = N_("Name the folder that holds content.toml and files.sha256.")


class ContentUnsigned(ContentRefused):
    what = N_("Nobody has signed the content in {path}.")
    next = N_(
        "Ask whoever made it for a signed one. If you know where it comes from, --unsigned takes "
        "it after a question."
    )


class NoSigners(ContentRefused):
    what = N_("This workplace does not know yet whose signature counts.")
    next = N_(
        "Get the file of signers from whoever makes the content, and name it in the setting "
        "`signers`."
    )


class SignersOpen(ContentRefused):
    """A file of signers that others may change or replace vouches for nobody."""

    what = N_("Others may write {path}, and so change whose signature counts.")
    next = N_("Take the right to write there from others, and look at what {file} says.")


class SignersGone(ContentRefused):
    what = N_("The file of signers {path} cannot be read.")
    next = N_("Put it back, or name the right one in the setting `signers`.")


class ContentNameUnfit(ContentRefused):
    what = N_("The content has a file that no content may have: {file}")
    next = N_("Tell whoever made it. docs/content.md says what may be in it.")


class ContentTooLarge(ContentRefused):
    what = N_("The content is too large: {file}")
    next = N_("Tell whoever made it. docs/content.md says how large it may be.")


class ContentCutShort(ContentRefused):
    what = N_("The content is not whole: {file} cannot be read from {path}.")
    next = N_("Put the stick in again, or copy the whole folder again. Then run the command again.")


class ContentChanged(ContentRefused):
    what = N_("The content was changed after it was signed: {file}")
    next = N_("Do not use it. Get it again from whoever made it, and tell them.")


class ContentUnclear(ContentRefused):
    what = N_("The file {path} does not tell what is in this content: {name}")
    next = N_("Tell whoever made it. docs/content.md says what the file has.")


class ContentTooNew(ContentRefused):
    what = N_("This content needs Porras {needed}, and this is Porras {version}.")
    next = N_("Update Porras first. Until then go on with the pathways in use.")


class ContentOlder(ContentRefused):
    what = N_("This content is version {version}, and version {known} is in use.")
    next = N_("If you mean to go back to it, say --older. `porras content back` may do.")


class ContentUnfit(ContentRefused):
    what = N_("This content may not be used, since not everything in it holds. Faults: {count}.")
    next = N_("Tell whoever made it, with the lines above.")


class ContentReadsOtherwise(ContentRefused):
    """A pathway has another digest here than where it was signed."""

    what = N_("The pathway {name} is not the same here as where it was signed.")
    next = N_("Update Porras to the version that it was made with, or ask for the content anew.")


class ContentNotWhole(ContentRefused):
    """The author's pathways draw on files that come with Porras and would change with it."""

    what = N_("The folder {path} has no {file}/, which pathway {name} needs.")
    next = N_("Copy {file}/ from the pathways that come with Porras, and pack again.")


class ContentBusy(ContentRefused):
    what = N_("Somebody else is putting a content in place just now.")
    next = N_("Wait until that has ended, and look at `porras content list`.")


class NoEarlierContent(ContentRefused):
    what = N_("No earlier content is kept here.")
    next = N_("Look at `porras content list`. To install an older one, name its folder.")


class ContentTaken(ContentRefused):
    what = N_("There is something in {path} already.")
    next = N_("Name a new folder, or an empty one.")


class ContentDamaged(ContentRefused):
    """An installed content is not any more what was put in place."""

    what = N_("The installed content {name} is damaged: {file}")
    safe = N_(
        "It is not used. Pathways that the store keeps from it stay in use; everything recorded "
        "is safe."
    )
    next = N_("Install it again from its folder or stick: porras content install FOLDER.")


class ContentGone(ContentDamaged):
    """The store worked with a content last time, and nothing is installed any more."""

    what = N_("The content {name}, with which this store worked last, is not in {file}.")
    next = N_(
        "Put its drive in, or install it again: porras content install FOLDER. To use what comes "
        "with Porras instead: porras content back --ours"
    )


class ContentLower(ContentDamaged):
    """The store worked with a later version, of which the folder of contents knows nothing."""

    what = N_("The content {name} in {file} is older than {known}, with which this store worked.")
    safe = N_("Pathways that the store keeps from the later one stay in use; all is safe.")
    next = N_(
        "Start Porras again. If it says so again, install the later one: porras content install "
        "FOLDER. If you mean the older one: porras content install --older FOLDER"
    )
