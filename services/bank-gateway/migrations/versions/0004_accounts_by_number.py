"""The bank asks for accounts by their number, also for those that are over."""

from shared import migrations

revision = "0004"
down_revision = "0003"

TABLES = """
CREATE INDEX virtual_accounts_number ON virtual_accounts (account_number)
"""


def upgrade() -> None:
    migrations.run_sql(TABLES)
