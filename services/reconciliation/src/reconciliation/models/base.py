"""What all tables of reconciliation share."""

from __future__ import annotations

from sqlalchemy.orm import registry
from sqlmodel import SQLModel


class ReconciliationTable(SQLModel, registry=registry()):
    """Tables of reconciliation, apart from those of other services in the same process."""
