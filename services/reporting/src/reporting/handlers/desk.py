"""The desk at which papers are issued: numbered, proven, frozen, linked, announced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from reporting.domain.facts import CustomerFacts
from reporting.domain.freezing import LINK_LIFETIME, digest, new_token
from reporting.domain.papers.base import Company, Imprint, Paper, Proof, snapshot
from reporting.domain.proof import mark, masked_name, proof_code
from reporting.models import Document, DocumentLink, DocumentProof, DocumentRevision
from reporting.store import documents
from reporting.store.documents import Frozen
from shared import audit, numbering, outbox
from shared.contracts.reporting import DocumentReady
from shared.database import Session
from shared.ids import new_id

ANNOUNCED = {
    "invoice": "invoice",
    "provisional_receipt": "receipt",
    "receipt": "receipt",
    "reversal_letter": "reversal_letter",
    "customer_recap": "customer_recap",
}


@dataclass(frozen=True)
class Desk:
    """Who issues papers, and the key of the codes on them."""

    company: Company
    public_url: str
    key: bytes

    def imprint(self, session: Session, number: str, revision: int, amount_idr: int) -> Imprint:
        """Prepare a paper that will be recorded, with its proof."""
        code = proof_code(self.key, number, amount_idr, session.clock.today(), revision)
        address = f"{self.public_url}/v/{number}"
        proof = Proof(number=number, code=code, url=f"{address}?k={code}", short=self._short())
        return self._imprint(session, number, revision, proof)

    def unrecorded(self, session: Session, number: str, revision: int = 1) -> Imprint:
        """Prepare a paper of the moment: nothing is recorded, so nothing can be proven."""
        return self._imprint(session, number, revision, None)

    def _imprint(
        self, session: Session, number: str, revision: int, proof: Proof | None
    ) -> Imprint:
        at = session.clock.now()
        return Imprint(company=self.company, number=number, revision=revision, at=at, proof=proof)

    def _short(self) -> str:
        return self.public_url.partition("://")[2] + "/v"


@dataclass(frozen=True)
class Issue:
    """One paper about to be frozen: of what kind, for whom, and what it stands for.

    ``amount_idr`` is what its code proves; ``state`` what became of the paper.
    """

    kind: str
    customer: CustomerFacts
    facts: Mapping[str, Any]
    file_name: str
    amount_idr: int
    state: str = "valid"
    stamp_duty: bool = False
    invoice_id: UUID | None = None
    payment_id: UUID | None = None


def unchanged(frozen: Frozen | None, facts: Mapping[str, Any]) -> bool:
    """Tell whether the frozen paper still says what is true."""
    return frozen is not None and frozen.revision.facts_hash == digest(facts)


async def take_number(session: Session, series: str) -> str:
    """Take the next number of a series of this month: ``KW/2026/12/000087`` (K5)."""
    period = f"{session.clock.today():%Y/%m}"
    return f"{series}/{period}/{await numbering.take(session, series, period):06d}"


async def freeze(session: Session, issue: Issue, past: Frozen | None, paper: Paper) -> Frozen:
    """Record a paper for good, as a new document or as the next revision of one."""
    document = past.document if past else _new_document(session, issue, paper.number)
    document.revision = past.revision.revision + 1 if past else 1
    document.state, document.stamp_duty = issue.state, issue.stamp_duty
    frozen = snapshot(paper)
    revision = DocumentRevision(
        document_id=document.id,
        revision=document.revision,
        customer_id=issue.customer.id,
        facts_hash=digest(issue.facts),
        paper=frozen,
        paper_hash=digest(frozen),
        file_name=issue.file_name,
        frozen_at=session.clock.now(),
    )
    session.add(document)
    await session.flush()
    session.add(revision)
    await session.flush()
    if paper.proof:
        session.add(_proof(session, issue, revision, paper.proof))
    _audit(session, document, revision)
    await _announce(session, document)
    return Frozen(document, revision)


def _new_document(session: Session, issue: Issue, number: str) -> Document:
    return Document(
        id=new_id(),
        kind=issue.kind,
        number=number,
        customer_id=issue.customer.id,
        invoice_id=issue.invoice_id,
        payment_id=issue.payment_id,
        revision=1,
        issued_at=session.clock.now(),
    )


def _proof(
    session: Session, issue: Issue, revision: DocumentRevision, proof: Proof
) -> DocumentProof:
    return DocumentProof(
        document_id=revision.document_id,
        revision=revision.revision,
        customer_id=revision.customer_id,
        mark=mark(proof.number, proof.code),
        amount_idr=issue.amount_idr,
        proven_on=session.clock.today(),
        masked_name=masked_name(issue.customer.name),
    )


async def _announce(session: Session, document: Document) -> None:
    link = await documents.live_link(session, document.id) or _new_link(session, document)
    event = DocumentReady.of(
        document.revision,
        session.clock.now(),
        document.id,
        kind=ANNOUNCED[document.kind],
        number=document.number,
        customer_id=document.customer_id,
        invoice_id=document.invoice_id,
        payment_id=document.payment_id,
        revision=document.revision,
        link_path=link.path,
    )
    outbox.publish(session, event)


def _new_link(session: Session, document: Document) -> DocumentLink:
    link = DocumentLink(
        document_id=document.id,
        customer_id=document.customer_id,
        token=new_token(),
        expires_at=session.clock.now() + LINK_LIFETIME,
    )
    session.add(link)
    return link


def _audit(session: Session, document: Document, revision: DocumentRevision) -> None:
    facts = {"number": document.number, "revision": revision.revision}
    audit.record(
        session,
        action="document.issued",
        object_type="document",
        object_id=document.id,
        after=facts | {"paper_hash": revision.paper_hash},
    )
