"""Plain forms: each works without script, once, and keeps what was typed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest

from shared.testing import ADMIN, WAWAN

MAHMUD, DRAFT, INVOICE, PRODUCT = UUID(int=42), UUID(int=119), UUID(int=2003), UUID(int=700)
FORM = {"content-type": "application/x-www-form-urlencoded"}
NOBODY = {"items": [], "next_cursor": None, "total": 0}
NEW = {
    "name": "Ibu Baru",
    "phone": "0812 3456 7890",
    "address": "Bogor",
    "email": "",
    "idempotency_key": "key-of-the-form",
}


async def post(caller: Any, path: str, values: Any) -> Any:
    return await caller.call("POST", path, content=urlencode(values).encode(), headers=FORM)


class TestCustomers:
    async def test_a37_a_customer_is_registered_and_shown(self, call_as: Any, company: Any) -> None:
        company.answers["GET /customers"] = NOBODY

        response = await post(call_as(WAWAN), "/customers", NEW)

        assert response.status_code == 303
        assert response.headers["location"] == f"/customers/{MAHMUD}?said=customer"
        [(headers, body)] = company.sent("POST /customers")
        assert body == {"name": "Ibu Baru", "phone": "0812 3456 7890", "address": "Bogor"}
        assert headers["idempotency-key"] == "key-of-the-form"

    async def test_a_phone_that_is_known_is_said_once_before(
        self, call_as: Any, company: Any
    ) -> None:
        response = await post(call_as(WAWAN), "/customers", NEW)

        assert response.status_code == 422
        assert "Nomor ini sudah dipakai" in response.text
        assert not company.sent("POST /customers")

    async def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
        self, call_as: Any, company: Any
    ) -> None:
        company.answers["GET /customers"] = NOBODY
        errors = [{"field": "phone", "message": "Nomor HP belum benar."}]
        company.answers["POST /customers"] = [422, {"detail": "x", "errors": errors}]

        response = await post(call_as(WAWAN), "/customers", NEW)

        assert response.status_code == 422
        assert 'href="#f-phone"' in response.text
        assert 'id="e-phone"' in response.text
        assert 'value="Ibu Baru"' in response.text

    async def test_k4_a_stale_edit_keeps_the_text_and_takes_the_newest_version(
        self, call_as: Any, company: Any
    ) -> None:
        company.answers[f"PATCH /customers/{MAHMUD}"] = [412, {"title": "Stale", "version": 3}]
        values = {**NEW, "name": "Bapak Lain", "version": "2"}

        response = await post(call_as(WAWAN), f"/customers/{MAHMUD}/edit", values)

        assert response.status_code == 412
        assert 'value="Bapak Lain"' in response.text
        assert 'name="version" value="3"' in response.text
        [(headers, _)] = company.sent(f"PATCH /customers/{MAHMUD}")
        assert headers["if-match"] == '"2"'

    async def test_an_unknown_outcome_keeps_the_key_for_the_next_try(
        self, call_as: Any, company: Any
    ) -> None:
        company.answers["GET /customers"] = NOBODY
        company.answers["POST /customers"] = [503, {}]

        response = await post(call_as(WAWAN), "/customers", NEW)

        assert response.status_code == 503
        assert 'name="idempotency_key" value="key-of-the-form"' in response.text

    async def test_a43_admin_gives_a_customer_to_another(self, call_as: Any, company: Any) -> None:
        values = {"marketing_id": str(UUID(int=0xC)), "reason": "wilayah"}

        response = await post(call_as(ADMIN), f"/customers/{MAHMUD}/reassign", values)

        assert response.status_code == 303
        [(_, body)] = company.sent(f"POST /customers/{MAHMUD}/reassign")
        assert body == values


class TestBookings:
    TYPED = (
        ("customer", str(MAHMUD)),
        ("product", str(PRODUCT)),
        ("kind", "installment"),
        ("installments", "12"),
        ("first_due_on", "2027-01-10"),
        ("idempotency_key", "key-of-the-form"),
    )

    async def test_a15_one_form_books_confirms_and_issues_with_its_own_keys(
        self, call_as: Any, company: Any
    ) -> None:
        response = await post(call_as(WAWAN), "/bookings", [*self.TYPED, ("act", "issue")])

        assert response.headers["location"] == f"/bookings/{DRAFT}?said=confirmed"
        [(made, body)] = company.sent("POST /bookings")
        [(confirmed, flags)] = company.sent(f"POST /bookings/{DRAFT}/confirm")
        assert made["idempotency-key"] == "key-of-the-form"
        assert confirmed["idempotency-key"] == "key-of-the-form-confirm"
        assert flags == {"issue_first": True}
        assert body["items"][0]["unit_price_idr"] == 25_400_000
        assert body["plan"]["installments"] == 12

    async def test_a13_a_draft_is_saved_and_not_confirmed(self, call_as: Any, company: Any) -> None:
        await post(call_as(WAWAN), "/bookings", [*self.TYPED, ("act", "draft")])

        assert company.sent("POST /bookings")
        assert not company.sent(f"POST /bookings/{DRAFT}/confirm")

    async def test_m7_a_plan_that_is_refused_is_said_beside_the_form(
        self, call_as: Any, company: Any
    ) -> None:
        detail = "Jumlah angsuran tidak sama dengan harga."
        company.answers["POST /plans/preview"] = [422, {"detail": detail}]

        page = f"/bookings/new?customer={MAHMUD}&product={PRODUCT}"
        response = await call_as(WAWAN).get(page)

        assert response.status_code == 200
        assert detail in response.text


class TestInvoices:
    async def test_a_line_is_issued_once_however_often_it_is_pressed(
        self, call_as: Any, company: Any
    ) -> None:
        values = {"plan_id": str(UUID(int=500)), "line_no": "5", "idempotency_key": "one-key-only"}

        for _ in range(2):
            await post(call_as(WAWAN), "/invoices", values)

        keys = {headers["idempotency-key"] for headers, _ in company.sent("POST /invoices")}
        assert keys == {"one-key-only"}

    async def test_a20_whatsapp_is_recorded_and_opened_by_a_page_of_its_own(
        self, call_as: Any, company: Any
    ) -> None:
        values = {"idempotency_key": "key-of-the-form"}

        response = await post(call_as(WAWAN), f"/invoices/{INVOICE}/whatsapp", values)

        assert response.status_code == 200
        assert "url=https://wa.me/628561101133?text=" in response.text
        [(_, body)] = company.sent("POST /messages")
        assert body == {"kind": "invoice", "invoice_id": str(INVOICE)}

    async def test_an_address_that_is_not_whatsapp_is_not_opened(
        self, call_as: Any, company: Any
    ) -> None:
        message = {"id": str(UUID(int=1)), "url": "https://evil.example/", "text": "x"}
        company.answers["POST /messages"] = [201, message]

        path = f"/invoices/{INVOICE}/whatsapp"
        response = await post(call_as(WAWAN), path, {"idempotency_key": "key-of-the-form"})

        assert response.status_code == 422
        assert "evil.example" not in response.text

    async def test_m6_a_bill_with_money_is_not_cancelled_and_says_why(
        self, call_as: Any, company: Any
    ) -> None:
        detail = "Tagihan ini sudah menerima uang."
        company.answers[f"POST /invoices/{INVOICE}/cancel"] = [409, {"detail": detail}]
        values = {"reason": "salah", "idempotency_key": "key-of-the-form"}

        response = await post(call_as(WAWAN), f"/invoices/{INVOICE}/cancel", values)

        assert response.status_code == 422
        assert detail in response.text
        assert "salah" in response.text


class TestFormsThatAreNotOurs:
    @pytest.mark.parametrize(
        "path", [f"/invoices/{INVOICE}/cancel", "/bookings", "/customers", "/invoices"]
    )
    async def test_b2_an_empty_form_is_refused_and_is_no_defect(
        self, call_as: Any, company: Any, path: str
    ) -> None:
        company.answers["GET /customers"] = NOBODY
        company.answers[f"POST {path}"] = [422, {"detail": "Ada isian yang belum benar."}]

        response = await post(call_as(WAWAN), path, {})

        assert response.status_code in {404, 422}
