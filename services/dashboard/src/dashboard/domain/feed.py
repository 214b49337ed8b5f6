"""Rows of the payment feed, from the books or from a live event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashboard.domain import status, wording
from dashboard.domain.answers.payments import Payment
from shared.clock import business_day

UNKNOWN_PAYER = "belum teridentifikasi"


@dataclass(frozen=True, slots=True)
class FeedRow:
    """What one line of the feed says; ``fresh`` lets it light up for a moment."""

    id: str
    when: str
    name: str
    detail: str
    channel: str
    marketing: str
    amount_idr: int
    mark: status.Mark
    customer_id: str | None
    receipt: bool
    paper: bool
    reversed: bool
    fresh: bool = False

    @property
    def brief(self) -> str:
        """The time without seconds, or the day: for the few rows of the first page."""
        day, space, _ = self.when.rpartition(" ")
        return day if space else self.when[:5]


def row_of(payment: Payment, today: date) -> FeedRow:
    """Make the row of a payment as the books have it."""
    customer = payment.customer
    marketing = customer.marketing.name if customer and customer.marketing else ""
    numbers = [part.invoice_number for part in payment.live_allocations]
    return FeedRow(
        id=str(payment.id),
        when=_when(payment.paid_at, today),
        name=customer.name if customer else UNKNOWN_PAYER,
        detail=_detail(numbers, payment.unallocated_idr, "", known=customer is not None),
        channel=status.channel(payment.channel),
        marketing=marketing,
        amount_idr=payment.amount_idr,
        mark=status.payment(payment.status, payment.verification, known=customer is not None),
        customer_id=str(customer.id) if customer else None,
        receipt=payment.has_receipt,
        paper=customer is not None and payment.status != "reversed",
        reversed=payment.status == "reversed",
    )


def row_of_event(facts: dict[str, Any], customer_id: str | None, today: date) -> FeedRow:
    """Make the row of a payment that was just heard of."""
    known = customer_id is not None
    taken_back = facts["status"] == "reversed"
    return FeedRow(
        id=facts["payment_id"],
        when=_when(datetime.fromisoformat(facts["paid_at"]), today),
        name=facts["customer_name"] or UNKNOWN_PAYER,
        detail=_detail(
            facts["invoice_numbers"], facts["unallocated_idr"], facts["title"], known=known
        ),
        channel=status.channel(facts["channel"]),
        marketing=facts["marketing_name"],
        amount_idr=facts["amount_idr"],
        mark=status.payment(facts["status"], facts["verification"], known=known),
        customer_id=customer_id,
        receipt=facts["verification"] == "verified" and not taken_back,
        paper=known and not taken_back,
        reversed=taken_back,
        fresh=True,
    )


def _when(paid_at: datetime, today: date) -> str:
    if business_day(paid_at) == today:
        return wording.clock_seconds(paid_at)
    return f"{wording.short_day(paid_at)} {wording.clock_time(paid_at)}"


def _detail(numbers: list[str], unallocated_idr: int, title: str, *, known: bool) -> str:
    parts = [" + ".join(numbers[:2]) + (" …" if len(numbers) > 2 else "")] if numbers else []
    if title:
        parts.append(title)
    if unallocated_idr and known:
        parts.append(f"titipan {wording.money(unallocated_idr)}")
    if not parts:
        parts.append(
            "dicatat, sedang dicocokkan" if known else "uangnya tercatat, pemiliknya dicari"
        )
    return " · ".join(parts)
