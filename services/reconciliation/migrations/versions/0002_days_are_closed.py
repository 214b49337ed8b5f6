"""Every movement is booked on a day; a day with a certificate takes nothing more (R3).

The close takes the lock of the books alone, whoever writes the ledger shares it until his commit.
So a movement is either committed before its day's certificate is made, or meets the certificate.
"""

from alembic import op

from shared.migrations import app_role, grant, run_sql

revision = "0002"
down_revision = "0001"

# A rewrite of the table fills the new column of rows that no UPDATE may touch.
_DAYS = """
ALTER TABLE ledger_transactions ADD COLUMN booked_on date
--
ALTER TABLE ledger_transactions ALTER COLUMN booked_on
    TYPE date USING (posted_at AT TIME ZONE 'Asia/Jakarta')::date
--
ALTER TABLE ledger_transactions ALTER COLUMN booked_on SET NOT NULL
--
CREATE INDEX ledger_transactions_booked_on ON ledger_transactions (booked_on)
"""

_CERTIFICATES = """
CREATE TABLE certificates (
    day date PRIMARY KEY,
    no integer NOT NULL UNIQUE CHECK (no > 0),
    closed_at timestamptz NOT NULL,
    closed_by text NOT NULL,
    facts text NOT NULL,
    entries_hash text NOT NULL CHECK (entries_hash ~ '^[0-9a-f]{64}$'),
    previous text NOT NULL,
    checksum text NOT NULL UNIQUE CHECK (checksum ~ '^[0-9a-f]{64}$'),
    CONSTRAINT certificates_never_of_today
        CHECK (day < (closed_at AT TIME ZONE 'Asia/Jakarta')::date)
)
--
CREATE FUNCTION last_certificate() RETURNS certificates LANGUAGE plpgsql AS $$
DECLARE
    scope text := coalesce(current_setting('lunas.scope', true), '');
    latest certificates;
BEGIN
    PERFORM set_config('lunas.scope', 'all', true);
    SELECT * INTO latest FROM certificates ORDER BY day DESC LIMIT 1;
    PERFORM set_config('lunas.scope', scope, true);
    RETURN latest;
END $$
--
CREATE FUNCTION open_day(wanted date) RETURNS date LANGUAGE plpgsql AS $$
DECLARE
    latest certificates;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('lunas.books'));
    latest := last_certificate();
    RETURN greatest(wanted, latest.day + 1);
END $$
--
CREATE FUNCTION keep_days_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    latest date;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'the ledger is written in read committed only'
            USING ERRCODE = 'check_violation';
    END IF;
    latest := open_day((NEW.posted_at AT TIME ZONE 'Asia/Jakarta')::date);
    NEW.booked_on := coalesce(NEW.booked_on, latest);
    IF NEW.booked_on > latest OR NEW.booked_on < open_day(NEW.booked_on) THEN
        RAISE EXCEPTION 'nothing can be booked on % any more, or yet', NEW.booked_on
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
--
CREATE TRIGGER ledger_transactions_days BEFORE INSERT ON ledger_transactions
    FOR EACH ROW EXECUTE FUNCTION keep_days_closed()
--
CREATE FUNCTION keep_certificates_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    latest certificates;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('lunas.books'));
    latest := last_certificate();
    IF latest.day IS NOT NULL THEN
        IF NEW.day = latest.day + 1 AND NEW.no = latest.no + 1
            AND NEW.previous = latest.checksum THEN
            RETURN NEW;
        END IF;
    ELSIF NEW.no = 1 AND NEW.previous = ''
        AND NOT EXISTS (SELECT FROM ledger_transactions WHERE booked_on < NEW.day) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the certificate of % does not follow the last one', NEW.day
        USING ERRCODE = 'check_violation';
END $$
--
CREATE TRIGGER certificates_in_order BEFORE INSERT ON certificates
    FOR EACH ROW EXECUTE FUNCTION keep_certificates_in_order()
--
CREATE TRIGGER certificates_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON certificates
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
--
ALTER TABLE certificates ENABLE ROW LEVEL SECURITY
--
ALTER TABLE certificates FORCE ROW LEVEL SECURITY
--
CREATE POLICY scope ON certificates
    USING ((SELECT current_setting('lunas.scope', true)) = 'all')
    WITH CHECK ((SELECT current_setting('lunas.scope', true)) = 'all')
"""


def upgrade() -> None:
    run_sql(_DAYS)
    run_sql(_CERTIFICATES)
    grant("certificates", "SELECT, INSERT")
    op.execute(f'GRANT INSERT (booked_on) ON ledger_transactions TO "{app_role()}"')
