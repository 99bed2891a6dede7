"""Which programs have a file open, and how one keeps a file to oneself."""

from __future__ import annotations

import sys

if sys.platform != "win32":
    raise ImportError("only Windows has these functions")

import ctypes
import msvcrt
import os
from collections.abc import Iterator
from ctypes import byref, wintypes
from pathlib import Path

from store.windows import calls

_READ_AND_WRITE, _DELETE = 0xC0000000, 0x10000
_MAY_BE_RENAMED = 0x4  # FILE_SHARE_DELETE
_MORE_DATA = 234
_KEY = 33


class _Started(ctypes.Structure):
    _fields_ = (("number", wintypes.DWORD), ("at", wintypes.FILETIME))


class _Program(ctypes.Structure):
    _fields_ = (
        ("process", _Started),
        ("name", wintypes.WCHAR * 256),
        ("service", wintypes.WCHAR * 64),
        ("kind", ctypes.c_int),
        ("status", wintypes.ULONG),
        ("session", wintypes.DWORD),
        ("restartable", wintypes.BOOL),
    )


_number = ctypes.POINTER(wintypes.DWORD)
_texts = ctypes.POINTER(wintypes.LPCWSTR)


def _manager(name: str, *types: object) -> calls.Function:
    return calls.function("rstrtmgr", name, *types, result=wintypes.DWORD)


def users_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield number and name of each program that has a file open, as the Restart Manager tells.

    Raises:
        OSError: If it tells nothing.
    """
    start = _manager("RmStartSession", _number, wintypes.DWORD, wintypes.LPWSTR)
    session, key = wintypes.DWORD(), ctypes.create_unicode_buffer(_KEY)
    if code := start(byref(session), 0, key):
        raise calls.error_of(code, path)
    try:
        yield from _list(session, path)
    finally:
        _manager("RmEndSession", wintypes.DWORD)(session)


def _list(session: wintypes.DWORD, path: Path) -> Iterator[tuple[int, str]]:
    register = _manager(
        *("RmRegisterResources", wintypes.DWORD, wintypes.UINT, _texts, wintypes.UINT),
        *(ctypes.c_void_p, wintypes.UINT, _texts),
    )
    name = wintypes.LPCWSTR(str(path))
    if code := register(session, 1, byref(name), 0, None, 0, None):
        raise calls.error_of(code, path)
    ask = _manager(
        *("RmGetList", wintypes.DWORD, _number, _number, ctypes.POINTER(_Program), _number)
    )
    needed, count, reasons = wintypes.DWORD(), wintypes.DWORD(), wintypes.DWORD()
    programs = (_Program * 0)()
    while code := ask(session, byref(needed), byref(count), programs, byref(reasons)):
        if code != _MORE_DATA:
            raise calls.error_of(code, path)
        programs = (_Program * needed.value)()
        count = wintypes.DWORD(needed.value)
    for program in programs[: count.value]:
        yield int(program.process.number), str(program.name)


def open_alone(path: Path) -> int:
    """Open a file so that no other program can while it is open; it may be given another name.

    Raises:
        OSError: If another program has it open, or the system does not give it.
    """
    handle = calls.open_handle(path, _READ_AND_WRITE | _DELETE, _MAY_BE_RENAMED, 0)
    return msvcrt.open_osfhandle(handle, os.O_RDWR | os.O_BINARY)
