INSERT INTO customers (id, name, marketing_id, marketing_name, version)
SELECT md5('c' || n)::uuid, 'Pelanggan ' || n, md5('m' || n % 8)::uuid, 'Marketing ' || n % 8, 1 FROM generate_series(0, 4999) AS n;
INSERT INTO invoices (id, customer_id, number, title, status, due_on, total_idr, paid_idr, version)
SELECT md5('i' || n)::uuid, md5('c' || n / 12 % 5000)::uuid, 'INV/' || n, 'Kavling', 'paid', current_date, :amount, :amount, 2
FROM generate_series(1, :bills) AS n;
INSERT INTO virtual_accounts (id, mode, invoice_id, customer_id, trx_id, account_number, billing_type, holder_name, amount_idr,
    expires_at, status, wanted_closed, bank_status, bank_paid_idr, asked_at, version, created_at, updated_at)
SELECT md5('v' || n)::uuid, 'invoice', md5('i' || n)::uuid, md5('c' || n / 12 % 5000)::uuid, 'LNS' || n, '8001' || lpad(n::text, 12, '0'), 'c',
    'PELANGGAN', :amount, now(), 'paid', false, 'inactive', :amount, now(), 3, now(), now()
FROM generate_series(1, :bills) AS n;
INSERT INTO payments (id, client_id, trx_id, virtual_account, virtual_account_id, invoice_id, customer_id, billed_idr, amount_idr,
    cumulative_idr, payment_ntb, payer_name, paid_at, received_at, source, status, verification, version)
SELECT md5('p' || n)::uuid, '001', 'LNS' || n, '8001' || lpad(n::text, 12, '0'), md5('v' || n)::uuid, md5('i' || n)::uuid,
    md5('c' || n / 12 % 5000)::uuid, :amount, :amount, :amount, 'NTB' || n, 'PELANGGAN', now(), now(), 'callback', 'received', 'verified', 2
FROM generate_series(1, :bills) AS n;
