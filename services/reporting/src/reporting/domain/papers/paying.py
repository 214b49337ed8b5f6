"""Where and how a bill is paid: the box that must be seen first."""

from __future__ import annotations

from dataclasses import dataclass

from reporting.domain.facts import AccountFacts, InvoiceFacts
from reporting.domain.spelling import grouped, long_day, moment, money

CLOSED = frozenset({"expired", "cancelled", "paid"})
"""States of an account that nobody can pay into any more."""

_EXACTLY = "Jumlahnya harus sama persis."

HOW_TO_PAY = (
    (
        "BNI.",
        "Di aplikasi, ATM, atau internet banking pilih Pembayaran › Virtual Account, "
        "lalu masukkan nomor dalam kotak bayar.",
    ),
    (
        "Bank lain.",
        "Transfer ke BNI (kode 009) dengan nomor virtual account sebagai rekening tujuan. "
        + _EXACTLY,
    ),
    ("Teller.", "Sebutkan nomor virtual account dan nama pemiliknya."),
)

SHARED = {"contract": "nomor tetap kontrak ini", "customer": "nomor tetap pelanggan ini"}
"""What an account is called that serves more than one bill; the payer types the amount."""


@dataclass(frozen=True, slots=True)
class PaymentBox:
    """The box that must be seen first: where to pay, how much, under which rule."""

    headline: str
    bank: str
    account: str
    holder: str
    validity: str
    amount: int
    rule: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What stands in the box when there is nothing to pay, or nowhere to pay it yet."""

    headline: str
    text: str


@dataclass(frozen=True, slots=True)
class Hint:
    """One way to pay."""

    name: str
    text: str


def payable_account(invoice: InvoiceFacts) -> AccountFacts | None:
    """Give the account that takes what is owed; None while there is none.

    One that serves this bill alone must ask for exactly the rest; the others take any part of it.
    """
    account = invoice.account
    if not invoice.unpaid_idr or account is None or not account.number:
        return None
    fits = account.mode in SHARED or account.amount_idr == invoice.unpaid_idr
    return account if fits and account.status == "active" else None


def how_to_pay(account: AccountFacts) -> tuple[Hint, ...]:
    """Say how to pay into an account; into a shared one the payer types the amount."""
    if account.mode not in SHARED:
        return tuple(Hint(*way) for way in HOW_TO_PAY)
    typed = "Ketik sendiri jumlah yang tertulis di kotak bayar."
    return tuple(Hint(name, text.replace(_EXACTLY, typed)) for name, text in HOW_TO_PAY)


def payment_box(invoice: InvoiceFacts, account: AccountFacts) -> PaymentBox:
    """Write the box that must be seen first."""
    until = f"berlaku sampai {moment(account.expires_at)}" if account.expires_at else ""
    shared = SHARED.get(account.mode)
    return PaymentBox(
        headline=f"Bayar sebelum {long_day(invoice.due_on)}",
        bank="Virtual Account BNI",
        account=grouped(account.number or ""),
        holder=account.holder_name,
        validity=shared or until,
        amount=invoice.unpaid_idr,
        rule="ketik jumlah ini saat membayar" if shared else "harus tepat sejumlah ini",
    )


def notice(invoice: InvoiceFacts) -> Notice:
    """Say why there is nothing to pay, or nowhere to pay it yet."""
    status = invoice.present_status
    if status == "paid":
        receipts = ", ".join(invoice.receipts)
        proof = f" Kwitansi: {receipts}." if receipts else ""
        return Notice("Terima kasih, tagihan ini lunas", f"Tidak ada yang perlu dibayar.{proof}")
    if status == "draft":
        return Notice("Belum dapat dibayar", "Tagihan ini masih draf dan belum terbit.")
    if status == "cancelled":
        return Notice("Jangan dibayar", "Tagihan ini tidak berlaku.")
    closed = invoice.account is not None and invoice.account.status in CLOSED
    reason = "sudah ditutup" if closed else "sedang disiapkan bank"
    return Notice(
        f"Jumlah yang harus dibayar {money(invoice.unpaid_idr)}",
        f"Nomor virtual account {reason}. Mintalah tagihan ini sekali lagi sebelum membayar.",
    )
