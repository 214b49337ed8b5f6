"""Rows of a plan: added when it is made, topped up while a monthly one runs."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import TypeAdapter

from invoicing.domain import plan as rules
from invoicing.domain.plan import Line
from invoicing.models import Plan, PlanLine
from invoicing.store import plans
from shared.contracts.customer import MonthlyPlan, PlanTerms
from shared.database import Session
from shared.money import Rupiah

_TERMS: TypeAdapter[PlanTerms] = TypeAdapter(PlanTerms)


def add_lines(session: Session, plan: Plan, lines: Sequence[Line]) -> None:
    """Store lines of a plan."""
    session.add_all(
        PlanLine(
            plan_id=plan.id,
            no=line.no,
            customer_id=plan.customer_id,
            kind=line.kind,
            label=line.label,
            due_on=line.due_on,
            amount_idr=line.amount.amount,
        )
        for line in lines
    )


async def top_up(session: Session, plan: Plan) -> None:
    """Keep a monthly plan twelve unissued lines ahead; the caller publishes the plan."""
    terms = _TERMS.validate_python(plan.terms)
    if not isinstance(terms, MonthlyPlan) or plan.cancelled:
        return
    await session.flush()
    lines = (await plans.lines_of(session, [plan.id]))[plan.id]
    missing = rules.missing_ahead(sum(line.invoice_id is None for line in lines))
    price = Rupiah(plan.total_idr)
    add_lines(session, plan, rules.monthly_lines(terms, price, after_no=len(lines), count=missing))
