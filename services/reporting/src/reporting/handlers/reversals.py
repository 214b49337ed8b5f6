"""Letters of reversal: a receipt that is out is not replaced in silence."""

from __future__ import annotations

from uuid import UUID

from reporting.domain.papers.reversal import Reversal, essentials, reversal_paper
from reporting.domain.spelling import file_name
from reporting.handlers.desk import Desk, Issue, freeze, take_number, unchanged
from reporting.handlers.papers import DocumentNotFound, Sheet, sheet_of, standing
from reporting.store import documents, dossiers
from reporting.store.documents import Frozen
from shared.database import Session

_SERIES, _KIND = "SP", "reversal_letter"
_VOIDED = (("receipt", "Kwitansi"), ("provisional_receipt", "Bukti bayar sementara"))


async def issue_letter(desk: Desk, session: Session, payment_id: UUID) -> None:
    """Freeze the letter once a payment with a receipt is reversed, or counts again after that."""
    payment = await dossiers.payment(session, payment_id)
    if payment is None or payment.customer_id is None:
        return
    past = await documents.of_payment(session, payment_id, _KIND)
    voided = await _voided(session, payment_id)
    facts = essentials(payment)
    if voided is None or unchanged(past, facts) or (past is None and payment.live):
        return
    heading, receipt = voided
    number = past.document.number if past else await take_number(session, _SERIES)
    revision = past.document.revision + 1 if past else 1
    customer, position = await standing(session, payment.customer_id)
    reversal = Reversal(payment, customer, heading, receipt.document.number, position.unpaid_idr)
    imprint = desk.imprint(session, number, revision, payment.amount_idr)
    issue = Issue(
        _KIND,
        customer,
        facts,
        file_name("Surat-pembatalan", number, customer.name),
        payment.amount_idr,
        state="cancelled" if payment.live else "valid",
        payment_id=payment_id,
    )
    await freeze(session, issue, past, reversal_paper(reversal, imprint))


async def letter_sheet(session: Session, payment_id: UUID) -> Sheet:
    """Give the letter of a payment.

    Raises:
        DocumentNotFound: none was written, or it is not in sight.
    """
    frozen = await documents.of_payment(session, payment_id, _KIND)
    if frozen is None:
        raise DocumentNotFound
    return sheet_of(session, frozen)


async def _voided(session: Session, payment_id: UUID) -> tuple[str, Frozen] | None:
    for kind, heading in _VOIDED:
        found = await documents.of_payment(session, payment_id, kind)
        if found:
            return heading, found
    return None
