"""Whose a file is and who may use it, asked of Windows itself and told to it."""

from __future__ import annotations

import sys

if sys.platform != "win32":
    raise ImportError("only Windows has these functions")

import ctypes
from ctypes import byref, wintypes
from functools import cache
from pathlib import Path

from store.windows import calls, descriptors
from store.windows.descriptors import Descriptor

_FILE = 1  # SE_FILE_OBJECT
_OWNER, _ACCESS = 0x1, 0x4
_PROTECTED, _UNPROTECTED = 0x80000000, 0x20000000
_REVISION = 1
_QUERY = 0x8
_TOKEN_USER = 1
_USER = 1  # SidTypeUser: no group, no domain and no computer
_LONGEST = 256

_pointer = ctypes.c_void_p
_pointers = ctypes.POINTER(ctypes.c_void_p)
_text = ctypes.POINTER(wintypes.LPWSTR)
_number = ctypes.POINTER(wintypes.DWORD)

_get = calls.function(
    *("advapi32", "GetNamedSecurityInfoW", wintypes.LPCWSTR, ctypes.c_int, wintypes.DWORD),
    *(_pointers, _pointers, _pointers, _pointers, _pointers),
    result=wintypes.DWORD,
)
_set = calls.function(
    *("advapi32", "SetNamedSecurityInfoW", wintypes.LPWSTR, ctypes.c_int, wintypes.DWORD),
    *(_pointer, _pointer, _pointer, _pointer),
    result=wintypes.DWORD,
)
_to_text = calls.function(
    *("advapi32", "ConvertSecurityDescriptorToStringSecurityDescriptorW", _pointer),
    *(wintypes.DWORD, wintypes.DWORD, _text, _number),
)
_from_text = calls.function(
    *("advapi32", "ConvertStringSecurityDescriptorToSecurityDescriptorW", wintypes.LPCWSTR),
    *(wintypes.DWORD, _pointers, _number),
)
_list_of = calls.function(
    *("advapi32", "GetSecurityDescriptorDacl", _pointer, ctypes.POINTER(wintypes.BOOL)),
    *(_pointers, ctypes.POINTER(wintypes.BOOL)),
)
_sid_to_text = calls.function("advapi32", "ConvertSidToStringSidW", _pointer, _text)
_sid_from_text = calls.function("advapi32", "ConvertStringSidToSidW", wintypes.LPCWSTR, _pointers)
_look_up = calls.function(
    *("advapi32", "LookupAccountSidW", wintypes.LPCWSTR, _pointer, wintypes.LPWSTR, _number),
    *(wintypes.LPWSTR, _number, ctypes.POINTER(ctypes.c_int)),
)
_look_for = calls.function(
    *("advapi32", "LookupAccountNameW", wintypes.LPCWSTR, wintypes.LPCWSTR, _pointer, _number),
    *(wintypes.LPWSTR, _number, ctypes.POINTER(ctypes.c_int)),
)
_process = calls.function("kernel32", "GetCurrentProcess", result=wintypes.HANDLE)
_open_token = calls.function(
    *("advapi32", "OpenProcessToken", wintypes.HANDLE, wintypes.DWORD),
    ctypes.POINTER(wintypes.HANDLE),
)
_ask_token = calls.function(
    *("advapi32", "GetTokenInformation", wintypes.HANDLE, ctypes.c_int, _pointer),
    *(wintypes.DWORD, _number),
)


def rights_text(path: Path) -> str:
    """Return owner and rights of what stands at a path, as the text of a descriptor.

    Raises:
        OSError: If the system does not tell.
    """
    found = ctypes.c_void_p()
    code = _get(str(path), _FILE, _OWNER | _ACCESS, None, None, None, None, byref(found))
    if code:
        raise calls.error_of(code, path)
    try:
        text = wintypes.LPWSTR()
        if not _to_text(found, _REVISION, _OWNER | _ACCESS, byref(text), None):
            raise calls.last_error(path)
        return calls.taken(text)
    finally:
        calls.free(found)


def descriptor_of(path: Path) -> Descriptor:
    """Return whose it is what stands at a path, and who may use it.

    Raises:
        OSError: If the system does not tell.
    """
    return descriptors.parse(rights_text(path))


def give_rights(path: Path, text: str) -> None:
    """Put the rights of a text in place of those that a file has.

    Raises:
        OSError: If the system does not take them.
    """
    made = ctypes.c_void_p()
    if not _from_text(text, _REVISION, byref(made), None):
        raise calls.last_error(path)
    try:
        there, filled, usual = wintypes.BOOL(), ctypes.c_void_p(), wintypes.BOOL()
        if not _list_of(made, byref(there), byref(filled), byref(usual)):
            raise calls.last_error(path)
        kept = _PROTECTED if descriptors.parse(text).protected else _UNPROTECTED
        if code := _set(str(path), _FILE, _ACCESS | kept, None, None, filled, None):
            raise calls.error_of(code, path)
    finally:
        calls.free(made)


@cache
def me() -> str:
    """Return the mark of the user who runs this program.

    Raises:
        OSError: If the system does not tell.
    """
    token = wintypes.HANDLE()
    if not _open_token(_process(), _QUERY, byref(token)):
        raise calls.last_error()
    try:
        size = wintypes.DWORD()
        _ask_token(token, _TOKEN_USER, None, 0, byref(size))
        room = ctypes.create_string_buffer(size.value)
        if not _ask_token(token, _TOKEN_USER, room, size, byref(size)):
            raise calls.last_error()
        # The structure begins with where the mark lies.
        sid, text = ctypes.c_void_p.from_buffer(room), wintypes.LPWSTR()
        if not _sid_to_text(sid, byref(text)):
            raise calls.last_error()
        return calls.taken(text)
    finally:
        calls.close_handle(token.value or 0)


@cache
def name_of(who: str) -> str:
    """Return the name of a user or group by its mark; the mark of one that nobody knows."""
    sid = ctypes.c_void_p()
    if not _sid_from_text(who, byref(sid)):
        return who
    try:
        sizes, kind = (wintypes.DWORD(_LONGEST), wintypes.DWORD(_LONGEST)), ctypes.c_int()
        name, place = (ctypes.create_unicode_buffer(size.value) for size in sizes)
        if _look_up(None, sid, name, byref(sizes[0]), place, byref(sizes[1]), byref(kind)):
            return name.value
        return who
    finally:
        calls.free(sid)


def user_named(name: str) -> str | None:
    r"""Return the name of a user, given as `maija` or `DOMAIN\maija`; None if nobody knows one."""
    mark, place = ctypes.create_string_buffer(_LONGEST), ctypes.create_unicode_buffer(_LONGEST)
    sizes, kind = (wintypes.DWORD(_LONGEST), wintypes.DWORD(_LONGEST)), ctypes.c_int()
    if not _look_for(None, name, mark, byref(sizes[0]), place, byref(sizes[1]), byref(kind)):
        return None
    text = wintypes.LPWSTR()
    if kind.value != _USER or not _sid_to_text(mark, byref(text)):
        return None
    return name_of(calls.taken(text))
