"""Events of reporting: paper and files. Aggregates: the document, the export."""

from typing import ClassVar, Literal
from uuid import UUID

from shared.events import Event


class DocumentReady(Event):
    """A document can be fetched at ``link_path`` (``/d/<token>``) without signing in."""

    TYPE: ClassVar[str] = "document.ready"

    kind: Literal["invoice", "receipt", "reversal_letter", "customer_recap"]
    number: str
    customer_id: UUID
    invoice_id: UUID | None
    payment_id: UUID | None
    revision: int
    link_path: str


class ExportFinished(Event):
    """A file that took its time can be fetched, or (``trouble``) could not be made."""

    TYPE: ClassVar[str] = "export.finished"

    maker_id: UUID
    title: str
    file_name: str
    rows: int
    trouble: str | None = None
