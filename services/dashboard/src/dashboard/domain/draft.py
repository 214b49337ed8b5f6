"""A booking that is being typed: it lives in the address, so back and forward keep it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from dashboard.domain import wording
from dashboard.domain.answers.customers import Product
from dashboard.domain.forms import Form, number, rupiah

KINDS = ("cash", "installment", "monthly")
ACCOUNTS = {
    "invoice": "VA sendiri tiap tagihan",
    "contract": "Satu VA untuk kontrak ini",
    "customer": "VA tetap pelanggan",
}
"""Whose virtual account the bills of a booking are paid to (ADR-0014)."""

ACCOUNTS_SAY = {
    "invoice": "sendiri tiap tagihan, dibayar tepat sekali",
    "contract": "satu untuk semua tagihan kontrak ini, jumlahnya diketik saat membayar",
    "customer": "tetap milik pelanggan untuk semua tagihannya, jumlahnya diketik saat membayar",
}
"""What each means for whoever pays."""

_TERMS = {
    "cash": ("due_on",),
    "installment": ("down_payment_idr", "down_payment_due_on", "installments", "first_due_on"),
    "monthly": ("starts_on", "due_day"),
}
_OPTIONAL = {"down_payment_idr", "down_payment_due_on"}
_NAMES = {
    "due_on": "Jatuh tempo",
    "down_payment_idr": "DP",
    "down_payment_due_on": "Jatuh tempo DP",
    "installments": "Tenor",
    "first_due_on": "Mulai",
    "starts_on": "Mulai",
    "due_day": "Tanggal",
}


@dataclass(frozen=True, slots=True)
class DraftItem:
    """One chosen product at the price that is being agreed."""

    product_id: UUID
    name: str
    quantity: int
    unit_price_idr: int
    price_note: str

    @property
    def amount_idr(self) -> int:
        """Quantity times price."""
        return self.quantity * self.unit_price_idr


@dataclass(frozen=True)
class Draft:
    """Everything typed so far, as the pairs of the address."""

    given: tuple[tuple[str, str], ...]
    products: Mapping[UUID, Product]

    def value(self, name: str) -> str:
        """Give the last value of a name."""
        return next((text for key, text in reversed(self.given) if key == name), "")

    @property
    def chosen(self) -> tuple[UUID, ...]:
        """The products that were ticked and exist, each once."""
        ids = dict.fromkeys(_uuid(text) for key, text in self.given if key == "product")
        return tuple(known for known in ids if known is not None and known in self.products)

    @property
    def kind(self) -> str:
        """How it will be paid; a subscription is monthly unless somebody says otherwise."""
        kind = self.value("kind")
        if kind in KINDS:
            return kind
        kinds = {self.products[one].kind for one in self.chosen}
        return "monthly" if kinds == {"subscription"} else "installment"

    @property
    def items(self) -> tuple[DraftItem, ...]:
        """The chosen products with their agreed prices."""
        return tuple(self._item(self.products[one]) for one in self.chosen)

    def _item(self, product: Product) -> DraftItem:
        typed = self.value(f"price-{product.id}")
        price = rupiah(typed) if typed else product.price_idr
        note = ""
        if price is not None and price != product.price_idr:
            note = f"harga daftar {wording.money(product.price_idr)}"
        quantity = number(self.value(f"quantity-{product.id}")) or 1
        return DraftItem(product.id, product.name, quantity, price or 0, note)

    @property
    def total_idr(self) -> int:
        """What all of it costs."""
        return sum(item.amount_idr for item in self.items)

    @property
    def titles(self) -> str:
        """What is being booked, in one line."""
        return ", ".join(item.name for item in self.items)

    @property
    def notes(self) -> str:
        """What the customer needs, in words."""
        return self.value("notes").strip()

    def values(self, today: date) -> dict[str, str]:
        """Give what the form shows: what was typed, else something sensible."""
        next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=min(today.day, 28))
        suggested = {
            "due_on": (today + timedelta(days=7)).isoformat(),
            "installments": "12",
            "first_due_on": next_month.isoformat(),
            "starts_on": today.isoformat(),
            "due_day": str(min(today.day, 28)),
            "down_payment_idr": "",
            "down_payment_due_on": "",
            "notes": "",
            "va_mode": "",
        }
        for item in self.items:
            suggested[f"price-{item.product_id}"] = wording.grouped(item.unit_price_idr)
            suggested[f"quantity-{item.product_id}"] = str(item.quantity)
        typed = {key: text for key, text in self.given if key in suggested}
        return {**suggested, **typed}

    def form(self, today: date) -> Form:
        """Give the form with what is not right yet."""
        values = self.values(today)
        return Form(values, _faults(self, values))

    def terms(self, today: date) -> dict[str, Any]:
        """Give the payment terms as the API takes them; only of a form without faults."""
        values = self.values(today)
        terms: dict[str, Any] = {"kind": self.kind}
        for name in _TERMS[self.kind]:
            text = values[name].strip()
            if text:
                terms[name] = _term(name, text)
        if values["va_mode"] in ACCOUNTS:
            terms["va_mode"] = values["va_mode"]
        return terms

    def pairs(self, without: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Give the pairs to carry along; the step itself is not carried."""
        left_out = {"step", "q", "csrf_token", "idempotency_key", "act", *without}
        return [(key, text) for key, text in self.given if key not in left_out]

    def query(self, without: Iterable[str] = (), **more: object) -> str:
        """Give the address's query, with some pairs left out or added."""
        added = [(key, str(text)) for key, text in more.items()]
        return urlencode(self.pairs(without) + added)


def _faults(draft: Draft, values: Mapping[str, str]) -> dict[str, str]:
    faults = {}
    for item in draft.items:
        if item.unit_price_idr <= 0:
            faults[f"price-{item.product_id}"] = "Harga ditulis dalam rupiah bulat, lebih dari nol."
    for name in _TERMS[draft.kind]:
        text = values[name].strip()
        if not text and name not in _OPTIONAL:
            faults[name] = f"{_NAMES[name]} belum diisi."
        elif text and _term(name, text) is None:
            faults[name] = f"{_NAMES[name]} belum benar."
    down = rupiah(values["down_payment_idr"] or "0") or 0
    if draft.kind == "installment" and down >= draft.total_idr > 0:
        faults["down_payment_idr"] = "DP harus lebih kecil dari harga."
    return faults


def _term(name: str, text: str) -> object:
    if name.endswith("_idr"):
        return rupiah(text)
    if name.endswith("_on"):
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            return None
    found = number(text)
    limit = 31 if name == "due_day" else 120
    return found if found and found <= limit else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
