"""How the inbox looks: kinds, ages, acts with their keys, and what each asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dashboard.domain.answers.exceptions import Ages, Detail, Matter, Suggestion
from dashboard.domain.answers.invoices import Invoice
from dashboard.domain.closing import EXCEPTIONS
from dashboard.domain.status import UNKNOWN, Mark

_LOOKS = {
    "unknown_payer": ("warning", "circle-question-mark"),
    "overpaid": ("accent", "piggy-bank"),
    "underpaid": ("info", "circle-dot-dashed"),
    "late": ("warning", "clock"),
    "duplicate": ("error", "copy"),
    "missing_here": ("error", "landmark"),
    "missing_at_bank": ("error", "landmark"),
    "amount_differs": ("error", "diff"),
    "disputed": ("error", "shield-alert"),
    "quarantined": ("error", "shield-alert"),
    "balance_differs": ("error", "landmark"),
}
STATES = {
    "proposed": Mark("warning", "clock", "Menunggu orang kedua"),
    "done": Mark("success", "circle-check", "Selesai"),
    "refused": Mark("muted", "ban", "Ditolak"),
    "undone": Mark("muted", "undo-2", "Diurungkan"),
}
DONE = {
    "match": "dicocokkan",
    "credit": "disimpan sebagai titipan",
    "split": "dibagi untuk beberapa pelanggan",
    "return": "dikembalikan",
    "write_off": "dihapusbukukan",
    "reverse": "dibalik",
    "book_fee": "dicatat sebagai biaya bank",
    "book_withdrawal": "dicatat sebagai penarikan",
    "explain": "dinyatakan jelas",
}
"""What a decision does to the money, after *uang ini*."""
APPROVALS = DONE | {
    "return": "dikembalikan kepada pengirim; catat juga transfernya di bank",
    "write_off": "dihapusbukukan menjadi pendapatan lain",
    "reverse": "dibalik, dan semua tagihan yang dibayarnya terbuka lagi",
    "book_withdrawal": "dicatat sebagai penarikan dari rekening bank",
}
"""What agreeing to a proposal does, after *akan*."""


@dataclass(frozen=True, slots=True)
class Act:
    """One way out: its button, its key, and whether it asks for more on a page of its own.

    ``sensitive`` needs the password again (A8), ``proposes`` waits for a second person.
    """

    name: str
    word: str
    icon: str
    key: str = ""
    shown_key: str = ""
    asks: bool = True
    sensitive: bool = False
    proposes: bool = False


MATCH = Act("match", "Cocokkan", "check", "1", "1", asks=False)
SPLIT = Act("split", "Bagi", "diff", "s", "S")
CREDIT = Act("credit", "Titipan", "piggy-bank", "t", "T", asks=False)
ASK = Act("ask", "Tanya marketing", "message-circle", "m", "M")
RETURN = Act("return", "Kembalikan", "undo-2", "K", "⇧K")
WRITE_OFF = Act("write_off", "Hapus bukukan", "ban", "h", "H")
REVERSE = Act("reverse", "Balik pembayaran", "undo-2", "b", "B")
BOOK_FEE = Act("book_fee", "Catat biaya bank", "landmark", "b", "B")
BOOK_WITHDRAWAL = Act("book_withdrawal", "Catat penarikan", "wallet", "p", "P")
EXPLAIN = Act("explain", "Sudah jelas", "check", "1", "1")
APPROVE = Act("approve", "Setujui", "check-check", "1", "1", sensitive=True)
REFUSE = Act("refuse", "Tolak", "ban", "h", "H")
UNDO = Act("undo", "Urungkan", "undo-2", "u", "U", sensitive=True)
ACTS = {
    act.name: act
    for act in (
        MATCH,
        SPLIT,
        CREDIT,
        ASK,
        RETURN,
        WRITE_OFF,
        REVERSE,
        BOOK_FEE,
        BOOK_WITHDRAWAL,
        EXPLAIN,
        APPROVE,
        REFUSE,
        UNDO,
    )
}
STRENGTHS = {
    "strong": ("sangat mirip", "text-success", "f-paid"),
    "fair": ("mirip", "text-base-content", "f-primary"),
    "weak": ("kurang mirip", "text-muted", "f-rest"),
}
"""A score in words, and how it is painted."""

AGES = {"": "Semua", "new": "0–1 hari", "week": "2–7 hari", "old": "> 7 hari"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer whose money it may be, with the bills that it would pay, oldest first.

    ``unread`` when his bills could not be had, which is not the same as none.
    """

    id: str
    name: str
    number: str
    bills: tuple[Invoice, ...] = ()
    unread: bool = False

    @property
    def owed_idr(self) -> int:
        """What all his open bills need."""
        return sum(bill.outstanding_idr for bill in self.bills)


def shares_of(suggestion: Suggestion) -> str:
    """Spell what the bills of a suggestion would get, for the form that takes it."""
    return " ".join(f"{bill.invoice_id}:{bill.amount_idr}" for bill in suggestion.bills)


def read_shares(text: str) -> list[dict[str, Any]]:
    """Read that again; an amount that is none stays out, so the bill gets what it needs."""
    pairs = (part.partition(":") for part in text.split())
    return [
        {"invoice_id": invoice_id} | ({"amount_idr": int(amount)} if amount.isdecimal() else {})
        for invoice_id, _, amount in pairs
    ]


def mark(kind: str) -> Mark:
    """Give the look of a kind."""
    if kind not in EXCEPTIONS:
        return UNKNOWN
    tone, icon = _LOOKS[kind]
    return Mark(tone, icon, EXCEPTIONS[kind])


def subject(matter: Matter) -> str:
    """Say in one line whom it is about."""
    if matter.customer is not None:
        return matter.customer.name
    return matter.payer_name or matter.evidence


def age(since: datetime, now: datetime) -> str:
    """Say how long it has waited: ``8 menit``, ``5 jam``, ``2 hari``."""
    minutes = max(int((now - since).total_seconds() // 60), 0)
    if minutes < 60:
        return f"{minutes} menit"
    return f"{minutes // 60} jam" if minutes < 24 * 60 else f"{minutes // (24 * 60)} hari"


def counted(ages: Ages) -> dict[str, int]:
    """Give the count of each choice of age."""
    counts = ages.model_dump()
    return {"": sum(counts.values()), **counts}


def acts_of(detail: Detail, viewer: str, *, may_decide: bool) -> list[Act]:
    """Give the acts that this person has on this matter at this moment, the likely one first."""
    if not may_decide:
        return []
    return [_proposed(act, detail.proposals) for act in _acts_of(detail, viewer)]


def _proposed(act: Act, proposals: Sequence[str]) -> Act:
    return replace(act, sensitive=True, proposes=True) if act.name in proposals else act


def _acts_of(detail: Detail, viewer: str) -> Iterator[Act]:
    if detail.is_proposed and detail.resolution is not None:
        if str(detail.resolution.proposed_by_id) != viewer:
            yield APPROVE
        yield REFUSE
        return
    if detail.closed_at is not None:
        if detail.resolution is not None:
            yield UNDO
        return
    offered = set(detail.actions)
    if "match" in offered:
        yield from (MATCH, SPLIT, CREDIT, ASK, RETURN, WRITE_OFF)
    elif offered:
        ways = (REVERSE, BOOK_FEE, BOOK_WITHDRAWAL, EXPLAIN)
        yield from (act for act in ways if act.name in offered)
        yield ASK
