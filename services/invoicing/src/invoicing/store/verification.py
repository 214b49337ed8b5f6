"""Recomputing what is owed from raw rows (M6, M7, M11)."""

from __future__ import annotations

from shared.verification import Books, by_query

_PLANS = """
    SELECT 'rencana ' || p.booking_number, p.total_idr::numeric, sum(l.amount_idr)
    FROM plans p LEFT JOIN plan_lines l ON l.plan_id = p.id
    WHERE p.kind <> 'monthly'
    GROUP BY p.id HAVING sum(l.amount_idr) IS DISTINCT FROM p.total_idr
    UNION ALL
    SELECT 'rencana ' || p.booking_number || ' bulan ' || l.due_on, p.total_idr, l.amount_idr
    FROM plans p JOIN plan_lines l ON l.plan_id = p.id
    WHERE p.kind = 'monthly' AND l.amount_idr <> p.total_idr
"""

_REMAINDERS = """
    WITH parts AS (
        SELECT plan_id, no, amount_idr, sum(amount_idr) OVER plan AS rest, count(*) OVER plan AS n,
            max(no) OVER plan AS last
        FROM plan_lines WHERE kind = 'installment' WINDOW plan AS (PARTITION BY plan_id)
    ), shares AS (
        SELECT *, div(rest, n) + CASE WHEN no = last THEN rest % n ELSE 0 END AS share FROM parts
    )
    SELECT 'rencana ' || p.booking_number || ' baris ' || s.no, s.share, s.amount_idr::numeric
    FROM shares s JOIN plans p ON p.id = s.plan_id WHERE s.amount_idr <> s.share
"""

_BILLS = """
    SELECT 'tagihan ' || i.number, l.amount_idr::numeric, i.total_idr::numeric
    FROM plan_lines l JOIN invoices i ON i.id = l.invoice_id WHERE i.total_idr <> l.amount_idr
    UNION ALL
    SELECT 'tagihan ' || i.number, sum(l.amount_idr), i.total_idr
    FROM invoices i LEFT JOIN invoice_lines l ON l.invoice_id = i.id
    GROUP BY i.id HAVING sum(l.amount_idr) IS DISTINCT FROM i.total_idr
"""

_PAID = """
    SELECT 'tagihan ' || i.number, coalesce(sum(a.amount_idr), 0), i.paid_idr::numeric
    FROM invoices i LEFT JOIN allocations a ON a.invoice_id = i.id
    GROUP BY i.id
    HAVING coalesce(sum(a.amount_idr), 0) <> i.paid_idr
        OR i.paid_idr NOT BETWEEN 0 AND i.total_idr
        OR i.status <> CASE
            WHEN i.status IN ('draft', 'cancelled') AND i.paid_idr = 0 THEN i.status
            WHEN i.paid_idr = 0 THEN 'issued'
            WHEN i.paid_idr < i.total_idr THEN 'partially_paid'
            ELSE 'paid' END
"""

_TALLIES = """
    WITH kept AS (
        SELECT status, sum(total_idr) AS total_idr FROM (
            SELECT status, total_idr FROM invoice_tallies WHERE due_on IS NULL
            UNION ALL SELECT status, total_idr FROM invoice_changes
        ) noted GROUP BY status
    ), counted AS (
        SELECT status, sum(total_idr) AS total_idr FROM invoices GROUP BY status
    )
    SELECT 'tagihan berstatus ' || coalesce(c.status, k.status), coalesce(c.total_idr, 0),
        coalesce(k.total_idr, 0)
    FROM counted c FULL JOIN kept k ON k.status = c.status
    WHERE coalesce(c.total_idr, 0) <> coalesce(k.total_idr, 0)
"""

_THEN_PLAN = (
    "Jangan terbitkan baris berikutnya dari rencana ini; bandingkan dengan harga pada bookingnya."
)

BOOKS = Books(
    checks=(
        by_query(
            "M6",
            "Terbayar tiap tagihan sama dengan uang yang dialokasikan kepadanya",
            "Buka tagihan itu, bandingkan dengan pembayarannya, lalu ./lunas republish invoicing.",
            _PAID,
        ),
        by_query("M7", "Jadwal tiap rencana berjumlah harga yang disepakati", _THEN_PLAN, _PLANS),
        by_query("M7", "Sisa pembagian angsuran ada pada yang terakhir", _THEN_PLAN, _REMAINDERS),
        by_query(
            "M7",
            "Tiap tagihan berjumlah baris-barisnya dan baris rencananya",
            "Jangan kirim tagihan itu; batalkan bila belum dibayar, lalu terbitkan lagi.",
            _BILLS,
        ),
        by_query(
            "M10",
            "Jumlah pada tab daftar tagihan sama dengan tagihannya",
            "Angka pada tab keliru, tagihannya sendiri tidak; laporkan kepada pengelola sistem.",
            _TALLIES,
        ),
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
    },
)
