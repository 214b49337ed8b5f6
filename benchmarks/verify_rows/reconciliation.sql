INSERT INTO customers (id, marketing_id, marketing_name, number, name, version)
SELECT md5('c' || n)::uuid, md5('m' || n % 8)::uuid, 'Marketing ' || n % 8, 'PLG-' || n, 'Pelanggan ' || n, 1 FROM generate_series(0, 4999) AS n;
INSERT INTO invoices (id, customer_id, number, status, due_on, total_idr, allocated_idr, version)
SELECT md5('i' || n)::uuid, md5('c' || n / 12 % 5000)::uuid, 'INV/' || n, 'issued', current_date, :amount, 0, 1 FROM generate_series(1, :bills) AS n;
INSERT INTO payments (id, customer_id, invoice_id, channel, virtual_account, trx_id, bank_reference, payer_name, amount_idr, allocated_idr,
    paid_at, received_at, verification, version)
SELECT md5('p' || n)::uuid, md5('c' || n / 12 % 5000)::uuid, md5('i' || n)::uuid, 'bni_va', '8001' || lpad(n::text, 12, '0'), 'LNS' || n,
    'NTB' || n, 'PELANGGAN', :amount, 0, now(), now(), 'verified', 1
FROM generate_series(1, :bills) AS n;
INSERT INTO sightings (id, source, subject_id, is_denial, virtual_account, trx_id, customer_id, invoice_id, amount_idr, reference,
    payer_name, remark, day, paid_at, seen_at, payment_id)
SELECT md5(source || n)::uuid, source, md5('p' || n)::uuid, false, '8001' || lpad(n::text, 12, '0'), 'LNS' || n, md5('c' || n / 12 % 5000)::uuid,
    md5('i' || n)::uuid, :amount, 'NTB' || n, 'PELANGGAN', '', current_date, now(), now(), md5('p' || n)::uuid
FROM generate_series(1, :bills) AS n, unnest(ARRAY['callback', 'inquiry']) AS source;
INSERT INTO allocations (id, payment_id, invoice_id, customer_id, amount_idr, allocated_at, allocated_by)
SELECT md5('a' || n)::uuid, md5('p' || n)::uuid, md5('i' || n)::uuid, md5('c' || n / 12 % 5000)::uuid, :amount, now(), 'sistem'
FROM generate_series(1, :bills) AS n;
INSERT INTO ledger_transactions (id, kind, object_id, customer_id, posted_at, booked_on)
SELECT md5(kind || n)::uuid, kind, md5(object || n)::uuid, md5('c' || n / 12 % 5000)::uuid, now(), (now() AT TIME ZONE 'Asia/Jakarta')::date
FROM generate_series(1, :bills) AS n,
    (VALUES ('invoice_issued', 'i'), ('payment_received', 'p'), ('allocation', 'a')) AS kinds (kind, object);
INSERT INTO ledger_entries (transaction_id, no, account, customer_id, amount_idr)
SELECT md5(kind || n)::uuid, no, account || CASE WHEN own THEN md5('c' || n / 12 % 5000)::uuid::text ELSE '' END,
    CASE WHEN own THEN md5('c' || n / 12 % 5000)::uuid END, sign * :amount
FROM generate_series(1, :bills) AS n, (VALUES
    ('invoice_issued', 1, 'receivable:', true, 1), ('invoice_issued', 2, 'billed', false, -1),
    ('payment_received', 1, 'bank:bni', false, 1), ('payment_received', 2, 'credit:', true, -1),
    ('allocation', 1, 'credit:', true, 1), ('allocation', 2, 'receivable:', true, -1)
) AS entries (kind, no, account, own, sign);
