"""STYLE by the numbers: a limit is a test, not a wish."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOMES = ("shared", "services", "deploy", "tests", "benchmarks")
MODULE_LINES, TEST_LINES, FUNCTION_LINES, ENTRY_LINES = 300, 400, 40, 60


def modules() -> list[Path]:
    found = (path for home in HOMES for path in (ROOT / home).rglob("*.py"))
    return sorted(path for path in found if "node_modules" not in path.parts)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_modules_stay_small() -> None:
    limit = {True: TEST_LINES, False: MODULE_LINES}
    long = {
        relative(path): lines
        for path in modules()
        if (lines := len(path.read_text().splitlines())) > limit["tests" in path.parts]
    }

    assert long == {}


def test_functions_stay_small() -> None:
    long = {
        f"{relative(path)}:{node.name}": length
        for path in modules()
        for node in functions(path)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    }

    assert long == {}


def test_the_entry_point_stays_small() -> None:
    assert len((ROOT / "lunas").read_text().splitlines()) <= ENTRY_LINES


@pytest.mark.parametrize("word", ["httpx"])
def test_http_is_called_through_one_module(word: str) -> None:
    importing = [
        relative(path)
        for path in modules()
        if "tests" not in path.parts and "testing" not in path.parts and _imports(path, word)
    ]

    assert importing == ["shared/src/shared/http.py"]


def test_a4_only_the_owner_of_the_time_asks_for_it() -> None:
    """T4: the clock is injected; nothing in a service reads the wall clock."""
    asking = [
        relative(path)
        for path in modules()
        if path.is_relative_to(ROOT / "services")
        and "tests" not in path.parts
        and ("datetime.now(" in (text := path.read_text()) or "date.today(" in text)
    ]

    assert asking == []


def _imports(path: Path, module: str) -> bool:
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        if any(name.split(".")[0] == module for name in names):
            return True
    return False
