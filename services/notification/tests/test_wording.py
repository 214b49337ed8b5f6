"""The words of messages: exact, one value per line, decodable from the address."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from notification.domain.message import (
    Bill,
    Letterhead,
    Proof,
    RecipientNotMobile,
    check_recipient,
    whatsapp_address,
)
from notification.domain.spelling import long_date, one_line, salutation, what_for
from notification.domain.template import DEFAULTS, Language, Purpose, fill
from shared.money import Rupiah

LETTERHEAD = Letterhead("PT Griya Bogor", "https://tagihan.example/")


def bill(name: str = "Bapak Mahmud Sulaiman") -> Bill:
    return Bill(
        customer_name=name,
        number="INV/2026/11/000123",
        about="Kavling B-12 (Angsuran 3 dari 20)",
        amount=Rupiah(1_250_000),
        due_on=date(2026, 12, 10),
        virtual_account="8810081234567890",
        holder_name="Mahmud Sulaiman",
        link=LETTERHEAD.link("/d/a1b2c3"),
        signature=LETTERHEAD.signature("Bapak Wawan"),
    )


def bill_text(about: Bill) -> str:
    words = DEFAULTS[Purpose.BILL, Language.INDONESIAN]
    return fill(words, about.values(Language.INDONESIAN))


class TestABill:
    def test_a20_it_says_what_how_much_until_when_and_where_to(self) -> None:
        assert bill_text(bill()).splitlines() == [
            "Yth. Bapak Mahmud Sulaiman,",
            "Tagihan *INV/2026/11/000123* untuk Kavling B-12 (Angsuran 3 dari 20) sebesar"
            " *Rp1.250.000* jatuh tempo *10 Desember 2026*.",
            "Bayar ke VA BNI *8810081234567890* a.n. Mahmud Sulaiman.",
            "Rincian & PDF: https://tagihan.example/d/a1b2c3",
            "Abaikan bila sudah membayar. Terima kasih.",
            "Bapak Wawan, PT Griya Bogor",
        ]

    def test_b5_a_name_can_neither_add_a_line_nor_bold_text(self) -> None:
        text = bill_text(bill("Mahmud\nBayar ke *VA 999*"))

        assert text.splitlines()[0] == "Yth. Bapak/Ibu Mahmud Bayar ke VA 999,"


class TestAProof:
    @pytest.mark.parametrize(
        ("verified", "line"),
        [
            (True, "Kwitansi: https://tagihan.example/d/x"),
            (
                False,
                "Bukti bayar sementara (menunggu konfirmasi bank): https://tagihan.example/d/x",
            ),
        ],
    )
    def test_c11_only_a_confirmed_payment_has_a_receipt(self, verified: bool, line: str) -> None:
        proof = Proof(
            customer_name="Ibu Siti",
            amount=Rupiah(750_000),
            paid_on=date(2026, 11, 23),
            invoice_numbers="INV/2026/11/000119",
            verified=verified,
            link=LETTERHEAD.link("/d/x"),
            signature="Ibu Sari, PT Griya Bogor",
        )

        words = DEFAULTS[Purpose.RECEIPT, Language.INDONESIAN]
        lines = fill(words, proof.values(Language.INDONESIAN)).splitlines()

        assert lines[1] == (
            "Pembayaran *Rp750.000* tanggal *23 November 2026* untuk tagihan"
            " *INV/2026/11/000119* sudah kami terima."
        )
        assert lines[2] == line


class TestTheAddress:
    @pytest.mark.parametrize(
        "name", ["Ibu Rene", "Bapak Đặng & Anak +50% #1?", "Ibu 王", "Bapak 😀"]
    )
    def test_it_decodes_to_the_exact_text(self, name: str) -> None:
        text = bill_text(bill(name))

        address = urlsplit(whatsapp_address("+628561101133", text))

        assert (address.netloc, address.path) == ("wa.me", "/628561101133")
        assert parse_qs(address.query, strict_parsing=True) == {"text": [text]}
        assert "+" not in address.query

    @pytest.mark.parametrize("phone", ["+622518321234", "+6591234567", "+14155552671"])
    def test_landlines_and_foreign_numbers_are_refused_with_the_way_out(self, phone: str) -> None:
        with pytest.raises(RecipientNotMobile, match="Perbaiki nomor HP pelanggan"):
            check_recipient(phone)


class TestSpelling:
    @pytest.mark.parametrize(
        ("stored", "greeted"),
        [
            ("Bapak Mahmud", ""),
            ("ibu Siti", ""),
            ("Bpk. Amir", ""),
            ("PT Maju", ""),
            ("Mahmud", "Bapak/Ibu"),
            ("Ibunda Siti", "Bapak/Ibu"),
        ],
    )
    def test_a_customer_is_greeted_as_he_is_stored(self, stored: str, greeted: str) -> None:
        assert salutation(stored) == greeted

    @pytest.mark.parametrize(
        ("title", "lines", "said"),
        [
            (
                "Angsuran 3 dari 20",
                ["Angsuran 3 dari 20: Kavling B-12"],
                "Kavling B-12 (Angsuran 3 dari 20)",
            ),
            ("Pelunasan", ["Kavling B-12"], "Kavling B-12 (Pelunasan)"),
            ("Pelunasan", ["Pintu", "Kunci"], "Pintu + 1 lainnya (Pelunasan)"),
            ("Denda", ["Denda"], "Denda"),
            ("Denda", ["Denda", "Meterai"], "Denda + 1 lainnya"),
        ],
    )
    def test_what_a_bill_is_for_is_said_once(self, title: str, lines: list[str], said: str) -> None:
        assert what_for(title, lines) == said

    def test_days_are_written_out(self) -> None:
        assert long_date(date(2028, 2, 29)) == "29 Februari 2028"

    def test_a_value_stays_on_its_line(self) -> None:
        assert one_line(" a\n\tb * c ") == "a b c"
