"""Dividing money of nobody known over the bills of several customers (ADR-0029)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from reconciliation.domain.allocation import Share
from shared.errors import Invalid
from shared.money import Rupiah

NOTHING = Rupiah(0)


class MoreThanTheMoney(Invalid):
    """What the bills are to get is more than what came (M5)."""

    detail = "Yang dibagi {asked}, padahal uangnya hanya {amount}. Tidak ada yang berubah."


class RestOfNobody(Invalid):
    """Something is left, and nobody was named whose credit it becomes."""

    detail = "Masih tersisa {left}. Pilih pelanggan yang menyimpannya sebagai titipan."


class NothingForBill(Invalid):
    """A bill was named that gets nothing."""

    detail = (
        "Tagihan {number} tidak mendapat apa-apa: uangnya habis, atau tagihan itu tidak kurang."
    )


@dataclass(frozen=True, slots=True)
class NamedBill:
    """A bill that is to get something; without ``wanted`` what it needs and the money covers."""

    id: UUID
    number: str
    customer_id: UUID
    outstanding: Rupiah
    wanted: Rupiah | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one customer gets: shares of his bills, and perhaps the rest as credit."""

    customer_id: UUID
    shares: tuple[Share, ...] = ()
    rest: Rupiah = NOTHING

    @property
    def amount(self) -> Rupiah:
        return sum((share.amount for share in self.shares), self.rest)


def divide(amount: Rupiah, bills: Iterable[NamedBill], rest_to: UUID | None) -> list[Part]:
    """Give each customer his part; together they are the amount to the rupiah.

    Args:
        rest_to: whose credit (titipan) becomes what the bills do not take.

    Raises:
        MoreThanTheMoney, NothingForBill: the bills do not fit the money.
        RestOfNobody: something is left over that nobody gets.
    """
    left = amount
    shares: dict[UUID, list[Share]] = {}
    for bill in bills:
        given = min(left, bill.outstanding) if bill.wanted is None else bill.wanted
        if not given:
            raise NothingForBill(number=bill.number, field="invoices")
        shares.setdefault(bill.customer_id, []).append(Share(bill.id, given))
        left -= given
    if left < NOTHING:
        raise MoreThanTheMoney(asked=amount - left, amount=amount, field="invoices")
    if left and rest_to is None:
        raise RestOfNobody(left=left, field="customer_id")
    if left and rest_to is not None:
        shares.setdefault(rest_to, [])
    return [
        Part(owner, tuple(theirs), left if owner == rest_to else NOTHING)
        for owner, theirs in shares.items()
    ]


def described(amount: Rupiah, parts: Iterable[Part]) -> str:
    """Say what was done, naming nobody: not everyone who reads it may see every customer (A2)."""
    known = list(parts)
    bills = sum(len(part.shares) for part in known)
    rest = sum((part.rest for part in known), NOTHING)
    tail = f", titipan {rest}" if rest else ""
    return f"{amount} dibagi untuk {len(known)} pelanggan: {bills} tagihan{tail}."
