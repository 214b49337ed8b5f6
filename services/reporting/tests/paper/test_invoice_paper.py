"""Tagihan in each of its states: the builder adds up, the template prints."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.domain.papers.base import snapshot
from reporting.domain.papers.copying import old_copy
from reporting.domain.papers.invoice import Bill, essentials, invoice_paper, on_day, settled

NUMBER = "INV/2026/12/000003"


@pytest.fixture
def write(sample):
    def written(invoice, revision: int = 1, **more):
        position = sample.recap(invoice).position
        imprint = replace(sample.imprint(NUMBER, revision), **more)
        return invoice_paper(Bill(invoice, sample.customer, position), imprint)

    return written


class TestStates:
    def test_an_open_bill_shows_where_and_how_much_to_pay(self, sample, write) -> None:
        paper = write(sample.invoice())

        assert paper.band is None
        assert paper.pay.account == "9888\u00a00312\u00a03456\u00a07890"
        assert paper.pay.amount == 1_250_000
        assert paper.words == "satu juta dua ratus lima puluh ribu rupiah"

    @pytest.mark.parametrize("change", [{"account": None}, {"paid_idr": 1}])
    def test_without_a_fitting_account_nobody_is_told_to_pay(self, sample, write, change) -> None:
        invoice = sample.invoice(**change) if "account" in change else None
        if invoice is None:
            stale = sample.invoice().account
            invoice = sample.invoice(paid=1, account=stale)

        paper = write(invoice)

        assert paper.pay is None
        assert "sedang disiapkan" in paper.notice.text
        assert not settled(invoice)

    def test_a_partly_paid_bill_asks_for_the_rest(self, sample, write) -> None:
        paper = write(sample.invoice(paid=500_000))

        assert paper.band.word == "SEBAGIAN LUNAS"
        assert paper.pay.amount == 750_000
        assert [line.amount for line in paper.sums] == [1_250_000, -500_000, 750_000]
        assert paper.words.startswith("tujuh ratus lima puluh ribu")

    def test_a_paid_bill_thanks_and_names_the_receipt(self, sample, write) -> None:
        paper = write(sample.invoice(paid=1_250_000, receipts=("KW/2026/12/000087",)))

        assert paper.band.word == "LUNAS"
        assert paper.pay is None
        assert "KW/2026/12/000087" in paper.notice.text
        assert paper.how == ()

    def test_a_cancelled_bill_says_why_and_takes_no_money(self, sample, write) -> None:
        paper = write(sample.invoice(status="cancelled", cancel_reason="salah harga"))

        assert (paper.band.word, paper.band.text) == ("DIBATALKAN", "salah harga")
        assert paper.pay is None

    def test_a_draft_says_so_and_takes_no_money(self, sample, write) -> None:
        paper = write(sample.invoice(status="draft"))

        assert paper.band.word == "DRAF"
        assert paper.pay is None
        assert "belum terbit" in paper.notice.text

    def test_credit_that_paid_a_part_has_a_line_of_its_own(self, sample, write) -> None:
        paper = write(sample.invoice(paid=500_000, credit_used_idr=200_000))

        assert [(line.label, line.amount) for line in paper.sums] == [
            ("Total tagihan", 1_250_000),
            ("Sudah dibayar", -300_000),
            ("Titipan dipakai", -200_000),
            ("Sisa yang harus dibayar", 750_000),
        ]

    def test_a_pkp_shows_the_vat_inside_and_that_this_is_no_tax_invoice(
        self, sample, write
    ) -> None:
        paper = write(sample.invoice(total=111_000_000), company=sample.pkp)

        assert [(line.label, line.amount) for line in paper.sums] == [
            ("Harga sebelum PPN", 100_000_000),
            ("PPN 12% dari DPP nilai lain Rp91.666.667", 11_000_000),
            ("Total yang harus dibayar", 111_000_000),
        ]
        assert "Bukan faktur pajak." in paper.notes

    def test_a_copy_of_an_old_revision_says_so_and_takes_no_money(self, sample, write) -> None:
        frozen = snapshot(write(sample.invoice(paid=500_000), 2))

        copy = old_copy(frozen, 2, 3)

        assert copy["band"]["word"] == "SALINAN"
        assert copy["band"]["text"] == "Rev. 2, sudah diganti Rev. 3. Dulu: sebagian lunas."
        assert (copy["pay"], copy["how"]) == (None, [])
        assert frozen["pay"] is not None

    def test_a_revision_is_shown_from_the_second_on(self, sample, write) -> None:
        assert write(sample.invoice()).revision is None
        assert write(sample.invoice(), 2).revision == 2


class TestLateness:
    @pytest.mark.parametrize(("days", "late"), [(0, False), (1, True), (12, True)])
    def test_a_bill_is_late_from_the_day_after(self, sample, write, days: int, late: bool) -> None:
        frozen = snapshot(write(sample.invoice()))

        printed = on_day(frozen, date(2026, 12, 10) + timedelta(days=days))

        assert (printed["band"] is not None) is late
        if late:
            assert printed["band"]["word"] == f"LEWAT JATUH TEMPO {days} HARI"
            assert printed["pay"]["headline"].startswith("Segera bayar")

    def test_a_paid_bill_is_never_late(self, sample, write) -> None:
        frozen = snapshot(write(sample.invoice(paid=1_250_000)))

        assert on_day(frozen, date(2030, 1, 1)) == frozen


class TestRevisions:
    def test_only_what_the_bill_says_makes_a_revision(self, sample) -> None:
        first = sample.invoice()

        assert essentials(first) == essentials(sample.invoice())
        assert essentials(first) != essentials(sample.invoice(paid=1))
        assert essentials(first) != essentials(sample.invoice(due_on=date(2026, 12, 11)))
        assert essentials(first) != essentials(sample.invoice(account=None))

    def test_a_paid_bill_does_not_care_what_becomes_of_its_account(self, sample) -> None:
        paid = sample.invoice(paid=1_250_000)

        assert essentials(paid) == essentials(sample.invoice(paid=1_250_000, account=None))


class TestFigures:
    @given(total=st.integers(1, 10**12), part=st.integers(0, 100))
    def test_sums_and_donut_follow_the_figures(self, total: int, part: int) -> None:
        from reporting.domain.papers.base import donut

        paid = total * part // 100
        drawn = donut([("Terbayar", paid), ("Sisa", total - paid)], "Posisi")

        assert drawn.total == total
        assert sum(round(float(p.share) * 10) for p in drawn.parts) == 1000
