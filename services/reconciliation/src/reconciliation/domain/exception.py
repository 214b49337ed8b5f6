"""What needs a person: its kinds, and what was found with the evidence for and against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.money import Rupiah


class ExceptionKind(StrEnum):
    """Why money or a message needs a person."""

    UNKNOWN_PAYER = "unknown_payer"
    OVERPAID = "overpaid"
    UNDERPAID = "underpaid"
    LATE = "late"
    DUPLICATE = "duplicate"
    MISSING_HERE = "missing_here"
    MISSING_AT_BANK = "missing_at_bank"
    AMOUNT_DIFFERS = "amount_differs"
    DISPUTED = "disputed"
    QUARANTINED = "quarantined"
    BALANCE_DIFFERS = "balance_differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that needs a person.

    Attributes:
        key: what it is about; one is open per kind and key at a time.
        amount: how much is in question.
        evidence: one sentence, in Indonesian, that says what is wrong.
        supports: what speaks for it being so, each in words.
        contradicts: what speaks against it, each in words.
        facts: what the words rest on, ready for JSON.
    """

    kind: ExceptionKind
    key: str
    amount: Rupiah
    evidence: str
    supports: tuple[str, ...] = ()
    contradicts: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    customer_id: UUID | None = None
    payment_id: UUID | None = None
    bank_line_id: UUID | None = None
    notice_id: UUID | None = None
