"""Recomputing the rules of money from raw rows (M11); each query gives the rows that differ."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from shared.database import Session

RULES: dict[str, str] = {
    "M2": """
        SELECT 'ledger_transaction ' || t.id, 0::numeric,
            CASE WHEN count(e.no) < 2 THEN NULL ELSE sum(e.amount_idr) END
        FROM ledger_transactions t LEFT JOIN ledger_entries e ON e.transaction_id = t.id
        GROUP BY t.id HAVING count(e.no) < 2 OR sum(e.amount_idr) <> 0
    """,
    "M3": """
        SELECT 'reversal ' || r.id || ' ' || e.account, 0::numeric, sum(e.amount_idr)
        FROM ledger_transactions r
        JOIN ledger_entries e ON e.transaction_id IN (r.id, r.reverses)
        WHERE r.reverses IS NOT NULL
        GROUP BY r.id, e.account HAVING sum(e.amount_idr) <> 0
        UNION ALL
        SELECT 'right to ' || lower(act) || ' ' || name, 0::numeric, 1::numeric
        FROM unnest(ARRAY['ledger_transactions', 'ledger_entries', 'allocations',
                'allocation_reversals']) AS name,
            unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS act
        WHERE has_table_privilege(current_user, name, act)
    """,
    "M4": """
        WITH expected AS (
            SELECT 'bank:bni' AS account, amount_idr FROM payments WHERE reversed_at IS NULL
            UNION ALL
            SELECT 'credit:' || customer_id, -amount_idr FROM payments
                WHERE reversed_at IS NULL AND customer_id IS NOT NULL
            UNION ALL
            SELECT 'credit:' || customer_id, amount_idr FROM live_allocations
            UNION ALL
            SELECT 'receivable:' || customer_id, -amount_idr FROM live_allocations
            UNION ALL
            SELECT 'receivable:' || customer_id, total_idr FROM invoices
                WHERE status NOT IN ('draft', 'cancelled')
            UNION ALL
            SELECT 'billed', -total_idr FROM invoices
                WHERE status NOT IN ('draft', 'cancelled')
        ),
        facts AS (SELECT account, sum(amount_idr) AS balance FROM expected GROUP BY account),
        books AS (
            SELECT account, sum(amount_idr) AS balance FROM ledger_entries
            WHERE account <> 'suspense' GROUP BY account
        )
        SELECT 'account ' || account, coalesce(facts.balance, 0), coalesce(books.balance, 0)
        FROM facts FULL JOIN books USING (account)
        WHERE coalesce(facts.balance, 0) <> coalesce(books.balance, 0)
    """,
    "M5": """
        SELECT 'payment ' || p.id, coalesce(sum(l.amount_idr), 0), p.allocated_idr::numeric
        FROM payments p LEFT JOIN live_allocations l ON l.payment_id = p.id
        GROUP BY p.id
        HAVING coalesce(sum(l.amount_idr), 0) <> p.allocated_idr
            OR p.allocated_idr NOT BETWEEN 0 AND p.amount_idr
            OR (p.reversed_at IS NOT NULL AND p.allocated_idr <> 0)
    """,
    "M6": """
        SELECT 'invoice ' || i.number, coalesce(sum(l.amount_idr), 0), i.allocated_idr::numeric
        FROM invoices i LEFT JOIN live_allocations l ON l.invoice_id = i.id
        GROUP BY i.id
        HAVING coalesce(sum(l.amount_idr), 0) <> i.allocated_idr
            OR i.allocated_idr NOT BETWEEN 0 AND i.total_idr
            OR (i.status IN ('draft', 'cancelled') AND i.allocated_idr <> 0)
    """,
    "M9": """
        WITH facts AS (
            SELECT coalesce(sum(-amount_idr), 0) AS balance FROM payments
            WHERE customer_id IS NULL AND reversed_at IS NULL
        ),
        books AS (
            SELECT coalesce(sum(amount_idr), 0) AS balance FROM ledger_entries
            WHERE account = 'suspense'
        )
        SELECT 'account suspense', facts.balance, books.balance FROM facts, books
        WHERE facts.balance <> books.balance
        UNION ALL
        SELECT 'payment ' || p.id || ' without ledger', p.amount_idr::numeric, 0::numeric
        FROM payments p WHERE NOT EXISTS (
            SELECT FROM ledger_transactions t
            WHERE t.kind = 'payment_received' AND t.object_id = p.id
        )
    """,
}

_ROOM = text("SELECT set_config('work_mem', '128MB', true)")
"""Memory for one pass per table instead of files on disk; for this transaction only."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the books do not say what the raw rows say."""

    rule: str
    subject: str
    expected_idr: int | None = None
    found_idr: int | None = None

    def __str__(self) -> str:
        if self.expected_idr is None or self.found_idr is None:
            return f"{self.rule}: {self.subject}"
        return (
            f"{self.rule}: {self.subject}: seharusnya {self.expected_idr},"
            f" tercatat {self.found_idr}"
        )


async def count_entries(session: Session) -> int:
    return int((await session.execute(text("SELECT count(*) FROM ledger_entries"))).scalar_one())


async def differences(session: Session, limit: int) -> list[Difference]:
    """Give the first differences, rule by rule; none means that every rupiah is explained."""
    await session.execute(_ROOM)
    found: list[Difference] = []
    for rule, query in RULES.items():
        rows = await session.execute(text(query.replace(":", "\\:")))
        for subject, expected, actual in rows.fetchmany(limit - len(found)):
            found.append(Difference(rule, subject, _whole(expected), _whole(actual)))
        if len(found) >= limit:
            break
    return found


def _whole(value: object) -> int | None:
    return None if value is None else int(str(value))
