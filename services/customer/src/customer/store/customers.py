"""Queries about customers and their reassignments."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from customer.domain.customer import CustomerNotFound, CustomerStatus
from customer.models import Customer, Reassignment
from shared.database import Session
from shared.paging import Found, ListQuery, newest_first
from shared.phones import search_digits

_SIMILAR_MAX = 5
_DIGITS_MIN = 4


class CustomerQuery(ListQuery):
    """The filters of the list of customers."""

    marketing_id: UUID | None = None
    status: CustomerStatus | None = None


async def get(session: Session, customer_id: UUID) -> Customer:
    """Read one customer.

    Raises:
        CustomerNotFound: there is none in the caller's scope.
    """
    customer = await session.get(Customer, customer_id)
    if customer is None:
        raise CustomerNotFound
    return customer


async def lock(session: Session, customer_id: UUID) -> Customer:
    """Read one customer for a decision about him.

    Raises:
        CustomerNotFound: there is none in the caller's scope.
    """
    return await _locked(session, customer_id, shared=False)


async def hold(session: Session, customer_id: UUID) -> Customer:
    """Read one customer who stays as he is until the transaction ends.

    Raises:
        CustomerNotFound: there is none in the caller's scope.
    """
    return await _locked(session, customer_id, shared=True)


async def _locked(session: Session, customer_id: UUID, *, shared: bool) -> Customer:
    query = (
        select(Customer)
        .where(Customer.id == customer_id)
        .with_for_update(read=shared)
        .execution_options(populate_existing=True)
    )
    customer = (await session.exec(query)).first()
    if customer is None:
        raise CustomerNotFound
    return customer


async def lock_of_marketing(session: Session, marketing_id: UUID) -> Sequence[Customer]:
    """Read all customers of one Marketing for a change, in a fixed order (K2)."""
    query = (
        select(Customer)
        .where(Customer.marketing_id == marketing_id)
        .order_by(col(Customer.id))
        .with_for_update()
    )
    return (await session.exec(query)).all()


async def with_phone(session: Session, phone: str, but: UUID) -> Sequence[Customer]:
    """List others with this number, as far as the caller may see (A7)."""
    query = (
        select(Customer)
        .where(Customer.phone == phone, Customer.id != but)
        .order_by(col(Customer.id))
        .limit(_SIMILAR_MAX)
    )
    return (await session.exec(query)).all()


async def find(session: Session, wanted: CustomerQuery) -> Found[Customer]:
    """List customers, newest first."""
    query = select(Customer)
    if wanted.marketing_id:
        query = query.where(Customer.marketing_id == wanted.marketing_id)
    if wanted.status:
        query = query.where(Customer.status == wanted.status)
    if wanted.search:
        query = query.where(matches(wanted.search))
    return await newest_first(session, query, Customer.id, wanted)


def matches(search: str) -> ColumnElement[bool]:
    """Match a part of the name or number, or of the phone in any spelling."""
    rules = [
        col(Customer.name).icontains(search, autoescape=True),
        col(Customer.number).icontains(search, autoescape=True),
    ]
    digits = search_digits(search)
    if len(digits) >= _DIGITS_MIN:
        rules.append(col(Customer.phone).contains(digits, autoescape=True))
    return or_(*rules)


async def reassignments(session: Session, customer_id: UUID) -> Sequence[Reassignment]:
    """List a customer's changes of owner, newest first."""
    query = (
        select(Reassignment)
        .where(Reassignment.customer_id == customer_id)
        .order_by(col(Reassignment.at).desc(), col(Reassignment.id).desc())
    )
    return (await session.exec(query)).all()
