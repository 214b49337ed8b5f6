"""Payments as the bank tells of them in SNAP BI: one per billing, signed with a token of ours."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bank_gateway.partner import Tokens
from bank_gateway.vault import Vault
from bni_protocol import moments
from callback_parts import notices
from snap_protocol import replies, signing
from snap_protocol.fields import Identity
from snap_protocol.messages import PAYMENT, PaymentRequest

PATH = PAYMENT.path("/snap", "v1.0")
CLIENT, SECRET, PARTNER = "BNI-BENCH", "kunci-rahasia-untuk-pengukuran-saja", "LUNAS"
VAULT_KEYS = base64.b64encode(b"k" * 32).decode()
"""Every server of a measurement has them: the tokens carry their own proof."""

_TOKENS = Tokens.of(Vault.parse(VAULT_KEYS), timedelta(minutes=15))
_SERVICE_ID = notices.PREFIX + notices.KEY.client_id


def settings() -> dict[str, str]:
    """Give what a door needs to serve SNAP BI as well."""
    key = rsa.generate_private_key(65537, signing.RSA_BITS_MIN).public_key()
    pem = key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return {
        "SNAP_BANK_CLIENT_ID": CLIENT,
        "SNAP_BANK_CLIENT_SECRET": SECRET,
        "SNAP_BANK_PARTNER_ID": PARTNER,
        "SNAP_BANK_PUBLIC_KEY": pem.decode(),
    }


def request(no: int, now: datetime) -> bytes:
    """Write the whole HTTP request that tells of the payment of a billing."""
    amount_idr = 1000 + no
    told = PaymentRequest(
        identity=Identity.of(f"8001{no:012}", _SERVICE_ID),
        request_id=f"BAYAR-{no}",
        trx_id=notices.trx_id(no),
        customer_name=notices.PAYER,
        paid_idr=amount_idr,
        cumulative_idr=amount_idr,
        billed_idr=amount_idr,
        paid_at=now.replace(microsecond=0),
        journal_no=f"{no % 1_000_000:06}",
        reference_no=f"REF-{no:020}",
        advice=False,
    )
    body, timestamp = replies.serialise(told.members()), moments.iso(now)
    given = _TOKENS.issue(CLIENT, now)
    signed = signing.string_to_sign("POST", PATH, body, timestamp, given)
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: lunas.example\r\nUser-Agent: BNI\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"Authorization: Bearer {given}\r\nX-Timestamp: {timestamp}\r\n"
        f"X-Signature: {signing.sign_symmetric(signed, SECRET)}\r\n"
        f"X-Partner-Id: {PARTNER}\r\nX-External-Id: {no:020}\r\nChannel-Id: 95051\r\n\r\n"
    )
    return head.encode() + body
