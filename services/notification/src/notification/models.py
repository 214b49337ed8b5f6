"""The tables: copies of what messages speak of, the message log, the bell."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Date, Integer
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from notification.domain.delivery import State, move
from notification.domain.ladder import Channel, Rules
from notification.domain.template import Language
from shared.ids import new_id
from shared.tables import computed_id, instant


class Base(SQLModel, registry=registry()):
    """The parent of this service's tables; other services have tables of the same names."""


class Copy(Base):
    """A copy of another service's aggregate; newer versions replace it (E5)."""

    id: UUID = Field(primary_key=True)
    version: int


class User(Copy, table=True):
    """What a staff member is called."""

    __tablename__ = "users"

    name: str


class Customer(Copy, table=True):
    """Who is written to, and who looks after him (A2)."""

    __tablename__ = "customers"

    name: str
    phone: str
    email: str | None = None
    marketing_id: UUID
    marketing_name: str


class Invoice(Copy, table=True):
    """What is owed; ``about`` says what for."""

    __tablename__ = "invoices"

    customer_id: UUID
    number: str
    about: str
    total_idr: int = Field(sa_type=BigInteger)
    paid_idr: int = Field(sa_type=BigInteger)
    due_on: date
    status: str
    plan_id: UUID | None = None
    va_mode: str = "invoice"
    va_owner_id: UUID | None = computed_id(
        "CASE va_mode WHEN 'customer' THEN customer_id"
        " WHEN 'contract' THEN coalesce(plan_id, id) ELSE id END"
    )


class VirtualAccount(Copy, table=True):
    """Where a bill, a contract or all that a customer owes is paid."""

    __tablename__ = "virtual_accounts"

    customer_id: UUID
    invoice_id: UUID | None = None
    number: str | None = None
    holder_name: str
    status: str
    mode: str = "invoice"
    plan_id: UUID | None = None
    va_owner_id: UUID | None = computed_id("coalesce(invoice_id, plan_id, customer_id)")


class Payment(Copy, table=True):
    """Money that came; ``customer_id`` is None while nobody knows whose it is."""

    __tablename__ = "payments"

    customer_id: UUID | None = None
    amount_idr: int = Field(sa_type=BigInteger)
    paid_at: datetime = instant()
    invoice_numbers: str
    status: str
    verification: str


class Document(Copy, table=True):
    """A paper that a customer can open without signing in."""

    __tablename__ = "documents"

    kind: str
    customer_id: UUID
    invoice_id: UUID | None = None
    payment_id: UUID | None = None
    revision: int
    link_path: str


class Matter(Copy, table=True):
    """Money that needs a person, and who looks after it."""

    __tablename__ = "matters"

    owner_id: UUID | None = None
    is_open: bool


AT_HAND = timedelta(minutes=10)
"""So long a message that was opened is left to whoever opened it."""


class Message(Base, table=True):
    """One message to one customer; once per (template, object, recipient, purpose) (I).

    Attributes:
        sent_by_name: who opened it first, or made the system send it.
        confirmed_by_name: who said that it was sent, where only a person can know.
        trouble: why it did not leave, or why nobody can tell.
        due_at: when the system sends it; None: a person does, or it has left.
        leased_until: it is on its way until then at the latest.
        failures: attempts in a row that came to nothing.
        provider_id: what the carrier calls it.
        told: how many events told of it.
    """

    __tablename__ = "messages"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    channel: str = "whatsapp_link"
    template: str
    object_id: UUID
    recipient: str
    purpose: str
    customer_id: UUID
    invoice_id: UUID | None = None
    payment_id: UUID | None = None
    text: str
    language: str = "id"
    state: str
    sent_by_id: UUID
    sent_by_name: str
    created_at: datetime = instant()
    opened_at: datetime | None = instant(default=None)
    opened_count: int = 0
    confirmed_by_name: str | None = None
    sent_at: datetime | None = instant(default=None)
    trouble: str | None = None
    cost_idr: int = Field(default=0, sa_type=BigInteger)
    due_at: datetime | None = instant(default=None)
    leased_until: datetime | None = instant(default=None)
    failures: int = 0
    provider_id: str | None = None
    told: int = 0

    def move(self, target: State) -> None:
        """Take a step in its life; see ``delivery.TRANSITIONS``."""
        self.state = move(State(self.state), target)

    def is_at_hand(self, now: datetime) -> bool:
        """Tell whether somebody has it in WhatsApp, as far as can be known."""
        if self.state != State.OPENED or self.opened_at is None:
            return False
        return now < self.opened_at + AT_HAND


class Notice(Base, table=True):
    """One thing that the bell tells one Marketing, or (``user_id`` None) all Admins."""

    __tablename__ = "notices"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str
    source_id: UUID
    audience: str
    user_id: UUID | None = None
    customer_id: UUID | None = None
    matter_id: UUID | None = None
    text: str
    link: str | None = None
    at: datetime = instant()


class NoticeRead(Base, table=True):
    """Somebody has seen a notice."""

    __tablename__ = "notice_reads"

    user_id: UUID = Field(primary_key=True)
    notice_id: UUID = Field(primary_key=True)
    read_at: datetime = instant()


class MessageTemplate(Base, table=True):
    """One version of the words for a purpose; the highest one is used, none is changed.

    Attributes:
        whatsapp_name: what WhatsApp approved these words as; None: not asked for.
        restores: the earlier version that this one brings back.
    """

    __tablename__ = "message_templates"

    purpose: str = Field(primary_key=True)
    language: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    body: str
    whatsapp_name: str | None = None
    restores: int | None = None
    changed_by_id: UUID
    changed_by_name: str
    changed_at: datetime = instant()


class MessageRules(Base, table=True):
    """One version of how customers are written to; the highest one holds, none is changed."""

    __tablename__ = "message_rules"

    version: int = Field(primary_key=True)
    ladder: list[int] = Field(sa_type=ARRAY(Integer))
    quiet_from: int
    quiet_until: int
    holidays: list[date] = Field(sa_type=ARRAY(Date))
    language: str
    channel: str
    receipts: bool
    restores: int | None = None
    changed_by_id: UUID
    changed_by_name: str
    changed_at: datetime = instant()

    @property
    def rules(self) -> Rules:
        """The same as the domain knows it."""
        return Rules(
            ladder=tuple(sorted(self.ladder)),
            quiet_from=self.quiet_from,
            quiet_until=self.quiet_until,
            holidays=frozenset(self.holidays),
            language=Language(self.language),
            channel=Channel(self.channel),
            receipts=self.receipts,
        )


class BillLook(Base, table=True):
    """When a bill is looked at next for a reminder; ``due_at`` None: never, as things stand."""

    __tablename__ = "bill_looks"

    invoice_id: UUID = Field(primary_key=True)
    since: date
    due_at: datetime | None = instant(default=None)
    leased_until: datetime | None = instant(default=None)


class Reminder(Base, table=True):
    """A step of the ladder was taken for a bill; ``message_id`` None: its time went by."""

    __tablename__ = "reminders"

    invoice_id: UUID = Field(primary_key=True)
    step: int = Field(primary_key=True)
    message_id: UUID | None = None
    at: datetime = instant()


class MessageStop(Base, table=True):
    """A customer wants no messages, until that is lifted."""

    __tablename__ = "message_stops"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    customer_id: UUID
    reason: str
    added_by_name: str
    added_at: datetime = instant()
    lifted_by_name: str | None = None
    lifted_at: datetime | None = instant(default=None)
