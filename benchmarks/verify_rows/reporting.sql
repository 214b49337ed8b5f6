INSERT INTO customers (id, number, name, phone, address, marketing_id, marketing_name, status, registered_at, version)
SELECT md5('c' || n)::uuid, 'PLG-' || n, 'Pelanggan ' || n, '+62', 'Bogor', md5('m' || n % 8)::uuid, 'Marketing ' || n % 8, 'active', now(), 1
FROM generate_series(0, 4999) AS n;
INSERT INTO plans (id, booking_id, booking_number, customer_id, kind, title, version)
SELECT md5('s' || n / 12)::uuid, md5('b' || n / 12)::uuid, 'BKG-' || n / 12, md5('c' || n / 12 % 5000)::uuid, min(:kind), 'Kavling', 1
FROM generate_series(1, :bills) AS n GROUP BY n / 12;
INSERT INTO plan_lines (plan_id, no, customer_id, kind, label, due_on, amount_idr, invoice_id, lapsed)
SELECT md5('s' || n / 12)::uuid, 1 + n % 12, md5('c' || n / 12 % 5000)::uuid,
    CASE WHEN :kind = 'installment' AND n % 12 = 0 THEN 'down_payment' ELSE :kind END, 'Kavling', date '2026-01-01' + 31 * (n % 12),
    :amount, md5('i' || n)::uuid, false
FROM generate_series(1, :bills) AS n;
INSERT INTO invoices (id, number, customer_id, plan_id, plan_line_no, title, status, issued_at, issued_on, due_on, total_idr, lines, version)
SELECT md5('i' || n)::uuid, 'INV/' || n, md5('c' || n / 12 % 5000)::uuid, md5('s' || n / 12)::uuid, 1 + n % 12, 'Kavling', 'paid', now(),
    current_date, date '2026-01-01' + 31 * (n % 12), :amount, '[]', 2
FROM generate_series(1, :bills) AS n;
INSERT INTO payments (id, customer_id, channel, virtual_account, bank_reference, amount_idr, unallocated_idr, paid_at, paid_on,
    received_at, status, verification, version)
SELECT md5('p' || n)::uuid, md5('c' || n / 12 % 5000)::uuid, 'bni_va', '8001' || lpad(n::text, 12, '0'), 'NTB' || n, :amount, 0, now(),
    current_date, now(), 'allocated', 'verified', 2
FROM generate_series(1, :bills) AS n;
INSERT INTO allocations (id, payment_id, customer_id, invoice_id, invoice_number, amount_idr, reversed)
SELECT md5('a' || n)::uuid, md5('p' || n)::uuid, md5('c' || n / 12 % 5000)::uuid, md5('i' || n)::uuid, 'INV/' || n, :amount, false
FROM generate_series(1, :bills) AS n;
