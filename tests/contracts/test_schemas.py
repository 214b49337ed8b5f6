"""A published version of an event never changes: its schema is frozen here.

``python -m shared.catalogue .`` freezes what is new and leaves the rest alone.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import shared.contracts  # noqa: F401
from shared.events import REGISTER

SCHEMAS = Path(__file__).parent / "schemas"


@pytest.mark.parametrize("routing_key", sorted(REGISTER))
def test_the_schema_of_a_published_version_is_the_frozen_one(routing_key: str) -> None:
    frozen = SCHEMAS / f"{routing_key}.json"

    present = REGISTER[routing_key].model_json_schema()

    assert json.loads(frozen.read_text()) == present


def test_no_frozen_schema_is_without_its_event() -> None:
    assert {path.stem for path in SCHEMAS.glob("*.json")} == set(REGISTER)
