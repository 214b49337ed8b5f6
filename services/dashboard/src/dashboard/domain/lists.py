"""The lists of the dashboard: their tabs, conditions and columns."""

from __future__ import annotations

from dashboard.domain.list_parts import Act, Column, Filter, days
from dashboard.domain.listing import ListKind
from dashboard.domain.status import CHANNELS

_R = "num text-right"
_SELLER = Filter("marketing_id", "Marketing", inline=True, somebody=True)

CUSTOMERS = ListKind(
    key="customers",
    path="/customers",
    noun="pelanggan",
    hint="Cari nama, No. HP, nomor, atau VA",
    tabs={
        "": "Semua",
        "overdue": "Menunggak",
        "due_this_week": "Jatuh tempo minggu ini",
        "without_invoices": "Belum ada tagihan",
        "paid": "Lunas",
    },
    filters=(
        _SELLER,
        Filter(
            "status", "Keadaan", (("active", "Masih pelanggan"), ("inactive", "Tidak lagi aktif"))
        ),
    ),
    columns=(
        Column("name", "Nama, nomor, No. HP", "at-name", "name", fixed=True),
        Column("marketing", "Marketing", "at-none whitespace-nowrap max-xl:hidden"),
        Column("billed", "Total tagihan", f"{_R} at-none max-xl:hidden"),
        Column("paid", "Terbayar", "at-prog min-w-32"),
        Column("left", "Sisa", f"{_R} at-amt font-semibold", "outstanding_idr", falls=True),
        Column("due", "Jatuh tempo", "at-due whitespace-nowrap", "next_due_on"),
        Column("state", "Status", "at-st"),
    ),
    sort="name",
    export="customers",
    acts=(
        Act(
            "move", "Pindahkan", "arrow-left-right", "customers.reassign", "/customers/move/choose"
        ),
    ),
)

INVOICES = ListKind(
    key="invoices",
    path="/invoices",
    noun="tagihan",
    hint="Nomor, nama, VA, atau jumlah",
    tabs={
        "": "Semua",
        "draft": "Draf",
        "issued": "Terbit",
        "due_soon": "Jatuh tempo",
        "overdue": "Menunggak",
        "partially_paid": "Sebagian",
        "paid": "Lunas",
        "cancelled": "Batal",
    },
    filters=(_SELLER, *days("due_from", "due_to", "Jatuh tempo")),
    columns=(
        Column("number", "Tagihan", "at-name", "issued_at", fixed=True, falls=True),
        Column("customer", "Pelanggan", "at-none"),
        Column("marketing", "Marketing", "at-none whitespace-nowrap", extra=True),
        Column("issued", "Terbit", "num at-none whitespace-nowrap", extra=True),
        Column("due", "Jatuh tempo", "num at-due whitespace-nowrap", "due_on"),
        Column("account", "Nomor VA", "num at-none whitespace-nowrap", extra=True),
        Column("total", "Jumlah", f"{_R} at-amt font-semibold", "total_idr", falls=True),
        Column("paid", "Dibayar", f"{_R} at-none", extra=True),
        Column("left", "Sisa", f"{_R} at-none"),
        Column("state", "Status", "at-st"),
    ),
    sort="-issued_at",
    export="invoices",
    acts=(Act("cancel", "Batalkan", "ban", "invoices.write", "/acts/cancel"),),
)

PAYMENTS = ListKind(
    key="payments",
    path="/payments",
    noun="pembayaran",
    hint="Nama, VA, ref bank, atau jumlah",
    tabs={"": "Semua"},
    filters=(
        Filter("channel", "Kanal", tuple(CHANNELS.items()), inline=True),
        Filter(
            "verification",
            "Status",
            (
                ("verified", "Terkonfirmasi"),
                ("unverified", "Menunggu konfirmasi"),
                ("disputed", "Ditahan"),
            ),
            inline=True,
        ),
        _SELLER,
        *days("from", "to", "Dibayar"),
    ),
    columns=(
        Column("when", "Waktu", "num at-none whitespace-nowrap text-muted", "paid_at", falls=True),
        Column("name", "Pelanggan dan tagihan", "at-name", fixed=True),
        Column("channel", "Kanal", "at-none whitespace-nowrap"),
        Column("marketing", "Marketing", "at-none max-xl:hidden"),
        Column("amount", "Jumlah", f"{_R} at-amt font-semibold", "amount_idr", falls=True),
        Column("state", "Status", "at-st"),
        Column("paper", "Dokumen", "at-act text-right", fixed=True),
    ),
    sort="-paid_at",
    export="payments",
)

BOOKINGS = ListKind(
    key="bookings",
    path="/bookings",
    noun="booking",
    hint="Nomor, pelanggan, atau produk",
    tab="status",
    tabs={"": "Semua", "draft": "Draf", "confirmed": "Dikonfirmasi", "cancelled": "Batal"},
    filters=(_SELLER,),
    columns=(
        Column("title", "Booking", "at-name", "id", fixed=True, falls=True),
        Column("customer", "Pelanggan", "at-none"),
        Column("marketing", "Marketing", "at-none whitespace-nowrap", extra=True),
        Column("scheme", "Skema", "at-none"),
        Column("total", "Jumlah", f"{_R} at-amt font-semibold", "total_idr", falls=True),
        Column("state", "Status", "at-st"),
    ),
    sort="-id",
    export="bookings",
)

KINDS = {kind.key: kind for kind in (CUSTOMERS, INVOICES, PAYMENTS, BOOKINGS)}
