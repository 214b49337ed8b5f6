"""A day before and after it is closed, as its pages show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.domain import status, wording
from dashboard.domain.answers.closes import Check, Close, Coverage, Facts, Figure, Waiting
from dashboard.domain.balances import comparison, difference
from dashboard.domain.status import Mark

ACCOUNTS = {
    "bank:bni": "Bank BNI",
    "receivable": "Piutang pelanggan",
    "credit": "Titipan pelanggan",
    "suspense": "Belum teridentifikasi",
    "billed": "Tagihan terbit",
    "bank_fees": "Biaya bank",
    "withdrawals": "Penarikan dari bank",
    "other_income": "Pendapatan lain",
}
EXCEPTIONS = {
    "unknown_payer": "Pembayar belum dikenal",
    "overpaid": "Lebih bayar",
    "underpaid": "Kurang bayar",
    "late": "Dibayar terlambat",
    "duplicate": "Mungkin ganda",
    "missing_here": "Ada di bank, belum di buku",
    "missing_at_bank": "Ada di buku, belum di bank",
    "amount_differs": "Jumlah beda dengan bank",
    "disputed": "Ditahan, bertentangan dengan bank",
    "quarantined": "Callback dikarantina",
    "balance_differs": "Saldo bank berbeda",
}
PROOFS = {
    "statement": Mark("success", "check-check", "Mutasi bank"),
    "inquiry": Mark("success", "check", "Jawaban bank"),
    "callback": Mark("warning", "clock", "Callback saja"),
    "denied": Mark("error", "shield-alert", "Disangkal bank"),
}
_GREEN = Mark("success", "circle-check", "Semua jelas")
_DIFFERENCES = Mark("warning", "triangle-alert", "Ada yang belum jelas")


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the checklist; what ``blocks`` has to be waited for."""

    tone: str
    icon: str
    word: str
    value: str
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One bank account: whether statements hold the day, and what came after the close."""

    account: str
    mark: Mark
    text: str
    since: str = ""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account; the balance names its side, D(ebit) or K(redit)."""

    word: str
    debit_idr: int
    credit_idr: int
    balance: str


def mark(day: Close) -> Mark:
    """Give the mark of a closed day."""
    return _GREEN if day.state == "green" else _DIFFERENCES


def checklist(waiting: Waiting, last: Check | None) -> list[Point]:
    """Say what stands before a close; only a day that is not over blocks it."""
    facts = waiting.facts
    unsure = facts.verification.get("unverified", Figure())
    held = facts.verification.get("disputed", Figure())
    return [
        _over(waiting),
        _good_if_none("Kejadian yang belum berpengaruh", waiting.deliveries, "kejadian"),
        _figure("Pengecualian terbuka", facts.open),
        _figure("Menunggu konfirmasi bank", unsure),
        _figure("Ditahan karena bertentangan", held),
        *_statements(facts),
        *_balance(facts),
        _books(last),
    ]


def accounts(facts: Facts) -> list[AccountRow]:
    """Spell the accounts; a credit balance is no debt of ours by being negative."""
    return [
        AccountRow(
            ACCOUNTS.get(name, "Akun lain"),
            account.debit_idr,
            account.credit_idr,
            _sided(account.balance_idr),
        )
        for name, account in facts.accounts.items()
    ]


def channels(facts: Facts) -> list[tuple[str, Figure]]:
    """Name the ways on which money came."""
    return [(status.channel(name), figure) for name, figure in facts.channels.items()]


def verifications(facts: Facts) -> list[tuple[Mark, Figure]]:
    """Name what the bank had said of that money."""
    marks = status.VERIFICATION
    return [(marks.get(name, status.UNKNOWN), each) for name, each in facts.verification.items()]


def proofs(facts: Facts) -> list[tuple[Mark, Figure]]:
    """Name what proves that money, the best first."""
    known = [name for name in PROOFS if name in facts.proof]
    return [(PROOFS[name], facts.proof[name]) for name in known]


def coverage(facts: Facts, now: Mapping[str, Coverage] | None = None) -> list[CoverageRow]:
    """Say which bank accounts have a statement of the day; ``now`` tells what came since."""
    found = facts.coverage or {}
    rows = {**dict.fromkeys(now or {}, Coverage(covered=False)), **found}
    return [_covered(account, each, (now or {}).get(account)) for account, each in rows.items()]


def exceptions(facts: Facts) -> list[tuple[str, Figure]]:
    """Name what was open."""
    found = facts.exceptions.items()
    return [(EXCEPTIONS.get(kind, "Hal lain"), figure) for kind, figure in found]


def of_facts(facts: Facts, now: Mapping[str, Coverage] | None = None) -> Mapping[str, Any]:
    """Give everything that both the preview and the certificate show."""
    return {
        "facts": facts,
        "accounts": accounts(facts),
        "channels": channels(facts),
        "verifications": verifications(facts),
        "proofs": proofs(facts),
        "coverage": coverage(facts, now),
        "balance": comparison(facts.balance),
        "exceptions": exceptions(facts),
    }


def last_finished(checks: Sequence[Check]) -> Check | None:
    """Find the newest check that has a result."""
    return next((each for each in checks if each.finished_at), None)


def _over(waiting: Waiting) -> Point:
    if waiting.over:
        return _good("Hari sudah berakhir", wording.day(waiting.day))
    return Point("warning", "clock", "Hari belum berakhir", "tunggu pukul 24.00 WIB", blocks=True)


def _statements(facts: Facts) -> list[Point]:
    if not facts.coverage:
        return [Point("warning", "circle-alert", "Mutasi bank", "belum diimpor")]
    return [_statement(account, each) for account, each in facts.coverage.items()]


def _statement(account: str, held: Coverage) -> Point:
    word = f"Mutasi {account}"
    if not held.covered:
        return _open(word, "belum mencakup hari ini")
    return (
        _good(word, _matched(held)) if held.matched == held.lines else _open(word, _matched(held))
    )


def _balance(facts: Facts) -> list[Point]:
    """Where no statement holds the day, that is said already."""
    if facts.balance is None:
        return []
    apart = facts.balance.difference_idr or facts.balance.unexplained_idr
    word, value = "Saldo bank dan buku", difference(facts.balance)
    return [_open(word, value) if apart else _good(word, value)]


def _covered(account: str, held: Coverage, now: Coverage | None) -> CoverageRow:
    if held.covered:
        mark = Mark("success", "circle-check", "Tercakup mutasi")
        money = f"masuk {wording.money(held.credits_idr)}, keluar {wording.money(-held.debits_idr)}"
        return CoverageRow(account, mark, f"{_matched(held)}; {money}")
    mark = Mark("warning", "circle-alert", "Belum tercakup")
    text = "Belum ada mutasi yang memuat hari ini secara lengkap."
    since = f"Diimpor setelah hari ditutup: {_matched(now)}." if now and now.covered else ""
    return CoverageRow(account, mark, text, since)


def _matched(held: Coverage) -> str:
    if not held.lines:
        return "tidak ada baris"
    return f"{wording.grouped(held.matched)} dari {wording.grouped(held.lines)} baris cocok"


def _books(last: Check | None) -> Point:
    if last is None or last.finished_at is None:
        return Point("muted", "circle-dashed", "Semua buku cocok", "belum diperiksa")
    at = f"{wording.short_day(last.finished_at)} {wording.clock_time(last.finished_at)} WIB"
    if last.differences:
        return Point("error", "circle-x", "Buku tidak cocok", f"{last.differences} beda, {at}")
    return _good("Semua buku cocok", at)


def _figure(word: str, figure: Figure) -> Point:
    if not figure.count:
        return _good(word, "tidak ada")
    return _open(word, f"{wording.grouped(figure.count)}, {wording.money(figure.amount_idr)}")


def _good_if_none(word: str, count: int, unit: str) -> Point:
    if not count:
        return _good(word, "tidak ada")
    return _open(word, f"{wording.grouped(count)} {unit}")


def _good(word: str, value: str) -> Point:
    return Point("success", "circle-check", word, value)


def _open(word: str, value: str) -> Point:
    return Point("warning", "circle-alert", word, value)


def _sided(balance_idr: int) -> str:
    side = "D" if balance_idr > 0 else "K"
    return f"{wording.money(abs(balance_idr))} {side}" if balance_idr else wording.money(0)


def blocked(points: Iterable[Point]) -> bool:
    """Tell whether the day cannot be closed yet."""
    return any(point.blocks for point in points)
