"""Rows that are customers: found by number, else by phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from customer.domain.customer import CustomerStatus
from customer.domain.imports.cells import Fault
from customer.domain.imports.rows import Known, Match, Reading, share_a_name
from customer.handlers.customers import edit_customer, register_customer
from customer.models import Customer
from customer.store import customers as store
from customer.store import import_matches
from shared.database import Session
from shared.errors import Conflict


class PhoneTakenMeanwhile(Conflict):
    """Somebody registered the phone after the file was looked at."""

    detail = "Nomor HP ini sudah didaftarkan setelah berkas diperiksa. Periksa ulang impor ini."


async def find(session: Session, readings: Sequence[Reading]) -> list[Match]:
    """Find the customer of each row; what could be two is left to a person."""
    numbers = {str(reading.values.get("number", "")) for reading in readings}
    phones = {str(reading.values.get("phone", "")) for reading in readings}
    people = await import_matches.customers(session, numbers, phones)
    retracted = await import_matches.retracted(session, [each.id for each in people])
    by_number = {each.number: each for each in people}
    by_phone: dict[str, list[Customer]] = {}
    for each in people:
        by_phone.setdefault(each.phone, []).append(each)
    found = []
    for reading in readings:
        person, faults = _person(reading, by_number, by_phone)
        faults += _of_another(reading, person)
        is_back = person is not None and person.id in retracted
        gone = person is not None and person.status is CustomerStatus.INACTIVE
        added = {"status": str(CustomerStatus.ACTIVE)} if is_back and gone else {}
        found.append(Match(_known(person) if person else None, tuple(faults), added))
    return found


def _person(
    reading: Reading, by_number: Mapping[str, Customer], by_phone: Mapping[str, list[Customer]]
) -> tuple[Customer | None, list[Fault]]:
    number = str(reading.values.get("number", ""))
    if number:
        person = by_number.get(number)
        if person is None:
            reason = "Tidak ada pelanggan dengan nomor ini. Kosongkan agar dibuat baru."
            return None, [Fault("number", reason)]
        return person, []
    same = by_phone.get(str(reading.values.get("phone", "")), [])
    name = str(reading.values.get("name", ""))
    if len(same) > 1:
        meant = [each for each in same if each.name.casefold() == name.casefold()]
        listed = ", ".join(f"{each.number} {each.name}" for each in same[:3])
        reason = f"Nomor HP ini dipakai beberapa pelanggan ({listed}). Isi No. pelanggan."
        return None, [Fault("number", reason, meant[0].number if len(meant) == 1 else "")]
    if same and name and not share_a_name(name, same[0].name):
        who = f"{same[0].number} {same[0].name}"
        reason = f"Nomor HP ini milik {who}. Isi No. pelanggan bila memang dia."
        return None, [Fault("number", reason, same[0].number)]
    return (same[0] if same else None), []


def _of_another(reading: Reading, person: Customer | None) -> list[Fault]:
    """An import moves nobody to another Marketing: that has a page and a reason (A43)."""
    wanted = reading.values.get("marketing")
    if person is None or wanted is None or wanted == str(person.marketing_id):
        return []
    reason = f"Pelanggan ini ditangani {person.marketing_name}. Pindahkan di halaman pelanggan."
    return [Fault("marketing", reason, person.marketing_name)]


def _known(person: Customer) -> Known:
    values = {
        "name": person.name,
        "phone": person.phone,
        "address": person.address,
        "email": person.email,
        "status": str(person.status),
    }
    return Known(person.id, person.number, person.version, values)


async def add(session: Session, fields: Mapping[str, Any]) -> tuple[UUID, int]:
    """Register the customer of a row, as one is registered by hand.

    Raises:
        PhoneTakenMeanwhile: he exists by now.
    """
    if await import_matches.has_phone(session, fields["phone"]):
        raise PhoneTakenMeanwhile
    person = await register_customer(
        session,
        name=fields["name"],
        phone=fields["phone"],
        address=fields["address"],
        email=fields.get("email"),
        marketing_id=UUID(fields["marketing"]),
    )
    if fields.get("status") == CustomerStatus.INACTIVE:
        await session.flush()
        await change(session, person.id, {"status": "inactive"}, person.version, "")
    return person.id, person.version


async def change(
    session: Session, customer_id: UUID, changes: Mapping[str, Any], version: int, reason: str
) -> int:
    """Change fields of a customer, as they are changed by hand.

    Raises:
        VersionStale: somebody changed him meanwhile.
    """
    wanted = dict(changes)
    if "status" in wanted:
        wanted["status"] = CustomerStatus(wanted["status"])
    await edit_customer(session, customer_id, wanted, version=version, reason=reason or None)
    return (await store.get(session, customer_id)).version
