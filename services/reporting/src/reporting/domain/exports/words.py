"""States and filters in words: what a file says where a program has a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from reporting.domain.exports.filters import Filters
from reporting.domain.spelling import short_day

STATUS = {"active": "Aktif", "inactive": "Nonaktif"}
STANDING = {
    "none": "Belum ada tagihan",
    "overdue": "Menunggak",
    "paid": "Lunas",
    "due_soon": "Jatuh tempo dekat",
    "partially_paid": "Sebagian lunas",
    "issued": "Terbit",
    "scheduled": "Terjadwal",
}
INVOICE = {
    "draft": "Draf",
    "issued": "Terbit",
    "partially_paid": "Sebagian lunas",
    "paid": "Lunas",
    "cancelled": "Batal",
}
ACCOUNT = {
    "requested": "Diminta",
    "unknown": "Belum pasti",
    "active": "Aktif",
    "paid": "Lunas",
    "expired": "Kedaluwarsa",
    "cancelled": "Dibatalkan",
    "failed": "Gagal",
}
PAYMENT = {"posted": "Dicatat", "allocated": "Dialokasikan", "reversed": "Dibalik"}
VERIFICATION = {
    "unverified": "Menunggu konfirmasi bank",
    "verified": "Terkonfirmasi",
    "disputed": "Ditahan",
}
CHANNEL = {"bni_va": "VA BNI", "bank_transfer": "Transfer bank", "cash": "Tunai"}
PRODUCT = {"one_off": "Sekali jual", "subscription": "Langganan"}
ON_SALE = {"True": "Dijual", "False": "Tidak dijual"}
BOOKING = {"confirmed": "Dikonfirmasi", "cancelled": "Batal"}
_VIEW = {
    "overdue": "Menunggak",
    "due_this_week": "Jatuh tempo minggu ini",
    "due_soon": "Jatuh tempo dekat",
    "without_invoices": "Belum ada tagihan",
}
_GROUP = {"day": "per hari", "week": "per minggu", "month": "per bulan"}
_TITLES = {
    "view": "tampilan",
    "status": "status",
    "search": "pencarian",
    "marketing_id": "marketing",
    "customer_id": "pelanggan",
    "invoice_id": "tagihan",
    "booking_id": "booking",
    "verification": "konfirmasi bank",
    "channel": "kanal",
    "kind": "jenis",
    "group": "dikelompokkan",
    "due_from": "jatuh tempo sejak",
    "due_to": "jatuh tempo sampai",
    "from_day": "sejak",
    "to_day": "sampai",
}
_FLAGS = {
    ("overdue", True): "hanya yang menunggak",
    ("overdue", False): "tanpa yang menunggak",
    ("active", True): "hanya yang dijual",
    ("active", False): "hanya yang tidak dijual",
}
_STATES: tuple[Mapping[str, str], ...] = (
    {**INVOICE, **_VIEW},
    ACCOUNT,
    PAYMENT,
    VERIFICATION,
    CHANNEL,
    PRODUCT,
    BOOKING,
    STATUS,
    _GROUP,
)


def filter_words(wanted: Filters, names: Mapping[str, str]) -> str:
    """Say a filter in words; without one, that everything is there.

    Args:
        names: what the ids among the filters stand for, by filter.
    """
    parts = list(_parts(wanted, names))
    return "; ".join(parts) if parts else "tanpa saringan (semua)"


def _parts(wanted: Filters, names: Mapping[str, str]) -> Iterable[str]:
    default = type(wanted)()
    for name in type(wanted).model_fields:
        value = getattr(wanted, name)
        if value is None or (value == getattr(default, name) and name != "group"):
            continue
        if isinstance(value, bool):
            yield _FLAGS[name, value]
        elif name in names:
            yield f"{_TITLES[name]}: {names[name]}"
        elif isinstance(value, date):
            yield f"{_TITLES[name]} {short_day(value)}"
        elif name == "search":
            yield f"{_TITLES[name]}: “{value}”"
        else:
            yield f"{_TITLES[name]}: {_state(str(value))}"


def _state(value: str) -> str:
    return next((words[value] for words in _STATES if value in words), "lainnya")
