"""What the tests of every service start from: real PostgreSQL, a still clock, signed callers."""

from __future__ import annotations

from shared.testing.callers import ADMIN, SARI, WAWAN, Caller, confirmed
from shared.testing.databases import Database, Templates

__all__ = ["ADMIN", "SARI", "WAWAN", "Caller", "Database", "Templates", "confirmed"]
