"""The session of Windows in which the program runs, its clock, and what a crash leaves behind."""

from __future__ import annotations

import sys

if sys.platform != "win32":
    raise ImportError("only Windows has these functions")

import ctypes
from ctypes import byref, wintypes

from store.windows import calls

_THIS = 0xFFFFFFFF  # WTS_CURRENT_SESSION
_CLIENT_NAME = 10
_FAR_SESSION = 0x1000  # SM_REMOTESESSION
_NO_WINDOWS_OF_FAULTS = 0x1 | 0x2 | 0x8000
"""SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX, SEM_NOOPENFILEERRORBOX."""
_NO_HEAP = 0x1  # WER_FAULT_REPORTING_FLAG_NOHEAP

_ticks = calls.function("kernel32", "GetTickCount64", result=ctypes.c_ulonglong)
_error_mode = calls.function("kernel32", "SetErrorMode", wintypes.UINT, result=wintypes.UINT)


def uptime_s() -> float:
    """Return seconds since the computer was started, those in which it slept as well."""
    return float(_ticks()) / 1000


def is_far() -> bool:
    """Return whether somebody works here from another computer (Remote Desktop)."""
    return bool(calls.function("user32", "GetSystemMetrics", ctypes.c_int)(_FAR_SESSION))


def client_name() -> str:
    """Return how the computer is called that somebody works from; empty if it is this one."""
    ask = calls.function(
        *("wtsapi32", "WTSQuerySessionInformationW", wintypes.HANDLE, wintypes.DWORD),
        *(ctypes.c_int, ctypes.POINTER(wintypes.LPWSTR), ctypes.POINTER(wintypes.DWORD)),
    )
    text, size = wintypes.LPWSTR(), wintypes.DWORD()
    if not ask(None, _THIS, _CLIENT_NAME, byref(text), byref(size)) or not text:
        return ""
    try:
        return text.value or ""
    finally:
        calls.function("wtsapi32", "WTSFreeMemory", ctypes.c_void_p)(text)


def keep_crashes_bare() -> None:
    """Let no crash report hold what this program knows, and no drive ask for a disk in a window.

    Without it a drive for cards that is empty stops the program until somebody presses a button.

    Raises:
        OSError: If the system does not do that; AttributeError if it cannot.
    """
    _error_mode(_NO_WINDOWS_OF_FAULTS)
    limit = calls.function("kernel32", "WerSetFlags", wintypes.DWORD, result=ctypes.c_long)
    if limit(_NO_HEAP):
        raise calls.last_error()
