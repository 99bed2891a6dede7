"""Packages and signed folders that are not what they should be."""

from __future__ import annotations

from store.errors.base import N_, NothingChanged


class SignatureWrong(NothingChanged):
    """A signature is missing, was made of something else, for something else, or by a stranger."""

    what = N_("Nobody whose word counts here has signed {path} as it is.")
    next = N_(
        "Get it again from where it comes from. If it is refused again, tell whoever gave "
        "it to you."
    )


class SignersUnreadable(NothingChanged):
    what = N_("Line {line} of {path} does not tell who may sign.")
    next = N_(
        "Put the file right: one line a signer, as `man ssh-keygen` tells of allowed_signers."
    )


class FileListUnreadable(NothingChanged):
    what = N_("Line {line} of the list of files {path} cannot be read.")
    next = N_("The list is damaged. Get the whole package or folder again.")


class PackageUnreadable(NothingChanged):
    what = N_("The file {path} does not tell which package this is.")
    next = N_("The package is damaged. Install it again from a package that you have checked.")


class CannotSign(NothingChanged):
    """Signing is the one deed for which another program is run."""

    what = N_("ssh-keygen did not sign with the key {path}.")
    next = N_(
        "Look at what it says above, and whether the program ssh-keygen of OpenSSH is installed."
    )
