"""Stories of a few payments, told in every order: a house, its tellings, their end states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import permutations
from typing import Any

from bank_files import Row, csv_file, va
from sqlalchemy import text

from reconciliation.comparing import Comparing
from reconciliation.handlers.closes import close_due_day
from reconciliation.handlers.lines import FeeRule
from reconciliation.handlers.statements import Upload, import_statement
from shared.clock import WIB, FrozenClock
from shared.contracts.bank_gateway import PaymentDisputed, PaymentVerified, VaInquired
from shared.database import Sessions
from shared.money import Rupiah
from shared.principal import Principal

SYSTEM = Principal.system("reconciliation")
FEES = FeeRule(("BIAYA",), Rupiah(50_000))
NOON = time(12, 0)
APART = 9
"""Days between two tellings, so that no statement of one speaks of another."""

_PAYMENTS = """
    SELECT amount_idr, verification, bank_reference, channel, customer_id IS NOT NULL
    FROM payments WHERE virtual_account = :number AND reversed_at IS NULL
"""
_BILLS = "SELECT total_idr, allocated_idr FROM invoices WHERE customer_id = :customer"
_ACCOUNTS = """
    SELECT split_part(account, ':', 1), sum(amount_idr) FROM ledger_entries
    WHERE customer_id = :customer GROUP BY 1 HAVING sum(amount_idr) <> 0
"""
_DAYS = """
    WITH mine AS (SELECT id FROM payments WHERE virtual_account = :number),
        moved AS (SELECT id, booked_on FROM ledger_transactions t WHERE object_id IN (TABLE mine)
            OR EXISTS (SELECT FROM ledger_transactions o
                WHERE o.id = t.reverses AND o.object_id IN (TABLE mine)))
    SELECT booked_on, sum(amount_idr)::bigint
    FROM moved JOIN ledger_entries e ON e.transaction_id = moved.id AND account = 'bank:bni'
    GROUP BY 1 HAVING sum(amount_idr) <> 0
"""
_EXCEPTIONS = """
    SELECT e.kind, e.amount_idr FROM exceptions e LEFT JOIN payments p ON p.id = e.payment_id
    WHERE e.closed_at IS NULL AND (e.customer_id = :customer OR p.virtual_account = :number
        OR e.bank_line_id IN (SELECT subject_id FROM sightings WHERE virtual_account = :number))
"""


@dataclass(frozen=True)
class State:
    """What must not depend on the order."""

    payments: Counter[Any]
    total_idr: int
    bills: Counter[Any]
    accounts: dict[str, int]
    exceptions: Counter[Any]


class Telling:
    """One telling of a story: its own customer, account and days."""

    def __init__(self, house: House, no: int) -> None:
        self.house = house
        self.story = house.story
        self.day = house.clock.today() - timedelta(days=APART * (no + 1))
        self.customer = self.story.customer()
        self.bill = self.story.invoice(self.customer.aggregate_id, 1_000)
        self.account = self.story.account(self.customer.aggregate_id, self.bill)

    def callback(self, amount: int, reference: str, **more: Any) -> Any:
        """What the bank-gateway tells of a payment of the bill, at noon of a day of the story."""
        day = self.day + timedelta(days=more.pop("after", 0))
        facts = {
            "virtual_account": self.account.number,
            "trx_id": self.account.trx_id,
            "bank_reference": reference,
            "paid_at": datetime.combine(day, NOON, WIB),
        }
        return self.story.payment(amount, self.bill, **facts | more)

    def verified(self, payment: Any) -> Any:
        return self.story.next(payment, PaymentVerified, verification="verified")

    def disputed(self, payment: Any) -> Any:
        word = {"verification": "disputed", "trouble": "bank tidak mengenalnya"}
        return self.story.next(payment, PaymentDisputed, **word)

    def inquired(self, bank_idr: int, hours: int) -> Any:
        """What the bank has taken in at the account, the last of it some hours ago."""
        now = self.house.clock.now()
        return VaInquired.of(
            1,
            now,
            self.account.aggregate_id,
            trx_id=self.account.trx_id,
            virtual_account=self.account.number,
            customer_id=self.customer.aggregate_id,
            invoice_id=self.bill.aggregate_id,
            billed_idr=1_000,
            bank_paid_idr=bank_idr,
            known_paid_idr=0,
            last_reference="NTB777",
            last_paid_at=now - timedelta(hours=hours),
            state="inactive",
            asked_at=now,
        )

    def row(self, amount: int, reference: str, after: int = 0, *, plain: bool = False) -> Row:
        """A line of the account; a plain one prints no reference of the payment."""
        printed = "000" if plain else reference
        remark = va(self.account.number, printed, "MAHMUD SULAIMAN")
        day = self.day + timedelta(days=after)
        return Row(day, amount, f"J{reference}" if plain else reference, remark)

    def stranger(self, amount: int, after: int = 0) -> Row:
        """A small fee: something that a statement prints besides the story."""
        return Row(self.day + timedelta(days=after), -amount, f"FEE{after}", "BIAYA ADM")

    def statement(self, *rows: Row, days: int = 4, opening_idr: int = 0) -> Act:
        """Import a statement of the days of the story, and compare it."""

        async def act() -> None:
            first = min(row.day for row in rows)
            last = first + timedelta(days=days - 1)
            content = csv_file(rows, opening_idr, first=first, last=last)
            await self.house.import_file(content)

        return act

    def tell(self, *events: Any) -> Act:
        async def act() -> None:
            await self.house.arrive(*events)

        return act

    async def state(self) -> State:
        keys = {"number": self.account.number, "customer": self.customer.aggregate_id}
        queries = (_PAYMENTS, _BILLS, _ACCOUNTS, _EXCEPTIONS)
        payments, bills, accounts, exceptions = await self.house.look(queries, keys)
        return State(
            Counter(tuple(row) for row in payments),
            sum(row[0] for row in payments),
            Counter(tuple(row) for row in bills),
            {name: int(sum_) for name, sum_ in accounts},
            Counter(tuple(row) for row in exceptions),
        )


Act = Callable[[], Awaitable[None]]
Acts = Mapping[str, Act]


@dataclass
class House:
    """The service as stories use it."""

    sessions: Sessions
    arrive: Any
    story: Any
    clock: FrozenClock
    told: int = 0

    def open(self) -> Telling:
        self.told += 1
        return Telling(self, self.told)

    async def import_file(self, content: bytes, accounts: Sequence[str] = ()) -> None:
        async with self.sessions.begin(SYSTEM) as session:
            await import_statement(session, Upload("mutasi.csv", content), accounts)
        comparing = Comparing(self.sessions, FEES, apply_credit=True)
        while await comparing.step() is not None:
            pass

    async def query(self, statement: str, keys: Mapping[str, Any]) -> Sequence[Any]:
        return (await self.look([statement], keys))[0]

    async def look(self, statements: Sequence[str], keys: Mapping[str, Any]) -> list[Sequence[Any]]:
        """Read the rows of some statements, all at one moment; each has the keys that it names."""
        async with self.sessions.begin(SYSTEM) as session:
            found = []
            for each in statements:
                named = {name: value for name, value in keys.items() if f":{name}" in each}
                found.append((await session.execute(text(each), named)).all())
            return found


async def every_order(
    house: House, begin: Callable[[Telling], Acts], *, prepared: bool = True
) -> dict[frozenset[str], State]:
    """Tell a story in every order, and look after each step: so every subset is met in every order.

    How orders begin alike is looked at once. Gives the one end state of each subset.
    """
    ends: dict[frozenset[str], State] = {}
    looked: set[tuple[str, ...]] = set()
    for order in permutations(sorted(begin(house.open()))):
        telling = house.open()
        acts = begin(telling)
        known = [telling.account] if prepared else []
        await house.arrive(telling.customer, telling.bill, *known)
        for at, name in enumerate(order, start=1):
            await acts[name]()
            if order[:at] not in looked:
                looked.add(order[:at])
                state = await telling.state()
                expected = ends.setdefault(frozenset(order[:at]), state)
                assert state == expected, f"{order[:at]} ended differently"
    return ends


async def every_sum(house: House, begin: Callable[[Telling], Acts]) -> dict[frozenset[str], State]:
    """The same where a sum may be one payment or several: their total must not differ."""
    return await every_order(SumsOnly(**vars(house)), begin)


@dataclass
class SumsOnly(House):
    """A house whose stories do not tell how a sum is divided over payments."""

    def open(self) -> Telling:
        self.told += 1
        return _SumTelling(self, self.told)


class _SumTelling(Telling):
    async def state(self) -> State:
        whole = await super().state()
        proofs = Counter({row[1:2]: 1 for row in whole.payments})
        return State(proofs, whole.total_idr, whole.bills, whole.accounts, whole.exceptions)


@dataclass
class NightHouse(House):
    """A house whose stories are of one day each; the day is closed somewhere in between (R3)."""

    def open(self) -> NightTelling:
        self.told += 1
        afternoon = datetime.combine(self.clock.today() + timedelta(days=2), time(15), WIB)
        self.clock.move_to(afternoon)
        return NightTelling(self, self.told)

    async def close(self) -> None:
        """Close every day that is over."""
        more: object = True
        while more:
            async with self.sessions.begin(SYSTEM) as session:
                more = await close_due_day(session)


class NightTelling(Telling):
    """A telling of today: what is told after the close moves money on the next day only."""

    house: NightHouse

    def __init__(self, house: NightHouse, no: int) -> None:
        super().__init__(house, no)
        self.day = house.clock.today()
        self.frozen_idr: int | None = None

    def close(self) -> Act:
        async def act() -> None:
            self.frozen_idr = (await self.state()).total_idr
            self.house.clock.move_to(datetime.combine(self._next_day, time(3), WIB))
            await self.house.close()

        return act

    async def state(self) -> State:
        """Look, and find each rupiah on the day on which it must be booked."""
        state = await super().state()
        before = state.total_idr if self.frozen_idr is None else self.frozen_idr
        booked = {self.day: before, self._next_day: state.total_idr - before}
        found = await self.house.query(_DAYS, {"number": self.account.number})
        assert dict(map(tuple, found)) == {day: idr for day, idr in booked.items() if idr}
        return state

    @property
    def _next_day(self) -> date:
        return self.day + timedelta(days=1)
