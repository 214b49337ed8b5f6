"""When the bank or a message fails: the bill stays, says so, and heals by itself."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest
from storyteller import House, Person, eventually

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def wawan(house: House) -> Person:
    """A Marketing of his own for each story."""
    return Person.admin(house).hires(house, f"wawan-{uuid4().hex[:8]}", "Bapak Wawan")


def make_bill(owner: Person) -> dict[str, Any]:
    for attempt in eventually():
        with attempt:
            customer = owner.does(
                "/customers",
                {"name": "Ibu Siti Aminah", "phone": "081234567890", "address": "Depok"},
            )
    line = {"description": "Biaya administrasi", "quantity": 1, "unit_price_idr": 750_000}
    body = {"customer_id": customer["id"], "due_on": "2030-01-31", "lines": [line]}
    for attempt in eventually():
        with attempt:
            invoice: dict[str, Any] = owner.does("/invoices", body)
    return invoice


def wait_for_account(owner: Person, invoice: dict[str, Any], status: str) -> dict[str, Any]:
    for attempt in eventually(90):
        with attempt:
            account: dict[str, Any] = owner.sees(f"/invoices/{invoice['id']}")["virtual_account"]
            assert account is not None
            assert account["status"] == status, account
    return account


def faults(house: House, **wanted: Any) -> None:
    assert httpx.put(f"{house.bank}/simulate/faults", json=wanted).status_code == 200


def pay(house: House, number: str, amount_idr: int) -> httpx.Response:
    body = {"virtual_account": number, "amount_idr": amount_idr}
    return httpx.post(f"{house.bank}/simulate/pay", json=body, timeout=30)


def test_a_silent_bank_and_repeated_callbacks(house: House, wawan: Person) -> None:
    faults(house, refuse_connections=True)
    invoice = make_bill(wawan)
    waiting = wait_until_said(wawan, invoice)
    faults(house)

    account = wait_for_account(wawan, invoice, "active")
    faults(house, duplicate=1.0)
    paid = pay(house, account["number"], 750_000)

    assert waiting["status"] in {"requested", "unknown", "failed"}
    assert paid.status_code == 200
    for attempt in eventually(60):
        with attempt:
            seen = wawan.sees(f"/invoices/{invoice['id']}")
            assert (seen["status"], seen["paid_idr"]) == ("paid", 750_000)
    payments = wawan.sees("/payments")
    assert (payments["total"], payments["items"][0]["amount_idr"]) == (1, 750_000)
    assert pay(house, account["number"], 750_000).status_code == 409


def wait_until_said(owner: Person, invoice: dict[str, Any]) -> dict[str, Any]:
    """The bill is safe and its page can say that the bank does not answer."""
    for attempt in eventually(60):
        with attempt:
            seen = owner.sees(f"/invoices/{invoice['id']}")
            account: dict[str, Any] = seen["virtual_account"]
            assert account is not None
            assert account["trouble"], account
    assert seen["status"] == "issued"
    return account


def test_what_is_not_the_banks_changes_nothing(house: House, wawan: Person) -> None:
    invoice = make_bill(wawan)
    wait_for_account(wawan, invoice, "active")
    nonsense: list[Any] = [
        {},
        {"client_id": "00000", "data": "AAAA"},
        {"client_id": "77001", "data": "%%%"},
        [1, 2],
    ]

    answers = [
        httpx.post(f"{house.callback}/bni/ecollection/callback", json=body).json()
        for body in nonsense
    ]
    large = httpx.post(f"{house.callback}/bni/ecollection/callback", content=b"x" * 70_000)

    assert {answer["status"] for answer in answers} == {"999"}
    assert large.json()["status"] == "999"
    assert wawan.sees("/payments")["total"] == 0
    assert wawan.sees(f"/invoices/{invoice['id']}")["status"] == "issued"
