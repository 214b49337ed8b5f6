"""Queries of what proves the money of a day: statements, the bank's answers, callbacks alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import text

from reconciliation.domain.certificate import EXPLAINED, Coverage, Figure
from shared.clock import start_of_day
from shared.database import Session

_PROOF = text("""
    SELECT CASE
            WHEN p.verification = 'disputed' THEN 'denied'
            WHEN s.shown OR (s.printed AND NOT s.called) THEN 'statement'
            WHEN s.asked THEN 'inquiry'
            ELSE 'callback'
        END, count(*), sum(p.amount_idr)
    FROM ledger_transactions t JOIN payments p ON p.id = t.object_id
    CROSS JOIN LATERAL (
        SELECT bool_or(source = 'statement' AND amount_idr = p.amount_idr) AS shown,
            bool_or(source = 'statement') AS printed, bool_or(source = 'callback') AS called,
            bool_or(source = 'inquiry') AS asked
        FROM sightings WHERE payment_id = p.id
    ) AS s
    WHERE t.booked_on = :day AND t.kind = 'payment_received' GROUP BY 1 ORDER BY 1
""")
_COVERAGE = text("""
    WITH mine AS (
        SELECT l.id, l.account, l.amount_idr, s.payment_id, s.id AS seen
        FROM bank_lines l LEFT JOIN sightings s ON s.subject_id = l.id AND s.source = 'statement'
        WHERE l.day = :day
    ), matters AS (
        SELECT payment_id, bank_line_id FROM exceptions
        WHERE closed_at IS NULL AND kind <> ALL (:explained)
    ), waiting AS (
        SELECT m.id FROM mine m JOIN matters e ON e.bank_line_id = m.id
        UNION SELECT m.id FROM mine m JOIN matters e ON e.payment_id = m.payment_id
    )
    SELECT a.account, EXISTS (
            SELECT FROM bank_statements b WHERE b.account = a.account AND b.opens_on <= :day
                AND (b.closes_on > :day OR (b.closes_on = :day AND b.imported_at >= :over_at))
        ) AS covered,
        count(m.id) AS lines,
        coalesce(sum(m.amount_idr) FILTER (WHERE m.amount_idr > 0), 0)::bigint AS credits_idr,
        coalesce(sum(m.amount_idr) FILTER (WHERE m.amount_idr < 0), 0)::bigint AS debits_idr,
        count(m.seen) FILTER (WHERE w.id IS NULL) AS matched
    FROM unnest(CAST(:accounts AS text[])) AS a (account)
    LEFT JOIN mine m ON m.account = a.account LEFT JOIN waiting w ON w.id = m.id
    GROUP BY 1 ORDER BY 1
""")


async def proof_of(session: Session, day: date) -> dict[str, Figure]:
    """Give the money that was booked on a day by the best proof of it.

    A line under a callback's reference with another amount proves nothing.
    """
    found = await session.execute(_PROOF, {"day": day})
    return {kind: Figure(count=count, amount_idr=int(amount)) for kind, count, amount in found}


async def coverage_of(session: Session, day: date, accounts: Sequence[str]) -> dict[str, Coverage]:
    """Give what the statements of some bank accounts hold of a day."""
    given = {
        "day": day,
        "over_at": start_of_day(day + timedelta(days=1)),
        "accounts": list(accounts),
        "explained": sorted(EXPLAINED),
    }
    found = (await session.execute(_COVERAGE, given)).mappings()
    rows = [dict(row) for row in found]
    return {row.pop("account"): Coverage(**row) for row in rows}
