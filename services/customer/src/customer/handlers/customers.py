"""Registering, editing and reassigning customers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from customer.domain.customer import (
    AlreadyOwner,
    CustomerStatus,
    check_fields,
    choose_owner,
    customer_number,
)
from customer.models import Customer, Facts, Reassignment
from customer.store import customers, users
from shared import audit, numbering, outbox
from shared.contracts.customer import (
    CustomerChanged,
    CustomerReassigned,
    CustomerRegistered,
    CustomerState,
)
from shared.database import Session
from shared.errors import VersionStale

DECIDES = "change_requests.decide"
"""Who has this permission changes himself what others only ask for."""


async def register_customer(
    session: Session,
    *,
    name: str,
    phone: str,
    address: str,
    email: str | None,
    marketing_id: UUID | None,
) -> Customer:
    """Register a customer for the Marketing who calls, or for the one that Admin names.

    Raises:
        Invalid: the owner is refused, missing, or not an active Marketing.
    """
    principal = session.principal
    owner_id = choose_owner(principal.marketing_id, marketing_id)
    if owner_id == principal.user_id:
        await users.meet(session, principal)
    owner = await users.get_marketing(session, owner_id)
    customer = Customer(
        number=customer_number(await numbering.take(session, "PLG")),
        name=name,
        phone=phone,
        address=address,
        email=email,
        marketing_id=owner.id,
        marketing_name=owner.name,
        status=CustomerStatus.ACTIVE,
        registered_at=session.clock.now(),
    )
    session.add(customer)
    announce(session, CustomerRegistered, customer)
    _record(session, "registered", customer, after=customer.facts())
    return customer


async def edit_customer(
    session: Session,
    customer_id: UUID,
    changes: Facts,
    *,
    version: int | None = None,
    reason: str | None = None,
) -> tuple[Facts, Facts]:
    """Change fields of a customer; return those that differ, before and after.

    Args:
        changes: new values by field, checked for their form.
        version: what the writer saw; None when he decides on a request instead (A30).

    Raises:
        CustomerNotFound: not there, or not his.
        FieldReserved: Marketing may only ask for one of the changes.
        VersionStale: somebody else was faster (K4).
    """
    customer = await customers.lock(session, customer_id)
    if version is not None and version != customer.version:
        raise VersionStale(version=customer.version)
    check_fields(changes, may_decide=DECIDES in session.principal.permissions)
    present = {field: getattr(customer, field) for field in changes}
    differing = {field: value for field, value in changes.items() if value != present[field]}
    before = {field: present[field] for field in differing}
    if differing:
        for field, value in differing.items():
            setattr(customer, field, value)
        customer.version += 1
        announce(session, CustomerChanged, customer)
        _record(session, "changed", customer, before=before, after=differing, reason=reason)
    return before, differing


async def reassign_customer(
    session: Session,
    customer_id: UUID,
    marketing_id: UUID,
    reason: str,
    *,
    handover_id: UUID | None = None,
) -> Customer:
    """Give a customer to another Marketing; visibility moves at once, history stays (A6, A43).

    Args:
        handover_id: what he is a part of when many move; it tells people once for all of them.

    Raises:
        MarketingNotFound: the new owner is not an active Marketing.
        AlreadyOwner: nothing would change.
    """
    owner = await users.get_marketing(session, marketing_id)  # users before customers (K2)
    customer = await customers.lock(session, customer_id)
    if owner.id == customer.marketing_id:
        raise AlreadyOwner(name=owner.name, field="marketing_id")
    previous = _owner(customer)
    customer.marketing_id, customer.marketing_name = owner.id, owner.name
    customer.version += 1
    session.add(
        Reassignment(
            customer_id=customer.id,
            from_id=UUID(previous["marketing_id"]),
            from_name=previous["marketing_name"],
            to_id=owner.id,
            to_name=owner.name,
            reason=reason,
            decided_by=session.principal.name,
            at=session.clock.now(),
        )
    )
    told = {"previous_marketing_id": previous["marketing_id"], "handover_id": handover_id}
    announce(session, CustomerReassigned, customer, reason=reason, **told)
    _record(session, "reassigned", customer, before=previous, after=_owner(customer), reason=reason)
    return customer


def state_event(
    session: Session, kind: type[CustomerState], customer: Customer, **more: Any
) -> CustomerState:
    """Tell the customer's present state."""
    facts = customer.facts() | more
    return kind.of(customer.version, session.clock.now(), customer.id, **facts)


def announce(session: Session, kind: type[CustomerState], customer: Customer, **more: Any) -> None:
    """Publish the customer's present state."""
    outbox.publish(session, state_event(session, kind, customer, **more))


def _owner(customer: Customer) -> Facts:
    return {
        "marketing_id": str(customer.marketing_id),
        "marketing_name": customer.marketing_name,
    }


def _record(session: Session, act: str, customer: Customer, **facts: Any) -> None:
    audit.record(
        session,
        action=f"customer.{act}",
        object_type="customer",
        object_id=customer.id,
        **facts,
    )
