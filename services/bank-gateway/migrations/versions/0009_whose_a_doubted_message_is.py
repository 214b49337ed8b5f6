"""A message that is not believed is of an account, by whichever of its two names can be read."""

from shared import migrations

revision = "0009"
down_revision = "0008"

STATEMENTS = """
ALTER TABLE quarantined_notices ADD COLUMN virtual_account_id uuid REFERENCES virtual_accounts
--
UPDATE quarantined_notices AS notice SET virtual_account_id = account.id
    FROM virtual_accounts AS account WHERE account.trx_id = notice.trx_id
--
CREATE INDEX quarantined_notices_account ON quarantined_notices (virtual_account_id)
    WHERE state = 'quarantined'
--
DROP INDEX quarantined_notices_trx
"""


def upgrade() -> None:
    migrations.run_sql(STATEMENTS)
