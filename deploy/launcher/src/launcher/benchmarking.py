"""``./lunas bench``: the programs of ``benchmarks/`` with a real PostgreSQL and a real RabbitMQ."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from launcher import system
from launcher.errors import Refusal
from launcher.house import ROOT
from launcher.testing import real_servers

PROGRAMS = ROOT / "benchmarks"


def benchmarks(folder: Path = PROGRAMS) -> dict[str, str]:
    """List the benchmarks with the first line of what each says of itself."""
    return {path.stem: _first_line(path) for path in sorted(folder.glob("*.py"))}


def run_benchmark(name: str, arguments: Sequence[str], folder: Path = PROGRAMS) -> int:
    """Run one program and give its exit code.

    Our own PostgreSQL keeps its promises meanwhile: a commit that is not flushed costs nothing.

    Raises:
        Refusal: there is no such benchmark, or a server is missing.
    """
    known = benchmarks(folder)
    if name not in known:
        raise Refusal(f"Tidak ada pengukuran bernama {name}. Yang ada: {', '.join(known)}.")
    system.require(system.TO_RUN)
    command = [sys.executable, str(folder / f"{name}.py"), *arguments]
    with real_servers(durable=True) as environment:
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _first_line(path: Path) -> str:
    return (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")[0]
