"""What a person is told when the bank does not do what we asked."""

from shared.errors import Conflict, DomainError, NotFound


class BankUnreachable(DomainError):
    """No answer, or none that decides anything; the workers go on trying."""

    detail = "Bank belum menjawab. Permintaan dicoba lagi otomatis."


class BankRefused(DomainError):
    """The bank will never accept this request as it is."""

    detail = "Bank menolak permintaan ini (kode {status}). Periksa data, lalu coba lagi."


class InvoiceVoid(DomainError):
    """The bill was cancelled before the bank opened its account."""

    detail = "Tagihan dibatalkan sebelum virtual account dibuka."


class BankDisagrees(DomainError):
    """The bank's own record contradicts the notification (C11)."""

    detail = "Catatan bank tidak cocok dengan pemberitahuan pembayaran ini."


class VirtualAccountNotFound(NotFound):
    """No such virtual account in the reader's sight."""

    detail = "Virtual account tidak ditemukan."


class VirtualAccountStillLive(Conflict):
    """Only an account that failed, expired or was cancelled can be opened anew."""

    detail = "Virtual account berstatus {status}; hanya yang gagal atau berakhir dapat dicoba lagi."


class InvoiceNotOpen(Conflict):
    """Nothing is owed on the bill any more."""

    detail = "Tagihan ini tidak lagi menunggu pembayaran."
