"""The figures of the first page, in the reader's scope."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import TextClause, text

from shared.clock import start_of_day
from shared.database import Session

_DUE = text(
    """
SELECT count(*) AS invoices, COALESCE(sum(unpaid_idr), 0)::bigint AS amount_idr,
    min(due_on) AS nearest_due_on,
    (array_agg(c.name ORDER BY due_on, c.sort_name))[1] AS nearest_name
FROM owed JOIN customers c ON c.id = owed.customer_id
WHERE invoiced AND unpaid_idr > 0 AND due_on BETWEEN :today AND :soon
"""
)

_CUSTOMERS = text(
    """
WITH figures AS (
    SELECT customer_id,
        COALESCE(sum(unpaid_idr) FILTER (WHERE invoiced AND due_on < :today), 0) AS overdue_idr,
        min(due_on) FILTER (WHERE invoiced AND due_on < :today AND unpaid_idr > 0) AS since,
        COALESCE(sum(unpaid_idr) FILTER (WHERE due_on BETWEEN :today AND :soon), 0) AS soon_idr
    FROM owed GROUP BY customer_id
)
SELECT count(*) FILTER (WHERE c.status = 'active') AS active,
    count(*) FILTER (WHERE c.registered_at >= :month_start) AS new_this_month,
    count(*) FILTER (WHERE overdue_idr > 0) AS overdue,
    COALESCE(sum(overdue_idr), 0)::bigint AS overdue_idr,
    count(*) FILTER (WHERE COALESCE(overdue_idr, 0) = 0 AND soon_idr > 0) AS due_soon,
    COALESCE(sum(soon_idr) FILTER (WHERE COALESCE(overdue_idr, 0) = 0), 0)::bigint
        AS due_soon_idr,
    min(since) AS oldest_due_on,
    (array_agg(c.name ORDER BY since, c.sort_name) FILTER (WHERE since IS NOT NULL))[1]
        AS oldest_name
FROM customers c LEFT JOIN figures f ON f.customer_id = c.id
"""
)

_FAILED = text(
    """
WITH newest AS (
    SELECT DISTINCT ON (va_owner_id) va_owner_id, status, trouble
    FROM virtual_accounts ORDER BY va_owner_id, version DESC
)
SELECT i.id AS invoice_id, i.number AS invoice_number, n.trouble, count(*) OVER () AS count
FROM newest n JOIN invoices i ON i.va_owner_id = n.va_owner_id JOIN owed o ON o.invoice_id = i.id
WHERE n.status = 'failed' AND o.unpaid_idr > 0
ORDER BY i.issued_at LIMIT 1
"""
)

_UNSENT = text(
    """
SELECT o.invoice_id, count(*) OVER () AS count
FROM owed o JOIN documents d ON d.kind = 'invoice' AND d.invoice_id = o.invoice_id
WHERE o.unpaid_idr > 0
  AND NOT EXISTS (SELECT FROM messages m WHERE m.invoice_id = o.invoice_id AND m.sent)
ORDER BY d.issued_at DESC LIMIT 1
"""
)

_MONTHS = text(
    """
SELECT to_char(paid_on, 'YYYY-MM') AS month, sum(amount_idr)::bigint AS received_idr
FROM payments
WHERE status <> 'reversed' AND customer_id IS NOT NULL AND paid_on BETWEEN :since AND :today
GROUP BY 1
"""
)

_EXPECTED = text(
    """
SELECT COALESCE(sum(total_idr), 0)::bigint FROM owed
WHERE due_on BETWEEN :month_first AND :month_last
"""
)

_LAST_CALLBACK = text("SELECT max(received_at) FROM payments")


async def due_soon(session: Session, days: int) -> dict[str, Any]:
    """Count open invoices that fall due from today on."""
    today = session.clock.today()
    parameters = {"today": today, "soon": today + timedelta(days=days)}
    return dict((await session.execute(_DUE, parameters)).mappings().one())


async def customers(session: Session, days: int) -> dict[str, Any]:
    """Count customers by how they stand."""
    today = session.clock.today()
    parameters = {
        "today": today,
        "soon": today + timedelta(days=days),
        "month_start": start_of_day(today.replace(day=1)),
    }
    return dict((await session.execute(_CUSTOMERS, parameters)).mappings().one())


async def failed_account(session: Session) -> dict[str, Any] | None:
    """Find the oldest open invoice whose account the bank refused, and how many there are."""
    return await _first(session, _FAILED)


async def unsent_invoice(session: Session) -> dict[str, Any] | None:
    """Find the newest open invoice that nobody has sent, and how many there are."""
    return await _first(session, _UNSENT)


async def received_by_month(session: Session, since: date) -> dict[str, int]:
    """Sum payments by month of the bank's day."""
    parameters = {"since": since, "today": session.clock.today()}
    found = await session.execute(_MONTHS, parameters)
    return {row.month: row.received_idr for row in found}


async def expected(session: Session, first: date, last: date) -> int:
    """Sum what falls due between two days."""
    parameters = {"month_first": first, "month_last": last}
    return int((await session.execute(_EXPECTED, parameters)).scalar_one())


async def last_callback_at(session: Session) -> Any:
    """Tell when the bank last reported money."""
    return (await session.execute(_LAST_CALLBACK)).scalar_one()


async def _first(session: Session, query: TextClause) -> dict[str, Any] | None:
    row = (await session.execute(query)).mappings().one_or_none()
    return None if row is None else dict(row)
