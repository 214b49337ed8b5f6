"""The documents that are made from code are those of today."""

from __future__ import annotations

import json
from pathlib import Path

from shared import catalogue

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_of_events_is_current() -> None:
    assert (DOCS / "events.md").read_text() == catalogue.page()


def test_the_asyncapi_document_is_current() -> None:
    assert json.loads((DOCS / "asyncapi.json").read_text()) == catalogue.document()


def test_asyncapi_names_every_channel_once_and_every_reference_exists() -> None:
    document = catalogue.document()
    addresses = [channel["address"] for channel in document["channels"].values()]

    assert len(addresses) == len(set(addresses))
    for operation in document["operations"].values():
        assert operation["channel"]["$ref"].rpartition("/")[2] in document["channels"]
