"""What the page behind a paper's QR says: genuine, which day and amount, what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.domain.answers.proofs import Verification
from dashboard.domain.status import UNKNOWN, Mark

KINDS = {
    "invoice": "Tagihan",
    "receipt": "Kwitansi",
    "provisional_receipt": "Bukti bayar sementara",
    "reversal_letter": "Surat pembatalan",
    "customer_recap": "Rekap cicilan",
}
STATES = {
    "draft": Mark("muted", "pencil", "Draf, belum berlaku"),
    "valid": Mark("success", "circle-check", "Berlaku"),
    "partially_paid": Mark("info", "circle-dot-dashed", "Berlaku, sebagian sudah dibayar"),
    "paid": Mark("success", "circle-check", "Berlaku, sudah lunas"),
    "cancelled": Mark("error", "ban", "Dibatalkan, jangan dibayar"),
    "held": Mark("warning", "clock", "Ditahan, pembayaran sedang diperiksa"),
    "reversed": Mark("error", "undo-2", "Dibatalkan, pembayarannya dibalik"),
    "replaced": Mark("muted", "check-check", "Sudah diganti kwitansi"),
}

VOID = frozenset({"draft", "cancelled", "reversed", "replaced"})
"""States in which a genuine paper is worth nothing: its page must not begin with a plain yes."""


@dataclass(frozen=True, slots=True)
class Proven:
    """One genuine paper, as a stranger may know it."""

    paper: Verification
    kind: str
    state: Mark
    outdated: bool
    stands: bool


def proven(paper: Verification) -> Proven | None:
    """Read the answer; None for what is not genuine."""
    if not paper.genuine:
        return None
    return Proven(
        paper,
        KINDS.get(paper.kind or "", "Dokumen"),
        STATES.get(paper.state or "", UNKNOWN),
        outdated=paper.revision != paper.newest_revision,
        stands=paper.state not in VOID,
    )
