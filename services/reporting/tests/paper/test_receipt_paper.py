"""Bukti bayar sementara and Kwitansi."""

from __future__ import annotations

import pytest

from reporting.domain.papers.receipt import Receipt, needs_stamp_duty, receipt_paper


@pytest.fixture
def write(sample):
    def written(payment, *, official: bool):
        receipt = Receipt(payment, sample.customer, 21_250_000)
        return receipt_paper(receipt, sample.imprint("KW/2026/12/000087"), official=official)

    return written


class TestLevels:
    def test_c11_before_the_bank_confirms_nothing_is_signed(self, sample, write) -> None:
        paid = sample.payment(1_250_000, {sample.invoice(): 1_250_000}, verification="unverified")

        paper = write(paid, official=False)

        assert paper.heading == "Bukti bayar sementara"
        assert (paper.signature, paper.meterai) == (None, False)
        assert paper.band.word == "SEMENTARA"
        assert "Bukan kwitansi" in paper.band.text

    def test_a_kwitansi_has_amount_words_purpose_and_signature(self, sample, write) -> None:
        bill = sample.invoice()
        paper = write(sample.payment(1_250_000, {bill: 1_250_000}), official=True)

        assert paper.heading == "Kwitansi"
        assert paper.words == "satu juta dua ratus lima puluh ribu rupiah"
        assert paper.purpose == f"{bill.title} ({bill.number})"
        assert paper.method == "Virtual Account BNI 9888 •••• •••• 7890 · referensi bank 123456"
        assert paper.signature.place_date == "Bogor, 23 November 2026"

    @pytest.mark.parametrize(
        ("verification", "why"),
        [
            ("verified", "pencatatan pembayaran ini dibetulkan"),
            ("disputed", "bank tidak membenarkan pembayaran ini"),
        ],
    )
    def test_a_reversed_payment_voids_its_receipt(self, sample, write, verification, why) -> None:
        gone = sample.payment(
            1_250_000,
            {sample.invoice(): 1_250_000},
            status="reversed",
            verification=verification,
        )

        paper = write(gone, official=True)

        assert (paper.band.word, paper.band.text) == ("DIBATALKAN", why)
        assert (paper.signature, paper.meterai) == (None, False)

    def test_a_disputed_payment_is_held(self, sample, write) -> None:
        held = sample.payment(1_250_000, {sample.invoice(): 1_250_000}, verification="disputed")

        assert write(held, official=False).band.word == "DITAHAN"


class TestUses:
    def test_m5_the_uses_add_up_to_the_payment(self, sample, write) -> None:
        paid = sample.payment(1_500_000, {sample.invoice(): 1_250_000})

        paper = write(paid, official=True)

        assert [use.amount for use in paper.uses] == [1_250_000, 250_000]
        assert paper.uses[1].text.startswith("Titipan")
        assert sum(use.amount for use in paper.uses) == paper.amount

    def test_m5_money_that_was_returned_is_no_credit(self, sample, write) -> None:
        paid = sample.payment(1_500_000, {sample.invoice(): 1_250_000}, disposed=250_000)

        paper = write(paid, official=True)

        assert [(use.text, use.amount) for use in paper.uses][1:] == [
            ("Dikembalikan atau dihapusbukukan", 250_000)
        ]
        assert "titipan" not in paper.purpose.lower()


class TestStampDuty:
    @pytest.mark.parametrize(("amount", "needed"), [(5_000_000, False), (5_000_001, True)])
    def test_more_than_five_million_needs_a_meterai(self, amount: int, needed: bool) -> None:
        assert needs_stamp_duty(amount) is needed

    def test_only_a_kwitansi_has_the_space_for_it(self, sample, write) -> None:
        paid = sample.payment(7_750_000, {sample.invoice(): 1_250_000})

        assert write(paid, official=True).meterai
        assert not write(paid, official=False).meterai

    def test_who_bears_the_duty_is_said_only_where_it_is_due(self, sample, write) -> None:
        large, small = sample.payment(7_750_000, {}), sample.payment(5_000_000, {})

        assert write(large, official=True).notes[0] == "Bea meterai Rp10.000 ditanggung kami."
        assert "meterai" not in " ".join(write(small, official=True).notes)
