"""Tells the story of the demo company to the running system, some days at a time.

The clock stands at the end of each stretch of days until everything begun in it has come to
rest; so the bank, the ledger and the read models see it as it would have happened.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from launcher.demo.company import ADMIN, CATALOGUE, STAFF, Staff
from launcher.demo.office import Json, Office
from launcher.demo.people import people
from launcher.demo.story import Habit, Purchase, purchases
from shared.clock import ShiftedClock

TOGETHER = 6
STRIDE = timedelta(days=3)
Act = Callable[[], Coroutine[Any, Any, None]]


@dataclass
class Agenda:
    """What is still to happen, in order of time."""

    entries: list[tuple[datetime, int, Act]] = field(default_factory=list)
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def add(self, moment: datetime, act: Act) -> None:
        """Plan an act."""
        heapq.heappush(self.entries, (moment, next(self.numbers), act))

    def take(self, until: datetime) -> list[Act]:
        """Give what happens up to an instant."""
        acts = []
        while self.entries and self.entries[0][0] <= until:
            acts.append(heapq.heappop(self.entries)[2])
        return acts

    @property
    def next_at(self) -> datetime | None:
        """Give when the next act is due."""
        return self.entries[0][0] if self.entries else None


class Loader:
    """Loads the demo company.

    Args:
        rest: waits until every event and every errand to the bank is done.
    """

    def __init__(
        self, office: Office, clock: ShiftedClock, rest: Callable[[], Awaitable[None]]
    ) -> None:
        self._office = office
        self._clock = clock
        self._rest = rest
        self._agenda = Agenda()
        self._product_ids: dict[str, str] = {}
        self._turns = asyncio.Semaphore(TOGETHER)
        self._counter = asyncio.Lock()  # customers are numbered in the order in which they come

    async def load(self, customers: int, password: str) -> None:
        """Tell the whole story, up to the present."""
        now, story = self._clock.now(), purchases(people(customers), self._clock.today())
        self._clock.move_to(story[0].booked_at - timedelta(days=1))
        await self._open_office(password)
        for purchase in story:
            self._agenda.add(purchase.booked_at, partial(self._meet, purchase))
        while (moment := self._agenda.next_at) is not None and moment <= now:
            self._clock.move_to(min(moment + STRIDE, now))
            await self._sign_in(password)
            await self._until(self._clock.now())
            await self._rest()
        self._clock.reset()

    async def _open_office(self, password: str) -> None:
        """Give the staff their sign-ins and fill the catalogue."""
        await self._office.sign_in(ADMIN, password)
        for person in STAFF[1:]:
            await self._office.post(ADMIN, "/users", _user(person, password), key=person.username)
        for product in CATALOGUE:
            body = {
                "code": product.code,
                "name": product.name,
                "description": product.description,
                "price_idr": product.price_idr,
                "kind": product.kind,
            }
            made = await self._office.post(ADMIN, "/products", body, key=product.code)
            self._product_ids[product.code] = made["id"]
        await self._rest()

    async def _sign_in(self, password: str) -> None:
        for person in STAFF:
            await self._office.sign_in(person.username, password)

    async def _until(self, moment: datetime) -> None:
        """Let everything happen that is due, and what follows from it."""
        while acts := self._agenda.take(moment):
            await asyncio.gather(*map(self._in_turn, acts))

    async def _in_turn(self, act: Act) -> None:
        async with self._turns:
            await act()

    async def _meet(self, purchase: Purchase) -> None:
        """A customer comes in; a booking is written down and mostly confirmed."""
        who, key = purchase.person.marketing, f"demo/{purchase.person.no}"
        async with self._counter:
            customer = await self._office.post(who, "/customers", _customer(purchase), key=key)
        body = _booking(purchase, customer["id"], self._product_ids[purchase.product.code])
        booking = await self._office.post(who, "/bookings", body, key=f"{key}/booking")
        path = f"/bookings/{booking['id']}"
        if purchase.habit is Habit.WITHDRAWN:
            reason = {"reason": "Pelanggan menunda pembelian."}
            await self._office.post(who, f"{path}/cancel", reason, key=f"{key}/cancel")
        elif purchase.habit is not Habit.UNDECIDED:
            await self._office.post(who, f"{path}/confirm", {}, key=f"{key}/confirm")
            await self._plan_bills(purchase, booking["id"])

    async def _plan_bills(self, purchase: Purchase, booking_id: str) -> None:
        who = purchase.person.marketing
        plans = await self._office.wait(who, "/plans", lambda a: a["items"], booking_id=booking_id)
        plan = plans["items"][0]
        for line in plan["lines"]:
            due_on = date.fromisoformat(line["due_on"])
            self._agenda.add(
                purchase.issue_at(due_on),
                partial(self._bill, purchase, plan["id"], line, due_on),
            )

    async def _bill(self, purchase: Purchase, plan_id: str, line: Json, due_on: date) -> None:
        """A bill is made; its virtual account is there a moment later."""
        who, no = purchase.person.marketing, int(line["no"])
        body = {"plan_id": plan_id, "line_no": no}
        key = f"demo/{purchase.person.no}/bill/{no}"
        invoice = await self._office.post(who, "/invoices", body, key=key)
        path = f"/invoices/{invoice['id']}"
        invoice = await self._office.wait(who, path, _account_number)
        if purchase.habit is Habit.VOIDED and no == 2:
            reason = {"reason": "Salah jumlah, dibuat ulang."}
            await self._office.post(who, f"{path}/cancel", reason, key=f"{key}/cancel")
            return
        paid_at = purchase.pays_at(no, due_on, datetime.fromisoformat(invoice["issued_at"]))
        if paid_at is not None:
            self._agenda.add(paid_at, partial(self._pay, invoice, paid_at))

    async def _pay(self, invoice: Json, paid_at: datetime) -> None:
        account = invoice["virtual_account"]["number"]
        await self._office.pay(account, invoice["total_idr"], paid_at.isoformat())


def _user(person: Staff, password: str) -> Json:
    return {
        "username": person.username,
        "name": person.name,
        "role": person.role,
        "password": password,
        "phone": person.phone,
    }


def _customer(purchase: Purchase) -> Json:
    person = purchase.person
    return {
        "name": person.name,
        "phone": person.phone,
        "address": person.address,
        "email": person.email,
    }


def _booking(purchase: Purchase, customer_id: str, product_id: str) -> Json:
    item = {
        "product_id": product_id,
        "quantity": 1,
        "unit_price_idr": purchase.product.price_idr,
    }
    return {
        "customer_id": customer_id,
        "items": [item],
        "notes": purchase.notes,
        "plan": purchase.plan,
    }


def _account_number(invoice: Json) -> bool:
    account = invoice["virtual_account"]
    return account is not None and account["status"] == "active" and bool(account["number"])
