"""Which money paid what: ledger, payments, allocations, exceptions and the copies they need.

The database itself keeps M2 (a transaction sums to zero), M3 (append-only), M5 and M6 (never
more than the payment holds, never more than the invoice needs).
"""

from shared.migrations import create_plumbing, grant, run_sql, scope_by_customer, scope_by_owner

revision = "0001"
down_revision = None

_COPIES = """
CREATE TABLE customers (
    id uuid PRIMARY KEY,
    marketing_id uuid NOT NULL,
    marketing_name text NOT NULL,
    number text NOT NULL,
    name text NOT NULL,
    version integer NOT NULL CHECK (version > 0)
)
--
CREATE INDEX customers_marketing ON customers (marketing_id)
--
CREATE TABLE invoices (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    number text NOT NULL,
    status text NOT NULL
        CHECK (status IN ('draft', 'issued', 'partially_paid', 'paid', 'cancelled')),
    due_on date NOT NULL,
    total_idr bigint NOT NULL CHECK (total_idr > 0),
    allocated_idr bigint NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    UNIQUE (id, customer_id),
    CONSTRAINT invoices_allocated_within_total CHECK (allocated_idr BETWEEN 0 AND total_idr),
    CONSTRAINT invoices_dead_take_no_money
        CHECK (allocated_idr = 0 OR status NOT IN ('draft', 'cancelled'))
)
--
CREATE INDEX invoices_open ON invoices (customer_id, due_on) WHERE allocated_idr < total_idr
"""

_MONEY = """
CREATE TABLE payments (
    id uuid PRIMARY KEY,
    customer_id uuid REFERENCES customers (id),
    invoice_id uuid,
    channel text NOT NULL CHECK (channel IN ('bni_va')),
    virtual_account text NOT NULL,
    trx_id text NOT NULL,
    bank_reference text NOT NULL,
    payer_name text NOT NULL,
    amount_idr bigint NOT NULL CHECK (amount_idr > 0),
    allocated_idr bigint NOT NULL,
    paid_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    verification text NOT NULL CHECK (verification IN ('unverified', 'verified', 'disputed')),
    trouble text,
    reversed_at timestamptz,
    source_version integer NOT NULL CHECK (source_version > 0),
    version integer NOT NULL,
    UNIQUE (id, customer_id),
    CONSTRAINT payments_allocated_within_amount CHECK (allocated_idr BETWEEN 0 AND amount_idr),
    CONSTRAINT payments_reversed_pay_nothing CHECK (allocated_idr = 0 OR reversed_at IS NULL)
)
--
CREATE INDEX payments_newest ON payments (paid_at DESC, id DESC)
--
CREATE INDEX payments_customer ON payments (customer_id, paid_at DESC, id DESC)
--
CREATE INDEX payments_waiting ON payments (invoice_id) WHERE allocated_idr < amount_idr
--
CREATE TABLE allocations (
    id uuid PRIMARY KEY,
    payment_id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    customer_id uuid NOT NULL REFERENCES customers (id),
    amount_idr bigint NOT NULL CHECK (amount_idr > 0),
    allocated_at timestamptz NOT NULL,
    allocated_by text NOT NULL,
    FOREIGN KEY (payment_id, customer_id) REFERENCES payments (id, customer_id),
    FOREIGN KEY (invoice_id, customer_id) REFERENCES invoices (id, customer_id)
)
--
CREATE INDEX allocations_payment ON allocations (payment_id)
--
CREATE INDEX allocations_invoice ON allocations (invoice_id)
--
CREATE TABLE allocation_reversals (
    allocation_id uuid PRIMARY KEY REFERENCES allocations (id),
    customer_id uuid NOT NULL REFERENCES customers (id),
    reason text NOT NULL,
    reversed_at timestamptz NOT NULL,
    reversed_by text NOT NULL
)
--
CREATE VIEW live_allocations WITH (security_invoker = true) AS
    SELECT a.* FROM allocations a
    WHERE NOT EXISTS (SELECT FROM allocation_reversals r WHERE r.allocation_id = a.id)
--
CREATE TABLE exceptions (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('unknown_payer', 'overpaid', 'disputed', 'quarantined')),
    payment_id uuid NOT NULL REFERENCES payments (id),
    customer_id uuid REFERENCES customers (id),
    amount_idr bigint NOT NULL CHECK (amount_idr >= 0),
    evidence text NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    outcome text,
    version integer NOT NULL CHECK (version > 0),
    CHECK ((closed_at IS NULL) = (outcome IS NULL))
)
--
CREATE UNIQUE INDEX exceptions_open ON exceptions (payment_id, kind) WHERE closed_at IS NULL
--
CREATE FUNCTION count_allocation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE payments SET allocated_idr = allocated_idr + NEW.amount_idr
        WHERE id = NEW.payment_id;
    UPDATE invoices SET allocated_idr = allocated_idr + NEW.amount_idr
        WHERE id = NEW.invoice_id;
    RETURN NULL;
END $$
--
CREATE TRIGGER allocations_counted AFTER INSERT ON allocations
    FOR EACH ROW EXECUTE FUNCTION count_allocation()
--
CREATE FUNCTION discount_allocation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    gone allocations;
BEGIN
    SELECT * INTO STRICT gone FROM allocations WHERE id = NEW.allocation_id;
    UPDATE payments SET allocated_idr = allocated_idr - gone.amount_idr
        WHERE id = gone.payment_id;
    UPDATE invoices SET allocated_idr = allocated_idr - gone.amount_idr
        WHERE id = gone.invoice_id;
    RETURN NULL;
END $$
--
CREATE TRIGGER allocation_reversals_counted AFTER INSERT ON allocation_reversals
    FOR EACH ROW EXECUTE FUNCTION discount_allocation()
"""

_LEDGER = """
CREATE TABLE ledger_transactions (
    id uuid PRIMARY KEY,
    kind text NOT NULL
        CHECK (kind IN ('invoice_issued', 'payment_received', 'allocation', 'reversal')),
    object_id uuid NOT NULL,
    customer_id uuid REFERENCES customers (id),
    reverses uuid UNIQUE REFERENCES ledger_transactions (id),
    reason text,
    posted_at timestamptz NOT NULL,
    recorded_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
    UNIQUE (kind, object_id),
    CHECK ((kind = 'reversal') = (reverses IS NOT NULL)),
    CHECK (reverses IS NULL OR object_id = reverses)
)
--
CREATE TABLE ledger_entries (
    transaction_id uuid NOT NULL REFERENCES ledger_transactions (id),
    no integer NOT NULL CHECK (no > 0),
    account text NOT NULL,
    customer_id uuid REFERENCES customers (id),
    amount_idr bigint NOT NULL CHECK (amount_idr <> 0),
    PRIMARY KEY (transaction_id, no),
    CONSTRAINT ledger_entries_account_is_known CHECK (
        CASE WHEN customer_id IS NULL
            THEN account IN ('bank:bni', 'billed', 'suspense')
            ELSE account IN ('receivable:' || customer_id, 'credit:' || customer_id)
        END
    )
)
--
CREATE INDEX ledger_entries_account ON ledger_entries (account)
--
CREATE FUNCTION keep_entries_together() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM ledger_transactions
        WHERE id = NEW.transaction_id AND recorded_in = pg_current_xact_id();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger transaction % is closed', NEW.transaction_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
--
CREATE TRIGGER ledger_entries_together BEFORE INSERT ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION keep_entries_together()
--
CREATE FUNCTION check_balance(checked uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    entries bigint;
    balance numeric;
    original uuid;
BEGIN
    SELECT count(*), coalesce(sum(amount_idr), 0) INTO entries, balance
        FROM ledger_entries WHERE transaction_id = checked;
    IF entries < 2 OR balance <> 0 THEN
        RAISE EXCEPTION 'ledger transaction % has % entries that sum to %',
            checked, entries, balance USING ERRCODE = 'check_violation';
    END IF;
    SELECT reverses INTO original FROM ledger_transactions WHERE id = checked;
    IF original IS NOT NULL AND EXISTS (
        SELECT FROM ledger_entries WHERE transaction_id IN (checked, original)
            GROUP BY account HAVING sum(amount_idr) <> 0
    ) THEN
        RAISE EXCEPTION 'ledger transaction % does not mirror %', checked, original
            USING ERRCODE = 'check_violation';
    END IF;
END $$
--
CREATE FUNCTION check_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_balance(NEW.id);
    RETURN NULL;
END $$
--
CREATE FUNCTION check_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_balance(NEW.transaction_id);
    RETURN NULL;
END $$
--
CREATE CONSTRAINT TRIGGER ledger_entries_balanced AFTER INSERT ON ledger_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_entry()
--
CREATE CONSTRAINT TRIGGER ledger_transactions_balanced AFTER INSERT ON ledger_transactions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_transaction()
--
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$
"""

_APPEND_ONLY = ("ledger_transactions", "ledger_entries", "allocations", "allocation_reversals")
_FORBID = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
_RIGHTS = {
    "customers": "SELECT, INSERT, UPDATE",
    "invoices": "SELECT, INSERT, UPDATE (number, status, due_on, version)",
    "payments": "SELECT, INSERT, UPDATE"
    " (verification, trouble, reversed_at, source_version, version)",
    "exceptions": "SELECT, INSERT, UPDATE (amount_idr, closed_at, outcome, version)",
    "ledger_transactions": "SELECT, INSERT"
    " (id, kind, object_id, customer_id, reverses, reason, posted_at)",
    "ledger_entries": "SELECT, INSERT",
    "allocations": "SELECT, INSERT",
    "allocation_reversals": "SELECT, INSERT",
}


def upgrade() -> None:
    create_plumbing()
    for script in (_COPIES, _MONEY, _LEDGER):
        run_sql(script)
    for table in _APPEND_ONLY:
        run_sql(_FORBID.format(table=table))
    for table, rights in _RIGHTS.items():
        grant(table, rights)
    grant("live_allocations", "SELECT")
    scope_by_owner("customers")
    for table in _RIGHTS.keys() - {"customers"}:
        scope_by_customer(table)
