"""Queries of what became of a statement's lines."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from reconciliation.domain.certificate import EXPLAINED, Figure
from reconciliation.domain.outcome import Fate
from reconciliation.models import BankStatement
from shared.database import Session

_ABOUT = """
WITH mine AS (
    SELECT l.id, abs(l.amount_idr) AS amount_idr, s.seen_at, s.payment_id
    FROM bank_lines l LEFT JOIN sightings s ON s.subject_id = l.id AND s.source = 'statement'
    WHERE l.statement_id = :statement_id
), about AS (
    SELECT m.id AS line_id, e.id, e.kind, e.closed_at
    FROM mine m JOIN exceptions e ON e.bank_line_id = m.id
    UNION ALL
    SELECT m.id, e.id, e.kind, e.closed_at
    FROM mine m JOIN exceptions e ON e.payment_id = m.payment_id
)
"""
_FATES = text(f"""
{_ABOUT}, asked AS (
    SELECT a.line_id, bool_or(a.closed_at IS NULL) AS waits, bool_or(r.id IS NOT NULL) AS decided
    FROM about a LEFT JOIN resolutions r ON r.exception_id = a.id AND r.state = 'done'
    WHERE a.kind <> ALL (:explained) GROUP BY 1
), told AS (
    SELECT m.id AS line_id, bool_or(t.source = 'inquiry') AS confirmed
    FROM mine m JOIN sightings t ON t.payment_id = m.payment_id
    WHERE t.source <> 'statement' AND NOT t.is_denial AND t.seen_at <= m.seen_at GROUP BY 1
)
SELECT CASE
        WHEN m.seen_at IS NULL THEN 'pending'
        WHEN a.waits THEN 'waiting'
        WHEN a.decided THEN 'decided'
        WHEN f.object_id IS NOT NULL THEN 'fee'
        WHEN t.confirmed THEN 'joined'
        WHEN t.line_id IS NOT NULL THEN 'confirmed'
        ELSE 'posted'
    END, count(*), sum(m.amount_idr)
FROM mine m
LEFT JOIN asked a ON a.line_id = m.id
LEFT JOIN told t ON t.line_id = m.id
LEFT JOIN ledger_transactions f ON f.object_id = m.id AND f.kind = 'bank_fee'
GROUP BY 1
""")  # noqa: S608  # our own words
_OPEN = text(f"""
{_ABOUT}, unshown AS (
    SELECT e.id FROM exceptions e JOIN payments p ON p.id = e.payment_id
    WHERE e.kind = 'missing_at_bank' AND e.closed_at IS NULL
        AND (p.paid_at AT TIME ZONE 'Asia/Jakarta')::date BETWEEN :opens_on AND :closes_on
        AND (EXISTS (
            SELECT FROM bank_lines l JOIN sightings s ON s.subject_id = l.id
            WHERE l.account = :account AND s.virtual_account <> ''
        ) OR NOT EXISTS (SELECT FROM bank_statements WHERE account <> :account))
)
SELECT kind, count(*), sum(amount_idr) FROM exceptions
WHERE closed_at IS NULL
    AND id IN (SELECT id FROM about UNION SELECT id FROM unshown)
GROUP BY 1 ORDER BY 1
""")  # noqa: S608  # our own words


async def fates(session: Session, statement: BankStatement) -> dict[Fate, Figure]:
    """Count the lines that a statement brought by what became of them, and sum their rupiah."""
    given = {"statement_id": statement.id, "explained": sorted(EXPLAINED)}
    found = await session.execute(_FATES, given)
    counted = {Fate(fate): _figure(count, amount) for fate, count, amount in found}
    return {fate: counted.get(fate, Figure()) for fate in Fate}


async def open_matters(session: Session, statement: BankStatement) -> dict[str, Figure]:
    """Give what is open because of a statement: about its lines, or that it should show (R3).

    Payments are missed only on an account that ever showed some, or that is the only one.
    """
    given = {
        "statement_id": statement.id,
        "account": statement.account,
        "opens_on": statement.opens_on,
        "closes_on": statement.closes_on,
    }
    found = await session.execute(_OPEN, given)
    return {kind: _figure(count, amount) for kind, count, amount in found}


def _figure(count: int, amount_idr: Any) -> Figure:
    return Figure(count=count, amount_idr=int(amount_idr))
