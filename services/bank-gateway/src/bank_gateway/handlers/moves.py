"""The moves of an account, each with its audit row and its event in the same transaction."""

from typing import Any

from bank_gateway.domain.account import VaStatus
from bank_gateway.handlers.events import facts, publish_account, record_account
from bank_gateway.models import VirtualAccount
from bank_gateway.store import account as accounts
from shared.contracts.bank_gateway import VaChanged, VaClosed, VaCreated, VaFailed, VaState
from shared.database import Session
from shared.errors import DomainError

_EVENTS: dict[VaStatus, type[VaState]] = {
    VaStatus.ACTIVE: VaCreated,
    VaStatus.UNKNOWN: VaChanged,
    VaStatus.FAILED: VaFailed,
    VaStatus.PAID: VaClosed,
    VaStatus.EXPIRED: VaClosed,
    VaStatus.CANCELLED: VaClosed,
}


async def to(
    session: Session,
    account: VirtualAccount,
    target: VaStatus,
    trouble: DomainError | None = None,
    **changes: Any,
) -> None:
    """Move an account and tell everybody."""
    before = facts(account)
    text = str(trouble) if trouble else None
    await accounts.move_account(session, account, target, trouble=text, **changes)
    record_account(session, f"virtual_account.{target}", account, before)
    publish_account(session, account, _EVENTS[target])


async def change(session: Session, account: VirtualAccount, **changes: Any) -> None:
    """Change what others know of an account, if it is a change at all."""
    if all(getattr(account, name) == value for name, value in changes.items()):
        return
    before = facts(account)
    await accounts.change_account(session, account, **changes)
    record_account(session, "virtual_account.changed", account, before)
    publish_account(session, account, VaChanged)


async def mark_trouble(session: Session, account: VirtualAccount, trouble: DomainError) -> None:
    """Let people see that the bank does not do what we asked."""
    await change(session, account, trouble=str(trouble))
