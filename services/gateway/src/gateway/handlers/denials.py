"""What was refused to somebody who is signed in (P1)."""

from __future__ import annotations

from shared import audit
from shared.database import Session


def note_denial(session: Session, operation: str, why: str, source: str) -> None:
    """Write that the caller wanted an operation and did not get it."""
    audit.record(
        session,
        action="access.denied",
        object_type="user",
        object_id=session.principal.user_id,
        after={"operation": operation, "why": why, "source": source},
    )
