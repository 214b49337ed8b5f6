"""``./lunas check``: everything that can be judged without running the system."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from launcher.house import ROOT


def run_checks(console: Console) -> int:
    """Run every check, say which failed, and give the exit code."""
    failed = [name for name, command in _checks() if not _passes(console, name, command)]
    if failed:
        console.print(f"[red]Gagal: {', '.join(failed)}[/red]")
        return 1
    console.print("[green]Semua pemeriksaan lulus.[/green]")
    return 0


def _checks() -> list[tuple[str, list[str]]]:
    tools = Path(sys.executable).parent
    return [
        ("ruff format", [str(tools / "ruff"), "format", "--check", "."]),
        ("ruff", [str(tools / "ruff"), "check", "."]),
        ("mypy", [str(tools / "mypy"), *_sources()]),
        ("import-linter", [str(tools / "lint-imports")]),
        (
            "aturan rumah",
            [sys.executable, "-m", "pytest", "-q", "tests/architecture", "tests/contracts"],
        ),
    ]


def _sources() -> list[str]:
    """Give the packages of the house, each below its ``src``."""
    folders = [
        ROOT / "shared",
        ROOT / "deploy" / "launcher",
        *sorted((ROOT / "services").iterdir()),
    ]
    return [str(folder / "src") for folder in folders if (folder / "src").is_dir()]


def _passes(console: Console, name: str, command: list[str]) -> bool:
    environment = {**os.environ, "NO_COLOR": "1", "MYPYPATH": os.pathsep.join(_sources())}
    result = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    console.print(f"{'ok   ' if result.returncode == 0 else 'GAGAL'} {name}", highlight=False)
    if result.returncode != 0:
        console.print(result.stdout + result.stderr, markup=False, highlight=False, soft_wrap=True)
    return result.returncode == 0
