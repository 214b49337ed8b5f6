"""What a person is told when the bank does not do what we asked."""

from shared.errors import Conflict, DomainError, NotFound


class BankUnreachable(DomainError):
    """No answer, or none that decides anything; the workers go on trying."""

    detail = "Bank belum menjawab. Permintaan dicoba lagi otomatis."


class BankLimitReached(DomainError):
    """The bank is well and wants less of us for now."""

    detail = (
        "Bank sedang membatasi jumlah permintaan. Dilanjutkan otomatis, paling lambat lewat"
        " tengah malam WIB."
    )


class BankContradicts(DomainError):
    """The bank refuses a change for a state that its own record does not show."""

    detail = (
        "Bank menolak perubahan (kode {status}), padahal catatannya menunjukkan virtual account"
        " ini masih aktif. Dicoba lagi otomatis; nominal lama tetap berlaku."
    )


class BankForgot(DomainError):
    """The bank does not know an account that it opened."""

    detail = (
        "Bank tidak mengenal virtual account ini, padahal sudah dibuka. Jangan bagikan nomornya"
        " dulu. Ditanyakan lagi tiap hari; hubungi bank dengan nomor transaksi {trx_id}."
    )


class BankUndecided(DomainError):
    """The bank refuses to create what it then does not know, or loses it again and again."""

    detail = (
        "Bank belum memastikan virtual account ini sudah ada atau belum. Ditanyakan lagi otomatis;"
        " tidak ada virtual account kedua yang dibuat."
    )


class BankNeverSettled(DomainError):
    """The schedule of questions is exhausted (R2), and the account is not looked at daily."""

    detail = (
        "Bank tidak memberi kepastian setelah ditanya berkali-kali selama seminggu, dan tidak"
        " ditanya lagi otomatis. Uang dan tagihan tidak berubah. Hubungi bank dengan nomor"
        " transaksi {trx_id}, lalu coba lagi."
    )


class BankNotSettledYet(DomainError):
    """The schedule of a matter is exhausted (R2); its account is still looked at daily (R3)."""

    detail = (
        "Bank tidak memberi kepastian setelah ditanya berkali-kali selama seminggu. Uang dan"
        " tagihan tidak berubah. Selama virtual account ini aktif, bank masih ditanya sekali"
        " sehari. Hubungi bank dengan nomor transaksi {trx_id} bila ini tidak selesai."
    )


class BankRefused(DomainError):
    """The bank will never accept this request as it is."""

    detail = "Bank menolak permintaan ini (kode {status}). Periksa data, lalu coba lagi."


class BankRefusedRenewal(DomainError):
    """The bank wants no later end of an account, at least not this one."""

    detail = (
        "Bank menolak memperpanjang virtual account ini (kode {status}). Nomornya masih dapat"
        " dibayar sampai tanggal berakhirnya. Dicoba lagi tiap hari; bila tetap ditolak, minta"
        " pengelola memendekkan masa perpanjangan."
    )


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
