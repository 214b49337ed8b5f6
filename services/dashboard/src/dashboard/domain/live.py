"""What an event means to open pages: the names of the stream and the facts of a feed row."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shared.contracts.reconciliation import PostedState

REPLAY_MAX = 200
"""More than this after a pause is answered with ``reset``: the page asks for itself again."""

RESET = "reset"


def customer_name(customer_id: UUID) -> str:
    """Name the stream event of one customer's page."""
    return f"customer:{customer_id}"


def invoice_name(invoice_id: UUID) -> str:
    """Name the stream event of one invoice's page."""
    return f"invoice:{invoice_id}"


def payment_facts(event: PostedState, customer: str, marketing: str, title: str) -> dict[str, Any]:
    """Give what the row of a payment in the feed says."""
    return {
        "payment_id": str(event.aggregate_id),
        "amount_idr": event.amount_idr,
        "channel": event.channel,
        "paid_at": event.paid_at.isoformat(),
        "status": event.status,
        "verification": event.verification,
        "customer_name": customer,
        "marketing_name": marketing,
        "title": title,
        "invoice_numbers": [p.invoice_number for p in event.allocations if not p.reversed],
        "unallocated_idr": event.unallocated_idr,
    }


def must_start_over(position: int, oldest: int, pending: int) -> bool:
    """Tell whether a reader missed more than can be replayed."""
    return pending > REPLAY_MAX or (oldest > 0 and position < oldest - 1)
