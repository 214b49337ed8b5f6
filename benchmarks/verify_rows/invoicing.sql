INSERT INTO customers (id, marketing_id, marketing_name, number, name, phone, version)
SELECT md5('c' || n)::uuid, md5('m' || n % 8)::uuid, 'Marketing ' || n % 8, 'PLG-' || n, 'Pelanggan ' || n, '+62', 1
FROM generate_series(0, 4999) AS n;
INSERT INTO bookings (id, customer_id, status, version)
SELECT md5('b' || plan)::uuid, md5('c' || plan % 5000)::uuid, 'confirmed', 1 FROM generate_series(0, :bills / 12) AS plan;
INSERT INTO plans (id, booking_id, booking_number, customer_id, kind, title, total_idr, terms, items, cancelled, made_at, version)
SELECT md5('s' || n / 12)::uuid, md5('b' || n / 12)::uuid, 'BKG-' || n / 12, md5('c' || n / 12 % 5000)::uuid, min(:kind), 'Kavling',
    CASE min(:kind) WHEN 'monthly' THEN min(:amount) ELSE sum(:amount) END, '{}', '[]', false, now(), 1
FROM generate_series(1, :bills) AS n GROUP BY n / 12;
INSERT INTO plan_lines (plan_id, no, customer_id, kind, label, due_on, amount_idr, invoice_id, lapsed)
SELECT md5('s' || n / 12)::uuid, 1 + n % 12, md5('c' || n / 12 % 5000)::uuid,
    CASE WHEN :kind = 'installment' AND n % 12 = 0 THEN 'down_payment' ELSE :kind END, 'Kavling', date '2026-01-01' + 31 * (n % 12),
    :amount, md5('i' || n)::uuid, false
FROM generate_series(1, :bills) AS n;
INSERT INTO invoices (id, number, customer_id, plan_id, plan_line_no, plan_kind, title, status, issued_at, due_on, total_idr, paid_idr,
    issued_by, version)
SELECT md5('i' || n)::uuid, 'INV/' || n, md5('c' || n / 12 % 5000)::uuid, md5('s' || n / 12)::uuid, 1 + n % 12, :kind, 'Kavling', 'paid',
    now(), date '2026-01-01' + 31 * (n % 12), :amount, :amount, 'sistem', 2
FROM generate_series(1, :bills) AS n;
INSERT INTO invoice_lines (invoice_id, no, customer_id, description, quantity, unit_price_idr, amount_idr)
SELECT md5('i' || n)::uuid, 1, md5('c' || n / 12 % 5000)::uuid, 'Kavling', 1, :amount, :amount FROM generate_series(1, :bills) AS n;
INSERT INTO payments (id, customer_id, version)
SELECT md5('p' || n)::uuid, md5('c' || n / 12 % 5000)::uuid, 1 FROM generate_series(1, :bills) AS n;
INSERT INTO allocations (payment_id, invoice_id, customer_id, amount_idr)
SELECT md5('p' || n)::uuid, md5('i' || n)::uuid, md5('c' || n / 12 % 5000)::uuid, :amount FROM generate_series(1, :bills) AS n;
