"""Rows that are bookings: drafts, or confirmed at once where the row says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from customer.domain.booking import BookingStatus, Plan, Wanted, check_plan, total_of
from customer.domain.customer import CustomerStatus
from customer.domain.imports.cells import Fault
from customer.domain.imports.plans import field_of, plan_of
from customer.domain.imports.rows import Known, Match, Reading
from customer.handlers.bookings import PLAN, cancel_booking, confirm_booking, draft_booking
from customer.models import Booking, Customer, Product
from customer.store import bookings as store
from customer.store import import_matches
from shared.database import Session
from shared.errors import Invalid, VersionStale

Found = tuple[Customer | None, list[Fault]]


async def find(session: Session, readings: Sequence[Reading]) -> list[Match]:
    """Find the customer and the product of each row, and the booking when there is one."""
    values = [reading.values for reading in readings]
    numbers = {str(each.get("number", "")) for each in values}
    phones = {str(each.get("phone", "")) for each in values}
    people = await import_matches.customers(session, numbers, phones)
    codes = {str(each.get("code", "")) for each in values}
    offered = {each.code: each for each in await import_matches.products(session, codes)}
    made = await import_matches.bookings_of(session, [person.id for person in people])
    today = session.clock.today()
    return [_match(each, people, offered, made, today) for each in readings]


def _match(
    reading: Reading,
    people: Sequence[Customer],
    offered: Mapping[str, Product],
    made: Sequence[Booking],
    today: date,
) -> Match:
    person, faults = _customer(reading, people)
    product = offered.get(str(reading.values.get("code", "")))
    if "code" in reading.values and (product is None or not product.active):
        faults.append(Fault("code", "Tidak ada produk dengan kode ini, atau tidak ditawarkan."))
    plan, wrong = _plan(reading, today)
    faults += wrong
    if person is None or product is None or plan is None:
        return Match(faults=tuple(faults))
    added = {
        "customer_id": str(person.id),
        "product_id": str(product.id),
        "plan": plan.model_dump(mode="json"),
        "twin": "|".join(map(str, (person.id, product.id, _price(reading), plan))),
    }
    same = next((each for each in made if _is_same(each, person, product, plan, reading)), None)
    known = Known(same.id, same.number, same.version, {}) if same else None
    return Match(known, tuple(faults), added)


def _customer(reading: Reading, people: Sequence[Customer]) -> Found:
    number, phone = reading.values.get("number"), reading.values.get("phone")
    if number:
        found = [each for each in people if each.number == number]
        field, what = "number", "nomor ini"
    elif phone:
        found = [each for each in people if each.phone == phone]
        field, what = "phone", "No. HP ini"
    elif {fault.field for fault in reading.faults} & {"number", "phone"}:
        return None, []
    else:
        return None, [Fault("number", "Isi No. pelanggan atau No. HP.")]
    if not found:
        return None, [Fault(field, f"Tidak ada pelanggan dengan {what}. Impor pelanggan dahulu.")]
    if len(found) > 1:
        listed = ", ".join(f"{each.number} {each.name}" for each in found[:3])
        reason = f"No. HP ini dipakai beberapa pelanggan ({listed}). Isi No. pelanggan."
        return None, [Fault("number", reason)]
    if found[0].status is not CustomerStatus.ACTIVE:
        return None, [Fault(field, f"Pelanggan {found[0].name} tidak aktif.")]
    return found[0], []


def _plan(reading: Reading, today: date) -> tuple[Plan | None, list[Fault]]:
    values = reading.values
    if not {"plan_kind", "price_idr", "first_due_on"} <= set(values):
        return None, []
    try:
        plan = PLAN.validate_python(plan_of(values))
        check_plan(plan, total_of([_wanted(values, UUID(int=0))]), today)
    except ValidationError as error:
        field = field_of(str(error.errors()[0]["loc"][-1]))
        return None, [Fault(field, "Belum cocok dengan skema bayar baris ini.")]
    except Invalid as error:
        field = field_of(str(error.fields.get("field", "")).rpartition(".")[2])
        return None, [Fault(field, str(error))]
    return plan, []


def _wanted(values: Mapping[str, Any], product_id: UUID) -> Wanted:
    return Wanted(product_id, values.get("quantity", 1), values["price_idr"])


def _price(reading: Reading) -> tuple[object, object]:
    return reading.values.get("quantity", 1), reading.values.get("price_idr")


def _is_same(
    booking: Booking, person: Customer, product: Product, plan: Plan, reading: Reading
) -> bool:
    items = [(i.product_id, i.quantity, i.unit_price_idr) for i in booking.items]
    wanted = [(product.id, *_price(reading))]
    return booking.customer_id == person.id and items == wanted and _terms(booking) == plan


def _terms(booking: Booking) -> Plan:
    return PLAN.validate_python(booking.plan)


async def add(session: Session, fields: Mapping[str, Any]) -> tuple[UUID, int]:
    """Write a booking down as it is done by hand, and confirm it where the row says so.

    Raises:
        CustomerInactive: he takes no bookings any more.
        Invalid: the product is not offered any more, or a date has passed.
    """
    booking = await draft_booking(
        session,
        customer_id=UUID(fields["customer_id"]),
        wanted=[_wanted(fields, UUID(fields["product_id"]))],
        notes=fields.get("notes", ""),
        plan=PLAN.validate_python(fields["plan"]),
    )
    if fields.get("confirmed"):
        await session.flush()
        await confirm_booking(session, booking.id, issue_first=False)
    return booking.id, booking.version


async def change(
    session: Session, booking_id: UUID, _changes: Mapping[str, Any], version: int, reason: str
) -> int:
    """Call a draft off; nothing else of a booking changes by import.

    Raises:
        VersionStale: somebody confirmed or cancelled it meanwhile.
    """
    booking = await store.get(session, booking_id)
    if booking.version != version or booking.status is not BookingStatus.DRAFT:
        raise VersionStale(version=booking.version)
    return (await cancel_booking(session, booking_id, reason)).version
