"""The same promise where the bank speaks SNAP BI: bill, virtual account, payment, books."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from storyteller import House, Person, eventually

pytestmark = pytest.mark.timeout(300)
BILLED = 750_000


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A Lunas as it comes, but for the one word that chooses the protocol."""
    folder: Path = tmp_path_factory.mktemp("snap") / "data"
    made = House("embedded", folder, settings={"BNI_PROTOCOL": "snap"})
    try:
        made.start()
        yield made
    finally:
        made.stop()
        made.remove()


@pytest.fixture(scope="module")
def wawan(house: House) -> Person:
    return Person.admin(house).hires(house, "wawan", "Bapak Wawan")


def test_a_bill_is_asked_for_paid_verified_and_in_the_books(house: House, wawan: Person) -> None:
    invoice = make_bill(wawan)
    number = account(wawan, invoice, "active")["number"]

    shown = simulate(house, "inquire", {"virtual_account": number})
    paid = simulate(house, "pay", {"virtual_account": number, "amount_idr": BILLED})

    assert shown["responseCode"] == "2002400"
    assert shown["virtualAccountData"]["totalAmount"] == {"value": "750000.00", "currency": "IDR"}
    assert paid["callback"] == "delivered"
    payment = verified_payment(wawan, invoice)
    assert (payment["amount_idr"], payment["bank_reference"]) == (BILLED, paid["payment_ntb"])
    assert account(wawan, invoice, "paid")["number"] == number
    assert_books(house)


def test_m8_a_notification_that_was_lost_is_found_at_the_bank(house: House, wawan: Person) -> None:
    """The daily look finds it; a person may ask at once."""
    invoice = make_bill(wawan)
    opened = account(wawan, invoice, "active")
    faults(house, drop=1)
    lost = simulate(house, "pay", {"virtual_account": opened["number"], "amount_idr": BILLED})
    faults(house)

    assert lost["callback"] == "withheld"
    admin = Person.admin(house)
    assert admin.post(f"/virtual-accounts/{opened['id']}/inquire").status_code == 200
    payment = verified_payment(wawan, invoice)
    assert payment["bank_reference"] == lost["payment_ntb"]
    assert_books(house)


def test_c3_c10_a_bad_day_at_the_bank_moves_the_money_once(house: House, wawan: Person) -> None:
    """The answer to the creation is lost; the notification comes spoiled, then twice."""
    faults(house, answer_lost=1, operations=["createbilling"])
    invoice = make_bill(wawan)
    number = account(wawan, invoice, "active")["number"]
    faults(house, tamper=1)
    simulate(house, "pay", {"virtual_account": number, "amount_idr": BILLED})

    faults(house, duplicate=1)

    verified_payment(wawan, invoice)
    requests = httpx.get(f"{house.bank}/simulate/requests").json()
    (billing,) = httpx.get(
        f"{house.bank}/simulate/billings", params={"virtual_account": number}
    ).json()
    creations = [
        each["status"]
        for each in requests
        if (each["operation"], each["trx_id"]) == ("create-va", billing["trx_id"])
    ]
    assert creations == ["2002700"]
    assert_books(house)


def make_bill(owner: Person) -> dict[str, Any]:
    body = {"name": "Ibu Siti Aminah", "phone": "081234567890", "address": "Depok"}
    for attempt in eventually():
        with attempt:
            customer = owner.does("/customers", body)
    line = {"description": "Biaya administrasi", "quantity": 1, "unit_price_idr": BILLED}
    bill = {"customer_id": customer["id"], "due_on": "2030-01-31", "lines": [line]}
    for attempt in eventually():
        with attempt:
            invoice: dict[str, Any] = owner.does("/invoices", bill)
    return invoice


def account(owner: Person, invoice: dict[str, Any], status: str) -> dict[str, Any]:
    for attempt in eventually(60):
        with attempt:
            found: dict[str, Any] = owner.sees(f"/invoices/{invoice['id']}")["virtual_account"]
            assert found is not None
            assert found["status"] == status, found
    return found


def verified_payment(owner: Person, invoice: dict[str, Any]) -> dict[str, Any]:
    """Give the one payment of a bill, once the bank has confirmed it and the bill is paid."""
    for attempt in eventually(60):
        with attempt:
            seen = owner.sees(f"/invoices/{invoice['id']}")
            assert (seen["status"], seen["paid_idr"]) == ("paid", BILLED)
            payments = [
                each
                for each in owner.sees("/payments")["items"]
                if invoice["id"] in {part["invoice_id"] for part in each["allocations"]}
            ]
            assert [each["verification"] for each in payments] == ["verified"], payments
    found: dict[str, Any] = payments[0]
    return found


def simulate(house: House, what: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = httpx.post(f"{house.bank}/simulate/{what}", json=body, timeout=30)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def faults(house: House, **wanted: Any) -> None:
    assert httpx.put(f"{house.bank}/simulate/faults", json=wanted).status_code == 200


def assert_books(house: House) -> None:
    """M11: every rule of money holds in every service, while the house runs."""
    checked = house.beside("verify")
    assert checked.returncode == 0, checked.stdout
    assert "Buku cocok" in checked.stdout
