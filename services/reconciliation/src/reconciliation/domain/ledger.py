"""Double entry: every money movement is entries whose signed sum is zero (M2).

A positive amount is a debit, a negative one a credit. The accounts:

    bank:bni             money at the bank
    receivable:<id>      what a customer owes
    credit:<id>          money of a customer that pays no bill yet (titipan)
    suspense             money of nobody known (belum teridentifikasi, M9)
    billed               the other side of what was billed
    other_income         money that was written off: nobody's, and ours to keep
    bank_fees            what the bank charged us
    withdrawals          what we took out of the bank ourselves
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.contracts.bank_gateway import Channel
from shared.money import Rupiah

BILLED, SUSPENSE = "billed", "suspense"
OTHER_INCOME, BANK_FEES, WITHDRAWALS = "other_income", "bank_fees", "withdrawals"
_STATEMENT = "bank:bni"
_BANK: dict[Channel, str] = {"bni_va": _STATEMENT, "bank_transfer": _STATEMENT}


class NotBalanced(ValueError):
    """Entries that do not sum to zero: a bug, not money."""


class TransactionKind(StrEnum):
    """What moved the money; together with the object's id it is unique."""

    INVOICE_ISSUED = "invoice_issued"
    PAYMENT_RECEIVED = "payment_received"
    ALLOCATION = "allocation"
    ATTRIBUTION = "attribution"
    SPLIT = "split"
    RETURN = "return"
    WRITE_OFF = "write_off"
    REVERSAL = "reversal"
    BANK_FEE = "bank_fee"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Entry:
    """One side of a movement."""

    account: str
    amount: Rupiah
    customer_id: UUID | None = None


def receivable(customer_id: UUID) -> str:
    """Name the account of what a customer owes."""
    return f"receivable:{customer_id}"


def credit(customer_id: UUID) -> str:
    """Name the account of a customer's money that pays no bill yet."""
    return f"credit:{customer_id}"


def bill(customer_id: UUID, total: Rupiah) -> list[Entry]:
    """A bill is owed from now on."""
    return balanced([Entry(receivable(customer_id), total, customer_id), Entry(BILLED, -total)])


def receive(channel: Channel, customer_id: UUID | None, amount: Rupiah) -> list[Entry]:
    """Money came: into the customer's credit, or into suspense when nobody is known (M9)."""
    if customer_id is None:
        return balanced([Entry(_BANK[channel], amount), Entry(SUSPENSE, -amount)])
    theirs = Entry(credit(customer_id), -amount, customer_id)
    return balanced([Entry(_BANK[channel], amount), theirs])


def attribute(customer_id: UUID, amount: Rupiah) -> list[Entry]:
    """Money of nobody known turns out to be a customer's."""
    theirs = Entry(credit(customer_id), -amount, customer_id)
    return balanced([Entry(SUSPENSE, amount), theirs])


def divide(parts: Mapping[UUID, Rupiah]) -> list[Entry]:
    """Money of nobody known turns out to be that of several customers, in one movement."""
    theirs = [Entry(credit(owner), -amount, owner) for owner, amount in parts.items()]
    return balanced([Entry(SUSPENSE, sum(parts.values(), Rupiah(0))), *theirs])


def hand_back(channel: Channel, customer_id: UUID | None, amount: Rupiah) -> list[Entry]:
    """Money that pays nothing leaves the bank again, to whoever sent it."""
    return balanced([_waiting(customer_id, amount), Entry(_BANK[channel], -amount)])


def write_off(customer_id: UUID | None, amount: Rupiah) -> list[Entry]:
    """Money that pays nothing is nobody's any more, and stays with us."""
    return balanced([_waiting(customer_id, amount), Entry(OTHER_INCOME, -amount)])


def pay(customer_id: UUID, amount: Rupiah) -> list[Entry]:
    """A customer's money pays a bill."""
    return balanced(
        [
            Entry(credit(customer_id), amount, customer_id),
            Entry(receivable(customer_id), -amount, customer_id),
        ]
    )


def _waiting(customer_id: UUID | None, amount: Rupiah) -> Entry:
    """Take money from where it waits: a customer's credit, or suspense."""
    if customer_id is None:
        return Entry(SUSPENSE, amount)
    return Entry(credit(customer_id), amount, customer_id)


def charge(amount: Rupiah) -> list[Entry]:
    """The bank took a fee from the account that statements are about."""
    return balanced([Entry(BANK_FEES, amount), Entry(_STATEMENT, -amount)])


def withdraw(amount: Rupiah) -> list[Entry]:
    """We took money out of the account that statements are about."""
    return balanced([Entry(WITHDRAWALS, amount), Entry(_STATEMENT, -amount)])


def reverse(entries: Iterable[Entry]) -> list[Entry]:
    """Take a movement back: the same entries with the other sign."""
    return balanced([Entry(e.account, -e.amount, e.customer_id) for e in entries])


def balanced(entries: Sequence[Entry]) -> list[Entry]:
    """Give the entries back.

    Raises:
        NotBalanced: fewer than two, one of zero, or a sum that is not zero (M2).
    """
    total = sum((entry.amount for entry in entries), Rupiah(0))
    if len(entries) < 2 or total or not all(entry.amount for entry in entries):
        raise NotBalanced(f"{len(entries)} entries sum to {total.amount}")
    return list(entries)
