"""What customers are recognised by in a bank's text, and what each transfer of nobody known says.

A mark is a word of a customer's name, or the last six digits of his number, his phone, a bill or a
virtual account. Marks only narrow the search down, so they are insert-only. A word is found by how
it starts: equality is the comparison that row-level security leaves to an index.
"""

from shared.migrations import grant, run_sql, scope_by_customer

revision = "0014"
down_revision = "0013"

_COPIES = """
ALTER TABLE customers ADD COLUMN phone text NOT NULL DEFAULT ''
--
ALTER TABLE invoices ADD COLUMN outstanding_idr bigint NOT NULL
    GENERATED ALWAYS AS (total_idr - allocated_idr) STORED
--
CREATE INDEX invoices_owing ON invoices (outstanding_idr, due_on)
    WHERE outstanding_idr > 0 AND status NOT IN ('draft', 'cancelled')
--
CREATE INDEX invoices_customer ON invoices (customer_id)
--
CREATE INDEX virtual_accounts_customer ON virtual_accounts (customer_id)
--
CREATE INDEX resolutions_attributions ON resolutions (id) WHERE attributes
"""

_MARKS = r"""
CREATE TABLE customer_marks (
    customer_id uuid NOT NULL REFERENCES customers (id),
    mark text NOT NULL CHECK (mark <> ''),
    start text NOT NULL
        GENERATED ALWAYS AS (CASE WHEN mark ~ '^[0-9]' THEN mark ELSE left(mark, 3) END) STORED,
    PRIMARY KEY (start, mark, customer_id)
)
--
CREATE FUNCTION words_in(name text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    SELECT DISTINCT word FROM regexp_split_to_table(upper(name), '[^A-Z]+') AS word
        WHERE length(word) > 1
$$
--
CREATE FUNCTION tail_of(number text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    SELECT right(digits, 6) FROM regexp_replace(number, '\D', '', 'g') AS digits
        WHERE length(digits) >= 6
$$
--
CREATE FUNCTION mark_customer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO customer_marks (customer_id, mark)
        SELECT NEW.id, words_in(NEW.name)
        UNION SELECT NEW.id, tail_of(NEW.number)
        UNION SELECT NEW.id, tail_of(NEW.phone)
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
--
CREATE FUNCTION mark_number() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO customer_marks (customer_id, mark) SELECT NEW.customer_id, tail_of(NEW.number)
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
--
INSERT INTO customer_marks (customer_id, mark)
    SELECT id, words_in(name) FROM customers
    UNION SELECT id, tail_of(number) FROM customers
    UNION SELECT customer_id, tail_of(number) FROM invoices
    UNION SELECT customer_id, tail_of(number) FROM virtual_accounts
--
CREATE TRIGGER customers_marked AFTER INSERT OR UPDATE OF name, number, phone ON customers
    FOR EACH ROW EXECUTE FUNCTION mark_customer()
--
CREATE TRIGGER invoices_marked AFTER INSERT OR UPDATE OF number ON invoices
    FOR EACH ROW EXECUTE FUNCTION mark_number()
--
CREATE TRIGGER virtual_accounts_marked AFTER INSERT OR UPDATE OF number ON virtual_accounts
    FOR EACH ROW EXECUTE FUNCTION mark_number()
--
CREATE TRIGGER customer_marks_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON customer_marks
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""

_TRANSFERS = """
UPDATE exceptions SET facts = jsonb_build_object(
    'text', coalesce(printed.remark, concat_ws(' ', p.payer_name, p.virtual_account)),
    'account', coalesce(printed.account, ''),
    'day', (p.paid_at AT TIME ZONE 'Asia/Jakarta')::date)
FROM payments p LEFT JOIN (
    SELECT DISTINCT ON (s.payment_id) s.payment_id, s.remark, l.account
    FROM sightings s JOIN bank_lines l ON l.id = s.subject_id ORDER BY s.payment_id, s.id
) AS printed ON printed.payment_id = p.id
WHERE p.id = exceptions.payment_id AND exceptions.kind = 'unknown_payer'
"""

_READ = (
    "customers",
    "invoices",
    "virtual_accounts",
    "exceptions",
    "payments",
    "sightings",
    "bank_lines",
)


def upgrade() -> None:
    for table in _READ:
        run_sql(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    for script in (_COPIES, _MARKS, _TRANSFERS):
        run_sql(script)
    for table in _READ:
        run_sql(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    grant("customer_marks", "SELECT")
    scope_by_customer("customer_marks")
