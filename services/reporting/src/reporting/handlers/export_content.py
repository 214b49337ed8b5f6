"""What stands in a file: the statement about it, its tables, and their rows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from reporting.domain.exports import filters as kinds
from reporting.domain.exports.filters import Filters
from reporting.domain.exports.lists import LISTS, ExportList
from reporting.domain.exports.words import filter_words
from reporting.domain.marketing import Collection, MarketingRow, Totals
from reporting.domain.period import PeriodRecap, Span
from reporting.domain.spelling import moment, short_day
from reporting.handlers.recaps import recap_marketing, recap_period
from reporting.models import Export
from reporting.store.exports import rows as store
from reporting.store.recaps import Range
from shared.database import Session
from shared.sheets.cells import Column

Rows = list[Mapping[str, Any]]

_ROLES = {"admin": "Admin", "marketing": "Marketing"}


@dataclass(frozen=True, slots=True)
class Section:
    """One table with its rows as they come; ``total`` is how many are expected."""

    title: str
    columns: tuple[Column, ...]
    rows: AsyncIterator[Rows]
    total: int


async def statement(session: Session, job: Export, company: str) -> list[tuple[str, str]]:
    """Say what the file is: of whom, what, which part of it, when, and for whom it was made."""
    wanted, known = _filters(job), LISTS[job.list_name]
    words = filter_words(wanted, await store.names(session, wanted))
    if isinstance(wanted, kinds.PaymentRecapFilters):
        span = _span(session, wanted)
        words = f"{words}; {short_day(span.first)} sampai {short_day(span.last)}"
    scope = "pelanggan sendiri" if job.marketing_id else "semua pelanggan"
    seen = f", {scope}" if known.follows_customers else ""
    return [
        ("Perusahaan", company),
        ("Daftar", known.title),
        ("Saringan", words),
        ("Data per", moment(session.clock.now())),
        ("Dibuat oleh", f"{job.maker_name} ({_ROLES.get(job.maker_role, 'Pengguna')}{seen})"),
    ]


async def sections(session: Session, job: Export) -> list[Section]:
    """Give the tables of a file; their rows are read when they are asked for."""
    known, wanted = LISTS[job.list_name], _filters(job)
    columns = known.chosen(job.columns)
    if isinstance(wanted, kinds.PaymentRecapFilters):
        span = _span(session, wanted)
        recap = await recap_period(session, span, wanted.marketing_id)
        return [_small("Rekap", columns, _pieces(recap))]
    if isinstance(wanted, kinds.MarketingRecapFilters):
        return await _marketing(session, known, columns, wanted)
    total = await store.count(session, wanted)
    return [Section(known.title, columns, store.read(session, wanted), total)]


async def _marketing(
    session: Session,
    known: ExportList,
    columns: tuple[Column, ...],
    wanted: kinds.MarketingRecapFilters,
) -> list[Section]:
    days = Range(wanted.from_day, wanted.to_day)
    recap = await recap_marketing(session, days, wanted.marketing_id)
    by_name = sorted(recap.collections, key=lambda c: (c.marketing_name, c.name, c.number))
    return [
        _small("Rekap", columns, [_owner(row) for row in recap.rows]),
        _small("Rincian", known.details, [_collection(each) for each in by_name]),
    ]


def _small(title: str, columns: tuple[Column, ...], rows: Rows) -> Section:
    async def once() -> AsyncIterator[Rows]:
        yield rows

    return Section(title, columns, once(), len(rows))


def _filters(job: Export) -> Filters:
    return LISTS[job.list_name].filters.model_validate(job.filters)


def _span(session: Session, wanted: kinds.PaymentRecapFilters) -> Span:
    end = wanted.to_day or session.clock.today()
    return Span(wanted.from_day or end.replace(day=1), end, wanted.group)


def _sums(sums: Totals | Collection) -> dict[str, Any]:
    names = ("bills", "billed_idr", "paid_idr", "outstanding_idr", "received_idr", "overdue_idr")
    return {name: getattr(sums, name) for name in names}


def _owner(row: MarketingRow) -> Mapping[str, Any]:
    totals = row.totals
    counts = {"customers": totals.customers, "percent": totals.percent}
    return {"marketing": row.name, **counts, **_sums(totals)}


def _collection(each: Collection) -> Mapping[str, Any]:
    who = {"marketing": each.marketing_name, "number": each.number, "name": each.name}
    return {**who, "contract": each.contract, **_sums(each)}


def _pieces(recap: PeriodRecap) -> Rows:
    return [
        {
            "period": _period(recap.span, piece.start),
            "starts_on": piece.start,
            "channel": row.channel,
            "payments": row.payments,
            "amount_idr": row.received_idr,
        }
        for piece in recap.pieces
        for row in piece.channels
    ]


def _period(span: Span, start: Any) -> str:
    if span.group == "month":
        return f"{start:%m/%Y}"
    if span.group == "week":
        return f"{short_day(start)} s.d. {short_day(start + timedelta(days=6))}"
    return short_day(start)
