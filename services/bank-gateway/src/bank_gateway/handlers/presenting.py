"""Presenting a bill to the bank before it takes money for it (SNAP BI, 5.4)."""

from dataclasses import dataclass
from typing import NamedTuple

from bank_gateway.domain import conversation
from bank_gateway.domain.account import VaStatus
from bank_gateway.domain.payable import Hindrance, Standing
from bank_gateway.models import Exchange, VirtualAccount
from bank_gateway.store import account as accounts
from bank_gateway.store import payment as payments
from bank_gateway.vault import Vault
from shared.database import Session, Sessions
from shared.principal import Principal
from snap_protocol import merchant, replies
from snap_protocol.merchant import Bill, Verdict
from snap_protocol.messages import InquiryRequest

_SYSTEM = Principal.system("bank-gateway")

VERDICTS: dict[Hindrance, Verdict] = {
    Hindrance.UNKNOWN: merchant.NOT_FOUND,
    Hindrance.CLOSED: merchant.CLOSED,
    Hindrance.PAID: merchant.PAID,
    Hindrance.EXPIRED: merchant.EXPIRED,
}


class Answered(NamedTuple):
    """What the bank is answered, in bytes that are kept as they are sent."""

    code: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Presenter:
    """Answers for our accounts, and keeps what was said, sealed (C9)."""

    sessions: Sessions
    vault: Vault

    async def answer(self, asked: InquiryRequest, body: bytes) -> Answered:
        """Say who holds the account and what is open; no account changes, however often."""
        async with self.sessions.begin(_SYSTEM) as session:
            account = await accounts.account_of_number(session, asked.identity.number)
            verdict, bill = await _judge(account, session)
            _, members = merchant.inquiry_answer(asked, verdict, bill)
            answered = Answered(str(members["responseCode"]), replies.serialise(members))
            session.add(
                Exchange(
                    at=session.clock.now(),
                    operation=conversation.SNAP_INQUIRY,
                    trx_id=account.trx_id if account else "",
                    status=answered.code,
                    facts=conversation.of_snap_inquiry(bill),
                    sealed_sent=self.vault.seal(answered.body),
                    sealed_received=self.vault.seal(body),
                )
            )
        return answered


async def _judge(account: VirtualAccount | None, session: Session) -> tuple[Verdict, Bill | None]:
    if account is None:
        return VERDICTS[Hindrance.UNKNOWN], None
    standing = await _standing(account, session)
    hindrance = standing.hindrance(session.clock.now())
    if hindrance is not None:
        return VERDICTS[hindrance], None
    bill = Bill(
        holder_name=account.bank_name,
        open_idr=standing.open_idr,
        billing_type=account.kind,
    )
    return merchant.DONE, bill


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
