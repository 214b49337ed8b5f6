"""Rows of invoices, payments and virtual accounts for a file."""

from __future__ import annotations

from sqlalchemy import text

INVOICES = text(
    """
WITH shown AS (
    SELECT i.id, i.number, i.title, i.issued_at, i.due_on, i.booking_id, i.customer_id,
        c.name AS customer, c.number AS customer_number, c.phone, c.marketing_id,
        COALESCE(u.name, c.marketing_name) AS marketing,
        CASE WHEN i.status IN ('draft', 'cancelled') THEN i.status
            WHEN COALESCE(a.paid_idr, 0) = i.total_idr THEN 'paid'
            WHEN COALESCE(a.paid_idr, 0) > 0 THEN 'partially_paid' ELSE 'issued' END AS status,
        CASE WHEN i.status = 'cancelled' THEN 0 ELSE i.total_idr END AS total_idr,
        CASE WHEN i.status = 'cancelled' THEN i.total_idr ELSE 0 END AS cancelled_idr,
        COALESCE(a.paid_idr, 0) AS paid_idr
    FROM invoices i
    JOIN customers c ON c.id = i.customer_id
    LEFT JOIN users u ON u.id = c.marketing_id
    LEFT JOIN LATERAL (
        SELECT sum(a.amount_idr)::bigint AS paid_idr FROM allocations a
        WHERE a.invoice_id = i.id AND NOT a.reversed
    ) a ON true
), judged AS (
    SELECT *, total_idr - paid_idr AS outstanding_idr,
        status IN ('issued', 'partially_paid') AND due_on < :today AS late
    FROM shown
)
SELECT j.*, v.number AS virtual_account, v.status AS account_status,
    CASE WHEN late THEN :today - due_on ELSE 0 END AS overdue_days
FROM judged j
LEFT JOIN LATERAL (
    SELECT v.number, v.status FROM virtual_accounts v
    WHERE v.invoice_id = j.id ORDER BY v.version DESC LIMIT 1
) v ON true
WHERE CASE CAST(:view AS text) WHEN 'all' THEN true WHEN 'overdue' THEN late
        WHEN 'due_soon' THEN j.status IN ('issued', 'partially_paid')
            AND due_on BETWEEN :today AND :soon
        ELSE j.status = :view END
  AND (CAST(:status AS text) IS NULL OR j.status = :status)
  AND (CAST(:overdue AS boolean) IS NULL OR late = :overdue)
  AND (CAST(:customer_id AS uuid) IS NULL OR j.customer_id = :customer_id)
  AND (CAST(:marketing_id AS uuid) IS NULL OR j.marketing_id = :marketing_id)
  AND (CAST(:booking_id AS uuid) IS NULL OR j.booking_id = :booking_id)
  AND (CAST(:due_from AS date) IS NULL OR due_on >= :due_from)
  AND (CAST(:due_to AS date) IS NULL OR due_on <= :due_to)
  AND (CAST(:words AS text) IS NULL OR lower(j.number) LIKE :words OR lower(title) LIKE :words
       OR lower(customer) LIKE :words OR lower(customer_number) LIKE :words
       OR (CAST(:digits AS text) IS NOT NULL AND v.number LIKE :digits))
ORDER BY issued_at DESC, j.id DESC
"""
)

PAYMENTS = text(
    """
SELECT p.paid_at, p.received_at, c.name AS customer, c.number AS customer_number, c.phone,
    COALESCE(u.name, c.marketing_name) AS marketing, p.payer_name, p.channel, p.virtual_account,
    p.bank_reference, p.status, p.verification, d.number AS receipt_number, parts.invoices,
    CASE WHEN counts THEN p.amount_idr ELSE 0 END AS amount_idr,
    CASE WHEN counts THEN p.amount_idr - p.unallocated_idr - p.disposed_idr ELSE 0 END
        AS allocated_idr,
    CASE WHEN counts THEN p.unallocated_idr ELSE 0 END AS unallocated_idr,
    CASE WHEN counts THEN p.disposed_idr ELSE 0 END AS disposed_idr,
    CASE WHEN counts THEN 0 ELSE p.amount_idr END AS held_idr
FROM (
    SELECT *, status <> 'reversed' AND verification <> 'disputed' AS counts FROM payments
) p
LEFT JOIN customers c ON c.id = p.customer_id
LEFT JOIN users u ON u.id = c.marketing_id
LEFT JOIN documents d ON d.payment_id = p.id AND d.kind = 'receipt'
LEFT JOIN LATERAL (
    SELECT string_agg(a.invoice_number, ', ' ORDER BY a.id) AS invoices
    FROM allocations a WHERE a.payment_id = p.id AND NOT a.reversed
) parts ON true
WHERE (CAST(:status AS text) IS NULL OR p.status = :status)
  AND (CAST(:verification AS text) IS NULL OR p.verification = :verification)
  AND (CAST(:channel AS text) IS NULL OR p.channel = :channel)
  AND (CAST(:customer_id AS uuid) IS NULL OR p.customer_id = :customer_id)
  AND (CAST(:marketing_id AS uuid) IS NULL OR c.marketing_id = :marketing_id)
  AND (CAST(:from_day AS date) IS NULL OR p.paid_on >= :from_day)
  AND (CAST(:to_day AS date) IS NULL OR p.paid_on <= :to_day)
  AND (CAST(:words AS text) IS NULL OR lower(p.bank_reference) LIKE :words
       OR lower(p.payer_name) LIKE :words OR lower(c.name) LIKE :words
       OR lower(c.number) LIKE :words
       OR (CAST(:digits AS text) IS NOT NULL AND p.virtual_account LIKE :digits))
ORDER BY p.paid_at DESC, p.id DESC
"""
)

ACCOUNTS = text(
    """
SELECT v.number, v.holder_name, v.status, i.number AS invoice, c.name AS customer,
    c.number AS customer_number, c.phone, COALESCE(u.name, c.marketing_name) AS marketing,
    v.amount_idr, v.expires_at, v.trouble
FROM virtual_accounts v
JOIN customers c ON c.id = v.customer_id
LEFT JOIN users u ON u.id = c.marketing_id
LEFT JOIN invoices i ON i.id = v.invoice_id
WHERE (CAST(:status AS text) IS NULL OR v.status = :status)
  AND (CAST(:customer_id AS uuid) IS NULL OR v.customer_id = :customer_id)
  AND (CAST(:invoice_id AS uuid) IS NULL OR v.invoice_id = :invoice_id)
  AND (CAST(:words AS text) IS NULL OR lower(v.holder_name) LIKE :words
       OR lower(i.number) LIKE :words
       OR (CAST(:digits AS text) IS NOT NULL AND v.number LIKE :digits))
ORDER BY v.id DESC
"""
)
