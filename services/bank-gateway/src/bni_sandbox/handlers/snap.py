"""SNAP requests of a client, carried out on the same billings as eCollection's."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bni_protocol import moments
from bni_sandbox.domain import snap
from bni_sandbox.domain.billing import BillingStatus
from bni_sandbox.domain.chance import Chance
from bni_sandbox.domain.faults import Faults
from bni_sandbox.domain.snap import Period, SnapRefused
from bni_sandbox.handlers import billing as handlers
from bni_sandbox.handlers.billing import Contract
from bni_sandbox.models import Billing, Payment
from bni_sandbox.store import billing as store
from shared.database import Session
from snap_protocol import fields, messages
from snap_protocol.codes import Service
from snap_protocol.fields import Identity, Members
from snap_protocol.messages import Call

Answer = dict[str, object]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a request is answered with besides a session."""

    contract: Contract
    faults: Faults
    chance: Chance

    @property
    def service_id(self) -> str:
        """Give what every account number of the client begins with."""
        return self.contract.prefix + self.contract.key.client_id


async def serve(call: Call, members: Members, desk: Desk, session: Session) -> Answer:
    """Carry out one request whose sender is known, and give what the answer adds to its code.

    Raises:
        SnapRefused, SnapProblem, Refused: the caller rolls back.
    """
    return await _SERVICES[call.service](members, desk, session)


async def _create(members: Members, desk: Desk, session: Session) -> Answer:
    agreed, now = desk.contract.agreement, session.clock.now()
    kind, asked = snap.creation(members, agreed, now=now)
    billing = await handlers.register(kind, asked, desk.contract, session)
    return {"virtualAccountData": _account(billing, desk)}


async def _update(members: Members, desk: Desk, session: Session) -> Answer:
    asked = snap.change(members, desk.contract.agreement, now=session.clock.now())
    await _meant(members, session)
    billing = await handlers.overwrite(asked, session)
    return {"virtualAccountData": _account(billing, desk)}


async def _update_status(members: Members, desk: Desk, session: Session) -> Answer:
    """Close a billing that was paid elsewhere, or open it again."""
    fields.required(members, "trxId", fields.TRX_ID_MAX)
    billing = await _meant(members, session, deleted=True)
    if snap.paid_flag(members):
        handlers.close(billing, session)
    elif billing.status == BillingStatus.INACTIVE and billing.expires_at > session.clock.now():
        await handlers.vacate(billing.virtual_account, session)
        billing.status, billing.updated_at = BillingStatus.ACTIVE, session.clock.now()
    return {"virtualAccountData": _account(billing, desk)}


async def _inquire(members: Members, desk: Desk, session: Session) -> Answer:
    await handlers.limit_inquiries(desk.contract, session)
    fields.required(members, "trxId", fields.TRX_ID_MAX)
    billing = await _meant(members, session)
    billing.touch(session.clock.now())
    return {"virtualAccountData": _account(billing, desk)}


async def _delete(members: Members, desk: Desk, session: Session) -> Answer:
    billing = await _meant(members, session)
    handlers.close(billing, session)
    identity = Identity.of(billing.virtual_account, desk.service_id)
    return {"virtualAccountData": {**identity.members(), "trxId": billing.trx_id}}


async def _status(members: Members, desk: Desk, session: Session) -> Answer:
    """Tell the last payment of an account."""
    billing = await _meant(members, session, deleted=True)
    payments = await store.payments_of(session, billing.trx_id)
    shown = [payment for payment in payments if not _omitted(payment, desk)]
    if not shown:
        raise SnapRefused(404, 1)
    row = _payment(shown[-1], billing, desk)
    told = {**row, "transactionDate": row.pop("trxDateTime")}
    told.pop("cumulativePaymentAmount")
    return {"virtualAccountData": told}


async def _report(members: Members, desk: Desk, session: Session) -> Answer:
    """List the payments of a period; the standard spells their field with a small d."""
    given = fields.required(members, "partnerServiceId", fields.SERVICE_ID_WIDTH)
    if given.strip() != desk.service_id:
        raise SnapRefused(404, 16)
    period = Period.parse(members)
    found = await store.payments_between(session, period.since, period.until)
    rows = [
        _payment(payment, billing, desk)
        for payment, billing in found
        if not _omitted(payment, desk)
    ]
    return {"virtualAccountdata": rows}


_SERVICES: dict[Service, Callable[[Members, Desk, Session], Awaitable[Answer]]] = {
    Service.CREATE: _create,
    Service.UPDATE: _update,
    Service.UPDATE_STATUS: _update_status,
    Service.INQUIRE: _inquire,
    Service.DELETE: _delete,
    Service.STATUS: _status,
    Service.REPORT: _report,
}
CALLS = {
    call.name: call
    for call in (
        messages.CREATE, messages.UPDATE, messages.UPDATE_STATUS, messages.INQUIRE,
        messages.DELETE, messages.STATUS, messages.REPORT,
    )
}  # fmt: skip


async def _meant(members: Members, session: Session, *, deleted: bool = False) -> Billing:
    """Find the billing by account and id; one that was deleted is not there any more."""
    number = Identity.parse(members).number
    asked = fields.text(members, "trxId", fields.TRX_ID_MAX)
    newest = await store.lock_newest_of_account(session, number)
    if newest is None:
        raise SnapRefused(404, 12)
    billing = await store.lock_billing(session, asked) if asked else newest
    if billing is None or billing.virtual_account != number:
        raise SnapRefused(404, 1)
    if billing.status == BillingStatus.INACTIVE and not deleted:
        raise SnapRefused(404, 12)
    return billing


def _omitted(payment: Payment, desk: Desk) -> bool:
    return desk.chance.settled(desk.faults.statement_omit, "report", str(payment.id))


def _account(billing: Billing, desk: Desk) -> Answer:
    facts: Answer = {
        **Identity.of(billing.virtual_account, desk.service_id).members(),
        "virtualAccountName": billing.customer_name,
        "virtualAccountEmail": billing.customer_email,
        "virtualAccountPhone": billing.customer_phone,
        "trxId": billing.trx_id,
        "totalAmount": fields.amount(billing.trx_amount_idr),
        "virtualAccountTrxType": billing.billing_type.upper(),
        "expiredDate": moments.iso(billing.expires_at),
        "lastUpdateDate": moments.iso(billing.updated_at),
        "additionalInfo": {"description": billing.description},
    }
    if billing.paid_at is not None:
        facts["paymentDate"] = moments.iso(billing.paid_at)
    return facts


def _payment(payment: Payment, billing: Billing, desk: Desk) -> Answer:
    return {
        **Identity.of(billing.virtual_account, desk.service_id).members(),
        "virtualAccountName": payment.customer_name,
        "trxId": payment.trx_id,
        "paymentRequestId": payment.id.hex,
        "paidAmount": fields.amount(payment.amount_idr),
        "cumulativePaymentAmount": fields.amount(payment.cumulative_idr),
        "totalAmount": fields.amount(billing.trx_amount_idr),
        "trxDateTime": moments.iso(payment.paid_at),
        "journalNum": payment.ntb,
        "paymentFlagStatus": "00",
    }
