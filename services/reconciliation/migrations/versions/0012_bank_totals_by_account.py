"""What the bank took in is compared by account whenever the account is counted."""

from shared.migrations import run_sql

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run_sql("CREATE INDEX bank_totals_account ON bank_totals (virtual_account)")
