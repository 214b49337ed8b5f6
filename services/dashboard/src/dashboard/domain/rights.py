"""Roles as people read them: every permission of the catalogue as a sentence, in groups."""

from __future__ import annotations

from dataclasses import dataclass

from shared.operations import API, ROLES

GROUPS: dict[str, dict[str, str]] = {
    "Pelanggan dan produk": {
        "customers.read": "Melihat pelanggan",
        "customers.write": "Menambah dan mengubah pelanggan",
        "customers.reassign": "Memindahkan pelanggan ke Marketing lain",
        "products.read": "Melihat produk",
        "products.write": "Menambah dan mengubah produk",
        "change_requests.read": "Melihat permintaan perubahan",
        "change_requests.write": "Mengajukan permintaan perubahan",
        "change_requests.decide": "Memutuskan permintaan perubahan",
    },
    "Booking dan tagihan": {
        "bookings.read": "Melihat booking",
        "bookings.write": "Membuat, mengonfirmasi, dan membatalkan booking",
        "plans.read": "Melihat dan menghitung jadwal bayar",
        "invoices.read": "Melihat tagihan",
        "invoices.write": "Menerbitkan dan membatalkan tagihan",
        "billing_runs.write": "Menerbitkan tagihan banyak sekaligus",
        "messages.read": "Melihat pesan kepada pelanggan",
        "messages.write": "Mengirim pesan kepada pelanggan",
        "message_settings.write": "Mengubah templat pesan",
        "documents.read": "Membuka PDF",
    },
    "Uang dan bank": {
        "payments.read": "Melihat pembayaran",
        "virtual_accounts.read": "Melihat nomor VA",
        "virtual_accounts.write": "Meminta VA lagi dan menanyakannya ke bank",
        "allocations.write": "Membagi pembayaran ke tagihan dan membatalkannya",
        "exceptions.read": "Melihat pengecualian",
        "exceptions.comment": "Menjawab pertanyaan pada pengecualian",
        "exceptions.resolve": "Memutuskan pengecualian",
        "statements.read": "Melihat mutasi bank",
        "statements.write": "Mengimpor mutasi bank",
        "closes.read": "Melihat penutupan hari",
        "closes.write": "Menutup hari dan memeriksa buku",
        "bank_link.read": "Melihat hubungan dengan bank",
    },
    "Laporan": {
        "recaps.read": "Melihat rekap",
        "exports.make": "Mengunduh daftar sebagai berkas",
        "events.read": "Menerima kabar langsung",
        "pages.read": "Membuka halaman dasbor",
    },
    "Pengelolaan": {
        "users.read": "Melihat pengguna dan peran",
        "users.write": "Mengundang, mengubah, dan menonaktifkan pengguna",
        "audit.read": "Membaca jejak audit",
        "imports.write": "Mengimpor data dari Excel atau CSV dan membatalkannya",
    },
}
SCOPES = {"all": "Semua pelanggan", "marketing": "Pelanggannya sendiri"}


@dataclass(frozen=True, slots=True)
class Right:
    """One permission: its sentence, which roles have it, and what it opens in the API."""

    words: str
    holders: tuple[bool, ...]
    operations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RightGroup:
    """Rights that belong together."""

    title: str
    rights: tuple[Right, ...]


def table() -> tuple[RightGroup, ...]:
    """Give role x operation, straight from the catalogue that the gateway enforces."""
    return tuple(
        RightGroup(title, tuple(_right(permission, words) for permission, words in rows.items()))
        for title, rows in GROUPS.items()
    )


def _right(permission: str, words: str) -> Right:
    holders = tuple(permission in role.permissions for role in ROLES.values())
    opened = tuple(f"{o.method} {o.path}" for o in API if o.permission == permission)
    return Right(words, holders, opened)


def unnamed() -> set[str]:
    """Name the permissions that have no sentence yet; a test wants none."""
    every = frozenset[str]().union(*(role.permissions for role in ROLES.values()))
    return set(every) - {permission for rows in GROUPS.values() for permission in rows}
