"""Every status as colour, icon and word; a page never shows the raw state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

DUE_SOON_DAYS = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """What a status looks like; ``tone`` and ``icon`` are names of the style sheet."""

    tone: str
    icon: str
    word: str
    struck: bool = False


UNKNOWN = Mark("muted", "circle-dashed", "Belum diketahui")

INVOICE = {
    "draft": Mark("muted", "pencil", "Draf"),
    "scheduled": Mark("muted", "calendar", "Terjadwal"),
    "issued": Mark("info", "send", "Terbit"),
    "partially_paid": Mark("info", "circle-dot-dashed", "Sebagian lunas"),
    "paid": Mark("success", "circle-check", "Lunas"),
    "cancelled": Mark("muted", "ban", "Batal", struck=True),
}
VIRTUAL_ACCOUNT = {
    "requested": Mark("muted", "circle-dashed", "Diminta"),
    "unknown": Mark("warning", "circle-question-mark", "Belum pasti"),
    "active": Mark("success", "circle-check", "Aktif"),
    "paid": Mark("success", "check-check", "Lunas"),
    "expired": Mark("muted", "timer-off", "Kedaluwarsa"),
    "cancelled": Mark("muted", "ban", "Dibatalkan"),
    "failed": Mark("error", "circle-x", "Gagal"),
}
VERIFICATION = {
    "unverified": Mark("warning", "clock", "Menunggu konfirmasi bank"),
    "verified": Mark("success", "check", "Terkonfirmasi"),
    "disputed": Mark("error", "shield-alert", "Ditahan"),
}
REVERSED = Mark("muted", "undo-2", "Dibalik")
IN_QUEUE = Mark("error", "inbox", "Belum dikenali")
BOOKING = {
    "draft": Mark("muted", "pencil", "Draf"),
    "confirmed": Mark("success", "circle-check", "Dikonfirmasi"),
    "completed": Mark("success", "check-check", "Selesai"),
    "cancelled": Mark("muted", "ban", "Batal", struck=True),
}
HANDOVER = {
    "draft": Mark("muted", "pencil", "Belum dijalankan"),
    "running": Mark("info", "clock", "Sedang berjalan"),
    "done": Mark("success", "circle-check", "Selesai"),
    "undoing": Mark("warning", "undo-2", "Sedang dikembalikan"),
    "undone": Mark("muted", "undo-2", "Dikembalikan"),
}
REQUEST = {
    "open": Mark("warning", "clock", "Menunggu Admin"),
    "applied": Mark("success", "circle-check", "Dijalankan"),
    "refused": Mark("error", "ban", "Ditolak"),
}
CUSTOMER = {
    "overdue": Mark("error", "triangle-alert", "Menunggak"),
    "due_soon": Mark("warning", "calendar-clock", "Jatuh tempo dekat"),
    "partially_paid": Mark("info", "circle-dot-dashed", "Sebagian lunas"),
    "issued": Mark("info", "send", "Terbit"),
    "scheduled": Mark("muted", "calendar", "Terjadwal"),
    "paid": Mark("success", "circle-check", "Lunas"),
    "none": Mark("muted", "circle-dashed", "Belum ada tagihan"),
}
MESSAGE = {
    "queued": Mark("muted", "clock", "Antre"),
    "opened": Mark("info", "message-circle", "Dibuka"),
    "sending": Mark("info", "send", "Sedang dikirim"),
    "unknown": Mark("warning", "circle-question-mark", "Belum pasti"),
    "sent": Mark("success", "check", "Terkirim"),
    "delivered": Mark("success", "check-check", "Diterima"),
    "read": Mark("success", "eye", "Dibaca"),
    "failed": Mark("error", "circle-x", "Gagal"),
    "cancelled": Mark("muted", "ban", "Dibatalkan"),
}
CHANNELS = {"bni_va": "VA BNI", "cash": "Tunai", "bank_transfer": "Transfer bank"}
PLANS = {"cash": "Tunai", "installment": "Bertahap", "monthly": "Bulanan tetap"}
PRODUCTS = {"one_off": "Sekali jual", "subscription": "Langganan"}
USER = {
    "active": Mark("success", "circle-check", "Aktif"),
    "invited": Mark("info", "mail", "Diundang"),
    "waiting": Mark("warning", "timer-off", "Belum ada kata sandi"),
    "disabled": Mark("muted", "ban", "Nonaktif"),
}
FACTOR_ON = Mark("success", "shield-check", "Aktif")
ROLES = {"admin": "Admin", "marketing": "Marketing"}


def invoice(state: str, due_on: date, outstanding_idr: int, today: date) -> Mark:
    """Give an invoice's mark; late and nearly due are computed from the due date (S)."""
    if state in {"issued", "partially_paid"} and outstanding_idr > 0:
        days = (due_on - today).days
        if days < 0:
            return Mark("error", "triangle-alert", f"Menunggak {-days} hari")
        if days <= DUE_SOON_DAYS:
            near = {0: "hari ini", 1: "besok"}.get(days, f"{days} hari")
            return Mark("warning", "calendar-clock", f"Jatuh tempo {near}")
    return INVOICE.get(state, UNKNOWN)


def payment(state: str, verification: str, *, known: bool = True) -> Mark:
    """Give a payment's mark: reversed first, then what the bank confirmed (C11), then whose."""
    if state == "reversed":
        return REVERSED
    if not known:
        return IN_QUEUE
    return VERIFICATION.get(verification, UNKNOWN)


def customer(state: str, overdue_days: int) -> Mark:
    """Give a customer's mark; arrears name their age."""
    if state == "overdue" and overdue_days > 0:
        return Mark("error", "triangle-alert", f"Menunggak {overdue_days} hari")
    return CUSTOMER.get(state, UNKNOWN)


def channel(name: str) -> str:
    """Name a money channel for a reader."""
    return CHANNELS.get(name, "Lainnya")
