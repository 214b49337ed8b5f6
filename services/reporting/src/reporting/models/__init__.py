"""Tables: copies of what other services own, our documents, and files made of lists."""

from __future__ import annotations

from reporting.models.base import Table
from reporting.models.copies import (
    Allocation,
    Booking,
    Customer,
    Disposal,
    Invoice,
    Message,
    Payment,
    Plan,
    PlanLine,
    Product,
    User,
    VirtualAccount,
)
from reporting.models.documents import Document, DocumentLink, DocumentProof, DocumentRevision
from reporting.models.exports import Export, ExportPiece

__all__ = [
    "Allocation",
    "Booking",
    "Customer",
    "Disposal",
    "Document",
    "DocumentLink",
    "DocumentProof",
    "DocumentRevision",
    "Export",
    "ExportPiece",
    "Invoice",
    "Message",
    "Payment",
    "Plan",
    "PlanLine",
    "Product",
    "Table",
    "User",
    "VirtualAccount",
]
