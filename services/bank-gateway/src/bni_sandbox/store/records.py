"""What the sandbox remembers beside billings: requests, faults; and how it forgets everything."""

from datetime import date, datetime

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from bni_protocol.fields import Operation
from bni_sandbox.domain.faults import Faults
from bni_sandbox.models import (
    Billing,
    Delivery,
    ExternalId,
    FaultSettings,
    Payment,
    Request,
    Transfer,
)
from shared.database import Session
from snap_protocol.messages import INQUIRE


async def inquiries_since(session: Session, since: datetime) -> int:
    """Count inquiries, whichever protocol they came over."""
    query = select(func.count()).where(
        col(Request.operation).in_([Operation.INQUIRE, INQUIRE.name]), col(Request.at) > since
    )
    return (await session.exec(query)).one()


async def requests(session: Session) -> list[Request]:
    return list((await session.exec(select(Request).order_by(col(Request.id)))).all())


async def newest_requests(session: Session, search: str, limit: int) -> list[Request]:
    query = select(Request).order_by(col(Request.id).desc()).limit(limit)
    if search:
        query = query.where(col(Request.trx_id).contains(search, autoescape=True))
    return list((await session.exec(query)).all())


async def claim_number(session: Session, partner_id: str, day: date, number: str) -> bool:
    """Take the number of a request; False when the client gave it before on this day."""
    row = ExternalId(partner_id=partner_id, day=day, number=number)
    claim = insert(ExternalId).values(row.model_dump()).on_conflict_do_nothing()
    claimed = await session.execute(claim.returning(col(ExternalId.number)))
    return claimed.first() is not None


async def read_faults(session: Session) -> Faults:
    row = await session.get(FaultSettings, 1)
    return Faults.model_validate(row.faults) if row else Faults()


async def write_faults(session: Session, faults: Faults) -> None:
    kept = faults.model_dump(mode="json", exclude_defaults=True)
    await session.merge(FaultSettings(id=1, faults=kept))


async def forget_everything(session: Session) -> None:
    """Empty the bank: billings, payments, notifications, transfers, requests."""
    for table in (Delivery, Payment, Billing, Transfer, Request, ExternalId):
        await session.execute(delete(table))
