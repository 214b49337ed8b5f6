"""How events travel: one interface, two transports (``amqp://`` and ``memory://``)."""

from __future__ import annotations

from shared.bus.topology import queue_name
from shared.bus.transport import Bus, BusUnavailable, Deliver, Message

__all__ = ["Bus", "BusUnavailable", "Deliver", "Message", "queue_name"]
