"""Tells the story of the demo company to the running system, some days at a time.

The clock stands at the end of each stretch of days until everything begun in it has come to
rest; so the bank, the ledger and the read models see it as it would have happened.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, date, datetime, timedelta

from launcher.demo.agenda import Act, Agenda, Bill, Json, Meeting, Payment
from launcher.demo.company import ADMIN, CATALOGUE, STAFF
from launcher.demo.forms import booking_form, customer_form, product_form, user_form
from launcher.demo.office import Office
from launcher.demo.people import people
from launcher.demo.rest import Time
from launcher.demo.story import Habit, purchases

TOGETHER = 8
UNREAD = 3
STRETCH = timedelta(days=12)  # not longer than bills are made ahead
UNTIL = timedelta(minutes=10)  # before the present, so that waiting does not reach beyond it


class Loader:
    """Loads the demo company.

    Args:
        rest: waits until every event and every errand to the bank is done.
        tell: hears which day the story has reached.
    """

    def __init__(
        self,
        office: Office,
        time: Time,
        rest: Callable[[], Awaitable[None]],
        tell: Callable[[date], None],
    ) -> None:
        self._office = office
        self._time = time
        self._rest = rest
        self._tell = tell
        self._agenda = Agenda()
        self._product_ids: dict[str, str] = {}
        self._booking_ids: dict[int, str] = {}  # of confirmed bookings, by the customer's place
        self._turns = asyncio.Semaphore(TOGETHER)
        self._counter = asyncio.Lock()  # customers are numbered in the order in which they come

    async def load(self, customers: int, password: str) -> None:
        """Tell the whole story, up to the present."""
        end, story = self._time.now() - UNTIL, purchases(people(customers), self._time.today())
        self._time.move_to(story[0].booked_at - timedelta(days=1))
        await self._open_office(password)
        for purchase in story:
            self._agenda.add(purchase.booked_at, Meeting(purchase))
        while (moment := self._agenda.next_at) is not None and moment <= end:
            self._time.move_to(min(moment + STRETCH, end))
            self._tell(self._time.today())
            await self._sign_in(password)
            while acts := self._agenda.take(self._time.now()):
                await self._live(acts)
        self._time.move_to(datetime.now(UTC))
        await self._read_the_bell(password)

    async def _read_the_bell(self, password: str) -> None:
        """Nobody left half a year of news unread; the latest still wait."""
        for person in STAFF:
            await self._office.sign_in(person.username, password)
            news = await self._office.get(person.username, "/notifications", limit=UNREAD + 1)
            if len(news["items"]) > UNREAD:
                past = {"up_to": news["items"][UNREAD]["id"]}
                await self._office.post(
                    person.username, "/notifications/read", past, key=f"demo/bell/{person.username}"
                )

    async def _open_office(self, password: str) -> None:
        """Give the staff their sign-ins and fill the catalogue."""
        await self._office.sign_in(ADMIN, password)
        for person in STAFF[1:]:
            form = user_form(person, password)
            await self._office.post(ADMIN, "/users", form, key=person.username)
        for product in CATALOGUE:
            made = await self._office.post(
                ADMIN, "/products", product_form(product), key=product.code
            )
            self._product_ids[product.code] = made["id"]
        await self._rest()

    async def _sign_in(self, password: str) -> None:
        """Sign in again: the stretch may be longer than a session lives."""
        for person in STAFF[1:]:
            await self._office.sign_in(person.username, password)

    async def _live(self, acts: list[Act]) -> None:
        """Let things happen: first the people, then their bills, then the money."""
        await self._all(self._meet(act) for act in acts if isinstance(act, Meeting))
        await self._rest()
        await self._all(self._plan_bills(act) for act in acts if isinstance(act, Meeting))
        await self._all(self._bill(act) for act in acts if isinstance(act, Bill))
        await self._all(self._pay(act) for act in acts if isinstance(act, Payment))
        await self._rest()

    async def _all(self, work: Iterable[Awaitable[None]]) -> None:
        async def in_turn(each: Awaitable[None]) -> None:
            async with self._turns:
                await each

        await asyncio.gather(*map(in_turn, work))

    async def _meet(self, meeting: Meeting) -> None:
        """A customer comes in; the booking is written down and mostly confirmed."""
        purchase = meeting.purchase
        who, key = purchase.person.marketing, f"demo/{purchase.person.no}"
        async with self._counter:
            form = customer_form(purchase.person)
            customer = await self._office.post(who, "/customers", form, key=key)
        form = booking_form(purchase, customer["id"], self._product_ids[purchase.product.code])
        booking = await self._office.post(who, "/bookings", form, key=f"{key}/booking")
        path = f"/bookings/{booking['id']}"
        if purchase.habit is Habit.WITHDRAWN:
            reason = {"reason": "Pelanggan menunda pembelian."}
            await self._office.post(who, f"{path}/cancel", reason, key=f"{key}/cancel")
        elif purchase.habit is not Habit.UNDECIDED:
            await self._office.post(who, f"{path}/confirm", {}, key=f"{key}/confirm")
            self._booking_ids[purchase.person.no] = booking["id"]

    async def _plan_bills(self, meeting: Meeting) -> None:
        """Put the lines of a new plan on the agenda."""
        purchase = meeting.purchase
        booking_id = self._booking_ids.get(purchase.person.no)
        if booking_id is None:
            return
        plans = await self._office.get(purchase.person.marketing, "/plans", booking_id=booking_id)
        for line in plans["items"][0]["lines"]:
            due_on = date.fromisoformat(line["due_on"])
            bill = Bill(purchase, plans["items"][0]["id"], line["no"], due_on)
            self._agenda.add(purchase.issue_at(due_on), bill)

    async def _bill(self, bill: Bill) -> None:
        """Make the bill; the bank opens its account meanwhile."""
        purchase = bill.purchase
        who, key = purchase.person.marketing, f"demo/{purchase.person.no}/bill/{bill.line_no}"
        form = {"plan_id": bill.plan_id, "line_no": bill.line_no}
        invoice = await self._office.post(who, "/invoices", form, key=key)
        if purchase.habit is Habit.VOIDED and bill.line_no == 2:
            reason = {"reason": "Salah jumlah, dibuat ulang."}
            path = f"/invoices/{invoice['id']}/cancel"
            await self._office.post(who, path, reason, key=f"{key}/cancel")
            return
        issued_at = datetime.fromisoformat(invoice["issued_at"])
        paid_at = purchase.pays_at(bill.line_no, bill.due_on, issued_at)
        if paid_at is not None:
            payment = Payment(purchase, invoice["id"], invoice["total_idr"], paid_at)
            self._agenda.add(paid_at, payment)

    async def _pay(self, payment: Payment) -> None:
        """Pay at the bank, at the account that is on the bill."""
        who = payment.purchase.person.marketing
        invoice = await self._office.get(who, f"/invoices/{payment.invoice_id}")
        account = _account(invoice)
        await self._office.pay(account, payment.amount_idr, payment.paid_at.isoformat())


def _account(invoice: Json) -> str:
    number: str = invoice["virtual_account"]["number"]
    return number
