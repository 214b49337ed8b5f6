"""Taking from a renderer's process whatever it does not need (B7).

The kernel refuses: seccomp every socket, every other program and every reach into other processes,
Landlock every file but code, fonts and libraries, which may be read and not written. Where a kernel
or a container lacks one of them, the audit hook of Python still refuses what Python code asks for;
the process says which guards hold. All three only ever take away and last until the process ends.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER_MODE = 38, 22, 2
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_READ = 1 << 2 | 1 << 3
"""Reading files and folders; all other rights that the kernel knows of are for none."""
_RIGHTS_OF_VERSION = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights on files each version of Landlock tells apart; the third brought truncation."""
_TCP = 1 << 0 | 1 << 1
_SIGNALS_AND_SOCKETS = 1 << 0 | 1 << 1
_SYSTEM = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share", "/usr/local/share/fonts")
_SYSTEM_SETTINGS = ("/etc/fonts", "/var/cache/fontconfig", "/etc/ld.so.cache")
_BLOCKED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.spawn",
)

# socket, socketpair, connect, execve, execveat, ptrace, io_uring_setup; then what reaches into
# other processes: process_vm_readv, process_vm_writev, pidfd_getfd, kill, tkill, tgkill,
# rt_sigqueueinfo, rt_tgsigqueueinfo, pidfd_send_signal
_DENIED_CALLS = {
    "x86_64": (
        0xC000003E,
        (*(41, 53, 42, 59, 322, 101, 425), *(310, 311, 438, 62, 200, 234, 129, 297, 424)),
    ),
    "aarch64": (
        0xC00000B7,
        (*(198, 199, 203, 221, 281, 117, 425), *(270, 271, 438, 129, 130, 131, 138, 240, 424)),
    ),
}


class Forbidden(Exception):
    """Something in the renderer tried to leave its process."""


def confine(memory_bytes: int, readable: Iterable[Path]) -> list[str]:
    """Confine this process for good; name the guards of the kernel that hold.

    Args:
        memory_bytes: the most that it may map.
        readable: folders that it may read besides Python's own code and the system's fonts.
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    folders = [path for path in _readable(readable) if path.exists()]
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    guards = {"landlock": _landlock(libc, folders), "seccomp": _seccomp(libc)}
    _watch(tuple(str(folder) for folder in folders))
    return [name for name, holds in guards.items() if holds]


def _readable(more: Iterable[Path]) -> list[Path]:
    code = [Path(path) for path in sys.path if path]
    system = [Path(path) for path in (*_SYSTEM, *_SYSTEM_SETTINGS)]
    return [path.resolve() for path in (*more, *code, *system, Path(sys.base_prefix, "lib"))]


def _landlock(libc: Any, folders: list[Path]) -> bool:
    version = libc.syscall(_LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return False
    rules = _rules(version)
    ruleset = libc.syscall(_LANDLOCK_CREATE, rules, len(rules), 0)
    if ruleset < 0:
        return False
    for folder in folders:
        held = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        allowed = _READ if folder.is_dir() else 1 << 2
        libc.syscall(_LANDLOCK_ADD, ruleset, 1, struct.pack("=Qi", allowed, held), 0)
        os.close(held)
    restricted = libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0)
    os.close(ruleset)
    return bool(restricted == 0)


def _rules(version: int) -> bytes:
    """Write what is taken away, as far as this version of Landlock can."""
    files = (1 << _RIGHTS_OF_VERSION.get(version, max(_RIGHTS_OF_VERSION.values()))) - 1
    if version >= 6:
        return struct.pack("QQQ", files, _TCP, _SIGNALS_AND_SOCKETS)
    return struct.pack("QQ", files, _TCP) if version >= 4 else struct.pack("Q", files)


def _seccomp(libc: Any) -> bool:
    known = _DENIED_CALLS.get(platform.machine())
    if known is None:
        return False
    steps = _program(*known)
    body = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(
        struct.pack("HxxxxxxP", len(steps), ctypes.addressof(body))
    )
    done = libc.prctl(_SET_SECCOMP, _FILTER_MODE, program, 0, 0)
    return bool(done == 0)


def _program(architecture: int, calls: tuple[int, ...]) -> list[tuple[int, int, int, int]]:
    """Write the filter: code, steps over when true, when false, operand (classic BPF)."""
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    allow, refuse, kill = 0x7FFF0000, 0x00050001, 0x80000000
    return [
        (load, 0, 0, 4),
        (equal, 1, 0, architecture),
        (answer, 0, 0, kill),
        (load, 0, 0, 0),
        (at_least, len(calls), 0, 0x40000000),  # another numbering of the same calls
        *((equal, len(calls) - index, 0, call) for index, call in enumerate(calls[:-1], start=1)),
        (equal, 0, 1, calls[-1]),
        (answer, 0, 0, refuse),
        (answer, 0, 0, allow),
    ]


def _watch(folders: tuple[str, ...]) -> None:
    def refuse(event: str, given: tuple[Any, ...]) -> None:
        if event.startswith(_BLOCKED):
            raise Forbidden(event)
        if event == "open" and isinstance(given[0], str | bytes) and not _may_open(given, folders):
            raise Forbidden(event)

    sys.addaudithook(refuse)


def _may_open(given: tuple[Any, ...], folders: tuple[str, ...]) -> bool:
    path, mode, flags = os.fsdecode(given[0]), given[1], given[2]
    writes = flags & (os.O_WRONLY | os.O_RDWR) if mode is None else set(mode) & set("wax+")
    return not writes and os.path.realpath(path).startswith(folders)
