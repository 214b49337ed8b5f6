"""Who buys what and when, and how they pay: pure decisions, the same for the same day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from launcher.demo.company import CARE, HOUSES, INTERNET, MAHMUD_PLOT, PLOTS, Product
from launcher.demo.people import MAHMUD_NO, SEED, Person
from shared.clock import WIB

STORY_DAYS = 182
_LAST_JOINED_DAYS_AGO = 9
_MAHMUD_DAYS_AGO = 66
ISSUED_AHEAD_DAYS = 12
_OFFICE_MINUTES = 8 * 60
_DUE_DAYS = (1, 5, 10, 15, 20, 25, 28)
_CASH_SHARE = 0.3
_TENORS = (2, 3, 3, 6, 10, 12, 20, 24)


class Habit(StrEnum):
    """How somebody pays."""

    PUNCTUAL = "punctual"
    LATE = "late"
    STOPPED = "stopped"  # paid the first, then nothing
    UNDECIDED = "undecided"  # the booking stays a draft
    WITHDRAWN = "withdrawn"  # cancelled the booking before it was confirmed
    VOIDED = "voided"  # one bill was made by mistake and cancelled


HABITS = (
    *[Habit.PUNCTUAL] * 10,
    *[Habit.LATE] * 4,
    *[Habit.STOPPED] * 3,
    *[Habit.UNDECIDED] * 2,
    Habit.WITHDRAWN,
    Habit.VOIDED,
)


@dataclass(frozen=True)
class Purchase:
    """One customer's story."""

    person: Person
    product: Product
    plan: dict[str, Any]
    booked_at: datetime
    habit: Habit
    notes: str

    def issue_at(self, due_on: date) -> datetime:
        """Give when the bill of a line is made: some days ahead, never before the booking."""
        ahead = at(due_on - timedelta(days=ISSUED_AHEAD_DAYS), 8)
        return max(ahead, self.booked_at + timedelta(hours=1))

    def pays_at(self, line_no: int, due_on: date, issued_at: datetime) -> datetime | None:
        """Give when a line is paid; None when it is not."""
        if self.habit is Habit.STOPPED and line_no > 1:
            return None
        random = Random(f"{self.person.no}/{line_no}")  # noqa: S311
        shift = random.randint(2, 9) if self.habit is Habit.LATE else -random.randint(0, 4)
        moment = at(due_on + timedelta(days=shift), random.randint(7, 20), random.randint(0, 59))
        return max(moment, issued_at + timedelta(hours=2))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Give an instant of a WIB day."""
    return datetime.combine(day, time(hour, minute), tzinfo=WIB)


def purchases(people: list[Person], today: date) -> list[Purchase]:
    """Give everybody's story in the order in which they come."""
    random = Random(SEED)  # noqa: S311
    that_day: Counter[int] = Counter()
    story = []
    for person in people:
        days_ago = _days_ago(person.no, len(people))
        turn = timedelta(minutes=min(25 * that_day[days_ago], _OFFICE_MINUTES))
        that_day[days_ago] += 1
        joined = today - timedelta(days=days_ago)
        story.append(_purchase(person, at(joined, 9) + turn, random))
    return story


def _purchase(person: Person, booked_at: datetime, random: Random) -> Purchase:
    joined = booked_at.date()
    habit, product = HABITS[person.no * 5 % len(HABITS)], _product(person.no, random)
    if person.no == MAHMUD_NO:
        habit, product = Habit.PUNCTUAL, MAHMUD_PLOT
    plan = _plan(product, joined, random, mahmud=person.no == MAHMUD_NO)
    return Purchase(person, product, plan, booked_at, habit, _notes(product))


def _days_ago(no: int, count: int) -> int:
    """Spread the arrivals: a few early ones to look back on, then more and more."""
    if no <= MAHMUD_NO:
        remaining = 1 - (no - 1) / (min(count, MAHMUD_NO) - 1 or 1)
        return _MAHMUD_DAYS_AGO + round((STORY_DAYS - _MAHMUD_DAYS_AGO) * remaining**2)
    span = _MAHMUD_DAYS_AGO - _LAST_JOINED_DAYS_AGO
    return _MAHMUD_DAYS_AGO - span * (no - MAHMUD_NO) // (count - MAHMUD_NO)


def _product(no: int, random: Random) -> Product:
    if no % 5 == 0:
        return CARE if no % 2 else INTERNET
    if no % 11 == 0:
        return random.choice(HOUSES)
    return random.choice(PLOTS)


def _plan(product: Product, joined: date, random: Random, *, mahmud: bool) -> dict[str, Any]:
    first = _next_month(joined, 10 if mahmud else random.choice(_DUE_DAYS))
    if product.kind == "subscription":
        return {"kind": "monthly", "starts_on": str(joined), "due_day": first.day}
    if mahmud:
        return _installment(1_000_000, 20, joined, first)
    if random.random() < _CASH_SHARE:
        return {"kind": "cash", "due_on": str(joined + timedelta(days=7))}
    share = random.choice((5, 10, 20))
    down_payment = product.price_idr * share // 100 // 50_000 * 50_000
    return _installment(down_payment, random.choice(_TENORS), joined, first)


def _installment(
    down_payment_idr: int, installments: int, joined: date, first_due_on: date
) -> dict[str, Any]:
    return {
        "kind": "installment",
        "down_payment_idr": down_payment_idr,
        "installments": installments,
        "first_due_on": str(first_due_on),
        "down_payment_due_on": str(joined),
    }


def _next_month(day: date, due_day: int) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=due_day)


def _notes(product: Product) -> str:
    if product.kind == "subscription":
        return "Penghuni blok lama, minta tagihan dikirim lewat WhatsApp."
    return "Sudah survei lokasi, minta dicarikan skema angsuran yang ringan."
