"""``/simulate/statements`` and what appears there beside virtual accounts."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from bni_sandbox.api.context import Sandbox, sandbox
from bni_sandbox.api.inputs import Moment, Words
from bni_sandbox.domain.statement import LineKind, bni_direct_csv, mt940
from bni_sandbox.handlers import account as handlers
from bni_sandbox.handlers.account import Movement
from bni_sandbox.models import Transfer
from shared.clock import business_day
from shared.money import PositiveIdr

router = APIRouter(prefix="/simulate")
Format = Literal["mt940", "csv"]
_MADE = {"mt940": (mt940, "text/plain", "sta"), "csv": (bni_direct_csv, "text/csv", "csv")}


class Incoming(BaseModel):
    """Money that somebody transfers to the account itself."""

    model_config = ConfigDict(extra="forbid")

    amount_idr: PositiveIdr
    sender_name: Annotated[Words, StringConstraints(min_length=1)]
    remark: Words = ""
    at: Moment | None = None


class Outgoing(BaseModel):
    """Money that leaves the account; ``fee`` makes it the bank's own charge."""

    model_config = ConfigDict(extra="forbid")

    amount_idr: PositiveIdr
    receiver_name: Words = ""
    remark: Words = ""
    fee: bool = False
    at: Moment | None = None


class Booked(BaseModel):
    """A line that will be on the statement."""

    journal_no: str
    booked_at: AwareDatetime


@router.post("/transfers")
async def transfer(body: Incoming, request: Request) -> Booked:
    """Book a credit without a virtual account; nobody is notified."""
    movement = Movement(
        kind=LineKind.CREDIT,
        amount_idr=body.amount_idr,
        party=body.sender_name,
        remark=body.remark,
        booked_at=body.at,
    )
    return _booked(await book(sandbox(request), movement))


@router.post("/debits")
async def debit(body: Outgoing, request: Request) -> Booked:
    """Book a debit or a fee of the bank."""
    movement = Movement(
        kind=LineKind.FEE if body.fee else LineKind.DEBIT,
        amount_idr=body.amount_idr,
        party=body.receiver_name,
        remark=body.remark,
        booked_at=body.at,
    )
    return _booked(await book(sandbox(request), movement))


async def book(bank: Sandbox, movement: Movement) -> Transfer:
    async with bank.sessions.begin(bank.principal) as session:
        return await handlers.move(movement, bank.account, session)


def _booked(transfer: Transfer) -> Booked:
    return Booked(journal_no=transfer.journal_no, booked_at=transfer.booked_at)


@router.get("/statements")
async def statement(
    request: Request,
    from_on: Annotated[date | None, Query(alias="from")] = None,
    to_on: Annotated[date | None, Query(alias="to")] = None,
    shape: Annotated[Format, Query(alias="format")] = "csv",
) -> Response:
    """Give the account's statement of whole WIB days, both included; today where unsaid."""
    bank = sandbox(request)
    today = business_day(bank.sessions.clock.now())
    last = to_on or today
    period = (from_on or min(today, last), last)
    faults = await bank.knobs.read()
    async with bank.sessions.begin(bank.principal) as session:
        made = await handlers.statement(bank.account, period, faults, bank.knobs.chance, session)
    write, kind, ending = _MADE[shape]
    name = f"mutasi-{bank.account.number}-{period[0]:%Y%m%d}-{period[1]:%Y%m%d}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(write(made), media_type=kind, headers=headers)
