"""``/api/v1/virtual-accounts``: what is open at the bank, and what it said last."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel

from bank_gateway.domain.account import VaMode, VaStatus
from bank_gateway.domain.trouble import VirtualAccountNotFound
from bank_gateway.handlers import accounts as handlers
from bank_gateway.handlers.terms import Contract
from bank_gateway.settings import Settings
from bank_gateway.store import listing
from bank_gateway.store.listing import Filter, Row
from shared import paging
from shared.database import Session
from shared.paging import Cursor, Limit, Page, Search
from shared.web import ServiceRouter, Transaction

router = ServiceRouter(tags=["virtual-accounts"])
_BASE = "/api/v1/virtual-accounts"
_ONE = _BASE + "/{virtual_account_id}"


class Bill(BaseModel):
    """The bill an account is for."""

    id: UUID
    number: str


class Person(BaseModel):
    """Somebody by name."""

    id: UUID
    name: str


class AtTheBank(BaseModel):
    """What the bank said when it was asked last; ``null`` before the first time."""

    status: str
    paid_idr: int | None
    asked_at: datetime


class AccountView(BaseModel):
    """One virtual account; ``number`` once the bank has given it.

    It serves the one ``invoice``, every bill of ``plan_id`` (mode contract), or every bill of the
    customer that is paid to his own account (mode customer). ``extended_at`` is when the bank last
    agreed to a later end.
    """

    id: UUID
    number: str | None
    status: str
    amount_idr: int
    expires_at: datetime
    extended_at: datetime | None
    trouble: str | None
    holder_name: str
    mode: VaMode
    billing_type: str
    plan_id: UUID | None
    invoice: Bill | None
    customer: Person
    marketing: Person
    bank: AtTheBank | None
    created_at: datetime
    version: int

    @classmethod
    def of(cls, row: Row) -> "AccountView":
        account, invoice, customer = row
        bank = None
        if account.bank_status and account.asked_at:
            bank = AtTheBank(
                status=account.bank_status,
                paid_idr=account.bank_paid_idr,
                asked_at=account.asked_at,
            )
        return cls(
            id=account.id,
            number=account.number,
            status=account.status,
            amount_idr=account.amount_idr,
            expires_at=account.expires_at,
            extended_at=account.extended_at,
            trouble=account.trouble,
            holder_name=account.holder_name,
            mode=VaMode(account.mode),
            billing_type=account.billing_type,
            plan_id=account.plan_id,
            invoice=Bill(id=invoice.id, number=invoice.number) if invoice else None,
            customer=Person(id=customer.id, name=customer.name),
            marketing=Person(id=customer.marketing_id, name=customer.marketing_name),
            bank=bank,
            created_at=account.created_at,
            version=account.version,
        )


def _agreement(request: Request) -> Contract:
    settings: Settings = request.app.state.service.settings
    return settings.contract


Agreement = Annotated[Contract, Depends(_agreement)]
"""What we agreed with the bank; opening an account anew needs it."""


@router.get(_BASE)
async def list_accounts(
    session: Transaction,
    *,
    customer_id: UUID | None = None,
    invoice_id: UUID | None = None,
    status: VaStatus | None = None,
    search: Search = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AccountView]:
    """List virtual accounts, newest first."""
    wanted = Filter(customer_id, invoice_id, status, search)
    rows = await listing.page(session, wanted, _before(cursor), limit + 1)
    more = paging.encode([str(rows[limit - 1][0].id)]) if len(rows) > limit else None
    items = [AccountView.of(row) for row in rows[:limit]]
    total = await listing.count(session, wanted)
    return Page(items=items, next_cursor=more, total=total)


@router.get(_ONE)
async def get_account(virtual_account_id: UUID, session: Transaction) -> AccountView:
    """Show one virtual account."""
    return await _view(virtual_account_id, session)


@router.post(_ONE + "/inquire")
async def inquire(virtual_account_id: UUID, session: Transaction) -> AccountView:
    """Have the bank asked now; its answer shows in ``bank`` within moments."""
    await handlers.ask_bank(virtual_account_id, session)
    return await _view(virtual_account_id, session)


@router.post(_ONE + "/retry")
async def retry(virtual_account_id: UUID, session: Transaction, contract: Agreement) -> AccountView:
    """Open an account anew that failed or ended, and show the one that is opened."""
    opened = await handlers.retry(contract, virtual_account_id, session)
    return await _view(opened, session)


async def _view(account_id: UUID, session: Session) -> AccountView:
    await session.flush()
    row = await listing.find(session, account_id)
    if row is None:
        raise VirtualAccountNotFound
    return AccountView.of(row)


def _before(cursor: str | None) -> UUID | None:
    key = paging.decode(cursor, 1)
    if key is None:
        return None
    try:
        return UUID(str(key[0]))
    except ValueError:
        raise paging.CursorNotValid(field="cursor") from None
