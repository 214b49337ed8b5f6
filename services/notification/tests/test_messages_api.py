"""The message log over HTTP: one message per purpose, only when it can be acted on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from sqlmodel import col, select

from shared.contracts.bank_gateway import VaChanged, VaClosed
from shared.contracts.customer import CustomerChanged, CustomerReassigned
from shared.contracts.invoicing import InvoiceChanged, InvoicePaid
from shared.contracts.reconciliation import PaymentReversed
from shared.database import Sessions
from shared.principal import Principal
from shared.tables import OutboxEntry
from shared.testing import ADMIN, SARI, WAWAN
from shared.testing.plugin import CallAs

PATH = "/api/v1/messages"
NOBODY = "00000000-0000-7000-8000-000000000000"

Hear = Callable[..., Awaitable[None]]


async def published(sessions: Sessions) -> list[dict[str, Any]]:
    async with sessions.begin(Principal.system("notification")) as session:
        query = select(OutboxEntry).order_by(col(OutboxEntry.position))
        return [json.loads(row.body) for row in (await session.exec(query)).all()]


@pytest.fixture
def bill(story: Any) -> dict[str, str]:
    return {"kind": "invoice", "invoice_id": str(story.invoice_id)}


@pytest.fixture
def proof(story: Any) -> dict[str, str]:
    return {"kind": "receipt", "payment_id": str(story.payment_id)}


class TestABill:
    async def test_a20_one_tap_opens_whatsapp_with_the_exact_text(
        self, call_as: CallAs, hear: Hear, story: Any, bill: dict[str, str], sessions: Sessions
    ) -> None:
        await hear(*story.ready_to_send())

        answer = await call_as(WAWAN).post(PATH, bill)

        made = answer.json()
        assert answer.status_code == 201
        assert (made["channel"], made["recipient"]) == ("whatsapp_link", "+628561101133")
        assert "https://tagihan.example/d/a1b2c3" in made["text"]
        assert "untuk Kavling B-12 (Angsuran 3 dari 20) sebesar *Rp1.250.000*" in made["text"]
        assert parse_qs(urlsplit(made["url"]).query) == {"text": [made["text"]]}
        (event,) = await published(sessions)
        assert (event["invoice_id"], event["sent_by"]) == (
            str(story.invoice_id),
            str(WAWAN.user_id),
        )

    async def test_i_a_second_click_is_the_same_message(
        self, call_as: CallAs, hear: Hear, story: Any, bill: dict[str, str], sessions: Sessions
    ) -> None:
        await hear(*story.ready_to_send())

        answers = await asyncio.gather(*(call_as(WAWAN).post(PATH, bill) for _ in range(3)))

        assert sorted(a.status_code for a in answers) == [200, 200, 201]
        assert len({a.json()["id"] for a in answers}) == 1
        page = (await call_as(WAWAN).get(PATH)).json()
        assert [item["opened_count"] for item in page["items"]] == [3]
        assert len(await published(sessions)) == 1

    async def test_i_a_new_revision_is_a_new_purpose(
        self, call_as: CallAs, hear: Hear, story: Any, bill: dict[str, str]
    ) -> None:
        await hear(*story.ready_to_send())
        await call_as(WAWAN).post(PATH, bill)
        await hear(story.paper(revision=2, version=2))

        answer = await call_as(WAWAN).post(PATH, bill)

        assert (answer.status_code, answer.json()["purpose"]) == (201, "invoice.r2")

    async def test_a_partly_paid_bill_asks_for_the_rest(
        self, call_as: CallAs, hear: Hear, story: Any, bill: dict[str, str]
    ) -> None:
        rest = story.invoice(InvoiceChanged, paid_idr=250_000, status="partially_paid", version=2)
        await hear(*story.ready_to_send(), rest)

        answer = await call_as(WAWAN).post(PATH, bill)

        assert "sebesar *Rp1.000.000*" in answer.json()["text"]

    async def test_without_an_active_account_there_is_nothing_to_send(
        self, call_as: CallAs, hear: Hear, story: Any, bill: dict[str, str]
    ) -> None:
        await hear(story.customer(), story.invoice(), story.paper())
        waiting = story.account(VaChanged, status="requested", number=None)

        before = await call_as(WAWAN).post(PATH, bill)
        await hear(waiting)
        requested = await call_as(WAWAN).post(PATH, bill)
        await hear(story.account(VaClosed, status="expired", version=2))
        expired = await call_as(WAWAN).post(PATH, bill)

        assert [a.status_code for a in (before, requested, expired)] == [409, 409, 409]
        assert expired.json()["code"] == "va_pending"

    @pytest.mark.parametrize("mode", ["contract", "customer"])
    async def test_a_shared_account_is_named_with_the_amount_to_type(
        self, call_as: CallAs, hear: Hear, story: Any, bill: dict[str, str], mode: str
    ) -> None:
        plan = UUID(int=77)
        shared = {"invoice_id": None, "plan_id": plan if mode == "contract" else None}
        await hear(story.customer(), story.invoice(va_mode=mode, plan_id=plan), story.paper())
        await hear(story.account(mode=mode, **shared))

        text = (await call_as(WAWAN).post(PATH, bill)).json()["text"]

        assert "Bayar ke VA BNI *8810081234567890* a.n. Mahmud Sulaiman. Ketik jumlah" in text
        assert "*Rp1.250.000* saat membayar." in text

    async def test_the_account_of_another_contract_is_not_offered(
        self, call_as: CallAs, hear: Hear, story: Any, bill: dict[str, str]
    ) -> None:
        await hear(story.customer(), story.invoice(va_mode="contract", plan_id=UUID(int=77)))
        await hear(story.paper())
        await hear(story.account(mode="contract", invoice_id=None, plan_id=UUID(int=78)))

        assert (await call_as(WAWAN).post(PATH, bill)).json()["code"] == "va_pending"

    async def test_without_its_paper_there_is_nothing_to_link_to(
        self, call_as: CallAs, hear: Hear, story: Any, bill: dict[str, str]
    ) -> None:
        await hear(story.customer(), story.invoice(), story.account())

        answer = await call_as(WAWAN).post(PATH, bill)

        assert (answer.status_code, answer.json()["code"]) == (409, "document_pending")

    async def test_a_paid_bill_is_not_asked_for(
        self, call_as: CallAs, hear: Hear, story: Any, bill: dict[str, str]
    ) -> None:
        paid = story.invoice(InvoicePaid, paid_idr=1_250_000, status="paid", version=2)
        await hear(*story.ready_to_send(), paid)

        answer = await call_as(WAWAN).post(PATH, bill)

        assert answer.status_code == 409
        assert "sudah lunas" in answer.json()["detail"]

    async def test_a_landline_is_refused_with_the_way_out(
        self, call_as: CallAs, hear: Hear, story: Any, bill: dict[str, str]
    ) -> None:
        landline = story.customer(CustomerChanged, phone="+622518321234", version=2)
        await hear(*story.ready_to_send(), landline)

        answer = await call_as(WAWAN).post(PATH, bill)

        assert answer.status_code == 422
        assert "bukan nomor HP Indonesia" in answer.json()["detail"]


class TestAProof:
    async def test_c11_provisional_first_and_a_receipt_once_confirmed(
        self, call_as: CallAs, hear: Hear, story: Any, proof: dict[str, str]
    ) -> None:
        paper = story.paper(
            id=UUID(int=0x501), kind="receipt", invoice_id=None, payment_id=story.payment_id
        )
        await hear(story.customer(), story.payment(), paper)

        provisional = (await call_as(WAWAN).post(PATH, proof)).json()
        await hear(story.payment(verification="verified", version=2))
        receipt = (await call_as(WAWAN).post(PATH, proof)).json()

        assert "Bukti bayar sementara" in provisional["text"]
        assert "Kwitansi: https://tagihan.example/d/a1b2c3" in receipt["text"]
        assert provisional["id"] != receipt["id"]

    async def test_a_reversed_payment_has_no_proof(
        self, call_as: CallAs, hear: Hear, story: Any, proof: dict[str, str]
    ) -> None:
        reversal = story.payment(PaymentReversed, status="reversed", reason="x", version=2)
        await hear(story.customer(), story.payment(), reversal)

        assert (await call_as(WAWAN).post(PATH, proof)).status_code == 409


class TestTheScope:
    async def test_a7_anothers_bill_looks_missing(
        self, call_as: CallAs, hear: Hear, story: Any, bill: dict[str, str]
    ) -> None:
        await hear(*story.ready_to_send())

        hidden = await call_as(SARI).post(PATH, bill)
        missing = await call_as(SARI).post(PATH, bill | {"invoice_id": NOBODY})

        assert hidden.status_code == missing.status_code == 404
        assert hidden.json() == missing.json()

    async def test_a6_messages_follow_the_customer(
        self, call_as: CallAs, hear: Hear, story: Any, bill: dict[str, str]
    ) -> None:
        await hear(*story.ready_to_send())
        await call_as(WAWAN).post(PATH, bill)
        moved = story.customer(
            CustomerReassigned,
            version=2,
            marketing_id=SARI.user_id,
            marketing_name=SARI.name,
            previous_marketing_id=WAWAN.user_id,
            reason="cuti",
        )

        before = [(await call_as(p).get(PATH)).json()["total"] for p in (WAWAN, SARI, ADMIN)]
        await hear(moved)
        after = [(await call_as(p).get(PATH)).json()["total"] for p in (WAWAN, SARI, ADMIN)]

        assert (before, after) == ([1, 0, 1], [0, 1, 1])

    @pytest.mark.parametrize("name", ["invoice_id", "customer_id"])
    async def test_the_log_is_filtered_by_object(
        self, call_as: CallAs, hear: Hear, story: Any, bill: dict[str, str], name: str
    ) -> None:
        await hear(*story.ready_to_send())
        await call_as(WAWAN).post(PATH, bill)
        own = {name: str(getattr(story, name))}

        totals = [
            (await call_as(WAWAN).get(PATH, params=params)).json()["total"]
            for params in (own, {name: NOBODY}, own | {"search": "mahmud"}, {"search": "siti"})
        ]

        assert totals == [1, 0, 1, 0]


class TestBadInput:
    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"kind": "invoice"},
            {"kind": "invoice", "invoice_id": "1"},
            {"kind": "receipt", "invoice_id": NOBODY},
            {"kind": "iklan", "invoice_id": NOBODY},
            {"kind": "invoice", "invoice_id": NOBODY, "text": "Bayar ke rekening lain"},
            {"kind": "invoice", "invoice_id": NOBODY, "recipient": "+628123456789"},
        ],
    )
    async def test_b3_words_and_recipient_are_never_taken_from_the_body(
        self, call_as: CallAs, body: dict[str, str]
    ) -> None:
        assert (await call_as(WAWAN).post(PATH, body)).status_code == 422
