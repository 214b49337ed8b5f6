"""What the demo company sells, and who works there."""

from __future__ import annotations

import os
from dataclasses import dataclass

COMPANY = "PT Kavling Pakuan Asri"
ADMIN = "admin"
_PASSWORD = "lunas-demo"  # noqa: S105  # everybody knows it; refused in production


def demo_password() -> str:
    """Give the password of all the demo's sign-ins."""
    return os.environ.get("LUNAS_DEMO_PASSWORD") or _PASSWORD


@dataclass(frozen=True)
class Staff:
    """A sign-in of the demo."""

    username: str
    name: str
    role: str
    phone: str


@dataclass(frozen=True)
class Product:
    """One line of the catalogue."""

    code: str
    name: str
    description: str
    price_idr: int
    kind: str = "one_off"


STAFF = (
    Staff(ADMIN, "Ibu Ratna", "admin", "081290000401"),
    Staff("wawan", "Bapak Wawan", "marketing", "081290000417"),
    Staff("sari", "Ibu Sari", "marketing", "081290000425"),
)

_PLOTS = (
    ("A-02", 60, 22_000_000),
    ("A-09", 72, 26_400_000),
    ("B-04", 72, 24_000_000),
    ("B-09", 84, 28_600_000),
    ("B-12", 72, 25_400_000),
    ("C-02", 84, 27_500_000),
    ("C-07", 96, 31_200_000),
    ("C-08", 90, 30_000_000),
    ("C-11", 60, 18_000_000),
    ("D-01", 120, 48_000_000),
    ("D-06", 108, 36_000_000),
)
PLOTS = tuple(
    Product(
        f"KAV-{block}",
        f"Kavling {block}",
        f"Kavling siap bangun {area} m², Blok {block[0]}, sertifikat dalam proses pecah.",
        price,
    )
    for block, area, price in _PLOTS
)
HOUSES = (
    Product("RMH-36", "Rumah Tipe 36/72", "Rumah dua kamar tidur, siap huni.", 168_000_000),
    Product("RMH-45", "Rumah Tipe 45/90", "Rumah dua kamar tidur dan carport.", 246_000_000),
)
CARE = Product(
    "IPL",
    "Iuran Pengelolaan Lingkungan",
    "Keamanan, kebersihan dan taman, per bulan.",
    175_000,
    "subscription",
)
INTERNET = Product(
    "NET-20", "Internet Kawasan 20 Mbps", "Tanpa batas kuota, per bulan.", 249_000, "subscription"
)
CATALOGUE = (*PLOTS, *HOUSES, CARE, INTERNET)
MAHMUD_PLOT = next(product for product in PLOTS if product.code == "KAV-B-12")
