"""What the recaps per Marketing and per period are added up from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text

from reporting.domain.corrections import PAYMENT, Correction
from reporting.domain.marketing import Came, Collection
from reporting.domain.period import Kind, Movement, OpenInvoices, Span
from shared.database import Session

_COLLECTIONS = text(
    """
WITH due AS (
    SELECT customer_id, count(*) AS bills, sum(total_idr)::bigint AS billed_idr,
        sum(paid_idr)::bigint AS paid_idr
    FROM owed
    WHERE due_on BETWEEN :first AND :last GROUP BY customer_id
), late AS (
    SELECT customer_id, min(due_on) AS oldest_due_on,
        sum(unpaid_idr) FILTER (WHERE :today - due_on <= 30)::bigint AS age_0,
        sum(unpaid_idr) FILTER (WHERE :today - due_on BETWEEN 31 AND 60)::bigint AS age_1,
        sum(unpaid_idr) FILTER (WHERE :today - due_on BETWEEN 61 AND 90)::bigint AS age_2,
        sum(unpaid_idr) FILTER (WHERE :today - due_on > 90)::bigint AS age_3
    FROM owed
    WHERE invoiced AND due_on < :today AND unpaid_idr > 0 GROUP BY customer_id
), came AS (
    SELECT customer_id, sum(amount_idr)::bigint AS received_idr FROM payments
    WHERE status <> 'reversed' AND paid_on BETWEEN :first AND :last GROUP BY customer_id
), contracts AS (
    SELECT DISTINCT ON (p.customer_id) p.customer_id, p.title,
        b.items -> 0 ->> 'product_name' AS product
    FROM plans p LEFT JOIN bookings b ON b.id = p.booking_id
    ORDER BY p.customer_id, p.booking_number DESC
)
SELECT c.id AS customer_id, c.number, c.name, c.phone, c.marketing_id,
    COALESCE(u.name, c.marketing_name) AS marketing_name,
    COALESCE(k.title, '') AS contract, COALESCE(k.product, '') AS product,
    COALESCE(d.bills, 0) AS bills, COALESCE(d.billed_idr, 0) AS billed_idr,
    COALESCE(d.paid_idr, 0) AS paid_idr, COALESCE(m.received_idr, 0) AS received_idr,
    l.oldest_due_on, COALESCE(l.age_0, 0) AS age_0, COALESCE(l.age_1, 0) AS age_1,
    COALESCE(l.age_2, 0) AS age_2, COALESCE(l.age_3, 0) AS age_3
FROM customers c
LEFT JOIN users u ON u.id = c.marketing_id
LEFT JOIN due d ON d.customer_id = c.id
LEFT JOIN late l ON l.customer_id = c.id
LEFT JOIN came m ON m.customer_id = c.id
LEFT JOIN contracts k ON k.customer_id = c.id
WHERE CAST(:marketing_id AS uuid) IS NULL OR c.marketing_id = :marketing_id
"""
)

_CHANNELS = text(
    """
SELECT p.channel, count(*) AS payments, sum(p.amount_idr)::bigint AS received_idr
FROM payments p JOIN customers c ON c.id = p.customer_id
WHERE p.status <> 'reversed' AND p.paid_on BETWEEN :first AND :last
  AND (CAST(:marketing_id AS uuid) IS NULL OR c.marketing_id = :marketing_id)
GROUP BY p.channel
"""
)

_MOVEMENTS = text(
    """
WITH moved AS (
    SELECT 'billed' AS kind, issued_on AS day, customer_id, CAST(NULL AS text) AS channel,
        total_idr AS amount_idr
    FROM invoices WHERE status <> 'draft'
    UNION ALL
    SELECT 'cancelled', cancelled_on, customer_id, NULL, total_idr
    FROM invoices WHERE status = 'cancelled'
    UNION ALL
    SELECT 'allocated', greatest(p.paid_on, i.issued_on), i.customer_id, NULL, a.amount_idr
    FROM allocations a JOIN payments p ON p.id = a.payment_id
    JOIN invoices i ON i.id = a.invoice_id WHERE NOT a.reversed
    UNION ALL
    SELECT 'expected', due_on, customer_id, NULL, total_idr FROM owed
    UNION ALL
    SELECT CASE WHEN customer_id IS NULL THEN 'unidentified' ELSE 'received' END, paid_on,
        customer_id, channel, amount_idr
    FROM payments WHERE status <> 'reversed'
    UNION ALL
    SELECT CASE WHEN p.customer_id IS NULL THEN 'unidentified_disposed' ELSE 'disposed' END,
        greatest(p.paid_on, d.disposed_on), p.customer_id, NULL, d.amount_idr
    FROM disposals d JOIN payments p ON p.id = d.payment_id WHERE NOT d.undone
)
SELECT m.kind, CASE WHEN m.day >= :first THEN m.day END AS day, c.marketing_id, m.channel,
    sum(m.amount_idr)::bigint AS amount_idr, count(*) AS count
FROM moved m LEFT JOIN customers c ON c.id = m.customer_id
WHERE m.day <= :last
  AND (CAST(:marketing_id AS uuid) IS NULL OR c.marketing_id = :marketing_id)
GROUP BY 1, 2, 3, 4
"""
)

_OPEN = text(
    """
WITH unpaid AS (
    SELECT c.marketing_id, c.id AS customer_id, CAST(:at AS date) - i.due_on AS days,
        i.total_idr - COALESCE(p.paid_idr, 0) AS unpaid_idr
    FROM invoices i
    JOIN customers c ON c.id = i.customer_id
    LEFT JOIN LATERAL (
        SELECT sum(a.amount_idr)::bigint AS paid_idr
        FROM allocations a JOIN payments p ON p.id = a.payment_id
        WHERE a.invoice_id = i.id AND NOT a.reversed
          AND greatest(p.paid_on, i.issued_on) <= :last
    ) p ON true
    WHERE i.status <> 'draft' AND i.issued_on <= :last
      AND (i.cancelled_on IS NULL OR i.cancelled_on > :last)
      AND (CAST(:marketing_id AS uuid) IS NULL OR c.marketing_id = :marketing_id)
)
SELECT marketing_id, count(DISTINCT customer_id) FILTER (WHERE unpaid_idr > 0) AS customers,
    COALESCE(sum(unpaid_idr) FILTER (WHERE days <= 0), 0)::bigint AS not_due_idr,
    COALESCE(sum(unpaid_idr) FILTER (WHERE days BETWEEN 1 AND 30), 0)::bigint AS age_0,
    COALESCE(sum(unpaid_idr) FILTER (WHERE days BETWEEN 31 AND 60), 0)::bigint AS age_1,
    COALESCE(sum(unpaid_idr) FILTER (WHERE days BETWEEN 61 AND 90), 0)::bigint AS age_2,
    COALESCE(sum(unpaid_idr) FILTER (WHERE days > 90), 0)::bigint AS age_3
FROM unpaid GROUP BY marketing_id
"""
)

_CORRECTIONS = text(
    """
WITH taken_back AS (
    SELECT 'bill' AS kind, cancelled_on AS "on", number, customer_id,
        coalesce(cancel_reason, '') AS reason, total_idr AS amount_idr
    FROM invoices WHERE status = 'cancelled'
    UNION ALL
    SELECT 'payment', p.reversed_on, coalesce(d.number, p.bank_reference), p.customer_id,
        coalesce(p.reason, ''), p.amount_idr
    FROM payments p LEFT JOIN documents d ON d.payment_id = p.id AND d.kind = 'reversal_letter'
    WHERE p.status = 'reversed'
)
SELECT t.kind, t."on", t.number, coalesce(c.name, '') AS customer, t.reason, t.amount_idr
FROM taken_back t LEFT JOIN customers c ON c.id = t.customer_id
WHERE t."on" BETWEEN :first AND :last
  AND (CAST(:marketing_id AS uuid) IS NULL OR c.marketing_id = :marketing_id)
ORDER BY t."on", t.number LIMIT :most
"""
)

_NAMES = text(
    """
SELECT id, name FROM users
WHERE role = 'marketing' AND (CAST(:marketing_id AS uuid) IS NULL OR id = :marketing_id)
UNION
SELECT c.marketing_id, COALESCE(u.name, c.marketing_name)
FROM customers c LEFT JOIN users u ON u.id = c.marketing_id
WHERE CAST(:marketing_id AS uuid) IS NULL OR c.marketing_id = :marketing_id
"""
)

CORRECTIONS_MAX = 500
"""More than that on one recap nobody reads; a shorter period shows all."""

_EVER = (date(1, 1, 1), date(9999, 12, 31))


@dataclass(frozen=True, slots=True)
class Range:
    """Days from and to, both included; None leaves an end open."""

    first: date | None
    last: date | None


async def collections(session: Session, days: Range, marketing_id: UUID | None) -> list[Collection]:
    """Read one row per customer in sight."""
    parameters = _within(days, marketing_id) | {"today": session.clock.today()}
    found = await session.execute(_COLLECTIONS, parameters)
    return [Collection(**_with_ages(dict(row))) for row in found.mappings()]


async def channels(session: Session, days: Range, marketing_id: UUID | None) -> list[Came]:
    """Sum what came through each channel."""
    found = await session.execute(_CHANNELS, _within(days, marketing_id))
    return [Came(row.channel, row.payments, row.received_idr) for row in found]


async def movements(session: Session, span: Span, marketing_id: UUID | None) -> list[Movement]:
    """Read everything that moved until the last day, summed by day."""
    parameters = {"first": span.first, "last": span.last, "marketing_id": marketing_id}
    found = await session.execute(_MOVEMENTS, parameters)
    return [Movement(**{**row, "kind": Kind(row["kind"])}) for row in found.mappings()]


async def open_invoices(
    session: Session, span: Span, marketing_id: UUID | None
) -> list[OpenInvoices]:
    """Read what was owed at the end of the last day (or is today), by Marketing and age."""
    at = min(span.last, session.clock.today())
    parameters = {"last": span.last, "at": at, "marketing_id": marketing_id}
    found = await session.execute(_OPEN, parameters)
    return [OpenInvoices(**_with_ages(dict(row))) for row in found.mappings()]


async def corrections(
    session: Session, span: Span, marketing_id: UUID | None
) -> tuple[Correction, ...]:
    """Read what was taken back in a period, one by one.

    Why money was taken back may name other customers: a Marketing is not told (A2).
    """
    parameters = {"first": span.first, "last": span.last, "marketing_id": marketing_id}
    found = await session.execute(_CORRECTIONS, parameters | {"most": CORRECTIONS_MAX})
    listed = (Correction(**row) for row in found.mappings())
    if session.principal.marketing_id is None:
        return tuple(listed)
    return tuple(replace(each, reason="") if each.kind == PAYMENT else each for each in listed)


async def marketing_names(session: Session, marketing_id: UUID | None) -> dict[UUID, str]:
    """Name every Marketing in sight; a Marketing sees himself only."""
    own = session.principal.marketing_id or marketing_id
    found = await session.execute(_NAMES, {"marketing_id": own})
    return {row.id: row.name for row in found}


def _within(days: Range, marketing_id: UUID | None) -> dict[str, Any]:
    first, last = days.first or _EVER[0], days.last or _EVER[1]
    return {"first": first, "last": last, "marketing_id": marketing_id}


def _with_ages(row: dict[str, Any]) -> dict[str, Any]:
    ages = tuple(row.pop(f"age_{number}") for number in range(4))
    return row | {"ages": ages}
