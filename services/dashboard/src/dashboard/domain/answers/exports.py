"""What reporting answers about a file that it makes of a list."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dashboard.domain.answers.base import Answer

TITLES = {
    "customers": ("Daftar pelanggan", "/customers"),
    "invoices": ("Daftar tagihan", "/invoices"),
    "payments": ("Daftar pembayaran", "/payments"),
    "products": ("Daftar produk", "/products"),
    "bookings": ("Daftar booking tanpa draf", "/bookings"),
    "virtual_accounts": ("Daftar virtual account", "/invoices"),
    "marketing_recap": ("Rekap per marketing", "/recaps?kind=marketing"),
    "payment_recap": ("Rekap per periode", "/recaps?kind=period"),
}


class Progress(Answer):
    """Rows written, of how many once they are counted."""

    done: int = 0
    total: int | None = None


class ExportJob(Answer):
    """One file; ``file`` is where it can be fetched once it is done."""

    id: UUID
    status: str
    progress: Progress
    list: str
    format: str
    file_name: str
    file: str | None = None
    size_bytes: int | None = None
    trouble: str | None = None
    created_at: datetime
    expires_at: datetime

    @property
    def waiting(self) -> bool:
        """Tell whether it is still being made."""
        return self.status in {"queued", "running"}

    @property
    def title(self) -> str:
        """Name the list."""
        return TITLES.get(self.list, ("Daftar", "/"))[0]

    @property
    def origin(self) -> str:
        """The page on which it was asked for."""
        return TITLES.get(self.list, ("Daftar", "/"))[1]

    @property
    def kind(self) -> str:
        """Name the kind of file."""
        return self.format.upper()

    @property
    def size(self) -> str:
        """The size in whole kilobytes, at least one."""
        kilobytes = max(1, round((self.size_bytes or 0) / 1024))
        return f"{kilobytes:,} KB".replace(",", ".")
