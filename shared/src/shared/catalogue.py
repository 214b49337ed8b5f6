"""The catalogue of events, made from the contracts: AsyncAPI 3 and a page to read."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import shared.contracts  # noqa: F401  (fills the register)
from shared.bus.amqp import EXCHANGE
from shared.bus.topology import queue_name
from shared.contracts.listeners import LISTENERS
from shared.events import REGISTER, Event

ENVELOPE = set(Event.model_fields)


def write(folder: Path) -> None:
    """Write ``events.md`` and ``asyncapi.json`` into a folder."""
    (folder / "events.md").write_text(page())
    (folder / "asyncapi.json").write_text(json.dumps(document(), indent=1) + "\n")


def freeze(folder: Path) -> None:
    """Write the schema of every event that has none there yet; a frozen one stays as it is."""
    for key, event in REGISTER.items():
        target = folder / f"{key}.json"
        if not target.exists():
            target.write_text(json.dumps(event.model_json_schema(), indent=1) + "\n")


def document() -> dict[str, Any]:
    """Build the AsyncAPI 3 document."""
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for key, event in sorted(REGISTER.items()):
        schemas[event.__name__] = event.model_json_schema(
            ref_template="#/components/schemas/" + event.__name__ + "/$defs/{model}"
        )
        channels[event.__name__] = _channel(key, event)
        operations[f"publish{event.__name__}"] = _operation("send", event)
        operations[f"receive{event.__name__}"] = _operation("receive", event)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Lunas events", "version": "1"},
        "channels": channels,
        "operations": operations,
        "components": {"schemas": schemas},
    }


def page() -> str:
    """Build the page: one table row per event, then its own fields."""
    rows = ["| event | published by | listeners | meaning |", "|---|---|---|---|"]
    parts = []
    for key, event in sorted(REGISTER.items()):
        heard = ", ".join(_listeners(event))
        rows.append(f"| `{key}` | {_publisher(event)} | {heard} | {_meaning(event)} |")
        parts.append(_fields(key, event))
    head = (
        "# Events\n\nMade from `shared/src/shared/contracts` by `python -m shared.catalogue .`;"
        " do not edit.\nEvery event also carries the envelope: "
        + ", ".join(f"`{name}`" for name in sorted(ENVELOPE))
        + ".\n\n"
    )
    return head + "\n".join(rows) + "\n\n" + "\n".join(parts)


def _channel(key: str, event: type[Event]) -> dict[str, Any]:
    return {
        "address": key,
        "messages": {
            event.__name__: {
                "contentType": "application/json",
                "summary": _meaning(event),
                "payload": {"$ref": f"#/components/schemas/{event.__name__}"},
            }
        },
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {"name": EXCHANGE, "type": "topic", "durable": True},
            }
        },
    }


def _operation(action: str, event: type[Event]) -> dict[str, Any]:
    parties = [_publisher(event)] if action == "send" else _listeners(event)
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{event.__name__}"},
        "summary": ", ".join(parties),
        "x-queues": [queue_name(party) for party in parties] if action == "receive" else [],
    }


def _fields(key: str, event: type[Event]) -> str:
    lines = [f"## `{key}`", "", "| field | type | required |", "|---|---|---|"]
    schema = event.model_json_schema()
    required = set(schema.get("required", []))
    for name, about in schema["properties"].items():
        if name not in ENVELOPE:
            needed = "yes" if name in required else "no"
            lines.append(f"| `{name}` | {_type(about)} | {needed} |")
    return "\n".join(lines) + "\n"


def _type(about: dict[str, Any]) -> str:
    if "anyOf" in about:
        return " or ".join(_type(each) for each in about["anyOf"])
    if "enum" in about:
        return " / ".join(f"`{value}`" for value in about["enum"])
    if "const" in about:
        return f"`{about['const']}`"
    if "$ref" in about:
        return str(about["$ref"]).rpartition("/")[2]
    if about.get("type") == "array":
        return "list of " + _type(about["items"])
    kind = str(about.get("type", "one of several"))
    return f"{kind} ({about['format']})" if "format" in about else kind


def _publisher(event: type[Event]) -> str:
    return event.__module__.rpartition(".")[2].replace("_", "-")


def _listeners(event: type[Event]) -> list[str]:
    return sorted(service for service, events in LISTENERS.items() if event in events)


def _meaning(event: type[Event]) -> str:
    return " ".join((event.__doc__ or "").split("\n\n")[0].split())


if __name__ == "__main__":
    root = Path(sys.argv[1])
    write(root / "docs")
    freeze(root / "tests" / "contracts" / "schemas")
