"""One call to the bank and its aftermath: what it is about, how it went, when to come again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bank_gateway.domain import schedule
from bank_gateway.domain.bank import Inquiry, Outcome
from bank_gateway.domain.trouble import BankLimitReached, BankRefused, BankUnreachable
from bank_gateway.handlers.terms import Contract
from bank_gateway.models import Call, VirtualAccount, Work
from bni_protocol.codes import Answer
from bni_protocol.fields import Billing
from shared.database import Session
from shared.errors import DomainError


@dataclass(frozen=True, slots=True)
class Desk:
    """What the work needs besides a session."""

    contract: Contract
    chance: Random


@dataclass(frozen=True, slots=True)
class Task:
    """A call that is about to be made; ``billing`` for create and update.

    ``since`` and ``paid_at`` tell an inquiry where to look for money, ``billed_idr`` what a bank
    may leave out of its answer.
    """

    call: Call
    trx_id: str
    virtual_account: str
    billing: Billing | None = None
    since: datetime | None = None
    paid_at: datetime | None = None
    billed_idr: int = 0

    @property
    def inquiry(self) -> Inquiry:
        return Inquiry(self.trx_id, self.virtual_account, self.since, self.paid_at, self.billed_idr)

    @classmethod
    def ask(cls, account: VirtualAccount) -> "Task":
        """Ask about an account of ours."""
        return cls(
            Call.INQUIRE,
            account.trx_id,
            account.account_number,
            since=account.created_at,
            billed_idr=account.amount_idr,
        )


@dataclass(slots=True)
class Attempt:
    """A call that was made, inside the transaction that draws the conclusions."""

    session: Session
    desk: Desk
    work: Work
    task: Task
    outcome: Outcome

    async def finish(self) -> None:
        """There is nothing left to do."""
        await self.session.delete(self.work)

    def next_call(self, call: Call, pause: timedelta = timedelta()) -> None:
        """Go on with another operation; the bank is answering."""
        self.work.call, self.work.failures = call, 0
        self._come_again(pause)

    def fail(self, call: Call | None = None) -> None:
        """The bank gave no usable answer: back off (R1, then R2); recovery wakes us sooner."""
        self.work.call = call or self.work.call
        self.work.failures += 1
        self._come_again(schedule.next_try(self.work.failures, self.desk.chance))

    def ask_again(self, call: Call = Call.INQUIRE, *, after: int | None = None) -> None:
        """The answer settled nothing: follow the schedule (R2).

        Args:
            after: how many such answers there were, if not all of them.
        """
        self.work.call, self.work.failures = call, 0
        self._come_again(schedule.next_question(after or self.work.answers))

    @property
    def trouble(self) -> DomainError:
        """Say to people why it is not done."""
        if self.outcome.answer is Answer.REFUSED:
            return BankRefused(status=self.outcome.status)
        return BankLimitReached() if self.outcome.over_limit else BankUnreachable()

    @property
    def given_up(self) -> bool:
        """Only a person can help."""
        return self.work.due_at is None

    def _come_again(self, pause: timedelta | None) -> None:
        self.work.due_at = None if pause is None else self.session.clock.now() + pause
        self.work.leased_until = None
