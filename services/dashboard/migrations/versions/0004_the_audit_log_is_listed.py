"""The audit log is listed by time and person, says where a change came from, and is examined."""

from shared.migrations import list_audit

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    list_audit()
