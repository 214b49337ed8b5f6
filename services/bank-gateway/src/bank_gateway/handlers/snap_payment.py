"""Taking a payment that SNAP BI tells of: one answer per number, in its transaction (C10, I1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bank_gateway.domain import conversation
from bank_gateway.domain.account import PAID_ONCE, VaStatus
from bank_gateway.domain.notice import Contradiction, Notice, Origin
from bank_gateway.domain.payment import PaymentStatus
from bank_gateway.domain.snap_notice import billed_idr, too_late
from bank_gateway.handlers.confirming import VERIFIED
from bank_gateway.handlers.events import record_foreign_name
from bank_gateway.handlers.quarantine import Claim, quarantine
from bank_gateway.handlers.taking import Outcome, take_or_doubt
from bank_gateway.models import Exchange, Payment, SnapAnswer, VirtualAccount
from bank_gateway.store import account as accounts
from bank_gateway.store import payment as payments
from bank_gateway.store import snap as store
from bank_gateway.store.snap import Key
from bank_gateway.vault import Vault
from bni_protocol.fields import is_account
from shared.database import Session, Sessions
from shared.principal import Principal
from snap_protocol import merchant, replies, signing
from snap_protocol.fields import NumberUsed, SnapProblem
from snap_protocol.merchant import Verdict
from snap_protocol.messages import PaymentRequest
from snap_protocol.receiving import Signed

_SYSTEM = Principal.system("bank-gateway")
_REPLAYED = "replayed"
_VERDICTS = {
    Contradiction.ACCOUNT: merchant.NOT_FOUND,
    Contradiction.CLOSED: merchant.CLOSED,
    Contradiction.EXPIRED: merchant.EXPIRED,
}
_TAKEN_BEFORE = frozenset({Contradiction.OVERLAP, Contradiction.KEY})


class Told(NamedTuple):
    """What the bank is told, and what became of its message."""

    outcome: str
    code: str
    body: bytes


class _Taken(NamedTuple):
    outcome: Outcome
    verdict: Verdict


class _AnsweredMeanwhile(Exception):
    """Somebody else answered the same number first; our transaction is undone."""


@dataclass(frozen=True, slots=True)
class _Message:
    """A payment that can be read, and the account that it is for, locked."""

    signed: Signed
    members: Mapping[str, object]
    told: PaymentRequest
    origin: Origin
    account: VirtualAccount | None

    @property
    def number(self) -> str:
        return self.told.identity.number

    @property
    def foreign_trx_id(self) -> str | None:
        """Give the name that the bank has of its own for what is our account by its number."""
        own = self.account.trx_id if self.account else self.told.trx_id
        return self.told.trx_id if self.told.trx_id not in {"", own} else None

    @property
    def holder_name(self) -> str:
        return self.account.bank_name if self.account else self.told.customer_name

    def notice(self, trx_id: str, billed: int) -> Notice:
        names = {"trx_id": trx_id, "holder_name": self.holder_name}
        return notice_of(self.signed, self.told, self.origin, billed=billed, **names)

    async def doubt(self, found: Contradiction, session: Session) -> None:
        trx_id = self.account.trx_id if self.account else self.told.trx_id
        claim = Claim(trx_id or "", self.number, self.told.paid_idr, self.told.paid_at)
        await quarantine(self.members, found, claim, self.origin, session)


@dataclass(frozen=True, slots=True)
class SnapPayments:
    """Takes the payments that one partner tells of; ``client_id`` is ours at the bank."""

    sessions: Sessions
    vault: Vault
    client_id: str
    partner_id: str

    async def take(self, signed: Signed, source: str) -> Told:
        """Store a payment that is proved to be the bank's, and answer after the commit (C1).

        Raises:
            SnapProblem: a field is not of its kind, or the number was used for another body.
            Malformed: no JSON object.
        """
        members = replies.parse_object(signed.body)
        origin = Origin(self.client_id, source)
        try:
            return await self._answer(signed, members, origin)
        except _AnsweredMeanwhile:
            return await self._answer(signed, members, origin)

    async def _answer(self, signed: Signed, members: Mapping[str, object], origin: Origin) -> Told:
        """Give the answer that is kept, else take the message and keep its answer with it.

        One that cannot be read is kept and refused; it does not use up its number (I2).
        """
        async with self.sessions.begin(_SYSTEM) as session:
            try:
                told = PaymentRequest.parse(members)
            except SnapProblem as found:
                problem = found
            else:
                account = await _lock_account(told, session)
                message = _Message(signed, members, told, origin, account)
                return await self._kept(signed, session) or await self._first(message, session)
            await self._kept(signed, session)
            contradiction = f"{Contradiction.FIELD}:{problem.name}"
            claim = Claim.read(members.get("trxId"), members.get("virtualAccountNo"))
            await quarantine(members, contradiction, claim, origin, session)
        raise problem

    async def _kept(self, signed: Signed, session: Session) -> Told | None:
        given = await store.answer(session, self.key(signed))
        if given is None:
            return None
        if given.body_hash != signing.body_hash(signed.body):
            raise NumberUsed("X-EXTERNAL-ID")
        return Told(_REPLAYED, given.code, given.answer)

    async def _first(self, message: _Message, session: Session) -> Told:
        taken = await _take(message, session)
        _, members = merchant.payment_answer(message.told, taken.verdict, message.holder_name)
        answer = Told(taken.outcome, str(members["responseCode"]), replies.serialise(members))
        if taken.outcome is not Outcome.QUARANTINED:
            await self._keep(message.signed, answer, session)
        if taken.outcome is not Outcome.REPEATED:
            session.add(self._exchange(message, answer, session))
        return answer

    async def _keep(self, signed: Signed, answer: Told, session: Session) -> None:
        kept = SnapAnswer(
            **self.key(signed)._asdict(),
            body_hash=signing.body_hash(signed.body),
            code=answer.code,
            answer=answer.body,
            answered_at=session.clock.now(),
        )
        if not await store.keep(session, kept):
            raise _AnsweredMeanwhile

    def key(self, signed: Signed) -> Key:
        return Key(self.partner_id, signed.day, signed.external_id)

    def _exchange(self, message: _Message, answer: Told, session: Session) -> Exchange:
        return Exchange(
            at=session.clock.now(),
            operation=conversation.SNAP_PAYMENT,
            trx_id=message.account.trx_id if message.account else message.told.trx_id,
            status=answer.code,
            facts=conversation.of_snap_payment(message.told, message.foreign_trx_id),
            sealed_sent=self.vault.seal(answer.body),
            sealed_received=self.vault.seal(message.signed.body),
        )


async def _lock_account(told: PaymentRequest, session: Session) -> VirtualAccount | None:
    """Lock the account that is meant, so that messages about it follow one another (K2).

    Money on a number of ours is ours, also when the bank has its own name for the transaction.
    """
    found = await accounts.account_of_trx(session, told.trx_id) if told.trx_id else None
    found = found or await accounts.account_of_number(session, told.identity.number)
    return await accounts.lock_account(session, found.id) if found else None


async def _take(message: _Message, session: Session) -> _Taken:
    client_id, request_id = message.origin.client_id, message.told.request_id
    past = await payments.payment_of_request(session, client_id, request_id)
    if past is not None:
        return await _told_again(message, past, session)
    if message.account is not None:
        return await _take_known(message, message.account, session)
    if not is_account(message.number):
        await message.doubt(Contradiction.ACCOUNT, session)
        return _Taken(Outcome.QUARANTINED, merchant.NOT_FOUND)
    notice = message.notice(message.told.trx_id or request_id, message.told.billed_idr or 0)
    taken = await take_or_doubt(notice, message.members, session)
    outcome = taken if isinstance(taken, Outcome) else Outcome.QUARANTINED
    return _Taken(outcome, merchant.NOT_FOUND)


async def _take_known(message: _Message, account: VirtualAccount, session: Session) -> _Taken:
    told = message.told
    amounts = await accounts.registered_amounts(session, account.id)
    newest = await accounts.newest_version(session, account.id)
    billed = billed_idr(account.kind, told.billed_idr, told.paid_idr, amounts)
    notice = message.notice(account.trx_id, billed)
    expires_at = max(account.expires_at, newest.expires_at)
    late = too_late(VaStatus(account.status), expires_at, notice.paid_at)
    taken = await take_or_doubt(notice, message.members, session, late)
    if isinstance(taken, Outcome):
        await _note_foreign_name(message, taken, session)
        return _Taken(taken, merchant.DONE)
    return _Taken(Outcome.QUARANTINED, _verdict(taken, account))


async def _note_foreign_name(message: _Message, taken: Outcome, session: Session) -> None:
    """Keep as evidence that the payment came under a transaction id that is not ours."""
    if message.foreign_trx_id is None or taken is not Outcome.RECEIVED:
        return
    client_id, request_id = message.origin.client_id, message.told.request_id
    payment = await payments.payment_of_request(session, client_id, request_id)
    assert payment is not None  # it has just been taken under this name
    record_foreign_name(session, payment, message.foreign_trx_id)


async def _told_again(message: _Message, past: Payment, session: Session) -> _Taken:
    """Answer for a payment that we have, whatever number the message came under (C3).

    Other data under its name changes nothing; the code for it means success to a payer, so it is
    only given for a payment that we took.
    """
    told = message.told
    taken = past.status == PaymentStatus.RECEIVED or past.verification == VERIFIED
    facts = (past.virtual_account, past.amount_idr)
    same = facts == (message.number, told.paid_idr)
    if not same or told.cumulative_idr not in {None, past.cumulative_idr}:
        await message.doubt(Contradiction.KEY, session)
        return _Taken(Outcome.QUARANTINED, merchant.INCONSISTENT if taken else merchant.NOT_FOUND)
    return _Taken(Outcome.REPEATED, merchant.DONE if taken else merchant.NOT_FOUND)


def notice_of(
    signed: Signed,
    told: PaymentRequest,
    origin: Origin,
    *,
    trx_id: str,
    billed: int,
    holder_name: str,
) -> Notice:
    """Read a message as a notice; what it may leave out is its own name and time."""
    return Notice(
        origin=origin,
        trx_id=trx_id,
        virtual_account=told.identity.number,
        payer_name=told.customer_name or holder_name,
        billed_idr=billed,
        amount_idr=told.paid_idr,
        cumulative_idr=told.cumulative_idr,
        payment_ntb=told.journal_no or told.request_id,
        paid_at=told.paid_at or signed.signed_at,
        request_id=told.request_id,
    )


def _verdict(found: Contradiction, account: VirtualAccount) -> Verdict:
    if found in _VERDICTS:
        return _VERDICTS[found]
    paid = account.status == VaStatus.PAID or (account.kind in PAID_ONCE and found in _TAKEN_BEFORE)
    return merchant.PAID if paid else merchant.OTHER_AMOUNT
