"""What was taken back in a period, one by one: bills that were cancelled, payments reversed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

BILL, PAYMENT = "bill", "payment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One bill or payment that counts no more since ``on``."""

    kind: str
    on: date
    number: str
    customer: str
    reason: str
    amount_idr: int
