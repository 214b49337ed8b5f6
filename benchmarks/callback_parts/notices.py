"""Notifications as the bank sends them: one per billing, each paid in full."""

from __future__ import annotations

from datetime import datetime

from bni_protocol import envelope
from bni_protocol.cipher import Key
from bni_protocol.fields import Notification
from bni_protocol.moments import WIB

PATH = "/bni/ecollection/callback"
KEY = Key("001", "ea0c88921fb033387e66ef7d1e82ab83")
PREFIX = "8"
PAYER = "MAHMUD SULAIMAN"


def trx_id(no: int) -> str:
    """Name a billing of ``billings.sql``."""
    return f"LNS{no:017}"


def request(no: int, now: datetime) -> bytes:
    """Write the whole HTTP request that tells of the payment of a billing."""
    amount_idr = 1000 + no
    told = Notification(
        trx_id=trx_id(no),
        virtual_account=f"8001{no:012}",
        customer_name=PAYER,
        trx_amount_idr=amount_idr,
        payment_amount_idr=amount_idr,
        cumulative_idr=amount_idr,
        payment_ntb=f"{no:06}",
        paid_at=now.astimezone(WIB).replace(microsecond=0),
    )
    body = envelope.seal(told.members(), KEY, int(now.timestamp()), PREFIX)
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: lunas.example\r\nUser-Agent: BNI\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
