"""Our documents: numbered, frozen, linked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from reporting.models.base import Table, big
from shared.ids import new_id
from shared.tables import instant


class Document(Table, table=True):
    """A numbered paper; ``revision`` is its newest, ``state`` what became of it.

    ``stamp_duty``: a receipt that needs a meterai.
    """

    __tablename__ = "documents"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str
    number: str
    customer_id: UUID
    invoice_id: UUID | None = None
    payment_id: UUID | None = None
    revision: int
    issued_at: datetime = instant()
    state: str = "valid"
    stamp_duty: bool = False


class DocumentProof(Table, table=True):
    """What the code on one revision proves: enough to answer a stranger, and nothing more.

    ``mark`` is number and code, as both stand on the paper.
    """

    __tablename__ = "document_proofs"

    document_id: UUID = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    customer_id: UUID
    mark: str
    amount_idr: int = big()
    proven_on: date
    masked_name: str


class DocumentRevision(Table, table=True):
    """What a paper said at one moment: frozen, insert-only.

    ``facts_hash`` tells whether anything changed since; ``paper_hash`` seals the content.
    """

    __tablename__ = "document_revisions"

    document_id: UUID = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    customer_id: UUID
    facts_hash: str
    paper: dict[str, Any] = Field(sa_type=JSONB)
    paper_hash: str
    file_name: str
    frozen_at: datetime = instant()


class DocumentLink(Table, table=True):
    """A way to one document without signing in: random, expiring, counted, revocable."""

    __tablename__ = "document_links"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    document_id: UUID
    customer_id: UUID
    token: str
    expires_at: datetime = instant()
    revoked_at: datetime | None = instant(default=None)
    opened: int = 0

    @property
    def path(self) -> str:
        return f"/d/{self.token}"

    def opens(self, now: datetime) -> bool:
        """Tell whether the link still leads to its document."""
        return self.revoked_at is None and now < self.expires_at
