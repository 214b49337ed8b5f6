"""Accounts, conversations and the link to the bank, as their pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.domain import status, wording
from dashboard.domain.answers.bank import Account, Calls, Exchange, Link, Work
from dashboard.domain.status import Mark

OPERATIONS = {
    "create": "Buat VA",
    "update": "Ubah VA",
    "deactivate": "Tutup VA",
    "inquire": "Tanya bank",
    "callback": "Bank memberi tahu pembayaran",
    "snap-payment": "Bank memberi tahu pembayaran",
    "snap-inquiry": "Bank menanyakan tagihan",
}
PROTOCOLS = {"ecollection": "BNI eCollection", "snap": "SNAP BI"}
MODES = {
    "invoice": "satu tagihan",
    "contract": "semua angsuran satu kontrak",
    "customer": "semua tagihan pelanggan ini",
}
STALE = timedelta(minutes=15)
"""How long money may wait for the bank's confirmation (C11)."""

_ANSWERS = {
    "done": ("success", "check"),
    "refused": ("error", "circle-x"),
    "ask": ("warning", "circle-question-mark"),
    "later": ("warning", "unplug"),
}
_TOLD = {"callback", "snap-payment"}
_DOUBTED = ("error", "shield-alert")


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the conversation."""

    at: datetime
    ours: bool
    word: str
    tone: str
    icon: str
    meaning: str
    code: str
    took: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CallsRow:
    """One result of one operation."""

    word: str
    mark: Mark
    code: str
    count: int
    last_at: datetime


def answer_of(account: Account) -> str:
    """Open the page with what matters about the account."""
    amount = wording.money(account.amount_idr)
    until = wording.moment(account.expires_at)
    words = {
        "active": f"Menunggu pembayaran {amount} sampai {until}",
        "paid": f"Sudah dibayar penuh, {amount}",
        "expired": f"Masa berlakunya habis {until}; uang yang masuk terlambat tetap tercatat",
        "cancelled": "Ditutup; uang yang masuk terlambat tetap tercatat",
        "requested": "Sedang diminta ke bank",
        "unknown": "Bank belum memberi kepastian; sistem menanyakannya lagi",
        "failed": (account.trouble or "Bank menolak permintaan").rstrip("."),
    }
    if account.status == "active" and account.mode != "invoice":
        return f"Siap menerima pembayaran berapa pun sampai {until}"
    return words.get(account.status, "Keadaannya belum diketahui")


def said(exchange: Exchange) -> Said:
    """Spell one message."""
    ours = exchange.direction == "sent"
    tone, icon = _ANSWERS.get(exchange.answer, ("muted", "circle-dashed"))
    told = exchange.operation in _TOLD
    if told and exchange.answer != "done":
        tone, icon = _DOUBTED
    return Said(
        at=exchange.at,
        ours=ours,
        word=OPERATIONS.get(exchange.operation, "Pesan lain"),
        tone=tone,
        icon=icon,
        meaning=exchange.meaning,
        code=exchange.status,
        took=took(exchange.milliseconds),
        facts=tuple(_facts(exchange)),
    )


def took(milliseconds: int | None) -> str:
    """Spell how long the bank took: ``240 md`` (thousandths) or ``3,2 detik``."""
    if milliseconds is None:
        return ""
    if milliseconds < 1000:
        return f"{milliseconds} milidetik"
    tenths = (milliseconds + 50) // 100
    return f"{tenths // 10},{tenths % 10} detik"


def to_do(work: Work) -> str:
    """Spell what comes next."""
    word = OPERATIONS.get(work.call, "Langkah lain")
    if work.due_at is None:
        return f"{word}: bank tidak kunjung memberi kepastian, perlu ditangani orang"
    tries = f", setelah {work.failures} kali tanpa jawaban" if work.failures else ""
    at = f"{wording.day(work.due_at)} {wording.clock_seconds(work.due_at)} WIB"
    return f"{word}, {at}{tries}"


def calls_row(calls: Calls) -> CallsRow:
    """Spell one result of 24 hours."""
    tone, icon = _ANSWERS.get(calls.answer, ("muted", "circle-dashed"))
    return CallsRow(
        word=OPERATIONS.get(calls.operation, "Lainnya"),
        mark=Mark(tone, icon, calls.meaning),
        code=calls.status,
        count=calls.count,
        last_at=calls.last_at,
    )


def health(link: Link) -> tuple[Mark, str]:
    """Say in one sentence how the bank is doing."""
    if link.breaker.open:
        again = link.breaker.next_try_at or link.at
        text = f"Bank tidak menjawab {link.breaker.failures} kali berturut-turut. Dicoba lagi"
        at = f"{wording.clock_seconds(again)} WIB"
        tail = "permintaan yang menunggu tetap tersimpan."
        return Mark("error", "unplug", "Terputus"), f"{text} {at}; {tail}"
    if link.breaker.failures:
        text = "Ada panggilan yang belum terjawab; sistem mencobanya lagi dengan sendirinya."
        return Mark("warning", "triangle-alert", "Tersendat"), text
    if link.last_answer_at is None:
        return Mark("muted", "clock", "Sepi"), "Tidak ada panggilan ke bank dalam 24 jam."
    at = wording.moment(link.last_answer_at)
    return Mark("success", "circle-check", "Normal"), f"Bank menjawab terakhir {at}."


def is_stale(link: Link) -> bool:
    """Tell whether money waits for its confirmation for longer than it should (C11)."""
    oldest = link.unverified.oldest_at
    return oldest is not None and link.at - oldest > STALE


def pauses(link: Link) -> list[str]:
    """Name what rests by the bank's wish."""
    return [
        f"{OPERATIONS.get(each.call, 'Panggilan lain')} sampai {wording.moment(each.until)}"
        for each in link.pauses
    ]


def turns(link: Link) -> str:
    """Say how many accounts wait until they may be asked about again."""
    if not link.turns.accounts or link.turns.until is None:
        return "tidak ada"
    until = wording.moment(link.turns.until)
    return f"{wording.grouped(link.turns.accounts)} VA, terakhir {until}"


def mark(account: Account) -> Mark:
    """Give the account's mark."""
    return status.VIRTUAL_ACCOUNT.get(account.status, status.UNKNOWN)


def _facts(exchange: Exchange) -> list[tuple[str, str]]:
    facts = exchange.facts
    found = [
        ("Jumlah VA", facts.billed_idr is not None and wording.money(facts.billed_idr)),
        ("Dibayar", facts.paid_idr is not None and wording.money(facts.paid_idr)),
        (
            "Total dibayar",
            facts.total_paid_idr is not None and wording.money(facts.total_paid_idr),
        ),
        ("Berlaku s.d.", facts.expires_at and wording.moment(facts.expires_at)),
        ("Keadaan di bank", facts.active is not None and _state(active=facts.active)),
        ("No. jurnal", facts.reference),
        ("No. transaksi bank", facts.bank_trx_id),
        ("Waktu bayar", facts.paid_at and wording.moment(facts.paid_at)),
    ]
    return [(word, str(value)) for word, value in found if value]


def _state(*, active: bool) -> str:
    return "aktif" if active else "tidak aktif"
