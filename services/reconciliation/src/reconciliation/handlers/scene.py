"""What is known of one virtual account: what was seen there, and the payments it is counted in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from reconciliation.domain.matching import NOTHING, Claim, Printed, Told, words_of
from reconciliation.domain.payment import Verification
from reconciliation.domain.seating import Row
from reconciliation.models import BankTotal, Payment, Sighting, VirtualAccount
from reconciliation.store import bank_totals, resolutions, sightings
from shared.database import Session
from shared.money import Rupiah

STATEMENT = "statement"


@dataclass(frozen=True)
class Scene:
    """One account; the caller holds its lock.

    What was seen of ``retracted`` payments proves nothing: persons agreed that the bank denies it.
    A line that prints another amount than such a payment still does (ADR-0028).
    """

    number: str
    billings: list[VirtualAccount]
    seen: list[Sighting]
    payments: list[Payment]
    retracted: frozenset[UUID] = frozenset()
    totals: Sequence[BankTotal] = ()

    @property
    def settled(self) -> Rupiah:
        """What the bank had taken in where nothing was under way any more."""
        return sum((each.amount for each in self.totals if each.is_settled), NOTHING)

    @cached_property
    def at_bank(self) -> Rupiah | None:
        """What the bank had taken in; None unless it was asked about every billing."""
        told = {each.trx_id for each in self.seen if each.source != STATEMENT}
        billings = told | {each.trx_id for each in self.billings}
        if not billings or not billings <= {each.trx_id for each in self.totals}:
            return None
        return sum((each.amount for each in self.totals), NOTHING)

    @property
    def account(self) -> VirtualAccount | None:
        """The newest billing at the number; all of them are of one customer."""
        return self.billings[-1] if self.billings else None

    def billing(self, trx_id: str) -> VirtualAccount | None:
        return next((each for each in self.billings if each.trx_id == trx_id), None)

    @cached_property
    def told(self) -> list[Told]:
        """What the bank told of and has not denied."""
        return [self._as_told(of_one) for of_one in self._events if not self._is_void(of_one)]

    @property
    def denied(self) -> list[tuple[Sighting, Sighting]]:
        """What the bank told of and denied: how it was told first, and the denial."""
        return [(of_one[0], of_one[-1]) for of_one in self._events if _denied(of_one)]

    @cached_property
    def printed(self) -> list[Printed]:
        """What statements show."""
        return [
            Printed(
                id=line.subject_id,
                amount=Rupiah(line.amount_idr),
                day=line.day,
                words=words_of(line.reference, line.remark),
                in_total=all(each.speaks_of_day(line.day) for each in self.totals),
                is_asked=self.at_bank is not None and self._asked_since(line),
                customer_id=self.customer_of(line),
            )
            for line in self.seen
            if line.source == STATEMENT and not self._is_retracted(line)
        ]

    @cached_property
    def rows(self) -> list[Row]:
        """The payments that stand, with what they were counted for so far."""
        denied = {of_one[0].subject_id for of_one in self._events if self._is_void(of_one)}
        return [
            Row(
                id=payment.id,
                amount=payment.amount,
                customer_id=payment.customer_id,
                subjects=frozenset(
                    each.subject_id
                    for each in self.seen
                    if each.payment_id == payment.id and each.subject_id not in denied
                ),
            )
            for payment in self.payments
            if payment.reversed_at is None
        ]

    @cached_property
    def _events(self) -> list[list[Sighting]]:
        """The sightings of each payment that the bank-gateway told of, callback first."""
        found: dict[UUID, list[Sighting]] = {}
        for each in sorted(self.seen, key=lambda each: each.source):
            if each.source != STATEMENT:
                found.setdefault(each.subject_id, []).append(each)
        return list(found.values())

    def of(self, subject_id: UUID) -> list[Sighting]:
        """Give what was seen of a payment or a line, callback first."""
        found = (each for each in self.seen if each.subject_id == subject_id)
        return sorted(found, key=lambda each: each.source)

    def payment(self, payment_id: UUID) -> Payment:
        return next(payment for payment in self.payments if payment.id == payment_id)

    def customer_of(self, sighting: Sighting) -> UUID | None:
        """Whose money it is, by the event or by the account."""
        return sighting.customer_id or (self.account.customer_id if self.account else None)

    def denial(self, payment_id: UUID) -> Sighting | None:
        """Give the bank's denial of what a payment was counted for, if there is one."""
        denials = (each for each in self.seen if each.is_denial)
        return next((each for each in denials if each.payment_id == payment_id), None)

    def facts(self, subject_id: UUID) -> dict[str, Any]:
        """Give what a payment says of itself when this is what it is counted for."""
        first, *later = self.of(subject_id)
        facts = {
            "trx_id": first.trx_id,
            "bank_reference": (later or [first])[-1].reference,
            "payer_name": first.payer_name,
            "paid_at": first.paid_at,
            "invoice_id": first.invoice_id,
            "plan_id": first.plan_id,
        }
        if first.source == STATEMENT and self.account is not None:
            facts |= {
                "trx_id": self.account.trx_id,
                "invoice_id": self.account.invoice_id,
                "plan_id": self.account.plan_id,
            }
        return facts

    def verification(self, claim: Claim) -> Verification:
        """Tell what is proved of a claim: an inquiry or a line of a statement confirm it (C11)."""
        shown = claim.line is not None and not claim.differs
        asked = claim.told is not None and any(
            each.source == "inquiry" for each in self.of(claim.told.id)
        )
        return Verification.VERIFIED if shown or asked else Verification.UNVERIFIED

    def linked(self, subjects: Iterable[UUID]) -> Iterator[Sighting]:
        wanted = set(subjects)
        return (each for each in self.seen if each.subject_id in wanted)

    def _asked_since(self, line: Sighting) -> bool:
        return all(each.asked_at >= line.seen_at for each in self.totals)

    def _is_void(self, of_one: list[Sighting]) -> bool:
        return _denied(of_one) or any(each.payment_id in self.retracted for each in of_one)

    def _is_retracted(self, line: Sighting) -> bool:
        if line.payment_id is None or line.payment_id not in self.retracted:
            return False
        return self.payment(line.payment_id).amount_idr == line.amount_idr

    def _as_told(self, of_one: list[Sighting]) -> Told:
        first, last = of_one[0], of_one[-1]
        return Told(
            id=first.subject_id,
            amount=Rupiah(first.amount_idr),
            day=first.day,
            reference=last.reference,
            is_sum=first.source == "inquiry",
            in_total=any(each.speaks_of(first.trx_id, first.paid_at) for each in self.totals),
            customer_id=self.customer_of(first),
        )


async def look(session: Session, number: str) -> Scene:
    """Load what is known of an account, and lock its payments."""
    return Scene(
        number,
        await sightings.billings_at(session, number),
        await sightings.at_account(session, number),
        await sightings.lock_payments(session, number),
        await resolutions.retracted_at(session, number),
        await bank_totals.at_number(session, number),
    )


def _denied(of_one: list[Sighting]) -> bool:
    return any(each.is_denial for each in of_one)
