"""Which invoice gets what of a payment (M5, M6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.errors import Conflict, Invalid
from shared.money import Rupiah


class MoreThanUnallocated(Invalid):
    """A person directs more than the payment has left (M5)."""

    detail = "Sisa titipan pembayaran ini hanya {unallocated}."


class MoreThanOutstanding(Invalid):
    """A person directs more than the invoice still needs (M6)."""

    detail = "Tagihan {number} hanya kurang {outstanding}."


class AnotherCustomer(Conflict):
    """Money of one customer never pays another's bill."""

    detail = "Tagihan {number} bukan milik pelanggan pembayaran ini."


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An invoice that can take money; ``outstanding`` is what it still needs."""

    id: UUID
    due_on: date
    outstanding: Rupiah
    plan_id: UUID | None = None

    def was_meant(self, own: UUID | None) -> bool:
        """Tell whether money for this invoice, or for its contract, names ``own``."""
        return own is not None and own in {self.id, self.plan_id}


@dataclass(frozen=True, slots=True)
class Share:
    """What one invoice gets."""

    invoice_id: UUID
    amount: Rupiah


def allocate(amount: Rupiah, invoices: Iterable[OpenInvoice], own: UUID | None) -> list[Share]:
    """Divide money over open invoices: its own or its contract's first, then oldest due first.

    What no invoice needs is in no share: it stays customer credit (titipan). An invoice never
    gets more than it needs, and the shares never exceed the amount.

    Args:
        own: the invoice or the contract that the payment was made for, when one is known.
    """
    shares = []
    left = amount
    for invoice in sorted(invoices, key=lambda i: (not i.was_meant(own), i.due_on, i.id)):
        part = min(left, invoice.outstanding)
        if part > Rupiah(0):
            shares.append(Share(invoice.id, part))
            left -= part
    return shares
