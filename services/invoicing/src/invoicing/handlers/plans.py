"""Plans: made once per booking, lapsed when the booking is cancelled."""

from __future__ import annotations

from typing import Any

from invoicing.domain import plan as rules
from invoicing.domain.paying import Paying
from invoicing.domain.plan import Line
from invoicing.handlers import states
from invoicing.handlers.issuing import issue_line
from invoicing.handlers.lines import add_lines
from invoicing.models import Booking, Plan
from invoicing.store import copies, plans
from shared import audit
from shared.contracts.customer import (
    BookingCancelled,
    BookingConfirmed,
    BookingState,
    PlanTerms,
)
from shared.database import Session
from shared.money import Rupiah


def preview_plan(terms: PlanTerms, total_idr: int, session: Session) -> list[Line]:
    """Show the lines that a plan would have; nothing is stored.

    Raises:
        Invalid: the plan does not add up, or starts in the past.
    """
    today = session.clock.today()
    rules.refuse_past(terms, today)
    return rules.make_lines(terms, Rupiah(total_idr), today)


async def make_plan(paying: Paying, event: BookingConfirmed, session: Session) -> None:
    """Make the plan of a confirmed booking, once; issue its first line when asked.

    Raises:
        CustomerNotFound: the customer has not arrived yet.
        Invalid: the plan does not add up.
    """
    if not await _take_booking(event, session):
        return
    if await plans.find_plan_of_booking(session, event.aggregate_id) is not None:
        return
    lines = rules.make_lines(event.plan, Rupiah(event.total_idr), session.clock.today())
    plan = Plan(
        booking_id=event.aggregate_id,
        booking_number=event.number,
        customer_id=event.customer_id,
        kind=event.plan.kind,
        title=rules.title_of(event.items),
        total_idr=event.total_idr,
        terms=event.plan.model_dump(mode="json"),
        items=[item.model_dump(mode="json") for item in event.items],
        va_mode=paying.mode_of(event.plan),
        made_at=session.clock.now(),
    )
    session.add(plan)
    await session.flush()
    add_lines(session, plan, lines)
    audit.record(
        session,
        action="plan.made",
        object_type="plan",
        object_id=plan.id,
        after=states.plan_facts(plan),
    )
    await states.publish_plan(session, plan)
    if event.issue_first:
        await issue_line(session, plan, 1)


async def lapse_plan(event: BookingCancelled, session: Session) -> None:
    """Let the lines lapse that are not issued yet; what is issued stays owed until cancelled.

    Raises:
        CustomerNotFound: the customer has not arrived yet.
    """
    if not await _take_booking(event, session):
        return
    plan = await plans.find_plan_of_booking(session, event.aggregate_id)
    if plan is None or plan.cancelled:
        return
    before = states.plan_facts(plan)
    plan.cancelled = True
    plan.version += 1
    for line in (await plans.lines_of(session, [plan.id]))[plan.id]:
        line.lapsed = line.invoice_id is None
    audit.record(
        session,
        action="plan.lapsed",
        object_type="plan",
        object_id=plan.id,
        before=before,
        after=states.plan_facts(plan),
        reason=event.reason,
    )
    await states.publish_plan(session, plan)


async def _take_booking(event: BookingState, session: Session) -> bool:
    """Note the booking's newest state; False when it is older than what is known (E5)."""
    await copies.get_customer(session, event.customer_id)
    known = await copies.find_booking(session, event.aggregate_id)
    if known is not None and known.version >= event.aggregate_version:
        return False
    newest: dict[str, Any] = {"status": event.status, "version": event.aggregate_version}
    booking = known or Booking(id=event.aggregate_id, customer_id=event.customer_id, **newest)
    booking.sqlmodel_update(newest)
    session.add(booking)
    await session.flush()
    return True
