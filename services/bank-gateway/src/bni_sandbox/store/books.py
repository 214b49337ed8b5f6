"""The lines of the sandbox's account: payments of virtual accounts and everything else."""

from datetime import datetime

from sqlalchemy import BigInteger, case, cast, func, literal, select, union_all
from sqlmodel import col

from bni_sandbox.domain.statement import Line, LineKind
from bni_sandbox.models import Billing, Payment, Transfer
from shared.database import Session

_SIGNED = case(
    (col(Transfer.kind) == LineKind.CREDIT, col(Transfer.amount_idr)),
    else_=-col(Transfer.amount_idr),
)


async def lines(session: Session, since: datetime | None, until: datetime) -> list[Line]:
    """Give the lines booked from ``since`` to before ``until``, always in the same order."""
    booked = union_all(
        select(
            col(Payment.paid_at).label("booked_at"), col(Payment.id).label("id"),
            literal(LineKind.VIRTUAL_ACCOUNT.value).label("kind"),
            col(Payment.ntb).label("journal_no"), col(Payment.amount_idr).label("amount_idr"),
            col(Billing.virtual_account).label("virtual_account"),
            col(Payment.customer_name).label("party"), literal("").label("remark"),
        ).where(col(Payment.trx_id) == col(Billing.trx_id)),
        select(
            col(Transfer.booked_at), col(Transfer.id), col(Transfer.kind),
            col(Transfer.journal_no), _SIGNED, literal(""), col(Transfer.party),
            col(Transfer.remark),
        ),
    ).subquery()  # fmt: skip
    query = select(booked).where(booked.c.booked_at < until)
    if since is not None:
        query = query.where(booked.c.booked_at >= since)
    rows = await session.execute(query.order_by(booked.c.booked_at, booked.c.id))
    return [_line(row) for row in rows.mappings()]


async def balance_idr(session: Session, until: datetime | None = None) -> int:
    """Sum what was booked before ``until``."""
    paid = select(func.sum(col(Payment.amount_idr)))
    moved = select(func.sum(_SIGNED))
    if until is not None:
        paid = paid.where(col(Payment.paid_at) < until)
        moved = moved.where(col(Transfer.booked_at) < until)
    total = func.coalesce(paid.scalar_subquery(), 0) + func.coalesce(moved.scalar_subquery(), 0)
    return int((await session.execute(select(cast(total, BigInteger)))).scalar_one())


def _line(row: object) -> Line:
    facts = dict(row)  # type: ignore[call-overload]
    return Line(**{**facts, "id": str(facts["id"]), "kind": LineKind(facts["kind"])})
