"""``/simulate/...``: a payer, the bank's records and its faults, for programs."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from bni_protocol.codes import MESSAGES
from bni_sandbox.api.context import Sandbox, sandbox
from bni_sandbox.api.inputs import AccountNumber, Moment, searchable
from bni_sandbox.domain.faults import Faults
from bni_sandbox.domain.refusal import Refused
from bni_sandbox.handlers import payment as handlers
from bni_sandbox.handlers.payment import Offer
from bni_sandbox.models import Billing, Delivery, Payment
from bni_sandbox.store import billing as store
from bni_sandbox.store import delivery as deliveries
from bni_sandbox.store import records
from shared.errors import Conflict, NotFound
from shared.ids import new_id
from shared.money import PositiveIdr

router = APIRouter(prefix="/simulate")
MANY = 500
_CALLBACK = {deliveries.DELIVERED: "delivered", deliveries.WITHHELD: "withheld"}


class PaymentNotTaken(Conflict):
    """The paying channel refuses this payment."""

    detail = "Bank menolak pembayaran: {code} {reason}"


class SnapNotSpoken(Conflict):
    """Nobody can be asked: eCollection knows no inquiry of the bank."""

    detail = "Bank uji ini tidak memakai SNAP. Jalankan dengan BNI_PROTOCOL=snap."


class Pay(BaseModel):
    """Money a payer brings; ``paid_at`` moves the bank's own time of the payment."""

    model_config = ConfigDict(extra="forbid")

    virtual_account: AccountNumber
    amount_idr: PositiveIdr
    paid_at: Moment | None = None

    def offer(self) -> Offer:
        return Offer(self.virtual_account, self.amount_idr, self.paid_at)


class PayMany(BaseModel):
    """A bulk of payments; each stands for itself."""

    model_config = ConfigDict(extra="forbid")

    payments: Annotated[list[Pay], Field(min_length=1, max_length=MANY)]


class Again(BaseModel):
    """How often a notification is sent again."""

    model_config = ConfigDict(extra="forbid")

    times: Annotated[int, Field(ge=1, le=10)] = 1


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
    return await take(sandbox(request), body.offer())


async def take(bank: Sandbox, offer: Offer) -> Paid:
    """Take a payment, then make the first try of its notification.

    Raises:
        PaymentNotTaken: with the bank's reason; nothing happened.
    """
    faults = await bank.knobs.read()
    try:
        async with bank.sessions.begin(bank.principal) as session:
            payment, billing = await handlers.pay(offer, session)
            delivery = await handlers.announce(payment, billing, faults, bank.knobs.chance, session)
            now = handlers.lease_at_once(delivery, session)
    except Refused as refused:
        raise PaymentNotTaken(code=refused.status, reason=refused.message) from refused
    if not now:
        return _paid(payment, "withheld")
    await bank.sender.send(delivery)
    return _paid(payment, _CALLBACK.get(delivery.state, "failed"))


class Asked(BaseModel):
    """The account that a payer has typed in."""

    model_config = ConfigDict(extra="forbid")

    virtual_account: AccountNumber


@router.post("/inquire")
async def inquire(body: Asked, request: Request) -> dict[str, Any]:
    """Ask the client over SNAP what a payer of this account would pay (24); give his answer."""
    bank = sandbox(request)
    if bank.snap is None:
        raise SnapNotSpoken
    now = bank.sessions.clock.now()
    try:
        reply = await bank.snap.inquire(body.virtual_account, new_id().hex, now)
    except ValueError:
        raise NotFound from None
    return dict(reply.members)


@router.post("/pay-many")
async def pay_many(body: PayMany, request: Request) -> list[dict[str, Any]]:
    """Pay many accounts in one transaction; the notifications follow in the background."""
    bank = sandbox(request)
    faults = await bank.knobs.read()
    told: list[dict[str, Any]] = []
    async with bank.sessions.begin(bank.principal) as session:
        outcomes = await handlers.pay_many([each.offer() for each in body.payments], session)
        for outcome in outcomes:
            if isinstance(outcome, Refused):
                told.append({"code": outcome.status, "reason": outcome.message})
                continue
            delivery = await handlers.announce(*outcome, faults, bank.knobs.chance, session)
            callback = _CALLBACK.get(delivery.state, "queued")
            told.append(_paid(outcome[0], callback).model_dump(mode="json"))
    return told


def _paid(payment: Payment, callback: str) -> Paid:
    return Paid(
        payment_id=payment.id,
        trx_id=payment.trx_id,
        payment_ntb=payment.ntb,
        cumulative_payment_amount=payment.cumulative_idr,
        callback=callback,
    )


@router.get("/payments")
async def payments(request: Request, search: str = "", limit: int = 100) -> list[dict[str, Any]]:
    """List payments, newest first, each with its notifications and how they went."""
    bank = sandbox(request)
    async with bank.sessions.begin(bank.principal) as session:
        found = await store.newest_payments(session, searchable(search), min(max(limit, 1), 1000))
        sent = await deliveries.of_payments(session, [payment.id for payment, _ in found])
    return [_payment(payment, billing, sent.get(payment.id, [])) for payment, billing in found]


def _payment(payment: Payment, billing: Billing, sent: list[Delivery]) -> dict[str, Any]:
    shown = {"state", "attempts", "due_at", "ended_at", "answer"}
    return {
        **payment.model_dump(mode="json", exclude={"made_at"}),
        "virtual_account": billing.virtual_account,
        "notifications": [delivery.model_dump(mode="json", include=shown) for delivery in sent],
    }


@router.post("/payments/{payment_id}/notify")
async def notify(payment_id: UUID, body: Again, request: Request) -> dict[str, int]:
    """Send the notification of a payment again, whatever became of it; faults may strike."""
    bank = sandbox(request)
    async with bank.sessions.begin(bank.principal) as session:
        queued = await handlers.announce_again(payment_id, body.times, session)
    if not queued:
        raise NotFound
    return {"queued": queued}


@router.get("/billings")
async def billings(
    request: Request, virtual_account: AccountNumber | None = None, search: str = ""
) -> list[dict[str, Any]]:
    """List what the bank knows, newest first: an inquiry's fields and the status."""
    bank = sandbox(request)
    async with bank.sessions.begin(bank.principal) as session:
        found = await store.billings(session, virtual_account, searchable(search))
        return [_facts(billing, bank, session.clock.now()) for billing in found]


def _facts(billing: Billing, bank: Sandbox, now: datetime) -> dict[str, Any]:
    status = billing.touch(now)
    return {**billing.inquiry(bank.contract.key.client_id), "status": status}


@router.get("/requests")
async def requests(request: Request) -> list[dict[str, Any]]:
    """List what the client asked and was told, in order, and which fault struck."""
    bank = sandbox(request)
    async with bank.sessions.begin(bank.principal) as session:
        found = await records.requests(session)
    return [each.model_dump(include={"operation", "trx_id", "status", "fault"}) for each in found]


@router.get("/faults")
async def faults_in_force(request: Request) -> Faults:
    return await sandbox(request).knobs.read()


@router.put("/faults")
async def set_faults(body: Faults, request: Request) -> Faults:
    """Replace all faults; ``{}`` clears them."""
    await sandbox(request).knobs.write(body)
    return body


@router.post("/reset", status_code=204)
async def reset(request: Request) -> None:
    """Forget every billing, payment, notification, transfer and request; faults stay."""
    bank = sandbox(request)
    async with bank.sessions.begin(bank.principal) as session:
        await records.forget_everything(session)


@router.get("/codes")
async def codes() -> dict[str, str]:
    """List the status codes with the bank's words."""
    return MESSAGES
