"""What is advised on Windows instead: sentences that name what only other systems have."""

from __future__ import annotations

from collections.abc import Mapping


def N_(text: str) -> str:
    """Mark a sentence for translation where it is named, not where it is said."""
    return text


INSTEAD: Mapping[str, str] = {
    "Log in as {owner}, or run sudo -u {owner} porras.": N_(
        "Log in to Windows as {owner}. If nobody is {owner} any more, fetch whoever looks after "
        "the computer."
    ),
    "Ask whoever looks after the computer to give it back: chown {user} '{path}'": N_(
        'Ask whoever looks after the computer to give it back: icacls "{path}" /setowner "{user}"'
    ),
    "Give the rights back: chmod u+rw for a file, chmod u+rwx for a folder.": N_(
        "Open its properties. Take away the mark Read-only, and give its owner full control on the "
        "page Security."
    ),
    "Remove the other name, then start again. This finds it: find / -xdev -samefile {path}": N_(
        'Remove the other name, then start again. This lists both: fsutil hardlink list "{path}"'
    ),
    "No backup has to be restored. Give it back as root: chown {user} '{path}'": N_(
        "No backup has to be restored. Give it back as administrator: icacls "
        '"{path}" /setowner "{user}"'
    ),
    "Take the rights away from others: chmod 700 for the folder, 600 for the files.": N_(
        "Leave only your own name on the page Security of its properties. A stick has no such "
        "page: keep the store on the computer's own disk."
    ),
}
"""By the sentence that other systems get, which knows the same values."""
