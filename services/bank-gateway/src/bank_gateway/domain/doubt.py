"""Why a message of the bank is not believed, in the words that people read; what ends that."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from bank_gateway.domain.gaps import PATIENCE
from bank_gateway.domain.notice import Contradiction

UNKNOWN_BILLING = "unknown_billing"
"""Not a contradiction: the message is about a billing that we never registered (C5)."""

MISSING_MONEY = "missing_money"
"""Nor this: the bank confirmed a payment on such a billing, and does not name what came before."""

_DETAILS = {
    Contradiction.FIELD: "Isian {field} tidak ada atau tidak terbaca.",
    Contradiction.CUMULATIVE: "Jumlah seluruh pembayaran lebih kecil daripada pembayaran ini.",
    Contradiction.AMOUNT_ZERO: "Nominal pembayarannya nol.",
    Contradiction.ACCOUNT: "Nomor virtual account bukan milik transaksi ini.",
    Contradiction.BILLING: (
        "Nomor virtual account-nya milik kita, tetapi nomor transaksinya tidak pernah kita buka."
    ),
    Contradiction.BILLED: "Nominal tagihannya tidak pernah kita minta.",
    Contradiction.TYPE: "Nominalnya tidak mungkin untuk jenis virtual account ini.",
    Contradiction.OVERLAP: "Uang yang disebutnya sudah tercatat pada pembayaran lain.",
    Contradiction.KEY: "Pembayaran yang sama pernah diberitakan dengan isi lain.",
    Contradiction.EXPIRED: "Dibayar setelah virtual account berakhir.",
    Contradiction.CLOSED: "Dibayar ke virtual account yang sudah ditutup.",
    MISSING_MONEY: (
        "Bank memegang uang lain pada transaksi yang tidak pernah kita buka, tanpa merincinya."
    ),
    UNKNOWN_BILLING: "Transaksi ini tidak pernah kita buka, dan bank tidak membenarkannya.",
}


def speaks_at(
    seen_at: datetime, paid_at: datetime | None, last_paid_at: datetime | None
) -> datetime:
    """Say from when on the bank's record holds the money that a message told of, if there is any.

    Its total only grows, so it does as soon as it holds a payment that was not made earlier;
    otherwise after the time that anything may be under way (R2).

    Args:
        seen_at: when the message came last.
        paid_at: when it says that the payment was made, where that can be read.
        last_paid_at: when the last payment was made that the record holds.
    """
    if paid_at is not None and last_paid_at is not None and last_paid_at >= paid_at:
        return seen_at
    return seen_at + PATIENCE


def outcome(
    paid_at: datetime | None, came: Collection[datetime], *, is_found: bool
) -> Literal["genuine_came", "bank_agrees_with_us"]:
    """Say how a doubt ended, once the bank's record and ours agree.

    Args:
        came: when the payments were made that notifications have told of since.
        is_found: an inquiry has found money since.
    """
    if is_found or paid_at in came or (paid_at is None and came):
        return "genuine_came"
    return "bank_agrees_with_us"


def words(contradiction: str) -> str:
    """Spell a contradiction as it is kept: its name, with the field that is at fault behind it."""
    name, _, field = contradiction.partition(":")
    return _DETAILS[name].format(field=field)
