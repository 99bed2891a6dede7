"""What the findings of the doctor mean, and what to do about them."""

from __future__ import annotations

from collections.abc import Mapping

from store.errors import N_

ADVICE: Mapping[str, tuple[str, str]] = {
    "engine": (
        N_("Entries of several nurses can be lost without a word."),
        N_("Reinstall Porras, so that it comes with its own engine."),
    ),
    **dict.fromkeys(
        ("sqlite", "sqlcipher"),
        (
            N_("Records can be damaged in a way that the makers of the engine have mended."),
            N_("Install a newer Porras, which comes with a newer engine: porras update FOLDER."),
        ),
    ),
    "cipher": (
        N_("The database may be encrypted less well than it should be."),
        N_("Reinstall Porras, so that it comes with its own engine."),
    ),
    "sealing": (
        N_("The key file may be protected less well than it should be."),
        N_("Reinstall Porras, so that it comes with its own libraries."),
    ),
    "drive": (
        N_("Locks cannot be trusted there; the file can be damaged at any time."),
        N_("Move the database to a local disk of this computer."),
    ),
    "room": (
        N_("Soon nothing more can be recorded; what was recorded stays safe."),
        N_("Make room on this disk."),
    ),
    "files": (
        N_("The store cannot be opened as it stands."),
        N_("Put the missing file back from the newest backup: porras restore."),
    ),
    "owners": (
        N_("Whoever the store belongs to may be kept out of it."),
        N_("No backup has to be restored. Give it back as root: chown {user} '{path}'"),
    ),
    "rights": (
        N_("Somebody else can copy the files and try passphrases on the copy at leisure."),
        N_("Take the rights away from others: chmod 700 for the folder, 600 for the files."),
    ),
    "keys": (
        N_("Without a sound key file nobody can open the store."),
        N_("Put the key file back from the newest backup: porras restore."),
    ),
    "old slots": (
        N_("The data key cannot be changed while they are there."),
        N_("Let each of these people open the store once; remove those who have left."),
    ),
    "suspicion": (
        N_("A part of the records may not be readable; the next opening looks at every page."),
        N_("Run porras doctor --deep. If it finds a fault: porras restore."),
    ),
    "training": (
        N_("Practice is not possible; no client's data are touched by this."),
        N_("Move the training file away; a new one is made by itself."),
    ),
    "store": (
        N_("What the store holds could not be looked at."),
        N_("Leave the file as it is. Run porras restore, or porras doctor --rescue FILE."),
    ),
    "pages": (
        N_("A part of the records cannot be read; nothing may be written to this file any more."),
        N_("Leave the file as it is. Run porras restore, or porras doctor --rescue FILE."),
    ),
    "references": (
        N_("Records that belong to these cannot be shown."),
        N_("Leave the file as it is. Run porras doctor --rescue FILE, which sets them apart."),
    ),
    "history": (
        N_("Records or the log were changed past the program, or not all of them came back."),
        N_("Tell whoever answers for data protection; compare with a backup from before."),
    ),
    "head record": (
        N_("An older database may have been put in place, or its log was cut off."),
        N_("Put the right file back, or run porras restore, or porras doctor --accept-loss."),
    ),
    "drafts": (
        N_("An assessment that nobody has finished may be overlooked."),
        N_("Open the clients of this week one by one; report it to the makers of Porras."),
    ),
    "worklist": (
        N_("Something that waits may be missing from the list."),
        N_("Record anything in these episodes, and they are listed anew."),
    ),
    "reports": (
        N_("Reports tell something else than the records; the records themselves are whole."),
        N_("Run porras doctor --rebuild-reports."),
    ),
    "clock": (
        N_("Days and deadlines are counted wrongly; the order of what was recorded is right."),
        N_("Set the clock of this computer."),
    ),
    "ballast": (
        N_("On the day the disk is full an interview could not be finished."),
        N_("Make room on this disk and open the store once."),
    ),
    "backup": (
        N_("What was recorded since would be lost with this computer."),
        N_("Make a backup on another disk: porras backup FOLDER."),
    ),
}
"""What a finding that is not well means and what to do, by its name."""
