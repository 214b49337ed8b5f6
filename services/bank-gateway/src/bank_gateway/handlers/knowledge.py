"""What an inquiry teaches us of an account: its state, and money nobody told us of."""

from datetime import datetime

from bank_gateway.domain.account import VaStatus, closes_by_itself
from bank_gateway.handlers import moves, renewal
from bank_gateway.handlers.attempt import Desk
from bank_gateway.handlers.confirming import confirm
from bank_gateway.handlers.doubts import settle_doubts
from bank_gateway.handlers.events import publish_inquiry
from bank_gateway.handlers.gaps import find_money
from bank_gateway.models import Call, VirtualAccount, WorkKind
from bank_gateway.store import account as accounts
from bank_gateway.store import work as works
from bni_protocol.fields import BillingState
from shared.database import Session


async def learn(
    account: VirtualAccount, state: BillingState, desk: Desk, session: Session
) -> datetime | None:
    """Bring an account in line with the bank's own record; the caller holds its lock.

    Gives when the bank should be asked again: money is missing that may still be told of, or a
    message in doubt may still show in the bank's record.
    """
    account.bank_status = "active" if state.active else "inactive"
    account.bank_paid_idr = state.paid_idr
    account.asked_at = session.clock.now()
    await confirm(account, state, session)
    missing = await find_money(state, desk, session)
    doubted = await settle_doubts(account, state.paid_idr, state.paid_at, session)
    await publish_inquiry(session, account, state)
    await _follow(account, state, desk, session)
    await works.revive_verifying(session, account.trx_id)
    return min((moment for moment in (missing, doubted) if moment), default=None)


async def learn_and_watch(
    account: VirtualAccount, state: BillingState, desk: Desk, session: Session
) -> None:
    """The same, and have the bank asked again where that is due."""
    again = await learn(account, state, desk, session)
    if again is not None:
        await works.add(session, WorkKind.WATCH, account.id, Call.INQUIRE, again)


async def _follow(
    account: VirtualAccount, state: BillingState, desk: Desk, session: Session
) -> None:
    if account.status != VaStatus.ACTIVE:
        return
    if state.active:
        await _compare_terms(account, state, session)
    elif closes_by_itself(account.kind, state.trx_amount_idr, state.paid_idr):
        await moves.to(session, account, VaStatus.PAID)
    else:
        await _ended(account, desk, session)


async def _ended(account: VirtualAccount, desk: Desk, session: Session) -> None:
    """The bank lets nobody pay any more, paid up or not; on its day, that is its end."""
    over = session.clock.now() >= account.expires_at and not account.wanted_closed
    await moves.to(session, account, VaStatus.EXPIRED if over else VaStatus.CANCELLED)
    if over:
        await renewal.reopen(account, desk.contract, session)


async def _compare_terms(account: VirtualAccount, state: BillingState, session: Session) -> None:
    """Show the amount that the bank really asks for, and correct it there if it is not ours."""
    await moves.change(session, account, amount_idr=state.trx_amount_idr)
    newest = await accounts.newest_version(session, account.id)
    if account.wanted_closed:
        call = Call.DEACTIVATE
        await works.add(session, WorkKind.DEACTIVATE, account.id, call, hurry=False)
    elif newest.amount_idr != state.trx_amount_idr:
        await works.add(session, WorkKind.UPDATE, account.id, Call.UPDATE, hurry=False)
    elif newest.expires_at == account.expires_at:
        await moves.change(session, account, trouble=None)  # the bank says what we say
