"""Messages of the bank that are not believed: a person sees them until the bank settles them."""

from __future__ import annotations

from reconciliation.domain.exception import ExceptionKind, Finding
from reconciliation.handlers.exceptions import close_exception, open_exception
from reconciliation.store import notices
from shared.contracts.bank_gateway import NoticeQuarantined, NoticeSettled
from shared.database import Session
from shared.money import Rupiah

_OUTCOMES = {
    "genuine_came": "Pemberitahuan yang benar sudah datang; pesan ini tidak berlaku.",
    "bank_agrees_with_us": "Catatan bank cocok dengan buku kita; pesan ini tidak berlaku.",
}
_ASKED = "Bank sudah ditanya; selama belum pasti, tidak ada uang yang dicatat dari pesan ini."
_READABLE = "Pesannya dapat dibuka dengan kunci kita dan datang dari alamat bank."


async def doubt_notice(event: NoticeQuarantined, session: Session) -> None:
    """Ask for a person about a message that contradicts (C6) or is of nobody's billing (C5)."""
    if not await notices.is_news(session, event.aggregate_id, event.aggregate_version):
        return
    finding = Finding(
        kind=ExceptionKind.QUARANTINED,
        key=str(event.aggregate_id),
        amount=Rupiah(event.amount_idr),
        evidence=f"{_described(event)} tidak dipercaya. {event.trouble} {_ASKED}",
        supports=(event.trouble,),
        contradicts=(_READABLE,),
        facts={
            "trx_id": event.trx_id,
            "virtual_account": event.virtual_account,
            "contradiction": event.contradiction,
            "first_seen_at": event.first_seen_at.isoformat(),
        },
        customer_id=event.customer_id,
        notice_id=event.aggregate_id,
    )
    await open_exception(session, finding)


async def settle_notice(event: NoticeSettled, session: Session) -> None:
    """Nobody needs to look any more; one that was never seen open is not opened later (E5)."""
    if await notices.is_news(session, event.aggregate_id, event.aggregate_version):
        outcome = _OUTCOMES[event.outcome]
        await close_exception(session, ExceptionKind.QUARANTINED, str(event.aggregate_id), outcome)


def _described(event: NoticeQuarantined) -> str:
    amount = f" {Rupiah(event.amount_idr)}" if event.amount_idr else ""
    number = f" ke VA {event.virtual_account}" if event.virtual_account else ""
    about = f", transaksi {event.trx_id}," if event.trx_id else ""
    return f"Pemberitahuan bank tentang pembayaran{amount}{number}{about}"
