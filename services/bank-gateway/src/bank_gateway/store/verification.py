"""Recomputing from raw rows what the bank said was paid (M8, M11)."""

from shared.verification import Books, by_query

_OVERLAPS = """
    WITH reached AS (
        SELECT trx_id, payment_ntb, amount_idr, cumulative_idr,
            max(cumulative_idr) OVER (
                PARTITION BY client_id, trx_id ORDER BY cumulative_idr - amount_idr, cumulative_idr
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS before_idr
        FROM payments WHERE verification <> 'disputed'
    )
    SELECT 'trx_id ' || trx_id || ' pembayaran ' || payment_ntb, before_idr::numeric,
        (cumulative_idr - amount_idr)::numeric
    FROM reached WHERE cumulative_idr - amount_idr < before_idr
"""

_UNDER_WAY = """
    SELECT subject_id, p.client_id, p.trx_id
    FROM work LEFT JOIN payments p ON p.id = subject_id WHERE due_at IS NOT NULL
"""
"""Whom the bank is still asked about: what is missing there may come by itself (R2)."""

_GAPS = f"""
    WITH asked AS ({_UNDER_WAY}), reached AS (
        SELECT client_id, virtual_account_id, trx_id, amount_idr, cumulative_idr,
            coalesce(max(cumulative_idr) OVER (
                PARTITION BY client_id, trx_id ORDER BY cumulative_idr - amount_idr, cumulative_idr
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), 0) AS before_idr
        FROM payments WHERE verification <> 'disputed'
    )
    SELECT 'trx_id ' || trx_id || ' di bawah ' || cumulative_idr, before_idr::numeric,
        (cumulative_idr - amount_idr)::numeric
    FROM reached WHERE cumulative_idr - amount_idr > before_idr
        AND NOT EXISTS (
            SELECT FROM asked WHERE subject_id = virtual_account_id
                OR (asked.client_id, asked.trx_id) = (reached.client_id, reached.trx_id)
        )
"""  # noqa: S608  # our own words

_TOTALS = f"""
    WITH asked AS ({_UNDER_WAY}), told AS (
        SELECT virtual_account_id, sum(amount_idr) AS amount_idr FROM payments
        WHERE verification <> 'disputed' GROUP BY 1
    )
    SELECT 'trx_id ' || v.trx_id, v.bank_paid_idr::numeric, coalesce(t.amount_idr, 0)
    FROM virtual_accounts v LEFT JOIN told t ON t.virtual_account_id = v.id
    WHERE v.bank_paid_idr > coalesce(t.amount_idr, 0)
        AND NOT EXISTS (SELECT FROM asked WHERE subject_id = v.id)
"""  # noqa: S608  # our own words

_THEN = "Tanyakan mutasi trx_id itu kepada BNI dan jangan serahkan barang sebelum jawabannya jelas."

BOOKS = Books(
    checks=(
        by_query("M8", "Rupiah satu trx_id tidak pernah dihitung dua kali", _THEN, _OVERLAPS),
        by_query("M8", "Pembayaran satu trx_id menyambung dari nol tanpa celah", _THEN, _GAPS),
        by_query("M8", "Semua yang kata BNI terbayar sudah tercatat", _THEN, _TOTALS),
    ),
    claims={
        "billed": """
            SELECT id AS key, 'tagihan ' || number AS name, total_idr AS amount_idr FROM invoices
            WHERE status NOT IN ('draft', 'cancelled')
        """,
        "paid": """
            SELECT id AS key, 'tagihan ' || number AS name, paid_idr AS amount_idr FROM invoices
            WHERE paid_idr <> 0
        """,
        "received": """
            SELECT id AS key, 'pembayaran ' || payment_ntb AS name, amount_idr FROM payments
            WHERE status = 'received' OR verification = 'verified'
        """,
        "disputed": """
            SELECT id AS key, 'pembayaran ' || payment_ntb AS name, amount_idr FROM payments
            WHERE status = 'received' AND verification = 'disputed'
        """,
    },
)
