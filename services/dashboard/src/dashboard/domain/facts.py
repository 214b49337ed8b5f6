"""Fields and their values in the words of a reader; nothing is shown as the machine spells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dashboard.domain import status, wording
from dashboard.domain.closing import EXCEPTIONS
from dashboard.domain.inbox import DONE, STATES

Facts = Mapping[str, Any]

CUSTOMER = {
    "name": "Nama",
    "phone": "No. HP",
    "address": "Alamat",
    "email": "Email",
    "status": "Status",
}
"""What is asked for in a change request, in the order of the customer's form."""
FIELDS = CUSTOMER | {
    "number": "Nomor",
    "username": "Nama pengguna",
    "role": "Peran",
    "disabled": "Dinonaktifkan",
    "password_changed": "Kata sandi diganti",
    "marketing_name": "Marketing",
    "code": "Kode",
    "description": "Keterangan",
    "price_idr": "Harga",
    "kind": "Jenis",
    "active": "Ditawarkan",
    "items": "Produk",
    "plan": "Skema bayar",
    "notes": "Catatan",
    "booked_at": "Dicatat",
    "registered_at": "Terdaftar",
    "booking_number": "Booking",
    "title": "Untuk",
    "due_on": "Jatuh tempo",
    "total_idr": "Jumlah",
    "amount_idr": "Jumlah",
    "paid_idr": "Terbayar",
    "allocated_idr": "Dialokasikan",
    "unallocated_idr": "Belum dialokasikan",
    "disposed_idr": "Dikembalikan atau dihapus",
    "cumulative_idr": "Total di bank",
    "cancel_reason": "Alasan batal",
    "cancelled": "Dibatalkan",
    "verification": "Konfirmasi bank",
    "payment_ntb": "Referensi bank",
    "expires_at": "Berlaku sampai",
    "paid_at": "Dibayar",
    "trouble": "Kendala",
    "evidence": "Bukti",
    "outcome": "Hasil",
    "owner": "Pemegang",
    "text": "Isi",
    "action": "Keputusan",
    "state": "Keadaan",
    "proposed_by": "Diusulkan oleh",
    "reason": "Alasan",
    "asked_by_name": "Diminta oleh",
    "about_number": "Tentang",
    "changes": "Perubahan",
    "decided_by_name": "Diputuskan oleh",
    "words": "Kata Admin",
    "opened_count": "Dibuka",
    "revision": "Revisi",
    "list_name": "Daftar",
    "format": "Format",
    "rows_done": "Baris",
    "rows": "Baris",
    "day": "Hari",
    "no": "No.",
    "period": "Periode",
    "done": "Diperiksa",
    "created": "Dibuat",
    "skipped": "Dilewati",
    "failed": "Gagal",
    "file_name": "Berkas",
    "source": "Alamat asal",
}
_WORDS: dict[str, Mapping[str, str]] = {
    "role": status.ROLES,
    "action": DONE,
    "state": {key: mark.word for key, mark in STATES.items()},
    "verification": {key: mark.word for key, mark in status.VERIFICATION.items()},
    "format": {"csv": "CSV", "xlsx": "XLSX"},
    "list_name": {
        "customers": "Pelanggan",
        "invoices": "Tagihan",
        "payments": "Pembayaran",
        "bookings": "Booking",
    },
    "kind": {
        **status.PLANS,
        **status.PRODUCTS,
        **EXCEPTIONS,
        "customers": "Pelanggan",
        "products": "Produk",
        "bookings": "Booking",
        "session": "Browser",
        "token": "Program",
    },
}
_MESSAGE_STATES = {key: mark.word for key, mark in status.MESSAGE.items()}
_STATES = {
    "customer": {"active": "Aktif", "inactive": "Tidak aktif"},
    "invoice": {key: mark.word for key, mark in status.INVOICE.items()},
    "booking": {key: mark.word for key, mark in status.BOOKING.items()},
    "virtual_account": {key: mark.word for key, mark in status.VIRTUAL_ACCOUNT.items()},
    "change_request": {key: mark.word for key, mark in status.REQUEST.items()},
    "payment": {
        "received": "Diterima",
        "posted": "Dibukukan",
        "allocated": "Dialokasikan",
        "reversed": "Dibalik",
    },
}
_OTHER = "Lainnya"
NOTHING = "kosong"


@dataclass(frozen=True, slots=True)
class Change:
    """One field, before and after, as it is read; ``before`` is empty for something new."""

    field: str
    word: str
    before: str
    after: str


def changes(before: Facts, after: Facts, kind: str = "customer") -> list[Change]:
    """Put the fields of ``after`` beside what they were, those that read the same left out."""
    told = [
        Change(
            field,
            word,
            value(field, before[field], kind) if field in before else "",
            value(field, after[field], kind),
        )
        for field, word in FIELDS.items()
        if field in after
    ]
    return [each for each in told if each.before != each.after]


def value(field: str, raw: Any, kind: str = "customer") -> str:
    """Spell one value."""
    if raw in (None, "", [], {}):
        return NOTHING
    if isinstance(raw, bool):
        return "Ya" if raw else "Tidak"
    words = _STATES.get(kind, {}) if field == "status" else _WORDS.get(field)
    if field == "state" and kind == "message":
        words = _MESSAGE_STATES
    if field == "outcome" and kind != "exception":
        words = {}  # a code between services
    if words is not None:
        return _capital(words.get(str(raw), _OTHER))
    if spell := _SPELLED.get(field.rpartition("_")[2]):
        return spell(raw)
    return _plain(field, raw)


def _plain(field: str, raw: Any) -> str:
    if isinstance(raw, dict):
        if "kind" in raw:
            return status.PLANS.get(str(raw["kind"]), _OTHER)
        return ", ".join(FIELDS[name] for name in raw if name in FIELDS) or _OTHER
    if isinstance(raw, list):
        names = [str(each.get("product_name", "")) for each in raw if isinstance(each, dict)]
        return ", ".join(name for name in names if name) or f"{len(raw)} baris"
    if isinstance(raw, int):
        return wording.grouped(raw)
    return wording.phone(str(raw)) if field == "phone" else str(raw)


def _money(raw: Any) -> str:
    return wording.money(raw) if isinstance(raw, int) else _OTHER


def _day(raw: Any) -> str:
    try:
        return wording.day(date.fromisoformat(str(raw)))
    except ValueError:
        return _OTHER


def _moment(raw: Any) -> str:
    try:
        return wording.moment(datetime.fromisoformat(str(raw)))
    except ValueError:
        return _OTHER


_SPELLED: dict[str, Callable[[Any], str]] = {
    "idr": _money,
    "on": _day,
    "day": _day,
    "at": _moment,
}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
