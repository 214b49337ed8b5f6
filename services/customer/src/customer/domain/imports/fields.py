"""The columns that each kind of import understands, and guessing which one is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from customer.domain.imports.life import ColumnsNotValid, ImportKind
from shared.sheets.reading import plain

Columns = Mapping[str, int]
"""Which field stands in which place."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a row.

    Attributes:
        words: headings by which it is recognised, spelled ``plain``; the title is one too.
        needed: a new row cannot do without it.
        example: what the template shows.
    """

    key: str
    title: str
    words: tuple[str, ...]
    needed: bool = False
    example: str = ""
    width: int = 18


FIELDS: dict[ImportKind, tuple[Field, ...]] = {
    ImportKind.CUSTOMERS: (
        Field("number", "No. pelanggan", ("nomor pelanggan", "id pelanggan", "no plg")),
        Field(
            "name",
            "Nama",
            ("nama pelanggan", "nama lengkap", "pelanggan", "customer", "name"),
            needed=True,
            example="Bapak Mahmud Sulaiman",
            width=30,
        ),
        Field(
            "phone",
            "No. HP",
            ("hp", "nomor hp", "no wa", "wa", "whatsapp", "telepon", "no telepon", "telp", "phone"),
            needed=True,
            example="0856 110 1133",
        ),
        Field(
            "address",
            "Alamat",
            ("alamat lengkap", "alamat rumah", "address"),
            needed=True,
            example="Jl. Mawar 1, Bogor",
            width=40,
        ),
        Field("email", "Surel", ("email", "e mail", "alamat email"), example="mahmud@example.com"),
        Field("marketing", "Marketing", ("nama marketing", "sales", "pemilik"), needed=True),
        Field("status", "Status", ("status pelanggan", "aktif"), example="Aktif"),
    ),
    ImportKind.PRODUCTS: (
        Field("code", "Kode", ("kode produk", "sku", "code"), needed=True, example="KAV-36"),
        Field(
            "name",
            "Nama",
            ("nama produk", "produk", "product", "name"),
            needed=True,
            example="Kavling tipe 36",
            width=30,
        ),
        Field(
            "price_idr",
            "Harga",
            ("harga satuan", "harga produk", "price"),
            needed=True,
            example="30.000.000",
        ),
        Field("kind", "Jenis", ("jenis produk", "tipe"), needed=True, example="Sekali bayar"),
        Field("description", "Keterangan", ("deskripsi", "uraian"), width=40),
        Field("active", "Ditawarkan", ("aktif", "status", "dijual"), example="Ya"),
    ),
    ImportKind.BOOKINGS: (
        Field("number", "No. pelanggan", ("nomor pelanggan", "id pelanggan", "no plg")),
        Field("phone", "No. HP", ("hp", "nomor hp", "no hp pelanggan", "telepon", "wa")),
        Field("code", "Kode produk", ("kode", "sku"), needed=True),
        Field("quantity", "Jumlah unit", ("jumlah", "unit", "qty", "banyaknya"), example="1"),
        Field(
            "price_idr",
            "Harga sepakat",
            ("harga", "harga satuan", "harga jual", "harga deal"),
            needed=True,
            example="30.000.000",
        ),
        Field(
            "plan_kind",
            "Skema bayar",
            ("skema", "cara bayar", "pembayaran"),
            needed=True,
            example="Cicilan",
        ),
        Field("down_payment_idr", "Uang muka", ("dp", "down payment"), example="5.000.000"),
        Field("down_payment_due_on", "Jatuh tempo uang muka", ("tanggal dp", "jatuh tempo dp")),
        Field("installments", "Tenor", ("jumlah cicilan", "lama cicilan", "bulan"), example="20"),
        Field(
            "first_due_on",
            "Jatuh tempo pertama",
            ("jatuh tempo", "mulai", "tanggal mulai", "cicilan pertama"),
            needed=True,
        ),
        Field("due_day", "Tanggal tagih", ("tanggal jatuh tempo", "tgl tagih")),
        Field("notes", "Catatan", ("keterangan",), width=40),
        Field("confirmed", "Dikonfirmasi", ("konfirmasi", "sudah konfirmasi"), example="Tidak"),
    ),
}


def known_headings(kind: ImportKind) -> frozenset[str]:
    """Give every heading that can be recognised."""
    return frozenset(word for field in FIELDS[kind] for word in _words(field))


def guess(kind: ImportKind, headings: Sequence[str]) -> dict[str, int]:
    """Guess the columns by their headings; the most telling word first, each column once."""
    spelled = [plain(heading) for heading in headings]
    found: dict[str, int] = {}
    for field in FIELDS[kind]:
        places = (at for word in _words(field) for at, seen in enumerate(spelled) if seen == word)
        free = next((at for at in places if at not in found.values()), None)
        if free is not None:
            found[field.key] = free
    return found


def check_columns(kind: ImportKind, columns: Columns, width: int) -> None:
    """See that each field is known, and each place exists and means one thing.

    Raises:
        ColumnsNotValid: one of it does not hold.
    """
    known = {field.key for field in FIELDS[kind]}
    if not set(columns) <= known:
        raise ColumnsNotValid(reason="ada isian yang tidak dikenal.", field="columns")
    if any(not 0 <= at < width for at in columns.values()):
        raise ColumnsNotValid(reason="kolom itu tidak ada di berkas.", field="columns")
    if len(set(columns.values())) < len(columns):
        raise ColumnsNotValid(reason="satu kolom dipilih untuk dua isian.", field="columns")


def key_of(headings: Sequence[str]) -> str:
    """Spell the headings so that files of one source are alike."""
    return "|".join(plain(heading) for heading in headings)[:2_000]


def _words(field: Field) -> tuple[str, ...]:
    return (plain(field.title), *field.words)
