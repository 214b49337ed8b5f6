"""Queries of plans and their lines."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from invoicing.domain.calendar import Period
from invoicing.models import Customer, Plan, PlanLine
from shared.database import Session
from shared.errors import NotFound


class PlanNotFound(NotFound):
    """No such plan, or not one of the reader's."""

    detail = "Rencana pembayaran tidak ditemukan."


class LineNotFound(NotFound):
    """The plan has no such line."""

    detail = "Baris {no} tidak ada pada rencana pembayaran ini."


async def get_plan(session: Session, plan_id: UUID, *, lock: bool = False) -> Plan:
    """Load a plan; ``lock`` before deciding on its lines.

    Raises:
        PlanNotFound: not there, or not the reader's.
    """
    plan = await session.get(Plan, plan_id, with_for_update=lock or None, populate_existing=lock)
    if plan is None:
        raise PlanNotFound
    return plan


async def find_plan_of_booking(session: Session, booking_id: UUID) -> Plan | None:
    query = select(Plan).where(Plan.booking_id == booking_id).with_for_update()
    return (await session.exec(query)).first()


async def get_line(session: Session, plan_id: UUID, no: int) -> PlanLine:
    """Load one line afresh; whoever decides on it has locked its plan.

    Raises:
        LineNotFound: the plan has no such line.
    """
    line = await session.get(PlanLine, (plan_id, no), populate_existing=True)
    if line is None:
        raise LineNotFound(no=no)
    return line


async def lines_of(session: Session, plan_ids: Sequence[UUID]) -> dict[UUID, list[PlanLine]]:
    """Give the lines of several plans in order, by plan."""
    query = (
        select(PlanLine)
        .where(col(PlanLine.plan_id).in_(plan_ids))
        .order_by(col(PlanLine.plan_id), col(PlanLine.no))
    )
    found: dict[UUID, list[PlanLine]] = {plan_id: [] for plan_id in plan_ids}
    for line in (await session.exec(query)).all():
        found[line.plan_id].append(line)
    return found


def matching(
    search: str, booking_id: UUID | None, customer_id: UUID | None
) -> SelectOfScalar[Plan]:
    """Select plans by what they are for; ``search`` finds a title or a booking's number."""
    query = select(Plan)
    if booking_id is not None:
        query = query.where(Plan.booking_id == booking_id)
    if customer_id is not None:
        query = query.where(Plan.customer_id == customer_id)
    if search:
        title, number = col(Plan.title), col(Plan.booking_number)
        query = query.where(
            title.icontains(search, autoescape=True) | number.icontains(search, autoescape=True)
        )
    return query


async def lines_due(
    session: Session, period: Period, *, marketing_id: UUID | None, customer_id: UUID | None
) -> list[PlanLine]:
    """Give the lines that fall due in a month and still stand, issued or not."""
    query = (
        select(PlanLine)
        .join(Customer, col(Customer.id) == PlanLine.customer_id)
        .where(
            col(PlanLine.due_on) >= period.first_day,
            col(PlanLine.due_on) < period.end,
            col(PlanLine.lapsed).is_(False),
        )
        .order_by(col(PlanLine.plan_id), col(PlanLine.no))
    )
    if marketing_id is not None:
        query = query.where(Customer.marketing_id == marketing_id)
    if customer_id is not None:
        query = query.where(PlanLine.customer_id == customer_id)
    return list((await session.exec(query)).all())
