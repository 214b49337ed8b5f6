"""What people decide about exceptions, and the money that moves by it.

The database keeps: one live decision per exception, only known moves, a second person where money
leaves, an owner for every allocated rupiah, and the payment's figures in step with the decisions.
"""

from shared.migrations import grant, run_sql, scope_by_parent

revision = "0010"
down_revision = "0009"

_PAYMENTS = """
ALTER TABLE payments
    ADD COLUMN disposed_idr bigint NOT NULL DEFAULT 0,
    DROP CONSTRAINT payments_allocated_within_amount,
    ADD CONSTRAINT payments_allocated_within_amount CHECK (
        allocated_idr >= 0 AND disposed_idr >= 0 AND allocated_idr + disposed_idr <= amount_idr),
    DROP CONSTRAINT payments_reversed_pay_nothing,
    ADD CONSTRAINT payments_reversed_pay_nothing
        CHECK ((allocated_idr = 0 AND disposed_idr = 0) OR reversed_at IS NULL),
    ADD CONSTRAINT payments_unknown_pay_nothing
        CHECK (allocated_idr = 0 OR customer_id IS NOT NULL)
--
ALTER TABLE allocations
    DROP CONSTRAINT allocations_payment_id_customer_id_fkey,
    ADD FOREIGN KEY (payment_id) REFERENCES payments (id),
    ADD COLUMN resolution_id uuid
--
ALTER TABLE payments DROP CONSTRAINT payments_id_customer_id_key
--
CREATE INDEX allocations_resolution ON allocations (resolution_id)
    WHERE resolution_id IS NOT NULL
--
CREATE OR REPLACE FUNCTION count_allocation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE payments SET allocated_idr = allocated_idr + NEW.amount_idr
        WHERE id = NEW.payment_id AND customer_id = NEW.customer_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'payment % is not of customer %', NEW.payment_id, NEW.customer_id
            USING ERRCODE = 'check_violation';
    END IF;
    UPDATE invoices SET allocated_idr = allocated_idr + NEW.amount_idr
        WHERE id = NEW.invoice_id;
    RETURN NULL;
END $$
"""

_LEDGER = """
ALTER TABLE ledger_transactions
    DROP CONSTRAINT ledger_transactions_kind_check,
    ADD CONSTRAINT ledger_transactions_kind_check CHECK (kind IN ('invoice_issued',
        'payment_received', 'allocation', 'reversal', 'bank_fee', 'attribution', 'return',
        'write_off'))
--
ALTER TABLE ledger_entries
    DROP CONSTRAINT ledger_entries_account_is_known,
    ADD CONSTRAINT ledger_entries_account_is_known CHECK (
        CASE WHEN customer_id IS NULL
            THEN account IN ('bank:bni', 'billed', 'suspense', 'bank_fees', 'other_income')
            ELSE account IN ('receivable:' || customer_id, 'credit:' || customer_id)
        END
    )
"""

_RESOLUTIONS = """
CREATE TABLE resolutions (
    id uuid PRIMARY KEY,
    exception_id uuid NOT NULL REFERENCES exceptions (id),
    action text NOT NULL CHECK (action IN ('match', 'credit', 'return', 'write_off', 'explain')),
    state text NOT NULL CHECK (state IN ('proposed', 'done', 'refused', 'undone')),
    payment_id uuid REFERENCES payments (id),
    customer_id uuid REFERENCES customers (id),
    attributes boolean NOT NULL,
    amount_idr bigint NOT NULL CHECK (amount_idr >= 0),
    reason text NOT NULL,
    proposed_by_id uuid NOT NULL,
    proposed_by text NOT NULL,
    proposed_at timestamptz NOT NULL,
    decided_by_id uuid,
    decided_by text,
    decided_at timestamptz,
    decision text,
    undone_by text,
    undone_at timestamptz,
    undo_reason text,
    CONSTRAINT resolutions_money_has_a_payment
        CHECK (action = 'explain' OR (payment_id IS NOT NULL AND amount_idr > 0)),
    CONSTRAINT resolutions_owner_is_named
        CHECK (action NOT IN ('match', 'credit') OR customer_id IS NOT NULL),
    CONSTRAINT resolutions_attribute_by_match_or_credit
        CHECK (NOT attributes OR action IN ('match', 'credit')),
    CONSTRAINT resolutions_two_persons CHECK (
        action NOT IN ('return', 'write_off') OR state IN ('proposed', 'refused')
        OR (decided_by_id IS NOT NULL AND decided_by_id <> proposed_by_id)),
    CONSTRAINT resolutions_only_disposals_are_proposed
        CHECK (state NOT IN ('proposed', 'refused') OR action IN ('return', 'write_off')),
    CONSTRAINT resolutions_decided
        CHECK (num_nulls(decided_by_id, decided_by, decided_at) IN (0, 3)
            AND (state <> 'proposed' OR decided_at IS NULL)
            AND (state <> 'refused' OR decided_at IS NOT NULL)),
    CONSTRAINT resolutions_undone
        CHECK (num_nulls(undone_by, undone_at, undo_reason)
            = CASE WHEN state = 'undone' THEN 0 ELSE 3 END)
)
--
CREATE UNIQUE INDEX resolutions_one_lives ON resolutions (exception_id)
    WHERE state IN ('proposed', 'done')
--
CREATE INDEX resolutions_exception ON resolutions (exception_id, proposed_at)
--
CREATE INDEX resolutions_payment ON resolutions (payment_id)
--
CREATE FUNCTION move_resolution() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    moved text := CASE WHEN TG_OP = 'INSERT' THEN '' ELSE OLD.state END || '>' || NEW.state;
BEGIN
    IF moved NOT IN ('>proposed', '>done', 'proposed>done', 'proposed>refused', 'done>undone') THEN
        RAISE EXCEPTION 'a resolution does not go %', moved USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state NOT IN ('done', 'undone')
        OR NOT (NEW.attributes OR NEW.action IN ('return', 'write_off')) THEN
        RETURN NULL;
    END IF;
    IF NEW.attributes AND NEW.state = 'done' THEN
        UPDATE payments SET customer_id = NEW.customer_id
            WHERE id = NEW.payment_id AND customer_id IS NULL AND amount_idr = NEW.amount_idr
            AND disposed_idr = 0 AND reversed_at IS NULL;
    ELSIF NEW.attributes THEN
        UPDATE payments SET customer_id = NULL
            WHERE id = NEW.payment_id AND customer_id = NEW.customer_id
            AND allocated_idr = 0 AND disposed_idr = 0;
    ELSE
        UPDATE payments SET disposed_idr = disposed_idr
            + CASE NEW.state WHEN 'done' THEN NEW.amount_idr ELSE -NEW.amount_idr END
            WHERE id = NEW.payment_id AND customer_id IS NOT DISTINCT FROM NEW.customer_id
            AND reversed_at IS NULL;
    END IF;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'resolution % does not fit its payment', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
--
CREATE TRIGGER resolutions_moved AFTER INSERT OR UPDATE ON resolutions
    FOR EACH ROW EXECUTE FUNCTION move_resolution()
--
CREATE TABLE exception_notes (
    id uuid PRIMARY KEY,
    exception_id uuid NOT NULL REFERENCES exceptions (id),
    author_id uuid NOT NULL,
    author_name text NOT NULL,
    written_at timestamptz NOT NULL,
    text text NOT NULL CHECK (text <> '')
)
--
CREATE INDEX exception_notes_exception ON exception_notes (exception_id, written_at)
--
CREATE TRIGGER exception_notes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON exception_notes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
--
DROP POLICY scope ON exceptions
--
CREATE POLICY scope ON exceptions USING (
    (SELECT current_setting('lunas.scope', true)) = 'all'
    OR customer_id IN (SELECT id FROM customers)
    OR owner_id = NULLIF(current_setting('lunas.marketing_id', true), '')::uuid)
"""

_MOVABLE = (
    "state, decided_by_id, decided_by, decided_at, decision, undone_by, undone_at, undo_reason"
)


def upgrade() -> None:
    for script in (_PAYMENTS, _LEDGER, _RESOLUTIONS):
        run_sql(script)
    grant("resolutions", f"SELECT, INSERT, UPDATE ({_MOVABLE})")
    grant("exception_notes", "SELECT, INSERT")
    for table in ("resolutions", "exception_notes"):
        scope_by_parent(table, "exception_id", "exceptions")
