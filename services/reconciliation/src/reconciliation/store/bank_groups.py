"""The query of what a day's lines and the ledger's movements at the bank do not agree in.

Lines and movements belong together by payment, else by line. What belongs to a virtual account is
looked at together where a single payment does not agree, as it is counted together (ADR-0019).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import text

from reconciliation.domain.balance import TELLING, Group
from shared.database import Session

Period = tuple[date, date]
"""First and last day, both included."""

_APART = text("""
WITH printed AS (
    SELECT l.day, coalesce(s.payment_id, l.id) AS key, sum(l.amount_idr) AS amount_idr,
        bool_or(s.id IS NULL) AS pending
    FROM bank_lines l LEFT JOIN sightings s ON s.subject_id = l.id AND s.source = 'statement'
    WHERE l.account = ANY (:accounts) AND l.day BETWEEN :first AND :last GROUP BY 1, 2
), booked AS (
    SELECT m.booked_on AS day, coalesce(e.bank_line_id, m.object_id) AS key,
        sum(m.amount_idr) AS amount_idr
    FROM bank_movements m
    LEFT JOIN resolutions r ON r.id = m.object_id AND m.kind IN ('bank_fee', 'withdrawal')
    LEFT JOIN exceptions e ON e.id = r.exception_id
    WHERE m.booked_on BETWEEN :first AND :last GROUP BY 1, 2
)
SELECT day, key, (coalesce(p.amount_idr, 0) - coalesce(b.amount_idr, 0))::bigint AS apart_idr,
    coalesce(p.pending, false) AS pending
FROM printed p FULL JOIN booked b USING (day, key)
WHERE coalesce(p.amount_idr, 0) <> coalesce(b.amount_idr, 0) ORDER BY 1, 2
""")
_KNOWN = text("""
WITH looked AS MATERIALIZED (
    SELECT keys.key, p.id AS payment_id, nullif(p.virtual_account, '') AS number,
        r.id IS NOT NULL AS is_returned,
        CASE WHEN p.id IS NOT NULL THEN (
                SELECT q.shown_idr = q.held_idr FROM shown_payments q WHERE q.id = p.id
            ) OR (
                SELECT sum(q.shown_idr) = sum(q.held_idr) FROM shown_payments q
                WHERE q.virtual_account = p.virtual_account AND q.virtual_account <> '')
            ELSE coalesce((SELECT l.amount_idr FROM bank_lines l WHERE l.id = keys.key), 0) = (
                SELECT coalesce(sum(m.amount_idr), 0) FROM (
                    SELECT keys.key AS id
                    UNION ALL SELECT d.id FROM exceptions e
                        JOIN resolutions d ON d.exception_id = e.id WHERE e.bank_line_id = keys.key
                ) AS posted JOIN bank_movements m ON m.object_id = posted.id
                    AND m.kind IN ('bank_fee', 'withdrawal', 'return'))
        END AS evens_out
    FROM unnest(CAST(:keys AS uuid[])) AS keys (key)
    LEFT JOIN payments p ON p.id = keys.key
    LEFT JOIN resolutions r ON r.id = keys.key AND r.action = 'return'
)
SELECT k.key, coalesce(k.evens_out, false) AS evens_out,
    coalesce(asked.is_open, false) AS is_open, coalesce(asked.is_decided, false) AS is_decided,
    k.is_returned, coalesce(short.days, '{}') AS unprinted
FROM looked k
LEFT JOIN LATERAL (
    SELECT bool_or(e.closed_at IS NULL) AS is_open, bool_or(d.id IS NOT NULL) AS is_decided
    FROM (
        SELECT id FROM exceptions WHERE bank_line_id = k.key
        UNION SELECT id FROM exceptions WHERE payment_id = k.payment_id
        UNION SELECT e.id FROM payments q JOIN exceptions e ON e.payment_id = q.id
            WHERE q.virtual_account = k.number AND q.virtual_account <> ''
    ) AS mine JOIN exceptions e ON e.id = mine.id
    LEFT JOIN resolutions d ON d.exception_id = e.id AND d.state = 'done'
    WHERE e.kind = ANY (:telling)
) AS asked ON k.evens_out IS NOT TRUE
LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT q.paid_on) AS days
    FROM (
        SELECT k.payment_id AS id
        UNION SELECT w.id FROM payments w
            WHERE w.virtual_account = k.number AND w.virtual_account <> ''
    ) AS mine JOIN shown_payments q ON q.id = mine.id
    WHERE q.shown_idr < q.held_idr
) AS short ON k.evens_out IS NOT TRUE AND k.payment_id IS NOT NULL
""")


async def groups_of(session: Session, accounts: Sequence[str], period: Period) -> list[Group]:
    """Give what does not agree on single days of a period, with what is known of each."""
    first, last = period
    given = {"accounts": list(accounts), "first": first, "last": last}
    apart = list((await session.execute(_APART, given)).mappings())
    if not apart:
        return []
    asked = {"keys": list({row["key"] for row in apart}), "telling": sorted(TELLING)}
    known = {}
    for row in (await session.execute(_KNOWN, asked)).mappings():
        facts = dict(row)
        known[facts.pop("key")] = facts
    return [
        Group(
            day=row["day"],
            apart_idr=row["apart_idr"],
            pending=row["pending"],
            **known[row["key"]],
        )
        for row in apart
    ]
