"""Processor time of other processes, from ``/proc``; in hundredths of a second."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_COMMAND_END = ")"
_PARENT, _OWN, _OWN_AND_REAPED = 1, slice(11, 13), slice(11, 15)  # behind the command


def seconds(pid: int) -> float:
    """Give what a process has used so far."""
    return sum(map(int, _fields(pid)[_OWN])) / _TICKS


def server_of(backend_pid: int) -> int | None:
    """Give the server whose child a session of PostgreSQL is; None if on another machine."""
    try:
        parent = int(_fields(backend_pid)[_PARENT])
        named = Path(f"/proc/{parent}/comm").read_text().strip()
    except OSError:
        return None
    return parent if named == "postgres" else None


def server_seconds(server_pid: int) -> float:
    """Give what PostgreSQL has used so far: all its processes, also those that have ended."""
    while True:
        before = _fields(server_pid)[_OWN_AND_REAPED]
        living = _living(server_pid)
        if _fields(server_pid)[_OWN_AND_REAPED] == before:  # none ended in between
            return (living + sum(map(int, before))) / _TICKS


def _living(server_pid: int) -> int:
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = _fields(int(folder.name))
        except OSError:  # it has just ended
            continue
        if int(fields[_PARENT]) == server_pid:
            total += sum(map(int, fields[_OWN]))
    return total


def _fields(pid: int) -> list[str]:
    text = Path(f"/proc/{pid}/stat").read_text()
    return text.rpartition(_COMMAND_END)[2].split()
