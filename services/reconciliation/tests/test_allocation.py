"""M5, M6: which invoice gets what; sums are exact, order and repeats do not matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from reconciliation.domain.allocation import OpenInvoice, Share, allocate
from shared.money import Rupiah

FIRST = date(2026, 12, 1)


def invoice(number: int, outstanding: int, days: int = 0) -> OpenInvoice:
    return OpenInvoice(UUID(int=number), FIRST + timedelta(days=days), Rupiah(outstanding))


def share(number: int, amount: int) -> Share:
    return Share(UUID(int=number), Rupiah(amount))


class TestAPayment:
    def test_goes_to_its_own_invoice_first(self) -> None:
        shares = allocate(Rupiah(100), [invoice(1, 100), invoice(2, 100, 30)], UUID(int=2))

        assert shares == [share(2, 100)]

    def test_goes_on_to_the_oldest_due(self) -> None:
        invoices = [invoice(1, 50, 60), invoice(2, 50, 30), invoice(3, 50, 90)]

        assert allocate(Rupiah(120), invoices, UUID(int=3)) == [
            share(3, 50),
            share(2, 50),
            share(1, 20),
        ]

    def test_for_a_contract_pays_its_bills_first_the_oldest_due_before_the_newer(self) -> None:
        contract = UUID(int=9)
        mine = [replace(invoice(n, 50, days), plan_id=contract) for n, days in ((1, 60), (2, 30))]

        assert allocate(Rupiah(120), [invoice(3, 50), *mine], contract) == [
            share(2, 50),
            share(1, 50),
            share(3, 20),
        ]

    def test_m6_leaves_as_credit_what_no_invoice_needs(self) -> None:
        assert allocate(Rupiah(120), [invoice(1, 100)], UUID(int=1)) == [share(1, 100)]

    def test_without_open_invoices_is_all_credit(self) -> None:
        assert allocate(Rupiah(120), [], UUID(int=1)) == []

    def test_gives_a_paid_invoice_nothing(self) -> None:
        assert allocate(Rupiah(120), [invoice(1, 0)], UUID(int=1)) == []


Books = dict[UUID, OpenInvoice]
needs = st.lists(st.integers(1, 10**12), min_size=1, max_size=8)
payments = st.lists(st.tuples(st.integers(1, 10**12), st.integers(0, 9)), max_size=8)


def play(needed: Sequence[int], paid: Sequence[tuple[int, tuple[int, int]]]) -> tuple[Books, int]:
    """Pay one after the other, each payment once; give the invoices and the credit."""
    books = {i.id: i for i in (invoice(n, amount, n) for n, amount in enumerate(needed, 1))}
    seen: set[int] = set()
    credit = 0
    for payment, (amount, own) in paid:
        if payment in seen:
            continue
        seen.add(payment)
        shares = allocate(Rupiah(amount), books.values(), UUID(int=own))
        for part in shares:
            left = books[part.invoice_id].outstanding - part.amount
            books[part.invoice_id] = replace(books[part.invoice_id], outstanding=left)
        credit += amount - sum(part.amount.amount for part in shares)
    return books, credit


class TestAnyHistory:
    @given(needed=needs, paid=payments)
    def test_m5_m6_sums_are_exact(self, needed: list[int], paid: list[tuple[int, int]]) -> None:
        books, credit = play(needed, list(enumerate(paid)))

        outstanding = [i.outstanding.amount for i in books.values()]
        received = sum(amount for amount, _ in paid)
        assert all(amount >= 0 for amount in outstanding)
        assert sum(needed) - sum(outstanding) + credit == received
        assert credit == max(received - sum(needed), 0)

    @given(needed=needs, paid=payments, order=st.randoms())
    def test_e1_order_and_repeats_do_not_matter_for_the_totals(
        self, needed: list[int], paid: list[tuple[int, int]], order: object
    ) -> None:
        numbered = list(enumerate(paid))
        shuffled = numbered + numbered[::2]
        order.shuffle(shuffled)  # type: ignore[attr-defined]

        (books, credit), (again, credit_again) = play(needed, numbered), play(needed, shuffled)

        left, left_again = (
            sum(i.outstanding.amount for i in found.values()) for found in (books, again)
        )
        assert (left, credit) == (left_again, credit_again)
