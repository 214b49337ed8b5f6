"""The twin: the same endpoint as one writes it plainly with FastAPI and SQLModel.

    BANK_GATEWAY_DATABASE_URL=... python -m callback_parts.twin

A pydantic body, a session per request, ORM queries and adds, one commit. It checks what the
bank-gateway checks of a plain notification and writes the same rows with the same tables, cipher,
vault and server; what contradicts is refused and not kept.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network
from typing import Annotated, Literal
from uuid import UUID

import uvloop
from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel, Field, model_validator
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bank_gateway.models import (
    BillingVersion,
    Exchange,
    Payment,
    QuarantinedNotice,
    VirtualAccount,
    Work,
)
from bank_gateway.settings import Settings
from bank_gateway.vault import Vault
from bni_protocol.cipher import Key, Undecodable, decrypt
from callback_parts.notices import PATH
from callback_parts.serving import serve
from shared.contracts.bank_gateway import PaymentReceived
from shared.database import driver_url
from shared.ids import new_id
from shared.principal import Principal
from shared.tables import AuditEntry, OutboxEntry

settings = Settings()
key = Key(settings.client_id, settings.secret_key.get_secret_value())
vault = Vault.parse(settings.vault_keys.get_secret_value())
networks = [ip_network(each) for each in settings.allowed_networks.split(",")]
system = Principal.system("bank-gateway")
engine = create_async_engine(
    driver_url(settings.database_url.get_secret_value()),
    pool_size=32,
    connect_args={"server_settings": {"timezone": "UTC", "lunas.scope": "all"}},
)
app = FastAPI()


class Closed(BaseModel):
    client_id: str
    data: str
    prefix: str = ""


class Told(BaseModel):
    trx_id: str = Field(min_length=1, max_length=30)
    virtual_account: str = Field(pattern=r"^[0-9]{16}$")
    customer_name: str
    trx_amount: str = Field(pattern=r"^[0-9]{1,14}$")
    payment_amount: str = Field(pattern=r"^[0-9]{1,14}$")
    cumulative_payment_amount: str = Field(pattern=r"^[0-9]{1,14}$")
    payment_ntb: str = Field(min_length=1, max_length=20)
    datetime_payment: str
    datetime_payment_iso8601: datetime

    @model_validator(mode="after")
    def _one_time(self) -> Told:
        if self.datetime_payment_iso8601.strftime("%Y-%m-%d %H:%M:%S") != self.datetime_payment:
            raise ValueError("two times")
        return self


class Answer(BaseModel):
    status: Literal["000", "999"]


async def open_session() -> AsyncIterator[AsyncSession]:
    async with AsyncSession(engine, expire_on_commit=False) as session:
        yield session


@app.post(PATH)
async def callback(
    closed: Closed, request: Request, session: Annotated[AsyncSession, Depends(open_session)]
) -> Answer:
    source = ip_address(request.client.host if request.client else "")
    if not any(source in network for network in networks) or closed.client_id != key.client_id:
        return Answer(status="999")
    now = datetime.now(UTC)
    try:
        told = Told.model_validate(decrypt(closed.data, key, int(now.timestamp())))
    except (Undecodable, ValueError):
        return Answer(status="999")
    account = await account_of(told, session)
    if account is None or not await agrees(told, account, session):
        return Answer(status="999")
    if not await is_known(told, session):
        store(told, account, await request.body(), now, session)
        await session.commit()
    return Answer(status="000")


async def account_of(told: Told, session: AsyncSession) -> VirtualAccount | None:
    query = select(VirtualAccount).where(VirtualAccount.trx_id == told.trx_id)
    return (await session.exec(query)).first()


async def agrees(told: Told, account: VirtualAccount, session: AsyncSession) -> bool:
    versions = select(BillingVersion).where(BillingVersion.virtual_account_id == account.id)
    amounts = {each.amount_idr for each in (await session.exec(versions)).all()}
    doubted = select(QuarantinedNotice).where(
        QuarantinedNotice.trx_id == told.trx_id, QuarantinedNotice.state == "quarantined"
    )
    return (
        told.virtual_account == account.account_number
        and int(told.trx_amount) in amounts
        and int(told.payment_amount) == int(told.trx_amount) == int(told.cumulative_payment_amount)
        and account.billing_type == "c"
        and (await session.exec(doubted)).first() is None
    )


async def is_known(told: Told, session: AsyncSession) -> bool:
    past = select(Payment).where(
        Payment.client_id == key.client_id,
        Payment.trx_id == told.trx_id,
        col(Payment.verification) != "disputed",
    )
    return (await session.exec(past)).first() is not None


def store(
    told: Told, account: VirtualAccount, body: bytes, now: datetime, session: AsyncSession
) -> None:
    correlation_id = str(new_id())
    payment = Payment(
        client_id=key.client_id,
        trx_id=told.trx_id,
        virtual_account=told.virtual_account,
        virtual_account_id=account.id,
        invoice_id=account.invoice_id,
        plan_id=account.plan_id,
        customer_id=account.customer_id,
        billed_idr=int(told.trx_amount),
        amount_idr=int(told.payment_amount),
        cumulative_idr=int(told.cumulative_payment_amount),
        payment_ntb=told.payment_ntb,
        payer_name=told.customer_name,
        paid_at=told.datetime_payment_iso8601,
        received_at=now,
    )
    session.add(payment)
    session.add(announcement(payment, now, correlation_id))
    session.add(record(payment, now, correlation_id))
    session.add(
        Work(
            kind="verify", subject_id=payment.id, call="inquire", due_at=now, created_at=now,
            correlation_id=correlation_id,
        )
    )  # fmt: skip
    session.add(
        Exchange(
            at=now, operation="callback", trx_id=told.trx_id, status="000",
            facts={
                "billed_idr": payment.billed_idr, "paid_idr": payment.amount_idr,
                "total_paid_idr": payment.cumulative_idr, "reference": payment.payment_ntb,
            },
            sealed_sent=vault.seal(b""), sealed_received=vault.seal(body),
        )
    )  # fmt: skip


def announcement(payment: Payment, now: datetime, correlation_id: str) -> OutboxEntry:
    event = PaymentReceived(
        aggregate_id=payment.id,
        aggregate_version=1,
        occurred_at=now,
        correlation_id=correlation_id,
        channel="bni_va",
        virtual_account=payment.virtual_account,
        trx_id=payment.trx_id,
        invoice_id=payment.invoice_id,
        customer_id=payment.customer_id,
        amount_idr=payment.amount_idr,
        cumulative_idr=payment.cumulative_idr,
        bank_reference=payment.payment_ntb,
        payer_name=payment.payer_name,
        paid_at=payment.paid_at,
        received_at=payment.received_at,
        verification="unverified",
        plan_id=payment.plan_id,
    )
    return OutboxEntry(
        event_id=event.event_id,
        routing_key=event.routing_key(),
        body=event.model_dump_json(),
        created_at=now,
    )


def record(payment: Payment, now: datetime, correlation_id: str) -> AuditEntry:
    facts: dict[str, str | int | UUID] = {
        "status": payment.status,
        "verification": payment.verification,
        "amount_idr": payment.amount_idr,
        "payment_ntb": payment.payment_ntb,
        "trx_id": payment.trx_id,
    }
    return AuditEntry(
        at=now, actor_id=system.user_id, actor_name=system.name, actor_role=system.role,
        action="payment.received", object_type="payment", object_id=payment.id, after=facts,
        correlation_id=correlation_id,
    )  # fmt: skip


if __name__ == "__main__":
    uvloop.run(serve(app, settings.public_listen, engine.dispose))
