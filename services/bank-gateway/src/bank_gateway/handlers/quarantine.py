"""Keeping a message that decodes and is not believed (C6), until something settles it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bank_gateway.domain.notice import Notice, Origin
from bank_gateway.handlers.events import publish_notice
from bank_gateway.models import Call, QuarantinedNotice, WorkKind
from bank_gateway.store import account as accounts
from bank_gateway.store import payment as payments
from bank_gateway.store import work
from shared import audit
from shared.contracts.bank_gateway import NoticeOutcome, NoticeQuarantined, NoticeSettled
from shared.database import Session
from shared.money import LARGEST_IDR

MEMBER_LENGTH_MAX = 300
_MEMBERS_MAX = 40


@dataclass(frozen=True, slots=True)
class Claim:
    """What a message that is not believed is about, as far as it can be read."""

    trx_id: str
    virtual_account: str = ""
    amount_idr: int = 0

    @classmethod
    def of(cls, notice: Notice) -> "Claim":
        return cls(notice.trx_id, notice.virtual_account, notice.amount_idr)


async def quarantine(
    members: Mapping[str, object],
    contradiction: str,
    claim: Claim,
    origin: Origin,
    session: Session,
) -> None:
    """Keep the message, tell of it, and ask the bank what is true about its billing."""
    kept = _bounded(members)
    now = session.clock.now()
    notice = QuarantinedNotice(
        fingerprint=_fingerprint(kept, origin),
        trx_id=storable(claim.trx_id),
        contradiction=contradiction,
        virtual_account=storable(claim.virtual_account),
        amount_idr=min(max(claim.amount_idr, 0), LARGEST_IDR),
        members=kept,
        source=origin.source,
        first_seen_at=now,
        last_seen_at=now,
    )
    if not await payments.is_quarantined(session, notice.fingerprint):
        await _ask_about(notice.trx_id, session)
    if await payments.quarantine(session, notice):
        audit.record(
            session,
            action="payment.quarantined",
            object_type="quarantined_notice",
            object_id=notice.id,
            after={"contradiction": contradiction, "trx_id": notice.trx_id},
        )
        account = await accounts.account_of_trx(session, notice.trx_id)
        publish_notice(session, notice, account, NoticeQuarantined)


async def settle(trx_id: str, outcome: NoticeOutcome, session: Session) -> None:
    """Settle what is in quarantine about a billing, and tell of it."""
    for notice in await payments.reject_quarantined(session, trx_id):
        account = await accounts.account_of_trx(session, notice.trx_id)
        publish_notice(session, notice, account, NoticeSettled, outcome=outcome)


async def _ask_about(trx_id: str, session: Session) -> None:
    """Have the bank asked; first of all, as its answer will settle what is quarantined (K2)."""
    account = await accounts.account_of_trx(session, trx_id)
    if account is not None:
        await work.add(session, WorkKind.WATCH, account.id, Call.INQUIRE)


def storable(value: object) -> str:
    """Make text of bounded length without NUL of a value that the bank sent."""
    text = value if isinstance(value, str) else json.dumps(value)
    clean = text.encode("utf-8", "replace").decode().replace("\x00", "")
    return clean[:MEMBER_LENGTH_MAX]


def _bounded(members: Mapping[str, object]) -> dict[str, Any]:
    """Keep the members a person needs, as text without NUL, each of bounded length."""
    return {storable(name): storable(value) for name, value in list(members.items())[:_MEMBERS_MAX]}


def _fingerprint(members: dict[str, Any], origin: Origin) -> str:
    facts = json.dumps([origin.client_id, members], sort_keys=True)
    return hashlib.sha256(facts.encode()).hexdigest()
