"""Queries about the words of messages."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from notification.domain.message import OPEN
from notification.domain.template import Language, Purpose
from notification.models import Customer, Invoice, MessageTemplate, Payment
from shared.database import Session


async def versions(session: Session, purpose: Purpose, language: Language) -> list[MessageTemplate]:
    """Read what was saved for a purpose, the newest first."""
    query = (
        select(MessageTemplate)
        .where(MessageTemplate.purpose == purpose, MessageTemplate.language == language)
        .order_by(col(MessageTemplate.version).desc())
    )
    return list((await session.exec(query)).all())


async def newest(session: Session) -> dict[tuple[str, str], MessageTemplate]:
    """Read the words in use for every purpose that has words of its own."""
    query = select(MessageTemplate).order_by(col(MessageTemplate.version))
    return {(row.purpose, row.language): row for row in (await session.exec(query)).all()}


async def add(session: Session, template: MessageTemplate) -> bool:
    """Write the next version; False when somebody else has just written it (K4)."""
    row = insert(MessageTemplate).values(**template.model_dump()).on_conflict_do_nothing()
    return (await session.execute(row.returning(col(MessageTemplate.version)))).first() is not None


async def newest_bill(session: Session) -> tuple[Invoice, Customer] | None:
    """Read the newest bill that still wants money, and whose it is."""
    query = (
        select(Invoice, Customer)
        .join(Customer, col(Customer.id) == Invoice.customer_id)
        .where(col(Invoice.status).in_(OPEN))
        .order_by(col(Invoice.id).desc())
        .limit(1)
    )
    found = (await session.exec(query)).first()
    return (found[0], found[1]) if found else None


async def newest_payment(session: Session) -> tuple[Payment, Customer] | None:
    """Read the newest payment that stands, and whose it is."""
    query = (
        select(Payment, Customer)
        .join(Customer, col(Customer.id) == Payment.customer_id)
        .where(Payment.status != "reversed")
        .order_by(col(Payment.paid_at).desc(), col(Payment.id).desc())
        .limit(1)
    )
    found = (await session.exec(query)).first()
    return (found[0], found[1]) if found else None
