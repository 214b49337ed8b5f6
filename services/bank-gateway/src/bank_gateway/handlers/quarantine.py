"""Keeping a message that decodes and is not believed (C6), until something settles it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bank_gateway.domain.notice import Notice, Origin
from bank_gateway.handlers.events import publish_notice
from bank_gateway.metrics import QUARANTINES
from bank_gateway.models import Call, QuarantinedNotice, VirtualAccount, WorkKind
from bank_gateway.store import account as accounts
from bank_gateway.store import payment as payments
from bank_gateway.store import work
from bni_protocol.fields import is_account
from shared import audit
from shared.contracts.bank_gateway import NoticeQuarantined
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
    paid_at: datetime | None = None

    @classmethod
    def read(cls, trx_id: object, virtual_account: object) -> "Claim":
        """Keep the names that can be read of a message of which a field cannot."""
        number = virtual_account.strip() if isinstance(virtual_account, str) else ""
        return cls(storable(trx_id or ""), number if is_account(number) else "")

    @classmethod
    def of(cls, notice: Notice) -> "Claim":
        return cls(notice.trx_id, notice.virtual_account, notice.amount_idr, notice.paid_at)


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
    account = await _account(claim, session)
    notice = QuarantinedNotice(
        fingerprint=_fingerprint(kept, origin),
        trx_id=storable(claim.trx_id),
        contradiction=contradiction,
        virtual_account=storable(claim.virtual_account),
        virtual_account_id=account.id if account else None,
        amount_idr=min(max(claim.amount_idr, 0), LARGEST_IDR),
        paid_at=claim.paid_at,
        members=kept,
        source=origin.source,
        first_seen_at=now,
        last_seen_at=now,
    )
    if account is not None and not await payments.is_quarantined(session, notice.fingerprint):
        # first of all, as the bank's answer will settle what is quarantined (K2)
        await work.add(session, WorkKind.WATCH, account.id, Call.INQUIRE)
    if await payments.quarantine(session, notice):
        QUARANTINES.labels(contradiction.partition(":")[0]).inc()
        audit.record(
            session,
            action="payment.quarantined",
            object_type="quarantined_notice",
            object_id=notice.id,
            after={"contradiction": contradiction, "trx_id": notice.trx_id},
        )
        publish_notice(session, notice, account, NoticeQuarantined)


async def _account(claim: Claim, session: Session) -> VirtualAccount | None:
    """Find the account of ours that a message is about: damage may have struck either name."""
    account = await accounts.account_of_trx(session, storable(claim.trx_id))
    if account is None and is_account(claim.virtual_account):
        return await accounts.account_of_number(session, claim.virtual_account)
    return account


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
