"""The story of what happened: every question about it runs, and a stranger gets nothing (A2)."""

from __future__ import annotations

from uuid import uuid4

from shared.testing import ADMIN, SARI, WAWAN
from shared.testing.plugin import CallAs

SUBJECTS = ("customer_id", "booking_id", "invoice_id", "payment_id", "virtual_account_id")


async def test_a2_nothing_is_told_of_what_is_not_there(call_as: CallAs) -> None:
    for subject in SUBJECTS:
        more = "&bank_reference=023589" if subject == "payment_id" else ""
        path = f"/internal/activities?{subject}={uuid4()}{more}"
        for who in (ADMIN, SARI, WAWAN):
            answer = await call_as(who).get(path)
            assert (answer.status_code, answer.json()) == (200, []), subject
