from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from storyteller import House


@pytest.fixture(params=["embedded", "processes"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """A running Lunas without demo data, in each profile."""
    made = House(request.param, tmp_path / "data")
    try:
        made.start()
        yield made
    finally:
        made.stop()
        made.remove()
