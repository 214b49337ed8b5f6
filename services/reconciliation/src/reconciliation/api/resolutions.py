"""Decisions about exceptions over HTTP: each posts to the ledger, and can be undone."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator

from reconciliation.api.exception_views import AloneMost, ExceptionDetail, show_detail
from reconciliation.domain.resolution import Action, Share, Wanted
from reconciliation.handlers import resolving, undoing
from reconciliation.settings import Settings
from shared.money import PositiveIdr, Rupiah
from shared.text import Paragraph, Reason
from shared.web import IfMatch, ServiceRouter, Transaction

router = ServiceRouter()


def _apply_credit(request: Request) -> bool:
    settings: Settings = request.app.state.service.settings
    return settings.apply_credit


ApplyCredit = Annotated[bool, Depends(_apply_credit)]
"""Whether credit pays the next bill by itself."""

_PATH = "/api/v1/exceptions/{exception_id}"
_OF_BILLS = {Action.MATCH, Action.SPLIT}
_OF_A_CUSTOMER = {Action.MATCH, Action.CREDIT, Action.SPLIT}


class InvoiceShare(BaseModel):
    """What one invoice gets; without an amount as much as it needs and the money covers."""

    model_config = ConfigDict(extra="forbid")

    invoice_id: UUID
    amount_idr: PositiveIdr | None = None


class Resolve(BaseModel):
    """What is to be done with the exception.

    ``match`` takes a customer, or one or several of his invoices; ``credit`` a customer. Money
    that has an owner needs none. ``split`` takes invoices of several customers, and as
    ``customer_id`` whose credit the rest becomes, if anything is left. All else needs a reason.
    """

    model_config = ConfigDict(extra="forbid")

    action: Action
    customer_id: UUID | None = None
    invoices: Annotated[list[InvoiceShare], Field(max_length=50)] = []
    reason: Annotated[Paragraph, Field(max_length=500)] = ""

    @model_validator(mode="after")
    def _says_what_its_action_needs(self) -> Self:
        if self.invoices and self.action not in _OF_BILLS:
            raise ValueError("tagihan hanya untuk mencocokkan")
        if self.customer_id and self.action not in _OF_A_CUSTOMER:
            raise ValueError("pelanggan hanya untuk mencocokkan atau titipan")
        if self.action is Action.SPLIT and not self.invoices:
            raise ValueError("sebutkan tagihan yang dibayar")
        if not self.reason and self.action not in _OF_A_CUSTOMER:
            raise ValueError("alasan wajib diisi")
        if len({each.invoice_id for each in self.invoices}) < len(self.invoices):
            raise ValueError("satu tagihan disebut dua kali")
        return self

    @property
    def wanted(self) -> Wanted:
        shares = tuple(
            Share(each.invoice_id, None if each.amount_idr is None else Rupiah(each.amount_idr))
            for each in self.invoices
        )
        return Wanted(self.action, self.reason, self.customer_id, shares)


class Approve(BaseModel):
    """What the second person says, if anything."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Paragraph, Field(max_length=500)] = ""


class Because(BaseModel):
    """Why not, or why not any more."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


@router.post(_PATH + "/resolve")
async def resolve(
    exception_id: UUID,
    body: Resolve,
    version: IfMatch,
    session: Transaction,
    alone_most: AloneMost,
) -> ExceptionDetail:
    """Resolve an exception; what takes money away is a proposal to a second person."""
    found = await resolving.resolve(session, exception_id, version, body.wanted, alone_most)
    return await show_detail(session, found, alone_most)


@router.post(_PATH + "/approve")
async def approve(
    exception_id: UUID,
    body: Approve,
    version: IfMatch,
    session: Transaction,
    *,
    alone_most: AloneMost,
    apply_credit: ApplyCredit,
) -> ExceptionDetail:
    """Agree to a proposal as the second person, and carry it out."""
    found = await resolving.approve(
        session, exception_id, version, body.reason, apply_credit=apply_credit
    )
    return await show_detail(session, found, alone_most)


@router.post(_PATH + "/refuse")
async def refuse(
    exception_id: UUID,
    body: Because,
    version: IfMatch,
    session: Transaction,
    alone_most: AloneMost,
) -> ExceptionDetail:
    """Refuse a proposal; the exception stays open."""
    found = await resolving.refuse(session, exception_id, version, body.reason)
    return await show_detail(session, found, alone_most)


@router.post(_PATH + "/undo")
async def undo(
    exception_id: UUID,
    body: Because,
    version: IfMatch,
    session: Transaction,
    *,
    alone_most: AloneMost,
    apply_credit: ApplyCredit,
) -> ExceptionDetail:
    """Reverse what a decision posted; the exception opens again."""
    found = await undoing.undo(
        session, exception_id, version, body.reason, apply_credit=apply_credit
    )
    return await show_detail(session, found, alone_most)
