INSERT INTO customers (id, name, marketing_id, marketing_name, version)
SELECT ('c' || lpad(to_hex(n), 31, '0'))::uuid, 'Mahmud Sulaiman', ('e' || lpad(to_hex(n % 8), 31, '0'))::uuid, 'Marketing ' || n % 8, 1
FROM generate_series(0, 4999) AS n;
INSERT INTO invoices (id, customer_id, number, title, status, due_on, total_idr, paid_idr, version)
SELECT ('b' || lpad(to_hex(n), 31, '0'))::uuid, ('c' || lpad(to_hex(n % 5000), 31, '0'))::uuid, 'INV/' || n, 'Kavling', 'issued',
    current_date, 1000 + n, 0, 1
FROM generate_series(1, :bills) AS n;
INSERT INTO virtual_accounts (id, mode, invoice_id, customer_id, trx_id, account_number, billing_type, holder_name, amount_idr,
    expires_at, status, wanted_closed, version, created_at, updated_at)
SELECT ('a' || lpad(to_hex(n), 31, '0'))::uuid, 'invoice', ('b' || lpad(to_hex(n), 31, '0'))::uuid,
    ('c' || lpad(to_hex(n % 5000), 31, '0'))::uuid, 'LNS' || lpad(n::text, 17, '0'), '8001' || lpad(n::text, 12, '0'), 'c',
    'Mahmud Sulaiman', 1000 + n, now() + interval '30 days', 'active', false, 2, now(), now()
FROM generate_series(1, :bills) AS n;
INSERT INTO billing_versions (virtual_account_id, no, amount_idr, expires_at, registered_at)
SELECT ('a' || lpad(to_hex(n), 31, '0'))::uuid, 1, 1000 + n, now() + interval '30 days', now()
FROM generate_series(1, :bills) AS n;
