"""How people are named inside other answers."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel

from customer.models import Customer


class Person(BaseModel):
    """A user."""

    id: UUID
    name: str


class CustomerName(BaseModel):
    """A customer, by the names that people use."""

    id: UUID
    number: str
    name: str


def marketing_of(customer: Customer) -> Person:
    """Name the owner."""
    return Person(id=customer.marketing_id, name=customer.marketing_name)


def name_of(customer: Customer) -> CustomerName:
    """Name the customer."""
    return CustomerName(id=customer.id, number=customer.number, name=customer.name)
