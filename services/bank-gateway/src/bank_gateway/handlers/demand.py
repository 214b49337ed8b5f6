"""What bills ask of their account: opened before the first, kept right, closed after the last."""

from bank_gateway.domain import account as rules
from bank_gateway.domain.account import BILLING_TYPES, Terms, VaMode, VaStatus
from bank_gateway.handlers.events import record_account
from bank_gateway.handlers.terms import Contract
from bank_gateway.models import BillingVersion, Call, Customer, Invoice, VirtualAccount, WorkKind
from bank_gateway.store import account as accounts
from bank_gateway.store import payment as payments
from bank_gateway.store import work
from shared.database import Session
from shared.ids import new_id

_PURPOSES = {
    VaMode.CONTRACT: "Pembayaran angsuran kontrak",
    VaMode.CUSTOMER: "Pembayaran tagihan pelanggan",
}


async def open_account(
    contract: Contract,
    invoice: Invoice,
    customer: Customer,
    session: Session,
    after: VirtualAccount | None = None,
) -> VirtualAccount:
    """Register a new billing, durably, BEFORE anybody calls the bank (I).

    Its version continues that of the account it replaces, so that copies kept by others never
    go back.
    """
    now, mode = session.clock.now(), invoice.mode
    terms = await _terms(contract, invoice, None, session)
    account_id = new_id()
    account = VirtualAccount(
        id=account_id,
        mode=mode,
        invoice_id=invoice.id if mode is VaMode.INVOICE else None,
        plan_id=invoice.plan_id if mode is VaMode.CONTRACT else None,
        customer_id=customer.id,
        trx_id=rules.trx_id(account_id),
        account_number=await _number(contract, mode, after, session),
        billing_type=BILLING_TYPES[mode],
        holder_name=customer.name,
        amount_idr=terms.amount_idr,
        expires_at=terms.expires_at,
        version=after.version + 1 if after else 1,
        created_at=now,
        updated_at=now,
    )
    session.add(account)
    await session.flush()
    register(account, terms, 1, session)
    record_account(session, "virtual_account.requested", account)
    await work.add(session, WorkKind.OPEN, account.id, Call.CREATE)
    return account


async def adjust(
    contract: Contract, account: VirtualAccount, invoice: Invoice, due_moved: bool, session: Session
) -> None:
    """Bring an open account in line with its bills; the workers talk to the bank.

    A customer's own account asks for no amount and outlives every bill.
    """
    if account.mode == VaMode.CUSTOMER:
        return
    newest = await accounts.newest_version(session, account.id)
    paid_idr = await payments.known_total_idr(session, account.trx_id)
    open_idr = await accounts.open_idr(session, invoice)
    if not open_idr:
        if not rules.closes_by_itself(account.kind, newest.amount_idr, paid_idr):
            await _close(account, session)
        return
    account.wanted_closed = False
    terms = await _terms(contract, invoice, account, session)
    if newest.amount_idr == terms.amount_idr and not due_moved:
        return
    register(account, terms, newest.no + 1, session)
    if account.status == VaStatus.ACTIVE:
        await work.add(session, WorkKind.UPDATE, account.id, Call.UPDATE)


async def description(account: VirtualAccount, session: Session) -> str:
    """Say what the money is for; the bank shows it to the payer."""
    if account.mode != VaMode.INVOICE:
        return _PURPOSES[VaMode(account.mode)]
    bill = await accounts.newest_bill(session, account)
    return bill.number if bill else ""


def register(account: VirtualAccount, terms: Terms, no: int, session: Session) -> None:
    """Keep terms before the bank hears of them; a notification may name any of them (C4)."""
    session.add(
        BillingVersion(
            virtual_account_id=account.id,
            no=no,
            amount_idr=terms.amount_idr,
            expires_at=terms.expires_at,
            registered_at=session.clock.now(),
        )
    )


async def _terms(
    contract: Contract, invoice: Invoice, account: VirtualAccount | None, session: Session
) -> Terms:
    """Say what a bill asks of its account: all that is open, or nothing in particular.

    The bank counts the amount of a contract from the billing's first rupiah, so what was paid to
    the same billing is added to what is open. An end once reached is not taken back: the account
    may have been renewed.
    """
    now = session.clock.now()
    if invoice.mode is VaMode.CUSTOMER:
        return Terms(0, contract.permanent_until(now))
    open_idr = await accounts.open_idr(session, invoice)
    last_due_on = await accounts.last_due_on(session, invoice)
    if account is not None and invoice.mode is VaMode.CONTRACT:
        paid_idr = await payments.known_total_idr(session, account.trx_id)
        reached = (await accounts.newest_version(session, account.id)).expires_at
        return Terms(paid_idr + open_idr, max(contract.expiry(last_due_on, now), reached))
    return Terms(open_idr, contract.expiry(last_due_on, now))


async def _number(
    contract: Contract, mode: VaMode, after: VirtualAccount | None, session: Session
) -> str:
    """Choose the number to propose; contracts and customers keep theirs for good.

    The bank lets a number go on under a new billing once the old one is over.
    """
    if after is not None and mode is not VaMode.INVOICE:
        return after.account_number
    return contract.number(await accounts.next_account_no(session))


async def _close(account: VirtualAccount, session: Session) -> None:
    """Want the account closed; one that is still being opened is closed right after."""
    account.wanted_closed = True
    if account.status == VaStatus.ACTIVE:
        await work.add(session, WorkKind.DEACTIVATE, account.id, Call.DEACTIVATE)
