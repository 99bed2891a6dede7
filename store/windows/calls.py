"""How functions of Windows are called: their types, and what an error of theirs becomes."""

from __future__ import annotations

import sys

if sys.platform != "win32":
    raise ImportError("only Windows has these functions")

import ctypes
from collections.abc import Callable
from ctypes import wintypes
from typing import Any

Function = Callable[..., Any]

NOT_A_HANDLE = ctypes.c_void_p(-1).value
"""What the system gives instead of a handle."""

_LIBRARIES: dict[str, Any] = {}


def function(library: str, name: str, *types: Any, result: Any = wintypes.BOOL) -> Function:
    """Return a function of the system, with the types of what it takes and gives.

    Raises:
        AttributeError: If this Windows has no such function; OSError if not even the library.
    """
    if library not in _LIBRARIES:
        _LIBRARIES[library] = ctypes.WinDLL(library, use_last_error=True)
    found: Any = getattr(_LIBRARIES[library], name)
    found.argtypes, found.restype = types, result
    made: Function = found
    return made


def last_error(path: object = None) -> OSError:
    """Return the error of the call just made."""
    return error_of(ctypes.get_last_error(), path)


def error_of(code: int, path: object = None) -> OSError:
    """Return an error by its number."""
    return OSError(None, ctypes.FormatError(code).strip(), path and str(path), code)


_close = function("kernel32", "CloseHandle", wintypes.HANDLE)
_free = function("kernel32", "LocalFree", ctypes.c_void_p, result=ctypes.c_void_p)
_open = function(
    *("kernel32", "CreateFileW", wintypes.LPCWSTR, wintypes.DWORD, wintypes.DWORD),
    *(ctypes.c_void_p, wintypes.DWORD, wintypes.DWORD, wintypes.HANDLE),
    result=wintypes.HANDLE,
)

OPEN_EXISTING = 3
TO_DELETE = 0x10000
FOLDERS_TOO = 0x02000000  # FILE_FLAG_BACKUP_SEMANTICS


def open_handle(path: object, access: int, share: int, flags: int = FOLDERS_TOO) -> int:
    """Return a handle of what stands at a path.

    Raises:
        OSError: If the system does not give it.
    """
    return made_handle(_open(str(path), access, share, None, OPEN_EXISTING, flags, None), path)


def made_handle(handle: int | None, path: object = None) -> int:
    """Return what a call gave as a handle, if it is one.

    Raises:
        OSError: If the call has failed.
    """
    if not handle or handle == NOT_A_HANDLE:
        raise last_error(path)
    return handle


def close_handle(handle: int) -> None:
    """Give a handle back."""
    _close(handle)


def taken(text: wintypes.LPWSTR) -> str:
    """Return a text that the system has made, and give its room back."""
    try:
        return str(text.value)
    finally:
        _free(ctypes.cast(text, ctypes.c_void_p))


def free(pointer: ctypes.c_void_p) -> None:
    """Give back room that the system has made."""
    _free(pointer)
