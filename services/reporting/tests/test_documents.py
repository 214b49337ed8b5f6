"""Documents: frozen when they say something new, numbered, linked, announced (C11, A7)."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pypdf
from sqlmodel import select

from reporting.handlers import papers
from reporting.models import DocumentLink, DocumentRevision
from shared.contracts.bank_gateway import VaChanged
from shared.contracts.customer import CustomerChanged
from shared.contracts.invoicing import InvoiceCancelled, InvoiceChanged
from shared.contracts.reconciliation import PaymentPosted, PaymentReversed
from shared.contracts.reporting import DocumentReady
from shared.events import parse
from shared.principal import Principal
from shared.tables import OutboxEntry
from shared.testing import ADMIN, SARI, WAWAN

MAHMUD = "Bapak Mahmud Sulaiman"
BILL = "000001"
PRICE = 1_250_000


def text_of(answer) -> str:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return " ".join("\n".join(page.extract_text() for page in pages).split())


async def published(company) -> list[DocumentReady]:
    async with company.sessions.begin(Principal.system("reporting")) as session:
        entries = (await session.exec(select(OutboxEntry).order_by(OutboxEntry.position))).all()
    return [parse(entry.routing_key, entry.body) for entry in entries]


async def issued(company) -> None:
    await company.tell(
        company.user(WAWAN),
        company.customer(MAHMUD),
        company.invoice(BILL, MAHMUD, PRICE),
        company.account(BILL, MAHMUD, PRICE),
    )


class TestBills:
    async def test_a_bill_is_announced_once_its_account_is_active(self, company) -> None:
        await company.tell(
            company.customer(MAHMUD),
            company.invoice(BILL, MAHMUD, PRICE),
            company.account(BILL, MAHMUD, PRICE, status="requested", number=None),
        )
        assert await published(company) == []

        await company.tell(company.account(BILL, MAHMUD, PRICE))

        (event,) = await published(company)
        assert (event.kind, event.number, event.revision) == ("invoice", f"INV/2026/12/{BILL}", 1)
        assert event.invoice_id == company.id(BILL)
        assert event.link_path.startswith("/d/")

    async def test_every_bill_of_a_contract_shows_the_contracts_account(
        self, company, call_as
    ) -> None:
        shared = {"va_mode": "contract", "plan_id": company.id("plan")}
        account = {"invoice_id": None, "plan_id": company.id("plan"), "mode": "contract"}
        await company.tell(
            company.customer(MAHMUD),
            company.invoice("000001", MAHMUD, PRICE, **shared),
            company.account("000001", MAHMUD, PRICE, **account),
            company.invoice("000002", MAHMUD, PRICE, **shared),
            company.invoice("000003", MAHMUD, PRICE),
        )

        assert [event.number[-6:] for event in await published(company)] == ["000001", "000002"]
        path = f"/api/v1/documents/invoices/{company.id('000002')}.pdf"
        text = " ".join(text_of(await call_as(WAWAN).get(path)).split())
        assert "9888 0312 3456 7890" in text
        assert "ketik jumlah ini saat membayar" in text
        assert "nomor tetap kontrak ini" in text

    async def test_what_changes_nothing_on_paper_makes_no_revision(self, company) -> None:
        await issued(company)
        await company.tell(
            company.invoice(BILL, MAHMUD, PRICE, InvoiceChanged),
            company.account(BILL, MAHMUD, PRICE, VaChanged),
            company.customer(MAHMUD, contract=CustomerChanged, address="Depok"),
        )

        assert [event.revision for event in await published(company)] == [1]

    async def test_a_frozen_bill_keeps_what_it_said(self, company, call_as) -> None:
        await issued(company)
        path = f"/api/v1/documents/invoices/{company.id(BILL)}.pdf"
        first = await call_as(WAWAN).get(path)
        await company.tell(company.customer(MAHMUD, contract=CustomerChanged, address="Depok"))

        again = await call_as(WAWAN).get(path)

        assert again.content == first.content
        assert "Perum Taman Cimanggu" in text_of(again)
        assert first.headers["content-disposition"].startswith(
            f'inline; filename="Tagihan_INV-2026-12-{BILL}_Bapak-Mahmud-Sulaiman.pdf"'
        )
        assert first.headers["cache-control"] == "no-store"

    async def test_a_paid_bill_becomes_a_new_revision_and_the_old_one_stays(
        self, company, call_as
    ) -> None:
        await issued(company)
        await company.tell(company.payment("A", MAHMUD, PRICE, {BILL: PRICE}))

        text = text_of(
            await call_as(WAWAN).get(f"/api/v1/documents/invoices/{company.id(BILL)}.pdf")
        )

        assert "LUNAS" in text
        assert "Rev. 2" in text
        async with company.sessions.begin(Principal.system("reporting")) as session:
            kept = (await session.exec(select(DocumentRevision.revision))).all()
        assert sorted(kept) == [1, 1, 2]

    async def test_an_older_revision_is_printed_as_a_copy(self, company, call_as) -> None:
        await issued(company)
        await company.tell(company.payment("A", MAHMUD, PRICE, {BILL: PRICE}))
        path = f"/api/v1/documents/invoices/{company.id(BILL)}.pdf"

        old = text_of(await call_as(WAWAN).get(path, params={"revision": 1}))
        newest = text_of(await call_as(WAWAN).get(path, params={"revision": 2}))
        never = await call_as(WAWAN).get(path, params={"revision": 3})
        another = await call_as(SARI).get(path, params={"revision": 1})

        assert "SALINAN Rev. 1, sudah diganti Rev. 2." in old
        assert "9888" not in old
        assert "LUNAS" in newest
        assert (never.status_code, another.status_code) == (404, 404)

    async def test_before_its_account_a_bill_is_provisional(self, company, call_as) -> None:
        await company.tell(company.customer(MAHMUD), company.invoice(BILL, MAHMUD, PRICE))

        text = text_of(
            await call_as(WAWAN).get(f"/api/v1/documents/invoices/{company.id(BILL)}.pdf")
        )

        assert "SEMENTARA" in text
        assert "sedang disiapkan bank" in text
        assert await published(company) == []

    async def test_a_cancelled_bill_says_so(self, company, call_as) -> None:
        await issued(company)
        await company.tell(
            company.invoice(
                BILL, MAHMUD, PRICE, InvoiceCancelled, status="cancelled", cancel_reason="salah"
            )
        )

        text = text_of(
            await call_as(WAWAN).get(f"/api/v1/documents/invoices/{company.id(BILL)}.pdf")
        )

        assert "DIBATALKAN" in text

    async def test_a_late_bill_shows_the_days_of_the_day_it_is_printed(
        self, company, call_as, clock
    ) -> None:
        await issued(company)
        clock.advance(timedelta(days=20))

        text = text_of(
            await call_as(WAWAN).get(f"/api/v1/documents/invoices/{company.id(BILL)}.pdf")
        )

        assert "LEWAT JATUH TEMPO 3 HARI" in text


class TestReceipts:
    async def test_c11_a_kwitansi_exists_only_once_the_bank_has_confirmed(
        self, company, call_as
    ) -> None:
        await issued(company)
        path = f"/api/v1/documents/receipts/{company.id('pay A')}.pdf"
        await company.tell(company.payment("A", MAHMUD, PRICE, {BILL: PRICE}))

        before = text_of(await call_as(WAWAN).get(path))
        await company.tell(
            company.payment(
                "A", MAHMUD, PRICE, {BILL: PRICE}, PaymentPosted, verification="verified"
            )
        )
        after = text_of(await call_as(WAWAN).get(path))

        assert "BB/2026/11/000001" in before
        assert "Bukan kwitansi" in before
        assert "KW/2026/11/000001" in after
        assert "Siti Rahmawati" in after
        kinds = [event.number[:2] for event in await published(company) if event.kind == "receipt"]
        assert kinds == ["BB", "KW"]

    async def test_a_reversal_voids_the_kwitansi(self, company, call_as) -> None:
        await issued(company)
        await company.tell(
            company.payment("A", MAHMUD, PRICE, {BILL: PRICE}, verification="verified"),
            company.payment(
                "A",
                MAHMUD,
                PRICE,
                {BILL: PRICE},
                PaymentReversed,
                status="reversed",
                verification="verified",
                reason="salah kirim",
            ),
        )

        text = text_of(
            await call_as(WAWAN).get(f"/api/v1/documents/receipts/{company.id('pay A')}.pdf")
        )

        assert "DIBATALKAN pencatatan pembayaran ini dibetulkan" in text
        assert "salah kirim" not in text
        assert "Rev. 2" in text

    async def test_a_kwitansi_above_five_million_is_flagged_for_its_meterai(
        self, company, call_as
    ) -> None:
        await company.tell(company.customer(MAHMUD))
        for name, amount in (("A", 5_000_000), ("B", 5_000_001)):
            paid = company.payment(name, MAHMUD, amount, {}, PaymentPosted, verification="verified")
            await company.tell(paid)

        listed = (await call_as(WAWAN).get("/api/v1/documents")).json()["items"]

        assert {item["payment_id"]: item["stamp_duty"] for item in listed} == {
            str(company.id("pay A")): False,
            str(company.id("pay B")): True,
        }

    async def test_money_of_nobody_has_no_receipt(self, company, call_as) -> None:
        await company.tell(company.payment("X", None, PRICE, {}, PaymentPosted))

        answer = await call_as(ADMIN).get(f"/api/v1/documents/receipts/{company.id('pay X')}.pdf")

        assert answer.status_code == 404


class TestStatements:
    async def test_the_statement_equals_the_screen(self, company, call_as) -> None:
        await issued(company)
        page = (await call_as(WAWAN).get(f"/api/v1/recaps/customers/{company.id(MAHMUD)}")).json()

        text = text_of(
            await call_as(WAWAN).get(f"/api/v1/documents/recaps/customers/{company.id(MAHMUD)}.pdf")
        )

        assert f"Rp{page['billed_idr']:,}".replace(",", ".") in text
        assert "RC/2026/11/000001" in text

    async def test_the_same_statement_keeps_its_number_for_the_day(
        self, company, call_as, clock
    ) -> None:
        await issued(company)
        path = f"/api/v1/documents/recaps/customers/{company.id(MAHMUD)}.pdf"
        first = await call_as(WAWAN).get(path)

        again = await call_as(ADMIN).get(path)
        clock.advance(timedelta(days=1))
        tomorrow = await call_as(WAWAN).get(path)

        assert again.content == first.content
        assert "RC/2026/11/000002" in text_of(tomorrow)


class TestInternalPapers:
    async def test_recaps_print_with_the_reader_s_figures(self, company, call_as) -> None:
        await issued(company)
        await company.tell(company.payment("A", MAHMUD, PRICE, {BILL: PRICE}))
        days = {"from": "2026-11-01", "to": "2026-12-31"}

        marketing = text_of(
            await call_as(WAWAN).get("/api/v1/documents/recaps/marketing.pdf", params=days)
        )
        period = text_of(
            await call_as(ADMIN).get("/api/v1/documents/recaps/payments.pdf", params=days)
        )

        assert "Bapak Wawan · 1 November–31 Desember 2026" in marketing
        assert "Rp1.250.000" in marketing
        assert "Cocok" in period
        assert "dicetak oleh Ibu Ratna" in period


class TestScope:
    async def test_a7_another_s_paper_and_a_missing_one_look_the_same(
        self, company, call_as
    ) -> None:
        await issued(company)
        await company.tell(company.payment("A", MAHMUD, PRICE, {BILL: PRICE}))
        ids = {"invoices": BILL, "receipts": "pay A", "recaps/customers": MAHMUD}

        for kind, name in ids.items():
            his = await call_as(SARI).get(f"/api/v1/documents/{kind}/{company.id(name)}.pdf")
            none = await call_as(SARI).get(f"/api/v1/documents/{kind}/{company.id('none')}.pdf")
            assert his.status_code == none.status_code == 404
            assert his.json() | {"instance": ""} == none.json() | {"instance": ""}

    async def test_a2_documents_are_listed_to_their_marketing_only(self, company, call_as) -> None:
        await issued(company)

        own = (await call_as(WAWAN).get("/api/v1/documents")).json()["items"]
        other = (await call_as(SARI).get("/api/v1/documents")).json()["items"]

        assert [item["number"] for item in own] == [f"INV/2026/12/{BILL}"]
        assert own[0]["link_path"].startswith("/d/")
        assert other == []


class TestLinks:
    async def test_a_link_opens_its_document_without_signing_in(self, company, call_as) -> None:
        await issued(company)
        (event,) = await published(company)

        answer = await call_as(None).get(event.link_path)

        assert "Bayar sebelum 10 Desember 2026" in text_of(answer)
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert answer.headers["cache-control"] == "no-store"
        async with company.sessions.begin(Principal.system("reporting")) as session:
            link = (await session.exec(select(DocumentLink))).one()
        assert link.opened == 1

    async def test_a_link_has_128_random_bits_and_stays_over_revisions(self, company) -> None:
        await issued(company)
        await company.tell(
            company.invoice(BILL, MAHMUD, PRICE, InvoiceChanged, due_on=date(2026, 12, 12))
        )

        first, second = await published(company)

        assert len(first.link_path.removeprefix("/d/")) == 22
        assert first.link_path == second.link_path
        assert second.revision == 2

    async def test_an_expired_a_revoked_and_an_unknown_link_look_the_same(
        self, company, call_as, clock
    ) -> None:
        await issued(company)
        (event,) = await published(company)
        async with company.sessions.begin(Principal.system("reporting")) as session:
            link = (await session.exec(select(DocumentLink))).one()
            link.revoked_at = clock.now()
        revoked = await call_as(None).get(event.link_path)
        async with company.sessions.begin(Principal.system("reporting")) as session:
            (await session.exec(select(DocumentLink))).one().revoked_at = None

        clock.advance(timedelta(days=30))
        expired = await call_as(None).get(event.link_path)
        unknown = await call_as(None).get("/d/AAAAAAAAAAAAAAAAAAAAAA")
        nonsense = await call_as(None).get("/d/%00'--")

        assert [a.status_code for a in (revoked, expired, unknown, nonsense)] == [404] * 4
        assert revoked.json()["detail"] == unknown.json()["detail"]

    async def test_a3_without_a_token_the_database_shows_no_document(self, company) -> None:
        await issued(company)
        nobody = Principal(company.id("x"), "", "anonymous", company.id("x"))

        async with company.sessions.begin(nobody) as session:
            seen = (await session.exec(select(DocumentRevision))).all()
        async with company.sessions.begin(nobody) as session:
            guessed = await papers.documents.open_link(session, "")

        assert (seen, guessed) == ([], None)

    async def test_a_changed_past_is_not_possible(self, company) -> None:
        await issued(company)
        import pytest
        from sqlalchemy.exc import ProgrammingError

        with pytest.raises(ProgrammingError, match="permission denied"):
            async with company.sessions.begin(Principal.system("reporting")) as session:
                revision = (await session.exec(select(DocumentRevision))).one()
                revision.file_name = "lain.pdf"
