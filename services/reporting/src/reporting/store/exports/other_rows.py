"""Rows of products and bookings for a file."""

from __future__ import annotations

from sqlalchemy import text

PRODUCTS = text(
    """
SELECT code, name, kind, price_idr, active FROM products
WHERE (CAST(:active AS boolean) IS NULL OR active = :active)
  AND (CAST(:kind AS text) IS NULL OR kind = :kind)
  AND (CAST(:words AS text) IS NULL OR lower(name) LIKE :words OR lower(code) LIKE :words)
ORDER BY id DESC
"""
)

BOOKINGS = text(
    """
SELECT b.number, b.booked_at, c.name AS customer, c.number AS customer_number, c.phone,
    COALESCE(u.name, c.marketing_name) AS marketing, b.status, b.notes, items.products,
    CASE WHEN b.status = 'cancelled' THEN 0 ELSE b.total_idr END AS total_idr,
    CASE WHEN b.status = 'cancelled' THEN b.total_idr ELSE 0 END AS cancelled_idr
FROM bookings b
JOIN customers c ON c.id = b.customer_id
LEFT JOIN users u ON u.id = c.marketing_id
LEFT JOIN LATERAL (
    SELECT string_agg((item ->> 'quantity') || ' × ' || (item ->> 'product_name'), ', ')
        AS products
    FROM jsonb_array_elements(b.items) AS item
) items ON true
WHERE (CAST(:status AS text) IS NULL OR b.status = :status)
  AND (CAST(:customer_id AS uuid) IS NULL OR b.customer_id = :customer_id)
  AND (CAST(:marketing_id AS uuid) IS NULL OR c.marketing_id = :marketing_id)
  AND (CAST(:words AS text) IS NULL OR lower(b.number) LIKE :words OR lower(c.name) LIKE :words
       OR lower(c.number) LIKE :words
       OR (CAST(:digits AS text) IS NOT NULL AND c.phone LIKE :digits))
ORDER BY b.booked_at DESC, b.id DESC
"""
)
