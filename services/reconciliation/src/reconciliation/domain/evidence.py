"""What speaks for and against a transfer being a customer's: name, amount, numbers, day, history.

Each piece of evidence is a sentence for people and a weight in thousandths. Weights are judgements,
kept in one place each, and never certain by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from reconciliation.domain.names import Likeness, said_words
from reconciliation.domain.transfer import Bill, Candidate, Earlier, Transfer, in_order
from shared.money import Rupiah

_NOT_DIGIT = re.compile(r"\D")
TAIL = 6
"""Digits by whose end a number is recognised."""

_SMALL_GAP = Rupiah(10_000)
"""Transfer fees and unique suffixes stay below it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason in Indonesian; ``weight`` is in thousandths, below one thousand.

    One that speaks against takes that share away from the score.
    """

    words: str
    weight: int
    supports: bool = True


def of_name(
    transfer: Transfer, found: Likeness, namesakes: int, *, knows_sender: bool = False
) -> list[Evidence]:
    """Weigh how well he is named; the more others are named as well, the less it says.

    Args:
        namesakes: how many candidates, he among them, are named at least as well.
        knows_sender: whoever is named instead has paid for him before.
    """
    if not found.share:
        if said_words(transfer.text) and not knows_sender:
            return [Evidence("Namanya tidak disebut dalam berita", 150, supports=False)]
        return []
    strength = found.share * (0.5 + min(found.letters, 10) / 20)
    weight = int(820 * strength * max(1 - 0.1 * (namesakes - 1), 0.6))
    said = " ".join(found.found)
    evidence = [Evidence(f"Nama {'sama' if found.is_whole else 'mirip'}: {said}", weight)]
    if namesakes > 1:
        words = f"{namesakes} pelanggan bernama mirip dengan berita ini"
        evidence.append(Evidence(words, 0, supports=False))
    return evidence


def of_amount(transfer: Transfer, candidate: Candidate) -> tuple[list[Evidence], Sequence[Bill]]:
    """Compare the amount with what he owes; give the bills that fit exactly, too."""
    bills = in_order(candidate.bills)
    exact = [bill for bill in bills if bill.outstanding == transfer.amount]
    if exact:
        return _same_amount(transfer, exact[0]), exact[:1]
    if run := _adding_up(bills, transfer.amount):
        return [_of_sum(run, len(bills))], run
    usual = sum(each == transfer.amount for each in candidate.usual) > 1
    if usual:
        return [Evidence("Jumlah sama dengan angsurannya yang biasa", 250)], ()
    if near := [bill for bill in bills if _is_near(bill.outstanding, transfer.amount)]:
        gap = max(near[0].outstanding, transfer.amount) - min(near[0].outstanding, transfer.amount)
        return [Evidence(f"Jumlah hanya berbeda {gap} dari {near[0].number}", 200)], near[:1]
    if not bills:
        return [Evidence("Tidak ada tagihan terbuka", 400, supports=False)], ()
    return [Evidence("Tidak ada tagihan sejumlah ini", 200, supports=False)], ()


def of_numbers(transfer: Transfer, candidate: Candidate) -> list[Evidence]:
    """Look for his virtual accounts, bills, phone and number among the digits of the text."""
    said = transfer.numbers
    strongest = (
        _strongest(_of_account(number, said) for number in candidate.accounts),
        _strongest(_of_bill(bill, said) for bill in candidate.bills),
        _of_phone(candidate.phone, said),
        _of_customer(candidate.number, transfer.text),
    )
    return [each for each in strongest if each is not None]


def named_bill(transfer: Transfer, candidate: Candidate) -> Bill | None:
    """Find the bill whose whole number is in the text."""
    said = transfer.numbers
    named = (bill for bill in in_order(candidate.bills) if _is_named(bill, said))
    return next(named, None)


def of_day(transfer: Transfer, candidate: Candidate) -> list[Evidence]:
    """Compare the day with the nearest due day among his open bills."""
    if not candidate.bills:
        return []
    bill = min(in_order(candidate.bills), key=lambda bill: abs(bill.due_on - transfer.day))
    days = (transfer.day - bill.due_on).days
    if abs(days) > 7:
        return []
    when = "pada hari" if not days else f"{abs(days)} hari {'setelah' if days > 0 else 'sebelum'}"
    words = f"Dibayar {when} jatuh tempo {bill.number}"
    return [Evidence(words, 180 if abs(days) <= 3 else 100)]


def of_history(
    transfer: Transfer, candidate: Candidate, alike: Sequence[Earlier]
) -> list[Evidence]:
    """Say what people decided about the same sender, and about this very transfer.

    Args:
        alike: what was decided about transfers of the same sender.
    """
    his = sorted(each.transfer.day for each in alike if each.customer_id == candidate.id)
    shared = len(his) < len(alike)
    evidence = []
    if his:
        times = f"{len(his)} kali, terakhir" if len(his) > 1 else "pada"
        words = f"Pengirim yang sama dicocokkan ke pelanggan ini {times} {his[-1]:%d/%m/%Y}"
        evidence.append(Evidence(words, 400 if shared else 800))
    if alike and shared:
        words = "Pengirim yang sama pernah dicocokkan ke pelanggan lain"
        evidence.append(Evidence(words, 0 if his else 150, supports=False))
    if candidate.id in transfer.taken_back:
        words = "Pencocokan uang ini ke pelanggan ini pernah diurungkan"
        evidence.append(Evidence(words, 700, supports=False))
    return evidence


def _same_amount(transfer: Transfer, bill: Bill) -> list[Evidence]:
    others = transfer.bills_alike - 1
    weight = next(weight for most, weight in _RARITY if others <= most)
    evidence = [Evidence(f"Jumlah sama persis dengan {bill.number}", weight)]
    if others > 0:
        words = f"{others} tagihan terbuka lain juga sejumlah ini"
        evidence.append(Evidence(words, 0, supports=False))
    return evidence


_RARITY = ((0, 600), (3, 520), (10, 420), (10**9, 300))
"""How much an equal amount says, by how many other open bills need the same."""


def _of_sum(run: Sequence[Bill], owed: int) -> Evidence:
    if len(run) == owed:
        return Evidence(f"Jumlah sama dengan seluruh sisa {owed} tagihannya", 520)
    return Evidence(f"Jumlah sama dengan {len(run)} tagihan mulai {run[0].number}", 450)


def _adding_up(bills: Sequence[Bill], amount: Rupiah) -> Sequence[Bill]:
    """Find bills that follow each other and need the amount together; the oldest such."""
    for first in range(len(bills)):
        sums = accumulate(bill.outstanding.amount for bill in bills[first:])
        for count, total in enumerate(sums, start=1):
            if total >= amount.amount:
                if total == amount.amount:
                    return bills[first : first + count]
                break
    return ()


def _is_near(needed: Rupiah, amount: Rupiah) -> bool:
    gap = abs(needed.amount - amount.amount)
    return 0 < gap <= min(_SMALL_GAP.amount, needed.amount // 50)


def _strongest(found: Iterable[Evidence | None]) -> Evidence | None:
    known = [each for each in found if each is not None]
    return max(known, key=lambda each: (each.weight, each.words), default=None)


def _is_named(bill: Bill, said: frozenset[str]) -> bool:
    digits = _NOT_DIGIT.sub("", bill.number)
    return len(digits) >= TAIL and any(digits in each for each in said)


def _of_account(number: str, said: frozenset[str]) -> Evidence | None:
    if any(number in each for each in said):
        return Evidence(f"VA {number} tertulis dalam berita", 900)
    if any(len(each) >= TAIL and number.endswith(each) for each in said):
        return Evidence(f"VA-nya berakhir dengan angka dalam berita, {number[-TAIL:]}", 600)
    return None


def _of_bill(bill: Bill, said: frozenset[str]) -> Evidence | None:
    if _is_named(bill, said):
        return Evidence(f"Nomor tagihan {bill.number} tertulis dalam berita", 880)
    digits = _NOT_DIGIT.sub("", bill.number)
    if any(len(each) >= TAIL and digits.endswith(each) for each in said):
        return Evidence(f"Nomor tagihan {bill.number} berakhir dengan angka dalam berita", 350)
    return None


def _of_phone(phone: str, said: frozenset[str]) -> Evidence | None:
    digits = _NOT_DIGIT.sub("", phone).removeprefix("62")
    if len(digits) < TAIL + 2:
        return None
    if any(digits in each for each in said):
        return Evidence("HP pelanggan tertulis dalam berita", 800)
    parts = (each.removeprefix("62").removeprefix("0") for each in said)
    if any(len(each) > TAIL and digits.endswith(each) for each in parts):
        return Evidence("HP pelanggan sebagian tertulis dalam berita", 550)
    return None


def _of_customer(number: str, text: str) -> Evidence | None:
    compact = re.sub(r"[^0-9A-Z]", "", number.upper())
    if len(compact) >= TAIL and compact in re.sub(r"[^0-9A-Z]", "", text.upper()):
        return Evidence(f"Pelanggan {number} tertulis dalam berita", 850)
    return None
