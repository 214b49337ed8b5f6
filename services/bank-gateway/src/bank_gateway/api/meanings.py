"""What the codes of both protocols mean, for a person (Bahasa Indonesia)."""

from bank_gateway.domain.conversation import RECEIVED
from bni_protocol.codes import SUCCESS, Answer, classify
from snap_protocol import codes as snap

ECOLLECTION: dict[str, str] = {
    "000": "Berhasil",
    "001": "Isian belum lengkap atau tidak benar",
    "002": "Alamat IP tidak diizinkan atau Client ID salah",
    "004": "Layanan tidak ditemukan",
    "005": "Layanan tidak dikenal",
    "006": "Nomor VA tidak benar",
    "007": "Nomor tagihan di bank tidak benar",
    "008": "Gangguan teknis di bank",
    "009": "Kesalahan yang tidak terduga di bank",
    "010": "Waktu permintaan habis",
    "011": "Jenis tagihan tidak cocok dengan jumlahnya",
    "012": "Tanggal kedaluwarsa tidak benar",
    "013": "Jumlah rupiah tidak boleh memuat sen",
    "014": "Nomor VA tidak perlu diisi bila nomor tagihan diisi",
    "015": "Tidak berhak",
    "016": "Jenis tagihan tidak benar",
    "017": "Nama pelanggan tidak dapat dipakai",
    "100": "Sudah dibayar",
    "101": "Tidak ditemukan di bank",
    "102": "Nomor VA sedang dipakai",
    "103": "Sudah kedaluwarsa",
    "104": "Nomor tagihan di bank sedang dipakai",
    "105": "Sudah pernah dibuat dengan nomor yang sama",
    "107": "Jumlah tidak dapat diubah",
    "108": "Data tidak ditemukan",
    "110": "Batas transaksi harian tercapai",
    "200": "SMS pembayaran gagal dikirim",
    "201": "SMS pembayaran hanya untuk jumlah tetap",
    "801": "Jenis tagihan tidak didukung untuk Client ID ini",
    "996": "Batas pertanyaan per jam tercapai",
    "997": "Sistem bank sedang tidak tersedia",
    "998": "Kepala permintaan tidak benar",
    "999": "Kesalahan di dalam sistem bank",
}
SNAP: dict[tuple[int, int], str] = {
    (200, 0): "Berhasil",
    (202, 0): "Masih diproses bank",
    (400, 0): "Permintaan tidak benar",
    (400, 1): "Bentuk isian tidak benar",
    (400, 2): "Isian wajib belum ada",
    (401, 0): "Tanda tangan atau kunci tidak diterima",
    (401, 1): "Token tidak berlaku",
    (401, 3): "Token tidak ditemukan",
    (403, 0): "Sudah kedaluwarsa",
    (403, 1): "Fungsi tidak diizinkan",
    (403, 2): "Melebihi batas jumlah",
    (403, 3): "Dicurigai sebagai penipuan",
    (403, 4): "Batas jumlah permintaan tercapai",
    (403, 5): "Tidak disetujui bank",
    (403, 6): "Fungsi belum dapat dipakai saat ini",
    (403, 15): "Transaksi tidak diizinkan",
    (403, 16): "Transaksi ditangguhkan",
    (403, 18): "Rekening tidak aktif",
    (403, 20): "Batas perusahaan tercapai",
    (403, 51): "Sudah pernah dibuat dengan nomor yang sama",
    (403, 53): "Jenis tagihan tidak cocok dengan jumlahnya",
    (403, 54): "Jumlah rupiah tidak boleh memuat sen",
    (403, 55): "Nomor VA sedang dipakai",
    (403, 56): "Jenis tagihan tidak didukung",
    (403, 58): "Mata uang tidak cocok",
    (403, 59): "Jumlah tidak dapat diubah",
    (404, 0): "Status transaksi tidak benar",
    (404, 1): "Transaksi tidak ditemukan",
    (404, 11): "VA tidak dikenal",
    (404, 12): "Tagihan atau VA tidak dikenal",
    (404, 13): "Jumlah tidak cocok",
    (404, 14): "Sudah dibayar",
    (404, 16): "Mitra tidak ditemukan",
    (404, 18): "Permintaan tidak konsisten",
    (404, 19): "Tagihan atau VA tidak berlaku lagi",
    (405, 0): "Fungsi tidak didukung",
    (405, 1): "Tindakan tidak diizinkan",
    (409, 0): "Nomor permintaan sudah dipakai",
    (409, 1): "Sudah pernah dibuat dengan nomor yang sama",
    (429, 0): "Terlalu banyak permintaan",
    (500, 0): "Kesalahan umum di bank",
    (500, 1): "Kesalahan di dalam sistem bank",
    (500, 2): "Kesalahan di sistem luar bank",
    (504, 0): "Waktu habis",
}
_NO_ANSWER = "Bank tidak memberi jawaban yang dapat dipakai"
_UNKNOWN = "Kode yang tidak dikenal"


def meaning(operation: str, status: str) -> str:
    """Say what a status means; in a message of the bank's it is the answer that we gave."""
    if not status:
        return _NO_ANSWER
    if operation in RECEIVED and status == "999":
        return "Tidak diterima, dikarantina"
    if operation in RECEIVED and answer_of(status) is Answer.DONE:
        return "Diterima"
    code = snap.Code.parse(status)
    found = SNAP.get(code.kind) if code else ECOLLECTION.get(status)
    return found or _UNKNOWN


def answer_of(status: str) -> Answer:
    """Sort a status of either protocol; seven digits are SNAP BI's."""
    if status == SUCCESS:
        return Answer.DONE
    return snap.classify(snap.Code.parse(status)) if len(status) == 7 else classify(status)
