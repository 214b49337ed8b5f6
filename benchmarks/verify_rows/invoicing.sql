INSERT INTO customers (id, marketing_id, marketing_name, number, name, phone, version)
SELECT md5('c' || n)::uuid, md5('m' || n % 8)::uuid, 'Marketing ' || n % 8, 'PLG-' || n, 'Pelanggan ' || n, '+62', 1
FROM generate_series(0, 4999) AS n;
INSERT INTO invoices (id, number, customer_id, title, status, issued_at, due_on, total_idr, paid_idr, issued_by, version)
SELECT md5('i' || n)::uuid, 'INV/' || n, md5('c' || n % 5000)::uuid, 'Kavling', 'paid', now(), current_date, 1000 + n, 1000 + n, 'sistem', 2
FROM generate_series(1, :bills) AS n;
INSERT INTO invoice_lines (invoice_id, no, customer_id, description, quantity, unit_price_idr, amount_idr)
SELECT md5('i' || n)::uuid, 1, md5('c' || n % 5000)::uuid, 'Kavling', 1, 1000 + n, 1000 + n FROM generate_series(1, :bills) AS n;
INSERT INTO payments (id, customer_id, version)
SELECT md5('p' || n)::uuid, md5('c' || n % 5000)::uuid, 1 FROM generate_series(1, :bills) AS n;
INSERT INTO allocations (payment_id, invoice_id, customer_id, amount_idr)
SELECT md5('p' || n)::uuid, md5('i' || n)::uuid, md5('c' || n % 5000)::uuid, 1000 + n FROM generate_series(1, :bills) AS n;
