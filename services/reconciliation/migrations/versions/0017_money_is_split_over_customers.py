"""Money of nobody known is split over several customers, by one decision (ADR-0029).

What the bank saw stays one payment; each customer's part is a payment of its own that names it.
The database keeps: a payment is split as a whole or not at all, its standing parts sum to it to
the rupiah, and an undone split has none.
"""

from shared.migrations import run_sql

revision = "0017"
down_revision = "0016"

_PAYMENTS = """
ALTER TABLE payments
    ADD COLUMN part_of uuid REFERENCES payments (id),
    ADD COLUMN split_by uuid REFERENCES resolutions (id),
    ADD COLUMN split_idr bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT payments_parts_are_somebodys CHECK (
        num_nulls(part_of, split_by) = CASE WHEN part_of IS NULL THEN 2 ELSE 0 END
        AND (part_of IS NULL OR (customer_id IS NOT NULL AND split_idr = 0))),
    ADD CONSTRAINT payments_are_split_whole CHECK (split_idr = 0 OR (
        split_idr = amount_idr AND allocated_idr = 0 AND disposed_idr = 0
        AND customer_id IS NULL AND reversed_at IS NULL))
--
CREATE INDEX payments_parts ON payments (part_of) WHERE part_of IS NOT NULL
--
CREATE INDEX payments_split ON payments (split_by) WHERE split_by IS NOT NULL
"""
_LEDGER = """
ALTER TABLE ledger_transactions
    DROP CONSTRAINT ledger_transactions_kind_check,
    ADD CONSTRAINT ledger_transactions_kind_check CHECK (kind IN ('invoice_issued',
        'payment_received', 'allocation', 'reversal', 'bank_fee', 'attribution', 'split', 'return',
        'write_off', 'withdrawal'))
"""
_RESOLUTIONS = """
ALTER TABLE resolutions
    DROP CONSTRAINT resolutions_action_check,
    ADD CONSTRAINT resolutions_action_check CHECK (action IN ('match', 'credit', 'split', 'return',
        'write_off', 'reverse', 'book_fee', 'book_withdrawal', 'explain')),
    DROP CONSTRAINT resolutions_some_are_proposed,
    ADD CONSTRAINT resolutions_some_are_proposed CHECK (state NOT IN ('proposed', 'refused')
        OR action NOT IN ('match', 'credit', 'split'))
--
CREATE FUNCTION move_split() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE payments SET split_idr = CASE NEW.state WHEN 'done' THEN NEW.amount_idr ELSE 0 END
        WHERE id = NEW.payment_id AND part_of IS NULL AND amount_idr = NEW.amount_idr
        AND split_idr = CASE NEW.state WHEN 'done' THEN 0 ELSE NEW.amount_idr END;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'resolution % does not fit its payment', NEW.id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
--
CREATE TRIGGER resolutions_split AFTER INSERT OR UPDATE OF state ON resolutions
    FOR EACH ROW WHEN (NEW.action = 'split') EXECUTE FUNCTION move_split()
--
CREATE FUNCTION check_parts(checked uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wanted bigint;
    found numeric;
BEGIN
    SELECT CASE WHEN state = 'done' THEN amount_idr ELSE 0 END INTO wanted
        FROM resolutions WHERE id = checked AND action = 'split';
    SELECT coalesce(sum(p.amount_idr), 0) INTO found
        FROM payments p JOIN resolutions r ON r.id = p.split_by AND r.payment_id = p.part_of
        WHERE p.split_by = checked AND p.reversed_at IS NULL;
    IF wanted IS DISTINCT FROM found THEN
        RAISE EXCEPTION 'the parts of % sum to %, not to %', checked, found, wanted
            USING ERRCODE = 'check_violation';
    END IF;
END $$
--
CREATE FUNCTION check_split() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_parts(NEW.id);
    RETURN NULL;
END $$
--
CREATE FUNCTION check_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_parts(NEW.split_by);
    RETURN NULL;
END $$
--
CREATE CONSTRAINT TRIGGER resolutions_parts_sum AFTER INSERT OR UPDATE OF state ON resolutions
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.action = 'split')
    EXECUTE FUNCTION check_split()
--
CREATE CONSTRAINT TRIGGER payments_parts_sum AFTER INSERT OR UPDATE OF reversed_at ON payments
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.split_by IS NOT NULL)
    EXECUTE FUNCTION check_part()
"""


def upgrade() -> None:
    for script in (_PAYMENTS, _LEDGER, _RESOLUTIONS):
        run_sql(script)
