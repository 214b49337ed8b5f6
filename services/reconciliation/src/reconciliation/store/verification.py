"""Recomputing the rules of money from raw rows (M11); each query gives the rows that differ."""

from __future__ import annotations

from sqlalchemy import text

from reconciliation.store.balances import balance_differences
from reconciliation.store.certified import RULE, certificate_differences
from shared.database import Session
from shared.verification import Books, Check, by_query

_QUERIES: dict[str, str] = {
    "M2": """
        SELECT 'transaksi buku besar ' || t.id, 0::numeric,
            CASE WHEN count(e.no) < 2 THEN NULL ELSE sum(e.amount_idr) END
        FROM ledger_transactions t LEFT JOIN ledger_entries e ON e.transaction_id = t.id
        GROUP BY t.id HAVING count(e.no) < 2 OR sum(e.amount_idr) <> 0
    """,
    "M3": """
        SELECT 'pembalikan ' || r.id || ' ' || e.account, 0::numeric, sum(e.amount_idr)
        FROM ledger_transactions r
        JOIN ledger_entries e ON e.transaction_id IN (r.id, r.reverses)
        WHERE r.reverses IS NOT NULL
        GROUP BY r.id, e.account HAVING sum(e.amount_idr) <> 0
        UNION ALL
        SELECT 'hak ' || act || ' atas ' || name, 0::numeric, 1::numeric
        FROM unnest(ARRAY['ledger_transactions', 'ledger_entries', 'allocations',
                'allocation_reversals']) AS name,
            unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS act
        WHERE has_table_privilege(current_user, name, act)
    """,
    "M4": """
        WITH expected AS (
            SELECT 'bank:bni' AS account, amount_idr FROM payments
                WHERE reversed_at IS NULL AND part_of IS NULL
            UNION ALL
            SELECT 'credit:' || customer_id, -amount_idr FROM payments
                WHERE reversed_at IS NULL AND customer_id IS NOT NULL
            UNION ALL
            SELECT 'bank:bni', -amount_idr FROM resolutions
                WHERE state = 'done' AND action = 'return'
            UNION ALL
            SELECT side.account, r.amount_idr * side.sign
            FROM resolutions r CROSS JOIN (VALUES
                ('book_fee', 'bank:bni', -1), ('book_fee', 'bank_fees', 1),
                ('book_withdrawal', 'bank:bni', -1), ('book_withdrawal', 'withdrawals', 1)
            ) AS side (action, account, sign)
            WHERE r.state = 'done' AND r.action = side.action
            UNION ALL
            SELECT 'other_income', -amount_idr FROM resolutions
                WHERE state = 'done' AND action = 'write_off'
            UNION ALL
            SELECT 'credit:' || customer_id, amount_idr FROM resolutions
                WHERE state = 'done' AND action IN ('return', 'write_off')
                    AND customer_id IS NOT NULL
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
            UNION ALL
            SELECT side.account, l.amount_idr * side.sign
            FROM bank_lines l
            JOIN ledger_transactions t ON t.kind = 'bank_fee' AND t.object_id = l.id
            CROSS JOIN (VALUES ('bank:bni', 1), ('bank_fees', -1)) AS side (account, sign)
        ),
        facts AS (SELECT account, sum(amount_idr) AS balance FROM expected GROUP BY account),
        books AS (
            SELECT account, sum(amount_idr) AS balance FROM ledger_entries
            WHERE account <> 'suspense' GROUP BY account
        )
        SELECT 'akun ' || account, coalesce(facts.balance, 0), coalesce(books.balance, 0)
        FROM facts FULL JOIN books USING (account)
        WHERE coalesce(facts.balance, 0) <> coalesce(books.balance, 0)
    """,
    "M5": """
        SELECT 'pembayaran ' || p.id, coalesce(sum(l.amount_idr), 0), p.allocated_idr::numeric
        FROM payments p LEFT JOIN live_allocations l ON l.payment_id = p.id
        GROUP BY p.id
        HAVING coalesce(sum(l.amount_idr), 0) <> p.allocated_idr
            OR p.allocated_idr NOT BETWEEN 0 AND p.amount_idr - p.disposed_idr - p.split_idr
            OR (p.reversed_at IS NOT NULL AND p.allocated_idr + p.disposed_idr + p.split_idr <> 0)
        UNION ALL
        SELECT 'pembayaran ' || p.id || ' dilepas', coalesce(sum(r.amount_idr), 0),
            p.disposed_idr::numeric
        FROM payments p LEFT JOIN resolutions r ON r.payment_id = p.id AND r.state = 'done'
            AND r.action IN ('return', 'write_off')
        GROUP BY p.id HAVING coalesce(sum(r.amount_idr), 0) <> p.disposed_idr
        UNION ALL
        SELECT 'pembayaran ' || w.id || ' dibagi', coalesce(sum(p.amount_idr), 0),
            w.split_idr::numeric
        FROM payments w LEFT JOIN payments p ON p.part_of = w.id AND p.reversed_at IS NULL
        GROUP BY w.id HAVING coalesce(sum(p.amount_idr), 0) <> w.split_idr
    """,
    "M6": """
        SELECT 'tagihan ' || i.number, coalesce(sum(l.amount_idr), 0), i.allocated_idr::numeric
        FROM invoices i LEFT JOIN live_allocations l ON l.invoice_id = i.id
        GROUP BY i.id
        HAVING coalesce(sum(l.amount_idr), 0) <> i.allocated_idr
            OR i.allocated_idr NOT BETWEEN 0 AND i.total_idr
            OR (i.status IN ('draft', 'cancelled') AND i.allocated_idr <> 0)
    """,
    "M9": """
        WITH facts AS (
            SELECT coalesce(sum(disposed_idr + split_idr - amount_idr), 0) AS balance
            FROM payments
            WHERE customer_id IS NULL AND reversed_at IS NULL
        ),
        books AS (
            SELECT coalesce(sum(amount_idr), 0) AS balance FROM ledger_entries
            WHERE account = 'suspense'
        )
        SELECT 'akun suspense', facts.balance, books.balance FROM facts, books
        WHERE facts.balance <> books.balance
        UNION ALL
        SELECT 'pembayaran ' || p.id || ' tanpa buku besar', p.amount_idr::numeric, 0::numeric
        FROM payments p WHERE NOT EXISTS (
            SELECT FROM ledger_transactions t
            WHERE t.kind = 'payment_received' AND t.object_id = p.id
        ) AND NOT EXISTS (
            SELECT FROM ledger_transactions t WHERE t.kind = 'split' AND t.object_id = p.split_by
        )
    """,
}


async def count_entries(session: Session) -> int:
    return int((await session.execute(text("SELECT count(*) FROM ledger_entries"))).scalar_one())


_STOP = "Hentikan layanan reconciliation dan bandingkan baris itu dengan cadangan terakhir."
_LOOK = "Buka pembayaran atau tagihan itu dan bandingkan alokasinya dengan buku besar."
_WORDS: dict[str, tuple[str, str]] = {
    "M2": ("Tiap transaksi buku besar berjumlah nol", _STOP),
    "M3": ("Buku besar hanya bertambah; yang salah dibalik seutuhnya, sekali", _STOP),
    "M4": ("Saldo tiap akun sama dengan pembayaran, alokasi dan tagihannya", _LOOK),
    "M5": ("Tiap pembayaran terbagi habis: dialokasikan atau titipan", _LOOK),
    "M6": ("Tiap tagihan menerima paling banyak totalnya", _LOOK),
    "M9": ("Uang tanpa pemilik seluruhnya ada di akun suspense", _LOOK),
}

BOOKS = Books(
    checks=(
        *(by_query(rule, *_WORDS[rule], query) for rule, query in _QUERIES.items()),
        Check(
            RULE,
            "Sertifikat hari tertutup sama dengan buku besar",
            "Jangan tutup hari berikutnya; cari siapa yang mengubah hari itu di jejak audit.",
            certificate_differences,
        ),
        Check(
            RULE,
            "Saldo bank bergerak seperti buku besar, atau selisihnya jelas",
            "Buka pengecualian saldo hari itu; impor ulang mutasinya bila ada baris yang kurang.",
            balance_differences,
        ),
    ),
    claims={
        "billed": """
            SELECT id AS key, 'tagihan ' || number AS name, total_idr AS amount_idr FROM invoices
            WHERE status NOT IN ('draft', 'cancelled')
        """,
        "paid": """
            SELECT i.id AS key, 'tagihan ' || i.number AS name,
                sum(l.amount_idr)::bigint AS amount_idr
            FROM live_allocations l JOIN invoices i ON i.id = l.invoice_id GROUP BY i.id
        """,
        "received": """
            SELECT DISTINCT ON (subject_id) subject_id AS key, 'pembayaran ' || reference AS name,
                amount_idr
            FROM sightings WHERE source <> 'statement' ORDER BY subject_id, id
        """,
        "disputed": """
            SELECT subject_id AS key, 'pembayaran ' || reference AS name, amount_idr FROM sightings
            WHERE is_denial
        """,
        "booked": """
            SELECT id AS key, 'pembayaran ' || bank_reference AS name, amount_idr FROM payments
            WHERE reversed_at IS NULL AND split_idr = 0
        """,
        "credit": """
            SELECT id AS key, 'pembayaran ' || bank_reference AS name,
                amount_idr - allocated_idr - disposed_idr AS amount_idr
            FROM payments
            WHERE reversed_at IS NULL AND allocated_idr + disposed_idr + split_idr <> amount_idr
        """,
    },
)
