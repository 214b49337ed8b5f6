"""The fixed papers whose text and look are kept: each is printed once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from reporting.domain.corrections import Correction
from reporting.domain.marketing import Collection, marketing_recap
from reporting.domain.papers.base import Imprint, snapshot
from reporting.domain.papers.copying import old_copy
from reporting.domain.papers.customer import customer_paper
from reporting.domain.papers.invoice import Bill, invoice_paper, on_day
from reporting.domain.papers.marketing import Circumstances, marketing_paper
from reporting.domain.papers.period import period_paper
from reporting.domain.papers.receipt import Receipt, receipt_paper
from reporting.domain.papers.reversal import Reversal, reversal_paper
from reporting.domain.period import Group, Kind, Movement, OpenInvoices, Span, period_recap
from reporting.paper.page import Press

LARGEST = 999_999_999_999
LONG_NAME = "Ibu Raden Ayu Kusumaningrum Putri Widyastuti Hadiningrat, SE"
WAWAN, SARI = UUID(int=11), UUID(int=12)
DECEMBER = Span(date(2026, 12, 1), date(2026, 12, 31), Group.DAY)
PRINTED = Circumstances(
    first=DECEMBER.first,
    last=DECEMBER.last,
    today=date(2026, 12, 31),
    printed_by="Ibu Ratna",
    role="Admin",
)


CORRECTIONS = (
    Correction(
        kind="payment",
        on=date(2026, 12, 7),
        number="SP/2026/12/000001",
        customer="Bapak Dedi Kurniawan",
        reason="salah kirim, uang ditarik kembali oleh bank",
        amount_idr=1_250_000,
    ),
    Correction(
        kind="bill",
        on=date(2026, 12, 18),
        number="INV/2026/12/000311",
        customer="Ibu Halimah",
        reason="harga salah ketik",
        amount_idr=3_750_000,
    ),
)


class Cases:
    """Writes each case's paper; the names of the methods are the names of the cases."""

    def __init__(self, sample: SimpleNamespace) -> None:
        self._sample = sample

    def _bill(self, revision: int = 1, customer: Any = None, **facts: Any) -> dict[str, Any]:
        sample, imprint = self._sample, facts.pop("imprint", {})
        invoice = sample.invoice(**facts)
        where = sample.recap(invoice).position
        bill = Bill(invoice, customer or sample.customer, where)
        issued = replace(sample.imprint(invoice.number, revision), **imprint)
        return snapshot(invoice_paper(bill, issued))

    def one_line(self) -> dict[str, Any]:
        return self._bill()

    def long_name(self) -> dict[str, Any]:
        customer = replace(self._sample.customer, name=LONG_NAME)
        account = replace(self._sample.invoice().account, holder_name=LONG_NAME[:44].upper())
        return self._bill(customer=customer, account=account)

    def one_rupiah(self) -> dict[str, Any]:
        return self._bill(total=1)

    def largest_amount(self) -> dict[str, Any]:
        return self._bill(total=LARGEST)

    def partial(self) -> dict[str, Any]:
        return self._bill(2, paid=500_000)

    def credit_used_and_late(self) -> dict[str, Any]:
        due_on = self._sample.today - timedelta(days=12)
        paper = self._bill(2, paid=500_000, credit_used_idr=200_000, due_on=due_on)
        return on_day(paper, self._sample.today)

    def vat(self) -> dict[str, Any]:
        return self._bill(total=111_000_000, imprint={"company": self._sample.pkp})

    def void(self) -> dict[str, Any]:
        return self._bill(2, status="cancelled", cancel_reason="harga salah ketik")

    def paid(self) -> dict[str, Any]:
        return self._bill(3, paid=1_250_000, receipts=("KW/2026/12/000087",))

    def old_copy(self) -> dict[str, Any]:
        return old_copy(self._bill(2, paid=500_000), 2, 3)

    def draft(self) -> dict[str, Any]:
        return self._bill(status="draft", imprint={"proof": None})

    def _receipt(self, payment: Any, number: str, *, official: bool) -> dict[str, Any]:
        receipt = Receipt(payment, self._sample.customer, 20_650_000)
        return snapshot(receipt_paper(receipt, self._sample.imprint(number), official=official))

    def receipt_with_meterai(self) -> dict[str, Any]:
        first = self._sample.invoice(1, total=6_000_000, title="Uang muka, Kavling C-03")
        second = self._sample.invoice(2, title="Angsuran ke-1 dari 36, Kavling C-03")
        paid = self._sample.payment(7_750_000, {first: 6_000_000, second: 1_250_000})
        return self._receipt(paid, "KW/2026/12/000104", official=True)

    def provisional_receipt(self) -> dict[str, Any]:
        bill = self._sample.invoice()
        paid = self._sample.payment(1_250_000, {bill: 1_250_000}, verification="unverified")
        return self._receipt(paid, "BB/2026/12/000031", official=False)

    def reversed_receipt(self) -> dict[str, Any]:
        return self._receipt(self._gone(), "KW/2026/12/000087", official=True)

    def letter_of_reversal(self) -> dict[str, Any]:
        payment, customer = self._gone(), self._sample.customer
        voided = ("Kwitansi", "KW/2026/12/000087")
        reversal = Reversal(payment, customer, *voided, 21_900_000)
        return snapshot(reversal_paper(reversal, self._sample.imprint("SP/2026/12/000004")))

    def _gone(self) -> Any:
        parts = {self._sample.invoice(): 1_250_000}
        return self._sample.payment(1_250_000, parts, status="reversed")

    def statement_of_120(self) -> dict[str, Any]:
        first = self._sample.invoice(1, paid=1_250_000, due_on=date(2026, 10, 10))
        second = self._sample.invoice(2, paid=600_000, due_on=date(2026, 11, 10))
        payments = (
            self._sample.payment(1_850_000, {first: 1_250_000, second: 600_000}),
            self._sample.payment(1_250_000, {second: 1_250_000}, status="reversed"),
        )
        recap = self._sample.recap(
            first, second, payments=payments, plans=(self._sample.plan(121, 3),)
        )
        return snapshot(customer_paper(recap, self._sample.imprint("RC/2026/11/000042")))

    def marketing_recap(self) -> dict[str, Any]:
        rows = [_collection(number) for number in range(1, 25)]
        recap = marketing_recap(rows, {WAWAN: "Bapak Wawan"})
        return snapshot(marketing_paper(recap, PRINTED, self._internal("RM/20261201-20261231")))

    def period_recap(self) -> dict[str, Any]:
        names = {WAWAN: "Bapak Wawan", SARI: "Ibu Sari Puspita"}
        recap = replace(
            period_recap(DECEMBER, _movements(), _open(), names), corrections=CORRECTIONS
        )
        return snapshot(period_paper(recap, PRINTED, self._internal("RP/20261201-20261231")))

    def _internal(self, number: str) -> Imprint:
        return replace(self._sample.imprint(number), proof=None)


def _collection(number: int) -> Collection:
    late = number % 3 == 0
    shops = number > 12
    price = 6_500_000 if shops else 1_250_000
    return Collection(
        customer_id=UUID(int=number),
        number=f"PLG-{number:06d}",
        name=f"{'Ibu' if number % 2 else 'Bapak'} Pelanggan Nomor {number}",
        phone="+628561101133",
        contract=f"{'Ruko R' if shops else 'Kavling B'}-{number:02d}",
        product="Ruko Pakuan Niaga" if shops else "Kavling Bukit Pakuan",
        marketing_id=WAWAN,
        marketing_name="Bapak Wawan",
        bills=1,
        billed_idr=price,
        paid_idr=price // 2 if late else price,
        received_idr=price // 2 if late else price,
        ages=(price // 2, price if number % 6 == 0 else 0, 0, 0) if late else (0, 0, 0, 0),
        oldest_due_on=date(2026, 12, 10) if late else None,
    )


def _movements() -> list[Movement]:
    moved = [_moved(Kind.BILLED, None, 1_842_500_000), _moved(Kind.BILLED, 1, 317_500_000, SARI)]
    for day in range(1, 32):
        amount = 1_250_000 * (day * 7 % 9 + 1) * (5 if day == 10 else 1)
        moved.append(_moved(Kind.EXPECTED, day, amount))
        if day % 4:
            received = _moved(Kind.RECEIVED, day, amount * 3 // 4)
            moved += [received, _moved(Kind.ALLOCATED, day, amount * 3 // 4)]
    return [*moved, _moved(Kind.CANCELLED, 18, 3_750_000)]


def _moved(kind: Kind, day: int | None, amount: int, owner: UUID = WAWAN) -> Movement:
    channel = ("bank_transfer" if day == 15 else "bni_va") if kind is Kind.RECEIVED else None
    on = DECEMBER.first.replace(day=day) if day else None
    return Movement(
        kind=kind, day=on, marketing_id=owner, channel=channel, amount_idr=amount, count=1
    )


def _open() -> list[OpenInvoices]:
    came = sum(m.amount_idr for m in _movements() if m.kind is Kind.ALLOCATED)
    first = OpenInvoices(
        marketing_id=WAWAN,
        customers=38,
        not_due_idr=1_842_500_000 - came - 3_750_000 - 190_000_000,
        ages=(100_000_000, 50_000_000, 25_000_000, 15_000_000),
    )
    second = OpenInvoices(
        marketing_id=SARI, customers=31, not_due_idr=317_500_000, ages=(0, 0, 0, 0)
    )
    return [first, second]


@pytest.fixture(scope="session")
def printed(sample: SimpleNamespace, press: Press) -> Callable[[str], bytes]:
    """Print a case; a second time it is at hand."""
    cases, pdfs = Cases(sample), dict[str, bytes]()

    def once(name: str) -> bytes:
        if name not in pdfs:
            pdfs[name] = press.print(getattr(cases, name)())
        return pdfs[name]

    return once


@pytest.fixture(scope="session")
def written(sample: SimpleNamespace) -> Callable[[str], dict[str, Any]]:
    """Write a case's paper without printing it."""
    return lambda name: getattr(Cases(sample), name)()
