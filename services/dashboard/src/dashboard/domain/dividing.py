"""A split as a person types it: what each bill gets, who keeps the rest (ADR-0029)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.domain.forms import rupiah
from dashboard.domain.inbox import Candidate
from dashboard.domain.refusals import Refused

BILL = "invoice_"
SHOWN_MOST = 10
"""How many customers a page divides money among at most."""

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Division:
    """What was typed so far; each field of a bill is named by its id."""

    values: Mapping[str, str]

    @property
    def shown(self) -> list[str]:
        """The customers that were on the page, by id."""
        ids = self.values.get("shown", "").split()
        return [each for each in ids if _ID.fullmatch(each)][:SHOWN_MOST]

    @property
    def search(self) -> str:
        """Whom the person looks for."""
        return self.values.get("search", "")

    def names(self, candidate: Candidate) -> bool:
        """Tell whether a customer is to get something, so that he stays on the page."""
        typed = (self.values.get(f"{BILL}{bill.id}", "").strip() for bill in candidate.bills)
        return candidate.id == self.values.get("customer_id") or any(typed)

    def left_of(self, amount_idr: int) -> int:
        """Give what no bill gets; below zero when they are to get too much."""
        return amount_idr - sum(rupiah(text) or 0 for text in self._typed().values())

    def body(self) -> dict[str, Any]:
        """Give what is sent.

        Raises:
            Refused: an amount is none, or no bill gets anything.
        """
        owner = self.values.get("customer_id", "")
        kept = {"customer_id": owner} if owner else {}
        reason = self.values.get("reason", "").strip()
        return {"action": "split", "reason": reason, "invoices": self._shares()} | kept

    def _typed(self) -> dict[str, str]:
        named = {name: text for name, text in self.values.items() if name.startswith(BILL)}
        return {name: text for name, text in named.items() if text.strip()}

    def _shares(self) -> list[dict[str, Any]]:
        shares = []
        for name, text in self._typed().items():
            amount = rupiah(text)
            if amount is None:
                words = "Tulis jumlah rupiah bulat, misalnya 250.000."
                raise Refused(words, {name: words})
            if amount:
                shares.append({"invoice_id": name.removeprefix(BILL), "amount_idr": amount})
        if not shares:
            raise Refused("Isi jumlah untuk paling sedikit satu tagihan.")
        return shares
