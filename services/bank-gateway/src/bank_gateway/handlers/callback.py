"""Taking an eCollection notification: read its members, then as any notice."""

from collections.abc import Mapping

from bank_gateway.domain.notice import Contradiction, Notice, Origin
from bank_gateway.handlers import taking
from bank_gateway.handlers.quarantine import Claim, quarantine, storable
from bank_gateway.handlers.taking import Outcome
from bni_protocol.fields import FieldProblem, Notification
from shared.database import Session


async def take(members: Mapping[str, object], origin: Origin, session: Session) -> Outcome:
    """Store a decoded notification in the caller's transaction (C2 to C6)."""
    try:
        notification = Notification.parse(members)
    except FieldProblem as problem:
        found = f"{Contradiction.FIELD}:{problem.name}"
        claim = Claim.read(members.get("trx_id"), members.get("virtual_account"))
        await quarantine(members, found, claim, origin, session)
        return Outcome.QUARANTINED
    return await taking.take(notice_of(notification, origin), members, session)


def notice_of(notification: Notification, origin: Origin) -> Notice:
    return Notice(
        origin=origin,
        trx_id=notification.trx_id,
        virtual_account=notification.virtual_account,
        payer_name=storable(notification.customer_name),
        billed_idr=notification.trx_amount_idr,
        amount_idr=notification.payment_amount_idr,
        cumulative_idr=notification.cumulative_idr,
        payment_ntb=notification.payment_ntb,
        paid_at=notification.paid_at,
    )
