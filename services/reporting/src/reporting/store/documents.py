"""Documents, their revisions and their links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, text, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from reporting.models import Document, DocumentLink, DocumentProof, DocumentRevision
from shared.database import Session

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:subject, 0))")
_HOLD_TOKEN = text("SELECT set_config('lunas.document_token', :token, true)")
_HOLD_MARK = text("SELECT set_config('lunas.document_mark', :mark, true)")


@dataclass(frozen=True)
class Frozen:
    """A document at its newest revision."""

    document: Document
    revision: DocumentRevision


async def lock_subject(session: Session, subject: UUID) -> None:
    """Let one transaction at a time make revisions for a subject."""
    await session.execute(_LOCK, {"subject": str(subject)})


async def of_invoice(session: Session, invoice_id: UUID) -> Frozen | None:
    """Find the bill's document."""
    return await _newest(session, Document.kind == "invoice", Document.invoice_id == invoice_id)


async def of_payment(session: Session, payment_id: UUID, kind: str) -> Frozen | None:
    """Find the payment's receipt of one kind."""
    return await _newest(session, Document.kind == kind, Document.payment_id == payment_id)


async def of_customer(session: Session, customer_id: UUID) -> Frozen | None:
    """Find the customer's newest statement."""
    is_statement = Document.kind == "customer_recap"
    return await _newest(session, is_statement, Document.customer_id == customer_id)


async def of_link(session: Session, link: DocumentLink) -> Frozen | None:
    """Find the document that a link leads to."""
    return await _newest(session, Document.id == link.document_id)


async def old_revision(
    session: Session, document_id: UUID, revision: int
) -> DocumentRevision | None:
    """Find what a document said before."""
    return await session.get(DocumentRevision, (document_id, revision))


async def replace_provisional(session: Session, payment_id: UUID) -> None:
    """Note that a Kwitansi stands in for the Bukti bayar sementara of a payment."""
    query = update(Document).where(
        col(Document.kind) == "provisional_receipt", col(Document.payment_id) == payment_id
    )
    await session.execute(query.values(state="replaced"))


async def _newest(session: Session, *conditions: bool) -> Frozen | None:
    query = (
        select(Document, DocumentRevision)
        .join(DocumentRevision, col(DocumentRevision.document_id) == col(Document.id))
        .where(DocumentRevision.revision == Document.revision, *conditions)
        .order_by(col(Document.issued_at).desc(), col(Document.id).desc())
        .limit(1)
    )
    found = (await session.exec(query)).first()
    return Frozen(*found) if found else None


async def listed(
    session: Session, *, invoice_id: UUID | None, payment_id: UUID | None, customer_id: UUID | None
) -> Sequence[tuple[Document, DocumentLink | None]]:
    """List documents with the link that lives longest, the newest document first."""
    other = aliased(DocumentLink)
    newest_link = (
        select(other.id)
        .where(other.document_id == Document.id, col(other.revoked_at).is_(None))
        .order_by(col(other.expires_at).desc())
        .limit(1)
        .correlate(Document)
        .scalar_subquery()
    )
    query = select(Document, DocumentLink).outerjoin(
        DocumentLink, col(DocumentLink.id) == newest_link
    )
    wanted = {"invoice_id": invoice_id, "payment_id": payment_id, "customer_id": customer_id}
    for name, value in wanted.items():
        if value is not None:
            query = query.where(getattr(Document, name) == value)
    query = query.order_by(col(Document.issued_at).desc(), col(Document.id).desc()).limit(200)
    return [(document, link) for document, link in (await session.exec(query)).all()]


async def live_link(session: Session, document_id: UUID) -> DocumentLink | None:
    """Find a link that still opens its document."""
    query = (
        select(DocumentLink)
        .where(
            DocumentLink.document_id == document_id,
            col(DocumentLink.revoked_at).is_(None),
            col(DocumentLink.expires_at) > session.clock.now(),
        )
        .order_by(col(DocumentLink.expires_at).desc())
        .limit(1)
    )
    return (await session.exec(query)).first()


async def open_link(session: Session, token: str) -> DocumentLink | None:
    """Find and count a link by its token; from here on the session sees its document too."""
    await session.execute(_HOLD_TOKEN, {"token": token})
    link = (await session.exec(select(DocumentLink).where(DocumentLink.token == token))).first()
    if link is None or not link.opens(session.clock.now()):
        return None
    counted = update(DocumentLink).where(col(DocumentLink.id) == link.id)
    await session.execute(counted.values(opened=func.coalesce(DocumentLink.opened, 0) + 1))
    return link


async def of_mark(session: Session, mark: str) -> tuple[Document, DocumentProof] | None:
    """Find what a number with its code proves; from here on the session sees that and no more."""
    await session.execute(_HOLD_MARK, {"mark": mark})
    query = (
        select(Document, DocumentProof)
        .join(DocumentProof, col(DocumentProof.document_id) == col(Document.id))
        .where(DocumentProof.mark == mark)
        .order_by(col(DocumentProof.revision).desc())
        .limit(1)
    )
    return (await session.exec(query)).first()
