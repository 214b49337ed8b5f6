"""Questions about money: one customer, all customers, per Marketing, per period, the home page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from reporting.domain.customer_recap import CustomerRecap, customer_recap
from reporting.domain.marketing import MarketingRecap, channel_rows, marketing_recap
from reporting.domain.papers.base import snapshot
from reporting.domain.papers.marketing import Circumstances, marketing_paper
from reporting.domain.papers.period import period_paper
from reporting.domain.period import PeriodRecap, Span, period_recap
from reporting.domain.position import SOON_DAYS
from reporting.domain.spelling import file_name
from reporting.handlers.desk import Desk
from reporting.handlers.papers import Sheet
from reporting.store import dossiers, home, recaps
from reporting.store.recaps import Range
from shared.database import Session
from shared.errors import Invalid, NotFound

DAYS_MAX = 1830
_MONTHS_SHOWN = 6
_ROLES = {"admin": "Admin", "marketing": "Marketing"}


class CustomerNotFound(NotFound):
    """No such customer, or not yours (A7)."""

    detail = "Pelanggan tidak ditemukan."


class PeriodNotValid(Invalid):
    """A period that ends before it begins, or that nobody can read."""

    detail = "Periode harus berurutan dan paling lama lima tahun."


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The figures of the first page."""

    as_of: datetime
    today: date
    due_soon: dict[str, Any]
    customers: dict[str, Any]
    failed: dict[str, Any] | None
    unsent: dict[str, Any] | None
    received: dict[str, int]
    expected_idr: int
    last_callback_at: datetime | None


async def recap_customer(session: Session, customer_id: UUID) -> CustomerRecap:
    """Add one customer up.

    Raises:
        CustomerNotFound: he is not in sight.
    """
    dossier = await dossiers.load(session, customer_id)
    if dossier is None:
        raise CustomerNotFound
    return customer_recap(dossier, session.clock.now(), session.clock.today())


async def recap_marketing(
    session: Session, days: Range, marketing_id: UUID | None
) -> MarketingRecap:
    """Add up what every Marketing in sight collected (M10)."""
    if days.first and days.last and days.last < days.first:
        raise PeriodNotValid(field="to")
    return marketing_recap(
        await recaps.collections(session, days, marketing_id),
        await recaps.marketing_names(session, marketing_id),
        channel_rows(await recaps.channels(session, days, marketing_id)),
    )


async def recap_period(session: Session, span: Span, marketing_id: UUID | None) -> PeriodRecap:
    """Add up a period's movements."""
    if not timedelta() <= span.last - span.first <= timedelta(days=DAYS_MAX):
        raise PeriodNotValid(field="to")
    recap = period_recap(
        span,
        await recaps.movements(session, span, marketing_id),
        await recaps.open_invoices(session, span, marketing_id),
        await recaps.marketing_names(session, marketing_id),
    )
    return replace(recap, corrections=await recaps.corrections(session, span, marketing_id))


async def marketing_sheet(
    desk: Desk, session: Session, days: Range, marketing_id: UUID | None
) -> Sheet:
    """Put the recap per Marketing on paper: the same figures as on the screen."""
    recap = await recap_marketing(session, days, marketing_id)
    today = session.clock.today()
    since = f"{days.first:%Y%m%d}-" if days.first else ""
    number = f"RM/{since}{days.last or today:%Y%m%d}"
    imprint = desk.unrecorded(session, number)
    paper = marketing_paper(recap, _circumstances(session, days), imprint)
    return Sheet(snapshot(paper), file_name("Rekap-marketing", number, ""))


async def period_sheet(
    desk: Desk, session: Session, span: Span, marketing_id: UUID | None
) -> Sheet:
    """Put the recap of a period on paper: the same figures as on the screen."""
    recap = await recap_period(session, span, marketing_id)
    number = f"RP/{span.first:%Y%m%d}-{span.last:%Y%m%d}"
    days = Range(span.first, span.last)
    imprint = desk.unrecorded(session, number)
    paper = period_paper(recap, _circumstances(session, days), imprint)
    return Sheet(snapshot(paper), file_name("Rekap-periode", number, ""))


async def recap_home(session: Session) -> Home:
    """Gather the first page."""
    today = session.clock.today()
    month = today.replace(day=1)
    month_end = (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return Home(
        as_of=session.clock.now(),
        today=today,
        due_soon=await home.due_soon(session, SOON_DAYS),
        customers=await home.customers(session, SOON_DAYS),
        failed=await home.failed_account(session),
        unsent=await home.unsent_invoice(session),
        received=await _received(session, month),
        expected_idr=await home.expected(session, month, month_end),
        last_callback_at=await home.last_callback_at(session),
    )


async def _received(session: Session, month: date) -> dict[str, int]:
    """Give the receipts of the last six months, also of the empty ones, oldest first."""
    months = [month]
    while len(months) < _MONTHS_SHOWN:
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
    received = await home.received_by_month(session, months[0])
    return {f"{m:%Y-%m}": received.get(f"{m:%Y-%m}", 0) for m in months}


def _circumstances(session: Session, days: Range) -> Circumstances:
    principal = session.principal
    return Circumstances(
        first=days.first,
        last=days.last,
        today=session.clock.today(),
        printed_by=principal.name,
        role=_ROLES.get(principal.role, principal.role),
    )
