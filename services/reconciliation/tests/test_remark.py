"""What is read from the text of a line: the account, the payer, a fee; never what is not there."""

from __future__ import annotations

import pytest

from reconciliation.domain.remark import account_in, is_fee, payer_in
from shared.money import Rupiah

VA = "8810081234567890"


@pytest.mark.parametrize(
    ("said", "account"),
    [
        (f"VA {VA} NTB777 MAHMUD", VA),
        (f"PEMBAYARAN VIRTUAL ACCOUNT: {VA}", VA),
        (f"TRF {VA} SITI", VA),
        (f"VA {VA} UNTUK VA {VA}", VA),
        ("VA 12345678 MAHMUD", "12345678"),
        (f"VA {VA} LALU VA 8810081234567891", ""),
        (f"TRF {VA}1 SITI", ""),
        ("TRF 1234567890123456 SITI", ""),
        ("OVA 12345678", ""),
        ("", ""),
    ],
)
def test_the_account_is_the_one_that_is_named(said: str, account: str) -> None:
    assert account_in(said) == account


@pytest.mark.parametrize(
    ("said", "payer"),
    [
        (f"VA {VA} NTB777001 MAHMUD SULAIMAN", "MAHMUD SULAIMAN"),
        ("TRF DARI SITI AMINAH", "SITI AMINAH"),
        ("Transfer dari  Budi   Santoso 20261118", "BUDI SANTOSO"),
        ("SETORAN TUNAI", ""),
        ("VALENTINO ROSSI", "VALENTINO ROSSI"),
    ],
)
def test_the_payer_is_what_is_left(said: str, payer: str) -> None:
    assert payer_in(said) == payer


@pytest.mark.parametrize(
    ("said", "amount", "fee"),
    [
        ("BIAYA ADM BULANAN", 12_500, True),
        ("biaya  adm", 12_500, True),
        ("BIAYA", 50_000, True),
        ("BIAYA", 50_001, False),
        ("BIAYANYA MAHAL", 5_000, False),
        ("TRF KE BIAYA", 5_000, False),
    ],
)
def test_only_a_small_debit_that_is_called_a_fee_is_one(said: str, amount: int, fee: bool) -> None:
    assert is_fee(said, Rupiah(amount), ("BIAYA", "BIAYA ADM"), Rupiah(50_000)) is fee
