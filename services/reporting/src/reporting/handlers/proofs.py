"""Answering a stranger who holds a paper: is it ours, and what became of it?"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date

from reporting.domain.proof import mark, proof_code
from reporting.handlers.desk import Desk
from reporting.models import Document, DocumentProof
from reporting.store import documents
from shared.database import Session


@dataclass(frozen=True)
class Proven:
    """What the code proves, and the document of today."""

    document: Document
    proof: DocumentProof


async def prove(desk: Desk, session: Session, number: str, code: str) -> Proven | None:
    """Find what a number and its code prove.

    A wrong code and an unknown number take the same way: one look-up that finds nothing. A row
    that somebody changed in the database proves nothing either, because the key is not there.
    """
    known = mark(number, code)
    found = await documents.of_mark(session, known)
    document, proof = found or (None, None)
    expected = proof_code(
        desk.key,
        document.number if document else number,
        proof.amount_idr if proof else 0,
        proof.proven_on if proof else date.min,
        proof.revision if proof else 0,
    )
    right = hmac.compare_digest(mark(number, expected).encode(), known.encode())
    return Proven(document, proof) if document and proof and right else None
