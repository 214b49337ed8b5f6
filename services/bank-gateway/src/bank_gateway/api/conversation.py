"""What was said with the bank about one account, and how the link to the bank is doing (Admin)."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel

from bank_gateway.api.meanings import answer_of, meaning
from bank_gateway.domain.conversation import FROM_THE_BANK, RECEIVED
from bank_gateway.domain.trouble import VirtualAccountNotFound
from bank_gateway.metrics import CALLBACK_REFUSALS
from bank_gateway.models import Exchange, Work
from bank_gateway.settings import Settings
from bank_gateway.store import conversation as store
from bank_gateway.store import limits, listing
from bank_gateway.store import payment as payments
from bank_gateway.store.conversation import Counted
from bni_protocol.codes import Answer
from shared.paging import Cursor, Limit, Page, decode_instant, encode_instant
from shared.web import ServiceRouter, Transaction

router = ServiceRouter(tags=["bank-link"])
_WINDOW = timedelta(hours=24)


class Facts(BaseModel):
    """The business fields that a message held; a name never is one."""

    billed_idr: int | None = None
    paid_idr: int | None = None
    total_paid_idr: int | None = None
    expires_at: datetime | None = None
    active: bool | None = None
    reference: str | None = None
    paid_at: datetime | None = None
    bank_trx_id: str | None = None


class ExchangeView(BaseModel):
    """One message to or from the bank, without its ciphertext (C9); kept for 30 days.

    ``meaning`` is what the code says, in Indonesian. ``milliseconds`` is how long the bank took.
    """

    id: UUID
    at: datetime
    direction: Literal["sent", "received"]
    operation: str
    status: str
    answer: Answer
    meaning: str
    milliseconds: int | None
    facts: Facts


class WorkView(BaseModel):
    """What is still to be done; without ``due_at`` only a person can help (R2)."""

    kind: str
    call: str
    due_at: datetime | None
    failures: int


class ExchangePage(Page[ExchangeView]):
    """Messages, newest first, with what is still to be done about the account."""

    work: list[WorkView]


class BreakerView(BaseModel):
    """Open after ten failures in a row; then one call is tried at ``next_try_at`` (R1)."""

    open: bool
    failures: int
    next_try_at: datetime | None


class PauseView(BaseModel):
    """An operation that the bank wants no more of until then."""

    call: str
    until: datetime


class TurnsView(BaseModel):
    """Accounts about which the bank was asked as often as we allow ourselves (R2).

    The next question about the last of them may leave at ``until``.
    """

    accounts: int
    until: datetime | None


class CallsView(BaseModel):
    """Our calls of the last 24 hours with one status."""

    operation: str
    status: str
    answer: Answer
    meaning: str
    count: int
    last_at: datetime


class CallbacksView(BaseModel):
    """What the bank told us in 24 hours; repeats change nothing and are not counted (C3).

    ``refused_unread`` could not even be read (C7, C8): this process counts them since its start.
    """

    accepted: int
    quarantined: int
    last_at: datetime | None
    refused_unread: int


class UnverifiedView(BaseModel):
    """Money that the bank told of and has not confirmed yet (C11)."""

    count: int
    amount_idr: int
    oldest_at: datetime | None


class QueueView(BaseModel):
    """Work for the bank; ``given_up`` waits for a person (R2)."""

    due: int
    later: int
    given_up: int
    oldest_due_at: datetime | None


class LinkView(BaseModel):
    """The link to the bank at this moment; times of success and failure within 24 hours."""

    protocol: Literal["ecollection", "snap"]
    at: datetime
    breaker: BreakerView
    pauses: list[PauseView]
    turns: TurnsView
    last_answer_at: datetime | None
    last_failure_at: datetime | None
    calls: list[CallsView]
    callbacks: CallbacksView
    quarantined_open: int
    unverified: UnverifiedView
    queue: QueueView


@router.get("/api/v1/virtual-accounts/{virtual_account_id}/exchanges")
async def list_exchanges(
    virtual_account_id: UUID,
    session: Transaction,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ExchangePage:
    """Show what was said with the bank about an account."""
    row = await listing.find(session, virtual_account_id)
    if row is None:
        raise VirtualAccountNotFound
    trx_id = row[0].trx_id
    found = await store.exchanges(session, trx_id, decode_instant(cursor), limit + 1)
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    return ExchangePage(
        items=[_exchange(each) for each in page],
        next_cursor=last and encode_instant(last.at, last.id),
        total=await store.count_exchanges(session, trx_id),
        work=[_work(each) for each in await store.work_of(session, virtual_account_id)],
    )


@router.get("/api/v1/bank-link")
async def show_link(request: Request, session: Transaction) -> LinkView:
    """Show how the link to the bank is doing."""
    settings: Settings = request.app.state.service.settings
    now = session.clock.now()
    counted = await store.counted_since(session, now - _WINDOW)
    sent = [each for each in counted if each.operation not in FROM_THE_BANK]
    breaker = await limits.breaker(session)
    unverified, queue = await store.unverified(session), await store.queue(session)
    return LinkView(
        protocol=settings.protocol,
        at=now,
        breaker=BreakerView(
            open=breaker.probe_at is not None,
            failures=breaker.failures,
            next_try_at=breaker.waits_until(now),
        ),
        pauses=[PauseView(call=p.call, until=p.until) for p in await store.pauses(session)],
        turns=TurnsView(**asdict(await store.turns(session, settings.limits.questions_of_one))),
        last_answer_at=_last(each for each in sent if answer_of(each.status) is not Answer.LATER),
        last_failure_at=_last(each for each in sent if answer_of(each.status) is Answer.LATER),
        calls=[_calls(each) for each in sent],
        callbacks=_callbacks([each for each in counted if each.operation in RECEIVED]),
        quarantined_open=await payments.count_quarantined(session),
        unverified=UnverifiedView(**asdict(unverified)),
        queue=QueueView(**asdict(queue)),
    )


def _exchange(exchange: Exchange) -> ExchangeView:
    received = exchange.operation in FROM_THE_BANK
    return ExchangeView(
        id=exchange.id,
        at=exchange.at,
        direction="received" if received else "sent",
        operation=exchange.operation,
        status=exchange.status,
        answer=answer_of(exchange.status),
        meaning=meaning(exchange.operation, exchange.status),
        milliseconds=exchange.milliseconds,
        facts=Facts(**exchange.facts),
    )


def _work(work: Work) -> WorkView:
    return WorkView(kind=work.kind, call=work.call, due_at=work.due_at, failures=work.failures)


def _calls(counted: Counted) -> CallsView:
    return CallsView(
        answer=answer_of(counted.status),
        meaning=meaning(counted.operation, counted.status),
        **asdict(counted),
    )


def _callbacks(counted: Sequence[Counted]) -> CallbacksView:
    accepted = [each for each in counted if answer_of(each.status) is Answer.DONE]
    refused = CALLBACK_REFUSALS.collect()
    samples = [sample for family in refused for sample in family.samples]
    return CallbacksView(
        accepted=sum(each.count for each in accepted),
        quarantined=sum(each.count for each in counted) - sum(each.count for each in accepted),
        last_at=_last(counted),
        refused_unread=int(sum(s.value for s in samples if s.name.endswith("_total"))),
    )


def _last(counted: Iterable[Counted]) -> datetime | None:
    return max((each.last_at for each in counted), default=None)
