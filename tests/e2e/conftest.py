from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from storyteller import House


@pytest.fixture(params=["embedded", "processes"])
def either_house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """A running Lunas without demo data, in each profile."""
    yield from _open(House(request.param, tmp_path / "data"))


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One running Lunas for the stories that need nothing of it but that it runs."""
    yield from _open(House("processes", tmp_path_factory.mktemp("house") / "data"))


def _open(made: House) -> Iterator[House]:
    try:
        made.start()
        yield made
    finally:
        made.stop()
        made.remove()
