"""Drives of Windows: what they keep, whether they are far away, and which disk they are."""

from __future__ import annotations

import sys

if sys.platform != "win32":
    raise ImportError("only Windows has these functions")

import ctypes
from ctypes import byref, wintypes
from pathlib import Path
from typing import NamedTuple

from store.windows import calls

_FAR = 4  # DRIVE_REMOTE
_KEEPS_RIGHTS = 0x8  # FILE_PERSISTENT_ACLS
_READ_ONLY = 0x80000  # FILE_READ_ONLY_VOLUME
_DISK_NUMBER = 0x2D1080  # IOCTL_STORAGE_GET_DEVICE_NUMBER
_TO_WRITE = 0x40000000  # GENERIC_WRITE
_SHARED_BY_ALL = 0x7
_LONGEST = 1024

_number = ctypes.POINTER(wintypes.DWORD)
_root_of = calls.function(
    *("kernel32", "GetVolumePathNameW", wintypes.LPCWSTR, wintypes.LPWSTR, wintypes.DWORD)
)
_kind_of = calls.function("kernel32", "GetDriveTypeW", wintypes.LPCWSTR, result=wintypes.UINT)
_volume = calls.function(
    *("kernel32", "GetVolumeInformationW", wintypes.LPCWSTR, wintypes.LPWSTR, wintypes.DWORD),
    *(_number, _number, _number, wintypes.LPWSTR, wintypes.DWORD),
)
_ask = calls.function(
    *("kernel32", "DeviceIoControl", wintypes.HANDLE, wintypes.DWORD, ctypes.c_void_p),
    *(wintypes.DWORD, ctypes.c_void_p, wintypes.DWORD, _number, ctypes.c_void_p),
)
_flush = calls.function("kernel32", "FlushFileBuffers", wintypes.HANDLE)


class Volume(NamedTuple):
    """What the system tells of the volume under a path."""

    root: str
    far: bool
    file_system: str
    """Such as NTFS or exFAT; empty where it is not told."""
    keeps_rights: bool
    read_only: bool


class _DeviceNumber(ctypes.Structure):
    _fields_ = (
        ("kind", wintypes.DWORD),
        ("disk", wintypes.DWORD),
        ("part", wintypes.DWORD),
    )


def volume_of(path: Path) -> Volume:
    """Return the volume that a path lies on, whether or not anything stands at it.

    Raises:
        OSError: If the system tells of none.
    """
    root = ctypes.create_unicode_buffer(_LONGEST)
    if not _root_of(str(path), root, _LONGEST):
        raise calls.last_error(path)
    flags, system = wintypes.DWORD(), ctypes.create_unicode_buffer(_LONGEST)
    told = _volume(root.value, None, 0, None, None, byref(flags), system, _LONGEST)
    return Volume(
        root=root.value,
        far=_kind_of(root.value) == _FAR,
        file_system=system.value if told else "",
        keeps_rights=not told or bool(flags.value & _KEEPS_RIGHTS),
        read_only=bool(told and flags.value & _READ_ONLY),
    )


def disk_of(path: Path) -> int | None:
    """Return the number of the disk that a path lies on; None where it is not known."""
    root = volume_of(path).root.rstrip("\\")
    if len(root) != len("C:"):
        return None
    try:
        handle = calls.open_handle(rf"\\.\{root}", 0, _SHARED_BY_ALL, 0)
    except OSError:
        return None
    try:
        number, size = _DeviceNumber(), wintypes.DWORD()
        room = ctypes.sizeof(number)
        told = _ask(handle, _DISK_NUMBER, None, 0, byref(number), room, byref(size), None)
        return int(number.disk) if told else None
    finally:
        calls.close_handle(handle)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable.

    Raises:
        OSError: If the system or the disk does not do that.
    """
    handle = calls.open_handle(folder, _TO_WRITE, _SHARED_BY_ALL)
    try:
        if not _flush(handle):
            raise calls.last_error(folder)
    finally:
        calls.close_handle(handle)
