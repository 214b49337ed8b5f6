"""A30: Marketing asks for a change, Admin decides with the old beside the new."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from shared.testing import ADMIN, WAWAN

MAHMUD, DRAFT, INVOICE = UUID(int=42), UUID(int=119), UUID(int=2003)
OPEN, OF_A_BILL, DONE = UUID(int=0xC1), UUID(int=0xC2), UUID(int=0xC3)
FORM = {"content-type": "application/x-www-form-urlencoded"}
PRESENT = {
    "name": "Bapak Mahmud Sulaiman",
    "phone": "0856 110 1133",
    "address": "Jl. Pahlawan No. 17, Bogor Selatan, Bogor, Jawa Barat",
    "email": "",
    "status": "active",
}


async def post(caller: Any, path: str, **values: str) -> Any:
    return await caller.call("POST", path, content=urlencode(values).encode(), headers=FORM)


def answer(company: Any, key: str, **otherwise: Any) -> None:
    company.answers[key] = company.answers[key] | otherwise


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class TestAsking:
    async def test_the_customer_booking_and_bill_pages_lead_to_the_form(self, call_as: Any) -> None:
        for page, asks in (
            (f"/customers/{MAHMUD}", f"customer={MAHMUD}"),
            (f"/bookings/{DRAFT}", f"booking={DRAFT}"),
            (f"/invoices/{INVOICE}", f"invoice={INVOICE}"),
        ):
            html = (await call_as(WAWAN).get(page)).text
            assert f'href="/change-requests/new?{asks}"' in html
            assert (await call_as(WAWAN).get(f"/change-requests/new?{asks}")).status_code == 200

    async def test_only_what_differs_is_asked_for(self, call_as: Any, company: Any) -> None:
        values = PRESENT | {"status": "inactive", "customer": str(MAHMUD), "reason": "pindah"}

        response = await post(
            call_as(WAWAN), "/change-requests", **values, idempotency_key="key-of-the-form"
        )

        assert response.headers["location"] == f"/change-requests/{OPEN}?said=asked_change"
        [(headers, body)] = company.sent("POST /change-requests")
        assert body == {
            "customer_id": str(MAHMUD),
            "reason": "pindah",
            "changes": {"status": "inactive"},
        }
        assert headers["idempotency-key"] == "key-of-the-form"

    async def test_a_bill_is_asked_about_in_words(self, call_as: Any, company: Any) -> None:
        await post(call_as(WAWAN), "/change-requests", invoice=str(INVOICE), reason="tanggal 25")

        [(_, body)] = company.sent("POST /change-requests")
        assert body["about"]["kind"] == "invoice"
        assert body["about"]["number"].startswith("INV/")
        assert "changes" not in body

    async def test_what_is_wrong_is_said_at_its_field(self, call_as: Any, company: Any) -> None:
        errors = [{"field": "changes.phone", "message": "nomor HP belum benar"}]
        company.answers["POST /change-requests"] = [422, {"detail": "x", "errors": errors}]
        values = PRESENT | {"phone": "0812", "customer": str(MAHMUD), "reason": "salah"}

        response = await post(call_as(WAWAN), "/change-requests", **values)

        assert response.status_code == 422
        assert 'href="#f-phone"' in response.text
        assert 'value="0812"' in response.text


class TestDeciding:
    async def test_a30_admin_sees_the_old_beside_the_new(self, call_as: Any) -> None:
        shown = text_of((await call_as(ADMIN).get(f"/change-requests/{OPEN}")).text)

        assert "No. HP 0856-1101-133" in shown
        assert "Status Aktif" in shown
        assert "Bapak Wawan" in shown
        assert "Terapkan" in shown

    async def test_the_asker_reads_it_without_buttons(self, call_as: Any) -> None:
        shown = text_of(html := (await call_as(WAWAN).get(f"/change-requests/{OPEN}")).text)

        assert "No. HP 0856-1101-133 0812-3456-7890" in shown
        assert 'name="act"' not in html
        refused = await post(call_as(WAWAN), f"/change-requests/{OPEN}", act="apply")
        assert refused.status_code == 404

    async def test_what_was_before_and_after_stays(self, call_as: Any) -> None:
        shown = text_of((await call_as(WAWAN).get(f"/change-requests/{DONE}")).text)

        assert "Alamat Bogor Depok" in shown
        assert "Kata Admin Sudah sesuai KTP" in shown

    async def test_a30_admin_applies_what_he_edited(self, call_as: Any, company: Any) -> None:
        given = {"phone": "0813 0000 0000", "status": "inactive", "words": "", "version": "3"}

        response = await post(call_as(ADMIN), f"/change-requests/{OPEN}", act="apply", **given)

        assert response.headers["location"] == f"/change-requests/{OPEN}?said=change_applied"
        [(headers, body)] = company.sent(f"POST /change-requests/{OPEN}/apply")
        assert body["changes"] == {"phone": "0813 0000 0000", "status": "inactive"}
        assert headers["if-match"] == '"3"'

    async def test_a30_what_is_as_wanted_already_is_not_erased(
        self, call_as: Any, company: Any
    ) -> None:
        asked = {"name": "Bapak Mahmud", "email": "mahmud@contoh.id", "phone": "+628561101133"}
        answer(company, f"GET /change-requests/{OPEN}", changes=asked)
        answer(company, f"GET /customers/{MAHMUD}", email="mahmud@contoh.id")

        html = (await call_as(ADMIN).get(f"/change-requests/{OPEN}")).text
        given = dict(re.findall(r'id="f-(?:name|email|phone)" name="(\w+)" value="([^"]*)"', html))
        await post(
            call_as(ADMIN), f"/change-requests/{OPEN}", act="apply", version="3", words="", **given
        )

        assert given == {"name": "Bapak Mahmud"}
        [(_, body)] = company.sent(f"POST /change-requests/{OPEN}/apply")
        assert body["changes"] == {"name": "Bapak Mahmud"}

    async def test_a30_nothing_is_changed_when_all_is_as_wanted(
        self, call_as: Any, company: Any
    ) -> None:
        answer(company, f"GET /change-requests/{OPEN}", changes={"status": "active"})

        await post(call_as(ADMIN), f"/change-requests/{OPEN}", act="apply", version="3", words="")

        [(headers, body)] = company.sent(f"POST /change-requests/{OPEN}/apply")
        assert (body["changes"], headers["if-match"]) == ({}, '"3"')

    async def test_k4_a_field_that_appears_after_a_change_holds_what_was_asked(
        self, call_as: Any, company: Any
    ) -> None:
        company.answers[f"POST /change-requests/{OPEN}/apply"] = [412, {"version": 4}]

        response = await post(
            call_as(ADMIN), f"/change-requests/{OPEN}", act="apply", version="2", status="inactive"
        )

        assert 'name="phone" value="+6281234567890"' in response.text

    async def test_a_refusal_without_words_says_so_at_the_words(
        self, call_as: Any, company: Any
    ) -> None:
        problem = {"detail": "x", "errors": [{"field": "words", "message": "wajib diisi"}]}
        company.answers[f"POST /change-requests/{OPEN}/refuse"] = [422, problem]

        response = await post(call_as(ADMIN), f"/change-requests/{OPEN}", act="refuse")

        assert response.status_code == 422
        assert 'href="#f-words"' in response.text

    async def test_k4_stale_data_is_said_and_what_was_typed_stays(
        self, call_as: Any, company: Any
    ) -> None:
        company.answers[f"POST /change-requests/{OPEN}/apply"] = [412, {"version": 4}]
        given = {"phone": "0813 0000 0000", "status": "inactive", "version": "2"}

        response = await post(call_as(ADMIN), f"/change-requests/{OPEN}", act="apply", **given)

        assert response.status_code == 412
        assert "sudah diubah orang lain" in response.text
        assert 'value="0813 0000 0000"' in response.text
        assert 'name="version" value="3"' in response.text

    async def test_s_the_second_admin_learns_who_decided(self, call_as: Any, company: Any) -> None:
        said = "Permintaan ini sudah dijalankan oleh Ibu Ratna. Keputusan itu tetap."
        company.answers[f"POST /change-requests/{DONE}/refuse"] = [409, {"detail": said}]

        response = await post(
            call_as(ADMIN), f"/change-requests/{DONE}", act="refuse", words="tidak"
        )

        assert response.status_code == 422
        assert said in response.text
        assert "Alamat Bogor Depok" in text_of(response.text)


class TestTheList:
    async def test_it_opens_with_what_waits(self, call_as: Any, company: Any) -> None:
        shown = text_of(html := (await call_as(ADMIN).get("/change-requests")).text)

        assert "Menunggu" in shown
        assert "Tagihan INV/2026/12/000123" in shown
        assert 'href="/change-requests?status="' in html

    async def test_an_empty_queue_says_that_all_is_decided(
        self, call_as: Any, company: Any
    ) -> None:
        company.answers["GET /change-requests"] = {"items": [], "next_cursor": None, "total": 0}

        shown = text_of((await call_as(ADMIN).get("/change-requests")).text)

        assert "Setiap permintaan perubahan sudah diputuskan" in shown
