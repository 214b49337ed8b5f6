"""Letters of reversal: who holds a receipt is told, and told again when it counts after all."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from reporting.models import Document, DocumentRevision
from shared.contracts.reconciliation import PaymentPosted, PaymentReversed
from shared.contracts.reporting import DocumentReady
from shared.events import parse
from shared.principal import Principal
from shared.tables import OutboxEntry
from shared.testing import SARI, WAWAN

MAHMUD, BILL, PRICE = "Bapak Mahmud Sulaiman", "000001", 1_250_000
PAID = ("A", MAHMUD, PRICE, {BILL: PRICE})
VERIFIED = {"verification": "verified"}
GONE = {"status": "reversed", "reason": "salah kirim"}


@pytest.fixture
async def paid(company: Any) -> Any:
    await company.tell(
        company.customer(MAHMUD),
        company.invoice(BILL, MAHMUD, PRICE),
        company.account(BILL, MAHMUD, PRICE),
        company.payment(*PAID, **VERIFIED),
    )
    return company


async def letters(company: Any) -> list[tuple[Document, dict[str, Any]]]:
    async with company.sessions.begin(Principal.system("reporting")) as session:
        query = (
            select(Document, DocumentRevision)
            .join(DocumentRevision, DocumentRevision.document_id == Document.id)
            .where(Document.kind == "reversal_letter")
            .order_by(DocumentRevision.revision)
        )
        return [(document, row.paper) for document, row in (await session.exec(query)).all()]


class TestLetters:
    async def test_a_reversal_sends_a_letter_with_its_own_number(
        self, paid: Any, call_as: Any
    ) -> None:
        path = f"/api/v1/documents/reversals/{paid.id('pay A')}.pdf"
        before = await call_as(WAWAN).get(path)
        await paid.tell(paid.payment(*PAID, PaymentReversed, **GONE, **VERIFIED))

        printed, his = await call_as(WAWAN).get(path), await call_as(SARI).get(path)

        ((document, paper),) = await letters(paid)
        assert (before.status_code, printed.status_code, his.status_code) == (404, 200, 404)
        assert document.number == "SP/2026/11/000001"
        assert "Kwitansi KW/2026/11/000001 tidak berlaku lagi sejak 23 November" in paper["opening"]
        assert ["Alasan", "pencatatan pembayaran ini dibetulkan"] in paper["details"]
        assert "salah kirim" not in str(paper)  # written for us, it may name others (A2)
        assert paper["after"][0]["amount"] == PRICE
        assert [use["amount"] for use in paper["uses"]] == [PRICE]

    async def test_a_payment_that_counts_again_withdraws_its_letter(self, paid: Any) -> None:
        await paid.tell(paid.payment(*PAID, PaymentReversed, **GONE, **VERIFIED))
        await paid.tell(paid.payment(*PAID, PaymentPosted, **VERIFIED))

        (document, _), (_, paper) = await letters(paid)

        assert (document.revision, document.state) == (2, "cancelled")
        assert paper["band"]["word"] == "DICABUT"

    async def test_what_never_had_a_receipt_needs_no_letter(self, paid: Any) -> None:
        unseen = ("B", MAHMUD, PRICE, {})
        await paid.tell(paid.payment(*unseen, PaymentPosted))
        await paid.tell(paid.payment(*unseen, PaymentReversed, **GONE))

        assert await letters(paid) == []

    async def test_each_paper_is_announced_once_in_the_order_it_was_written(
        self, paid: Any, call_as: Any
    ) -> None:
        await paid.tell(paid.payment(*PAID, PaymentReversed, **GONE, **VERIFIED))
        await paid.tell(paid.payment(*PAID, PaymentReversed, **GONE, **VERIFIED))

        async with paid.sessions.begin(Principal.system("reporting")) as session:
            entries = (await session.exec(select(OutboxEntry).order_by(OutboxEntry.position))).all()
        events = [parse(entry.routing_key, entry.body) for entry in entries]
        told = [e for e in events if isinstance(e, DocumentReady) and e.payment_id]
        assert [(event.kind, event.revision) for event in told] == [
            ("receipt", 1),
            ("receipt", 2),
            ("reversal_letter", 1),
        ]
        recap = (await call_as(WAWAN).get(f"/api/v1/recaps/customers/{paid.id(MAHMUD)}")).json()
        assert [row["letter_number"] for row in recap["payments"]] == ["SP/2026/11/000001"]
