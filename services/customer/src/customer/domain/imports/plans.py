"""How a row says that a booking is paid, as the terms of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_FIELDS = {
    "due_on": "first_due_on",
    "starts_on": "first_due_on",
    "first_due_on": "first_due_on",
    "down_payment_due_on": "down_payment_due_on",
    "down_payment_idr": "down_payment_idr",
    "installments": "installments",
    "due_day": "due_day",
    "items": "price_idr",
}


def plan_of(values: Mapping[str, object]) -> dict[str, Any]:
    """Spell the terms; a month is due on the day of the first one unless the row says otherwise."""
    kind, first = values["plan_kind"], str(values["first_due_on"])
    if kind == "cash":
        return {"kind": "cash", "due_on": first}
    if kind == "monthly":
        due_day = values.get("due_day", int(first[-2:]))
        return {"kind": "monthly", "starts_on": first, "due_day": due_day}
    terms: dict[str, Any] = {
        "kind": "installment",
        "down_payment_idr": values.get("down_payment_idr", 0),
        "first_due_on": first,
    }
    for key in ("installments", "down_payment_due_on"):
        if key in values:
            terms[key] = values[key]
    return terms


def field_of(term: str) -> str:
    """Name the field of a row that a term comes from; the kind of plan when none does."""
    return _FIELDS.get(term, "plan_kind")
