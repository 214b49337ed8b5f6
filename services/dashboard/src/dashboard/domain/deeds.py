"""What was done, as a sentence with its look; and what it was done to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dashboard.domain import status
from dashboard.domain.answers.audit import AuditRow
from dashboard.domain.facts import Change, changes

OBJECTS = {
    "customer": ("Pelanggan", "/customers/"),
    "booking": ("Booking", "/bookings/"),
    "change_request": ("Permintaan perubahan", "/change-requests/"),
    "bulk_job": ("Pekerjaan massal", "/jobs/"),
    "saved_view": ("Tampilan daftar", ""),
    "message_rules": ("Aturan pesan", ""),
    "handover": ("Pemindahan", "/customers/moves/"),
    "product": ("Produk", ""),
    "import": ("Impor data", "/imports/"),
    "plan": ("Jadwal", ""),
    "invoice": ("Tagihan", "/invoices/"),
    "billing_run": ("Penagihan massal", ""),
    "virtual_account": ("Virtual account", "/virtual-accounts/"),
    "payment": ("Pembayaran", ""),
    "quarantined_notice": ("Pesan bank", ""),
    "exception": ("Pengecualian", "/exceptions/"),
    "bank_statement": ("Mutasi bank", "/bank/statements/"),
    "certificate": ("Tutup hari", ""),
    "document": ("Dokumen", ""),
    "export": ("Unduhan", "/exports/"),
    "message": ("Pesan WhatsApp", ""),
    "message_template": ("Templat pesan", ""),
    "user": ("Pengguna", "/users/"),
    "delivery": ("Kejadian tertahan", ""),
    "audit": ("Jejak audit", ""),
}
"""Kind of object: its word, and where its page is, if it has one."""

DEEDS = {
    "customer.registered": ("success", "user-plus", "mendaftarkan pelanggan"),
    "customer.changed": ("info", "pencil", "mengubah data pelanggan"),
    "customer.reassigned": ("primary", "arrow-left-right", "memindahkan pelanggan"),
    "handover.started": ("info", "arrow-left-right", "memulai pemindahan pelanggan"),
    "handover.done": ("success", "arrow-left-right", "menyelesaikan pemindahan pelanggan"),
    "handover.taken_back": ("warning", "undo-2", "mengembalikan pemindahan pelanggan"),
    "handover.undone": ("warning", "undo-2", "selesai mengembalikan pelanggan"),
    "product.added": ("success", "package", "menambah produk"),
    "product.changed": ("info", "pencil", "mengubah produk"),
    "import.uploaded": ("muted", "file-up", "mengunggah berkas impor"),
    "import.matched": ("muted", "pencil", "mencocokkan kolom berkas impor"),
    "import.mended": ("muted", "pencil", "memperbaiki baris berkas impor"),
    "import.started": ("info", "play", "menjalankan impor"),
    "import.done": ("success", "circle-check", "menyelesaikan impor"),
    "import.stopped": ("warning", "triangle-alert", "menghentikan impor tanpa menyimpan"),
    "import.retracted": ("warning", "undo-2", "meminta pembatalan impor"),
    "import.undone": ("warning", "undo-2", "membatalkan impor"),
    "booking.drafted": ("info", "clipboard-list", "mencatat booking"),
    "booking.confirmed": ("success", "circle-check", "mengonfirmasi booking"),
    "booking.cancelled": ("muted", "ban", "membatalkan booking"),
    "change_request.opened": ("warning", "send", "meminta perubahan"),
    "change_request.applied": ("success", "circle-check", "menjalankan permintaan perubahan"),
    "change_request.refused": ("error", "ban", "menolak permintaan perubahan"),
    "plan.made": ("info", "calendar-days", "membuat jadwal tagihan"),
    "plan.lapsed": ("muted", "ban", "menggugurkan sisa jadwal"),
    "invoice.issued": ("info", "send", "menerbitkan tagihan"),
    "invoice.paid_changed": ("success", "banknote", "mencatat perubahan pelunasan tagihan"),
    "invoice.cancelled": ("muted", "ban", "membatalkan tagihan"),
    "billing_run.checked": ("muted", "search", "memeriksa penagihan massal"),
    "billing_run.done": ("success", "check-check", "menjalankan penagihan massal"),
    "virtual_account.requested": ("muted", "circle-dashed", "meminta virtual account ke BNI"),
    "virtual_account.active": ("success", "landmark", "membuka virtual account"),
    "virtual_account.paid": ("success", "circle-check", "menutup virtual account yang lunas"),
    "virtual_account.expired": ("muted", "clock", "mengakhiri virtual account pada batas waktunya"),
    "virtual_account.cancelled": ("muted", "ban", "menutup virtual account"),
    "virtual_account.failed": ("error", "circle-x", "gagal membuka virtual account"),
    "virtual_account.unknown": ("warning", "circle-question-mark", "menunggu kepastian BNI"),
    "virtual_account.changed": ("info", "landmark", "memperbarui virtual account"),
    "virtual_account.inquired": ("muted", "search", "menanyakan virtual account ke BNI"),
    "payment.received": ("success", "banknote", "memberitahukan pembayaran"),
    "payment.unmatched": ("warning", "banknote", "menerima pembayaran tanpa pemilik"),
    "payment.match": ("success", "link", "mencocokkan pembayaran"),
    "payment.credit": ("info", "banknote", "menjadikan pembayaran titipan"),
    "payment.split": ("info", "link", "membagi pembayaran"),
    "payment.return": ("warning", "undo-2", "mengembalikan uang kepada pembayar"),
    "payment.write_off": ("muted", "ban", "menghapusbukukan pembayaran"),
    "payment.reverse": ("error", "undo-2", "membalik pembayaran yang disangkal bank"),
    "payment.explain": ("success", "check", "menjelaskan pembayaran"),
    "payment.posted": ("success", "banknote", "membukukan pembayaran"),
    "payment.allocated": ("success", "link", "mengalokasikan pembayaran"),
    "payment.allocation_reversed": ("warning", "undo-2", "membalik alokasi pembayaran"),
    "payment.verified": ("success", "check", "mengonfirmasi pembayaran"),
    "payment.disputed": ("error", "shield-alert", "menyangkal pembayaran"),
    "payment.reversed": ("error", "undo-2", "membalik pembayaran"),
    "payment.undone": ("warning", "undo-2", "mengurungkan keputusan tentang pembayaran"),
    "payment.joined": ("info", "link", "menyatukan kabar tentang pembayaran"),
    "payment.unverified": ("warning", "clock", "menunggu konfirmasi pembayaran"),
    "payment.quarantined": ("error", "shield-alert", "menahan pesan bank"),
    "payment.rejected": ("muted", "ban", "menutup pesan bank yang ditahan"),
    "payment.named_otherwise": ("muted", "info", "menyebut pembayaran dengan nomor lain"),
    "payment.told_late": ("muted", "clock", "memberitahukan pembayaran yang sudah dihitung"),
    "allocation.made": ("success", "link", "memakai pembayaran untuk tagihan"),
    "exception.opened": ("error", "inbox", "membuka pengecualian"),
    "exception.closed": ("success", "circle-check", "menutup pengecualian"),
    "exception.reopened": ("warning", "rotate-cw", "membuka lagi pengecualian"),
    "exception.assigned": ("info", "user-round", "menyerahkan pengecualian"),
    "exception.noted": ("muted", "message-circle", "menulis catatan pada pengecualian"),
    "exception.proposed": ("warning", "clock", "mengusulkan keputusan atas pengecualian"),
    "exception.approved": ("success", "check-check", "menyetujui keputusan atas pengecualian"),
    "exception.refused": ("error", "ban", "menolak usulan atas pengecualian"),
    "exception.resolved": ("success", "check", "memutuskan pengecualian"),
    "exception.undone": ("warning", "undo-2", "mengurungkan keputusan atas pengecualian"),
    "statement.imported": ("info", "file-up", "mengimpor mutasi bank"),
    "day.closed": ("success", "lock", "menutup hari"),
    "document.issued": ("muted", "file-text", "membuat dokumen"),
    "export.requested": ("muted", "file-down", "meminta unduhan"),
    "export.finished": ("success", "file-down", "menyelesaikan unduhan"),
    "export.failed": ("error", "circle-x", "gagal membuat unduhan"),
    "export.fetched": ("muted", "file-down", "mengambil unduhan"),
    "export.recalled": ("warning", "lock", "menarik unduhan"),
    "audit.exported": ("muted", "file-down", "mengunduh jejak audit"),
    "bulk_job.asked": ("info", "ban", "meminta pembatalan banyak tagihan"),
    "bulk_job.done": ("success", "check-check", "menyelesaikan pekerjaan massal"),
    "bulk_job.stopped": ("warning", "pause", "berhenti mengerjakan pekerjaan massal"),
    "bulk_job.stopping": ("warning", "pause", "menghentikan pekerjaan massal"),
    "saved_view.kept": ("muted", "bookmark", "menyimpan tampilan daftar"),
    "saved_view.renamed": ("muted", "bookmark", "mengganti nama tampilan daftar"),
    "saved_view.forgotten": ("muted", "bookmark", "menghapus tampilan daftar"),
    "message_rules.changed": ("info", "message-circle", "mengubah aturan pesan"),
    "message_rules.restored": ("info", "undo-2", "mengembalikan aturan pesan"),
    "message.queued": ("muted", "clock", "mengantrekan pesan"),
    "message.called_back": ("muted", "ban", "menarik pesan dari antrean"),
    "message.confirmed": ("success", "check", "memastikan pesan terkirim"),
    "message.not_sent": ("muted", "ban", "mencatat pesan tidak terkirim"),
    "message.by_hand": ("success", "check", "mengirim pesan dengan tangan"),
    "message_stop.added": ("warning", "ban", "menghentikan pesan untuk sebuah nomor"),
    "message_stop.lifted": ("info", "undo-2", "mengizinkan lagi pesan untuk sebuah nomor"),
    "message.sending": ("muted", "send", "mulai mengirim pesan"),
    "message.later": ("muted", "clock", "menunda pengiriman pesan"),
    "message.unknown": ("warning", "circle-question-mark", "belum pasti mengirim pesan"),
    "message.refused": ("error", "circle-x", "gagal mengirim pesan"),
    "message.failed": ("error", "circle-x", "gagal mengirim pesan"),
    "message.delivered": ("success", "check-check", "menyampaikan pesan"),
    "message.read": ("success", "eye", "mencatat pesan dibaca"),
    "message.skipped": ("muted", "ban", "melewati pesan"),
    "message.sent": ("success", "message-circle", "membuka atau mengirim pesan"),
    "message.opened": ("muted", "message-circle", "membuka WhatsApp lagi dengan pesan"),
    "message_template.saved": ("info", "message-circle", "menyimpan templat pesan"),
    "message_template.restored": ("info", "undo-2", "mengembalikan templat pesan"),
    "user.created": ("success", "user-plus", "menambah pengguna"),
    "user.changed": ("info", "user-round", "mengubah pengguna"),
    "password_link.made": ("info", "link", "membuat tautan kata sandi"),
    "password_link.used": ("success", "lock", "memakai tautan kata sandi"),
    "second_factor.enabled": ("success", "shield-check", "mengaktifkan faktor kedua"),
    "second_factor.codes_renewed": ("info", "rotate-cw", "mengganti kode pemulihan"),
    "second_factor.recovery_used": ("warning", "shield-alert", "masuk dengan kode pemulihan"),
    "second_factor.removed": ("warning", "shield-alert", "menghapus faktor kedua"),
    "sessions.ended": ("muted", "log-out", "keluar dari perangkat lain"),
    "view.started": ("warning", "eye", "mulai melihat sebagai"),
    "view.ended": ("muted", "eye", "selesai melihat sebagai"),
    "sign_in.done": ("muted", "lock", "masuk"),
    "sign_in.refused": ("error", "lock", "gagal masuk"),
    "sign_out.done": ("muted", "log-out", "keluar"),
    "token.revoked": ("muted", "log-out", "mengakhiri token program"),
    "confirmation.done": ("muted", "check", "mengonfirmasi kata sandi"),
    "confirmation.refused": ("error", "circle-x", "salah mengetik kata sandi"),
    "confirmation.ended": ("error", "log-out", "dikeluarkan setelah berkali-kali salah kata sandi"),
    "access.denied": ("error", "lock", "ditolak membuka yang bukan haknya"),
    "dead_letter.replayed": ("info", "rotate-cw", "mengulang kejadian tertahan"),
    "dead_letter.discarded": ("muted", "ban", "membuang kejadian tertahan"),
}
"""Action: its tone, its icon, and its words after the person's name."""
UNKNOWN = ("muted", "circle-dashed", "melakukan perubahan")
FROM_BANK = {"payment.received", "payment.named_otherwise", "payment.told_late"}
"""What the bank's own messages say; everything else of nobody is the system's."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One row of the audit log as it is read."""

    at: datetime
    who: str
    role: str
    tone: str
    icon: str
    words: str
    object_word: str
    object_name: str
    address: str
    changes: tuple[Change, ...]
    is_edit: bool
    reason: str
    source: str

    @property
    def edits(self) -> tuple[Change, ...]:
        """What changed, where it is not in the sentence already; of something new, nothing."""
        edited = tuple(each for each in self.changes if each.before)
        return () if len(edited) == 1 else edited

    @property
    def sentence(self) -> str:
        """Say it after the name: one change in full, several as a list below."""
        edited = [each for each in self.changes if each.before]
        if len(edited) == 1:
            one = edited[0]
            told = f"{one.word} dari {one.before} menjadi {one.after}"
            return f"mengubah {told}" if self.is_edit else f"{self.words}: {told}"
        amount = next((each.after for each in self.changes if each.word == "Jumlah"), "")
        return f"{self.words} {amount}" if amount and not edited else self.words


def read(row: AuditRow) -> Deed:
    """Put one row into words."""
    tone, icon, words = DEEDS.get(row.action, UNKNOWN)
    word, page = OBJECTS.get(row.object_type, ("Lainnya", ""))
    of_system = row.actor_role == "system"
    return Deed(
        at=row.at,
        who=_who(row),
        role="" if of_system else status.ROLES.get(row.actor_role, "Pengguna"),
        tone=tone,
        icon=icon,
        words=words,
        object_word=word,
        object_name=_name(row),
        address=f"{page}{row.object_id}" if page else "",
        changes=tuple(changes(row.before or {}, row.after or {}, row.object_type)),
        is_edit=row.action.endswith(".changed"),
        reason=row.reason or "",
        source=source(row),
    )


def source(row: AuditRow) -> str:
    """Say how it came in: by a page, a program, the bank, or from the system itself."""
    if row.actor_role == "system":
        return "Bank" if row.action in FROM_BANK else "Sistem"
    return {"web": "Web", "api": "API"}.get(row.source or "", "Orang")


def _who(row: AuditRow) -> str:
    if row.actor_role != "system":
        return row.actor_name
    return "BNI" if row.action in FROM_BANK else "Sistem"


def _name(row: AuditRow) -> str:
    for facts in (row.after or {}, row.before or {}):
        for field in ("number", "name", "about_number", "username", "booking_number"):
            if facts.get(field):
                return str(facts[field])
    return ""
