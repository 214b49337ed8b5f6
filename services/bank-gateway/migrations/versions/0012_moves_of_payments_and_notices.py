"""The database knows the moves of a payment's verification and of a message in doubt (S, K1)."""

from shared import migrations

revision = "0012"
down_revision = "0011"

GUARDS = """
CREATE FUNCTION check_verification_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.verification <> 'unverified' THEN
        RAISE EXCEPTION 'payment cannot move from % to %', OLD.verification, NEW.verification
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
--
CREATE TRIGGER payments_move BEFORE UPDATE OF verification ON payments
    FOR EACH ROW WHEN (OLD.verification <> NEW.verification)
    EXECUTE FUNCTION check_verification_move()
--
CREATE FUNCTION check_notice_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'quarantined' THEN
        RAISE EXCEPTION 'notice cannot move from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
--
CREATE TRIGGER quarantined_notices_move BEFORE UPDATE OF state ON quarantined_notices
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION check_notice_move()
"""


def upgrade() -> None:
    migrations.run_sql(GUARDS)
