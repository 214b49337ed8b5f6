"""A day of many payments at a bank that repeats, holds back, loses and damages what it tells."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid5

from bank_gateway.metrics import CALLBACK_REFUSALS, CALLBACKS
from reconciliation.domain.certificate import EXPLAINED
from shared.clock import business_day
from shared.contracts.customer import BookingConfirmed, BookingItem, CashPlan, CustomerRegistered
from shared.testing import SARI, WAWAN
from town.town import Town
from town.truth import plumbing_untruths, verify_untruths

FAULTS: Mapping[str, Any] = {
    "duplicate": 0.05,
    "reorder": 0.02,
    "drop": 0.01,
    "corrupt": 0.01,
    "seed": 2026,
}
PARTS = 10
"""How many payments the account of a contract or of a customer takes in the day."""

Item = TypeVar("Item")

_DAY = timedelta(hours=12)  # from nine in the morning till nine at night
_ROUNDS_MAX, _AT_ONCE = 48, 50
_TOGETHER = 100
_NAMES = UUID(int=0xDA)
_STEP_IDR, _AHEAD_IDR = 50, 1_000
"""What parts differ by; what each customer with an account of his own pays more than he owes."""


@dataclass(frozen=True)
class Bill:
    """One customer's bill, how it is paid, and from when on."""

    no: int
    mode: Any

    @property
    def customer_id(self) -> UUID:
        return uuid5(_NAMES, f"customer {self.no}")

    @property
    def total_idr(self) -> int:
        return 500_000 + 1_250 * (self.no % 997)

    def payments(self, rounds: int) -> Iterator[tuple[int, int]]:
        """Give for each payment the round in which it is made, and its amount."""
        if self.mode == "invoice":
            yield self.no % rounds, self.total_idr
            return
        share, rest = divmod(self.total_idr, PARTS)
        ahead = _AHEAD_IDR if self.mode == "customer" else 0
        for no in range(PARTS):
            unlike = _STEP_IDR * (2 * no - PARTS + 1)  # the same sum again would be asked about
            last = rest + ahead if no == PARTS - 1 else 0
            yield (self.no + no * rounds // PARTS) % rounds, share + unlike + last


@dataclass
class Report:
    """What the day was like, and what is wrong after it; ``untruths`` should be empty."""

    payments: int
    seconds: dict[str, float] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    at_bank_idr: int = 0
    in_books_idr: int = 0
    unexplained_idr: int = 0
    unexplained: list[str] = field(default_factory=list)
    closed: dict[str, str] = field(default_factory=dict)
    untruths: list[str] = field(default_factory=list)


def bills(payments: int) -> list[Bill]:
    """Share payments out: a fifth each to a bill of its own, the rest ten to an account."""
    shared = payments * 4 // 5 // PARTS
    modes = ["invoice"] * (payments - shared * PARTS)
    modes += [("contract", "customer")[no % 2] for no in range(shared)]
    return [Bill(no, mode) for no, mode in enumerate(modes)]


async def live_a_day(town: Town, payments: int, faults: Mapping[str, Any] = FAULTS) -> Report:
    """Bill, let everybody pay through a bad day, let two nights pass, and look at the books."""
    report, made = Report(payments), bills(payments)
    before = _callbacks()
    with _timed(report, "billing"):
        await issue(town, made)
    await town.faults(**faults)
    with _timed(report, "paying"):
        await _pay(town, made, max(4, min(payments // _AT_ONCE, _ROUNDS_MAX)))
    with _timed(report, "resting"):
        await town.faults()
        await town.pass_time(timedelta(days=2))
    report.told = _callbacks() - before
    with _timed(report, "verifying"):
        await _judge(town, report)
    return report


@contextmanager
def _timed(report: Report, part: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    report.seconds[part] = time.perf_counter() - begun


async def issue(town: Town, made: Sequence[Bill]) -> None:
    """Customers come, book, and get their bills and accounts."""
    for some in _chunks(made):
        await town.tell(*(_registered(town, bill) for bill in some))
        await town.tell(*(_booked(town, bill) for bill in some))
    await town.settle()


async def account_numbers(town: Town) -> dict[UUID, str]:
    """Give the account of each customer; he has one in this town."""
    query = "SELECT customer_id, account_number FROM virtual_accounts"
    return dict(await _pairs(town, "bank-gateway", query))


async def pay_many(town: Town, payments: Sequence[tuple[str, int]]) -> None:
    """Pay some amounts to some accounts, in this order."""
    for some in _chunks(payments):
        offers = [{"virtual_account": number, "amount_idr": amount} for number, amount in some]
        answer = await town.bank.request("POST", "/simulate/pay-many", json={"payments": offers})
        refused = [each for each in answer.json() if "code" in each]
        assert not refused, refused


async def _pay(town: Town, made: list[Bill], rounds: int) -> None:
    numbers = await account_numbers(town)
    due: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for each in made:
        for number_of_round, amount_idr in each.payments(rounds):
            due[number_of_round].append((numbers[each.customer_id], amount_idr))
    for number in range(rounds):
        await pay_many(town, due[number])
        await town.pass_time(_DAY / rounds)


async def _judge(town: Town, report: Report) -> None:
    """Compare with the bank rupiah by rupiah, and ask everybody's own books (M11)."""
    at_bank = Counter(dict(await _pairs(town, "bni-sandbox", _AT_BANK)))
    in_books = Counter(dict(await _pairs(town, "reconciliation", _IN_BOOKS)))
    report.at_bank_idr, report.in_books_idr = at_bank.total(), in_books.total()
    report.told += Counter(dict(await _pairs(town, "bni-sandbox", _FATES)))
    report.untruths = [
        f"M8: {number} has {at_bank[number]} at the bank, {in_books[number]} here"
        for number in at_bank | in_books
        if at_bank[number] != in_books[number]
    ]
    for subject, verification in await _pairs(town, "reconciliation", _NOT_VERIFIED):
        report.untruths.append(f"C11: {subject} is {verification}")
    closes = (await town.caller("reconciliation").get("/api/v1/closes")).json()
    report.closed = {close["day"]: close["state"] for close in closes["items"]}
    report.unexplained_idr = closes["unexplained"]["amount_idr"]
    report.unexplained = [
        f"{kind}: {evidence}"
        for kind, evidence in await _pairs(town, "reconciliation", _OPEN)
        if kind not in EXPLAINED
    ]
    report.untruths += await verify_untruths(town) + await plumbing_untruths(town)


_AT_BANK = """
    SELECT b.virtual_account, sum(p.amount_idr)::bigint
    FROM payment p JOIN billing b ON b.trx_id = p.trx_id GROUP BY 1
"""
_IN_BOOKS = """
    SELECT virtual_account, sum(amount_idr)::bigint FROM payments
    WHERE reversed_at IS NULL GROUP BY 1
"""
_NOT_VERIFIED = """
    SELECT id, verification FROM payments WHERE reversed_at IS NULL AND verification <> 'verified'
"""
_OPEN = "SELECT kind, evidence FROM exceptions WHERE closed_at IS NULL ORDER BY opened_at"
_FATES = """
    SELECT 'never sent', count(*) FROM delivery WHERE state = 'withheld'
    UNION ALL SELECT 'sent more than once', count(*) FROM delivery WHERE attempts > 1
"""


async def _pairs(town: Town, service: str, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in await town.rows(service, query)]


def _callbacks() -> Counter[str]:
    """Count by outcome what callbacks this process has answered so far."""
    return Counter(
        {
            sample.labels.get("outcome") or f"refused: {sample.labels['reason']}": int(sample.value)
            for counter in (CALLBACKS, CALLBACK_REFUSALS)
            for metric in counter.collect()
            for sample in metric.samples
            if sample.name.endswith("_total")
        }
    )


def _chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), _TOGETHER):
        yield items[start : start + _TOGETHER]


def _registered(town: Town, bill: Bill) -> CustomerRegistered:
    marketing = (WAWAN, SARI)[bill.no % 2]
    now = town.clock.now()
    return CustomerRegistered.of(
        1, now, bill.customer_id, number=f"PLG-{bill.no:06}", name=f"Pelanggan {bill.no}",
        phone=f"+62856{bill.no:08}", address="Bogor", email=None, marketing_id=marketing.user_id,
        marketing_name=marketing.name, status="active", registered_at=now,
    )  # fmt: skip


def _booked(town: Town, bill: Bill) -> BookingConfirmed:
    now = town.clock.now()
    item = BookingItem(
        product_id=uuid5(_NAMES, "kavling"), product_name="Kavling", quantity=1,
        unit_price_idr=bill.total_idr,
    )  # fmt: skip
    plan = CashPlan(kind="cash", due_on=business_day(now + timedelta(days=20)), va_mode=bill.mode)
    return BookingConfirmed.of(
        1, now, uuid5(_NAMES, f"booking {bill.no}"), number=f"BKG-{bill.no:06}",
        customer_id=bill.customer_id, status="confirmed", items=[item], total_idr=bill.total_idr,
        notes="", plan=plan, booked_at=now, issue_first=True,
    )  # fmt: skip
