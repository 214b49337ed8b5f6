"""The list of customers with their figures: by name, by keyset, with counts and sums."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import text

from reporting.domain.position import Position
from shared.database import Session
from shared.paging import CursorNotValid, Key, read_amount
from shared.phones import search_digits

View = Literal["all", "overdue", "due_this_week", "without_invoices", "paid"]
VIEWS: tuple[View, ...] = ("all", "overdue", "due_this_week", "without_invoices", "paid")

_FOUND = """
WITH figures AS (
    SELECT customer_id, sum(total_idr)::bigint AS billed_idr, sum(paid_idr)::bigint AS paid_idr,
        sum(unpaid_idr) FILTER (WHERE due_on BETWEEN :month_first AND :month_last)::bigint
            AS due_this_month_idr,
        sum(unpaid_idr) FILTER (WHERE invoiced AND due_on < :today)::bigint AS overdue_idr,
        min(due_on) FILTER (WHERE invoiced AND due_on < :today AND unpaid_idr > 0)
            AS overdue_since,
        min(due_on) FILTER (WHERE due_on >= :today AND unpaid_idr > 0) AS next_due_on,
        bool_or(invoiced) AS invoiced
    FROM owed GROUP BY customer_id
), credits AS (
    SELECT customer_id, sum(unallocated_idr)::bigint AS credit_idr
    FROM payments WHERE status <> 'reversed' GROUP BY customer_id
), found AS (
    SELECT c.id, c.number, c.name, c.sort_name, c.phone, c.address, c.email, c.registered_at,
        c.status, c.marketing_id,
        COALESCE(u.name, c.marketing_name) AS marketing_name,
        COALESCE(f.billed_idr, 0) AS billed_idr, COALESCE(f.paid_idr, 0) AS paid_idr,
        COALESCE(f.due_this_month_idr, 0) AS due_this_month_idr,
        COALESCE(f.overdue_idr, 0) AS overdue_idr, f.overdue_since, f.next_due_on,
        COALESCE(f.invoiced, false) AS invoiced, COALESCE(r.credit_idr, 0) AS credit_idr
    FROM customers c
    LEFT JOIN users u ON u.id = c.marketing_id
    LEFT JOIN figures f ON f.customer_id = c.id
    LEFT JOIN credits r ON r.customer_id = c.id
    WHERE (CAST(:marketing_id AS uuid) IS NULL OR c.marketing_id = :marketing_id)
      AND (CAST(:status AS text) IS NULL OR c.status = :status)
      AND (CAST(:words AS text) IS NULL OR c.sort_name LIKE :words OR lower(c.number) LIKE :words
           OR (CAST(:digits AS text) IS NOT NULL AND (c.phone LIKE :digits OR EXISTS (
               SELECT FROM virtual_accounts v
               WHERE v.customer_id = c.id AND v.number LIKE :digits))))
), viewed AS (
    SELECT *, overdue_idr > 0 AS is_overdue,
        next_due_on IS NOT NULL AND next_due_on <= :week AS is_due_this_week,
        NOT invoiced AS is_without_invoices,
        billed_idr > 0 AND billed_idr = paid_idr AS is_paid
    FROM found
), chosen AS (
    SELECT * FROM viewed WHERE CASE :view
        WHEN 'overdue' THEN is_overdue WHEN 'due_this_week' THEN is_due_this_week
        WHEN 'without_invoices' THEN is_without_invoices WHEN 'paid' THEN is_paid
        ELSE true END
)
"""

_ROWS = """
SELECT *, COALESCE((
    SELECT sum(o.unpaid_idr) FROM owed o
    WHERE o.customer_id = chosen.id AND o.due_on = chosen.next_due_on), 0)::bigint AS next_due_idr
FROM chosen
"""
_PLACE = """
WHERE CAST(:after AS text) IS NULL
    OR ({key}, id) {beyond} (CAST(CAST(:after AS text) AS {kind}), CAST(:after_id AS uuid))
ORDER BY {key} {way}, id {way} LIMIT :limit
"""

_SUMS = """
SELECT counted.*, summed.* FROM (
    SELECT count(*) AS "all", count(*) FILTER (WHERE is_overdue) AS overdue,
        count(*) FILTER (WHERE is_due_this_week) AS due_this_week,
        count(*) FILTER (WHERE is_without_invoices) AS without_invoices,
        count(*) FILTER (WHERE is_paid) AS paid
    FROM viewed
) counted, (
    SELECT COALESCE(sum(billed_idr), 0)::bigint AS billed_idr,
        COALESCE(sum(paid_idr), 0)::bigint AS paid_idr,
        COALESCE(sum(overdue_idr), 0)::bigint AS overdue_idr,
        COALESCE(sum(credit_idr), 0)::bigint AS credit_idr
    FROM chosen
) summed
"""

_PLAIN = (
    *("id", "number", "name", "phone", "address", "email", "registered_at"),
    *("status", "marketing_id", "marketing_name"),
)
Sort = Literal[
    "name", "-name", "outstanding_idr", "-outstanding_idr", "next_due_on", "-next_due_on"
]
_KEYS = {
    "name": ("sort_name", "text"),
    "outstanding_idr": ("(billed_idr - paid_idr)", "bigint"),
    "next_due_on": ("COALESCE(overdue_since, next_due_on, 'infinity'::date)", "date"),
}


def _sorted(sort: str) -> Any:
    key, kind = _KEYS[sort.removeprefix("-")]
    beyond, way = ("<", "DESC") if sort.startswith("-") else (">", "ASC")
    place = _PLACE.format(key=key, kind=kind, beyond=beyond, way=way)
    rows = _ROWS.replace("SELECT *,", f"SELECT *, {key}::text AS sort_key,")
    return text(_FOUND + rows + place)


_PAGES = {sort: _sorted(sort) for sort in get_args(Sort)}
_SUMMARY = text(_FOUND + _SUMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which customers are wanted."""

    view: View = "all"
    search: str | None = None
    marketing_id: UUID | None = None
    status: str | None = None
    sort: Sort = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """One customer of the list."""

    id: UUID
    number: str
    name: str
    phone: str
    address: str
    email: str | None
    registered_at: datetime
    status: str
    marketing_id: UUID
    marketing_name: str
    credit_idr: int
    position: Position
    key: tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Counts of each view under the filter, and sums of the chosen view."""

    views: dict[str, int]
    billed_idr: int
    paid_idr: int
    overdue_idr: int
    credit_idr: int


async def page(
    session: Session, wanted: Filter, after: Key | None, limit: int
) -> list[CustomerRow]:
    """Read the rows after a key, one page of them."""
    place, row_id = _place(after, wanted.sort)
    position = {"after": place, "after_id": row_id, "limit": limit}
    found = await session.execute(_PAGES[wanted.sort], _parameters(session, wanted) | position)
    return [_row(dict(row), wanted.sort) for row in found.mappings()]


async def stream(session: Session, wanted: Filter, chunk: int) -> AsyncIterator[list[CustomerRow]]:
    """Read all rows in order from one cursor, so many at a time."""
    whole = {"after": None, "after_id": None, "limit": None}
    parameters = _parameters(session, wanted) | whole
    options = {"yield_per": chunk}
    result = await session.stream(_PAGES[wanted.sort], parameters, execution_options=options)
    async for part in result.mappings().partitions():
        yield [_row(dict(row), wanted.sort) for row in part]


async def summary(session: Session, wanted: Filter) -> Summary:
    """Count and add up the filtered rows, over all pages."""
    found = (await session.execute(_SUMMARY, _parameters(session, wanted))).mappings().one()
    sums = {name: found[name] for name in ("billed_idr", "overdue_idr", "credit_idr")}
    views: dict[str, int] = {view: found[view] for view in VIEWS}
    return Summary(views=views, paid_idr=found["paid_idr"], **sums)


def _place(after: Key | None, sort: Sort) -> tuple[str | None, UUID | None]:
    if after is None:
        return None, None
    named, place, row_id = after
    try:
        spelled = str(_READ[_KEYS[sort.removeprefix("-")][1]](str(place)))
        row = UUID(str(row_id))
    except ValueError as error:
        raise CursorNotValid(field="cursor") from error
    if named != sort:
        raise CursorNotValid(field="cursor")
    return spelled, row


def _word(word: str) -> str:
    word.encode()  # half a character of UTF-16 is none
    if "\x00" in word:
        raise ValueError(word)
    return word


def _day(word: str) -> date | str:
    return word if word == "infinity" else date.fromisoformat(word)


_READ: dict[str, Callable[[str], object]] = {"text": _word, "bigint": read_amount, "date": _day}
"""What PostgreSQL is given is spelled again from what was read: Python reads more spellings."""


def _parameters(session: Session, wanted: Filter) -> dict[str, Any]:
    today = session.clock.today()
    first = today.replace(day=1)
    words = (wanted.search or "").lower()
    digits = search_digits(words)
    return {
        "today": today,
        "week": today + timedelta(days=7),
        "month_first": first,
        "month_last": _month_end(first),
        "marketing_id": wanted.marketing_id,
        "status": wanted.status,
        "view": wanted.view,
        "words": f"%{literal(words)}%" if words else None,
        "digits": f"%{digits}%" if len(digits) >= 4 else None,
    }


def _month_end(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def literal(words: str) -> str:
    """Take the meaning from LIKE's signs."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _row(row: dict[str, Any], sort: Sort) -> CustomerRow:
    position = Position(
        billed_idr=row["billed_idr"],
        paid_idr=row["paid_idr"],
        due_this_month_idr=row["due_this_month_idr"],
        remaining_idr=row["billed_idr"] - row["paid_idr"] - row["due_this_month_idr"],
        overdue_idr=row["overdue_idr"],
        overdue_since=row["overdue_since"],
        next_due_on=row["next_due_on"],
        next_due_idr=row["next_due_idr"],
        invoiced=row["invoiced"],
    )
    facts = {name: row[name] for name in _PLAIN}
    key = (sort, row["sort_key"], str(row["id"]))
    return CustomerRow(**facts, credit_idr=row["credit_idr"], position=position, key=key)
