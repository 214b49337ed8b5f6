"""Names on the broker, and the table of queues and routing keys that is declared there."""

from __future__ import annotations

from collections.abc import Mapping

from shared.contracts.listeners import LISTENERS

NAMESPACE = "lunas"
"""What all names on the broker begin with, unless an installation shares its broker."""

Topology = Mapping[str, frozenset[str]]
"""Queue name -> routing keys bound to it."""


def queue_name(service: str) -> str:
    """Give the durable queue of a service."""
    return f"{NAMESPACE}.{service}"


def topology() -> Topology:
    """Build the table from the listeners of the contracts."""
    return {
        queue_name(service): frozenset(event.routing_key() for event in events)
        for service, events in LISTENERS.items()
    }
