"""Rekap cicilan: the rows run down to the balance, whatever was paid how."""

from __future__ import annotations

from datetime import date

import pytest

from reporting.domain.papers.customer import customer_paper


@pytest.fixture
def late_recap(sample):
    first = sample.invoice(1, paid=1_250_000, due_on=date(2026, 10, 10))
    second = sample.invoice(2, due_on=date(2026, 11, 10))
    payments = (sample.payment(1_500_000, {first: 1_250_000}),)
    return sample.recap(first, second, payments=payments, plans=(sample.plan(21, 3),))


class TestRows:
    def test_the_sums_are_the_screen_s(self, sample, late_recap) -> None:
        paper = customer_paper(late_recap, sample.imprint("RC/2026/11/000042"))

        position = late_recap.position
        assert (paper.sums.bill, paper.sums.paid) == (position.billed_idr, position.paid_idr)
        assert paper.sums.bill == sum(row.bill or 0 for row in paper.rows)
        assert paper.sums.paid == sum(row.paid or 0 for row in paper.rows)
        assert paper.sums.balance == position.unpaid_idr
        assert paper.figures[3].value == "Rp23.750.000"

    def test_the_balance_runs_down_and_unissued_parts_are_grey(self, sample, late_recap) -> None:
        paper = customer_paper(late_recap, sample.imprint("RC/2026/11/000042"))

        assert [row.balance for row in paper.rows if row.balance is not None] == [23_750_000]
        assert [row.no for row in paper.rows[:3]] == ["1", "2", "3"]
        assert paper.rows[1].status == "Menunggak 13 hari"
        assert {row.kind for row in paper.rows[2:]} == {"fut"}

    def test_credit_arrears_and_unconfirmed_money_are_named(self, sample, late_recap) -> None:
        paper = customer_paper(late_recap, sample.imprint("RC/2026/11/000042"))

        assert dict(paper.side) == {
            "Titipan": 250_000,
            "Tunggakan": 1_250_000,
            "Menunggu konfirmasi bank": 0,
        }

    def test_a_reversed_part_stays_and_counts_nothing(self, sample) -> None:
        bill = sample.invoice(1)
        gone = sample.payment(1_250_000, {bill: 1_250_000}, status="reversed")

        paper = customer_paper(sample.recap(bill, payments=(gone,)), sample.imprint("RC/1"))

        assert [row.kind for row in paper.rows] == ["rev", "more"]
        assert paper.rows[0].status == "Dibalik"
        assert paper.sums.paid == 0

    def test_the_next_amount_names_its_account_only_when_it_takes_it(self, sample) -> None:
        payable = customer_paper(sample.recap(sample.invoice()), sample.imprint("RC/1"))
        waiting = customer_paper(sample.recap(sample.invoice(account=None)), sample.imprint("RC/1"))

        assert "9888" in payable.next
        assert "ada pada tagihannya" in waiting.next

    def test_a_customer_without_bills_has_a_statement_too(self, sample) -> None:
        paper = customer_paper(sample.recap(), sample.imprint("RC/1"))

        assert paper.rows == ()
        assert [part.share for part in paper.position.parts] == ["0.0", "0.0", "0.0"]
