"""Recomputing from raw rows that the recaps of all Marketing are the recap of Admin (M10, M11)."""

from __future__ import annotations

from collections import Counter
from datetime import date
from uuid import UUID

from sqlalchemy import text

from reporting.domain.period import Group, Span
from reporting.store.recaps import movements
from shared.database import Session, set_scope
from shared.verification import Books, Check, Difference, by_query

RULE = "M10"

_NOBODYS = """
    SELECT 'tagihan ' || i.number || ' tidak ada di rekap Marketing mana pun',
        i.total_idr::numeric, 0::numeric
    FROM invoices i LEFT JOIN customers c ON c.id = i.customer_id WHERE c.id IS NULL
    UNION ALL
    SELECT 'pembayaran ' || p.bank_reference || ' tidak ada di rekap Marketing mana pun',
        p.amount_idr, 0
    FROM payments p LEFT JOIN customers c ON c.id = p.customer_id
    WHERE p.customer_id IS NOT NULL AND c.id IS NULL
    UNION ALL
    SELECT 'alokasi ke tagihan ' || a.invoice_number || ' ada di rekap Marketing lain',
        a.amount_idr, 0
    FROM allocations a JOIN invoices i ON i.id = a.invoice_id
    JOIN payments p ON p.id = a.payment_id
    WHERE NOT a.reversed AND (
        a.customer_id IS DISTINCT FROM i.customer_id OR p.customer_id IS DISTINCT FROM i.customer_id
    )
"""

_GONE = """
    SELECT 'yang keluar dari pembayaran ' || p.bank_reference, p.disposed_idr::numeric,
        coalesce(d.amount_idr, 0)
    FROM payments p LEFT JOIN (
        SELECT payment_id, sum(amount_idr) AS amount_idr FROM disposals
        WHERE NOT undone GROUP BY 1
    ) AS d ON d.payment_id = p.id
    WHERE p.disposed_idr <> coalesce(d.amount_idr, 0)
"""

_SEEN = text("""
    SELECT 'billed' AS kind, coalesce(sum(total_idr), 0)::bigint AS amount_idr
    FROM invoices WHERE status <> 'draft'
    UNION ALL
    SELECT 'cancelled', coalesce(sum(total_idr), 0)::bigint
    FROM invoices WHERE status = 'cancelled'
    UNION ALL
    SELECT 'allocated', coalesce(sum(amount_idr), 0)::bigint FROM allocations WHERE NOT reversed
    UNION ALL
    SELECT 'received', coalesce(sum(amount_idr), 0)::bigint
    FROM payments WHERE status <> 'reversed' AND customer_id IS NOT NULL
""")
"""The raw rows in sight, added up."""

_MARKETING = text("SELECT DISTINCT marketing_id, marketing_name FROM customers ORDER BY 2, 1")
_WORDS = {
    "billed": "ditagih",
    "cancelled": "dibatalkan",
    "allocated": "terbayar",
    "received": "diterima",
}


async def recap_differences(session: Session) -> list[Difference]:
    """Compare what each Marketing sees for himself with his row in the recap of Admin.

    Everything that ever moved, by kind; the last row is what belongs to no Marketing.
    """
    admins = await _admins_recap(session)
    everything = await _seen(session)
    names = {row.marketing_id: row.marketing_name for row in await session.execute(_MARKETING)}
    found: list[Difference] = []
    together: Counter[str] = Counter()
    for marketing_id, name in names.items():
        own = await _seen(session, f"marketing:{marketing_id}")
        together.update(own)
        found += _unequal(f"rekap {name}", own, admins.pop(marketing_id, Counter()))
    nobodys = sum(admins.values(), Counter())
    found += _unequal("tanpa Marketing", Counter(), nobodys)
    return found + _unequal("semua Marketing bersama", everything, together)


async def _admins_recap(session: Session) -> dict[UUID | None, Counter[str]]:
    ever = Span(date.max, date.max, Group.MONTH)
    rows: dict[UUID | None, Counter[str]] = {}
    for moved in await movements(session, ever, None):
        if moved.kind in _WORDS:
            rows.setdefault(moved.marketing_id, Counter())[moved.kind] += moved.amount_idr
    return rows


async def _seen(session: Session, scope: str = "all") -> Counter[str]:
    await set_scope(session, scope)
    seen = await session.execute(_SEEN)
    await set_scope(session, "all")
    return Counter({row.kind: row.amount_idr for row in seen})


def _unequal(whose: str, expected: Counter[str], found: Counter[str]) -> list[Difference]:
    return [
        Difference(RULE, f"{whose}: {word}", expected[kind], found[kind])
        for kind, word in _WORDS.items()
        if expected[kind] != found[kind]
    ]


_THEN = "Jangan bagikan rekap bulan ini dulu; jalankan ./lunas republish reporting, lalu ulangi."

BOOKS = Books(
    checks=(
        by_query(RULE, "Tiap rupiah ada di rekap satu Marketing", _THEN, _NOBODYS),
        by_query("M5", "Tiap rupiah yang keluar punya harinya", _THEN, _GONE),
        Check(RULE, "Jumlah rekap semua Marketing = rekap Admin", _THEN, recap_differences),
    ),
    claims={
        "billed": """
            SELECT id AS key, 'tagihan ' || number AS name, total_idr AS amount_idr FROM invoices
            WHERE status NOT IN ('draft', 'cancelled')
        """,
        "paid": """
            SELECT invoice_id AS key, 'tagihan ' || min(invoice_number) AS name,
                sum(amount_idr)::bigint AS amount_idr
            FROM allocations WHERE NOT reversed GROUP BY invoice_id
        """,
        "booked": """
            SELECT id AS key, 'pembayaran ' || bank_reference AS name, amount_idr FROM payments
            WHERE status <> 'reversed'
        """,
        "credit": """
            SELECT id AS key, 'pembayaran ' || bank_reference AS name,
                unallocated_idr AS amount_idr
            FROM payments WHERE status <> 'reversed' AND unallocated_idr <> 0
        """,
    },
)
