"""The bank port over SNAP BI."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bank_gateway.domain.bank import Finding, Inquiry, Outcome
from bank_gateway.snap_line import Exchanged, Line
from bni_protocol.codes import Answer
from bni_protocol.fields import Billing, BillingState
from snap_protocol import messages, state
from snap_protocol.codes import Code, Service, classify
from snap_protocol.fields import Identity, SnapProblem
from snap_protocol.messages import Call
from snap_protocol.state import Account, Money, Row

NEAR = timedelta(minutes=1)  # a report counts in minutes
EARLIER = timedelta(minutes=5)  # the bank's clock may be behind ours
_KEPT_BYTES = 64 * 1024
_GONE = frozenset({(404, 1), (404, 12)})
_UNKNOWN = frozenset({(404, 1), (404, 11), (404, 12)})
_OVER = frozenset({(404, 14), (404, 19)})
_NO_SUCH_NUMBER = frozenset({(404, 0), (404, 1), (404, 11), (404, 12), (404, 19)})
_LIMITS = frozenset({(403, 4), (403, 20), (429, 0)})


@dataclass(slots=True)
class _Talk:
    """The calls that one question to the bank took."""

    line: Line
    calls: list[Exchanged] = field(default_factory=list)

    async def ask(self, call: Call, members: Mapping[str, object]) -> Exchanged:
        found = await self.line.ask(call, members)
        self.calls.append(found)
        return found

    def kept(self, outcome: Outcome) -> Outcome:
        """Add what was said on both sides, for the sealed record."""
        sent = b"\n".join(call.sent for call in self.calls)[:_KEPT_BYTES]
        received = b"\n".join(call.received for call in self.calls)[:_KEPT_BYTES]
        return replace(outcome, sent=sent, received=received)


@dataclass(frozen=True, slots=True)
class Snap:
    """Keeps accounts by services 26 to 31 and 35."""

    line: Line

    async def create(self, billing: Billing) -> Outcome:
        return await self._register(messages.CREATE, billing)

    async def update(self, billing: Billing) -> Outcome:
        return await self._register(messages.UPDATE, billing)

    async def deactivate(self, trx_id: str, virtual_account: str) -> Outcome:
        """Delete the account; a bank that deletes nothing is told that it is paid for.

        An account that is not there any more is what was asked for.
        """
        identity = self._identity(virtual_account)
        if identity is None:
            return Outcome(Answer.REFUSED)
        talk = _Talk(self.line)
        found = await talk.ask(messages.DELETE, messages.billing_request(identity, trx_id))
        if found.code is not None and found.code.http == 405:
            said = messages.paid_status(identity, trx_id, paid=True)
            found = await talk.ask(messages.UPDATE_STATUS, said)
        outcome = outcome_of(found)
        if found.code is not None and found.code.kind in _GONE:
            outcome = replace(outcome, answer=Answer.DONE)
        return talk.kept(replace(outcome, virtual_account=virtual_account))

    async def inquire(self, inquiry: Inquiry) -> Outcome:
        """Ask for the account, then for its money, which no single service tells."""
        identity = self._identity(inquiry.virtual_account)
        if identity is None:
            return Outcome(Answer.ASK, finding=Finding.NOT_FOUND)
        talk = _Talk(self.line)
        asked = messages.billing_request(identity, inquiry.trx_id)
        found = await talk.ask(messages.INQUIRE, asked)
        outcome = outcome_of(found)
        try:
            if outcome.answer is Answer.DONE:
                known = await self._state(found, identity, inquiry, talk)
                outcome = replace(outcome, state=known) if known else _later(outcome)
            elif found.code is not None and found.code.kind in _OVER:
                outcome = await self._after_end(outcome, identity, inquiry, talk)
            elif outcome.not_found and inquiry.paid_at is not None:
                outcome = await self._after_deletion(outcome, identity, inquiry, talk)
        except SnapProblem:
            outcome = _later(outcome)
        return talk.kept(outcome)

    async def _register(self, call: Call, billing: Billing) -> Outcome:
        service_id = self.line.agreement.service_id
        if self._identity(billing.virtual_account) is None:
            return Outcome(Answer.REFUSED)
        talk = _Talk(self.line)
        found = await talk.ask(call, messages.account_request(billing, service_id))
        outcome = outcome_of(found)
        if outcome.answer is not Answer.DONE:
            return talk.kept(outcome)
        try:
            number = Identity.parse(found.reply.data).number
        except SnapProblem:
            return talk.kept(_later(outcome))
        if (found.reply.data.get("trxId"), number) != (billing.trx_id, billing.virtual_account):
            return talk.kept(_later(outcome))
        return talk.kept(replace(outcome, virtual_account=number))

    async def _state(
        self, found: Exchanged, identity: Identity, inquiry: Inquiry, talk: _Talk
    ) -> BillingState | None:
        """Put the bank's record together; None while it does not hang together."""
        account = Account.parse(found.reply.data)
        if (account.number, account.trx_id) != (inquiry.virtual_account, inquiry.trx_id):
            return None
        now = self.line.clock.now()
        if account.last_paid_at is None:
            return account.state(inquiry.trx_id, None, now)
        if account.paid_once:
            money = await self._only_payment(identity, inquiry, talk)
            if money is not None:
                return account.state(inquiry.trx_id, money, now)
        rows, money = await self._payments(account.last_paid_at, inquiry, talk)
        if not rows or rows[-1].paid_at < account.last_paid_at:  # its row is still on its way
            return None
        if money is None and account.paid_once:
            money = state.total(rows, whole=True)
        return account.state(inquiry.trx_id, money, now) if money else None

    async def _only_payment(
        self, identity: Identity, inquiry: Inquiry, talk: _Talk
    ) -> Money | None:
        """Ask service 26 for the payment of an account that is paid once; not every bank has it."""
        asked = messages.billing_request(identity, inquiry.trx_id)
        found = await talk.ask(messages.STATUS, asked)
        if outcome_of(found).answer is not Answer.DONE:
            return None
        rows = state.of_billing([found.reply.data], inquiry.virtual_account, inquiry.trx_id)
        return state.total(rows, whole=True)

    async def _after_deletion(
        self, outcome: Outcome, identity: Identity, inquiry: Inquiry, talk: _Talk
    ) -> Outcome:
        """Look for the money of an account that is gone: a deleted one may have been paid before.

        Only what a report does not know either was never there.
        """
        assert inquiry.paid_at is not None
        rows, money = await self._payments(inquiry.paid_at, inquiry, talk)
        if rows is None:
            return _later(outcome)
        if not rows:
            return outcome
        billed_idr = rows[-1].billed_idr
        if money is None or billed_idr is None:
            return _later(outcome)
        known = BillingState(
            trx_id=inquiry.trx_id,
            virtual_account=identity.number,
            trx_amount_idr=billed_idr,
            paid_idr=money.paid_idr,
            active=False,
            payment_ntb=money.journal_no,
            paid_at=money.paid_at,
        )
        return replace(outcome, answer=Answer.DONE, finding=None, state=known)

    async def _after_end(
        self, outcome: Outcome, identity: Identity, inquiry: Inquiry, talk: _Talk
    ) -> Outcome:
        """Look for the money of an account of which the bank only says that it is over."""
        if inquiry.since is None:
            return _later(outcome)
        until = self.line.clock.now() + NEAR
        rows = await self._report(inquiry.since - EARLIER, until, inquiry, talk)
        money = state.total(rows, whole=True) if rows else None
        if rows is None or (outcome.status.endswith("14") and money is None):
            return _later(outcome)  # paid, and the row of it is still on its way
        known = BillingState(
            trx_id=inquiry.trx_id,
            virtual_account=identity.number,
            trx_amount_idr=inquiry.billed_idr,
            paid_idr=money.paid_idr if money else 0,
            active=False,
            payment_ntb=money.journal_no if money else None,
            paid_at=money.paid_at if money else None,
        )
        return replace(outcome, answer=Answer.DONE, state=known)

    async def _payments(
        self, around: datetime, inquiry: Inquiry, talk: _Talk
    ) -> tuple[list[Row] | None, Money | None]:
        """Give the payments of a billing, and their total if that can be told.

        Those about this time are enough where they carry the running total, else all that there
        ever were are added up. None for the payments: the bank does not say.
        """
        rows = await self._report(around - NEAR, around + NEAR, inquiry, talk)
        if rows is None:
            return None, None
        money = state.total(rows, whole=False)
        if money is None and inquiry.since is not None:
            now = self.line.clock.now()
            rows = await self._report(inquiry.since - EARLIER, now + NEAR, inquiry, talk)
            money = state.total(rows, whole=True) if rows else None
        return rows, money

    async def _report(
        self, since: datetime, until: datetime, inquiry: Inquiry, talk: _Talk
    ) -> list[Row] | None:
        asked = messages.report_request(self.line.agreement.service_id, since, until)
        found = await talk.ask(messages.REPORT, asked)
        if found.code is not None and found.code.kind in _UNKNOWN:
            return []
        if outcome_of(found).answer is not Answer.DONE:
            return None
        return state.of_billing(found.reply.rows, inquiry.virtual_account, inquiry.trx_id)

    def _identity(self, number: str) -> Identity | None:
        """Split a number of ours; None for one that this agreement cannot name."""
        try:
            return Identity.of(number, self.line.agreement.service_id)
        except ValueError:
            return None


def outcome_of(found: Exchanged) -> Outcome:
    """Sort an answer by the bank's code and the service it was asked of."""
    code = found.code
    answer = classify(code)
    if code is not None and code.service == Service.CREATE and code.kind in _NO_SUCH_NUMBER:
        answer = Answer.REFUSED  # there is nothing to ask about: it takes no such number at all
    return Outcome(
        answer,
        status=str(code) if code else "",
        finding=_finding(code),
        no_effect=found.no_effect,
    )


def _finding(code: Code | None) -> Finding | None:
    if code is None:
        return None
    if code.service == Service.INQUIRE and code.kind in _UNKNOWN:
        return Finding.NOT_FOUND
    if code.kind == (403, 55):
        return Finding.NUMBER_IN_USE
    return Finding.OVER_LIMIT if code.kind in _LIMITS else None


def _later(outcome: Outcome) -> Outcome:
    return replace(outcome, answer=Answer.LATER, status="", finding=None)
