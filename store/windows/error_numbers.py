"""What an error number of Windows means, as the number that other systems give for the same.

Python has such a table too; it takes a stick that was pulled out, a disk that is write-protected
and a file that is in use all for a right that is missing, and a disk that fails for a bad value.

Source: learn.microsoft.com, "System Error Codes".
"""

from __future__ import annotations

import errno
from collections.abc import Mapping

FULL = (39, 112, 314)  # HANDLE_DISK_FULL, DISK_FULL, DISK_RESOURCES_EXHAUSTED
_QUOTA = 1295  # DISK_QUOTA_EXCEEDED
_PROTECTED = (19, 6009)  # WRITE_PROTECT, FILE_READ_ONLY of the Encrypting File System
_GONE = (
    *(15, 20, 21, 31, 55),  # INVALID_DRIVE, BAD_UNIT, NOT_READY, GEN_FAILURE, DEV_NOT_EXIST
    *(433, 1006, 1110, 1112),  # NO_SUCH_DEVICE, FILE_INVALID, MEDIA_CHANGED, NO_MEDIA_IN_DRIVE
    *(1165, 1166, 1167, 1617),  # DEVICE_REINITIALIZATION_NEEDED, … DEVICE_REMOVED
    *(53, 59, 64, 67, 121, 1231),  # a network that does not answer
)
_FAILING = (
    *(23, 25, 26, 27, 29, 30),  # CRC, SEEK, NOT_DOS_DISK, SECTOR_NOT_FOUND, WRITE and READ_FAULT
    *(483, 1005, 1117, 1127),  # DEVICE_HARDWARE_ERROR, UNRECOGNIZED_VOLUME, IO_DEVICE, …
    *(1392, 1393, 1785),  # FILE_CORRUPT, DISK_CORRUPT, UNRECOGNIZED_MEDIA
)
IN_USE = (32, 33, 303, 1224)
"""SHARING_VIOLATION, LOCK_VIOLATION, DELETE_PENDING, USER_MAPPED_FILE."""
_CANNOT = (1, 50)  # INVALID_FUNCTION, NOT_SUPPORTED: as a stick has no links
HELD = errno.ETXTBSY
"""What stands for a file that another program has open; no other system says so of a store's."""
_TOO_LONG = (111, 206)  # BUFFER_OVERFLOW, FILENAME_EXCED_RANGE
_NO_NAME = (123, 161)  # INVALID_NAME, BAD_PATHNAME

DENIED = 5
"""ACCESS_DENIED: rights, the read-only mark, or a file in use whose name is to be taken."""

MEANS: Mapping[int, int] = {
    **dict.fromkeys(FULL, errno.ENOSPC),
    _QUOTA: errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC,
    **dict.fromkeys(_PROTECTED, errno.EROFS),
    **dict.fromkeys(_GONE, errno.ENODEV),
    **dict.fromkeys(_FAILING, errno.EIO),
    **dict.fromkeys(IN_USE, HELD),
    **dict.fromkeys(_CANNOT, errno.ENOTSUP),
    **dict.fromkeys(_TOO_LONG, errno.ENAMETOOLONG),
    **dict.fromkeys(_NO_NAME, errno.ENOENT),
}


def errno_of(error: OSError) -> int | None:
    """Return the number of an error as other systems give it."""
    return MEANS.get(getattr(error, "winerror", None) or 0, error.errno)


def is_in_use(error: OSError) -> bool:
    """Return whether an error may pass as soon as another program lets go of a file."""
    return getattr(error, "winerror", None) in {DENIED, *IN_USE}


def is_denied(error: OSError) -> bool:
    """Return whether an error tells no more than that something may not be done."""
    return getattr(error, "winerror", None) == DENIED
