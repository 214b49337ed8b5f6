"""A real server for the tests that need one: the given one, or the wheel's own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.postgres import EmbeddedPostgres


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Give a folder that other accounts may look into, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="lunas-test-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="session")
def admin_url() -> Iterator[str]:
    """Give an address that may make roles and databases."""
    given = os.environ.get("LUNAS_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="lunas-test-") as name:
        Path(name).chmod(0o755)
        server = EmbeddedPostgres(Path(name), "secret", durable=False)
        yield server.start().admin_url()
        server.stop()
