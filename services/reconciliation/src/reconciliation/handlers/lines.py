"""Lines of statements: as sightings of accounts, as money beside accounts, as fees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from reconciliation.domain import ledger as entries
from reconciliation.domain.exception import ExceptionKind, Finding
from reconciliation.domain.ledger import TransactionKind
from reconciliation.domain.payment import Verification
from reconciliation.domain.remark import account_in, is_fee, payer_in
from reconciliation.handlers import books
from reconciliation.handlers.exceptions import open_exception
from reconciliation.handlers.payments import pay_and_tell, post
from reconciliation.models import BankLine, Payment, Sighting
from reconciliation.store import sightings
from shared.clock import WIB
from shared.database import Session
from shared.money import Rupiah

STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class FeeRule:
    """Which debits are charges of the bank."""

    words: Iterable[str]
    most: Rupiah

    def covers(self, line: BankLine) -> bool:
        return is_fee(line.description, Rupiah(-line.amount_idr), self.words, self.most)


def sighting_of(line: BankLine, session: Session) -> Sighting:
    """Say what a line shows; only a credit can be a payment to an account."""
    number = account_in(line.description, line.reference) if line.amount_idr > 0 else ""
    return Sighting(
        source=STATEMENT,
        subject_id=line.id,
        virtual_account=number,
        amount_idr=line.amount_idr,
        reference=line.reference,
        payer_name=payer_in(line.description),
        remark=line.description,
        day=line.day,
        paid_at=datetime.combine(line.day, line.at or time(), WIB),
        seen_at=session.clock.now(),
    )


async def see_others(session: Session, line: BankLine, fees: FeeRule) -> None:
    """Take a line that names no account: money of nobody known (M9), a fee, or a question."""
    if line.amount_idr > 0:
        await _receive(session, line)
    elif fees.covers(line):
        moved = entries.charge(Rupiah(-line.amount_idr))
        await books.post(session, TransactionKind.BANK_FEE, line.id, None, moved, on=line.day)
    else:
        await open_exception(session, _unexplained(line))


async def _receive(session: Session, line: BankLine) -> None:
    seen = await sightings.get(session, line.id, STATEMENT)
    payment = Payment(
        customer_id=None,
        invoice_id=None,
        channel="bank_transfer",
        virtual_account="",
        trx_id="",
        bank_reference=seen.reference,
        payer_name=seen.payer_name,
        amount_idr=seen.amount_idr,
        paid_at=seen.paid_at,
        received_at=seen.seen_at,
        verification=Verification.VERIFIED,
    )
    await post(session, payment)
    seen.payment_id = payment.id
    await pay_and_tell(session, payment)


def _unexplained(line: BankLine) -> Finding:
    amount = Rupiah(-line.amount_idr)
    return Finding(
        kind=ExceptionKind.MISSING_HERE,
        key=str(line.id),
        amount=amount,
        evidence=(
            f"{amount} keluar dari rekening {line.account} pada {line.day:%d/%m/%Y}, tetapi tidak"
            f" ada di pembukuan: {line.description or 'tanpa keterangan'}."
        ),
        supports=(f"Mutasi mencatat debit dengan referensi {line.reference or 'kosong'}.",),
        contradicts=("Bukan biaya bank yang dikenali.",),
        facts={"day": line.day.isoformat(), "amount_idr": line.amount_idr},
        bank_line_id=line.id,
    )
