"""Why a message of the bank is not believed, in the words that people read."""

from bank_gateway.domain.notice import Contradiction

UNKNOWN_BILLING = "unknown_billing"
"""Not a contradiction: the message is about a billing that we never registered (C5)."""

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
    UNKNOWN_BILLING: "Transaksi ini tidak pernah kita buka, dan bank tidak membenarkannya.",
}


def words(contradiction: str) -> str:
    """Spell a contradiction as it is kept: its name, with the field that is at fault behind it."""
    name, _, field = contradiction.partition(":")
    return _DETAILS[name].format(field=field)
