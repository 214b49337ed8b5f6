"""Presenting a bill to the bank before it takes money for it (SNAP BI, 5.4)."""

from bank_gateway.domain.account import VaStatus
from bank_gateway.domain.payable import Hindrance, Standing
from bank_gateway.models import VirtualAccount
from bank_gateway.store import account as accounts
from bank_gateway.store import payment as payments
from shared.database import Session
from snap_protocol import merchant
from snap_protocol.merchant import Bill, Verdict
from snap_protocol.messages import InquiryRequest

VERDICTS: dict[Hindrance, Verdict] = {
    Hindrance.UNKNOWN: merchant.NOT_FOUND,
    Hindrance.CLOSED: merchant.CLOSED,
    Hindrance.PAID: merchant.PAID,
    Hindrance.EXPIRED: merchant.EXPIRED,
}


async def present(asked: InquiryRequest, session: Session) -> merchant.Answer:
    """Say who holds the account and what is open; nothing changes, however often it is asked."""
    account = await accounts.account_of_number(session, asked.identity.number)
    if account is None:
        return merchant.inquiry_answer(asked, VERDICTS[Hindrance.UNKNOWN])
    standing = await _standing(account, session)
    hindrance = standing.hindrance(session.clock.now())
    if hindrance is not None:
        return merchant.inquiry_answer(asked, VERDICTS[hindrance])
    bill = Bill(
        holder_name=account.bank_name,
        open_idr=standing.open_idr,
        billing_type=account.kind,
    )
    return merchant.inquiry_answer(asked, merchant.DONE, bill)


async def _standing(account: VirtualAccount, session: Session) -> Standing:
    newest = await accounts.newest_version(session, account.id)
    return Standing(
        status=VaStatus(account.status),
        kind=account.kind,
        wanted_closed=account.wanted_closed,
        asked_idr=newest.amount_idr,
        paid_idr=await payments.known_total_idr(session, account.trx_id),
        owed_idr=await accounts.open_idr(session, account),
        expires_at=newest.expires_at,
    )
