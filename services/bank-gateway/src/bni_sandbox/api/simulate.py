"""``/simulate/...``: a payer, the bank's records and its faults, for programs."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from bni_protocol.codes import MESSAGES
from bni_sandbox import handlers, store
from bni_sandbox.api.context import Sandbox, sandbox
from bni_sandbox.domain.faults import Faults
from bni_sandbox.domain.refusal import Refused
from bni_sandbox.models import Billing
from shared.errors import Conflict
from shared.money import PositiveIdr

router = APIRouter(prefix="/simulate")
AccountNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,16}$")]
_CALLBACK = {store.DELIVERED: "delivered", store.WITHHELD: "withheld"}


class PaymentNotTaken(Conflict):
    """The paying channel refuses this payment."""

    detail = "Bank menolak pembayaran: {code} {reason}"


class Pay(BaseModel):
    """Money a payer brings; ``paid_at`` moves the bank's own time of the payment."""

    model_config = ConfigDict(extra="forbid")

    virtual_account: AccountNumber
    amount_idr: PositiveIdr
    paid_at: AwareDatetime | None = None


class Paid(BaseModel):
    """How the payment went, and whether the client has acknowledged it."""

    payment_id: UUID
    trx_id: str
    payment_ntb: str
    cumulative_payment_amount: int
    callback: str


@router.post("/pay")
async def pay(body: Pay, request: Request) -> Paid:
    """Pay a virtual account as a payer would, and send the notification."""
    return await take(sandbox(request), body.virtual_account, body.amount_idr, body.paid_at)


async def take(
    bank: Sandbox, number: str, amount_idr: int, paid_at: datetime | None = None
) -> Paid:
    """Take a payment, then make the first try of its notification.

    Raises:
        PaymentNotTaken: with the bank's reason; nothing happened.
    """
    try:
        async with bank.sessions.begin(bank.principal) as session:
            faults = await store.read_faults(session)
            payment, billing = await handlers.pay(number, amount_idr, paid_at, session)
            delivery = await handlers.announce(payment, billing, faults, bank.chance, session)
    except Refused as refused:
        raise PaymentNotTaken(code=refused.status, reason=refused.message) from refused
    callback = "withheld"
    if delivery.leased_until is not None:
        callback = _CALLBACK.get(await bank.sender.send(delivery), "failed")
    return Paid(
        payment_id=payment.id,
        trx_id=payment.trx_id,
        payment_ntb=payment.ntb,
        cumulative_payment_amount=payment.cumulative_idr,
        callback=callback,
    )


@router.get("/billings")
async def billings(
    request: Request, virtual_account: AccountNumber | None = None
) -> list[dict[str, Any]]:
    """List what the bank knows, newest first: an inquiry's fields and the status."""
    bank = sandbox(request)
    async with bank.sessions.begin(bank.principal) as session:
        found = await store.billings(session, virtual_account)
        return [_facts(billing, bank) for billing in found]


def _facts(billing: Billing, bank: Sandbox) -> dict[str, Any]:
    status = billing.touch(bank.sessions.clock.now())
    return {**billing.inquiry(bank.contract.key.client_id), "status": status}


@router.get("/requests")
async def requests(request: Request) -> list[dict[str, Any]]:
    """List what the client asked and was told, in order."""
    bank = sandbox(request)
    async with bank.sessions.begin(bank.principal) as session:
        found = await store.requests(session)
    return [{"operation": r.operation, "trx_id": r.trx_id, "status": r.status} for r in found]


@router.get("/faults")
async def faults_in_force(request: Request) -> Faults:
    bank = sandbox(request)
    async with bank.sessions.begin(bank.principal) as session:
        return await store.read_faults(session)


@router.put("/faults")
async def set_faults(body: Faults, request: Request) -> Faults:
    """Replace all faults; ``{}`` clears them."""
    bank = sandbox(request)
    async with bank.sessions.begin(bank.principal) as session:
        await store.write_faults(session, body)
    return body


@router.get("/codes")
async def codes() -> dict[str, str]:
    """List the status codes with the bank's words."""
    return MESSAGES
