"""Money on a billing that we never registered: when a person is asked, and when no more (C5, R2).

It is told of as a message in doubt under the payment's id. Each telling is a new version of the
payment, so that whoever hears them in another order ends with the last one (E5).
"""

from bank_gateway.handlers.events import publish_stranger
from bank_gateway.models import Payment
from bank_gateway.store import payment as payments
from shared.contracts.bank_gateway import NoticeQuarantined, NoticeSettled
from shared.database import Session


async def leave_to_person(
    payment: Payment, contradiction: str, amount_idr: int, session: Session
) -> None:
    """Ask for a person about so much of a billing."""
    left = await payments.leave_to_person(session, payment.id, is_left=True)
    publish_stranger(session, left, NoticeQuarantined, contradiction, amount_idr)


async def need_nobody(payment: Payment, contradiction: str, session: Session) -> None:
    """Take it back where a person was asked: the bank has told by now."""
    if payment.left_to_person:
        free = await payments.leave_to_person(session, payment.id, is_left=False)
        ended = {"outcome": "genuine_came"}
        amount_idr = payment.amount_idr
        publish_stranger(session, free, NoticeSettled, contradiction, amount_idr, **ended)
