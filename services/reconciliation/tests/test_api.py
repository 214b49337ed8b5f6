"""Payments, directed allocations and exceptions over HTTP."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from shared.clock import WIB, FrozenClock
from shared.contracts.bank_gateway import PaymentDisputed, PaymentVerified
from shared.contracts.reconciliation import ExceptionClosed, PaymentReconciled
from shared.testing import ADMIN, SARI, WAWAN, confirmed


@pytest.fixture
def apply_credit() -> bool:
    """Off: here a person directs what is left."""
    return False


@pytest.fixture
async def paid(story: Any, arrive: Any) -> dict[str, Any]:
    """Rp1.500 came for a bill of Rp1.000: Rp500 are credit. A second bill needs Rp400."""
    customer = story.customer()
    first = story.invoice(customer.aggregate_id, 1_000)
    payment = story.payment(1_500, first, bank_reference="NTB777001")
    second = story.invoice(customer.aggregate_id, 400)
    await arrive(customer, first, payment, second)
    return {"customer": customer, "first": first, "payment": payment, "second": second}


def path_of(paid: dict[str, Any]) -> str:
    return f"/api/v1/payments/{paid['payment'].aggregate_id}"


def toward(invoice: Any, amount: Any) -> dict[str, Any]:
    return {"invoice_id": str(invoice.aggregate_id), "amount_idr": amount}


class TestAPayment:
    async def test_m5_shows_its_parts_and_what_is_left(
        self, call_as: Any, paid: dict[str, Any]
    ) -> None:
        answer = await call_as(WAWAN).get(path_of(paid))

        shown = answer.json()
        assert answer.status_code == 200
        assert (shown["amount_idr"], shown["unallocated_idr"]) == (1_500, 500)
        assert (shown["status"], shown["verification"]) == ("posted", "unverified")
        assert shown["customer"]["marketing"] == {"id": str(WAWAN.user_id), "name": "Bapak Wawan"}
        (part,) = shown["allocations"]
        assert part["invoice_number"] == paid["first"].number
        assert (part["amount_idr"], part["reversed"]) == (1_000, False)


class TestDirectingCredit:
    async def test_pays_the_bill_that_a_person_chose(
        self, call_as: Any, paid: dict[str, Any], told: Any, differing: Any
    ) -> None:
        answer = await call_as(ADMIN).post(
            f"{path_of(paid)}/allocations", toward(paid["second"], 400)
        )

        assert answer.status_code == 201
        assert answer.json()["unallocated_idr"] == 100
        last = (await told(PaymentReconciled))[-1]
        assert [part.amount_idr for part in last.allocations] == [1_000, 400]
        assert await differing() == []

    async def test_the_exception_closes_when_nothing_is_left(
        self, call_as: Any, paid: dict[str, Any], story: Any, arrive: Any, told: Any
    ) -> None:
        third = story.invoice(paid["customer"].aggregate_id, 100)
        await arrive(third)
        path = f"{path_of(paid)}/allocations"

        for body in (toward(paid["second"], 400), toward(third, 100)):
            await call_as(ADMIN).post(path, body)

        assert len(await told(ExceptionClosed)) == 1
        assert (await call_as(ADMIN).get("/api/v1/exceptions")).json()["total"] == 0

    async def test_i_the_same_key_moves_the_money_once(
        self, call_as: Any, paid: dict[str, Any], differing: Any
    ) -> None:
        path, body = f"{path_of(paid)}/allocations", toward(paid["second"], 100)

        answers = [await call_as(ADMIN).post(path, body, key="direct-0001") for _ in "ab"]

        assert [answer.json()["unallocated_idr"] for answer in answers] == [400, 400]
        assert (await call_as(ADMIN).get(path_of(paid))).json()["unallocated_idr"] == 400
        assert await differing() == []

    async def test_m1_m5_m6_only_whole_rupiah_that_fit(
        self, call_as: Any, paid: dict[str, Any]
    ) -> None:
        for amount in (401, 501, 1.5, "400", 0, -1, True, None):
            answer = await call_as(ADMIN).post(
                f"{path_of(paid)}/allocations", toward(paid["second"], amount)
            )

            assert answer.status_code == 422, amount
            assert answer.json()["errors"][0]["field"] == "amount_idr"

    async def test_b3_nothing_else_is_taken_from_the_body(
        self, call_as: Any, paid: dict[str, Any]
    ) -> None:
        body = toward(paid["second"], 1) | {"customer_id": str(uuid4())}

        answer = await call_as(ADMIN).post(f"{path_of(paid)}/allocations", body)

        assert answer.status_code == 422

    async def test_another_customers_bill_is_refused(
        self, call_as: Any, paid: dict[str, Any], story: Any, arrive: Any
    ) -> None:
        siti = story.customer(SARI, "Siti Aminah")
        bill = story.invoice(siti.aggregate_id, 100)
        await arrive(siti, bill)

        answer = await call_as(ADMIN).post(f"{path_of(paid)}/allocations", toward(bill, 100))

        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/another-customer")

    async def test_c11_a_disputed_payment_moves_no_more(
        self, call_as: Any, paid: dict[str, Any], story: Any, arrive: Any
    ) -> None:
        word = {"verification": "disputed", "trouble": "x"}
        await arrive(story.next(paid["payment"], PaymentDisputed, **word))

        answer = await call_as(ADMIN).post(
            f"{path_of(paid)}/allocations", toward(paid["second"], 1)
        )

        assert (answer.status_code, answer.json()["current"]) == (409, "reversed")

    async def test_m9_money_of_nobody_pays_no_bill(
        self, call_as: Any, paid: dict[str, Any], story: Any, arrive: Any
    ) -> None:
        lost = story.payment(300)
        await arrive(lost)
        path = f"/api/v1/payments/{lost.aggregate_id}/allocations"

        answer = await call_as(ADMIN).post(path, toward(paid["second"], 300))

        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/payer-unknown")

    async def test_k2_two_at_once_never_spend_the_same_rupiah(
        self, call_as: Any, paid: dict[str, Any], story: Any, arrive: Any, differing: Any
    ) -> None:
        third = story.invoice(paid["customer"].aggregate_id, 400)
        await arrive(third)
        path = f"{path_of(paid)}/allocations"
        bodies = [toward(paid["second"], 300), toward(third, 300)] * 2

        answers = await asyncio.gather(*(call_as(ADMIN).post(path, body) for body in bodies))

        assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422]
        assert (await call_as(ADMIN).get(path_of(paid))).json()["unallocated_idr"] == 200
        assert await differing() == []


class TestReversingAnAllocation:
    async def test_m3_frees_the_money_and_keeps_the_history(
        self, call_as: Any, paid: dict[str, Any], told: Any, differing: Any
    ) -> None:
        (part,) = (await call_as(ADMIN).get(path_of(paid))).json()["allocations"]

        answer = await call_as(confirmed(ADMIN)).delete(
            f"/api/v1/allocations/{part['id']}", params={"reason": "salah tagihan"}
        )

        shown = answer.json()
        assert (answer.status_code, shown["unallocated_idr"]) == (200, 1_500)
        assert shown["allocations"] == [part | {"reversed": True}]
        assert (await told(PaymentReconciled))[-1].allocations[0].reversed is True
        assert await differing() == []

    async def test_m3_twice_is_refused(self, call_as: Any, paid: dict[str, Any]) -> None:
        (part,) = (await call_as(ADMIN).get(path_of(paid))).json()["allocations"]
        path = f"/api/v1/allocations/{part['id']}"

        answers = await asyncio.gather(*(call_as(confirmed(ADMIN)).delete(path) for _ in "abc"))

        assert sorted(answer.status_code for answer in answers) == [200, 409, 409]

    async def test_a_reversed_part_can_be_directed_again(
        self, call_as: Any, paid: dict[str, Any], differing: Any
    ) -> None:
        (part,) = (await call_as(ADMIN).get(path_of(paid))).json()["allocations"]
        await call_as(confirmed(ADMIN)).delete(f"/api/v1/allocations/{part['id']}")

        answer = await call_as(ADMIN).post(
            f"{path_of(paid)}/allocations", toward(paid["first"], 1_000)
        )

        assert (answer.status_code, answer.json()["unallocated_idr"]) == (201, 500)
        assert await differing() == []


class TestTheList:
    @pytest.fixture
    async def three(
        self, paid: dict[str, Any], story: Any, arrive: Any, clock: FrozenClock
    ) -> list[Any]:
        """Unverified by Wawan's customer, verified by Sari's, disputed money of nobody."""
        clock.move_to(datetime(2026, 11, 23, 23, 59, 59, tzinfo=WIB))
        siti = story.customer(SARI, "Siti Aminah")
        bill = story.invoice(siti.aggregate_id, 200)
        second = story.payment(200, bill, payer_name="SITI", virtual_account="8810999900001111")
        clock.move_to(datetime(2026, 11, 24, 0, 0, tzinfo=WIB))
        third = story.payment(70, payer_name="ENTAH", virtual_account="8810999900002222")
        verified = story.next(second, PaymentVerified, verification="verified")
        word = {"verification": "disputed", "trouble": "x"}
        await arrive(siti, bill, second, verified, third)
        await arrive(story.next(third, PaymentDisputed, **word))
        return [paid["payment"], second, third]

    async def test_newest_first_with_the_sums_of_the_filter(
        self, call_as: Any, three: list[Any]
    ) -> None:
        shown = (await call_as(ADMIN).get("/api/v1/payments", params={"limit": 2})).json()

        assert [item["id"] for item in shown["items"]] == [
            str(three[2].aggregate_id),
            str(three[1].aggregate_id),
        ]
        assert shown["total"] == 3
        assert shown["totals"] == {
            "amount_idr": 1_700,
            "verified": {"count": 1, "amount_idr": 200},
            "unverified": {"count": 1, "amount_idr": 1_500},
            "held": {"count": 1, "amount_idr": 70},
        }
        params = {"limit": 2, "cursor": shown["next_cursor"]}
        rest = (await call_as(ADMIN).get("/api/v1/payments", params=params)).json()
        assert [item["id"] for item in rest["items"]] == [str(three[0].aggregate_id)]
        assert rest["next_cursor"] is None

    async def test_t2_filters(self, call_as: Any, three: list[Any]) -> None:
        for params, expected in (
            ({"status": "posted"}, [0]),
            ({"status": "allocated"}, [1]),
            ({"status": "reversed"}, [2]),
            ({"verification": "verified"}, [1]),
            ({"channel": "bni_va"}, [0, 1, 2]),
            ({"from": "2026-11-24"}, [2]),
            ({"to": "2026-11-23"}, [0, 1]),
            ({"marketing_id": str(SARI.user_id)}, [1]),
            ({"search": "ntb777"}, [0]),
            ({"search": "8810 9999 0000"}, [1, 2]),
            ({"search": "siti"}, [1]),
            ({"search": "%"}, []),
        ):
            shown = (await call_as(ADMIN).get("/api/v1/payments", params=params)).json()

            wanted = sorted(str(three[index].aggregate_id) for index in expected)
            assert sorted(item["id"] for item in shown["items"]) == wanted, params

    async def test_a2_marketing_sees_the_money_of_his_own(
        self, call_as: Any, three: list[Any]
    ) -> None:
        shown = (await call_as(SARI).get("/api/v1/payments")).json()

        assert [item["customer"]["name"] for item in shown["items"]] == ["Siti Aminah"]
        assert (shown["total"], shown["totals"]["amount_idr"]) == (1, 200)

    async def test_b1_a_query_that_is_not_valid_is_refused(self, call_as: Any) -> None:
        for params in ({"cursor": "x"}, {"status": "lost"}, {"from": "kemarin"}, {"limit": 0}):
            answer = await call_as(ADMIN).get("/api/v1/payments", params=params)

            assert answer.status_code == 422, params


class TestExceptions:
    async def test_list_what_needs_a_person(
        self, call_as: Any, paid: dict[str, Any], story: Any, arrive: Any
    ) -> None:
        await arrive(story.payment(70, payer_name="ENTAH"))

        shown = (await call_as(ADMIN).get("/api/v1/exceptions")).json()

        assert [item["kind"] for item in shown["items"]] == ["overpaid", "unknown_payer"]
        assert (shown["total"], shown["sum_idr"]) == (2, 570)
        assert "Rp70 dari Pembayaran VA" in shown["items"][1]["evidence"]
        only = {"kind": "unknown_payer", "limit": 1}
        assert (await call_as(ADMIN).get("/api/v1/exceptions", params=only)).json()["total"] == 1


class TestScope:
    async def test_a7_anothers_payment_and_a_missing_one_look_alike(
        self, call_as: Any, paid: dict[str, Any]
    ) -> None:
        theirs = await call_as(SARI).get(path_of(paid))
        missing = await call_as(SARI).get(f"/api/v1/payments/{uuid4()}")

        assert theirs.status_code == missing.status_code == 404
        assert theirs.json()["detail"] == missing.json()["detail"]

    async def test_a1_marketing_neither_directs_nor_reverses(
        self, call_as: Any, paid: dict[str, Any]
    ) -> None:
        wawan = call_as(WAWAN)
        answers = [
            await wawan.post(f"{path_of(paid)}/allocations", toward(paid["second"], 1)),
            await wawan.delete(f"/api/v1/allocations/{uuid4()}"),
        ]

        assert [answer.status_code for answer in answers] == [403, 403]

    async def test_a8_a_reversal_needs_the_password_again(
        self, call_as: Any, paid: dict[str, Any]
    ) -> None:
        part = (await call_as(ADMIN).get(path_of(paid))).json()["allocations"][0]

        answer = await call_as(ADMIN).delete(f"/api/v1/allocations/{part['id']}")

        assert (answer.status_code, answer.json()["title"]) == (403, "Confirmation needed")
        assert not (await call_as(ADMIN).get(path_of(paid))).json()["allocations"][0]["reversed"]

    async def test_missing_objects_are_404_for_admin_too(
        self, call_as: Any, paid: dict[str, Any]
    ) -> None:
        admin = call_as(confirmed(ADMIN))
        unknown = {"invoice_id": str(uuid4()), "amount_idr": 1}
        answers = [
            await admin.delete(f"/api/v1/allocations/{uuid4()}"),
            await admin.post(f"/api/v1/payments/{uuid4()}/allocations", unknown),
            await admin.post(f"{path_of(paid)}/allocations", unknown),
        ]

        assert [answer.status_code for answer in answers] == [404, 404, 404]
