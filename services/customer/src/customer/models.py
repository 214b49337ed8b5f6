"""The tables. No postponed annotations here: SQLModel reads relationships at run time."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Enum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, Relationship, SQLModel

from customer.domain.booking import BookingStatus
from customer.domain.change_request import About, RequestStatus
from customer.domain.customer import CustomerStatus
from customer.domain.handover import HandoverState
from customer.domain.handover import RowState as HandoverRowState
from customer.domain.imports.life import ImportKind, ImportState, RowState, Verdict
from customer.domain.product import ProductKind
from shared.ids import new_id
from shared.tables import instant

Facts = dict[str, Any]
_FACTS_OR_NOTHING: Any = JSONB(none_as_null=True)


class Base(SQLModel, registry=registry()):
    """The parent of this service's tables; other services have tables of the same names."""


def choice(kind: type[StrEnum]) -> Any:
    """A text column that holds one of the words of ``kind``."""
    words = Enum(kind, native_enum=False, values_callable=lambda k: [str(word) for word in k])
    return Field(sa_type=words)


class User(Base, table=True):
    """A copy of the gateway's user; version 0 until the first event about him."""

    __tablename__ = "users"

    id: UUID = Field(primary_key=True)
    name: str
    role: str
    disabled: bool = False
    phone: str | None = None
    version: int = 0


class Customer(Base, table=True):
    """Who pays; ``marketing_id`` decides who may see him (A2)."""

    __tablename__ = "customers"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: str
    name: str
    phone: str
    address: str
    email: str | None = None
    marketing_id: UUID
    marketing_name: str
    status: CustomerStatus = choice(CustomerStatus)
    version: int = 1
    registered_at: datetime = instant()

    def facts(self) -> Facts:
        """Give the full state, ready for an event or an audit row."""
        return self.model_dump(mode="json", exclude={"id", "version"})


class Reassignment(Base, table=True):
    """One change of owner; insert-only (A43)."""

    __tablename__ = "reassignments"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    customer_id: UUID
    from_id: UUID
    from_name: str
    to_id: UUID
    to_name: str
    reason: str
    decided_by: str
    at: datetime = instant()


class Product(Base, table=True):
    """What is offered."""

    __tablename__ = "products"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    code: str
    name: str
    description: str = ""
    price_idr: int = Field(sa_type=BigInteger)
    kind: ProductKind = choice(ProductKind)
    active: bool = True
    version: int = 1

    def facts(self) -> Facts:
        """Give the full state, ready for an event or an audit row."""
        return self.model_dump(mode="json", exclude={"id", "version"})


class BookingItem(Base, table=True):
    """One product on a booking; name and price stay as they were agreed."""

    __tablename__ = "booking_items"

    booking_id: UUID = Field(primary_key=True, foreign_key="bookings.id")
    line_no: int = Field(primary_key=True)
    customer_id: UUID
    product_id: UUID
    product_name: str
    quantity: int
    unit_price_idr: int = Field(sa_type=BigInteger)
    amount_idr: int = Field(sa_type=BigInteger)


class Booking(Base, table=True):
    """What a customer wants, at which price, and how he will pay."""

    __tablename__ = "bookings"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: str
    customer_id: UUID = Field(foreign_key="customers.id")
    status: BookingStatus = choice(BookingStatus)
    total_idr: int = Field(sa_type=BigInteger)
    notes: str
    plan: Facts = Field(sa_type=JSONB)
    booked_by_id: UUID
    booked_by_name: str
    booked_at: datetime = instant()
    confirmed_at: datetime | None = instant(default=None)
    cancelled_at: datetime | None = instant(default=None)
    cancel_reason: str | None = None
    version: int = 1

    customer: Customer = Relationship(sa_relationship_kwargs={"lazy": "selectin"})
    items: list[BookingItem] = Relationship(
        sa_relationship_kwargs={"lazy": "selectin", "order_by": "BookingItem.line_no"}
    )

    def facts(self) -> Facts:
        """Give the full state, ready for an event or an audit row."""
        wanted = {"number", "customer_id", "status", "total_idr", "notes", "plan", "booked_at"}
        facts = self.model_dump(mode="json", include=wanted)
        fields = {"product_id", "product_name", "quantity", "unit_price_idr"}
        return facts | {"items": [i.model_dump(mode="json", include=fields) for i in self.items]}


class ChangeRequest(Base, table=True):
    """What Marketing asks Admin to change; before and after are kept (A30).

    ``about_number`` of a bill is what the asker called it; the bill itself is invoicing's.
    """

    __tablename__ = "change_requests"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    customer_id: UUID = Field(foreign_key="customers.id")
    about: About = choice(About)
    about_id: UUID
    about_number: str
    status: RequestStatus = choice(RequestStatus)
    changes: Facts = Field(sa_type=JSONB)
    reason: str
    asked_by_id: UUID
    asked_by_name: str
    asked_at: datetime = instant()
    decided_by_id: UUID | None = None
    decided_by_name: str | None = None
    decided_at: datetime | None = instant(default=None)
    words: str | None = None
    before: Facts | None = Field(default=None, sa_type=_FACTS_OR_NOTHING)
    after: Facts | None = Field(default=None, sa_type=_FACTS_OR_NOTHING)

    customer: Customer = Relationship(sa_relationship_kwargs={"lazy": "selectin"})

    def facts(self) -> Facts:
        """Give the full state, ready for an audit row."""
        return self.model_dump(mode="json", exclude={"id"})


class Import(Base, table=True):
    """A spreadsheet that is being taken over (A44); ``acting_*`` is who ran it or takes it back."""

    __tablename__ = "imports"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: ImportKind = choice(ImportKind)
    file_name: str
    headings: list[str] = Field(sa_type=JSONB)
    heading_key: str
    columns: dict[str, int] = Field(sa_type=JSONB)
    layout: str
    marketing_id: UUID | None = None
    whole: bool = True
    state: ImportState = choice(ImportState)
    note: str = ""
    made_by_id: UUID
    made_by_name: str
    made_at: datetime = instant()
    acting_id: UUID
    acting_name: str
    acting_role: str
    started_at: datetime | None = instant(default=None)
    finished_at: datetime | None = instant(default=None)
    version: int = 1

    def facts(self) -> Facts:
        """Give what an audit row keeps; the rows themselves are not in it."""
        wanted = {"kind", "file_name", "columns", "marketing_id", "whole", "note"}
        return self.model_dump(mode="json", include=wanted)


class ImportRow(Base, table=True):
    """One row of a spreadsheet: its cells, what was typed over them, and what it does.

    ``object_version`` is the version that the row was compared with, then the one it made.
    """

    __tablename__ = "import_rows"

    import_id: UUID = Field(primary_key=True, foreign_key="imports.id")
    row_no: int = Field(primary_key=True)
    cells: list[str] = Field(sa_type=JSONB)
    edits: dict[str, str] = Field(sa_type=JSONB)
    verdict: Verdict = choice(Verdict)
    fields: Facts = Field(sa_type=JSONB)
    faults: list[dict[str, str]] = Field(sa_type=JSONB)
    changes: Facts = Field(sa_type=JSONB)
    object_id: UUID | None = None
    object_version: int | None = None
    state: RowState = choice(RowState)


class Handover(Base, table=True):
    """Customers handed to another Marketing at once, by whom and why (A43)."""

    __tablename__ = "handovers"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    to_id: UUID
    to_name: str
    reason: str
    state: HandoverState = choice(HandoverState)
    total: int
    made_by_id: UUID
    made_by_name: str
    made_by_role: str
    made_at: datetime = instant()
    started_at: datetime | None = instant(default=None)
    finished_at: datetime | None = instant(default=None)
    undone_at: datetime | None = instant(default=None)
    version: int = 1


class HandoverRow(Base, table=True):
    """One customer of a handover: with whom he was at the look, and what became of him."""

    __tablename__ = "handover_rows"

    handover_id: UUID = Field(primary_key=True, foreign_key="handovers.id")
    customer_id: UUID = Field(primary_key=True, foreign_key="customers.id")
    from_id: UUID
    from_name: str
    state: HandoverRowState = choice(HandoverRowState)
    note: str | None = None

    customer: Customer = Relationship(sa_relationship_kwargs={"lazy": "selectin"})
