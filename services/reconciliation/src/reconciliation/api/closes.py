"""Closed days over HTTP, and the check of all books."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query, Request
from pydantic import BaseModel, ConfigDict

from reconciliation.api.payments import Day
from reconciliation.domain.certificate import Balance, Coverage, Facts, Figure
from reconciliation.handlers import closes
from reconciliation.models import BookCheck, Certificate
from reconciliation.settings import Settings
from reconciliation.store import book_checks
from reconciliation.store import closes as store
from shared.paging import ListQuery, Page, decode, encode
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()


def _accounts(request: Request) -> tuple[str, ...]:
    settings: Settings = request.app.state.service.settings
    return settings.bank_accounts


Accounts = Annotated[tuple[str, ...], Depends(_accounts)]
"""Our bank accounts, whose statements a certificate expects."""


class CloseView(BaseModel):
    """One closed day; what was unexplained as it was at the time of the close."""

    day: date
    no: int
    closed_at: datetime
    closed_by: str
    state: Literal["green", "differences"]
    unexplained_idr: int
    unexplained_count: int
    facts: Facts
    previous: str
    checksum: str


class LateView(BaseModel):
    """A payment of a closed day, booked on the day on which we learned of it."""

    id: UUID
    paid_at: datetime
    amount_idr: int
    bank_reference: str
    customer_name: str | None


class CertificateView(CloseView):
    """A certificate with what it names; ``sealed`` tells whether its checksum holds.

    ``coverage_now`` and ``balance_now`` are what statements say of the day today; the certificate
    stays as it is.
    """

    entries_hash: str
    sealed: bool
    coverage_now: dict[str, Coverage]
    balance_now: Balance | None
    late_arrivals: list[LateView]


class WaitingView(BaseModel):
    """What stands before a close: it blocks (``over`` is false) or is only told.

    ``deliveries`` are events that had no effect yet: their money would come late. ``facts`` is
    None where nobody asked for them.
    """

    day: date
    over: bool
    facts: Facts | None
    deliveries: int


class ClosePage(Page[CloseView]):
    """Closed days, newest first; ``waiting`` is the next one, None while nothing is booked."""

    waiting: WaitingView | None
    unexplained: Figure


class CloseQuery(ListQuery):
    """The query of closed days; without ``facts`` the waiting day is named, not added up."""

    facts: bool = True


class CloseDay(BaseModel):
    """Which day to close."""

    model_config = ConfigDict(extra="forbid")

    day: Day


class CheckView(BaseModel):
    """One run of the check of all books; without ``finished_at`` it waits or runs."""

    id: UUID
    asked_at: datetime
    asked_by: str
    finished_at: datetime | None
    milliseconds: int | None
    entries: int | None
    differences: int | None
    told: str | None


@router.get("/api/v1/closes")
async def list_closes(
    session: Transaction, query: Annotated[CloseQuery, Query()], accounts: Accounts
) -> ClosePage:
    """List closed days, newest first, and what waits to be closed."""
    after = decode(query.cursor, 1)
    before = date.fromisoformat(str(after[0])) if after else None
    found = await store.list_certificates(session, before, query.limit + 1)
    page = found[: query.limit]
    return ClosePage(
        items=[CloseView(**_shown(each)) for each in page],
        next_cursor=encode([page[-1].day.isoformat()]) if len(found) > query.limit else None,
        total=await store.count_certificates(session),
        waiting=await _waiting(session, accounts, facts=query.facts),
        unexplained=await closes.unexplained(session),
    )


@router.get("/api/v1/closes/{day}")
async def get_close(day: Day, session: Transaction, accounts: Accounts) -> CertificateView:
    """Show the certificate of a day."""
    return await _certificate(session, await closes.get_certificate(session, day), accounts)


@router.post("/api/v1/closes", status_code=201)
async def close_day(body: CloseDay, session: Transaction, accounts: Accounts) -> CertificateView:
    """Close the next day for good; of a closed day, show its certificate."""
    made = await closes.close_day(session, body.day, accounts)
    return await _certificate(session, made, accounts)


@router.get("/api/v1/book-checks")
async def list_checks(
    session: Transaction, query: Annotated[ListQuery, Query()]
) -> Page[CheckView]:
    """List the latest runs of the check of all books, newest first."""
    found = await book_checks.newest(session, query.limit)
    total = await book_checks.count(session)
    return Page(items=[_check(each) for each in found], next_cursor=None, total=total)


@router.post("/api/v1/book-checks", status_code=202)
async def check_books(session: Transaction) -> CheckView:
    """Ask for a run; it works beside the request."""
    return _check(await book_checks.ask(session))


async def _waiting(
    session: Transaction, accounts: tuple[str, ...], *, facts: bool
) -> WaitingView | None:
    day = await closes.next_day(session)
    if day is None:
        return None
    return WaitingView(
        day=day,
        over=day < session.clock.today(),
        facts=await closes.facts_of(session, day, accounts) if facts else None,
        deliveries=await store.count_failed_deliveries(session),
    )


async def _certificate(
    session: Transaction, certificate: Certificate, accounts: tuple[str, ...]
) -> CertificateView:
    late = await store.late_arrivals(session, certificate.day, closes.LATE_SHOWN)
    coverage, balance = await closes.statements_now(session, certificate.day, accounts)
    return CertificateView(
        entries_hash=certificate.entries_hash,
        sealed=certificate.seal() == certificate.checksum,
        coverage_now=coverage,
        balance_now=balance,
        late_arrivals=[LateView(**each) for each in late],
        **_shown(certificate),
    )


def _shown(certificate: Certificate) -> dict[str, object]:
    held = certificate.held
    return {
        "state": "green" if held.is_green else "differences",
        "unexplained_idr": held.unexplained.amount_idr,
        "unexplained_count": held.unexplained.count,
        "facts": held,
        **certificate.model_dump(
            include={"day", "no", "closed_at", "closed_by", "previous", "checksum"}
        ),
    }


def _check(check: BookCheck) -> CheckView:
    return CheckView(**check.model_dump())
