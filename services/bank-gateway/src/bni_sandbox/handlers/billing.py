"""Requests of a client, carried out as the bank does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bni_protocol.cipher import Key
from bni_protocol.fields import BillingType, Operation
from bni_protocol.text import TRX_ID_MAX
from bni_sandbox.domain import billing as rules
from bni_sandbox.domain import request
from bni_sandbox.domain.refusal import Refused
from bni_sandbox.domain.request import BillingRequest
from bni_sandbox.models import Billing
from bni_sandbox.store import billing as store
from bni_sandbox.store import records
from shared.database import Session

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Contract:
    """What the bank agreed with its one client."""

    key: Key
    prefix: str
    agreement: request.Agreement
    default_life: timedelta
    inquiries_per_hour: int


async def serve(
    members: Mapping[str, object], contract: Contract, session: Session
) -> dict[str, str | None]:
    """Carry out one decoded request and give the members of the answer.

    Raises:
        Refused: with the bank's status; the caller rolls back.
    """
    kind = request.operation(members)
    if kind is Operation.UPDATE:
        return await update(members, contract, session)
    if kind is Operation.INQUIRE:
        return await inquire(members, contract, session)
    if kind is Operation.DEACTIVATE:
        return await deactivate(members, session)
    return await create(members, contract, session, sms=kind is Operation.CREATE_SMS)


async def create(
    members: Mapping[str, object], contract: Contract, session: Session, *, sms: bool
) -> dict[str, str | None]:
    now = session.clock.now()
    kind, asked = request.creation(members, contract.agreement, sms=sms, now=now)
    return _account_answer(await register(kind, asked, contract, session))


async def register(
    kind: BillingType, asked: BillingRequest, contract: Contract, session: Session
) -> Billing:
    """Open a billing, at the number asked for or at one that the bank chooses."""
    now = session.clock.now()
    if asked.virtual_account:
        rules.check_account(asked.virtual_account, contract.prefix, contract.key.client_id)
    await store.lock_accounts(session)
    if await store.lock_billing(session, asked.trx_id) is not None:
        raise Refused("105")
    number = asked.virtual_account or await _free_account(contract, session)
    await vacate(number, session)
    billing = Billing(
        trx_id=asked.trx_id,
        virtual_account=number,
        billing_type=kind,
        trx_amount_idr=asked.amount_idr,
        customer_name=asked.customer_name,
        customer_email=asked.customer_email,
        customer_phone=asked.customer_phone,
        description=asked.description,
        expires_at=asked.expires_at or now + contract.default_life,
        created_at=now,
        updated_at=now,
    )
    session.add(billing)
    return billing


async def update(
    members: Mapping[str, object], contract: Contract, session: Session
) -> dict[str, str | None]:
    asked = request.change(members, contract.agreement, now=session.clock.now())
    return _account_answer(await overwrite(asked, session))


async def overwrite(asked: BillingRequest, session: Session) -> Billing:
    """Change a billing; what the request leaves out becomes empty."""
    now = session.clock.now()
    billing = await find(session, asked.trx_id)
    billing.status = rules.check_change(
        billing.kind, billing.touch(now), billing.paid_idr, asked.amount_idr
    )
    billing.trx_amount_idr = asked.amount_idr
    billing.customer_name = asked.customer_name
    billing.customer_email = asked.customer_email
    billing.customer_phone = asked.customer_phone
    billing.description = asked.description
    billing.expires_at = asked.expires_at or billing.expires_at
    billing.updated_at = now
    return billing


async def inquire(
    members: Mapping[str, object], contract: Contract, session: Session
) -> dict[str, str | None]:
    trx_id = request.required(members, "trx_id", TRX_ID_MAX)
    await limit_inquiries(contract, session)
    billing = await find(session, trx_id)
    billing.touch(session.clock.now())
    return billing.inquiry(contract.key.client_id)


async def limit_inquiries(contract: Contract, session: Session) -> None:
    asked = await records.inquiries_since(session, session.clock.now() - HOUR)
    if contract.inquiries_per_hour and asked >= contract.inquiries_per_hour:
        raise Refused("996")


async def deactivate(members: Mapping[str, object], session: Session) -> dict[str, str | None]:
    trx_id = request.required(members, "trx_id", TRX_ID_MAX)
    number = request.required(members, "virtual_account", rules.ACCOUNT_DIGITS)
    billing = await find(session, trx_id)
    if billing.virtual_account != number:
        raise Refused("006")
    close(billing, session)
    return _account_answer(billing)


def close(billing: Billing, session: Session) -> None:
    """Let nobody pay a billing any more."""
    rules.check_open(billing.touch(session.clock.now()))
    billing.status = rules.BillingStatus.INACTIVE
    billing.updated_at = session.clock.now()


async def find(session: Session, trx_id: str) -> Billing:
    billing = await store.lock_billing(session, trx_id)
    if billing is None:
        raise Refused("101")
    return billing


async def vacate(number: str, session: Session) -> None:
    """Check that no live billing holds the account; one whose time is over gives it up."""
    holder = await store.active_of_account(session, number)
    if holder is None:
        return
    if holder.touch(session.clock.now()) is rules.BillingStatus.ACTIVE:
        raise Refused("102")
    await session.flush()


async def _free_account(contract: Contract, session: Session) -> str:
    """Choose a number as the bank does; a full minute or day moves on to the next."""
    stems = rules.account_stems(contract.prefix, contract.key.client_id, session.clock.now())
    for stem in stems:
        taken = await store.taken_numbers(session, stem)
        free = (f"{stem}{no:02d}" for no in range(1, 100) if f"{stem}{no:02d}" not in taken)
        number = next(free, None)
        if number is not None:
            return number
    raise Refused("008")


def _account_answer(billing: Billing) -> dict[str, str | None]:
    return {"virtual_account": billing.virtual_account, "trx_id": billing.trx_id}
