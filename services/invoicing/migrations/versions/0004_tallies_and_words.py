"""Lists of a million bills: whose a bill is stands on it, counts are kept, words are indexed.

What changes is noted by the statement and added up later, so that two payments never wait for
one another at a count (ADR-0037). Words live behind a function that gives ids only.
"""

from shared.migrations import app_role, grant, run_sql, scope_by_owner

revision = "0004"
down_revision = "0003"

_OWNERS = """
SELECT set_config('lunas.scope', 'all', true)
--
ALTER TABLE invoices ADD COLUMN marketing_id uuid
--
UPDATE invoices i SET marketing_id = c.marketing_id FROM customers c WHERE c.id = i.customer_id
--
ALTER TABLE invoices ALTER COLUMN marketing_id SET NOT NULL
--
CREATE FUNCTION own_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT marketing_id INTO NEW.marketing_id FROM customers WHERE id = NEW.customer_id;
    RETURN NEW;
END $$
--
CREATE TRIGGER invoices_owner BEFORE INSERT ON invoices
    FOR EACH ROW EXECUTE FUNCTION own_invoice()
--
CREATE FUNCTION hand_invoices_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE invoices SET marketing_id = NEW.marketing_id WHERE customer_id = NEW.id;
    RETURN NULL;
END $$
--
CREATE TRIGGER customers_owner AFTER UPDATE OF marketing_id ON customers
    FOR EACH ROW WHEN (OLD.marketing_id <> NEW.marketing_id)
    EXECUTE FUNCTION hand_invoices_over()
--
CREATE INDEX invoices_owner_newest ON invoices (marketing_id, issued_at DESC, id DESC)
--
CREATE INDEX invoices_status_newest ON invoices (status, issued_at DESC, id DESC)
--
CREATE INDEX invoices_open_newest ON invoices (issued_at DESC, id DESC)
    WHERE status IN ('issued', 'partially_paid')
--
CREATE INDEX invoices_by_due ON invoices (due_on, id)
--
CREATE INDEX invoices_by_total ON invoices (total_idr, id)
"""

_TALLIES = """
CREATE TABLE invoice_tallies (
    marketing_id uuid NOT NULL,
    status text NOT NULL,
    due_on date,
    bills bigint NOT NULL,
    total_idr bigint NOT NULL,
    paid_idr bigint NOT NULL,
    UNIQUE NULLS NOT DISTINCT (marketing_id, status, due_on)
)
--
CREATE INDEX invoice_tallies_days ON invoice_tallies (status, due_on)
--
CREATE TABLE invoice_changes (
    id bigserial PRIMARY KEY,
    marketing_id uuid NOT NULL,
    status text NOT NULL,
    due_on date NOT NULL,
    bills bigint NOT NULL,
    total_idr bigint NOT NULL,
    paid_idr bigint NOT NULL
)
--
INSERT INTO invoice_tallies
SELECT marketing_id, status, due_on, count(*), sum(total_idr), sum(paid_idr)
FROM invoices GROUP BY GROUPING SETS ((marketing_id, status, due_on), (marketing_id, status))
--
CREATE FUNCTION note_invoices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO invoice_changes (marketing_id, status, due_on, bills, total_idr, paid_idr)
    SELECT marketing_id, status, due_on, count(*), sum(total_idr), sum(paid_idr)
    FROM added GROUP BY marketing_id, status, due_on;
    RETURN NULL;
END $$
--
CREATE TRIGGER invoices_noted AFTER INSERT ON invoices REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION note_invoices()
--
CREATE FUNCTION note_changed_invoices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO invoice_changes (marketing_id, status, due_on, bills, total_idr, paid_idr)
    SELECT marketing_id, status, due_on, sum(bills), sum(total_idr), sum(paid_idr)
    FROM (
        SELECT marketing_id, status, due_on, 1 AS bills, total_idr, paid_idr FROM added
        UNION ALL
        SELECT marketing_id, status, due_on, -1, -total_idr, -paid_idr FROM gone
    ) moved
    GROUP BY marketing_id, status, due_on
    HAVING (sum(bills), sum(total_idr), sum(paid_idr)) <> (0, 0, 0);
    RETURN NULL;
END $$
--
CREATE TRIGGER invoices_changed_noted AFTER UPDATE ON invoices
    REFERENCING NEW TABLE AS added OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION note_changed_invoices()
"""

_WORDS = """
CREATE TABLE words (
    kind text NOT NULL CHECK (kind IN ('invoice', 'customer', 'account')),
    id uuid NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (kind, id)
)
--
INSERT INTO words SELECT 'invoice', id, lower(number || ' ' || title) FROM invoices
--
INSERT INTO words SELECT 'customer', id, lower(name || ' ' || number || ' ' || phone) FROM customers
--
INSERT INTO words SELECT 'account', va_owner_id, number FROM virtual_accounts
    WHERE number IS NOT NULL
--
CREATE INDEX words_of_invoices ON words USING gin (body gin_trgm_ops) WHERE kind = 'invoice'
--
CREATE INDEX words_of_customers ON words USING gin (body gin_trgm_ops) WHERE kind = 'customer'
--
CREATE INDEX words_of_accounts ON words USING gin (body gin_trgm_ops) WHERE kind = 'account'
--
CREATE FUNCTION keep_words() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    facts jsonb := to_jsonb(NEW);
    found text := '';
    field text;
BEGIN
    FOR field IN SELECT unnest(string_to_array(TG_ARGV[2], ' ')) LOOP
        found := found || ' ' || coalesce(facts ->> field, '');
    END LOOP;
    INSERT INTO words VALUES (TG_ARGV[0], (facts ->> TG_ARGV[1])::uuid, lower(ltrim(found)))
    ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body WHERE words.body <> excluded.body;
    RETURN NULL;
END $$
--
CREATE TRIGGER invoices_words AFTER INSERT OR UPDATE OF number, title ON invoices
    FOR EACH ROW EXECUTE FUNCTION keep_words('invoice', 'id', 'number title')
--
CREATE TRIGGER customers_words AFTER INSERT OR UPDATE OF name, number, phone ON customers
    FOR EACH ROW EXECUTE FUNCTION keep_words('customer', 'id', 'name number phone')
--
CREATE TRIGGER virtual_accounts_words AFTER INSERT OR UPDATE OF number ON virtual_accounts
    FOR EACH ROW WHEN (NEW.number IS NOT NULL)
    EXECUTE FUNCTION keep_words('account', 'va_owner_id', 'number')
--
CREATE FUNCTION sought(wanted text, pattern text, most integer) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format(
        'SELECT id FROM words WHERE kind = %L AND body LIKE $1 LIMIT $2', wanted
    ) USING pattern, most;
END $$
--
REVOKE ALL ON FUNCTION sought FROM PUBLIC
"""


def upgrade() -> None:
    for script in (_OWNERS, _TALLIES, _WORDS):
        run_sql(script)
    grant("invoice_tallies", "SELECT, INSERT, UPDATE")
    grant("invoice_changes", "SELECT, INSERT, DELETE, UPDATE")
    for table in ("invoice_tallies", "invoice_changes"):
        scope_by_owner(table)
    run_sql(f'GRANT USAGE ON SEQUENCE invoice_changes_id_seq TO "{app_role()}"')
    run_sql(f'GRANT EXECUTE ON FUNCTION sought TO "{app_role()}"')
    run_sql("DROP POLICY scope ON invoices")
    scope_by_owner("invoices")
