"""``./lunas test``: pytest with a real PostgreSQL, a real RabbitMQ and a real browser."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from launcher import broker, system
from launcher.broker import PrivateBroker
from launcher.house import ROOT
from launcher.postgres import EmbeddedPostgres

DATABASE_VARIABLE = "LUNAS_TEST_DATABASE_URL"
BROKER_VARIABLE = "LUNAS_TEST_AMQP_URL"
BROWSER_VARIABLE = "LUNAS_TEST_CHROMIUM"

_APART = [
    *("-n", "auto", "shared", "services", "deploy"),
    *("tests/architecture", "tests/contracts", "tests/chaos"),
]
"""Tests that do not mind each other: on all cores."""

_WHOLE = ["tests/e2e", "tests/browser"]
"""Stories that start the whole house: one after another."""


def run_tests(arguments: list[str]) -> int:
    """Run pytest with addresses of real servers in its environment; give its exit code.

    Raises:
        Refusal: a server is missing; tests are never skipped for that.
    """
    system.require(system.TO_TEST)
    with real_servers(durable=False) as environment:
        environment[BROWSER_VARIABLE] = system.browser() or ""
        rounds = [arguments] if arguments else [_APART, _WHOLE]
        codes = [_pytest(each, environment) for each in rounds]
        return max(codes)


@contextmanager
def real_servers(*, durable: bool) -> Iterator[dict[str, str]]:
    """Give an environment with the addresses of PostgreSQL and RabbitMQ: given, or throw-away.

    Args:
        durable: False gives up the safety of our own PostgreSQL for speed.

    Raises:
        Refusal: a server is missing.
    """
    with ExitStack() as stack:
        workshop = stack.enter_context(_workshop())
        yield {
            **os.environ,
            DATABASE_VARIABLE: stack.enter_context(_database(workshop, durable)),
            BROKER_VARIABLE: stack.enter_context(_broker(workshop)),
        }


def _pytest(arguments: list[str], environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


@contextmanager
def _workshop() -> Iterator[Path]:
    """Make a folder for throw-away servers that other accounts may look into."""
    path = Path(tempfile.mkdtemp(prefix="lunas-test-"))
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _database(workshop: Path, durable: bool) -> Iterator[str]:
    given = os.environ.get(DATABASE_VARIABLE) or os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    server = EmbeddedPostgres(workshop / "database", "test", durable=durable)
    try:
        yield server.start().admin_url()
    finally:
        server.stop()


@contextmanager
def _broker(workshop: Path) -> Iterator[str]:
    given = os.environ.get(BROKER_VARIABLE) or os.environ.get("AMQP_URL")
    if given or asyncio.run(broker.answers(broker.DEFAULT_URL)):
        yield given or broker.DEFAULT_URL
        return
    system.require(system.BROKER)
    server = PrivateBroker(workshop / "broker", "test")
    try:
        yield server.start()
    finally:
        server.stop()
