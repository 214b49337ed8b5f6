"""What ends the doubt about a message: the bank's own record, once it is ours as well (C6, R2)."""

from datetime import datetime

from bank_gateway.domain.doubt import outcome, speaks_at
from bank_gateway.handlers.events import publish_notice
from bank_gateway.models import INQUIRY, Payment, QuarantinedNotice, VirtualAccount
from bank_gateway.store import payment as payments
from shared import audit
from shared.contracts.bank_gateway import NoticeSettled
from shared.database import Session


async def settle_doubts(
    account: VirtualAccount, paid_idr: int, last_paid_at: datetime | None, session: Session
) -> datetime | None:
    """Settle the messages in quarantine once the bank holds no more than we know (C6, R2).

    Other news of the account settles nothing: the money that a message meant may be missing still.
    Their money may also show in the bank's record a little later. Gives when to look again then.

    Args:
        paid_idr, last_paid_at: the bank's total of the account, and when it last grew.
    """
    doubted = await payments.lock_doubted(session, account.id)
    if not doubted:
        return None
    now, again = session.clock.now(), []
    first_seen_at = min(notice.first_seen_at for notice in doubted)
    since = await payments.received_since(session, account.trx_id, first_seen_at)
    agrees = await payments.known_total_idr(session, account.trx_id) == paid_idr
    for notice in doubted:
        told_at = speaks_at(notice.last_seen_at, notice.paid_at, last_paid_at)
        if told_at > now:
            again.append(told_at)
        elif agrees:
            await _settle(notice, account, since, session)
    return min(again, default=None)


async def _settle(
    notice: QuarantinedNotice, account: VirtualAccount, since: list[Payment], session: Session
) -> None:
    later = [each for each in since if each.received_at >= notice.first_seen_at]
    came = [each.paid_at for each in later if each.source != INQUIRY]
    ended = outcome(notice.paid_at, came, is_found=len(came) < len(later))
    await payments.reject(session, notice.id)
    audit.record(
        session,
        action="payment.rejected",
        object_type="quarantined_notice",
        object_id=notice.id,
        before={"contradiction": notice.contradiction, "trx_id": notice.trx_id},
        after={"outcome": ended},
    )
    publish_notice(session, notice, account, NoticeSettled, outcome=ended)
