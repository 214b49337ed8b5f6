"""The code on a paper: it proves a record of ours, to anybody, and tells nothing else."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import Engine, event
from sqlmodel import select

from reporting.models import (
    Customer,
    Document,
    DocumentProof,
    DocumentRevision,
    Invoice,
    Payment,
)
from shared.contracts.customer import CustomerChanged
from shared.contracts.reconciliation import PaymentReversed
from shared.principal import Principal
from shared.testing import WAWAN
from shared.web.route import ANONYMOUS

MAHMUD, BILL, NUMBER = "Bapak Mahmud Sulaiman", "000001", "INV/2026/12/000001"
PRICE = 1_250_000
UNKNOWN = {
    **dict.fromkeys(["kind", "number", "name", "dated_on", "amount_idr", "state"]),
    **dict.fromkeys(["revision", "newest_revision"]),
    "genuine": False,
}


@pytest.fixture
async def issued(company: Any) -> Any:
    await company.tell(
        company.customer(MAHMUD),
        company.invoice(BILL, MAHMUD, PRICE),
        company.account(BILL, MAHMUD, PRICE),
    )
    return company


async def codes(company: Any, number: str = NUMBER) -> list[str]:
    """The codes printed on the revisions of a paper, the oldest first."""
    async with company.sessions.begin(Principal.system("reporting")) as session:
        query = (
            select(DocumentRevision)
            .join(Document, Document.id == DocumentRevision.document_id)
            .where(Document.number == number)
            .order_by(DocumentRevision.revision)
        )
        return [row.paper["proof"]["code"] for row in (await session.exec(query)).all()]


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What the database is asked, in order."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def check(call_as: Any) -> Any:
    async def checked(number: str, code: str) -> Any:
        params = {"number": number, "code": code}
        answer = await call_as(None).get("/api/v1/verifications", params=params)
        assert answer.status_code == 200
        return answer.json()

    return checked


class TestStrangers:
    @pytest.mark.parametrize(
        "path", ["/api/v1/verifications?number=%00&code=x", "/api/v1/verifications?code=%00"]
    )
    async def test_b5_nul_in_an_address_is_no_defect(self, call_as: Any, path: str) -> None:
        answer = await call_as(None).get(path)

        assert answer.status_code == 422
        assert "bukan teks" in answer.json()["detail"]


def codes_on(pdf: bytes, folder: Path) -> list[str]:
    """What a phone reads off the picture of a page."""
    (folder / "bill.pdf").write_bytes(pdf)
    draw = ["pdftoppm", "-r", "110", "-png", "-singlefile", "bill.pdf", "page"]
    subprocess.run(draw, cwd=folder, check=True)
    with Image.open(folder / "page.png") as page:
        return [code.text for code in zxingcpp.read_barcodes(page)]


class TestGenuine:
    async def test_whoever_holds_the_paper_learns_date_amount_and_state(
        self, issued: Any, check: Any
    ) -> None:
        (code,) = await codes(issued)

        told = await check(NUMBER, code)

        assert told == {
            "genuine": True,
            "kind": "invoice",
            "number": NUMBER,
            "name": "B**** M***** S*******",
            "dated_on": "2026-11-23",
            "amount_idr": PRICE,
            "state": "valid",
            "revision": 1,
            "newest_revision": 1,
        }
        assert await check(f" {NUMBER.lower()} ", code.replace("-", "").lower()) == told

    async def test_the_qr_of_the_printed_page_opens_its_record_and_one_changed_digit_fails(
        self, issued: Any, call_as: Any, tmp_path: Path
    ) -> None:
        answer = await call_as(WAWAN).get(f"/api/v1/documents/invoices/{issued.id(BILL)}.pdf")
        (scanned,) = codes_on(answer.content, tmp_path)

        told = {}
        for address in (scanned, scanned.replace("000001?", "000002?")):
            path, _, code = address.partition("?k=")
            params = {"number": path.partition("/v/")[2], "code": code}
            answer = await call_as(None).get("/api/v1/verifications", params=params)
            told[address] = answer.json()

        assert [each["number"] for each in told.values()] == [NUMBER, None]
        assert told[scanned]["amount_idr"] == PRICE

    async def test_an_old_revision_stays_genuine_and_says_what_became_of_it(
        self, issued: Any, check: Any
    ) -> None:
        await issued.tell(issued.payment("A", MAHMUD, PRICE, {BILL: PRICE}))
        first, second = await codes(issued)

        told = await check(NUMBER, first)

        assert first != second
        assert (told["revision"], told["newest_revision"], told["state"]) == (1, 2, "paid")

    async def test_c11_a_kwitansi_replaces_the_provisional_proof_and_a_reversal_voids_it(
        self, issued: Any, check: Any
    ) -> None:
        paid = {"A": (MAHMUD, PRICE, {BILL: PRICE})}
        await issued.tell(issued.payment("A", *paid["A"]))
        await issued.tell(issued.payment("A", *paid["A"], verification="verified"))
        (provisional,) = await codes(issued, "BB/2026/11/000001")
        (official,) = await codes(issued, "KW/2026/11/000001")
        before = await check("KW/2026/11/000001", official)
        gone = {"status": "reversed", "verification": "verified", "reason": "salah kirim"}
        await issued.tell(issued.payment("A", *paid["A"], PaymentReversed, **gone))

        after = await check("KW/2026/11/000001", official)

        assert (await check("BB/2026/11/000001", provisional))["state"] == "replaced"
        assert (before["state"], after["state"]) == ("valid", "reversed")

    async def test_the_name_is_the_one_on_the_paper(self, issued: Any, check: Any) -> None:
        (code,) = await codes(issued)
        await issued.tell(
            issued.customer("Budi", contract=CustomerChanged, identity=issued.id(MAHMUD))
        )

        assert (await check(NUMBER, code))["name"] == "B**** M***** S*******"


class TestNotGenuine:
    async def test_a_wrong_code_and_an_unknown_number_look_exactly_the_same(
        self, issued: Any, check: Any, statements: list[str]
    ) -> None:
        (code,) = await codes(issued)
        flipped = code[:-1] + ("0" if code[-1] != "0" else "1")
        tries = [(NUMBER, flipped), ("INV/2026/12/999999", code), (NUMBER, "x'; --"), ("", "")]

        told, done = [], []
        for number, guess in tries:
            statements.clear()
            told.append(await check(number, guess))
            done.append(list(statements))

        assert told == [UNKNOWN] * 4
        assert all(asked == done[0] for asked in done)

    async def test_an_amount_changed_in_the_database_proves_nothing(
        self, issued: Any, check: Any, forge: Any
    ) -> None:
        (code,) = await codes(issued)
        await forge("UPDATE document_proofs SET amount_idr = amount_idr + 1")

        assert await check(NUMBER, code) == UNKNOWN

    async def test_a3_who_asks_sees_no_paper_customer_or_payment(self, issued: Any) -> None:
        (code,) = await codes(issued)
        held = f"SELECT set_config('lunas.document_mark', '{NUMBER} {code}', true)"

        async with issued.sessions.begin(ANONYMOUS) as session:
            connection = await session.connection()
            await connection.exec_driver_sql(held)
            tables = (DocumentProof, Document, DocumentRevision, Customer, Invoice, Payment)
            seen = {
                table.__name__: len((await session.exec(select(table))).all()) for table in tables
            }

        assert {name for name, count in seen.items() if count} == {"DocumentProof", "Document"}
