"""The lists that can be had as files, and their columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.domain.exports import filters
from reporting.domain.exports.job import ColumnUnknown
from reporting.domain.exports.words import (
    ACCOUNT,
    BOOKING,
    CHANNEL,
    INVOICE,
    ON_SALE,
    PAYMENT,
    PRODUCT,
    STANDING,
    STATUS,
    VERIFICATION,
)
from shared.sheets.cells import Column, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportList:
    """One list.

    Attributes:
        permission: what reading the list itself takes; a file of it takes no less.
        follows_customers: a file holds customers' data, so it dies with the right to see them.
        details: columns of a second table, in formats that have room for one.
    """

    name: str
    title: str
    permission: str
    filters: type[filters.Filters]
    columns: tuple[Column, ...]
    follows_customers: bool = True
    details: tuple[Column, ...] = ()

    def chosen(self, keys: Sequence[str] | None) -> tuple[Column, ...]:
        """Give the wanted columns in the wanted order; without a wish, the usual ones.

        Raises:
            ColumnUnknown: a key is not among the list's columns, or comes twice.
        """
        if not keys:
            return tuple(column for column in self.columns if not column.asked)
        known = {column.key: column for column in self.columns}
        for at, key in enumerate(keys):
            if key not in known or key in keys[:at]:
                raise ColumnUnknown(name=key, field=f"columns.{at}")
        return tuple(known[key] for key in keys)


def _money(key: str, title: str, *, summed: bool = True) -> Column:
    return Column(key, title, Kind.MONEY, 17, summed=summed)


def _count(key: str, title: str, *, summed: bool = False) -> Column:
    return Column(key, title, Kind.COUNT, 12, summed=summed)


def _day(key: str, title: str) -> Column:
    return Column(key, title, Kind.DAY, 13)


def _moment(key: str, title: str) -> Column:
    return Column(key, title, Kind.MOMENT, 18)


_CUSTOMER = (
    Column("customer_number", "No. pelanggan", width=14),
    Column("customer", "Pelanggan", width=30),
    Column("phone", "No. HP", width=16, asked=True),
    Column("marketing", "Marketing", width=20),
)
CUSTOMERS = ExportList(
    name="customers",
    title="Pelanggan",
    permission="recaps.read",
    filters=filters.CustomerFilters,
    columns=(
        Column("number", "No. pelanggan", width=14),
        Column("name", "Nama", width=30),
        Column("phone", "No. HP", width=16),
        Column("address", "Alamat", width=40, asked=True),
        Column("email", "Surel", width=26, asked=True),
        Column("marketing", "Marketing", width=20),
        Column("status", "Status", words=STATUS, width=11),
        _day("registered_on", "Terdaftar"),
        Column("state", "Keadaan", words=STANDING, width=20),
        _money("billed_idr", "Total tagihan"),
        _money("paid_idr", "Terbayar"),
        _money("outstanding_idr", "Sisa"),
        _money("overdue_idr", "Tunggakan"),
        _count("overdue_days", "Hari menunggak"),
        _money("credit_idr", "Titipan"),
        _day("next_due_on", "Jatuh tempo berikut"),
        _money("next_due_idr", "Jumlah berikut", summed=False),
    ),
)
INVOICES = ExportList(
    name="invoices",
    title="Tagihan",
    permission="invoices.read",
    filters=filters.InvoiceFilters,
    columns=(
        Column("number", "No. tagihan", width=22),
        Column("title", "Untuk", width=36),
        *_CUSTOMER,
        _moment("issued_at", "Terbit (WIB)"),
        _day("due_on", "Jatuh tempo"),
        Column("status", "Status", words=INVOICE, width=15),
        _count("overdue_days", "Hari menunggak"),
        _money("total_idr", "Jumlah"),
        _money("paid_idr", "Dibayar"),
        _money("outstanding_idr", "Sisa"),
        _money("cancelled_idr", "Nilai dibatalkan"),
        Column("virtual_account", "Virtual account", width=20),
        Column("account_status", "Status VA", words=ACCOUNT, width=13),
    ),
)
PAYMENTS = ExportList(
    name="payments",
    title="Pembayaran",
    permission="payments.read",
    filters=filters.PaymentFilters,
    columns=(
        _moment("paid_at", "Dibayar (WIB)"),
        _moment("received_at", "Diterima (WIB)"),
        *_CUSTOMER,
        Column("payer_name", "Nama pembayar", width=26),
        Column("channel", "Kanal", words=CHANNEL, width=14),
        Column("virtual_account", "Virtual account", width=20),
        Column("bank_reference", "Ref. bank", width=18),
        Column("invoices", "Untuk tagihan", width=30),
        Column("status", "Status", words=PAYMENT, width=14),
        Column("verification", "Konfirmasi bank", words=VERIFICATION, width=24),
        _money("amount_idr", "Jumlah"),
        _money("allocated_idr", "Dialokasikan"),
        _money("unallocated_idr", "Titipan"),
        _money("disposed_idr", "Dikembalikan atau dihapus"),
        _money("held_idr", "Ditahan atau dibalik"),
        Column("receipt_number", "No. kwitansi", width=22),
    ),
)
PRODUCTS = ExportList(
    name="products",
    title="Produk",
    permission="products.read",
    filters=filters.ProductFilters,
    follows_customers=False,
    columns=(
        Column("code", "Kode", width=14),
        Column("name", "Nama", width=34),
        Column("kind", "Jenis", words=PRODUCT, width=16),
        _money("price_idr", "Harga", summed=False),
        Column("active", "Status", words=ON_SALE, width=14),
    ),
)
BOOKINGS = ExportList(
    name="bookings",
    title="Booking (tanpa draf)",
    permission="bookings.read",
    filters=filters.BookingFilters,
    columns=(
        Column("number", "No. booking", width=20),
        _moment("booked_at", "Dibuat (WIB)"),
        *_CUSTOMER,
        Column("products", "Produk", width=40),
        Column("status", "Status", words=BOOKING, width=14),
        _money("total_idr", "Total"),
        _money("cancelled_idr", "Nilai dibatalkan"),
        Column("notes", "Catatan", width=40, asked=True),
    ),
)
ACCOUNTS = ExportList(
    name="virtual_accounts",
    title="Virtual account",
    permission="virtual_accounts.read",
    filters=filters.AccountFilters,
    columns=(
        Column("number", "Virtual account", width=20),
        Column("holder_name", "Atas nama", width=30),
        Column("status", "Status", words=ACCOUNT, width=14),
        Column("invoice", "No. tagihan", width=22),
        *_CUSTOMER,
        _money("amount_idr", "Jumlah", summed=False),
        _moment("expires_at", "Berlaku sampai (WIB)"),
        Column("trouble", "Keterangan", width=40),
    ),
)
_SUMS = (
    _count("bills", "Tagihan (lembar)", summed=True),
    _money("billed_idr", "Tagihan"),
    _money("paid_idr", "Dibayar"),
    _money("outstanding_idr", "Sisa"),
    _money("received_idr", "Uang masuk"),
    _money("overdue_idr", "Tunggakan"),
)
MARKETING_RECAP = ExportList(
    name="marketing_recap",
    title="Rekap per marketing",
    permission="recaps.read",
    filters=filters.MarketingRecapFilters,
    columns=(
        Column("marketing", "Marketing", width=26),
        _count("customers", "Pelanggan", summed=True),
        *_SUMS,
        Column("percent", "Tertagih (%)", Kind.TENTHS, 12),
    ),
    details=(
        Column("marketing", "Marketing", width=22),
        Column("number", "No. pelanggan", width=14),
        Column("name", "Pelanggan", width=30),
        Column("contract", "Kontrak", width=34),
        *_SUMS,
    ),
)
PAYMENT_RECAP = ExportList(
    name="payment_recap",
    title="Rekap per periode",
    permission="recaps.read",
    filters=filters.PaymentRecapFilters,
    columns=(
        Column("period", "Periode", width=16),
        _day("starts_on", "Mulai"),
        Column("channel", "Kanal", words=CHANNEL, width=16),
        _count("payments", "Pembayaran", summed=True),
        _money("amount_idr", "Jumlah"),
    ),
)
LISTS: dict[str, ExportList] = {
    each.name: each
    for each in (
        CUSTOMERS,
        INVOICES,
        PAYMENTS,
        PRODUCTS,
        BOOKINGS,
        ACCOUNTS,
        MARKETING_RECAP,
        PAYMENT_RECAP,
    )
}
